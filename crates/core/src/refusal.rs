//! What a person asked for and cannot have: a code with its values. The sentence is in `locales/*/reasons.ftl`, so a
//! page says it in its reader's language, and the command line in English.
//!
//! For what forms run into most; whatever only a program or a spoilt database can cause stays a plain error.

use std::fmt;

use jiff::civil::Date;

use crate::explain::{UiLanguage, phrase};
use crate::locale;
use crate::money::Money;

macro_rules! refusals {
    ($($variant:ident = $key:literal),+ $(,)?) => {
        /// Which refusal; its sentence has the same key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum RefusalCode { $($variant),+ }

        impl RefusalCode {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => concat!("refused-", $key)),+ }
            }
        }
    };
}

refusals! {
    NotOurNumber = "not-our-number",
    NotADay = "not-a-day",
    AmountUnreadable = "amount-unreadable",
    AmountUnclear = "amount-unclear",
    AmountNotPositive = "amount-not-positive",
    ReasonMissing = "reason-missing",
    Missing = "missing",
    HoldOver = "hold-over",
    HoldNone = "hold-none",
    HoldElsewhere = "hold-elsewhere",
    PromisePast = "promise-past",
    PromiseAbove = "promise-above",
    PromiseNone = "promise-none",
    PromiseElsewhere = "promise-elsewhere",
    DisputeCurrency = "dispute-currency",
    DisputeRange = "dispute-range",
    DisputeNone = "dispute-none",
    LetterNotWaiting = "letter-not-waiting",
    LetterChanged = "letter-changed",
    LetterApprovedAlready = "letter-approved-already",
    LetterApproverNew = "letter-approver-new",
    LetterLapsed = "letter-lapsed",
    LetterNotApproved = "letter-not-approved",
    LetterLeft = "letter-left",
    LetterNotStoppable = "letter-not-stoppable",
    LetterNotUncertain = "letter-not-uncertain",
    LetterNotToPaste = "letter-not-to-paste",
    LetterChangedSinceCopied = "letter-changed-since-copied",
    LetterNotDeclined = "letter-not-declined",
    TaskNotOpen = "task-not-open",
    TaskGoneOn = "task-gone-on",
    PaymentPlaced = "payment-placed",
    PaymentCurrency = "payment-currency",
    PaymentNoPlace = "payment-no-place",
    PaymentNoRest = "payment-no-rest",
    PaymentNotAside = "payment-not-aside",
    ReceivablePaid = "receivable-paid",
    BlockedAlready = "blocked-already",
    NotBlocked = "not-blocked",
    ObjectionSame = "objection-same",
    LowerCurrency = "lower-currency",
    LowerAbove = "lower-above",
    LowerNone = "lower-none",
    MergeSame = "merge-same",
    SeveralFirms = "several-firms",
    DaysMissing = "days-missing",
    ContactUnreachable = "contact-unreachable",
    NotAnAddress = "not-an-address",
    EventAhead = "event-ahead",
    EventNotAwaited = "event-not-awaited",
}

/// One value of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Text(String),
    Day(Date),
    Money(Money),
}

impl From<String> for Told {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Told {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<&String> for Told {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Date> for Told {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl From<Money> for Told {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

/// A refusal; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: RefusalCode,
    pub values: Vec<(&'static str, Told)>,
}

impl Refusal {
    pub const fn new(code: RefusalCode) -> Self {
        Self { code, values: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Told>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// The sentence for a reader of pages.
    pub fn sentence(&self, language: UiLanguage) -> String {
        self.filled(language, |value| match value {
            Told::Text(text) => text.clone(),
            Told::Day(day) => locale::date(*day, language.letters()),
            Told::Money(money) => locale::money(*money, language.letters()),
        })
    }

    fn filled(&self, language: UiLanguage, shown: impl Fn(&Told) -> String) -> String {
        let values: Vec<(&str, String)> = self.values.iter().map(|(name, value)| (*name, shown(value))).collect();
        phrase(language, self.code.key(), &values)
    }
}

/// As the command line says it: days and amounts as they are typed.
impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.filled(UiLanguage::En, |value| match value {
            Told::Text(text) => text.clone(),
            Told::Day(day) => day.to_string(),
            Told::Money(money) => money.to_string(),
        });
        out.write_str(&text)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_sentence_in_both_languages() {
        for code in RefusalCode::ALL {
            for language in [UiLanguage::En, UiLanguage::ZhCn] {
                let sentence = Refusal::new(*code).sentence(language);
                assert_ne!(sentence, code.key(), "{code:?} in {}", language.code());
            }
        }
    }

    #[test]
    fn days_are_written_as_the_reader_writes_them() {
        let day = jiff::civil::date(2026, 3, 12);
        let refusal = Refusal::new(RefusalCode::PromisePast).with("day", day).with("today", day);
        assert!(refusal.to_string().contains("2026-03-12"));
        assert!(refusal.sentence(UiLanguage::ZhCn).contains('月'));
    }
}
