//! Why a receivable is unpaid, and the turns that a person gives its case.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::{ApproveSevere, Work};
use dunlin_core::facts::ReceivableFacts;
use dunlin_store::Seen;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::problem::Problem;
use super::read::Told;
use super::receivables::{InPath, ReceivableInFull, named, shown};
use super::wire::{Day, HandsCode, Remark, ShortName, ShortWords, WhyCode};
use crate::use_cases::turn_case::{
    EarlierStep, Handover, enter_earlier_step, hand_case_over, hands_named, restart_case, take_case_back,
};
use crate::use_cases::unpaid_why::{clear_why, note_why, why_named};
use crate::web::answer::post;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    note_why_unpaid,
    clear_why_unpaid,
    restart_case_of_receivable,
    hand_case_of_receivable_over,
    take_case_of_receivable_back,
    enter_step_of_receivable
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let act = |path, right, answer| Door::form(path, Who::May(right), answer).about(Seen::Receivable);
    vec![
        act("/api/v1/receivables/{number}/why", Work, || post(note_why_unpaid)),
        act("/api/v1/receivables/{number}/why/end", Work, || post(clear_why_unpaid)),
        act("/api/v1/receivables/{number}/restart", Work, || post(restart_case_of_receivable)),
        act("/api/v1/receivables/{number}/hand-over", ApproveSevere, || post(hand_case_of_receivable_over)),
        act("/api/v1/receivables/{number}/take-back", ApproveSevere, || post(take_case_of_receivable_back)),
        act("/api/v1/receivables/{number}/steps", Work, || post(enter_step_of_receivable)),
    ]
}

/// Why it is unpaid.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhyShown {
    #[schema(example = "cash_short")]
    pub reason: &'static str,
    pub since: Timestamp,
}

impl WhyShown {
    pub fn of(item: &ReceivableFacts) -> Option<Self> {
        item.why.map(|known| Self { reason: known.why.code(), since: known.since })
    }
}

/// Why it is unpaid, as the buyer says or somebody found out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyAsked {
    pub reason: WhyCode,
    #[serde(default)]
    pub words: Remark,
}

/// Note why a receivable is unpaid
#[utoipa::path(post, path = "/api/v1/receivables/{number}/why", tag = "receivables", params(InPath),
    request_body = WhyAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn note_why_unpaid(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<WhyAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    note_why(&house, &found, why_named(&asked.reason.0)?, &asked.words.0).await?;
    shown(&house, &found).await
}

/// Say that it is not known any more why a receivable is unpaid
#[utoipa::path(post, path = "/api/v1/receivables/{number}/why/end", tag = "receivables", params(InPath),
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn clear_why_unpaid(
    Extension(house): Shared,
    Path(path): Path<InPath>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    clear_why(&house, &found).await?;
    shown(&house, &found).await
}

/// Why a case begins anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestartAsked {
    pub reason: ShortWords,
}

/// Begin the case of a receivable anew with its first step; a second time only the owner may
#[utoipa::path(post, path = "/api/v1/receivables/{number}/restart", tag = "receivables", params(InPath),
    request_body = RestartAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn restart_case_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<RestartAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    restart_case(&house, &found, &asked.reason.0).await?;
    shown(&house, &found).await
}

/// Into whose hands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverAsked {
    pub kind: HandsCode,
    pub name: ShortName,
    #[serde(default)]
    pub note: Remark,
}

/// Put the case of a receivable into other hands: nothing is sent any more
#[utoipa::path(post, path = "/api/v1/receivables/{number}/hand-over", tag = "receivables", params(InPath),
    request_body = HandoverAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn hand_case_of_receivable_over(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<HandoverAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    let to = Handover { hands: hands_named(&asked.kind.0)?, name: &asked.name.0, note: &asked.note.0 };
    hand_case_over(&house, &found, &to).await?;
    shown(&house, &found).await
}

/// A remark that may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemarkAsked {
    pub note: Remark,
}

/// Take the case of a receivable back into our own hands
#[utoipa::path(post, path = "/api/v1/receivables/{number}/take-back", tag = "receivables", params(InPath),
    request_body = RemarkAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn take_case_of_receivable_back(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<RemarkAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    take_case_back(&house, &found, &asked.note.0).await?;
    shown(&house, &found).await
}

/// A step that was done before the program knew of the debt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepAsked {
    /// Id of a step of the playbook that the case follows: `first_reminder`.
    pub step: ShortName,
    /// Today or earlier.
    pub on: Day,
    #[serde(default)]
    pub words: Remark,
}

/// Enter a step of a receivable that was done before the program knew of the debt
#[utoipa::path(post, path = "/api/v1/receivables/{number}/steps", tag = "receivables", params(InPath),
    request_body = StepAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn enter_step_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<StepAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    let earlier = EarlierStep { step: &asked.step.0, on: asked.on.to_come("on")?, words: &asked.words.0 };
    enter_earlier_step(&house, &found, &earlier).await?;
    shown(&house, &found).await
}
