//! Two parties that are one company: everything of the second moves to the first, and its own names lead there. Its row
//! stays, with `merged_into`: numbers and names under which it was known go on working. The merge is a link that can be
//! undone: what moved is kept by id.

use std::collections::BTreeMap;

use serde::Deserialize;

use dunlin_core::ids::{HoldId, PartyId, PromiseId, TenantId};

use crate::bind::binds;
use crate::conn::{fetch, fetch_number, fetch_one};
use crate::dialect::flag;
use crate::pages::find::human_number;
use crate::party_marks::{Block, Blocked};
use crate::{Commit, Store, StoreError};

/// Tables whose rows move by their own id, with the column that is it.
const MOVED: [(&str, &str); 15] = [
    ("contact", "id"),
    ("person_key", "contact_id"),
    ("sales_order", "id"),
    ("invoice", "id"),
    ("receivable", "id"),
    ("letter", "id"),
    ("task", "id"),
    ("hold", "id"),
    ("promise", "id"),
    ("key_date", "id"),
    ("closed_days", "id"),
    ("talk", "id"),
    ("supply_decision", "id"),
    ("payment", "id"),
    ("incident", "id"),
];

/// Tables whose rows follow a receivable, whenever they were written, with the condition that tells whose they are.
const FOLLOWING: [(&str, &str); 9] = [
    ("ledger_entry", "receivable_id"),
    ("dispute", "receivable_id"),
    ("unpaid_why", "receivable_id"),
    ("instalment_plan", "receivable_id"),
    ("instalment", "receivable_id"),
    ("cases", "receivable_id"),
    ("step_taken", "case_id"),
    ("case_turn", "case_id"),
    ("silence", "case_id"),
];

/// Tables whose rows may be about one receivable: those go with it, also when they were written while the two were one.
const ABOUT: [(&str, &str); 4] =
    [("task", "case_id"), ("task", "receivable_id"), ("hold", "receivable_id"), ("promise", "receivable_id")];

/// Under this name `moved` keeps the parties that had been merged into the one that went.
const LED_ON: &str = "party";

/// Under this name the country that the one that stays did not have before.
const COUNTRY: &str = "country";

/// What two parties must agree in before they can be one.
#[derive(Debug, Clone)]
pub struct MergeSide {
    pub number: String,
    pub country: String,
    pub language: Option<String>,
    pub is_consumer: bool,
    pub blocked: bool,
    /// A letter of it is being handed over this moment, or may have left and is not settled: its cases wait for it.
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
        let sql =
            "SELECT count(*) FROM letter WHERE tenant_id = $1 AND party_id = $2 AND state IN ('sending', 'uncertain')";
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
        let mut moved: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (table, id) in MOVED {
            let sql = format!("SELECT {id} FROM {table} WHERE tenant_id = $1 AND party_id = $2 ORDER BY {id}");
            let ids: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![tenant_id, gone]).await?;
            moved.insert(table, ids.into_iter().map(|(id,)| id).collect());
        }
        let sql = "SELECT id FROM party WHERE tenant_id = $1 AND merged_into = $2 ORDER BY id";
        let ids: Vec<(String,)> = fetch(&mut self.tx, sql, binds![tenant_id, gone]).await?;
        moved.insert(LED_ON, ids.into_iter().map(|(id,)| id).collect());
        let (kept, told) = (self.merge_side(stays).await?.country, self.merge_side(gone).await?.country);
        if kept.is_empty() && !told.is_empty() {
            // Hours and language follow the country; without one they would be our own and English.
            self.set_country(stays, &told, gone).await?;
            moved.insert(COUNTRY, vec![told]);
        }
        // People were written to in the language of their company, where they have none of their own.
        let sql = "UPDATE contact SET language = COALESCE(language, $3) WHERE tenant_id = $1 AND party_id = $2";
        self.execute(sql, binds![tenant_id, gone, language.map(str::to_string)]).await?;
        for table in MOVED.into_iter().chain(FOLLOWING).map(|(table, _)| table) {
            let sql = format!("UPDATE {table} SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3");
            self.execute(&sql, binds![tenant_id, stays, gone]).await?;
        }
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
        let moved = serde_json::to_string(&moved).map_err(StoreError::corrupt)?;
        let sql = "INSERT INTO party_merge (tenant_id, gone, merged_at, stays, moved, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, binds![tenant_id, gone, now, stays, moved, seq]).await?;
        self.wake_party(stays).await
    }

    /// Who a party was merged into, while that holds.
    pub async fn merged_into(&mut self, gone: PartyId) -> Result<Option<PartyId>, StoreError> {
        let sql = "SELECT stays FROM party_merge WHERE tenant_id = $1 AND gone = $2 AND undone_at IS NULL";
        let row: Option<(PartyId,)> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, gone]).await?;
        Ok(row.map(|(stays,)| stays))
    }

    /// A party that was merged, by its own number or name.
    pub async fn merged_party(&mut self, name: &str) -> Result<PartyId, StoreError> {
        let number = human_number('D', name).unwrap_or(0);
        let sql = "SELECT p.id FROM party p JOIN party_merge m ON m.tenant_id = p.tenant_id AND m.gone = p.id \
                   AND m.undone_at IS NULL WHERE p.tenant_id = $1 AND (p.number = $2 OR p.name = $3) \
                   ORDER BY p.number LIMIT 1";
        let row: Option<(PartyId,)> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, number, name.trim()]).await?;
        row.map(|(id,)| id).ok_or_else(|| StoreError::not_found("merged debtor", name.to_string()))
    }

    /// Takes a merge back: what moved then goes home, with all that was booked on it since. What came in under the
    /// common name since stays where it is; what was said of the two as one holds for both.
    pub async fn separate_party(&mut self, gone: PartyId) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "SELECT stays, moved, seq FROM party_merge WHERE tenant_id = $1 AND gone = $2 AND undone_at IS NULL";
        let row: Option<(PartyId, String, i64)> = fetch_one(&mut self.tx, sql, binds![tenant_id, gone]).await?;
        let (stays, moved, merged_with) =
            row.ok_or_else(|| StoreError::not_found("merge of debtor", gone.to_string()))?;
        let moved: BTreeMap<String, Vec<String>> = serde_json::from_str(&moved).map_err(StoreError::corrupt)?;
        let kept_country = self.merge_side(stays).await?.country;
        let list = |table: &str| serde_json::to_string(moved.get(table).map_or(&[][..], Vec::as_slice));
        let kind = self.tx.kind();
        let known = list("receivable").map_err(StoreError::corrupt)?;
        // Instalments go home with what they stand for, also those agreed while the two were one.
        let sql = format!(
            "SELECT i.receivable_id FROM instalment i JOIN instalment_plan p ON p.tenant_id = i.tenant_id \
             AND p.party_id = i.party_id AND p.id = i.plan_id WHERE i.tenant_id = $1 AND {}",
            kind.listed("p.receivable_id", 2)
        );
        let parts: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![tenant_id, known.as_str()]).await?;
        let mut home: Vec<String> = moved.get("receivable").cloned().unwrap_or_default();
        home.extend(parts.into_iter().map(|(id,)| id));
        let receivables = serde_json::to_string(&home).map_err(StoreError::corrupt)?;
        let cases = "SELECT k.id FROM cases k WHERE k.tenant_id = $1 AND ";
        // What hangs on a case before the cases themselves.
        for (table, column) in FOLLOWING.into_iter().rev().chain(ABOUT) {
            let which = match column {
                "case_id" => format!("case_id IN ({cases}{})", kind.listed("k.receivable_id", 4)),
                _ => kind.listed(column, 4),
            };
            let sql = format!("UPDATE {table} SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3 AND {which}");
            self.execute(&sql, binds![tenant_id, gone, stays, receivables.as_str()]).await?;
        }
        for (table, id) in MOVED {
            let ids = list(table).map_err(StoreError::corrupt)?;
            let which = kind.listed(id, 4);
            let sql = format!("UPDATE {table} SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3 AND {which}");
            self.execute(&sql, binds![tenant_id, gone, stays, ids]).await?;
            let which = kind.listed("row_id", 4);
            let sql = format!("UPDATE history SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3 AND {which}");
            self.execute(&sql, binds![tenant_id, gone, stays, list(table).map_err(StoreError::corrupt)?]).await?;
        }
        // Money that was placed belongs to the one whose receivables it pays, whenever that was.
        let lines = "SELECT 1 FROM ledger_entry e WHERE e.tenant_id = payment.tenant_id AND e.payment_id = payment.id";
        let sql = format!(
            "UPDATE payment SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3 \
             AND EXISTS ({lines} AND e.party_id = $2) AND NOT EXISTS ({lines} AND e.party_id = $3)"
        );
        self.execute(&sql, binds![tenant_id, gone, stays]).await?;
        self.execute(&sql, binds![tenant_id, stays, gone]).await?;
        // Money that waits could be either's again.
        let sql = "INSERT INTO payment_candidate (tenant_id, payment_id, party_id) SELECT c.tenant_id, c.payment_id, $2 \
                   FROM payment_candidate c WHERE c.tenant_id = $1 AND c.party_id = $3 ON CONFLICT DO NOTHING";
        self.execute(sql, binds![tenant_id, gone, stays]).await?;
        let sql = "UPDATE party SET merged_into = NULL, recorded_at = $3, seq = $4 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, gone, now, seq]).await?;
        let which = kind.listed("id", 3);
        let sql = format!("UPDATE party SET merged_into = $2 WHERE tenant_id = $1 AND {which}");
        self.execute(&sql, binds![tenant_id, gone, list(LED_ON).map_err(StoreError::corrupt)?]).await?;
        let sql = "UPDATE party_merge SET undone_at = $3 WHERE tenant_id = $1 AND gone = $2 AND undone_at IS NULL";
        self.execute(sql, binds![tenant_id, gone, now]).await?;
        if moved.get(COUNTRY).is_some_and(|told| *told == [kept_country.as_str()]) {
            self.set_country(stays, "", gone).await?;
        }
        self.share_what_stands(stays, gone, merged_with).await?;
        self.wake_party(stays).await?;
        self.wake_party(gone).await
    }

    /// Pauses, promises, decisions about supply and a block that were meant for the two as one, written since change number `since`: a copy for
    /// the one that leaves, because nobody can tell any more which of them was meant.
    async fn share_what_stands(&mut self, stays: PartyId, gone: PartyId, since: i64) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "SELECT id FROM hold WHERE tenant_id = $1 AND party_id = $2 AND receivable_id IS NULL AND seq > $3 \
                   AND released_at IS NULL ORDER BY seq, id";
        let holds: Vec<(HoldId,)> = fetch(&mut self.tx, sql, binds![tenant_id, stays, since]).await?;
        for (id,) in holds {
            let sql = "INSERT INTO hold (tenant_id, party_id, id, why, until_on, effective_on, recorded_at, seq) \
                       SELECT tenant_id, $3, $4, why, until_on, effective_on, $5, $6 FROM hold \
                       WHERE tenant_id = $1 AND party_id = $2 AND id = $7";
            let copy = HoldId(self.ids.make());
            self.execute(sql, binds![tenant_id, stays, gone, copy, now, seq, id]).await?;
        }
        let sql = "SELECT id FROM promise WHERE tenant_id = $1 AND party_id = $2 AND receivable_id IS NULL AND seq > $3 \
                   AND settled_at IS NULL ORDER BY seq, id";
        let promises: Vec<(PromiseId,)> = fetch(&mut self.tx, sql, binds![tenant_id, stays, since]).await?;
        for (id,) in promises {
            let sql = "INSERT INTO promise (tenant_id, party_id, id, promised_on, pay_on, amount_minor, currency, state, \
                       words, recorded_at, seq) SELECT tenant_id, $3, $4, promised_on, pay_on, amount_minor, currency, \
                       state, words, $5, $6 FROM promise WHERE tenant_id = $1 AND party_id = $2 AND id = $7";
            let copy = PromiseId(self.ids.make());
            self.execute(sql, binds![tenant_id, stays, gone, copy, now, seq, id]).await?;
        }
        let sql = "SELECT id FROM supply_decision WHERE tenant_id = $1 AND party_id = $2 AND seq > $3 AND ended_at IS NULL \
                   ORDER BY seq, id";
        let decisions: Vec<(HoldId,)> = fetch(&mut self.tx, sql, binds![tenant_id, stays, since]).await?;
        for (id,) in decisions {
            let sql = "INSERT INTO supply_decision (tenant_id, party_id, id, kind, until_on, why, effective_on, \
                       recorded_at, seq) SELECT tenant_id, $3, $4, kind, until_on, why, effective_on, $5, $6 \
                       FROM supply_decision WHERE tenant_id = $1 AND party_id = $2 AND id = $7";
            let copy = HoldId(self.ids.make());
            self.execute(sql, binds![tenant_id, stays, gone, copy, now, seq, id]).await?;
        }
        if let Some(blocked) = self.blocked(stays).await? {
            let Blocked { why, evidence, until, .. } = &blocked;
            self.block_party(gone, &Block { why, evidence, until: *until }).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Number and name of the parties that a party is besides itself.
    pub async fn merged_parties(
        &self,
        tenant_id: TenantId,
        stays: PartyId,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT p.number, p.name FROM party_merge m JOIN party p ON p.tenant_id = m.tenant_id AND p.id = m.gone \
                   WHERE m.tenant_id = $1 AND m.stays = $2 AND m.undone_at IS NULL ORDER BY p.number";
        let rows: Vec<(i64, String)> = fetch(&mut conn, sql, binds![tenant_id, stays]).await?;
        Ok(rows.into_iter().map(|(number, name)| (format!("D-{number:04}"), name)).collect())
    }
}
