//! A plan of instalments: how it stands, and the page on which one is agreed.

use super::figures::{Amount, When};
use super::who::DebtorRef;

/// On the page of the receivable, and on that of each part.
#[derive(Debug, Clone, Default)]
pub struct PlanView {
    /// What was owed before: `R-1042`.
    pub original: String,
    /// The page is about that one, not about a part.
    pub is_original: bool,
    /// `open`, `kept`, `broken`.
    pub state: String,
    pub late_days: i32,
    pub all_due: bool,
    pub words: String,
    pub parts: Vec<PlanPart>,
    pub can_end: bool,
}

impl PlanView {
    /// The part that the page is about.
    pub fn own(&self) -> Option<&PlanPart> {
        self.parts.iter().find(|part| part.is_own)
    }
}

#[derive(Debug, Clone, Default)]
pub struct PlanPart {
    pub number: String,
    pub nth: usize,
    pub of: usize,
    pub due: Option<When>,
    pub amount: Amount,
    pub outstanding: Amount,
    /// `paid`, `part`, `late`, `due`, `waiting`, `closed`.
    pub state: String,
    pub is_own: bool,
}

/// `GET /receivables/{number}/plan`: days and amounts before they are agreed.
#[derive(Debug, Clone, Default)]
pub struct PlanPage {
    pub number: String,
    pub reference: String,
    pub debtor: DebtorRef,
    pub outstanding: Amount,
    pub rows: Vec<TypedPart>,
    pub late_days: String,
    pub all_due: bool,
    pub words: String,
    /// The earliest day that a field takes.
    pub today: String,
    /// Why it could not be agreed; empty before the first try.
    pub trouble: String,
}

/// One row as it was typed: an ISO day and an amount.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedPart {
    pub day: String,
    pub amount: String,
}
