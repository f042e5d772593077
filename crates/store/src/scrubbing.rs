//! Taking words out that name somebody who is to be forgotten: what people wrote down, what mail servers and carriers
//! said, and what rows said before. What is counted with stays: amounts, days, numbers, codes.

use serde_json::{Map, Value, json};

use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::names::Names;
use dunlin_core::shipment::journey::TrackingEvent;

use crate::bind::binds;
use crate::conn::fetch;
use crate::erasing::ERASED;
use crate::{Commit, StoreError};

/// Free words about a debtor, by table and column. Of a consumer all of them go; at a company those that name the person.
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
    // What a mail server answered quotes the reader; what a colleague said who let a letter be may name them.
    ("letter", "outcome"),
    ("step_taken", "void_why"),
];

/// Words about goods and hands, and what services answered: they go where they name somebody.
const TEXTS: &[(&str, &str)] = &[
    ("sales_order", "terms_text"),
    ("sales_order", "goods"),
    ("case_turn", "name"),
    ("receipt_extension", "why"),
    ("shipment", "follow_problem"),
];

/// Tables with a list of reasons, which hold texts among codes.
const REASONS: &[&str] = &["letter", "step_taken", "task", "silence"];

/// Accounts of imports that are read at once: each may be long.
const REPORTS_AT_ONCE: i64 = 200;

/// Texts that are about no debtor and may name somebody all the same.
const ELSEWHERE: &[(&str, &str)] =
    &[("import_run", "file_name"), ("job", "what"), ("remote_order", "about"), ("task", "note")];

impl Commit {
    /// Free words that people wrote about a consumer, and the name under the payments that have their place with them.
    pub(crate) async fn scrub_words(&mut self, id: PartyId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        for (table, column) in WORDS {
            let sql =
                format!("UPDATE {table} SET {column} = $3 WHERE tenant_id = $1 AND party_id = $2 AND {column} <> ''");
            self.execute(&sql, binds![tenant_id, id, ERASED]).await?;
        }
        let theirs = "SELECT e.payment_id FROM ledger_entry e WHERE e.tenant_id = $1 AND e.party_id = $2 \
                      AND e.payment_id IS NOT NULL";
        let sql = format!(
            "UPDATE payment SET payer_name = $3, words = $3 WHERE tenant_id = $1 AND (party_id = $2 OR id IN ({theirs}))"
        );
        self.execute(&sql, binds![tenant_id, id, ERASED]).await?;
        let sql = format!(
            "UPDATE bank_entry SET counterparty_name = $3, counterparty_account = NULL, reference = NULL, \
             end_to_end_id = NULL, purpose = $3 WHERE tenant_id = $1 AND id IN (SELECT p.bank_entry_id FROM payment p \
             WHERE p.tenant_id = $1 AND p.bank_entry_id IS NOT NULL AND (p.party_id = $2 OR p.id IN ({theirs})))"
        );
        self.execute(&sql, binds![tenant_id, id, ERASED]).await?;
        Ok(())
    }

    /// Words about a debtor that name somebody, in its rows and in what they were before.
    pub(crate) async fn scrub_named(&mut self, id: PartyId, names: &Names) -> Result<(), StoreError> {
        if names.is_empty() {
            return Ok(());
        }
        let tenant_id = self.tenant_id;
        for (table, column) in WORDS.iter().chain(TEXTS) {
            let sql = format!(
                "SELECT DISTINCT {column} FROM {table} WHERE tenant_id = $1 AND party_id = $2 AND {column} <> ''"
            );
            let texts: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![tenant_id, id]).await?;
            for (text,) in texts.into_iter().filter(|(text,)| names.stand_in_text(text)) {
                let sql = format!(
                    "UPDATE {table} SET {column} = $3 WHERE tenant_id = $1 AND party_id = $2 AND {column} = $4"
                );
                self.execute(&sql, binds![tenant_id, id, ERASED, text]).await?;
            }
        }
        self.scrub_reasons("party_id", &id.to_string(), names).await?;
        self.scrub_images("party_id", &id.to_string(), names).await
    }

    /// Names among reasons. Money that waits is named with its payer at everybody whose it could be.
    pub(crate) async fn scrub_reasons(&mut self, which: &str, value: &str, names: &Names) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let is = if which == "reasons" { "LIKE" } else { "=" };
        for table in REASONS {
            let sql = format!("SELECT DISTINCT reasons FROM {table} WHERE tenant_id = $1 AND {which} {is} $2");
            let lists: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![tenant_id, value]).await?;
            for (list,) in lists {
                let mut reasons: Value = serde_json::from_str(&list).map_err(StoreError::corrupt)?;
                if scrub(&mut reasons, names) {
                    let sql = format!(
                        "UPDATE {table} SET reasons = $3 WHERE tenant_id = $1 AND {which} {is} $2 AND reasons = $4"
                    );
                    self.execute(&sql, binds![tenant_id, value, reasons.to_string(), list]).await?;
                }
            }
        }
        Ok(())
    }

    /// What a mail server answered about letters to a person, and what became of them in words: in the letters themselves, in
    /// those that went beside them, in their steps and their tasks.
    pub(crate) async fn scrub_answers(&mut self, party_id: PartyId, contact: ContactId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let own = "FROM letter l WHERE l.tenant_id = $1 AND l.party_id = $2 AND l.contact_id = $3";
        for sql in [
            format!(
                "UPDATE letter SET outcome = $4 WHERE tenant_id = $1 AND party_id = $2 AND outcome <> '' \
                 AND (contact_id = $3 OR COALESCE(lead_id, id) IN (SELECT COALESCE(l.lead_id, l.id) {own}))"
            ),
            format!(
                "UPDATE step_taken SET void_why = $4 WHERE tenant_id = $1 AND party_id = $2 AND void_why <> '' \
                 AND letter_id IN (SELECT COALESCE(l.lead_id, l.id) {own})"
            ),
            format!(
                "UPDATE task SET note = $4 WHERE tenant_id = $1 AND party_id = $2 AND note <> '' \
                 AND (contact_id = $3 OR letter_id IN (SELECT l.id {own}))"
            ),
        ] {
            self.execute(&sql, binds![tenant_id, party_id, contact, ERASED]).await?;
        }
        Ok(())
    }

    /// All names in what rows about a consumer were.
    pub(crate) async fn scrub_history(&mut self, id: PartyId) -> Result<(), StoreError> {
        for (row, image) in self.images("party_id", &id.to_string()).await? {
            if let Some(clean) = scrubbed(&image)? {
                self.put_image(row, clean).await?;
            }
        }
        Ok(())
    }

    /// What names somebody in what rows were, of which `column` holds `value`.
    pub(crate) async fn scrub_images(&mut self, column: &str, value: &str, names: &Names) -> Result<(), StoreError> {
        for (row, image) in self.images(column, value).await? {
            let mut fields: Value = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
            if scrub(&mut fields, names) {
                self.put_image(row, fields.to_string()).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn images(&mut self, column: &str, value: &str) -> Result<Vec<(ImageKey, String)>, StoreError> {
        let sql = format!(
            "SELECT h.noun, h.row_id, h.superseded_at, h.seq, h.image FROM history h WHERE h.tenant_id = $1 \
             AND {column} = $2"
        );
        let rows: Vec<(String, String, i64, i64, String)> =
            fetch(&mut self.tx, &sql, binds![self.tenant_id, value]).await?;
        Ok(rows.into_iter().map(|(noun, row_id, at, seq, image)| ((noun, row_id, at, seq), image)).collect())
    }

    pub(crate) async fn put_image(&mut self, row: ImageKey, image: String) -> Result<(), StoreError> {
        let (noun, row_id, at, seq) = row;
        let sql = "UPDATE history SET image = $6 WHERE tenant_id = $1 AND noun = $2 AND row_id = $3 \
                   AND superseded_at = $4 AND seq = $5";
        self.execute(sql, binds![self.tenant_id, noun, row_id, at, seq, image]).await?;
        Ok(())
    }

    /// What carriers wrote about the parcels of a debtor: to whom, where, and who signed for it. Of a consumer all of it;
    /// with `names` only what names them. When a parcel was where stays.
    pub(crate) async fn scrub_parcels(&mut self, id: PartyId, names: Option<&Names>) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        if names.is_none() {
            let sql = "DELETE FROM tracking_notice WHERE tenant_id = $1 AND number <> '' AND number IN \
                       (SELECT h.number FROM shipment h WHERE h.tenant_id = $1 AND h.party_id = $2)";
            self.execute(sql, binds![tenant_id, id]).await?;
        }
        let sql = "SELECT e.order_id, e.shipment_id, e.at, e.event_key, e.event FROM tracking_event e \
                   WHERE e.tenant_id = $1 AND e.party_id = $2";
        let rows: Vec<(String, String, i64, String, String)> = fetch(&mut self.tx, sql, binds![tenant_id, id]).await?;
        for (order, parcel, at, key, event) in rows {
            if names.is_some_and(|names| !names.stand_in_text(&event)) {
                continue;
            }
            let Some(clean) = without_words(&event)? else { continue };
            if names.is_some() {
                // The message that said so as it came, once its news are where they belong.
                let sql = "DELETE FROM tracking_notice WHERE tenant_id = $1 AND taken_at IS NOT NULL AND number <> '' \
                           AND number IN (SELECT h.number FROM shipment h WHERE h.tenant_id = $1 AND h.party_id = $2 \
                           AND h.order_id = $3 AND h.id = $4)";
                self.execute(sql, binds![tenant_id, id, order.as_str(), parcel.as_str()]).await?;
            }
            // The key stays that of what was told, so that the same told again adds nothing.
            let sql = "UPDATE tracking_event SET event = $7 WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                       AND shipment_id = $4 AND at = $5 AND event_key = $6";
            self.execute(sql, binds![tenant_id, id, order, parcel, at, key, clean]).await?;
        }
        Ok(())
    }

    /// Takes words out of the accounts of imports and jobs: what could not be read, and what was corrected.
    pub(crate) async fn scrub_reports(&mut self, names: &Names) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        for (table, column) in [("import_run", "report"), ("job", "result")] {
            let sql = format!(
                "SELECT id, {column} FROM {table} WHERE tenant_id = $1 AND id > $2 AND {column} IS NOT NULL \
                 ORDER BY id LIMIT $3"
            );
            let mut last = String::new();
            loop {
                let rows: Vec<(String, String)> =
                    fetch(&mut self.tx, &sql, binds![tenant_id, last.as_str(), REPORTS_AT_ONCE]).await?;
                let Some((id, _)) = rows.last() else { break };
                last.clone_from(id);
                for (id, text) in rows {
                    // What is no JSON is sealed, and no names are in it.
                    let Ok(mut report) = serde_json::from_str::<Value>(&text) else { continue };
                    if scrub(&mut report, names) {
                        let sql = format!("UPDATE {table} SET {column} = $3 WHERE tenant_id = $1 AND id = $2");
                        self.execute(&sql, binds![tenant_id, id, report.to_string()]).await?;
                    }
                }
            }
        }
        for (table, column) in ELSEWHERE {
            let sql = format!("SELECT DISTINCT {column} FROM {table} WHERE tenant_id = $1 AND {column} <> ''");
            let texts: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![tenant_id]).await?;
            for (text,) in texts.into_iter().filter(|(text,)| names.stand_in_text(text)) {
                let sql = format!("UPDATE {table} SET {column} = $2 WHERE tenant_id = $1 AND {column} = $3");
                self.execute(&sql, binds![tenant_id, ERASED, text]).await?;
            }
        }
        Ok(())
    }
}

/// Noun, row, moment and change: which row of the history it is.
pub(crate) type ImageKey = (String, String, i64, i64);

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
pub(crate) fn scrub(value: &mut Value, names: &Names) -> bool {
    match value {
        Value::String(text) if !is_code(text) && names.stand_in_payer(text) => {
            *text = ERASED.to_string();
            true
        }
        Value::Array(all) => all.iter_mut().fold(false, |found, one| scrub(one, names) | found),
        Value::Object(all) => all.values_mut().fold(false, |found, one| scrub(one, names) | found),
        _ => false,
    }
}

/// A word of the program's own, which also somebody may be called.
fn is_code(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '.'))
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

#[cfg(test)]
mod tests {
    use dunlin_core::names::Names;
    use serde_json::json;

    use super::{scrub, scrubbed};

    #[test]
    fn accounts_of_imports_lose_the_words_that_name_somebody() {
        let ana = Names::of(["Ana Ruiz".to_string()]);
        let mut report = json!({"problems": [{"read": "Ana Ruiz", "row": 3}, {"read": "Tent"}], "rows": 2});
        assert!(scrub(&mut report, &ana));
        assert_eq!(report, json!({"problems": [{"read": "erased", "row": 3}, {"read": "Tent"}], "rows": 2}));
        assert!(!scrub(&mut report, &ana));
    }

    #[test]
    fn images_lose_names_and_keep_the_rest() {
        let clean = scrubbed(r#"{"name":"Anna","country":"ES","sealed":"abc"}"#).expect("read").expect("changed");
        assert!(!clean.contains("Anna") && !clean.contains("abc") && clean.contains("ES"));
        assert!(scrubbed(r#"{"amount_minor":3}"#).expect("read").is_none());
    }
}
