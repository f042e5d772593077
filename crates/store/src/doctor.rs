//! Looks whether the database is sound: its file, its books, and that nothing points at a row that is not there.
//!
//! It only reads. Its sums are its own, so that a mistake of the ledger does not excuse itself here.

use serde::{Deserialize, Serialize};

use dunlin_core::money::{Decimal, digits};

use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::DbKind;
use crate::facts::iso;
use crate::{Store, StoreError};

/// Something that should not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, for instance `ledger.overpaid`.
    pub check: &'static str,
    pub count: i64,
    /// One of them.
    pub example: String,
    /// What it means and what to do, for the command line. Pages say it in their reader's language, by the check.
    pub what: &'static str,
    /// The line of the log it is about. The example then holds English words around it.
    #[serde(skip)]
    pub line: Option<i64>,
}

/// Every check there is: pages have words for each.
pub const CHECKS: &[&str] = &[
    "file.integrity",
    "ledger.overpaid",
    "ledger.currency",
    "ledger.payment_overspent",
    "ledger.reversal",
    "ledger.payment_currency",
    "ledger.rate",
    "case.paid_but_open",
    "case.due_day",
    "case.missing",
    "letter.step_missing",
    "sequence.behind",
    "incident.filed",
    "product.available",
    "orphan",
    "party.other_side",
    "log.chain",
];

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
               AND o.receivable_id = e.receivable_id AND o.id = e.reverses WHERE e.amount_minor <> -o.amount_minor \
               OR COALESCE(e.payment_minor, 0) <> -COALESCE(o.payment_minor, 0) \
               OR COALESCE(e.payment_id, '') <> COALESCE(o.payment_id, '') \
               OR COALESCE(e.payment_currency, '') <> COALESCE(o.payment_currency, '') \
               OR COALESCE(e.rate, '') <> COALESCE(o.rate, '')",
    },
    Check {
        name: "ledger.payment_currency",
        what: TAMPERED,
        example: "e.id",
        from: "ledger_entry e JOIN payment p ON p.tenant_id = e.tenant_id AND p.id = e.payment_id \
               WHERE e.payment_currency <> p.currency",
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
        name: "case.due_day",
        what: "a case notes another due date than its receivable, so lists of what is overdue may miss it. Correct the \
               receivable, or ask for help with this line",
        example: "r.number",
        from: "cases k JOIN receivable r ON r.tenant_id = k.tenant_id AND r.party_id = k.party_id \
               AND r.id = k.receivable_id WHERE COALESCE(k.due_on, '') <> COALESCE(r.due_on, '')",
    },
    Check {
        name: "product.available",
        what: "an article is offered that is not there, or is there and not offered. Ask for help with this line",
        example: "p.sku",
        from: "product p WHERE p.available <> CASE WHEN p.active = 1 AND EXISTS (SELECT 1 FROM product_stock s \
               WHERE s.tenant_id = p.tenant_id AND s.sku = p.sku AND s.quantity > 0) THEN 1 ELSE 0 END",
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

/// Rows without which another has no meaning: its check, table, column of the table that names it, and which rows of the
/// table it is about. A letter that puts a wrong one right takes no step.
const NEEDED: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("case.missing", NO_CASE, "receivable", "cases", "receivable_id", ""),
    (
        "letter.step_missing",
        NO_STEP,
        "letter",
        "step_taken",
        "letter_id",
        "c.repairs IS NULL AND c.asks IS NULL AND c.send = 0 AND ",
    ),
];

const SIDES: &str = "a row about a receivable lies with another debtor, so it is overlooked: a pause or a promise does \
                     not hold. Do not send letters; restore the last sound backup, or ask for help with this line";

/// Child, its column, parent: both lie with the same debtor, for everything is read by debtor.
const SAME_PARTY: &[(&str, &str, &str)] = &[
    ("ledger_entry", "receivable_id", "receivable"),
    ("dispute", "receivable_id", "receivable"),
    ("cases", "receivable_id", "receivable"),
    ("unpaid_why", "receivable_id", "receivable"),
    ("instalment_plan", "receivable_id", "receivable"),
    ("instalment", "receivable_id", "receivable"),
    ("hold", "receivable_id", "receivable"),
    ("promise", "receivable_id", "receivable"),
    ("question", "receivable_id", "receivable"),
    ("task", "receivable_id", "receivable"),
    ("task", "case_id", "cases"),
    ("step_taken", "case_id", "cases"),
    ("case_turn", "case_id", "cases"),
    ("silence", "case_id", "cases"),
    ("person_key", "contact_id", "contact"),
    ("order_standing", "order_id", "sales_order"),
    ("shipment", "order_id", "sales_order"),
    ("tracking_event", "shipment_id", "shipment"),
];

/// Child, its column, parent: every `column` that is not empty is the id of a parent of the same firm.
const LINKS: &[(&str, &str, &str)] = &[
    ("contact", "party_id", "party"),
    ("sales_order", "party_id", "party"),
    ("trigger_event", "order_id", "sales_order"),
    ("order_standing", "order_id", "sales_order"),
    ("order_news", "order_id", "sales_order"),
    ("order_line", "order_id", "sales_order"),
    ("shipment", "order_id", "sales_order"),
    ("tracking_event", "shipment_id", "shipment"),
    ("order_ask", "order_id", "sales_order"),
    ("dispatch_hold", "order_id", "sales_order"),
    ("order_delivery", "order_id", "sales_order"),
    ("receipt_extension", "order_id", "sales_order"),
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
    ("unpaid_why", "party_id", "party"),
    ("unpaid_why", "receivable_id", "receivable"),
    ("key_date", "party_id", "party"),
    ("instalment_plan", "receivable_id", "receivable"),
    ("instalment", "plan_id", "instalment_plan"),
    ("instalment", "receivable_id", "receivable"),
    ("closed_days", "party_id", "party"),
    ("talk", "party_id", "party"),
    ("talk", "contact_id", "contact"),
    ("talk", "receivable_id", "receivable"),
    ("talk", "order_id", "sales_order"),
    ("talk", "file_sha256", "blob"),
    ("supply_decision", "party_id", "party"),
    ("question", "party_id", "party"),
    ("question", "receivable_id", "receivable"),
    ("question", "payment_id", "payment"),
    ("question", "letter_id", "letter"),
    ("hold", "question_id", "question"),
    ("cases", "receivable_id", "receivable"),
    ("cases", "letter_id", "letter"),
    ("cases", "task_id", "task"),
    ("step_taken", "case_id", "cases"),
    ("step_taken", "letter_id", "letter"),
    ("step_taken", "task_id", "task"),
    ("case_turn", "case_id", "cases"),
    ("silence", "case_id", "cases"),
    ("letter", "party_id", "party"),
    ("letter", "contact_id", "contact"),
    ("letter", "repairs", "letter"),
    ("letter", "lead_id", "letter"),
    ("task", "party_id", "party"),
    ("task", "case_id", "cases"),
    ("task", "letter_id", "letter"),
    ("task", "payment_id", "payment"),
    ("task", "talk_id", "talk"),
    ("task", "question_id", "question"),
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
        findings.extend(rates(&mut tx).await?);
        for (check, what, table, needed, column, which) in NEEDED {
            let from = format!("{table} c WHERE {which}{}", absent(tx.kind(), "id", needed, column));
            findings.extend(look(&mut tx, check, what, "c.number", &from).await?);
        }
        for (child, column, parent) in LINKS {
            let id = if *parent == "blob" { "sha256" } else { "id" };
            // Cases of orders and parcels name these in the same column.
            let only = if (*child, *parent) == ("cases", "receivable") { "c.subject = 'receivable' AND " } else { "" };
            let from = format!("{child} c WHERE {only}{}", absent(tx.kind(), column, parent, id));
            let example = format!("'{child}.{column} ' || c.{column}");
            findings.extend(look(&mut tx, "orphan", ORPHAN, &example, &from).await?);
        }
        for (child, column, parent) in SAME_PARTY {
            let from = elsewhere(tx.kind(), child, column, parent);
            let example = match *parent {
                "receivable" => "p.number".to_string(),
                _ => format!("'{child}.{column} ' || c.{column}"),
            };
            findings.extend(look(&mut tx, "party.other_side", SIDES, &example, &from).await?);
        }
        tx.commit().await?;
        findings.extend(self.log_chains().await?);
        Ok((findings, 3 + BOOKS.len() + NEEDED.len() + LINKS.len() + SAME_PARTY.len()))
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
                    line: Some(broken.number),
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

/// Rows whose `column` names a parent that lies with another debtor. Receivables are found by an index of their own;
/// among others SQLite would go through all of the firm for each row, so it is given both sides as sets.
fn elsewhere(kind: DbKind, child: &str, column: &str, parent: &str) -> String {
    if kind == DbKind::Sqlite && parent != "receivable" {
        return format!(
            "{child} c WHERE c.{column} IS NOT NULL \
             AND (c.tenant_id, c.{column}, c.party_id) NOT IN (SELECT p.tenant_id, p.id, p.party_id FROM {parent} p) \
             AND (c.tenant_id, c.{column}) IN (SELECT p.tenant_id, p.id FROM {parent} p)"
        );
    }
    format!(
        "{child} c JOIN {parent} p ON p.tenant_id = c.tenant_id AND p.id = c.{column} WHERE c.party_id <> p.party_id"
    )
}

/// Columns of numbers that people use, the table as a check names it, and the letter before the number.
const NUMBERED: [(&str, &str, char); 5] = [
    ("r.number", "receivable r", 'R'),
    ("p.number", "payment p", 'P'),
    ("p.number", "receivable p", 'R'),
    ("c.number", "receivable c", 'R'),
    ("c.number", "letter c", 'L'),
];

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
        line: None,
    }))
}

#[derive(Deserialize)]
struct RateRow {
    id: String,
    minor: i64,
    currency: String,
    payment_minor: i64,
    payment_currency: String,
    rate: String,
}

/// Lines whose two amounts and rate do not go together. The rate is a decimal as text, which no database reckons with.
async fn rates(conn: &mut Conn) -> Result<Option<Finding>, StoreError> {
    let sql = "SELECT e.id, e.amount_minor, e.currency, e.payment_minor, e.payment_currency, e.rate \
               FROM ledger_entry e WHERE e.payment_currency IS NOT NULL AND e.payment_minor IS NOT NULL \
               AND e.rate IS NOT NULL AND (e.payment_currency <> e.currency OR e.rate <> '1' \
               OR e.payment_minor <> e.amount_minor) ORDER BY e.id";
    let rows: Vec<RateRow> = fetch(conn, sql, vec![]).await?;
    let mut wrong = Vec::new();
    for row in rows {
        if !at_its_rate(&row)? {
            wrong.push(row.id);
        }
    }
    Ok(wrong.last().map(|id| Finding {
        check: "ledger.rate",
        count: wrong.len() as i64,
        example: id.clone(),
        what: TAMPERED,
        line: None,
    }))
}

/// The payment's amount at the rate is the settled amount, to less than its smallest unit.
fn at_its_rate(row: &RateRow) -> Result<bool, StoreError> {
    let (owed, paid) = (iso(&row.currency)?, iso(&row.payment_currency)?);
    let Ok(rate) = row.rate.parse::<Decimal>() else {
        return Ok(false);
    };
    if owed == paid {
        return Ok(row.minor == row.payment_minor && rate == Decimal::ONE);
    }
    let smallest = Decimal::new(1, digits(owed));
    let (settled, taken) = (Decimal::new(row.minor, digits(owed)), Decimal::new(row.payment_minor, digits(paid)));
    let off = taken.checked_mul(rate).and_then(|settles| settles.checked_sub(settled));
    Ok(off.is_some_and(|off| off.abs() < smallest))
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
    let noun = NUMBERED.iter().find(|(column, table, _)| *column == example && from.contains(table));
    let shown = |found: Option<String>| {
        let found = found.unwrap_or_default();
        match (noun, found.parse::<i64>()) {
            (Some((_, _, letter)), Ok(number)) => format!("{letter}-{number:04}"),
            _ => found,
        }
    };
    let found = found.filter(|(_, count)| *count > 0);
    Ok(found.map(|(example, count)| Finding { check, count, example: shown(example), what, line: None }))
}

#[cfg(test)]
mod tests {
    use super::{BOOKS, CHECKS, NEEDED};

    #[test]
    fn every_check_is_on_the_list() {
        let written = BOOKS.iter().map(|check| check.name).chain(NEEDED.iter().map(|needed| needed.0));
        for name in written {
            assert!(CHECKS.contains(&name), "{name}");
        }
    }
}
