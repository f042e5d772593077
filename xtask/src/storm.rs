//! `cargo xtask storm`: years that seeds make up, lived through with the decision and the audit of the real run
//! (`crates/core/src/storm`, started by `crates/core/examples/storm.rs`). As a step of the test run every seed counts.

use crate::test::{Context, Outcome};
use crate::workspace;
use anyhow::{Context as _, Result};
use std::process::ExitCode;

const START: &[&str] = &["run", "--release", "--quiet", "--package", "dunlin_core", "--example", "storm", "--"];

/// By hand, with arguments of its own.
pub fn run(arguments: &[&str]) -> Result<ExitCode> {
    let root = workspace::root()?;
    let mut command = workspace::cargo(&root, START);
    let status = command.args(arguments).status().context("starting the storm")?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}

/// The seeds of every test run.
pub fn step(context: &Context) -> Result<Outcome> {
    let arguments: Vec<&str> = START.iter().copied().chain(["--seeds", "200"]).collect();
    let finished = context.cargo("storm", &arguments, &[], |line| line.starts_with("storm: "))?;
    let (passed, failed) = finished.lines.iter().find_map(|line| counts(line)).unwrap_or((0, 1));
    Ok(Outcome { passed, failed, detail: finished.tail(120), repeat: "cargo xtask storm".to_owned() })
}

/// `storm: 200 seeds passed, 0 failed`
fn counts(line: &str) -> Option<(u64, u64)> {
    let words: Vec<&str> = line.strip_prefix("storm: ")?.split_whitespace().collect();
    match words[..] {
        [passed, "seeds", "passed,", failed, "failed"] => Some((passed.parse().ok()?, failed.parse().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_counted_by_the_last_line() {
        assert_eq!(counts("storm: 198 seeds passed, 2 failed"), Some((198, 2)));
        assert_eq!(counts("seed 4: level"), None);
    }
}
