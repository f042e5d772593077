//! The service's wall clock: US Pacific time, `yyyy-MM-dd HH:mm:ss`, with daylight saving time.
//!
//! Once a year an hour of that clock comes twice (the fold), once it is left out (the gap). A window is therefore
//! written so that nothing falls out of it however the service reads an ambiguous time.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::uncertain::SERVICE_ZONE;

const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// The service's zone.
#[derive(Debug, Clone)]
pub struct Pacific(TimeZone);

/// A span of the service's clock, as it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WallWindow {
    pub from: DateTime,
    pub until: DateTime,
}

impl WallWindow {
    pub fn begin_text(&self) -> String {
        self.from.strftime(FORMAT).to_string()
    }

    pub fn end_text(&self) -> String {
        self.until.strftime(FORMAT).to_string()
    }
}

impl Pacific {
    /// Fails only where the program was built without its time zones.
    pub fn load() -> Result<Self, jiff::Error> {
        TimeZone::get(SERVICE_ZONE).map(Self)
    }

    /// What the service's clock showed, or would show, at this instant, in whole seconds.
    pub fn wall(&self, instant: Timestamp) -> DateTime {
        let wall = self.0.to_datetime(instant);
        wall.with().subsec_nanosecond(0).build().unwrap_or(wall)
    }

    /// Reads a time of the service. In the fold the earlier of the two instants is taken; a time in the gap, which the
    /// clock never showed, is read as if it had not been moved.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        let wall = DateTime::strptime(FORMAT, text.trim()).ok()?;
        self.0.to_ambiguous_timestamp(wall).compatible().ok()
    }

    /// A window that holds everything between the two instants, and the instant up to which it certainly reaches: the
    /// end of a window that ends in the fold may be read as an hour earlier.
    pub fn window(&self, from: Timestamp, until: Timestamp) -> (WallWindow, Timestamp) {
        let an_hour = SignedDuration::from_hours(1);
        let mut start = self.wall(from);
        // The hour that comes twice is never begun in the middle: whichever of the two the service takes, the window
        // begins before both.
        if self.comes_twice(start) {
            start = start.saturating_sub(an_hour);
        }
        let end = self.wall(until);
        let reaches = self.0.to_ambiguous_timestamp(end).earlier().unwrap_or(from);
        (WallWindow { from: start, until: end }, reaches)
    }

    fn comes_twice(&self, wall: DateTime) -> bool {
        matches!(self.0.to_ambiguous_timestamp(wall).offset(), AmbiguousOffset::Fold { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn texts(window: WallWindow) -> (String, String) {
        (window.begin_text(), window.end_text())
    }

    #[test]
    fn summer_and_winter_are_told_apart() {
        let pacific = Pacific::load().expect("zone");
        assert_eq!(pacific.read("2026-07-01 09:00:00"), Some(at("2026-07-01T16:00:00Z")));
        assert_eq!(pacific.read("2026-01-01 09:00:00"), Some(at("2026-01-01T17:00:00Z")));
        assert_eq!(pacific.read("2026-13-01 09:00:00"), None);
        assert_eq!(pacific.read(""), None);
    }

    #[test]
    fn a_window_around_the_repeated_hour_begins_before_it_and_promises_no_more_than_it_holds() {
        let pacific = Pacific::load().expect("zone");
        // On 2026-11-01 the clock goes back at 09:00Z from 02:00 to 01:00; 01:30 is shown at 08:30Z and at 09:30Z.
        let (window, reaches) = pacific.window(at("2026-11-01T09:30:00Z"), at("2026-11-01T10:30:00Z"));
        assert_eq!(texts(window), ("2026-11-01 00:30:00".into(), "2026-11-01 02:30:00".into()));
        assert_eq!(reaches, at("2026-11-01T10:30:00Z"));
        let (window, reaches) = pacific.window(at("2026-11-01T07:00:00Z"), at("2026-11-01T09:30:00Z"));
        assert_eq!(texts(window), ("2026-11-01 00:00:00".into(), "2026-11-01 01:30:00".into()));
        assert_eq!(reaches, at("2026-11-01T08:30:00Z"));
    }

    #[test]
    fn the_hour_that_is_left_out_takes_nothing_away() {
        let pacific = Pacific::load().expect("zone");
        // On 2026-03-08 the clock goes from 02:00 to 03:00 at 10:00Z.
        let (window, reaches) = pacific.window(at("2026-03-08T09:59:59Z"), at("2026-03-08T10:00:01Z"));
        assert_eq!(texts(window), ("2026-03-08 01:59:59".into(), "2026-03-08 03:00:01".into()));
        assert_eq!(reaches, at("2026-03-08T10:00:01Z"));
        assert_eq!(pacific.read("2026-03-08 02:30:00"), Some(at("2026-03-08T10:30:00Z")));
    }
}
