//! The demo's direct orders as they truly happened: ninety that exist when the company starts, and a few new ones
//! every week. What the spreadsheet of a given Monday shows of them is `order_book`'s business; who pays what and
//! when is `behaviour`'s.

use jiff::civil::Date;

use super::behaviour;
use super::calendar::{START, day, plus, shown_on};
use super::debtors::{DEBTORS, Debtor};
use super::dice::Dice;
use super::order_events::{events_after, events_before};
use super::terms::{
    self, ADVANCE, ADVANCE_DAYS, COPY, COPY_DAYS, Events, FULL_READY, FULL_READY_DAYS, MONTHLY, OPEN_INVOICE, Part,
    READY, READY_DAYS, Terms,
};

/// A direct order.
pub struct Order {
    pub number: String,
    pub invoice_number: String,
    pub debtor: &'static Debtor,
    /// Place among the debtor's orders, from 0.
    pub place: usize,
    pub terms: &'static Terms,
    /// Minor units, as agreed in the end.
    pub amount: i64,
    /// Until this Monday the spreadsheet had another amount.
    pub corrected: Option<(Date, i64)>,
    pub events: Events,
    /// Minor units received before the product came.
    pub received: i64,
    /// Monday of the first order file that has the order.
    pub listed_on: Date,
    /// Mistyped in the first file.
    pub mistyped: Option<Mistyped>,
    /// Monday from which the files leave it out, settled long since.
    pub dropped_on: Option<Date>,
}

/// What somebody typed wrong; put right in the second week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistyped {
    /// The letter O in the amount.
    Amount(&'static str),
    /// A day that does not exist.
    OrderedOn(&'static str),
}

impl Order {
    pub fn parts(&self) -> Vec<Part> {
        terms::parts(self.terms.shape, self.amount, &self.events)
    }

    /// What is still to be paid when the demo starts; the bool tells the last part.
    pub fn open_parts(&self) -> Vec<(Part, bool)> {
        let parts = self.parts();
        let last = parts.len().saturating_sub(1);
        let open = parts.into_iter().enumerate().map(|(at, part)| (part, at == last));
        open.filter(|(part, is_last)| self.is_new() || !behaviour::settled_before_start(self, part, *is_last)).collect()
    }

    /// The first Monday on which an order file lets the product know that the part is due.
    pub fn known_on(&self, part: &Part) -> Option<Date> {
        let listed = if self.mistyped.is_some() { day(7) } else { self.listed_on };
        Some(shown_on(part.triggered)?.max(listed))
    }

    /// The first Monday on which an order file has the invoice number.
    pub fn invoice_shown_on(&self) -> Option<Date> {
        Some(shown_on(self.events.invoice)?.max(self.listed_on))
    }

    /// Came in after the start.
    pub fn is_new(&self) -> bool {
        self.listed_on > START
    }

    /// Dice that no other order shares.
    pub fn dice(&self, purpose: &str) -> Dice {
        Dice::for_purpose(&format!("{purpose} {} {} {}", self.debtor.code, self.place, self.listed_on))
    }
}

/// Orders that come in later: week (2 to 8), debtor, terms.
#[rustfmt::skip]
const NEW: &[(i64, &str, &[Terms])] = &[
    (2, "C001", COPY_DAYS), (2, "C020", READY_DAYS), (2, "C027", ADVANCE), (2, "C012", FULL_READY_DAYS),
    (3, "C013", COPY), (3, "C036", OPEN_INVOICE), (3, "C028", READY_DAYS), (3, "C021", ADVANCE_DAYS),
    (4, "C005", FULL_READY), (4, "C017", COPY_DAYS), (4, "C039", COPY_DAYS), (4, "C030", READY),
    (5, "C022", FULL_READY_DAYS), (5, "C024", COPY), (5, "C008", MONTHLY), (5, "C025", ADVANCE_DAYS),
    (6, "C032", READY_DAYS), (6, "C002", COPY_DAYS), (6, "C015", OPEN_INVOICE), (6, "C023", ADVANCE),
    (7, "C010", FULL_READY), (7, "C025", READY_DAYS), (7, "C033", COPY_DAYS), (7, "C018", ADVANCE_DAYS),
    (8, "C021", COPY), (8, "C028", ADVANCE_DAYS), (8, "C036", COPY), (8, "C012", READY_DAYS),
];

/// Amounts put right on a Monday: debtor, place of the order, week, and what the first file had in per cent.
const CORRECTED: &[(&str, usize, i64, i64)] = &[("C033", 1, 2, 104), ("C015", 2, 3, 102), ("C005", 2, 4, 95)];
const MISTYPED: &[(&str, usize, Mistyped)] =
    &[("C022", 2, Mistyped::Amount("12,3O0")), ("C038", 1, Mistyped::OrderedOn("2026-02-30"))];
/// The amount that "12,3O0" means, in minor units.
const MISTYPED_AMOUNT: i64 = 1_230_000;
/// So many settled orders leave the files in the fifth week.
const DROPPED: usize = 3;

/// All orders by date, numbered.
pub fn orders() -> Vec<Order> {
    let mut orders: Vec<Order> = DEBTORS.iter().flat_map(first_orders).chain(new_orders()).collect();
    orders.sort_by_key(|order| (order.events.ordered, order.debtor.code, order.place));
    number(
        &mut orders,
        |order| order.events.ordered,
        |order, year, n| order.number = format!("QH-{}{n:03}", year % 100),
    );
    orders.sort_by_key(|order| (order.events.invoice, order.number.clone()));
    number(
        &mut orders,
        |order| order.events.invoice,
        |order, year, n| order.invoice_number = format!("INV-{year}-{n:03}"),
    );
    orders.sort_by_key(|order| (order.listed_on, order.number.clone()));
    let settled = orders.iter_mut().filter(|order| !order.is_new() && order.received == order.amount);
    settled.take(DROPPED).for_each(|order| order.dropped_on = Some(day(28)));
    orders
}

/// Counts from 1 in every year, except that the old year was well under way.
fn number(orders: &mut [Order], date: fn(&Order) -> Date, give: fn(&mut Order, i16, usize)) {
    let (mut year, mut count) = (0, 0);
    for order in orders {
        let of = date(order).year();
        if of != year {
            count = if of < START.year() { 300 } else { 0 };
            year = of;
        }
        count += 1;
        give(order, of, count);
    }
}

fn first_orders(debtor: &'static Debtor) -> Vec<Order> {
    let orders = debtor.due_in.iter().enumerate().filter_map(|(place, &due_in)| {
        let mut dice = Dice::for_purpose(&format!("terms {} {place}", debtor.code));
        let group = debtor.terms.get(place % debtor.terms.len().max(1))?;
        let terms = choose(group, &mut dice)?;
        let events = events_before(terms.shape, day(due_in), &mut dice);
        Some(order(debtor, place, terms, events, START, &mut dice))
    });
    orders.collect()
}

fn new_orders() -> Vec<Order> {
    let orders = NEW.iter().enumerate().filter_map(|(at, &(week, code, group))| {
        let debtor = DEBTORS.iter().find(|debtor| debtor.code == code)?;
        let mut dice = Dice::for_purpose(&format!("new order {at}"));
        let terms = choose(group, &mut dice)?;
        let monday = day((week - 1) * 7);
        let events = events_after(terms.shape, plus(monday, -dice.between(3, 4)), &mut dice);
        Some(order(debtor, debtor.due_in.len() + at, terms, events, monday, &mut dice))
    });
    orders.collect()
}

fn choose(group: &'static [Terms], dice: &mut Dice) -> Option<&'static Terms> {
    let last = i64::try_from(group.len()).ok()? - 1;
    group.get(usize::try_from(dice.between(0, last)).ok()?)
}

fn order(
    debtor: &'static Debtor,
    place: usize,
    terms: &'static Terms,
    events: Events,
    listed_on: Date,
    dice: &mut Dice,
) -> Order {
    let mistyped = MISTYPED.iter().find(|(code, of, _)| *code == debtor.code && *of == place).map(|(_, _, what)| *what);
    let whole = debtor.usual_amount * dice.between(60, 150) / 1000 * 10;
    // Tenths of the currency at the finest, so that 30 % is a whole number of cents.
    let tenths = if dice.between(0, 2) == 0 { dice.between(1, 99) } else { 0 };
    let amount =
        if matches!(mistyped, Some(Mistyped::Amount(_))) { MISTYPED_AMOUNT } else { whole * 100 + tenths * 10 };
    let corrected = CORRECTED.iter().find(|(code, of, ..)| *code == debtor.code && *of == place);
    let mut order = Order {
        number: String::new(),
        invoice_number: String::new(),
        debtor,
        place,
        terms,
        amount,
        corrected: corrected.map(|&(_, _, week, percent)| (day((week - 1) * 7), amount / 1000 * percent / 100 * 1000)),
        events,
        received: 0,
        listed_on,
        mistyped,
        dropped_on: None,
    };
    let open: i64 = order.open_parts().iter().map(|(part, _)| part.amount).sum();
    order.received = if order.is_new() { 0 } else { amount - open };
    order
}
