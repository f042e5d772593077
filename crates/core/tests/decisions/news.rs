//! News of the goods goes although pressing must rest, and asks for nothing then.

use crate::support::{Setup, at, day, money, playbooks_of};
use dunlin_core::audit::desk::{WaitingCall, check_call};
use dunlin_core::facts::StatementAge;
use dunlin_core::party::Ways;
use dunlin_core::plan::Plan;
use dunlin_core::receivable::{Milestone, Trigger};

const MONDAY: &str = "2026-03-09T09:00:00Z";

/// The copy of the bill of lading was sent today; USD 1000.00 fall due against it.
fn shipped() -> Setup {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Balance, Trigger::BlCopy, Some(day("2026-03-09")));
    setup
}

fn asked(plan: &Plan) -> Vec<String> {
    plan.letters.iter().flat_map(|letter| &letter.items).map(|item| item.pressed.to_string()).collect()
}

#[test]
fn news_asks_for_nothing_while_pressing_must_rest() {
    type Change = fn(&mut Setup);
    let cases: [(&str, Change, &str); 6] = [
        ("nothing in the way", |_| (), "USD 1000.00"),
        ("a part disputed", |s| s.dispute(0, Some("USD 200.00")), "USD 800.00"),
        ("all of it disputed", |s| s.dispute(0, None), "USD 0.00"),
        ("money that may be this", |s| s.unmatched("USD 990.00"), "USD 0.00"),
        (
            "books too old",
            |s| s.tenant.statements = Some(StatementAge { covered_to: day("2026-03-01"), max_age_days: 3 }),
            "USD 0.00",
        ),
        ("everybody objected", |s| s.facts.contacts.iter_mut().for_each(|contact| contact.objected = true), "USD 0.00"),
    ];
    let whole = shipped().decide(at(MONDAY));
    for (name, change, amount) in cases {
        let mut setup = shipped();
        change(&mut setup);
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()), "{name}");
        assert_eq!(asked(&plan), [amount], "{name}");
        // What asks for all is refused wherever the decision asks for less.
        let found = setup.audit(&whole);
        assert_eq!(found.is_ok(), amount == "USD 1000.00", "{name}: {found:?}");
    }
}

#[test]
fn one_person_who_objected_does_not_keep_the_others_from_being_asked() {
    let mut setup = shipped();
    setup.facts.contacts[1].objected = true;
    let plan = setup.decide(at(MONDAY));
    assert_eq!((setup.audit(&plan), asked(&plan)), (Ok(()), vec![money("USD 1000.00").to_string()]));
}

#[test]
fn whoever_was_erased_is_nobody_and_did_not_object() {
    // The only person there: reachable or not, objected or not, and what is said of it.
    for (ways, objected, expected) in [
        (Ways { email: true, ..Ways::default() }, true, "gate.objection"),
        (Ways::default(), true, "contact.nobody"),
        (Ways::default(), false, "contact.nobody"),
    ] {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.facts.contacts.truncate(1);
        (setup.facts.contacts[0].ways, setup.facts.contacts[0].objected) = (ways, objected);
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()));
        let codes: Vec<&str> = plan.cases[0].reasons.iter().map(|reason| reason.code.code()).collect();
        assert!(codes.contains(&expected), "{ways:?} {objected}: {codes:?}");
        assert_eq!((plan.letters.len(), plan.tasks.len()), (0, 1));
    }
}

#[test]
fn nobody_was_contacted_by_what_is_only_planned() {
    let waits = |setup: &Setup| {
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()));
        let codes = plan.cases.iter().flat_map(|case| &case.reasons).map(|reason| reason.code.code());
        codes.filter(|code| code.starts_with("contact.gap")).map(str::to_string).collect::<Vec<_>>()
    };
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.owes("EUR 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    assert_eq!(waits(&setup), ["contact.gap_planned"], "the letter about the other currency goes first");
    setup.pressed(at("2026-03-09T08:00:00Z"));
    assert_eq!(waits(&setup), ["contact.gap", "contact.gap"]);
    setup.facts.contacts_made[0].is_done = false;
    assert_eq!(waits(&setup), ["contact.gap_planned", "contact.gap_planned"]);
}

/// Told by telephone, with what is open.
const BY_PHONE: &str = r#"id = "by_phone"
scenario = "B3"
window = "office"
[title]
en = "By telephone"
zh = "电话"
[applies]
[[step]]
id = "told"
level = 0
purpose = "service"
at = ["due"]
channels = ["phone"]
roles = ["finance"]
letter = "b3_copy_sent"
autonomy = "automatic"
statement = false
answer_days = 5
[step.title]
en = "Told"
zh = "告知"
"#;

#[test]
fn nobody_who_objected_is_rung_up_with_an_amount_to_pay() {
    let mut setup = shipped();
    setup.playbooks = playbooks_of(&[BY_PHONE]);
    let mut plan = setup.decide(at(MONDAY));
    assert_eq!(plan.tasks[0].pressed, money("USD 1000.00"));
    assert_eq!(setup.audit(&plan), Ok(()));
    setup.facts.contacts[0].objected = true;
    let found = setup.audit(&plan);
    assert!(found.as_ref().is_err_and(|breach| breach.invariant == 4 && breach.what.contains("objected")), "{found:?}");
    // The news itself they may be told.
    plan.tasks[0].pressed = money("USD 0.00");
    assert_eq!(setup.audit(&plan), Ok(()));
    assert_eq!(setup.decide(at(MONDAY)).tasks[0].pressed, money("USD 0.00"));
}

#[test]
fn a_call_that_asks_for_nothing_is_made_unless_all_must_be_silent() {
    let mut setup = shipped();
    setup.playbooks = playbooks_of(&[BY_PHONE]);
    let plan = setup.decide(at(MONDAY));
    setup.case(0).playbook.clone_from(&plan.cases[0].playbook);
    let task = &plan.tasks[0];
    let call = WaitingCall {
        case_id: task.case_id,
        receivable_id: task.receivable_id,
        contact_id: task.contact_id,
        step: task.step.clone().expect("its step"),
        pressed: money("USD 0.00"),
    };
    let may =
        |setup: &Setup| check_call(&call, &setup.facts, at(MONDAY), &setup.rules()).map_err(|breach| breach.invariant);
    assert_eq!(may(&setup), Ok(()));
    setup.dispute(0, None);
    assert_eq!(may(&setup), Ok(()), "of the goods they may hear");
    setup.hold(None, "2026-03-20");
    assert_eq!(may(&setup), Err(1));
}
