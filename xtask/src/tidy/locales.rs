//! The catalogues of the two languages of the pages have the same files and the same keys: a missing one
//! would show a bare key to somebody.

use super::Finding;
use super::tree::{SourceFile, Tree};
use std::collections::BTreeMap;

const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (this, other) in [(LANGUAGES[0], LANGUAGES[1]), (LANGUAGES[1], LANGUAGES[0])] {
        let folder = format!("locales/{this}");
        for file in tree.below(&folder).filter(|file| file.path.ends_with(".ftl")) {
            let twin_path = format!("locales/{other}/{}", file.path.trim_start_matches(&format!("{folder}/")));
            let Some(twin) = tree.file(&twin_path) else {
                findings.push(Finding::new(&file.path, 1, format!("{twin_path} is missing"), "write it"));
                continue;
            };
            let theirs = keys(twin);
            for (key, line) in keys(file) {
                if !theirs.contains_key(&key) {
                    let what = format!("`{key}` is missing in {twin_path}");
                    findings.push(Finding::new(&file.path, line, what, "write it there too, or take it out here"));
                }
            }
        }
    }
    findings
}

/// Messages, terms and their attributes (`key.attribute`) with their lines.
fn keys(file: &SourceFile) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut message = String::new();
    for (number, line) in file.lines() {
        let Some((left, _)) = line.split_once('=') else {
            continue;
        };
        let name = left.trim();
        let is_name = |name: &str| {
            !name.is_empty()
                && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
        };
        if is_name(name) && !left.starts_with(char::is_whitespace) {
            message = name.to_owned();
            found.insert(message.clone(), number);
        } else if let Some(attribute) = name.strip_prefix('.').filter(|attribute| is_name(attribute)) {
            found.insert(format!("{message}.{attribute}"), number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_an_attribute_and_a_file_of_one_language_only_are_found() {
        let english =
            "# a = comment\ntoday = Today\n    .title = What needs me\nletters = { $count ->\n   *[other] n = 1\n }\n";
        let chinese = "today = 今天\nletters = { $count }\nextra = 多\n";
        let tree = Tree::of(&[
            ("locales/en/pages.ftl", english),
            ("locales/zh-CN/pages.ftl", chinese),
            ("locales/en/cli.ftl", ""),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| (finding.path, finding.line)).collect();
        let expected = [("locales/en/pages.ftl", 3), ("locales/en/cli.ftl", 1), ("locales/zh-CN/pages.ftl", 3)];
        assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
    }
}
