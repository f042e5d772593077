//! Amounts, days and ages as pages show them.

use crate::web::words::Words;

/// An amount: `text` as people read it, `value` as machines do. The currency code always stands beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amount {
    /// ISO 4217, `USD`.
    pub currency: String,
    /// Grouped, with the currency's decimals: `12,430.00`.
    pub text: String,
    /// Plain decimal: `12430.00`; goes into `<data value>` and amount fields of forms.
    pub value: String,
}

impl Amount {
    pub fn new(currency: impl Into<String>, text: impl Into<String>, value: impl Into<String>) -> Self {
        Self { currency: currency.into(), text: text.into(), value: value.into() }
    }
}

/// A day or an instant: `text` for people, `iso` for `<time datetime>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    pub text: String,
    pub iso: String,
}

impl When {
    pub fn new(text: impl Into<String>, iso: impl Into<String>) -> Self {
        Self { text: text.into(), iso: iso.into() }
    }
}

/// The time of day somewhere: "10:14 in Milan".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock {
    /// `10:14`, 24 hours.
    pub time: String,
    /// City or country, in the reader's language.
    pub place: String,
    /// Inside the window in which letters may go out there.
    pub in_hours: bool,
}

/// How late money is: days after (positive), until (negative) or at (zero) the due date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Age {
    /// `None` while the trigger of the due date is awaited.
    pub days_overdue: Option<i32>,
}

impl Age {
    pub const fn of(days_overdue: i32) -> Self {
        Self { days_overdue: Some(days_overdue) }
    }

    pub const fn awaited() -> Self {
        Self { days_overdue: None }
    }

    /// The pill's colour; its text says the same.
    pub const fn tone(self) -> &'static str {
        match self.days_overdue {
            None => "plain",
            Some(days) if days > 30 => "red",
            Some(days) if days > 0 => "amber",
            Some(_) => "blue",
        }
    }

    pub fn text(self, words: &Words) -> String {
        match self.days_overdue {
            None => words.t("age-awaited").into_owned(),
            Some(0) => words.t("age-today").into_owned(),
            Some(days) if days > 0 => words.t1("age-late", "days", days),
            Some(days) => words.t1("age-ahead", "days", -days),
        }
    }
}

/// What is open in one currency, by age: the stacked bar and the table behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenByCurrency {
    pub total: Amount,
    pub overdue: Amount,
    /// Every bucket in the order of [`BUCKETS`]; empty ones have `minor` 0.
    pub buckets: Vec<Bucket>,
}

/// Ages in the order in which bars and tables show them.
pub const BUCKETS: [&str; 5] = ["not_due", "1_30", "31_60", "61_90", "over_90"];

/// One age of money in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bucket {
    /// One of [`BUCKETS`].
    pub code: String,
    pub amount: Amount,
    /// Minor units: for the bar only.
    pub minor: i64,
}

/// A total over currencies, marked "≈" with the rate's source and date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoughTotal {
    pub amount: Amount,
    /// "ECB, 5 Mar 2026".
    pub rates_of: String,
}
