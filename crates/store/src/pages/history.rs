//! The timeline of a debtor: one view over the facts themselves, sorted by (when, sequence). There is no second copy
//! of what happened (docs/decisions/0006).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{CaseId, LedgerEntryId, PartyId, PaymentId, ReceivableId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::reason::Reason;
use dunlin_core::receivable::Trigger;
use dunlin_core::receivable::ledger::{AllocatedFrom, LedgerKind};

use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::{flag, micros};
use crate::facts::iso;
use crate::ledger::allocated_from;
use crate::{Store, StoreError};

/// A decision to stay silent.
#[derive(Debug, Clone)]
pub struct SilenceRow {
    pub case_id: CaseId,
    pub at: Timestamp,
    pub seq: i64,
    pub verdict: String,
    pub reasons: Vec<Reason>,
}

/// A ledger line with the payment behind it.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    pub id: LedgerEntryId,
    pub receivable_id: ReceivableId,
    pub receivable_number: i64,
    pub kind: LedgerKind,
    pub amount: Money,
    pub is_reversal: bool,
    /// For allocations: the payment's own amount and the rate.
    pub from: Option<AllocatedFrom>,
    pub payment_number: Option<i64>,
    pub payer: Option<String>,
    /// False for money of which nobody told the day: it came by `effective_on`.
    pub day_known: bool,
    pub note: String,
    pub effective_on: Date,
    pub at: Timestamp,
    pub seq: i64,
}

/// A hold, promise, dispute or finished task in one line.
#[derive(Debug, Clone, Deserialize)]
pub struct StandingRow {
    /// `hold`, `promise`, `dispute`, `call`, `task`, `do`: work of our own.
    pub kind: String,
    pub receivable_id: Option<ReceivableId>,
    pub receivable_number: Option<i64>,
    pub amount_minor: Option<i64>,
    pub currency: Option<String>,
    /// Day it lasts until, or was promised for.
    pub day: Option<String>,
    pub text: String,
    /// Of work of our own: `dropped` when it was not needed.
    pub state: String,
    #[serde(with = "micros")]
    pub at: Timestamp,
    pub seq: i64,
    /// That the work of our own was for.
    pub step: Option<String>,
}

/// Something that happened to an order: goods ready, bill of lading issued, invoice dated.
#[derive(Debug, Clone, Deserialize)]
pub struct TriggerRow {
    pub receivable_id: ReceivableId,
    pub order_number: String,
    pub kind: Trigger,
    pub effective_on: Date,
    #[serde(with = "micros")]
    pub at: Timestamp,
    pub seq: i64,
}

/// A file that brought a receivable, or changed it.
#[derive(Debug, Clone, Deserialize)]
pub struct FileRow {
    pub receivable_id: ReceivableId,
    pub receivable_number: i64,
    pub file_name: String,
    #[serde(with = "flag")]
    pub is_change: bool,
    #[serde(with = "micros")]
    pub at: Timestamp,
    pub seq: i64,
}

#[derive(Deserialize)]
struct RowOfSilence {
    case_id: CaseId,
    #[serde(with = "micros")]
    at: Timestamp,
    seq: i64,
    verdict: String,
    reasons: String,
}

#[derive(Deserialize)]
struct RowOfLedger {
    id: LedgerEntryId,
    receivable_id: ReceivableId,
    receivable_number: i64,
    kind: LedgerKind,
    amount_minor: i64,
    currency: String,
    payment_id: Option<PaymentId>,
    payment_minor: Option<i64>,
    payment_currency: Option<String>,
    rate: Option<String>,
    reverses: Option<String>,
    payment_number: Option<i64>,
    payer: Option<String>,
    #[serde(with = "flag")]
    day_known: bool,
    note: String,
    effective_on: Date,
    #[serde(with = "micros")]
    at: Timestamp,
    seq: i64,
}

impl Store {
    pub async fn silences(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<SilenceRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT s.case_id, s.decided_at, s.seq, s.verdict, s.reasons FROM silence s \
                   WHERE s.tenant_id = $1 AND s.party_id = $2 ORDER BY s.decided_at, s.seq";
        let rows: Vec<RowOfSilence> = fetch(&mut conn, sql, binds![tenant_id, party_id]).await?;
        let of = |row: RowOfSilence| {
            let reasons = crate::reason_text::read_reasons(&row.reasons)?;
            Ok(SilenceRow { case_id: row.case_id, at: row.at, seq: row.seq, verdict: row.verdict, reasons })
        };
        rows.into_iter().map(of).collect()
    }

    pub async fn ledger_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<LedgerRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT e.id, e.receivable_id, r.number, e.kind, e.amount_minor, e.currency, e.payment_id, \
                   e.payment_minor, e.payment_currency, e.rate, e.reverses, p.number, p.payer_name, \
                   COALESCE(p.day_known, 1), e.note, \
                   e.effective_on, e.recorded_at, e.seq FROM ledger_entry e \
                   JOIN receivable r ON r.tenant_id = e.tenant_id AND r.party_id = e.party_id AND r.id = e.receivable_id \
                   LEFT JOIN payment p ON p.tenant_id = e.tenant_id AND p.id = e.payment_id \
                   WHERE e.tenant_id = $1 AND e.party_id = $2 ORDER BY e.effective_on, e.seq, e.id";
        let rows: Vec<RowOfLedger> = fetch(&mut conn, sql, binds![tenant_id, party_id]).await?;
        let of = |row: RowOfLedger| {
            let (minor, code) = (row.payment_minor, row.payment_currency.as_deref());
            Ok(LedgerRow {
                id: row.id,
                receivable_id: row.receivable_id,
                receivable_number: row.receivable_number,
                kind: row.kind,
                amount: Money::new(row.amount_minor, iso(&row.currency)?),
                is_reversal: row.reverses.is_some(),
                from: allocated_from(row.payment_id, minor, code, row.rate.as_deref())?,
                payment_number: row.payment_number,
                payer: row.payer,
                day_known: row.day_known,
                note: row.note,
                effective_on: row.effective_on,
                at: row.at,
                seq: row.seq,
            })
        };
        rows.into_iter().map(of).collect()
    }

    /// What happened to the debtor's orders, once for each receivable of the order.
    pub async fn triggers_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<TriggerRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT r.id, o.number, t.kind, t.effective_on, t.recorded_at, t.seq FROM receivable r \
                   JOIN sales_order o ON o.tenant_id = r.tenant_id AND o.id = r.order_id \
                   JOIN trigger_event t ON t.tenant_id = r.tenant_id AND t.order_id = r.order_id \
                   WHERE r.tenant_id = $1 AND r.party_id = $2 ORDER BY t.effective_on, t.seq, r.number";
        fetch(&mut conn, sql, binds![tenant_id, party_id]).await
    }

    /// Files that brought the debtor's receivables or changed them. A row and the file that wrote it share the number
    /// of their change; of a row that was corrected since, only the corrections are told.
    pub async fn files_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<FileRow>, StoreError> {
        let mut conn = self.conn().await?;
        let brought = "SELECT r.id, r.number, i.file_name, 0, i.recorded_at, i.seq FROM receivable r \
                       JOIN import_run i ON i.tenant_id = r.tenant_id AND i.seq = r.seq \
                       WHERE r.tenant_id = $1 AND r.party_id = $2 AND NOT EXISTS (SELECT 1 FROM history h \
                       WHERE h.tenant_id = r.tenant_id AND h.noun = 'receivable' AND h.row_id = r.id)";
        let changed = "SELECT r.id, r.number, i.file_name, 1, i.recorded_at, i.seq FROM receivable r \
                       JOIN history h ON h.tenant_id = r.tenant_id AND h.noun = 'receivable' AND h.row_id = r.id \
                       JOIN import_run i ON i.tenant_id = h.tenant_id AND i.seq = h.seq \
                       WHERE r.tenant_id = $1 AND r.party_id = $2";
        let mut all: Vec<FileRow> = fetch(&mut conn, brought, binds![tenant_id, party_id]).await?;
        all.extend(fetch::<FileRow>(&mut conn, changed, binds![tenant_id, party_id]).await?);
        all.sort_by_key(|row| (row.at, row.seq, row.receivable_number));
        Ok(all)
    }

    /// Holds, promises, disputes and settled tasks of a debtor, oldest first.
    pub async fn standing_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<StandingRow>, StoreError> {
        let mut conn = self.conn().await?;
        let join = "LEFT JOIN receivable r ON r.tenant_id = x.tenant_id AND r.party_id = x.party_id AND r.id = x.receivable_id";
        let reads = [
            format!(
                "SELECT 'hold', x.receivable_id, r.number, NULL, NULL, x.until_on, x.why, \
                 CASE WHEN x.released_at IS NULL THEN 'active' ELSE 'ended' END, x.recorded_at, x.seq, NULL \
                 FROM hold x {join} WHERE x.tenant_id = $1 AND x.party_id = $2"
            ),
            format!(
                "SELECT 'promise', x.receivable_id, r.number, x.amount_minor, x.currency, x.pay_on, x.words, \
                 x.state, x.recorded_at, x.seq, NULL FROM promise x {join} WHERE x.tenant_id = $1 AND x.party_id = $2"
            ),
            format!(
                "SELECT 'dispute', x.receivable_id, r.number, x.amount_minor, x.currency, NULL, x.why, \
                 CASE WHEN x.resolved_at IS NULL THEN 'active' ELSE 'solved' END, x.recorded_at, x.seq, NULL \
                 FROM dispute x {join} WHERE x.tenant_id = $1 AND x.party_id = $2"
            ),
            format!(
                "SELECT CASE WHEN x.kind IN ('call', 'do') THEN x.kind WHEN x.kind = 'decide_call' THEN 'call' ELSE 'task' END, x.receivable_id, r.number, \
                 x.pressed_minor, x.currency, NULL, COALESCE(x.note, ''), \
                 CASE WHEN x.outcome = 'dropped' THEN 'dropped' ELSE x.kind END, x.settled_at, x.seq, x.step \
                 FROM task x {join} WHERE x.tenant_id = $1 AND x.party_id = $2 AND (x.outcome = 'done' \
                 OR (x.kind = 'do' AND x.outcome = 'dropped' AND x.note IS NOT NULL))"
            ),
        ];
        let mut all: Vec<StandingRow> = Vec::new();
        for sql in reads {
            all.extend(fetch::<StandingRow>(&mut conn, &sql, binds![tenant_id, party_id]).await?);
        }
        all.sort_by_key(|row| (row.at, row.seq));
        Ok(all)
    }
}
