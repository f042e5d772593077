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
    // Whole days by their number; a span would be balanced into units first, which costs more than all that asks for it.
    i32::try_from(a.duration_until(b).as_hours() / 24).unwrap_or(0)
}

/// Where each country stands in a list: found by its two letters without comparing or hashing any.
#[derive(Debug)]
struct Places(Vec<u16>);

impl Places {
    const LETTERS: usize = 26;
    const NOWHERE: u16 = u16::MAX;

    fn of<'c>(codes: impl Iterator<Item = &'c str>) -> Self {
        let mut places = vec![Self::NOWHERE; Self::LETTERS * Self::LETTERS];
        for (nth, code) in codes.enumerate() {
            if let (Some(slot), Ok(nth)) = (Self::slot(code), u16::try_from(nth)) {
                places[slot] = nth;
            }
        }
        Self(places)
    }

    /// `None` for what is not two capital letters.
    fn slot(code: &str) -> Option<usize> {
        let &[first, second] = code.as_bytes() else { return None };
        let letter = |byte: u8| byte.is_ascii_uppercase().then(|| usize::from(byte - b'A'));
        Some(letter(first)? * Self::LETTERS + letter(second)?)
    }

    fn get(&self, code: &str) -> Option<usize> {
        let place = *self.0.get(Self::slot(code)?)?;
        (place != Self::NOWHERE).then(|| usize::from(place))
    }
}

impl Default for Places {
    fn default() -> Self {
        Self::of(std::iter::empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_country_is_found_by_its_letters_and_nothing_else_is() {
        let places = Places::of(["IT", "ZZ", "AA"].into_iter());
        assert_eq!(["IT", "ZZ", "AA"].map(|code| places.get(code)), [Some(0), Some(1), Some(2)]);
        for strange in ["", "I", "it", "ITA", "I1", "DE", "中"] {
            assert_eq!(places.get(strange), None, "{strange}");
        }
    }

    #[test]
    fn days_are_counted_in_both_directions() {
        assert_eq!(days_between(date(2024, 2, 28), date(2024, 3, 1)), 2);
        assert_eq!(days_between(date(2026, 3, 1), date(2025, 3, 1)), -365);
        assert_eq!(days_between(Date::MIN, Date::MAX), 7_304_483);
        assert_eq!(days_between(date(2026, 3, 1), date(2026, 3, 1)), 0);
    }
}
