//! Looking ahead, and back: what the playbooks will do with a debtor, or would have done. The decision and the audit are
//! those of the run, each at the moment at which the run would wake; nothing is repeated here but the clock, and what a
//! plan does to the facts ([`apply`]).
//!
//! Pure: one debtor's facts in, its actions in the order of time out. Whoever asks streams debtors from the store and
//! adds them up (`use_cases::look_ahead`, `use_cases::look_back`).

pub mod apply;
mod before;
mod course;
pub mod orders;
mod tell;

use std::sync::Arc;

use jiff::Timestamp;

use crate::calendar::countries::Countries;
use crate::facts::{DebtorFacts, TenantFacts};
use crate::money::Money;
use crate::party::Channel;
use crate::plan::TaskKind;
use crate::playbook::Playbooks;
use crate::receivable::coded_enum;

pub use course::Course;

/// What people and buyers are taken to do. Beyond it nothing happens: nobody pays, promises run out and count as broken,
/// statements go on coming, the dates that are awaited do not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumptions {
    /// From the moment a letter waits for a yes to that yes. Calls are made at the moment they are planned for.
    pub approval_hours: i64,
    /// Playbooks that are being tried: their running cases go on with the version of now in place of the one they
    /// began with.
    pub moved: Vec<Arc<str>>,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self { approval_hours: 4, moved: Vec::new() }
    }
}

/// What is the same for all debtors.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The firm as it stands at `from`.
    pub tenant: &'a TenantFacts,
    pub playbooks: &'a Playbooks,
    pub countries: &'a Countries,
    pub assumptions: &'a Assumptions,
    /// When the looking begins.
    pub from: Timestamp,
}

coded_enum! {
    /// What is done, or asked of a person.
    ActionKind {
        /// A letter leaves.
        Letter = "letter",
        /// A letter waits for a person's yes; the day it leaves it is a letter too.
        Approval = "approval",
        Call = "call",
        Task = "task",
    }
}

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub at: Timestamp,
    pub kind: ActionKind,
    /// Of a task.
    pub task: Option<TaskKind>,
    /// The playbook of the case that heads it.
    pub playbook: Option<Arc<str>>,
    pub step: Option<Arc<str>>,
    pub level: u8,
    pub channel: Option<Channel>,
    /// What is asked for.
    pub pressed: Money,
    /// Their numbers: `R-1042`.
    pub receivables: Vec<String>,
}

/// Where cases stand at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// A yes, a call, a task, a dispute or money without a place is ours to settle.
    pub waiting_on_us: usize,
    pub waiting_on_buyer: usize,
    pub ladder_done: usize,
    /// Handed over to others, or replaced by instalments that have cases of their own.
    pub in_other_hands: usize,
    /// Paid, written off or closed.
    pub settled: usize,
}

impl Standing {
    pub const fn add(&mut self, other: Self) {
        self.waiting_on_us += other.waiting_on_us;
        self.waiting_on_buyer += other.waiting_on_buyer;
        self.ladder_done += other.ladder_done;
        self.in_other_hands += other.in_other_hands;
        self.settled += other.settled;
    }

    pub const fn total(self) -> usize {
        self.waiting_on_us + self.waiting_on_buyer + self.ladder_done + self.in_other_hands + self.settled
    }
}

/// A plan that the audit refused; nothing of it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedPlan {
    pub at: Timestamp,
    pub invariant: u8,
    pub what: String,
}

/// What comes of one debtor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// In the order of time.
    pub actions: Vec<Action>,
    pub standing: Standing,
    pub refusals: Vec<RefusedPlan>,
    /// It woke so often that the looking was broken off at this moment: what comes after is missing.
    pub cut_short: Option<Timestamp>,
}

/// What comes of a debtor until `to` when everything goes on as it stands at `ground.from`. Where nothing can be decided, since
/// sums do not fit or the books are at odds, that is among the refusals.
pub fn look_ahead(facts: DebtorFacts, to: Timestamp, ground: &Ground<'_>) -> Outlook {
    let mut course = Course::going_on(facts, ground);
    course.advance(to, ground);
    course.finish()
}
