//! `dunlin suppress`: addresses, numbers and domains that may not be used.

use jiff::civil::Date;

use dunlin_store::pages::find::human_number;
use dunlin_store::pages::keyset::After;

use super::open::print_json;
use super::{Common, usage};
use crate::use_cases::suppress::{SuppressionForm, end_suppression, entry_number, kind_named, reason_named, suppress};

/// Entries that are listed at most.
const MOST: i64 = 10_000;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Nothing is sent to this address any more
    Add {
        /// An email address, a domain, a phone number, an account on a marketplace
        address: String,
        /// objection, bounced, legal, wrong_person or by_hand
        #[arg(long, default_value = "by_hand")]
        reason: String,
        /// email, domain, phone or in_site; without it, told by how the address looks
        #[arg(long, default_value = "")]
        kind: String,
        /// What shows it: a mail, a judgment, a note
        #[arg(long, default_value = "")]
        evidence: String,
        /// The last day; for good without it
        #[arg(long)]
        until: Option<Date>,
    },
    /// The list
    List {
        /// Also what is over
        #[arg(long)]
        all: bool,
        #[arg(long)]
        json: bool,
    },
    /// The address may be used again
    End {
        /// `X-0003`
        entry: String,
        #[arg(long)]
        why: String,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        Command::Add { address, reason, kind, evidence, until } => {
            let reason = reason_named(&reason).map_err(|refusal| usage(refusal.to_string()))?;
            let kind = kind_named(&kind).map_err(|refusal| usage(refusal.to_string()))?;
            let done = suppress(&house, &SuppressionForm { kind, address, reason, evidence, until }).await?;
            println!(
                "{}: nothing is sent to {} any more; debtors with it: {}, waiting letters cancelled: {}",
                done.number, done.address, done.debtors, done.letters_cancelled
            );
        }
        Command::List { all, json } => {
            let everything = After { key: 0, limit: MOST };
            let rows = house.store.suppressions_after(house.tenant.id, all, house.now(), &everything).await?;
            if json {
                let shown = rows.iter().map(|row| {
                    serde_json::json!({"number": entry_number(row.number), "kind": row.kind.code(),
                        "address": row.address, "reason": row.reason.code(), "evidence": row.evidence,
                        "by": row.who, "until": row.until, "added_at": row.recorded_at, "ended_at": row.ended_at,
                        "ended_because": row.ended_because})
                });
                return print_json(&serde_json::json!({"entries": shown.collect::<Vec<_>>()}));
            }
            for row in &rows {
                let until = row.until.map_or_else(String::new, |day| format!(" until {day}"));
                let over = if row.is_over(house.now()) { " (over)" } else { "" };
                let address = row.address.as_deref().unwrap_or("erased");
                println!(
                    "{} {} {address}: {}{until}{over}",
                    entry_number(row.number),
                    row.kind.code(),
                    row.reason.code()
                );
            }
            if rows.is_empty() {
                println!("the list is empty");
            }
        }
        Command::End { entry, why } => {
            let number =
                human_number('X', &entry).ok_or_else(|| usage(format!("‘{entry}’ is no entry such as X-0003")))?;
            let row = end_suppression(&house, number, &why).await?;
            println!("{} may be used again", row.address.as_deref().unwrap_or("the address"));
        }
    }
    Ok(())
}
