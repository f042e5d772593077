//! Counts for the account of a run or demo: silences by reason, money by currency.

use dunlin_core::ids::{PartyId, TenantId};
use dunlin_core::money::{Currency, Money};

use crate::bind::binds;
use crate::conn::fetch;
use crate::facts::{Scope, load};
use crate::{Store, StoreError};

/// Money of one currency.
#[derive(Debug, Clone, Copy)]
pub struct MoneyTotals {
    pub currency: Currency,
    /// All that was ever owed.
    pub owed_minor: i64,
    pub paid_minor: i64,
    pub open_minor: i64,
    pub overdue_minor: i64,
}

impl Store {
    /// How often each kind of silence was decided, most frequent first; the first reason that stops names the kind.
    pub async fn silence_counts(&self, tenant_id: TenantId) -> Result<Vec<(String, i64)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT why, count(*) FROM silence WHERE tenant_id = $1 GROUP BY why ORDER BY count(*) DESC, why";
        fetch(&mut conn, sql, binds![tenant_id]).await
    }

    /// Owed, paid, open and overdue per currency, from the ledger, in bounded ranges.
    pub async fn money_totals(
        &self,
        tenant_id: TenantId,
        at: jiff::Timestamp,
        today: jiff::civil::Date,
    ) -> Result<Vec<MoneyTotals>, StoreError> {
        let mut conn = self.conn().await?;
        let mut totals: Vec<MoneyTotals> = Vec::new();
        let mut after = PartyId(0);
        loop {
            let sql = "SELECT id FROM party WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT 1000";
            let ids: Vec<(PartyId,)> = fetch(&mut conn, sql, binds![tenant_id, after]).await?;
            let ids: Vec<PartyId> = ids.into_iter().map(|(id,)| id).collect();
            let Some(last) = ids.last() else {
                totals.sort_by_key(|total| std::cmp::Reverse(total.owed_minor));
                return Ok(totals);
            };
            for debtor in load(&mut conn, tenant_id, Scope::These(&ids), at, at).await? {
                for item in &debtor.receivables {
                    if item.receivable.closed {
                        continue;
                    }
                    add(
                        &mut totals,
                        item.receivable.amount,
                        item.outstanding()?,
                        item.receivable.due_on.is_some_and(|due| due < today),
                    );
                }
            }
            after = *last;
        }
    }
}

fn add(totals: &mut Vec<MoneyTotals>, amount: Money, open: Money, late: bool) {
    let position = totals.iter().position(|total| total.currency == amount.currency).unwrap_or_else(|| {
        totals.push(MoneyTotals {
            currency: amount.currency,
            owed_minor: 0,
            paid_minor: 0,
            open_minor: 0,
            overdue_minor: 0,
        });
        totals.len() - 1
    });
    let total = &mut totals[position];
    total.owed_minor += amount.minor;
    total.paid_minor += amount.minor - open.minor;
    total.open_minor += open.minor;
    total.overdue_minor += if late { open.minor } else { 0 };
}
