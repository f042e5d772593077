//! Runs the product's own use case on a database of its own.

use std::time::{Duration, Instant};

use anyhow::ensure;
use jiff::{Timestamp, ToSpan, civil::date};

use dunlin::house::{Clock, House};
use dunlin::use_cases::run_decisions::{Phases, RunOptions, run_decisions};
use dunlin_store::seeding::{SeedDebtor, fresh_database};
use dunlin_store::{Actor, InstallationKey, Settings, Store};

use crate::{Plan, memory};

/// What the run took.
pub struct Measured {
    pub time: Duration,
    pub letters: usize,
    pub peak_kib: u64,
    pub phases: Phases,
}

pub async fn run(plan: &Plan) -> anyhow::Result<Measured> {
    let dir = crate::floor::scratch("product")?;
    let place = match &plan.postgres {
        Some(url) => fresh_database(url, "dunlin_bench_product").await?,
        None => dir.join("dunlin.db").display().to_string(),
    };
    let store = Store::open(&place, &InstallationKey::generate()?).await?;
    // A Wednesday at 10:00 in Berlin: every letter may leave at once.
    let now: Timestamp = "2026-03-04T09:00:00Z".parse()?;
    let mut settings = Settings { time_zone: "Europe/Berlin".to_string(), ..Settings::default() };
    settings.sender.email = "sales@example.com".to_string();
    let id = store.create_tenant("Bench", &settings, false, now).await?;
    fill(&store, id, now, plan.rows).await?;
    let tenant = store.tenant(id).await?;
    let house = House::new(store, tenant, Clock::Fixed(now), &dir, None).await?;
    memory::reset_peak();
    let began = Instant::now();
    let account = run_decisions(&house, RunOptions::default()).await?;
    let time = began.elapsed();
    let peak_kib = memory::peak_kib();
    ensure!(account.refused == 0, "the audit refused {} plans", account.refused);
    ensure!(
        account.written.letters as i64 == plan.rows,
        "{} letters for {} rows: the work is not the floor's",
        account.written.letters,
        plan.rows
    );
    let again = run_decisions(&house, RunOptions::default()).await?;
    ensure!(again.written.letters == 0, "a second run at the same instant wrote letters");
    std::fs::remove_dir_all(dir)?;
    Ok(Measured { time, letters: account.written.letters, peak_kib, phases: account.phases })
}

async fn fill(store: &Store, tenant: i64, now: Timestamp, rows: i64) -> anyhow::Result<()> {
    let today = date(2026, 3, 4);
    let mut next = 1;
    while next <= rows {
        let last = (next + 9_999).min(rows);
        let debtors: Vec<SeedDebtor> = (next..=last)
            .map(|i| SeedDebtor {
                number: i,
                name: format!("Customer {i}"),
                email: format!("c{i}@example.com"),
                country: "DE",
                reference: format!("INV{i}"),
                amount_minor: 1000 + i % 100_000,
                currency: "EUR",
                due_on: today - (5 + i % 86).days(),
            })
            .collect();
        // Distinct instants, so that ids rise over the batches as they would over the years.
        let at = now - 1_000.hours() + (next / 10_000).seconds();
        let mut commit = store.begin(tenant, at, &Actor::system()).await?;
        commit.seed(&debtors).await?;
        commit.finish().await?;
        next = last + 1;
    }
    Ok(())
}
