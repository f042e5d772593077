//! The next moment at which a buyer may be written to: local working hours and weekend, in every zone the person
//! could be in.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Weekend;
use crate::playbook::Window;

/// Where a person may be: one zone, or the outermost zones of a wide country whose clock is not known exactly.
#[derive(Debug, Clone)]
pub struct LocalHours<'a> {
    pub zones: &'a [(String, TimeZone)],
    pub weekend: Weekend,
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
        // Each round moves forward in at least one zone; a fortnight holds every weekend and shift of clocks.
        for _ in 0..64 {
            let later = self.zones.iter().filter_map(|(_, zone)| self.allowed_in(at, zone, window).err()).max();
            match later {
                Some(next) if next > at => at = next,
                _ => return at,
            }
        }
        at
    }

    /// `Err` carries the next opening in this zone.
    fn allowed_in(&self, at: Timestamp, zone: &TimeZone, window: Window) -> Result<(), Timestamp> {
        let (open, close) = hours(window);
        let local = at.to_zoned(zone.clone());
        let rests = window == Window::Office && self.weekend.contains(local.weekday());
        if !rests && local.time() >= open && local.time() < close {
            return Ok(());
        }
        let mut day = local.date();
        if rests || local.time() >= open {
            day = day.saturating_add(1.day());
        }
        while window == Window::Office && self.weekend.contains(day.weekday()) {
            day = day.saturating_add(1.day());
        }
        // A clock that jumps over 09:00 exists nowhere; jiff would move it forward all the same.
        let opening = day.to_datetime(open).to_zoned(zone.clone()).map_or(at + 1.hour(), |zoned| zoned.timestamp());
        Err(opening)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> (String, TimeZone) {
        (name.to_string(), TimeZone::get(name).expect("known zone"))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn waits_for_the_buyers_morning() {
        let zones = [zone("Europe/Rome")];
        let milan = LocalHours { zones: &zones, weekend: Weekend::SATURDAY_SUNDAY };
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
        let usa = LocalHours { zones: &zones, weekend: Weekend::SATURDAY_SUNDAY };
        let next = usa.next(at("2026-01-05T12:00:00Z"), Window::Office);
        assert_eq!(next, at("2026-01-05T17:00:00Z"));
        assert_eq!(usa.next(at("2026-01-05T23:00:00Z"), Window::Office), at("2026-01-06T17:00:00Z"));
    }
}
