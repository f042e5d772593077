//! The way back from a slip with orders: what one change held, let go, marked as shipped, settled with their buyers, or said of
//! their goods and of how they stand. Either all of the orders that it can still be taken back for, or none; and not once something has left: then
//! nobody can take it back, and it is said why.

use jiff::Timestamp;

use dunlin_core::case::{LetterState, Subject};
use dunlin_core::ids::{OrderId, ShipmentId};
use dunlin_core::order::slip::OrderSlip;
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
use dunlin_store::pages::order_told::{FoundOrder, ToldOrder};
use dunlin_store::{Commit, StoredLetter};

use super::work_orders::{Chosen, cancel_outdated, chosen, entry, is_waiting, refuse_unless};
use crate::house::House;

/// Takes back what one change did with the orders in sight. Returns with how many.
pub async fn undo_orders(house: &House, slip: OrderSlip, change: i64) -> anyhow::Result<usize> {
    let found = house.store.orders_of_change(house.tenant.id, &house.sight, slip, change).await?;
    let ids: Vec<OrderId> = found.iter().map(|one| one.id).collect();
    take_back(house, slip, change, &ids).await
}

/// Takes back with this order what the last change of the kind did with it.
pub async fn undo_last(house: &House, found: &FoundOrder, slip: OrderSlip) -> anyhow::Result<()> {
    let about = (found.party_id, found.id);
    let Some(change) = house.store.last_change(house.tenant.id, about, slip).await? else {
        return Err(Refusal::new(RefusalCode::OrderNothingBack).with("number", &found.number).into());
    };
    take_back(house, slip, change, &[found.id]).await.map(drop)
}

/// What a person said in one change of how this order stands is not so.
pub async fn undo_state(house: &House, found: &FoundOrder, change: i64) -> anyhow::Result<()> {
    take_back(house, OrderSlip::State, change, &[found.id]).await.map(drop)
}

/// What one change settled with the buyer of this order is open again.
pub async fn undo_ask(house: &House, found: &FoundOrder, change: i64) -> anyhow::Result<()> {
    take_back(house, OrderSlip::Ask, change, &[found.id]).await.map(drop)
}

async fn take_back(house: &House, slip: OrderSlip, change: i64, ids: &[OrderId]) -> anyhow::Result<usize> {
    let moved_on = || Refusal::new(RefusalCode::OrdersMovedOn);
    if ids.is_empty() {
        return Err(moved_on().into());
    }
    let mut commit = house.begin().await?;
    let orders = chosen(house, &mut commit, Chosen::from(ids)).await?;
    let mut gone: Vec<(&ToldOrder, Vec<ShipmentId>)> = Vec::new();
    for order in &orders {
        let about = (order.party_id, order.order.id);
        let is_done = match slip {
            OrderSlip::Stock => {
                refuse_unless(order, is_waiting(order.order.state(house.today())))?;
                commit.unmark_stock(about, change).await?
            }
            OrderSlip::Hold => commit.release_hold_of(about, change).await?,
            OrderSlip::Release => {
                refuse_left(house, order)?;
                commit.hold_again(about, change).await?
            }
            OrderSlip::Ask => {
                refuse_left(house, order)?;
                reopen(&mut commit, order, change).await?
            }
            OrderSlip::State => match commit.state_marked_at(about, change).await? {
                None => false,
                Some(at) => {
                    refuse_told(order, at)?;
                    commit.unmark_state(about, change).await?;
                    true
                }
            },
            OrderSlip::Ship => {
                let parcels = commit.parcels_of_change(about, change).await?;
                refuse_under_way(order, &parcels)?;
                commit.unship(about, &parcels, change).await?;
                let is_any = !parcels.is_empty();
                gone.push((order, parcels));
                is_any
            }
        };
        if !is_done {
            return Err(moved_on().into());
        }
        commit.log(entry(verb(slip), order));
    }
    // Messages about a parcel that is none do not leave; only then their cases can go.
    cancel_outdated(house, &mut commit, &orders).await?;
    for (order, parcels) in gone {
        commit.close_parcel_cases((order.party_id, order.order.id), &parcels).await?;
    }
    commit.finish().await?;
    Ok(orders.len())
}

const fn verb(slip: OrderSlip) -> &'static str {
    match slip {
        OrderSlip::Stock => "order.stock_undone",
        OrderSlip::Hold => "order.released",
        OrderSlip::Release => "order.held",
        OrderSlip::Ship => "order.ship_undone",
        OrderSlip::Ask => "order.ask_reopened",
        OrderSlip::State => "order.told_undone",
    }
}

/// What was settled before dispatch is not opened again once the goods are on their way.
fn refuse_left(house: &House, order: &ToldOrder) -> Result<(), Refusal> {
    let state = order.order.state(house.today());
    if state.is_before_dispatch() {
        return Ok(());
    }
    let refusal = Refusal::new(RefusalCode::OrderHasLeft).with("number", order.order.number.as_str());
    Err(refusal.with("state", Told::word("order-state", state.code())))
}

/// What the buyer was told since is not made untrue.
fn refuse_told(order: &ToldOrder, since: Timestamp) -> Result<(), Refusal> {
    let is_told = |letter: &&StoredLetter| letter.recorded_at >= since && has_left(letter);
    match order.letters.iter().find(is_told) {
        None => Ok(()),
        Some(letter) => {
            let refusal = Refusal::new(RefusalCode::OrderStateTold).with("number", order.order.number.as_str());
            Err(refusal.with("letter", format!("L-{:04}", letter.number)))
        }
    }
}

/// It reached the buyer, or may have.
const fn has_left(letter: &StoredLetter) -> bool {
    matches!(letter.state, LetterState::Sending | LetterState::Uncertain | LetterState::Sent)
}

/// A parcel that its carrier has seen, or of which the buyer was told, has left.
fn refuse_under_way(order: &ToldOrder, parcels: &[ShipmentId]) -> Result<(), Refusal> {
    for parcel in order.order.parcels.iter().filter(|parcel| parcels.contains(&parcel.id)) {
        if parcel.journey.is_seen() || parcel.journey.events().next().is_some() {
            let refusal = Refusal::new(RefusalCode::ParcelUnderWay).with("number", order.order.number.as_str());
            return Err(refusal.with("parcel", parcel.number.as_str()));
        }
    }
    let is_told = |letter: &&StoredLetter| {
        let of_these = letter
            .about
            .as_ref()
            .is_some_and(|about| matches!(about.subject, Subject::Shipment(id) if parcels.contains(&id)));
        of_these && has_left(letter)
    };
    match order.letters.iter().find(is_told) {
        None => Ok(()),
        Some(letter) => {
            let refusal = Refusal::new(RefusalCode::ParcelTold).with("number", order.order.number.as_str());
            Err(refusal.with("letter", format!("L-{:04}", letter.number)))
        }
    }
}

/// Of each kind one thing is open at a time. A refused surcharge held the order in the same change.
async fn reopen(commit: &mut Commit, order: &ToldOrder, change: i64) -> anyhow::Result<bool> {
    let about = (order.party_id, order.order.id);
    let Some(kinds) = commit.reopen_asks(about, change).await? else { return Ok(false) };
    let is_open = |ask: &&dunlin_store::OrderAskRow| ask.settled_at.is_none() && kinds.contains(&ask.kind);
    if let Some(ask) = order.asks.iter().find(is_open) {
        let refusal = Refusal::new(RefusalCode::AskOpenAlready).with("number", order.order.number.as_str());
        return Err(refusal.with("what", Told::word("order-ask", ask.kind.code())).into());
    }
    commit.release_hold_of(about, change).await?;
    Ok(true)
}
