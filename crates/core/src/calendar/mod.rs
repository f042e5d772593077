//! Civil calendars: working days, countries' zones and weekends, and the hours in which a buyer may be contacted.
//!
//! Public holidays are not here yet: only weekends and time zones are known (docs/manual/contact-hours.md).

pub mod countries;
pub mod window;

use jiff::civil::{Date, Weekday};

/// Days of the week on which nobody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekend(u8);

impl Weekend {
    pub const SATURDAY_SUNDAY: Self = Self(0b110_0000);

    pub fn of(days: &[Weekday]) -> Self {
        Self(days.iter().fold(0, |set, day| set | 1 << day.to_monday_zero_offset()))
    }

    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.to_monday_zero_offset()) != 0
    }

    /// The days on which either side rests.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Moves by working days; zero working days from a day of rest is the next working day.
pub fn add_business_days(from: Date, days: i32, weekend: Weekend) -> Date {
    let step = if days < 0 { -1 } else { 1 };
    let mut left = days.abs();
    let mut day = from;
    while left > 0 {
        day = shift(day, step);
        if !weekend.contains(day.weekday()) {
            left -= 1;
        }
    }
    while weekend.contains(day.weekday()) && weekend != Weekend(0b111_1111) {
        day = shift(day, step);
    }
    day
}

/// Moves by calendar days, staying within the years that jiff knows.
pub fn shift(day: Date, days: i32) -> Date {
    use jiff::ToSpan;
    day.saturating_add(i64::from(days).days())
}

/// The day itself, or the first after it that is no weekend day: nobody is asked to answer on a Sunday.
pub fn next_workday(day: Date, weekend: Weekend) -> Date {
    (0..7).map(|days| shift(day, days)).find(|day| !weekend.contains(day.weekday())).unwrap_or(day)
}

/// Whole days from `a` to `b`; negative when `b` is earlier.
pub fn days_between(a: Date, b: Date) -> i32 {
    a.until(b).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn business_days_skip_the_weekend_of_the_country() {
        let friday = date(2026, 3, 6);
        assert_eq!(add_business_days(friday, 1, Weekend::SATURDAY_SUNDAY), date(2026, 3, 9));
        assert_eq!(add_business_days(friday, -5, Weekend::SATURDAY_SUNDAY), date(2026, 2, 27));
        let gulf = Weekend::of(&[Weekday::Friday, Weekday::Saturday]);
        assert_eq!(add_business_days(date(2026, 3, 5), 1, gulf), date(2026, 3, 8));
        assert_eq!(add_business_days(date(2026, 3, 7), 0, Weekend::SATURDAY_SUNDAY), date(2026, 3, 9));
    }
}
