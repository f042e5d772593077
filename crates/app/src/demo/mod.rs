//! The demo company: an invented exporter of camping goods in Ningbo with forty debtors in fourteen countries and a
//! marketplace shop, for eight weeks. It comes as *files* such as a seller has (spreadsheet, address book, platform
//! exports, bank statements) plus the few things that people type in; the caller imports them through the ordinary
//! path, day by day. Nothing here knows the store or a clock: [`script`] returns the same bytes on every run.
//!
//! Start in `debtors` (who they are) and `behaviour` (what they do); `orders` and `payments` make the truth of it,
//! `order_book`, `contact_file`, `marketplace`, `mt940` and `camt` write it down. `running` is the shop whose orders come from
//! the marketplace itself, with what is in them, their parcels and what their buyers wish.

mod behaviour;
mod calendar;
mod camt;
mod company;
mod contact_file;
mod countries;
mod debtors;
mod dice;
#[cfg(test)]
mod file_tests;
mod marketplace;
mod mt940;
mod order_book;
mod order_events;
mod orders;
mod payments;
pub mod people;
mod promises;
pub mod running;
mod shop_goods;
mod statements;
#[cfg(test)]
mod story_tests;
mod terms;

use jiff::civil::{Date, Weekday};
use rust_xlsxwriter::XlsxError;

pub use company::{BankAccount, Company};

/// Everything that happens to the demo company.
#[derive(Debug, Clone)]
pub struct Script {
    pub company: Company,
    /// A Monday.
    pub start: Date,
    /// Every day of the eight weeks, quiet ones too.
    pub days: Vec<Day>,
}

/// One day: first the files are imported in their order, then the acts are done.
#[derive(Debug, Clone)]
pub struct Day {
    pub date: Date,
    pub files: Vec<DemoFile>,
    pub acts: Vec<Act>,
}

/// A file as it lies in the seller's folder.
#[derive(Debug, Clone)]
pub struct DemoFile {
    pub name: String,
    pub bytes: Vec<u8>,
    pub what: FileKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Orders,
    MarketplaceOrders,
    Contacts,
    Statement,
    /// What the shop sells.
    Products,
    /// How many there are of each.
    Stock,
}

/// Something that a person at the company enters. Orders go by the seller's order number, debtors by customer number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `amount` `None`: the whole of what is open. `milestone`: `deposit`, `balance` or `full`.
    Promise {
        order: String,
        milestone: &'static str,
        pay_on: Date,
        amount: Option<String>,
        words: String,
    },
    /// Decimal amount in the order's currency; `None` for all of it.
    Dispute {
        order: String,
        amount: Option<String>,
        why: String,
    },
    DisputeResolved {
        order: String,
    },
    /// Nothing is sent to the debtor until the day.
    Hold {
        debtor: String,
        until: Date,
        why: String,
    },
    /// One article is offered in place of another.
    Pin {
        sku: String,
        other: String,
    },
    /// The owner says yes to all that waits for review.
    ApproveAll,
    /// Somebody rang; if a call is on the list of tasks, it is done.
    CallDone {
        order: String,
        note: String,
    },
}

/// Balances of the two accounts when the first statement begins, in minor units.
const OPENING_USD: i64 = 8_641_237;
const OPENING_EUR: i64 = 5_270_890;

/// The Monday on which the warehouse counts.
const STOCK_TAKING: i64 = 49;

/// Builds the whole demo.
///
/// # Errors
/// Only when a spreadsheet cannot be written, which would be a mistake in this module.
pub fn script() -> Result<Script, XlsxError> {
    let orders = orders::orders();
    let (payments, debtor_acts) = payments::play(&orders);
    let mut days: Vec<Day> = (0..calendar::DAYS)
        .map(|offset| Day { date: calendar::day(offset), files: Vec::new(), acts: Vec::new() })
        .collect();
    for day in days.iter_mut().filter(|day| day.date.weekday() == Weekday::Monday) {
        let week = calendar::offset_of(day.date) / 7 + 1;
        let name = if week == 1 { "客户订单.xlsx".into() } else { format!("客户订单 第{week}周.xlsx") };
        day.files.push(DemoFile { name, bytes: order_book::order_book(&orders, day.date)?, what: FileKind::Orders });
    }
    let mut add = |date: Date, name: String, bytes: Vec<u8>, what: FileKind| {
        if let Some(day) = days.iter_mut().find(|day| day.date == date) {
            day.files.push(DemoFile { name, bytes, what });
        }
    };
    add(calendar::START, "联系人.csv".into(), contact_file::contact_file(), FileKind::Contacts);
    add(calendar::START, "商品目录.csv".into(), running::articles::catalogue(), FileKind::Products);
    add(calendar::day(STOCK_TAKING), "库存盘点.csv".into(), running::articles::counted(), FileKind::Stock);
    for (date, bytes) in marketplace::exports() {
        add(date, format!("marketplace-orders-{date}.csv"), bytes, FileKind::MarketplaceOrders);
    }
    for delivery in statements::deliveries("USD", OPENING_USD, &payments) {
        add(delivery.on, format!("USD-{}.sta", delivery.on), mt940::mt940(&delivery), FileKind::Statement);
    }
    for delivery in statements::deliveries("EUR", OPENING_EUR, &payments) {
        add(delivery.on, format!("EUR-{}.camt053.xml", delivery.on), camt::camt053(&delivery), FileKind::Statement);
    }
    for (date, act) in debtor_acts.into_iter().chain(house_acts(&orders)) {
        if let Some(day) = days.iter_mut().find(|day| day.date == date) {
            day.acts.push(act);
        }
    }
    Ok(Script { company: company::company(), start: calendar::START, days })
}

/// What the seller's own people do, whatever the debtors do.
fn house_acts(orders: &[orders::Order]) -> Vec<(Date, Act)> {
    let hold = |on: i64, debtor: &str, until: i64, why: &str| {
        (calendar::day(on), Act::Hold { debtor: debtor.into(), until: calendar::day(until), why: why.into() })
    };
    let mut acts = vec![
        hold(9, "C029", 18, "业务三月中旬去迪拜拜访，当面谈"),
        hold(37, "C037", 46, "老板与对方总经理约了广交会见面，之前不催"),
    ];
    let of_c029 = orders.iter().find(|order| order.debtor.code == "C029");
    acts.extend(of_c029.map(|order| {
        let note = "客户说上周的 5000 美元是他们通过换汇行付的，已请财务核对".into();
        (calendar::day(28), Act::CallDone { order: order.number.clone(), note })
    }));
    let pin = |(sku, other): &(&str, &str)| Act::Pin { sku: (*sku).into(), other: (*other).into() };
    acts.extend(running::articles::PINS.iter().map(|pair| (calendar::START, pin(pair))));
    // On the mornings of the bank statements, so that nothing is approved that has just been paid.
    let mornings = (0..calendar::DAYS)
        .map(calendar::day)
        .filter(|date| matches!(date.weekday(), Weekday::Monday | Weekday::Wednesday | Weekday::Friday));
    acts.extend(mornings.map(|date| (date, Act::ApproveAll)));
    acts
}
