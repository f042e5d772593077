//! A step that sends more than one letter: one decision, one contact, and the audit knows of each.

use crate::support::{FINANCE, OWNER, Setup, at, day, playbooks_of};
use dunlin_core::letter::Purpose;
use dunlin_core::party::{Channel, ContactRole, Ways};
use dunlin_core::plan::Plan;
use dunlin_core::receivable::{Milestone, Trigger};

const BOTH: &str = r#"id = "both"
scenario = "B5"
window = "office"
[title]
en = "Both"
zh = "两封"
[applies]
[[step]]
id = "last_date"
level = 1
purpose = "press"
at = ["due + 3 days"]
channels = ["email"]
roles = ["finance"]
letter = "b3_owner"
autonomy = "automatic"
statement = false
answer_days = 5
[step.title]
en = "Last date"
zh = "最后期限"
[[step.also]]
channels = ["email"]
roles = ["owner"]
letter = "finance_informed"
[[step.also]]
channels = ["in_site"]
roles = ["finance"]
letter = "b3_owner"
"#;

/// Mondays, ten in the morning in Italy.
const MONDAY: &str = "2026-03-09T09:00:00Z";

/// Finance has a chat as well.
fn late() -> Setup {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[BOTH]);
    setup.facts.contacts[0].ways = Ways { email: true, in_site: true, phone: true };
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup
}

fn to(plan: &Plan) -> Vec<(u8, ContactRole, Channel, usize)> {
    plan.letters.iter().map(|letter| (letter.send, letter.role, letter.channel, letter.items.len())).collect()
}

#[test]
fn a_step_sends_several_letters_and_they_are_one_contact() {
    let mut setup = late();
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    let (finance, owner) = (ContactRole::Finance, ContactRole::Owner);
    let expected = [(0, finance, Channel::Email, 1), (1, owner, Channel::Email, 1), (2, finance, Channel::InSite, 1)];
    assert_eq!(to(&plan), expected);
    assert_eq!((&*plan.letters[0].letter, &*plan.letters[1].letter), ("b3_owner", "finance_informed"));
    setup.carry_out(&plan);
    assert_eq!((setup.facts.contacts_made.len(), setup.case(0).steps.len()), (1, 1));
    assert!(setup.decide(at(MONDAY)).letters.is_empty());
}

#[test]
fn debts_that_share_a_letter_share_what_goes_beside_it_but_not_a_chat() {
    let mut setup = late();
    setup.owes("USD 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-03")));
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    let (finance, owner) = (ContactRole::Finance, ContactRole::Owner);
    let expected = [
        (0, finance, Channel::Email, 2),
        (1, owner, Channel::Email, 2),
        (2, finance, Channel::InSite, 1),
        (3, finance, Channel::InSite, 1),
    ];
    assert_eq!(to(&plan), expected);
}

#[test]
fn a_copy_goes_to_nobody_but_whom_it_names() {
    type Change = fn(&mut Setup);
    let cases: [(&str, Change); 3] = [
        ("no owner", |s| s.facts.contacts.retain(|contact| contact.role != ContactRole::Owner)),
        ("no address", |s| s.facts.contacts[1].ways.email = false),
        ("objected", |s| s.facts.contacts[1].objected = true),
    ];
    for (name, change) in cases {
        let mut setup = late();
        change(&mut setup);
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()), "{name}");
        assert!(plan.letters.iter().all(|letter| letter.contact_id == FINANCE), "{name}");
        let codes: Vec<&str> = plan.cases[0].reasons.iter().map(|reason| reason.code.code()).collect();
        assert!(codes.contains(&"letter.beside_nobody"), "{name}: {codes:?}");
    }
}

#[test]
fn the_audit_knows_what_goes_beside_a_letter() {
    type Spoil = fn(&mut Plan);
    let cases: [(&str, Spoil, u8); 7] = [
        ("beside none", |p| drop(p.letters.remove(0)), 2),
        ("one is missing between", |p| drop(p.letters.remove(1)), 2),
        ("twice to one person", |p| p.letters.push(p.letters[1].clone()), 2),
        ("to somebody whom it does not name", |p| p.letters[1].contact_id = FINANCE, 4),
        ("by a way that it does not name", |p| p.letters[2].contact_id = OWNER, 4),
        ("another letter", |p| p.letters[1].letter = "b5_final_demand".into(), 4),
        ("another kind", |p| p.letters[1].purpose = Purpose::Service, 4),
    ];
    for (name, spoil, invariant) in cases {
        let setup = late();
        let mut plan = setup.decide(at(MONDAY));
        spoil(&mut plan);
        let found = setup.audit(&plan);
        assert!(found.as_ref().is_err_and(|refusal| refusal.invariant == invariant), "{name}: {found:?}");
    }
}
