//! Orders as they were recorded, each with the numbers of the receivables that stand on it.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{OrderId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;

use super::After;
use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::flag;
use crate::facts::iso;
use crate::pages::debtor_list::PartyName;
use crate::{Sight, Store, StoreError};

/// An order.
#[derive(Debug, Clone)]
pub struct ListedOrder {
    pub id: OrderId,
    /// The seller's or the platform's number.
    pub number: String,
    pub source: OrderSource,
    pub party: PartyName,
    pub ordered_on: Date,
    pub total: Money,
    pub cancelled: bool,
    /// `R-1042`, by number.
    pub receivables: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    id: OrderId,
    number: String,
    source: OrderSource,
    total_minor: i64,
    currency: String,
    ordered_on: Date,
    #[serde(with = "flag")]
    cancelled: bool,
    party_number: i64,
    name: String,
    country: String,
}

impl Store {
    /// Orders of one source or all, after an id (nothing: from the first).
    pub async fn orders_after(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        source: Option<OrderSource>,
        after: &After<Option<OrderId>>,
    ) -> Result<Vec<ListedOrder>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT o.id, o.number, o.source, o.total_minor, o.currency, o.ordered_on, o.cancelled, p.number, p.name, \
             p.country FROM sales_order o JOIN party p ON p.tenant_id = o.tenant_id AND p.id = o.party_id \
             WHERE o.tenant_id = $1 AND o.id > $2 AND ($4 = '' OR o.source = $4) {} ORDER BY o.id LIMIT $3",
            sight.on("o.party_id")
        );
        let key = after.key.map_or_else(String::new, |id| id.to_string());
        let source = source.map_or("", OrderSource::code);
        let rows: Vec<Row> = fetch(&mut conn, &sql, binds![tenant_id, key, after.limit, source]).await?;
        let ids: Vec<(OrderId,)> = rows.iter().map(|row| (row.id,)).collect();
        let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
        let page = conn.kind().keys(2, &["order_id"]);
        let sql = format!(
            "SELECT r.order_id, r.number FROM {page} JOIN receivable r ON r.tenant_id = $1 \
             AND r.order_id = x.order_id ORDER BY r.number"
        );
        let mut parts: HashMap<OrderId, Vec<String>> = HashMap::new();
        for (order, number) in fetch::<(OrderId, i64)>(&mut conn, &sql, binds![tenant_id, ids]).await? {
            parts.entry(order).or_default().push(format!("R-{number:04}"));
        }
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            list.push(ListedOrder {
                receivables: parts.remove(&row.id).unwrap_or_default(),
                total: Money::new(row.total_minor, iso(&row.currency)?),
                party: PartyName::new(row.party_number, row.name, row.country),
                id: row.id,
                number: row.number,
                source: row.source,
                ordered_on: row.ordered_on,
                cancelled: row.cancelled,
            });
        }
        Ok(list)
    }
}
