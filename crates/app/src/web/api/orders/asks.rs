//! What is open with the buyer of an order before it leaves: asked, answered, applied.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::ids::AskId;
use dunlin_core::order::asks::{AskAnswer, AskEnd, AskKind};
use dunlin_core::order::consent::Consent;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::NewAsk;
use dunlin_store::pages::order_told::FoundOrder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::super::read::Told;
use super::super::wire::{Amount, AskEndCode, AskKindCode, AskedAmount, LongText, Remark};
use super::{OrderInPath, missing};
use crate::house::House;
use crate::use_cases::confirm_order::{apply_seen_answer, ask_for, drop_answer, end_ask, mark_of, put_in_answer};
use crate::use_cases::work_orders::order_named;
use crate::web::routes::Shared;

/// What is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAskRaised {
    kind: AskKindCode,
    #[serde(default)]
    words: Remark,
    /// What it costs the buyer: of a surcharge, a remote area or several parcels.
    #[serde(default)]
    amount: Option<AskedAmount>,
    /// The order may leave without an answer.
    #[serde(default)]
    may_leave: bool,
}

/// The buyer's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAnswer {
    /// Without it, what is open longest.
    #[serde(default)]
    ask: Option<String>,
    /// In the buyer's words; what names its field is read, and a plain yes or no to what is asked by one. A value for customs
    /// that is not what was paid is left out.
    text: LongText,
}

/// Which answer is taken over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAskApplied {
    /// Without it, what is open longest.
    #[serde(default)]
    ask: Option<String>,
    /// `mark` of the answer that somebody looked at: another one by now is refused.
    #[serde(default)]
    seen: Option<String>,
}

/// Which question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAskNamed {
    /// Without it, what is open longest.
    #[serde(default)]
    ask: Option<String>,
}

/// Which question ends without an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAskEnd {
    /// Without it, what is open longest.
    #[serde(default)]
    ask: Option<String>,
    /// Without it, `overridden`.
    #[serde(default)]
    how: Option<AskEndCode>,
    /// Needed unless it is withdrawn.
    #[serde(default)]
    reason: Remark,
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
    /// `answered`, `agreed`, `declined`, `overridden`, `withdrawn` or `refused`.
    outcome: Option<String>,
    /// What it costs the buyer.
    amount: Option<Amount>,
    /// What the answer says otherwise than what is known.
    changes: Vec<DeliveryChanged>,
    /// `yes` or `no`, where the answer says so plainly.
    consent: Option<&'static str>,
    /// Of an answer that waits to be taken over: what `apply` may name as seen.
    mark: Option<String>,
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
        amount: ask.surcharge.map(Amount::from),
        mark: if ask.settled_at.is_none() { mark_of(&known, &ask) } else { None },
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
    let kind = AskKind::from_code(&asked.kind.0).ok_or_else(|| missing("kind"))?;
    let surcharge = asked.amount.map(|amount| amount.money()).transpose()?;
    let new = NewAsk { kind, holds_dispatch: !asked.may_leave, words: &asked.words.0, surcharge };
    ask_for(&house, &found, &new).await?;
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
    put_in_answer(&house, &found, which(&found, asked.ask.as_deref())?, &asked.text.0).await?;
    shown(&house, &found).await
}

/// Take over what was read out of the answer
#[utoipa::path(post, path = "/api/v1/orders/{number}/asks/apply", tag = "orders", params(OrderInPath),
    request_body = OrderAskApplied, responses((status = 200, description = "What is open", body = Vec<OrderAskShown>)))]
pub async fn apply_ask_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderAskApplied>,
) -> Result<Json<Vec<OrderAskShown>>, Problem> {
    let found = order_named(&house, &path.number).await?;
    apply_seen_answer(&house, &found, which(&found, asked.ask.as_deref())?, asked.seen.as_deref()).await?;
    shown(&house, &found).await
}

/// Set an answer aside that was read wrongly; the question stays open
#[utoipa::path(post, path = "/api/v1/orders/{number}/asks/drop", tag = "orders", params(OrderInPath),
    request_body = OrderAskNamed, responses((status = 200, description = "What is open", body = Vec<OrderAskShown>)))]
pub async fn drop_answer_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderAskNamed>,
) -> Result<Json<Vec<OrderAskShown>>, Problem> {
    let found = order_named(&house, &path.number).await?;
    drop_answer(&house, &found, which(&found, asked.ask.as_deref())?).await?;
    shown(&house, &found).await
}

/// End without an answer: let the order go, ask no longer, or refuse a wish
#[utoipa::path(post, path = "/api/v1/orders/{number}/asks/end", tag = "orders", params(OrderInPath), request_body = OrderAskEnd,
    responses((status = 200, description = "What is open", body = Vec<OrderAskShown>)))]
pub async fn end_ask_of_order(
    Extension(house): Shared,
    Path(path): Path<OrderInPath>,
    Told(asked): Told<OrderAskEnd>,
) -> Result<Json<Vec<OrderAskShown>>, Problem> {
    let found = order_named(&house, &path.number).await?;
    let how = asked.how.and_then(|how| AskEnd::from_code(&how.0)).unwrap_or(AskEnd::Overridden);
    end_ask(&house, &found, which(&found, asked.ask.as_deref())?, how, &asked.reason.0).await?;
    shown(&house, &found).await
}
