//! Every Rust file opens with a `//!` comment: what it is for, what it must not do, where to go next.

use super::Finding;
use super::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust_files()
        .filter(|file| !file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().starts_with("//!"))
        .map(|file| {
            let remedy = "begin with `//!`: what the module is for, what it must not do, where to go next";
            Finding::new(&file.path, 1, "no module comment", remedy)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_its_comment_is_found() {
        let tree = Tree::of(&[("a.rs", "//! What it is for.\n"), ("b.rs", "use std::fmt;\n"), ("c.rs", "")]);
        assert_eq!(check(&tree).into_iter().map(|finding| finding.path).collect::<Vec<_>>(), ["b.rs", "c.rs"]);
    }
}
