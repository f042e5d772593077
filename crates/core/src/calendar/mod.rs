//! Civil calendars: what is known of countries and their holidays (data), which days are worked (`workdays`, the one place
//! that says so), and the hours in which a buyer may be contacted (`window`).

pub mod countries;
pub mod holidays;
pub mod window;
pub mod workdays;

use jiff::civil::Date;

/// Moves by calendar days, staying within the years that jiff knows.
pub fn shift(day: Date, days: i32) -> Date {
    use jiff::ToSpan;
    day.saturating_add(i64::from(days).days())
}

/// Whole days from `a` to `b`; negative when `b` is earlier.
pub fn days_between(a: Date, b: Date) -> i32 {
    a.until(b).map_or(0, |span| span.get_days())
}
