//! `cargo xtask holidays`: writes `calendars/holidays.txt` anew from a Python package that knows the holidays of most
//! countries. What is taken and how it is written down is in `xtask/holidays/write.py`; this installs and starts it.
//! It is no part of the tests: what changes is looked at (`git diff`) and goes in as a change of its own.

use crate::command_run;
use crate::python;
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// A newer one brings the days that were announced since.
const VERSION: &str = "0.109";

const LIMIT: Duration = Duration::from_secs(900);

pub fn run() -> Result<ExitCode> {
    let root = workspace::root()?;
    let folder = workspace::output_dir(&root, "holidays")?;
    let logs = workspace::output_dir(&root, "logs")?;
    let venv = python::environment(&folder, "holidays", VERSION, &logs, LIMIT, None)?;
    let calendars = root.join("calendars");
    let known = std::fs::read_to_string(calendars.join("countries.toml")).context("reading the countries")?;
    // Written beside the build first: a run that breaks off leaves the file of before.
    let written = folder.join("holidays.txt");
    let mut write = Command::new(venv.join("bin").join("python"));
    write.arg(root.join("xtask").join("holidays").join("write.py")).arg(&written).args(codes(&known));
    let finished = command_run::run(&mut write, &logs.join("holidays.log"), LIMIT, None, |_| false)?;
    if !finished.ok {
        bail!("write.py broke off:\n{}", finished.tail(20));
    }
    std::fs::copy(&written, calendars.join("holidays.txt")).context("writing calendars/holidays.txt")?;
    println!("calendars/holidays.txt is written; see what has changed with `git diff --stat calendars`.");
    Ok(ExitCode::SUCCESS)
}

/// The tables of the file: `[IT]` → `IT`.
fn codes(countries: &str) -> Vec<&str> {
    countries.lines().filter_map(|line| line.trim().strip_prefix('[')?.strip_suffix(']')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_found_by_their_tables() {
        assert_eq!(codes("# [XX] in words\n[IT]\nweekend = [\"sat\"]\n\n[US]\n"), ["IT", "US"]);
    }
}
