//! `dunlin demo`: a whole company in seconds, through the ordinary path.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};

use dunlin_core::explain::{UiLanguage, word};
use dunlin_core::locale::money;
use dunlin_core::money::Money;
use dunlin_core::party::Language;
use dunlin_store::Store;
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::parcel_list::PARCEL_START;
use jiff::SignedDuration;

use crate::building::Building;
use crate::demo::running::sales::ANSWERED;
use crate::demo::script;
use crate::key::KeySource;
use crate::use_cases::live_demo::{DemoAccount, live_demo};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the demo lives; an earlier demo there is replaced
    #[arg(long, value_name = "D")]
    dir: Option<PathBuf>,
    /// End after living through the weeks instead of serving
    #[arg(long)]
    no_serve: bool,
    /// Port of the pages
    #[arg(long, default_value_t = 7447)]
    port: u16,
}

const MARK: &str = "dunlin-demo";
/// As the page of parcels in trouble has it.
const QUIET_DAYS: i64 = 7;

pub async fn run(args: Args) -> anyhow::Result<()> {
    let dir = args.dir.unwrap_or_else(|| PathBuf::from("demo"));
    clear(&dir)?;
    eprintln!("Building the demo company in {} …", dir.display());
    let began = Instant::now();
    let script = script().context("the demo's files could not be made")?;
    let place = dir.join("dunlin.db");
    let store = Store::open(&place.display().to_string(), &KeySource::default().find_or_make(&dir)?).await?;
    let (house, account) = live_demo(&store, &script, &dir).await?;
    tell(&account, &house, began.elapsed().as_secs_f64()).await?;
    if args.no_serve {
        return Ok(());
    }
    let building = std::sync::Arc::new(Building::around(&house));
    super::serve::serve_building(building, ([127, 0, 0, 1], args.port).into(), false).await
}

/// Removes an earlier demo, and refuses a folder that holds anything else.
fn clear(dir: &Path) -> anyhow::Result<()> {
    let mark = dir.join(MARK);
    if dir.exists() && !mark.exists() && std::fs::read_dir(dir)?.next().is_some() {
        bail!("{} is not empty and not an earlier demo: name another folder with --dir", dir.display());
    }
    if mark.exists() {
        std::fs::remove_dir_all(dir)
            .with_context(|| format!("cannot replace the earlier demo in {}", dir.display()))?;
    }
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    std::fs::write(&mark, "This folder belongs to `dunlin demo`, which replaces it.\n")?;
    Ok(())
}

async fn tell(account: &DemoAccount, house: &crate::house::House, seconds: f64) -> anyhow::Result<()> {
    println!("{}: {} days in {seconds:.1} s", house.tenant.name, account.days);
    println!("  files read           {:>6}   ({} rows and bank lines)", account.files, account.rows);
    println!("  rows left out        {:>6}", account.left_out.len());
    for line in &account.left_out {
        println!("      {line}");
    }
    println!("  letters sent         {:>6}   (in {})", account.letters_sent, house.data_dir.join("letters").display());
    println!(
        "  letters cancelled    {:>6}   because the money came, or something changed, before they left",
        account.letters_cancelled
    );
    println!("  approved by a person {:>6}", account.approvals);
    println!("  tasks for people     {:>6}", account.tasks);
    println!(
        "  payments             {:>6}   ({} found their place by themselves)",
        account.payments, account.payments_matched
    );
    println!("  silences             {:>6}   each with its reason:", account.silences);
    for (code, count) in house.store.silence_counts(house.tenant.id).await? {
        println!("      {count:>6}   {}", word(UiLanguage::En, &format!("silence-{}", code.replace(['.', '_'], "-"))));
    }
    tell_orders(house).await?;
    if account.incidents > 0 {
        println!("  plans refused by the audit: {} (see `incident`)", account.incidents);
    }
    println!();
    for total in house.store.money_totals(house.tenant.id, house.now(), house.today()).await? {
        let show = |minor| money(Money::new(minor, total.currency), Language::En);
        println!(
            "  owed {:>18}   paid {:>18}   open {:>18}   of it late {:>18}   platforms owe {:>16}",
            show(total.owed_minor),
            show(total.paid_minor),
            show(total.open_minor),
            show(total.overdue_minor),
            show(total.platform_minor)
        );
    }
    println!();
    println!("Ask why: dunlin explain R-0001 --db {}", house.store.place());
    Ok(())
}

/// The orders that are under way, and where to look first.
async fn tell_orders(house: &crate::house::House) -> anyhow::Result<()> {
    let (store, tenant, sight) = (&house.store, house.tenant.id, &house.sight);
    let counts = store.board_counts(tenant, sight, house.today()).await?;
    let all: i64 = counts.iter().map(|count| count.orders).sum();
    let quiet = house.now() - SignedDuration::from_hours(24 * QUIET_DAYS);
    let after = After { key: PARCEL_START, limit: 1_000 };
    let parcels = store.parcels_in_trouble(tenant, sight, quiet, &after).await?.len();
    println!("  orders under way     {all:>6}   (parcels in trouble: {parcels}) which are:");
    for count in counts {
        let state = word(UiLanguage::En, &format!("order-state-{}", count.state.code().replace('_', "-")));
        println!("      {:>6}   {state}", count.orders);
    }
    println!("      Look at the order board (/board), parcels in trouble (/parcels), and what a buyer answered:");
    println!("      dunlin order asks {ANSWERED} --json --db {}", store.place());
    Ok(())
}
