//! `dunlin why` and `dunlin case`: why a receivable is unpaid, and the turns that a person gives its case.

use dunlin_core::explain::{UiLanguage, coded};
use jiff::civil::Date;

use super::Common;
use super::open::print_json;
use crate::house::House;
use crate::use_cases::explain_receivable::explain_receivable;
use crate::use_cases::standing_facts::Found;
use crate::use_cases::turn_case::{
    EarlierStep, Handover, enter_earlier_step, hand_case_over, hands_named, restart_case, take_case_back,
};
use crate::use_cases::unpaid_why::{clear_why, note_why, why_named};

#[derive(Debug, clap::Args)]
pub struct WhyArgs {
    receivable: String,
    /// forgot, cash_short, payment_failed, seller_fault, paid_in_transit, wrong_contact, bargaining or refuses
    #[arg(required_unless_present = "none")]
    reason: Option<String>,
    /// What the buyer says
    #[arg(long, default_value = "")]
    words: String,
    /// No reason is known any more
    #[arg(long, conflicts_with = "reason")]
    none: bool,
    /// What `explain --json` says now
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
pub enum CaseCommand {
    /// Begin a case anew with its first step; once, a second time only the owner may
    Restart {
        receivable: String,
        #[arg(long)]
        why: String,
        #[arg(long)]
        json: bool,
    },
    /// Put a case into other hands: nothing is sent any more
    HandOver {
        receivable: String,
        /// lawyer, agency, mediator or insurer
        #[arg(long)]
        to: String,
        /// Who it is
        #[arg(long)]
        name: String,
        #[arg(long, default_value = "")]
        note: String,
        #[arg(long)]
        json: bool,
    },
    /// Take a case back into our own hands
    TakeBack {
        receivable: String,
        #[arg(long, default_value = "")]
        note: String,
        #[arg(long)]
        json: bool,
    },
    /// Enter a step that was done before the program knew of the debt
    Done {
        receivable: String,
        /// Id of a step of its playbook: first_reminder
        step: String,
        #[arg(long)]
        on: Date,
        #[arg(long, default_value = "")]
        words: String,
        #[arg(long)]
        json: bool,
    },
}

pub async fn why(common: &Common, args: WhyArgs) -> anyhow::Result<()> {
    let house = common.house().await?;
    let found = find(&house, &args.receivable).await?;
    let said = match &args.reason {
        None => {
            clear_why(&house, &found).await?;
            format!("{}: why it is unpaid is not known any more; the next run looks at it again", found.number)
        }
        Some(code) => {
            let why = why_named(code)?;
            note_why(&house, &found, why, &args.words).await?;
            {
                let reason = coded(UiLanguage::En, "unpaid-why", why.code());
                format!("{} is unpaid: {reason}; the next run goes by it", found.number)
            }
        }
    };
    tell(&house, &found, args.json, &said).await
}

pub async fn case(common: &Common, command: CaseCommand) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        CaseCommand::Restart { receivable, why, json } => {
            let found = find(&house, &receivable).await?;
            restart_case(&house, &found, &why).await?;
            let said = format!("{} begins anew with its first step", found.number);
            tell(&house, &found, json, &said).await
        }
        CaseCommand::HandOver { receivable, to, name, note, json } => {
            let found = find(&house, &receivable).await?;
            let to = Handover { hands: hands_named(&to)?, name: &name, note: &note };
            let cancelled = hand_case_over(&house, &found, &to).await?;
            let said = format!("{} is in other hands; waiting letters cancelled: {cancelled}", found.number);
            tell(&house, &found, json, &said).await
        }
        CaseCommand::TakeBack { receivable, note, json } => {
            let found = find(&house, &receivable).await?;
            take_case_back(&house, &found, &note).await?;
            let said = format!("{} is in our hands again; the next run looks at it", found.number);
            tell(&house, &found, json, &said).await
        }
        CaseCommand::Done { receivable, step, on, words, json } => {
            let found = find(&house, &receivable).await?;
            let earlier = EarlierStep { step: &step, on, words: &words };
            enter_earlier_step(&house, &found, &earlier).await?;
            let said = format!("{}: {step} is kept as done on {on}", found.number);
            tell(&house, &found, json, &said).await
        }
    }
}

async fn find(house: &House, name: &str) -> anyhow::Result<Found> {
    Ok(house.store.find_receivable(house.tenant.id, name).await?.into())
}

/// What was done in a sentence, or the receivable as it is decided now.
async fn tell(house: &House, found: &Found, json: bool, said: &str) -> anyhow::Result<()> {
    if json {
        return print_json(&explain_receivable(house, found).await?.json(house));
    }
    println!("{said}");
    Ok(())
}
