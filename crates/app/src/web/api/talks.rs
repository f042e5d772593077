//! Talks that happened elsewhere: logged, and looked through for promises, amounts and reasons.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::{See, Work};
use dunlin_core::ids::ContactId;
use dunlin_core::intent::Intent;
use dunlin_core::talk::TalkPlace;
use dunlin_store::{Seen, Talk};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::debtors::{InPath, named};
use super::problem::{NOT_POSSIBLE, Problem};
use super::read::Told;
use super::wire::{Amount, Day, LongText, Note};
use crate::house::House;
use crate::use_cases::log_talk::{TalkForm, log_talk, picked};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_talks, log_this_talk))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/debtors/{number}/talks", Who::May(See), || get(list_talks)).about(Seen::Party),
        Door::form("/api/v1/debtors/{number}/talks", Who::May(Work), || post(log_this_talk)).about(Seen::Party),
    ]
}

/// A talk, and what may be in its words. Nothing of it is entered by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct TalkShown {
    pub id: String,
    /// `wechat`, `whatsapp`, `phone`, `fair`, `visit`, `email`, `in_site`, `other`.
    #[schema(example = "wechat")]
    pub place: &'static str,
    pub at: Timestamp,
    /// Id of the person it was with.
    pub contact: Option<String>,
    /// We asked for payment.
    pub asked: bool,
    /// What it means, where it is an answer of the buyer: `promises`, `short_of_cash`, …
    #[schema(example = "short_of_cash")]
    pub intent: Option<&'static str>,
    /// Id of the receivable it is about; `null`: none in particular.
    pub receivable: Option<String>,
    /// `null`: the person was erased.
    pub text: Option<String>,
    /// It was logged by mistake, and taken back.
    pub taken_back: bool,
    pub promises: Vec<MaybePromise>,
    pub amounts: Vec<Amount>,
    pub reasons: Vec<MaybeReason>,
}

/// What may be a promise.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaybePromise {
    pub pay_on: Day,
    /// `null`: everything, or not said.
    pub amount: Option<Amount>,
    pub words: String,
}

/// What it sounds like why it is unpaid.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaybeReason {
    #[schema(example = "cash_short")]
    pub reason: &'static str,
    pub words: String,
}

/// The talks of a debtor.
#[derive(Debug, Serialize, ToSchema)]
pub struct Talks {
    pub items: Vec<TalkShown>,
}

fn shown(house: &House, talk: Talk) -> TalkShown {
    let found = picked(house, &talk);
    let text = talk.words.map(|words| words.text);
    let words = |place: std::ops::Range<usize>| {
        text.as_deref().and_then(|text| text.get(place)).unwrap_or_default().to_string()
    };
    let promises = found.promises.into_iter().map(|one| MaybePromise {
        pay_on: Day(one.pay_on),
        amount: one.amount.map(Amount::from),
        words: words(one.place),
    });
    let promises = promises.collect();
    let reasons =
        found.whys.into_iter().map(|one| MaybeReason { reason: one.why.code(), words: words(one.place) }).collect();
    TalkShown {
        id: talk.id.to_string(),
        place: talk.place.code(),
        at: talk.at,
        contact: talk.contact_id.map(|id| id.to_string()),
        asked: talk.asked,
        intent: talk.intent.map(Intent::code),
        receivable: talk.receivable_id.map(|id| id.to_string()),
        taken_back: talk.is_ended,
        promises,
        amounts: found.amounts.into_iter().map(|one| Amount::from(one.amount)).collect(),
        reasons,
        text,
    }
}

/// Talks with a debtor, oldest first
#[utoipa::path(get, path = "/api/v1/debtors/{number}/talks", tag = "debtors", params(InPath),
    responses((status = 200, description = "The talks", body = Talks)))]
async fn list_talks(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<Talks>, Problem> {
    let id = named(&house, &path.number).await?;
    let talks = house.store.talks_of(house.tenant.id, id).await?;
    Ok(Json(Talks { items: talks.into_iter().map(|talk| shown(&house, talk)).collect() }))
}

/// A talk; pictures are added on the pages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TalkAsked {
    /// `wechat`, `whatsapp`, `phone`, `fair`, `visit`, `email`, `in_site` or `other`.
    #[schema(value_type = String, pattern = "^(wechat|whatsapp|phone|fair|visit|email|in_site|other)$", example = "wechat")]
    place: TalkPlace,
    text: LongText,
    /// The day of the talk; today without it.
    #[serde(default)]
    on: Option<Day>,
    /// Id of the person it was with.
    #[serde(default)]
    contact: Option<String>,
    /// We asked for payment: it counts as a contact, like a call.
    #[serde(default)]
    asked: bool,
    /// It is an answer of the buyer and means this; what follows from it is done at once.
    #[serde(default)]
    #[schema(value_type = Option<String>,
        pattern = "^(paid_already|promises|disputes|asks_question|asks_for_papers|wrong_contact|short_of_cash|bargains|refuses|objects_to_contact|out_of_office|other)$",
        example = "short_of_cash")]
    intent: Option<Intent>,
    /// The receivable it is about: `R-1042`, an invoice or order number.
    #[serde(default)]
    receivable: Option<Note>,
}

/// Log a talk that happened elsewhere; what may be promised in it is told and not entered
#[utoipa::path(post, path = "/api/v1/debtors/{number}/talks", tag = "debtors", params(InPath),
    request_body = TalkAsked,
    responses((status = 200, description = "The talk, and what may be in it", body = TalkShown)))]
async fn log_this_talk(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<TalkAsked>,
) -> Result<Json<TalkShown>, Problem> {
    let party_id = named(&house, &path.number).await?;
    let contact: Option<ContactId> = asked
        .contact
        .map(|id| id.parse().map_err(|error| Problem::new(NOT_POSSIBLE, format!("contact: {error}"))))
        .transpose()?;
    let receivable = match asked.receivable.as_ref().filter(|name| !name.0.trim().is_empty()) {
        Some(name) => Some(house.store.find_receivable(house.tenant.id, name.0.trim()).await?.receivable_id),
        None => None,
    };
    let TalkAsked { place, text, on, asked, intent, .. } = asked;
    let (on, text) = (on.map(|day| day.0), text.0);
    let form = TalkForm { place, on, contact, asked, intent, receivable, text, file: None };
    let id = log_talk(&house, party_id, &form).await?;
    Ok(Json(shown(&house, house.store.talk(house.tenant.id, party_id, id).await?)))
}
