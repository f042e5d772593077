//! Orders.

use axum::{Extension, Json};
use dunlin_core::access::Right::See;
use dunlin_core::order::OrderSource;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::paging::{Limit, Page, after, page};
use super::problem::Problem;
use super::read::Asked;
use super::wire::{Amount, Day, DebtorName};
use crate::web::answer::get;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_orders))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![Door::page("/api/v1/orders", Who::May(See), || get(list_orders))]
}

/// An agreed sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct Order {
    pub id: String,
    /// Your own number, or the platform's.
    pub number: String,
    /// `direct` or `marketplace`.
    #[schema(example = "direct")]
    pub source: &'static str,
    pub debtor: DebtorName,
    pub ordered_on: Day,
    pub total: Amount,
    pub cancelled: bool,
    /// Numbers of what is to be paid for it.
    #[schema(example = json!(["R-1042"]))]
    pub receivables: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Direct,
    Marketplace,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Rows of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Only those from there.
    #[param(inline)]
    source: Option<Source>,
}

/// Orders in sight, as they were recorded
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(ListQuery),
    responses((status = 200, description = "A page of orders", body = Page<Order>)))]
async fn list_orders(Extension(house): Shared, Asked(query): Asked<ListQuery>) -> Result<Json<Page<Order>>, Problem> {
    let after = after("orders", query.cursor.as_deref(), query.limit)?;
    let source = query.source.map(|source| match source {
        Source::Direct => OrderSource::Direct,
        Source::Marketplace => OrderSource::Marketplace,
    });
    let rows = house.store.orders_after(house.tenant.id, &house.sight, source, &after).await?;
    page(
        "orders",
        query.limit,
        rows,
        |row| Some(row.id),
        |row| {
            Ok(Order {
                id: row.id.to_string(),
                number: row.number,
                source: row.source.code(),
                debtor: row.party.into(),
                ordered_on: Day(row.ordered_on),
                total: row.total.into(),
                cancelled: row.cancelled,
                receivables: row.receivables,
            })
        },
    )
}
