//! Fills the list of orders: what was sold, and where its money is.

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::PartyId;
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::receivable::{Obligor, Trigger};
use dunlin_store::pages::order_list::{OrderListRow, OrderPart};

use super::debtors::{named, offset_of, page_of, pager};
use super::show::Show;
use crate::house::House;
use crate::use_cases::decide_supply::{SupplyLook, look_at_parties};
use crate::web::view::orders::{MilestoneMark, OrderRow, Orders};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Part of an order number or of the buyer's name.
    pub q: String,
    /// Code of a source; empty for all.
    pub source: String,
    /// Code of a trigger: only orders with an amount that waits for its day.
    pub awaits: String,
    pub page: String,
}

pub async fn load(house: &House, show: &Show, query: &Query) -> anyhow::Result<Orders> {
    let search = query.q.trim();
    let source = OrderSource::from_code(&query.source);
    let awaits = Trigger::from_code(&query.awaits);
    let page = page_of(&query.page);
    let (limit, offset) = offset_of(page);
    let found = house.store.order_list(house.tenant.id, &house.sight, source, search, awaits, limit, offset).await?;
    let source = source.map_or("", OrderSource::code);
    let awaits = awaits.map_or("", Trigger::code);
    let parties: Vec<PartyId> = found.orders.iter().map(|order| order.party_id).collect();
    let looks = look_at_parties(house, &parties).await?;
    let rows: Vec<OrderRow> = found.orders.iter().map(|order| row(show, order, looks.get(&order.party_id))).collect();
    let total = usize::try_from(found.total).unwrap_or(0);
    Ok(Orders {
        search: search.to_string(),
        source: source.to_string(),
        awaits: awaits.to_string(),
        sources: found.sources.iter().map(|source| source.code().to_string()).collect(),
        pager: pager("/orders", &[("q", search), ("source", source), ("awaits", awaits)], page, rows.len(), total),
        rows,
    })
}

fn row(show: &Show, order: &OrderListRow, look: Option<&SupplyLook>) -> OrderRow {
    let today = show.today();
    let open = order.parts.iter().map(owed_by_buyer).filter(|open| open.currency == order.total.currency);
    let outstanding = Money::new(open.map(|open| open.minor).sum(), order.total.currency);
    let states: Vec<&str> = order.parts.iter().map(|part| state(part, today)).collect();
    let mark = |(part, state): (&OrderPart, &&str)| MilestoneMark {
        number: part.number.clone(),
        milestone: part.milestone.code().to_string(),
        outstanding: show.amount(owed_by_buyer(part)),
        age: show.age(part.due_on),
        money_state: (*state).to_string(),
    };
    OrderRow {
        href: super::running::href(&order.number),
        number: order.number.clone(),
        source: order.source.code().to_string(),
        debtor: named(&order.party),
        placed: Some(show.date(order.ordered_on)),
        amount: show.amount(order.total),
        outstanding: show.amount(outstanding),
        money_state: state_of_all(&states, order.cancelled).to_string(),
        milestones: order.parts.iter().zip(&states).map(mark).collect(),
        is_held_back: look.is_some_and(|look| look.holds_back(order.id)),
        risks: look.map_or(0, |look| look.risks_of(order.id).len()),
    }
}

/// Nothing once it is closed, or once the platform owes it: then the buyer has paid.
fn owed_by_buyer(part: &OrderPart) -> Money {
    if part.closed || part.obligor == Obligor::Platform { Money::zero(part.amount.currency) } else { part.outstanding }
}

fn state(part: &OrderPart, today: Date) -> &'static str {
    if part.closed {
        return "closed";
    }
    if !owed_by_buyer(part).is_positive() {
        return "paid";
    }
    match part.due_on {
        Some(due) if due < today => "late",
        Some(due) if due == today => "due",
        _ if part.outstanding.minor < part.amount.minor => "part",
        _ => "waiting",
    }
}

/// The most pressing state of the parts; some paid and some not is partly paid.
fn state_of_all(states: &[&str], cancelled: bool) -> &'static str {
    let has = |state: &str| states.contains(&state);
    if has("late") {
        "late"
    } else if has("due") {
        "due"
    } else if has("part") || (has("paid") && has("waiting")) {
        "part"
    } else if has("waiting") {
        "waiting"
    } else if has("paid") {
        "paid"
    } else if has("closed") || cancelled {
        "closed"
    } else {
        "waiting"
    }
}

#[cfg(test)]
mod tests {
    use super::state_of_all;

    #[test]
    fn an_order_is_as_far_as_its_most_pressing_part() {
        let table: [(&[&str], bool, &str); 8] = [
            (&["paid", "late"], false, "late"),
            (&["paid", "due"], false, "due"),
            (&["paid", "waiting"], false, "part"),
            (&["waiting", "waiting"], false, "waiting"),
            (&["paid", "closed"], false, "paid"),
            (&["closed"], false, "closed"),
            (&[], true, "closed"),
            (&[], false, "waiting"),
        ];
        for (states, cancelled, expected) in table {
            assert_eq!(state_of_all(states, cancelled), expected, "{states:?}");
        }
    }
}
