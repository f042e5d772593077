//! `GET /money`: whose payment is this?

use super::ask::OpenQuestion;
use super::figures::{Amount, When};
use super::notices::Notice;
use super::today::UnmatchedPayment;

/// The page.
#[derive(Debug, Clone, Default)]
pub struct MoneyPage {
    /// Why nothing presses for money at the moment.
    pub notices: Vec<Notice>,
    pub unmatched: Vec<UnmatchedPayment>,
    pub imports: Vec<StatementImport>,
    /// The accounts that they are of.
    pub accounts: Vec<ReadAccount>,
    /// The latest payments that found their place, newest first.
    pub matched: Vec<MatchedPayment>,
    /// Questions to buyers that wait for an answer.
    pub questions: Vec<OpenQuestion>,
    /// Hidden `next` of the match forms.
    pub next: String,
    /// Whoever looks sees everybody's money, and so the statements.
    pub sees_statements: bool,
}

/// One bank statement that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatementImport {
    pub file: String,
    /// `MT940`, `camt.053`: names of formats, the same in every language.
    pub format: String,
    /// Our account as the statement names it.
    pub account: String,
    /// First and last booking day.
    pub from: When,
    pub to: When,
    pub read: When,
    pub entries: u32,
    pub matched: u32,
    pub unmatched: u32,
    /// What could not be read, one line each with its place; shown behind a fold.
    pub problems: Vec<String>,
}

/// A bank account of which statements were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadAccount {
    /// As the statements name it, with its currency.
    pub name: String,
    /// Up to which day all was read.
    pub covered_to: Option<When>,
    /// Days of which nothing was read, a sentence each.
    pub missing: Vec<String>,
    pub retired: bool,
}

/// A payment with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MatchedPayment {
    pub number: String,
    pub received: When,
    /// False: nobody told the day; it came by then.
    pub day_known: bool,
    pub payer: String,
    /// What came with it, where the bank names no payer.
    pub words: String,
    pub amount: Amount,
    /// What was set aside as nobody's.
    pub aside: Option<Amount>,
    pub places: Vec<MatchedPlace>,
    /// Code of how it was matched: `reference`, `amount`, `person`, `import`.
    pub how: String,
}

/// One allocation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MatchedPlace {
    /// `R-1042`.
    pub receivable: String,
    /// In the receivable's currency.
    pub amount: Amount,
    /// "EUR 11,000.00 at 1.0909", when the payment is in another.
    pub paid_with: Option<String>,
    /// Who owed it, when the payer's name is another one.
    pub other_payer: Option<String>,
}
