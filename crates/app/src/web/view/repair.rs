//! `GET /letters/{number}/repair`: what was wrong with a letter that left, and the correction that would go.

use super::letter::LetterSheet;
use super::who::DebtorRef;

/// The page.
#[derive(Debug, Clone, Default)]
pub struct RepairPage {
    /// Number of the wrong letter, `L-0012`.
    pub number: String,
    pub debtor: DebtorRef,
    pub ways: Vec<RepairWay>,
    /// Code of the chosen one.
    pub what: String,
    /// The correction as it would leave now.
    pub sheet: LetterSheet,
    /// Those for whoever got a copy of the wrong letter.
    pub copies: Vec<LetterSheet>,
    /// Hash of all that is shown.
    pub seen: String,
    /// The wrong letter was a severe one: only who may approve such letters puts it right.
    pub severe: bool,
}

/// What a letter can have been wrong in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepairWay {
    pub code: String,
    pub is_chosen: bool,
}
