//! `dunlin party`: what a person decides about a debtor.

use anyhow::Context;

use dunlin_core::ids::PartyId;

use super::Common;
use super::supply::{LimitArgs, SupplyArgs, limit, supply};
use crate::house::House;
use crate::use_cases::enter_by_hand::{PersonForm, add_contact, note_event};
use crate::use_cases::mark_party::{block_party, choose_playbook, note_objection, unblock_party};
use crate::use_cases::merge_parties::{merge_parties, separate_parties};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Nothing is written to this debtor any more
    Block {
        debtor: String,
        #[arg(long)]
        why: String,
    },
    /// The debtor may be written to again
    Unblock {
        debtor: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Somebody there asked not to be contacted about payments
    Objection {
        debtor: String,
        /// Name or address; without it, everybody there
        #[arg(long)]
        contact: Option<String>,
        /// They may be contacted again
        #[arg(long)]
        withdraw: bool,
    },
    /// Add a person there, or correct the one who is the same by address or name
    Contact {
        debtor: String,
        #[arg(long, default_value = "")]
        name: String,
        /// owner, finance, purchaser, logistics or buyer
        #[arg(long, default_value = "buyer")]
        role: String,
        #[arg(long, default_value = "")]
        email: String,
        #[arg(long, default_value = "")]
        phone: String,
        /// en, zh, es, …; that of the country without it
        #[arg(long, default_value = "")]
        language: String,
    },
    /// What a receivable waits for has happened: goods ready, copy of the bill of lading sent, arrival …
    Happened {
        receivable: String,
        #[arg(long)]
        on: jiff::civil::Date,
    },
    /// Two debtors are one company: everything of the second moves to the first
    Merge {
        /// The one that stays
        stays: String,
        /// The one that is merged into it
        gone: String,
    },
    /// Two that were merged by mistake are two again
    Separate {
        /// Number or name of the one that was merged into the other
        gone: String,
    },
    /// Whether they get new goods, why, and which orders wait; or decide it
    Supply(SupplyArgs),
    /// How much they may owe at once: `limit D-0017 20000 USD`
    Limit(LimitArgs),
    /// A playbook of their own in place of the one their orders bring
    Playbook {
        debtor: String,
        #[arg(required_unless_present = "none")]
        playbook: Option<String>,
        /// The one their orders bring again
        #[arg(long, conflicts_with = "playbook")]
        none: bool,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        Command::Block { debtor, why } => {
            let cancelled = block_party(&house, find(&house, &debtor).await?, &why).await?;
            println!("{debtor} is blocked; waiting letters cancelled: {cancelled}");
        }
        Command::Unblock { debtor, why } => {
            unblock_party(&house, find(&house, &debtor).await?, &why).await?;
            println!("{debtor} is not blocked any more; the next run looks at it again");
        }
        Command::Objection { debtor, contact, withdraw } => {
            let party = find(&house, &debtor).await?;
            let done = note_objection(&house, party, contact.as_deref(), !withdraw).await?;
            let who = done.names.join(", ");
            match withdraw {
                true => println!("{debtor}: {who} may be contacted again"),
                false => println!(
                    "{debtor}: {who} is not contacted about payments any more; waiting letters cancelled: {}",
                    done.letters_cancelled
                ),
            }
        }
        Command::Contact { debtor, name, role, email, phone, language } => {
            let form = PersonForm { name, role, email, phone, language };
            add_contact(&house, find(&house, &debtor).await?, &form).await?;
            println!("{debtor}: the person is known now");
        }
        Command::Happened { receivable, on } => {
            let found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            let begun = note_event(&house, &found, on).await?;
            println!("{receivable}: {on} is noted; amounts with a due date now: {begun}");
        }
        Command::Merge { stays, gone } => {
            let done = merge_parties(&house, find(&house, &stays).await?, find(&house, &gone).await?).await?;
            println!("{gone} is merged into {}; waiting letters cancelled: {}", done.number, done.letters_cancelled);
        }
        Command::Separate { gone } => {
            let done = separate_parties(&house, &gone, None).await?;
            println!(
                "{gone} is a debtor of its own again, apart from {}; waiting letters cancelled: {}",
                done.number, done.letters_cancelled
            );
        }
        Command::Supply(args) => supply(&house, find(&house, &args.debtor).await?, args).await?,
        Command::Limit(args) => limit(&house, find(&house, &args.debtor).await?, args).await?,
        Command::Playbook { debtor, playbook, .. } => {
            let set = choose_playbook(&house, find(&house, &debtor).await?, playbook.as_deref()).await?;
            let which = playbook.as_deref().unwrap_or("the playbooks that fit");
            println!(
                "{debtor} follows {which}; cases that begin with it: {}, cases that have begun and keep theirs: {}",
                set.begin_with_it, set.keep_theirs
            );
        }
    }
    Ok(())
}

async fn find(house: &House, name: &str) -> anyhow::Result<PartyId> {
    let found = house.store.find_party(house.tenant.id, name).await?;
    Ok(found.with_context(|| format!("there is no debtor {name} here; search for it on the page Debtors"))?.0)
}
