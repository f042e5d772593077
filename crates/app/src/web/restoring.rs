//! `GET /restoring`: how far a backup is that is being read in place of everything. It stands before the door, because
//! everybody is signed out by it; what came of it is told to those who may see the data.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dunlin_core::access::Right;
use dunlin_core::explain;
use dunlin_core::explain::UiLanguage as CoreLanguage;
use jiff::tz::TimeZone;

use super::guard::Guest;
use super::load::show::ui;
use super::pages::restoring::{RestoringPage, render};
use super::reader::{language_of, theme_of};
use super::words::{UiLanguage, Words};
use crate::building::Building;
use crate::restoring::Stage;

pub async fn page(
    State(building): State<Arc<Building>>,
    Extension(guest): Extension<Guest>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Response {
    let may_know = guest.user.is_some_and(|user| user.role.may(Right::Data));
    answer(&building, &headers, raw.as_deref().unwrap_or(""), may_know)
}

/// In place of every other page while a backup is being read: whose session it is, is not known then.
pub fn shown(building: &Building, headers: &HeaderMap, query: &str) -> Response {
    answer(building, headers, query, false)
}

fn answer(building: &Building, headers: &HeaderMap, query: &str, may_know: bool) -> Response {
    let language = language_of(headers, query).unwrap_or(UiLanguage::ZhCn);
    let (stage, rows) = building.restoring.now();
    let mut view = RestoringPage { theme: theme_of(headers), ..RestoringPage::default() };
    let mut status = StatusCode::OK;
    match stage {
        Stage::Idle => {}
        Stage::Running { total } => {
            (view.is_running, view.total, view.rows) = (true, total, rows.min(total));
            status = StatusCode::SERVICE_UNAVAILABLE;
        }
        // Nobody before the door reads what came of it, nor that there was anything but an end.
        Stage::Done { .. } | Stage::Failed { .. } if !may_know => view.is_over = true,
        Stage::Done { taken_at, letters, before } => {
            view.is_done = true;
            view.taken = instant(taken_at, ui(language));
            (view.letters, view.before) = (letters, before);
        }
        // Why stands in the log of the program.
        Stage::Failed { .. } => view.has_failed = true,
    }
    let mut response = match render(&view, &Words::new(language)) {
        Ok(html) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(header::CONTENT_TYPE, kind)], html).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// In UTC: whose firm it is, is not known here.
fn instant(at: jiff::Timestamp, language: CoreLanguage) -> String {
    format!("{} UTC", explain::instant(at, language, &TimeZone::UTC))
}
