//! Whether a debtor gets new goods, what a person decides about it, and how much it may owe.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::{ApproveSevere, Money, See};
use dunlin_core::explain::UiLanguage;
use dunlin_core::ids::PartyId;
use dunlin_core::risk::RiskWarning;
use dunlin_store::Seen;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::debtors::{InPath, named};
use super::problem::Problem;
use super::read::Told;
use super::wire::{Amount, AskedAmount, Day, InWords, Words};
use crate::house::House;
use crate::use_cases::decide_supply::{
    SupplyLook, allow_supply, end_supply_decision, look_at_party, set_credit_limit, stop_supply,
};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    get_supply_of_debtor,
    allow_supply_of_debtor,
    stop_supply_of_debtor,
    end_supply_decision_of_debtor,
    set_limit_of_debtor
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let act = |path, right, answer| Door::form(path, Who::May(right), answer).about(Seen::Party);
    vec![
        Door::page("/api/v1/debtors/{number}/supply", Who::May(See), || get(get_supply_of_debtor)).about(Seen::Party),
        act("/api/v1/debtors/{number}/supply/allow", ApproveSevere, || post(allow_supply_of_debtor)),
        act("/api/v1/debtors/{number}/supply/stop", ApproveSevere, || post(stop_supply_of_debtor)),
        act("/api/v1/debtors/{number}/supply/end", ApproveSevere, || post(end_supply_decision_of_debtor)),
        act("/api/v1/debtors/{number}/credit-limit", Money, || post(set_limit_of_debtor)),
    ]
}

/// How a debtor stands with new goods.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplyShown {
    #[schema(example = "D-0017")]
    pub debtor: String,
    /// `free`, `stopped`, `stopped_by_hand`, `allowed`.
    #[schema(example = "stopped")]
    pub state: &'static str,
    /// Why; `null` where nothing stands in the way.
    pub text: Option<InWords>,
    /// The first day on which the rule held for what is overdue.
    pub since: Option<Day>,
    /// Due date of the oldest debt that counts.
    pub oldest: Option<Day>,
    /// What is overdue long enough and not contested, by currency.
    pub overdue: Vec<Amount>,
    /// The decision that holds today.
    pub decision: Option<SupplyDecision>,
    /// Numbers of orders whose goods have not left: they wait while supply is stopped.
    #[schema(example = json!(["QH-26007"]))]
    pub orders: Vec<String>,
    pub credit_limit: Option<Amount>,
    /// Everything that is open, due or not, by currency.
    pub exposure: Vec<Amount>,
    /// By how much the exposure in the currency of the limit is above it.
    pub over_limit: Option<Amount>,
    pub risks: Vec<Risk>,
}

/// What a person decided about supply.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplyDecision {
    /// `allow` or `stop`.
    #[schema(example = "allow")]
    pub kind: &'static str,
    /// Its last day; `null`: until it is taken back.
    pub until: Option<Day>,
    pub reason: String,
    pub decided_on: Day,
    pub recorded_at: Timestamp,
}

/// What the terms and facts of open orders warn of.
#[derive(Debug, Serialize, ToSchema)]
pub struct Risk {
    #[schema(example = "telex_release")]
    pub code: &'static str,
    /// Numbers of the orders.
    pub orders: Vec<String>,
    /// Why it is a risk.
    pub text: InWords,
    /// What is usually done instead.
    pub instead: InWords,
}

fn in_words(said: impl Fn(UiLanguage) -> String) -> InWords {
    InWords { en: said(UiLanguage::En), zh: said(UiLanguage::ZhCn) }
}

fn risk((warning, orders): (&RiskWarning, Vec<&str>)) -> Risk {
    Risk {
        code: warning.code.code(),
        orders: orders.into_iter().map(str::to_string).collect(),
        text: in_words(|language| warning.why(language)),
        instead: in_words(|language| warning.instead(language)),
    }
}

/// How it stands, as programs and `dunlin party supply --json` read it.
pub fn supply_shown(look: &SupplyLook) -> SupplyShown {
    let debt = look.supply.debt();
    let text = look.supply.is_told();
    SupplyShown {
        debtor: look.number.clone(),
        state: look.supply.code(),
        text: text.then(|| in_words(|language| look.supply.sentence(language).unwrap_or_default())),
        since: debt.map(|debt| Day(debt.since)),
        oldest: debt.map(|debt| Day(debt.oldest)),
        overdue: debt.map(|debt| debt.overdue.iter().copied().map(Amount::from).collect()).unwrap_or_default(),
        decision: look.decision.as_ref().map(|decision| SupplyDecision {
            kind: decision.kind.code(),
            until: decision.until.map(Day),
            reason: decision.why.clone(),
            decided_on: Day(decision.decided_on),
            recorded_at: decision.recorded_at,
        }),
        orders: look.orders.iter().map(|order| order.number.clone()).collect(),
        credit_limit: look.credit.limit.map(Amount::from),
        exposure: look.credit.exposure.iter().copied().map(Amount::from).collect(),
        over_limit: look.credit.over.map(Amount::from),
        risks: look.risks_by_kind().into_iter().map(risk).collect(),
    }
}

async fn answer(house: &House, id: PartyId) -> Result<Json<SupplyShown>, Problem> {
    Ok(Json(supply_shown(&look_at_party(house, id).await?)))
}

/// Whether a debtor gets new goods, why, how much it owes beside its limit, and what its open orders warn of
#[utoipa::path(get, path = "/api/v1/debtors/{number}/supply", tag = "debtors",
    params(InPath),
    responses((status = 200, description = "How it stands", body = SupplyShown)))]
async fn get_supply_of_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
) -> Result<Json<SupplyShown>, Problem> {
    answer(&house, named(&house, &path.number).await?).await
}

/// New goods leave nevertheless.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowAsked {
    /// The last day on which they may.
    pub until: Day,
    pub reason: Words,
}

/// Let new goods leave nevertheless until a day
#[utoipa::path(post, path = "/api/v1/debtors/{number}/supply/allow", tag = "debtors",
    params(InPath),
    request_body = AllowAsked,
    responses((status = 200, description = "How it stands now", body = SupplyShown)))]
async fn allow_supply_of_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<AllowAsked>,
) -> Result<Json<SupplyShown>, Problem> {
    let id = named(&house, &path.number).await?;
    allow_supply(&house, id, asked.until.to_come("until")?, &asked.reason.0).await?;
    answer(&house, id).await
}

/// New goods wait, although the rule does not ask for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopAsked {
    /// Its last day; nothing: until it is taken back.
    #[serde(default)]
    pub until: Option<Day>,
    pub reason: Words,
}

/// Stop new goods, although the rule does not ask for it
#[utoipa::path(post, path = "/api/v1/debtors/{number}/supply/stop", tag = "debtors",
    params(InPath),
    request_body = StopAsked,
    responses((status = 200, description = "How it stands now", body = SupplyShown)))]
async fn stop_supply_of_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<StopAsked>,
) -> Result<Json<SupplyShown>, Problem> {
    let id = named(&house, &path.number).await?;
    let until = asked.until.map(|until| until.to_come("until")).transpose()?;
    stop_supply(&house, id, until, &asked.reason.0).await?;
    answer(&house, id).await
}

/// Take a decision about supply back: the rule holds again
#[utoipa::path(post, path = "/api/v1/debtors/{number}/supply/end", tag = "debtors",
    params(InPath),
    responses((status = 200, description = "How it stands now", body = SupplyShown)))]
async fn end_supply_decision_of_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
) -> Result<Json<SupplyShown>, Problem> {
    let id = named(&house, &path.number).await?;
    end_supply_decision(&house, id).await?;
    answer(&house, id).await
}

/// How much a debtor may owe at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitAsked {
    /// `null`: no limit.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    pub limit: Option<AskedAmount>,
}

/// Set how much a debtor may owe at once, or take the limit away
#[utoipa::path(post, path = "/api/v1/debtors/{number}/credit-limit", tag = "debtors",
    params(InPath),
    request_body = LimitAsked,
    responses((status = 200, description = "How it stands now", body = SupplyShown)))]
async fn set_limit_of_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<LimitAsked>,
) -> Result<Json<SupplyShown>, Problem> {
    let id = named(&house, &path.number).await?;
    let limit = asked.limit.as_ref().map(AskedAmount::money).transpose()?;
    set_credit_limit(&house, id, limit).await?;
    answer(&house, id).await
}
