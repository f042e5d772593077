//! SQL lives in the store alone (and in the benchmark, which runs the floor): no other crate has a string
//! that is a statement.

use super::Finding;
use super::tree::Tree;

const STATEMENTS: &[&str] = &["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE TABLE", "ALTER TABLE", "WITH RECURSIVE"];
const HOMES: &[&str] = &["crates/store/", "crates/bench/", "xtask/"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust_files().filter(|file| !HOMES.iter().any(|home| file.path.starts_with(home))) {
        for (number, text) in file.rust().strings {
            let text = text.trim_start().trim_start_matches("\\n").trim_start();
            let is_statement = STATEMENTS.iter().any(|statement| {
                text.strip_prefix(statement).is_some_and(|rest| rest.starts_with(char::is_whitespace))
            });
            if is_statement {
                findings.push(Finding::new(
                    &file.path,
                    number,
                    "an SQL statement outside the store",
                    "move it into crates/store",
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_outside_the_store_is_found() {
        let text = "const A: &str = \"\n    SELECT id FROM party\";\nconst B: &str = \"SELECTED by hand\";\nconst C: &str = \"DELETE\";\n";
        let tree = Tree::of(&[("crates/app/src/a.rs", text), ("crates/store/src/b.rs", text)]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| (finding.path, finding.line)).collect();
        assert_eq!(found, [("crates/app/src/a.rs".to_owned(), 1)]);
    }
}
