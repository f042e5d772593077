//! A Rust file over 600 lines is more than one room. A data table is exempt; it says so in its first words:
//! `//! Data table: …`.

use super::Finding;
use super::tree::Tree;

const MOST_LINES: usize = 600;

pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust_files()
        .filter(|file| !file.text.starts_with("//! Data table"))
        .filter_map(|file| {
            let lines = file.text.lines().count();
            (lines > MOST_LINES).then(|| {
                let what = format!("{lines} lines, {MOST_LINES} are the most");
                Finding::new(&file.path, MOST_LINES + 1, what, "split it by what its parts are for")
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_601_is_found() {
        let long = "//! x\n".repeat(601);
        assert_eq!(check(&Tree::of(&[("xtask/src/a.rs", &long)])).len(), 1);
        assert_eq!(check(&Tree::of(&[("xtask/src/a.rs", &long[6..])])), []);
        let table = format!("//! Data table: the countries.\n{long}");
        assert_eq!(check(&Tree::of(&[("xtask/src/a.rs", &table)])), []);
    }
}
