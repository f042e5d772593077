//! `cargo xtask tidy`: the rules of the house that no compiler checks. One file per rule, each with a test
//! that shows it firing; a new rule is a file here and a line in `RULES`. Rules read the `Tree` they are
//! given and nothing else, so a test can hand them a made-up one.

mod decision_records;
mod dependency_directions;
mod file_length;
mod leftovers;
mod links;
mod locales;
mod machine_paths;
mod migrations;
mod module_docs;
mod module_lists;
mod names;
mod page_words;
mod playbook_letters;
mod purity;
mod rust_source;
mod sql_home;
mod template_words;
mod tenant_named;
mod tree;
mod two_truths;
mod vendored;

use anyhow::Result;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;
use tree::Tree;

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    decision_records::check,
    dependency_directions::check,
    file_length::check,
    leftovers::check,
    links::check,
    locales::check,
    machine_paths::check,
    migrations::check,
    module_docs::check,
    module_lists::check,
    names::check,
    page_words::check,
    playbook_letters::check,
    purity::check,
    sql_home::check,
    template_words::check,
    tenant_named::check,
    two_truths::check,
    vendored::check,
];

/// One place that breaks a rule, with what to do about it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: String,
    /// From 1.
    pub line: usize,
    pub what: String,
    pub remedy: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}; {}", self.path, self.line, self.what, self.remedy)
    }
}

pub fn run() -> Result<ExitCode> {
    let findings = check(&crate::workspace::root()?)?;
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} rules, {} findings", RULES.len(), findings.len());
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All findings of all rules, by place.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let tree = Tree::read(root)?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.sort();
    Ok(findings)
}
