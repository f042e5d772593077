//! `dunlin sync`: what changed at the connected shop.

use anyhow::bail;

use super::Common;
use super::open::print_json;
use crate::use_cases::sync_orders::{Watched, sync_orders};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(long)]
    json: bool,
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let house = common.house().await?;
    let Some(account) = sync_orders(&house, Watched { job: None }).await? else {
        bail!("no shop is connected: dunlin connect aliexpress app, then agree");
    };
    if args.json {
        print_json(&account)?;
    } else {
        println!(
            "{} orders read: {} added, {} corrected, {} unchanged, {} to look at; {} letters cancelled",
            account.orders,
            account.added,
            account.corrected,
            account.unchanged,
            account.troubled + account.unreadable,
            account.letters_cancelled
        );
    }
    match account.why {
        Some(why) => bail!("the shop was not read to its end, the next sync goes on from there: {why}"),
        None => Ok(()),
    }
}
