//! Many plain debtors at once, for benchmarks and storms: one open invoice, one contact, one awake case each.

use jiff::civil::Date;
use serde_json::{Value, json};

use dunlin_core::ids::{CaseId, ContactId, PartyId, ReceivableId};

use crate::dialect::insert_many;
use crate::facts::SealedContact;
use crate::seal::PersonKey;
use crate::{Commit, StoreError};

/// One debtor to make.
#[derive(Debug, Clone)]
pub struct SeedDebtor {
    pub number: i64,
    pub name: String,
    pub email: String,
    pub country: &'static str,
    pub reference: String,
    pub amount_minor: i64,
    pub currency: &'static str,
    pub due_on: Date,
}

const PARTY: &[(&str, bool)] = &[
    ("tenant_id", true),
    ("id", false),
    ("number", true),
    ("name", false),
    ("name_key", false),
    ("country", false),
    ("is_consumer", true),
    ("blacklisted", true),
    ("effective_on", false),
    ("recorded_at", true),
    ("seq", true),
];
const CONTACT: &[(&str, bool)] = &[
    ("tenant_id", true),
    ("party_id", false),
    ("id", false),
    ("role", false),
    ("objected", true),
    ("sealed", false),
    ("effective_on", false),
    ("recorded_at", true),
    ("seq", true),
];
const KEY: &[(&str, bool)] = &[("tenant_id", true), ("party_id", false), ("contact_id", false), ("secret", false)];
const RECEIVABLE: &[(&str, bool)] = &[
    ("tenant_id", true),
    ("party_id", false),
    ("id", false),
    ("number", true),
    ("reference", false),
    ("milestone", false),
    ("trigger_kind", false),
    ("days", true),
    ("amount_minor", true),
    ("currency", false),
    ("triggered_on", false),
    ("due_on", false),
    ("obligor", false),
    ("source", false),
    ("closed", true),
    ("effective_on", false),
    ("recorded_at", true),
    ("seq", true),
];
const CASE: &[(&str, bool)] = &[
    ("tenant_id", true),
    ("party_id", false),
    ("id", false),
    ("receivable_id", false),
    ("state", false),
    ("started_at", true),
    ("next_wake", true),
    ("recorded_at", true),
    ("seq", true),
];

impl Commit {
    /// Writes the debtors, set-based.
    pub async fn seed(&mut self, debtors: &[SeedDebtor]) -> Result<(), StoreError> {
        let (tenant, now, seq) = (self.tenant_id, self.now.as_microsecond(), self.seq);
        let (mut parties, mut contacts, mut keys, mut receivables, mut cases) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for debtor in debtors {
            let party = PartyId(self.ids.make());
            let contact = ContactId(self.ids.make());
            let receivable = ReceivableId(self.ids.make());
            let key = PersonKey::generate()?;
            let personal = SealedContact {
                name: debtor.name.clone(),
                email: Some(debtor.email.clone()),
                ..SealedContact::default()
            };
            let sealed = key.seal(&serde_json::to_vec(&personal).map_err(StoreError::corrupt)?)?;
            let due = debtor.due_on.to_string();
            let (name, number) = (&debtor.name, debtor.number);
            parties.push(json!([tenant, party, number, name, name, debtor.country, 0, 0, due, now, seq]));
            contacts.push(json!([tenant, party, contact, "finance", 0, sealed, due, now, seq]));
            keys.push(json!([tenant, party, contact, key.to_text()]));
            receivables.push(json!([
                tenant,
                party,
                receivable,
                number,
                debtor.reference,
                "full",
                "invoice_date",
                30,
                debtor.amount_minor,
                debtor.currency,
                due,
                due,
                "buyer",
                "direct",
                0,
                due,
                now,
                seq
            ]));
            cases.push(json!([tenant, party, CaseId(self.ids.make()), receivable, "running", now, now, now, seq]));
        }
        let kind = self.kind;
        let text = |rows: Vec<Value>| Value::Array(rows).to_string();
        insert_many(&mut self.tx, kind, "party", PARTY, text(parties)).await?;
        insert_many(&mut self.tx, kind, "contact", CONTACT, text(contacts)).await?;
        insert_many(&mut self.tx, kind, "person_key", KEY, text(keys)).await?;
        insert_many(&mut self.tx, kind, "receivable", RECEIVABLE, text(receivables)).await?;
        insert_many(&mut self.tx, kind, "cases", CASE, text(cases)).await?;
        Ok(())
    }
}

/// A fresh PostgreSQL database beside the one of the URL, for tests and benchmarks. Returns its URL.
pub async fn fresh_database(url: &str, name: &str) -> Result<String, StoreError> {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    sqlx::any::install_default_drivers();
    let mut conn = <sqlx::AnyConnection as Connection>::connect(url).await?;
    conn.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).await?;
    conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
    conn.close().await?;
    let (server, _) = url.rsplit_once('/').unwrap_or((url, ""));
    Ok(format!("{server}/{name}"))
}

impl crate::Store {
    /// Writes the mark of a later schema, as a newer program would, for the test that it is refused.
    pub async fn pretend_newer(&self, version: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                   SELECT $1, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
        let sql = match self.kind {
            crate::DbKind::Sqlite => sql.to_string(),
            crate::DbKind::Postgres => sql.replace("SELECT $1", "SELECT $1::bigint"),
        };
        let mut conn = self.conn().await?;
        crate::dialect::execute(&mut conn, self.kind, &sql, vec![version.into()]).await?;
        Ok(())
    }
}
