//! A case: a playbook at work on a subject, and the steps it has taken. The subject is a receivable, an order or a shipment.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};

use crate::ids::{CaseId, LetterId, OrderId, ShipmentId, TaskId};
use crate::receivable::coded_enum;

/// What the store knows of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    pub state: CaseState,
    /// Empty until the first decision chose one.
    pub playbook: Option<PlaybookRef>,
    pub started_at: Timestamp,
    pub entry: Entry,
    pub steps: Vec<StepTaken>,
    /// A letter of this case that is not yet sent, failed or cancelled.
    pub letter: Option<OpenLetter>,
    /// A task of this case that a person has not finished.
    pub task: Option<TaskId>,
}

coded_enum! {
    /// What a case is about.
    #[derive(Default)]
    SubjectKind {
        #[default]
        Receivable = "receivable",
        Order = "order",
        Shipment = "shipment",
    }
}

/// What a case beside the receivables is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    Order(OrderId),
    Shipment(ShipmentId),
}

impl Subject {
    pub const fn kind(self) -> SubjectKind {
        match self {
            Self::Order(_) => SubjectKind::Order,
            Self::Shipment(_) => SubjectKind::Shipment,
        }
    }
}

/// A playbook and the version of its text; a running case keeps the version it began with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaybookRef {
    pub id: Arc<str>,
    /// The first 12 hex digits of the SHA-256 of the file.
    pub version: Arc<str>,
}

coded_enum! {
    /// How a debt that is old when we hear of it comes in.
    Entry {
        /// From the first step on.
        Standard = "standard",
        /// On the step that its age calls for, but never on a severe one.
        Contextual = "contextual",
    }
}

impl Case {
    /// How often a step was taken back: the round in which it would be taken next.
    pub fn rounds_of(&self, step: &str) -> i32 {
        self.steps.iter().filter(|taken| &*taken.step == step && taken.voided).count() as i32
    }
}

impl CaseState {
    /// Whether a decision may still change it: the others are over.
    pub const fn may_change(self) -> bool {
        matches!(self, Self::Running | Self::LadderDone | Self::HandedOver | Self::PlanAgreed)
    }
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
        /// With a lawyer, an agency, an insurer: we are silent.
        HandedOver = "handed_over",
        /// Instalments were agreed, which are receivables of their own.
        PlanAgreed = "plan_agreed",
    }
}

coded_enum! {
    /// A turn that a person gave a case.
    CaseTurn {
        /// Begun anew from the first step.
        Restarted = "restarted",
        /// Put into other hands.
        HandedOver = "handed_over",
        /// Taken back into ours.
        TakenBack = "taken_back",
        /// A step was entered that was done before the program knew of the debt.
        Entered = "entered",
    }
}

coded_enum! {
    /// Into whose hands a case can be put.
    OtherHands {
        Lawyer = "lawyer",
        Agency = "agency",
        Mediator = "mediator",
        Insurer = "insurer",
    }
}

/// A step that a case has taken. `round` rises only by a recorded restart (a voided step, invariant 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTaken {
    pub step: Arc<str>,
    pub level: u8,
    pub round: i32,
    pub taken_at: Timestamp,
    /// The day by which its letter asks for an answer.
    pub answer_by: Option<Date>,
    /// When its letter left the house, its task was done; `None` while that is awaited.
    pub done_at: Option<Timestamp>,
    /// The letter was cancelled or failed: as if the step had not been taken.
    pub voided: bool,
    /// It ended without anything being said to the buyer.
    pub end: Option<StepEnd>,
}

impl StepTaken {
    /// Whether the buyer heard of it, or one of us did the work.
    pub const fn was_done(&self) -> bool {
        self.done_at.is_some() && !self.voided && self.end.is_none()
    }
}

coded_enum! {
    /// How a step ends of which the buyer hears nothing.
    StepEnd {
        /// A person said no to its letter; the step counts as taken.
        Declined = "declined",
        /// Nobody made its call.
        NotCalled = "not_called",
    }
}

/// A call that nobody made is asked for so often; then a person decides.
pub const CALLS_ASKED_FOR: usize = 2;

/// A call that nobody has made so many days after its time is asked for no more.
pub const CALL_LAPSES_DAYS: i64 = 7;

/// A letter that nobody has looked at, or nobody has pasted, so many days after it was written says what was so then.
pub const LETTER_LAPSES_DAYS: i64 = 14;

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
