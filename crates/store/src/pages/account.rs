//! Counts for the account of a run or demo: silences by reason, money by currency.

use dunlin_core::facts::Owed;
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
    /// By buyers.
    pub open_minor: i64,
    /// Of what buyers owe.
    pub overdue_minor: i64,
    /// By platforms, for orders that their buyers have paid.
    pub platform_minor: i64,
}

impl Store {
    /// How often each kind of silence was decided, most frequent first; the first reason that stops names the kind.
    pub async fn silence_counts(&self, tenant_id: TenantId) -> Result<Vec<(String, i64)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT why, count(*) FROM silence WHERE tenant_id = $1 GROUP BY why ORDER BY count(*) DESC, why";
        fetch(&mut conn, sql, binds![tenant_id]).await
    }

    /// Owed, paid, open and overdue per currency, and what platforms owe, from the ledger, in bounded ranges.
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
                    let late = item.receivable.due_on.is_some_and(|due| due < today);
                    add(&mut totals, item.receivable.amount, item.owed()?, late);
                }
            }
            after = *last;
        }
    }
}

fn add(totals: &mut Vec<MoneyTotals>, amount: Money, owed: Owed, late: bool) {
    let position = totals.iter().position(|total| total.currency == amount.currency).unwrap_or_else(|| {
        totals.push(MoneyTotals {
            currency: amount.currency,
            owed_minor: 0,
            paid_minor: 0,
            open_minor: 0,
            overdue_minor: 0,
            platform_minor: 0,
        });
        totals.len() - 1
    });
    let total = &mut totals[position];
    total.owed_minor += amount.minor;
    total.paid_minor += amount.minor - owed.buyer.minor - owed.platform.minor;
    total.open_minor += owed.buyer.minor;
    total.overdue_minor += if late { owed.buyer.minor } else { 0 };
    total.platform_minor += owed.platform.minor;
}
