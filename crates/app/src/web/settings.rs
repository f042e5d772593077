//! Paths of the settings to their pages.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use dunlin_core::access::Right;
use serde::Deserialize;

use super::again::Shown;
use super::guard::Guest;
use super::load::settings;
use super::pages;
use super::routes::{PageError, Shared, Visit};
use crate::building::Building;
use crate::use_cases::own_account::tried_factor;

/// The first page that whoever is signed in may see.
pub async fn front(Extension(house): Shared) -> Response {
    let place = if house.actor.may(Right::Settings) { "/settings/company" } else { "/settings/me" };
    Redirect::to(place).into_response()
}

pub async fn company(Extension(house): Shared, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    let visit = Visit::new(house, &headers, "/settings/company", raw);
    let view = settings::company::company(&visit.house, &visit.show).await;
    visit.answer("settings", pages::settings::company, view).await
}

pub async fn me(
    Extension(house): Shared,
    Extension(guest): Extension<Guest>,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/me", raw);
    let visit = if shown.factor().is_some() { visit.answering() } else { visit };
    let mut view = settings::me::load(&visit.house, &visit.show, guest.session).await;
    if let Ok(page) = &mut view {
        page.new_key = shown.key();
        // One that is tried too late is not shown any more: whoever set it up begins anew.
        if let Some(tried) = shown.factor()
            && let Ok(made) = tried_factor(&visit.house, &tried.ticket).await
        {
            page.trial = settings::me::trial(&made, tried.ticket, tried.problem).ok();
        }
    }
    visit.answer("settings", pages::settings::me, view).await
}

pub async fn people(
    Extension(house): Shared,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/people", raw);
    let mut view = settings::people::load(&visit.house, &visit.show).await;
    if let Ok(page) = &mut view {
        page.link = shown.link();
    }
    visit.answer("settings", pages::settings::people, view).await
}

pub async fn bank(Extension(house): Shared, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    let visit = Visit::new(house, &headers, "/settings/bank", raw);
    let view = settings::bank::load(&visit.house, &visit.show).await;
    visit.answer("settings", pages::settings::bank, view).await
}

pub async fn channels(
    Extension(house): Shared,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/channels", raw);
    let view = settings::company::channels(&visit.house, shown.tested()).await;
    visit.answer("settings", pages::settings::channels, view).await
}

pub async fn marketplace(
    State(building): State<Arc<Building>>,
    Extension(house): Shared,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/marketplace", raw);
    let visit = if shown.address().is_some() { visit.answering() } else { visit };
    let base = base_address(&building, &headers);
    let view = settings::marketplace::load(&visit.house, &visit.show, &base, shown.address()).await;
    visit.answer("settings", pages::settings::marketplace, view).await
}

/// Under which address this browser reaches the pages.
pub fn base_address(building: &Building, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    building.public_url.clone().unwrap_or_else(|| format!("http://{host}"))
}

/// Rehearsals that one page shows.
const REHEARSALS: i64 = 100;

pub async fn safe(Extension(house): Shared, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    let visit = Visit::new(house, &headers, "/settings/safe-mode", raw);
    let view = settings::safe::load(&visit.house, &visit.show, REHEARSALS).await;
    visit.answer("settings", pages::settings::safe, view).await
}

pub async fn suppressions(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<settings::suppressions::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/suppressions", raw);
    let view = settings::suppressions::load(&visit.house, &visit.show, &query).await;
    visit.answer("settings", pages::settings::suppressions, view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    doctor: String,
    debtor: String,
}

pub async fn data(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<Looked>,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/data", raw);
    let view = settings::data::load(&visit.house, &visit.show, &query.debtor, !query.doctor.is_empty()).await;
    visit.answer("settings", pages::settings::data, view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    file: String,
}

/// What a backup on the server is, and the form that reads it in place of everything.
pub async fn restore(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<Asked>,
) -> Response {
    // The file is read to its end: not again at every change of the firm.
    let visit = Visit::new(house, &headers, "/settings/data/restore", raw).answering();
    let view = settings::data::restore(&visit.house, &visit.show, &query.file).await;
    visit.answer("settings", pages::settings::restore, view).await
}

pub async fn log(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<settings::log::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/log", raw);
    let view = settings::log::load(&visit.house, &visit.show, &query).await;
    visit.answer("settings", pages::settings::log, view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    form: String,
}

/// The log as a file.
pub async fn log_file(
    Extension(house): Shared,
    headers: HeaderMap,
    Query(query): Query<settings::log::Query>,
    Query(form): Query<Form>,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/log", None);
    let csv = form.form != "jsonl";
    match settings::log::export(&visit.house, &query, csv).await {
        Ok(text) if csv => file("audit-log.csv", "text/csv; charset=utf-8", text.into_bytes()),
        Ok(text) => file("audit-log.jsonl", "application/x-ndjson", text.into_bytes()),
        Err(error) => visit.trouble(&PageError(error), "/settings/log"),
    }
}

/// A file to keep, not to show.
pub fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).collect();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
