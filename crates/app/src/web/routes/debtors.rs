//! Pages of debtors: the list, one, talks, what is to be paid, instalments, documents.

use axum::Extension;
use axum::extract::{Path, Query, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{PageError, Shared, Visit, words};
use crate::web::again::Shown;
use crate::web::{load, pages};

pub async fn debtors_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::debtors::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/debtors", raw);
    answer!(visit, "debtors", pages::debtors::render, load::debtors::load(&visit.house, &visit.show, &query))
}

pub async fn debtor_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(number): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/debtors/{number}"), raw);
    answer!(visit, "debtors", pages::debtor::render, load::debtor::load(&visit.house, &visit.show, &number))
}

/// One logged talk, and what may be entered from it.
pub async fn talk_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path((number, talk)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::talk::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/debtors/{number}/talks/{talk}"), raw);
    let (house, show) = (&visit.house, &visit.show);
    answer!(visit, "debtors", pages::talk::render, load::talk::load(house, show, &number, &talk, &query))
}

/// The picture or file of a talk. A file is handed over, never shown within our own pages.
pub async fn talk_file(
    Extension(house): Shared,
    headers: HeaderMap,
    Path((number, talk)): Path<(String, String)>,
) -> Response {
    let visit = Visit::new(house.clone(), &headers, &format!("/debtors/{number}/talks/{talk}"), None);
    let found = async {
        let (party_id, talk) = load::talk::named(&house, &number, &talk).await?;
        anyhow::Ok(house.store.talk_file(house.tenant.id, party_id, talk.id).await?)
    };
    match found.await {
        Ok(Some((kind, bytes))) => {
            let is_picture = kind.starts_with("image/");
            let shown = if is_picture { "inline" } else { "attachment; filename=\"talk.pdf\"" };
            let kind = HeaderValue::from_str(&kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static(shown)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            (headers, bytes).into_response()
        }
        Ok(None) => visit.trouble_page(StatusCode::NOT_FOUND, String::new(), &talk),
        Err(error) => visit.trouble(&PageError(error), &talk),
    }
}

pub async fn receivable_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(number): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/receivables/{number}"), raw);
    answer!(visit, "debtors", pages::receivable::render, load::receivable::load(&visit.house, &visit.show, &number))
}

/// Where instalments are agreed: as they were proposed or typed, else empty rows.
pub async fn plan_page(
    Extension(house): Shared,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
    Path(number): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let typed = shown.plan().unwrap_or_default();
    // What somebody types is not drawn anew at every change of the firm.
    let visit = Visit::new(house, &headers, &format!("/receivables/{number}/plan"), raw).answering();
    let view = async {
        let found = visit.house.store.find_receivable(visit.house.tenant.id, &number).await?.into();
        load::plan::page(&visit.house, &visit.show, &found, typed).await
    };
    let view = view.await;
    visit.answer("debtors", pages::plan::render, view).await
}

/// A bank's notice of discrepancies, and the letter that would ask the buyer to accept them.
pub async fn discrepancy_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::ask::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/receivables/{name}/discrepancy"), raw);
    answer!(visit, "debtors", pages::ask::render, load::ask::documents(&visit.house, &visit.show, &name, &query))
}
