//! The next moment at which a buyer may be written to: local hours of working days, in every zone the person could be in.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::holidays::Holiday;
use super::shift;
use super::workdays::Workdays;
use crate::playbook::Window;

/// Where a person may be: one zone, or the outermost zones of a wide country whose clock is not known exactly.
#[derive(Debug, Clone)]
pub struct LocalHours<'a> {
    pub zones: &'a [(String, TimeZone)],
    pub workdays: Workdays<'a>,
}

const fn hours(window: Window) -> (Time, Time) {
    match window {
        Window::Office => (Time::constant(9, 0, 0, 0), Time::constant(17, 30, 0, 0)),
        Window::Daytime => (Time::constant(8, 0, 0, 0), Time::constant(21, 0, 0, 0)),
    }
}

impl LocalHours<'_> {
    /// Whether the instant lies inside the window in every zone.
    pub fn allows(&self, at: Timestamp, window: Window) -> bool {
        self.zones.iter().all(|(_, zone)| self.allowed_in(at, zone, window).is_ok())
    }

    /// The first moment from `from` on that lies inside the window in every zone; `from` itself when it does.
    pub fn next(&self, from: Timestamp, window: Window) -> Timestamp {
        let mut at = from;
        // Each round moves forward in at least one zone; no more are needed for weekends, holidays and shifts of clocks.
        for _ in 0..64 {
            let later = self.zones.iter().filter_map(|(_, zone)| self.allowed_in(at, zone, window).err()).max();
            match later {
                Some(next) if next > at => at = next,
                _ => return at,
            }
        }
        at
    }

    /// The first public holiday that keeps something waiting from one moment to the other, and its day.
    pub fn holiday_between(&self, from: Timestamp, to: Timestamp, window: Window) -> Option<(Date, Holiday)> {
        self.day_between(from, to, window, |day| Some((day, self.workdays.holiday(day)?)))
    }

    /// The first day on which the debtor itself is closed that keeps something waiting from one moment to the other.
    pub fn closed_between(&self, from: Timestamp, to: Timestamp, window: Window) -> Option<Date> {
        self.day_between(from, to, window, |day| self.workdays.is_closed(day).then_some(day))
    }

    fn day_between<T>(
        &self,
        from: Timestamp,
        to: Timestamp,
        window: Window,
        what: impl Fn(Date) -> Option<T>,
    ) -> Option<T> {
        if window != Window::Office {
            return None;
        }
        let (_, close) = hours(window);
        self.zones.iter().find_map(|(_, zone)| {
            let begin = from.to_zoned(zone.clone());
            // An evening after work is over for the day, holiday or not.
            let mut day = if begin.time() < close { begin.date() } else { shift(begin.date(), 1) };
            let end = to.to_zoned(zone.clone()).date();
            while day < end {
                if let Some(found) = what(day) {
                    return Some(found);
                }
                day = shift(day, 1);
            }
            None
        })
    }

    /// `Err` carries the next opening in this zone.
    fn allowed_in(&self, at: Timestamp, zone: &TimeZone, window: Window) -> Result<(), Timestamp> {
        let (open, close) = hours(window);
        let local = zone.to_datetime(at);
        let rests = window == Window::Office && self.workdays.rests(local.date());
        if !rests && local.time() >= open && local.time() < close {
            return Ok(());
        }
        let mut day = local.date();
        if rests || local.time() >= open {
            day = day.saturating_add(1.day());
        }
        if window == Window::Office {
            day = self.workdays.next_workday(day);
        }
        // A clock that jumps over 09:00 exists nowhere; jiff would move it forward all the same.
        Err(zone.to_timestamp(day.to_datetime(open)).unwrap_or_else(|_| at + 1.hour()))
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

    fn zone(name: &str) -> (String, TimeZone) {
        (name.to_string(), TimeZone::get(name).expect("known zone"))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn waits_for_the_buyers_morning() {
        let zones = [zone("Europe/Rome")];
        let milan = LocalHours { zones: &zones, workdays: of("IT") };
        // 01:00 UTC on a Monday is 02:00 in Milan.
        assert_eq!(milan.next(at("2026-03-02T01:00:00Z"), Window::Office), at("2026-03-02T08:00:00Z"));
        // Friday evening moves to Monday.
        assert_eq!(milan.next(at("2026-03-06T19:00:00Z"), Window::Office), at("2026-03-09T08:00:00Z"));
        // After the change of clocks 09:00 in Milan is 07:00 UTC.
        assert_eq!(milan.next(at("2026-03-29T12:00:00Z"), Window::Office), at("2026-03-30T07:00:00Z"));
        assert!(milan.allows(at("2026-03-02T09:00:00Z"), Window::Office));
    }

    #[test]
    fn a_wide_country_is_open_only_when_both_coasts_are() {
        let zones = [zone("America/New_York"), zone("America/Los_Angeles")];
        let usa = LocalHours { zones: &zones, workdays: of("US") };
        let next = usa.next(at("2026-01-05T12:00:00Z"), Window::Office);
        assert_eq!(next, at("2026-01-05T17:00:00Z"));
        assert_eq!(usa.next(at("2026-01-05T23:00:00Z"), Window::Office), at("2026-01-06T17:00:00Z"));
    }

    #[test]
    fn waits_until_the_holidays_are_over_and_names_the_first() {
        let zones = [zone("Asia/Tokyo")];
        let tokyo = LocalHours { zones: &zones, workdays: of("JP") };
        // Friday evening before Golden Week: three days from Monday on, and one in place of the Sunday.
        let (friday, thursday) = (at("2026-05-01T12:00:00Z"), at("2026-05-07T00:00:00Z"));
        assert_eq!(tokyo.next(friday, Window::Office), thursday);
        let named = tokyo.holiday_between(friday, thursday, Window::Office);
        assert_eq!(named.map(|(day, holiday)| (day, holiday.name)), Some((date(2026, 5, 4), "Greenery Day")));
        // On marketplaces people answer at all times.
        assert!(tokyo.allows(at("2026-05-04T03:00:00Z"), Window::Daytime));
        assert_eq!(tokyo.holiday_between(friday, thursday, Window::Daytime), None);
        // The evening of a holiday waits for the morning, as any evening would.
        let evening = at("2026-05-06T10:00:00Z");
        assert_eq!(tokyo.holiday_between(evening, tokyo.next(evening, Window::Office), Window::Office), None);
    }

    #[test]
    fn waits_until_the_buyer_has_opened_again() {
        let (zones, closed) = ([zone("Europe/Rome")], [date(2026, 3, 4), date(2026, 3, 5)]);
        let workdays = Workdays::of(Countries::shipped().get("IT"), &closed);
        let milan = LocalHours { zones: &zones, workdays };
        // Wednesday and Thursday are closed, so that the letter of Wednesday morning waits for Friday.
        let (wednesday, friday) = (at("2026-03-04T09:00:00Z"), at("2026-03-06T08:00:00Z"));
        assert_eq!(milan.next(wednesday, Window::Office), friday);
        assert_eq!(milan.closed_between(wednesday, friday, Window::Office), Some(date(2026, 3, 4)));
        assert_eq!(milan.closed_between(wednesday, friday, Window::Daytime), None);
        assert_eq!(milan.holiday_between(wednesday, friday, Window::Office), None);
        // Monday evening waits for Tuesday, which has nothing to do with it.
        let (monday, tuesday) = (at("2026-03-02T19:00:00Z"), at("2026-03-03T08:00:00Z"));
        assert_eq!(milan.closed_between(monday, tuesday, Window::Office), None);
    }

    #[test]
    fn a_saturday_that_is_worked_in_place_of_a_day_off_is_open() {
        let zones = [zone("Asia/Shanghai")];
        let china = LocalHours { zones: &zones, workdays: of("CN") };
        assert!(china.allows(at("2026-10-10T02:00:00Z"), Window::Office));
        assert!(!china.allows(at("2026-10-17T02:00:00Z"), Window::Office));
    }
}
