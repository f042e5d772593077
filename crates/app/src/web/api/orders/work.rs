//! What is done with one order: how it stands and what is in stock by your own word, hold and release, parcels.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::order::slip::OrderSlip;
use dunlin_core::order::story::CloseReason;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::problem::{NOT_POSSIBLE, Problem};
use super::super::products::SimilarProduct;
use super::super::read::{Asked, Told};
use super::super::wire::{CloseReasonCode, Day, OrderSlipCode, OrderWordCode, Remark, ShortName, ShortWords};
use super::{OrderInFull, OrderInPath, missing, shown};
use crate::use_cases::note_order_state::{note_order_state, word_named};
use crate::use_cases::preview_stock_out::preview_stock_out;
use crate::use_cases::ship_orders::{Parcelled, ship_orders};
use crate::use_cases::undo_orders::undo_last;
use crate::use_cases::work_orders::{
    gone_of, hold_orders, order_in_full, order_named, places_of, release_orders, set_stock_of_orders, stock_out,
};
use crate::web::routes::Shared;

/// How it stands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderStateTold {
    state: OrderWordCode,
    /// When it became so; without it, now.
    #[schema(value_type = Option<String>, example = "2026-03-04T08:30:00Z")]
    at: Option<Timestamp>,
    #[serde(default)]
    reason: Option<CloseReasonCode>,
}

/// Note how an order stands, where no connected shop tells it
#[utoipa::path(post, path = "/api/v1/orders/{number}/state", tag = "orders", params(OrderInPath),
    request_body = OrderStateTold,
    responses((status = 200, description = "The order as it is now", body = OrderInFull)))]
pub async fn set_state_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderStateTold>,
) -> Result<Json<OrderInFull>, Problem> {
    let found = order_named(&house, &path.number).await?;
    let word = word_named(&asked.state.0).ok_or_else(|| missing("state"))?;
    let why = asked.reason.and_then(|why| CloseReason::from_code(&why.0));
    note_order_state(&house, &found, word, asked.at, why).await?;
    shown(&house, &path.number).await
}

/// What is there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderStock {
    /// Numbers of the articles that are missing; empty: all goods of the order are there.
    #[schema(example = json!(["TN-2"]))]
    pub missing: Vec<String>,
}

/// Say what of an order is in stock
#[utoipa::path(post, path = "/api/v1/orders/{number}/stock", tag = "orders", params(OrderInPath),
    request_body = OrderStock,
    responses((status = 200, description = "The order as it is now", body = OrderInFull)))]
pub async fn set_stock_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderStock>,
) -> Result<Json<OrderInFull>, Problem> {
    let told = order_in_full(&house, &path.number).await?;
    if asked.missing.is_empty() {
        set_stock_of_orders(&house, &[told.order.id], true).await?;
    } else {
        let missing = places_of(&told, &asked.missing).map_err(anyhow::Error::from)?;
        stock_out(&house, &told, &missing).await?;
    }
    shown(&house, &path.number).await
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SubstitutesQuery {
    /// The article that is missing; without it those that are marked as missing, else all of the order.
    #[param(example = "TN-2")]
    sku: Option<String>,
}

/// A letter as it would read.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterAhead {
    #[schema(example = "es")]
    pub language: &'static str,
    pub subject: String,
    pub body: String,
}

/// What a stock-out would come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderSubstitutes {
    /// The best first.
    pub similar: Vec<SimilarProduct>,
    /// What the buyer would read, in their language and in yours; empty where nobody is known to write to.
    pub letters: Vec<LetterAhead>,
}

/// What could stand in for the goods of an order, and what the buyer would read; nothing is changed
#[utoipa::path(get, path = "/api/v1/orders/{number}/substitutes", tag = "orders",
    params(OrderInPath, SubstitutesQuery),
    responses((status = 200, description = "Articles and letters", body = OrderSubstitutes)))]
pub async fn get_substitutes_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Asked(query): Asked<SubstitutesQuery>,
) -> Result<Json<OrderSubstitutes>, Problem> {
    let told = order_in_full(&house, &path.number).await?;
    let missing = match query.sku {
        Some(sku) => places_of(&told, &[sku]).map_err(|why| Problem::new(NOT_POSSIBLE, format!("sku: {why}")))?,
        None => gone_of(&told),
    };
    let look = preview_stock_out(&house, &told, &missing).await?;
    let letters = look.letters.into_iter().map(|letter| LetterAhead {
        language: letter.language_used.code(),
        subject: letter.subject,
        body: letter.body,
    });
    Ok(Json(OrderSubstitutes {
        letters: letters.collect(),
        similar: look.similar.into_iter().map(SimilarProduct::from).collect(),
    }))
}

/// Why and how long.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchHeld {
    pub why: ShortWords,
    /// Last day; without it until somebody lets the order go.
    #[serde(default)]
    pub until: Option<Day>,
}

/// Keep an order here
#[utoipa::path(post, path = "/api/v1/orders/{number}/hold", tag = "orders", params(OrderInPath),
    request_body = DispatchHeld,
    responses((status = 200, description = "The order as it is now", body = OrderInFull)))]
pub async fn hold_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<DispatchHeld>,
) -> Result<Json<OrderInFull>, Problem> {
    let until = asked.until.map(|day| day.to_come("until")).transpose()?;
    let found = order_named(&house, &path.number).await?;
    hold_orders(&house, &[found.id], &asked.why.0, until).await?;
    shown(&house, &path.number).await
}

/// Let an order go
#[utoipa::path(post, path = "/api/v1/orders/{number}/release", tag = "orders", params(OrderInPath),
    responses((status = 200, description = "The order as it is now", body = OrderInFull)))]
pub async fn release_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
) -> Result<Json<OrderInFull>, Problem> {
    let found = order_named(&house, &path.number).await?;
    release_orders(&house, &[found.id]).await?;
    shown(&house, &path.number).await
}

/// What is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderUndo {
    what: OrderSlipCode,
}

/// Take back the last thing of a kind that was done with an order by a slip; not once something has left
#[utoipa::path(post, path = "/api/v1/orders/{number}/undo", tag = "orders", params(OrderInPath),
    request_body = OrderUndo,
    responses((status = 200, description = "The order as it is now", body = OrderInFull)))]
pub async fn undo_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderUndo>,
) -> Result<Json<OrderInFull>, Problem> {
    let found = order_named(&house, &path.number).await?;
    let slip = OrderSlip::from_code(&asked.what.0).ok_or_else(|| missing("what"))?;
    undo_last(&house, &found, slip).await?;
    shown(&house, &path.number).await
}

/// A parcel that has left.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParcelLeft {
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "LP00123456789CN")]
    number: ShortName,
    /// Code or name of the carrier; left out when it is not known.
    #[serde(default)]
    carrier: Remark,
    /// Without it, now.
    #[serde(default)]
    shipped_on: Option<Day>,
    /// More parcels of the order follow.
    #[serde(default)]
    part: bool,
    /// The number that the parcel was noted under before, where that was wrong: it is the same parcel, and the buyer is told
    /// of the new number.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    replaces: Option<ShortName>,
}

/// Note a parcel that has left; the same told again changes nothing
#[utoipa::path(post, path = "/api/v1/orders/{number}/parcels", tag = "orders", params(OrderInPath),
    request_body = ParcelLeft,
    responses((status = 200, description = "The order as it is now", body = OrderInFull)))]
pub async fn add_parcel_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<ParcelLeft>,
) -> Result<Json<OrderInFull>, Problem> {
    let found = order_named(&house, &path.number).await?;
    let parcel = Parcelled {
        order: found.id,
        carrier: asked.carrier.0,
        number: asked.number.0,
        shipped_on: asked.shipped_on.map(|on| on.0),
        is_part: asked.part,
        replaces: asked.replaces.map(|old| old.0),
    };
    ship_orders(&house, &[parcel]).await?;
    shown(&house, &path.number).await
}
