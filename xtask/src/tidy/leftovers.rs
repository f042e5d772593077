//! Marks of unfinished work do not go in: `todo!`, `unimplemented!`, `dbg!`.

use super::Finding;
use super::rust_source::has_word;
use super::tree::Tree;

const MARKS: &[&str] = &["todo!", "unimplemented!", "dbg!"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust_files() {
        for (number, line) in file.rust().lines() {
            for mark in MARKS.iter().filter(|mark| has_word(line, mark)) {
                findings.push(Finding::new(
                    &file.path,
                    number,
                    format!("`{mark}` is left over"),
                    "finish it or take it out",
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
    fn a_mark_in_code_is_found_and_one_in_words_is_not() {
        let tree = Tree::of(&[("a.rs", "fn a() {\n    todo!()\n}\n// todo! is a macro\nconst B: &str = \"dbg!\";\n")]);
        assert_eq!(check(&tree).iter().map(|finding| finding.line).collect::<Vec<_>>(), [2]);
    }
}
