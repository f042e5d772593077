//! Who owes: one row per debtor with what is open and overdue by currency; and, for those that a page shows, what
//! comes next for their oldest debt.
//!
//! Summed up in the database, never debtor by debtor. Order and pages are the caller's: amounts of several
//! currencies have no order that SQL could know.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::case::{CaseState, LetterState};
use dunlin_core::ids::{PartyId, TenantId};
use dunlin_core::matching::names::NameKey;
use dunlin_core::money::Money;
use dunlin_core::why::WhyUnpaid;

use super::find::human_number;
use crate::Sight;
use crate::bind::{Bind, binds};
use crate::conn::fetch;
use crate::dialect::micros;
use crate::facts::iso;
use crate::{Store, StoreError};

/// How lists name a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyName {
    /// `D-0017`.
    pub number: String,
    pub name: String,
    /// ISO 3166; empty when unknown.
    pub country: String,
}

impl PartyName {
    pub(super) fn new(number: i64, name: String, country: String) -> Self {
        Self { number: format!("D-{number:04}"), name, country }
    }
}

/// One debtor.
#[derive(Debug, Clone)]
pub struct DebtorListRow {
    pub party_id: PartyId,
    pub party: PartyName,
    /// Per currency, largest first; empty when nothing is open.
    pub balances: Vec<Balance>,
    /// Earliest due date of what is open; `None` while every trigger is awaited.
    pub oldest_due: Option<Date>,
}

/// Open money in one currency. What a platform owes is not counted.
#[derive(Debug, Clone, Copy)]
pub struct Balance {
    pub open: Money,
    pub overdue: Money,
}

/// What comes next for the oldest open receivable of a debtor.
#[derive(Debug, Clone)]
pub struct NextStep {
    pub state: CaseState,
    pub playbook: Option<String>,
    /// The step that waits: of the letter that is under way, else the next one in sight.
    pub step: Option<String>,
    /// When that letter may leave, or when the case is looked at again.
    pub at: Option<Timestamp>,
    /// State of the letter that is under way.
    pub letter: Option<LetterState>,
    /// Why it is unpaid, where somebody found out.
    pub why: Option<WhyUnpaid>,
}

#[derive(Deserialize)]
struct BalanceRow {
    id: PartyId,
    number: i64,
    name: String,
    country: String,
    currency: Option<String>,
    open_minor: i64,
    overdue_minor: i64,
    oldest: Option<Date>,
}

#[derive(Deserialize)]
struct NextRow {
    party_id: PartyId,
    state: CaseState,
    playbook: Option<String>,
    step: Option<String>,
    #[serde(with = "micros::maybe")]
    at: Option<Timestamp>,
    letter: Option<LetterState>,
    why: Option<WhyUnpaid>,
}

/// What buyers may still owe, receivable by receivable; rows with nothing left are among them.
const OWED: &str = "SELECT r.party_id, r.id, r.number, r.currency, r.due_on, \
    r.amount_minor - CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = r.tenant_id \
    AND e.party_id = r.party_id AND e.receivable_id = r.id), 0) AS BIGINT) AS left_minor FROM receivable r \
    WHERE r.tenant_id = $1 AND r.closed = 0 AND r.obligor <> 'platform'";

/// By part of a name, human number, number in the seller's files, or number of an invoice, order or receivable.
/// A party that was merged is not listed itself, but what it was called finds the one it is now.
pub(super) const SEARCHED: &str = "AND p.merged_into IS NULL AND (lower(p.name) LIKE $3 ESCAPE '!' OR p.name_key LIKE $4 ESCAPE '!' OR p.number = $5 \
    OR p.id IN (SELECT x.row_id FROM external_identity x WHERE x.tenant_id = $1 AND x.noun = 'party' \
    AND x.external_id = $6) OR p.id IN (SELECT r.party_id FROM receivable r WHERE r.tenant_id = $1 \
    AND (r.reference = $6 OR r.order_number = $6 OR r.number = $7)) \
    OR p.id IN (SELECT m.merged_into FROM party m WHERE m.tenant_id = $1 AND m.merged_into IS NOT NULL \
    AND (lower(m.name) LIKE $3 ESCAPE '!' OR m.name_key LIKE $4 ESCAPE '!' OR m.number = $5 \
    OR m.id IN (SELECT x.row_id FROM external_identity x WHERE x.tenant_id = $1 AND x.noun = 'party' \
    AND x.external_id = $6))))";

/// A `LIKE … ESCAPE '!'` pattern for text that holds `part` somewhere. Both databases lower ASCII only.
pub(super) fn containing(part: &str) -> String {
    let escaped = part.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{}%", escaped.to_ascii_lowercase())
}

/// As [`containing`], for the folded names of `party.name_key`.
pub(super) fn containing_name(part: &str) -> String {
    let key = NameKey::new(part);
    // An empty key would find everybody.
    if key.is_empty() { containing(part) } else { format!("%{}%", key.as_str()) }
}

impl Store {
    /// All debtors with open money, or, when something is searched for, all parties that fit. By number.
    pub async fn debtor_list(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        search: &str,
        today: Date,
    ) -> Result<Vec<DebtorListRow>, StoreError> {
        let mut conn = self.conn().await?;
        let search = search.trim();
        let mut values: Vec<Bind> = binds![tenant_id, today];
        let (join, condition) = if search.is_empty() { ("JOIN", "") } else { ("LEFT JOIN", SEARCHED) };
        if !search.is_empty() {
            let debtor = human_number('D', search).unwrap_or(0);
            let receivable = if search.starts_with(['R', 'r']) { human_number('R', search) } else { None };
            let (text, name) = (containing(search), containing_name(search));
            values.extend(binds![text, name, debtor, search, receivable.unwrap_or(0)]);
        }
        let sql = format!(
            "SELECT p.id, p.number, p.name, p.country, b.currency, COALESCE(b.open_minor, 0), \
             COALESCE(b.overdue_minor, 0), b.oldest FROM party p {join} (SELECT o.party_id, o.currency, \
             CAST(sum(o.left_minor) AS BIGINT) AS open_minor, \
             CAST(sum(CASE WHEN o.due_on < $2 THEN o.left_minor ELSE 0 END) AS BIGINT) AS overdue_minor, \
             min(o.due_on) AS oldest FROM ({OWED}) o WHERE o.left_minor > 0 GROUP BY o.party_id, o.currency) b \
             ON b.party_id = p.id WHERE p.tenant_id = $1 {condition} {} ORDER BY p.number, b.currency",
            sight.on("p.id")
        );
        let rows: Vec<BalanceRow> = fetch(&mut conn, &sql, values).await?;
        grouped(rows)
    }

    /// What comes next for these parties; those without open money or a case are left out.
    pub async fn next_steps(
        &self,
        tenant_id: TenantId,
        parties: &[PartyId],
    ) -> Result<HashMap<PartyId, NextStep>, StoreError> {
        let mut conn = self.conn().await?;
        let ids: Vec<(PartyId,)> = parties.iter().map(|id| (*id,)).collect();
        let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
        let page = conn.kind().keys(2, &["party_id"]);
        let sql = format!(
            "SELECT k.party_id, k.state, k.playbook, CASE WHEN k.letter_id IS NOT NULL THEN (SELECT s.step \
             FROM step_taken s WHERE s.tenant_id = k.tenant_id AND s.party_id = k.party_id AND s.case_id = k.id \
             AND s.letter_id = k.letter_id ORDER BY s.seq DESC LIMIT 1) WHEN EXISTS (SELECT 1 FROM step_taken s \
             WHERE s.tenant_id = k.tenant_id AND s.party_id = k.party_id AND s.case_id = k.id AND s.step = k.step \
             AND s.voided_at IS NULL) THEN NULL ELSE k.step END, COALESCE(l.not_before, k.next_wake), l.state, \
             (SELECT w.why FROM unpaid_why w WHERE w.tenant_id = k.tenant_id AND w.party_id = k.party_id \
             AND w.receivable_id = k.receivable_id AND w.ended_at IS NULL ORDER BY w.seq DESC LIMIT 1) \
             FROM (SELECT o.party_id, o.id, row_number() OVER (PARTITION BY o.party_id \
             ORDER BY COALESCE(o.due_on, '9999'), o.number) AS place FROM ({OWED} \
             AND r.party_id IN (SELECT x.party_id FROM {page})) o WHERE o.left_minor > 0) oldest \
             JOIN cases k ON k.tenant_id = $1 AND k.party_id = oldest.party_id AND k.receivable_id = oldest.id \
             LEFT JOIN letter l ON l.tenant_id = k.tenant_id AND l.id = k.letter_id WHERE oldest.place = 1"
        );
        let rows: Vec<NextRow> = fetch(&mut conn, &sql, binds![tenant_id, ids]).await?;
        Ok(rows.into_iter().map(|row| (row.party_id, next_step(row))).collect())
    }
}

/// Rows of one party stand together.
fn grouped(rows: Vec<BalanceRow>) -> Result<Vec<DebtorListRow>, StoreError> {
    let mut list: Vec<DebtorListRow> = Vec::new();
    for row in rows {
        if list.last().is_none_or(|last| last.party_id != row.id) {
            let party = PartyName::new(row.number, row.name, row.country);
            list.push(DebtorListRow { party_id: row.id, party, balances: Vec::new(), oldest_due: None });
        }
        let (Some(debtor), Some(currency)) = (list.last_mut(), row.currency) else {
            continue;
        };
        let currency = iso(&currency)?;
        let balance =
            Balance { open: Money::new(row.open_minor, currency), overdue: Money::new(row.overdue_minor, currency) };
        debtor.balances.push(balance);
        debtor.oldest_due = debtor.oldest_due.into_iter().chain(row.oldest).min();
    }
    for debtor in &mut list {
        debtor.balances.sort_by_key(|balance| std::cmp::Reverse(balance.open.minor));
    }
    Ok(list)
}

fn next_step(row: NextRow) -> NextStep {
    NextStep { state: row.state, playbook: row.playbook, step: row.step, at: row.at, letter: row.letter, why: row.why }
}
