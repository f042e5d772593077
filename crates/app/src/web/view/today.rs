//! `GET /today`: what needs a person now.

use super::figures::{Age, Amount, Clock, When};
use super::letter::{AskedLine, LetterSheet, LetterText};
use super::notices::{Calm, Notice};
use super::supply::StopLine;
use super::who::{ContactRow, DebtorRef, Facts};
use super::why::ReasonLine;

/// The page.
#[derive(Debug, Clone, Default)]
pub struct Today {
    /// What everybody should know, above everything else.
    pub notices: Vec<Notice>,
    /// Who gets no new goods although orders wait.
    pub stops: Option<StopLine>,
    /// Why the queue is empty.
    pub calm: Calm,
    /// Decide, Talk, Check; groups without rows are left out.
    pub groups: Vec<QueueGroup>,
    pub runs_by_itself: RunsByItself,
    /// The item in the middle; the first of the queue unless `?item=` names another, `None` when all is done.
    pub item: Option<Item>,
    /// `?item=` named it: a phone then shows the item, otherwise the queue.
    pub is_item_chosen: bool,
    /// Said when the queue is empty.
    pub tomorrow: Forecast,
}

impl Today {
    pub fn count(&self) -> usize {
        self.groups.iter().map(|group| group.rows.len()).sum()
    }
}

/// What goes out without anybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunsByItself {
    pub letters: u32,
    /// "see them": `/letters?state=queued`.
    pub href: String,
}

/// The kinds of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Approvals and reviews.
    Decide,
    /// Calls, answers, follow-ups.
    Talk,
    /// Unmatched money, uncertain letters, doubts.
    Check,
}

impl Group {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Talk => "talk",
            Self::Check => "check",
        }
    }
}

/// One group, in money-at-risk order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueGroup {
    pub group: Group,
    pub rows: Vec<QueueRow>,
}

/// One row of the queue; links to `/today?item={key}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueRow {
    /// `letter-L-0012`, `task-T-0007`, `payment-P-0031`.
    pub key: String,
    pub is_selected: bool,
    /// The debtor's name, or the payer's as the bank writes it.
    pub name: String,
    /// ISO 3166; empty when unknown.
    pub country: String,
    pub clock: Option<Clock>,
    pub amount: Amount,
    pub age: Option<Age>,
    /// What is proposed, in two or three words: "Second reminder", "Call", "Match money".
    pub verb: String,
    /// Why, in one short sentence.
    pub reason: String,
}

/// The selected item.
#[derive(Debug, Clone)]
pub struct Item {
    pub key: String,
    pub group: Group,
    /// "Second reminder to Rossi Srl".
    pub heading: String,
    /// "USD 12,430.00, 9 days late, promised 2 March, not received."
    pub sentence: String,
    pub reasons: Vec<ReasonLine>,
    /// Hidden `next` of every form: the page with the next item, `/today?item=…` or `/today`.
    pub next: String,
    pub work: Work,
    /// `None` when the item belongs to no known debtor (unmatched money).
    pub facts: Option<Facts>,
}

/// What the person is asked to do.
#[derive(Debug, Clone)]
pub enum Work {
    /// Say yes or no to a letter.
    Approve(ApproveWork),
    /// A letter may or may not have left.
    Settle(SettleWork),
    /// A message for a chat that the program may not write to.
    Paste(LetterSheet),
    /// A call or another task.
    Task(Box<TaskWork>),
    /// Money whose place is not known.
    Match(MatchWork),
}

/// A letter that waits for a yes.
#[derive(Debug, Clone, Default)]
pub struct ApproveWork {
    pub sheet: LetterSheet,
    /// A severe step: the page says so and that the approval is recorded with a name.
    pub severe: bool,
}

/// An uncertain letter.
#[derive(Debug, Clone, Default)]
pub struct SettleWork {
    pub sheet: LetterSheet,
    pub tried: When,
    /// What the channel said last: "connection lost after DATA".
    pub what_is_known: String,
    pub message_id: Option<String>,
}

/// A task.
#[derive(Debug, Clone, Default)]
pub struct TaskWork {
    /// `T-0007`.
    pub number: String,
    /// Code of the task kind.
    pub kind: String,
    pub contact: Option<ContactRow>,
    /// How work of our own is done.
    pub instructions: Option<LetterText>,
    /// What to say, in their language and in ours.
    pub script: Option<LetterText>,
    pub script_mine: Option<LetterText>,
    pub lines: Vec<AskedLine>,
    /// Page of the talk in which the buyer asked.
    pub asked_in: Option<String>,
    /// Number and page of the order that it is about.
    pub order: Option<(String, String)>,
    /// The receivable on whose page it is decided: a rest that may be bank charges.
    pub decided_at: Option<String>,
    /// The debtor on whose page the clock is set.
    pub clock_at: Option<String>,
    /// The debtor who gets a contact here, and what the form begins with.
    pub contact_at: Option<(String, ContactRow)>,
    pub snooze: SnoozeDays,
}

/// Days for "snooze", ISO: shortcuts and the earliest that the date field takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SnoozeDays {
    /// Tomorrow; also the smallest allowed.
    pub tomorrow: When,
    pub next_monday: When,
    pub in_a_week: When,
}

/// A payment without a place, with proposals.
#[derive(Debug, Clone, Default)]
pub struct MatchWork {
    pub payment: UnmatchedPayment,
}

/// Money that came in and fits more than one place, or none. Also a row of `/money`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnmatchedPayment {
    /// `P-0031`.
    pub number: String,
    pub received: When,
    /// As the bank writes it.
    pub payer: String,
    /// Remittance text.
    pub text: String,
    /// Which account of ours and which statement line.
    pub account: String,
    pub amount: Amount,
    /// What is not yet allocated.
    pub left: Amount,
    pub candidates: Vec<Candidate>,
    /// Part of it has its place: what is left came on top of what was owed there.
    pub is_rest: bool,
    /// Several receivables that its text names and that make its amount together.
    pub together: Vec<Candidate>,
}

impl UnmatchedPayment {
    /// The places to look at first: what fits exactly, else a few.
    pub fn near(&self) -> &[Candidate] {
        &self.candidates[..self.near_count()]
    }

    /// The others, behind a fold.
    pub fn far(&self) -> &[Candidate] {
        &self.candidates[self.near_count()..]
    }

    /// "R-1042,R-1043", for the form that places all of them.
    pub fn together_numbers(&self) -> String {
        let numbers: Vec<&str> = self.together.iter().map(|candidate| candidate.receivable.as_str()).collect();
        numbers.join(",")
    }

    fn near_count(&self) -> usize {
        let most = if self.candidates.first().is_some_and(|first| first.is_likely) { 1 } else { 3 };
        most.min(self.candidates.len())
    }
}

/// Where a payment may belong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidate {
    pub debtor: DebtorRef,
    /// `R-1042`.
    pub receivable: String,
    pub reference: String,
    pub milestone: String,
    pub outstanding: Amount,
    pub age: Age,
    /// What would be allocated; `None` when it is owed in another currency than the payment's, so that a person must say
    /// how much the payment settles.
    pub proposed: Option<Amount>,
    /// Why it is proposed: "same amount", "number in the text".
    pub signs: Vec<String>,
    /// The best of the list.
    pub is_likely: bool,
    /// What would stay open and may be bank charges.
    pub charges: Option<Amount>,
    /// The payer's name is not the debtor's.
    pub other_payer: bool,
}

/// What tomorrow brings, for the empty queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast {
    pub day: When,
    pub letters: u32,
    pub tasks: u32,
    /// Promised or due tomorrow, per currency.
    pub expected: Vec<Amount>,
}
