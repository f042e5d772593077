//! The invariants as properties: whatever has happened to a debtor, the audit passes what was decided, the same decision
//! comes again from the same facts, nothing more comes of looking twice, and what the plan asks for is free to be asked
//! for. The debtors are those of the storm, at whatever day of their history.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use dunlin_core::audit::{Rules, audit};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::case::{Case, CaseState, LetterState};
use dunlin_core::decide::askable::askable;
use dunlin_core::decide::{self, decide};
use dunlin_core::letter::Purpose;
use dunlin_core::lookahead::apply;
use dunlin_core::plan::{LetterItem, Plan, Review, TaskKind};
use dunlin_core::playbook::{Playbooks, parse};
use dunlin_core::receivable::ledger::outstanding;
use dunlin_core::storm::{Happening, Part, People, Script, What, World};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn playbooks() -> &'static Playbooks {
    static READ: OnceLock<Playbooks> = OnceLock::new();
    READ.get_or_init(|| {
        let core = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for folder in [core.join("../../playbooks"), core.join("tests/scenarios/playbooks")] {
            files.extend(std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()));
        }
        files.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
        files.sort();
        let read = |path| parse::parse("", &std::fs::read_to_string(path).expect("a text")).expect("a sound playbook");
        Playbooks::new(files.iter().map(|path| Arc::new(read(path))).collect(), Vec::new())
    })
}

/// A debtor after so many happenings, and some hours later.
fn somebody(seed: u64, happenings: usize, hours: i64) -> (World<'static>, Timestamp) {
    let mut script = Script::of(seed, 1, playbooks());
    script.happenings.retain(|one| !matches!(one.what, What::Restored { .. } | What::Outage { .. }));
    script.happenings.truncate(happenings);
    let last = script.happenings.last().map_or(script.from, |one| one.at);
    let mut world = World::new(script.facts, script.tenant, playbooks(), People::of(seed), script.from);
    for happening in &script.happenings {
        world.happen(happening).expect("a storm that breaks nothing");
    }
    // The letters that wait are left where they are.
    (world, last + SignedDuration::from_hours(hours))
}

fn decided(world: &World<'_>, now: Timestamp) -> Plan {
    let sight = decide::World::new(&world.tenant, playbooks(), Countries::shipped(), now);
    decide(&world.facts, &sight).expect("sums that fit")
}

fn passes(plan: &Plan, world: &World<'_>) -> Result<(), TestCaseError> {
    let rules = Rules { tenant: &world.tenant, playbooks: playbooks(), countries: Countries::shipped() };
    prop_assert_eq!(audit(plan, &world.facts, &rules), Ok(()));
    Ok(())
}

proptest! {
    // The same debtors every time; other ones are for `cargo xtask storm`.
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// Invariants 1 and 3: what is asked for is open, and no dispute over all of it runs, no hold, no blacklist.
    #[test]
    fn what_a_plan_asks_for_is_free_to_be_asked_for(seed in any::<u64>(), happenings in 0_usize..60, hours in 0_i64..900) {
        let (world, now) = somebody(seed, happenings, hours);
        let plan = decided(&world, now);
        passes(&plan, &world)?;
        let today = world.tenant.time_zone.to_datetime(now).date();
        for letter in &plan.letters {
            let sum: i64 = letter.items.iter().map(|item| item.pressed.minor).sum();
            prop_assert_eq!(sum > 0, letter.purpose.asks_for_money() || sum > 0);
            for item in &letter.items {
                let known = world.facts.receivables.iter().find(|one| one.receivable.id == item.receivable_id);
                let known = known.expect("a debt of this debtor");
                let open = outstanding(known.receivable.amount, &known.entries).expect("a sum");
                prop_assert!(item.outstanding == open && item.pressed.minor <= open.minor);
                let about = |id: Option<dunlin_core::ids::ReceivableId>| id.is_none_or(|id| id == known.receivable.id);
                prop_assert!(!world.facts.party.blacklisted);
                prop_assert!(!world.facts.holds.iter().any(|h| !h.released && h.until >= today && about(h.receivable_id)));
                if item.pressed.minor > 0 {
                    let whole = |d: &dunlin_core::gate_facts::Dispute| !d.resolved && d.amount.is_none();
                    let id = known.receivable.id;
                    prop_assert!(!world.facts.disputes.iter().any(|d| d.receivable_id == id && whole(d)));
                    prop_assert!(world.facts.unmatched.is_empty());
                }
            }
        }
    }

    /// A6: a statement that goes along with a letter asks for what the letter asks for, and nowhere for more than is open.
    #[test]
    fn a_statement_may_ask_for_what_the_letters_ask_for(seed in any::<u64>(), happenings in 0_usize..60, hours in 0_i64..900) {
        let (world, now) = somebody(seed, happenings, hours);
        let free = askable(&world.facts, &world.tenant, now).expect("sums that fit");
        prop_assert_eq!(free.len(), world.facts.receivables.len());
        for (one, free) in world.facts.receivables.iter().zip(&free) {
            let open = outstanding(one.receivable.amount, &one.entries).expect("a sum");
            prop_assert!(free.amount.minor >= 0 && free.amount.minor <= open.minor, "{:?}", free);
            prop_assert!(free.rests.is_none() || free.amount.minor == 0, "{:?}", free);
        }
        let plan = decided(&world, now);
        for letter in plan.letters.iter().filter(|letter| letter.purpose.asks_for_money()) {
            for item in &letter.items {
                let nth = world.facts.receivables.iter().position(|one| one.receivable.id == item.receivable_id);
                prop_assert_eq!(item.pressed, free[nth.expect("a debt of this debtor")].amount);
            }
        }
    }

    /// Invariant 2: the same facts give the same plan, and what is taken up is not found again at the same moment.
    #[test]
    fn a_decision_is_repeatable_and_looking_twice_finds_nothing_more(
        seed in any::<u64>(), happenings in 0_usize..60, hours in 0_i64..900,
    ) {
        let (mut world, now) = somebody(seed, happenings, hours);
        let plan = decided(&world, now);
        prop_assert_eq!(&plan, &decided(&world, now));
        let mut ids = 1_u128 << 100;
        apply::take_up(&mut world.facts, &plan, &mut ids);
        let again = decided(&world, now);
        passes(&again, &world)?;
        let taken: BTreeSet<_> = steps(&plan).into_iter().collect();
        prop_assert!(steps(&again).iter().all(|step| !taken.contains(step)), "{:?}", again);
        let ours = plan.tasks.iter().any(|task| task.kind == TaskKind::Do);
        prop_assert!(ours || again.letters.is_empty(), "{:?}", again.letters);
    }

    /// Invariant 4: one pressing contact at most, and never a level further than the next.
    #[test]
    fn one_contact_at_a_time_and_one_level_at_a_time(seed in any::<u64>(), happenings in 0_usize..60, hours in 0_i64..9000) {
        let (world, now) = somebody(seed, happenings, hours);
        let plan = decided(&world, now);
        // What goes beside a letter is the same contact.
        let contacts = plan.letters.iter().filter(|letter| letter.send == 0);
        let pressing = contacts.filter(|letter| letter.purpose.asks_for_money()).count();
        prop_assert!(pressing <= 1);
        passes(&plan, &world)?;
        for letter in plan.letters.iter().filter(|letter| letter.purpose.asks_for_money()) {
            let to = world.facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
            prop_assert!(to.is_some_and(|contact| !contact.objected), "{:?}", letter);
            prop_assert!(letter.send_at >= now);
        }
        for item in plan.letters.iter().flat_map(|letter| &letter.items) {
            let mut cases = world.facts.receivables.iter().filter_map(|one| one.case.as_ref());
            let case = cases.find(|case| case.id == item.case_id).expect("a case");
            let reached = case.steps.iter().filter(|step| !step.voided).map(|step| step.level).max().unwrap_or(0);
            let old = case.entry == dunlin_core::case::Entry::Contextual;
            prop_assert!(item.level <= reached + 1 || old);
        }
    }

    /// Invariant 5: what is severe waits for a named person, and a plan that would let it go by itself is refused.
    #[test]
    fn nothing_severe_leaves_without_a_person(seed in any::<u64>(), happenings in 0_usize..60, hours in 0_i64..9000) {
        let (mut world, now) = somebody(seed, happenings, hours);
        let plan = decided(&world, now);
        passes(&plan, &world)?;
        for (nth, letter) in plan.letters.iter().enumerate() {
            let severe = letter.items.iter().any(|item| is_severe(&plan, item));
            prop_assert!(severe || letter.purpose != Purpose::Formal, "{:?}", letter);
            if !severe {
                continue;
            }
            prop_assert!(letter.review.is_severe(), "{:?}", letter);
            for review in [Review::Automatic, Review::Look] {
                let mut spoiled = plan.clone();
                spoiled.letters[nth].review = review;
                let rules =
                    Rules { tenant: &world.tenant, playbooks: playbooks(), countries: Countries::shipped() };
                let refused = audit(&spoiled, &world.facts, &rules);
                prop_assert!(refused.as_ref().is_err_and(|refusal| refusal.invariant == 5), "{:?}", refused);
            }
        }
        // Taken up, it lies in review until somebody says yes.
        let mut ids = 1_u128 << 100;
        for one in apply::take_up(&mut world.facts, &plan, &mut ids) {
            let apply::UnderWay::Letter(leaving) = one else { continue };
            if leaving.review.is_severe() {
                let waits = |case: &Case| case.letter.is_some_and(|letter| letter.state == LetterState::Review);
                let case = |item: &LetterItem| {
                    world.facts.receivables.iter().filter_map(|one| one.case.as_ref()).find(|case| case.id == item.case_id)
                };
                prop_assert!(leaving.letter.items.iter().all(|item| case(item).is_some_and(waits)));
            }
        }
    }

    /// A11: payment silences, whatever was going on.
    #[test]
    fn payment_silences(seed in any::<u64>(), happenings in 1_usize..60, hours in 0_i64..900) {
        let (mut world, now) = somebody(seed, happenings, hours);
        let mut at = now;
        for debt in 0..world.facts.receivables.len() {
            let paid = Happening { at, what: What::Pays { debt, part: Part::All } };
            world.happen(&paid).expect("a storm that breaks nothing");
            at += SignedDuration::from_mins(1);
        }
        let plan = decided(&world, at);
        passes(&plan, &world)?;
        prop_assert!(plan.letters.iter().all(|letter| letter.items.iter().all(|item| item.pressed.minor == 0)));
        let live = |case: &dunlin_core::plan::CasePlan| case.state == CaseState::Running && case.outstanding.minor == 0;
        prop_assert!(!plan.cases.iter().any(live));
    }
}

/// Whether the step that a letter stands for needs an approval, as the playbook of its case says.
fn is_severe(plan: &Plan, item: &LetterItem) -> bool {
    let planned = plan.cases.iter().find(|case| case.case_id == item.case_id);
    let playbook = planned.and_then(|case| playbooks().by_reference(case.playbook.as_ref()?));
    playbook.and_then(|playbook| playbook.step(&item.step)).is_some_and(|step| step.autonomy.is_severe())
}

fn steps(plan: &Plan) -> Vec<(u128, String, i32)> {
    let items = plan.letters.iter().flat_map(|letter| &letter.items);
    let letters = items.map(|item| (item.case_id.0, item.step.to_string(), item.round));
    let tasks =
        plan.tasks.iter().filter_map(|task| Some((task.case_id.0, task.step.as_ref()?.to_string(), task.round)));
    letters.chain(tasks).collect()
}
