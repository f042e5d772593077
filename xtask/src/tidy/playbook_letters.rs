//! Playbooks and letters hang together: each letter a playbook names is there in every language that ships,
//! and each playbook is described in the manual.

use super::Finding;
use super::tree::Tree;

const LANGUAGES: [&str; 3] = ["en", "zh", "es"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.below("playbooks").filter(|file| file.path.ends_with(".toml")) {
        let name = file.stem();
        let in_manual = tree.below("docs").any(|page| page.path.ends_with(".md") && page.text.contains(name));
        if !in_manual {
            findings.push(Finding::new(
                &file.path,
                1,
                format!("no page below docs names `{name}`"),
                "describe it in docs/manual",
            ));
        }
        for (number, line) in file.lines() {
            let Some(letter) = letter_named(line) else {
                continue;
            };
            for language in LANGUAGES {
                let start = format!("letters/{language}/{letter}.");
                if !tree.files.iter().any(|file| file.path.starts_with(&start)) {
                    let what = format!("the letter `{letter}` is missing in `{language}`");
                    findings.push(Finding::new(&file.path, number, what, format!("write {start}*")));
                }
            }
        }
    }
    findings
}

/// The name in `letter = "name"`, also inside an inline table.
fn letter_named(line: &str) -> Option<&str> {
    let line = line.split('#').next()?;
    let (before, after) = line.split_once("letter")?;
    let alone = before.chars().next_back().is_none_or(|last| !last.is_alphanumeric() && last != '_' && last != '-');
    let value = after.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
    alone.then(|| value.split('"').next()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_translation_and_an_undescribed_playbook_are_found() {
        let tree = Tree::of(&[
            (
                "playbooks/b1.toml",
                "[[step]]\nletter = \"first\"\nletters_sent = 3\n[[step]]\nx = { letter = \"second\" }\n",
            ),
            ("playbooks/b2.toml", ""),
            ("docs/manual/playbooks.md", "`b1` is for deposits."),
            ("letters/en/first.txt", ""),
            ("letters/zh/first.txt", ""),
            ("letters/es/first.txt", ""),
            ("letters/en/second.txt", ""),
            ("letters/zh/second.txt", ""),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| (finding.path, finding.line)).collect();
        assert_eq!(found, [("playbooks/b1.toml".to_owned(), 5), ("playbooks/b2.toml".to_owned(), 1)]);
    }
}
