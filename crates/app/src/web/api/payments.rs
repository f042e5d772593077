//! Payments that wait for their place, and where they belong.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::Money;
use dunlin_core::receivable::share;
use dunlin_store::pages::keyset::{After, ListedPayment};
use dunlin_store::{Seen, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::debtors::ReasonAsked;
use super::paging::{Limit, Page, after, page};
use super::problem::Problem;
use super::read::{Asked, Told};
use super::wire::{Amount, AskedAmount, Day, DebtorName, number_in};
use crate::house::House;
use crate::use_cases::bank_charges::OnRest;
use crate::use_cases::match_payments::{MOST_TOGETHER, confirm_match_with, confirm_together, set_rest_aside};
use crate::use_cases::standing_facts::Found;
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::guard::sees;
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_waiting_payments, match_payment, match_payment_together, set_payment_aside))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let act = |path, answer| Door::form(path, Who::May(Money), answer).about(Seen::Payment);
    vec![
        Door::page("/api/v1/payments", Who::May(Money), || get(list_waiting_payments)),
        act("/api/v1/payments/{number}/match", || post(match_payment)),
        act("/api/v1/payments/{number}/match-together", || post(match_payment_together)),
        act("/api/v1/payments/{number}/set-aside", || post(set_payment_aside)),
    ]
}

/// Money that came in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Payment {
    #[schema(example = "P-0031")]
    pub number: String,
    /// `bank`, `import`, `manual` or `payout` (of a platform).
    #[schema(example = "bank")]
    pub source: &'static str,
    pub received_on: Day,
    /// False: nobody told the day; it came by `received_on`.
    pub day_known: bool,
    pub payer: String,
    /// Everything in which the payer may have named an invoice.
    pub words: String,
    pub amount: Amount,
    /// What has no place yet.
    pub left: Amount,
    /// Placed to the last cent, or set aside.
    pub settled: bool,
    /// Why a person has to look: `no_reference`, `amount_differs`, `several_parties`, `other_currency`, `undone`.
    pub doubt: Option<String>,
    /// Whose it could be; nothing is pressed for there meanwhile.
    pub candidates: Vec<DebtorName>,
}

fn listed(row: ListedPayment) -> Payment {
    Payment {
        number: row.number,
        source: row.source.code(),
        received_on: Day(row.received_on),
        day_known: row.day_known,
        payer: row.payer_name,
        words: row.words,
        amount: row.amount.into(),
        left: row.left.into(),
        settled: row.settled,
        doubt: row.doubt,
        candidates: row.candidates.into_iter().map(DebtorName::from).collect(),
    }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Rows of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Payments that wait for their place, by number
#[utoipa::path(get, path = "/api/v1/payments", tag = "payments", params(ListQuery),
    responses((status = 200, description = "A page of payments", body = Page<Payment>)))]
async fn list_waiting_payments(
    Extension(house): Shared,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<Page<Payment>>, Problem> {
    let after = after("payments", query.cursor.as_deref(), query.limit)?;
    let rows = house.store.payments_after(house.tenant.id, &house.sight, None, &after).await?;
    page("payments", query.limit, rows, |row| row.key, |row| Ok(listed(row)))
}

/// Which payment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// `P-0031`.
    #[param(example = "P-0001")]
    number: String,
}

async fn shown(house: &House, number: i64) -> Result<Json<Payment>, Problem> {
    let first = After { key: 0, limit: 1 };
    let rows = house.store.payments_after(house.tenant.id, &house.sight, Some(number), &first).await?;
    let row = rows.into_iter().next().ok_or_else(|| StoreError::not_found("payment", format!("P-{number:04}")))?;
    Ok(Json(listed(row)))
}

/// Where a payment belongs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchAsked {
    /// `R-1042`, an id, or the number of an invoice or order.
    #[schema(example = "R-0001")]
    receivable: String,
    /// How much of the payment; without it as much as fits.
    uses: Option<AskedAmount>,
    /// What that settles, in the receivable's currency: needed when it is another one than the payment's.
    settles: Option<AskedAmount>,
    /// What becomes of a rest of the receivable that is as small as bank charges.
    #[serde(default)]
    rest: RestAsked,
}

/// `ask`: somebody is asked, and nobody is pressed for it meanwhile. `bank_charges`: it is written off in the same change
/// (also needs the right `lower`). `press`: it is owed like everything else.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RestAsked {
    #[default]
    Ask,
    BankCharges,
    Press,
}

impl From<RestAsked> for OnRest {
    fn from(asked: RestAsked) -> Self {
        match asked {
            RestAsked::Ask => Self::Ask,
            RestAsked::BankCharges => Self::WriteOff,
            RestAsked::Press => Self::KeepAsking,
        }
    }
}

/// Place a payment: as much as fits; the rest stays waiting
#[utoipa::path(post, path = "/api/v1/payments/{number}/match", tag = "payments", params(InPath),
    request_body = MatchAsked, responses((status = 200, description = "The payment as it is now", body = Payment)))]
async fn match_payment(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<MatchAsked>,
) -> Result<Json<Payment>, Problem> {
    let number = number_in('P', &path.number)?;
    if !sees(&house, Seen::Receivable, &asked.receivable).await? {
        return Err(StoreError::not_found("receivable", asked.receivable).into());
    }
    let found = house.store.find_receivable(house.tenant.id, &asked.receivable).await?.into();
    let money = |amount: &Option<AskedAmount>| amount.as_ref().map(AskedAmount::money).transpose();
    let share = share::Asked { uses: money(&asked.uses)?, settles: money(&asked.settles)? };
    confirm_match_with(&house, number, &found, share, asked.rest.into()).await?;
    shown(&house, number).await
}

/// Several receivables that one payment pays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TogetherAsked {
    /// Each as `R-1042`, an id, or the number of an invoice or order. What is open on them is the payment exactly.
    #[schema(min_items = 2, max_items = 100, example = json!(["R-0001", "R-0002"]))]
    receivables: Vec<String>,
}

/// Place a payment on several receivables at once, each of them paid in full
#[utoipa::path(post, path = "/api/v1/payments/{number}/match-together", tag = "payments", params(InPath),
    request_body = TogetherAsked, responses((status = 200, description = "The payment as it is now", body = Payment)))]
async fn match_payment_together(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<TogetherAsked>,
) -> Result<Json<Payment>, Problem> {
    let number = number_in('P', &path.number)?;
    let mut all: Vec<Found> = Vec::new();
    for name in asked.receivables.into_iter().take(MOST_TOGETHER) {
        if !sees(&house, Seen::Receivable, &name).await? {
            return Err(StoreError::not_found("receivable", name).into());
        }
        all.push(house.store.find_receivable(house.tenant.id, &name).await?.into());
    }
    confirm_together(&house, number, &all).await?;
    shown(&house, number).await
}

/// Set aside what is left of a payment: it is no customer's money and silences nobody any more
#[utoipa::path(post, path = "/api/v1/payments/{number}/set-aside", tag = "payments", params(InPath),
    request_body = ReasonAsked, responses((status = 200, description = "The payment as it is now", body = Payment)))]
async fn set_payment_aside(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<ReasonAsked>,
) -> Result<Json<Payment>, Problem> {
    let number = number_in('P', &path.number)?;
    set_rest_aside(&house, number, &asked.reason.0).await?;
    shown(&house, number).await
}
