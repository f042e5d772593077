//! `dunlin party day|closed|zone|country`: days of an order, days on which a buyer is closed, where its people are.

use jiff::civil::Date;
use serde_json::json;

use dunlin_core::explain::{UiLanguage, coded};
use dunlin_core::ids::PartyId;
use dunlin_core::key_date::KeyDate;

use super::import_words::followed_in_words;
use super::open::print_json;
use super::say::Say;
use super::usage;
use crate::house::House;
use crate::titles::Titles;
use crate::use_cases::note_closed_days::{add_closed_days, end_closed_days};
use crate::use_cases::set_order_day::set_order_day;
use crate::use_cases::set_whereabouts::{Whose, set_country, set_time_zone};

#[derive(Debug, clap::Args)]
pub struct DayArgs {
    /// R-1042, or the number of its invoice or order; all receivables of the order have the day
    receivable: String,
    /// arrival, free_time_end, platform_close, latest_shipment, presentation, credit_expiry, collection, acceptance or maturity
    kind: String,
    #[arg(long, required_unless_present = "end")]
    on: Option<Date>,
    /// Take the day back
    #[arg(long, conflicts_with = "on")]
    end: bool,
    #[arg(long)]
    json: bool,
}

pub async fn day(house: &House, args: DayArgs) -> anyhow::Result<()> {
    let kind = KeyDate::from_code(&args.kind.replace('-', "_")).ok_or_else(|| {
        let known: Vec<&str> = KeyDate::ALL.iter().map(|kind| kind.code()).collect();
        usage(format!("‘{}’ is no day of an order; known are: {}", args.kind, known.join(", ")))
    })?;
    let found = house.store.find_receivable(house.tenant.id, &args.receivable).await?.into();
    let set = set_order_day(house, &found, kind, args.on).await?;
    if args.json {
        return print_json(&json!({
            "receivable": found.number, "kind": kind.code(), "on": args.on, "before": set.before, "followed": set.followed,
        }));
    }
    let what = coded(UiLanguage::En, "key-date", kind.code());
    match args.on {
        Some(on) => println!("{}: {what} on {on}, for the whole order", found.number),
        None => println!("{}: the day is taken back: {what}", found.number),
    }
    let titles = Titles::new(house, UiLanguage::En);
    print!("{}", followed_in_words(&set.followed, &Say::new(house, UiLanguage::En), &titles));
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct ClosedArgs {
    pub debtor: String,
    /// First day; with --end it names the days that are taken back. Without it, what is known is listed
    #[arg(long)]
    from: Option<Date>,
    /// Last day, included; --from alone is one day
    #[arg(long, requires = "from")]
    to: Option<Date>,
    #[arg(long, default_value = "")]
    why: String,
    /// Take back the days that begin on --from
    #[arg(long, requires = "from", conflicts_with = "to")]
    end: bool,
    #[arg(long)]
    json: bool,
}

pub async fn closed(house: &House, id: PartyId, args: ClosedArgs) -> anyhow::Result<()> {
    match (args.from, args.end) {
        (Some(from), true) => {
            end_closed_days(house, id, from).await?;
            if !args.json {
                println!("{}: the closed days from {from} on are taken back", args.debtor);
            }
        }
        (Some(from), false) => {
            let to = args.to.unwrap_or(from);
            add_closed_days(house, id, (from, to), &args.why).await?;
            if !args.json {
                println!("{} is closed from {from} to {to}: letters wait until it has opened again", args.debtor);
            }
        }
        (None, _) => {}
    }
    if !args.json && args.from.is_some() {
        return Ok(());
    }
    let today = house.today();
    let told = house.store.closed_told(house.tenant.id, id).await?;
    let running = told.into_iter().filter(|row| row.ended_at.is_none() && row.to_day >= today);
    if args.json {
        let rows: Vec<_> =
            running.map(|row| json!({"from": row.from_day, "to": row.to_day, "reason": row.why})).collect();
        return print_json(&json!({"debtor": args.debtor, "closed": rows}));
    }
    for row in running {
        println!("{} – {}: {}", row.from_day, row.to_day, row.why);
    }
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct ZoneArgs {
    pub debtor: String,
    /// As the IANA database names it: America/Chicago
    zone: String,
    /// Name or address; without it, everybody there whose time zone is not known
    #[arg(long)]
    contact: Option<String>,
    #[arg(long)]
    json: bool,
}

pub async fn zone(house: &House, id: PartyId, args: ZoneArgs) -> anyhow::Result<()> {
    let whose = args.contact.as_deref().map_or(Whose::Unknown, Whose::Named);
    let changed = set_time_zone(house, id, whose, &args.zone).await?;
    if args.json {
        return print_json(&json!({"debtor": args.debtor, "time_zone": args.zone, "people": changed}));
    }
    println!("{}: the clock of {changed} there is that of {} now", args.debtor, args.zone);
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct CountryArgs {
    pub debtor: String,
    /// IT, or Italy
    country: String,
    #[arg(long)]
    json: bool,
}

pub async fn country(house: &House, id: PartyId, args: CountryArgs) -> anyhow::Result<()> {
    set_country(house, id, &args.country).await?;
    if args.json {
        return print_json(&json!({"debtor": args.debtor, "country": args.country}));
    }
    println!("{}: the country is {} now", args.debtor, args.country);
    Ok(())
}
