//! `cargo xtask bench run …` and `bench sync …`: passes its arguments to the benchmark. For PostgreSQL it starts a stock
//! server of its own, with full durability, unless `DUNLIN_TEST_PG` names one.

use crate::servers::{self, Durability};
use crate::sweeper::Scratch;
use crate::{needs, workspace};
use anyhow::{Context, Result};
use std::process::ExitCode;

pub fn run(arguments: &[&str]) -> Result<ExitCode> {
    let ["run" | "sync", ..] = arguments else {
        eprintln!("usage: cargo xtask bench run --rows N --db sqlite|postgres [...]");
        eprintln!("       cargo xtask bench sync --orders N [--calls-per-second R]");
        return Ok(ExitCode::from(2));
    };
    let root = workspace::root()?;
    let mut command = workspace::cargo(&root, &["run", "--release", "--quiet", "--package", "dunlin_bench", "--"]);
    command.args(arguments);
    let mut running = None;
    if wants_postgres(arguments) && std::env::var_os("DUNLIN_TEST_PG").is_none() {
        if !needs::provide(&["bench"], true)? {
            return Ok(ExitCode::from(2));
        }
        let scratch = Scratch::new()?;
        for (name, value) in servers::start_postgres(&scratch, Durability::Stock)? {
            command.env(name, value);
        }
        running = Some(scratch);
    }
    let status = command.status().context("starting the benchmark")?;
    drop(running);
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}

fn wants_postgres(arguments: &[&str]) -> bool {
    arguments.contains(&"--db=postgres") || arguments.windows(2).any(|pair| pair == ["--db", "postgres"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_started_only_for_postgresql() {
        assert!(wants_postgres(&["run", "--rows", "100000", "--db", "postgres"]));
        assert!(wants_postgres(&["run", "--db=postgres"]));
        assert!(!wants_postgres(&["run", "--rows", "100000", "--db", "sqlite"]));
        assert!(!wants_postgres(&["run"]));
    }
}
