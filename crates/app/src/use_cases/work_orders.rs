//! What people do with orders, one or several at once: say what is in stock and what is not, hold them here and let them
//! go. Either all of the orders that were chosen are changed, or none. That they left is in [`super::ship_orders`], how they
//! stand by a person's word in [`super::note_order_state`].

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use dunlin_core::facts::orders::GoodsLine;
use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::order::story::{OrderNews, OrderState, OrderWord};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::pages::order_told::{FoundOrder, ToldOrder};
use dunlin_store::{Commit, LogEntry, StoreError};

use super::standing_facts::cancel_wrong_letters;
use super::unpaid_why::fitting_words;
use crate::house::House;

/// Orders that one form or call may change.
pub const MOST_ORDERS: usize = 200;

/// What was done with several orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrdersChanged {
    pub orders: usize,
    /// The number of the change, by which it is taken back.
    pub change: i64,
}

/// The order of a number or an id, where the house sees it.
pub async fn order_named(house: &House, name: &str) -> anyhow::Result<FoundOrder> {
    let found = house.store.find_order(house.tenant.id, &house.sight, name).await?;
    Ok(found.ok_or_else(|| StoreError::not_found("order", name))?)
}

/// All that is known of the order of a number or an id, where the house sees it.
pub async fn order_in_full(house: &House, name: &str) -> anyhow::Result<ToldOrder> {
    let found = order_named(house, name).await?;
    Ok(house.store.told_order(house.tenant.id, (found.party_id, found.id)).await?)
}

/// All that is known of these orders; what is not in sight is refused as if it were not there.
pub(super) async fn chosen(house: &House, ids: &[OrderId]) -> anyhow::Result<Vec<ToldOrder>> {
    if ids.is_empty() || ids.len() > MOST_ORDERS {
        return Err(Refusal::new(RefusalCode::NoOrderChosen).with("most", MOST_ORDERS as i64).into());
    }
    let found = house.store.find_orders(house.tenant.id, &house.sight, ids).await?;
    if let Some(unseen) = ids.iter().find(|id| !found.iter().any(|one| one.id == **id)) {
        return Err(StoreError::not_found("order", unseen.to_string()).into());
    }
    let mut orders = Vec::with_capacity(found.len());
    for one in found {
        orders.push(house.store.told_order(house.tenant.id, (one.party_id, one.id)).await?);
    }
    Ok(orders)
}

pub(super) fn entry(verb: &'static str, order: &ToldOrder) -> LogEntry {
    LogEntry::new(verb, "order", order.order.number.as_str()).about(order.party_id)
}

/// What waits to reach the buyers of these orders and speaks of what has passed does not leave any more.
pub(super) async fn cancel_outdated(house: &House, commit: &mut Commit, orders: &[ToldOrder]) -> anyhow::Result<()> {
    let parties: BTreeSet<PartyId> = orders.iter().map(|order| order.party_id).collect();
    for party in parties {
        cancel_wrong_letters(house, commit, party).await?;
    }
    Ok(())
}

pub(super) fn refuse_unless(order: &ToldOrder, fits: bool) -> anyhow::Result<()> {
    if fits {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::OrderNotWaiting).with("number", order.order.number.as_str()).into())
}

/// The order is paid and has not left.
const fn is_waiting(state: OrderState) -> bool {
    use OrderState as S;
    matches!(state, S::Paid | S::OutOfStock | S::InStock | S::AwaitingConfirmation | S::Ready | S::RiskControl)
}

/// All goods of these orders are here, or not all of them.
pub async fn set_stock_of_orders(house: &House, ids: &[OrderId], is_there: bool) -> anyhow::Result<OrdersChanged> {
    let orders = chosen(house, ids).await?;
    let mut commit = house.begin().await?;
    for order in &orders {
        let goods = if is_there { lines(order, &[]) } else { Vec::new() };
        note_stock(house, &mut commit, order, &goods, is_there).await?;
    }
    finish(house, commit, &orders).await
}

/// These goods of the order, by their places in it, are not here; all others are.
pub async fn stock_out(house: &House, order: &ToldOrder, missing: &[usize]) -> anyhow::Result<OrdersChanged> {
    let mut commit = house.begin().await?;
    note_stock(house, &mut commit, order, &lines(order, missing), false).await?;
    finish(house, commit, std::slice::from_ref(order)).await
}

/// The places in an order of the articles of these numbers.
pub fn places_of(order: &ToldOrder, skus: &[String]) -> Result<Vec<usize>, Refusal> {
    let place = |sku: &String| {
        let found = order.order.goods.iter().position(|line| line.sku == *sku);
        found.ok_or_else(|| Refusal::new(RefusalCode::ProductUnknown).with("sku", sku.as_str()))
    };
    skus.iter().map(place).collect()
}

/// The places of the goods that are marked as missing; of all where none is.
pub fn gone_of(order: &ToldOrder) -> Vec<usize> {
    let goods = || order.order.goods.iter().enumerate();
    let gone: Vec<usize> = goods().filter(|(_, line)| line.in_stock == Some(false)).map(|(place, _)| place).collect();
    if gone.is_empty() { goods().map(|(place, _)| place).collect() } else { gone }
}

/// The goods of an order as they are now: those at these places are missing, all others are here.
fn lines(order: &ToldOrder, missing: &[usize]) -> Vec<GoodsLine> {
    let told =
        |(place, line): (usize, &GoodsLine)| GoodsLine { in_stock: Some(!missing.contains(&place)), ..line.clone() };
    order.order.goods.iter().enumerate().map(told).collect()
}

async fn note_stock(
    house: &House,
    commit: &mut Commit,
    order: &ToldOrder,
    goods: &[GoodsLine],
    is_there: bool,
) -> anyhow::Result<()> {
    refuse_unless(order, is_waiting(order.order.state(house.today())))?;
    let word = if is_there { OrderWord::InStock } else { OrderWord::OutOfStock };
    let news = OrderNews { at: after_the_last(order, word, commit.now()), word, why: None };
    commit.mark_stock((order.party_id, order.order.id), goods, news).await?;
    let skus: Vec<&str> =
        goods.iter().filter(|line| line.in_stock == Some(false)).map(|line| line.sku.as_str()).collect();
    let entry = entry(if is_there { "order.in_stock" } else { "order.out_of_stock" }, order);
    commit.log(if skus.is_empty() { entry } else { entry.fact("skus", &skus) });
    Ok(())
}

/// What is told of one instant holds in the order of the words: what a person says next is told of the next one.
fn after_the_last(order: &ToldOrder, word: OrderWord, now: Timestamp) -> Timestamp {
    let stock = |news: &&OrderNews| matches!(news.word, OrderWord::InStock | OrderWord::OutOfStock);
    let last = order.order.story.news().rev().find(stock).filter(|last| last.word != word && last.at >= now);
    last.and_then(|last| last.at.checked_add(SignedDuration::from_micros(1)).ok()).unwrap_or(now)
}

/// These orders stay here until a day, or until somebody lets them go.
pub async fn hold_orders(
    house: &House,
    ids: &[OrderId],
    why: &str,
    until: Option<Date>,
) -> anyhow::Result<OrdersChanged> {
    let why = fitting_words(why)?;
    if why.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let today = house.today();
    if let Some(until) = until.filter(|until| *until < today) {
        return Err(Refusal::new(RefusalCode::HoldOver).with("day", until).with("today", today).into());
    }
    let orders = chosen(house, ids).await?;
    let mut commit = house.begin().await?;
    for order in &orders {
        let state = order.order.state(today);
        // One that is not paid yet can be held ahead.
        refuse_unless(order, is_waiting(state) || state == OrderState::Placed)?;
        commit.hold_dispatch((order.party_id, order.order.id), why, until).await?;
        commit.log(entry("order.held", order).words("why", why).fact("until", until));
    }
    finish(house, commit, &orders).await
}

/// Nobody of ours keeps these orders here any more.
pub async fn release_orders(house: &House, ids: &[OrderId]) -> anyhow::Result<usize> {
    let orders = chosen(house, ids).await?;
    let mut commit = house.begin().await?;
    for order in &orders {
        if commit.release_dispatch(order.party_id, order.order.id).await? == 0 {
            let number = order.order.number.as_str();
            return Err(Refusal::new(RefusalCode::OrderNotHeld).with("number", number).into());
        }
        commit.log(entry("order.released", order));
    }
    Ok(finish(house, commit, &orders).await?.orders)
}

/// Takes back what one change held, as far as it holds still.
pub async fn undo_hold(house: &House, change: i64) -> anyhow::Result<usize> {
    let found = house.store.orders_held_in(house.tenant.id, &house.sight, change).await?;
    let orders = chosen_or_over(house, &found).await?;
    let mut commit = house.begin().await?;
    for order in &orders {
        if commit.release_hold_of((order.party_id, order.order.id), change).await? {
            commit.log(entry("order.released", order));
        }
    }
    Ok(finish(house, commit, &orders).await?.orders)
}

/// Takes back what one change said of the goods of orders. Once something else was said, or an order has gone on, nothing is.
pub async fn undo_stock(house: &House, change: i64) -> anyhow::Result<usize> {
    let found = house.store.orders_marked_in(house.tenant.id, &house.sight, change).await?;
    let orders = chosen_or_over(house, &found).await?;
    let mut commit = house.begin().await?;
    for order in &orders {
        refuse_unless(order, is_waiting(order.order.state(house.today())))?;
        if !commit.unmark_stock((order.party_id, order.order.id), change).await? {
            return Err(Refusal::new(RefusalCode::OrdersMovedOn).into());
        }
        commit.log(entry("order.stock_undone", order));
    }
    Ok(finish(house, commit, &orders).await?.orders)
}

async fn chosen_or_over(house: &House, found: &[FoundOrder]) -> anyhow::Result<Vec<ToldOrder>> {
    if found.is_empty() {
        return Err(Refusal::new(RefusalCode::OrdersMovedOn).into());
    }
    let ids: Vec<OrderId> = found.iter().map(|one| one.id).collect();
    chosen(house, &ids).await
}

async fn finish(house: &House, mut commit: Commit, orders: &[ToldOrder]) -> anyhow::Result<OrdersChanged> {
    cancel_outdated(house, &mut commit, orders).await?;
    let changed = OrdersChanged { orders: orders.len(), change: commit.sequence() };
    commit.finish().await?;
    Ok(changed)
}
