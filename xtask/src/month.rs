//! `cargo xtask month`: the story of a month of orders (`crates/dunlin/tests/story/month.rs`) with as many orders as a shop has,
//! in place of the few hundred of a test run.

use crate::workspace;
use anyhow::{Context, Result};
use std::process::ExitCode;

const START: &[&str] =
    &["test", "--release", "--quiet", "--package", "dunlin", "--test", "story", "month::", "--", "--nocapture"];

/// Variables of the story, with what they are when nobody says otherwise.
const ORDERS: (&str, &str) = ("DUNLIN_MONTH_ORDERS", "9000");
const SEED: (&str, &str) = ("DUNLIN_MONTH_SEED", "1");

pub fn run(arguments: &[&str]) -> Result<ExitCode> {
    let Some((orders, seed)) = wished(arguments) else {
        eprintln!("usage: cargo xtask month [--orders N] [--seed S]");
        return Ok(ExitCode::from(2));
    };
    let root = workspace::root()?;
    let mut command = workspace::cargo(&root, START);
    let status = command.env(ORDERS.0, orders).env(SEED.0, seed).status().context("starting the month")?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}

/// Orders and seed; `None` for anything that is no number, or unknown.
fn wished<'a>(arguments: &[&'a str]) -> Option<(&'a str, &'a str)> {
    let (mut orders, mut seed) = (ORDERS.1, SEED.1);
    for pair in arguments.chunks(2) {
        let [name, value] = *pair else { return None };
        value.parse::<u64>().ok()?;
        match name {
            "--orders" => orders = value,
            "--seed" => seed = value,
            _ => return None,
        }
    }
    Some((orders, seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_and_seed_may_be_left_out_and_nothing_else_is_taken() {
        assert_eq!(wished(&[]), Some(("9000", "1")));
        assert_eq!(wished(&["--seed", "7", "--orders", "300"]), Some(("300", "7")));
        assert_eq!(wished(&["--orders"]), None);
        assert_eq!(wished(&["--orders", "many"]), None);
        assert_eq!(wished(&["--days", "3"]), None);
    }
}
