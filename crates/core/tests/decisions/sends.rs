//! A step that sends more than one letter: one decision, one contact, and the audit knows of each.

use crate::support::{FINANCE, OWNER, Setup, at, day, playbooks_of};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::ids::ContactId;
use dunlin_core::intent::{Heard, Intent};
use dunlin_core::letter::Purpose;
use dunlin_core::lookahead::{ActionKind, Assumptions, Ground, look_ahead};
use dunlin_core::party::{Channel, ContactRole, Suppressed, Ways};
use dunlin_core::plan::{Plan, Review};
use dunlin_core::receivable::{Milestone, Trigger};
use dunlin_core::why::{KnownWhy, WhyUnpaid};

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
fn two_copies_for_one_chat_are_one_for_each_of_several_orders() {
    let twice = "[[step.also]]\nchannels = [\"in_site\"]\nroles = [\"finance\"]\nletter = \"finance_informed\"\n";
    let mut setup = late();
    // The playbook's second chat is looked for by another role first, and ends with the same person.
    let twice = twice.replace("[\"finance\"]", "[\"purchaser\", \"finance\"]");
    setup.playbooks = playbooks_of(&[&format!("{BOTH}{twice}")]);
    setup.owes("USD 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-03")));
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    let in_chat = plan.letters.iter().filter(|letter| letter.channel == Channel::InSite);
    assert_eq!(in_chat.count(), 2, "{:?}", to(&plan));
}

const SHORT: &str = r#"[[route]]
id = "short"
reasons = ["cash_short"]
[route.title]
en = "Short"
zh = "资金不足"
[[route.step]]
id = "offer"
level = 1
purpose = "press"
at = ["reason"]
channels = ["email"]
roles = ["finance"]
letter = "b5_offer"
autonomy = "automatic"
statement = false
answer_days = 5
[route.step.title]
en = "Offer"
zh = "方案"
"#;
const OFFER_BESIDE: &str =
    "[[route.step.also]]\nchannels = [\"email\"]\nroles = [\"owner\"]\nletter = \"finance_informed\"\n";

/// Pressed the day before, and then told by this contact that there is no money for the debt.
fn told_by(setup: &mut Setup, contact: ContactId, debt: usize) {
    let since = at("2026-03-09T08:30:00Z");
    let item = &mut setup.facts.receivables[debt];
    item.why = Some(KnownWhy { why: WhyUnpaid::CashShort, since });
    let (contact_id, receivable_id) = (Some(contact), Some(item.receivable.id));
    setup.facts.heard.push(Heard { at: since, contact_id, receivable_id, intent: Intent::ShortOfCash });
}

#[test]
fn a_reply_within_the_gap_takes_its_copy_with_it() {
    let mut setup = late();
    setup.playbooks = playbooks_of(&[&format!("{BOTH}{SHORT}{OFFER_BESIDE}")]);
    setup.pressed(at("2026-03-08T09:00:00Z"));
    told_by(&mut setup, FINANCE, 0);
    let plan = setup.decide(at(MONDAY));
    let expected = [(0, ContactRole::Finance, Channel::Email, 1), (1, ContactRole::Owner, Channel::Email, 1)];
    assert_eq!(to(&plan), expected, "{:?}", plan.cases[0].reasons);
    assert_eq!(setup.audit(&plan), Ok(()));
}

#[test]
fn a_reply_to_one_person_does_not_answer_another() {
    let to_owner = SHORT.replace("roles = [\"finance\"]", "roles = [\"owner\"]");
    let other = BOTH.replace("id = \"both\"", "id = \"other\"");
    let other = other.replace("[applies]\n", "[applies]\nmilestones = [\"deposit\"]\n");
    let mut setup = late();
    setup.playbooks = playbooks_of(&[&format!("{BOTH}{SHORT}"), &format!("{other}{to_owner}")]);
    let deposit = setup.owes("USD 50.00", Milestone::Deposit, Trigger::BlDate, Some(day("2026-03-03")));
    setup.pressed(at("2026-03-08T09:00:00Z"));
    told_by(&mut setup, FINANCE, 0);
    told_by(&mut setup, OWNER, deposit);
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    assert_eq!(to(&plan), [(0, ContactRole::Finance, Channel::Email, 1)], "the owner's waits for its turn");
    assert!(plan.cases.iter().any(|case| case.receivable_id != plan.letters[0].items[0].receivable_id));
}

#[test]
fn nothing_is_done_before_its_time() {
    let setup = late();
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    let mut later = setup.clone();
    later.playbooks = playbooks_of(&[&BOTH.replace("due + 3 days", "due + 30 days")]);
    let mut early = plan.clone();
    early.cases[0].playbook = Some(later.playbooks.current()[0].reference.clone());
    let refused = later.audit(&early).expect_err("the 1st of April is not come");
    assert_eq!(refused.invariant, 4);
    assert!(refused.what.contains("before its time, due + 30 days"), "{refused}");
}

#[test]
fn looking_ahead_counts_every_copy() {
    let reviewed = BOTH.replace("\"automatic\"", "\"always_reviewed\"");
    let mut setup = late();
    setup.playbooks = playbooks_of(&[&reviewed]);
    let assumptions = Assumptions::default();
    let (tenant, playbooks) = (&setup.tenant, setup.playbooks);
    let from = at(MONDAY);
    let ground = Ground { tenant, playbooks, countries: Countries::shipped(), assumptions: &assumptions, from };
    let outlook = look_ahead(setup.facts.clone(), at("2026-03-11T00:00:00Z"), &ground);
    let count = |kind| outlook.actions.iter().filter(|action| action.kind == kind).count();
    assert_eq!((count(ActionKind::Approval), count(ActionKind::Letter)), (3, 3));
    let asked: i64 =
        outlook.actions.iter().filter(|one| one.kind == ActionKind::Letter).map(|one| one.pressed.minor).sum();
    assert_eq!(asked, 100_000, "the money is asked for once");
}

#[test]
fn a_copy_goes_to_nobody_but_whom_it_names() {
    type Change = fn(&mut Setup);
    let cases: [(&str, Change); 4] = [
        ("no owner", |s| s.facts.contacts.retain(|contact| contact.role != ContactRole::Owner)),
        ("no address", |s| s.facts.contacts[1].ways.email = false),
        ("objected", |s| s.facts.contacts[1].objected = true),
        ("may not be used", |s| {
            s.facts.contacts[1].suppressed = vec![Suppressed { channel: Channel::Email, until: None }]
        }),
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

#[test]
fn a_copy_goes_by_its_own_way_and_nobody_gets_two_by_the_same() {
    let mut setup = late();
    setup.owes("USD 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-03")));
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    let refused = |plan: &Plan| {
        let found = setup.audit(plan);
        let is_it = found.as_ref().is_err_and(|breach| breach.invariant == 4 && breach.what.contains("twice at once"));
        assert!(is_it, "{found:?}");
    };
    // By a way that is for another of its people.
    let mut chat = setup.clone();
    chat.facts.contacts[1].ways.in_site = true;
    let mut to_owner = chat.decide(at(MONDAY));
    assert_eq!((to_owner.letters.len(), chat.audit(&to_owner)), (4, Ok(())));
    to_owner.letters.truncate(2);
    to_owner.letters[1].items.truncate(1);
    to_owner.letters[1].channel = Channel::InSite;
    let found = chat.audit(&to_owner);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("sends nothing beside")), "{found:?}");
    // The owner's copy, once more; and one for each of the two debts.
    let mut again = plan.clone();
    again.letters.truncate(2);
    again.letters.push(again.letters[1].clone());
    again.letters[2].send = 2;
    refused(&again);
    let mut apart = again;
    apart.letters[1].items.truncate(1);
    apart.letters[2].items.remove(0);
    refused(&apart);
    // In the chat there is one for each order, and no second one about the same.
    let mut chat = plan;
    chat.letters[3].items = chat.letters[2].items.clone();
    refused(&chat);
}

/// Pressed the day before; then finance says of both debts that there is no money.
fn both_answered(playbooks: &[&str]) -> Setup {
    let mut setup = late();
    setup.playbooks = playbooks_of(playbooks);
    let deposit = setup.owes("USD 50.00", Milestone::Deposit, Trigger::BlDate, Some(day("2026-03-03")));
    setup.pressed(at("2026-03-08T09:00:00Z"));
    told_by(&mut setup, FINANCE, 0);
    told_by(&mut setup, FINANCE, deposit);
    setup
}

#[test]
fn one_reply_answers_all_that_was_said_unless_their_hours_differ() {
    let one = format!("{BOTH}{SHORT}");
    let setup = both_answered(&[&one]);
    let plan = setup.decide(at(MONDAY));
    assert_eq!(to(&plan), [(0, ContactRole::Finance, Channel::Email, 2)]);
    assert_eq!(setup.audit(&plan), Ok(()));
    let count = |plan: &Plan| {
        let told = plan.letters[0].reasons.iter().find(|reason| reason.code.code() == "letter.consolidated");
        told.map(|reason| reason.facts.clone())
    };
    assert!(count(&plan).is_some(), "that it is about two is told: {:?}", plan.letters[0].reasons);

    let evening = one.replace("id = \"both\"", "id = \"evening\"").replace("\"office\"", "\"daytime\"");
    let evening = evening.replace("[applies]\n", "[applies]\nmilestones = [\"deposit\"]\n");
    let setup = both_answered(&[&one, &evening]);
    let plan = setup.decide(at(MONDAY));
    assert_eq!(to(&plan), [(0, ContactRole::Finance, Channel::Email, 1)], "the other has its own hours");
    assert_eq!(setup.audit(&plan), Ok(()));
    assert_eq!(count(&plan), None, "of one nothing is told");
}

#[test]
fn a_copy_about_debts_of_several_kinds_has_the_text_for_several() {
    let other = BOTH.replace("id = \"both\"", "id = \"other\"").replace("finance_informed", "owner_informed");
    let other = other.replace("[applies]\n", "[applies]\nmilestones = [\"deposit\"]\n");
    let mut setup = late();
    setup.playbooks = playbooks_of(&[BOTH, &other]);
    setup.owes("USD 50.00", Milestone::Deposit, Trigger::BlDate, Some(day("2026-03-03")));
    let plan = setup.decide(at(MONDAY));
    assert_eq!((&*plan.letters[1].letter, plan.letters[1].items.len()), ("several_reminder", 2));
    assert_eq!(setup.audit(&plan), Ok(()));
    for text in ["finance_informed", "several_last"] {
        let mut spoiled = plan.clone();
        spoiled.letters[1].letter = text.into();
        let found = setup.audit(&spoiled);
        assert!(found.as_ref().is_err_and(|breach| breach.what.contains("sends nothing beside")), "{text}: {found:?}");
    }
    // And nobody gets it but whoever has the role.
    let mut setup = setup;
    setup.contact(ContactId(13), ContactRole::Purchaser, Ways { email: true, in_site: false, phone: false });
    let mut spoiled = plan;
    spoiled.letters[1].contact_id = ContactId(13);
    let found = setup.audit(&spoiled);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("is not who gets a letter beside")), "{found:?}");
}

#[test]
fn a_copy_is_of_one_kind_with_its_letter_and_there_is_one_for_each_person() {
    let setup = late();
    let plan = setup.decide(at(MONDAY));
    type Spoil = fn(&mut Plan);
    let cases: [(&str, Spoil); 2] = [
        ("of another kind", |p| p.letters[1].review = Review::Look),
        ("in the tone of level 2 beside one of 1", |p| p.letters[1].level = 2),
    ];
    for (words, spoil) in cases {
        let mut plan = plan.clone();
        spoil(&mut plan);
        let found = setup.audit(&plan);
        assert!(found.as_ref().is_err_and(|breach| breach.what.contains(words)), "{words}: {found:?}");
    }
    let more = "[[step.also]]\nchannels = [\"email\"]\nroles = [\"purchaser\"]\nletter = \"finance_informed\"\n";
    let mut setup = late();
    setup.playbooks = playbooks_of(&[&format!("{BOTH}{more}")]);
    setup.contact(ContactId(13), ContactRole::Purchaser, Ways { email: true, in_site: false, phone: false });
    let plan = setup.decide(at(MONDAY));
    let copies = plan.letters.iter().filter(|letter| letter.channel == Channel::Email && letter.send > 0);
    assert_eq!(copies.map(|letter| letter.role).collect::<Vec<_>>(), [ContactRole::Owner, ContactRole::Purchaser]);
    assert_eq!(setup.audit(&plan), Ok(()));
}
