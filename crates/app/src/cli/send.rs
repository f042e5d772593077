//! `dunlin send`: perform what waits in the outbox.

use super::Common;
use super::open::print_json;
use super::say::{Say, Spoken};
use crate::use_cases::seen_abroad::unclear_abroad;
use crate::use_cases::send_letters::send_letters;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    spoken: Spoken,
    #[arg(long)]
    json: bool,
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let house = common.house().await?;
    let account = send_letters(&house).await?;
    let say = Say::new(&house, args.spoken.lang);
    let notes = account.told(say.language, &house.zone());
    if args.json {
        return print_json(&serde_json::json!({
            "sent": account.sent,
            "cancelled": account.cancelled,
            "postponed": account.postponed,
            "waiting": house.store.letters_waiting(house.tenant.id).await?,
            "again": account.again,
            "failed": account.failed,
            "uncertain": account.uncertain,
            "to_paste": account.to_paste,
            "held_back": account.held_back,
            "notes": notes,
        }));
    }
    if account.held_back {
        println!("{}", say.text("cli-send-held-back", &[]));
    }
    // Whatever is queued waits for its hour, not only what was put off just now; what is tried again is told beside it.
    let queued = usize::try_from(house.store.letters_waiting(house.tenant.id).await?).unwrap_or(0);
    let waiting = say.count("cli-send-waiting", queued.saturating_sub(account.again));
    let values = [
        ("sent", account.sent.to_string()),
        ("cancelled", account.cancelled.to_string()),
        ("waiting", waiting),
        ("again", account.again.to_string()),
        ("failed", account.failed.to_string()),
        ("uncertain", account.uncertain.to_string()),
        ("paste", account.to_paste.to_string()),
    ];
    println!("{}", say.text("cli-send", &values));
    for note in &notes {
        println!("  {note}");
    }
    for one in unclear_abroad(&house).await? {
        println!("{}", one.sentence(say.language));
    }
    match house.store.next_departure(house.tenant.id).await? {
        Some(at) => println!("{}", say.text("cli-send-next", &[("at", say.at(at))])),
        None => println!("{}", say.text("cli-send-nothing", &[])),
    }
    Ok(())
}
