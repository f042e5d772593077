//! More time for the buyer's receipt: asked of the marketplace, or given on its own page and noted.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_store::ReceiptExtension;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::super::read::Told;
use super::super::wire::{Day, Whole};
use super::{OrderInFull, OrderInPath, shown};
use crate::use_cases::extend_receipt::{extend_receipt, note_more_time, settle_more_time};
use crate::use_cases::work_orders::order_named;
use crate::web::routes::Shared;

/// More time for the receipt, the last time that it was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoreTime {
    /// `queued`, `sending`, `done`, `failed`, `uncertain` (nobody knows whether it was given) or `withdrawn`.
    #[schema(example = "done")]
    pub state: &'static str,
    pub days: u16,
    /// Somebody gave it on the marketplace's own page.
    pub by_hand: bool,
    /// Last day of the buyer's protection, once it was given.
    pub until: Option<Day>,
    /// What the marketplace said, or why it waits; may be empty.
    pub why: String,
    pub asked_at: Timestamp,
    pub settled_at: Option<Timestamp>,
}

impl From<&ReceiptExtension> for MoreTime {
    fn from(one: &ReceiptExtension) -> Self {
        Self {
            state: one.state.code(),
            days: one.days,
            by_hand: one.by_hand,
            until: one.until_on.map(Day),
            why: one.why.clone(),
            asked_at: one.recorded_at,
            settled_at: one.settled_at,
        }
    }
}

/// How much more time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoreTimeAsked {
    #[schema(value_type = u16, minimum = 1, maximum = 60, example = 14)]
    days: Whole,
    /// Somebody has given it on the marketplace's own page already: it is noted, and nobody is asked.
    #[serde(default)]
    by_hand: bool,
}

/// Give the buyer more time to confirm the receipt; the connected marketplace is asked in the next round of sending
#[utoipa::path(post, path = "/api/v1/orders/{number}/more-time", tag = "orders", params(OrderInPath),
    request_body = MoreTimeAsked,
    responses((status = 200, description = "The order as it is now", body = OrderInFull)))]
pub async fn give_more_time(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<MoreTimeAsked>,
) -> Result<Json<OrderInFull>, Problem> {
    let found = order_named(&house, &path.number).await?;
    // More than fits is refused as any other number of days that nobody gives.
    let days = u16::try_from(asked.days.0.max(0)).unwrap_or(u16::MAX);
    match asked.by_hand {
        true => note_more_time(&house, &found, days).await?,
        false => extend_receipt(&house, &found, days).await?,
    }
    shown(&house, &path.number).await
}

/// What somebody found on the marketplace.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoreTimeFound {
    given: bool,
}

/// Say whether more time was given, where the answer of the marketplace got lost
#[utoipa::path(post, path = "/api/v1/orders/{number}/more-time/settle", tag = "orders", params(OrderInPath),
    request_body = MoreTimeFound,
    responses((status = 200, description = "The order as it is now", body = OrderInFull)))]
pub async fn settle_more_time_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<MoreTimeFound>,
) -> Result<Json<OrderInFull>, Problem> {
    let found = order_named(&house, &path.number).await?;
    settle_more_time(&house, &found, asked.given).await?;
    shown(&house, &path.number).await
}
