//! Letters that put a wrong one right: what lets them leave, and what does not.

use crate::support::{FINANCE, Setup, at, day, money};
use dunlin_core::audit::departure::{WaitingLetter, check_departure, not_too_soon};
use dunlin_core::case::CaseState;
use dunlin_core::ids::{CaseId, LetterId, ReceivableId};
use dunlin_core::letter::{Purpose, REPAIR_STEP};
use dunlin_core::party::Channel;
use dunlin_core::plan::LetterItem;
use dunlin_core::playbook::parse;
use dunlin_core::receivable::{Milestone, Trigger};

const MONDAY: &str = "2026-03-09T09:00:00Z";

fn correction() -> (WaitingLetter, Setup) {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    let receivable_id = setup.receivable(0).id;
    let case_id = setup.case(0).id;
    let item = LetterItem {
        case_id,
        receivable_id,
        step: REPAIR_STEP.into(),
        level: 0,
        round: 0,
        outstanding: money("USD 1000.00"),
        pressed: money("USD 0.00"),
        due_on: Some(day("2026-03-02")),
    };
    let letter = WaitingLetter {
        id: LetterId(5),
        purpose: Purpose::Answer,
        channel: Channel::Email,
        contact_id: FINANCE,
        items: vec![item],
    };
    (letter, setup)
}

/// What became of a debt meanwhile.
type Change = fn(&mut Setup);

#[test]
fn a_correction_leaves_whatever_became_of_the_debt() {
    let changes: &[(&str, Change)] = &[
        ("nothing", |_| {}),
        ("paid", |s| s.paid(0, "USD 1000.00")),
        ("paid in part", |s| s.paid(0, "USD 1.00")),
        ("disputed", |s| s.dispute(0, None)),
        ("on hold", |s| s.hold(Some(0), "2026-03-20")),
        ("the case is over", |s| s.case(0).state = CaseState::Paid),
        ("the due date was corrected", |s| s.receivable(0).due_on = None),
        ("pressed a moment ago", |s| s.pressed(at("2026-03-09T08:55:00Z"))),
    ];
    for (name, change) in changes {
        let (letter, mut setup) = correction();
        change(&mut setup);
        assert_eq!(check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules()), Ok(()), "{name}");
        assert_eq!(not_too_soon(&letter, &setup.facts, at(MONDAY), &setup.rules()), Ok(()), "{name}");
    }
}

#[test]
fn nothing_else_leaves_in_its_name() {
    type Spoiled = (&'static str, fn(&mut WaitingLetter, &mut Setup), u8, &'static str);
    let cases: &[Spoiled] = &[
        ("it asks for money", |l, _| l.items[0].pressed.minor = 1, 1, "asks for money"),
        ("it presses", |l, _| l.purpose = Purpose::Press, 1, "asks for money"),
        ("it is a demand", |l, _| l.purpose = Purpose::Formal, 1, "asks for money"),
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
        ("the contact is gone", |_, s| s.facts.contacts.clear(), 9, "gone"),
        ("blocked", |_, s| s.facts.party.blacklisted = true, 1, "blacklisted"),
        ("another's receivable", |l, _| l.items[0].receivable_id = ReceivableId(9), 9, "not this debtor's"),
        ("an ordinary answer", |l, _| l.items[0].step = "thanks".into(), 2, "not waiting"),
        (
            "another's case",
            |l, _| {
                l.items[0].step = "thanks".into();
                l.items[0].case_id = CaseId(9);
            },
            2,
            "not running",
        ),
    ];
    for (name, spoil, invariant, words) in cases {
        let (mut letter, mut setup) = correction();
        spoil(&mut letter, &mut setup);
        let found = check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules());
        let fits =
            |refusal: &dunlin_core::audit::Breach| refusal.invariant == *invariant && refusal.what.contains(words);
        assert!(found.as_ref().is_err_and(fits), "{name}: {found:?}");
    }
}

#[test]
fn no_playbook_takes_the_name_of_the_step() {
    let text = include_str!("../../../../playbooks/b5_other_direct.toml");
    assert!(parse::parse("p.toml", text).is_ok());
    let first = text.split("id = \"").nth(2).and_then(|rest| rest.split('"').next()).expect("a step");
    let taken = text.replace(&format!("id = \"{first}\""), &format!("id = \"{REPAIR_STEP}\""));
    assert!(format!("{:?}", parse::parse("p.toml", &taken)).contains("outside every playbook"));
}
