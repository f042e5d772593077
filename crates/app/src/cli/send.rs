//! `dunlin send`: perform what waits in the outbox.

use super::Common;
use super::open::print_json;
use crate::use_cases::send_letters::send_letters;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(long)]
    json: bool,
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let house = common.house().await?;
    let account = send_letters(&house).await?;
    if args.json {
        return print_json(&serde_json::json!({
            "sent": account.sent,
            "cancelled": account.cancelled,
            "postponed": account.postponed,
            "again": account.again,
            "failed": account.failed,
            "uncertain": account.uncertain,
            "to_paste": account.to_paste,
            "held_back": account.held_back,
            "notes": account.notes,
        }));
    }
    if account.held_back {
        println!("safe mode is on: nothing leaves to buyers");
    }
    println!(
        "{} sent, {} cancelled, {} wait for the buyer's hours, {} to try again, {} failed, {} uncertain, {} to paste",
        account.sent,
        account.cancelled,
        account.postponed,
        account.again,
        account.failed,
        account.uncertain,
        account.to_paste
    );
    for note in &account.notes {
        println!("  {note}");
    }
    match house.store.next_departure(house.tenant.id).await? {
        Some(at) => println!("next departure {at}"),
        None => println!("nothing else waits"),
    }
    Ok(())
}
