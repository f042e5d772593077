//! `dunlin party supply|limit`: whether a debtor gets new goods, and how much it may owe.

use jiff::civil::Date;

use dunlin_core::explain::{UiLanguage, coded, phrase, word};
use dunlin_core::ids::PartyId;
use dunlin_core::locale;
use dunlin_core::money::currency;
use dunlin_core::supply::listed;

use super::open::print_json;
use super::usage;
use crate::house::House;
use crate::typed_amount::typed_amount;
use crate::use_cases::decide_supply::{
    SupplyLook, allow_supply, end_supply_decision, look_at_party, set_credit_limit, stop_supply,
};
use crate::web::api::supply::supply_shown;

#[derive(Debug, clap::Args)]
pub struct SupplyArgs {
    pub debtor: String,
    /// New goods leave nevertheless until this day, which ends by itself
    #[arg(long, value_name = "DAY", requires = "why", conflicts_with_all = ["stop", "end"])]
    allow_until: Option<Date>,
    /// New goods wait, although the rule does not ask for it
    #[arg(long, requires = "why", conflicts_with = "end")]
    stop: bool,
    /// The last day of a stop; without it, until it is taken back
    #[arg(long, value_name = "DAY", requires = "stop")]
    until: Option<Date>,
    /// Why it is decided so
    #[arg(long)]
    why: Option<String>,
    /// Take the decision back: the rule holds again
    #[arg(long)]
    end: bool,
    /// en or zh
    #[arg(long, default_value = "en")]
    lang: String,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct LimitArgs {
    pub debtor: String,
    /// How much it may owe at once
    #[arg(required_unless_present = "none", requires = "currency")]
    amount: Option<String>,
    /// The currency of the limit
    currency: Option<String>,
    /// No limit any more
    #[arg(long, conflicts_with = "amount")]
    none: bool,
    #[arg(long)]
    json: bool,
}

pub async fn supply(house: &House, party: PartyId, args: SupplyArgs) -> anyhow::Result<()> {
    let language = match args.lang.as_str() {
        "en" => UiLanguage::En,
        "zh" | "zh-CN" => UiLanguage::ZhCn,
        other => return Err(usage(format!("‘{other}’ is not a language of explanations; known: en, zh"))),
    };
    let why = args.why.unwrap_or_default();
    if let Some(until) = args.allow_until {
        allow_supply(house, party, until, &why).await?;
    } else if args.stop {
        stop_supply(house, party, args.until, &why).await?;
    } else if args.end {
        end_supply_decision(house, party).await?;
    }
    let look = look_at_party(house, party).await?;
    if args.json {
        return print_json(&supply_shown(&look));
    }
    print!("{}", in_words(&look, language));
    Ok(())
}

fn in_words(look: &SupplyLook, language: UiLanguage) -> String {
    let mut text = format!("{} · {}\n", look.number, coded(language, "supply-state", look.supply.code()));
    let mut line = |words: String| {
        text.push_str("  ");
        text.push_str(&words);
        text.push('\n');
    };
    if let Some(sentence) = look.supply.sentence(language) {
        line(sentence);
    }
    let between = if language == UiLanguage::ZhCn { "、" } else { ", " };
    let orders: Vec<&str> = look.orders.iter().map(|order| order.number.as_str()).collect();
    line(match orders.as_slice() {
        [] => word(language, "supply-open-orders-none"),
        orders => phrase(language, "supply-open-orders", &[("orders", orders.join(between))]),
    });
    let exposure = listed(&look.credit.exposure, language);
    line(match exposure.as_str() {
        "" => word(language, "supply-open-all-none"),
        _ => phrase(language, "supply-open-all", &[("amounts", exposure)]),
    });
    let money = |money| locale::money(money, language.letters());
    match (look.credit.limit, look.credit.over) {
        (Some(limit), Some(over)) => {
            line(phrase(language, "supply-credit-limit-over", &[("limit", money(limit)), ("over", money(over))]));
        }
        (Some(limit), None) => line(phrase(language, "supply-credit-limit", &[("limit", money(limit))])),
        (None, _) => {}
    }
    for (warning, orders) in look.risks_by_kind() {
        let values =
            [("orders", orders.join(between)), ("why", warning.why(language)), ("instead", warning.instead(language))];
        line(phrase(language, "supply-risk-of", &values));
    }
    text
}

pub async fn limit(house: &House, party: PartyId, args: LimitArgs) -> anyhow::Result<()> {
    let limit = match (&args.amount, &args.currency) {
        (Some(amount), Some(code)) => {
            let currency = currency(code).map_err(|error| usage(error.to_string()))?;
            Some(typed_amount(amount, currency).map_err(|error| usage(error.to_string()))?)
        }
        _ => None,
    };
    set_credit_limit(house, party, limit).await?;
    if args.json {
        return print_json(&supply_shown(&look_at_party(house, party).await?));
    }
    match limit {
        Some(limit) => println!("{}: the limit is {limit}", args.debtor),
        None => println!("{}: there is no limit any more", args.debtor),
    }
    Ok(())
}
