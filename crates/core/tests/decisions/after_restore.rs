//! After a restore nothing is sent again by itself: what left between the backup and the restore is not known.

use crate::support::{Setup, at, day};
use dunlin_core::audit::departure::{WaitingLetter, check_by_itself, check_departure};
use dunlin_core::case::{LetterState, OpenLetter};
use dunlin_core::facts::StatementAge;
use dunlin_core::ids::LetterId;
use dunlin_core::plan::{Plan, Review};
use dunlin_core::receivable::{Milestone, Trigger};

const RESTORED: &str = "2026-03-10T01:00:00Z";

/// USD 1000.00 on open account. Reminders come 3 and 10 days after the due date, a call (here by email) after 15; the
/// second and the call five business days after what went before, at the earliest.
fn restored(started: &str, due: &str) -> Setup {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day(due)));
    setup.facts.contacts.iter_mut().for_each(|contact| contact.ways.phone = false);
    setup.case(0).started_at = at(started);
    setup.tenant.restored_at = Some(at(RESTORED));
    setup
}

fn asks_a_person(setup: &Setup, plan: &Plan) -> bool {
    assert_eq!(setup.audit(plan), Ok(()));
    assert_eq!(plan.letters.len(), 1, "{plan:#?}");
    let looks = plan.letters[0].review != Review::Automatic;
    let says_so = plan.letters[0].reasons.iter().any(|reason| reason.code.code() == "letter.after_restore");
    assert_eq!(looks, says_so);
    let mut by_itself = plan.clone();
    by_itself.letters[0].review = Review::Automatic;
    let refused = setup.audit(&by_itself).is_err_and(|refusal| matches!(refusal.invariant, 2 | 4));
    assert_eq!(refused, looks, "the audit finds the same");
    looks
}

#[test]
fn what_a_repeated_reminder_leads_to_is_looked_at_too() {
    let mut setup = restored("2026-01-02T00:00:00Z", "2026-03-04");
    let first = setup.decide(at("2026-03-10T09:00:00Z"));
    assert!(asks_a_person(&setup, &first), "it had its time on 7 March");
    setup.carry_out(&first);
    // Counted from the repeated reminder it falls due after the restore.
    let second = setup.decide(at("2026-03-18T09:00:00Z"));
    assert!(asks_a_person(&setup, &second));
    assert_eq!(&*second.letters[0].items[0].step, "second_reminder");
}

#[test]
fn a_case_begun_before_the_restore_never_goes_by_itself() {
    let setup = restored("2026-01-02T00:00:00Z", "2026-04-01");
    // The due date may have been another one when the reminder left.
    assert!(asks_a_person(&setup, &setup.decide(at("2026-04-06T09:00:00Z"))));
}

#[test]
fn an_old_debt_imported_again_is_looked_at_until_its_own_dates_lie_after_the_restore() {
    let mut setup = restored("2026-03-10T02:00:00Z", "2026-02-20");
    setup.took(0, "first_reminder", 1, at("2026-03-10T09:00:00Z"));
    let second = setup.decide(at("2026-03-19T09:00:00Z"));
    assert!(asks_a_person(&setup, &second), "due by its date since 7 March");

    let then = restored(RESTORED, "2026-03-16");
    assert!(asks_a_person(&then, &then.decide(at("2026-03-19T09:00:00Z"))), "begun in that very moment");
    let new = restored("2026-03-10T02:00:00Z", "2026-03-16");
    assert!(!asks_a_person(&new, &new.decide(at("2026-03-19T09:00:00Z"))), "its reminder was not due before");
}

#[test]
fn in_the_week_after_a_restore_a_person_looks_at_everything_that_presses() {
    // How often the buyer was asked in the days that were lost, nobody knows: a new debt does not change that.
    let setup = restored("2026-03-10T02:00:00Z", "2026-03-09");
    assert!(asks_a_person(&setup, &setup.decide(at("2026-03-12T09:00:00Z"))));
    let mut setup = restored("2026-03-10T02:00:00Z", "2026-03-10");
    let by_itself = setup.decide(at("2026-03-17T09:00:00Z"));
    assert!(!asks_a_person(&setup, &by_itself));
    // To the second.
    assert!(asks_a_person(&setup, &setup.decide(at("2026-03-17T00:59:59Z"))));
    assert!(!asks_a_person(&setup, &setup.decide(at("2026-03-17T01:00:00Z"))));
    // And in the moment in which a letter leaves.
    setup.carry_out(&by_itself);
    let letter = waiting(&by_itself, &mut setup);
    let refused = check_by_itself(&letter, &setup.facts, at("2026-03-16T09:00:00Z"), &setup.rules());
    assert!(refused.is_err_and(|refusal| refusal.invariant == 4));
    assert_eq!(check_by_itself(&letter, &setup.facts, at("2026-03-17T09:00:00Z"), &setup.rules()), Ok(()));
}

#[test]
fn nobody_is_pressed_before_the_statements_of_the_lost_days_are_in() {
    // A new debt, so that nothing but the statements stands in the way; restored on 10 March, 09:00 in Shanghai.
    let mut setup = restored("2026-03-10T02:00:00Z", "2026-03-09");
    let monday = at("2026-03-16T09:00:00Z");
    let books = |covered_to| Some(StatementAge { covered_to: day(covered_to), max_age_days: 14 });
    setup.tenant.statements = books("2026-03-09");
    let pressing = setup.decide(monday);
    assert_eq!((setup.audit(&pressing), pressing.letters.len()), (Ok(()), 1), "all but the day of the restore");

    setup.tenant.statements = books("2026-03-08");
    let silent = setup.decide(monday);
    assert_eq!((setup.audit(&silent), silent.letters.len()), (Ok(()), 0));
    let codes: Vec<&str> = silent.cases[0].reasons.iter().map(|reason| reason.code.code()).collect();
    assert!(codes.contains(&"gate.lost_statements") && !codes.contains(&"pass.stale_facts"), "{codes:?}");
    assert!(setup.audit(&pressing).is_err_and(|refusal| refusal.what.contains("lost by the restore")));
    // And in the moment in which a letter leaves.
    let letter = waiting(&pressing, &mut setup);
    let refused = check_departure(&letter, &setup.facts, monday, &setup.rules());
    assert!(refused.is_err_and(|refusal| refusal.invariant == 1));

    setup.tenant.statements = None;
    assert_eq!(check_departure(&letter, &setup.facts, monday, &setup.rules()), Ok(()), "a firm without statements");
}

#[test]
fn a_letter_that_a_run_wrote_from_what_was_replaced_does_not_leave_by_itself() {
    let mut setup = restored("2026-01-02T00:00:00Z", "2026-03-04");
    let plan = setup.decide(at("2026-03-10T09:00:00Z"));
    setup.carry_out(&plan);
    let letter = waiting(&plan, &mut setup);
    let refused = check_by_itself(&letter, &setup.facts, at("2026-03-10T09:00:00Z"), &setup.rules());
    assert!(refused.is_err_and(|refusal| refusal.invariant == 2));
    setup.tenant.restored_at = None;
    assert_eq!(check_by_itself(&letter, &setup.facts, at("2026-03-10T09:00:00Z"), &setup.rules()), Ok(()));
}

/// The letter of a plan, as it waits in the outbox.
fn waiting(plan: &Plan, setup: &mut Setup) -> WaitingLetter {
    let id = LetterId(5);
    setup.case(0).letter = Some(OpenLetter { id, state: LetterState::Queued, not_before: plan.decided_at });
    let planned = &plan.letters[0];
    let (purpose, channel, contact_id) = (planned.purpose, planned.channel, planned.contact_id);
    WaitingLetter { id, purpose, channel, contact_id, items: planned.items.clone() }
}
