//! Which crate may know which: the app knows all but what makes PDF, its siblings know only `core` (the readers of files not
//! even that must), `core` knows none. A crate that is not in the table has no place yet. sqlx stays in the
//! store; the benchmark, which runs the floor's raw statements, is the exception.

use super::Finding;
use super::tree::{SourceFile, Tree};

/// Folder below `crates`, and what it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("sheets", &["dunlin_core"]),
    ("bank_formats", &["dunlin_core"]),
    ("documents", &["dunlin_core"]),
    ("pdf", &["dunlin_core", "dunlin_documents"]),
    ("store", &["dunlin_core", "sqlx"]),
    // Its tests talk to the stand-ins; the binary takes them from the app.
    ("channels", &["dunlin_core", "dunlin_sandbox"]),
    // Shares no code with the clients that it is there to test, not even the words of core.
    ("sandbox", &[]),
    (
        "app",
        &[
            "dunlin_core",
            "dunlin_sheets",
            "dunlin_bank_formats",
            "dunlin_documents",
            "dunlin_store",
            "dunlin_channels",
            "dunlin_sandbox",
        ],
    ),
    // The binary: the program, and what makes its PDF documents. Its stories look into every crate.
    (
        "dunlin",
        &[
            "dunlin_app",
            "dunlin_core",
            "dunlin_documents",
            "dunlin_pdf",
            "dunlin_bank_formats",
            "dunlin_channels",
            "dunlin_sandbox",
            "dunlin_sheets",
            "dunlin_store",
        ],
    ),
];

const FREE: &[&str] = &["bench"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.below("crates").filter(|file| file.name() == "Cargo.toml").flat_map(check_crate).collect()
}

fn check_crate(file: &SourceFile) -> Vec<Finding> {
    let folder = file.folder().trim_start_matches("crates/");
    if FREE.contains(&folder) {
        return Vec::new();
    }
    let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == folder) else {
        let remedy = "give it its line in dependency_directions.rs, with the reason it is a crate and no module";
        return vec![Finding::new(
            &file.path,
            1,
            format!("the crate `{folder}` has no place among the others"),
            remedy,
        )];
    };
    let mut findings = Vec::new();
    let mut in_dependencies = false;
    for (number, line) in file.lines() {
        let line = line.trim();
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
            continue;
        }
        let name = line.split(['=', '.', ' ']).next().unwrap_or_default().trim_matches('"');
        let ours = name == "dunlin" || name.starts_with("dunlin_") || name == "sqlx";
        if in_dependencies && ours && !allowed.contains(&name) {
            let remedy = "move what it needs into core, or pass it in from the app";
            findings.push(Finding::new(&file.path, number, format!("`{folder}` may not depend on `{name}`"), remedy));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(folder: &str, text: &str) -> usize {
        check(&Tree::of(&[(&format!("crates/{folder}/Cargo.toml"), text)])).len()
    }

    #[test]
    fn a_sibling_a_second_home_of_sql_and_a_stranger_are_found() {
        assert_eq!(
            found("store", "[package]\nname = \"dunlin_store\"\n[dependencies]\ndunlin_core.workspace = true\n"),
            0
        );
        assert_eq!(found("store", "[dependencies]\ndunlin_channels.workspace = true\n"), 1);
        assert_eq!(found("channels", "[dev-dependencies]\ndunlin_store = { path = \"../store\" }\n"), 1);
        assert_eq!(found("channels", "[dev-dependencies]\ndunlin_sandbox.workspace = true\n"), 0);
        assert_eq!(found("sandbox", "[dependencies]\ndunlin_core.workspace = true\n"), 1);
        assert_eq!(found("app", "[dependencies]\nsqlx.workspace = true\n"), 1);
        assert_eq!(found("app", "[dependencies]\ndunlin_pdf.workspace = true\n"), 1);
        assert_eq!(found("bench", "[dependencies]\nsqlx.workspace = true\n"), 0);
        assert_eq!(found("reports", "[dependencies]\n"), 1);
    }
}
