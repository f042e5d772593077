//! `dunlin plan`: instalments agreed in place of one amount.

use jiff::Span;
use jiff::civil::Date;

use dunlin_core::instalments::{Instalment, evenly};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{PlanTerms, Scope};

use super::open::print_json;
use super::{Common, usage};
use crate::typed_amount::typed_amount;
use crate::use_cases::agree_plan::{agree_plan, end_plan};
use crate::use_cases::standing_facts::Found;
use crate::use_cases::tell_plan::{ToldPart, tell_plan};

#[derive(Debug, clap::Subcommand)]
pub enum PlanCommand {
    /// Instalments in place of what is open on a receivable: equal ones, or each with its day and amount
    Agree {
        receivable: String,
        /// How many equal instalments
        #[arg(long, conflicts_with = "part", requires = "first")]
        count: Option<usize>,
        /// The day of the first one
        #[arg(long)]
        first: Option<Date>,
        /// Days from one to the next; left out, a month
        #[arg(long, conflicts_with = "part")]
        every_days: Option<i32>,
        /// One instalment, `2026-05-31=1000.00`; repeat for each
        #[arg(long)]
        part: Vec<String>,
        /// An instalment unpaid so many days after its day breaks the plan
        #[arg(long, default_value_t = 10)]
        late_days: i32,
        /// It was agreed that all that is left is due at once then
        #[arg(long)]
        all_due: bool,
        /// What was said
        #[arg(long, default_value = "")]
        words: String,
    },
    /// The plan of a receivable, or the one that it is an instalment of
    Show {
        receivable: String,
        #[arg(long)]
        json: bool,
    },
    /// End a plan on which nothing was paid yet: the amount is owed as before
    End {
        receivable: String,
        #[arg(long)]
        why: String,
    },
}

pub async fn plan(common: &Common, command: PlanCommand) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        PlanCommand::Agree { receivable, count, first, every_days, part, late_days, all_due, words } => {
            let found: Found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            let parts = match (count, first) {
                (Some(count), Some(first)) => {
                    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await?;
                    let mut items = facts.iter().flat_map(|facts| &facts.receivables);
                    let item = items.find(|item| item.receivable.id == found.receivable_id);
                    let open = item.map_or(Ok(found.amount), |item| item.outstanding())?;
                    let apart = every_days.map_or_else(|| Span::new().months(1), |days| Span::new().days(days.max(1)));
                    evenly(open, count, first, apart)
                }
                _ if part.is_empty() => {
                    return Err(usage(
                        "say how many instalments with --count and --first, or each one with --part DAY=AMOUNT",
                    ));
                }
                _ => part.iter().map(|text| read_part(text, &found)).collect::<anyhow::Result<Vec<Instalment>>>()?,
            };
            let terms = PlanTerms { late_days, all_due, words };
            let agreed = agree_plan(&house, &found, &parts, &terms).await?;
            println!("{}: {agreed} instalments agreed", found.number);
            for part in &parts {
                println!("  {}  {}", part.on, part.amount);
            }
        }
        PlanCommand::Show { receivable, json } => {
            let found: Found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            let none = || Refusal::new(RefusalCode::PlanNone).with("number", &found.number);
            let plan = tell_plan(&house, &found).await?.ok_or_else(none)?;
            if json {
                return print_json(&plan);
            }
            let at_once = if plan.all_due { ", all due at once when broken" } else { "" };
            println!("{}: plan {}, broken after {} days{at_once}", plan.receivable, plan.state, plan.late_days);
            for ToldPart { receivable, nth, of, due_on, amount, outstanding, state } in &plan.parts {
                let due = due_on.map_or_else(String::new, |day| day.to_string());
                println!("  {nth}/{of}  {receivable}  {due}  {amount}  open {outstanding}  {state}");
            }
        }
        PlanCommand::End { receivable, why } => {
            let found: Found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            end_plan(&house, &found, &why).await?;
            println!("{}: the plan has ended; the amount is owed as before", found.number);
        }
    }
    Ok(())
}

fn read_part(text: &str, found: &Found) -> anyhow::Result<Instalment> {
    let wrong = || usage(format!("‘{text}’ is no instalment: write DAY=AMOUNT, for instance 2026-05-31=1000.00"));
    let (day, amount) = text.split_once('=').ok_or_else(wrong)?;
    let on: Date = day.trim().parse().map_err(|_| wrong())?;
    let amount = typed_amount(amount, found.amount.currency).map_err(|error| usage(error.to_string()))?;
    Ok(Instalment { on, amount })
}
