//! Plans of instalments: what was agreed in place of one amount, and the end of it.

use axum::extract::Path;
use axum::http::{Method, StatusCode};
use axum::{Extension, Json};
use dunlin_core::access::Right::{See, Work};
use dunlin_core::instalments::Instalment;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{PlanTerms, Seen, StoreError};
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::problem::Problem;
use super::read::{Asked, Told};
use super::receivables::{InPath, named};
use super::wire::{AskedAmount, Day, Note};
use crate::house::House;
use crate::use_cases::agree_plan::{agree_plan, end_plan};
use crate::use_cases::standing_facts::Found;
use crate::use_cases::tell_plan::{ToldPlan, tell_plan};
use crate::web::answer::{delete, get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(get_plan, agree_plan_of_receivable, end_plan_of_receivable))]
pub struct Document;

const PATH: &str = "/api/v1/receivables/{number}/plan";

pub fn doors() -> Vec<Door> {
    vec![
        Door::page(PATH, Who::May(See), || get(get_plan)).about(Seen::Receivable),
        Door::form(PATH, Who::May(Work), || post(agree_plan_of_receivable)).about(Seen::Receivable),
        Door::form(PATH, Who::May(Work), || delete(end_plan_of_receivable)).about(Seen::Receivable).by(Method::DELETE),
    ]
}

async fn shown(house: &House, found: &Found) -> Result<Json<ToldPlan>, Problem> {
    let plan = tell_plan(house, found).await?;
    Ok(Json(plan.ok_or_else(|| StoreError::not_found("plan", &found.number))?))
}

/// The plan that stands in place of a receivable, or that it is an instalment of
#[utoipa::path(get, path = "/api/v1/receivables/{number}/plan", tag = "plans", params(InPath),
    responses((status = 200, description = "The plan", body = ToldPlan)))]
async fn get_plan(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<ToldPlan>, Problem> {
    shown(&house, &named(&house, &path).await?).await
}

/// One instalment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartAsked {
    pub on: Day,
    pub amount: AskedAmount,
}

/// Instalments in place of all that is open; together they make it exactly.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanAsked {
    /// Each on a later day than the one before.
    #[schema(min_items = 2, max_items = 36)]
    pub parts: Vec<PartAsked>,
    /// A part unpaid so many days after its day breaks the plan.
    #[serde(default = "late_days")]
    #[schema(minimum = 0, maximum = 90, default = 10)]
    pub late_days: i32,
    /// It was agreed that all that is left is due at once then.
    #[serde(default)]
    pub all_due: bool,
    /// What was said.
    #[serde(default)]
    pub words: Note,
}

const fn late_days() -> i32 {
    10
}

/// Agree instalments in place of what is open on a receivable
#[utoipa::path(post, path = "/api/v1/receivables/{number}/plan", tag = "plans", params(InPath),
    request_body = PlanAsked, responses((status = 200, description = "The plan", body = ToldPlan)))]
async fn agree_plan_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<PlanAsked>,
) -> Result<Json<ToldPlan>, Problem> {
    let found = named(&house, &path).await?;
    let mut parts = Vec::with_capacity(asked.parts.len());
    for part in &asked.parts {
        parts.push(Instalment { on: part.on.to_come("on")?, amount: part.amount.money()? });
    }
    let terms = PlanTerms { late_days: asked.late_days, all_due: asked.all_due, words: asked.words.0 };
    agree_plan(&house, &found, &parts, &terms).await?;
    shown(&house, &found).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EndQuery {
    /// Why it ends; it stays in the records.
    #[param(value_type = String, min_length = 1, max_length = 2000, example = "agreed by mistake")]
    reason: Option<String>,
}

/// End a plan on which nothing was paid yet: the amount is owed as before
#[utoipa::path(delete, path = "/api/v1/receivables/{number}/plan", tag = "plans", params(InPath, EndQuery),
    responses((status = 204, description = "It is ended")))]
async fn end_plan_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Asked(query): Asked<EndQuery>,
) -> Result<StatusCode, Problem> {
    let found = named(&house, &path).await?;
    let Some(reason) = query.reason else {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    };
    end_plan(&house, &found, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
