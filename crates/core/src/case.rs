//! A case: a playbook at work on a receivable, and the steps it has taken.

use std::sync::Arc;

use jiff::Timestamp;

use crate::ids::{CaseId, LetterId, TaskId};
use crate::receivable::coded_enum;

/// What the store knows of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    pub state: CaseState,
    /// Empty until the first decision chose one.
    pub playbook: Option<PlaybookRef>,
    pub started_at: Timestamp,
    pub steps: Vec<StepTaken>,
    /// A letter of this case that is not yet sent, failed or cancelled.
    pub letter: Option<OpenLetter>,
    /// A task of this case that a person has not finished.
    pub task: Option<TaskId>,
}

/// A playbook and the version of its text; a running case keeps the version it began with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaybookRef {
    pub id: Arc<str>,
    /// The first 12 hex digits of the SHA-256 of the file.
    pub version: Arc<str>,
}

coded_enum! {
    /// Where a case stands.
    CaseState {
        Running = "running",
        Paid = "paid",
        WrittenOff = "written_off",
        /// Closed by the platform or voided with its receivable.
        Closed = "closed",
        /// Every step taken; a person decides what next.
        LadderDone = "ladder_done",
    }
}

/// A step that a case has taken. `round` rises only by a recorded restart (a voided step, invariant 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTaken {
    pub step: Arc<str>,
    pub level: u8,
    pub round: i32,
    pub taken_at: Timestamp,
    /// When its letter left the house, its task was done; `None` while that is awaited.
    pub done_at: Option<Timestamp>,
    /// The letter was cancelled or failed: as if the step had not been taken.
    pub voided: bool,
}

/// A letter between decision and departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenLetter {
    pub id: LetterId,
    pub state: LetterState,
    pub not_before: Timestamp,
}

coded_enum! {
    /// The life of a letter.
    LetterState {
        /// Waits for a person's yes.
        Review = "review",
        Queued = "queued",
        /// A chat that we may not write to: a person copies the text there and says so.
        ToPaste = "to_paste",
        Sending = "sending",
        Sent = "sent",
        Failed = "failed",
        /// It may or may not have left; settled by looking it up or by a person, never by sending again blindly.
        Uncertain = "uncertain",
        Cancelled = "cancelled",
    }
}
