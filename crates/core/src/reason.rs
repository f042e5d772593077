//! Reasons: why something happens, and why nothing does. Each has a stable code, the facts behind it, and a
//! sentence in every interface language (`locales/*/reasons.ftl`, read by [`crate::explain`]).

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::receivable::coded_enum;

coded_enum! {
    /// Why. The code's first word says which kind of reason it is: a gate, a step, a contact rule, a case state.
    ReasonCode {
        GatePaid = "gate.paid",
        /// What banks on the way kept of the payment was written off.
        GatePaidLessCharges = "gate.paid_less_charges",
        GateWrittenOff = "gate.written_off",
        GateClosed = "gate.closed",
        GateHold = "gate.hold",
        GateDispute = "gate.dispute",
        GateDisputePart = "gate.dispute_part",
        GatePromise = "gate.promise",
        GatePromisePart = "gate.promise_part",
        /// Its day is over, and the statements do not tell of it yet.
        GatePromiseUnread = "gate.promise_unread",
        GateUnmatchedMoney = "gate.unmatched_money",
        GateStaleFacts = "gate.stale_facts",
        /// Money may have come in the time that a restore lost, and no statement has told of it yet.
        GateLostStatements = "gate.lost_statements",
        GateObjection = "gate.objection",
        /// Its address is on the list of those that may not be used.
        GateSuppressed = "gate.suppressed",
        GateBlacklist = "gate.blacklist",
        GatePlatformOwes = "gate.platform_owes",
        /// Ours to make good first.
        GateSellerFault = "gate.seller_fault",
        /// The buyer says it is paid.
        GateInTransit = "gate.in_transit",
        /// Nothing is offered within a chase or a dispute.
        GateNoOffers = "gate.no_offers",
        /// It has not left, or has no tracking number.
        GateNotShipped = "gate.not_shipped",
        PassPaid = "pass.paid",
        PassHold = "pass.hold",
        PassDispute = "pass.dispute",
        PassPromise = "pass.promise",
        PassUnmatchedMoney = "pass.unmatched_money",
        PassStaleFacts = "pass.stale_facts",
        /// No bank statement was ever read: nothing says how fresh the books are.
        PassNoStatements = "pass.no_statements",
        PassObjection = "pass.objection",
        PassBlacklist = "pass.blacklist",
        CaseAwaitsTrigger = "case.awaits_trigger",
        CaseLetterWaiting = "case.letter_waiting",
        CaseLetterUncertain = "case.letter_uncertain",
        CaseLetterToPaste = "case.letter_to_paste",
        CaseApprovalWaiting = "case.approval_waiting",
        CaseTaskWaiting = "case.task_waiting",
        /// What is due is decided at the next look, which has not come.
        CaseRests = "case.rests",
        CaseNoPlaybook = "case.no_playbook",
        CaseLadderDone = "case.ladder_done",
        CaseHandedOver = "case.handed_over",
        CasePlanAgreed = "case.plan_agreed",
        /// The audit does not pass the plan of the debtor: nothing of it is carried out.
        CaseRefused = "case.refused",
        RouteTaken = "route.taken",
        RouteFits = "route.fits",
        RouteDone = "route.done",
        CasePlaybook = "case.playbook",
        /// How an order stands.
        OrderStanding = "order.standing",
        ParcelStanding = "order.parcel",
        /// It has ended, and nothing is left to tell.
        OrderDone = "order.done",
        StepDue = "step.due",
        /// Of an order or a parcel, which is late for nothing.
        StepOrderDue = "step.order_due",
        StepNext = "step.next",
        StepMissedCollapsed = "step.missed_collapsed",
        StepConditionFalse = "step.condition_false",
        StepConditionUnreadable = "step.condition_unreadable",
        StepSevere = "step.severe",
        StepTwoPersons = "step.two_persons",
        StepReview = "step.review",
        /// Too little is owed for its level.
        StepBelowMinimum = "step.below_minimum",
        /// Its call was asked for and nobody made it.
        StepNotCalled = "step.not_called",
        ContactGap = "contact.gap",
        /// Another letter or call is under way, or goes first; nobody may have been contacted yet.
        ContactGapPlanned = "contact.gap_planned",
        ContactCeiling = "contact.ceiling",
        /// It answers what the buyer wrote: the gap does not hold it.
        ContactAnswers = "contact.answers",
        ContactWindow = "contact.window",
        /// A public holiday where the buyer is.
        ContactHoliday = "contact.holiday",
        /// A day on which this buyer in particular is closed.
        ContactClosed = "contact.closed",
        ContactZoneUnknown = "contact.zone_unknown",
        ContactRoleChosen = "contact.role_chosen",
        ContactFellThrough = "contact.fell_through",
        ContactNobody = "contact.nobody",
        /// A call on the desk that gap or ceiling do not allow now.
        CallTooSoon = "contact.call_too_soon",
        /// A call on the desk outside the buyer's hours.
        CallOutsideHours = "contact.call_outside_hours",
        LetterConsolidated = "letter.consolidated",
        /// It goes beside the step's own letter.
        LetterBeside = "letter.beside",
        /// What should go beside it finds nobody to go to.
        LetterBesideNobody = "letter.beside_nobody",
        LetterLanguageFallback = "letter.language_fallback",
        /// It may have left already, between the backup and the restore.
        LetterAfterRestore = "letter.after_restore",
        /// Every letter waits for a look, which was asked for after this one was written.
        LetterLookAsked = "letter.look_asked",
        CancelledStopped = "cancelled.stopped",
        CancelledMerged = "cancelled.merged",
        CancelledSeparated = "cancelled.separated",
        CancelledChanged = "cancelled.changed",
        /// It became known why it is unpaid, and the letter belongs to another way.
        CancelledWhyChanged = "cancelled.why_changed",
        /// Its step is sent only until a time that has passed.
        CancelledTooLate = "cancelled.too_late",
        /// It waited for a yes for too long.
        CancelledLapsed = "cancelled.lapsed",
        /// A day that its step counts from was corrected, and has not come.
        CancelledDayMoved = "cancelled.day_moved",
        /// Too little is owed by now for its level of warning.
        CancelledTooLittle = "cancelled.too_little",
        CancelledStale = "cancelled.stale",
        /// An earlier one about the same debt was wrong, and is put right first.
        CancelledRepaired = "cancelled.repaired",
        /// It puts a wrong letter right.
        LetterRepairs = "letter.repairs",
        /// A person asks the buyer something.
        LetterAsks = "letter.asks",
        /// What it asks was settled before it left.
        CancelledAnswered = "cancelled.answered",
        /// The order or the parcel is further than what it says.
        CancelledMovedOn = "cancelled.moved_on",
    }
}

impl ReasonCode {
    /// Whether a case may rest because of it: what a silence is counted and told by.
    pub fn is_silence(self) -> bool {
        self.code().starts_with("gate.")
            || matches!(
                self,
                Self::ContactGap
                    | Self::ContactGapPlanned
                    | Self::ContactCeiling
                    | Self::ContactNobody
                    | Self::CaseNoPlaybook
                    | Self::CaseLadderDone
                    | Self::StepConditionUnreadable
            )
    }
}

/// A value behind a reason, formatted for the reader's language when shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    Text(String),
    Number(i64),
    Money(Money),
    Date(Date),
    Instant(Timestamp),
}

/// One reason with its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub code: ReasonCode,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<(Cow<'static, str>, FactValue)>,
}

impl Reason {
    pub const fn new(code: ReasonCode) -> Self {
        Self { code, facts: Vec::new() }
    }

    pub fn text(self, name: &'static str, value: impl Into<String>) -> Self {
        self.with(name, FactValue::Text(value.into()))
    }

    pub fn number(self, name: &'static str, value: impl Into<i64>) -> Self {
        self.with(name, FactValue::Number(value.into()))
    }

    pub fn money(self, name: &'static str, value: Money) -> Self {
        self.with(name, FactValue::Money(value))
    }

    pub fn date(self, name: &'static str, value: Date) -> Self {
        self.with(name, FactValue::Date(value))
    }

    pub fn instant(self, name: &'static str, value: Timestamp) -> Self {
        self.with(name, FactValue::Instant(value))
    }

    fn with(mut self, name: &'static str, value: FactValue) -> Self {
        self.facts.push((Cow::Borrowed(name), value));
        self
    }
}
