//! `GET /letters`: what goes out and what went out in our name.

use super::debtors::Pager;
use super::figures::{Amount, When};
use super::who::DebtorRef;

/// The page. Query: `state`, `page`.
#[derive(Debug, Clone, Default)]
pub struct Letters {
    pub tabs: Vec<StateTab>,
    /// What waits for a person, before all days; on the first page without a filter.
    pub waiting: Vec<LetterRow>,
    /// Newest day first.
    pub days: Vec<LetterDay>,
    pub pager: Pager,
    /// Nothing leaves: letters are rehearsed, and stand among the rehearsals.
    pub is_rehearsal: bool,
}

/// A filter by state; links to `/letters?state={code}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateTab {
    /// Code of a letter state; `all` for every one.
    pub code: String,
    pub count: u32,
    pub is_chosen: bool,
}

/// The letters of one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterDay {
    pub day: When,
    pub rows: Vec<LetterRow>,
}

/// One letter; links to `/letters/{number}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterRow {
    pub number: String,
    pub state: String,
    /// "Second reminder".
    pub step: String,
    /// "Order 8190352904118660 · 2 × Tent for two"; empty for a letter about money.
    pub about: String,
    pub subject: String,
    /// BCP 47 of the subject.
    pub language: String,
    pub debtor: DebtorRef,
    pub channel: String,
    /// Time of departure there: "09:40 Milan".
    pub leaves: When,
    /// `None`: it asks for no money.
    pub total: Option<Amount>,
}
