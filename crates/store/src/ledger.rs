//! Writing ledger lines, and those that no payment stands behind: credits, write-offs, and taking one of them back. What
//! a payment gives is in [`crate::placing`]; both go through [`Commit::append`], which asks the ledger first.

use jiff::civil::Date;

use dunlin_core::ids::{LedgerEntryId, PartyId, PaymentId, ReceivableId};
use dunlin_core::money::{Decimal, Money};
use dunlin_core::receivable::ledger::{AllocatedFrom, LedgerEntry, LedgerKind, check_append};

use crate::bank::PaymentRow;
use crate::bind::binds;
use crate::facts::{EVERYTHING, Scope, iso, load};
use crate::{Commit, StoreError};

/// The payment side of a line, as its four columns tell of it: all of them, or none.
pub(crate) fn allocated_from(
    payment_id: Option<PaymentId>,
    minor: Option<i64>,
    code: Option<&str>,
    rate: Option<&str>,
) -> Result<Option<AllocatedFrom>, StoreError> {
    let (Some(payment_id), Some(minor), Some(code), Some(rate)) = (payment_id, minor, code, rate) else {
        return Ok(None);
    };
    let rate = rate.parse::<Decimal>().map_err(|why| StoreError::corrupt(format!("the rate ‘{rate}’: {why}")))?;
    Ok(Some(AllocatedFrom { payment_id, amount: Money::new(minor, iso(code)?), rate }))
}

impl Commit {
    /// Appends one line after asking the ledger.
    pub async fn append(
        &mut self,
        party_id: PartyId,
        entry: LedgerEntry,
        payment_left: Option<Money>,
    ) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let facts = load(&mut self.tx, tenant_id, Scope::One(party_id), now, EVERYTHING).await?;
        let item = facts
            .iter()
            .flat_map(|facts| &facts.receivables)
            .find(|item| item.receivable.id == entry.receivable_id)
            .ok_or_else(|| StoreError::not_found("receivable", entry.receivable_id.to_string()))?;
        check_append(&item.receivable.number, item.receivable.amount, &item.entries, &entry, payment_left)?;
        let sql = "INSERT INTO ledger_entry (tenant_id, party_id, receivable_id, id, kind, amount_minor, currency, \
                   payment_id, payment_minor, payment_currency, rate, reverses, note, effective_on, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        let from = entry.payment.as_ref();
        let values = binds![
            tenant_id,
            party_id,
            entry.receivable_id,
            entry.id,
            entry.kind.code(),
            entry.amount.minor,
            entry.amount.currency.code(),
            from.map(|from| from.payment_id),
            from.map(|from| from.amount.minor),
            from.map(|from| from.amount.currency.code().to_string()),
            from.map(|from| from.rate.to_string()),
            entry.reverses,
            entry.note,
            entry.effective_on,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Lowers what is outstanding without money: a credit or a write-off. The debtor's cases look again.
    pub async fn lower_outstanding(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
        kind: LedgerKind,
        amount: Money,
        why: &str,
        today: Date,
    ) -> Result<(), StoreError> {
        let entry = LedgerEntry {
            id: LedgerEntryId(self.ids.make()),
            receivable_id,
            kind,
            amount,
            payment: None,
            reverses: None,
            effective_on: today,
            note: why.to_string(),
        };
        self.append(party_id, entry, None).await?;
        self.wake_party(party_id).await
    }

    /// Takes such a line back by a line of its own. Whoever calls reopens a case that had ended.
    pub async fn take_back_line(
        &mut self,
        party_id: PartyId,
        line: &LedgerEntry,
        why: &str,
        today: Date,
    ) -> Result<(), StoreError> {
        let (amount, payment) = line.taken_back()?;
        let entry = LedgerEntry {
            id: LedgerEntryId(self.ids.make()),
            amount,
            payment,
            reverses: Some(line.id),
            effective_on: today,
            note: why.to_string(),
            ..line.clone()
        };
        self.append(party_id, entry, None).await?;
        self.wake_party(party_id).await
    }

    /// What a person says about money that is nobody's receivable: all of a payment, or what is left of it. What is
    /// placed stays placed; the reason is kept with how it stood before.
    pub async fn set_rest_aside(&mut self, payment: &PaymentRow, why: &str) -> Result<(), StoreError> {
        let image = serde_json::json!({"left_minor": payment.left.minor, "currency": payment.left.currency.code(),
            "set_aside_because": why});
        self.keep_history(None, "payment", &payment.id.to_string(), image).await?;
        self.set_aside(payment.id).await
    }

    /// What was set aside by mistake waits for its place again. `false`: it is not set aside, or not by a person (what
    /// the bank's own entry replaced stays replaced).
    pub async fn take_from_aside(&mut self, payment: &PaymentRow) -> Result<bool, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE payment SET set_aside_at = NULL WHERE tenant_id = $1 AND id = $2 AND placed = 0 \
                   AND set_aside_at IS NOT NULL AND EXISTS (SELECT 1 FROM history h WHERE h.tenant_id = $1 \
                   AND h.noun = 'payment' AND h.row_id = $2 AND h.superseded_at = payment.set_aside_at)";
        Ok(self.execute(sql, binds![tenant_id, payment.id]).await? > 0)
    }
}
