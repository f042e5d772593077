//! Bank statements in: the file is the whole body. And the accounts that they are of.

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use dunlin_bank_formats::Format;
use dunlin_core::access::Right::Money;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::problem::{NOT_POSSIBLE, Problem};
use super::read::{Asked, Told, expect_file};
use super::wire::ShortName;
use crate::use_cases::import_statement::{StatementReport, import_statement};
use crate::use_cases::statement_accounts::{StatementAccount, Word, say_of_account, statement_accounts};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

pub const PATH: &str = "/api/v1/statements";

const TYPES: [&str; 4] = ["application/octet-stream", "text/plain", "application/xml", "text/xml"];

#[derive(OpenApi)]
#[openapi(paths(import_bank_statement, list_statement_accounts, retire_statement_account, use_statement_account))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    // The guard has measured the body already.
    vec![
        Door::form(PATH, Who::May(Money), || post(import_bank_statement).layer(DefaultBodyLimit::disable())),
        Door::page("/api/v1/statements/accounts", Who::May(Money), || get(list_statement_accounts)),
        Door::form("/api/v1/statements/accounts/retire", Who::May(Money), || post(retire_statement_account)),
        Door::form("/api/v1/statements/accounts/use", Who::May(Money), || post(use_statement_account)),
    ]
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    #[default]
    Auto,
    Mt940,
    Camt,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// Name of the file, for the records.
    #[param(min_length = 1, max_length = 200, example = "statement.sta")]
    name: Option<String>,
    /// How it is written; left out, it is seen from the content.
    #[serde(default)]
    #[param(inline, value_type = Option<Written>)]
    format: Written,
}

/// Take a bank statement in and match its payments
#[utoipa::path(post, path = "/api/v1/statements", tag = "statements", params(FileQuery),
    request_body(content(
        (Vec<u8> = "application/octet-stream"),
        (String = "text/plain"),
        (String = "application/xml"),
        (String = "text/xml")
    ), description = "The bank's own file (MT940, MT942, camt.052/053/054), at most 30 MB"),
    responses((status = 200, description = "What came in, and where its money went", body = StatementReport)))]
async fn import_bank_statement(
    Extension(house): Shared,
    Asked(query): Asked<FileQuery>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<StatementReport>, Problem> {
    expect_file(&headers, &TYPES)?;
    let format = match query.format {
        Written::Auto => Format::Auto,
        Written::Mt940 => Format::Mt940,
        Written::Camt => Format::Camt,
    };
    let name = query.name.unwrap_or_else(|| "upload".to_string());
    let report = import_statement(&house, &name, &bytes, format).await.map_err(|error| {
        let problem = Problem::from(error);
        // The one thing it refuses in words is a file that is no statement.
        if problem.status == 409 { Problem::new(NOT_POSSIBLE, problem.detail) } else { problem }
    })?;
    Ok(Json(report))
}

/// The accounts of which statements were read.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementAccounts {
    pub accounts: Vec<StatementAccount>,
}

/// Up to which day each bank account is known, and which days are missing
#[utoipa::path(get, path = "/api/v1/statements/accounts", tag = "statements",
    responses((status = 200, description = "The accounts, by name", body = StatementAccounts)))]
async fn list_statement_accounts(Extension(house): Shared) -> Result<Json<StatementAccounts>, Problem> {
    Ok(Json(StatementAccounts { accounts: statement_accounts(&house).await? }))
}

/// Which account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountNamed {
    /// As the list names it.
    pub account: ShortName,
}

/// Say that an account is used no longer: nothing waits for its statements
#[utoipa::path(post, path = "/api/v1/statements/accounts/retire", tag = "statements", request_body = AccountNamed,
    responses((status = 200, description = "The account as it is now", body = StatementAccount)))]
async fn retire_statement_account(
    Extension(house): Shared,
    Told(asked): Told<AccountNamed>,
) -> Result<Json<StatementAccount>, Problem> {
    Ok(Json(say_of_account(&house, &asked.account.0, Word::Retire).await?))
}

/// Say that an account is used, and that nothing before its latest statement needs reading any more
#[utoipa::path(post, path = "/api/v1/statements/accounts/use", tag = "statements", request_body = AccountNamed,
    responses((status = 200, description = "The account as it is now", body = StatementAccount)))]
async fn use_statement_account(
    Extension(house): Shared,
    Told(asked): Told<AccountNamed>,
) -> Result<Json<StatementAccount>, Problem> {
    Ok(Json(say_of_account(&house, &asked.account.0, Word::Use).await?))
}
