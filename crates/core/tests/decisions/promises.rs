//! A sum promised for the whole debt: which receivables it leaves in peace.

use crate::support::{Setup, at, day, money};
use dunlin_core::plan::Plan;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};

const MONDAY: &str = "2026-03-09T09:00:00Z";

/// What else is in the books.
type Change = fn(&mut Setup);

/// USD 1000.00, late for a week, behind something else over the same amount; the debtor promised USD 1000.00 in all.
fn late_behind(other: Change) -> (Plan, Setup) {
    let mut setup = Setup::company();
    other(&mut setup);
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.promise(None, Some("USD 1000.00"), "2026-03-08", "2026-03-20");
    (setup.decide(at(MONDAY)), setup)
}

/// The plan that takes the promise for another debt, to see whether the audit finds it.
fn pressing_all(setup: &Setup) -> Plan {
    let mut without = setup.clone();
    without.facts.promises.clear();
    without.decide(at(MONDAY))
}

#[test]
fn a_sum_for_the_whole_debt_covers_what_is_late_before_what_is_not_owed() {
    let others: [(&str, Change); 4] = [
        ("a balance that awaits its trigger", |s| {
            s.owes("USD 1000.00", Milestone::Balance, Trigger::GoodsReady, None);
        }),
        ("an order that was cancelled", |s| {
            let index = s.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-01-02")));
            s.receivable(index).closed = true;
        }),
        ("one that the platform owes", |s| {
            let index = s.owes("USD 1000.00", Milestone::Full, Trigger::OrderPlaced, Some(day("2026-01-02")));
            s.receivable(index).obligor = Obligor::Platform;
        }),
        ("one that was paid", |s| {
            let index = s.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-01-02")));
            s.paid(index, "USD 1000.00");
        }),
    ];
    for (name, other) in others {
        let (plan, setup) = late_behind(other);
        assert_eq!(plan.letters, Vec::new(), "{name}");
        assert_eq!(setup.audit(&plan), Ok(()), "{name}");
        let pressing = pressing_all(&setup);
        assert_eq!(pressing.letters.len(), 1, "{name}");
        let found = setup.audit(&pressing);
        assert!(found.is_err_and(|refusal| refusal.invariant == 1), "{name}: the audit lets it pass");
    }
}

#[test]
fn a_sum_for_the_whole_debt_leaves_the_younger_debt_to_be_asked_for() {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-03")));
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.promise(None, Some("USD 1300.00"), "2026-03-08", "2026-03-20");
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    let asked: Vec<_> = plan.letters[0].items.iter().map(|item| (item.receivable_id.0, item.pressed)).collect();
    assert_eq!(asked, vec![(101, money("USD 700.00"))], "the older one is covered whole, this one by the rest");
}
