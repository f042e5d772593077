//! What people do with orders, one or several at once: say what is in stock and what is not, hold them here and let them
//! go. Either all of the orders that were chosen are changed, or none; what is so already is left as it is. How they stand is
//! read within the change, and where somebody looked at a page before, compared with what they saw. That they left is in
//! [`super::ship_orders`], how they stand by a person's word in [`super::note_order_state`], the way back in
//! [`super::undo_orders`].

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use dunlin_core::facts::orders::GoodsLine;
use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::order::story::{OrderNews, OrderState, OrderWord};
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
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
    /// Those with which something is new.
    pub orders: usize,
    /// The number of the change, by which it is taken back; 0 where nothing was.
    pub change: i64,
}

/// Nothing is new: the same form came twice.
pub(super) const AS_IT_WAS: OrdersChanged = OrdersChanged { orders: 0, change: 0 };

/// Orders that somebody chose.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    pub ids: &'a [OrderId],
    /// How each stood on the page that they were chosen on; empty where nobody looked at one.
    pub seen: &'a [(OrderId, OrderState)],
}

impl<'a> From<&'a [OrderId]> for Chosen<'a> {
    fn from(ids: &'a [OrderId]) -> Self {
        Self { ids, seen: &[] }
    }
}

impl<'a, const N: usize> From<&'a [OrderId; N]> for Chosen<'a> {
    fn from(ids: &'a [OrderId; N]) -> Self {
        Self { ids, seen: &[] }
    }
}

impl<'a> From<&'a Vec<OrderId>> for Chosen<'a> {
    fn from(ids: &'a Vec<OrderId>) -> Self {
        Self { ids, seen: &[] }
    }
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

/// All that is known of these orders, within the change; what is not in sight is refused as if it were not there, and what
/// stands otherwise than it was seen is told.
pub(super) async fn chosen(house: &House, commit: &mut Commit, asked: Chosen<'_>) -> anyhow::Result<Vec<ToldOrder>> {
    let ids = asked.ids;
    if ids.is_empty() || ids.len() > MOST_ORDERS {
        return Err(Refusal::new(RefusalCode::NoOrderChosen).with("most", MOST_ORDERS as i64).into());
    }
    let found = commit.find_orders(&house.sight, ids).await?;
    if let Some(unseen) = ids.iter().find(|id| !found.iter().any(|one| one.id == **id)) {
        return Err(StoreError::not_found("order", unseen.to_string()).into());
    }
    let mut orders = Vec::with_capacity(found.len());
    for one in found {
        let told = commit.told_order((one.party_id, one.id)).await?;
        if let Some((_, seen)) = asked.seen.iter().find(|(id, _)| *id == one.id) {
            refuse_moved_on(house, &told, *seen)?;
        }
        orders.push(told);
    }
    Ok(orders)
}

/// What somebody decides about an order by how it stood on a page is not done to one that stands otherwise by now.
pub(super) fn refuse_moved_on(house: &House, order: &ToldOrder, seen: OrderState) -> anyhow::Result<()> {
    let now = order.order.state(house.today());
    // The board does not read what carriers say: there an order has not arrived before the platform says so.
    let is_same = now == seen || (now == OrderState::Delivered && seen == OrderState::Shipped);
    if is_same {
        return Ok(());
    }
    let refusal = Refusal::new(RefusalCode::OrderStandsOtherwise).with("number", order.order.number.as_str());
    let refusal = refusal.with("before", Told::word("order-state", seen.code()));
    Err(refusal.with("now", Told::word("order-state", now.code())).into())
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
pub(super) const fn is_waiting(state: OrderState) -> bool {
    use OrderState as S;
    matches!(state, S::Paid | S::OutOfStock | S::InStock | S::AwaitingConfirmation | S::Ready | S::RiskControl)
}

/// All goods of these orders are here, or not all of them.
pub async fn set_stock_of_orders<'a>(
    house: &House,
    asked: impl Into<Chosen<'a>>,
    is_there: bool,
) -> anyhow::Result<OrdersChanged> {
    let asked = asked.into();
    let mut commit = house.begin().await?;
    let orders = chosen(house, &mut commit, asked).await?;
    let mut marked = Vec::new();
    for order in orders {
        let goods = if is_there { lines(&order, &[]) } else { Vec::new() };
        if note_stock(house, &mut commit, &order, &goods, is_there).await? {
            marked.push(order);
        }
    }
    finish(house, commit, &marked).await
}

/// These goods of the order, by their places in it, are not here; all others are.
pub async fn stock_out(house: &House, order: &ToldOrder, missing: &[usize]) -> anyhow::Result<OrdersChanged> {
    stock_out_seen(house, order, missing, None).await
}

/// The same on a page that showed how the order stood. Its goods have to be those that the places were chosen from.
pub async fn stock_out_seen(
    house: &House,
    order: &ToldOrder,
    missing: &[usize],
    seen: Option<OrderState>,
) -> anyhow::Result<OrdersChanged> {
    let seen: Vec<(OrderId, OrderState)> = seen.into_iter().map(|seen| (order.order.id, seen)).collect();
    let mut commit = house.begin().await?;
    let asked = Chosen { ids: std::slice::from_ref(&order.order.id), seen: &seen };
    let mut orders = chosen(house, &mut commit, asked).await?;
    let same = |now: &ToldOrder| {
        let articles = |told: &ToldOrder| told.order.goods.iter().map(|line| line.sku.clone()).collect::<Vec<_>>();
        articles(now) == articles(order)
    };
    if !orders.first().is_some_and(same) {
        return Err(Refusal::new(RefusalCode::OrdersMovedOn).into());
    }
    let mut marked = Vec::new();
    for now in orders.drain(..) {
        if note_stock(house, &mut commit, &now, &lines(&now, missing), false).await? {
            marked.push(now);
        }
    }
    finish(house, commit, &marked).await
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

/// `false`: that is known already.
async fn note_stock(
    house: &House,
    commit: &mut Commit,
    order: &ToldOrder,
    goods: &[GoodsLine],
    is_there: bool,
) -> anyhow::Result<bool> {
    refuse_unless(order, is_waiting(order.order.state(house.today())))?;
    let known = order.order.story.standing().in_stock;
    if known == Some(is_there) && (goods.is_empty() || goods == order.order.goods) {
        return Ok(false);
    }
    let word = if is_there { OrderWord::InStock } else { OrderWord::OutOfStock };
    let news = OrderNews { at: after_the_last(order, word, commit.now()), word, why: None };
    commit.mark_stock((order.party_id, order.order.id), goods, news).await?;
    let skus: Vec<&str> =
        goods.iter().filter(|line| line.in_stock == Some(false)).map(|line| line.sku.as_str()).collect();
    let entry = entry(if is_there { "order.in_stock" } else { "order.out_of_stock" }, order);
    commit.log(if skus.is_empty() { entry } else { entry.fact("skus", &skus) });
    Ok(true)
}

/// What is told of one instant holds in the order of the words: what a person says next is told of the next one.
fn after_the_last(order: &ToldOrder, word: OrderWord, now: Timestamp) -> Timestamp {
    let stock = |news: &&OrderNews| matches!(news.word, OrderWord::InStock | OrderWord::OutOfStock);
    let last = order.order.story.news().rev().find(stock).filter(|last| last.word != word && last.at >= now);
    last.and_then(|last| last.at.checked_add(SignedDuration::from_micros(1)).ok()).unwrap_or(now)
}

/// These orders stay here until a day, or until somebody lets them go.
pub async fn hold_orders<'a>(
    house: &House,
    asked: impl Into<Chosen<'a>>,
    why: &str,
    until: Option<Date>,
) -> anyhow::Result<OrdersChanged> {
    let asked = asked.into();
    let why = fitting_words(why)?;
    if why.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let today = house.today();
    if let Some(until) = until.filter(|until| *until < today) {
        return Err(Refusal::new(RefusalCode::HoldOver).with("day", until).with("today", today).into());
    }
    let mut commit = house.begin().await?;
    let orders = chosen(house, &mut commit, asked).await?;
    let mut held = Vec::new();
    for order in orders {
        let state = order.order.state(today);
        // One that is not paid yet can be held ahead.
        refuse_unless(&order, is_waiting(state) || state == OrderState::Placed)?;
        // The same form twice holds once.
        if order.holds.iter().any(|hold| hold.is_on(today) && hold.why == why && hold.until == until) {
            continue;
        }
        commit.hold_dispatch((order.party_id, order.order.id), why, until).await?;
        commit.log(entry("order.held", &order).words("why", why).fact("until", until));
        held.push(order);
    }
    finish(house, commit, &held).await
}

/// Nobody of ours keeps these orders here any more.
pub async fn release_orders<'a>(house: &House, asked: impl Into<Chosen<'a>>) -> anyhow::Result<OrdersChanged> {
    let asked = asked.into();
    let mut commit = house.begin().await?;
    let orders = chosen(house, &mut commit, asked).await?;
    for order in &orders {
        if commit.release_dispatch(order.party_id, order.order.id).await? == 0 {
            let number = order.order.number.as_str();
            return Err(Refusal::new(RefusalCode::OrderNotHeld).with("number", number).into());
        }
        commit.log(entry("order.released", order));
    }
    finish(house, commit, &orders).await
}

/// Ends a change of these orders; of none, nothing is kept and nothing stands in the log.
pub(super) async fn finish(house: &House, mut commit: Commit, orders: &[ToldOrder]) -> anyhow::Result<OrdersChanged> {
    if orders.is_empty() {
        return Ok(AS_IT_WAS);
    }
    cancel_outdated(house, &mut commit, orders).await?;
    let changed = OrdersChanged { orders: orders.len(), change: commit.sequence() };
    commit.finish().await?;
    Ok(changed)
}
