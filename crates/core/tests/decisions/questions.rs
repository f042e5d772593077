//! Questions that a person put: what lets them leave, and what does not.

use crate::support::{FINANCE, Setup, at, day, money};
use dunlin_core::audit::departure::{WaitingLetter, check_departure, not_too_soon};
use dunlin_core::case::CaseState;
use dunlin_core::gate_facts::HoldKind;
use dunlin_core::ids::{LetterId, ReceivableId};
use dunlin_core::letter::Purpose;
use dunlin_core::party::Channel;
use dunlin_core::plan::LetterItem;
use dunlin_core::question::QUESTION_STEP;
use dunlin_core::receivable::{Milestone, Trigger};

const MONDAY: &str = "2026-03-09T09:00:00Z";

/// What a payment of USD 400.00 settles, of a debt of which USD 1000.00 are open.
fn question() -> (WaitingLetter, Setup) {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.unmatched("USD 400.00");
    let item = LetterItem {
        case_id: setup.case(0).id,
        receivable_id: setup.receivable(0).id,
        step: QUESTION_STEP.into(),
        level: 0,
        round: 0,
        outstanding: money("USD 1000.00"),
        pressed: money("USD 0.00"),
        due_on: Some(day("2026-03-02")),
    };
    let (id, purpose, channel, contact_id) = (LetterId(5), Purpose::Service, Channel::Email, FINANCE);
    (WaitingLetter { id, purpose, channel, contact_id, items: vec![item] }, setup)
}

/// What became of a debt meanwhile.
type Change = fn(&mut Setup);

#[test]
fn a_question_leaves_whatever_keeps_us_from_asking_for_money() {
    let changes: &[(&str, Change)] = &[
        ("money without a place", |_| {}),
        ("disputed", |s| s.dispute(0, None)),
        ("promised", |s| s.promise(Some(0), None, "2026-03-08", "2026-03-20")),
        ("the case is at its end", |s| s.case(0).state = CaseState::LadderDone),
        ("a pause that is over", |s| s.hold(Some(0), "2026-03-08")),
        ("a pause that somebody ended", |s| {
            s.hold(None, "2026-03-20");
            s.facts.holds[0].released = true;
        }),
        ("waiting for an answer to another question", |s| {
            s.hold(None, "2026-03-20");
            s.facts.holds[0].kind = HoldKind::Question;
        }),
        ("pressed a moment ago", |s| s.pressed(at("2026-03-09T08:55:00Z"))),
    ];
    for (name, change) in changes {
        let (letter, mut setup) = question();
        change(&mut setup);
        assert_eq!(check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules()), Ok(()), "{name}");
        assert_eq!(not_too_soon(&letter, &setup.facts, at(MONDAY), &setup.rules()), Ok(()), "{name}");
    }
    // Of another debt, which is paused, it says nothing.
    let (letter, mut setup) = question();
    setup.owes("USD 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.hold(Some(1), "2026-03-20");
    assert_eq!(check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules()), Ok(()));
}

#[test]
fn nothing_else_leaves_as_a_question() {
    type Spoiled = (&'static str, fn(&mut WaitingLetter, &mut Setup), u8, &'static str);
    let cases: &[Spoiled] = &[
        ("it asks for money", |l, _| l.items[0].pressed.minor = 1, 1, "asks for money"),
        ("it presses", |l, _| l.purpose = Purpose::Press, 1, "asks for money"),
        ("it answers", |l, _| l.purpose = Purpose::Answer, 1, "asks for money"),
        ("it climbs", |l, _| l.items[0].level = 1, 2, "takes a step"),
        (
            "it takes a step beside",
            |l, _| {
                let mut other = l.items[0].clone();
                other.step = "first_reminder".into();
                l.items.push(other);
            },
            2,
            "takes a step",
        ),
        ("objected", |_, s| s.facts.contacts[0].objected = true, 4, "objected"),
        ("no address any more", |_, s| s.facts.contacts[0].ways.email = false, 4, "no address"),
        ("blocked", |_, s| s.facts.party.blacklisted = true, 1, "blacklisted"),
        ("another's receivable", |l, _| l.items[0].receivable_id = ReceivableId(9), 9, "not this debtor's"),
        ("paid in part since", |_, s| s.paid(0, "USD 1.00"), 3, "the ledger says 99900"),
        ("stated in euros", |l, _| l.items[0].outstanding = money("EUR 1000.00"), 3, "the ledger says"),
        ("in other hands", |_, s| s.case(0).state = CaseState::HandedOver, 1, "in other hands"),
        ("paused", |_, s| s.hold(Some(0), "2026-03-20"), 1, "on hold"),
        ("paused as a whole, to this very day", |_, s| s.hold(None, "2026-03-09"), 1, "on hold"),
    ];
    for (name, spoil, invariant, words) in cases {
        let (mut letter, mut setup) = question();
        spoil(&mut letter, &mut setup);
        let found = check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules());
        let fits =
            |refusal: &dunlin_core::audit::Breach| refusal.invariant == *invariant && refusal.what.contains(words);
        assert!(found.as_ref().is_err_and(fits), "{name}: {found:?}");
    }
}
