//! Public holidays where the buyer is: the letter waits, says why, and the audit holds it to that.

use crate::support::{FINANCE, Setup, at, day};
use dunlin_core::audit::departure::inside_hours;
use dunlin_core::party::{ContactRole, Ways};
use dunlin_core::playbook::Window;
use dunlin_core::reason::{FactValue, Reason, ReasonCode};
use dunlin_core::receivable::{Milestone, Trigger};
use jiff::Timestamp;

/// A buyer with a reminder to get.
fn buyer(country: &str, due_on: &str) -> Setup {
    let mut setup = Setup::bare(country);
    setup.contact(FINANCE, ContactRole::Finance, Ways { email: true, in_site: false, phone: false });
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day(due_on)));
    setup
}

fn text<'a>(reason: &'a Reason, name: &str) -> &'a str {
    let found = reason.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    match found {
        Some(FactValue::Text(text)) => text,
        _ => panic!("{name} is no text of {reason:?}"),
    }
}

/// When the reminder leaves, and the holiday it waits for: its name and how certain its date is.
fn leaves(setup: &Setup, now: &str) -> (Timestamp, Option<(String, String)>) {
    let plan = setup.decide(at(now));
    assert_eq!(setup.audit(&plan), Ok(()), "{now}");
    let letter = plan.letters.first().expect("a letter");
    let reason = letter.reasons.iter().find(|reason| reason.code == ReasonCode::ContactHoliday);
    (letter.send_at, reason.map(|reason| (text(reason, "holiday").to_string(), text(reason, "certainty").to_string())))
}

#[test]
fn a_letter_waits_for_the_holidays_of_the_buyer_and_names_the_first() {
    // (country, due, decided, leaves, holiday, certainty); the firm is in Shanghai, whose holidays do not count.
    let cases = [
        ("DE", "2026-03-27", "2026-04-03T09:00:00Z", "2026-04-07T07:00:00Z", "Good Friday", "fixed"),
        ("IT", "2026-03-27", "2026-04-03T09:00:00Z", "2026-04-03T09:00:00Z", "", ""),
        ("IT", "2026-03-27", "2026-04-04T09:00:00Z", "2026-04-07T07:00:00Z", "Easter Monday", "fixed"),
        ("JP", "2026-04-24", "2026-05-01T12:00:00Z", "2026-05-07T00:00:00Z", "Greenery Day", "fixed"),
        ("SA", "2028-02-20", "2028-02-27T09:00:00Z", "2028-03-02T06:00:00Z", "Eid al-Fitr Holiday", "estimated"),
        ("CN", "2026-09-24", "2026-10-01T02:00:00Z", "2026-10-08T01:00:00Z", "National Day", "fixed"),
        ("CN", "2026-10-02", "2026-10-10T02:00:00Z", "2026-10-10T02:00:00Z", "", ""),
        ("CN", "2026-10-02", "2026-10-17T02:00:00Z", "2026-10-19T01:00:00Z", "", ""),
        ("IT", "2026-09-24", "2026-10-01T09:00:00Z", "2026-10-01T09:00:00Z", "", ""),
    ];
    for (country, due, now, expected, holiday, certainty) in cases {
        let named = (!holiday.is_empty()).then(|| (holiday.to_string(), certainty.to_string()));
        assert_eq!(leaves(&buyer(country, due), now), (at(expected), named), "{country} {now}");
    }
}

#[test]
fn nobody_is_asked_to_answer_on_a_holiday() {
    let plan = buyer("DE", "2026-03-23").decide(at("2026-03-30T09:00:00Z"));
    let by = plan.letters.first().expect("a letter").answer_by;
    let closed = [day("2026-04-03"), day("2026-04-04"), day("2026-04-05"), day("2026-04-06")];
    assert!(!closed.contains(&by), "{by}");
}

#[test]
fn the_audit_refuses_a_letter_on_a_holiday() {
    let setup = buyer("DE", "2026-03-27");
    let mut plan = setup.decide(at("2026-04-03T09:00:00Z"));
    plan.letters[0].send_at = at("2026-04-06T09:00:00Z");
    let refusal = setup.audit(&plan).expect_err("Easter Monday");
    assert!(refusal.invariant == 4 && refusal.what.contains("hours"), "{refusal}");
}

#[test]
fn a_late_worker_waits_until_the_holiday_is_over() {
    let setup = buyer("DE", "2026-03-27");
    let hours = |when: &str, window| inside_hours(&setup.facts, FINANCE, window, at(when), &setup.rules());
    assert_eq!(hours("2026-04-06T09:00:00Z", Window::Office), Err(at("2026-04-07T07:00:00Z")));
    assert_eq!(hours("2026-04-06T09:00:00Z", Window::Daytime), Ok(()));
}
