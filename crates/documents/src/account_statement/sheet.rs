//! What the page of an account statement shows, as finished strings: the `data.json` of its template.

use dunlin_core::letter::{AccountStatement, BankDetails, StatementLine};
use dunlin_core::locale;
use dunlin_core::money::Money;
use dunlin_core::party::Language;
use serde::Serialize;

use crate::plain_text::{address, fact, fact_within};
use crate::words::Words;

/// Most characters of a name, and of a reference in its column, that the page has room for.
const NAME: usize = 160;
const REFERENCE: usize = 60;

/// Field names are the keys that `crates/pdf/src/templates/account_statement.typ` reads.
#[derive(Serialize)]
pub struct Sheet {
    language: &'static str,
    /// Regional habits of the script, for typst; empty when the language has none that matter.
    region: &'static str,
    families: Vec<String>,
    words: &'static Words,
    /// Year, month, day: for the PDF's own date.
    date: [i16; 3],
    as_of: String,
    title: String,
    company: String,
    company_address: Vec<String>,
    /// Name, email and telephone, those that are known.
    company_people: Vec<String>,
    buyer: String,
    /// Number and country, those that are known.
    buyer_details: Vec<String>,
    currency: &'static str,
    total_open: String,
    total_overdue: String,
    any_overdue: bool,
    /// Empty when nothing is disputed.
    total_disputed: String,
    /// Empty when all that is open is asked for, and when nothing is due yet: a sum of nothing reads as if there were no debt.
    total_asked: String,
    /// No line names an order: the column is left out.
    has_orders: bool,
    lines: Vec<Line>,
    /// Label and value; empty when there is nothing to pay or no confirmed account to name.
    bank: Vec<[String; 2]>,
    note: String,
}

/// One row.
#[derive(Serialize)]
struct Line {
    reference: String,
    order: String,
    what: String,
    /// Empty when the due date is not known yet.
    due: String,
    /// Empty when not late.
    days_late: String,
    amount: String,
    /// Empty when nothing was paid.
    paid: String,
    open: String,
    /// Empty when nothing of it is disputed.
    disputed: String,
    /// Empty unless it is due and only a part is asked for.
    asked: String,
    /// Why it is not asked for now; mostly empty.
    rests: &'static str,
    /// Empty unless amount, payments and open amount differ by what was credited or given up.
    credited: String,
}

impl Sheet {
    /// `families`: of the fonts to set it in, the first that has a character wins.
    pub fn new(statement: &AccountStatement, families: Vec<String>) -> Self {
        let language = statement.language;
        let words = Words::of(language);
        let sender = &statement.sender;
        let as_of = locale::date(statement.as_of, language);
        let payable = statement.bank.as_ref().filter(|_| !statement.lines.is_empty());
        let known = |texts: &[&str]| -> Vec<String> {
            texts.iter().map(|text| fact(text).into_owned()).filter(|text| !text.is_empty()).collect()
        };
        Self {
            language: language.code(),
            region: if language == Language::Zh { "CN" } else { "" },
            families,
            words,
            date: [statement.as_of.year(), i16::from(statement.as_of.month()), i16::from(statement.as_of.day())],
            title: format!("{}: {}, {as_of}", words.account_statement, fact_within(&statement.buyer_name, NAME)),
            company: fact_within(&sender.company, NAME).into_owned(),
            company_address: address(&sender.company_address).lines().map(str::to_string).collect(),
            company_people: known(&[&sender.name, &sender.email, &sender.phone]),
            buyer: fact_within(&statement.buyer_name, NAME).into_owned(),
            buyer_details: known(&[&statement.buyer_number, &statement.buyer_country]),
            currency: statement.total_outstanding.currency.code(),
            total_open: locale::money(statement.total_outstanding, language),
            total_overdue: locale::money(statement.total_overdue, language),
            any_overdue: statement.total_overdue.is_positive(),
            total_disputed: disputed(statement).map(|sum| locale::money(sum, language)).unwrap_or_default(),
            total_asked: if statement.total_asked == statement.total_outstanding || !statement.total_asked.is_positive()
            {
                String::new()
            } else {
                locale::money(statement.total_asked, language)
            },
            has_orders: statement.lines.iter().any(|line| !line.order_number.trim().is_empty()),
            lines: statement.lines.iter().map(|line| Line::new(line, language)).collect(),
            bank: payable.map(|bank| bank_rows(bank, words)).unwrap_or_default(),
            note: note(words, statement.paid_to.map(|day| locale::date(day, language)), &fact(&sender.email)),
            as_of,
        }
    }
}

impl Line {
    fn new(line: &StatementLine, language: Language) -> Self {
        let unless_zero = |money: Money| {
            if money.is_positive() { locale::money_plain(money, language) } else { String::new() }
        };
        // A sum promised for a part of it is named nowhere else.
        let is_part = line.days_overdue >= 0
            && line.due_on.is_some()
            && line.asked.minor < line.outstanding.minor.saturating_sub(line.disputed.minor);
        let credited = line.amount.minor.saturating_sub(line.paid.minor).saturating_sub(line.outstanding.minor);
        Self {
            reference: fact_within(&line.reference, REFERENCE).into_owned(),
            order: fact_within(&line.order_number, REFERENCE).into_owned(),
            what: Words::of(language).milestone(line.milestone).to_string(),
            due: match line.due_on {
                Some(date) => locale::date_short(date, language),
                None => Words::of(language).not_yet_due.to_string(),
            },
            days_late: if line.days_overdue > 0 {
                locale::integer(i64::from(line.days_overdue), language)
            } else {
                String::new()
            },
            amount: locale::money_plain(line.amount, language),
            paid: unless_zero(line.paid),
            open: locale::money_plain(line.outstanding, language),
            disputed: unless_zero(line.disputed),
            asked: if is_part { unless_zero(line.asked) } else { String::new() },
            rests: line.rests.map_or("", |rests| Words::of(language).rests(rests)),
            credited: unless_zero(Money::new(credited, line.amount.currency)),
        }
    }
}

/// Sum of what is disputed; `None` when nothing is.
fn disputed(statement: &AccountStatement) -> Option<Money> {
    let zero = Money::zero(statement.total_outstanding.currency);
    let sum = statement.lines.iter().try_fold(zero, |sum, line| sum.checked_add(line.disputed)).ok()?;
    sum.is_positive().then_some(sum)
}

fn bank_rows(bank: &BankDetails, words: &Words) -> Vec<[String; 2]> {
    let rows = [
        (words.holder, &bank.holder),
        (words.bank, &bank.bank),
        (words.account, &bank.account),
        (words.swift, &bank.swift),
    ];
    let shown = rows.into_iter().filter(|(_, value)| !value.trim().is_empty());
    shown.map(|(label, value)| [label.to_string(), fact(value).into_owned()]).collect()
}

fn note(words: &Words, paid_to: Option<String>, email: &str) -> String {
    let included = paid_to.map_or_else(String::new, |day| words.included.replace("{date}", &day));
    let asks =
        if email.is_empty() { words.note_without_email.to_string() } else { words.note.replace("{email}", email) };
    included + &asks
}
