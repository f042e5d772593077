//! `dunlin person`: what is known of somebody, and forgetting them.

use anyhow::Context;

use super::Common;
use super::open::{find_debtor as find, print_json};
use crate::use_cases::erase_person::{Erased, erase_contact, erase_debtor, export_person};
use dunlin_store::Scope;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Everything that is known of a debtor and its people, as JSON
    Export { debtor: String },
    /// Forget a person at a debtor, or a consumer altogether: for ever
    Erase {
        debtor: String,
        /// Name or address of the person; without it the consumer as a whole
        #[arg(long)]
        contact: Option<String>,
        /// The name once more, exactly: this cannot be undone
        #[arg(long, value_name = "NAME")]
        confirm: String,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        Command::Export { debtor } => print_json(&export_person(&house, find(&house, &debtor).await?).await?),
        Command::Erase { debtor, contact, confirm } => {
            let party = find(&house, &debtor).await?;
            let erased = match contact {
                None => erase_debtor(&house, party, &confirm).await?,
                Some(who) => {
                    let facts = house.store.facts(house.tenant.id, Scope::One(party), house.now()).await?;
                    let known = facts.first().context("the debtor does not exist any more")?;
                    let is_meant = |person: &dunlin_core::party::Person| {
                        person.name == who || person.email.as_deref() == Some(who.as_str())
                    };
                    let found = known.everybody().find(|one| one.person.as_ref().is_some_and(is_meant));
                    let id = found.with_context(|| format!("nobody at {debtor} is called {who}"))?.id;
                    erase_contact(&house, party, id, &confirm).await?
                }
            };
            let Erased { cancelled, files } = erased;
            println!("erased for good; waiting letters cancelled: {cancelled}; copies of files given up: {files}");
            println!("Backups made before keep what they had.");
            Ok(())
        }
    }
}
