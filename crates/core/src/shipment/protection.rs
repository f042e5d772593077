//! The clock of the buyer's protection: until when a marketplace lets a buyer ask for the money back because nothing came.
//!
//! It is never used to make anybody confirm early. What it is for: to extend the time while a parcel is still on its way,
//! and to offer a second parcel or the money in good time, before the buyer has to open a dispute.

use jiff::civil::Date;

use crate::calendar::{days_between, shift};

/// The seller's own rules, settable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProtectionRules {
    /// From so many days before the end the time is extended.
    pub extend_from_days: u16,
    /// From so many days before the end a second parcel or the money is offered.
    pub offer_from_days: u16,
    /// Days that the buyer should have left after the goods are expected.
    pub margin_days: u16,
    /// A marketplace takes no longer extension at once.
    pub extend_at_most_days: u16,
}

impl Default for ProtectionRules {
    fn default() -> Self {
        Self { extend_from_days: 10, offer_from_days: 4, margin_days: 7, extend_at_most_days: 30 }
    }
}

/// What the clock asks for today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProtectionStage {
    /// Nothing: there is time.
    Ample,
    /// Extend the buyer's time, and say so.
    Extend,
    /// So near the end that a second parcel or the money should be offered.
    Offer,
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProtectionClock {
    /// Negative when it is over.
    pub days_left: i32,
    pub stage: ProtectionStage,
    /// Days to extend by, so that the buyer has the margin left; 0 when no more are needed.
    pub extend_by_days: u16,
}

/// The last day of protection where the marketplace does not tell it: so many days from hand-over.
pub fn protection_end(shipped_on: Date, protection_days: u16) -> Date {
    shift(shipped_on, i32::from(protection_days))
}

/// How the clock stands for a parcel that has not come. `arrives_by` is the last day on which it is expected
/// ([`super::delay::Lateness::expected_between`]); a day that has passed counts as today.
pub fn protection_clock(
    ends_on: Date,
    arrives_by: Option<Date>,
    today: Date,
    rules: &ProtectionRules,
) -> ProtectionClock {
    let days_left = days_between(today, ends_on);
    let arrives_by = arrives_by.map_or(today, |day| day.max(today));
    let wanted = shift(arrives_by, i32::from(rules.margin_days));
    let lacking = days_between(ends_on, wanted).clamp(0, i32::from(rules.extend_at_most_days));
    let stage = if days_left < 0 {
        ProtectionStage::Over
    } else if days_left <= i32::from(rules.offer_from_days) {
        ProtectionStage::Offer
    } else if lacking > 0 && days_left <= i32::from(rules.extend_from_days) {
        ProtectionStage::Extend
    } else {
        ProtectionStage::Ample
    };
    // Over is over: no marketplace extends it.
    let extend_by_days = if stage == ProtectionStage::Over { 0 } else { u16::try_from(lacking).unwrap_or(0) };
    ProtectionClock { days_left, stage, extend_by_days }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const END: Date = date(2026, 5, 31);

    fn clock(today: Date, arrives_by: Option<Date>) -> (i32, ProtectionStage, u16) {
        let clock = protection_clock(END, arrives_by, today, &ProtectionRules::default());
        (clock.days_left, clock.stage, clock.extend_by_days)
    }

    #[test]
    fn the_clock_goes_from_ample_to_over() {
        let soon = Some(date(2026, 5, 29));
        assert_eq!(clock(date(2026, 5, 1), None), (30, ProtectionStage::Ample, 0));
        assert_eq!(clock(date(2026, 5, 21), soon), (10, ProtectionStage::Extend, 5));
        assert_eq!(clock(date(2026, 5, 27), soon), (4, ProtectionStage::Offer, 5));
        assert_eq!(clock(date(2026, 5, 31), soon), (0, ProtectionStage::Offer, 7));
        assert_eq!(clock(date(2026, 6, 1), soon), (-1, ProtectionStage::Over, 0));
    }

    #[test]
    fn who_gets_it_in_time_needs_no_more_days() {
        assert_eq!(clock(date(2026, 5, 21), Some(date(2026, 5, 22))), (10, ProtectionStage::Ample, 0));
    }

    #[test]
    fn no_more_is_asked_for_than_a_marketplace_gives() {
        assert_eq!(clock(date(2026, 5, 25), Some(date(2026, 9, 1))), (6, ProtectionStage::Extend, 30));
    }

    #[test]
    fn the_end_counts_from_hand_over_where_nobody_tells_it() {
        assert_eq!(protection_end(date(2026, 3, 2), 60), date(2026, 5, 1));
    }
}
