//! The project's own commands (`cargo xtask …`): the whole test run, the tidy checks, the benchmark and
//! throw-away servers to develop against. It replaces shell scripts and must stay quick to build, so it
//! depends on `anyhow` and the standard library alone. One file per command; start at `test`.

mod api;
mod bench;
mod browser;
mod command_run;
mod holidays;
mod month;
mod needs;
mod python;
mod servers;
mod storm;
mod sweeper;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  test [--only fmt|clippy|tidy|storm|cargo|api|browser|demo] [--no-install]
              everything that must hold before a change goes in; ends with `N passed, N failed`
  tidy        the rules of the house that no compiler checks
  bench run --rows N --db sqlite|postgres [...]
              the product's run beside the floor; starts its own PostgreSQL unless DUNLIN_TEST_PG is set
  bench sync --orders N [--calls-per-second R]
              a shop of N orders read against its stand-in: the permitted rate, the reached one, their ratio, peak memory
  storm [--seeds N] [--from S] [--years Y]
              years of buyers and faults that seeds make up; a history that breaks a rule is shown small
  month [--orders N] [--seed S] [--db sqlite|postgres]
              a month of 9,000 orders through the stand-ins of AliExpress and 17TRACK, held to the table of paths;
              starts its own PostgreSQL unless DUNLIN_TEST_PG is set
  holidays    writes calendars/holidays.txt anew from the Python package it names; look at the difference
  servers     throw-away PostgreSQL, Postfix and Dovecot; prints the variables the tests read and
              stops everything when standard input closes
  needs [--no-install]
              what the tests need on this machine, installed with apt-get where that is possible
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test", rest @ ..] => test::run(rest),
        ["tidy"] => tidy::run(),
        ["bench", rest @ ..] => bench::run(rest),
        ["storm", rest @ ..] => storm::run(rest),
        ["month", rest @ ..] => month::run(rest),
        ["holidays"] => holidays::run(),
        ["servers"] => servers::run(),
        ["needs", rest @ ..] => needs::run(rest),
        [sweeper::COMMAND] => sweeper::run(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("xtask: no such command: {}\n\n{USAGE}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("xtask: {problem:#}");
            ExitCode::FAILURE
        }
    }
}
