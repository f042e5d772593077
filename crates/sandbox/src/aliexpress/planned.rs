//! Orders whose lives a test tells from beginning to end: who buys what, and when which status comes.

use std::borrow::Cow;

use serde::Deserialize;

use super::chance::Chance;
use super::guesses::RECEIPT_DAYS;
use super::order::{DAYS_TO_PAY, STATUSES};
use super::seed::{COUNTRIES, new_order};
use super::shop::{Event, Shop};

/// One order. Times are seconds from now.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlannedOrder {
    /// Number of the buyer; two orders of one number are one buyer's.
    buyer: u32,
    country: String,
    article: u32,
    /// What the one piece costs.
    cents: i64,
    placed_in: i64,
    /// Days for the receipt, where they are not the usual ones.
    #[serde(default)]
    receipt_days: Option<i64>,
    /// Days to pay it, where they are not the usual ones.
    #[serde(default)]
    pay_days: Option<i64>,
    #[serde(default)]
    moves: Vec<PlannedMove>,
}

/// A status that the order comes to by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedMove {
    at: i64,
    to: String,
}

/// Plans all of them, or none and says why. Returns their numbers in the order of the list.
pub(super) fn plan_told(shop: &mut Shop, orders: &[PlannedOrder], now: i64) -> Result<Vec<u64>, String> {
    if orders.len() > shop.room() {
        return Err("there is no room for so many orders".into());
    }
    let mut known = Vec::with_capacity(orders.len());
    for order in orders {
        let country = COUNTRIES.iter().copied().find(|country| *country == order.country);
        let country = country.ok_or_else(|| format!("no orders come from {}", order.country))?;
        let mut moves = Vec::with_capacity(order.moves.len());
        for planned in &order.moves {
            let to = STATUSES.iter().copied().find(|status| *status == planned.to);
            moves.push((planned.at, to.ok_or_else(|| format!("{} is no status", planned.to))?));
        }
        known.push((order, country, moves));
    }
    // What the test leaves open is the same for each.
    let mut chance = Chance::new(1);
    let at = |seconds: i64| now.saturating_add(seconds.saturating_mul(1_000));
    let mut numbers = Vec::with_capacity(known.len());
    for (told, country, moves) in known {
        let created = at(told.placed_in);
        let mut order = new_order(shop.next_id(), created, &mut chance);
        order.buyer = told.buyer;
        order.country = country;
        order.article = told.article;
        order.count = 1;
        order.unit_cents = told.cents;
        order.currency = "USD";
        order.receipt_days = told.receipt_days.unwrap_or(RECEIPT_DAYS);
        order.pay_days = told.pay_days.unwrap_or(DAYS_TO_PAY);
        order.history = vec![(created, Cow::Borrowed(super::order::PLACED))];
        let id = order.id;
        numbers.push(id);
        shop.plan(created, Event::Placed(Box::new(order)));
        for (seconds, to) in moves {
            shop.plan(at(seconds), Event::Moves(id, to));
        }
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(to: &str) -> PlannedOrder {
        PlannedOrder {
            buyer: 7,
            country: "ES".into(),
            article: 3,
            cents: 4_990,
            placed_in: 60,
            receipt_days: Some(40),
            pay_days: None,
            moves: vec![PlannedMove { at: 120, to: to.into() }],
        }
    }

    #[test]
    fn a_told_life_is_lived_and_remembered() {
        let mut shop = Shop::default();
        let ids = plan_told(&mut shop, &[planned("WAIT_SELLER_SEND_GOODS")], 1_000).expect("planned");
        shop.settle(60_999);
        assert!(shop.order(ids[0]).is_none(), "not placed yet");
        shop.settle(200_000);
        let order = shop.order(ids[0]).expect("placed");
        assert_eq!((order.buyer, order.country, order.unit_cents, order.receipt_days), (7, "ES", 4_990, 40));
        let told: Vec<(i64, &str)> = order.history.iter().map(|(at, status)| (*at, status.as_ref())).collect();
        assert_eq!(told, [(61_000, "PLACE_ORDER_SUCCESS"), (121_000, "WAIT_SELLER_SEND_GOODS")]);
    }

    #[test]
    fn what_cannot_be_is_refused_as_a_whole() {
        let mut shop = Shop::default();
        let room = shop.room();
        assert!(plan_told(&mut shop, &[planned("RISK_CONTROL"), planned("NOWHERE")], 0).is_err());
        assert_eq!(shop.room(), room, "nothing was planned");
    }
}
