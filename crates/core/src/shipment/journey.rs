//! The journey of a parcel: all that was told of it, put together so that the order of telling does not matter.
//!
//! News come late, twice and in any order. A journey is a set of events and the newest report, so that the same news always
//! end in the same journey; where the parcel is, is read from it each time and never written over.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::status::TrackingStatus;

/// So long before the day that was noted for its hand-over a parcel may have been scanned: people note it late. Numbers are
/// given out again after half a year at the earliest.
const EARLIEST_SCAN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One line of a carrier's history. The order of the fields is the order of events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrackingEvent {
    pub at: Timestamp,
    /// `None` for a scan that says nothing but that the parcel was there.
    pub status: Option<TrackingStatus>,
    /// The service's own word, kept because ours may be [`TrackingStatus::Other`].
    pub word: String,
    pub description: String,
    pub location: String,
    /// The service's number of the carrier that scanned it: two carriers may share a journey.
    pub carrier_key: Option<u32>,
}

/// When the carrier means to deliver, as days where the buyer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Estimate {
    pub from: Date,
    pub to: Date,
}

/// What the service says of the parcel as a whole. The order of the fields says which of two reports holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Report {
    /// When the service last asked the carrier; `None` when it does not tell, and then any dated report goes before it.
    pub at: Option<Timestamp>,
    pub status: TrackingStatus,
    pub word: String,
    pub estimate: Option<Estimate>,
}

/// What one message or one answer of a tracking service brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackingUpdate {
    pub number: String,
    /// The service's number of the carrier.
    pub carrier_key: Option<u32>,
    /// What we gave along when the parcel was registered.
    pub tag: Option<String>,
    pub report: Option<Report>,
    pub events: Vec<TrackingEvent>,
}

impl TrackingUpdate {
    /// Leaves out what is dated after this instant, which is one a while after the news came in: a carrier's slip of a year
    /// would stand before everything that really happens until then. Returns how many events were left out.
    pub fn leave_out_after(&mut self, latest: Timestamp) -> usize {
        let before = self.events.len();
        self.events.retain(|event| event.at <= latest);
        if let Some(report) = &mut self.report {
            // Undated it counts only while nothing better is known.
            report.at = report.at.filter(|at| *at <= latest);
        }
        before - self.events.len()
    }
}

/// All that is known of one parcel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    events: BTreeSet<TrackingEvent>,
    report: Option<Report>,
}

impl Journey {
    /// Takes news in. Says whether there was anything new, so that what comes twice wakes nobody.
    pub fn take_in(&mut self, update: &TrackingUpdate) -> bool {
        let before = self.events.len();
        self.events.extend(update.events.iter().cloned());
        let newer = update.report > self.report;
        if newer {
            self.report.clone_from(&update.report);
        }
        newer || self.events.len() > before
    }

    /// The journey from this moment on. Numbers are given out again after some months: what was scanned long before a parcel
    /// was handed over is another parcel's. Where nothing else was ever scanned, the report is the other parcel's too.
    fn since(mut self, begin: Timestamp) -> Self {
        let before = self.events.len();
        self.events.retain(|event| event.at >= begin);
        if before > 0 && self.events.is_empty() {
            self.report = None;
        }
        self
    }

    /// What of it belongs to a parcel that was handed over at this moment; all of it where nobody knows the moment.
    pub fn of_parcel(self, shipped_at: Option<Timestamp>) -> Self {
        match shipped_at.and_then(|at| at.checked_sub(EARLIEST_SCAN).ok()) {
            Some(begin) => self.since(begin),
            None => self,
        }
    }

    /// In the order in which they happened.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &TrackingEvent> {
        self.events.iter()
    }

    pub const fn report(&self) -> Option<&Report> {
        self.report.as_ref()
    }

    /// What the carrier says of the day, as long as it says so in its newest report.
    pub fn estimate(&self) -> Option<Estimate> {
        self.report.as_ref()?.estimate
    }

    /// When the carrier last scanned the parcel.
    pub fn last_movement(&self) -> Option<Timestamp> {
        self.events.iter().next_back().map(|event| event.at)
    }

    /// The carrier has had it in its hands.
    pub fn is_seen(&self) -> bool {
        self.events.iter().any(|event| event.status.is_none_or(TrackingStatus::is_seen))
            || self.report.as_ref().is_some_and(|report| report.status.is_seen())
    }

    /// Where the parcel is.
    pub fn status(&self) -> TrackingStatus {
        self.standing().0
    }

    /// Since when it is there; `None` when no instant was told.
    pub fn status_since(&self) -> Option<Timestamp> {
        self.standing().1
    }

    /// The scan since which it is there. `None` when only the report says so: that is dated by whoever asked the carrier, and
    /// nobody may be told that the day they asked is the day on which it happened.
    pub fn status_scanned_at(&self) -> Option<Timestamp> {
        let (status, at) = self.heard(None)?;
        (status == self.status()).then_some(at)
    }

    /// What is true after the scans and a report.
    fn heard(&self, report: Option<(Timestamp, TrackingStatus)>) -> Option<(TrackingStatus, Timestamp)> {
        let scanned = self.events.iter().filter_map(|event| Some((event.at, event.status?)));
        let mut told: Vec<(Timestamp, TrackingStatus)> = scanned.chain(report).collect();
        told.sort_unstable();
        let mut standing = Standing::default();
        for (at, status) in told {
            standing.hear(at, status);
        }
        standing.now
    }

    fn standing(&self) -> (TrackingStatus, Option<Timestamp>) {
        let dated = self.report.as_ref().and_then(|report| Some((report.at?, report.status)));
        match (self.heard(dated), &self.report) {
            (Some((status, since)), _) => (status, Some(since)),
            // A report that nobody dated counts when there is nothing better.
            (None, Some(report)) => (report.status, None),
            (None, None) => (TrackingStatus::NotFound, None),
        }
    }
}

/// What is true after a row of news, in the order in which they happened.
#[derive(Default)]
struct Standing {
    now: Option<(TrackingStatus, Timestamp)>,
    /// On its way back: what is scanned from now on happens on that way.
    coming_back: bool,
}

impl Standing {
    fn hear(&mut self, at: Timestamp, news: TrackingStatus) {
        let Some((now, _)) = self.now else {
            self.settle(at, news);
            return;
        };
        let next = if self.coming_back { on_the_way_back(now, news) } else { on_the_way(now, news) };
        if next != now {
            self.settle(at, next);
        }
    }

    fn settle(&mut self, at: Timestamp, status: TrackingStatus) {
        self.now = Some((status, at));
        self.coming_back |= matches!(status, TrackingStatus::Returning | TrackingStatus::Returned);
    }
}

fn on_the_way(now: TrackingStatus, news: TrackingStatus) -> TrackingStatus {
    use TrackingStatus as S;
    match (now, news) {
        // Carriers go on scanning what they have delivered; only what contradicts it counts.
        (
            S::Delivered,
            S::Returning
            | S::Returned
            | S::Refused
            | S::Damaged
            | S::Lost
            | S::Destroyed
            | S::FailedDelivery
            | S::NobodyThere
            | S::WrongAddress,
        ) => news,
        (S::Delivered, _) => now,
        // A service that cannot find a parcel any more does not undo where it was.
        (_, S::NotFound | S::InvalidNumber | S::Announced) if now.is_seen() => now,
        // Silence says nothing new where the last word ended the journey, or has put a person to work.
        (_, S::Expired) if now.is_final() || now.handling().task.is_some() => now,
        _ => news,
    }
}

fn on_the_way_back(now: TrackingStatus, news: TrackingStatus) -> TrackingStatus {
    use TrackingStatus as S;
    match news {
        // To whom? Thanking a buyer for goods that are back here would be worse than asking a person.
        S::Delivered if now != S::Returned => S::Other,
        S::Returned | S::Damaged | S::Lost | S::Destroyed | S::Held | S::Other => news,
        _ => now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TrackingStatus as S;

    fn hour(hours: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + hours * 3_600).expect("an instant")
    }

    fn event(hours: i64, status: S) -> TrackingEvent {
        TrackingEvent {
            at: hour(hours),
            status: Some(status),
            word: String::new(),
            description: status.code().to_string(),
            location: String::new(),
            carrier_key: Some(3011),
        }
    }

    fn update(events: &[(i64, S)], report: Option<(i64, S)>) -> TrackingUpdate {
        TrackingUpdate {
            number: "RR123456789CN".to_string(),
            carrier_key: Some(3011),
            tag: None,
            report: report.map(|(at, status)| Report {
                at: Some(hour(at)),
                status,
                word: String::new(),
                estimate: None,
            }),
            events: events.iter().map(|(at, status)| event(*at, *status)).collect(),
        }
    }

    fn after(updates: &[TrackingUpdate]) -> Journey {
        let mut journey = Journey::default();
        for update in updates {
            journey.take_in(update);
        }
        journey
    }

    #[test]
    fn what_happened_later_holds_whenever_it_is_told() {
        let delivered = update(&[(30, S::Delivered)], Some((31, S::Delivered)));
        let older = update(&[(10, S::Departed), (20, S::OutForDelivery)], Some((21, S::OutForDelivery)));
        let journey = after(&[delivered.clone(), older.clone()]);
        assert_eq!(journey.status(), S::Delivered);
        assert_eq!(journey, after(&[older, delivered]));
    }

    #[test]
    fn a_day_is_the_carriers_only_where_a_scan_says_so() {
        let scanned = after(&[update(&[(10, S::Departed), (30, S::Delivered)], Some((90, S::Delivered)))]);
        assert_eq!(scanned.status_scanned_at(), Some(hour(30)));
        // The report came three days after the last scan, which says nothing of the delivery.
        let reported = after(&[update(&[(10, S::Departed)], Some((90, S::Delivered)))]);
        assert_eq!((reported.status(), reported.status_scanned_at()), (S::Delivered, None));
        assert_eq!(reported.status_since(), Some(hour(90)));
        assert_eq!(Journey::default().status_scanned_at(), None);
    }

    #[test]
    fn what_was_scanned_before_a_parcel_was_handed_over_is_anothers() {
        // The number was another parcel's half a year ago.
        let other = || update(&[(1, S::PickedUp), (100, S::Delivered)], Some((5_000, S::Delivered)));
        assert_eq!(after(&[other()]).since(hour(4_000)).status(), S::NotFound);
        let own = after(&[other(), update(&[(4_100, S::PickedUp)], Some((5_001, S::PickedUp)))]).since(hour(4_000));
        assert_eq!((own.status(), own.status_since()), (S::PickedUp, Some(hour(4_100))));
        // Nothing was ever scanned: the report alone says where it is.
        assert_eq!(after(&[update(&[], Some((9, S::InTransit)))]).since(hour(5)).status(), S::InTransit);
    }

    #[test]
    fn a_scan_after_delivery_undoes_nothing_and_a_return_does() {
        let mut journey = after(&[update(&[(1, S::Delivered), (5, S::InTransit)], Some((6, S::Expired)))]);
        assert_eq!((journey.status(), journey.status_since()), (S::Delivered, Some(hour(1))));
        journey.take_in(&update(&[(9, S::Returning)], None));
        assert_eq!(journey.status(), S::Returning);
    }

    #[test]
    fn on_the_way_back_nothing_reads_as_if_it_came() {
        let back = update(&[(1, S::Refused), (2, S::Returning), (3, S::Departed), (4, S::OutForDelivery)], None);
        assert_eq!(after(std::slice::from_ref(&back)).status(), S::Returning);
        let arrived = update(&[(5, S::Delivered)], Some((6, S::Delivered)));
        assert_eq!(after(&[back.clone(), arrived]).status(), S::Other);
        let returned = update(&[(5, S::Returned), (6, S::Delivered)], None);
        assert_eq!(after(&[back, returned]).status(), S::Returned);
    }

    #[test]
    fn a_number_that_is_not_found_any_more_is_still_where_it_was() {
        let journey = after(&[update(&[(1, S::Announced), (2, S::Departed)], Some((9, S::NotFound)))]);
        assert_eq!(journey.status(), S::Departed);
        assert_eq!(after(&[update(&[], Some((9, S::NotFound)))]).status(), S::NotFound);
        assert_eq!(Journey::default().status(), S::NotFound);
    }

    #[test]
    fn what_is_dated_ahead_of_its_coming_hides_nothing_that_happens() {
        let mut slip = update(&[(1, S::PickedUp), (9_000, S::Departed)], Some((9_000, S::Departed)));
        assert_eq!(slip.leave_out_after(hour(30)), 1);
        let mut journey = after(&[slip]);
        assert_eq!((journey.status(), journey.last_movement()), (S::PickedUp, Some(hour(1))));
        journey.take_in(&update(&[(40, S::OutForDelivery)], Some((41, S::OutForDelivery))));
        assert_eq!(journey.status(), S::OutForDelivery);
        assert_eq!(update(&[(1, S::PickedUp)], Some((2, S::PickedUp))).leave_out_after(hour(30)), 0);
    }

    #[test]
    fn silence_undoes_no_bad_news() {
        for bad in [S::Lost, S::Damaged, S::Held, S::NeedsInformation, S::Cancelled] {
            assert_eq!(after(&[update(&[(1, bad)], Some((900, S::Expired)))]).status(), bad);
        }
        assert_eq!(after(&[update(&[(1, S::Departed)], Some((900, S::Expired)))]).status(), S::Expired);
    }

    #[test]
    fn what_comes_twice_is_no_news() {
        let news = update(&[(1, S::Departed)], Some((2, S::Departed)));
        let mut journey = Journey::default();
        assert!(journey.take_in(&news));
        assert!(!journey.take_in(&news));
        assert!(!journey.take_in(&update(&[(1, S::Departed)], Some((1, S::PickedUp)))));
    }
}
