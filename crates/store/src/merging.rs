//! Two parties that are one company: everything of the second moves to the first, and its own names lead there. Its row
//! stays, with `merged_into`: numbers and names under which it was known go on working.

use serde::Deserialize;

use dunlin_core::ids::PartyId;

use crate::bind::binds;
use crate::conn::{fetch_number, fetch_one};
use crate::dialect::flag;
use crate::{Commit, StoreError};

/// Every table with rows of a party, apart from those that need more than a new party: see [`Commit::merge_party`].
const MOVED: [&str; 15] = [
    "person_key",
    "sales_order",
    "invoice",
    "receivable",
    "ledger_entry",
    "cases",
    "step_taken",
    "silence",
    "letter",
    "task",
    "hold",
    "promise",
    "dispute",
    "payment",
    "incident",
];

/// What two parties must agree in before they can be one.
#[derive(Debug, Clone)]
pub struct MergeSide {
    pub number: String,
    pub country: String,
    pub language: Option<String>,
    pub is_consumer: bool,
    pub blocked: bool,
    /// A letter of it is being handed over this moment.
    pub is_sending: bool,
}

#[derive(Deserialize)]
struct Row {
    number: i64,
    country: String,
    language: Option<String>,
    #[serde(with = "flag")]
    is_consumer: bool,
    #[serde(with = "flag")]
    blacklisted: bool,
}

impl Commit {
    pub async fn merge_side(&mut self, id: PartyId) -> Result<MergeSide, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT number, country, language, is_consumer, blacklisted FROM party WHERE tenant_id = $1 \
                   AND id = $2 AND merged_into IS NULL";
        let row: Option<Row> = fetch_one(&mut self.tx, sql, binds![tenant_id, id]).await?;
        let row = row.ok_or_else(|| StoreError::not_found("debtor", id.to_string()))?;
        let sql = "SELECT count(*) FROM letter WHERE tenant_id = $1 AND party_id = $2 AND state = 'sending'";
        let sending = fetch_number(&mut self.tx, sql, binds![tenant_id, id]).await?.unwrap_or(0);
        Ok(MergeSide {
            number: format!("D-{:04}", row.number),
            country: row.country,
            language: row.language,
            is_consumer: row.is_consumer,
            blocked: row.blacklisted,
            is_sending: sending > 0,
        })
    }

    /// Moves everything of `gone` to `stays` and wakes it. Whoever calls has seen that the two may be one.
    pub async fn merge_party(
        &mut self,
        stays: PartyId,
        gone: PartyId,
        language: Option<&str>,
    ) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        for table in MOVED {
            let sql = format!("UPDATE {table} SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3");
            self.execute(&sql, binds![tenant_id, stays, gone]).await?;
        }
        // People were written to in the language of their company, where they have none of their own.
        let sql = "UPDATE contact SET party_id = $2, language = COALESCE(language, $4) \
                   WHERE tenant_id = $1 AND party_id = $3";
        self.execute(sql, binds![tenant_id, stays, gone, language.map(str::to_string)]).await?;
        let sql = "UPDATE history SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3 AND noun <> 'party'";
        self.execute(sql, binds![tenant_id, stays, gone]).await?;
        // Money could have been either's: then it is named once.
        let sql = "DELETE FROM payment_candidate WHERE tenant_id = $1 AND party_id = $3 AND payment_id IN \
                   (SELECT c.payment_id FROM payment_candidate c WHERE c.tenant_id = $1 AND c.party_id = $2)";
        self.execute(sql, binds![tenant_id, stays, gone]).await?;
        let sql = "UPDATE payment_candidate SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3";
        self.execute(sql, binds![tenant_id, stays, gone]).await?;
        // Whatever was merged into it before leads on, so that one step is always enough.
        let sql = "UPDATE party SET merged_into = $2, recorded_at = $4, seq = $5 \
                   WHERE tenant_id = $1 AND (id = $3 OR merged_into = $3)";
        self.execute(sql, binds![tenant_id, stays, gone, now, seq]).await?;
        let image = serde_json::json!({"merged_into": stays.to_string()});
        self.keep_history(Some(gone), "party", &gone.to_string(), image).await?;
        self.wake_party(stays).await
    }
}
