//! The plan: what `decide` wants done about one debtor, with a reason for every action and every silence.

pub mod orders;

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};

use self::orders::OrderPlan;
use crate::case::{CaseState, PlaybookRef};
use crate::ids::{CaseId, ContactId, PartyId, ReceivableId};
use crate::letter::Purpose;
use crate::money::{Currency, Money};
use crate::party::{Channel, ContactRole, Language};
use crate::reason::Reason;
use crate::receivable::coded_enum;

/// One debtor's plan at one instant. Nothing in it needs another choice: the store writes it, the worker sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub party_id: PartyId,
    pub decided_at: Timestamp,
    pub cases: Vec<CasePlan>,
    pub letters: Vec<PlannedLetter>,
    pub tasks: Vec<PlannedTask>,
    /// What is done about its orders and parcels.
    pub orders: OrderPlan,
}

/// What a case does now and when it wakes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePlan {
    pub case_id: CaseId,
    pub receivable_id: ReceivableId,
    pub playbook: Option<PlaybookRef>,
    pub verdict: Verdict,
    /// The state in which the decision found it.
    pub was: CaseState,
    pub state: CaseState,
    /// Outstanding at the time of the decision, from the ledger.
    pub outstanding: Money,
    /// The step taken now, or the next one in sight.
    pub step: Option<Arc<str>>,
    pub next_wake: Option<Timestamp>,
    pub reasons: Vec<Reason>,
}

coded_enum! {
    /// The decision about one case, in one word (`explain` prints it).
    Verdict {
        Letter = "letter",
        Task = "task",
        Approval = "approval",
        Wait = "wait",
        Closed = "closed",
    }
}

/// One letter to one person about one or many receivables of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLetter {
    pub purpose: Purpose,
    pub channel: Channel,
    pub contact_id: ContactId,
    pub role: ContactRole,
    pub language: Language,
    /// Name of the letter under `letters/`.
    pub letter: Arc<str>,
    /// 0: the letter of its steps. 1 and up: what goes beside the last such letter before it in the plan.
    pub send: u8,
    /// Warning level of the tone: the highest of its items.
    pub level: u8,
    pub currency: Currency,
    pub items: Vec<LetterItem>,
    /// First allowed moment in the buyer's day.
    pub send_at: Timestamp,
    pub review: Review,
    pub attach_statement: bool,
    /// The day by which an answer is asked for.
    pub answer_by: Date,
    pub reasons: Vec<Reason>,
}

coded_enum! {
    /// Whether a person must say yes before the letter leaves (SCENARIOS A14, A15).
    Review {
        Automatic = "automatic",
        /// First time this step is used, or always: a person looks.
        Look = "look",
        /// A severe step: a named person's approval, bound to the content.
        Severe = "severe",
        /// As severe, and by two persons.
        TwoPersons = "two_persons",
    }
}

impl Review {
    /// How many persons have to say yes.
    pub const fn persons(self) -> usize {
        match self {
            Self::Automatic => 0,
            Self::Look | Self::Severe => 1,
            Self::TwoPersons => 2,
        }
    }

    /// Whether the yes has to come from somebody who may approve severe letters.
    pub const fn is_severe(self) -> bool {
        matches!(self, Self::Severe | Self::TwoPersons)
    }
}

/// One receivable in a letter, and the step that the letter performs for its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterItem {
    pub case_id: CaseId,
    pub receivable_id: ReceivableId,
    pub step: Arc<str>,
    pub level: u8,
    pub round: i32,
    /// From the ledger.
    pub outstanding: Money,
    /// What the letter asks for: outstanding less disputed and promised parts.
    pub pressed: Money,
    /// The due date the step was decided by; corrected since, the letter is wrong.
    pub due_on: Option<Date>,
}

/// Work for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedTask {
    pub kind: TaskKind,
    pub case_id: CaseId,
    pub receivable_id: ReceivableId,
    pub step: Option<Arc<str>>,
    pub level: u8,
    pub round: i32,
    pub contact_id: Option<ContactId>,
    pub language: Language,
    /// Script under `letters/`, for calls and pasted messages.
    pub script: Option<Arc<str>>,
    pub pressed: Money,
    pub not_before: Timestamp,
    pub reasons: Vec<Reason>,
}

coded_enum! {
    /// What a person is asked to do.
    TaskKind {
        Call = "call",
        /// A step of the playbook that is done by one of us.
        Do = "do",
        /// A call that nobody made, asked for often enough: call, or say that it is not needed.
        DecideCall = "decide_call",
        /// Nobody can be reached: find a contact.
        FindContact = "find_contact",
        /// The ladder is at its end: decide what next.
        DecideNext = "decide_next",
        /// A letter may or may not have left: look it up.
        SettleUncertain = "settle_uncertain",
        /// Money came in that fits more than one place, or none.
        MatchMoney = "match_money",
        /// A letter could not be delivered.
        FailedLetter = "failed_letter",
        /// The buyer's country has several clocks, and nobody knows which one is theirs.
        FindZone = "find_zone",
        /// A question that the buyer was asked: its answer is to be seen to, or did not come.
        Question = "question",
        /// The buyer asked something, and waits for our words.
        Answer = "answer",
        /// Promise not kept, and the like.
        Follow = "follow",
        /// The buyer contests something: it is to be settled, by a refund, a replacement, a credit note or a return.
        SolveDispute = "solve_dispute",
        /// The buyer has promised often, or in vain: whether their word is still waited for.
        DecidePromise = "decide_promise",
    }
}
