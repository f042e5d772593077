//! The eight weeks of the demo and which of their days are working days. No holidays: the demo's banks know
//! Saturday and Sunday only.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// Monday on which the company starts to use the product.
pub const START: Date = date(2026, 3, 2);
/// Length of the demo.
pub const DAYS: i64 = 56;

/// The day `offset` days after the start (negative: before it).
pub fn day(offset: i64) -> Date {
    plus(START, offset)
}

pub fn plus(from: Date, days: i64) -> Date {
    from.saturating_add(days.days())
}

/// Days from the start to `to`.
pub fn offset_of(to: Date) -> i64 {
    days_between(START, to)
}

/// Whole days from one date to another, negative when it lies before.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

pub fn is_working_day(of: Date) -> bool {
    !matches!(of.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The date itself, or the Monday after it.
pub fn working_day_from(from: Date) -> Date {
    match from.weekday() {
        Weekday::Saturday => plus(from, 2),
        Weekday::Sunday => plus(from, 1),
        _ => from,
    }
}

/// The date itself, or the Friday before it.
pub fn working_day_until(until: Date) -> Date {
    match until.weekday() {
        Weekday::Saturday => plus(until, -1),
        Weekday::Sunday => plus(until, -2),
        _ => until,
    }
}

/// The Monday whose order file is the first to show what happened on `event`; `None` after the last file.
pub fn shown_on(event: Date) -> Option<Date> {
    if event < START {
        return Some(START);
    }
    let monday = plus(event, 7 - i64::from(event.weekday().to_monday_zero_offset()));
    (offset_of(monday) < DAYS).then_some(monday)
}
