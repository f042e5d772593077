//! Pages of letters: the list, one, its correction, its account statement.

use axum::Extension;
use axum::extract::{Path, Query, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use dunlin_store::pages::find::human_number;

use super::{PageError, Shared, Visit, words};
use crate::house::House;
use crate::use_cases::account_statement::account_statement;
use crate::web::{load, pages};

pub async fn letters_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::letters::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/letters", raw);
    answer!(visit, "letters", pages::letters::render, load::letters::load(&visit.house, &visit.show, &query))
}

pub async fn letter_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/letters/{name}"), raw);
    let number = human_number('L', &name).unwrap_or(0);
    answer!(visit, "letters", pages::letter::render, load::letter::load(&visit.house, &visit.show, number))
}

/// What was wrong with a letter, and its correction.
pub async fn repair_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::repair::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/letters/{name}/repair"), raw);
    let number = human_number('L', &name).unwrap_or(0);
    answer!(visit, "letters", pages::repair::render, load::repair::load(&visit.house, &visit.show, number, &query))
}

/// The account statement: as it was sent, or as it would be made now for a letter that has not left.
pub async fn statement(Extension(house): Shared, headers: HeaderMap, Path(name): Path<String>) -> Response {
    let visit = Visit::new(house.clone(), &headers, &format!("/letters/{name}"), None);
    let number = human_number('L', &name).unwrap_or(0);
    match statement_bytes(&house, number).await {
        Ok(Some(bytes)) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"))], bytes).into_response()
        }
        Ok(None) => {
            let what = words(&visit).t("statement-not-kept").into_owned();
            visit.trouble_page(StatusCode::NOT_FOUND, what, &name)
        }
        Err(error) => visit.trouble(&PageError(error), &name),
    }
}

/// `None`: the letter was sent, and what went along is not kept any more. It is never made anew, because the buyer has
/// another one in hand.
async fn statement_bytes(house: &House, number: i64) -> anyhow::Result<Option<Vec<u8>>> {
    let letter = house.store.letter_by_number(house.tenant.id, number).await?;
    let sent = house.store.sent_mail(house.tenant.id, &letter).await?;
    if let Some(pdf) = sent.and_then(|mail| mail.statement_pdf) {
        return Ok(Some(base64::engine::general_purpose::STANDARD.decode(pdf)?));
    }
    if letter.settled_at.is_some() {
        return Ok(None);
    }
    let facts = load::letter::facts_of(house, &letter).await?;
    let (settings, tenant) = (&house.tenant.settings, house.store.tenant_facts(&house.tenant).await?);
    let statement = account_statement(&letter, &facts, settings, &tenant, house.now())?;
    tokio::task::spawn_blocking(move || crate::printer::statement_pdf(&statement)).await?.map(Some)
}
