//! Pages of the catalogue.

use axum::Extension;
use axum::extract::{Path, Query, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;

use super::{PageError, Shared, Visit, words};
use crate::web::{load, pages};

pub async fn products_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::products::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/products", raw);
    answer!(visit, "products", pages::products::render, load::products::list(&visit.house, &visit.show, &query))
}

/// One article: what is in stock, and what could stand in for it.
pub async fn product_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(sku): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &load::products::href(&sku), raw);
    answer!(visit, "products", pages::products::render_one, load::products::one(&visit.house, &visit.show, &sku))
}
