//! What people decide about supplying a debtor and how much it may owe; and who may be stopped by the rule. Whether
//! somebody is stopped is `dunlin_core::supply`'s to say.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

use dunlin_core::ids::{HoldId, OrderId, PartyId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::supply::{Decision, DecisionKind};

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::micros;
use crate::facts::iso;
use crate::row_history::{Earlier, ImageRow};
use crate::{Commit, Sight, Store, StoreError};

/// What holds for one debtor beside its books.
#[derive(Debug, Clone, Default)]
pub struct SupplyStanding {
    /// The newest that was not taken back; its last day may be over.
    pub decision: Option<Decision>,
    pub limit: Option<Money>,
}

/// What was agreed about the payment of an order, in the words of its file.
#[derive(Debug, Clone)]
pub struct OrderTerms {
    pub id: OrderId,
    pub number: String,
    pub terms_text: String,
}

/// The least sum of `l.currency` that counts, in its minor units: any sum in a currency that is not named. Currencies are
/// typed, so their codes can be part of the statement.
fn enough(least: &[Money]) -> String {
    if least.is_empty() {
        return "1".to_string();
    }
    let when = |sum: &Money| format!("WHEN '{}' THEN {}", sum.currency.code(), sum.minor.max(1));
    let named: Vec<String> = least.iter().map(when).collect();
    format!("CASE l.currency {} ELSE 1 END", named.join(" "))
}

/// What is open and not contested of debts for goods that are due since `$2` or before; nobody is stopped while a person
/// allows supply. The rest of a debt may come out below nothing, where more is contested than open.
const LATE: &str = "SELECT k.party_id AS party_id, r.currency AS currency, r.amount_minor \
    - COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = $1 AND e.party_id = k.party_id \
    AND e.receivable_id = k.receivable_id), 0) - COALESCE((SELECT sum(c.amount_minor) FROM dispute c \
    WHERE c.tenant_id = $1 AND c.party_id = k.party_id AND c.receivable_id = k.receivable_id \
    AND c.currency = r.currency AND c.resolved_at IS NULL), 0) AS rest \
    FROM cases k JOIN receivable r ON r.tenant_id = k.tenant_id AND r.party_id = k.party_id AND r.id = k.receivable_id \
    WHERE k.tenant_id = $1 AND k.due_on <= $2 AND k.state IN ('running', 'ladder_done', 'handed_over') \
    AND r.closed = 0 AND r.obligor = 'buyer' AND r.source = 'direct' AND r.milestone <> 'deposit' \
    AND NOT EXISTS (SELECT 1 FROM dispute c WHERE c.tenant_id = $1 AND c.party_id = k.party_id \
    AND c.receivable_id = k.receivable_id AND c.amount_minor IS NULL AND c.resolved_at IS NULL) \
    AND NOT EXISTS (SELECT 1 FROM supply_decision a WHERE a.tenant_id = $1 AND a.party_id = k.party_id \
    AND a.kind = 'allow' AND a.ended_at IS NULL AND a.until_on >= $3)";

#[derive(Deserialize)]
struct DecisionRow {
    party_id: PartyId,
    kind: DecisionKind,
    until_on: Option<Date>,
    why: String,
    effective_on: Date,
    #[serde(with = "micros")]
    recorded_at: Timestamp,
    #[serde(with = "micros::maybe")]
    ended_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct TermsRow {
    party_id: PartyId,
    id: OrderId,
    number: String,
    terms_text: String,
}

fn limit_of(minor: Option<i64>, currency: Option<&str>) -> Result<Option<Money>, StoreError> {
    match (minor, currency) {
        (Some(minor), Some(code)) => Ok(Some(Money::new(minor, iso(code)?))),
        _ => Ok(None),
    }
}

fn list(ids: &[PartyId]) -> Result<String, StoreError> {
    serde_json::to_string(ids).map_err(StoreError::corrupt)
}

async fn standing(
    conn: &mut Conn,
    tenant_id: TenantId,
    ids: &[PartyId],
    at: Timestamp,
) -> Result<HashMap<PartyId, SupplyStanding>, StoreError> {
    let mut all: HashMap<PartyId, SupplyStanding> = HashMap::new();
    let which = conn.kind().listed("d.party_id", 2);
    let sql = format!(
        "SELECT d.party_id, d.kind, d.until_on, d.why, d.effective_on, d.recorded_at, d.ended_at FROM supply_decision d \
         WHERE d.tenant_id = $1 AND {which} AND d.recorded_at <= $3 ORDER BY d.party_id, d.seq, d.id"
    );
    for row in fetch::<DecisionRow>(conn, &sql, binds![tenant_id, list(ids)?, at]).await? {
        if row.ended_at.is_some_and(|ended| ended <= at) {
            continue;
        }
        all.entry(row.party_id).or_default().decision = Some(Decision {
            kind: row.kind,
            until: row.until_on,
            why: row.why,
            decided_on: row.effective_on,
            recorded_at: row.recorded_at,
        });
    }
    let which = conn.kind().listed("h.party_id", 2);
    let sql = format!(
        "SELECT h.row_id, h.image FROM history h WHERE h.tenant_id = $1 AND {which} AND h.superseded_at > $3 \
         AND h.noun = 'party' ORDER BY h.party_id, h.superseded_at DESC, h.seq DESC"
    );
    let earlier = Earlier::of(fetch::<ImageRow>(conn, &sql, binds![tenant_id, list(ids)?, at]).await?)?;
    let which = conn.kind().listed("p.id", 2);
    let sql = format!(
        "SELECT p.id, p.credit_limit_minor, p.credit_limit_currency FROM party p WHERE p.tenant_id = $1 AND {which}"
    );
    let rows: Vec<(PartyId, Option<i64>, Option<String>)> = fetch(conn, &sql, binds![tenant_id, list(ids)?]).await?;
    for (id, mut minor, mut currency) in rows {
        let row = id.to_string();
        earlier.put(&row, "credit_limit_minor", &mut minor)?;
        earlier.put(&row, "credit_limit_currency", &mut currency)?;
        if let Some(limit) = limit_of(minor, currency.as_deref())? {
            all.entry(id).or_default().limit = Some(limit);
        }
    }
    Ok(all)
}

impl Store {
    /// What was decided about these debtors, and how much they may owe, as it was known at an instant. Who is not among the
    /// answers has neither.
    pub async fn supply_standing(
        &self,
        tenant_id: TenantId,
        ids: &[PartyId],
        at: Timestamp,
    ) -> Result<HashMap<PartyId, SupplyStanding>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut conn = self.conn().await?;
        standing(&mut conn, tenant_id, ids, at).await
    }

    /// The terms that were agreed with these debtors directly for orders that are not cancelled, by number.
    pub async fn order_terms(
        &self,
        tenant_id: TenantId,
        ids: &[PartyId],
    ) -> Result<HashMap<PartyId, Vec<OrderTerms>>, StoreError> {
        let mut all: HashMap<PartyId, Vec<OrderTerms>> = HashMap::new();
        if ids.is_empty() {
            return Ok(all);
        }
        let mut conn = self.conn().await?;
        let which = conn.kind().listed("o.party_id", 2);
        let sql = format!(
            "SELECT o.party_id, o.id, o.number, o.terms_text FROM sales_order o WHERE o.tenant_id = $1 AND {which} \
             AND o.cancelled = 0 AND o.source = 'direct' ORDER BY o.party_id, o.number, o.id"
        );
        for row in fetch::<TermsRow>(&mut conn, &sql, binds![tenant_id, list(ids)?]).await? {
            let terms = OrderTerms { id: row.id, number: row.number, terms_text: row.terms_text };
            all.entry(row.party_id).or_default().push(terms);
        }
        Ok(all)
    }

    /// Debtors in sight whose debts reach the least sum of a currency since `due_by` or before, or of whom somebody decided
    /// so, and who have orders that would wait: those with most of them first. More than are stopped, never fewer, up to
    /// the limit. Without `least` only decisions count.
    ///
    /// What is read: `cases_due` is a partial index over open cases by due date, so the walk ends at `due_by` and meets
    /// neither the paid debts of many years nor what is not due. Each row finds its receivable, its ledger lines and its
    /// disputes by keys; a sum is kept for each debtor and currency, and orders are counted for those above the rule alone.
    /// `EXPLAIN` says so on both databases, also where few of many cases are open: `SEARCH k USING INDEX cases_due
    /// (tenant_id=? AND due_on<?)`, `Index Only Scan using cases_due on cases k`. No more than `limit` debtors come back.
    pub async fn maybe_stopped(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        least: Option<&[Money]>,
        (due_by, today): (Date, Date),
        limit: i64,
    ) -> Result<Vec<PartyId>, StoreError> {
        let mut conn = self.conn().await?;
        let seen = sight.on("w.party_id");
        let enough = least.map_or_else(|| "NULL".to_string(), enough);
        let sql = format!(
            "SELECT x.party_id FROM (SELECT w.party_id AS party_id, (SELECT count(DISTINCT o.order_id) FROM receivable o \
             JOIN cases q ON q.tenant_id = o.tenant_id AND q.receivable_id = o.id \
             AND q.state IN ('running', 'ladder_done', 'handed_over') \
             WHERE o.tenant_id = $1 AND o.party_id = w.party_id AND o.order_id IS NOT NULL AND o.closed = 0 \
             AND o.source = 'direct' AND (o.triggered_on IS NULL OR o.trigger_kind IN ('proforma', 'goods_ready') \
             OR o.due_on >= $3)) AS orders FROM (SELECT l.party_id AS party_id FROM ({LATE}) AS l \
             GROUP BY l.party_id, l.currency HAVING sum(CASE WHEN l.rest > 0 THEN l.rest ELSE 0 END) >= {enough} \
             UNION SELECT d.party_id AS party_id FROM supply_decision d WHERE d.tenant_id = $1 AND d.kind = 'stop' \
             AND d.ended_at IS NULL AND (d.until_on IS NULL OR d.until_on >= $3)) AS w WHERE 1 = 1 {seen}) AS x \
             WHERE x.orders > 0 ORDER BY x.orders DESC, x.party_id LIMIT $4"
        );
        let rows: Vec<(PartyId,)> = fetch(&mut conn, &sql, binds![tenant_id, due_by, today, limit]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}

impl Commit {
    /// A decision that holds from now on; the one before has ended.
    pub async fn decide_supply(
        &mut self,
        party_id: PartyId,
        kind: DecisionKind,
        until: Option<Date>,
        why: &str,
        today: Date,
    ) -> Result<(), StoreError> {
        self.end_supply_decision(party_id).await?;
        let id = HoldId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO supply_decision (tenant_id, party_id, id, kind, until_on, why, effective_on, recorded_at, \
                   seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let until = until.map(|until| until.to_string());
        let values = binds![tenant_id, party_id, id, kind.code(), until, why, today, now, seq];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// No decision holds any more. `false`: none was there to be taken back.
    pub async fn end_supply_decision(&mut self, party_id: PartyId) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql =
            "UPDATE supply_decision SET ended_at = $3 WHERE tenant_id = $1 AND party_id = $2 AND ended_at IS NULL";
        Ok(self.execute(sql, binds![tenant_id, party_id, now]).await? > 0)
    }

    /// How much a debtor may owe at once, if that is said.
    pub(crate) async fn credit_limit(&mut self, party_id: PartyId) -> Result<Option<Money>, StoreError> {
        let sql = "SELECT credit_limit_minor, credit_limit_currency FROM party WHERE tenant_id = $1 AND id = $2";
        let row: Option<(Option<i64>, Option<String>)> =
            fetch_one(&mut self.tx, sql, binds![self.tenant_id, party_id]).await?;
        let (minor, currency) = row.ok_or_else(|| StoreError::not_found("debtor", party_id.to_string()))?;
        limit_of(minor, currency.as_deref())
    }

    /// How much a debtor may owe, or that nothing is said of it. Returns what was said before.
    pub async fn set_credit_limit(
        &mut self,
        party_id: PartyId,
        limit: Option<Money>,
    ) -> Result<Option<Money>, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let before = self.credit_limit(party_id).await?;
        if before == limit {
            return Ok(before);
        }
        let (minor, code) = (before.map(|before| before.minor), before.map(|before| before.currency.code()));
        let image = serde_json::json!({"credit_limit_minor": minor, "credit_limit_currency": code});
        self.keep_history(Some(party_id), "party", &party_id.to_string(), image).await?;
        let sql = "UPDATE party SET credit_limit_minor = $3, credit_limit_currency = $4, recorded_at = $5, seq = $6 \
                   WHERE tenant_id = $1 AND id = $2";
        let minor = limit.map(|limit| limit.minor);
        let currency = limit.map(|limit| limit.currency.code().to_string());
        self.execute(sql, binds![tenant_id, party_id, minor, currency, now, seq]).await?;
        Ok(before)
    }
}
