//! Money that a file told of before the bank did: it is replaced once the bank's own entry is here.

use std::collections::HashMap;

use dunlin_core::ids::{PartyId, PaymentId};

use crate::bank::{PAYMENT, PaymentRow, payment_of};
use crate::bind::binds;
use crate::conn::fetch;
use crate::{Commit, StoreError};

/// Money that a file told of, and whose it is by the lines of the ledger.
#[derive(Debug, Clone)]
pub struct ToldPayment {
    pub payment: PaymentRow,
    pub parties: Vec<PartyId>,
}

impl Commit {
    /// Payments that a "paid" column told of and that the bank has not confirmed yet, each with the debtors whose
    /// receivables it pays.
    pub async fn told_payments(&mut self) -> Result<Vec<ToldPayment>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = format!(
            "{PAYMENT} WHERE p.tenant_id = $1 AND p.source = 'import' AND p.set_aside_at IS NULL AND p.placed = 1 \
             ORDER BY p.id"
        );
        let rows = fetch(&mut self.tx, &sql, binds![tenant_id]).await?;
        let sql = "SELECT e.payment_id, e.party_id FROM payment p JOIN ledger_entry e ON e.tenant_id = p.tenant_id \
                   AND e.payment_id = p.id WHERE p.tenant_id = $1 AND p.source = 'import' AND p.set_aside_at IS NULL \
                   AND p.placed = 1 GROUP BY e.payment_id, e.party_id HAVING sum(e.payment_minor) > 0";
        let lines: Vec<(PaymentId, PartyId)> = fetch(&mut self.tx, sql, binds![tenant_id]).await?;
        let mut parties: HashMap<PaymentId, Vec<PartyId>> = HashMap::new();
        for (payment_id, party_id) in lines {
            parties.entry(payment_id).or_default().push(party_id);
        }
        let told = |row| {
            let payment = payment_of(row)?;
            let parties = parties.remove(&payment.id).unwrap_or_default();
            Ok(ToldPayment { payment, parties })
        };
        rows.into_iter().map(told).collect()
    }
}
