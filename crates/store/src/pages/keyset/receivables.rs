//! Receivables by number, each with what is left of it.

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::case::CaseState;
use dunlin_core::ids::{PartyId, ReceivableId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::receivable::{Milestone, Obligor};

use super::After;
use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::flag;
use crate::facts::iso;
use crate::pages::debtor_list::PartyName;
use crate::{Sight, Store, StoreError};

/// Which receivables.
#[derive(Debug, Clone, Default)]
pub struct ReceivableFilter {
    pub debtor: Option<PartyId>,
    /// Only what is not closed and not paid to the last cent.
    pub open: bool,
    /// Only this one.
    pub only: Option<ReceivableId>,
}

/// A receivable.
#[derive(Debug, Clone)]
pub struct ListedReceivable {
    pub key: i64,
    /// `R-1042`.
    pub number: String,
    pub party: PartyName,
    pub reference: String,
    pub order_number: Option<String>,
    pub milestone: Milestone,
    pub amount: Money,
    pub outstanding: Money,
    pub due_on: Option<Date>,
    pub closed: bool,
    pub obligor: Obligor,
    /// `None` before the first decision about it.
    pub case: Option<CaseState>,
}

#[derive(Deserialize)]
struct Row {
    number: i64,
    reference: String,
    order_number: Option<String>,
    milestone: Milestone,
    amount_minor: i64,
    left_minor: i64,
    currency: String,
    due_on: Option<Date>,
    #[serde(with = "flag")]
    closed: bool,
    obligor: Obligor,
    case: Option<CaseState>,
    party_number: i64,
    name: String,
    country: String,
}

impl Store {
    /// Receivables after a number.
    pub async fn receivables_after(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        filter: &ReceivableFilter,
        after: &After<i64>,
    ) -> Result<Vec<ListedReceivable>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT x.number, x.reference, x.order_number, x.milestone, x.amount_minor, x.left_minor, x.currency, \
             x.due_on, x.closed, x.obligor, k.state, p.number, p.name, p.country FROM (SELECT r.id, r.party_id, \
             r.number, r.reference, r.order_number, r.milestone, r.amount_minor, r.currency, r.due_on, r.closed, \
             r.obligor, r.amount_minor - CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e \
             WHERE e.tenant_id = r.tenant_id AND e.party_id = r.party_id AND e.receivable_id = r.id), 0) AS BIGINT) \
             AS left_minor FROM receivable r WHERE r.tenant_id = $1 AND r.number > $2 AND ($4 = '' OR r.party_id = $4) \
             AND ($5 = '' OR r.id = $5) {}) x JOIN party p ON p.tenant_id = $1 AND p.id = x.party_id \
             LEFT JOIN cases k ON k.tenant_id = $1 AND k.party_id = x.party_id AND k.receivable_id = x.id \
             WHERE $6 = 0 OR (x.closed = 0 AND x.left_minor > 0) ORDER BY x.number LIMIT $3",
            sight.on("r.party_id")
        );
        let debtor = filter.debtor.map_or_else(String::new, |id| id.to_string());
        let only = filter.only.map_or_else(String::new, |id| id.to_string());
        let values = binds![tenant_id, after.key, after.limit, debtor, only, filter.open];
        let rows: Vec<Row> = fetch(&mut conn, &sql, values).await?;
        rows.into_iter().map(listed).collect()
    }
}

fn listed(row: Row) -> Result<ListedReceivable, StoreError> {
    let currency = iso(&row.currency)?;
    Ok(ListedReceivable {
        key: row.number,
        number: format!("R-{:04}", row.number),
        party: PartyName::new(row.party_number, row.name, row.country),
        reference: row.reference,
        order_number: row.order_number,
        milestone: row.milestone,
        amount: Money::new(row.amount_minor, currency),
        outstanding: Money::new(row.left_minor, currency),
        due_on: row.due_on,
        closed: row.closed,
        obligor: row.obligor,
        case: row.case,
    })
}
