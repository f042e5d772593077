//! The migrations of both databases are twins: the same file names, numbered without doubles. One that
//! exists for SQLite alone would be found by the first user of PostgreSQL.

use super::Finding;
use super::tree::Tree;

const FOLDER: &str = "crates/store/migrations";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (this, other) in [("sqlite", "postgres"), ("postgres", "sqlite")] {
        let folder = format!("{FOLDER}/{this}");
        let mut last_number = None;
        let mut files: Vec<_> = tree.below(&folder).filter(|file| file.path.ends_with(".sql")).collect();
        files.sort_by_key(|file| &file.path);
        for file in files {
            let twin = format!("{FOLDER}/{other}/{}", file.name());
            if tree.file(&twin).is_none() {
                findings.push(Finding::new(&file.path, 1, format!("its twin {twin} is missing"), "write it"));
            }
            let number = file.name().split(['_', '-']).next();
            if number == last_number {
                let what = format!("two migrations have the number {}", number.unwrap_or_default());
                findings.push(Finding::new(&file.path, 1, what, "give the newer one the next number"));
            }
            last_number = number;
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_twin_and_a_double_number_are_found() {
        let tree = Tree::of(&[
            ("crates/store/migrations/sqlite/0001_start.sql", ""),
            ("crates/store/migrations/postgres/0001_start.sql", ""),
            ("crates/store/migrations/sqlite/0002_holds.sql", ""),
            ("crates/store/migrations/postgres/0001_blobs.sql", ""),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| finding.what).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains("postgres/0002_holds.sql"));
        assert!(found[1].contains("sqlite/0001_blobs.sql"));
        assert!(found[2].contains("number 0001"));
    }
}
