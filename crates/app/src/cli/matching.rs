//! `dunlin match`: the place of incoming money.

use dunlin_core::locale::rate;
use dunlin_core::money::{Currency, Money};
use dunlin_core::party::Language;
use dunlin_core::receivable::share::{Asked, Share};
use dunlin_store::PlacedShare;
use dunlin_store::pages::find::human_number;
use serde_json::json;

use super::open::print_json;
use super::say::{Say, Spoken};
use super::{Common, usage};
use crate::typed_amount::typed_amount;
use crate::use_cases::bank_charges::{OnRest, settle_rest};
use crate::use_cases::match_payments::{
    LikelyCharges, MatchAccount, Placed, confirm_match_with, confirm_together, match_payments, set_payment_aside,
    set_rest_aside, undo_match,
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
    #[command(flatten)]
    spoken: Spoken,
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
        /// Write a rest as small as bank charges off in the same change
        #[arg(long, conflicts_with = "keep_asking")]
        charges: bool,
        /// Ask for such a rest like for any other amount; without either, somebody is asked first
        #[arg(long)]
        keep_asking: bool,
        #[arg(long)]
        json: bool,
    },
    /// Give one payment to several receivables at once; what is open on them is its amount exactly
    Together {
        payment: String,
        #[arg(num_args = 2.., required = true)]
        receivables: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// Write the small rest of a receivable off as bank charges
    Charges {
        receivable: String,
        /// They are no bank charges: ask for the rest like for any other amount
        #[arg(long)]
        keep_asking: bool,
        #[arg(long)]
        json: bool,
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
            let say = Say::new(&house, args.spoken.lang);
            let counts = [("matched", account.matched.to_string()), ("look", account.waiting.to_string())];
            println!("{}", say.text("cli-match", &counts));
            print_lines(&account, &say);
        }
        Some(Command::Confirm { payment, receivable, settles, uses, charges, keep_asking, json }) => {
            let payment = number(&payment)?;
            let found: Found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            let known = house.store.payment_numbered(house.tenant.id, payment).await?;
            let asked = Asked {
                uses: typed(uses.as_deref(), known.amount.currency)?,
                settles: typed(settles.as_deref(), found.amount.currency)?,
            };
            let on_rest = match (charges, keep_asking) {
                (true, _) => OnRest::WriteOff,
                (false, true) => OnRest::KeepAsking,
                (false, false) => OnRest::Ask,
            };
            let placed = confirm_match_with(&house, payment, &found, asked, on_rest).await?;
            if json || args.json {
                return print_json(&placed_json(payment, &found, &placed));
            }
            println!("P-{payment:04} is placed on {}: {}", found.number, told(&placed)?);
        }
        Some(Command::Together { payment, receivables, json }) => {
            let number = number(&payment)?;
            let mut all: Vec<Found> = Vec::with_capacity(receivables.len());
            for name in &receivables {
                all.push(house.store.find_receivable(house.tenant.id, name).await?.into());
            }
            let shares = confirm_together(&house, number, &all).await?;
            let places = all.iter().zip(&shares);
            if json || args.json {
                let place = |(found, placed): (&Found, &PlacedShare)| {
                    let settles = placed.share.settles;
                    json!({"receivable": found.number, "settles": settles})
                };
                let places: Vec<serde_json::Value> = places.map(place).collect();
                return print_json(&json!({"payment": payment, "places": places}));
            }
            for (found, placed) in places {
                println!("{payment} is placed on {}: {}", found.number, placed.share.settles);
            }
        }
        Some(Command::Charges { receivable, keep_asking, json }) => {
            let found: Found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            let rest = settle_rest(&house, &found, !keep_asking).await?;
            if json || args.json {
                let decision = if keep_asking { "keep_asking" } else { "write_off" };
                return print_json(&json!({"receivable": found.number, "rest": rest, "decision": decision}));
            }
            match keep_asking {
                true => println!("{}: {rest} is asked for like any other amount", found.number),
                false => println!("{}: {rest} is written off as bank charges", found.number),
            }
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

pub fn print_lines(account: &MatchAccount, say: &Say) {
    for line in &account.payments {
        let amount = match line.left == line.amount {
            true => say.money(line.amount),
            false => say.text("cli-match-left", &[("left", say.money(line.left)), ("amount", say.money(line.amount))]),
        };
        let outcome = match line.outcome {
            "matched" => say.text("cli-match-placed", &[]),
            doubt => say.text(&format!("say-doubt-{}", doubt.replace('_', "-")), &[]),
        };
        let day = line.received_on.parse().map_or_else(|_| line.received_on.clone(), |day| say.day(day));
        let parts = [line.payment.clone(), day, amount, line.payer.clone(), outcome];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        println!("  {}", parts.join("  "));
        if let Some(LikelyCharges { receivable, rest }) = &line.charges {
            let likely =
                say.text("cli-match-charges", &[("receivable", receivable.clone()), ("rest", say.money(*rest))]);
            println!("    {likely} dunlin match confirm {} {receivable} --charges", line.payment);
        }
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
    if let Some((rest, on_rest)) = placed.charges {
        text += &match on_rest {
            OnRest::Ask => format!("; {rest} may be bank charges: a person is asked"),
            OnRest::WriteOff => format!("; {rest} written off as bank charges"),
            OnRest::KeepAsking => format!("; {rest} is asked for"),
        };
    }
    if placed.left.is_positive() {
        text += &format!("; {} of the payment waits on", placed.left);
    }
    Ok(text)
}

fn placed_json(payment: i64, found: &Found, placed: &Placed) -> serde_json::Value {
    let became = |on_rest| match on_rest {
        OnRest::Ask => "asked",
        OnRest::WriteOff => "written_off",
        OnRest::KeepAsking => "kept_asking",
    };
    let charges = placed.charges.map(|(rest, on_rest)| json!({"rest": rest, "became": became(on_rest)}));
    json!({
        "payment": format!("P-{payment:04}"),
        "receivable": found.number,
        "uses": placed.share.uses,
        "settles": placed.share.settles,
        "left": placed.left,
        "outstanding": placed.outstanding,
        "charges": charges,
    })
}

fn number(text: &str) -> anyhow::Result<i64> {
    human_number('P', text).ok_or_else(|| usage(format!("‘{text}’ is not a payment; write for instance P-0012")))
}
