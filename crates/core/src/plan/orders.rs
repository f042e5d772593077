//! What is planned about orders and parcels: messages and work, beside what is planned about money.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};

use super::{Review, TaskKind, Verdict};
use crate::case::{CaseState, PlaybookRef, Subject};
use crate::ids::{CaseId, ContactId, OrderId};
use crate::letter::Purpose;
use crate::money::Currency;
use crate::party::{Channel, ContactRole, Language};
use crate::reason::Reason;

/// Empty for a debtor without orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderPlan {
    pub cases: Vec<OrderCasePlan>,
    pub letters: Vec<OrderLetter>,
    pub tasks: Vec<OrderTask>,
}

impl OrderPlan {
    pub const fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.letters.is_empty() && self.tasks.is_empty()
    }
}

/// What the case of an order or a parcel does now, and when it wakes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderCasePlan {
    pub case_id: CaseId,
    pub order_id: OrderId,
    pub subject: Subject,
    pub verdict: Verdict,
    pub state: CaseState,
    /// The step taken now, or the next one in sight, as it is recorded.
    pub step: Option<Arc<str>>,
    /// `None`: only news wake it.
    pub next_wake: Option<Timestamp>,
    pub reasons: Vec<Reason>,
}

/// The step that a message or a task takes for its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderStep {
    pub case_id: CaseId,
    pub order_id: OrderId,
    pub subject: Subject,
    pub playbook: PlaybookRef,
    /// As it is recorded: the scenario and the step (`m5/shipped`), since several playbooks serve one case.
    pub step: Arc<str>,
    pub round: i32,
}

/// One message about one order or parcel to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLetter {
    pub about: OrderStep,
    pub purpose: Purpose,
    pub channel: Channel,
    pub contact_id: ContactId,
    pub role: ContactRole,
    pub language: Language,
    /// Name of the letter under `letters/`.
    pub letter: Arc<str>,
    pub currency: Currency,
    /// First allowed moment in the buyer's day.
    pub send_at: Timestamp,
    pub review: Review,
    /// The day by which an answer is asked for.
    pub answer_by: Date,
    pub reasons: Vec<Reason>,
}

/// Work for one of us about an order or a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderTask {
    pub kind: TaskKind,
    pub about: OrderStep,
    pub contact_id: Option<ContactId>,
    pub language: Language,
    /// Instructions under `letters/`.
    pub script: Option<Arc<str>>,
    pub not_before: Timestamp,
    pub reasons: Vec<Reason>,
}

impl OrderTask {
    /// Whether it takes its step; one that only looks for a contact does not.
    pub const fn takes_step(&self) -> bool {
        matches!(self.kind, TaskKind::Do | TaskKind::Call)
    }
}
