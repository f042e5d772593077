//! Money that names somebody, whether it has its place or waits for one: what the payer wrote, and the bank's own line.

use std::collections::BTreeSet;

use dunlin_core::ids::TenantId;
use dunlin_core::names::Names;

use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::erasing::ERASED;
use crate::{Commit, Store, StoreError};

/// Rows that are read at once: there may be years of them.
const AT_ONCE: i64 = 2_000;

/// A payment or a line of a bank that names somebody.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) id: String,
    /// They paid it, or were paid; otherwise only its words name them.
    pub(crate) is_theirs: bool,
}

pub(crate) async fn named_payments(
    conn: &mut Conn,
    tenant_id: TenantId,
    names: &Names,
) -> Result<Vec<Named>, StoreError> {
    let sql = "SELECT p.id, p.payer_name, p.words, '' FROM payment p WHERE p.tenant_id = $1 AND p.id > $2 \
               ORDER BY p.id LIMIT $3";
    named(conn, tenant_id, names, sql).await
}

pub(crate) async fn named_entries(
    conn: &mut Conn,
    tenant_id: TenantId,
    names: &Names,
) -> Result<Vec<Named>, StoreError> {
    let sql = "SELECT e.id, COALESCE(e.counterparty_name, ''), e.purpose, COALESCE(e.reference, '') || ' ' || \
               COALESCE(e.end_to_end_id, '') || ' ' || COALESCE(e.counterparty_account, '') FROM bank_entry e \
               WHERE e.tenant_id = $1 AND e.id > $2 ORDER BY e.id LIMIT $3";
    named(conn, tenant_id, names, sql).await
}

/// Of each row: its id, whom it names, and two texts.
async fn named(conn: &mut Conn, tenant_id: TenantId, names: &Names, sql: &str) -> Result<Vec<Named>, StoreError> {
    let mut found = Vec::new();
    let mut last = String::new();
    while !names.is_empty() {
        let rows: Vec<(String, String, String, String)> =
            fetch(conn, sql, binds![tenant_id, last.as_str(), AT_ONCE]).await?;
        let Some((id, ..)) = rows.last() else { break };
        last.clone_from(id);
        for (id, who, words, more) in rows {
            let is_theirs = names.stand_in_payer(&who);
            if is_theirs || names.stand_in_text(&words) || names.stand_in_text(&more) {
                found.push(Named { id, is_theirs });
            }
        }
    }
    Ok(found)
}

impl Store {
    /// Hashes of the statements of which a line names somebody, whose name a bank may have written otherwise.
    pub async fn statements_naming(&self, tenant_id: TenantId, names: &Names) -> Result<Vec<String>, StoreError> {
        statements_naming(&mut self.conn().await?, tenant_id, names).await
    }
}

pub(crate) async fn statements_naming(
    conn: &mut Conn,
    tenant_id: TenantId,
    names: &Names,
) -> Result<Vec<String>, StoreError> {
    let mut files = BTreeSet::new();
    for entry in named_entries(conn, tenant_id, names).await? {
        let sql = "SELECT s.sha256 FROM bank_statement s JOIN bank_entry e ON e.tenant_id = s.tenant_id \
                   AND e.statement_id = s.id WHERE s.tenant_id = $1 AND e.id = $2";
        let found: Vec<(String,)> = fetch(conn, sql, binds![tenant_id, entry.id]).await?;
        files.extend(found.into_iter().map(|(sha256,)| sha256));
    }
    Ok(files.into_iter().collect())
}

impl Commit {
    /// Takes who paid, and what they wrote, out of money that names somebody. Amounts and days stay, and so does the mark
    /// by which a line that is read twice is known.
    pub(crate) async fn scrub_money(&mut self, names: &Names) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        if !names.is_empty() {
            self.scrub_reasons("reasons", "%gate.unmatched_money%", names).await?;
        }
        for Named { id, is_theirs } in named_payments(&mut self.tx, tenant_id, names).await? {
            let set = if is_theirs { "payer_name = $3, words = $3" } else { "words = $3" };
            let sql = format!("UPDATE payment SET {set} WHERE tenant_id = $1 AND id = $2");
            self.execute(&sql, binds![tenant_id, id.as_str(), ERASED]).await?;
            self.scrub_images("noun = 'payment' AND row_id", &id, names).await?;
        }
        for Named { id, is_theirs } in named_entries(&mut self.tx, tenant_id, names).await? {
            let who = if is_theirs { "counterparty_name = $3, " } else { "" };
            let sql = format!(
                "UPDATE bank_entry SET {who}counterparty_account = NULL, reference = NULL, end_to_end_id = NULL, \
                 purpose = $3 WHERE tenant_id = $1 AND id = $2"
            );
            self.execute(&sql, binds![tenant_id, id, ERASED]).await?;
        }
        Ok(())
    }
}
