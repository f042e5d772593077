//! Money that came in: payments that wait for their place with the receivables they may belong to, and payments that
//! found it. The statements that brought them are in [`super::statement_list`].

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{PaymentId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::payment::PaymentSource;
use dunlin_core::receivable::Milestone;
use dunlin_core::receivable::ledger::AllocatedFrom;

use super::debtor_list::PartyName;
use crate::Sight;
use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::flag;
use crate::facts::iso;
use crate::ledger::allocated_from;
use crate::{Store, StoreError};

/// A payment that waits for its place.
#[derive(Debug, Clone)]
pub struct WaitingPayment {
    /// `P-0031`.
    pub number: String,
    pub source: PaymentSource,
    pub received_on: Date,
    pub payer_name: String,
    /// Everything in which the payer may have named an invoice.
    pub words: String,
    /// Our account, and the bank's reference of the line; `None` when no statement brought it.
    pub account: Option<String>,
    pub bank_reference: Option<String>,
    pub amount: Money,
    pub left: Money,
    /// Everything open of those whose money it could be, in whatever currency, oldest first.
    pub candidates: Vec<OpenCandidate>,
}

/// An open receivable of somebody whose money it could be.
#[derive(Debug, Clone)]
pub struct OpenCandidate {
    pub party: PartyName,
    /// `R-1042`.
    pub number: String,
    pub reference: String,
    pub order_number: Option<String>,
    pub milestone: Milestone,
    /// What it came to at first.
    pub amount: Money,
    pub outstanding: Money,
    pub due_on: Option<Date>,
}

/// A payment that found its place.
#[derive(Debug, Clone)]
pub struct PlacedPayment {
    pub number: String,
    pub source: PaymentSource,
    pub received_on: Date,
    /// False: nobody told the day; it came by then.
    pub day_known: bool,
    pub payer_name: String,
    /// What came with it; for banks that name no payer apart.
    pub words: String,
    pub amount: Money,
    pub places: Vec<PaymentPlace>,
}

/// Where a share of it went.
#[derive(Debug, Clone)]
pub struct PaymentPlace {
    /// `R-1042`.
    pub receivable: String,
    /// Who owed it.
    pub debtor: String,
    /// In the receivable's currency.
    pub amount: Money,
    /// In the payment's own, with the rate.
    pub from: AllocatedFrom,
    /// Who or what placed it.
    pub note: String,
}

#[derive(Deserialize)]
struct WaitingRow {
    id: PaymentId,
    number: i64,
    source: PaymentSource,
    received_on: Date,
    payer_name: String,
    words: String,
    account: Option<String>,
    bank_reference: Option<String>,
    amount_minor: i64,
    used_minor: i64,
    currency: String,
}

#[derive(Deserialize)]
struct CandidateRow {
    payment_id: PaymentId,
    number: i64,
    reference: String,
    order_number: Option<String>,
    milestone: Milestone,
    amount_minor: i64,
    left_minor: i64,
    currency: String,
    due_on: Option<Date>,
    party_number: i64,
    name: String,
    country: String,
}

#[derive(Deserialize)]
struct PlacedRow {
    id: PaymentId,
    number: i64,
    source: PaymentSource,
    received_on: Date,
    #[serde(with = "flag")]
    day_known: bool,
    payer_name: String,
    words: String,
    amount_minor: i64,
    currency: String,
}

#[derive(Deserialize)]
struct PlaceRow {
    payment_id: PaymentId,
    number: i64,
    amount_minor: i64,
    currency: String,
    payment_minor: Option<i64>,
    payment_currency: Option<String>,
    rate: Option<String>,
    note: String,
    name: String,
}

/// Payments that may be money of buyers in sight; what could be nobody's is for those who see everybody.
pub(super) fn could_be(sight: &Sight) -> String {
    let seen = sight.on("c.party_id");
    if seen.is_empty() {
        return seen;
    }
    format!("AND p.id IN (SELECT c.payment_id FROM payment_candidate c WHERE c.tenant_id = $1 {seen})")
}

/// Payments of which a share went to a buyer in sight.
fn went_to(sight: &Sight) -> String {
    let seen = sight.on("w.party_id");
    if seen.is_empty() {
        return seen;
    }
    format!("AND p.id IN (SELECT w.payment_id FROM ledger_entry w WHERE w.tenant_id = $1 {seen})")
}

impl Store {
    /// Payments that wait for their place, oldest first, with what they may belong to.
    pub async fn waiting_payments(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
    ) -> Result<Vec<WaitingPayment>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT p.id, p.number, p.source, p.received_on, p.payer_name, p.words, e.account, \
                   e.bank_reference, p.amount_minor, CAST(COALESCE((SELECT sum(a.payment_minor) FROM ledger_entry a \
                   WHERE a.tenant_id = p.tenant_id AND a.payment_id = p.id), 0) AS BIGINT), p.currency FROM payment p \
                   LEFT JOIN bank_entry e ON e.tenant_id = p.tenant_id AND e.id = p.bank_entry_id \
                   WHERE p.tenant_id = $1 AND p.placed = 0 AND p.set_aside_at IS NULL {} ORDER BY p.received_on, \
             p.number",
            could_be(sight)
        );
        let rows: Vec<WaitingRow> = fetch(&mut conn, &sql, binds![tenant_id]).await?;
        let sql = format!(
            "SELECT x.payment_id, x.number, x.reference, x.order_number, x.milestone, \
                   x.amount_minor, x.left_minor, x.currency, x.due_on, d.number, d.name, d.country \
                   FROM (SELECT c.payment_id, r.party_id, r.number, \
                   r.reference, r.order_number, r.milestone, r.currency, r.due_on, r.amount_minor, \
                   r.amount_minor - CAST(COALESCE((SELECT sum(a.amount_minor) FROM ledger_entry a \
                   WHERE a.tenant_id = r.tenant_id AND a.party_id = r.party_id AND a.receivable_id = r.id), 0) \
                   AS BIGINT) AS left_minor FROM payment_candidate c \
                   JOIN payment p ON p.tenant_id = c.tenant_id AND p.id = c.payment_id \
                   JOIN receivable r ON r.tenant_id = c.tenant_id AND r.party_id = c.party_id AND r.closed = 0 \
                   WHERE c.tenant_id = $1 AND p.placed = 0 AND p.set_aside_at IS NULL) x \
                   JOIN party d ON d.tenant_id = $1 AND d.id = x.party_id WHERE x.left_minor > 0 {} \
                   ORDER BY x.payment_id, COALESCE(x.due_on, '9999'), x.number",
            sight.on("x.party_id")
        );
        let mut candidates: HashMap<PaymentId, Vec<OpenCandidate>> = HashMap::new();
        for row in fetch::<CandidateRow>(&mut conn, &sql, binds![tenant_id]).await? {
            let outstanding = Money::new(row.left_minor, iso(&row.currency)?);
            candidates.entry(row.payment_id).or_default().push(OpenCandidate {
                party: PartyName::new(row.party_number, row.name, row.country),
                number: format!("R-{:04}", row.number),
                reference: row.reference,
                order_number: row.order_number,
                milestone: row.milestone,
                amount: Money::new(row.amount_minor, outstanding.currency),
                outstanding,
                due_on: row.due_on,
            });
        }
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            let currency = iso(&row.currency)?;
            list.push(WaitingPayment {
                number: format!("P-{:04}", row.number),
                source: row.source,
                received_on: row.received_on,
                payer_name: row.payer_name,
                words: row.words,
                account: row.account,
                bank_reference: row.bank_reference,
                amount: Money::new(row.amount_minor, currency),
                left: Money::new(row.amount_minor - row.used_minor, currency),
                candidates: candidates.remove(&row.id).unwrap_or_default(),
            });
        }
        Ok(list)
    }

    /// The latest payments that found their place, newest first. Shares that were taken back are left out.
    pub async fn placed_payments(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        limit: i64,
    ) -> Result<Vec<PlacedPayment>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT p.id, p.number, p.source, p.received_on, p.day_known, p.payer_name, p.words, p.amount_minor, p.currency \
                   FROM payment p WHERE p.tenant_id = $1 AND ((p.placed = 1 AND p.set_aside_at IS NULL) \
                   OR (p.set_aside_at IS NOT NULL AND (SELECT COALESCE(sum(a.payment_minor), 0) FROM ledger_entry a \
                   WHERE a.tenant_id = p.tenant_id AND a.payment_id = p.id) > 0)) {} \
                   ORDER BY p.received_on DESC, p.number DESC LIMIT $2",
            went_to(sight)
        );
        let rows: Vec<PlacedRow> = fetch(&mut conn, &sql, binds![tenant_id, limit]).await?;
        let ids: Vec<(PaymentId,)> = rows.iter().map(|row| (row.id,)).collect();
        let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
        let page = conn.kind().keys(2, &["payment_id"]);
        let sql = format!(
            "SELECT e.payment_id, r.number, e.amount_minor, e.currency, e.payment_minor, e.payment_currency, e.rate, \
             e.note, d.name FROM ledger_entry e \
             JOIN party d ON d.tenant_id = e.tenant_id AND d.id = e.party_id \
             JOIN receivable r ON r.tenant_id = e.tenant_id AND r.party_id = e.party_id AND r.id = e.receivable_id \
             WHERE e.tenant_id = $1 AND e.payment_id IS NOT NULL \
             AND e.payment_id IN (SELECT x.payment_id FROM {page}) AND e.reverses IS NULL \
             AND NOT EXISTS (SELECT 1 FROM ledger_entry b WHERE b.tenant_id = e.tenant_id AND b.reverses = e.id) {} \
             ORDER BY e.payment_id, e.seq, e.id",
            sight.on("e.party_id")
        );
        let mut places: HashMap<PaymentId, Vec<PaymentPlace>> = HashMap::new();
        for row in fetch::<PlaceRow>(&mut conn, &sql, binds![tenant_id, ids]).await? {
            let amount = Money::new(row.amount_minor, iso(&row.currency)?);
            let (minor, code) = (row.payment_minor, row.payment_currency.as_deref());
            // Lines that name no payment were not asked for.
            let Some(from) = allocated_from(Some(row.payment_id), minor, code, row.rate.as_deref())? else {
                continue;
            };
            let receivable = format!("R-{:04}", row.number);
            let place = PaymentPlace { receivable, debtor: row.name, amount, from, note: row.note };
            places.entry(row.payment_id).or_default().push(place);
        }
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            list.push(PlacedPayment {
                number: format!("P-{:04}", row.number),
                source: row.source,
                received_on: row.received_on,
                day_known: row.day_known,
                payer_name: row.payer_name,
                words: row.words,
                amount: Money::new(row.amount_minor, iso(&row.currency)?),
                places: places.remove(&row.id).unwrap_or_default(),
            });
        }
        Ok(list)
    }
}
