//! When a parcel is late, and by what: it never showed, nothing moves any more, the expected day has passed.
//!
//! Days are counted where the seller is: the person who answers the buyer looks at that calendar.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::journey::Journey;
use super::transit::ExpectedDays;
use crate::calendar::days_between;

/// Days without news after which one asks, where nothing else is set.
pub const QUIET_DAYS: u16 = 10;

/// All that lateness depends on.
#[derive(Debug, Clone, Copy)]
pub struct ParcelFacts<'a> {
    pub shipped_on: Date,
    pub journey: &'a Journey,
    /// `None` when neither a table nor own parcels say anything.
    pub expected: Option<ExpectedDays>,
    /// The last day by which the number should show up ([`super::transit::shows_up_between`]).
    pub shows_up_by: Date,
    /// No movement for so many days is late.
    pub quiet_days: u16,
    /// Zone of the seller.
    pub zone: &'a TimeZone,
}

/// One way of being late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Late {
    /// The carrier has not shown the parcel, and should have.
    NeverSeen { since: Date },
    /// The last scan is this many days ago.
    NoMovement { days: i32 },
    /// The day that was to be expected passed so many days ago.
    PastExpected { days: i32, expected_on: Date },
    /// The day that the carrier itself named passed.
    PastEstimate { days: i32, estimated_on: Date },
}

/// How a parcel stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lateness {
    /// Since it was handed over; up to its end when it has ended.
    pub days_on_the_way: i32,
    /// Since the last scan, or since it was handed over when there is none.
    pub no_movement_days: i32,
    /// The days between which it should arrive; the carrier's own estimate where it gives one.
    pub expected_between: Option<(Date, Date)>,
    /// Empty when it is not late.
    pub late: Vec<Late>,
}

impl Lateness {
    pub const fn is_late(&self) -> bool {
        !self.late.is_empty()
    }
}

/// Days since the parcel last moved, or since it was handed over when nothing is known. Never negative: a carrier whose clock
/// runs ahead is not "minus one day" away.
pub fn no_movement_days(journey: &Journey, shipped_on: Date, today: Date, zone: &TimeZone) -> i32 {
    let moved_on = journey.last_movement().map_or(shipped_on, |at| at.to_zoned(zone.clone()).date());
    days_between(moved_on.max(shipped_on), today).max(0)
}

/// How the parcel stands today.
pub fn lateness(facts: &ParcelFacts<'_>, today: Date) -> Lateness {
    let status = facts.journey.status();
    let still = no_movement_days(facts.journey, facts.shipped_on, today, facts.zone);
    let by_table = facts.expected.map(|expected| expected.between(facts.shipped_on));
    let estimate = facts.journey.estimate();
    let ended_on = if status.is_final() { facts.journey.status_since() } else { None };
    let until = ended_on.map_or(today, |at| at.to_zoned(facts.zone.clone()).date());
    let mut lateness = Lateness {
        days_on_the_way: days_between(facts.shipped_on, until).max(0),
        no_movement_days: still,
        expected_between: estimate.map(|day| (day.from, day.to)).or(by_table),
        late: Vec::new(),
    };
    if status.is_final() {
        return lateness;
    }
    if !facts.journey.is_seen() {
        if today > facts.shows_up_by {
            lateness.late.push(Late::NeverSeen { since: facts.shows_up_by });
        }
    } else if still >= i32::from(facts.quiet_days) {
        lateness.late.push(Late::NoMovement { days: still });
    }
    if let Some((_, expected_on)) = by_table
        && today > expected_on
    {
        lateness.late.push(Late::PastExpected { days: days_between(expected_on, today), expected_on });
    }
    if let Some(estimate) = estimate
        && today > estimate.to
    {
        lateness.late.push(Late::PastEstimate { days: days_between(estimate.to, today), estimated_on: estimate.to });
    }
    lateness
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::shift;
    use crate::shipment::journey::{Estimate, Report, TrackingEvent, TrackingUpdate};
    use crate::shipment::status::TrackingStatus;
    use crate::shipment::transit::Basis;
    use jiff::civil::date;

    const SHIPPED: Date = date(2026, 3, 2);

    fn journey(events: &[(i32, TrackingStatus)], estimate: Option<Estimate>) -> Journey {
        let at = |day: i32| shift(SHIPPED, day).at(4, 0, 0, 0).to_zoned(TimeZone::UTC).expect("an instant").timestamp();
        let mut journey = Journey::default();
        journey.take_in(&TrackingUpdate {
            number: "RR123456789CN".to_string(),
            carrier_key: None,
            tag: None,
            report: estimate.map(|estimate| Report {
                at: None,
                status: TrackingStatus::InTransit,
                word: String::new(),
                estimate: Some(estimate),
            }),
            events: events
                .iter()
                .map(|(day, status)| TrackingEvent {
                    at: at(*day),
                    status: Some(*status),
                    word: String::new(),
                    description: String::new(),
                    location: String::new(),
                    carrier_key: None,
                })
                .collect(),
        });
        journey
    }

    fn stands(journey: &Journey, day: i32) -> Lateness {
        let facts = ParcelFacts {
            shipped_on: SHIPPED,
            journey,
            expected: Some(ExpectedDays { from: 8, to: 20, basis: Basis::Typical }),
            shows_up_by: shift(SHIPPED, 3),
            quiet_days: QUIET_DAYS,
            zone: &TimeZone::UTC,
        };
        lateness(&facts, shift(SHIPPED, day))
    }

    #[test]
    fn it_is_late_once_it_has_not_shown_in_time() {
        let silent = journey(&[], None);
        assert!(!stands(&silent, 3).is_late());
        assert_eq!(stands(&silent, 4).late, [Late::NeverSeen { since: shift(SHIPPED, 3) }]);
        // Announced by ourselves is not seen by the carrier.
        assert!(stands(&journey(&[(0, TrackingStatus::Announced)], None), 4).is_late());
        assert!(!stands(&journey(&[(2, TrackingStatus::PickedUp)], None), 4).is_late());
    }

    #[test]
    fn no_movement_counts_from_the_last_scan() {
        let moving = journey(&[(1, TrackingStatus::PickedUp), (5, TrackingStatus::Departed)], None);
        assert!(!stands(&moving, 14).is_late());
        assert_eq!(stands(&moving, 15).late, [Late::NoMovement { days: 10 }]);
    }

    #[test]
    fn past_the_expected_day_is_late_even_while_it_moves() {
        let moving = journey(&[(19, TrackingStatus::Arrived)], None);
        assert!(!stands(&moving, 20).is_late());
        assert_eq!(stands(&moving, 21).late, [Late::PastExpected { days: 1, expected_on: shift(SHIPPED, 20) }]);
    }

    #[test]
    fn the_carriers_own_estimate_is_told_and_held_against_it() {
        let named = Estimate { from: shift(SHIPPED, 10), to: shift(SHIPPED, 12) };
        let moving = journey(&[(9, TrackingStatus::Arrived)], Some(named));
        assert_eq!(stands(&moving, 12).expected_between, Some((named.from, named.to)));
        assert_eq!(stands(&moving, 13).late, [Late::PastEstimate { days: 1, estimated_on: named.to }]);
    }

    #[test]
    fn what_has_ended_is_not_late_and_its_days_stand_still() {
        let delivered = journey(&[(1, TrackingStatus::PickedUp), (9, TrackingStatus::Delivered)], None);
        let later = stands(&delivered, 60);
        assert_eq!((later.is_late(), later.days_on_the_way), (false, 9));
    }
}
