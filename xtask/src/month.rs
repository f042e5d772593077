//! `cargo xtask month`: the story of a month of orders (`crates/dunlin/tests/story/month.rs`) with as many orders as a shop has,
//! in place of the few hundred of a test run; on SQLite, or on a PostgreSQL that `DUNLIN_TEST_PG` names or that is started for it.

use crate::servers::{self, Durability};
use crate::sweeper::Scratch;
use crate::{needs, workspace};
use anyhow::{Context, Result};
use std::process::ExitCode;

const START: &[&str] =
    &["test", "--release", "--quiet", "--package", "dunlin", "--test", "story", "month::", "--", "--nocapture"];

/// Variables of the story.
const ORDERS: &str = "DUNLIN_MONTH_ORDERS";
const SEED: &str = "DUNLIN_MONTH_SEED";
const DB: &str = "DUNLIN_MONTH_DB";

/// What somebody asks for, and what it is when nobody says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wished<'a> {
    orders: &'a str,
    seed: &'a str,
    /// `sqlite` or `postgres`.
    db: &'a str,
}

pub fn run(arguments: &[&str]) -> Result<ExitCode> {
    let Some(Wished { orders, seed, db }) = wished(arguments) else {
        eprintln!("usage: cargo xtask month [--orders N] [--seed S] [--db sqlite|postgres]");
        return Ok(ExitCode::from(2));
    };
    let root = workspace::root()?;
    let mut command = workspace::cargo(&root, START);
    command.env(ORDERS, orders).env(SEED, seed).env(DB, db);
    let mut running = None;
    if db == "postgres" && std::env::var_os("DUNLIN_TEST_PG").is_none() {
        if !needs::provide(&["bench"], true)? {
            return Ok(ExitCode::from(2));
        }
        let scratch = Scratch::new()?;
        for (name, value) in servers::start_postgres(&scratch, Durability::None)? {
            command.env(name, value);
        }
        running = Some(scratch);
    }
    let status = command.status().context("starting the month")?;
    drop(running);
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}

/// `None` for anything that makes no sense, or is unknown.
fn wished<'a>(arguments: &[&'a str]) -> Option<Wished<'a>> {
    let mut wished = Wished { orders: "9000", seed: "1", db: "sqlite" };
    for pair in arguments.chunks(2) {
        let [name, value] = *pair else { return None };
        let is_number = value.parse::<u64>().is_ok();
        match name {
            "--orders" if is_number => wished.orders = value,
            "--seed" if is_number => wished.seed = value,
            "--db" if matches!(value, "sqlite" | "postgres") => wished.db = value,
            _ => return None,
        }
    }
    Some(wished)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_usual_and_nothing_unknown_is_taken() {
        let usual = Wished { orders: "9000", seed: "1", db: "sqlite" };
        assert_eq!(wished(&[]), Some(usual));
        assert_eq!(wished(&["--seed", "7", "--orders", "300"]), Some(Wished { orders: "300", seed: "7", ..usual }));
        assert_eq!(wished(&["--db", "postgres"]), Some(Wished { db: "postgres", ..usual }));
        assert_eq!(wished(&["--orders"]), None);
        assert_eq!(wished(&["--orders", "many"]), None);
        assert_eq!(wished(&["--db", "oracle"]), None);
        assert_eq!(wished(&["--days", "3"]), None);
    }
}
