//! What is known of a debtor and its people, for whoever asks: every table that names them, what is sealed opened. People,
//! letters and talks, which lie in rows of their own making, are added by whoever asks.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use dunlin_core::ids::{PartyId, TenantId};

use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::known_words::{HALVES, elsewhere, names_of_party};
use crate::named_money::{named_entries, named_payments};
use crate::order_asks::open;
use crate::{Store, StoreError};

/// A table, the column that names the debtor, what puts its rows into one order, and what is shown of it.
type Told = (&'static str, &'static str, &'static str, &'static [&'static str]);

const KNOWN: &[Told] = &[
    (
        "party",
        "id",
        "id",
        &[
            "number",
            "name",
            "country",
            "language",
            "is_consumer",
            "blacklisted",
            "blocked_until",
            "grade",
            "credit_limit_minor",
            "credit_limit_currency",
            "merged_into",
            "effective_on",
        ],
    ),
    ("external_identity", "row_id", "source, external_id", &["source", "external_id"]),
    (
        "sales_order",
        "party_id",
        "id",
        &["id", "number", "source", "total_minor", "currency", "ordered_on", "terms_text", "goods"],
    ),
    ("invoice", "party_id", "id", &["number", "issued_on", "total_minor", "currency", "voided_at"]),
    (
        "receivable",
        "party_id",
        "id",
        &["number", "reference", "milestone", "amount_minor", "currency", "due_on", "closed"],
    ),
    ("ledger_entry", "party_id", "id", &["kind", "amount_minor", "currency", "note", "effective_on"]),
    ("hold", "party_id", "id", &["kind", "why", "until_on", "effective_on"]),
    ("promise", "party_id", "id", &["pay_on", "amount_minor", "currency", "state", "words"]),
    ("dispute", "party_id", "id", &["amount_minor", "currency", "why", "resolution", "effective_on"]),
    ("unpaid_why", "party_id", "id", &["why", "words", "effective_on"]),
    ("instalment_plan", "party_id", "id", &["late_days", "all_due", "words", "state", "effective_on"]),
    ("instalment", "party_id", "plan_id, nth", &["plan_id", "nth", "receivable_id"]),
    ("cases", "party_id", "id", &["subject", "state", "playbook", "started_at", "step"]),
    ("case_turn", "party_id", "id", &["kind", "what", "name", "on_day", "words"]),
    (
        "step_taken",
        "party_id",
        "case_id, step, round",
        &["step", "round", "level", "reasons", "taken_at", "done_at", "voided_at", "void_why", "answer_by"],
    ),
    ("silence", "party_id", "case_id, seq", &["decided_at", "verdict", "why", "reasons"]),
    ("key_date", "party_id", "id", &["kind", "on_day"]),
    ("closed_days", "party_id", "id", &["from_day", "to_day", "why"]),
    ("order_news", "party_id", "order_id, at, word, why", &["order_id", "at", "word", "why"]),
    ("order_standing", "party_id", "order_id", &["order_id", "word", "word_since", "ship_by", "protection_ends_on"]),
    ("order_line", "party_id", "order_id, line", &["order_id", "sku", "title", "quantity", "price_minor", "currency"]),
    ("shipment", "party_id", "id", &["order_id", "carrier", "number", "shipped_at", "arrived_at", "arrived_in"]),
    ("tracking_event", "party_id", "order_id, shipment_id, at, event_key", &["order_id", "at", "event"]),
    ("dispatch_hold", "party_id", "id", &["order_id", "why", "until_on"]),
    ("receipt_extension", "party_id", "id", &["order_id", "days", "state", "until_on", "why"]),
    ("supply_decision", "party_id", "id", &["kind", "until_on", "why", "effective_on"]),
    ("question", "party_id", "id", &["kind", "answer_by", "state", "words", "effective_on"]),
    ("task", "party_id", "id", &["number", "kind", "outcome", "note", "reasons"]),
    ("incident", "party_id", "id", &["invariant", "what", "details", "recorded_at"]),
    ("payment_candidate", "party_id", "payment_id", &["payment_id"]),
];

/// What is sealed under the key that a column names: the table, what is shown of it, which column opens, under which name it
/// is told.
const SEALED: &[(&str, &[&str], &str, &str)] = &[
    ("order_delivery", &["order_id", "confirmed_at"], "sealed", "told"),
    ("order_ask", &["order_id", "kind", "words", "raised_at", "settled_at", "outcome"], "sealed_answer", "answer"),
];

const PAYMENT: &[&str] =
    &["number", "source", "amount_minor", "currency", "received_on", "payer_name", "words", "bank_entry_id"];
const BANK_ENTRY: &[&str] = &[
    "account",
    "booked_on",
    "amount_minor",
    "currency",
    "reference",
    "bank_reference",
    "end_to_end_id",
    "counterparty_name",
    "counterparty_account",
    "purpose",
];

type Row = Map<String, Value>;

/// Rows of a table as texts. One column at a time keeps the types out of it; a debtor has few rows.
async fn rows_of(
    conn: &mut Conn,
    table: &str,
    (condition, order): (&str, &str),
    (tenant_id, value): (TenantId, &str),
    columns: &[&str],
) -> Result<Vec<Row>, StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    for column in columns {
        let sql = format!(
            "SELECT CAST({column} AS TEXT) AS told FROM {table} WHERE tenant_id = $1 AND {condition} ORDER BY {order}"
        );
        let values: Vec<(Option<String>,)> = fetch(conn, &sql, binds![tenant_id, value]).await?;
        rows.resize_with(values.len().max(rows.len()), Map::new);
        for (row, (value,)) in rows.iter_mut().zip(values) {
            row.insert((*column).to_string(), json!(value));
        }
    }
    Ok(rows)
}

/// What a row says under a name.
fn text(row: &Row, column: &str) -> Option<String> {
    row.get(column).and_then(Value::as_str).map(str::to_string)
}

impl Store {
    /// The rows about a debtor and its merged halves, by table: what is told to somebody who asks what is known of them.
    pub async fn known_of(&self, tenant_id: TenantId, id: PartyId) -> Result<Value, StoreError> {
        let mut tx = self.snapshot().await?;
        let whom = id.to_string();
        let about = (tenant_id, whom.as_str());
        let mut all = Map::new();
        for (table, column, order, shown) in KNOWN {
            let which = format!("{column} IN {HALVES}");
            let rows = rows_of(&mut tx, table, (which.as_str(), *order), about, shown).await?;
            all.insert((*table).to_string(), json!(rows));
        }
        let which = format!("party_id IN {HALVES}");
        for (table, shown, sealed, name) in SEALED {
            let columns: Vec<&str> = shown.iter().copied().chain(["key_person", *sealed]).collect();
            let order = if *table == "order_ask" { "id" } else { "order_id" };
            let mut rows = rows_of(&mut tx, table, (which.as_str(), order), about, &columns).await?;
            for row in &mut rows {
                open_in(&mut tx, tenant_id, row, sealed, name).await?;
            }
            all.insert((*table).to_string(), json!(rows));
        }
        let columns = ["contact_id", "letter", "sealed", "sent_to", "outcome", "recorded_at"];
        let mut rows = rows_of(&mut tx, "rehearsal", (which.as_str(), "id"), about, &columns).await?;
        for row in &mut rows {
            let reader = row.remove("contact_id").unwrap_or_default();
            row.insert("key_person".to_string(), reader);
            open_in(&mut tx, tenant_id, row, "sealed", "text").await?;
        }
        all.insert("rehearsal".to_string(), json!(rows));
        all.insert("history".to_string(), json!(earlier(&mut tx, about, &which).await?));
        let (payments, entries) = money(&mut tx, tenant_id, id).await?;
        all.insert("payment".to_string(), json!(payments));
        all.insert("bank_entry".to_string(), json!(entries));
        tx.commit().await?;
        Ok(Value::Object(all))
    }
}

/// Opens what is sealed in a row; what cannot be opened any more says nothing.
async fn open_in(
    conn: &mut Conn,
    tenant_id: TenantId,
    row: &mut Row,
    sealed: &str,
    name: &str,
) -> Result<(), StoreError> {
    let (person, closed) = (text(row, "key_person"), text(row, sealed).filter(|closed| !closed.is_empty()));
    row.remove("key_person");
    row.remove(sealed);
    let told: Option<Value> = match (person, closed) {
        (Some(person), Some(closed)) => open(conn, tenant_id, &person, &closed).await?,
        _ => None,
    };
    row.insert(name.to_string(), json!(told));
    Ok(())
}

/// What rows said before they were changed.
async fn earlier(conn: &mut Conn, about: (TenantId, &str), which: &str) -> Result<Vec<Row>, StoreError> {
    let order = "superseded_at, seq, noun, row_id";
    let columns = ["noun", "row_id", "superseded_at", "image"];
    let mut rows = rows_of(conn, "history", (which, order), about, &columns).await?;
    for row in &mut rows {
        let noun = text(row, "noun").unwrap_or_default();
        let whose = text(row, "row_id").unwrap_or_default();
        let image = text(row, "image").unwrap_or_default();
        let mut image: Row = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
        if noun == "contact" {
            image.insert("key_person".to_string(), json!(whose));
            open_in(conn, about.0, &mut image, "sealed", "person").await?;
        }
        if let Some(Value::Object(before)) = image.get_mut("before") {
            open_in(conn, about.0, before, "sealed", "told").await?;
        }
        row.insert("image".to_string(), Value::Object(image));
    }
    Ok(rows)
}

/// Payments of a debtor and the lines of the bank behind them; and money that waits for its place and names them, which may
/// be theirs. What has its place with somebody else is theirs.
async fn money(conn: &mut Conn, tenant_id: TenantId, id: PartyId) -> Result<(Vec<Row>, Vec<Row>), StoreError> {
    let names = names_of_party(conn, tenant_id, id).await?;
    let names = elsewhere(conn, tenant_id, id, &names).await?;
    let own = format!(
        "SELECT p.id FROM payment p WHERE p.tenant_id = $1 AND (p.party_id IN {HALVES} OR p.id IN \
         (SELECT e.payment_id FROM ledger_entry e WHERE e.tenant_id = $1 AND e.party_id IN {HALVES}))"
    );
    let own: Vec<(String,)> = fetch(conn, &own, binds![tenant_id, id]).await?;
    let mut ids: BTreeSet<String> = own.into_iter().map(|(payment,)| payment).collect();
    for named in named_payments(conn, tenant_id, &names).await? {
        let sql = "SELECT p.id FROM payment p WHERE p.tenant_id = $1 AND p.id = $2 AND p.party_id IS NULL \
                   AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.tenant_id = $1 AND e.payment_id = p.id)";
        let waits: Vec<(String,)> = fetch(conn, sql, binds![tenant_id, named.id]).await?;
        ids.extend(waits.into_iter().map(|(payment,)| payment));
    }
    let (mut payments, mut lines) = (Vec::new(), BTreeSet::new());
    for payment in &ids {
        let about = (tenant_id, payment.as_str());
        for mut row in rows_of(conn, "payment", ("id = $2", "id"), about, PAYMENT).await? {
            lines.extend(text(&row, "bank_entry_id"));
            row.remove("bank_entry_id");
            let before = earlier(conn, about, "noun = 'payment' AND row_id = $2").await?;
            row.insert("before".to_string(), json!(before));
            payments.push(row);
        }
    }
    for named in named_entries(conn, tenant_id, &names).await? {
        let sql = "SELECT e.id FROM bank_entry e WHERE e.tenant_id = $1 AND e.id = $2 AND NOT EXISTS \
                   (SELECT 1 FROM payment p WHERE p.tenant_id = $1 AND p.bank_entry_id = e.id)";
        let alone: Vec<(String,)> = fetch(conn, sql, binds![tenant_id, named.id]).await?;
        lines.extend(alone.into_iter().map(|(line,)| line));
    }
    let mut entries = Vec::new();
    for line in &lines {
        entries.extend(rows_of(conn, "bank_entry", ("id = $2", "id"), (tenant_id, line.as_str()), BANK_ENTRY).await?);
    }
    Ok((payments, entries))
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, SEALED};
    use crate::conn::fetch;
    use crate::{InstallationKey, Store};

    /// Told as well, in another way than row by row.
    const OTHERWISE: &[&str] = &[
        // Opened by the use case: people, letters with their texts, talks with their files, lines of the log.
        "contact",
        "letter",
        "talk",
        "audit_log",
        // Opened here.
        "rehearsal",
        "history",
        "payment",
    ];

    /// Not told, with the reason.
    const NOT_TOLD: &[(&str, &str)] =
        &[("person_key", "keys: what they open is told, and nobody is helped by a secret")];

    #[tokio::test]
    async fn every_table_about_a_debtor_or_a_person_is_told_or_says_why_not() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let place = dir.path().join("dunlin.db").display().to_string();
        let key = InstallationKey::from_bytes([7; 32]).expect("a key");
        let store = Store::open(&place, &key).await.expect("opens");
        let mut conn = store.conn().await.expect("a connection");
        let sql = "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) p \
                   WHERE m.type = 'table' AND p.name IN ('party_id', 'contact_id') ORDER BY m.name";
        let tables: Vec<(String,)> = fetch(&mut conn, sql, vec![]).await.expect("reads");
        assert!(tables.len() > 30, "{tables:?}");
        for (table,) in &tables {
            let is_known = KNOWN.iter().any(|(known, ..)| known == table)
                || SEALED.iter().any(|(known, ..)| known == table)
                || OTHERWISE.contains(&table.as_str())
                || NOT_TOLD.iter().any(|(kept, why)| kept == table && !why.is_empty());
            assert!(
                is_known,
                "{table} is neither in what a person is told that is known of them nor listed with a reason"
            );
        }
        let listed = OTHERWISE.iter().chain(NOT_TOLD.iter().map(|(table, _)| table));
        for table in listed {
            assert!(tables.iter().any(|(known,)| known == table), "{table} is listed and names nobody");
        }
    }
}
