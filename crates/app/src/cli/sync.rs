//! `dunlin sync`: what changed at the connected shop, and what buyers wrote in its chats.

use anyhow::bail;

use super::Common;
use super::open::print_json;
use crate::use_cases::sync_orders::{Watched, sync_orders};
use crate::use_cases::take_messages::take_messages;

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
    let messages = take_messages(&house).await?;
    if args.json {
        let mut told = serde_json::to_value(&account)?;
        told["messages"] = serde_json::to_value(&messages)?;
        print_json(&told)?;
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
        if let Some(messages) = &messages {
            println!("{} messages of buyers read, {} of them new", messages.read, messages.added);
        }
    }
    if let Some(why) = messages.and_then(|messages| messages.why) {
        eprintln!("the chats were not read to their end, the next sync tries again: {why}");
    }
    match account.why {
        Some(why) => bail!("the shop was not read to its end, the next sync goes on from there: {why}"),
        None => Ok(()),
    }
}
