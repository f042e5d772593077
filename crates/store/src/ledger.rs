//! Ledger lines that no payment stands behind: credits, write-offs, and taking one of them back. What a payment gives
//! is in [`crate::bank`]; both go through [`Commit::append`], which asks the ledger first.

use jiff::civil::Date;

use dunlin_core::ids::{LedgerEntryId, PartyId, ReceivableId};
use dunlin_core::money::Money;
use dunlin_core::receivable::ledger::{LedgerEntry, LedgerKind};

use crate::bank::PaymentRow;
use crate::bind::binds;
use crate::{Commit, StoreError};

impl Commit {
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
        let entry = LedgerEntry {
            id: LedgerEntryId(self.ids.make()),
            amount: Money::new(-line.amount.minor, line.amount.currency),
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
