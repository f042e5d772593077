//! `GET /debtors/{number}/talks/{talk}`: a talk that was logged, and what may be entered from it.

use super::figures::When;
use super::who::DebtorRef;

/// The page.
#[derive(Debug, Clone, Default)]
pub struct TalkPage {
    pub debtor: DebtorRef,
    /// Path of this page.
    pub path: String,
    /// Where the forms of the debtor post to.
    pub base: String,
    /// Code of the place.
    pub place: String,
    pub when: When,
    /// Whom it was with; empty when nobody was named.
    pub contact_name: String,
    pub asked: bool,
    /// Code of what it means; empty: a talk of which nobody said so.
    pub intent: &'static str,
    /// What it is about: the amount that was named, else all that are open.
    pub about: Vec<TalkAbout>,
    /// The beginning of the words, for notes.
    pub quote: String,
    /// ISO, for fields of days.
    pub tomorrow: String,
    pub lines: Vec<String>,
    /// The words are gone with the person.
    pub is_erased: bool,
    pub is_ended: bool,
    pub file: Option<TalkFile>,
    pub promises: Vec<PromiseCard>,
    /// "USD 5,000.00".
    pub amounts: Vec<String>,
    pub whys: Vec<WhyCard>,
    /// Id of the talk, for what is entered from it.
    pub talk: String,
}

/// A picture or file of a talk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TalkFile {
    pub href: String,
    pub name: String,
    pub is_picture: bool,
}

/// A promise that may have been made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromiseCard {
    /// "A promise of USD 5,000.00 for 15 May 2026?".
    pub sentence: String,
    pub words: String,
    /// Which of those picked out it is.
    pub item: usize,
    /// For the field of the day.
    pub day_iso: String,
    /// Plain decimal; empty for everything.
    pub amount: String,
    pub currency: String,
    /// This page without the card.
    pub without: String,
}

/// What it sounds like why it is unpaid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhyCard {
    pub sentence: String,
    pub words: String,
    /// This page without the card.
    pub without: String,
}

impl TalkPage {
    /// Whether it means this.
    pub fn means(&self, code: &str) -> bool {
        self.intent == code && !self.is_ended
    }
}

/// An open receivable that the talk may be about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TalkAbout {
    /// `R-1042`.
    pub number: String,
    pub reference: String,
    pub currency: String,
    /// "USD 5,000.00".
    pub open: String,
}
