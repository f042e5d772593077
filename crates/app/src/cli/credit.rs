//! `dunlin credit|write-off`: less is owed though no money came, and the way back.

use dunlin_core::receivable::ledger::LedgerKind;

use super::{Common, usage};
use crate::typed_amount::typed_amount;
use crate::use_cases::lower_outstanding::{Lowered, lower_outstanding, take_back};
use crate::use_cases::standing_facts::Found;

#[derive(Debug, clap::Subcommand)]
pub enum CreditCommand {
    /// A credit note or price reduction
    Add {
        receivable: String,
        /// In the receivable's currency
        #[arg(long)]
        amount: String,
        #[arg(long)]
        why: String,
    },
    /// Take the last credit of a receivable back
    Undo {
        receivable: String,
        #[arg(long, default_value = "")]
        why: String,
    },
}

#[derive(Debug, clap::Args)]
pub struct WriteOffArgs {
    receivable: String,
    /// In the receivable's currency; without it, all that is outstanding
    #[arg(long, conflicts_with = "undo")]
    amount: Option<String>,
    #[arg(long, required_unless_present = "undo")]
    why: Option<String>,
    /// Take the last write-off back
    #[arg(long)]
    undo: bool,
}

pub async fn credit(common: &Common, command: CreditCommand) -> anyhow::Result<()> {
    match command {
        CreditCommand::Add { receivable, amount, why } => {
            lower(common, &receivable, LedgerKind::Credit, Some(&amount), &why).await
        }
        CreditCommand::Undo { receivable, why } => undo(common, &receivable, LedgerKind::Credit, &why).await,
    }
}

pub async fn write_off(common: &Common, args: WriteOffArgs) -> anyhow::Result<()> {
    let why = args.why.as_deref().unwrap_or("");
    if args.undo {
        return undo(common, &args.receivable, LedgerKind::WriteOff, why).await;
    }
    lower(common, &args.receivable, LedgerKind::WriteOff, args.amount.as_deref(), why).await
}

async fn lower(
    common: &Common,
    receivable: &str,
    kind: LedgerKind,
    amount: Option<&str>,
    why: &str,
) -> anyhow::Result<()> {
    let house = common.house().await?;
    let found: Found = house.store.find_receivable(house.tenant.id, receivable).await?.into();
    let amount = amount
        .map(|text| typed_amount(text, found.amount.currency).map_err(|error| usage(error.to_string())))
        .transpose()?;
    let lowered = lower_outstanding(&house, &found, kind, amount, why).await?;
    let done = if kind == LedgerKind::WriteOff { "written off" } else { "credited" };
    println!("{}: {} {done}, {}", found.number, lowered.amount, rest(&lowered));
    Ok(())
}

async fn undo(common: &Common, receivable: &str, kind: LedgerKind, why: &str) -> anyhow::Result<()> {
    let house = common.house().await?;
    let found: Found = house.store.find_receivable(house.tenant.id, receivable).await?.into();
    let lowered = take_back(&house, &found, kind, why).await?;
    let what = if kind == LedgerKind::WriteOff { "write-off" } else { "credit" };
    println!("{}: the {what} of {} is taken back, {}", found.number, lowered.amount, rest(&lowered));
    Ok(())
}

/// "USD 380.00 outstanding; 1 waiting letter cancelled".
fn rest(lowered: &Lowered) -> String {
    let open = match lowered.outstanding.is_positive() {
        true => format!("{} outstanding", lowered.outstanding),
        false => "nothing outstanding".to_string(),
    };
    match lowered.letters_cancelled {
        0 => open,
        1 => format!("{open}; 1 waiting letter cancelled"),
        many => format!("{open}; {many} waiting letters cancelled"),
    }
}
