//! Calls that nobody makes, work of a case that the money ended, and contacts that were entered by hand. The same on both
//! databases.

use dunlin::use_cases::approve_letter::{drop_task, finish_task};
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::keep_contacts::{PersonForm, add_contact};
use dunlin::use_cases::mark_party::note_objection_of;
use dunlin::use_cases::match_payments::{confirm_match, set_payment_aside, undo_match};
use dunlin::use_cases::publish_playbook::{Running, Wanted, publish_playbook};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::standing_facts::{Found, add_hold};
use dunlin::use_cases::suppress::{SuppressionForm, suppress};
use dunlin::use_cases::turn_case::{EarlierStep, enter_earlier_step, take_back_earlier_step};
use dunlin::use_cases::write_letter::call_script;
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::case::{LetterState, StepEnd};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::party::Language;
use dunlin_core::plan::TaskKind;
use dunlin_core::receivable::share::Asked;
use dunlin_core::suppression::SuppressionReason;
use dunlin_store::Scope;
use dunlin_store::pages::desk::TaskRow;
use dunlin_store::pages::keyset::{After, ListedTask};

use crate::site::Site;
use crate::world::{HEADER, World, as_person, at, mt940, worlds};

const SHIPPED: &str = include_str!("../../../../playbooks/b5_open_account.toml");

/// A buyer in Milan, 13 days late, whom the first reminder calls.
async fn called(world: &mut World) -> Found {
    let found = under(world, "channels = [\"email\", \"phone\"]", "channels = [\"phone\"]").await;
    let person = PersonForm {
        name: "Anna Rossi".to_string(),
        role: "finance".to_string(),
        phone: "+39 02 5550 1234".to_string(),
        ..PersonForm::default()
    };
    add_contact(&as_person(&world.house, "Lin"), found.party_id, &person).await.expect("added");
    run(world).await;
    found
}

/// The same buyer, under a ladder whose first reminder has another line.
async fn under(world: &mut World, line: &str, other: &str) -> Found {
    let row = "QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"12,430.00\",OA 30 days,2026-01-10,INV-2026-001,2026-01-20\n";
    world.import("orders.csv", &format!("{HEADER}{row}")).await;
    let place = SHIPPED.find("id = \"first_reminder\"").expect("the step");
    let (before, first) = SHIPPED.split_at(place);
    let first = first.replacen(line, other, 1);
    let text = format!("{before}{first}");
    let wanted = Wanted { id: "b5_open_account", text: &text, note: "our own way", running: Running::Keep, seen: None };
    publish_playbook(&as_person(&world.house, "Lin"), &wanted).await.expect("publishes");
    world.refresh().await;
    world.house = world.house.clone().with_published().await.expect("reads");
    world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known").into()
}

async fn run(world: &World) {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0, "the audit agrees");
}

async fn facts(world: &World, found: &Found) -> DebtorFacts {
    let house = &world.house;
    let all = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await.expect("facts");
    all.into_iter().next().expect("the debtor")
}

/// The task of this number, and how it stands.
async fn task(world: &World, number: i64) -> ListedTask {
    let (house, first) = (&world.house, After { key: 0, limit: 1 });
    let rows = house.store.tasks_after(house.tenant.id, &house.sight, Some(number), None, &first).await.expect("reads");
    rows.into_iter().next().expect("the task")
}

#[tokio::test]
async fn a_call_that_nobody_makes_lapses_twice_and_then_a_person_decides() {
    for mut world in worlds("calls_lapse").await {
        let found = called(&mut world).await;
        assert_eq!((task(&world, 1).await.kind, task(&world, 1).await.outcome), (TaskKind::Call, None));
        for (day, lapsed) in [("2026-03-12", 1), ("2026-03-23", 2)] {
            world.set_clock(&format!("{day}T09:00:00Z"));
            run(&world).await;
            assert_eq!(task(&world, lapsed).await.outcome.as_deref(), Some("lapsed"), "{day}");
            let facts = facts(&world, &found).await;
            let steps = &facts.receivables[0].case.as_ref().expect("a case").steps;
            let undone = steps.iter().filter(|step| step.voided && step.end == Some(StepEnd::NotCalled)).count();
            assert_eq!(undone as i64, lapsed, "{day}");
            assert!(facts.contacts_made.iter().all(|made| !made.is_done), "it was no contact");
        }
        assert_eq!(task(&world, 3).await.kind, TaskKind::DecideCall);
        world.set_clock("2026-04-03T09:00:00Z");
        run(&world).await;
        assert_eq!(task(&world, 3).await.outcome, None, "that question does not lapse");
        assert!(!drop_task(&world.house, 3, "no number").await.expect("passed over"));
        let after = facts(&world, &found).await;
        let last = after.receivables[0].case.as_ref().expect("a case").steps.last().cloned().expect("a step");
        assert!(!last.voided && !last.was_done() && last.end == Some(StepEnd::NotCalled));
    }
}

#[tokio::test]
async fn a_call_that_is_made_counts_and_one_that_is_dropped_does_not() {
    for made in [true, false] {
        for mut world in worlds(&format!("calls_made_{made}")).await {
            let found = called(&mut world).await;
            if made {
                finish_task(&world.house, 1, "they pay on Friday").await.expect("done");
            } else {
                assert!(!drop_task(&world.house, 1, "no time").await.expect("dropped"));
            }
            let facts = facts(&world, &found).await;
            let case = facts.receivables[0].case.as_ref().expect("a case");
            assert_eq!(facts.contacts_made.iter().filter(|contact| contact.is_done).count(), usize::from(made));
            assert_eq!(case.steps[0].was_done(), made);
        }
    }
}

#[tokio::test]
async fn work_that_a_payment_made_pointless_is_there_again_when_the_money_goes_back() {
    for mut world in worlds("work_reopened").await {
        let found = called(&mut world).await;
        let statement = mt940("260304", "12430,00", "ROSSI OUTDOOR SRL", "INV-2026-001");
        import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        run(&world).await;
        assert_eq!(task(&world, 1).await.outcome.as_deref(), Some("dropped"));
        let paid = facts(&world, &found).await;
        assert!(paid.receivables[0].case.as_ref().expect("a case").steps.iter().all(|step| step.voided));
        undo_match(&world.house, 1).await.expect("undone");
        set_payment_aside(&world.house, 1).await.expect("set aside");
        run(&world).await;
        assert_eq!((task(&world, 2).await.kind, task(&world, 2).await.outcome), (TaskKind::Call, None));
    }
}

#[tokio::test]
async fn what_was_entered_as_done_before_is_a_contact_of_its_day() {
    for world in worlds("entered_contacts").await {
        let row = "QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"12,430.00\",OA 30 days,2026-01-10,INV-2026-001,2026-01-20\n";
        world.import("orders.csv", &format!("{HEADER}{row}")).await;
        let found: Found =
            world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known").into();
        let on = "2026-02-27".parse().expect("a day");
        let earlier = EarlierStep { step: "first_reminder", on, words: "by telephone" };
        let id = enter_earlier_step(&world.house, &found, &earlier).await.expect("entered");
        let entered = facts(&world, &found).await.contacts_made;
        assert_eq!(entered.len(), 1);
        assert_eq!((entered[0].at, entered[0].is_done), (at("2026-02-27T04:00:00Z"), true), "noon in Shanghai");
        take_back_earlier_step(&world.house, &found, id).await.expect("taken back");
        assert!(facts(&world, &found).await.contacts_made.is_empty());
    }
}

#[tokio::test]
async fn a_letter_that_waited_longer_than_its_step_lasts_is_cancelled_and_says_why() {
    for mut world in worlds("outlived").await {
        let until = "autonomy = \"always_reviewed\"\nuntil = \"due + 14 days\"";
        let found = under(&mut world, "autonomy = \"automatic\"", until).await;
        run(&world).await;
        let letter = async || world.house.store.letter_by_number(world.house.tenant.id, 1).await.expect("a letter");
        assert_eq!(letter().await.state, LetterState::Review);
        // Nobody said yes in time.
        let mut later = world.house.clone();
        later.clock = dunlin::house::Clock::Fixed(at("2026-03-06T09:00:00Z"));
        run_decisions(&later, RunOptions::default()).await.expect("runs");
        let outlived = letter().await;
        let codes: Vec<&str> = outlived.reasons.iter().map(|reason| reason.code.code()).collect();
        assert_eq!(outlived.state, LetterState::Cancelled);
        assert!(codes.contains(&"cancelled.too_late"), "{codes:?}");
        let now = later.store.facts(later.tenant.id, Scope::One(found.party_id), later.now()).await.expect("facts");
        assert!(now[0].receivables[0].case.as_ref().expect("a case").steps.iter().all(|step| step.voided));
    }
}

async fn calls(world: &World, found: &Found) -> Vec<TaskRow> {
    let tasks = world.house.store.open_tasks_of(world.house.tenant.id, found.party_id).await.expect("reads");
    tasks.into_iter().filter(|task| task.kind == TaskKind::Call).collect()
}

/// The call left the desk, and nobody was warned by it.
async fn is_withdrawn(world: &World, found: &Found, cause: &str) {
    assert_eq!(task(world, 1).await.outcome.as_deref(), Some("dropped"), "{cause}");
    let known = facts(world, found).await;
    let case = known.receivables[0].case.as_ref().expect("a case");
    assert!(!case.steps.is_empty() && case.steps.iter().all(|step| step.voided), "{cause}");
    assert!(known.contacts_made.iter().all(|made| !made.is_done), "{cause}");
}

#[tokio::test]
async fn a_call_that_may_not_be_made_any_more_leaves_the_desk() {
    for cause in ["objection", "suppression", "hold"] {
        for mut world in worlds(&format!("call_{cause}")).await {
            let found = called(&mut world).await;
            assert_eq!(calls(&world, &found).await.len(), 1, "{cause}");
            let house = as_person(&world.house, "Lin");
            match cause {
                "objection" => {
                    for contact in facts(&world, &found).await.contacts {
                        note_objection_of(&house, found.party_id, contact.id, true).await.expect("noted");
                    }
                }
                "suppression" => {
                    let form = SuppressionForm {
                        kind: None,
                        address: "0039 02 55501234".to_string(),
                        reason: SuppressionReason::Legal,
                        evidence: "court order 7".to_string(),
                        until: None,
                    };
                    suppress(&house, &form).await.expect("listed");
                }
                _ => {
                    let until = "2026-03-20".parse().expect("a day");
                    add_hold(&house, found.party_id, None, until, "a visit").await.expect("held");
                }
            }
            is_withdrawn(&world, &found, cause).await;
            run(&world).await;
            assert!(calls(&world, &found).await.is_empty(), "{cause}: nobody is asked to call");
        }
    }
}

/// Where the whole amount is named, it is as that of which a part is still open.
fn asks_no_more(text: &str) -> bool {
    let mut before: Vec<&str> = text.split("12,430.00").collect();
    before.pop();
    let is_currency = |char: char| char.is_ascii_uppercase() || char.is_whitespace() || char == '$';
    before.iter().all(|text| text.trim_end_matches(is_currency).ends_with("the part of"))
}

#[tokio::test]
async fn a_call_names_no_more_than_what_a_payment_left_open() {
    for mut world in worlds("call_part_paid").await {
        let found = called(&mut world).await;
        let statement = mt940("260304", "2430,00", "ROSSI OUTDOOR SRL", "INV-2026-001");
        import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        if !facts(&world, &found).await.receivables[0].outstanding().is_ok_and(|open| open.minor == 1_000_000) {
            confirm_match(&world.house, 1, &found, Asked::default()).await.expect("placed");
        }
        is_withdrawn(&world, &found, "payment").await;
        world.set_clock("2026-03-06T09:00:00Z");
        run(&world).await;
        let waiting = calls(&world, &found).await;
        assert_eq!(
            waiting.iter().map(|task| task.pressed.map(|asked| asked.minor)).collect::<Vec<_>>(),
            [Some(1_000_000)]
        );
        let known = facts(&world, &found).await;
        let script = call_script(&world.house, &waiting[0], &known, Language::En).expect("written").expect("a script");
        assert!(script.0.contains("10,000.00") && !script.0.contains("12,430.00"), "{script:?}");
        assert!(script.1.contains("10,000.00") && asks_no_more(&script.1), "{script:?}");
        let site = Site::open(&world).await;
        let page = site.enter(&world, Role::Owner).await.get("/today?lang=en").await;
        assert!(page.contains("10,000.00") && asks_no_more(&page), "{page}");
    }
}

#[tokio::test]
async fn a_call_rests_while_it_is_night_at_the_buyer_s_and_comes_back_by_itself() {
    for mut world in worlds("calls_rest").await {
        called(&mut world).await;
        assert!(is_on_desk(&world).await);
        world.set_clock("2026-03-04T21:00:00Z");
        run(&world).await;
        assert!(!is_on_desk(&world).await, "nobody is called at ten in the evening");
        let resting = task(&world, 1).await;
        assert!(resting.settled_at.is_none() && resting.not_before > world.house.now());
        assert!(says_why(&resting), "{:?}", resting.reasons);
        let site = Site::open(&world).await;
        let page = site.enter(&world, Role::Owner).await.get("/debtors/D-0001").await;
        assert!(page.contains("Not now"), "{page}");
        world.set_clock("2026-03-05T10:00:00Z");
        run(&world).await;
        assert!(is_on_desk(&world).await && !says_why(&task(&world, 1).await), "it is back");
    }
}

async fn is_on_desk(world: &World) -> bool {
    let house = &world.house;
    let open = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
    open.iter().any(|task| task.number == 1)
}

fn says_why(task: &ListedTask) -> bool {
    task.reasons.iter().any(|reason| reason.code.code() == "contact.call_outside_hours")
}
