//! The pure crates (core and the readers and writers of files) do no IO, know no clock, no randomness and no
//! async runtime, outside their tests: time, ids and randomness come in as parameters.

use super::Finding;
use super::rust_source::has_word;
use super::tree::Tree;

const PURE: &[&str] = &["core", "bank_formats", "documents", "pdf", "sheets"];

const REFUSED: &[&str] = &[
    "tokio",
    "sqlx",
    "async fn",
    ".await",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "Utc::now",
    "Local::now",
    "now_v7",
    "new_v4",
    "rand::",
    "getrandom",
];

/// Modules of `std` that a grouped import could hide: `use std::{fmt, fs}`.
const REFUSED_IN_STD: &[&str] = &["fs", "net", "env", "process"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in PURE {
        let folder = format!("crates/{name}/src");
        for file in tree.below(&folder).filter(|file| file.path.ends_with(".rs") && !file.is_test()) {
            let source = file.rust();
            for (number, line) in source.lines() {
                if let Some(word) = REFUSED.iter().find(|word| has_word(line, word)) {
                    findings.push(refuse(&file.path, number, word, name));
                }
            }
            for (number, statement) in source.uses() {
                if statement.contains("use std::{")
                    && let Some(word) = REFUSED_IN_STD.iter().find(|word| has_word(&statement, word))
                {
                    findings.push(refuse(&file.path, number, word, name));
                }
            }
        }
    }
    findings
}

fn refuse(path: &str, line: usize, word: &str, name: &str) -> Finding {
    let what = format!("`{word}` in the pure crate `{name}`");
    Finding::new(path, line, what, "take it as a parameter, or do it in store, channels or app")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_in_core_is_found_and_the_same_in_a_test_or_in_the_app_is_not() {
        let clock = "//! x\nfn a() { let now = Timestamp::now(); }\n";
        let in_tests = "//! x\n#[cfg(test)]\nmod tests {\n    fn a() { std::fs::read(\"x\"); }\n}\n";
        let tree = Tree::of(&[
            ("crates/core/src/a.rs", clock),
            ("crates/core/src/b.rs", in_tests),
            ("crates/core/src/c/tests.rs", clock),
            ("crates/core/tests/d.rs", clock),
            ("crates/app/src/e.rs", clock),
            ("crates/sheets/src/f.rs", "use std::{fmt, fs};\n"),
            ("crates/documents/src/g.rs", "let operand::b = 1; // std::fs\n"),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| (finding.path, finding.line)).collect();
        assert_eq!(found, [("crates/core/src/a.rs".to_owned(), 2), ("crates/sheets/src/f.rs".to_owned(), 1)]);
    }
}
