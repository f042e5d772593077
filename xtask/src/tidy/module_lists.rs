//! A file of an open set that its list does not name is dead, however well written: every Rust file is
//! declared by its parent module, every page template is named by a Rust file or another template.

use super::Finding;
use super::rust_source::has_word;
use super::tree::{SourceFile, Tree};

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust_files() {
        if is_root(file) {
            continue;
        }
        let parents = parents(file);
        let own_name =
            if file.stem() == "mod" { file.folder().rsplit('/').next().unwrap_or_default() } else { file.stem() };
        let declared = tree.files.iter().filter(|parent| parents.contains(&parent.path)).any(|parent| {
            let declaration = format!("mod {own_name};");
            parent.text.lines().any(|line| has_word(line, &declaration))
                || parent.text.contains(&format!("\"{}\"", file.name()))
        });
        if !declared {
            let remedy = format!("add `mod {own_name};` to {}", parents.first().map_or("its parent", String::as_str));
            findings.push(Finding::new(&file.path, 1, "no module declares this file", remedy));
        }
    }
    for file in tree.below("crates/app/src/web").filter(|file| file.path.ends_with(".html")) {
        let named =
            tree.below("crates/app/src/web").any(|other| other.path != file.path && other.text.contains(file.name()));
        if !named {
            findings.push(Finding::new(&file.path, 1, "nothing uses this template", "use it or take it out"));
        }
    }
    findings
}

/// Files cargo finds by itself.
fn is_root(file: &SourceFile) -> bool {
    let folder = file.folder();
    let last = folder.rsplit('/').next().unwrap_or_default();
    let in_source_root = last == "src" && ["main", "lib"].contains(&file.stem());
    let alone =
        ["bin", "tests", "benches", "examples", "fuzz_targets"].contains(&last) && !folder.contains("/src/tests");
    in_source_root
        || alone
        || file.name() == "build.rs"
        || file.stem() == "main"
        || !folder.contains("src") && !folder.contains("tests/")
}

/// Where the declaration may stand: `mod.rs` or the crate's root in the same folder, or the folder's own file.
fn parents(file: &SourceFile) -> Vec<String> {
    let folder = if file.stem() == "mod" {
        file.folder().rsplit_once('/').map_or("", |(above, _)| above)
    } else {
        file.folder()
    };
    if folder.ends_with("/src") || folder == "src" {
        return vec![format!("{folder}/lib.rs"), format!("{folder}/main.rs")];
    }
    vec![format!("{folder}/mod.rs"), format!("{folder}.rs"), format!("{folder}/main.rs")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undeclared_module_and_an_unused_template_are_found() {
        let tree = Tree::of(&[
            ("crates/app/src/lib.rs", "pub mod cli;\n"),
            ("crates/app/src/main.rs", ""),
            ("crates/app/src/cli/mod.rs", "mod import;\npub(crate) mod run;\n"),
            ("crates/app/src/cli/import.rs", ""),
            ("crates/app/src/cli/run.rs", ""),
            ("crates/app/src/cli/forgotten.rs", ""),
            ("crates/dunlin/tests/story/main.rs", ""),
            ("crates/app/src/web/pages/today.html", "{% include \"row.html\" %}"),
            ("crates/app/src/web/pages/row.html", ""),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["crates/app/src/cli/forgotten.rs", "crates/app/src/web/pages/today.html"]);
    }
}
