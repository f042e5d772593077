//! The audit has teeth: from plans that it passes, each spoiled in one way, every one refused by the invariant that it
//! breaks. The numbers are those of ARCHITECTURE.md; the words keep one rule from standing in for another.

use crate::support::{FINANCE, OWNER, Setup, at, day, money, playbooks};
use dunlin_core::audit::Breach;
use dunlin_core::audit::departure::{WaitingLetter, check_departure, inside_hours, not_too_soon};
use dunlin_core::case::{CaseState, LetterState, OpenLetter, PlaybookRef};
use dunlin_core::facts::StatementAge;
use dunlin_core::gate_facts::PromiseState;
use dunlin_core::ids::{CaseId, ContactId, LetterId, PartyId, ReceivableId};
use dunlin_core::letter::Purpose;
use dunlin_core::party::{Channel, ContactRole, Ways};
use dunlin_core::plan::{Plan, Review};
use dunlin_core::playbook::Window;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use jiff::{Timestamp, ToSpan};

/// A name, what is spoiled, the invariant that says no, and words of its refusal.
type Spoiled = (&'static str, fn(&mut Plan, &mut Setup), u8, &'static str);

/// Mondays, ten in the morning in Italy.
const MONDAY: &str = "2026-03-09T09:00:00Z";

fn open_account(setup: &mut Setup, amount: &str) -> usize {
    setup.owes(amount, Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")))
}

fn planned(setup: Setup, now: &str) -> (Plan, Setup) {
    let plan = setup.decide(at(now));
    (plan, setup)
}

/// A first reminder by email to finance over USD 1000.00.
fn reminder() -> (Plan, Setup) {
    let mut setup = Setup::company();
    open_account(&mut setup, "USD 1000.00");
    planned(setup, MONDAY)
}

/// The same for two receivables in one letter.
fn reminder_of_two() -> (Plan, Setup) {
    let mut setup = Setup::company();
    open_account(&mut setup, "USD 1000.00");
    open_account(&mut setup, "USD 50.00");
    planned(setup, MONDAY)
}

/// One in dollars now; the one in euros waits its turn.
fn reminder_of_one_currency() -> (Plan, Setup) {
    let mut setup = Setup::company();
    open_account(&mut setup, "USD 1000.00");
    open_account(&mut setup, "EUR 50.00");
    planned(setup, MONDAY)
}

fn after_two_reminders() -> Setup {
    let mut setup = Setup::company();
    open_account(&mut setup, "USD 1000.00");
    setup.took(0, "first_reminder", 1, at("2026-03-05T09:00:00Z"));
    setup.took(0, "second_reminder", 2, at("2026-03-12T09:00:00Z"));
    setup
}

/// A call to finance after two reminders.
fn call() -> (Plan, Setup) {
    planned(after_two_reminders(), "2026-03-19T09:00:00Z")
}

/// The last date, which a person must see.
fn last_date() -> (Plan, Setup) {
    let mut setup = after_two_reminders();
    setup.took(0, "call", 2, at("2026-03-19T09:00:00Z"));
    planned(setup, "2026-03-26T09:00:00Z")
}

/// The final demand, which a named person must approve.
fn final_demand() -> (Plan, Setup) {
    let mut setup = after_two_reminders();
    setup.took(0, "call", 2, at("2026-03-19T09:00:00Z"));
    setup.took(0, "last_date", 3, at("2026-03-26T09:00:00Z"));
    planned(setup, "2026-04-08T09:00:00Z")
}

/// The notice that the copy of the bill of lading was sent.
fn notice() -> (Plan, Setup) {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Balance, Trigger::BlCopy, Some(day("2026-03-09")));
    planned(setup, MONDAY)
}

/// An in-site message about an order on a marketplace, one of two.
fn message() -> (Plan, Setup) {
    let mut setup = Setup::bare("IT");
    setup.contact(FINANCE, ContactRole::Buyer, Ways { email: true, in_site: true, phone: false });
    for amount in ["USD 50.00", "USD 60.00"] {
        let index = setup.owes(amount, Milestone::Full, Trigger::OrderPlaced, Some(day("2026-03-08")));
        setup.receivable(index).placed_at = Some(at("2026-03-08T09:00:00Z"));
    }
    planned(setup, MONDAY)
}

fn refused(base: fn() -> (Plan, Setup), cases: &[Spoiled]) {
    let (plan, setup) = base();
    assert_eq!(setup.audit(&plan), Ok(()), "the plan before it is spoiled");
    assert_eq!(plan.letters.len() + plan.tasks.len(), 1, "{plan:#?}");
    let mut wrong = Vec::new();
    for (name, spoil, invariant, words) in cases {
        let (mut plan, mut setup) = (plan.clone(), setup.clone());
        spoil(&mut plan, &mut setup);
        match setup.audit(&plan) {
            Err(refusal) if says(&refusal, *invariant, words) => {}
            other => wrong.push(format!("{name}: expected {invariant} ‘{words}’, found {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn says(refusal: &Breach, invariant: u8, words: &str) -> bool {
    refusal.invariant == invariant && refusal.what.contains(words)
}

/// What changes in the facts.
type Change = fn(&mut Setup);

/// Facts that keep silent every letter that asks for money, with the words of the refusal.
const SILENCE: &[(&str, Change, &str)] = &[
    ("disputed as a whole", |s| s.dispute(0, None), "free of dispute"),
    ("disputed in part, asked in full", |s| s.dispute(0, Some("USD 200.00")), "free of dispute"),
    ("on hold", |s| s.hold(Some(0), "2026-12-31"), "on hold"),
    ("the whole buyer on hold", |s| s.hold(None, "2026-12-31"), "on hold"),
    ("on hold to this very day", |s| s.hold(None, "2026-04-08"), "on hold"),
    ("promised", |s| s.promise(Some(0), None, "2026-03-25", "2026-04-10"), "free of dispute"),
    ("promised in part", |s| s.promise(Some(0), Some("USD 1.00"), "2026-03-25", "2026-04-10"), "free of dispute"),
    ("everything promised", |s| s.promise(None, None, "2026-03-25", "2026-04-10"), "free of dispute"),
    ("promised for two days ago", |s| s.promise(Some(0), None, "2026-03-25", "2026-04-06"), "free of dispute"),
    ("perhaps paid", |s| s.unmatched("USD 0.01"), "unmatched"),
    ("perhaps paid in another currency", |s| s.unmatched("GBP 90.00"), "unmatched"),
    ("books too old", |s| s.tenant.statements = Some(age("2026-03-01")), "books end"),
    ("closed", |s| s.receivable(0).closed = true, "not the buyer's"),
    ("owed by the platform", |s| s.receivable(0).obligor = Obligor::Platform, "not the buyer's"),
    ("blacklisted", |s| s.facts.party.blacklisted = true, "blacklisted"),
];

fn age(covered_to: &str) -> StatementAge {
    StatementAge { covered_to: day(covered_to), max_age_days: 3 }
}

#[test]
fn nothing_is_pressed_for_that_must_rest() {
    for (kind, base) in [("letter", final_demand as fn() -> (Plan, Setup)), ("call", call)] {
        let (plan, setup) = base();
        assert_eq!(setup.audit(&plan), Ok(()), "{kind}");
        for (name, spoil, words) in SILENCE {
            let mut setup = setup.clone();
            spoil(&mut setup);
            let found = setup.audit(&plan);
            let good = found.as_ref().is_err_and(|refusal| says(refusal, 1, words));
            assert!(good, "{kind} {name}: expected 1 ‘{words}’, found {found:?}");
        }
    }
}

#[test]
fn what_has_ended_or_lies_elsewhere_silences_nothing() {
    let still_right: &[(&str, Change)] = &[
        ("a hold that was ended", |s| {
            s.hold(None, "2026-12-31");
            s.facts.holds[0].released = true;
        }),
        ("a hold until yesterday", |s| s.hold(None, "2026-03-08")),
        ("a hold on the other", |s| s.hold(Some(1), "2026-12-31")),
        ("a solved dispute", |s| {
            s.dispute(0, None);
            s.facts.disputes[0].resolved = true;
        }),
        ("a dispute about the other", |s| s.dispute(1, None)),
        ("a broken promise", |s| {
            s.promise(Some(0), None, "2026-03-01", "2026-03-20");
            s.facts.promises[0].state = PromiseState::Broken;
        }),
        ("a promise whose day and margin are over", |s| s.promise(Some(0), None, "2026-03-01", "2026-03-06")),
        ("money that has found its place", |s| s.unmatched("USD 0.00")),
        ("books of yesterday", |s| s.tenant.statements = Some(age("2026-03-08"))),
        ("a reminder four days ago", |s| s.pressed(at("2026-03-05T09:00:00Z"))),
    ];
    let (plan, setup) = reminder_of_one_currency();
    for (name, change) in still_right {
        let mut setup = setup.clone();
        change(&mut setup);
        assert_eq!(setup.audit(&plan), Ok(()), "{name}");
    }
}

#[test]
fn a_notice_rests_only_for_what_silences_all() {
    refused(
        notice,
        &[
            ("on hold", |_, s| s.hold(None, "2026-12-31"), 1, "on hold"),
            ("closed", |_, s| s.receivable(0).closed = true, 1, "not the buyer's"),
            ("blacklisted", |_, s| s.facts.party.blacklisted = true, 1, "blacklisted"),
            ("written as pressing", |p, _| p.letters[0].purpose = Purpose::Press, 4, "another purpose"),
            ("at night", |p, _| p.letters[0].send_at = at("2026-03-09T22:00:00Z"), 4, "hours"),
        ],
    );
    let (mut plan, mut setup) = notice();
    setup.dispute(0, Some("USD 200.00"));
    let found = setup.audit(&plan);
    assert!(found.is_err_and(|refusal| says(&refusal, 1, "free of dispute")), "news asks for no disputed part either");
    plan.letters[0].items[0].pressed = money("USD 800.00");
    assert_eq!(setup.audit(&plan), Ok(()));
}

#[test]
fn a_step_happens_once() {
    refused(
        reminder,
        &[
            ("taken before", |_, s| s.took(0, "first_reminder", 1, at("2026-03-05T09:00:00Z")), 2, "already taken"),
            (
                "twice in one letter",
                |p, _| p.letters[0].items = vec![p.letters[0].items[0].clone(); 2],
                2,
                "steps twice",
            ),
            ("two letters about one case", |p, _| p.letters.push(p.letters[0].clone()), 2, "steps twice"),
            ("a restart that nobody recorded", |p, _| p.letters[0].items[0].round = 1, 2, "restarts"),
            ("a restart recorded and not counted", |_, s| void_first(s), 2, "restarts"),
            ("a step of no playbook", |p, _| p.letters[0].items[0].step = "shout".into(), 2, "has no step"),
            ("a letter under way", |_, s| open_letter(s, LetterState::Queued), 2, "under way"),
            ("a letter that may have left", |_, s| open_letter(s, LetterState::Uncertain), 2, "under way"),
            ("a letter in review", |_, s| open_letter(s, LetterState::Review), 2, "under way"),
            ("a paid case", |_, s| s.case(0).state = CaseState::Paid, 2, "not running"),
            ("a ladder at its end", |_, s| s.case(0).state = CaseState::LadderDone, 2, "not running"),
            ("no case at all", |_, s| s.facts.receivables[0].case = None, 2, "not running"),
            ("another case", |p, _| p.letters[0].items[0].case_id = CaseId(9), 2, "not running"),
            ("no playbook", |p, _| p.cases[0].playbook = None, 2, "without a playbook"),
            ("no word about the case", |p, _| p.cases.clear(), 2, "without a playbook"),
            ("an unknown version", |p, _| p.cases[0].playbook = Some(unknown_playbook()), 2, "unknown playbook"),
            ("another playbook than kept", |_, s| s.case(0).playbook = Some(b1()), 2, "changed its playbook"),
            ("decided twice", |p, _| p.cases.push(p.cases[0].clone()), 2, "decided twice"),
        ],
    );
    refused(
        call,
        &[
            ("taken before", |_, s| s.took(0, "call", 2, at("2026-03-15T09:00:00Z")), 2, "already taken"),
            ("two calls", |p, _| p.tasks.push(p.tasks[0].clone()), 2, "steps twice"),
            ("a call about no step", |p, _| p.tasks[0].step = None, 2, "without a step"),
            ("a letter under way", |_, s| open_letter(s, LetterState::Sending), 2, "under way"),
        ],
    );
}

fn void_first(setup: &mut Setup) {
    setup.took(0, "first_reminder", 1, at("2026-03-05T09:00:00Z"));
    setup.case(0).steps[0].voided = true;
}

fn open_letter(setup: &mut Setup, state: LetterState) {
    let not_before = Timestamp::UNIX_EPOCH;
    setup.case(0).letter = Some(OpenLetter { id: LetterId(5), state, not_before });
}

fn unknown_playbook() -> PlaybookRef {
    PlaybookRef { id: "b5_open_account".into(), version: "000000000000".into() }
}

fn b1() -> PlaybookRef {
    let known = playbooks().current().iter().find(|playbook| &*playbook.reference.id == "b1_deposit");
    known.expect("b1").reference.clone()
}

#[test]
fn every_amount_is_the_ledgers() {
    refused(
        reminder,
        &[
            ("paid since", |_, s| s.paid(0, "USD 1000.00"), 3, "ledger says 0"),
            ("paid in part since", |_, s| s.paid(0, "USD 300.00"), 3, "ledger says 70000"),
            ("more than outstanding", |p, _| p.letters[0].items[0].pressed.minor += 1, 3, "asked for"),
            ("nothing asked for", |p, _| p.letters[0].items[0].pressed.minor = 0, 3, "asked for"),
            ("less than nothing", |p, _| p.letters[0].items[0].pressed.minor = -1, 3, "asked for"),
            ("wrong outstanding", |p, _| p.letters[0].items[0].outstanding.minor += 1, 3, "ledger says"),
            ("the due date was corrected", |_, s| s.receivable(0).due_on = Some(day("2026-04-30")), 3, "due date"),
            ("asked in euros", |p, _| p.letters[0].items[0].pressed = money("EUR 1000.00"), 3, "ledger says"),
            ("owed in euros", |p, _| p.letters[0].items[0].outstanding = money("EUR 1000.00"), 3, "ledger says"),
            ("a letter in euros", |p, _| p.letters[0].currency = money("EUR 1.00").currency, 3, "mixes currencies"),
            ("a letter about nothing", |p, _| p.letters[0].items.clear(), 3, "about nothing"),
            ("a ledger in euros", |_, s| s.paid(0, "EUR 1.00"), 3, "does not belong"),
            ("a line of another", |_, s| foreign_line(s), 3, "does not belong"),
            ("more paid than owed", |_, s| s.paid(0, "USD 1000.01"), 3, "does not balance"),
            ("the case says less", |p, _| p.cases[0].outstanding.minor -= 1, 3, "quoted as outstanding"),
            ("the case says euros", |p, _| p.cases[0].outstanding = money("EUR 1000.00"), 3, "quoted as outstanding"),
            ("closed as paid", |p, _| p.cases[0].state = CaseState::Paid, 3, "closed as settled"),
        ],
    );
    refused(
        reminder_of_two,
        &[
            ("two currencies in one", |_, s| s.receivable(1).amount = money("EUR 50.00"), 3, "mixes currencies"),
            ("the second is paid", |_, s| s.paid(1, "USD 50.00"), 3, "ledger says 0"),
            ("the second is disputed", |_, s| s.dispute(1, None), 1, "R-2"),
        ],
    );
    refused(
        call,
        &[
            ("paid since", |_, s| s.paid(0, "USD 1000.00"), 1, "is paid"),
            ("more than outstanding", |p, _| p.tasks[0].pressed.minor += 1, 1, "asked for"),
            ("nothing asked for", |p, _| p.tasks[0].pressed.minor = 0, 1, "nothing can be asked"),
            ("asked in euros", |p, _| p.tasks[0].pressed = money("EUR 1.00"), 1, "nothing can be asked"),
        ],
    );
}

fn foreign_line(setup: &mut Setup) {
    setup.paid(0, "USD 1.00");
    setup.facts.receivables[0].entries[0].receivable_id = ReceivableId(9);
}

#[test]
fn no_level_is_skipped_and_nobody_is_pressed_out_of_turn() {
    refused(
        reminder,
        &[
            ("a level skipped", |p, _| jump(p, "second_reminder", 2), 4, "skips from level 0"),
            ("the end first", |p, _| jump(p, "final_demand", 4), 4, "skips from level 0"),
            ("a level misnamed", |p, _| p.letters[0].items[0].level = 0, 4, "has level 1"),
            ("called formal", |p, _| p.letters[0].purpose = Purpose::Formal, 4, "another purpose"),
            ("called a service", |p, _| p.letters[0].purpose = Purpose::Service, 4, "another purpose"),
            ("by phone", |p, _| p.letters[0].channel = Channel::Phone, 4, "call written as a letter"),
            ("no address there", |p, _| p.letters[0].channel = Channel::InSite, 4, "no address"),
            ("no address any more", |_, s| s.facts.contacts[0].ways.email = false, 4, "no address"),
            ("objected", |_, s| s.facts.contacts[0].objected = true, 4, "objected"),
            ("at night", |p, _| p.letters[0].send_at = at("2026-03-09T22:00:00Z"), 4, "hours"),
            ("a minute after closing", |p, _| p.letters[0].send_at = at("2026-03-09T16:30:00Z"), 4, "hours"),
            ("on a Saturday", |p, _| p.letters[0].send_at = at("2026-03-14T09:00:00Z"), 4, "hours"),
            ("to the other coast", |_, s| s.facts.party.country = "US".to_string(), 4, "hours"),
            ("to a traveller", |_, s| travels(s, "Asia/Tokyo"), 4, "hours"),
            ("for the past", |p, _| p.letters[0].send_at = at("2026-03-09T08:59:59Z"), 4, "the past"),
            ("71 hours after another", |_, s| s.pressed(at(MONDAY) - 71.hours()), 4, "less than 72 h"),
            ("before one that is planned", |_, s| s.pressed(at(MONDAY) + 96.hours()), 4, "pressed at"),
            ("the fourth in seven days", |_, s| three_lately(s), 4, "3 pressing contacts"),
            ("without a reason", |p, _| p.cases[0].reasons.clear(), 4, "without a reason"),
        ],
    );
    refused(
        reminder_of_one_currency,
        &[
            ("two currencies at once", |p, s| second_letter(p, s), 4, "2 pressing contacts"),
            ("letter and call at once", |p, s| call_too(p, s), 4, "2 pressing contacts"),
        ],
    );
    refused(
        call,
        &[
            ("a level misnamed", |p, _| p.tasks[0].level = 3, 4, "has level 2"),
            ("a level skipped", |_, s| s.case(0).steps.clear(), 4, "skips from level 0"),
            ("too soon", |_, s| s.pressed(at("2026-03-17T09:00:00Z")), 4, "less than 72 h"),
            ("the fourth in seven days", |_, s| s.tenant.rules.weekly_ceiling_company = 0, 4, "pressing contacts"),
            ("objected", |_, s| s.facts.contacts[0].objected = true, 4, "objected"),
            ("to somebody without a phone", |p, _| p.tasks[0].contact_id = Some(OWNER), 4, "no address"),
            ("at night", |p, _| p.tasks[0].not_before = at("2026-03-19T22:00:00Z"), 4, "hours"),
            ("for the past", |p, _| p.tasks[0].not_before = at("2026-03-19T08:59:59Z"), 4, "the past"),
        ],
    );
    refused(
        message,
        &[
            ("about another order too", |p, s| together(p, s), 4, "its own order"),
            ("late in the evening", |p, _| p.letters[0].send_at = at("2026-03-09T20:00:00Z"), 4, "hours"),
            ("19 hours after another", |_, s| s.pressed(at(MONDAY) - 19.hours()), 4, "less than 20 h"),
            ("above the ceiling", |_, s| daily(s, 3), 4, "pressing contacts"),
            ("above a consumer's", |_, s| consumer_ceiling(s), 4, "pressing contacts"),
        ],
    );
}

fn jump(plan: &mut Plan, step: &str, level: u8) {
    plan.letters[0].items[0].step = step.into();
    plan.letters[0].items[0].level = level;
}

fn travels(setup: &mut Setup, zone: &str) {
    setup.facts.contacts[0].time_zone = Some(zone.to_string());
}

fn three_lately(setup: &mut Setup) {
    for hours in [73, 120, 167] {
        setup.pressed(at(MONDAY) - hours.hours());
    }
}

fn daily(setup: &mut Setup, times: i64) {
    for nth in 1..=times {
        setup.pressed(at(MONDAY) - (22 * nth).hours());
    }
}

fn consumer_ceiling(setup: &mut Setup) {
    setup.facts.party.is_consumer = true;
    daily(setup, 7);
}

fn other_letter(plan: &Plan, setup: &Setup) -> dunlin_core::plan::PlannedLetter {
    let mut letter = plan.letters[0].clone();
    let other = &setup.facts.receivables[1];
    letter.currency = other.receivable.amount.currency;
    letter.items[0].case_id = other.case.as_ref().expect("a case").id;
    letter.items[0].receivable_id = other.receivable.id;
    letter.items[0].outstanding = other.receivable.amount;
    letter.items[0].pressed = other.receivable.amount;
    letter
}

fn second_letter(plan: &mut Plan, setup: &mut Setup) {
    plan.letters.push(other_letter(plan, setup));
}

fn together(plan: &mut Plan, setup: &mut Setup) {
    let item = other_letter(plan, setup).items.remove(0);
    plan.letters[0].items.push(item);
}

fn call_too(plan: &mut Plan, setup: &mut Setup) {
    let item = other_letter(plan, setup).items.remove(0);
    let mut task = call().0.tasks.remove(0);
    (task.case_id, task.receivable_id) = (item.case_id, item.receivable_id);
    (task.step, task.level, task.pressed) = (Some(item.step), item.level, item.pressed);
    task.not_before = plan.decided_at;
    plan.tasks.push(task);
}

#[test]
fn a_severe_step_waits_for_a_person() {
    refused(
        final_demand,
        &[
            ("by itself", |p, _| p.letters[0].review = Review::Automatic, 5, "without approval"),
            ("only looked at", |p, _| p.letters[0].review = Review::Look, 5, "without approval"),
        ],
    );
    refused(last_date, &[("by itself", |p, _| p.letters[0].review = Review::Automatic, 5, "a person must see")]);
}

#[test]
fn a_plan_stays_with_its_debtor() {
    refused(
        reminder,
        &[
            ("another party's plan", |p, _| p.party_id = PartyId(2), 9, "another party"),
            ("another party's contact", |p, _| p.letters[0].contact_id = ContactId(99), 9, "somebody else's"),
            (
                "another's receivable",
                |p, _| p.letters[0].items[0].receivable_id = ReceivableId(9),
                9,
                "not this debtor's",
            ),
            ("another's case", |p, _| foreign_case(p), 9, "not this debtor's"),
        ],
    );
    refused(
        call,
        &[
            ("another party's contact", |p, _| p.tasks[0].contact_id = Some(ContactId(99)), 9, "somebody else's"),
            ("another's receivable", |p, _| p.tasks[0].receivable_id = ReceivableId(9), 9, "not this debtor's"),
        ],
    );
}

fn foreign_case(plan: &mut Plan) {
    let mut foreign = plan.cases[0].clone();
    foreign.case_id = CaseId(9);
    plan.cases.push(foreign);
}

/// The letter of a plan as it waits in the outbox, and the facts that know of it.
fn waiting(base: fn() -> (Plan, Setup)) -> (WaitingLetter, Setup) {
    let (mut plan, mut setup) = base();
    open_letter(&mut setup, LetterState::Queued);
    let planned = plan.letters.remove(0);
    let letter = WaitingLetter {
        id: LetterId(5),
        purpose: planned.purpose,
        channel: planned.channel,
        contact_id: planned.contact_id,
        items: planned.items,
    };
    (letter, setup)
}

/// As the table above, for a letter at the moment it is claimed.
type SpoiledLetter = (&'static str, fn(&mut WaitingLetter, &mut Setup), u8, &'static str);

#[test]
fn a_letter_departs_only_while_it_is_right() {
    let now = at("2026-04-08T09:00:00Z");
    let (letter, setup) = waiting(final_demand);
    assert_eq!(check_departure(&letter, &setup.facts, now, &setup.rules()), Ok(()));
    for (name, spoil, words) in SILENCE {
        let mut setup = setup.clone();
        spoil(&mut setup);
        let found = check_departure(&letter, &setup.facts, now, &setup.rules());
        assert!(found.as_ref().is_err_and(|refusal| says(refusal, 1, words)), "{name}: {found:?}");
    }
    let cases: &[SpoiledLetter] = &[
        ("about nothing", |l, _| l.items.clear(), 3, "about nothing"),
        ("the contact is gone", |_, s| s.facts.contacts.retain(|contact| contact.id != OWNER), 9, "gone"),
        ("another party's contact", |l, _| l.contact_id = ContactId(99), 9, "gone"),
        ("no address any more", |_, s| s.facts.contacts[1].ways.email = false, 4, "no address"),
        ("objected", |_, s| s.facts.contacts[1].objected = true, 4, "objected"),
        ("the case waits for nothing", |_, s| s.case(0).letter = None, 2, "not waiting"),
        ("the case waits for another", |l, _| l.id = LetterId(6), 2, "not waiting"),
        ("the case was closed", |_, s| s.case(0).state = CaseState::Closed, 2, "not running"),
        ("another's receivable", |l, _| l.items[0].receivable_id = ReceivableId(9), 9, "not this debtor's"),
        ("paid", |_, s| s.paid(0, "USD 1000.00"), 3, "ledger says 0"),
        ("paid in part", |_, s| s.paid(0, "USD 0.01"), 3, "ledger says 99999"),
        ("more than outstanding", |l, _| l.items[0].pressed.minor += 1, 3, "asked for"),
        ("the due date was corrected", |_, s| s.receivable(0).due_on = Some(day("2026-04-30")), 3, "due date"),
        ("asked in euros", |l, _| l.items[0].pressed = money("EUR 1.00"), 3, "ledger says"),
    ];
    for (name, spoil, invariant, words) in cases {
        let (mut letter, mut setup) = (letter.clone(), setup.clone());
        spoil(&mut letter, &mut setup);
        let found = check_departure(&letter, &setup.facts, now, &setup.rules());
        assert!(found.as_ref().is_err_and(|refusal| says(refusal, *invariant, words)), "{name}: {found:?}");
    }
}

#[test]
fn a_notice_departs_although_pressing_must_rest() {
    let (mut letter, mut setup) = waiting(notice);
    setup.dispute(0, Some("USD 200.00"));
    letter.items[0].pressed = money("USD 800.00");
    assert_eq!(check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules()), Ok(()));
    setup.unmatched("USD 5.00");
    let found = check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules());
    assert!(found.is_err_and(|refusal| says(&refusal, 1, "unmatched")), "it must not ask for what may be in");
    letter.items[0].pressed = money("USD 0.00");
    assert_eq!(check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules()), Ok(()));
    setup.hold(Some(0), "2026-03-09");
    let found = check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules());
    assert!(found.is_err_and(|refusal| says(&refusal, 1, "on hold")));
}

#[test]
fn a_letter_that_waited_keeps_gap_and_ceiling() {
    let (letter, setup) = waiting(final_demand);
    let now = at("2026-04-08T09:00:00Z");
    let wait = |when: &[&str]| {
        let mut setup = setup.clone();
        when.iter().for_each(|when| setup.pressed(at(when)));
        not_too_soon(&letter, &setup.facts, now, &setup.rules())
    };
    assert_eq!(wait(&[]), Ok(()));
    assert_eq!(wait(&["2026-04-05T08:59:00Z"]), Ok(()), "three days and a minute ago");
    assert_eq!(wait(&["2026-04-07T09:00:00Z"]), Err(at("2026-04-10T09:00:00Z")), "yesterday");
    let mut own = setup.clone();
    own.pressed(at("2026-04-08T08:00:00Z"));
    own.facts.contacts_made.last_mut().expect("made").letter_id = Some(letter.id);
    assert_eq!(not_too_soon(&letter, &own.facts, now, &own.rules()), Ok(()), "the letter itself");
    let other = own.facts.contacts_made.last_mut().expect("made");
    (other.letter_id, other.is_done) = (Some(LetterId(77)), false);
    assert_eq!(not_too_soon(&letter, &own.facts, now, &own.rules()), Ok(()), "another that waits as well");
    // Three in the week, each with its gap: the fourth has to wait until the first is a week old.
    let week = ["2026-04-01T10:00:00Z", "2026-04-02T10:00:00Z", "2026-04-05T08:00:00Z"];
    assert_eq!(wait(&week), Err(at("2026-04-08T10:00:00Z")));
}

#[test]
fn a_late_worker_waits_for_the_buyers_morning() {
    let (_, setup) = reminder();
    let hours = |when: &str, window| inside_hours(&setup.facts, FINANCE, window, at(when), &setup.rules());
    assert_eq!(hours(MONDAY, Window::Office), Ok(()));
    assert_eq!(hours("2026-03-09T17:00:00Z", Window::Office), Err(at("2026-03-10T08:00:00Z")));
    assert_eq!(hours("2026-03-09T17:00:00Z", Window::Daytime), Ok(()));
    assert_eq!(hours("2026-03-14T09:00:00Z", Window::Office), Err(at("2026-03-16T08:00:00Z")));
    // Where the person is, and not somebody else of the firm.
    let (_, mut setup) = reminder();
    travels(&mut setup, "Asia/Tokyo");
    let opens = |id| inside_hours(&setup.facts, id, Window::Office, at("2026-03-09T20:00:00Z"), &setup.rules());
    assert_eq!(opens(FINANCE), Err(at("2026-03-10T00:00:00Z")));
    assert_eq!(opens(OWNER), Err(at("2026-03-10T08:00:00Z")));
}
