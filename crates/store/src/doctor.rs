//! Looks whether the database is sound: its file, its books, and that nothing points at a row that is not there.
//!
//! It only reads. Its sums are its own, so that a mistake of the ledger does not excuse itself here.

use serde::Serialize;

use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::DbKind;
use crate::{Store, StoreError};

/// Something that should not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, for instance `ledger.overpaid`.
    pub check: &'static str,
    pub count: i64,
    /// One of them.
    pub example: String,
    /// What it means and what to do.
    pub what: &'static str,
}

/// A statement that gives, per firm, what is wrong: an example and how many there are.
struct Check {
    name: &'static str,
    what: &'static str,
    /// After `SELECT max(…), count(*) FROM`.
    example: &'static str,
    from: &'static str,
}

const TAMPERED: &str = "the books do not balance. Do not send letters; restore the last sound backup";
const ORPHAN: &str = "a row points at one that is not there. Restore the last sound backup, or ask for help with this \
                      line";

const BOOKS: &[Check] = &[
    Check {
        name: "ledger.overpaid",
        what: TAMPERED,
        example: "r.number",
        from: "(SELECT e.tenant_id, e.party_id, e.receivable_id, sum(e.amount_minor) AS used FROM ledger_entry e \
               GROUP BY e.tenant_id, e.party_id, e.receivable_id) u JOIN receivable r ON r.tenant_id = u.tenant_id \
               AND r.party_id = u.party_id AND r.id = u.receivable_id WHERE u.used > r.amount_minor OR u.used < 0",
    },
    Check {
        name: "ledger.currency",
        what: TAMPERED,
        example: "e.id",
        from: "ledger_entry e JOIN receivable r ON r.tenant_id = e.tenant_id AND r.party_id = e.party_id \
               AND r.id = e.receivable_id WHERE e.currency <> r.currency",
    },
    Check {
        name: "ledger.payment_overspent",
        what: TAMPERED,
        example: "p.number",
        from: "(SELECT e.tenant_id, e.payment_id, sum(e.payment_minor) AS used FROM ledger_entry e \
               WHERE e.payment_id IS NOT NULL GROUP BY e.tenant_id, e.payment_id) u \
               JOIN payment p ON p.tenant_id = u.tenant_id AND p.id = u.payment_id \
               WHERE u.used > p.amount_minor OR u.used < 0",
    },
    Check {
        name: "ledger.reversal",
        what: TAMPERED,
        example: "e.id",
        from: "ledger_entry e JOIN ledger_entry o ON o.tenant_id = e.tenant_id AND o.party_id = e.party_id \
               AND o.receivable_id = e.receivable_id AND o.id = e.reverses WHERE e.amount_minor <> -o.amount_minor",
    },
    Check {
        name: "case.paid_but_open",
        what: "a case counts as paid although money is open, so nobody is asked for it. Run `dunlin run`; if it stays, \
               correct the receivable",
        example: "r.number",
        from: "cases k JOIN receivable r ON r.tenant_id = k.tenant_id AND r.party_id = k.party_id \
               AND r.id = k.receivable_id WHERE k.state IN ('paid', 'written_off') AND r.amount_minor > \
               (SELECT COALESCE(sum(e.amount_minor), 0) FROM ledger_entry e WHERE e.tenant_id = r.tenant_id \
               AND e.party_id = r.party_id AND e.receivable_id = r.id)",
    },
    Check {
        name: "sequence.behind",
        what: "changes carry later numbers than the firm has given. Restore the last sound backup",
        example: "t.id",
        from: "tenant t WHERE t.sequence < (SELECT COALESCE(max(e.seq), 0) FROM ledger_entry e WHERE e.tenant_id = t.id) \
               OR t.sequence < (SELECT COALESCE(max(l.seq), 0) FROM letter l WHERE l.tenant_id = t.id)",
    },
    Check {
        name: "incident.filed",
        what: "the audit refused a decision and nothing of it was carried out. Please report it with its details",
        example: "i.what",
        from: "incident i",
    },
];

const NO_CASE: &str = "nobody looks after this receivable. Restore the last sound backup";
const NO_STEP: &str = "a letter stands for no step of its cases, so the step could be taken again. Do not send letters; \
                       restore the last sound backup";

/// Rows without which another has no meaning: its check, table, column of the table that names it.
const NEEDED: &[(&str, &str, &str, &str, &str)] = &[
    ("case.missing", NO_CASE, "receivable", "cases", "receivable_id"),
    ("letter.step_missing", NO_STEP, "letter", "step_taken", "letter_id"),
];

/// Child, its column, parent: every `column` that is not empty is the id of a parent of the same firm.
const LINKS: &[(&str, &str, &str)] = &[
    ("contact", "party_id", "party"),
    ("sales_order", "party_id", "party"),
    ("trigger_event", "order_id", "sales_order"),
    ("invoice", "party_id", "party"),
    ("invoice", "order_id", "sales_order"),
    ("receivable", "party_id", "party"),
    ("receivable", "order_id", "sales_order"),
    ("receivable", "invoice_id", "invoice"),
    ("ledger_entry", "receivable_id", "receivable"),
    ("ledger_entry", "payment_id", "payment"),
    ("ledger_entry", "reverses", "ledger_entry"),
    ("bank_entry", "statement_id", "bank_statement"),
    ("payment", "bank_entry_id", "bank_entry"),
    ("payment_candidate", "payment_id", "payment"),
    ("payment_candidate", "party_id", "party"),
    ("hold", "party_id", "party"),
    ("hold", "receivable_id", "receivable"),
    ("promise", "party_id", "party"),
    ("promise", "receivable_id", "receivable"),
    ("dispute", "receivable_id", "receivable"),
    ("cases", "receivable_id", "receivable"),
    ("cases", "letter_id", "letter"),
    ("cases", "task_id", "task"),
    ("step_taken", "case_id", "cases"),
    ("step_taken", "letter_id", "letter"),
    ("step_taken", "task_id", "task"),
    ("silence", "case_id", "cases"),
    ("letter", "party_id", "party"),
    ("letter", "contact_id", "contact"),
    ("task", "party_id", "party"),
    ("task", "case_id", "cases"),
    ("task", "letter_id", "letter"),
    ("task", "payment_id", "payment"),
    ("party", "merged_into", "party"),
    ("party_merge", "gone", "party"),
    ("party_merge", "stays", "party"),
];

impl Store {
    /// Everything that is wrong, and how many things were looked at.
    pub async fn doctor(&self) -> Result<(Vec<Finding>, usize), StoreError> {
        let mut tx = self.snapshot().await?;
        let mut findings = Vec::new();
        findings.extend(file(&mut tx).await?);
        for check in BOOKS {
            findings.extend(look(&mut tx, check.name, check.what, check.example, check.from).await?);
        }
        for (check, what, table, needed, column) in NEEDED {
            let from = format!("{table} c WHERE {}", absent(tx.kind(), "id", needed, column));
            findings.extend(look(&mut tx, check, what, "c.number", &from).await?);
        }
        for (child, column, parent) in LINKS {
            let from = format!("{child} c WHERE {}", absent(tx.kind(), column, parent, "id"));
            let example = format!("'{child}.{column} ' || c.{column}");
            findings.extend(look(&mut tx, "orphan", ORPHAN, &example, &from).await?);
        }
        tx.commit().await?;
        findings.extend(self.log_chains().await?);
        Ok((findings, 2 + BOOKS.len() + NEEDED.len() + LINKS.len()))
    }
}

impl Store {
    /// Whether every firm's log of who did what is whole.
    async fn log_chains(&self) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::new();
        for tenant in self.tenants().await? {
            if let Some(broken) = self.check_audit_log(tenant.id).await? {
                findings.push(Finding {
                    check: "log.chain",
                    count: 1,
                    example: format!("firm {}, line {}: {}", tenant.id, broken.number, broken.what),
                    what: "the log of who did what was changed from outside. Keep a copy of the database as it is, and \
                           ask who had access to its files",
                });
            }
        }
        Ok(findings)
    }
}

/// A condition that `c.column` is named and not found in `table.named`. Few of these columns have an index of their own,
/// so each database is asked in the way in which it makes one for itself once.
fn absent(kind: DbKind, column: &str, table: &str, named: &str) -> String {
    match kind {
        DbKind::Sqlite => format!(
            "c.{column} IS NOT NULL AND (c.tenant_id, c.{column}) NOT IN \
             (SELECT p.tenant_id, p.{named} FROM {table} p WHERE p.{named} IS NOT NULL)"
        ),
        DbKind::Postgres => format!(
            "c.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} p \
             WHERE p.tenant_id = c.tenant_id AND p.{named} = c.{column})"
        ),
    }
}

/// SQLite proves its own file; PostgreSQL does so by its checksums.
async fn file(conn: &mut Conn) -> Result<Option<Finding>, StoreError> {
    if conn.kind() == DbKind::Postgres {
        return Ok(None);
    }
    let told: Vec<(String,)> = fetch(conn, "PRAGMA integrity_check", vec![]).await?;
    let wrong: Vec<String> = told.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect();
    let what = "the file is damaged. Copy it away as it is, and restore the last sound backup";
    Ok(wrong.first().map(|line| Finding {
        check: "file.integrity",
        count: wrong.len() as i64,
        example: line.clone(),
        what,
    }))
}

async fn look(
    conn: &mut Conn,
    check: &'static str,
    what: &'static str,
    example: &str,
    from: &str,
) -> Result<Option<Finding>, StoreError> {
    let sql = format!("SELECT max(CAST({example} AS TEXT)), count(*) FROM {from}");
    let found: Option<(Option<String>, i64)> = fetch_one(conn, &sql, vec![]).await?;
    Ok(found.filter(|(_, count)| *count > 0).map(|(example, count)| Finding {
        check,
        count,
        example: example.unwrap_or_default(),
        what,
    }))
}
