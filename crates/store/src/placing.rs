//! The ledger lines that place a payment, and those that take it back. Each keeps the amount in both currencies and the
//! rate between them; whether it may be written is asked in [`Commit::append`].

use serde::Deserialize;

use dunlin_core::ids::{LedgerEntryId, PartyId, PaymentId, ReceivableId};
use dunlin_core::money::Money;
use dunlin_core::receivable::ledger::{AllocatedFrom, LedgerEntry, LedgerKind};
use dunlin_core::receivable::share::Share;

use crate::bind::binds;
use crate::conn::fetch;
use crate::facts::iso;
use crate::ledger::allocated_from;
use crate::{Commit, StoreError};

/// A share of a payment with its place.
#[derive(Debug, Clone, Copy)]
pub struct PlacedShare {
    pub party_id: PartyId,
    pub receivable_id: ReceivableId,
    pub share: Share,
}

#[derive(Deserialize)]
struct StandingRow {
    party_id: PartyId,
    receivable_id: ReceivableId,
    id: LedgerEntryId,
    amount_minor: i64,
    currency: String,
    payment_minor: Option<i64>,
    payment_currency: Option<String>,
    rate: Option<String>,
}

impl Commit {
    /// Gives shares of a payment to receivables, each checked against the ledger. All or nothing.
    pub async fn place_payment(
        &mut self,
        payment_id: PaymentId,
        shares: &[PlacedShare],
        note: &str,
    ) -> Result<(), StoreError> {
        let payment = self.payment(payment_id).await?;
        let mut left = payment.left;
        for placed in shares {
            let entry = LedgerEntry {
                id: LedgerEntryId(self.ids.make()),
                receivable_id: placed.receivable_id,
                kind: LedgerKind::Allocation,
                amount: placed.share.settles,
                payment: Some(AllocatedFrom::new(payment_id, placed.share)?),
                reverses: None,
                effective_on: payment.received_on,
                note: note.to_string(),
            };
            self.append(placed.party_id, entry, Some(left)).await?;
            left = left.checked_add(placed.share.uses.checked_neg()?)?;
        }
        let is_placed = left.minor == 0;
        let (tenant_id, party_id) = (self.tenant_id, shares.first().map(|placed| placed.party_id));
        let sql = "UPDATE payment SET placed = $3, party_id = COALESCE($4, party_id) WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, payment_id, is_placed, party_id]).await?;
        if is_placed {
            self.set_candidates(payment_id, &[], None).await?;
        } else {
            // What is left is a credit of whoever paid the part, whoever else it could be of: letters wait for its place.
            for placed in shares {
                let sql = "INSERT INTO payment_candidate (tenant_id, party_id, payment_id) VALUES ($1, $2, $3) \
                           ON CONFLICT DO NOTHING";
                self.execute(sql, binds![tenant_id, placed.party_id, payment_id]).await?;
            }
        }
        for placed in shares {
            self.wake_party(placed.party_id).await?;
        }
        Ok(())
    }

    /// Whose receivables the payment pays or paid before it was taken back, each debtor once.
    pub async fn parties_of_payment(&mut self, payment_id: PaymentId) -> Result<Vec<PartyId>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT DISTINCT e.party_id FROM ledger_entry e \
                   WHERE e.tenant_id = $1 AND e.payment_id = $2 ORDER BY e.party_id";
        let rows: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![tenant_id, payment_id]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Takes all shares of a payment back: reversal lines with both amounts, and the cases run again. Returns what it
    /// held.
    pub async fn take_back_payment(
        &mut self,
        payment_id: PaymentId,
        note: &str,
    ) -> Result<Vec<PlacedShare>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT e.party_id, e.receivable_id, e.id, e.amount_minor, e.currency, e.payment_minor, \
                   e.payment_currency, e.rate FROM ledger_entry e \
                   WHERE e.tenant_id = $1 AND e.payment_id = $2 AND e.reverses IS NULL \
                   AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.tenant_id = e.tenant_id AND r.reverses = e.id) \
                   ORDER BY e.id";
        let rows: Vec<StandingRow> = fetch(&mut self.tx, sql, binds![tenant_id, payment_id]).await?;
        let received_on = self.payment(payment_id).await?.received_on;
        let mut held = Vec::with_capacity(rows.len());
        for row in rows {
            let (minor, code) = (row.payment_minor, row.payment_currency.as_deref());
            let original = LedgerEntry {
                id: row.id,
                receivable_id: row.receivable_id,
                kind: LedgerKind::Allocation,
                amount: Money::new(row.amount_minor, iso(&row.currency)?),
                payment: allocated_from(Some(payment_id), minor, code, row.rate.as_deref())?,
                reverses: None,
                effective_on: received_on,
                note: note.to_string(),
            };
            if let Some(from) = &original.payment {
                let share = Share { uses: from.amount, settles: original.amount };
                held.push(PlacedShare { party_id: row.party_id, receivable_id: row.receivable_id, share });
            }
            let (amount, payment) = original.taken_back()?;
            let id = LedgerEntryId(self.ids.make());
            let entry = LedgerEntry { id, amount, payment, reverses: Some(row.id), ..original };
            self.append(row.party_id, entry, None).await?;
            self.reopen_case(row.party_id, row.receivable_id).await?;
            self.wake_party(row.party_id).await?;
        }
        // A rest that was set aside belongs to the whole again.
        let sql = "UPDATE payment SET placed = 0, set_aside_at = NULL WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, payment_id]).await?;
        Ok(held)
    }
}
