//! The part of [`super::values`] that letters about a marketplace order and its parcels read. Without an order all of it
//! is none or empty, so that a letter which needs one is an error and never leaves with gaps.

use std::borrow::Cow;

use dunlin_core::letter::order::{AboutOrder, CustomsLine, GoodsLine, ParcelLine, Recipient, SimilarLine};
use dunlin_core::locale;
use dunlin_core::money::Money;
use dunlin_core::party::Language;
use jiff::civil::Date;
use serde::Serialize;

use crate::plain_text::fact;

/// Names of the variables that only letters about an order have. A letter that reads one of them is about an order.
pub(super) const ORDER_NAMES: [&str; 13] = [
    "order",
    "goods",
    "similar",
    "parcels",
    "parcel",
    "address",
    "customs",
    "asked",
    "refund_days",
    "protection_ends",
    "new_estimate",
    "surcharge",
    "invites_review",
];

/// What [`super::values::Values`] takes over, field by field.
#[derive(Default)]
pub(super) struct OrderValues<'a> {
    pub(super) order: Option<Order<'a>>,
    pub(super) goods: Vec<Goods<'a>>,
    pub(super) similar: Vec<Similar<'a>>,
    pub(super) parcels: Vec<Parcel<'a>>,
    pub(super) parcel: Option<Parcel<'a>>,
    pub(super) address: Option<Address<'a>>,
    pub(super) customs: Option<Customs<'a>>,
    pub(super) asked: Vec<Cow<'a, str>>,
    pub(super) refund_days: Option<u16>,
    pub(super) protection_ends: String,
    pub(super) new_estimate: String,
    pub(super) surcharge: String,
    pub(super) invites_review: bool,
}

#[derive(Serialize)]
pub(super) struct Order<'a> {
    number: Cow<'a, str>,
    /// Empty when unknown, as every day here.
    placed_on: String,
    total: String,
    ship_by: String,
    url: Cow<'a, str>,
    cancel_reason: Cow<'a, str>,
}

#[derive(Serialize)]
pub(super) struct Goods<'a> {
    title: Cow<'a, str>,
    sku: Cow<'a, str>,
    quantity: u32,
    price: String,
    url: Cow<'a, str>,
}

#[derive(Serialize)]
pub(super) struct Similar<'a> {
    title: Cow<'a, str>,
    price: String,
    url: Cow<'a, str>,
}

#[derive(Serialize)]
pub(super) struct Parcel<'a> {
    carrier: Cow<'a, str>,
    number: Cow<'a, str>,
    former_number: Cow<'a, str>,
    url: Cow<'a, str>,
    shipped_on: String,
    expected_from: String,
    expected_to: String,
    last_event: Cow<'a, str>,
    last_event_on: String,
    status: &'static str,
    status_on: String,
}

#[derive(Serialize)]
pub(super) struct Address<'a> {
    name: Cow<'a, str>,
    lines: Vec<Cow<'a, str>>,
    postcode: Cow<'a, str>,
    phone: Cow<'a, str>,
    country: Cow<'a, str>,
}

#[derive(Serialize)]
pub(super) struct Customs<'a> {
    description: Cow<'a, str>,
    value: String,
}

impl<'a> OrderValues<'a> {
    pub(super) fn new(order: Option<&'a AboutOrder>, language: Language) -> Self {
        let Some(about) = order else {
            return Self::default();
        };
        Self {
            order: Some(Order {
                number: fact(&about.number),
                placed_on: day(about.placed_on, language),
                total: locale::money(about.total, language),
                ship_by: day(about.ship_by, language),
                url: fact(&about.url),
                cancel_reason: fact(&about.cancel_reason),
            }),
            goods: about.goods.iter().map(|line| Goods::new(line, language)).collect(),
            similar: about.similar.iter().map(|line| Similar::new(line, language)).collect(),
            parcels: about.parcels.iter().map(|line| Parcel::new(line, language)).collect(),
            parcel: about.parcel.as_ref().map(|line| Parcel::new(line, language)),
            address: about.address.as_ref().map(Address::new),
            customs: about.customs.as_ref().map(|line| Customs::new(line, language)),
            asked: about.asked.iter().map(|what| fact(what)).collect(),
            refund_days: about.refund_days,
            protection_ends: day(about.protection_ends, language),
            new_estimate: day(about.new_estimate, language),
            surcharge: amount(about.surcharge, language),
            invites_review: about.invites_review,
        }
    }
}

fn day(date: Option<Date>, language: Language) -> String {
    date.map(|date| locale::date(date, language)).unwrap_or_default()
}

fn amount(money: Option<Money>, language: Language) -> String {
    money.map(|money| locale::money(money, language)).unwrap_or_default()
}

impl<'a> Goods<'a> {
    fn new(line: &'a GoodsLine, language: Language) -> Self {
        Self {
            title: fact(&line.title),
            sku: fact(&line.sku),
            quantity: line.quantity,
            price: amount(line.price, language),
            url: fact(&line.url),
        }
    }
}

impl<'a> Similar<'a> {
    fn new(line: &'a SimilarLine, language: Language) -> Self {
        Self { title: fact(&line.title), price: amount(line.price, language), url: fact(&line.url) }
    }
}

impl<'a> Parcel<'a> {
    fn new(line: &'a ParcelLine, language: Language) -> Self {
        Self {
            carrier: fact(&line.carrier),
            number: fact(&line.number),
            former_number: fact(&line.former_number),
            url: fact(&line.url),
            shipped_on: day(line.shipped_on, language),
            expected_from: day(line.expected.map(|(from, _)| from), language),
            expected_to: day(line.expected.map(|(_, to)| to), language),
            last_event: fact(&line.last_event),
            last_event_on: day(line.last_event_on, language),
            status: line.status.code(),
            status_on: day(line.status_on, language),
        }
    }
}

impl<'a> Address<'a> {
    fn new(to: &'a Recipient) -> Self {
        Self {
            name: fact(&to.name),
            lines: to.lines.iter().map(|line| fact(line)).collect(),
            postcode: fact(&to.postcode),
            phone: fact(&to.phone),
            country: fact(&to.country),
        }
    }
}

impl<'a> Customs<'a> {
    fn new(line: &'a CustomsLine, language: Language) -> Self {
        Self { description: fact(&line.description), value: locale::money(line.value, language) }
    }
}
