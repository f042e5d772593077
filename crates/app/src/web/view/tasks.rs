//! Open work on the pages of a debtor and of a receivable.

use super::figures::When;
use super::letter::LetterText;

/// An open task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenTask {
    /// `T-0007`.
    pub number: String,
    /// Code of its kind.
    pub kind: &'static str,
    /// Name of its picture.
    pub icon: &'static str,
    /// "Compare the papers · Rossi Srl".
    pub title: String,
    /// `R-1042`, where the page is not about it itself.
    pub receivable: Option<String>,
    /// It rests until then.
    pub rests: Option<When>,
    /// Why a call is not to be made now.
    pub not_now: Option<String>,
    /// How work of our own is done.
    pub instructions: Option<LetterText>,
}
