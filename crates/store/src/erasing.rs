//! Forgetting a person, and showing what is known of one before that.
//!
//! A person's key is destroyed, and with it every name, address, sent letter, rehearsal and line of the log that was
//! sealed under it, also in copies of the database. Amounts, days, numbers, hashes and sequence stay: the books go on
//! being right. Files that came in are kept as they were and name many people at once, so one that names the person is
//! given up as a whole; its hash stays, and with it what was made of it.

use serde_json::{Map, Value, json};

use dunlin_core::ids::{ContactId, PartyId, TenantId};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::shipment::journey::TrackingEvent;

use crate::audit_log::{LogEntry, PARTY};
use crate::bind::binds;
use crate::conn::{fetch, fetch_number, fetch_one};
use crate::{Commit, Store, StoreError};

/// What stands in place of a name.
pub const ERASED: &str = "erased";

/// Free words about a consumer, by table and column.
const WORDS: &[(&str, &str)] = &[
    ("hold", "why"),
    ("promise", "words"),
    ("dispute", "why"),
    ("dispute", "resolution"),
    ("unpaid_why", "words"),
    ("instalment_plan", "words"),
    ("case_turn", "words"),
    ("closed_days", "why"),
    ("supply_decision", "why"),
    ("question", "words"),
    ("incident", "details"),
    ("task", "note"),
    ("ledger_entry", "note"),
    ("order_ask", "words"),
    ("dispatch_hold", "why"),
];

impl Commit {
    /// Destroys the key of one person at a debtor. What was sealed for them cannot be opened any more.
    pub async fn erase_contact(&mut self, party_id: PartyId, id: ContactId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT count(*) FROM contact WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        if fetch_number(&mut self.tx, sql, binds![tenant_id, party_id, id]).await?.unwrap_or(0) == 0 {
            return Err(StoreError::not_found("contact", id.to_string()));
        }
        self.destroy_contact(party_id, id).await?;
        self.forget_answers().await?;
        self.wake_party(party_id).await?;
        self.log(LogEntry::new("contact.erased", "contact", id.to_string()).about(party_id));
        Ok(())
    }

    /// Answers kept for programs that may repeat a request hold names. Whose answer is gone is told that it was done.
    pub(crate) async fn forget_answers(&mut self) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "DELETE FROM idempotent_answer WHERE tenant_id = $1 AND status IS NOT NULL AND changed_at IS NULL";
        self.execute(sql, binds![tenant_id]).await?;
        let sql = "UPDATE idempotent_answer SET status = NULL, body = NULL WHERE tenant_id = $1 AND status IS NOT NULL";
        self.execute(sql, binds![tenant_id]).await?;
        Ok(())
    }

    async fn destroy_contact(&mut self, party_id: PartyId, id: ContactId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        self.forget_suppressed(party_id, id).await?;
        let sql = "UPDATE contact SET sealed = '', ways = '', objected = 1 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, id]).await?;
        let sql = "UPDATE letter SET sealed_envelope = NULL WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
        self.execute(sql, binds![tenant_id, party_id, id]).await?;
        self.forget_talks(party_id, "t.key_person", &id.to_string()).await?;
        let sql = "UPDATE rehearsal SET sealed = '' WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
        self.execute(sql, binds![tenant_id, party_id, id]).await?;
        let sql = "DELETE FROM person_key WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
        self.execute(sql, binds![tenant_id, party_id, id]).await?;
        Ok(())
    }

    /// Forgets who a consumer was. A company's name is no personal datum; its people are erased one by one.
    pub async fn erase_consumer(&mut self, id: PartyId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT p.is_consumer FROM party p WHERE p.tenant_id = $1 AND p.id = $2";
        let row: Option<(i64,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, id]).await?;
        match row {
            None => return Err(StoreError::not_found("debtor", id.to_string())),
            Some((0,)) => {
                return Err(Refusal::new(RefusalCode::DebtorCompany).into());
            }
            Some(_) => {}
        }
        let sql = "SELECT c.id FROM contact c WHERE c.tenant_id = $1 AND c.party_id = $2";
        let contacts: Vec<(ContactId,)> = fetch(&mut self.tx, sql, binds![tenant_id, id]).await?;
        for (contact,) in contacts {
            self.destroy_contact(id, contact).await?;
        }
        let sql = "SELECT p.id FROM party p WHERE p.tenant_id = $1 AND (p.id = $2 OR p.merged_into = $2) ORDER BY p.id";
        // Also under the names of whoever turned out to be the same person.
        let halves: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![tenant_id, id]).await?;
        for (half,) in &halves {
            self.forget_who_it_was(*half).await?;
        }
        self.scrub_words(id).await?;
        self.scrub_parcels(id).await?;
        self.forget_talks(id, "t.party_id", &id.to_string()).await?;
        // Last: the lines of the log about this debtor close with it.
        for (half,) in &halves {
            let sql = "DELETE FROM person_key WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
            self.execute(sql, binds![tenant_id, PARTY, *half]).await?;
        }
        self.forget_answers().await?;
        self.wake_party(id).await?;
        self.log(LogEntry::new("party.erased", "party", id.to_string()));
        Ok(())
    }

    /// Names, accounts on marketplaces, addresses of orders and what was answered about them, of one half of a debtor.
    async fn forget_who_it_was(&mut self, id: PartyId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE party SET name = $3, name_key = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, ERASED]).await?;
        // Accounts on a marketplace are names too; the next file brings somebody unknown.
        let sql = "DELETE FROM external_identity WHERE tenant_id = $1 AND noun = 'party' AND row_id = $2";
        self.execute(sql, binds![tenant_id, id]).await?;
        let sql = "DELETE FROM order_delivery WHERE tenant_id = $1 AND party_id = $2";
        self.execute(sql, binds![tenant_id, id]).await?;
        let sql = "UPDATE order_ask SET sealed_answer = NULL, key_person = NULL WHERE tenant_id = $1 AND party_id = $2 \
                   AND sealed_answer IS NOT NULL";
        self.execute(sql, binds![tenant_id, id]).await?;
        self.scrub_history(id).await
    }

    /// Whether somebody asked that it be forgotten who this was.
    pub(crate) async fn is_erased(&mut self, id: PartyId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM party p WHERE p.tenant_id = $1 AND p.id = $2 AND p.name = $3 AND p.name_key = $3";
        let row: Option<(i64,)> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, id, ERASED]).await?;
        Ok(row.is_some())
    }

    /// Names in what earlier rows were.
    async fn scrub_history(&mut self, id: PartyId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT h.noun, h.row_id, h.superseded_at, h.seq, h.image FROM history h WHERE h.tenant_id = $1 \
                   AND h.party_id = $2";
        let rows: Vec<(String, String, i64, i64, String)> = fetch(&mut self.tx, sql, binds![tenant_id, id]).await?;
        for (noun, row_id, at, seq, image) in rows {
            let Some(clean) = scrubbed(&image)? else {
                continue;
            };
            let sql = "UPDATE history SET image = $6 WHERE tenant_id = $1 AND noun = $2 AND row_id = $3 \
                       AND superseded_at = $4 AND seq = $5";
            self.execute(sql, binds![tenant_id, noun, row_id, at, seq, clean]).await?;
        }
        Ok(())
    }

    /// Free words that people wrote about a consumer, and the name under their payments.
    async fn scrub_words(&mut self, id: PartyId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        for (table, column) in WORDS {
            let sql = format!("UPDATE {table} SET {column} = $3 WHERE tenant_id = $1 AND party_id = $2");
            self.execute(&sql, binds![tenant_id, id, ERASED]).await?;
        }
        let sql = "UPDATE payment SET payer_name = $3, words = $3 WHERE tenant_id = $1 AND id IN (SELECT e.payment_id \
                   FROM ledger_entry e WHERE e.tenant_id = $1 AND e.party_id = $2 AND e.payment_id IS NOT NULL)";
        self.execute(sql, binds![tenant_id, id, ERASED]).await?;
        let sql = "UPDATE bank_entry SET counterparty_name = $3, counterparty_account = NULL, reference = NULL, \
                   purpose = $3 WHERE tenant_id = $1 AND id IN (SELECT p.bank_entry_id FROM payment p \
                   JOIN ledger_entry e ON e.tenant_id = p.tenant_id AND e.payment_id = p.id \
                   WHERE p.tenant_id = $1 AND e.party_id = $2 AND p.bank_entry_id IS NOT NULL)";
        self.execute(sql, binds![tenant_id, id, ERASED]).await?;
        Ok(())
    }

    /// What carriers wrote about their parcels: to whom, where, and who signed for it. When a parcel was where stays.
    async fn scrub_parcels(&mut self, id: PartyId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "DELETE FROM tracking_notice WHERE tenant_id = $1 AND number <> '' AND number IN (SELECT h.number \
                   FROM shipment h WHERE h.tenant_id = $1 AND h.party_id = $2)";
        self.execute(sql, binds![tenant_id, id]).await?;
        let sql = "SELECT e.order_id, e.shipment_id, e.at, e.event_key, e.event FROM tracking_event e \
                   WHERE e.tenant_id = $1 AND e.party_id = $2";
        let rows: Vec<(String, String, i64, String, String)> = fetch(&mut self.tx, sql, binds![tenant_id, id]).await?;
        for (order, parcel, at, key, event) in rows {
            let Some(clean) = without_words(&event)? else { continue };
            // The key stays that of what was told, so that the same told again adds nothing.
            let sql = "UPDATE tracking_event SET event = $7 WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                       AND shipment_id = $4 AND at = $5 AND event_key = $6";
            self.execute(sql, binds![tenant_id, id, order, parcel, at, key, clean]).await?;
        }
        Ok(())
    }

    /// Gives up the copy of a file that came in.
    pub async fn forget_file(&mut self, sha256: &str) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "DELETE FROM blob WHERE tenant_id = $1 AND sha256 = $2";
        self.execute(sql, binds![tenant_id, sha256]).await?;
        self.log(LogEntry::new("file.forgotten", "file", sha256));
        Ok(())
    }

    /// Takes words out of the accounts of imports: what could not be read, and what was corrected.
    pub async fn scrub_reports(&mut self, names: &(dyn Fn(&str) -> bool + Sync)) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        for (table, column) in [("import_run", "report"), ("job", "result")] {
            let sql = format!("SELECT id, {column} FROM {table} WHERE tenant_id = $1 AND {column} IS NOT NULL");
            let rows: Vec<(String, String)> = fetch(&mut self.tx, &sql, binds![tenant_id]).await?;
            for (id, text) in rows {
                // What is no JSON is sealed, and no names are in it.
                let Ok(mut report) = serde_json::from_str::<Value>(&text) else {
                    continue;
                };
                if !scrub(&mut report, names) {
                    continue;
                }
                let sql = format!("UPDATE {table} SET {column} = $3 WHERE tenant_id = $1 AND id = $2");
                self.execute(&sql, binds![tenant_id, id, report.to_string()]).await?;
            }
        }
        Ok(())
    }
}

/// A scan without the carrier's words, in which people are named; `None`: it has none.
pub(crate) fn without_words(event: &str) -> Result<Option<String>, StoreError> {
    let mut told: TrackingEvent = serde_json::from_str(event).map_err(StoreError::corrupt)?;
    if told.description.is_empty() && told.location.is_empty() {
        return Ok(None);
    }
    told.description.clear();
    told.location.clear();
    serde_json::to_string(&told).map(Some).map_err(StoreError::corrupt)
}

/// Puts [`ERASED`] in place of every text that names somebody; whether there was one.
fn scrub(value: &mut Value, names: &(dyn Fn(&str) -> bool + Sync)) -> bool {
    match value {
        Value::String(text) if names(text) => {
            *text = ERASED.to_string();
            true
        }
        Value::Array(all) => all.iter_mut().fold(false, |found, one| scrub(one, names) | found),
        Value::Object(all) => all.values_mut().fold(false, |found, one| scrub(one, names) | found),
        _ => false,
    }
}

/// An image without what names somebody; `None` when nothing did.
fn scrubbed(image: &str) -> Result<Option<String>, StoreError> {
    let mut fields: Map<String, Value> = serde_json::from_str(image).map_err(StoreError::corrupt)?;
    let mut found = false;
    for name in ["name", "payer_name", "blocked_because", "blocked_evidence", "unblocked_because", "sealed"] {
        if let Some(value) = fields.get_mut(name) {
            *value = if name == "sealed" { json!("") } else { json!(ERASED) };
            found = true;
        }
    }
    Ok(found.then(|| Value::Object(fields).to_string()))
}

/// Table, the column that names the debtor, and what is shown of it.
const KNOWN: &[(&str, &str, &[&str])] = &[
    (
        "party",
        "id",
        &[
            "number",
            "name",
            "country",
            "language",
            "is_consumer",
            "blacklisted",
            "grade",
            "credit_limit_minor",
            "credit_limit_currency",
            "effective_on",
        ],
    ),
    ("sales_order", "party_id", &["number", "source", "total_minor", "currency", "ordered_on", "terms_text", "goods"]),
    ("receivable", "party_id", &["number", "reference", "milestone", "amount_minor", "currency", "due_on", "closed"]),
    ("ledger_entry", "party_id", &["kind", "amount_minor", "currency", "note", "effective_on"]),
    ("hold", "party_id", &["kind", "why", "until_on", "effective_on"]),
    ("promise", "party_id", &["pay_on", "amount_minor", "currency", "state", "words"]),
    ("dispute", "party_id", &["amount_minor", "currency", "why", "resolution", "effective_on"]),
    ("unpaid_why", "party_id", &["why", "words", "effective_on"]),
    ("instalment_plan", "party_id", &["late_days", "all_due", "words", "state", "effective_on"]),
    ("case_turn", "party_id", &["kind", "what", "name", "on_day", "words"]),
    ("key_date", "party_id", &["kind", "on_day"]),
    ("closed_days", "party_id", &["from_day", "to_day", "why"]),
    ("order_news", "party_id", &["at", "word", "why"]),
    ("order_line", "party_id", &["sku", "title", "quantity", "price_minor", "currency"]),
    ("shipment", "party_id", &["carrier", "number", "shipped_at"]),
    ("order_ask", "party_id", &["kind", "words", "raised_at", "outcome"]),
    ("dispatch_hold", "party_id", &["why", "until_on"]),
    ("receipt_extension", "party_id", &["days", "state", "until_on"]),
    ("supply_decision", "party_id", &["kind", "until_on", "why", "effective_on"]),
    ("question", "party_id", &["kind", "answer_by", "state", "words", "effective_on"]),
    ("task", "party_id", &["number", "kind", "outcome", "note"]),
];

/// What puts the rows of a table into one order, whichever of its columns is read.
fn order_of(table: &str) -> &'static str {
    match table {
        "order_news" => "order_id, at, word, why",
        "order_line" => "order_id, line",
        _ => "id",
    }
}

impl Store {
    /// Hash and name of every file that came in and is kept.
    pub async fn kept_files(&self, tenant_id: TenantId) -> Result<Vec<(String, String)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT b.sha256, b.name FROM blob b WHERE b.tenant_id = $1 ORDER BY b.recorded_at, b.sha256";
        fetch(&mut conn, sql, binds![tenant_id]).await
    }

    /// The rows about a debtor, by table: what is told to somebody who asks what is known of them. Letters and persons,
    /// which lie sealed, are added by whoever asks.
    pub async fn known_of(&self, tenant_id: TenantId, id: PartyId) -> Result<Value, StoreError> {
        let mut tx = self.snapshot().await?;
        let mut all = Map::new();
        for (table, column, shown) in KNOWN {
            let parts: Vec<String> = shown.iter().map(|name| format!("CAST({name} AS TEXT)")).collect();
            let mut rows = Vec::new();
            // One column at a time keeps the types out of it; a debtor has few rows.
            for (index, part) in parts.iter().enumerate() {
                let order = order_of(table);
                let sql = format!("SELECT {part} FROM {table} WHERE tenant_id = $1 AND {column} = $2 ORDER BY {order}");
                let values: Vec<(Option<String>,)> = fetch(&mut tx, &sql, binds![tenant_id, id]).await?;
                rows.resize_with(values.len().max(rows.len()), Map::new);
                for (row, (value,)) in rows.iter_mut().zip(values) {
                    row.insert(shown[index].to_string(), json!(value));
                }
            }
            all.insert((*table).to_string(), json!(rows));
        }
        tx.commit().await?;
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{scrub, scrubbed};

    #[test]
    fn accounts_of_imports_lose_the_words_that_name_somebody() {
        let mut report = json!({"problems": [{"read": "Ana Ruiz", "row": 3}, {"read": "Tent"}], "rows": 2});
        assert!(scrub(&mut report, &|text| text.contains("Ana Ruiz")));
        assert_eq!(report, json!({"problems": [{"read": "erased", "row": 3}, {"read": "Tent"}], "rows": 2}));
        assert!(!scrub(&mut report, &|text| text.contains("Ana Ruiz")));
    }

    #[test]
    fn images_lose_names_and_keep_the_rest() {
        let clean = scrubbed(r#"{"name":"Anna","country":"ES","sealed":"abc"}"#).expect("read").expect("changed");
        assert!(!clean.contains("Anna") && !clean.contains("abc") && clean.contains("ES"));
        assert!(scrubbed(r#"{"amount_minor":3}"#).expect("read").is_none());
    }
}
