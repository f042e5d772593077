//! What a bank statement is, the same for every format, and the JSON shape of it.
//!
//! Amounts are signed from the account holder's side: money in is positive. Field order is the order of the
//! JSON that `dunlin statement parse` prints; scripts rely on the names.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

/// Everything found in one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parsed {
    /// `mt940`, `mt942`, `camt052`, `camt053`, `camt054` or `unknown`.
    pub format: &'static str,
    pub statements: Vec<Statement>,
    pub problems: Vec<Problem>,
}

/// One statement of one account; a file may hold many.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Statement {
    /// IBAN where the bank gives one, else the bank's own writing. Empty when the file names none.
    pub account: String,
    /// ISO 4217 code, or empty when the file never says.
    pub currency: String,
    /// The bank's statement number as written, e.g. `12/1`.
    pub number: Option<String>,
    pub opening: Option<Balance>,
    pub closing: Option<Balance>,
    pub entries: Vec<Entry>,
}

/// The part of a statement that is known before its first entry.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatementHead {
    pub account: String,
    pub currency: String,
    pub number: Option<String>,
    pub opening: Option<Balance>,
}

/// A booked balance on a day; an overdrawn account is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Balance {
    pub date: Date,
    pub amount: Decimal,
}

/// One movement on the account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    pub booking_date: Date,
    pub value_date: Option<Date>,
    /// Credit positive, debit negative; at least the currency's usual digits.
    pub amount: Decimal,
    pub currency: String,
    /// What the customer gave the payment: MT940 field 61 reference, structured creditor reference.
    pub reference: Option<String>,
    pub bank_reference: Option<String>,
    pub end_to_end_id: Option<String>,
    pub counterparty_name: Option<String>,
    pub counterparty_account: Option<String>,
    pub purpose: String,
    /// The bank's transaction type, e.g. `NTRF` or `PMNT-RCDT-ESCT`.
    pub kind: Option<String>,
    /// What the bank kept back, in the entry's currency.
    pub charges: Option<Decimal>,
    /// Announced but not yet booked (camt status PDNG or INFO): no money has arrived.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// Something that could not be understood, with enough to find and judge it by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `line 12` or `entry 3 (line 88)`.
    pub at: String,
    pub what: String,
    /// The raw text it is about.
    pub kept: String,
}

impl Problem {
    pub(crate) fn new(at: String, what: String, kept: &str) -> Self {
        Problem { at, what, kept: shorten(kept.trim(), 4000) }
    }
}

/// At most `limit` characters, so that one absurd line cannot fill a report.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

/// Opening + entries = closing is the one thing a statement says twice; what to report when it does not hold.
pub(crate) fn disagreement(opening: Balance, sum: Decimal, closing: Balance) -> Option<String> {
    let (from, to) = (opening.amount, closing.amount);
    let difference = to - from - sum;
    (!difference.is_zero()).then(|| {
        format!("the entries do not add up: opening {from} + entries {sum} is not closing {to}, the difference is {difference}")
    })
}
