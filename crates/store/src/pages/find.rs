//! Finding things by the numbers people use: human numbers, invoice and order numbers, ids, names.

use serde::Deserialize;

use dunlin_core::ids::{PartyId, ReceivableId, TenantId};
use dunlin_core::money::Money;

use crate::bind::{Bind, binds};
use crate::conn::{fetch, fetch_one};
use crate::facts::iso;
use crate::{Store, StoreError};

/// A receivable that was looked for.
#[derive(Debug, Clone)]
pub struct FoundReceivable {
    pub party_id: PartyId,
    pub receivable_id: ReceivableId,
    /// `R-1042`.
    pub number: String,
    pub amount: Money,
}

#[derive(Deserialize)]
struct Row {
    party_id: PartyId,
    id: ReceivableId,
    number: i64,
    amount_minor: i64,
    currency: String,
}

const RECEIVABLE: &str = "SELECT r.party_id, r.id, r.number, r.amount_minor, r.currency FROM receivable r";

fn found(row: Row) -> Result<FoundReceivable, StoreError> {
    Ok(FoundReceivable {
        party_id: row.party_id,
        receivable_id: row.id,
        number: format!("R-{:04}", row.number),
        amount: Money::new(row.amount_minor, iso(&row.currency)?),
    })
}

/// `R-1042`, `r1042`, `1042` → 1042, for the prefix `R`.
pub fn human_number(prefix: char, text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix([prefix, prefix.to_ascii_lowercase()]).unwrap_or(text);
    digits.strip_prefix('-').unwrap_or(digits).parse().ok().filter(|number| *number > 0)
}

impl Store {
    /// A receivable by human number, id, invoice number or order number (then the oldest open one of the order).
    pub async fn find_receivable(&self, tenant_id: TenantId, name: &str) -> Result<FoundReceivable, StoreError> {
        let name = name.trim();
        let mut tries: Vec<(String, Bind)> = Vec::new();
        if let Ok(id) = name.parse::<ReceivableId>() {
            tries.push((format!("{RECEIVABLE} WHERE r.tenant_id = $1 AND r.id = $2"), id.into()));
        }
        if name.starts_with(['R', 'r'])
            && let Some(number) = human_number('R', name)
        {
            tries.push((format!("{RECEIVABLE} WHERE r.tenant_id = $1 AND r.number = $2"), number.into()));
        }
        let by_words = format!(
            "{RECEIVABLE} LEFT JOIN cases k ON k.tenant_id = r.tenant_id AND k.party_id = r.party_id \
             AND k.receivable_id = r.id WHERE r.tenant_id = $1 AND (r.reference = $2 OR r.order_number = $2) \
             ORDER BY CASE WHEN k.state IN ('running', 'ladder_done', 'handed_over', 'plan_agreed') THEN 0 ELSE 1 END, \
             COALESCE(r.due_on, '9999'), r.number LIMIT 1"
        );
        tries.push((by_words, name.into()));
        if let Ok(number) = name.parse::<i64>() {
            tries.push((format!("{RECEIVABLE} WHERE r.tenant_id = $1 AND r.number = $2"), number.into()));
        }
        let mut conn = self.conn().await?;
        for (sql, value) in tries {
            let row: Option<Row> = fetch_one(&mut conn, &sql, vec![tenant_id.into(), value]).await?;
            if let Some(row) = row {
                return found(row);
            }
        }
        Err(StoreError::not_found("receivable", name))
    }

    /// The open milestone of an order by the seller's own words.
    pub async fn find_milestone(
        &self,
        tenant_id: TenantId,
        order: &str,
        milestone: &str,
    ) -> Result<Option<FoundReceivable>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{RECEIVABLE} WHERE r.tenant_id = $1 AND (r.order_number = $2 OR r.reference = $2) \
             AND r.milestone = $3 ORDER BY r.number LIMIT 1"
        );
        let row: Option<Row> = fetch_one(&mut conn, &sql, binds![tenant_id, order, milestone]).await?;
        row.map(found).transpose()
    }

    /// The oldest receivable of an order that is still chased.
    pub async fn find_open(&self, tenant_id: TenantId, order: &str) -> Result<Option<FoundReceivable>, StoreError> {
        match self.find_receivable(tenant_id, order).await {
            Ok(found) => Ok(Some(found)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Receivables of an order with an open dispute.
    pub async fn find_disputed(&self, tenant_id: TenantId, order: &str) -> Result<Vec<FoundReceivable>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{RECEIVABLE} WHERE r.tenant_id = $1 AND (r.order_number = $2 OR r.reference = $2) AND EXISTS \
             (SELECT 1 FROM dispute d WHERE d.tenant_id = r.tenant_id AND d.party_id = r.party_id \
             AND d.receivable_id = r.id AND d.resolved_at IS NULL) ORDER BY r.number"
        );
        let rows: Vec<Row> = fetch(&mut conn, &sql, binds![tenant_id, order]).await?;
        rows.into_iter().map(found).collect()
    }

    /// Number and name of a party, for a list.
    pub async fn party_name(&self, tenant_id: TenantId, id: PartyId) -> Result<(String, String), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT number, name FROM party WHERE tenant_id = $1 AND id = $2";
        let row: Option<(i64, String)> = fetch_one(&mut conn, sql, binds![tenant_id, id]).await?;
        let (number, name) = row.ok_or_else(|| StoreError::not_found("debtor", id.to_string()))?;
        Ok((format!("D-{number:04}"), name))
    }

    /// A debtor by human number, the number in the seller's own files, id, or exact name; of one that was merged, the
    /// one it is now.
    pub async fn find_party(&self, tenant_id: TenantId, name: &str) -> Result<Option<(PartyId, i64)>, StoreError> {
        let mut conn = self.conn().await?;
        let number = if name.starts_with(['D', 'd']) { human_number('D', name) } else { None };
        // Our own number or id decides: a file may give another debtor a number that looks like one of ours.
        let sql = "SELECT s.id, s.number FROM party p JOIN party s ON s.tenant_id = p.tenant_id \
                   AND s.id = COALESCE(p.merged_into, p.id) WHERE p.tenant_id = $1 AND (p.number = $2 OR p.id = $3 \
                   OR p.name = $3 OR p.id IN (SELECT x.row_id FROM external_identity x WHERE x.tenant_id = $1 \
                   AND x.noun = 'party' AND x.external_id = $3)) \
                   ORDER BY CASE WHEN p.number = $2 OR p.id = $3 THEN 0 ELSE 1 END, p.number LIMIT 1";
        fetch_one(&mut conn, sql, binds![tenant_id, number.unwrap_or(0), name.trim()]).await
    }

    /// Open calls about an order.
    pub async fn open_calls(&self, tenant_id: TenantId, order: &str) -> Result<Vec<i64>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT t.number FROM task t JOIN receivable r ON r.tenant_id = t.tenant_id \
                   AND r.party_id = t.party_id AND r.id = t.receivable_id WHERE t.tenant_id = $1 \
                   AND t.kind = 'call' AND t.settled_at IS NULL AND (r.order_number = $2 OR r.reference = $2) \
                   ORDER BY t.number";
        let rows: Vec<(i64,)> = fetch(&mut conn, sql, binds![tenant_id, order]).await?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }
}
