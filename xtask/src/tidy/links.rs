//! Relative links in Markdown lead to files that are there.

use super::Finding;
use super::tree::{SourceFile, Tree};

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        for (line, target) in links(file) {
            let resolved = resolve(file.folder(), &target);
            if !resolved.as_ref().is_some_and(|path| tree.has(path)) {
                let what = format!("the link leads to `{target}`, which is not there");
                findings.push(Finding::new(&file.path, line, what, "correct the path or write the page"));
            }
        }
    }
    findings
}

/// Targets of `[words](target)` inside the repository, outside code.
fn links(file: &SourceFile) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in file.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Every second part between backticks is code.
        let prose: String =
            line.split('`').enumerate().map(|(part, text)| if part % 2 == 0 { text } else { "x" }).collect();
        for part in prose.split("](").skip(1) {
            let target = part.split([')', ' ']).next().unwrap_or_default();
            let path = target.split('#').next().unwrap_or_default();
            let outside = target.contains("://") || target.starts_with("mailto:");
            if !path.is_empty() && !outside {
                found.push((number, path.to_owned()));
            }
        }
    }
    found
}

/// The path from the root; `None` when it leads out of the repository.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let (mut parts, target): (Vec<&str>, &str) = match target.strip_prefix('/') {
        Some(from_root) => (Vec::new(), from_root),
        None => (folder.split('/').filter(|part| !part.is_empty()).collect(), target),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_link_is_found_and_live_ones_are_not() {
        let text = "[a](../README.md#top) [b](adding/) [c](https://x.example/y) [d](#here)\n\n\
                    `[e](nowhere.md)`\n```\n[f](nowhere.md)\n```\n[g](gone.md) ![h](../../out.png)\n";
        let tree = Tree::of(&[("docs/a.md", text), ("README.md", ""), ("docs/adding/page.md", "")]);
        assert_eq!(check(&tree).iter().map(|finding| finding.line).collect::<Vec<_>>(), [7, 7]);
    }
}
