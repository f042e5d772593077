//! What templates can say: the facts of a letter as words of its language. This list is the contract with the
//! authors of letters; [`NAMES`] lets [`super::check`] tell them of a name that does not exist.
//!
//! Everything from outside passes [`crate::plain_text`] here, and templates only ever see it as values, so that
//! `{{ … }}` in a buyer's name is text like any other.

use std::borrow::Cow;

use dunlin_core::goods::GoodsStage;
use dunlin_core::letter::{BankDetails, LetterFacts, LetterLine};
use dunlin_core::locale;
use dunlin_core::party::Language;
use serde::Serialize;

use super::order_values::{Address, Customs, Goods, Order, OrderValues, Parcel, Similar};
use crate::plain_text::{address, fact};
use crate::words::Words;

/// The variables of a template. Amounts and dates are strings as the reader writes them; days are numbers.
#[derive(Serialize)]
pub(super) struct Values<'a> {
    buyer: Cow<'a, str>,
    /// The person written to; empty when unknown.
    contact: Cow<'a, str>,
    company: Cow<'a, str>,
    company_address: String,
    sender_name: Cow<'a, str>,
    sender_email: Cow<'a, str>,
    sender_phone: Cow<'a, str>,
    /// Lines in place of the sender's; mostly empty.
    signature: String,
    today: String,
    /// The only item of the letter; none when there are several. `{% if one %}` asks, `one.reference` reads.
    one: Option<Item<'a>>,
    items: Vec<Item<'a>>,
    /// How far the goods of all items are: `ready`, `shipped`; empty where it differs, or is not known.
    stage: &'static str,
    /// Something shows of one of the items that its goods are past production.
    known_goods: bool,
    /// Something else of an order is due and unpaid.
    rest_due: bool,
    total: String,
    /// News may come when nothing can be asked for: all of it is disputed or promised, or the money may be in.
    asks: bool,
    /// Zero when nothing is late yet.
    max_days_overdue: i32,
    /// Empty when no due date is known.
    oldest_due_on: String,
    answer_by: String,
    bank: Option<Bank<'a>>,
    has_statement: bool,
    /// One sentence; mostly empty.
    difficulty: Cow<'a, str>,
    /// What a question is about; none in every other letter.
    payment: Option<Payment>,
    notice: Option<Notice<'a>>,
    /// The marketplace order that the letter is about; none in every other letter, as all that follows.
    order: Option<Order<'a>>,
    goods: Vec<Goods<'a>>,
    similar: Vec<Similar<'a>>,
    parcels: Vec<Parcel<'a>>,
    parcel: Option<Parcel<'a>>,
    address: Option<Address<'a>>,
    customs: Option<Customs<'a>>,
    asked: Vec<Cow<'a, str>>,
    refund_days: Option<u16>,
    protection_ends: String,
    new_estimate: String,
    surcharge: String,
    invites_review: bool,
}

/// Names of the variables, in the order of [`Values`].
pub(super) const NAMES: [&str; 37] = [
    "buyer",
    "contact",
    "company",
    "company_address",
    "sender_name",
    "sender_email",
    "sender_phone",
    "signature",
    "today",
    "one",
    "items",
    "stage",
    "known_goods",
    "rest_due",
    "total",
    "asks",
    "max_days_overdue",
    "oldest_due_on",
    "answer_by",
    "bank",
    "has_statement",
    "difficulty",
    "payment",
    "notice",
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

/// One receivable.
#[derive(Serialize, Clone)]
struct Item<'a> {
    reference: Cow<'a, str>,
    order_number: Cow<'a, str>,
    /// Empty when unknown.
    ordered_on: String,
    /// A word of the language: "deposit", "anticipo", "定金".
    milestone: &'static str,
    amount: String,
    outstanding: String,
    asked: String,
    /// Something has been paid or credited already.
    partly_paid: bool,
    /// Less is asked for than is open: part of it is disputed or promised.
    reduced: bool,
    /// Nothing is asked for: all that is open is disputed or promised, or the money may be in.
    settling: bool,
    /// Empty when unknown.
    due_on: String,
    /// Negative before the due date.
    days_overdue: i32,
}

/// A payment that is asked about.
#[derive(Serialize)]
struct Payment {
    /// All that came in.
    amount: String,
    /// What has no place yet.
    left: String,
    received_on: String,
    /// Nothing of it has a place yet.
    whole: bool,
}

/// A bank's notice.
#[derive(Serialize)]
struct Notice<'a> {
    on: String,
    words: Cow<'a, str>,
}

#[derive(Serialize)]
struct Bank<'a> {
    holder: Cow<'a, str>,
    bank: Cow<'a, str>,
    account: Cow<'a, str>,
    swift: Cow<'a, str>,
}

impl<'a> Values<'a> {
    /// `language` is that of the template, which may be English for a reader of something else.
    pub(super) fn new(facts: &'a LetterFacts, language: Language) -> Self {
        let items: Vec<_> = facts.items.iter().map(|line| Item::new(line, language)).collect();
        let oldest_due_on = facts.items.iter().filter_map(|line| line.due_on).min();
        let about = OrderValues::new(facts.order.as_ref(), language);
        Self {
            buyer: fact(&facts.buyer_name),
            contact: fact(&facts.contact_name),
            company: fact(&facts.sender.company),
            company_address: address(&facts.sender.company_address),
            sender_name: fact(&facts.sender.name),
            sender_email: fact(&facts.sender.email),
            sender_phone: fact(&facts.sender.phone),
            signature: address(&facts.sender.signature),
            today: locale::date(facts.today, language),
            one: if let [only] = items.as_slice() { Some(only.clone()) } else { None },
            items,
            stage: stage_of_all(&facts.items),
            known_goods: facts.items.iter().any(|line| line.goods.is_some()),
            rest_due: facts.items.iter().any(|line| line.rest_due),
            total: locale::money(facts.total, language),
            asks: facts.total.is_positive(),
            max_days_overdue: facts.items.iter().map(|line| line.days_overdue).max().unwrap_or(0).max(0),
            oldest_due_on: oldest_due_on.map(|date| locale::date(date, language)).unwrap_or_default(),
            answer_by: locale::date(facts.answer_by, language),
            bank: facts.bank.as_ref().map(Bank::new),
            has_statement: facts.has_statement,
            // It was typed for letters of one language: a letter that falls back to another does without.
            difficulty: if language == facts.language { fact(&facts.difficulty) } else { Cow::Borrowed("") },
            payment: facts.asks.as_ref().and_then(|asks| asks.payment.as_ref()).map(|paid| Payment {
                amount: locale::money(paid.amount, language),
                left: locale::money(paid.left, language),
                received_on: locale::date(paid.received_on, language),
                whole: paid.left == paid.amount,
            }),
            notice: facts
                .asks
                .as_ref()
                .and_then(|asks| asks.notice.as_ref())
                .map(|notice| Notice { on: locale::date(notice.on, language), words: fact(&notice.words) }),
            order: about.order,
            goods: about.goods,
            similar: about.similar,
            parcels: about.parcels,
            parcel: about.parcel,
            address: about.address,
            customs: about.customs,
            asked: about.asked,
            refund_days: about.refund_days,
            protection_ends: about.protection_ends,
            new_estimate: about.new_estimate,
            surcharge: about.surcharge,
            invites_review: about.invites_review,
        }
    }
}

/// What is true of the goods of all items, as letters ask for it.
fn stage_of_all(items: &[LetterLine]) -> &'static str {
    let first = items.first().and_then(|line| line.goods);
    match first.filter(|_| items.iter().all(|line| line.goods == first)) {
        Some(stage @ (GoodsStage::Ready | GoodsStage::Shipped)) => stage.code(),
        Some(GoodsStage::Made) | None => "",
    }
}

impl<'a> Item<'a> {
    fn new(line: &'a LetterLine, language: Language) -> Self {
        let in_words = |date: Option<_>| date.map(|date| locale::date(date, language)).unwrap_or_default();
        Self {
            reference: fact(&line.reference),
            order_number: fact(&line.order_number),
            ordered_on: in_words(line.ordered_on),
            milestone: Words::of(language).milestone(line.milestone),
            amount: locale::money(line.amount, language),
            outstanding: locale::money(line.outstanding, language),
            asked: locale::money(line.asked, language),
            partly_paid: line.outstanding.minor < line.amount.minor,
            reduced: line.asked.minor < line.outstanding.minor,
            settling: !line.asked.is_positive(),
            due_on: in_words(line.due_on),
            days_overdue: line.days_overdue,
        }
    }
}

impl<'a> Bank<'a> {
    fn new(details: &'a BankDetails) -> Self {
        Self {
            holder: fact(&details.holder),
            bank: fact(&details.bank),
            account: fact(&details.account),
            swift: fact(&details.swift),
        }
    }
}
