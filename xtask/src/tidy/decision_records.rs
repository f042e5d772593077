//! Decision records are `docs/decisions/NNNN-*.md`, numbered from 0001 without gaps or doubles, so that a
//! reference by number is never ambiguous.

use super::Finding;
use super::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut next = 1;
    let mut files: Vec<_> = tree.below("docs/decisions").filter(|file| file.name() != "README.md").collect();
    files.sort_by_key(|file| &file.path);
    for file in files {
        let number = file.name().split_once('-').filter(|(digits, rest)| {
            digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) && rest.ends_with(".md")
        });
        let Some(number) = number.and_then(|(digits, _)| digits.parse::<u32>().ok()) else {
            findings.push(Finding::new(&file.path, 1, "not named NNNN-words.md", "rename it"));
            continue;
        };
        if number != next {
            let what = format!("number {number:04} where {next:04} is expected");
            findings.push(Finding::new(&file.path, 1, what, "number the records without gaps or doubles"));
        }
        next = number + 1;
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_a_double_and_a_bad_name_are_found() {
        let good = Tree::of(&[("docs/decisions/0001-a.md", ""), ("docs/decisions/0002-b.md", "")]);
        assert_eq!(check(&good), []);
        assert_eq!(check(&Tree::of(&[("docs/decisions/0002-b.md", "")])).len(), 1);
        let double = Tree::of(&[("docs/decisions/0001-a.md", ""), ("docs/decisions/0001-b.md", "")]);
        assert_eq!(check(&double).len(), 1);
        assert_eq!(check(&Tree::of(&[("docs/decisions/database.md", "")])).len(), 1);
    }
}
