//! Orders that a seed makes up: many at once, each with a life of its own that the clock plays out, or all standing
//! where the test wants them.

use std::borrow::Cow;

use super::chance::Chance;
use super::guesses::RECEIPT_DAYS;
use super::order::{DAYS_TO_PAY, Order, PLACED};
use super::shop::{Event, Shop};

pub(super) const COUNTRIES: [&str; 8] = ["US", "ES", "BR", "RU", "FR", "SA", "DE", "JP"];
const CURRENCIES: [&str; 4] = ["USD", "USD", "EUR", "JPY"];

/// Lives of orders: where each goes next, and after how many hours at least and at most. Every documented status is
/// passed by one of them.
const LIVES: [&[(&str, i64, i64)]; 14] = [
    // Paid at once, shipped, received, paid out.
    &[
        ("RISK_CONTROL", 0, 1),
        ("WAIT_SELLER_SEND_GOODS", 2, 24),
        ("WAIT_BUYER_ACCEPT_GOODS", 12, 72),
        ("FUND_PROCESSING", 120, 400),
        ("FINISH", 24, 72),
    ],
    &[
        ("WAIT_SELLER_SEND_GOODS", 0, 2),
        ("WAIT_BUYER_ACCEPT_GOODS", 12, 72),
        ("FUND_PROCESSING", 120, 400),
        ("FINISH", 24, 72),
    ],
    // Forgotten, then paid.
    &[("RISK_CONTROL", 13, 60), ("WAIT_SELLER_SEND_GOODS", 2, 24), ("WAIT_BUYER_ACCEPT_GOODS", 12, 72)],
    // Never paid: closed by the platform, or still open.
    &[("FINISH", 480, 480)],
    &[],
    // Cancelled, unpaid and paid; taken back.
    &[("IN_CANCEL", 1, 20), ("FINISH", 2, 24)],
    &[("WAIT_SELLER_SEND_GOODS", 0, 3), ("IN_CANCEL", 2, 30), ("FINISH", 2, 24)],
    &[("WAIT_SELLER_SEND_GOODS", 0, 3), ("IN_CANCEL", 2, 30), ("WAIT_SELLER_SEND_GOODS", 2, 24)],
    // The platform's checks end the order.
    &[("RISK_CONTROL", 0, 8), ("FINISH", 4, 24)],
    // The amount has to be confirmed.
    &[("WAIT_SELLER_EXAMINE_MONEY", 1, 12), ("WAIT_SELLER_SEND_GOODS", 2, 48)],
    // Shipped in parts.
    &[
        ("WAIT_SELLER_SEND_GOODS", 0, 4),
        ("SELLER_PART_SEND_GOODS", 12, 48),
        ("WAIT_BUYER_ACCEPT_GOODS", 24, 96),
        ("FUND_PROCESSING", 120, 400),
    ],
    // A dispute, lost and won.
    &[
        ("WAIT_SELLER_SEND_GOODS", 0, 4),
        ("WAIT_BUYER_ACCEPT_GOODS", 12, 72),
        ("IN_ISSUE", 150, 300),
        ("FINISH", 48, 200),
    ],
    &[
        ("WAIT_SELLER_SEND_GOODS", 0, 4),
        ("WAIT_BUYER_ACCEPT_GOODS", 12, 72),
        ("IN_ISSUE", 150, 300),
        ("FUND_PROCESSING", 48, 200),
        ("FINISH", 24, 72),
    ],
    // Frozen for a while.
    &[
        ("RISK_CONTROL", 0, 6),
        ("IN_FROZEN", 2, 20),
        ("WAIT_SELLER_SEND_GOODS", 24, 72),
        ("WAIT_BUYER_ACCEPT_GOODS", 12, 72),
    ],
];

/// What to make.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub count: usize,
    pub seed: u64,
    /// The span over which the orders are placed, in milliseconds; it may lie ahead.
    pub from: i64,
    pub until: i64,
    /// The status in which all of them stand and stay; without it each lives on.
    pub standing: Option<Cow<'static, str>>,
}

/// Plans the orders; they come to be when the clock has passed their time. Returns their numbers.
pub(super) fn plan_orders(shop: &mut Shop, wish: &Wish) -> Vec<u64> {
    let mut chance = Chance::new(wish.seed);
    let count = wish.count.min(shop.room());
    let span = u64::try_from(wish.until - wish.from).unwrap_or(0);
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..count {
        let created = wish.from + i64::try_from(chance.below(span + 1)).unwrap_or(0);
        let mut order = new_order(shop.next_id(), created, &mut chance);
        numbers.push(order.id);
        match &wish.standing {
            Some(status) => {
                // Disputed or frozen is what was paid and sent before.
                if matches!(status.as_ref(), "IN_ISSUE" | "IN_FROZEN" | "FUND_PROCESSING") {
                    order.move_to(Cow::Borrowed("WAIT_BUYER_ACCEPT_GOODS"), created);
                }
                if order.status != *status {
                    order.move_to(status.clone(), created);
                }
                shop.plan(created, Event::Placed(Box::new(order)));
            }
            None => {
                let id = order.id;
                shop.plan(created, Event::Placed(Box::new(order)));
                let life = LIVES.get(chance.below(LIVES.len() as u64) as usize).copied().unwrap_or_default();
                let mut at = created;
                for (status, least, most) in life {
                    at = at.saturating_add(chance.hours(*least, *most)).saturating_add(1_000);
                    shop.plan(at, Event::Moves(id, status));
                }
            }
        }
    }
    numbers
}

pub(super) fn new_order(id: u64, created: i64, chance: &mut Chance) -> Order {
    let mut one_of = |list: &[&'static str]| list.get(chance.below(list.len() as u64) as usize).copied();
    let country = one_of(&COUNTRIES).unwrap_or("US");
    let currency = one_of(&CURRENCIES).unwrap_or("USD");
    // Whole yen; other amounts have cents.
    let step = if currency == "JPY" { 100 } else { 1 };
    Order {
        id,
        created,
        modified: created,
        paid: None,
        shipped: None,
        status: Cow::Borrowed(PLACED),
        fund: "NOT_PAY",
        logistics: "NO_LOGISTICS",
        issue: "NO_ISSUE",
        frozen: "NO_FROZEN",
        end_reason: "",
        buyer: chance.below(5_000) as u32,
        country,
        article: chance.below(300) as u32,
        count: 1 + chance.below(4) as u32,
        unit_cents: (1 + chance.below(9_999) as i64) * step,
        currency,
        parcels: Vec::new(),
        pay_days: DAYS_TO_PAY,
        receipt_by: None,
        receipt_days: RECEIPT_DAYS,
        history: vec![(created, Cow::Borrowed(PLACED))],
    }
}

#[cfg(test)]
mod tests {
    use super::super::order::STATUSES;
    use super::*;

    fn statuses(shop: &Shop) -> std::collections::BTreeSet<String> {
        shop.all().map(|order| order.status.to_string()).collect()
    }

    #[test]
    fn a_month_passes_every_status_and_the_same_seed_is_the_same_month() {
        let day = 86_400_000_i64;
        let wish = Wish { count: 2_000, seed: 7, from: 0, until: 30 * day, standing: None };
        let (mut one, mut other) = (Shop::default(), Shop::default());
        assert_eq!(plan_orders(&mut one, &wish), plan_orders(&mut other, &wish));
        let mut seen = std::collections::BTreeSet::new();
        for today in 0..60 {
            one.settle(today * day);
            other.settle(today * day);
            seen.extend(statuses(&one));
        }
        let expected: std::collections::BTreeSet<String> =
            STATUSES.iter().map(|status| (*status).to_string()).collect();
        assert_eq!(seen, expected);
        let picture = |shop: &Shop| shop.all().map(|order| format!("{order:?}")).collect::<Vec<_>>();
        assert_eq!(picture(&one), picture(&other));
    }

    #[test]
    fn every_step_of_every_life_is_a_way_that_exists() {
        let mut chance = Chance::new(1);
        for life in LIVES {
            let mut order = new_order(1, 0, &mut chance);
            for (status, _, _) in life {
                assert!(order.may_move_to(status), "{} → {status}", order.status);
                order.move_to(Cow::Borrowed(*status), 1);
            }
        }
    }
}
