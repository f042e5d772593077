//! Paths to pages. Every answer carries a strict content policy; every change needs a same-origin form.

use std::sync::Arc;

use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Router};
use dunlin_core::access::Right;
use dunlin_store::StoreError;
use dunlin_store::pages::find::human_number;
use tower_http::set_header::SetResponseHeaderLayer;

use super::doors::DOORS;
use super::guard::guard;
use super::load::show::Show;
use super::load::{self, today};
use super::reader::Reader;
use super::view::frame::Frame;
use super::view::trouble::Trouble;
use super::words::Words;
use super::{assets, pages};
use crate::building::Building;
use crate::house::{Forbidden, House};
use crate::refused;

/// The house of whoever is signed in; the guard puts it into the request.
pub type Shared = Extension<Arc<House>>;

const POLICY: &str =
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The whole application.
pub fn router(building: Arc<Building>) -> Router {
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let mut router = Router::new();
    for door in DOORS.iter() {
        router = router.route(door.path, door.router());
    }
    router
        .fallback(missing)
        .layer(middleware::from_fn_with_state(building.clone(), guard))
        .layer(header("content-security-policy", POLICY))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .with_state(building)
}

/// The first page: the desk, or the set-up of a firm where nobody works yet.
pub async fn front(State(building): State<Arc<Building>>) -> Response {
    match building.awaits_set_up().await {
        Ok(Some(_)) => Redirect::to("/set-up").into_response(),
        _ => Redirect::to("/today").into_response(),
    }
}

/// To the sign-in, and from there to where one wanted to go.
pub fn to_sign_in(next: &str) -> Response {
    let next: String = next.bytes().flat_map(|byte| std::ascii::escape_default(byte).map(char::from)).collect();
    let next = next.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('+', "%2B");
    Redirect::to(&format!("/sign-in?next={next}")).into_response()
}

/// Signed in, and not allowed.
pub fn forbidden(house: &Arc<House>, headers: &HeaderMap, path: &str, right: Right) -> Response {
    let visit = Visit::new(house.clone(), headers, path, None);
    let what = visit.show.words.code("may-not", right.code()).into_owned();
    visit.trouble_page(StatusCode::FORBIDDEN, what, path)
}

/// Not there, or not within sight: the two are told apart by nobody.
pub fn not_here(house: &Arc<House>, headers: &HeaderMap, path: &str) -> Response {
    let visit = Visit::new(house.clone(), headers, path, None);
    visit.trouble_page(StatusCode::NOT_FOUND, String::new(), path)
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
        if self.0.is::<Forbidden>() {
            return StatusCode::FORBIDDEN;
        }
        if refused::is_refusal(&self.0) {
            return StatusCode::CONFLICT;
        }
        match self.0.downcast_ref::<StoreError>() {
            Some(StoreError::NotFound { .. }) => StatusCode::NOT_FOUND,
            Some(StoreError::Refused(_) | StoreError::Told(_) | StoreError::Ledger(_)) => StatusCode::CONFLICT,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A request's reader and how values are shown to them.
pub struct Visit {
    pub house: Arc<House>,
    pub reader: Reader,
    pub show: Show,
    /// What a form was answered with stands at no address: it cannot be fetched again.
    is_answer: bool,
}

impl Visit {
    pub fn new(house: Arc<House>, headers: &HeaderMap, path: &str, query: Option<String>) -> Self {
        let reader = Reader::new(&house, headers, path, query.as_deref().unwrap_or(""));
        let show = Show::new(&house, reader.language);
        Self { house, reader, show, is_answer: false }
    }

    /// As the answer to a form.
    #[must_use]
    pub fn answering(mut self) -> Self {
        self.is_answer = true;
        self
    }

    /// The page that was asked for, or what went wrong.
    pub async fn answer<V>(
        &self,
        place: &str,
        render: fn(&Frame, &V, &Words) -> askama::Result<String>,
        view: anyhow::Result<V>,
    ) -> Response {
        let made = async { anyhow::Ok((self.frame(place).await?, view?)) }.await;
        match made {
            Ok((frame, view)) => self.page(render(&frame, &view, &self.show.words)),
            Err(error) => self.trouble(&PageError(error), place),
        }
    }

    async fn frame(&self, place: &str) -> anyhow::Result<Frame> {
        // Before everything else is read: a change meanwhile makes the page look older than it is, never younger.
        let sequence = self.house.store.sequence(self.house.tenant.id).await?;
        let waiting = today::waiting(&self.house, &self.show).await?;
        let sequence = (!self.is_answer).then_some(sequence);
        Ok(Frame { sequence, ..self.reader.frame(&self.house, &self.show, place, waiting) })
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
        } else if let Some(forbidden) = error.0.downcast_ref::<Forbidden>() {
            self.show.words.code("may-not", forbidden.right.code()).into_owned()
        } else {
            refused::sentence(&error.0, self.show.ui())
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

// Below the macro, which they use.
pub mod debtors;
pub mod letters;
pub mod orders;
pub mod products;

fn words(visit: &Visit) -> Words {
    visit.show.words
}

pub async fn today_page(Extension(house): Shared, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
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

pub async fn money_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::money::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/money", raw);
    answer!(visit, "money", pages::money::render, load::money::load(&visit.house, &visit.show, &query))
}

/// What a buyer may be asked about a payment, and the letter that would go.
pub async fn ask_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::ask::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/payments/{name}/ask"), raw);
    let number = human_number('P', &name).unwrap_or(0);
    answer!(visit, "money", pages::ask::render, load::ask::payment(&visit.house, &visit.show, number, &query))
}

pub async fn search_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::search::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/search", raw);
    if query.is_part() {
        return match load::search::load(&visit.house, &visit.show, &query).await {
            Ok(view) => visit.page(pages::search::render_part(&view, &words(&visit))),
            Err(error) => visit.trouble(&PageError(error), "search"),
        };
    }
    let made = async {
        let mut frame = visit.frame("").await?;
        frame.search.clone_from(&query.q);
        anyhow::Ok((frame, load::search::load(&visit.house, &visit.show, &query).await?))
    };
    match made.await {
        Ok((frame, view)) => visit.page(pages::search::render(&frame, &view, &words(&visit))),
        Err(error) => visit.trouble(&PageError(error), "search"),
    }
}

pub async fn simulation_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::lookahead::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/simulation", raw);
    let (house, show) = (&visit.house, &visit.show);
    answer!(visit, "playbooks", pages::lookahead::render_simulation, load::lookahead::ahead(house, show, &query))
}

pub async fn backtest_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::lookahead::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/backtest", raw);
    let (house, show) = (&visit.house, &visit.show);
    answer!(visit, "playbooks", pages::lookahead::render_backtest, load::lookahead::back(house, show, &query))
}

/// The components, each once: for whoever changes one.
pub async fn ui_page(Extension(house): Shared, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    let visit = Visit::new(house, &headers, "/ui", raw);
    answer!(visit, "", pages::ui::render, async { anyhow::Ok(load::ui::load(&visit.show)) })
}

pub async fn asset(Path(name): Path<String>) -> Response {
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

/// For paths that lead nowhere; the guard answers before it.
async fn missing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

/// A path that leads nowhere, to somebody who is signed in.
pub fn no_such_page(house: Arc<House>, headers: &HeaderMap, uri: &axum::http::Uri) -> Response {
    let visit = Visit::new(house, headers, uri.path(), uri.query().map(str::to_string));
    visit.trouble_page(StatusCode::NOT_FOUND, String::new(), uri.path())
}
