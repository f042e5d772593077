//! `dunlin match`: the place of incoming money.

use super::open::print_json;
use super::{Common, usage};
use crate::use_cases::match_payments::{
    MatchAccount, confirm_match, match_payments, set_payment_aside, set_rest_aside, undo_match,
};
use dunlin_store::pages::find::human_number;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// With --rest-aside: the payment it is about
    #[arg(requires = "rest_aside")]
    payment: Option<String>,
    /// What is left of the payment is nobody's receivable: it silences nobody any more
    #[arg(long, requires = "payment", requires = "why", conflicts_with = "json")]
    rest_aside: bool,
    #[arg(long, requires = "rest_aside")]
    why: Option<String>,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Give a payment to a receivable
    Confirm { payment: String, receivable: String },
    /// Take a placed payment back
    Undo { payment: String },
    /// Not a customer's payment
    SetAside { payment: String },
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let house = common.house().await?;
    if let (Some(payment), Some(why)) = (&args.payment, &args.why) {
        let rest = set_rest_aside(&house, number(payment)?, why).await?;
        println!("{payment}: the rest of {rest} is set aside");
        return Ok(());
    }
    match args.command {
        None => {
            let account = match_payments(&house).await?;
            if args.json {
                return print_json(&account);
            }
            println!("{} matched, {} need a look", account.matched, account.waiting);
            print_lines(&account);
        }
        Some(Command::Confirm { payment, receivable }) => {
            let found = house.store.find_receivable(house.tenant.id, &receivable).await?;
            confirm_match(&house, number(&payment)?, &found.into()).await?;
            println!("{payment} is placed on {receivable}");
        }
        Some(Command::Undo { payment }) => {
            let lines = undo_match(&house, number(&payment)?).await?;
            println!("{payment}: {lines} ledger lines taken back; it waits for its place again");
        }
        Some(Command::SetAside { payment }) => {
            set_payment_aside(&house, number(&payment)?).await?;
            println!("{payment} is set aside");
        }
    }
    Ok(())
}

pub fn print_lines(account: &MatchAccount) {
    for line in &account.payments {
        println!("  {} {}  {}  {}  {}", line.payment, line.received_on, line.amount, line.payer, line.outcome);
    }
}

fn number(text: &str) -> anyhow::Result<i64> {
    human_number('P', text).ok_or_else(|| usage(format!("‘{text}’ is not a payment; write for instance P-0012")))
}
