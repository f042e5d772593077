//! Orders have left: parcels by a person's word, each under the number of its carrier. Either all that were named are noted,
//! or none. The same told again is no news.

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_channels::track17::requests::is_number;
use dunlin_core::ids::OrderId;
use dunlin_core::order::OrderSource;
use dunlin_core::order::story::{OrderNews, OrderState, OrderWord};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::shipment::carriers::Carriers;
use dunlin_core::shipment::number::plain_number;
use dunlin_store::pages::order_told::ToldOrder;
use dunlin_store::{Commit, OrderTold, ShipmentFields};

use super::work_orders::{Chosen, OrdersChanged, chosen, entry, finish, refuse_unless};
use crate::house::House;

/// A parcel that has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcelled {
    pub order: OrderId,
    /// Code or name of a carrier; empty when nobody said.
    pub carrier: String,
    /// Tracking number.
    pub number: String,
    /// `None`: now.
    pub shipped_on: Option<Date>,
    /// More parcels of the order follow.
    pub is_part: bool,
    /// The number that it was noted under before, where that was wrong: it is the same parcel.
    pub replaces: Option<String>,
}

/// Notes these parcels. Returns of how many orders something is new.
pub async fn ship_orders(house: &House, parcels: &[Parcelled]) -> anyhow::Result<usize> {
    Ok(ship_seen_orders(house, parcels, &[]).await?.orders)
}

/// The same for orders that were chosen on a page, with how they stood there.
pub async fn ship_seen_orders(
    house: &House,
    parcels: &[Parcelled],
    seen: &[(OrderId, OrderState)],
) -> anyhow::Result<OrdersChanged> {
    let ids: Vec<OrderId> = parcels.iter().map(|parcel| parcel.order).collect();
    let mut commit = house.begin().await?;
    let orders = chosen(house, &mut commit, Chosen { ids: &ids, seen }).await?;
    let mut left = Vec::new();
    for order in orders {
        let mut is_new = false;
        for parcel in parcels.iter().filter(|parcel| parcel.order == order.order.id) {
            is_new |= note_parcel(house, &mut commit, &order, parcel).await?;
        }
        if is_new {
            left.push(order);
        }
    }
    finish(house, commit, &left).await
}

async fn note_parcel(
    house: &House,
    commit: &mut Commit,
    order: &ToldOrder,
    parcel: &Parcelled,
) -> anyhow::Result<bool> {
    let (number, carrier) = (tracking_number(&parcel.number)?, carrier_code(&parcel.carrier)?);
    let about = (order.party_id, order.order.id);
    if let Some(old) = &parcel.replaces {
        return correct_number(commit, order, old, ShipmentFields { carrier, number, shipped_at: None }).await;
    }
    let before = order.order.parcels.iter().find(|known| known.number == number);
    refuse_unless(order, before.is_some() || may_have_left(order, house.today()))?;
    let at = handed_over(house, parcel.shipped_on, commit.now())?;
    // Of a parcel that has left already, a day that nobody says now stays as it is.
    let has_left = before.is_some_and(|known| known.shipped_at.is_some());
    let shipped_at = Some(at).filter(|_| !has_left || parcel.shipped_on.is_some());
    let told = ShipmentFields { carrier, number, shipped_at };
    let is_own = commit.stand_alone(about, &told.number).await?;
    if is_own {
        commit.log(entry("order.parcel_own", order).fact("parcel", &told.number));
    }
    let is_again = commit.enter_again(about, &told.number).await?;
    let (_, mut is_new) = commit.note_shipment(about.0, about.1, &told).await?;
    is_new |= is_again;
    let word = if parcel.is_part { OrderWord::PartShipped } else { OrderWord::Shipped };
    let known = commit.known_order(about.0, about.1).await?;
    if known.story.first(&[word]).is_none() {
        let state = OrderTold { news: vec![OrderNews { at, word, why: None }], ..OrderTold::default() };
        is_new |= commit.note_order_state(about.0, about.1, &state).await?;
    }
    if is_new {
        commit.log(entry("order.shipped", order).fact("parcel", &told.number).fact("carrier", &told.carrier));
    }
    Ok(is_new || is_own)
}

/// A parcel has another number than was noted: it left once, and its buyer hears of the new number.
async fn correct_number(
    commit: &mut Commit,
    order: &ToldOrder,
    old: &str,
    told: ShipmentFields,
) -> anyhow::Result<bool> {
    let about = (order.party_id, order.order.id);
    let Some(is_new) = commit.correct_number(about, old, &told).await? else {
        let refusal = Refusal::new(RefusalCode::ParcelUnknown).with("parcel", old.trim());
        return Err(refusal.with("number", order.order.number.as_str()).into());
    };
    if is_new {
        commit
            .log(entry("order.number_corrected", order).fact("parcel", &told.number).fact("before", plain_number(old)));
    }
    Ok(is_new)
}

/// What is missing, held, asked, or not let go by the platform does not leave by a slip. An order of a marketplace that is
/// known to wait for its payment does not either; of one that nobody told anything of, nobody knows.
pub(super) fn may_have_left(order: &ToldOrder, today: Date) -> bool {
    use OrderState as S;
    match order.order.state(today) {
        S::Placed => {
            order.order.source == OrderSource::Direct || order.order.story.first(&[OrderWord::Placed]).is_none()
        }
        // Also where nobody has said yet whether the goods are here, and of what follows a first parcel.
        S::Paid | S::Ready | S::PartShipped => !order.order.is_awaiting() && !order.order.is_held(today),
        S::Shipped | S::Delivered | S::InDispute | S::Completed => true,
        S::OutOfStock
        | S::InStock
        | S::AwaitingConfirmation
        | S::RiskControl
        | S::Frozen
        | S::Cancelled
        | S::Closed => false,
    }
}

/// At noon of that day, or now where that is not over yet.
pub(super) fn handed_over(house: &House, day: Option<Date>, now: Timestamp) -> anyhow::Result<Timestamp> {
    let Some(day) = day else { return Ok(now) };
    if day > house.today() {
        return Err(Refusal::new(RefusalCode::OrderMomentAhead).with("day", day).into());
    }
    if day.year() < 2000 {
        return Err(Refusal::new(RefusalCode::OrderDayRange).with("day", day).into());
    }
    let noon = day.at(12, 0, 0, 0).to_zoned(house.zone()).context("no such day in the zone of the firm")?;
    Ok(noon.timestamp().min(now))
}

fn carrier_code(typed: &str) -> Result<String, Refusal> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    let found = Carriers::shipped().find(typed).map(|carrier| carrier.code.clone());
    found.ok_or_else(|| Refusal::new(RefusalCode::CarrierUnknown).with("code", typed.trim()))
}

/// As the tracking services take numbers: letters and digits, without the spaces and dashes that people set between.
fn tracking_number(typed: &str) -> Result<String, Refusal> {
    let number = plain_number(typed);
    if is_number(&number) {
        Ok(number)
    } else {
        Err(Refusal::new(RefusalCode::ParcelNumber).with("number", typed.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tracking_number_has_no_spaces_and_nothing_strange() {
        assert_eq!(tracking_number(" lp 0012-3CN ").expect("a number"), "LP00123CN");
        for strange in ["", "  ", "<b>", "http://x", "号"] {
            assert_eq!(tracking_number(strange).expect_err("refused").code, RefusalCode::ParcelNumber);
        }
    }

    #[test]
    fn a_carrier_is_known_by_code_or_name_or_refused() {
        assert_eq!(carrier_code(" ").expect("nobody said"), "");
        let first = Carriers::shipped().iter().next().expect("a carrier");
        assert_eq!(carrier_code(&first.code).expect("known"), first.code);
        assert_eq!(carrier_code(&first.name_en).expect("known"), first.code);
        assert_eq!(carrier_code("Pigeon & Sons").expect_err("refused").code, RefusalCode::CarrierUnknown);
    }
}
