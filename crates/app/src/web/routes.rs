//! Paths to pages. Every answer carries a strict content policy; every change needs a same-origin form.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine;
use dunlin_store::StoreError;
use dunlin_store::pages::find::human_number;
use tower_http::set_header::SetResponseHeaderLayer;

use super::load::show::Show;
use super::load::{self, today};
use super::reader::Reader;
use super::view::frame::Frame;
use super::view::trouble::Trouble;
use super::words::Words;
use super::{assets, pages, posts};
use crate::house::House;

pub type Shared = State<Arc<House>>;

const POLICY: &str =
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The whole application.
pub fn router(house: House) -> Router {
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    Router::new()
        .route("/", get(|| async { Redirect::to("/today") }))
        .route("/today", get(today_page))
        .route("/debtors", get(debtors_page))
        .route("/debtors/{number}", get(debtor_page))
        .route("/debtors/{number}/hold", post(posts::hold_debtor))
        .route("/debtors/{number}/promise", post(posts::promise_debtor))
        .route("/debtors/{number}/hold/end", post(posts::end_hold))
        .route("/debtors/{number}/promise/withdraw", post(posts::withdraw))
        .route("/debtors/{number}/block", post(posts::block))
        .route("/debtors/{number}/unblock", post(posts::unblock))
        .route("/debtors/{number}/merge", post(posts::merge))
        .route("/debtors/{number}/separate", post(posts::separate))
        .route("/debtors/{number}/playbook", post(posts::playbook))
        .route("/debtors/{number}/contacts/{contact}/objection", post(posts::objection))
        .route("/receivables/{number}", get(receivable_page))
        .route("/receivables/{number}/hold", post(posts::hold_receivable))
        .route("/receivables/{number}/promise", post(posts::promise_receivable))
        .route("/receivables/{number}/dispute", post(posts::dispute))
        .route("/receivables/{number}/dispute/resolve", post(posts::resolve))
        .route("/receivables/{number}/hold/end", post(posts::end_hold_of))
        .route("/receivables/{number}/promise/withdraw", post(posts::withdraw_of))
        .route("/receivables/{number}/credit", post(posts::credit))
        .route("/receivables/{number}/credit/undo", post(posts::undo_credit))
        .route("/receivables/{number}/write-off", post(posts::write_off))
        .route("/receivables/{number}/write-off/undo", post(posts::undo_write_off))
        .route("/orders", get(orders_page))
        .route("/money", get(money_page))
        .route("/payments/{number}/match", post(posts::match_payment))
        .route("/payments/{number}/set-aside", post(posts::set_aside))
        .route("/letters", get(letters_page))
        .route("/letters/{number}", get(letter_page))
        .route("/letters/{number}/statement.pdf", get(statement))
        .route("/letters/{number}/approve", post(posts::approve))
        .route("/letters/{number}/unapprove", post(posts::unapprove))
        .route("/letters/{number}/decline", post(posts::decline))
        .route("/letters/{number}/settle", post(posts::settle))
        .route("/letters/{number}/pasted", post(posts::pasted))
        .route("/tasks/{number}/done", post(posts::finish))
        .route("/tasks/{number}/snooze", post(posts::snooze))
        .route("/ui", get(ui_page))
        .route("/assets/{name}", get(asset))
        .fallback(missing)
        .layer(middleware::from_fn(own_origin_only))
        .layer(header("content-security-policy", POLICY))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .with_state(Arc::new(house))
}

/// A form from another site may not change anything here (Sec-Fetch-Site, else Origin against Host).
async fn own_origin_only(request: axum::extract::Request, next: Next) -> Response {
    if !is_known_host(request.headers()) {
        let words = "Open these pages under localhost, or under the address that `dunlin serve` printed.";
        return (StatusCode::MISDIRECTED_REQUEST, words).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD && !is_own(request.headers()) {
        return (StatusCode::FORBIDDEN, "This form came from another site; nothing was changed.").into_response();
    }
    next.run(request).await
}

/// A page of another site may point its own name at this machine and would then count as our own origin: only names
/// that cannot be pointed elsewhere are served.
fn is_known_host(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get("host").and_then(|value| value.to_str().ok()) else {
        return true;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok()
}

fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        // Not a browser: tools on this machine send neither.
        (None, _) => true,
        _ => false,
    }
}

/// What went wrong, as a page.
pub struct PageError(pub anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl PageError {
    fn status(&self) -> StatusCode {
        match self.0.downcast_ref::<StoreError>() {
            Some(StoreError::NotFound { .. }) => StatusCode::NOT_FOUND,
            Some(StoreError::Refused(_) | StoreError::Ledger(_)) => StatusCode::CONFLICT,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A request's reader and how values are shown to them.
pub struct Visit {
    pub house: Arc<House>,
    pub reader: Reader,
    pub show: Show,
}

impl Visit {
    pub fn new(house: Arc<House>, headers: &HeaderMap, path: &str, query: Option<String>) -> Self {
        let reader = Reader::new(&house, headers, path, query.as_deref().unwrap_or(""));
        let show = Show::new(&house, reader.language);
        Self { house, reader, show }
    }

    async fn frame(&self, place: &str) -> anyhow::Result<Frame> {
        let waiting = today::waiting(&self.house, &self.show).await?;
        Ok(self.reader.frame(&self.house, &self.show, place, waiting))
    }

    fn page(&self, html: askama::Result<String>) -> Response {
        let mut response = match html {
            Ok(html) => {
                let kind = HeaderValue::from_static("text/html; charset=utf-8");
                ([(header::CONTENT_TYPE, kind)], html).into_response()
            }
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        };
        for cookie in self.reader.cookies() {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// The error as a page of its own.
    pub fn trouble(&self, error: &PageError, place: &str) -> Response {
        let status = error.status();
        if let Some(StoreError::NotFound { name, .. }) = error.0.downcast_ref::<StoreError>() {
            // The usual sentence says it, in the reader's language.
            return self.trouble_page(status, String::new(), name);
        }
        let what = if status == StatusCode::INTERNAL_SERVER_ERROR && error.0.downcast_ref::<StoreError>().is_some() {
            tracing::error!("{:#}", error.0);
            String::new()
        } else {
            format!("{:#}", error.0)
        };
        self.trouble_page(status, what, place)
    }

    fn trouble_page(&self, status: StatusCode, what: String, place: &str) -> Response {
        let frame = self.reader.frame(&self.house, &self.show, "", 0);
        let trouble = Trouble { status: status.as_u16(), what, place: place.to_string(), ..Trouble::default() };
        let mut response = self.page(pages::trouble::render(&frame, &trouble, &self.show.words));
        *response.status_mut() = status;
        response
    }
}

macro_rules! answer {
    ($visit:expr, $place:expr, $render:path, $view:expr) => {{
        let made = async { anyhow::Ok(($visit.frame($place).await?, $view.await?)) }.await;
        match made {
            Ok((frame, view)) => $visit.page($render(&frame, &view, &words(&$visit))),
            Err(error) => $visit.trouble(&PageError(error), $place),
        }
    }};
}

fn words(visit: &Visit) -> Words {
    visit.show.words
}

async fn today_page(State(house): Shared, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let wanted = query.as_deref().and_then(|query| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == "item")
            .map(|(_, v)| v.to_string())
    });
    let visit = Visit::new(house, &headers, "/today", query);
    answer!(visit, "today", pages::today::render, today::load(&visit.house, &visit.show, wanted.as_deref()))
}

async fn debtors_page(
    State(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::debtors::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/debtors", raw);
    answer!(visit, "debtors", pages::debtors::render, load::debtors::load(&visit.house, &visit.show, &query))
}

async fn debtor_page(
    State(house): Shared,
    headers: HeaderMap,
    Path(number): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/debtors/{number}"), raw);
    answer!(visit, "debtors", pages::debtor::render, load::debtor::load(&visit.house, &visit.show, &number))
}

async fn receivable_page(
    State(house): Shared,
    headers: HeaderMap,
    Path(number): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/receivables/{number}"), raw);
    answer!(visit, "debtors", pages::receivable::render, load::receivable::load(&visit.house, &visit.show, &number))
}

async fn orders_page(
    State(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::orders::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/orders", raw);
    answer!(visit, "orders", pages::orders::render, load::orders::load(&visit.house, &visit.show, &query))
}

async fn money_page(
    State(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::money::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/money", raw);
    answer!(visit, "money", pages::money::render, load::money::load(&visit.house, &visit.show, &query))
}

async fn letters_page(
    State(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::letters::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/letters", raw);
    answer!(visit, "letters", pages::letters::render, load::letters::load(&visit.house, &visit.show, &query))
}

async fn letter_page(
    State(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/letters/{name}"), raw);
    let number = human_number('L', &name).unwrap_or(0);
    answer!(visit, "letters", pages::letter::render, load::letter::load(&visit.house, &visit.show, number))
}

/// The components, each once: for whoever changes one.
async fn ui_page(State(house): Shared, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    let visit = Visit::new(house, &headers, "/ui", raw);
    answer!(visit, "", pages::ui::render, async { anyhow::Ok(load::ui::load(&visit.show)) })
}

/// The account statement: as it was sent, or as it would be made now for a letter that has not left.
async fn statement(State(house): Shared, headers: HeaderMap, Path(name): Path<String>) -> Response {
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
    let statement = crate::use_cases::write_letter::account_statement(
        &facts,
        &house.tenant.settings,
        letter.currency,
        letter.language,
        house.today(),
    )?;
    tokio::task::spawn_blocking(move || crate::use_cases::write_letter::statement_pdf(&statement)).await?.map(Some)
}

async fn asset(Path(name): Path<String>) -> Response {
    let Some(asset) = assets::find(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        // The hash in the address changes with the content.
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, asset.bytes.clone()).into_response()
}

async fn missing(State(house): Shared, headers: HeaderMap, uri: axum::http::Uri) -> Response {
    let visit = Visit::new(house, &headers, uri.path(), uri.query().map(str::to_string));
    visit.trouble_page(StatusCode::NOT_FOUND, String::new(), uri.path())
}
