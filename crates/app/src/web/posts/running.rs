//! Forms of the running order. The board sends the orders that were chosen as fields of one name.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use dunlin_core::ids::OrderId;
use dunlin_core::order::slip::OrderSlip;
use dunlin_core::order::story::OrderState;
use dunlin_core::refusal::{Refusal, RefusalCode};

use super::{Done, Shared, answer, answer_from, day, done, said, strange_field};
use crate::house::House;
use crate::use_cases::extend_receipt::{extend_receipt, note_more_time, settle_more_time};
use crate::use_cases::ship_orders::{Parcelled, ship_seen_orders};
use crate::use_cases::undo_orders::undo_orders;
use crate::use_cases::work_orders::{
    Chosen, OrdersChanged, hold_orders, order_in_full, order_named, release_orders, set_stock_of_orders, stock_out_seen,
};
use crate::web::load::running::{href, places};
use crate::web::load::show::Show;

/// In the form about unclear numbers: the parcel had none of them.
const OWN_PARCEL: &str = "-";

/// Fields of a form, also several of one name.
type Pairs = Vec<(String, String)>;

fn field<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

pub async fn board(Extension(house): Shared, headers: HeaderMap, Form(pairs): Form<Pairs>) -> Response {
    answer(house, headers, &next(&pairs), async |house, show| act(house, show, &pairs).await).await
}

/// Done with so many orders; taken back by the number of the change. The same form twice does nothing the second time.
fn changed(show: &Show, key: &str, undo: &str, changed: OrdersChanged) -> Done {
    if changed.orders == 0 {
        return done(show, "say-toast-orders-same", &[]);
    }
    done(show, key, &[("n", changed.orders.to_string())])
        .back(undo.to_string(), &[("only", changed.change.to_string())])
}

const UNDO_STOCK: &str = "/board/stock/undo";

/// How an order stood on the page, as its row said.
fn seen_state(pairs: &[(String, String)], id: OrderId) -> anyhow::Result<Option<(OrderId, OrderState)>> {
    match field(pairs, &format!("seen-{id}")) {
        "" => Ok(None),
        code => Ok(Some((id, OrderState::from_code(code).ok_or_else(|| strange_field(code))?))),
    }
}

async fn act(house: &House, show: &Show, pairs: &[(String, String)]) -> anyhow::Result<Done> {
    let chosen = pairs.iter().filter(|(name, _)| name == "order");
    let chosen = chosen.map(|(_, id)| id.parse::<OrderId>().map_err(|_| strange_field(id)));
    let ids = chosen.collect::<Result<Vec<_>, _>>()?;
    let seen = ids.iter().filter_map(|id| seen_state(pairs, *id).transpose()).collect::<Result<Vec<_>, _>>()?;
    let chosen = Chosen { ids: &ids, seen: &seen };
    match field(pairs, "do") {
        "in_stock" => {
            let marked = set_stock_of_orders(house, chosen, true).await?;
            Ok(changed(show, "say-toast-orders-in-stock", UNDO_STOCK, marked))
        }
        "out_of_stock" => {
            let marked = set_stock_of_orders(house, chosen, false).await?;
            Ok(changed(show, "say-toast-orders-out-of-stock", UNDO_STOCK, marked))
        }
        "release" => {
            let released = release_orders(house, chosen).await?;
            Ok(changed(show, "say-toast-orders-released", "/board/release/undo", released))
        }
        "hold" => {
            let until = field(pairs, "until").trim();
            let until = if until.is_empty() { None } else { Some(day(until)?) };
            let held = hold_orders(house, chosen, field(pairs, "why"), until).await?;
            Ok(changed(show, "say-toast-orders-held", "/board/hold/undo", held))
        }
        "ship" => {
            // Of a number that came as others went: which of them it stands for, or that it is a parcel of its own.
            let (replaces, is_unclear) = (field(pairs, "replaces").trim(), !field(pairs, "unclear").is_empty());
            if is_unclear && replaces.is_empty() {
                return Err(strange_field("replaces"));
            }
            let is_own = is_unclear && replaces == OWN_PARCEL;
            let replaces = Some(replaces).filter(|old| !old.is_empty() && !is_own);
            let parcel = |id: &OrderId| Parcelled {
                order: *id,
                carrier: field(pairs, "carrier").to_string(),
                number: field(pairs, &format!("number-{id}")).to_string(),
                shipped_on: None,
                is_part: false,
                replaces: replaces.map(str::to_string),
            };
            let parcels: Vec<Parcelled> = ids.iter().map(parcel).collect();
            let shipped = ship_seen_orders(house, &parcels, &seen).await?;
            if is_own && shipped.orders > 0 {
                return Ok(done(show, "say-toast-parcel-own", &[]));
            }
            if replaces.is_none() || shipped.orders == 0 {
                return Ok(changed(show, "say-toast-orders-shipped", "/board/ship/undo", shipped));
            }
            // Not taken back, but corrected once more.
            Ok(done(show, "say-toast-number-corrected", &[]))
        }
        strange => Err(strange_field(strange)),
    }
}

/// The number of the change that is taken back.
fn change(pairs: &[(String, String)]) -> anyhow::Result<i64> {
    let only = field(pairs, "only");
    only.parse().map_err(|_| strange_field(only))
}

fn next(pairs: &[(String, String)]) -> String {
    match field(pairs, "next") {
        "" => "/board".to_string(),
        next => next.to_string(),
    }
}

async fn take_back(
    house: Arc<House>,
    headers: HeaderMap,
    pairs: &[(String, String)],
    slip: OrderSlip,
    toast: &'static str,
) -> Response {
    answer(house, headers, &next(pairs), async |house, show| {
        let orders = undo_orders(house, slip, change(pairs)?).await?;
        Ok(done(show, toast, &[("n", orders.to_string())]))
    })
    .await
}

pub async fn undo_board_hold(Extension(house): Shared, headers: HeaderMap, Form(pairs): Form<Pairs>) -> Response {
    take_back(house, headers, &pairs, OrderSlip::Hold, "say-toast-orders-released").await
}

pub async fn undo_board_stock(Extension(house): Shared, headers: HeaderMap, Form(pairs): Form<Pairs>) -> Response {
    take_back(house, headers, &pairs, OrderSlip::Stock, "say-toast-orders-unmarked").await
}

pub async fn undo_board_release(Extension(house): Shared, headers: HeaderMap, Form(pairs): Form<Pairs>) -> Response {
    take_back(house, headers, &pairs, OrderSlip::Release, "say-toast-orders-held").await
}

pub async fn undo_board_ship(Extension(house): Shared, headers: HeaderMap, Form(pairs): Form<Pairs>) -> Response {
    take_back(house, headers, &pairs, OrderSlip::Ship, "say-toast-orders-unshipped").await
}

/// The end of the wizard: these goods are missing.
pub async fn stocked_out(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Response {
    let (next, back) = (href(&name), format!("{}/stock-out", href(&name)));
    answer_from(house, headers, (next.as_str(), back.as_str()), async |house, show| {
        let order = order_in_full(house, &name).await?;
        let missing = places(&pairs, order.order.goods.len());
        if missing.is_empty() && !order.order.goods.is_empty() {
            return Err(Refusal::new(RefusalCode::NoOrderChosen).with("most", 1_i64).into());
        }
        let seen = seen_state(&pairs, order.order.id)?.map(|(_, state)| state);
        let marked = stock_out_seen(house, &order, &missing, seen).await?;
        Ok(changed(show, "say-toast-orders-out-of-stock", UNDO_STOCK, marked))
    })
    .await
}

/// More time for the receipt: the marketplace is asked, or somebody has given it there.
pub async fn more_time(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Response {
    answer(house, headers, &next(&pairs), async |house, show| {
        let days = field(&pairs, "days").trim();
        let days = days.parse::<u16>().map_err(|_| strange_field(days))?;
        let found = order_named(house, &name).await?;
        match field(&pairs, "how") {
            "ask" => {
                extend_receipt(house, &found, days).await?;
                Ok(said(show, "toast-more-time-asked"))
            }
            "by_hand" => {
                note_more_time(house, &found, days).await?;
                Ok(said(show, "toast-more-time-noted"))
            }
            strange => Err(strange_field(strange)),
        }
    })
    .await
}

/// Somebody has looked up whether more time was given.
pub async fn more_time_settled(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Response {
    answer(house, headers, &next(&pairs), async |house, show| {
        let given = match field(&pairs, "given") {
            "yes" => true,
            "no" => false,
            strange => return Err(strange_field(strange)),
        };
        let found = order_named(house, &name).await?;
        settle_more_time(house, &found, given).await?;
        Ok(said(show, "toast-more-time-settled"))
    })
    .await
}
