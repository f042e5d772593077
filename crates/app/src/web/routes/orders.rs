//! Pages of orders: the list and its money, the board, one order, what is missing of it, parcels in trouble, and what
//! platforms owe.

use axum::Extension;
use axum::extract::{Path, Query, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;

use super::{PageError, Shared, Visit, words};
use crate::web::{load, pages};

pub async fn orders_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::orders::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/orders", raw);
    answer!(visit, "orders", pages::orders::render, load::orders::load(&visit.house, &visit.show, &query))
}

/// Orders by how they stand, with their clocks.
pub async fn board_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::running::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/board", raw);
    answer!(visit, "orders", pages::running::board, load::running::board(&visit.house, &visit.show, &query))
}

/// Parcels that somebody has to look at.
pub async fn parcels_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::running::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/parcels", raw);
    answer!(visit, "orders", pages::running::parcels, load::running::parcels(&visit.house, &visit.show, &query))
}

/// What platforms owe for orders that their buyers paid.
pub async fn platform_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<load::platform::Query>,
) -> Response {
    let visit = Visit::new(house, &headers, "/platform-debts", raw);
    answer!(visit, "orders", pages::platform::render, load::platform::load(&visit.house, &visit.show, &query))
}

/// One order with all that is known of it.
pub async fn order_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, &load::running::href(&name), raw);
    answer!(visit, "orders", pages::running::order, load::running::order(&visit.house, &visit.show, &name))
}

/// Which goods are missing, what could stand in, and what the buyer would read.
pub async fn stock_out_page(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    RawQuery(raw): RawQuery,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("{}/stock-out", load::running::href(&name)), raw);
    let view = load::running::stock_out(&visit.house, &visit.show, &name, &pairs);
    answer!(visit, "orders", pages::running::stock_out, view)
}
