//! Benchmarks as ratios to a floor in the same process run: `run --rows N --db sqlite|postgres`.
//!
//! The floor (`floor/*.sql`) is the least work that a dunning run can be: set-based statements in batches of 50,000,
//! default durability. The product decides, audits and commits the same number of due receivables, one per debtor.
//! It prints rows per second, the ratio of the times, and the peak memory of the product's part.
//!
//! `sync --orders N` reads a shop of so many orders against the stand-in of the marketplace, whose throttle is the floor.

mod floor;
mod memory;
mod product;
mod sync;

use std::time::Duration;

use anyhow::{Context, bail};

/// The product's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What to measure.
pub struct Plan {
    pub rows: i64,
    pub postgres: Option<String>,
}

const USAGE: &str = "usage: run --rows N --db sqlite|postgres, or sync --orders N [--calls-per-second R]";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    match words.next().as_deref() {
        Some("run") => run(plan(words)?).await,
        Some("sync") => sync::run(sync::plan(words)?).await,
        // The stand-in that `sync` starts, in a process of its own.
        Some(sync::STAND) => sync::stand(sync::plan(words)?).await,
        _ => bail!(USAGE),
    }
}

async fn run(plan: Plan) -> anyhow::Result<()> {
    let kind = if plan.postgres.is_some() { "postgres" } else { "sqlite" };
    let base = floor::run(&plan).await.context("the floor")?;
    let product = product::run(&plan).await.context("the product")?;
    let rate = |time: Duration| plan.rows as f64 / time.as_secs_f64();
    println!("db={kind} rows={}", plan.rows);
    println!("floor    {:>9.2} s  {:>9.0} rows/s", base.as_secs_f64(), rate(base));
    println!(
        "product  {:>9.2} s  {:>9.0} rows/s  ({} letters)",
        product.time.as_secs_f64(),
        rate(product.time),
        product.letters
    );
    let each = |time: Duration| time.as_secs_f64() * 1e6 / plan.rows as f64;
    let phases = product.phases;
    println!(
        "µs each  load {:.1}  decide and audit {:.1}  write {:.1}  commit {:.1}",
        each(phases.load),
        each(phases.decide),
        each(phases.write),
        each(phases.commit)
    );
    println!("ratio    {:.2}", product.time.as_secs_f64() / base.as_secs_f64());
    println!("peak memory of the run {} MiB", product.peak_kib / 1024);
    Ok(())
}

fn plan(mut words: impl Iterator<Item = String>) -> anyhow::Result<Plan> {
    let mut plan = Plan { rows: 100_000, postgres: None };
    while let Some(word) = words.next() {
        let value = words.next().context(USAGE)?;
        match (word.as_str(), value.as_str()) {
            ("--rows", rows) => plan.rows = rows.parse().with_context(|| format!("--rows ‘{rows}’ is not a number"))?,
            ("--db", "sqlite") => plan.postgres = None,
            ("--db", "postgres") => {
                let url = std::env::var("DUNLIN_TEST_PG").context("DUNLIN_TEST_PG names no server")?;
                plan.postgres = Some(url);
            }
            _ => bail!("{word} {value}: {USAGE}"),
        }
    }
    Ok(plan)
}
