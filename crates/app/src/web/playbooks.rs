//! Paths of the playbooks to their pages. What changes one is in [`super::posts::playbooks`].

use axum::Extension;
use axum::extract::{Path, Query, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;

use super::again::Shown;
use super::load::playbooks as load;
use super::pages;
use super::routes::{Shared, Visit};

pub async fn list(Extension(house): Shared, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    let visit = Visit::new(house, &headers, "/playbooks", raw);
    let view = load::list(&visit.house, &visit.show).await;
    visit.answer("playbooks", pages::playbooks::list, view).await
}

pub async fn one(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/playbooks/{id}"), raw);
    let view = load::one(&visit.house, &visit.show, &id).await;
    visit.answer("playbooks", pages::playbooks::one, view).await
}

pub async fn edit(
    Extension(house): Shared,
    headers: HeaderMap,
    Extension(shown): Extension<Shown>,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/playbooks/{id}/edit"), raw);
    let typed = shown.playbook();
    // What somebody typed is not drawn anew at every change of the firm.
    let visit = if typed.is_some() { visit.answering() } else { visit };
    let view = load::edit(&visit.house, &visit.show, &id, typed).await;
    visit.answer("playbooks", pages::playbooks::edit, view).await
}

pub async fn letter(
    Extension(house): Shared,
    headers: HeaderMap,
    Path((id, letter)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::LetterQuery>,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/playbooks/{id}/letters/{letter}"), raw);
    let view = load::letter(&visit.house, &visit.show, &id, &letter, &query);
    visit.answer("playbooks", pages::playbooks::letter, view).await
}
