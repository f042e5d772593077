//! Every statement of the store names the tenant (invariant 9): a statement about a table that has a `tenant_id` and
//! does not say which tenant would read or change everybody's rows.

use super::Finding;
use super::tree::Tree;

const VERBS: &[&str] = &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];

/// Made for all firms, each with its reason.
const FOR_ALL: &[(&str, &str)] = &[
    // A backup holds every firm, and a restore looks over all of it.
    ("crates/store/src/dump/", ""),
    // Who is at the door, before it is known of which firm.
    ("crates/store/src/people/users.rs", "u.email_key = $1"),
    // The books of every firm are looked over.
    ("crates/store/src/doctor.rs", ""),
    // Breaks or loads whole databases for tests and benchmarks.
    ("crates/store/src/seeding.rs", ""),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let tables = tables_of_tenants(tree);
    let mut findings = Vec::new();
    for file in tree.rust_files().filter(|file| file.path.starts_with("crates/store/src/")) {
        let lines: Vec<&str> = file.text.lines().collect();
        for (number, text) in file.rust().strings {
            let statement = text.trim_start();
            let is_statement = VERBS.iter().any(|verb| statement.starts_with(verb));
            let excused = FOR_ALL.iter().any(|(home, words)| file.path.starts_with(home) && statement.contains(words));
            // `{scope}` is filled in by the loader of facts, firm first.
            let names_it = statement.contains("tenant_id") || statement.contains("{scope}");
            if !is_statement || excused || names_it {
                continue;
            }
            // The head of a statement, which others complete, is a constant without a condition.
            let near = lines.get(number.saturating_sub(2)..number).unwrap_or_default();
            let is_head = !statement.contains("WHERE") && near.iter().any(|line| line.contains("const "));
            if is_head {
                continue;
            }
            if let Some(table) = tables.iter().find(|table| names(statement, table)) {
                findings.push(Finding::new(
                    &file.path,
                    number,
                    format!("a statement about {table} that names no tenant"),
                    "add tenant_id = $1, or say in tidy/tenant_named.rs why it is for all firms",
                ));
            }
        }
    }
    findings
}

/// Tables of the schema that have the column.
fn tables_of_tenants(tree: &Tree) -> Vec<String> {
    let mut tables = Vec::new();
    for file in tree.below("crates/store/migrations/sqlite") {
        for part in file.text.split("CREATE TABLE ").skip(1) {
            let (name, columns) = part.split_once('(').unwrap_or((part, ""));
            let columns = columns.split(';').next().unwrap_or("");
            if columns.contains("tenant_id ") {
                tables.push(name.trim().to_string());
            }
        }
    }
    tables
}

/// Whether a statement names the table as a word after FROM, JOIN, INTO or UPDATE.
fn names(statement: &str, table: &str) -> bool {
    let words: Vec<&str> = statement.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    words.windows(2).any(|pair| matches!(pair[0], "FROM" | "JOIN" | "INTO" | "UPDATE") && pair[1] == table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_without_its_tenant_is_found() {
        let schema = "CREATE TABLE letter (\n  tenant_id BIGINT NOT NULL,\n  id TEXT);\nCREATE TABLE installation (id BIGINT);\n";
        let code = "const HEAD: &str = \"SELECT l.id FROM letter l\";\nfn f() {\n\n    a(\"SELECT id FROM letter WHERE id = $1\");\n\
                    b(\"SELECT id FROM installation\");\n    c(\"SELECT id FROM letter WHERE tenant_id = $1\");\n}\n";
        let tree = Tree::of(&[("crates/store/migrations/sqlite/0001.sql", schema), ("crates/store/src/a.rs", code)]);
        let found: Vec<usize> = check(&tree).into_iter().map(|finding| finding.line).collect();
        assert_eq!(found, [4]);
    }
}
