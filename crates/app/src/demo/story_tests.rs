//! Whether the demo's story hangs together: references that exist when they are used, money that is paid once, work
//! that is spread over the weeks.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Act;
use super::behaviour::{first_reminder, settled_before_start};
use super::calendar::{DAYS, START, day, is_working_day};
use super::debtors::{Character, DEBTORS};
use super::orders::{Mistyped, Order, orders};
use super::payments::{BankPayment, play};
use super::statements::delivered_on;

/// What has come in when the last statement arrives.
fn booked(payments: &[BankPayment]) -> impl Iterator<Item = &BankPayment> {
    payments.iter().filter(|payment| delivered_on(payment.booked) < day(DAYS))
}

#[test]
fn the_company_is_as_large_as_promised() {
    let orders = orders();
    assert_eq!(DEBTORS.len(), 40);
    assert_eq!(DEBTORS.iter().map(|debtor| debtor.country.code).collect::<BTreeSet<_>>().len(), 14);
    assert_eq!(orders.iter().filter(|order| !order.is_new()).count(), 93);
    assert_eq!(orders.iter().filter(|order| order.is_new()).count(), 28);
    let numbers: BTreeSet<_> = orders.iter().flat_map(|order| [&order.number, &order.invoice_number]).collect();
    assert_eq!(numbers.len(), orders.len() * 2);
    assert_eq!(orders.iter().filter(|order| order.mistyped.is_some()).count(), 2);
    assert_eq!(orders.iter().filter(|order| order.corrected.is_some()).count(), 3);
    assert_eq!(orders.iter().filter(|order| order.dropped_on.is_some()).count(), 3);
    assert!(orders.iter().any(|order| matches!(order.mistyped, Some(Mistyped::Amount(typed)) if typed.contains('O'))));
    for debtor in DEBTORS {
        assert!(debtor.domain.ends_with(".example") && debtor.people.len() >= 2, "{}", debtor.code);
        assert!(debtor.bank_name.chars().all(|c| c.is_ascii_uppercase() || c == ' '), "{}", debtor.bank_name);
    }
}

#[test]
fn every_reference_is_in_an_order_file_by_then() {
    let orders = orders();
    let known = |word: &str, on: Date| {
        orders.iter().any(|order| {
            let listed = if order.mistyped.is_some() { day(7) } else { order.listed_on };
            let invoiced = order.invoice_shown_on().is_some_and(|shown| shown <= on);
            listed <= on && (order.number == word || order.invoice_number == word && invoiced)
        })
    };
    let (payments, _) = play(&orders);
    let mut referring = 0;
    for payment in booked(&payments) {
        let numbers: Vec<&str> =
            payment.text.split(' ').filter(|word| word.starts_with("INV-") || word.starts_with("QH-")).collect();
        referring += usize::from(!numbers.is_empty());
        for number in numbers {
            assert!(known(number, delivered_on(payment.booked)), "{} on {}", payment.text, payment.booked);
        }
    }
    assert!(referring > 90, "only {referring} payments refer to something");
}

#[test]
fn no_part_is_paid_twice_and_odd_payments_are_odd_as_told() {
    let orders = orders();
    let (payments, _) = play(&orders);
    let mut covered: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for payment in booked(&payments) {
        let sum: i64 = payment.covers.iter().map(|cover| cover.amount).sum();
        match payment.amount - sum {
            0 => {}
            -2_500 => assert_eq!(payment.charges, 2_500),
            30_000 => assert_eq!(payment.debtor, "C030"),
            500_000 => assert!(payment.debtor.is_empty()),
            other => panic!("{} differs by {other}", payment.text),
        }
        for cover in &payment.covers {
            *covered.entry((&cover.order, cover.milestone)).or_default() += cover.amount;
        }
    }
    for order in &orders {
        for (part, _) in order.open_parts() {
            let paid = covered.get(&(order.number.as_str(), part.milestone)).copied().unwrap_or(0);
            assert!(paid <= part.amount, "{} {}", order.number, part.milestone);
        }
    }
    let seen = |what: &str, found: fn(&BankPayment) -> bool| assert!(booked(&payments).any(found), "{what}");
    seen("two invoices at once", |payment| payment.covers.len() == 2);
    seen("short by charges", |payment| payment.charges > 0);
    seen("too much", |payment| payment.debtor == "C030" && payment.amount > payment.covers[0].amount);
    seen("somebody else", |payment| payment.debtor == "C013" && payment.payer.starts_with("PAGOS"));
    seen("no reference", |payment| payment.text == "PAYMENT FOR GOODS");
    seen("no hint", |payment| payment.debtor.is_empty());
}

#[test]
fn the_work_is_spread_and_two_thirds_of_the_money_comes() {
    let orders = orders();
    let (payments, acts) = play(&orders);
    let of_orders = |order: &Order| -> i64 { order.amount - order.received };
    let owed: i64 = orders.iter().map(of_orders).sum();
    let came: i64 = booked(&payments).map(|payment| payment.amount).sum();
    assert!((60..=75).contains(&(came * 100 / owed)), "{} %", came * 100 / owed);
    let paid_by = |order: &Order, milestone: &str, date: Date| {
        let covers = |payment: &BankPayment| {
            payment.covers.iter().any(|cover| cover.order == order.number && cover.milestone == milestone)
        };
        payments.iter().any(|payment| covers(payment) && delivered_on(payment.booked) <= date)
    };
    let late_on = |date: Date| -> BTreeSet<&str> {
        let late = orders.iter().filter(|order| {
            let mut parts = order.open_parts().into_iter();
            parts.any(|(part, _)| first_reminder(order, &part) == Some(date) && !paid_by(order, part.milestone, date))
        });
        late.map(|order| order.debtor.code).collect()
    };
    let on_time = orders.iter().filter(|order| order.debtor.character == Character::OnTime);
    for order in on_time {
        for (part, _) in order.open_parts() {
            let reminder = first_reminder(order, &part).unwrap_or(day(DAYS));
            assert!(
                reminder >= day(DAYS) || paid_by(order, part.milestone, reminder),
                "{} {}",
                order.number,
                part.milestone
            );
        }
    }
    assert!((8..=17).contains(&late_on(START).len()), "{:?}", late_on(START));
    assert!((1..DAYS).all(|offset| late_on(day(offset)).len() <= 8));
    assert!(acts.iter().any(|(_, act)| matches!(act, Act::DisputeResolved { .. })));
}

#[test]
fn who_pays_overnight_is_caught_between_decision_and_sending() {
    let orders = orders();
    let (payments, _) = play(&orders);
    let overnight = orders.iter().filter(|order| order.debtor.character == Character::PaysOvernight);
    for order in overnight {
        for part in order.parts() {
            assert!(!settled_before_start(order, &part, true));
            let reminder = first_reminder(order, &part).expect("known");
            let payment =
                payments.iter().find(|payment| payment.covers.iter().any(|cover| cover.order == order.number));
            let seen = delivered_on(payment.expect("pays").booked);
            // The letter is decided on the weekend and waits for the buyer's Monday; the statement comes first.
            assert!(
                seen == START || !is_working_day(reminder) && seen > reminder,
                "{} {reminder} {seen}",
                order.number
            );
        }
    }
}
