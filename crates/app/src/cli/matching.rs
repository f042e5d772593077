//! `dunlin match`: the place of incoming money.

use dunlin_core::locale::rate;
use dunlin_core::money::{Currency, Money};
use dunlin_core::party::Language;
use dunlin_core::receivable::share::{Asked, Share};
use dunlin_store::pages::find::human_number;

use super::open::print_json;
use super::{Common, usage};
use crate::typed_amount::typed_amount;
use crate::use_cases::match_payments::{
    MatchAccount, Placed, confirm_match, match_payments, set_payment_aside, set_rest_aside, undo_match,
};
use crate::use_cases::standing_facts::Found;

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
    /// Give a payment to a receivable; in one currency, as much as fits
    Confirm {
        payment: String,
        receivable: String,
        /// How much of the receivable it settles, in the receivable's currency; needed when the payment is in another
        #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
        settles: Option<String>,
        /// Only this much of the payment, in the payment's currency; without it, all that is left
        #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
        uses: Option<String>,
    },
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
        Some(Command::Confirm { payment, receivable, settles, uses }) => {
            let payment = number(&payment)?;
            let found: Found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            let known = house.store.payment_numbered(house.tenant.id, payment).await?;
            let asked = Asked {
                uses: typed(uses.as_deref(), known.amount.currency)?,
                settles: typed(settles.as_deref(), found.amount.currency)?,
            };
            let placed = confirm_match(&house, payment, &found, asked).await?;
            println!("P-{payment:04} is placed on {}: {}", found.number, told(&placed)?);
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

fn typed(text: Option<&str>, currency: Currency) -> anyhow::Result<Option<Money>> {
    text.map(|text| typed_amount(text, currency).map_err(|error| usage(error.to_string()))).transpose()
}

/// "EUR 11000.00 at 1.0909 settles USD 12000.00; nothing outstanding".
fn told(placed: &Placed) -> anyhow::Result<String> {
    let Share { uses, settles } = placed.share;
    let mut text = match placed.share.crosses_currencies() {
        true => format!("{uses} at {} settles {settles}; ", rate(placed.share.rate()?, Language::En)),
        false => format!("{settles}; "),
    };
    text += &match placed.outstanding.is_positive() {
        true => format!("{} outstanding", placed.outstanding),
        false => "nothing outstanding".to_string(),
    };
    if placed.left.is_positive() {
        text += &format!("; {} of the payment waits on", placed.left);
    }
    Ok(text)
}

fn number(text: &str) -> anyhow::Result<i64> {
    human_number('P', text).ok_or_else(|| usage(format!("‘{text}’ is not a payment; write for instance P-0012")))
}
