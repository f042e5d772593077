//! What is open with the buyer of an order before it leaves: asked, answered, applied.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::ids::AskId;
use dunlin_core::order::asks::{AskAnswer, AskKind};
use dunlin_core::order::consent::Consent;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::pages::order_told::FoundOrder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::super::read::Told;
use super::{OrderInPath, missing};
use crate::house::House;
use crate::use_cases::confirm_order::{apply_answer, ask, override_ask, put_in_answer};
use crate::use_cases::work_orders::order_named;
use crate::web::routes::Shared;

/// What is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAskRaised {
    /// `address`, `customs`, `combine`, `surcharge`, `remote_area`, `address_change`, `split` or `wish`.
    #[schema(example = "address")]
    kind: String,
    #[serde(default)]
    words: String,
    /// The order may leave without an answer.
    #[serde(default)]
    may_leave: bool,
}

/// The buyer's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAnswer {
    /// Without it, what is open longest.
    ask: Option<String>,
    /// In the buyer's words; what names its field is read, and a plain yes or no to what is asked by one.
    #[schema(example = "Name: Ivan Ivanovich Ivanov")]
    text: String,
}

/// Which question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAskNamed {
    /// Without it, what is open longest.
    ask: Option<String>,
}

/// Which question ends without an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAskEnd {
    /// Without it, what is open longest.
    ask: Option<String>,
    reason: String,
}

/// A field that the answer says otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryChanged {
    #[schema(example = "postcode")]
    field: &'static str,
    before: String,
    after: String,
}

/// One thing that is or was open with the buyer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderAskShown {
    id: String,
    kind: &'static str,
    words: String,
    holds_dispatch: bool,
    #[schema(value_type = String)]
    raised_at: Timestamp,
    #[schema(value_type = Option<String>)]
    settled_at: Option<Timestamp>,
    /// `answered`, `agreed`, `declined` or `overridden`.
    outcome: Option<String>,
    /// What the answer says otherwise than what is known.
    changes: Vec<DeliveryChanged>,
    /// `yes` or `no`, where the answer says so plainly.
    consent: Option<&'static str>,
}

fn which(found: &FoundOrder, ask: Option<&str>) -> Result<Option<AskId>, Problem> {
    let not_known = || anyhow::Error::from(Refusal::new(RefusalCode::AskNotKnown).with("number", &found.number));
    Ok(ask.map(|ask| ask.parse().map_err(|_| not_known())).transpose()?)
}

async fn shown(house: &House, found: &FoundOrder) -> Result<Json<Vec<OrderAskShown>>, Problem> {
    let asks = house.store.order_asks(house.tenant.id, found.party_id, found.id).await?;
    let (known, _) = house.store.order_delivery(house.tenant.id, found.party_id, found.id).await?;
    let changes = |answer: &AskAnswer| {
        let all = known.changes(&answer.fields).into_iter();
        all.map(|change| DeliveryChanged { field: change.name, before: change.before, after: change.after }).collect()
    };
    let asks = asks.into_iter().map(|ask| OrderAskShown {
        id: ask.id.to_string(),
        kind: ask.kind.code(),
        holds_dispatch: ask.holds_dispatch,
        raised_at: ask.raised_at,
        settled_at: ask.settled_at,
        outcome: ask.outcome,
        changes: ask.answer.as_ref().map(changes).unwrap_or_default(),
        consent: ask.answer.as_ref().and_then(|answer| answer.consent).map(Consent::code),
        words: ask.words,
    });
    Ok(Json(asks.collect()))
}

/// What is or was open with the buyer
#[utoipa::path(get, path = "/api/v1/orders/{number}/asks", tag = "orders", params(OrderInPath),
    responses((status = 200, description = "Oldest first", body = Vec<OrderAskShown>)))]
pub async fn list_asks_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
) -> Result<Json<Vec<OrderAskShown>>, Problem> {
    let found = order_named(&house, &path.number).await?;
    shown(&house, &found).await
}

/// Ask the buyer for something before dispatch
#[utoipa::path(post, path = "/api/v1/orders/{number}/asks", tag = "orders", params(OrderInPath), request_body = OrderAskRaised,
    responses((status = 200, description = "What is open", body = Vec<OrderAskShown>)))]
pub async fn add_ask_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderAskRaised>,
) -> Result<Json<Vec<OrderAskShown>>, Problem> {
    let found = order_named(&house, &path.number).await?;
    let kind = AskKind::from_code(&asked.kind).ok_or_else(|| missing("kind"))?;
    ask(&house, &found, kind, !asked.may_leave, &asked.words).await?;
    shown(&house, &found).await
}

/// Put in what the buyer answered; nothing is applied yet
#[utoipa::path(post, path = "/api/v1/orders/{number}/asks/answer", tag = "orders", params(OrderInPath),
    request_body = OrderAnswer, responses((status = 200, description = "What is open", body = Vec<OrderAskShown>)))]
pub async fn answer_ask_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderAnswer>,
) -> Result<Json<Vec<OrderAskShown>>, Problem> {
    let found = order_named(&house, &path.number).await?;
    put_in_answer(&house, &found, which(&found, asked.ask.as_deref())?, &asked.text).await?;
    shown(&house, &found).await
}

/// Take over what was read out of the answer
#[utoipa::path(post, path = "/api/v1/orders/{number}/asks/apply", tag = "orders", params(OrderInPath),
    request_body = OrderAskNamed, responses((status = 200, description = "What is open", body = Vec<OrderAskShown>)))]
pub async fn apply_ask_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderAskNamed>,
) -> Result<Json<Vec<OrderAskShown>>, Problem> {
    let found = order_named(&house, &path.number).await?;
    apply_answer(&house, &found, which(&found, asked.ask.as_deref())?).await?;
    shown(&house, &found).await
}

/// Let the order go without an answer
#[utoipa::path(post, path = "/api/v1/orders/{number}/asks/end", tag = "orders", params(OrderInPath), request_body = OrderAskEnd,
    responses((status = 200, description = "What is open", body = Vec<OrderAskShown>)))]
pub async fn end_ask_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderAskEnd>,
) -> Result<Json<Vec<OrderAskShown>>, Problem> {
    let found = order_named(&house, &path.number).await?;
    override_ask(&house, &found, which(&found, asked.ask.as_deref())?, &asked.reason).await?;
    shown(&house, &found).await
}
