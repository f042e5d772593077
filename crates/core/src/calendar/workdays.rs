//! Which days are worked where a debtor is. Everything that counts working days or waits for one asks here: the weekend of
//! the country, its public holidays, the weekends it works in their place, and days on which the debtor itself is closed.
//!
//! The audit puts the same facts together in its own words (`audit/reach_rules.rs`).

use jiff::civil::{Date, Weekday};

use super::countries::Country;
use super::holidays::{Holiday, Holidays, HolidaysOfCountry};
use super::shift;

/// Where nobody works for longer than this, all days count as worked: a wrong list must not stop a search for ever.
const LONGEST_REST_DAYS: usize = 400;

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
}

/// The working days of one debtor.
#[derive(Debug, Clone, Copy)]
pub struct Workdays<'a> {
    weekend: Weekend,
    holidays: Option<HolidaysOfCountry<'static>>,
    closed: &'a [Date],
}

impl<'a> Workdays<'a> {
    /// Of a country, and of a debtor that is also `closed` on some days (sorted). Where the country is not known it is
    /// Monday to Friday, and no holidays.
    pub fn of(country: Option<&Country>, closed: &'a [Date]) -> Self {
        let weekend = country.map_or(Weekend::SATURDAY_SUNDAY, |country| country.weekend);
        let holidays = country.and_then(|country| Holidays::shipped().of(&country.code));
        Self { weekend, holidays, closed }
    }

    /// Nobody is at work there on this day.
    pub fn rests(&self, day: Date) -> bool {
        if self.is_closed(day) {
            return true;
        }
        let told = self.holidays.and_then(|known| known.is_free(day));
        told.unwrap_or_else(|| self.weekend.contains(day.weekday()))
    }

    /// The debtor itself is closed on this day, whatever others do.
    pub fn is_closed(&self, day: Date) -> bool {
        self.closed.binary_search(&day).is_ok()
    }

    /// The holiday to which a day of rest is owed: none on a weekend, which would be free without it.
    pub fn holiday(&self, day: Date) -> Option<Holiday> {
        if self.weekend.contains(day.weekday()) { None } else { self.holidays?.on(day) }
    }

    /// Moves by working days; zero working days from a day of rest is the next working day.
    pub fn add_business_days(&self, from: Date, days: i32) -> Date {
        let step = if days < 0 { -1 } else { 1 };
        let mut day = from;
        for _ in 0..days.unsigned_abs() {
            day = self.first_worked(shift(day, step), step);
        }
        self.first_worked(day, step)
    }

    /// The day itself, or the first after it that is worked: nobody is asked to answer on a Sunday or at Christmas.
    pub fn next_workday(&self, day: Date) -> Date {
        self.first_worked(day, 1)
    }

    fn first_worked(&self, from: Date, step: i32) -> Date {
        let mut day = from;
        for _ in 0..LONGEST_REST_DAYS {
            if !self.rests(day) {
                return day;
            }
            day = shift(day, step);
        }
        from
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::countries::Countries;
    use jiff::civil::date;

    fn of(country: &str) -> Workdays<'static> {
        Workdays::of(Some(Countries::shipped().get(country).expect("a country")), &[])
    }

    #[test]
    fn business_days_skip_the_weekend_of_the_country() {
        let friday = date(2026, 3, 6);
        assert_eq!(of("IT").add_business_days(friday, 1), date(2026, 3, 9));
        assert_eq!(of("IT").add_business_days(friday, -5), date(2026, 2, 27));
        assert_eq!(of("IT").add_business_days(date(2026, 3, 7), 0), date(2026, 3, 9));
        // Friday and Saturday, in Riyadh: from Thursday to Sunday.
        assert_eq!(of("SA").add_business_days(date(2026, 4, 9), 1), date(2026, 4, 12));
        assert_eq!(of("SA").next_workday(date(2026, 4, 10)), date(2026, 4, 12));
        assert!(!of("SA").rests(date(2026, 4, 12)) && of("IT").rests(date(2026, 4, 12)));
    }

    #[test]
    fn where_the_country_is_unknown_only_weekends_are_free() {
        let unknown = Workdays::of(None, &[]);
        assert_eq!(unknown.next_workday(date(2026, 12, 25)), date(2026, 12, 25));
        assert_eq!(unknown.next_workday(date(2026, 12, 26)), date(2026, 12, 28));
    }

    #[test]
    fn chinese_new_year_2026_is_nine_days_between_two_worked_saturdays() {
        let china = of("CN");
        // Friday the 13th, the worked Saturday, then nobody until Tuesday the 24th.
        assert_eq!(china.add_business_days(date(2026, 2, 13), 1), date(2026, 2, 14));
        assert_eq!(china.add_business_days(date(2026, 2, 13), 2), date(2026, 2, 24));
        assert_eq!(china.add_business_days(date(2026, 2, 13), 6), date(2026, 2, 28), "worked as well");
        assert_eq!(china.add_business_days(date(2026, 2, 24), -1), date(2026, 2, 14));
        assert_eq!(china.next_workday(date(2026, 2, 15)), date(2026, 2, 24));
        assert!(china.rests(date(2026, 2, 21)), "an ordinary Saturday in the middle");
    }

    #[test]
    fn golden_weeks_are_passed_over() {
        // Wednesday 29 April is free, Thursday and Friday are worked, then nobody until Thursday 7 May.
        let japan = of("JP");
        assert_eq!(japan.add_business_days(date(2026, 4, 28), 1), date(2026, 4, 30));
        assert_eq!(japan.next_workday(date(2026, 5, 2)), date(2026, 5, 7));
        assert_eq!(of("CN").next_workday(date(2026, 10, 1)), date(2026, 10, 8));
        assert_eq!(of("CN").add_business_days(date(2026, 10, 9), 1), date(2026, 10, 10), "the worked Saturday");
    }

    #[test]
    fn a_holiday_is_named_where_the_day_would_be_worked_without_it() {
        let name = |country: &str, day| of(country).holiday(day).map(|holiday| holiday.name);
        assert_eq!(name("IT", date(2026, 12, 25)), Some("Christmas Day"));
        assert_eq!(name("IT", date(2027, 12, 25)), None, "a Saturday");
        assert_eq!(name("IT", date(2026, 12, 23)), None);
    }

    #[test]
    fn the_debtors_own_days_go_before_all_others() {
        let closed = [date(2026, 8, 10), date(2026, 8, 11), date(2026, 10, 10)];
        let italy = Workdays::of(Countries::shipped().get("IT"), &closed);
        assert_eq!(italy.next_workday(date(2026, 8, 8)), date(2026, 8, 12));
        let china = Workdays::of(Countries::shipped().get("CN"), &closed);
        assert!(china.rests(date(2026, 10, 10)), "closed on a Saturday that others work");
    }

    #[test]
    fn a_place_where_nobody_ever_works_stops_no_search() {
        let mut never = Workdays::of(None, &[]);
        never.weekend = Weekend(0b111_1111);
        assert_eq!(never.next_workday(date(2026, 3, 6)), date(2026, 3, 6));
        assert_eq!(never.add_business_days(date(2026, 3, 6), 3), date(2026, 3, 9));
        assert_eq!(of("IT").add_business_days(Date::MAX, 5), Date::MAX);
    }
}
