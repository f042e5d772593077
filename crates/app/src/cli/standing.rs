//! `dunlin hold|promise|dispute`: facts that keep the program silent, entered by hand.

use anyhow::Context;
use jiff::civil::Date;

use super::{Common, usage};
use crate::house::House;
use crate::typed_amount::typed_amount;
use crate::use_cases::standing_facts::{
    Found, add_dispute, add_hold, add_promise, end_holds, resolve_dispute, withdraw_promises,
};

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
    /// End the running holds of a debtor (D-0017) or one receivable (R-1042) now
    End { subject: String },
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
    /// It does not hold any more: pressing goes on, and it counts neither as kept nor as broken
    Withdraw { subject: String },
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
    let house = common.house().await?;
    match command {
        HoldCommand::Add { subject, until, why } => {
            let (party, receivable) = subject_of(&house, &subject).await?;
            add_hold(&house, party, receivable.map(|found| found.receivable_id), until, &why).await?;
            println!("{subject} is on hold until {until}");
        }
        HoldCommand::End { subject } => {
            let (party, receivable) = subject_of(&house, &subject).await?;
            let ended = end_holds(&house, party, receivable.map(|found| found.receivable_id)).await?;
            let holds = if ended == 1 { "hold" } else { "holds" };
            println!("{subject}: {ended} {holds} ended; the next run looks at it again");
        }
    }
    Ok(())
}

pub async fn promise(common: &Common, command: PromiseCommand) -> anyhow::Result<()> {
    let house = common.house().await?;
    let (subject, on, amount, words) = match command {
        PromiseCommand::Add { subject, on, amount, words } => (subject, on, amount, words),
        PromiseCommand::Withdraw { subject } => {
            let (party, receivable) = subject_of(&house, &subject).await?;
            let withdrawn = withdraw_promises(&house, party, receivable.map(|found| found.receivable_id)).await?;
            let promises = if withdrawn == 1 { "promise" } else { "promises" };
            println!("{subject}: {withdrawn} {promises} withdrawn; the next run looks at it again");
            return Ok(());
        }
    };
    let (party, receivable) = subject_of(&house, &subject).await?;
    let amount = match (&amount, &receivable) {
        (None, _) => None,
        (Some(text), Some(found)) => {
            Some(typed_amount(text, found.amount.currency).map_err(|error| usage(error.to_string()))?)
        }
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
                .map(|text| typed_amount(&text, found.amount.currency).map_err(|error| usage(error.to_string())))
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
