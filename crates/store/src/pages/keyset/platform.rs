//! What platforms owe, order by order: expected, paid out, kept, taken back, and still open; the order that was paid first stands
//! on top. All of it are sums of the ledger's lines ([0023](../../../../../docs/decisions/0023-payouts-settle-the-platform.md)).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{OrderId, TenantId};
use dunlin_core::money::Money;

use super::After;
use crate::bind::{Bind, binds};
use crate::conn::fetch;
use crate::dialect::{flag, micros};
use crate::facts::iso;
use crate::pages::debtor_list::{PartyName, containing, containing_name};
use crate::{Sight, Store, StoreError};

/// Which orders.
#[derive(Debug, Clone, Default)]
pub struct PlatformFilter {
    /// Also those of which nothing is open any more.
    pub settled: bool,
    /// Only those that are late.
    pub late: bool,
    /// What is open of an order that was completed before this instant is late; `None`: nobody knows when it is.
    pub late_before: Option<Timestamp>,
    /// Part of a number or of the buyer's name.
    pub search: String,
}

/// Where a page goes on: when the order was paid, and the number of the receivable.
pub type PlatformKey = (i64, i64);

/// Before the first row.
pub const PLATFORM_START: PlatformKey = (i64::MIN, 0);

/// What a platform owes for an order.
#[derive(Debug, Clone)]
pub struct OwedByPlatform {
    pub key: PlatformKey,
    pub order_id: OrderId,
    pub order_number: String,
    /// `R-1042`.
    pub receivable: String,
    pub party: PartyName,
    pub expected: Money,
    pub paid_out: Money,
    /// Its fees.
    pub kept: Money,
    /// Went back to the buyer, with the fee that the platform gave up.
    pub taken_back: Money,
    /// Nothing, once the order is closed here.
    pub open: Money,
    pub closed: bool,
    /// When the buyer paid; `None`: nobody said.
    pub paid_at: Option<Timestamp>,
    /// Since when the order is completed; `None` while it is not, or nobody said.
    pub completed_at: Option<Timestamp>,
}

/// Sums of the same in one currency.
#[derive(Debug, Clone)]
pub struct PlatformTotal {
    pub orders: i64,
    pub expected: Money,
    pub paid_out: Money,
    pub kept: Money,
    pub taken_back: Money,
    pub open: Money,
    pub late_orders: i64,
    /// Of what is open.
    pub late: Money,
}

#[derive(Deserialize)]
struct Row {
    paid_key: i64,
    number: i64,
    order_id: OrderId,
    order_number: String,
    amount_minor: i64,
    left_minor: i64,
    currency: String,
    #[serde(with = "flag")]
    closed: bool,
    #[serde(with = "micros::maybe")]
    paid_at: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    completed_at: Option<Timestamp>,
    party_number: i64,
    name: String,
    country: String,
    paid_out_minor: i64,
    kept_minor: i64,
    back_minor: i64,
}

#[derive(Deserialize)]
struct TotalRow {
    currency: String,
    orders: i64,
    amount_minor: i64,
    left_minor: i64,
    paid_out_minor: i64,
    kept_minor: i64,
    back_minor: i64,
    late_orders: i64,
    late_minor: i64,
}

/// What is left of a receivable `r`.
const LEFT: &str = "CASE WHEN r.closed = 1 THEN 0 ELSE r.amount_minor - CAST(COALESCE((SELECT sum(e.amount_minor) \
    FROM ledger_entry e WHERE e.tenant_id = r.tenant_id AND e.party_id = r.party_id AND e.receivable_id = r.id), 0) \
    AS BIGINT) END";

/// When the buyer of an order paid.
const PAID_AT: &str = "(SELECT min(n.at) FROM order_news n WHERE n.tenant_id = r.tenant_id AND n.party_id = r.party_id \
    AND n.order_id = r.order_id AND n.word IN ('paid', 'risk_control'))";

/// What came by payouts to a row `x`, less what went back.
const PAID_OUT: &str = "CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e JOIN payment y \
    ON y.tenant_id = e.tenant_id AND y.id = e.payment_id WHERE e.tenant_id = $1 AND e.party_id = x.party_id \
    AND e.receivable_id = x.id AND y.source = 'payout'), 0) AS BIGINT)";

const KEPT: &str = "CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = $1 \
    AND e.party_id = x.party_id AND e.receivable_id = x.id AND e.kind = 'fee'), 0) AS BIGINT)";

/// Credits of the changes in which lines of the same receivable were taken back: as `Commit::refund_payout` writes them. Other
/// credits are agreed with the buyer.
const BACK: &str = "CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = $1 \
    AND e.party_id = x.party_id AND e.receivable_id = x.id AND e.kind = 'credit' AND e.reverses IS NULL \
    AND NOT EXISTS (SELECT 1 FROM ledger_entry u WHERE u.tenant_id = $1 AND u.reverses = e.id) \
    AND EXISTS (SELECT 1 FROM ledger_entry b WHERE b.tenant_id = $1 AND b.party_id = e.party_id \
    AND b.receivable_id = e.receivable_id AND b.seq = e.seq AND b.reverses IS NOT NULL)), 0) AS BIGINT)";

/// After every instant there is: orders of which nobody knows when they were paid stand last.
const NEVER: i64 = i64::MAX;

/// `$2` what is searched for or empty, `$3` and `$4` its patterns, `$5` before when an order that was completed is late, `$6` and
/// `$7` whether settled ones are wanted, and only late ones.
fn owed(sight: &Sight) -> String {
    format!(
        "(SELECT w.* FROM (SELECT r.party_id, r.id, r.number, r.order_id, o.number AS order_number, r.amount_minor, \
         r.currency, r.closed, {LEFT} AS left_minor, {PAID_AT} AS paid_at, COALESCE({PAID_AT}, {NEVER}) AS paid_key, \
         CASE WHEN s.word = 'completed' THEN s.word_since END AS completed_at, p.number AS party_number, p.name, \
         p.country FROM receivable r JOIN sales_order o ON o.tenant_id = r.tenant_id AND o.id = r.order_id \
         JOIN party p ON p.tenant_id = r.tenant_id AND p.id = r.party_id \
         LEFT JOIN order_standing s ON s.tenant_id = r.tenant_id AND s.party_id = r.party_id \
         AND s.order_id = r.order_id WHERE r.tenant_id = $1 AND r.obligor = 'platform' \
         AND ($6 = 1 OR r.closed = 0) AND ($2 = '' OR lower(o.number) LIKE $3 ESCAPE '!' \
         OR lower(p.name) LIKE $3 ESCAPE '!' OR p.name_key LIKE $4 ESCAPE '!') {}) w \
         WHERE ($6 = 1 OR w.left_minor > 0) AND ($7 = 0 OR (w.left_minor > 0 AND w.completed_at < $5)))",
        sight.on("r.party_id")
    )
}

impl PlatformFilter {
    fn values(&self, tenant_id: TenantId) -> Vec<Bind> {
        let search = self.search.trim().replace('\0', "");
        let (text, name) = (containing(&search), containing_name(&search));
        let late_before = self.late_before.map_or(i64::MIN, Timestamp::as_microsecond);
        binds![tenant_id, search, text, name, late_before, self.settled, self.late]
    }
}

impl Store {
    /// Orders that a platform owes, those that were paid first on top.
    pub async fn owed_by_platforms_after(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        filter: &PlatformFilter,
        after: &After<PlatformKey>,
    ) -> Result<Vec<OwedByPlatform>, StoreError> {
        let mut conn = self.conn().await?;
        let owed = owed(sight);
        // The three sums are looked up for the rows of this page alone.
        let sql = format!(
            "SELECT x.paid_key, x.number, x.order_id, x.order_number, x.amount_minor, x.left_minor, x.currency, \
             x.closed, x.paid_at, x.completed_at, x.party_number, x.name, x.country, {PAID_OUT}, {KEPT}, {BACK} \
             FROM (SELECT v.* FROM {owed} v WHERE v.paid_key > $8 OR (v.paid_key = $8 AND v.number > $9) \
             ORDER BY v.paid_key, v.number LIMIT $10) x ORDER BY x.paid_key, x.number"
        );
        let mut values = filter.values(tenant_id);
        values.extend(binds![after.key.0, after.key.1, after.limit]);
        let rows: Vec<Row> = fetch(&mut conn, &sql, values).await?;
        rows.into_iter().map(listed).collect()
    }

    /// The sums of the whole list, by currency.
    pub async fn owed_by_platforms(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        filter: &PlatformFilter,
    ) -> Result<Vec<PlatformTotal>, StoreError> {
        let mut conn = self.conn().await?;
        let owed = owed(sight);
        let sql = format!(
            "SELECT t.currency, count(*), CAST(sum(t.amount_minor) AS BIGINT), CAST(sum(t.left_minor) AS BIGINT), \
             CAST(sum(t.paid_out_minor) AS BIGINT), CAST(sum(t.kept_minor) AS BIGINT), \
             CAST(sum(t.back_minor) AS BIGINT), CAST(sum(t.is_late) AS BIGINT), \
             CAST(sum(t.is_late * t.left_minor) AS BIGINT) FROM (SELECT x.currency, x.amount_minor, x.left_minor, \
             {PAID_OUT} AS paid_out_minor, {KEPT} AS kept_minor, {BACK} AS back_minor, \
             CASE WHEN x.left_minor > 0 AND x.completed_at < $5 THEN 1 ELSE 0 END AS is_late FROM {owed} x) t \
             GROUP BY t.currency ORDER BY t.currency"
        );
        let rows: Vec<TotalRow> = fetch(&mut conn, &sql, filter.values(tenant_id)).await?;
        rows.into_iter().map(total).collect()
    }

    /// When orders were completed and paid out, the newest payouts first: what the platform usually takes.
    pub async fn payout_history(&self, tenant_id: TenantId, limit: i64) -> Result<Vec<(Timestamp, Date)>, StoreError> {
        let mut conn = self.conn().await?;
        // One inside the other: a join would be begun at the news, of which there are most. A payout settles one receivable.
        let sql = "SELECT (SELECT (SELECT min(n.at) FROM order_news n WHERE n.tenant_id = $1 AND n.party_id = e.party_id \
                   AND n.order_id = (SELECT r.order_id FROM receivable r WHERE r.tenant_id = $1 \
                   AND r.party_id = e.party_id AND r.id = e.receivable_id) AND n.word = 'completed') \
                   FROM ledger_entry e WHERE e.tenant_id = $1 AND e.payment_id = y.id LIMIT 1) AS completed_at, \
                   y.received_on FROM payment y WHERE y.tenant_id = $1 AND y.source = 'payout' \
                   ORDER BY y.number DESC LIMIT $2";
        let rows: Vec<(Option<i64>, Date)> = fetch(&mut conn, sql, binds![tenant_id, limit]).await?;
        let known = rows.into_iter().filter_map(|(at, on)| Some((at?, on)));
        known.map(|(at, on)| Ok((Timestamp::from_microsecond(at).map_err(StoreError::corrupt)?, on))).collect()
    }
}

fn listed(row: Row) -> Result<OwedByPlatform, StoreError> {
    let currency = iso(&row.currency)?;
    let money = |minor| Money::new(minor, currency);
    Ok(OwedByPlatform {
        key: (row.paid_key, row.number),
        order_id: row.order_id,
        order_number: row.order_number,
        receivable: format!("R-{:04}", row.number),
        party: PartyName::new(row.party_number, row.name, row.country),
        expected: money(row.amount_minor),
        paid_out: money(row.paid_out_minor),
        kept: money(row.kept_minor),
        taken_back: money(row.back_minor),
        open: money(row.left_minor),
        closed: row.closed,
        paid_at: row.paid_at,
        completed_at: row.completed_at,
    })
}

fn total(row: TotalRow) -> Result<PlatformTotal, StoreError> {
    let currency = iso(&row.currency)?;
    let money = |minor| Money::new(minor, currency);
    Ok(PlatformTotal {
        orders: row.orders,
        expected: money(row.amount_minor),
        paid_out: money(row.paid_out_minor),
        kept: money(row.kept_minor),
        taken_back: money(row.back_minor),
        open: money(row.left_minor),
        late_orders: row.late_orders,
        late: money(row.late_minor),
    })
}
