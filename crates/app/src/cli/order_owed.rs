//! `dunlin order platform-owes`: what platforms owe for orders that their buyers paid.

use serde_json::{Value, json};

use dunlin_store::pages::keyset::{After, OwedByPlatform, PLATFORM_START, PlatformTotal};

use super::open::print_json;
use super::usage;
use crate::house::House;
use crate::use_cases::platform_owes::{Lateness, Wanted, lateness, place, place_text, platform_owes, platform_totals};

#[derive(Debug, clap::Args)]
pub struct Asked {
    /// Part of a number or of the buyer's name
    search: Option<String>,
    /// Only what is open longer than your payouts usually take
    #[arg(long, conflicts_with = "all")]
    late: bool,
    /// Also orders of which nothing is open any more
    #[arg(long)]
    all: bool,
    /// At most so many
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Behind this row, as `next` names it
    #[arg(long, value_name = "NEXT")]
    after: Option<String>,
    #[arg(long)]
    json: bool,
}

pub async fn run(house: &House, asked: Asked) -> anyhow::Result<()> {
    let key = asked.after.map(|after| {
        place(&after).ok_or_else(|| usage(format!("‘{after}’ is no place in the list; take it from `next`")))
    });
    let wanted = match (asked.late, asked.all) {
        (true, _) => Wanted::Late,
        (_, true) => Wanted::All,
        _ => Wanted::Open,
    };
    let search = asked.search.unwrap_or_default();
    let after = After { key: key.transpose()?.unwrap_or(PLATFORM_START), limit: i64::from(asked.limit) + 1 };
    let lateness = lateness(house).await?;
    let mut rows = platform_owes(house, &lateness, (wanted, &search), &after).await?;
    let totals = platform_totals(house, &lateness, (wanted, &search)).await?;
    let is_more = rows.len() > asked.limit as usize;
    rows.truncate(asked.limit as usize);
    let next = rows.last().filter(|_| is_more).map(|last| place_text(last.key));
    if asked.json {
        let orders: Vec<Value> = rows.iter().map(|one| row(house, &lateness, one)).collect();
        let totals: Vec<Value> = totals.iter().map(total).collect();
        let usual_days = lateness.usual.map(|usual| usual.days);
        return print_json(&json!({"orders": orders, "totals": totals, "usual_days": usual_days, "next": next}));
    }
    for one in &rows {
        println!("{}", line(house, &lateness, one));
    }
    if rows.is_empty() {
        println!("no platform owes anything here");
    }
    for one in &totals {
        let late = if one.late_orders > 0 { format!(", late {}", one.late) } else { String::new() };
        println!(
            "total of {}: {} open{late} of {}; paid out {}, kept {}, taken back {}",
            one.orders, one.open, one.expected, one.paid_out, one.kept, one.taken_back
        );
    }
    if let Some(next) = next {
        println!("more: --after {next}");
    }
    Ok(())
}

fn row(house: &House, lateness: &Lateness, one: &OwedByPlatform) -> Value {
    json!({"order": one.order_number, "receivable": one.receivable,
        "debtor": {"number": one.party.number, "name": one.party.name}, "currency": one.open.currency.code(),
        "expected": one.expected.decimal(), "paid_out": one.paid_out.decimal(), "kept": one.kept.decimal(),
        "taken_back": one.taken_back.decimal(), "open": one.open.decimal(), "paid_at": one.paid_at,
        "completed_at": one.completed_at, "usually_by": lateness.usually_by(one, &house.zone()),
        "late": lateness.is_late(one)})
}

fn total(one: &PlatformTotal) -> Value {
    json!({"currency": one.open.currency.code(), "orders": one.orders, "expected": one.expected.decimal(),
        "paid_out": one.paid_out.decimal(), "kept": one.kept.decimal(), "taken_back": one.taken_back.decimal(),
        "open": one.open.decimal(), "late_orders": one.late_orders, "late": one.late.decimal()})
}

fn line(house: &House, lateness: &Lateness, one: &OwedByPlatform) -> String {
    let since = match (one.completed_at, one.paid_at) {
        (Some(at), _) => format!("  completed {}", at.to_zoned(house.zone()).date()),
        (None, Some(at)) => format!("  paid {}", at.to_zoned(house.zone()).date()),
        (None, None) => String::new(),
    };
    let usual = lateness.usually_by(one, &house.zone()).filter(|_| one.open.is_positive());
    let by = usual.map_or_else(String::new, |day| format!("  usually by {day}"));
    let late = if lateness.is_late(one) { "  late" } else { "" };
    format!(
        "{}  {} open of {}  paid out {}  kept {}  taken back {}{since}{by}{late}  {}",
        one.order_number, one.open, one.expected, one.paid_out, one.kept, one.taken_back, one.party.name
    )
}
