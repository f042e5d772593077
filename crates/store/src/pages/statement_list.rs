//! Bank statements as they came in: what was new in each, what of it has its place, what could not be read.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::TenantId;

use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::micros;
use crate::{Store, StoreError};

/// One bank statement that was read.
#[derive(Debug, Clone)]
pub struct StatementListRow {
    pub file_name: String,
    /// `MT940`, `camt.053`; empty when the account of the import is gone.
    pub format: String,
    pub account: String,
    /// First and last booking day, or the days of its balances when it has no lines.
    pub first_on: Option<Date>,
    pub last_on: Option<Date>,
    pub read_at: Timestamp,
    /// Lines that were new.
    pub entries: i64,
    /// Credits among them with and without their place.
    pub placed: i64,
    pub waiting: i64,
    /// What could not be read of the file; with the first of its statements only.
    pub problems: Vec<UnreadLine>,
}

/// A line of a statement that could not be read.
#[derive(Debug, Clone, Deserialize)]
pub struct UnreadLine {
    pub at: String,
    pub what: String,
    #[serde(default)]
    pub kept: String,
}

#[derive(Deserialize)]
struct StatementRow {
    account: String,
    sha256: String,
    opening_on: Option<Date>,
    closing_on: Option<Date>,
    #[serde(with = "micros")]
    recorded_at: Timestamp,
    file_name: Option<String>,
    entries: i64,
    first_on: Option<Date>,
    last_on: Option<Date>,
    placed: i64,
    waiting: i64,
    report: Option<String>,
}

/// What is read here of the account of a statement import.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Report {
    format: String,
    problems: Vec<UnreadLine>,
}

impl Store {
    /// Statements as they came in, latest first. The same file again leaves none.
    pub async fn statement_list(&self, tenant_id: TenantId, limit: i64) -> Result<Vec<StatementListRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT s.account, s.sha256, s.opening_on, s.closing_on, s.recorded_at, b.name, \
                   COALESCE(n.entries, 0), n.first_on, n.last_on, COALESCE(m.placed, 0), COALESCE(m.waiting, 0), \
                   (SELECT i.report FROM import_run i WHERE i.tenant_id = $1 AND i.sha256 = s.sha256 \
                   AND i.kind = 'statement' ORDER BY i.seq LIMIT 1) \
                   FROM (SELECT c.id, c.account, c.sha256, c.opening_on, c.closing_on, c.recorded_at, c.seq \
                   FROM bank_statement c WHERE c.tenant_id = $1 \
                   ORDER BY c.seq DESC, c.id DESC LIMIT $2) s \
                   LEFT JOIN blob b ON b.tenant_id = $1 AND b.sha256 = s.sha256 \
                   LEFT JOIN (SELECT e.statement_id, count(*) AS entries, min(e.booked_on) AS first_on, \
                   max(e.booked_on) AS last_on FROM bank_entry e WHERE e.tenant_id = $1 GROUP BY e.statement_id) n \
                   ON n.statement_id = s.id \
                   LEFT JOIN (SELECT e.statement_id, CAST(sum(p.placed) AS BIGINT) AS placed, \
                   CAST(sum(CASE WHEN p.placed = 0 AND p.set_aside_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS waiting \
                   FROM payment p JOIN bank_entry e ON e.tenant_id = p.tenant_id AND e.id = p.bank_entry_id \
                   WHERE p.tenant_id = $1 GROUP BY e.statement_id) m ON m.statement_id = s.id \
                   ORDER BY s.seq DESC, s.id DESC";
        let rows: Vec<StatementRow> = fetch(&mut conn, sql, binds![tenant_id, limit]).await?;
        let mut told: HashSet<String> = HashSet::new();
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            let report = row.report.as_deref().map_or(Ok(Report::default()), serde_json::from_str);
            let report = report.map_err(StoreError::corrupt)?;
            let is_first = told.insert(row.sha256);
            list.push(StatementListRow {
                file_name: row.file_name.unwrap_or_default(),
                format: report.format,
                account: row.account,
                first_on: row.first_on.or(row.opening_on),
                last_on: row.last_on.or(row.closing_on),
                read_at: row.recorded_at,
                entries: row.entries,
                placed: row.placed,
                waiting: row.waiting,
                problems: if is_first { report.problems } else { Vec::new() },
            });
        }
        Ok(list)
    }
}
