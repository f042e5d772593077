//! When a buyer is offered something or invited to a review (SCENARIOS M9, M10): at peace only. Whoever is asked for money,
//! complains, has had a dispute about this order or waits for goods that are late, lost or broken hears nothing of the kind.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::calendar::days_between;
use crate::case::CaseState;
use crate::facts::orders::{OrderFacts, Parcel};
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::intent::Intent;
use crate::order::story::{OrderState, OrderWord};
use crate::receivable::Obligor;
use crate::shipment::delay::{QUIET_DAYS, no_movement_days};
use crate::shipment::status::TrackingStatus;
use crate::why::WhyUnpaid;

/// So long after a paid order came to nothing the buyer is left in peace: the money has to come back first.
const AFTER_REFUND_DAYS: i32 = 30;

/// Whether this is a moment to offer something, or to invite to a review of this order.
pub fn may_offer(facts: &DebtorFacts, order: &OrderFacts, today: Date, zone: &TimeZone) -> bool {
    let complained = facts.disputes.iter().any(|dispute| !dispute.resolved)
        || facts.heard.iter().any(|heard| matches!(heard.intent, Intent::Disputes | Intent::Refuses))
        || order.story.first(&[OrderWord::InDispute]).is_some();
    let of_own = |parcel: &Parcel| {
        let status = parcel.journey.status();
        is_gone_wrong(status) || status == TrackingStatus::PickUpPoint
    };
    !complained
        && !facts.receivables.iter().any(is_chased)
        && !order.parcels.iter().any(of_own)
        && !facts.orders.iter().any(|order| is_at_odds(order, today, zone))
}

/// The buyer is asked for money, or says that we are at fault.
fn is_chased(item: &ReceivableFacts) -> bool {
    if item.receivable.closed {
        return false;
    }
    let open = item.receivable.obligor == Obligor::Buyer && item.outstanding().is_ok_and(|open| open.is_positive());
    let asked = item.case.as_ref().is_some_and(|case| {
        case.state != CaseState::Running || case.steps.iter().any(|taken| taken.level > 0 && !taken.voided)
    });
    (open && asked) || item.why.is_some_and(|known| known.why == WhyUnpaid::SellerFault)
}

fn is_at_odds(order: &OrderFacts, today: Date, zone: &TimeZone) -> bool {
    let standing = order.story.standing();
    let state = order.state(today);
    let wrong = |parcel: &Parcel| is_gone_wrong(parcel.journey.status());
    match state {
        OrderState::InDispute | OrderState::Frozen => true,
        OrderState::PartShipped | OrderState::Shipped => {
            order.parcels.iter().any(|parcel| wrong(parcel) || is_late(parcel, today, zone))
        }
        OrderState::Cancelled | OrderState::Closed => {
            let day = standing.since.map(|at| at.to_zoned(zone.clone()).date());
            let lately = day.is_none_or(|day| days_between(day, today) <= AFTER_REFUND_DAYS);
            lately && order.story.first(&[OrderWord::RiskControl, OrderWord::Paid]).is_some()
        }
        _ => order.parcels.iter().any(wrong),
    }
}

/// Something happened to the parcel that is not in order yet.
const fn is_gone_wrong(status: TrackingStatus) -> bool {
    use TrackingStatus as S;
    matches!(
        status,
        S::InvalidNumber
            | S::NeedsInformation
            | S::FailedDelivery
            | S::NobodyThere
            | S::WrongAddress
            | S::Refused
            | S::Held
            | S::Trouble
            | S::Cancelled
            | S::Returning
            | S::Returned
            | S::Damaged
            | S::Lost
            | S::Destroyed
            | S::Other
    )
}

fn is_late(parcel: &Parcel, today: Date, zone: &TimeZone) -> bool {
    let status = parcel.journey.status();
    if status.is_final() {
        return false;
    }
    let quiet = |shipped| no_movement_days(&parcel.journey, shipped, today, zone) >= i32::from(QUIET_DAYS);
    matches!(status, TrackingStatus::Delayed | TrackingStatus::Expired)
        || parcel.expected_by(zone).is_some_and(|day| day < today)
        || parcel.shipped_on(zone).is_some_and(quiet)
}
