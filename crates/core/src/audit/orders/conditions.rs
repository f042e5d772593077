//! That the condition of a step holds: its fields worked out from the facts once more.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{Found, anchors, stands};
use crate::audit::{Breach, Rules, refuse};
use crate::calendar::days_between;
use crate::facts::DebtorFacts;
use crate::facts::orders::{OrderFacts, Parcel};
use crate::order::story::{OrderState, OrderWord};
use crate::playbook::Does;
use crate::playbook::condition::{Fields, OrderFields};
use crate::playbook::time_expr::{Anchor, Anchors};
use crate::shipment::status::TrackingStatus;

pub(super) fn check_condition(
    found: &Found<'_>,
    facts: &DebtorFacts,
    own: &str,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let Some(condition) = &found.step.when else { return Ok(()) };
    match condition.holds(&fields(found, facts, own, at, rules)) {
        Ok(true) => Ok(()),
        Ok(false) => refuse(4, format!("step {own} is only for {}", condition.text)),
        Err(error) => refuse(4, format!("the condition of step {own} cannot be read: {error}")),
    }
}

fn fields<'a>(found: &Found<'a>, facts: &'a DebtorFacts, own: &str, at: Timestamp, rules: &Rules<'a>) -> Fields<'a> {
    let (order, today) = (found.order, rules.day_of(at));
    let of_step = anchors(found, facts, (own, at), rules).order;
    let (state, _) = stands(order, today);
    let missing = goods_missing(order);
    let whole_hours = |from: Timestamp, to: Timestamp| to.duration_since(from).as_hours();
    let status = found.parcel.map(|parcel| parcel.journey.status());
    let held_by = |role| facts.contacts.iter().any(|contact| contact.role == role);
    Fields {
        currency: order.total.currency.code(),
        amount_minor: order.total.minor,
        country: facts.party.country.as_str(),
        is_consumer: facts.party.is_consumer,
        role: found.step.roles.iter().copied().find(|role| held_by(*role)).map_or("", |role| role.code()),
        steps_taken: found.case.steps.iter().filter(|taken| !taken.voided && *taken.step != *own).count() as i64,
        grade: facts.party.grade.map_or("", |grade| grade.code()),
        order: OrderFields {
            state: state.code(),
            close_reason: reason_of_end(order, state),
            paid_hours: of_step.paid.map_or(0, |paid| whole_hours(paid, at).max(0)),
            hours_to_ship_by: of_step.ship_by.map_or(0, |end| whole_hours(at, end)),
            in_stock: missing == Some(false),
            out_of_stock: missing == Some(true),
            has_similar: order.has_similar,
            goods_count: order.goods.iter().fold(0, |sum: i64, line| sum.saturating_add(line.quantity)),
            held: order.holds.iter().any(|hold| !hold.released && hold.until.is_none_or(|day| today <= day)),
            awaiting_answer: order.asks.iter().any(|ask| ask.holds_dispatch && !ask.settled),
            carrier: found.parcel.map_or("", |parcel| parcel.carrier.as_str()),
            tracking_status: status.map_or("", TrackingStatus::code),
            number_changed: found.parcel.is_some_and(|parcel| was_renumbered(order, parcel)),
            number_told: found.parcel.is_some() && was_told_number(found, own),
            numbers_unclear: found.parcel.is_some_and(|parcel| nobody_knows_which(order, parcel)),
            parcel_seen: found.parcel.is_some_and(|parcel| parcel.journey.is_seen()),
            days_without_movement: found.parcel.map_or(0, |parcel| quiet_days(parcel, today, rules)),
            days_late: of_step.expected.map_or(0, |day| i64::from(days_between(day, today)).max(0)),
            days_to_protection_end: order.protection_ends.map_or(0, |end| i64::from(days_between(today, end))),
            review_invited: was_invited(found, own),
            source: order.source.code(),
        },
        ..Fields::default()
    }
}

/// The goods are known to lack something; `None`: nobody knows.
fn goods_missing(order: &OrderFacts) -> Option<bool> {
    let mut told = None;
    for news in order.story.news() {
        match news.word {
            OrderWord::InStock => told = Some(false),
            OrderWord::OutOfStock => told = Some(true),
            _ => {}
        }
    }
    let by_line = |known: bool| order.goods.iter().filter(|line| line.in_stock == Some(known)).count();
    told.or_else(|| match (by_line(false), by_line(true)) {
        (0, there) if there > 0 && there == order.goods.len() => Some(false),
        (0, _) => None,
        _ => Some(true),
    })
}

/// The last reason that was given for an end.
fn reason_of_end(order: &OrderFacts, state: OrderState) -> &'static str {
    if !matches!(state, OrderState::Cancelled | OrderState::Closed) {
        return "";
    }
    let is_end = |word| matches!(word, OrderWord::Cancelled | OrderWord::Closed);
    let ends = order.story.news().filter(|news| is_end(news.word));
    ends.filter_map(|news| news.why).next_back().map_or("", |why| why.code())
}

fn quiet_days(parcel: &Parcel, today: Date, rules: &Rules<'_>) -> i64 {
    let Some(left) = parcel.shipped_at else { return 0 };
    let last = parcel.journey.last_movement().map_or(left, |moved| moved.max(left));
    i64::from(days_between(rules.day_of(last), today).max(0))
}

/// The buyer was told another number for it.
fn was_renumbered(order: &OrderFacts, parcel: &Parcel) -> bool {
    line_behind(order, parcel).into_iter().any(was_number_told)
}

fn was_number_told(former: &Parcel) -> bool {
    let mut steps = former.case.iter().flat_map(|case| case.steps.iter());
    steps.any(|taken| !taken.voided && taken.end.is_none() && names_number(&taken.step))
}

fn names_number(step: &str) -> bool {
    matches!(step, "m5/shipped" | "m5/shipped_contact_first" | "m5/new_number" | "m5/new_number_unclear")
}

/// The parcels that this one took the place of, back to the first or to one that was met already.
fn line_behind<'a>(order: &'a OrderFacts, parcel: &Parcel) -> Vec<&'a Parcel> {
    let mut behind: Vec<&Parcel> = Vec::new();
    let mut earlier = parcel.replaces;
    while let Some(id) = earlier.filter(|id| behind.iter().all(|met| met.id != *id)) {
        let Some(former) = order.former_parcels.iter().find(|former| former.id == id) else { break };
        earlier = former.replaces;
        behind.push(former);
    }
    behind
}

/// Between this parcel and the number that the buyer was told last, numbers of several parcels changed at once.
fn nobody_knows_which(order: &OrderFacts, parcel: &Parcel) -> bool {
    let line = line_behind(order, parcel);
    let told = line.iter().position(|former| was_number_told(former)).unwrap_or(line.len());
    let mut after = parcel.id;
    for (place, former) in line.iter().enumerate() {
        if place > told {
            return false;
        }
        let mut all = order.parcels.iter().chain(&order.former_parcels);
        let shared = all.any(|other| other.id != after && other.replaces == Some(former.id));
        if shared {
            return true;
        }
        after = former.id;
    }
    false
}

/// The step was taken for the parcel under another number, and nothing has happened since that would make it news: scans of
/// one event may be dated a day apart, and that goods are late, or that the protection ends, is true of them under any number.
/// Work that nobody can assign to a parcel is done for each.
pub(super) fn was_told_as_former(found: &Found<'_>, own: &str, anchors: &Anchors<'_>) -> bool {
    let Some(parcel) = found.parcel else { return false };
    let is_work = found.step.does == Does::Task;
    if names_number(own) || (is_work && nobody_knows_which(found.order, parcel)) {
        return false;
    }
    let rests = parcel.journey.events().next().is_none();
    let (mut came, mut is_lasting) = (None, false);
    for time in &found.step.at {
        match time.anchor {
            Anchor::Previous => continue,
            Anchor::ProtectionEnd | Anchor::Expected => is_lasting = true,
            Anchor::LastMovement if rests => is_lasting = true,
            _ => {}
        }
        came = came.max(time.resolve(anchors));
    }
    let is_news = |at: Timestamp| match came {
        Some(came) if !is_lasting => came.duration_since(at) > SignedDuration::from_hours(24),
        _ => false,
    };
    line_behind(found.order, parcel)
        .iter()
        .filter_map(|former| former.case.as_ref())
        .flat_map(|case| &case.steps)
        .any(|taken| !taken.voided && *taken.step == *own && !is_news(taken.taken_at))
}

/// Another message has told the buyer the number that the parcel has, or is about to.
fn was_told_number(found: &Found<'_>, own: &str) -> bool {
    let mut others = found.case.steps.iter().filter(|taken| *taken.step != *own && !taken.voided);
    others.any(|taken| taken.end.is_none() && names_number(&taken.step))
}

/// Another message about the order has invited to a review, or is about to.
fn was_invited(found: &Found<'_>, own: &str) -> bool {
    found.order.cases().any(|case| {
        case.steps.iter().any(|taken| {
            let is_own = case.id == found.case.id && *taken.step == *own;
            let invites = matches!(&*taken.step, "m5/shipped_contact_first" | "m10/review");
            invites && !is_own && !taken.voided && taken.end.is_none()
        })
    })
}
