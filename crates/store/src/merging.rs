//! Two parties that are one company: everything of the second moves to the first, and its own names lead there. Its row
//! stays, with `merged_into`: numbers and names under which it was known go on working. The merge is a link that can be
//! undone: what moved is kept by id.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use dunlin_core::ids::{HoldId, PartyId, TenantId};
use dunlin_core::money::Money;

use crate::bind::binds;
use crate::conn::{fetch, fetch_number, fetch_one};
use crate::dialect::flag;
use crate::pages::find::human_number;
use crate::party_marks::{Block, Blocked};
use crate::{Commit, Store, StoreError};

/// Tables whose rows move by their own id, with the column that is it.
const MOVED: [(&str, &str); 16] = [
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
    ("question", "id"),
];

/// Tables whose rows follow a receivable or an order, whenever they were written, with the column that tells whose they are.
const FOLLOWING: [(&str, &str); 18] = [
    ("ledger_entry", "receivable_id"),
    ("dispute", "receivable_id"),
    ("unpaid_why", "receivable_id"),
    ("instalment_plan", "receivable_id"),
    ("instalment", "receivable_id"),
    ("cases", "receivable_id"),
    ("step_taken", "case_id"),
    ("case_turn", "case_id"),
    ("silence", "case_id"),
    ("order_standing", "order_id"),
    ("order_news", "order_id"),
    ("order_line", "order_id"),
    ("shipment", "order_id"),
    ("tracking_event", "order_id"),
    ("order_ask", "order_id"),
    ("dispatch_hold", "order_id"),
    ("order_delivery", "order_id"),
    ("receipt_extension", "order_id"),
];

/// Tables whose rows may be about one receivable: those go with it, also when they were written while the two were one.
const ABOUT: [(&str, &str); 5] = [
    ("task", "case_id"),
    ("task", "receivable_id"),
    ("hold", "receivable_id"),
    ("promise", "receivable_id"),
    ("question", "receivable_id"),
];

/// Under this name `moved` keeps the parties that had been merged into the one that went.
const LED_ON: &str = "party";

/// Under this name the country that the one that stays did not have before.
const COUNTRY: &str = "country";

/// Under this name the credit limit of the two as one, and [`TAKEN`] where it is that of the one that went.
const LIMIT: &str = "credit_limit";
const TAKEN: &str = "taken";

/// What is said of a debtor as a whole: the table, what a copy of a row takes over, and which rows hold still. A talk with a
/// person goes with the person.
const SAID_OF_BOTH: [(&str, &str, &str); 5] = [
    ("hold", "why, until_on, effective_on, kind", "receivable_id IS NULL AND released_at IS NULL"),
    (
        "promise",
        "promised_on, pay_on, amount_minor, currency, state, words",
        "receivable_id IS NULL AND settled_at IS NULL",
    ),
    ("supply_decision", "kind, until_on, why, effective_on", "ended_at IS NULL"),
    ("closed_days", "from_day, to_day, why", "ended_at IS NULL"),
    (
        "talk",
        "place, talked_at, asked, key_person, sealed, file_sha256, file_type, intent",
        "contact_id IS NULL AND ended_at IS NULL",
    ),
];

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
        moved.insert(LIMIT, self.limit_of_both(stays, gone).await?);
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
        let of = |table: &str| moved.get(table).map(Vec::as_slice).unwrap_or_default();
        let kind = self.tx.kind();
        let orders = of("sales_order");
        let home = self.going_home(stays, of("receivable"), orders).await?;
        // Cases of orders and parcels name these where others name a receivable.
        let parcels = self.parcels_of(stays, orders).await?;
        let subjects: Vec<&String> = home.iter().chain(orders).chain(&parcels).collect();
        let receivables = serde_json::to_string(&subjects).map_err(StoreError::corrupt)?;
        let list = |table: &str| match table {
            "receivable" => Ok(receivables.clone()),
            _ => serde_json::to_string(of(table)),
        };
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
        // What its cases were before, for whoever looks back.
        let sql = format!(
            "UPDATE history SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3 AND noun = 'case' \
             AND row_id IN ({cases}{})",
            kind.listed("k.receivable_id", 4)
        );
        self.execute(&sql, binds![tenant_id, gone, stays, receivables.as_str()]).await?;
        for (table, id) in MOVED {
            let ids = list(table).map_err(StoreError::corrupt)?;
            let which = kind.listed(id, 4);
            let sql = format!("UPDATE {table} SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3 AND {which}");
            self.execute(&sql, binds![tenant_id, gone, stays, ids]).await?;
            let which = kind.listed("row_id", 4);
            let sql = format!("UPDATE history SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3 AND {which}");
            self.execute(&sql, binds![tenant_id, gone, stays, list(table).map_err(StoreError::corrupt)?]).await?;
        }
        // What was written since of an order, an amount or a person that goes home: the days, the invoice, the talk.
        let subjects: Vec<&String> = home.iter().chain(orders).collect();
        let subjects = serde_json::to_string(&subjects).map_err(StoreError::corrupt)?;
        for (table, column, ids) in [
            ("key_date", "subject_id", subjects),
            ("invoice", "order_id", list("sales_order").map_err(StoreError::corrupt)?),
            ("talk", "contact_id", list("contact").map_err(StoreError::corrupt)?),
        ] {
            let which = kind.listed(column, 4);
            let sql = format!("UPDATE {table} SET party_id = $2 WHERE tenant_id = $1 AND party_id = $3 AND {which}");
            self.execute(&sql, binds![tenant_id, gone, stays, ids]).await?;
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
        self.part_limits(stays, gone, of(LIMIT)).await?;
        self.share_what_stands(stays, gone, merged_with).await?;
        self.wake_party(stays).await?;
        self.wake_party(gone).await
    }

    /// The receivables that go with the one that leaves: those that came with it, what was added to its orders since, and
    /// the instalments that stand for any of them.
    async fn going_home(
        &mut self,
        stays: PartyId,
        moved: &[String],
        orders: &[String],
    ) -> Result<Vec<String>, StoreError> {
        let (tenant_id, kind) = (self.tenant_id, self.tx.kind());
        let orders = serde_json::to_string(orders).map_err(StoreError::corrupt)?;
        let sql = format!(
            "SELECT id FROM receivable WHERE tenant_id = $1 AND party_id = $2 AND {} ORDER BY id",
            kind.listed("order_id", 3)
        );
        let added: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![tenant_id, stays, orders]).await?;
        let sql = format!(
            "SELECT i.receivable_id FROM instalment i JOIN instalment_plan p ON p.tenant_id = i.tenant_id \
             AND p.party_id = i.party_id AND p.id = i.plan_id WHERE i.tenant_id = $1 AND {} ORDER BY i.receivable_id",
            kind.listed("p.receivable_id", 2)
        );
        let mut home: BTreeSet<String> = moved.iter().cloned().collect();
        home.extend(added.into_iter().map(|(id,)| id));
        // An instalment may have been parted into instalments again.
        loop {
            let known = serde_json::to_string(&home).map_err(StoreError::corrupt)?;
            let parts: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![tenant_id, known]).await?;
            let before = home.len();
            home.extend(parts.into_iter().map(|(id,)| id));
            if home.len() == before {
                return Ok(home.into_iter().collect());
            }
        }
    }

    /// How much the two may owe as one: what was said of the one that stays, else what was said of the other.
    async fn limit_of_both(&mut self, stays: PartyId, gone: PartyId) -> Result<Vec<String>, StoreError> {
        let (kept, other) = (self.credit_limit(stays).await?, self.credit_limit(gone).await?);
        if kept.is_none() && other.is_some() {
            self.set_credit_limit(stays, other).await?;
            return Ok(vec![limit_text(other), TAKEN.to_string()]);
        }
        Ok(vec![limit_text(kept)])
    }

    /// Each has its own limit back. One that was set for the two as one holds for both.
    async fn part_limits(&mut self, stays: PartyId, gone: PartyId, of_both: &[String]) -> Result<(), StoreError> {
        let Some((known, taken)) = of_both.split_first() else {
            return Ok(());
        };
        let now = self.credit_limit(stays).await?;
        if limit_text(now) != *known {
            self.set_credit_limit(gone, now).await?;
        } else if !taken.is_empty() {
            self.set_credit_limit(stays, None).await?;
        }
        Ok(())
    }

    /// What was meant for the two as one, written since change number `since`, and a block: a copy for the one that leaves,
    /// because nobody can tell any more which of them was meant.
    async fn share_what_stands(&mut self, stays: PartyId, gone: PartyId, since: i64) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        for (table, columns, holds) in SAID_OF_BOTH {
            let sql = format!(
                "SELECT id FROM {table} WHERE tenant_id = $1 AND party_id = $2 AND seq > $3 AND {holds} ORDER BY seq, id"
            );
            let rows: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![tenant_id, stays, since]).await?;
            for (id,) in rows {
                let sql = format!(
                    "INSERT INTO {table} (tenant_id, party_id, id, {columns}, recorded_at, seq) \
                     SELECT tenant_id, $3, $4, {columns}, $5, $6 FROM {table} \
                     WHERE tenant_id = $1 AND party_id = $2 AND id = $7"
                );
                let copy = HoldId(self.ids.make());
                self.execute(&sql, binds![tenant_id, stays, gone, copy, now, seq, id]).await?;
            }
        }
        if let Some(blocked) = self.blocked(stays).await? {
            let Blocked { why, evidence, until, .. } = &blocked;
            self.block_party(gone, &Block { why, evidence, until: *until }).await?;
        }
        Ok(())
    }
}

/// As `moved` keeps it; empty: nothing was said.
fn limit_text(limit: Option<Money>) -> String {
    limit.map(|limit| limit.to_string()).unwrap_or_default()
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
