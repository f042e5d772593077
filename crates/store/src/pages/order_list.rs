//! Orders with the receivables that stand on them, page by page, newest first.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{OrderId, PartyId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};

use super::debtor_list::{PartyName, containing, containing_name};
use crate::Sight;
use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_number};
use crate::dialect::flag;
use crate::facts::iso;
use crate::{Store, StoreError};

/// One page of orders.
#[derive(Debug, Clone)]
pub struct OrderPage {
    pub orders: Vec<OrderListRow>,
    /// All that fit, not only this page.
    pub total: i64,
    /// Sources that any order came from.
    pub sources: Vec<OrderSource>,
}

/// One order.
#[derive(Debug, Clone)]
pub struct OrderListRow {
    pub id: OrderId,
    pub party_id: PartyId,
    /// The seller's or the platform's number.
    pub number: String,
    pub source: OrderSource,
    pub party: PartyName,
    pub ordered_on: Date,
    pub total: Money,
    pub cancelled: bool,
    /// In the order of their due dates; those that await their trigger last.
    pub parts: Vec<OrderPart>,
}

/// One receivable of an order.
#[derive(Debug, Clone)]
pub struct OrderPart {
    /// `R-1042`.
    pub number: String,
    pub milestone: Milestone,
    pub amount: Money,
    pub outstanding: Money,
    pub due_on: Option<Date>,
    pub closed: bool,
    pub obligor: Obligor,
}

#[derive(Deserialize)]
struct OrderRow {
    id: OrderId,
    number: String,
    source: OrderSource,
    total_minor: i64,
    currency: String,
    ordered_on: Date,
    #[serde(with = "flag")]
    cancelled: bool,
    party_id: PartyId,
    party_number: i64,
    name: String,
    country: String,
}

#[derive(Deserialize)]
struct PartRow {
    order_id: OrderId,
    number: i64,
    milestone: Milestone,
    amount_minor: i64,
    used_minor: i64,
    currency: String,
    due_on: Option<Date>,
    #[serde(with = "flag")]
    closed: bool,
    obligor: Obligor,
}

/// `$2` source or empty, `$3` what is searched for or empty, `$4` and `$5` its patterns, `$6` the event whose day an amount
/// waits for, or empty.
const FITTING: &str = "FROM sales_order o JOIN party p ON p.tenant_id = o.tenant_id AND p.id = o.party_id \
    WHERE o.tenant_id = $1 AND ($2 = '' OR o.source = $2) AND ($3 = '' OR lower(o.number) LIKE $4 ESCAPE '!' \
    OR lower(p.name) LIKE $4 ESCAPE '!' OR p.name_key LIKE $5 ESCAPE '!') \
    AND ($6 = '' OR EXISTS (SELECT 1 FROM receivable a WHERE a.tenant_id = o.tenant_id AND a.party_id = o.party_id \
    AND a.order_id = o.id AND a.closed = 0 AND a.due_on IS NULL AND a.trigger_kind = $6))";

impl Store {
    /// Orders of one source or all, whose number or buyer's name holds `search`; or only those with an amount that waits for
    /// the day of an event.
    #[allow(clippy::too_many_arguments)] // one filter each; a struct would say the same words twice
    pub async fn order_list(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        source: Option<OrderSource>,
        search: &str,
        awaits: Option<Trigger>,
        limit: i64,
        offset: i64,
    ) -> Result<OrderPage, StoreError> {
        let mut conn = self.conn().await?;
        let search = search.trim();
        let source = source.map_or("", OrderSource::code);
        let (text, name) = (containing(search), containing_name(search));
        let awaits = awaits.map_or("", Trigger::code);
        let mut values = binds![tenant_id, source, search, text, name, awaits];
        let seen = sight.on("o.party_id");
        let sql = format!("SELECT count(*) {FITTING} {seen}");
        let total = fetch_number(&mut conn, &sql, values.clone()).await?.unwrap_or(0);
        let sql = format!(
            "SELECT o.id, o.number, o.source, o.total_minor, o.currency, o.ordered_on, o.cancelled, \
             p.id, p.number, p.name, p.country {FITTING} {seen} ORDER BY o.ordered_on DESC, o.number DESC, o.id LIMIT $7 OFFSET $8"
        );
        values.extend(binds![limit, offset]);
        let rows: Vec<OrderRow> = fetch(&mut conn, &sql, values).await?;
        let ids: Vec<OrderId> = rows.iter().map(|row| row.id).collect();
        let mut parts = parts_of_orders(&mut conn, tenant_id, &ids).await?;
        let sql = format!(
            "SELECT o.source FROM sales_order o WHERE o.tenant_id = $1 {seen} GROUP BY o.source ORDER BY o.source"
        );
        let sources: Vec<(OrderSource,)> = fetch(&mut conn, &sql, binds![tenant_id]).await?;
        let mut orders = Vec::with_capacity(rows.len());
        for row in rows {
            orders.push(OrderListRow {
                total: Money::new(row.total_minor, iso(&row.currency)?),
                parts: parts.remove(&row.id).unwrap_or_default(),
                id: row.id,
                party_id: row.party_id,
                number: row.number,
                source: row.source,
                party: PartyName::new(row.party_number, row.name, row.country),
                ordered_on: row.ordered_on,
                cancelled: row.cancelled,
            });
        }
        Ok(OrderPage { orders, total, sources: sources.into_iter().map(|(source,)| source).collect() })
    }
}

/// What is to be paid for each of these orders.
async fn parts_of_orders(
    conn: &mut Conn,
    tenant_id: TenantId,
    orders: &[OrderId],
) -> Result<HashMap<OrderId, Vec<OrderPart>>, StoreError> {
    let ids: Vec<(OrderId,)> = orders.iter().map(|id| (*id,)).collect();
    let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
    let page = conn.kind().keys(2, &["order_id"]);
    let sql = format!(
        "SELECT r.order_id, r.number, r.milestone, r.amount_minor, \
         CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = r.tenant_id \
         AND e.party_id = r.party_id AND e.receivable_id = r.id), 0) AS BIGINT), r.currency, r.due_on, r.closed, \
         r.obligor FROM receivable r WHERE r.tenant_id = $1 \
         AND r.order_id IN (SELECT x.order_id FROM {page}) ORDER BY COALESCE(r.due_on, '9999'), r.number"
    );
    let mut parts: HashMap<OrderId, Vec<OrderPart>> = HashMap::new();
    for row in fetch::<PartRow>(conn, &sql, binds![tenant_id, ids]).await? {
        parts.entry(row.order_id).or_default().push(part(&row)?);
    }
    Ok(parts)
}

/// What is to be paid for one order.
pub(super) async fn parts_of_order(
    conn: &mut Conn,
    tenant_id: TenantId,
    id: OrderId,
) -> Result<Vec<OrderPart>, StoreError> {
    Ok(parts_of_orders(conn, tenant_id, &[id]).await?.remove(&id).unwrap_or_default())
}

fn part(row: &PartRow) -> Result<OrderPart, StoreError> {
    let currency = iso(&row.currency)?;
    Ok(OrderPart {
        number: format!("R-{:04}", row.number),
        milestone: row.milestone,
        amount: Money::new(row.amount_minor, currency),
        outstanding: Money::new(row.amount_minor - row.used_minor, currency),
        due_on: row.due_on,
        closed: row.closed,
        obligor: row.obligor,
    })
}
