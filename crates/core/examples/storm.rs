//! `cargo xtask storm`: lives through the storms of many seeds with the playbooks that ship and those of the tests, and
//! prints the smallest history of each that breaks a rule.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use dunlin_core::playbook::{Playbooks, parse};
use dunlin_core::storm;

const USAGE: &str = "usage: cargo xtask storm [--seeds N] [--from S] [--years Y]";
/// More than this many small histories tell nobody anything new.
const SHOWN: usize = 5;

struct Asked {
    seeds: u64,
    from: u64,
    years: u16,
}

fn asked(arguments: &[String]) -> Option<Asked> {
    let mut asked = Asked { seeds: 200, from: 1, years: 2 };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest.next()?;
        match name.as_str() {
            "--seeds" => asked.seeds = value.parse().ok()?,
            "--from" => asked.from = value.parse().ok()?,
            "--years" => asked.years = value.parse().ok().filter(|years| (1..=50).contains(years))?,
            _ => return None,
        }
    }
    Some(asked)
}

/// In the order of their names, so that a seed chooses the same one everywhere.
fn playbooks() -> Result<Playbooks, String> {
    let core = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in [core.join("../../playbooks"), core.join("tests/scenarios/playbooks")] {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut of_folder: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        of_folder.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
        of_folder.sort();
        files.append(&mut of_folder);
    }
    let mut read = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
        let told = |problems: Vec<parse::PlaybookProblem>| {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        read.push(Arc::new(parse::parse(&name, &text).map_err(told)?));
    }
    Ok(Playbooks::new(read, Vec::new()))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(asked) = asked(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let playbooks = match playbooks() {
        Ok(playbooks) => playbooks,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    let (mut done, mut failures) = (0, Vec::new());
    for seed in asked.from..asked.from.saturating_add(asked.seeds) {
        match storm::run(seed, asked.years, &playbooks) {
            Ok(lines) => done += lines,
            Err(failure) => {
                if failures.len() < SHOWN {
                    println!("{failure}");
                }
                failures.push((failure.broken.rule, seed));
            }
        }
    }
    for (rule, seed) in failures.iter().skip(SHOWN) {
        println!("seed {seed}: {rule}");
    }
    println!("{done} letters, calls and tasks in {} years", u64::from(asked.years) * asked.seeds);
    let failed = failures.len() as u64;
    println!("storm: {} seeds passed, {failed} failed", asked.seeds - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
