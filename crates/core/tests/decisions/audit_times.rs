//! The audit proves *when*: plans that it passes, each moved to a moment at which nobody should hear of it, and refused. Not
//! before the step's day, nor after its end; in the buyer's hours and on a day that is worked there; with the gap and below
//! the ceiling; and an answer is asked for by a day on which there is somebody to give it.

use crate::support::{FINANCE, OWNER, Setup, at, day, playbooks_of};
use dunlin_core::audit::Breach;
use dunlin_core::audit::departure::{WaitingLetter, check_departure, inside_hours, not_too_soon};
use dunlin_core::audit::desk::{WaitingCall, check_call};
use dunlin_core::case::{LetterState, OpenLetter};
use dunlin_core::ids::LetterId;
use dunlin_core::key_date::KeyDate;
use dunlin_core::order::OrderSource;
use dunlin_core::party::{ContactRole, Ways};
use dunlin_core::plan::{Plan, TaskKind};
use dunlin_core::playbook::Window;
use dunlin_core::receivable::{Milestone, Trigger};
use jiff::ToSpan;

/// At people's desks, of the goods in the port; a copy goes to the owner.
const DESK: &str = r#"id = "desk"
scenario = "B4"
gap = "3 days"
window = "office"
[title]
en = "At the desk"
zh = "上班时间"
[applies]
source = "direct"
[[step]]
id = "at_port"
level = 1
purpose = "press"
at = ["arrival + 1 day", "due + 3 days", "previous + 2 days"]
until = "due + 20 days"
channels = ["email"]
roles = ["finance"]
letter = "b3_owner"
autonomy = "automatic"
statement = false
answer_days = 5
[step.title]
en = "At the port"
zh = "货到港"
[[step.also]]
channels = ["email"]
roles = ["owner"]
letter = "finance_informed"
"#;

/// In the evening as well, and every day.
const EVENING: &str = r#"id = "evening"
scenario = "B2"
gap = "20 hours"
window = "daytime"
[title]
en = "In the evening"
zh = "晚间"
[applies]
source = "direct"
milestones = ["balance"]
[[step]]
id = "reminder"
level = 1
purpose = "press"
at = ["placed + 12 hours"]
channels = ["email"]
roles = ["finance"]
letter = "b3_owner"
autonomy = "automatic"
statement = false
answer_days = 1
[step.title]
en = "Reminder"
zh = "提醒"
"#;

/// A Monday, ten in the morning in Italy.
const MONDAY: &str = "2026-03-09T09:00:00Z";

/// Goods that are in the port since the 4th, due since the 2nd.
fn in_port() -> Setup {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[DESK, EVENING]);
    let index = setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.facts.receivables[index].dates.push((KeyDate::Arrival, day("2026-03-04")));
    setup
}

/// And a small order of the Saturday before.
fn with_an_order() -> Setup {
    let mut setup = in_port();
    let index = setup.owes("USD 50.00", Milestone::Balance, Trigger::OrderPlaced, None);
    setup.receivable(index).source = OrderSource::Direct;
    setup.receivable(index).placed_at = Some(at("2026-03-07T09:00:00Z"));
    setup
}

fn planned(setup: Setup, now: &str) -> (Plan, Setup) {
    let plan = setup.decide(at(now));
    assert_eq!(setup.audit(&plan), Ok(()), "the plan before it is spoiled");
    (plan, setup)
}

fn says(found: &Result<(), Breach>, words: &str) -> bool {
    found.as_ref().is_err_and(|refusal| refusal.invariant == 4 && refusal.what.contains(words))
}

/// A name, what is spoiled, and words of the refusal.
type Spoiled = (&'static str, fn(&mut Plan, &mut Setup), &'static str);

fn refused((plan, setup): (Plan, Setup), cases: &[Spoiled]) {
    let mut wrong = Vec::new();
    for (name, spoil, words) in cases {
        let (mut plan, mut setup) = (plan.clone(), setup.clone());
        spoil(&mut plan, &mut setup);
        let found = setup.audit(&plan);
        if !says(&found, words) {
            wrong.push(format!("{name}: expected ‘{words}’, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn due_on(plan: &mut Plan, setup: &mut Setup, due: &str) {
    setup.receivable(0).due_on = Some(day(due));
    plan.letters.iter_mut().flat_map(|letter| &mut letter.items).for_each(|item| item.due_on = Some(day(due)));
}

#[test]
fn no_letter_leaves_before_its_day_nor_after_its_end() {
    let (plan, setup) = planned(in_port(), MONDAY);
    assert_eq!(plan.letters.len(), 2, "with a copy for the owner");
    let cases: &[Spoiled] = &[
        ("due later", |p, s| due_on(p, s, "2026-03-07"), "before its time, due + 3 days"),
        ("no due date is known", |p, s| no_due_date(p, s), "before its time, due + 3 days"),
        ("the goods come on this day", |_, s| arrives(s, Some("2026-03-09")), "before its time, arrival + 1 day"),
        ("nobody knows when they come", |_, s| arrives(s, None), "before its time, arrival + 1 day"),
        ("something was done an hour ago", |_, s| did_something(s), "before its time, previous + 2 days"),
        ("due long ago", |p, s| due_on(p, s, "2026-02-17"), "the time of step at_port has passed"),
    ];
    refused((plan, setup), cases);
}

/// Not a contact, so that the gap has nothing to say.
fn did_something(setup: &mut Setup) {
    setup.took(0, "another", 0, at(MONDAY) - 1.hour());
    setup.facts.contacts_made.clear();
}

fn no_due_date(plan: &mut Plan, setup: &mut Setup) {
    setup.receivable(0).due_on = None;
    plan.letters.iter_mut().flat_map(|letter| &mut letter.items).for_each(|item| item.due_on = None);
}

fn arrives(setup: &mut Setup, on: Option<&str>) {
    setup.facts.receivables[0].dates = on.map(|on| (KeyDate::Arrival, day(on))).into_iter().collect();
}

#[test]
fn no_letter_leaves_when_nobody_works() {
    let to = |plan: &mut Plan, when: &str| plan.letters[0].send_at = at(when);
    let (plan, setup) = planned(in_port(), MONDAY);
    let spoiled = |when: &str, change: fn(&mut Setup)| {
        let (mut plan, mut setup) = (plan.clone(), setup.clone());
        to(&mut plan, when);
        change(&mut setup);
        setup.audit(&plan)
    };
    let hours = "outside the buyer's hours";
    assert!(says(&spoiled("2026-04-06T09:00:00Z", |_| {}), hours), "Easter Monday in Italy");
    assert!(says(&spoiled("2026-03-15T09:00:00Z", |_| {}), hours), "a Sunday");
    assert!(says(&spoiled("2026-03-10T09:00:00Z", |s| s.facts.closed_on.push(day("2026-03-10"))), hours));
    assert!(says(&spoiled("2026-03-13T09:00:00Z", |s| s.facts.party.country = "SA".to_string()), hours), "a Friday");
    assert!(says(&spoiled("2026-03-29T15:45:00Z", |_| {}), hours), "a Sunday, whatever the clocks do");
    assert!(says(&spoiled("2026-03-30T15:45:00Z", |_| {}), hours), "17:45 since the clocks were changed");
    assert_eq!(spoiled("2026-03-27T15:45:00Z", |_| {}), Ok(()), "16:45 before that");
    // Of a copy the same is proven.
    let (mut copy, setup) = (plan.clone(), setup);
    copy.letters[1].send_at = at("2026-03-15T09:00:00Z");
    assert!(says(&setup.audit(&copy), hours));
}

#[test]
fn debts_of_other_hours_share_a_letter_only_in_the_hours_of_both() {
    // Monday: both, and at the desk.
    let (plan, setup) = planned(with_an_order(), MONDAY);
    assert_eq!(plan.letters[0].items.len(), 2);
    let mut of_both = plan.clone();
    of_both.letters.truncate(1);
    assert_eq!(setup.audit(&of_both), Ok(()));
    of_both.letters[0].send_at = at("2026-03-09T18:00:00Z");
    let found = setup.audit(&of_both);
    assert!(says(&found, "outside the buyer's hours"), "one of them is written about at the desk: {found:?}");
    // Pressed a day ago: the order may be written about again, the other debt may not.
    let mut pressed = setup;
    pressed.pressed(at(MONDAY) - 24.hours());
    assert!(says(&pressed.audit(&plan), "less than 72 h"));
    let alone = pressed.decide(at(MONDAY));
    assert_eq!(pressed.audit(&alone), Ok(()));
    let about: usize = alone.letters.iter().map(|letter| letter.items.len()).sum();
    assert!(about <= 1, "the debt with the longer gap does not come along: {alone:#?}");
}

#[test]
fn what_may_go_at_the_weekend_does_not_wait_for_the_office() {
    // A younger debt at the desk: the order sets the tone, and goes on Sunday.
    let mut setup = with_an_order();
    setup.receivable(1).due_on = Some(day("2026-02-20"));
    let (plan, setup) = planned(setup, "2026-03-08T10:00:00Z");
    let letters: Vec<_> = plan.letters.iter().map(|letter| (letter.send_at, letter.items.len())).collect();
    assert_eq!(letters, [(at("2026-03-08T10:00:00Z"), 1)], "{plan:#?}");
    assert_eq!(plan.letters[0].items[0].receivable_id, setup.facts.receivables[1].receivable.id);
}

#[test]
fn an_answer_is_asked_for_by_a_day_on_which_it_can_be_given() {
    refused(
        planned(in_port(), MONDAY),
        &[
            ("a day too soon", |p, _| p.letters[0].answer_by = day("2026-03-13"), "5 days end on 2026-03-14"),
            ("a Saturday later", |p, _| p.letters[0].answer_by = day("2026-03-21"), "nobody works there"),
            ("a holiday", |p, _| p.letters[0].answer_by = day("2026-04-06"), "nobody works there"),
            ("the copy names another day", |p, _| p.letters[1].answer_by = day("2026-03-17"), "to whom else it goes"),
        ],
    );
    let (plan, setup) = planned(in_port(), MONDAY);
    assert_eq!(plan.letters[0].answer_by, day("2026-03-16"), "the Monday after a Saturday");
    let mut closed = setup;
    closed.facts.closed_on.push(day("2026-03-16"));
    assert!(says(&closed.audit(&plan), "nobody works there"));
}

/// The first letter of a plan as it waits, and the facts that know of it.
fn waiting(plan: &Plan, mut setup: Setup) -> (WaitingLetter, Setup) {
    let id = LetterId(5);
    for case in setup.facts.receivables.iter_mut().filter_map(|item| item.case.as_mut()) {
        let known = plan.cases.iter().find(|planned| planned.case_id == case.id).expect("a word about the case");
        case.playbook.clone_from(&known.playbook);
        case.letter = Some(OpenLetter { id, state: LetterState::Queued, not_before: plan.decided_at });
    }
    let one = &plan.letters[0];
    let (purpose, channel, contact_id) = (one.purpose, one.channel, one.contact_id);
    (WaitingLetter { id, purpose, channel, contact_id, items: one.items.clone() }, setup)
}

#[test]
fn a_letter_whose_day_was_moved_does_not_leave() {
    let (plan, setup) = planned(in_port(), MONDAY);
    let (letter, setup) = waiting(&plan, setup);
    let leaves = |change: fn(&mut Setup)| {
        let mut setup = setup.clone();
        change(&mut setup);
        check_departure(&letter, &setup.facts, at("2026-03-10T09:00:00Z"), &setup.rules())
    };
    assert_eq!(leaves(|_| {}), Ok(()));
    assert_eq!(leaves(|s| arrives(s, Some("2026-03-08"))), Ok(()), "later, and there all the same");
    assert!(says(&leaves(|s| arrives(s, Some("2026-03-25"))), "was moved since: arrival + 1 day"));
    assert!(says(&leaves(|s| arrives(s, None)), "was moved since: arrival + 1 day"));
    let late = check_departure(&letter, &setup.facts, at("2026-03-22T09:00:00Z"), &setup.rules());
    assert!(says(&late, "has passed"), "{late:?}");
}

#[test]
fn a_letter_that_waited_keeps_to_the_strictest_of_its_debts() {
    let (plan, setup) = planned(with_an_order(), MONDAY);
    let (letter, mut setup) = waiting(&plan, setup);
    setup.pressed(at(MONDAY) - 24.hours());
    let free = not_too_soon(&letter, &setup.facts, at(MONDAY), &setup.rules());
    assert_eq!(free, Err(at(MONDAY) + 48.hours()), "three days, not twenty hours");
    // The worker that looks for the hour is told the moment at which to look again.
    let evening = inside_hours(&setup.facts, FINANCE, Window::Office, at("2026-03-06T17:00:00Z"), &setup.rules());
    assert_eq!(evening, Err(at(MONDAY) - 1.hour()));
    let almost = inside_hours(&setup.facts, FINANCE, Window::Office, at("2026-03-09T07:59:50Z"), &setup.rules());
    assert_eq!(almost, Err(at("2026-03-09T08:00:00Z")));
}

#[test]
fn nobody_calls_about_what_is_over_or_has_not_begun() {
    let call =
        DESK.replace("channels = [\"email\"]\nroles = [\"finance\"]", "channels = [\"phone\"]\nroles = [\"finance\"]");
    let call = call.split("[[step.also]]").next().expect("the step").to_string();
    let mut setup = in_port();
    setup.contact(OWNER, ContactRole::Owner, Ways { email: true, in_site: false, phone: true });
    setup.playbooks = playbooks_of(&[&call]);
    let (plan, setup) = planned(setup, MONDAY);
    assert_eq!(plan.tasks.len(), 1);
    refused(
        (plan.clone(), setup.clone()),
        &[
            ("on a Sunday", |p, _| p.tasks[0].not_before = at("2026-03-15T09:00:00Z"), "outside the buyer's hours"),
            ("at Easter", |p, _| p.tasks[0].not_before = at("2026-04-06T09:00:00Z"), "outside the buyer's hours"),
            ("the goods come later", |_, s| arrives(s, Some("2026-03-25")), "before its time, arrival"),
            ("due long ago", |_, s| s.receivable(0).due_on = Some(day("2026-02-17")), "has passed"),
        ],
    );
    let task = plan.tasks.iter().find(|task| task.kind == TaskKind::Call).expect("a call");
    let on_desk = WaitingCall {
        case_id: task.case_id,
        receivable_id: task.receivable_id,
        contact_id: task.contact_id,
        step: task.step.clone().expect("its step"),
        pressed: task.pressed,
    };
    let mut setup = setup;
    setup.case(0).playbook.clone_from(&plan.cases[0].playbook);
    let still = |setup: &Setup, when: &str| check_call(&on_desk, &setup.facts, at(when), &setup.rules());
    assert_eq!(still(&setup, MONDAY), Ok(()));
    assert!(says(&still(&setup, "2026-03-22T09:00:00Z"), "has passed"));
    let mut moved = setup;
    arrives(&mut moved, Some("2026-03-25"));
    assert!(says(&still(&moved, MONDAY), "was moved since"));
}
