//! That an offer, or an invitation to a review, comes at peace: read from the facts once more.

use jiff::Timestamp;

use super::{Found, money_rules, stands};
use crate::audit::{Breach, Rules, refuse};
use crate::calendar::shift;
use crate::case::CaseState;
use crate::facts::DebtorFacts;
use crate::facts::orders::{OrderFacts, Parcel};
use crate::intent::Intent;
use crate::order::story::{OrderState, OrderWord};
use crate::receivable::Obligor;
use crate::shipment::status::TrackingStatus as S;
use crate::why::WhyUnpaid;

/// After a paid order came to nothing.
const QUIET_AFTER_END: i32 = 30;
/// A parcel that was not scanned for so long is late.
const QUIET_PARCEL: i32 = 10;

pub(super) fn check_peace(
    found: &Found<'_>,
    facts: &DebtorFacts,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    if facts.disputes.iter().any(|dispute| !dispute.resolved) {
        return refuse(1, "an offer within a dispute");
    }
    if facts.heard.iter().any(|heard| heard.intent == Intent::Disputes || heard.intent == Intent::Refuses) {
        return refuse(1, "an offer to somebody who complained lately");
    }
    if found.order.story.news().any(|news| news.word == OrderWord::InDispute) {
        return refuse(1, format!("an offer after a dispute about order {}", found.order.number));
    }
    for item in &facts.receivables {
        if item.receivable.closed {
            continue;
        }
        if item.why.is_some_and(|known| known.why == WhyUnpaid::SellerFault) {
            return refuse(1, format!("an offer while {} is ours to make good", item.receivable.number));
        }
        let Some(case) = &item.case else { continue };
        let was_pressed = case.steps.iter().any(|taken| !taken.voided && taken.level >= 1);
        let chased = was_pressed || case.state != CaseState::Running;
        let owed = item.receivable.obligor != Obligor::Platform;
        if chased && owed && money_rules::open_amount(item)? > 0 {
            return refuse(1, format!("an offer while {} is chased", item.receivable.number));
        }
    }
    for parcel in &found.order.parcels {
        let status = parcel.journey.status();
        if in_trouble(status) || status == S::PickUpPoint {
            return refuse(6, format!("an offer while parcel {} is {}", parcel.number, status.code()));
        }
    }
    for order in &facts.orders {
        check_other(order, at, rules)?;
    }
    Ok(())
}

/// Nothing of this buyer's is wrong, on its way for too long, or was given up lately.
fn check_other(order: &OrderFacts, at: Timestamp, rules: &Rules<'_>) -> Result<(), Breach> {
    let today = rules.day_of(at);
    let (state, since) = stands(order, today);
    if matches!(state, OrderState::InDispute | OrderState::Frozen) {
        return refuse(1, format!("an offer while order {} is {}", order.number, state.code()));
    }
    if matches!(state, OrderState::Cancelled | OrderState::Closed) {
        let paid = order.story.news().any(|news| matches!(news.word, OrderWord::Paid | OrderWord::RiskControl));
        let lately = since.is_none_or(|at| shift(rules.day_of(at), QUIET_AFTER_END) >= today);
        if paid && lately {
            return refuse(1, format!("an offer soon after order {} came to nothing", order.number));
        }
        return Ok(());
    }
    let goes_on = matches!(state, OrderState::PartShipped | OrderState::Shipped);
    for parcel in &order.parcels {
        let status = parcel.journey.status();
        if in_trouble(status) || (goes_on && is_late(parcel, at, rules)) {
            return refuse(6, format!("an offer while parcel {} is {}", parcel.number, status.code()));
        }
    }
    Ok(())
}

fn is_late(parcel: &Parcel, at: Timestamp, rules: &Rules<'_>) -> bool {
    let today = rules.day_of(at);
    match parcel.journey.status() {
        S::Delivered | S::Returned | S::Lost | S::Destroyed | S::Cancelled => return false,
        S::Delayed | S::Expired => return true,
        _ => {}
    }
    let Some(left) = parcel.shipped_at else {
        return parcel.journey.estimate().is_some_and(|estimate| estimate.to < today);
    };
    let named = parcel.journey.estimate().map(|estimate| estimate.to);
    let usual = parcel.expected.map(|days| shift(rules.day_of(left), i32::from(days.to)));
    let moved = parcel.journey.last_movement().map_or(left, |moved| moved.max(left));
    named.or(usual).is_some_and(|day| day < today) || shift(rules.day_of(moved), QUIET_PARCEL) <= today
}

/// Everything but the usual way of a parcel, and silence about it.
const fn in_trouble(status: S) -> bool {
    !matches!(
        status,
        S::NotFound
            | S::Announced
            | S::PickedUp
            | S::InTransit
            | S::Departed
            | S::Arrived
            | S::Customs
            | S::CustomsReleased
            | S::Delayed
            | S::Expired
            | S::OutForDelivery
            | S::PickUpPoint
            | S::Delivered
    )
}
