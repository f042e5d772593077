//! The service's wall clock: US Pacific time, `yyyy-MM-dd HH:mm:ss`, with the hour that comes twice and the one that
//! never comes.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

#[derive(Debug)]
pub(super) struct Wall {
    zone: TimeZone,
    repeated_hour_is_the_later: bool,
}

/// A span of instants, in milliseconds, both ends included, and how long it is on the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub from: i64,
    pub until: i64,
    pub wall_length: SignedDuration,
}

impl Wall {
    pub(super) fn new(repeated_hour_is_the_later: bool) -> Result<Self, jiff::Error> {
        Ok(Self { zone: TimeZone::get("America/Los_Angeles")?, repeated_hour_is_the_later })
    }

    pub(super) fn write(&self, milliseconds: i64) -> String {
        let instant = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
        self.zone.to_datetime(instant).strftime(FORMAT).to_string()
    }

    fn instant(&self, wall: DateTime) -> Option<i64> {
        let ambiguous = self.zone.to_ambiguous_timestamp(wall);
        let read = if self.repeated_hour_is_the_later { ambiguous.later() } else { ambiguous.earlier() };
        read.ok().map(Timestamp::as_millisecond)
    }

    /// A window from its two texts. The last second counts as a whole.
    pub(super) fn window(&self, from: &str, until: &str) -> Option<Window> {
        let from = DateTime::strptime(FORMAT, from).ok()?;
        let until = DateTime::strptime(FORMAT, until).ok()?;
        Some(Window {
            from: self.instant(from)?,
            until: self.instant(until)?.saturating_add(999),
            wall_length: from.duration_until(until),
        })
    }
}

impl Window {
    pub(super) const fn holds(&self, milliseconds: i64) -> bool {
        self.from <= milliseconds && milliseconds <= self.until
    }
}
