//! Two truths: `audit` shares no code with `decide`, in either direction; otherwise it would repeat its
//! mistakes. Their tests may use both.

use super::Finding;
use super::rust_source::has_word;
use super::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (this, other) in [("audit", "decide"), ("decide", "audit")] {
        let file_form = format!("crates/core/src/{this}.rs");
        let folder_form = format!("crates/core/src/{this}/");
        let own = tree.rust_files().filter(|file| file.path == file_form || file.path.starts_with(&folder_form));
        for file in own.filter(|file| !file.is_test()) {
            let source = file.rust();
            let paths = [format!("{other}::"), format!("::{other}")];
            let in_code = source.lines().filter(|(_, line)| paths.iter().any(|path| has_word(line, path)));
            let mut places: Vec<usize> = in_code.map(|(number, _)| number).collect();
            let in_uses = source.uses().into_iter().filter(|(_, statement)| has_word(statement, other));
            places.extend(in_uses.map(|(number, _)| number));
            places.sort_unstable();
            places.dedup();
            for line in places {
                let remedy = "write it again in its own words, or move what is no judgement into a third module";
                findings.push(Finding::new(&file.path, line, format!("`{this}` uses `{other}`"), remedy));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_of_the_other_is_found_in_both_directions() {
        let tree = Tree::of(&[
            ("crates/core/src/audit/mod.rs", "use crate::{decide, facts};\n"),
            ("crates/core/src/audit/gap.rs", "// decide::x\nfn a() { super::super::decide::gap() }\n"),
            ("crates/core/src/audit/tests.rs", "use crate::decide;\n"),
            (
                "crates/core/src/decide.rs",
                "use crate::audit::Refusal;\n#[cfg(test)]\nmod tests {\n use crate::audit;\n}\n",
            ),
            ("crates/core/src/explain.rs", "use crate::{audit, decide};\n"),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| (finding.path, finding.line)).collect();
        let expected = [
            ("crates/core/src/audit/mod.rs", 1),
            ("crates/core/src/audit/gap.rs", 2),
            ("crates/core/src/decide.rs", 1),
        ];
        assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
    }
}
