//! What was said of a debt in another currency than it is owed in: nobody can tell what is left to ask for, so that nothing is
//! decided, and nothing that was decided before is passed.

use crate::support::{Setup, at, day, money};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::decide::{World, decide};
use dunlin_core::gate_facts::PromiseState;
use dunlin_core::reason::{FactValue, ReasonCode};
use dunlin_core::receivable::{Milestone, Trigger};

const MONDAY: &str = "2026-03-09T09:00:00Z";

/// What else is in the books.
type Change = fn(&mut Setup);

#[test]
fn books_that_are_at_odds_are_neither_decided_on_nor_passed() {
    let others: [(&str, Change); 3] = [
        ("a part that is disputed", |s| s.dispute(0, Some("EUR 40.00"))),
        ("a sum that is promised", |s| s.promise(Some(0), Some("EUR 40.00"), "2026-03-08", "2026-03-20")),
        ("a payment that was taken back", |s| {
            s.paid(0, "EUR 40.00");
            s.paid(0, "EUR -40.00");
        }),
    ];
    let settled: [Change; 2] = [
        |s| {
            s.dispute(0, Some("EUR 40.00"));
            s.facts.disputes[0].resolved = true;
        },
        |s| {
            s.promise(Some(0), Some("EUR 40.00"), "2026-03-01", "2026-03-04");
            s.facts.promises[0].state = PromiseState::Broken;
        },
    ];
    for change in settled {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        change(&mut setup);
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()), "what is over is at odds with nothing");
    }
    for (name, change) in others {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        let plan = setup.decide(at(MONDAY));
        assert_eq!((plan.letters.len(), setup.audit(&plan)), (1, Ok(())), "{name}");
        change(&mut setup);
        let world = World::new(&setup.tenant, setup.playbooks, Countries::shipped(), at(MONDAY));
        assert!(decide(&setup.facts, &world).is_err(), "{name}: decided all the same");
        let found = setup.audit(&plan);
        assert!(found.is_err_and(|refusal| refusal.invariant == 3), "{name}: the audit lets it pass");
    }
}

#[test]
fn of_money_without_a_place_that_in_the_currency_of_the_debt_is_named() {
    for order in [["EUR 90.00", "USD 80.00"], ["USD 80.00", "EUR 90.00"]] {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        order.into_iter().for_each(|amount| setup.unmatched(amount));
        let plan = setup.decide(at(MONDAY));
        let reason = plan.cases[0].reasons.iter().find(|reason| reason.code == ReasonCode::GateUnmatchedMoney);
        let named = reason.and_then(|reason| reason.facts.iter().find(|(name, _)| name == "amount"));
        assert_eq!(named.map(|(_, value)| value), Some(&FactValue::Money(money("USD 80.00"))), "{order:?}");
    }
}
