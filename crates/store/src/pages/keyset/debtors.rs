//! Debtors by number, each with what it owes per currency.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::grade::Grade;
use dunlin_core::ids::{PartyId, TenantId, UserId};
use dunlin_core::money::Money;

use super::After;
use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::flag;
use crate::facts::iso;
use crate::pages::debtor_list::{Balance, PartyName};
use crate::{Sight, Store, StoreError};

/// Which debtors.
#[derive(Debug, Clone, Default)]
pub struct DebtorFilter {
    /// Only those who owe something.
    pub owing: bool,
    /// Only this one.
    pub only: Option<PartyId>,
}

/// A debtor.
#[derive(Debug, Clone)]
pub struct ListedDebtor {
    pub id: PartyId,
    /// What the list is sorted by; `party.number` is the same as people write it.
    pub key: i64,
    pub party: PartyName,
    /// As the file gave it: buyers have more languages than letters exist in.
    pub language: Option<String>,
    pub is_consumer: bool,
    pub blocked: bool,
    pub grade: Option<Grade>,
    /// Chosen for this debtor in place of the one its orders bring.
    pub playbook: Option<String>,
    /// Whose buyer it is.
    pub salesperson: Option<UserId>,
    /// Per currency, largest first; empty when nothing is open. What a platform owes is not counted.
    pub balances: Vec<Balance>,
    /// Earliest due date of what is open.
    pub oldest_due: Option<Date>,
}

#[derive(Deserialize)]
struct Row {
    id: PartyId,
    number: i64,
    name: String,
    country: String,
    language: Option<String>,
    #[serde(with = "flag")]
    is_consumer: bool,
    #[serde(with = "flag")]
    blacklisted: bool,
    playbook_override: Option<String>,
    salesperson_id: Option<UserId>,
    grade: String,
}

#[derive(Deserialize)]
struct BalanceRow {
    party_id: PartyId,
    currency: String,
    open_minor: i64,
    overdue_minor: i64,
    oldest: Option<Date>,
}

/// Receivables of buyers that are not closed, with what is left of each; `$1` is the firm.
const OWED: &str = "SELECT r.party_id, r.currency, r.due_on, \
    r.amount_minor - CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = r.tenant_id \
    AND e.party_id = r.party_id AND e.receivable_id = r.id), 0) AS BIGINT) AS left_minor FROM receivable r \
    WHERE r.tenant_id = $1 AND r.closed = 0 AND r.obligor <> 'platform'";

impl Store {
    /// Debtors after a number, with their balances. Those that were merged into another are that one.
    pub async fn debtors_after(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        filter: &DebtorFilter,
        after: &After<i64>,
        today: Date,
    ) -> Result<Vec<ListedDebtor>, StoreError> {
        let mut conn = self.conn().await?;
        let owing = match filter.owing {
            true => {
                format!("AND EXISTS (SELECT 1 FROM ({OWED} AND r.party_id = p.id) o WHERE o.left_minor > 0)")
            }
            false => String::new(),
        };
        let sql = format!(
            "SELECT p.id, p.number, p.name, p.country, p.language, p.is_consumer, p.blacklisted, p.playbook_override, \
             p.salesperson_id, p.grade FROM party p WHERE p.tenant_id = $1 AND p.number > $2 AND p.merged_into IS NULL \
             AND ($4 = '' OR p.id = $4) {owing} {} ORDER BY p.number LIMIT $3",
            sight.on("p.id")
        );
        let only = filter.only.map_or_else(String::new, |id| id.to_string());
        let rows: Vec<Row> = fetch(&mut conn, &sql, binds![tenant_id, after.key, after.limit, only]).await?;
        let ids: Vec<(PartyId,)> = rows.iter().map(|row| (row.id,)).collect();
        let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
        let page = conn.kind().keys(2, &["party_id"]);
        let sql = format!(
            "SELECT o.party_id, o.currency, CAST(sum(o.left_minor) AS BIGINT), \
             CAST(sum(CASE WHEN o.due_on < $3 THEN o.left_minor ELSE 0 END) AS BIGINT), min(o.due_on) \
             FROM ({OWED} AND r.party_id IN (SELECT x.party_id FROM {page})) o WHERE o.left_minor > 0 \
             GROUP BY o.party_id, o.currency"
        );
        let balances: Vec<BalanceRow> = fetch(&mut conn, &sql, binds![tenant_id, ids, today]).await?;
        with_balances(rows, balances)
    }
}

fn with_balances(rows: Vec<Row>, balances: Vec<BalanceRow>) -> Result<Vec<ListedDebtor>, StoreError> {
    let mut of: HashMap<PartyId, (Vec<Balance>, Option<Date>)> = HashMap::new();
    for row in balances {
        let currency = iso(&row.currency)?;
        let (list, oldest) = of.entry(row.party_id).or_default();
        list.push(Balance {
            open: Money::new(row.open_minor, currency),
            overdue: Money::new(row.overdue_minor, currency),
        });
        *oldest = oldest.iter().copied().chain(row.oldest).min();
    }
    let listed = rows.into_iter().map(|row| {
        let (mut balances, oldest_due) = of.remove(&row.id).unwrap_or_default();
        balances.sort_by_key(|balance| (std::cmp::Reverse(balance.open.minor), balance.open.currency.code()));
        ListedDebtor {
            id: row.id,
            key: row.number,
            party: PartyName::new(row.number, row.name, row.country),
            language: row.language,
            is_consumer: row.is_consumer,
            blocked: row.blacklisted,
            grade: Grade::from_code(&row.grade),
            playbook: row.playbook_override,
            salesperson: row.salesperson_id,
            balances,
            oldest_due,
        }
    });
    Ok(listed.collect())
}
