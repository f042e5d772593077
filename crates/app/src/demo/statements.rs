//! Bank statements: one per currency on every Monday, Wednesday and Friday, covering the days since the last. Their
//! balances run on from file to file. How they are written down is `mt940`'s and `camt`'s business.

use jiff::civil::{Date, Weekday};

use super::behaviour::first_booking_day;
use super::calendar::{DAYS, day, is_working_day, plus};
use super::payments::BankPayment;

/// What one account did on one working day.
pub struct DayStatement {
    pub number: i64,
    pub date: Date,
    /// Minor units.
    pub opening: i64,
    pub closing: i64,
    pub entries: Vec<Entry>,
}

/// A line of a statement; credits are positive.
pub struct Entry {
    pub amount: i64,
    pub bank_reference: String,
    pub kind: Kind,
}

pub enum Kind {
    Credit(BankPayment),
    /// The seller's own money on its way to the yuan account.
    Settlement,
    /// The bank's fee for the month.
    Fee,
}

/// The statements of one delivery.
pub struct Delivery {
    /// The morning on which the file arrives.
    pub on: Date,
    pub days: Vec<DayStatement>,
}

const FEE: i64 = 1_500;
/// What stays on the account when the rest is sold for yuan on Thursdays.
const RESERVE: i64 = 3_000_000;
const LOT: i64 = 1_000_000;

/// All deliveries of the account in `currency`.
pub fn deliveries(currency: &str, opening: i64, payments: &[BankPayment]) -> Vec<Delivery> {
    let mut out: Vec<Delivery> = Vec::new();
    let (mut balance, mut number, mut from) = (opening, 40, first_booking_day());
    for on in (0..DAYS).map(day).filter(|date| is_delivery_day(*date)) {
        let mut days = Vec::new();
        while from < on {
            if is_working_day(from) {
                number += 1;
                let statement = day_statement(currency, from, number, balance, payments);
                balance = statement.closing;
                days.push(statement);
            }
            from = plus(from, 1);
        }
        out.push(Delivery { on, days });
    }
    out
}

fn is_delivery_day(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Monday | Weekday::Wednesday | Weekday::Friday)
}

/// The morning on which the seller's bank shows what it booked on a day.
pub fn delivered_on(booked: Date) -> Date {
    let next = plus(booked, 1);
    if is_delivery_day(next) { next } else { delivered_on(next) }
}

fn day_statement(currency: &str, date: Date, number: i64, opening: i64, payments: &[BankPayment]) -> DayStatement {
    let credits = payments.iter().filter(|payment| payment.currency == currency && payment.booked == date);
    let mut amounts: Vec<(i64, Kind)> =
        credits.map(|payment| (payment.amount, Kind::Credit(payment.clone()))).collect();
    if date == date.last_of_month() {
        amounts.push((-FEE, Kind::Fee));
    }
    let so_far = opening + amounts.iter().map(|(amount, _)| amount).sum::<i64>();
    let lots = (so_far - RESERVE) / LOT;
    if date.weekday() == Weekday::Thursday && lots > 0 {
        amounts.push((-lots * LOT, Kind::Settlement));
    }
    let closing = opening + amounts.iter().map(|(amount, _)| amount).sum::<i64>();
    let reference = |at: usize| format!("B{}{:03}", date.strftime("%y%m%d"), at + 1);
    let entry = |(at, (amount, kind))| Entry { amount, bank_reference: reference(at), kind };
    DayStatement { number, date, opening, closing, entries: amounts.into_iter().enumerate().map(entry).collect() }
}
