//! What a promise leaves in peace: a sum for the whole debt, and a promise whose days the statements do not tell of.

use crate::support::{Setup, at, day, money};
use dunlin_core::case::CaseState;
use dunlin_core::facts::StatementAge;
use dunlin_core::gate_facts::PromiseState;
use dunlin_core::ids::{PromiseId, ReceivableId};
use dunlin_core::money::Money;
use dunlin_core::plan::Plan;
use dunlin_core::reason::{FactValue, ReasonCode};
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use dunlin_core::why::{KnownWhy, WhyUnpaid};

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

fn why(why: WhyUnpaid) -> Option<KnownWhy> {
    Some(KnownWhy { why, since: at("2026-03-06T09:00:00Z") })
}

fn asked(plan: &Plan) -> Vec<(u128, Money)> {
    let items = plan.letters.iter().flat_map(|letter| &letter.items).filter(|item| item.pressed.is_positive());
    items.map(|item| (item.receivable_id.0, item.pressed)).collect()
}

#[test]
fn a_debt_that_nobody_is_asked_for_eats_nothing_of_a_promised_sum() {
    let others: [(&str, Change); 6] = [
        ("wholly disputed", |s| s.dispute(0, None)),
        ("paused to this very day", |s| s.hold(Some(0), "2026-03-09")),
        ("paused", |s| s.hold(Some(0), "2026-12-31")),
        ("handed over", |s| s.case(0).state = CaseState::HandedOver),
        ("ours to make good", |s| s.facts.receivables[0].why = why(WhyUnpaid::SellerFault)),
        ("said to be paid", |s| s.facts.receivables[0].why = why(WhyUnpaid::PaidInTransit)),
    ];
    for (name, other) in others {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-02-02")));
        setup.owes("USD 700.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        other(&mut setup);
        setup.promise(None, Some("USD 500.00"), "2026-03-08", "2026-03-20");
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()), "{name}");
        assert_eq!(asked(&plan), [(102, money("USD 200.00"))], "{name}");
        let pressing = pressing_all(&setup);
        assert_eq!(asked(&pressing), [(102, money("USD 700.00"))], "{name}");
        let found = setup.audit(&pressing);
        assert!(found.is_err_and(|refusal| refusal.invariant == 1), "{name}: the audit lets it pass");
    }
}

#[test]
fn of_a_debt_disputed_in_part_only_the_rest_takes_of_a_promised_sum() {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-01")));
    setup.owes("USD 700.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.dispute(0, Some("USD 900.00"));
    setup.promise(None, Some("USD 300.00"), "2026-03-08", "2026-03-20");
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    assert_eq!(asked(&plan), [(102, money("USD 500.00"))]);
}

#[test]
fn what_has_come_of_a_promised_sum_is_not_waited_for_again() {
    for whole_debt in [false, true] {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.promise((!whole_debt).then_some(0), Some("USD 700.00"), "2026-03-01", "2026-03-20");
        setup.paid(0, "USD 500.00");
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()), "for everything: {whole_debt}");
        assert_eq!(asked(&plan), [(101, money("USD 300.00"))], "for everything: {whole_debt}");
        let found = setup.audit(&pressing_all(&setup));
        assert!(found.is_err_and(|refusal| refusal.invariant == 1), "the audit lets it pass");
        // Paid before it was given, it is nothing of it.
        setup.facts.promises[0].promised_on = day("2026-03-02");
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()), "for everything: {whole_debt}");
        assert!(asked(&plan).is_empty(), "for everything: {whole_debt}");
    }
}

#[test]
fn the_same_money_is_not_counted_for_two_promises() {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.promise(Some(0), Some("USD 400.00"), "2026-03-01", "2026-03-10");
    setup.promise(Some(0), Some("USD 500.00"), "2026-03-01", "2026-03-20");
    setup.paid(0, "USD 400.00");
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    assert_eq!(asked(&plan), [(101, money("USD 100.00"))], "the second is still to come whole");
    let found = setup.audit(&pressing_all(&setup));
    assert!(found.is_err_and(|refusal| refusal.invariant == 1), "the audit lets it pass");
}

#[test]
fn a_promise_is_waited_for_until_the_statements_tell_of_its_days_but_not_for_ever() {
    // Promised for the 5th with two days more, on the 9th.
    let on_books_to = |covered_to: &str, cap: i32| {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.promise(Some(0), None, "2026-03-02", "2026-03-05");
        setup.tenant.statements = Some(StatementAge { covered_to: day(covered_to), max_age_days: 7 });
        setup.tenant.promise_cap_days = cap;
        setup
    };
    let dark = on_books_to("2026-03-06", 30);
    let plan = dark.decide(at(MONDAY));
    assert_eq!(plan.letters, Vec::new());
    let reasons: Vec<ReasonCode> = plan.cases[0].reasons.iter().map(|reason| reason.code).collect();
    assert!(reasons.contains(&ReasonCode::GatePromiseUnread), "{reasons:?}");
    assert!(plan.cases[0].next_wake.is_some_and(|wake| wake > at(MONDAY)), "it looks again");
    for dark in [dark, on_books_to("2026-03-06", 7)] {
        assert!(dark.decide(at(MONDAY)).letters.is_empty(), "to the last day of the longest pause");
        let found = dark.audit(&pressing_all(&dark));
        assert!(found.is_err_and(|refusal| refusal.invariant == 1), "the audit lets it pass");
    }
    for (told, name) in [(on_books_to("2026-03-07", 30), "covered"), (on_books_to("2026-03-06", 6), "longest pause")] {
        let plan = told.decide(at(MONDAY));
        assert_eq!(plan.letters.len(), 1, "{name}");
        assert_eq!(told.audit(&plan), Ok(()), "{name}");
    }
}

#[test]
fn money_counts_for_a_promise_from_the_day_it_was_given_to_the_last_of_its_margin_and_on_its_own_debt() {
    // Given on the 3rd, for Saturday the 7th and two days more.
    let cases = [
        (0, "2026-03-02", "USD 400.00"),
        (0, "2026-03-03", "USD 700.00"),
        (0, "2026-03-09", "USD 700.00"),
        (1, "2026-03-05", "USD 700.00"),
    ];
    for (debt, on, expected) in cases {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.owes("USD 600.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.promise(Some(0), Some("USD 300.00"), "2026-03-03", "2026-03-07");
        setup.paid(debt, "USD 300.00");
        setup.facts.receivables[debt].entries[0].effective_on = day(on);
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()), "{on}");
        assert_eq!(asked(&plan)[0], (101, money(expected)), "{on}");
        let more = pressing_all(&setup);
        let is_more = asked(&more)[0] != asked(&plan)[0];
        assert_eq!(setup.audit(&more).is_err_and(|refusal| refusal.invariant == 1), is_more, "{on}: the audit");
    }
}

#[test]
fn a_sum_for_everything_is_paid_on_what_the_buyer_owes_in_its_currency() {
    // Beside the debt another of which the buyer paid USD 300.00, or as much of something else.
    let others: [(&str, Change, &str); 4] = [
        ("theirs to pay", |_| {}, "USD 1000.00"),
        ("in another currency", |s| s.receivable(1).amount = money("EUR 1000.00"), "USD 700.00"),
        ("closed", |s| s.receivable(1).closed = true, "USD 700.00"),
        ("the platform's to pay", |s| s.receivable(1).obligor = Obligor::Platform, "USD 700.00"),
    ];
    for (name, other, expected) in others {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.owes("USD 300.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-03")));
        other(&mut setup);
        let currency = setup.receivable(1).amount.currency;
        setup.paid(1, "USD 300.00");
        setup.facts.receivables[1].entries[0].amount = Money::new(30_000, currency);
        setup.promise(None, Some("USD 300.00"), "2026-03-01", "2026-03-20");
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()), "{name}");
        let of_first = |plan: &Plan| asked(plan).into_iter().find(|(id, _)| *id == 101);
        assert_eq!(of_first(&plan), Some((101, money(expected))), "{name}");
        let more = pressing_all(&setup);
        let is_more = of_first(&more) != of_first(&plan);
        assert_eq!(setup.audit(&more).is_err_and(|refusal| refusal.invariant == 1), is_more, "{name}: the audit");
    }
}

#[test]
fn a_promise_is_about_what_was_there_when_it_was_given() {
    // Entered in the fifth millisecond, and in the sixth; given in the fifth.
    let ms = |ms: u128, id: u128| ReceivableId((ms << 80) | id);
    let about = |ids: [ReceivableId; 2], paid_on: usize| {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.owes("USD 400.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-03")));
        (setup.receivable(0).id, setup.receivable(1).id) = (ids[0], ids[1]);
        setup.paid(paid_on, "USD 300.00");
        setup.promise(None, Some("USD 300.00"), "2026-03-01", "2026-03-20");
        setup.facts.promises[0].id = PromiseId((5 << 80) | 1);
        let plan = setup.decide(at(MONDAY));
        assert_eq!(setup.audit(&plan), Ok(()));
        let forged = pressing_all(&setup);
        let came = asked(&forged) == asked(&plan);
        assert_eq!(setup.audit(&forged).is_ok(), came, "the audit");
        came
    };
    assert!(about([ms(5, 1), ms(6, 2)], 0));
    assert!(!about([ms(5, 1), ms(6, 2)], 1), "of that they did not speak");
    assert!(about([ms(4, 1), ms(5, 2)], 1));
    assert!(about([ms(6, 1), ms(6, 2)], 1), "there was no other");
}

#[test]
fn money_that_was_taken_back_is_nothing_of_a_promise() {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.promise(Some(0), Some("USD 300.00"), "2026-03-01", "2026-03-20");
    setup.paid(0, "USD 300.00");
    let line = setup.facts.receivables[0].entries[0].id;
    setup.paid(0, "USD -300.00");
    setup.facts.receivables[0].entries[1].reverses = Some(line);
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()));
    assert_eq!(asked(&plan), [(101, money("USD 700.00"))]);
    let found = setup.audit(&pressing_all(&setup));
    assert!(found.is_err_and(|refusal| refusal.invariant == 1), "the audit lets it pass");
}

#[test]
fn until_when_it_rests_is_told_and_that_is_when_it_is_looked_at_again() {
    let said = |setup: &Setup, code: &str| {
        let plan = setup.decide(at(MONDAY));
        let reason = plan.cases[0].reasons.iter().find(|reason| reason.code.code() == code).cloned();
        let until = reason.and_then(|reason| reason.facts.into_iter().find(|(name, _)| name == "until"));
        (until.map(|(_, value)| value), plan.cases[0].next_wake)
    };
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.owes("EUR 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    let mut held = setup.clone();
    held.hold(None, "2026-03-20");
    let friday = Some(FactValue::Date(day("2026-03-20")));
    assert_eq!(said(&held, "gate.hold"), (friday, Some(at("2026-03-20T16:00:00Z"))), "midnight in Shanghai");
    // Two days more than was promised for; what is over, or about something else, says nothing.
    setup.promise(Some(0), None, "2026-03-05", "2026-03-07");
    setup.promise(Some(1), None, "2026-03-05", "2026-03-15");
    setup.promise(Some(0), None, "2026-03-05", "2026-03-17");
    setup.facts.promises[2].state = PromiseState::Kept;
    let today = Some(FactValue::Date(day("2026-03-09")));
    setup.tenant.statements = Some(StatementAge { covered_to: day("2026-03-08"), max_age_days: 7 });
    assert_eq!(said(&setup, "gate.promise"), (today, Some(at("2026-03-09T16:00:00Z"))));
    // Not longer than anybody is waited for.
    setup.tenant.promise_cap_days = 6;
    setup.facts.promises[0].pay_on = day("2026-03-30");
    let capped = Some(FactValue::Date(day("2026-03-11")));
    assert_eq!(said(&setup, "gate.promise"), (capped, Some(at("2026-03-11T16:00:00Z"))));
}
