//! `dunlin hold|promise|dispute`: facts that keep the program silent, entered by hand.

use anyhow::Context;
use jiff::civil::Date;

use dunlin_core::money::Money;

use super::{Common, usage};
use crate::house::House;
use crate::use_cases::standing_facts::{Found, add_dispute, add_hold, add_promise, resolve_dispute};

#[derive(Debug, clap::Subcommand)]
pub enum HoldCommand {
    /// Pause a debtor (D-0017) or one receivable (R-1042) until a day
    Add {
        subject: String,
        #[arg(long)]
        until: Date,
        #[arg(long)]
        why: String,
    },
}

#[derive(Debug, clap::Subcommand)]
pub enum PromiseCommand {
    /// A debtor promised to pay, everything (D-0017) or one receivable (R-1042)
    Add {
        subject: String,
        /// The promised day
        #[arg(long)]
        on: Date,
        /// Part of it, in the receivable's currency
        #[arg(long)]
        amount: Option<String>,
        /// What was said
        #[arg(long, default_value = "")]
        words: String,
    },
}

#[derive(Debug, clap::Subcommand)]
pub enum DisputeCommand {
    /// The buyer contests a receivable
    Add {
        receivable: String,
        #[arg(long)]
        amount: Option<String>,
        #[arg(long)]
        why: String,
    },
    /// The dispute is settled
    Resolve {
        receivable: String,
        #[arg(long, default_value = "settled")]
        how: String,
    },
}

pub async fn hold(common: &Common, command: HoldCommand) -> anyhow::Result<()> {
    let HoldCommand::Add { subject, until, why } = command;
    let house = common.house().await?;
    let (party, receivable) = subject_of(&house, &subject).await?;
    add_hold(&house, party, receivable.map(|found| found.receivable_id), until, &why).await?;
    println!("{subject} is on hold until {until}");
    Ok(())
}

pub async fn promise(common: &Common, command: PromiseCommand) -> anyhow::Result<()> {
    let PromiseCommand::Add { subject, on, amount, words } = command;
    let house = common.house().await?;
    let (party, receivable) = subject_of(&house, &subject).await?;
    let amount = match (&amount, &receivable) {
        (None, _) => None,
        (Some(text), Some(found)) => Some(Money::parse(text, found.amount.currency).map_err(|e| usage(e.to_string()))?),
        (Some(_), None) => return Err(usage("an amount needs a receivable: write R-… instead of D-…")),
    };
    add_promise(&house, party, receivable.map(|found| found.receivable_id), on, amount, &words).await?;
    println!("{subject}: promised for {on}");
    Ok(())
}

pub async fn dispute(common: &Common, command: DisputeCommand) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        DisputeCommand::Add { receivable, amount, why } => {
            let found: Found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            let amount = amount
                .map(|text| Money::parse(&text, found.amount.currency).map_err(|e| usage(e.to_string())))
                .transpose()?;
            add_dispute(&house, &found, amount, &why).await?;
            println!("{receivable} is disputed");
        }
        DisputeCommand::Resolve { receivable, how } => {
            let found: Found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            resolve_dispute(&house, &found, &how).await?;
            println!("{receivable}: the dispute is settled");
        }
    }
    Ok(())
}

async fn subject_of(house: &House, name: &str) -> anyhow::Result<(dunlin_core::ids::PartyId, Option<Found>)> {
    if name.starts_with(['D', 'd']) && dunlin_store::pages::find::human_number('D', name).is_some() {
        let (id, _) = house
            .store
            .find_party(house.tenant.id, name)
            .await?
            .with_context(|| format!("there is no debtor {name}"))?;
        return Ok((id, None));
    }
    if let Ok(found) = house.store.find_receivable(house.tenant.id, name).await {
        let found = Found::from(found);
        return Ok((found.party_id, Some(found)));
    }
    let (id, _) = house
        .store
        .find_party(house.tenant.id, name)
        .await?
        .with_context(|| format!("there is no debtor and no receivable {name} here"))?;
    Ok((id, None))
}
