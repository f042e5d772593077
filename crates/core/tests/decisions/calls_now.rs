//! A call that lies on the desk is looked at again before somebody makes it: it rests in the buyer's night and at the weekend,
//! and while another contact holds it by gap or ceiling; and it comes back at a moment at which it can be made.

use crate::support::{FINANCE, Setup, at, day, money};
use dunlin_core::audit::departure::unknown_playbook;
use dunlin_core::audit::desk::{NotNow, WaitingCall, check_call, not_now};
use dunlin_core::case::PlaybookRef;
use dunlin_core::ids::{CaseId, ReceivableId};
use dunlin_core::party::{Channel, Suppressed};
use dunlin_core::receivable::{Milestone, Trigger};
use jiff::Timestamp;

fn asked(setup: &Setup, now: Timestamp) -> Option<NotNow> {
    let call = WaitingCall {
        case_id: CaseId(201),
        receivable_id: ReceivableId(101),
        contact_id: Some(FINANCE),
        step: "ring".into(),
        pressed: money("USD 1000.00"),
    };
    not_now(&call, &setup.facts, now, &setup.rules())
}

fn late() -> Setup {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup
}

#[test]
fn a_call_rests_at_night_and_at_the_weekend() {
    let setup = late();
    assert_eq!(asked(&setup, at("2026-03-09T09:00:00Z")), None, "a Monday, ten in the morning in Italy");
    for night in ["2026-03-09T20:00:00Z", "2026-03-14T09:00:00Z"] {
        let Some(NotNow::OutsideHours(until)) = asked(&setup, at(night)) else { panic!("{night}") };
        assert!(until > at(night) && asked(&setup, until).is_none(), "{night}: until {until}");
    }
}

#[test]
fn a_call_rests_while_gap_or_ceiling_hold_it() {
    let mut setup = late();
    // A letter on another debt left on Thursday; the call still lies there on Friday.
    setup.pressed(at("2026-03-12T09:00:00Z"));
    let friday = at("2026-03-13T09:00:00Z");
    let Some(NotNow::TooSoon(until)) = asked(&setup, friday) else { panic!("made on Friday") };
    assert!(until >= at("2026-03-15T09:00:00Z"), "three days at least, and not on a Sunday: {until}");
    assert_eq!(asked(&setup, until), None);
    // Three in seven days is the most, whatever the gap.
    setup.tenant.rules.gap_hours = 1;
    setup.pressed(at("2026-03-09T09:00:00Z"));
    setup.pressed(at("2026-03-10T09:00:00Z"));
    let Some(NotNow::TooSoon(until)) = asked(&setup, friday) else { panic!("a fourth time") };
    assert!(until >= at("2026-03-16T09:00:00Z"), "{until}");
}

#[test]
fn a_call_is_made_from_the_moment_on_at_which_it_is_not_too_soon() {
    let mut setup = late();
    setup.pressed(at("2026-03-09T09:00:00Z"));
    assert!(asked(&setup, at("2026-03-12T08:59:59Z")).is_some());
    assert_eq!(asked(&setup, at("2026-03-12T09:00:00Z")), None);
}

#[test]
fn nobody_picks_up_the_telephone_for_somebody_who_objected() {
    let call = WaitingCall {
        case_id: CaseId(201),
        receivable_id: ReceivableId(101),
        contact_id: Some(FINANCE),
        step: "ring".into(),
        pressed: money("USD 1000.00"),
    };
    let may = |change: fn(&mut Setup)| {
        let mut setup = late();
        change(&mut setup);
        check_call(&call, &setup.facts, at("2026-03-09T09:00:00Z"), &setup.rules()).map_err(|breach| breach.invariant)
    };
    assert_eq!(may(|_| {}), Ok(()));
    assert_eq!(may(|s| s.facts.contacts[0].objected = true), Err(4));
    assert_eq!(may(|s| s.facts.contacts[1].objected = true), Ok(()), "somebody else did");
    assert_eq!(may(|s| drop(s.facts.contacts.remove(0))), Err(9), "they are gone");
    let by_phone = |until| vec![Suppressed { channel: Channel::Phone, until }];
    assert!(
        may(|s| s.facts.contacts[0].suppressed = vec![Suppressed { channel: Channel::Phone, until: None }]).is_err()
    );
    let mut setup = late();
    setup.facts.contacts[0].suppressed = by_phone(Some(at("2026-03-09T09:00:00Z")));
    assert_eq!(check_call(&call, &setup.facts, at("2026-03-09T09:00:00Z"), &setup.rules()), Ok(()), "no longer");
}

#[test]
fn a_playbook_that_nobody_has_any_more_is_named() {
    let mut setup = late();
    setup.owes("USD 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    let plan = setup.decide(at("2026-03-09T09:00:00Z"));
    let gone = PlaybookRef { id: "b5_open_account".into(), version: "000000000000".into() };
    let items = &plan.letters[0].items;
    assert_eq!(items.len(), 2);
    setup.case(0).playbook.clone_from(&plan.cases[0].playbook);
    assert_eq!(unknown_playbook(items, &setup.facts, &setup.rules()), None);
    setup.case(1).playbook = Some(gone.clone());
    assert_eq!(unknown_playbook(items, &setup.facts, &setup.rules()), Some(&gone));
    assert_eq!(unknown_playbook(&items[..1], &setup.facts, &setup.rules()), None, "of another debt");
}
