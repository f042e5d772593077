//! What the decision takes from the playbooks is proven by the audit for itself: text, tone, condition, the playbook of a new case,
//! and that a warning names nothing that is not due.

use crate::support::{Setup, at, day, playbooks, playbooks_of};
use dunlin_core::case::PlaybookRef;
use dunlin_core::ids::ReceivableId;
use dunlin_core::key_date::KeyDate;
use dunlin_core::order::OrderSource;
use dunlin_core::party::ContactRole;
use dunlin_core::plan::Plan;
use dunlin_core::receivable::{Milestone, Trigger};

/// A Monday, ten in the morning in Italy.
const MONDAY: &str = "2026-03-09T09:00:00Z";

/// A name, what is spoiled, the invariant that says no, and words of its refusal.
type Spoiled = (&'static str, fn(&mut Plan, &mut Setup), u8, &'static str);

fn late(amounts: &[&str]) -> (Plan, Setup) {
    let mut setup = Setup::company();
    for amount in amounts {
        setup.owes(amount, Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    }
    let plan = setup.decide(at(MONDAY));
    assert_eq!(plan.letters.len(), 1, "{plan:#?}");
    (plan, setup)
}

fn refused((plan, setup): (Plan, Setup), cases: &[Spoiled]) {
    assert_eq!(setup.audit(&plan), Ok(()), "the plan before it is spoiled");
    for (name, spoil, invariant, words) in cases {
        let (mut plan, mut setup) = (plan.clone(), setup.clone());
        spoil(&mut plan, &mut setup);
        let found = setup.audit(&plan);
        let is_right =
            found.as_ref().is_err_and(|breach| breach.invariant == *invariant && breach.what.contains(words));
        assert!(is_right, "{name}: expected {invariant} ‘{words}’, found {found:?}");
    }
}

#[test]
fn a_letter_says_what_its_steps_say() {
    refused(
        late(&["USD 1000.00"]),
        &[
            ("another text", |p, _| p.letters[0].letter = "b5_final_demand".into(), 6, "the text b5_final_demand"),
            ("another tone", |p, _| p.letters[0].level = 2, 4, "the tone of level 2"),
            // Where only the owner can be spoken to, the route with the owner takes the place of this step.
            ("its condition does not hold", |_, s| s.facts.contacts[0].role = ContactRole::Purchaser, 4, "only for"),
        ],
    );
    refused(
        late(&["USD 1000.00", "USD 50.00"]),
        &[("a text for debts of several kinds", |p, _| p.letters[0].letter = "several_reminder".into(), 6, "the text")],
    );
}

fn reference(id: &str) -> PlaybookRef {
    let known = playbooks().current().iter().find(|playbook| &*playbook.reference.id == id);
    known.expect("a playbook that ships").reference.clone()
}

/// The case that only waits begins with another playbook.
fn begins_with(plan: &mut Plan, playbook: &PlaybookRef) {
    let other = plan.cases.iter_mut().filter(|case| case.receivable_id == ReceivableId(102));
    other.for_each(|case| case.playbook = Some(playbook.clone()));
}

#[test]
fn a_case_begins_with_the_playbook_that_is_for_it() {
    fn nobodys() -> PlaybookRef {
        PlaybookRef { version: "000000000000".into(), ..reference("b5_open_account") }
    }
    refused(
        late(&["USD 1000.00", "EUR 50.00"]),
        &[
            ("one for deposits", |p, _| begins_with(p, &reference("b1_deposit")), 2, "which is not for it"),
            ("one for orders", |p, _| begins_with(p, &reference("m4_confirm")), 2, "which is not for it"),
            ("one for a marketplace", |p, _| begins_with(p, &reference("m1_unpaid_order")), 2, "which is not for it"),
            ("one that is less for it", |p, _| begins_with(p, &reference("b5_other_direct")), 2, "fits better"),
            ("a version that nobody has", |p, _| begins_with(p, &nobodys()), 2, "not in force"),
            (
                "another than was chosen",
                |_, s| s.facts.party.playbook_override = Some("b3_balance_bl_copy".to_string()),
                2,
                "its debtor follows",
            ),
        ],
    );
}

/// For parcels of whatever order.
const PARCELS: &str = r#"id = "parcels"
scenario = "M5"
window = "daytime"
[title]
en = "Parcels"
zh = "包裹"
[applies]
subject = "shipment"
[[step]]
id = "told"
level = 0
purpose = "service"
statuses = ["not_found"]
at = ["shipped"]
channels = ["email"]
roles = ["finance"]
letter = "m5_shipped"
autonomy = "automatic"
statement = false
answer_days = 0
[step.title]
en = "Told"
zh = "告知"
"#;

#[test]
fn no_debt_begins_with_a_playbook_for_parcels() {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[PARCELS]);
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    let mut plan = setup.decide(at(MONDAY));
    assert_eq!((plan.cases[0].playbook.as_ref(), setup.audit(&plan)), (None, Ok(())));
    plan.cases[0].playbook = Some(setup.playbooks.current()[0].reference.clone());
    let found = setup.audit(&plan);
    assert!(found.is_err_and(|breach| breach.invariant == 2 && breach.what.contains("which is not for it")));
    // Nor is its debtor's wish one.
    setup.facts.party.playbook_override = Some("parcels".to_string());
    assert_eq!(setup.decide(at(MONDAY)).cases[0].playbook, None);
    let found = setup.audit(&plan);
    assert!(found.is_err_and(|breach| breach.invariant == 2 && breach.what.contains("which is not for it")));
}

const EARLY: &str = r#"id = "early"
scenario = "B5"
window = "office"
[title]
en = "Early"
zh = "提前"
[applies]
[[step]]
id = "warning"
level = 1
purpose = "press"
at = ["due - 5 days"]
channels = ["email"]
roles = ["finance"]
letter = "b5_first_reminder"
autonomy = "automatic"
statement = false
answer_days = 5
[step.title]
en = "Warning"
zh = "提醒"
"#;

#[test]
fn a_warning_names_nothing_that_is_not_due() {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[EARLY]);
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.owes("USD 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-12")));
    let mut plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    assert_eq!(plan.letters[0].items.len(), 1, "what is not due waits its turn");
    let other = &setup.facts.receivables[1];
    let mut joined = plan.letters[0].items[0].clone();
    joined.case_id = other.case.as_ref().expect("a case").id;
    joined.receivable_id = other.receivable.id;
    (joined.outstanding, joined.pressed) = (other.receivable.amount, other.receivable.amount);
    joined.due_on = other.receivable.due_on;
    plan.letters[0].items.push(joined);
    let found = setup.audit(&plan);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("a warning names")), "{found:?}");
}

#[test]
fn an_order_of_a_marketplace_is_not_asked_for_together_with_others() {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[EARLY]);
    for amount in ["USD 1000.00", "USD 50.00"] {
        setup.owes(amount, Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    }
    let together = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&together), Ok(()));
    assert_eq!(together.letters[0].items.len(), 2);
    setup.receivable(1).source = OrderSource::Marketplace;
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    assert_eq!((plan.letters.len(), plan.letters[0].items.len()), (1, 1), "the other waits its turn");
    let found = setup.audit(&together);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("of a marketplace")), "{found:?}");
}

#[test]
fn a_call_has_the_script_of_its_step() {
    let mut setup = Setup::company();
    let call =
        EARLY.replace("channels = [\"email\"]", "channels = [\"phone\"]").replace("due - 5 days", "due + 3 days");
    setup.playbooks = playbooks_of(&[&call]);
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    let mut plan = setup.decide(at(MONDAY));
    assert_eq!((plan.tasks.len(), setup.audit(&plan)), (1, Ok(())));
    plan.tasks[0].script = Some("b5_final_demand".into());
    let found = setup.audit(&plan);
    assert!(found.is_err_and(|breach| breach.invariant == 6 && breach.what.contains("the script b5_final_demand")));
}

#[test]
fn what_is_written_about_by_itself_shares_no_letter() {
    let alone = EARLY.replace("[title]", "alone = true\n[title]").replace("due - 5 days", "due + 3 days");
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[&alone]);
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.owes("USD 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    let mut plan = setup.decide(at(MONDAY));
    assert_eq!((plan.letters.len(), plan.letters[0].items.len(), setup.audit(&plan)), (1, 1, Ok(())));
    let mut joined = plan.letters[0].items[0].clone();
    let other = &setup.facts.receivables[1];
    joined.case_id = other.case.as_ref().expect("a case").id;
    joined.receivable_id = other.receivable.id;
    (joined.outstanding, joined.pressed) = (other.receivable.amount, other.receivable.amount);
    plan.letters[0].items.push(joined);
    let found = setup.audit(&plan);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("is written about by itself")), "{found:?}");
}

#[test]
fn a_case_that_waits_keeps_its_playbook_too() {
    let (mut plan, mut setup) = late(&["USD 1000.00", "EUR 50.00"]);
    setup.case(1).playbook = Some(reference("b5_open_account"));
    assert_eq!(setup.audit(&plan), Ok(()));
    begins_with(&mut plan, &reference("b5_other_direct"));
    let found = setup.audit(&plan);
    assert!(found.is_err_and(|breach| breach.what.contains("changed its playbook by itself")));
}

#[test]
fn of_two_playbooks_the_one_that_asks_more_is_for_a_debt() {
    let book = |id: &str, asks: &str| {
        let text = EARLY.replace("due - 5 days", "due + 3 days").replace("id = \"early\"", &format!("id = \"{id}\""));
        text.replace("[applies]\n", &format!("[applies]\n{asks}\n"))
    };
    let milestone = "milestones = [\"full\"]";
    let trigger = "triggers = [\"bl_date\"]";
    let arrival = "dates = [\"arrival\"]";
    let source = "source = \"direct\"";
    let of = |asks: &[&str]| asks.join("\n");
    let pairs = [
        (of(&[]), of(&[milestone])),
        (of(&[]), of(&[trigger])),
        (of(&[]), of(&[source])),
        (of(&[trigger]), of(&[milestone, trigger])),
        (of(&[source, milestone]), of(&[source, milestone, trigger])),
        (of(&[source, milestone, trigger]), of(&[arrival])),
        (of(&[]), of(&[])),
    ];
    for (nth, (less, more)) in pairs.iter().enumerate() {
        // Where both ask the same the first by name is taken.
        let (names, same) = if less == more { (("b", "a"), true) } else { (("a", "b"), false) };
        let mut setup = Setup::company();
        setup.playbooks = playbooks_of(&[&book(names.0, less), &book(names.1, more)]);
        let index = setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.facts.receivables[index].dates.push((KeyDate::Arrival, day("2026-03-04")));
        let mut plan = setup.decide(at(MONDAY));
        assert_eq!((plan.letters.len(), setup.audit(&plan)), (1, Ok(())), "{nth}");
        assert_eq!(plan.cases[0].playbook.as_ref().map(|known| &*known.id), Some(names.1), "{nth}");
        let other = setup.playbooks.current().iter().find(|known| &*known.reference.id == names.0);
        plan.cases[0].playbook = Some(other.expect("the other").reference.clone());
        let found = setup.audit(&plan);
        assert!(found.as_ref().is_err_and(|breach| breach.what.contains("fits better")), "{nth} {same}: {found:?}");
    }
}

#[test]
fn what_falls_due_today_may_be_named_by_a_warning() {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[EARLY]);
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.owes("USD 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-09")));
    let plan = setup.decide(at(MONDAY));
    assert_eq!((plan.letters[0].items.len(), setup.audit(&plan)), (2, Ok(())));
}
