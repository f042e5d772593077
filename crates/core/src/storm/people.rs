//! How people and channels behave: how long a yes takes, whether a letter arrives. Settled by the seed and the moment, so
//! that a history from which something is dropped goes on as before where it can.

use jiff::{SignedDuration, Timestamp};

use super::dice::{Dice, mixed};

/// What becomes of a letter that is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Sent,
    /// It came back.
    Failed,
    /// The line broke: it has left, or not.
    Uncertain {
        left: bool,
    },
}

#[derive(Debug, Clone)]
pub struct People {
    seed: u64,
    /// Longest time to a yes, to a call, to work on the desk.
    approval_hours: i64,
    call_hours: i64,
    desk_hours: i64,
    failed_percent: u64,
    uncertain_percent: u64,
}

impl People {
    /// A yes after two hours, calls at once, every letter arrives.
    pub const fn prompt() -> Self {
        Self { seed: 0, approval_hours: 2, call_hours: 0, desk_hours: 2, failed_percent: 0, uncertain_percent: 0 }
    }

    pub const fn of(seed: u64) -> Self {
        Self { seed, approval_hours: 200, call_hours: 100, desk_hours: 150, failed_percent: 5, uncertain_percent: 3 }
    }

    fn dice(&self, at: Timestamp, salt: u64) -> Dice {
        Dice::new(mixed(self.seed ^ mixed(at.as_second().unsigned_abs() ^ mixed(salt))))
    }

    fn after(&self, at: Timestamp, longest: i64, salt: u64) -> Timestamp {
        let shortest = longest.min(2);
        // Most are quick, some are not.
        let mut dice = self.dice(at, salt);
        let longest = if dice.chance(70) { longest.min(8) } else { longest };
        at + SignedDuration::from_hours(dice.between(shortest, longest))
    }

    pub fn yes(&self, at: Timestamp) -> Timestamp {
        self.after(at, self.approval_hours, 1)
    }

    pub fn call(&self, at: Timestamp) -> Timestamp {
        self.after(at, self.call_hours, 2)
    }

    pub fn desk(&self, at: Timestamp) -> Timestamp {
        self.after(at, self.desk_hours, 3)
    }

    pub fn fate(&self, at: Timestamp) -> Fate {
        let mut dice = self.dice(at, 4);
        if dice.chance(self.failed_percent) {
            return Fate::Failed;
        }
        if dice.chance(self.uncertain_percent) {
            return Fate::Uncertain { left: dice.chance(50) };
        }
        Fate::Sent
    }
}
