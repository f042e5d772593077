//! What a decision may know of an order and its parcels: how it stands, what is in it, what is asked, what has left.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::case::{Case, Subject};
use crate::ids::{CaseId, OrderId, ShipmentId};
use crate::money::Money;
use crate::order::OrderSource;
use crate::order::asks::OrderAsk;
use crate::order::story::{OrderState, OrderStory, OrderWord};
use crate::shipment::journey::Journey;
use crate::shipment::status::TrackingStatus;
use crate::shipment::transit::ExpectedDays;

use super::DebtorFacts;

/// An order with its parcels and its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFacts {
    pub id: OrderId,
    /// As the buyer knows it.
    pub number: String,
    pub source: OrderSource,
    pub total: Money,
    /// Country that the goods go to (ISO 3166 code); empty when unknown.
    pub goes_to: String,
    pub placed_at: Option<Timestamp>,
    pub story: OrderStory,
    /// The last moment at which the marketplace lets us ship it.
    pub ship_by: Option<Timestamp>,
    /// Last day of the buyer's protection.
    pub protection_ends: Option<Date>,
    pub goods: Vec<GoodsLine>,
    /// An article of the catalogue could stand in for what is not there; `false` while all of it is.
    pub has_similar: bool,
    pub parcels: Vec<Parcel>,
    /// Parcels under a number that was corrected since: only what the buyer was told of them counts.
    pub former_parcels: Vec<Parcel>,
    /// What is open with the buyer, and what was.
    pub asks: Vec<OrderAsk>,
    /// Why it may not leave, as people of ours said.
    pub holds: Vec<DispatchHold>,
    /// More time for the receipt that the marketplace has given, the last time it did.
    pub receipt_extended: Option<ReceiptExtended>,
    /// When it was last read where it comes from.
    pub synced_at: Option<Timestamp>,
    pub case: Option<Case>,
}

/// The marketplace has given the buyer more time to confirm the receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptExtended {
    pub days: u16,
    /// Last day of the buyer's protection from then on; `None` where nobody tells it.
    pub until: Option<Date>,
    /// When it was given.
    pub at: Timestamp,
}

/// One article of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodsLine {
    pub sku: String,
    pub title: String,
    pub quantity: i64,
    /// Of one.
    pub price: Money,
    /// The platform's own page of the article; empty when unknown.
    pub url: String,
    /// `None` while nobody said.
    pub in_stock: Option<bool>,
}

/// Something of ours that has to be settled before an order leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchHold {
    pub why: String,
    /// Last day of it; `None`: until somebody ends it.
    pub until: Option<Date>,
    pub released: bool,
}

/// A parcel of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    pub id: ShipmentId,
    /// Code of `shipping/carriers.toml`; empty when nobody said.
    pub carrier: String,
    /// Tracking number; empty while there is none.
    pub number: String,
    /// The parcel whose number this one corrects.
    pub replaces: Option<ShipmentId>,
    /// When it was handed over.
    pub shipped_at: Option<Timestamp>,
    /// How long its like takes, from a table or own parcels.
    pub expected: Option<ExpectedDays>,
    pub journey: Journey,
    pub case: Option<Case>,
}

/// Moments of an order and one parcel that times count from (`time_expr`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderMoments {
    /// The buyer paid.
    pub paid: Option<Timestamp>,
    /// The platform let the money pass.
    pub cleared: Option<Timestamp>,
    pub ship_by: Option<Timestamp>,
    pub shipped: Option<Timestamp>,
    /// The parcel last moved; when it was handed over while nothing was told.
    pub last_movement: Option<Timestamp>,
    /// The last day on which the parcel is expected.
    pub expected: Option<Date>,
    pub protection_end: Option<Date>,
    pub delivered: Option<Timestamp>,
    /// What is open longest with the buyer came up.
    pub asked: Option<Timestamp>,
    /// The order came to stand as it does; of a parcel: it came to where it is.
    pub state: Option<Timestamp>,
}

/// Steps whose message tells the buyer the number of a parcel.
const TELLING_NUMBER: [&str; 4] = ["m5/shipped", "m5/shipped_contact_first", "m5/new_number", "m5/new_number_unclear"];

/// Whether the message of a step, as it is recorded, tells the number of a parcel.
pub fn tells_number(step: &str) -> bool {
    TELLING_NUMBER.contains(&step)
}

fn was_number_told(parcel: &Parcel) -> bool {
    parcel.was_told(tells_number)
}

/// Steps whose message invites to a review. A buyer is invited once for an order (SCENARIOS G4).
const INVITING: [&str; 2] = ["m5/shipped_contact_first", "m10/review"];

impl OrderFacts {
    /// How it stands on this day of the firm.
    pub fn state(&self, today: Date) -> OrderState {
        let standing = self.story.standing();
        match standing.word {
            OrderWord::Placed | OrderWord::InStock | OrderWord::OutOfStock => OrderState::Placed,
            OrderWord::RiskControl => OrderState::RiskControl,
            OrderWord::Paid => self.before_dispatch(standing.in_stock, today),
            OrderWord::PartShipped => OrderState::PartShipped,
            OrderWord::Shipped if self.all_delivered().is_some() => OrderState::Delivered,
            OrderWord::Shipped => OrderState::Shipped,
            OrderWord::Delivered => OrderState::Delivered,
            OrderWord::Completed => OrderState::Completed,
            OrderWord::Frozen => OrderState::Frozen,
            OrderWord::InDispute => OrderState::InDispute,
            OrderWord::Cancelled => OrderState::Cancelled,
            OrderWord::Closed => OrderState::Closed,
        }
    }

    /// Since when it stands so, as far as that was told.
    pub fn state_since(&self, today: Date) -> Option<Timestamp> {
        let standing = self.story.standing();
        match self.state(today) {
            OrderState::OutOfStock => standing.stock_since.max(standing.since),
            OrderState::Delivered => {
                standing.since.filter(|_| standing.word == OrderWord::Delivered).or(self.all_delivered())
            }
            _ => standing.since,
        }
    }

    /// When the last parcel was delivered, once all are: a platform may tell of it later, or never.
    pub fn all_delivered(&self) -> Option<Timestamp> {
        let is_there = |parcel: &Parcel| parcel.journey.status() == TrackingStatus::Delivered;
        let all = !self.parcels.is_empty() && self.parcels.iter().all(is_there);
        self.parcels.iter().filter_map(|parcel| parcel.journey.status_since()).max().filter(|_| all)
    }

    fn before_dispatch(&self, told: Option<bool>, today: Date) -> OrderState {
        match self.in_stock(told) {
            Some(false) => OrderState::OutOfStock,
            _ if self.is_awaiting() => OrderState::AwaitingConfirmation,
            Some(true) if self.is_held(today) => OrderState::InStock,
            Some(true) => OrderState::Ready,
            None => OrderState::Paid,
        }
    }

    /// What is known of its goods: the last word about the order as a whole, else of its lines.
    pub fn in_stock(&self, told: Option<bool>) -> Option<bool> {
        let lines = || self.goods.iter().map(|line| line.in_stock);
        let by_lines = || match lines().any(|known| known == Some(false)) {
            true => Some(false),
            false if !self.goods.is_empty() && lines().all(|known| known == Some(true)) => Some(true),
            false => None,
        };
        told.or_else(by_lines)
    }

    /// Something that has to be known before dispatch is open with the buyer.
    pub fn is_awaiting(&self) -> bool {
        self.asks.iter().any(|ask| ask.holds_dispatch && !ask.settled)
    }

    /// Somebody of ours keeps it here.
    pub fn is_held(&self, today: Date) -> bool {
        self.holds.iter().any(|hold| !hold.released && hold.until.is_none_or(|until| until >= today))
    }

    /// The articles that are gone, by their lines; all of them where the order as a whole is said to miss something.
    pub fn missing(&self) -> impl Iterator<Item = &GoodsLine> {
        let is_gone = |line: &GoodsLine| line.in_stock == Some(false);
        let some_gone = self.goods.iter().any(is_gone);
        self.goods.iter().filter(move |line| !some_gone || is_gone(line))
    }

    /// Whether the buyer was invited to a review of it, or is about to be.
    pub fn is_invited(&self) -> bool {
        self.invitations().next().is_some()
    }

    /// Whether the message that this case sends may invite to a review: an order of several parcels has several notices of
    /// dispatch, and the first of them invites.
    pub fn invites(&self, case: CaseId) -> bool {
        self.invitations().min().is_none_or(|(_, first)| first == case)
    }

    /// What invites or has invited, with its case. What was called off, or declined by a person, invited nobody.
    fn invitations(&self) -> impl Iterator<Item = (Timestamp, CaseId)> {
        let of_case = |case: &Case| {
            let id = case.id;
            let inviting = case.steps.iter().filter(|taken| INVITING.contains(&&*taken.step));
            let heard = inviting.filter(|taken| !taken.voided && taken.end.is_none());
            heard.map(move |taken| (taken.taken_at, id)).collect::<Vec<_>>()
        };
        self.cases().flat_map(of_case)
    }

    /// The parcels in whose place this one came, the nearest first: those whose number it corrects, and what went together with
    /// them where nobody knows which is which. Each is met once.
    pub fn former_selves(&self, parcel: &Parcel) -> Vec<&Parcel> {
        let mut line: Vec<&Parcel> = Vec::new();
        let mut before = parcel.replaces;
        while let Some(former) = self.former_parcels.iter().find(|former| Some(former.id) == before) {
            if line.iter().any(|met| met.id == former.id) {
                break;
            }
            line.push(former);
            before = former.replaces;
        }
        line
    }

    /// A number that the buyer was told for this parcel, where it was another one than it has now. Whoever corrects twice before
    /// anything was told is followed back to what was told.
    pub fn number_told_before(&self, parcel: &Parcel) -> Option<&str> {
        let line = self.former_selves(parcel);
        line.into_iter().find(|former| was_number_told(former)).map(|former| former.number.as_str())
    }

    /// Several numbers changed at once since the buyer was told one of this parcel, and nobody has said which is which: more
    /// than one parcel stands in the place of the same former one.
    pub fn is_number_unclear(&self, parcel: &Parcel) -> bool {
        let mut after = parcel.id;
        for former in self.former_selves(parcel) {
            let mut all = self.parcels.iter().chain(&self.former_parcels);
            if all.any(|other| other.id != after && other.replaces == Some(former.id)) {
                return true;
            }
            if was_number_told(former) {
                return false;
            }
            after = former.id;
        }
        false
    }

    /// The number that the buyer was told for this parcel, where somebody knows which it was.
    pub fn former_number(&self, parcel: &Parcel) -> Option<&str> {
        self.number_told_before(parcel).filter(|_| !self.is_number_unclear(parcel))
    }

    /// Its case and those of its parcels, also of those under another number before.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        let parcels = self.parcels.iter().chain(&self.former_parcels);
        self.case.iter().chain(parcels.filter_map(|parcel| parcel.case.as_ref()))
    }
}

impl Parcel {
    /// Whether the buyer was told something of it, and not only about to be.
    pub fn was_told(&self, is_meant: impl Fn(&str) -> bool) -> bool {
        let mut taken = self.case.iter().flat_map(|case| &case.steps);
        taken.any(|taken| is_meant(&taken.step) && !taken.voided && taken.end.is_none())
    }

    /// The day on which it was handed over, in the firm's zone.
    pub fn shipped_on(&self, zone: &TimeZone) -> Option<Date> {
        Some(self.shipped_at?.to_zoned(zone.clone()).date())
    }

    /// The last day on which it is expected: the carrier's own word goes before any table.
    pub fn expected_by(&self, zone: &TimeZone) -> Option<Date> {
        let by_table = || Some(self.expected?.between(self.shipped_on(zone)?).1);
        self.journey.estimate().map(|estimate| estimate.to).or_else(by_table)
    }
}

impl DebtorFacts {
    /// The case of an order or a parcel.
    pub fn order_case_mut(&mut self, id: CaseId) -> Option<&mut Case> {
        let of_parcels = |parcels: &[Parcel]| {
            parcels.iter().position(|parcel| parcel.case.as_ref().is_some_and(|case| case.id == id))
        };
        for order in &mut self.orders {
            if order.case.as_ref().is_some_and(|case| case.id == id) {
                return order.case.as_mut();
            }
            if let Some(place) = of_parcels(&order.parcels) {
                return order.parcels[place].case.as_mut();
            }
            if let Some(place) = of_parcels(&order.former_parcels) {
                return order.former_parcels[place].case.as_mut();
            }
        }
        None
    }

    /// The order of a subject, with the parcel where it is one.
    pub fn order_of(&self, subject: Subject) -> Option<(&OrderFacts, Option<&Parcel>)> {
        match subject {
            Subject::Order(id) => self.orders.iter().find(|order| order.id == id).map(|order| (order, None)),
            Subject::Shipment(id) => self.orders.iter().find_map(|order| {
                order.parcels.iter().find(|parcel| parcel.id == id).map(|parcel| (order, Some(parcel)))
            }),
        }
    }
}

/// So old may the last reading of a marketplace order be when a message about it leaves.
pub const FRESH_MINUTES: i64 = 5;

/// Whether what is known of the order is fresh enough to write about it.
pub fn is_fresh(order: &OrderFacts, now: Timestamp) -> bool {
    if order.source == OrderSource::Direct {
        return true;
    }
    let oldest = now.checked_sub(FRESH_MINUTES.minutes()).unwrap_or(Timestamp::MIN);
    order.synced_at.is_some_and(|at| at >= oldest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{CaseState, Entry, StepEnd, StepTaken};
    use crate::money::Currency;

    fn case(id: u128, steps: Vec<StepTaken>) -> Case {
        Case {
            id: CaseId(id),
            state: CaseState::Running,
            playbook: None,
            started_at: Timestamp::UNIX_EPOCH,
            entry: Entry::Standard,
            steps,
            letter: None,
            task: None,
        }
    }

    fn taken(second: i64, step: &str) -> StepTaken {
        StepTaken {
            step: step.into(),
            level: 0,
            round: 0,
            taken_at: Timestamp::from_second(second).expect("an instant"),
            answer_by: None,
            done_at: None,
            voided: false,
            end: None,
        }
    }

    fn order(of_parcels: Vec<Case>) -> OrderFacts {
        let parcel = |case: Case| Parcel {
            id: ShipmentId(case.id.0),
            carrier: String::new(),
            number: "YT1".to_string(),
            replaces: None,
            shipped_at: None,
            expected: None,
            journey: Journey::default(),
            case: Some(case),
        };
        OrderFacts {
            id: OrderId(1),
            number: "8100".to_string(),
            source: OrderSource::Marketplace,
            total: Money::new(5_000, Currency::USD),
            goes_to: String::new(),
            placed_at: None,
            story: OrderStory::default(),
            ship_by: None,
            protection_ends: None,
            goods: Vec::new(),
            has_similar: false,
            parcels: of_parcels.into_iter().map(parcel).collect(),
            former_parcels: Vec::new(),
            asks: Vec::new(),
            holds: Vec::new(),
            receipt_extended: None,
            synced_at: None,
            case: Some(case(9, Vec::new())),
        }
    }

    #[test]
    fn of_several_notices_of_dispatch_one_invites_to_a_review() {
        let first = || taken(10, "m5/shipped_contact_first");
        let both = order(vec![case(2, vec![first()]), case(1, vec![first()])]);
        let who = |order: &OrderFacts| [1, 2].map(|id| order.invites(CaseId(id)));
        assert_eq!(who(&both), [true, false], "told in one run");
        let later = order(vec![case(1, vec![taken(20, "m5/shipped_contact_first")]), case(2, vec![first()])]);
        assert_eq!(who(&later), [false, true], "the one that came first");
        assert!(later.is_invited());
        // What was called off or declined has invited nobody: the next one does.
        let off = StepTaken { voided: true, ..first() };
        assert_eq!(
            who(&order(vec![case(1, vec![off]), case(2, vec![taken(20, "m5/shipped_contact_first")])])),
            [false, true]
        );
        let declined = StepTaken { end: Some(StepEnd::Declined), ..first() };
        let order = order(vec![case(1, vec![declined, taken(5, "m6/departed")]), case(2, Vec::new())]);
        assert!(!order.is_invited());
    }

    #[test]
    fn a_number_told_before_is_found_however_often_it_was_corrected() {
        let told = |id: u128, voided: bool| Case {
            steps: vec![StepTaken { voided, ..taken(10, "m5/shipped") }],
            ..case(id, Vec::new())
        };
        let mut order = order(vec![told(1, false), told(2, true), case(3, Vec::new())]);
        let mut parcels = std::mem::take(&mut order.parcels);
        for (nth, parcel) in parcels.iter_mut().enumerate() {
            parcel.number = format!("YT{}", nth + 1);
            parcel.replaces = (nth > 0).then_some(ShipmentId(nth as u128));
        }
        order.parcels = parcels.split_off(2);
        order.former_parcels = parcels;
        // The second number was never told, so the first one is what the buyer knows.
        assert_eq!(order.number_told_before(&order.parcels[0]), Some("YT1"));
        order.former_parcels[0].case = None;
        assert_eq!(order.number_told_before(&order.parcels[0]), None);
        // What points at itself ends.
        order.former_parcels[1].replaces = Some(ShipmentId(2));
        assert_eq!(order.number_told_before(&order.parcels[0]), None);
    }

    #[test]
    fn of_several_that_went_together_no_number_is_named_as_the_one() {
        let told = |id: u128, step: &str| case(id, vec![taken(10, step)]);
        // 1 and 2 went, 3 and 4 came.
        let mut order =
            order(vec![told(1, "m5/shipped"), told(2, "m5/shipped"), case(3, Vec::new()), case(4, Vec::new())]);
        let mut parcels = std::mem::take(&mut order.parcels);
        for (parcel, replaces) in parcels.iter_mut().zip([2_u128, 1, 1, 2]) {
            parcel.number = format!("YT{}", parcel.id.0);
            parcel.replaces = Some(ShipmentId(replaces));
        }
        order.parcels = parcels.split_off(2);
        order.former_parcels = parcels;
        for parcel in &order.parcels {
            assert!(order.number_told_before(parcel).is_some() && order.former_number(parcel).is_none());
            assert_eq!(order.former_selves(parcel).len(), 2);
        }
        // Of the second one nobody was told: it is as unclear whose the first one was.
        order.former_parcels[1].case = None;
        assert!(order.parcels.iter().all(|parcel| order.is_number_unclear(parcel)));
        // One after the other is another matter: what was told last is what the buyer knows.
        order.former_parcels[1].case = Some(told(2, "m5/new_number"));
        order.former_parcels[0].replaces = None;
        assert_eq!(order.former_number(&order.parcels[1]), Some("YT2"));
        // Corrected once more, it is one for one again.
        order.former_parcels[0].replaces = Some(ShipmentId(2));
        let mut after = order.parcels[1].clone();
        (after.id, after.replaces) = (ShipmentId(5), Some(ShipmentId(4)));
        let mut before = std::mem::replace(&mut order.parcels[1], after);
        before.case = Some(told(4, "m5/new_number"));
        order.former_parcels.push(before);
        assert_eq!(order.former_number(&order.parcels[1]), Some("YT4"));
    }

    #[test]
    fn what_is_missing_is_told_by_its_lines_or_is_all_of_it() {
        let line = |sku: &str, in_stock| GoodsLine {
            sku: sku.to_string(),
            title: String::new(),
            quantity: 1,
            price: Money::new(100, Currency::USD),
            url: String::new(),
            in_stock,
        };
        let missing = |goods: Vec<GoodsLine>| {
            let order = OrderFacts { goods, ..order(Vec::new()) };
            order.missing().map(|line| line.sku.clone()).collect::<Vec<_>>()
        };
        assert_eq!(missing(vec![line("A", Some(false)), line("B", None)]), ["A"]);
        assert_eq!(missing(vec![line("A", None), line("B", None)]), ["A", "B"]);
    }
}
