//! `GET /payments/{number}/ask` and `GET /receivables/{number}/discrepancy`: what a buyer may be asked, and the letter that
//! would go.

use super::figures::When;
use super::letter::LetterSheet;

/// The page.
#[derive(Debug, Clone, Default)]
pub struct AskPage {
    /// `P-0042`, or `R-1042` for documents.
    pub number: String,
    /// Where the page stands, and where its form goes.
    pub path: String,
    /// Where it leads back to.
    pub next: String,
    /// What fits; empty for documents.
    pub kinds: Vec<AskKind>,
    /// As the form has them.
    pub kind: String,
    pub debtor: String,
    pub receivables: String,
    pub on: String,
    pub words: String,
    pub by: String,
    /// It is about documents under a letter of credit.
    pub is_documents: bool,
    /// The letter, where it can be written.
    pub sheet: Option<LetterSheet>,
    /// Why it cannot.
    pub problem: String,
}

/// A question to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskKind {
    pub code: String,
    pub is_chosen: bool,
}

/// A question that waits for its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenQuestion {
    /// `L-0012`.
    pub letter: String,
    pub kind: String,
    pub receivable: String,
    pub letter_state: String,
    pub answer_by: When,
}
