//! Payments by number: those that wait for their place with whom they could be from, or one of any kind.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{PaymentId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::payment::PaymentSource;

use super::After;
use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::flag;
use crate::facts::iso;
use crate::pages::debtor_list::PartyName;
use crate::{Sight, Store, StoreError};

/// A payment.
#[derive(Debug, Clone)]
pub struct ListedPayment {
    pub key: i64,
    /// `P-0031`.
    pub number: String,
    pub source: PaymentSource,
    pub received_on: Date,
    /// False: nobody told the day; it came by then.
    pub day_known: bool,
    pub payer_name: String,
    /// Everything in which the payer may have named an invoice.
    pub words: String,
    pub amount: Money,
    /// What has no place yet.
    pub left: Money,
    /// All of it has its place, or a person set it aside.
    pub settled: bool,
    /// Why a person has to look.
    pub doubt: Option<String>,
    /// Whose it could be.
    pub candidates: Vec<PartyName>,
}

#[derive(Deserialize)]
struct Row {
    id: PaymentId,
    number: i64,
    source: PaymentSource,
    received_on: Date,
    #[serde(with = "flag")]
    day_known: bool,
    payer_name: String,
    words: String,
    amount_minor: i64,
    used_minor: i64,
    currency: String,
    #[serde(with = "flag")]
    settled: bool,
    doubt: Option<String>,
}

impl Store {
    /// Payments after a number that wait for their place; or, with `only`, the one of that number however it stands.
    /// Somebody who does not see every buyer sees money that could be their buyers', and no other candidates.
    pub async fn payments_after(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        only: Option<i64>,
        after: &After<i64>,
    ) -> Result<Vec<ListedPayment>, StoreError> {
        let mut conn = self.conn().await?;
        let seen = match sight {
            Sight::Everybody => String::new(),
            Sight::Of(_) => format!(
                "AND EXISTS (SELECT 1 FROM payment_candidate c WHERE c.tenant_id = p.tenant_id \
                 AND c.payment_id = p.id {})",
                sight.on("c.party_id")
            ),
        };
        let sql = format!(
            "SELECT p.id, p.number, p.source, p.received_on, p.day_known, p.payer_name, p.words, p.amount_minor, \
             CAST(COALESCE((SELECT sum(a.payment_minor) FROM ledger_entry a WHERE a.tenant_id = p.tenant_id \
             AND a.payment_id = p.id), 0) AS BIGINT), p.currency, \
             CASE WHEN p.placed = 1 OR p.set_aside_at IS NOT NULL THEN 1 ELSE 0 END, p.doubt FROM payment p \
             WHERE p.tenant_id = $1 AND p.number > $2 AND (p.number = $4 \
             OR ($4 = 0 AND p.placed = 0 AND p.set_aside_at IS NULL)) {seen} ORDER BY p.number LIMIT $3"
        );
        let values = binds![tenant_id, after.key, after.limit, only.unwrap_or(0)];
        let rows: Vec<Row> = fetch(&mut conn, &sql, values).await?;
        let ids: Vec<(PaymentId,)> = rows.iter().map(|row| (row.id,)).collect();
        let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
        let page = conn.kind().keys(2, &["payment_id"]);
        let sql = format!(
            "SELECT c.payment_id, d.number, d.name, d.country FROM {page} JOIN payment_candidate c \
             ON c.tenant_id = $1 AND c.payment_id = x.payment_id JOIN party d ON d.tenant_id = $1 \
             AND d.id = c.party_id WHERE 1 = 1 {} ORDER BY d.number",
            sight.on("c.party_id")
        );
        let mut candidates: HashMap<PaymentId, Vec<PartyName>> = HashMap::new();
        let found: Vec<(PaymentId, i64, String, String)> = fetch(&mut conn, &sql, binds![tenant_id, ids]).await?;
        for (payment, number, name, country) in found {
            candidates.entry(payment).or_default().push(PartyName::new(number, name, country));
        }
        let listed = |row: Row| {
            let currency = iso(&row.currency)?;
            Ok(ListedPayment {
                key: row.number,
                number: format!("P-{:04}", row.number),
                source: row.source,
                received_on: row.received_on,
                day_known: row.day_known,
                payer_name: row.payer_name,
                words: row.words,
                amount: Money::new(row.amount_minor, currency),
                left: Money::new(row.amount_minor - row.used_minor, currency),
                settled: row.settled,
                doubt: row.doubt,
                candidates: candidates.remove(&row.id).unwrap_or_default(),
            })
        };
        rows.into_iter().map(listed).collect()
    }
}
