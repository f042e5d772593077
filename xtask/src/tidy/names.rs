//! A module is named after what it is about; these names say nothing and gather everything.

use super::Finding;
use super::tree::Tree;

const REFUSED: &[&str] = &["utils", "util", "common", "helpers", "helper", "manager", "misc"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust_files() {
        for part in file.path.trim_end_matches(".rs").split('/') {
            if REFUSED.contains(&part) {
                let what = format!("`{part}` says nothing about what is inside");
                findings.push(Finding::new(
                    &file.path,
                    1,
                    what,
                    "name it after its noun, or move each item to where it is used",
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
    fn a_file_and_a_folder_of_such_a_name_are_found() {
        let tree = Tree::of(&[
            ("crates/core/src/utils.rs", ""),
            ("crates/app/src/common/money.rs", ""),
            ("crates/core/src/money.rs", ""),
        ]);
        assert_eq!(check(&tree).len(), 2);
    }
}
