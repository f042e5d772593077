//! No third-party files in the repository: they come through cargo and npm, or not at all.

use super::Finding;
use super::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let minified = |name: &str| [".min.js", ".min.css", ".min.mjs"].iter().any(|ending| name.ends_with(ending));
    let foreign = |path: &str| path.split('/').any(|part| ["vendor", "third_party", "node_modules"].contains(&part));
    tree.files
        .iter()
        .filter(|file| minified(file.name()) || foreign(&file.path))
        .map(|file| {
            Finding::new(&file.path, 1, "a file of somebody else", "depend on it, or write the little that is needed")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minified_and_a_vendored_file_are_found() {
        let tree =
            Tree::of(&[("crates/app/src/web/x.min.js", ""), ("vendor/a/b.rs", ""), ("crates/app/src/web/app.js", "")]);
        assert_eq!(check(&tree).len(), 2);
    }
}
