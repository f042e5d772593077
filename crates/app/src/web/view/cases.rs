//! Why a receivable is unpaid, and what a person can do with its case.

use super::figures::When;

/// Why it is unpaid: what is known now, and what was known before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unpaid {
    /// Something is open, so that a reason can be noted.
    pub is_open: bool,
    pub now: Option<WhyLine>,
    /// Newest first.
    pub before: Vec<WhyLine>,
}

/// A reason that somebody noted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhyLine {
    /// Code of the reason.
    pub code: String,
    pub since: When,
    /// `None` while it holds.
    pub until: Option<When>,
    /// Who noted it; may be empty.
    pub by: String,
    pub words: String,
}

/// Where a case stands, and the forms that it offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CasePanel {
    /// Code of its state.
    pub state: String,
    /// "Put into the hands of Lawyer: Bianchi & Partners"; empty while it is in ours.
    pub hands: String,
    /// Running or at its end, in our hands.
    pub is_ours: bool,
    pub is_elsewhere: bool,
    /// A step was taken, so that there is something to begin anew.
    pub has_begun: bool,
    /// Steps that could be entered as done.
    pub steps: Vec<StepChoice>,
    /// Steps that were entered by hand and count.
    pub entered: Vec<EnteredLine>,
    /// ISO: the last day on which an entered step can have been done.
    pub today: String,
}

/// A step of the playbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepChoice {
    pub id: String,
    pub title: String,
}

/// A step that was entered by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnteredLine {
    /// Of the entry.
    pub id: String,
    pub title: String,
    pub on: When,
}
