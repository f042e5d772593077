//! `dunlin order`: orders by how they stand, one with its story, what is done with them, and what is open with their buyers.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use dunlin_core::explain::UiLanguage;
use dunlin_core::ids::{AskId, OrderId};
use dunlin_core::money::{Money, currency};
use dunlin_core::order::asks::{AskEnd, AskKind};
use dunlin_core::order::clock::OrderClock;
use dunlin_core::order::slip::OrderSlip;
use dunlin_core::order::story::{CloseReason, OrderState};
use dunlin_store::NewAsk;
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::order_board::{BOARD_START, BoardAsked, BoardRow, BoardSort};
use dunlin_store::pages::order_told::FoundOrder;

use super::open::print_json;
use super::say::Say;
use super::{Common, usage};
use crate::house::House;
use crate::typed_amount::typed_amount;
use crate::use_cases::confirm_order::{apply_seen_answer, ask_for, drop_answer, end_ask, mark_of, put_in_answer};
use crate::use_cases::extend_receipt::{extend_receipt, note_more_time, settle_more_time};
use crate::use_cases::note_order_state::{note_order_state, word_named, words};
use crate::use_cases::preview_stock_out::preview_stock_out;
use crate::use_cases::ship_orders::{Parcelled, ship_orders};
use crate::use_cases::undo_orders::undo_last;
use crate::use_cases::work_orders::{
    gone_of, hold_orders, order_in_full, order_named, places_of, release_orders, set_stock_of_orders, stock_out,
};
use crate::web::api::orders::in_full;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Orders by how they stand, what runs out first before the others
    List {
        /// Part of a number or of the buyer's name
        search: Option<String>,
        /// paid, out_of_stock, awaiting_confirmation, in_stock, ready, shipped, …; without it all that something is expected of
        #[arg(long)]
        state: Option<String>,
        /// clock, or expected: by the last day on which what is on its way is expected
        #[arg(long, default_value = "clock")]
        by: String,
        /// At most so many
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Behind this row, as `next` names it
        #[arg(long, value_name = "NEXT")]
        after: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// One order: goods, parcels and everything that happened
    Show {
        order: String,
        #[arg(long)]
        json: bool,
    },
    /// Note how an order stands: paid, risk_control, shipped, delivered, cancelled, …
    State {
        order: String,
        state: String,
        /// When it became so; without it, now
        #[arg(long, value_name = "INSTANT")]
        at: Option<Timestamp>,
        /// Of an end: unpaid, risk_control, buyer, seller or other
        #[arg(long)]
        why: Option<String>,
    },
    /// All goods of these orders are here
    InStock {
        #[arg(required = true)]
        orders: Vec<String>,
    },
    /// These articles of an order are not here; all others are
    StockOut {
        order: String,
        /// Numbers of the articles that are missing
        #[arg(required = true)]
        skus: Vec<String>,
    },
    /// What could stand in for goods of an order, and what the buyer would read; changes nothing
    Substitutes {
        order: String,
        /// Without them those that are marked as missing, else all
        skus: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// Note a parcel that has left
    Shipped {
        order: String,
        /// Tracking number
        number: String,
        /// Code or name, as in shipping/carriers.toml
        #[arg(long, default_value = "")]
        carrier: String,
        /// Without it, now
        #[arg(long)]
        on: Option<Date>,
        /// More parcels of this order follow
        #[arg(long)]
        part: bool,
        /// The wrong number that the parcel was noted under before
        #[arg(long)]
        replaces: Option<String>,
    },
    /// Ask the buyer for something before dispatch: address, customs, combine, surcharge, remote_area, address_change, split, wish
    Ask {
        order: String,
        kind: String,
        #[arg(long, default_value = "")]
        words: String,
        /// What it costs the buyer, of a surcharge, a remote area or several parcels
        #[arg(long)]
        amount: Option<String>,
        /// Of the amount; without it, that of the order
        #[arg(long, requires = "amount")]
        currency: Option<String>,
        /// The order may leave without an answer
        #[arg(long)]
        may_leave: bool,
    },
    /// What is or was open with the buyer
    Asks {
        order: String,
        #[arg(long)]
        json: bool,
    },
    /// Put in what the buyer answered, one field on a line, or a plain yes or no; nothing is applied yet
    Answer {
        order: String,
        /// The words; `-` reads them from standard input
        text: String,
        /// Which question, as `asks` names it
        #[arg(long)]
        ask: Option<String>,
    },
    /// Take over what was read out of the answer
    Apply {
        order: String,
        #[arg(long)]
        ask: Option<String>,
        /// `mark` of the answer as `asks --json` showed it: another one by now is refused
        #[arg(long, value_name = "MARK")]
        seen: Option<String>,
    },
    /// Set an answer aside that was read wrongly; the question stays open
    DropAnswer {
        order: String,
        #[arg(long)]
        ask: Option<String>,
    },
    /// Let the order go without an answer
    Override {
        order: String,
        #[arg(long)]
        why: String,
        #[arg(long)]
        ask: Option<String>,
    },
    /// Ask no longer: by mistake, or the buyer wishes it no longer
    Withdraw {
        order: String,
        #[arg(long, default_value = "")]
        why: String,
        #[arg(long)]
        ask: Option<String>,
    },
    /// Refuse what the buyer wishes
    Refuse {
        order: String,
        #[arg(long)]
        why: String,
        #[arg(long)]
        ask: Option<String>,
    },
    /// Take back the last thing of a kind that was done with an order by a slip: stock, hold, release, ship, ask, state
    Undo { order: String, what: String },
    /// Keep orders here
    Hold {
        #[arg(required = true)]
        orders: Vec<String>,
        #[arg(long)]
        why: String,
        /// Last day; without it until they are released
        #[arg(long)]
        until: Option<Date>,
    },
    /// Give the buyer more time to confirm the receipt: the connected marketplace is asked with the next `send`
    MoreTime {
        order: String,
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..=60))]
        days: u16,
        /// It was given on the marketplace's own page already
        #[arg(long)]
        by_hand: bool,
    },
    /// Say whether more time was given, where the answer of the marketplace got lost
    MoreTimeFound {
        order: String,
        /// yes or no, as the order's page on the marketplace shows it
        #[arg(value_parser = ["yes", "no"])]
        given: String,
    },
    /// Let orders go that were kept here
    Release {
        #[arg(required = true)]
        orders: Vec<String>,
    },
    /// What platforms owe for orders that their buyers paid: expected, paid out, kept, taken back and open, with the sums
    PlatformOwes(super::order_owed::Asked),
}

async fn ids(house: &House, orders: &[String]) -> anyhow::Result<Vec<OrderId>> {
    let mut ids = Vec::with_capacity(orders.len());
    for order in orders {
        ids.push(order_named(house, order).await?.id);
    }
    Ok(ids)
}

fn ask_id(text: Option<&str>) -> anyhow::Result<Option<AskId>> {
    text.map(|text| text.parse().map_err(|_| usage(format!("‘{text}’ is no question; `dunlin order asks` lists them"))))
        .transpose()
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        Command::List { search, state, by, limit, after, json } => {
            let search = search.unwrap_or_default();
            list(&house, Wanted { search, state, by, limit, after, json }).await?;
        }
        Command::Show { order, json } => show(&house, &order, json).await?,
        Command::InStock { orders } => {
            set_stock_of_orders(&house, &ids(&house, &orders).await?, true).await?;
            println!("in stock: {}", orders.join(", "));
        }
        Command::StockOut { order, skus } => {
            let told = order_in_full(&house, &order).await?;
            stock_out(&house, &told, &places_of(&told, &skus)?).await?;
            println!("{order}: missing {}", skus.join(", "));
        }
        Command::Substitutes { order, skus, json } => substitutes(&house, &order, &skus, json).await?,
        Command::State { order, state, at, why } => {
            let word = word_named(&state).ok_or_else(|| {
                let known: Vec<&str> = words().map(|word| word.code()).collect();
                usage(format!("‘{state}’ is no state of an order; known are: {}", known.join(", ")))
            })?;
            let why = why
                .map(|why| CloseReason::from_code(&why).ok_or_else(|| usage(format!("‘{why}’ is no reason of an end"))))
                .transpose()?;
            let found = order_named(&house, &order).await?;
            let is_new = note_order_state(&house, &found, word, at, why).await?;
            println!("{order}: {}{}", word.code(), if is_new { "" } else { ", as was known" });
        }
        Command::Shipped { order, number, carrier, on, part, replaces } => {
            let found = order_named(&house, &order).await?;
            let parcel = Parcelled { order: found.id, carrier, number, shipped_on: on, is_part: part, replaces };
            let news = ship_orders(&house, std::slice::from_ref(&parcel)).await?;
            println!("{order}: parcel {}{}", parcel.number, if news > 0 { "" } else { ", as was known" });
        }
        Command::Ask { order, kind, words, amount, currency, may_leave } => {
            let kind = AskKind::from_code(&kind).ok_or_else(|| {
                let known: Vec<&str> = AskKind::ALL.iter().map(|kind| kind.code()).collect();
                usage(format!("‘{kind}’ is nothing to ask; known are: {}", known.join(", ")))
            })?;
            let found = order_named(&house, &order).await?;
            let surcharge = surcharge(&house, &found, amount.as_deref(), currency.as_deref()).await?;
            let new = NewAsk { kind, holds_dispatch: !may_leave, words: &words, surcharge };
            let id = ask_for(&house, &found, &new).await?;
            println!("{order}: {} is open with the buyer ({id})", kind.code());
        }
        Command::Asks { order, json } => {
            let found = order_named(&house, &order).await?;
            let asks = house.store.order_asks(house.tenant.id, found.party_id, found.id).await?;
            let (known, _) = house.store.order_delivery(house.tenant.id, found.party_id, found.id).await?;
            if json {
                let rows: Vec<_> = asks
                    .iter()
                    .map(|row| {
                        json!({"id": row.id.to_string(), "kind": row.kind.code(), "words": row.words,
                            "raised_at": row.raised_at, "settled_at": row.settled_at, "outcome": row.outcome,
                            "amount": row.surcharge.map(|amount| amount.decimal()),
                            "currency": row.surcharge.map(|amount| amount.currency.code()),
                            "mark": mark_of(&known, row).filter(|_| row.settled_at.is_none()),
                            "changes": row.answer.as_ref().map(|answer| known.changes(&answer.fields)),
                            "consent": row.answer.as_ref().and_then(|answer| answer.consent)})
                    })
                    .collect();
                return print_json(&rows);
            }
            for row in &asks {
                let state = row.outcome.as_deref().unwrap_or("open");
                println!("{}  {}  {state}  {}", row.id, row.kind.code(), row.words);
            }
        }
        Command::Answer { order, text, ask } => {
            let text = if text == "-" { std::io::read_to_string(std::io::stdin())? } else { text };
            let found = order_named(&house, &order).await?;
            let read = put_in_answer(&house, &found, ask_id(ask.as_deref())?, &text).await?;
            for change in &read.changes {
                println!("{}: ‘{}’ → ‘{}’", change.name, change.before, change.after);
            }
            if let Some(said) = read.consent {
                println!("The buyer says {}", said.code());
            }
            if let Some(value) = &read.untrue {
                println!("‘{value}’ is not what was paid and is left out: customs are told the true value");
            }
            println!("Nothing is applied yet: dunlin order apply {order} --ask {}", read.ask);
        }
        Command::Apply { order, ask, seen } => {
            let found = order_named(&house, &order).await?;
            apply_seen_answer(&house, &found, ask_id(ask.as_deref())?, seen.as_deref()).await?;
            println!("{order}: taken over");
        }
        Command::DropAnswer { order, ask } => {
            let found = order_named(&house, &order).await?;
            drop_answer(&house, &found, ask_id(ask.as_deref())?).await?;
            println!("{order}: the answer is set aside, the question stays open");
        }
        Command::Override { order, why, ask } => {
            end(&house, &order, ask.as_deref(), AskEnd::Overridden, &why).await?;
            println!("{order} goes without an answer");
        }
        Command::Withdraw { order, why, ask } => {
            end(&house, &order, ask.as_deref(), AskEnd::Withdrawn, &why).await?;
            println!("{order}: not asked any more");
        }
        Command::Refuse { order, why, ask } => {
            end(&house, &order, ask.as_deref(), AskEnd::Refused, &why).await?;
            println!("{order}: refused");
        }
        Command::Undo { order, what } => {
            let slip = OrderSlip::from_code(&what).ok_or_else(|| {
                let known: Vec<&str> = OrderSlip::ALL.iter().map(|slip| slip.code()).collect();
                usage(format!("‘{what}’ is nothing to take back; known are: {}", known.join(", ")))
            })?;
            undo_last(&house, &order_named(&house, &order).await?, slip).await?;
            println!("{order}: taken back");
        }
        Command::Hold { orders, why, until } => {
            hold_orders(&house, &ids(&house, &orders).await?, &why, until).await?;
            println!("kept here: {}", orders.join(", "));
        }
        Command::MoreTime { order, days, by_hand } => {
            let found = order_named(&house, &order).await?;
            if by_hand {
                note_more_time(&house, &found, days).await?;
                println!("{order}: {days} more days for the receipt, noted");
            } else {
                extend_receipt(&house, &found, days).await?;
                println!("{order}: the marketplace is asked for {days} more days with the next `dunlin send`");
            }
        }
        Command::MoreTimeFound { order, given } => {
            let found = order_named(&house, &order).await?;
            settle_more_time(&house, &found, given == "yes").await?;
            println!("{order}: {}", if given == "yes" { "more time was given" } else { "no more time was given" });
        }
        Command::Release { orders } => {
            release_orders(&house, &ids(&house, &orders).await?).await?;
            println!("let go: {}", orders.join(", "));
        }
        Command::PlatformOwes(asked) => super::order_owed::run(&house, asked).await?,
    }
    Ok(())
}

/// An amount as it is typed, in its own currency or that of the order.
async fn surcharge(
    house: &House,
    found: &FoundOrder,
    amount: Option<&str>,
    code: Option<&str>,
) -> anyhow::Result<Option<Money>> {
    let Some(amount) = amount else { return Ok(None) };
    let currency = match code {
        Some(code) => currency(code)?,
        None => {
            let about = (found.party_id, found.id);
            house.store.told_order(house.tenant.id, about).await?.order.total.currency
        }
    };
    Ok(Some(typed_amount(amount, currency)?))
}

async fn end(house: &House, order: &str, ask: Option<&str>, how: AskEnd, why: &str) -> anyhow::Result<()> {
    let found = order_named(house, order).await?;
    end_ask(house, &found, ask_id(ask)?, how, why).await.map(drop)
}

struct Wanted {
    search: String,
    state: Option<String>,
    by: String,
    limit: u32,
    after: Option<String>,
    json: bool,
}

async fn list(house: &House, wanted: Wanted) -> anyhow::Result<()> {
    let state = wanted.state.map(|code| {
        OrderState::from_code(&code).ok_or_else(|| {
            let known: Vec<&str> = OrderState::ALL.iter().map(|state| state.code()).collect();
            usage(format!("‘{code}’ is no state of an order; known are: {}", known.join(", ")))
        })
    });
    let key = wanted.after.map(|after| {
        let key = after.split_once('_').and_then(|(clock, id)| Some((clock.parse().ok()?, id.replace('\0', ""))));
        key.ok_or_else(|| usage(format!("‘{after}’ is no place in the list; take it from `next`")))
    });
    let by = BoardSort::from_code(&wanted.by)
        .ok_or_else(|| usage(format!("--by: orders go by clock or by expected, not by ‘{}’", wanted.by)))?;
    let asked = BoardAsked { state: state.transpose()?, search: wanted.search, by };
    let limit = i64::from(wanted.limit);
    let after = After { key: key.transpose()?.unwrap_or(BOARD_START), limit: limit + 1 };
    let mut rows = house.store.board(house.tenant.id, &house.sight, house.today(), &asked, &after).await?;
    let is_more = rows.len() as i64 > limit;
    rows.truncate(wanted.limit as usize);
    let next = rows.last().filter(|_| is_more).map(|last| format!("{}_{}", last.key.0, last.key.1));
    let zone = house.zone();
    if wanted.json {
        let orders: Vec<Value> = rows.iter().map(|one| row(one, &zone)).collect();
        return print_json(&json!({"orders": orders, "next": next}));
    }
    let say = Say::new(house, UiLanguage::En);
    for one in &rows {
        println!("{}", line(one, &zone, &say));
    }
    if rows.is_empty() {
        println!("no order here");
    }
    if let Some(next) = next {
        println!("more: --after {next}");
    }
    Ok(())
}

fn row(one: &BoardRow, zone: &TimeZone) -> Value {
    let clocks = one.clocks(zone);
    let running: Vec<Value> =
        clocks.running(one.state).iter().map(|(clock, at)| json!({"clock": clock.code(), "at": at})).collect();
    json!({"id": one.id.to_string(), "number": one.number, "source": one.source.code(),
        "debtor": {"number": one.party.number, "name": one.party.name}, "total": one.total.decimal(),
        "currency": one.total.currency.code(), "state": one.state.code(), "since": one.since, "clocks": running,
        "ship_by": clocks.ship_by(one.state), "protection_ends": one.protection_ends,
        "expected_by": one.expected_by(zone), "wished_at": one.wished_at,
        "goods": one.goods.iter().map(|(title, quantity)| json!({"title": title, "quantity": quantity})).collect::<Vec<_>>(),
        "parcels": one.parcels.iter().map(|(carrier, number)| json!({"carrier": carrier, "number": number}))
            .collect::<Vec<_>>()})
}

/// With the clocks that run where it stands, the one that matters first.
fn line(one: &BoardRow, zone: &TimeZone, say: &Say) -> String {
    let clock = |(clock, at): (OrderClock, Timestamp)| match clock {
        OrderClock::ShipBy => format!("  ship by {}", say.at(at)),
        OrderClock::Answer => format!("  answer by {}", say.at(at)),
        OrderClock::Protection => {
            one.protection_ends.map_or_else(String::new, |day| format!("  protected until {day}"))
        }
    };
    let clocks: String = one.clocks(zone).running(one.state).into_iter().map(clock).collect();
    let expected = one.expected_by(zone).map_or_else(String::new, |day| format!("  expected by {day}"));
    let state = one.state.code().replace('_', " ");
    format!("{}  {state}  {}  {}{clocks}{expected}", one.number, say.money(one.total), one.party.name)
}

async fn show(house: &House, name: &str, json: bool) -> anyhow::Result<()> {
    let order = in_full(house, name).await?;
    if json {
        return print_json(&order);
    }
    let state = order.state.as_deref().map_or_else(|| "nothing told".to_string(), |state| state.replace('_', " "));
    let say = Say::new(house, UiLanguage::En);
    let total = amount(&say, &order.total.currency, &order.total.amount);
    println!("{}  {state}  {total}  {}", order.number, order.debtor.name);
    if let Some(at) = order.ship_by {
        println!("  ship by {}", say.at(at));
    }
    if let Some(day) = order.protection_ends {
        println!("  protected until {}", day.0);
    }
    if let Some(more) = &order.more_time {
        let until = more.until.as_ref().map_or_else(String::new, |day| format!(" until {}", day.0));
        let why = if more.why.is_empty() { String::new() } else { format!(": {}", more.why) };
        println!("  {} more days for the receipt {}{until}{why}", more.days, more.state);
    }
    for line in &order.goods {
        let there = match line.in_stock {
            Some(true) => "in stock",
            Some(false) => "missing",
            None => "stock not known",
        };
        println!("  {} × {} ({})  {there}", line.quantity, line.title, line.sku);
    }
    for parcel in &order.parcels {
        println!("  parcel {} {}  {}", parcel.carrier, parcel.number, parcel.status.replace('_', " "));
    }
    for hold in &order.holds {
        let until = hold.until.map_or_else(|| "until released".to_string(), |day| format!("until {}", day.0));
        println!("  kept here {until}: {}", hold.why);
    }
    for line in &order.timeline {
        let amount = line.amount.as_ref().map(|told| amount(&say, &told.currency, &told.amount));
        let (code, amount) = (line.code.replace('_', " "), amount.unwrap_or_default());
        let parts = [line.kind, code.as_str(), line.about.as_str(), amount.as_str(), line.words.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        println!("  {}  {}", say.at(line.at), parts.join("  "));
    }
    Ok(())
}

/// An amount of the public form as people write it.
fn amount(say: &Say, code: &str, digits: &str) -> String {
    let money = currency(code).ok().and_then(|currency| Money::parse(digits, currency).ok());
    money.map_or_else(|| format!("{code} {digits}"), |money| say.money(money))
}

async fn substitutes(house: &House, name: &str, skus: &[String], json: bool) -> anyhow::Result<()> {
    let told = order_in_full(house, name).await?;
    let missing = if skus.is_empty() { gone_of(&told) } else { places_of(&told, skus)? };
    let look = preview_stock_out(house, &told, &missing).await?;
    if json {
        let similar = look.similar.iter().map(|one| {
            let product = &one.stocked.product;
            json!({"sku": product.sku, "title": product.title("en"), "price": product.price, "stock": one.stocked.quantity,
                "why": one.why.iter().map(|why| why.code()).collect::<Vec<_>>()})
        });
        let letters = look.letters.iter().map(
            |letter| json!({"language": letter.language_used.code(), "subject": letter.subject, "body": letter.body}),
        );
        let (similar, letters) = (similar.collect::<Vec<_>>(), letters.collect::<Vec<_>>());
        return print_json(&json!({"order": told.order.number, "similar": similar, "letters": letters}));
    }
    for one in &look.similar {
        let product = &one.stocked.product;
        println!("{}  {}  {}", product.sku, product.title("en"), product.price);
    }
    if look.similar.is_empty() {
        println!("nothing in stock is like what is missing");
    }
    for letter in &look.letters {
        println!("\n[{}] {}\n{}", letter.language_used.code(), letter.subject, letter.body);
    }
    Ok(())
}
