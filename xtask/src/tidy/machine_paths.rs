//! Nothing in the repository knows the machine it was written on: no absolute path of somebody's home, no
//! name of a package registry's host. The first breaks elsewhere, the second behind a mirror.

use super::Finding;
use super::tree::Tree;

/// In pieces, so that this file does not break its own rule.
const HOMES: &[&str] = &[concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];
const REGISTRIES: &[&str] = &[
    concat!("registry.npm", "js."),
    concat!("registry.yarn", "pkg."),
    concat!("npm", "mirror.com"),
    concat!("index.cra", "tes.io"),
    concat!("static.cra", "tes.io"),
    concat!("py", "pi.org"),
    concat!("python", "hosted.org"),
    concat!("deb.deb", "ian.org"),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (number, line) in file.lines() {
            if let Some(home) = HOMES.iter().find(|home| holds_path(line, home)) {
                let what = format!("a path of one machine (`{home}…`)");
                findings.push(Finding::new(
                    &file.path,
                    number,
                    what,
                    "make it relative, or look it up when the program runs",
                ));
            }
            if let Some(host) = REGISTRIES.iter().find(|host| line.contains(*host)) {
                let what = format!("a registry's host (`{host}`)");
                findings.push(Finding::new(&file.path, number, what, "leave it to the tool's own configuration"));
            }
        }
    }
    findings
}

/// Whether the path begins here, and is not the middle of a longer one.
fn holds_path(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && !"._-/}~".contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_and_a_registry_are_found_and_a_longer_path_is_not() {
        let home = format!("see {}notes.txt\n", HOMES[0]);
        let registry = format!("\"resolved\": \"https://{}org/x\"\n", REGISTRIES[0]);
        let longer = format!("https://example.com{}\ndocs{}\n$ROOT{}x\n", HOMES[1], HOMES[2], HOMES[2]);
        let tree = Tree::of(&[("a.md", &home), ("b.json", &registry), ("c.md", &longer)]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["a.md", "b.json"]);
    }
}
