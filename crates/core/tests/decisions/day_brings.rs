//! What a day brings before anything is decided on it.

use dunlin_core::case::StepEnd;
use dunlin_core::day_brings::{Over, day_brings};
use dunlin_core::facts::ContactMade;
use dunlin_core::gate_facts::PromiseState;
use dunlin_core::letter::Purpose;
use dunlin_core::party::Channel;
use dunlin_core::receivable::{Milestone, Trigger};

use crate::support::{FINANCE, Setup, at, day};

fn owing() -> Setup {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::InvoiceDate, Some(day("2026-02-20")));
    setup
}

#[test]
fn a_promise_ends_on_the_day_after_its_margin() {
    let mut setup = owing();
    setup.promise(None, None, "2026-02-25", "2026-03-02");
    for (today, state) in [("2026-03-04", PromiseState::Open), ("2026-03-05", PromiseState::Broken)] {
        let mut facts = setup.facts.clone();
        day_brings(&mut facts, &Over::default(), &setup.tenant, day(today)).expect("sound");
        assert_eq!(facts.promises[0].state, state, "{today}");
    }
}

#[test]
fn a_promise_is_looked_at_when_its_days_are_over_as_a_run_does_it() {
    let mut setup = owing();
    setup.promise(Some(0), Some("USD 300.00"), "2026-02-25", "2026-03-20");
    setup.paid(0, "USD 300.00");
    for (today, state) in [("2026-03-22", PromiseState::Open), ("2026-03-23", PromiseState::Kept)] {
        let mut facts = setup.facts.clone();
        day_brings(&mut facts, &Over::default(), &setup.tenant, day(today)).expect("sound");
        assert_eq!(facts.promises[0].state, state, "{today}");
    }
}

#[test]
fn a_call_that_nobody_made_is_a_step_that_was_not_taken() {
    let mut setup = owing();
    setup.took(0, "call", 2, at("2026-02-25T09:00:00Z"));
    let (id, case_id) = (setup.receivable(0).id, setup.case(0).id);
    setup.case(0).steps[0].done_at = None;
    setup.facts.contacts_made.push(ContactMade {
        at: at("2026-02-25T09:00:00Z"),
        letter_id: None,
        is_done: false,
        channel: Channel::Phone,
        purpose: Purpose::Press,
        contact_id: Some(FINANCE),
        receivable_id: Some(id),
    });
    let made = setup.facts.contacts_made.len();
    let over = Over { calls: vec![(case_id, "call".to_string())], block: false };
    day_brings(&mut setup.facts, &over, &setup.tenant, day("2026-03-05")).expect("sound");
    let taken = &setup.case(0).steps[0];
    assert!(taken.voided && taken.end == Some(StepEnd::NotCalled));
    assert_eq!(setup.facts.contacts_made.len(), made - 1);
}

#[test]
fn a_block_ends_with_its_last_day() {
    let mut setup = owing();
    setup.facts.party.blacklisted = true;
    day_brings(&mut setup.facts, &Over::default(), &setup.tenant, day("2026-03-05")).expect("sound");
    assert!(setup.facts.party.blacklisted);
    day_brings(&mut setup.facts, &Over { block: true, ..Over::default() }, &setup.tenant, day("2026-03-05"))
        .expect("sound");
    assert!(!setup.facts.party.blacklisted);
}
