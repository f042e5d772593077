//! The firm's own bank accounts. A program proposes and takes back; a second person confirms, on the page: whoever holds
//! two tokens is not two people.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::BankAccounts;
use dunlin_core::letter::BankDetails;
use dunlin_store::BankAccount as Row;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::problem::Problem;
use super::read::Told;
use super::wire::{ContentHash, CurrencyCode, Line, ShortName};
use crate::house::House;
use crate::use_cases::bank_accounts::{confirm_account, propose_account, seal_of, withdraw_account};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_bank_accounts, propose_bank_account, confirm_bank_account, withdraw_bank_account))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let may = Who::May(BankAccounts);
    vec![
        Door::page("/api/v1/bank-accounts", may, || get(list_bank_accounts)),
        Door::form("/api/v1/bank-accounts", may, || post(propose_bank_account)),
        Door::form("/api/v1/bank-accounts/{currency}/confirm", may, || post(confirm_bank_account)),
        Door::form("/api/v1/bank-accounts/{currency}/withdraw", may, || post(withdraw_bank_account)),
    ]
}

/// An account that buyers pay to, or that is to become one.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnBankAccount {
    #[schema(example = "USD")]
    pub currency: String,
    pub holder: String,
    pub bank: String,
    pub account: String,
    pub swift: String,
    /// `used`: letters name it. `waits`: for a second person. `resting`: confirmed, and not named before `usable_from`.
    #[schema(example = "used")]
    pub state: &'static str,
    /// Id of the user.
    pub proposed_by: Option<String>,
    pub proposed_at: Option<Timestamp>,
    /// Id of the user.
    pub confirmed_by: Option<String>,
    pub confirmed_at: Option<Timestamp>,
    pub usable_from: Option<Timestamp>,
    /// Of what stands here: a confirmation is bound to it.
    pub hash: String,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnBankAccounts {
    pub accounts: Vec<OwnBankAccount>,
    /// Hours between a confirmation and the first letter that names the account.
    pub quarantine_hours: i64,
    /// Where a second person confirms.
    #[schema(example = "/settings/bank")]
    pub page: &'static str,
}

fn shown(row: &Row, now: Timestamp) -> OwnBankAccount {
    let state = match () {
        () if row.is_usable(now) => "used",
        () if row.confirmed => "resting",
        () => "waits",
    };
    OwnBankAccount {
        currency: row.currency.clone(),
        holder: row.details.holder.clone(),
        bank: row.details.bank.clone(),
        account: row.details.account.clone(),
        swift: row.details.swift.clone(),
        state,
        proposed_by: row.proposed_by.map(|id| id.to_string()),
        proposed_at: row.proposed_at,
        confirmed_by: row.confirmed_by.map(|id| id.to_string()),
        confirmed_at: row.confirmed_at,
        usable_from: row.usable_from,
        hash: seal_of(row),
    }
}

async fn all(house: &House) -> Result<Json<OwnBankAccounts>, Problem> {
    let settings = house.store.tenant(house.tenant.id).await?.settings;
    Ok(Json(OwnBankAccounts {
        accounts: settings.bank_accounts.iter().map(|row| shown(row, house.now())).collect(),
        quarantine_hours: settings.bank_quarantine_hours,
        page: "/settings/bank",
    }))
}

/// The firm's own bank accounts, with what changes about them
#[utoipa::path(get, path = "/api/v1/bank-accounts", tag = "bank-accounts",
    responses((status = 200, description = "The accounts", body = OwnBankAccounts)))]
async fn list_bank_accounts(Extension(house): Shared) -> Result<Json<OwnBankAccounts>, Problem> {
    all(&house).await
}

/// An account that letters are to name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountAsked {
    pub currency: CurrencyCode,
    pub holder: ShortName,
    pub bank: ShortName,
    /// Number, or IBAN.
    pub account: ShortName,
    /// SWIFT code, or empty.
    #[serde(default)]
    pub swift: Line,
}

/// Propose an account; it stands in no letter before a second person has confirmed it and the quarantine is over
#[utoipa::path(post, path = "/api/v1/bank-accounts", tag = "bank-accounts", request_body = AccountAsked,
    responses((status = 200, description = "The accounts as they are now", body = OwnBankAccounts)))]
async fn propose_bank_account(
    Extension(house): Shared,
    Told(asked): Told<AccountAsked>,
) -> Result<Json<OwnBankAccounts>, Problem> {
    let (holder, bank, account) = (asked.holder.0, asked.bank.0, asked.account.0);
    let details = BankDetails { holder, bank, account, swift: asked.swift.0 };
    propose_account(&house, &asked.currency.0, details).await?;
    all(&house).await
}

/// Of which currency.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CurrencyInPath {
    /// ISO 4217.
    #[param(example = "USD")]
    currency: String,
}

/// What was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmAsked {
    pub seen: ContentHash,
}

/// Refused to every token (`needs-person`): a second person confirms on the page
#[utoipa::path(post, path = "/api/v1/bank-accounts/{currency}/confirm", tag = "bank-accounts",
    params(CurrencyInPath), request_body = ConfirmAsked,
    responses((status = 200, description = "Never", body = OwnBankAccounts)))]
async fn confirm_bank_account(
    Extension(house): Shared,
    Path(path): Path<CurrencyInPath>,
    Told(asked): Told<ConfirmAsked>,
) -> Result<Json<OwnBankAccounts>, Problem> {
    confirm_account(&house, &path.currency, &asked.seen.0).await?;
    all(&house).await
}

/// Take a proposal back, or a confirmation whose quarantine still runs
#[utoipa::path(post, path = "/api/v1/bank-accounts/{currency}/withdraw", tag = "bank-accounts",
    params(CurrencyInPath),
    responses((status = 200, description = "The accounts as they are now", body = OwnBankAccounts)))]
async fn withdraw_bank_account(
    Extension(house): Shared,
    Path(path): Path<CurrencyInPath>,
) -> Result<Json<OwnBankAccounts>, Problem> {
    withdraw_account(&house, &path.currency).await?;
    all(&house).await
}
