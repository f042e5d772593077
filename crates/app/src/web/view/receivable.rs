//! `GET /receivables/{number}`: why today, why not today, and everything that happened.

use super::cases::{CasePanel, Unpaid};
use super::debtor::{Pause, PauseForm};
use super::figures::{Age, Amount, When};
use super::pictures::Ladder;
use super::plan::PlanView;
use super::supply::RiskLine;
use super::tasks::OpenTask;
use super::timeline::Entry;
use super::who::DebtorRef;
use super::why::ReasonLine;

/// The page.
#[derive(Debug, Clone, Default)]
pub struct ReceivablePage {
    pub number: String,
    /// Invoice or order number as the buyer knows it.
    pub reference: String,
    pub milestone: String,
    pub debtor: DebtorRef,
    /// The order's number; empty when there is none.
    pub order: String,
    pub amount: Amount,
    /// By the buyer.
    pub outstanding: Amount,
    /// What the platform has yet to pay out; `None`: it does not owe.
    pub platform: Option<Amount>,
    pub due: Option<When>,
    pub age: Age,
    /// Code of the trigger, and the day it happened.
    pub trigger: String,
    /// Its clock begins with an event, not with a date of its own.
    pub awaits: bool,
    /// Its due date is ours to correct: not that of a plan, nor of a marketplace.
    pub can_set_due: bool,
    pub triggered: Option<When>,
    /// Days from the trigger to the due date.
    pub term_days: i32,
    /// Code of the plan's verdict: `letter`, `task`, `approval`, `wait`, `closed`.
    pub verdict: String,
    /// The decision in one sentence: "Not today: promise of USD 12,430.00 until 12 March."
    pub verdict_sentence: String,
    pub reasons: Vec<ReasonLine>,
    /// When it will be looked at again.
    pub next_look: Option<When>,
    /// "Open account, version 3f9a1c04b2d7".
    pub playbook: String,
    /// "Came in on level 2, because it was 40 days late"; empty unless it came in so.
    pub entry: String,
    /// Days of the order that are known, in the order of the list of kinds.
    pub days: Vec<DayRow>,
    pub ladder: Option<Ladder>,
    pub ledger: Vec<LedgerLine>,
    pub pauses: Vec<Pause>,
    /// Open work about it.
    pub tasks: Vec<OpenTask>,
    pub timeline: Vec<Entry>,
    pub form: PauseForm,
    pub unpaid: Unpaid,
    pub case: Option<CasePanel>,
    /// The plan of instalments that stands in its place, or that it is a part of.
    pub plan: Option<PlanView>,
    /// Instalments could be agreed in its place.
    pub can_plan: bool,
    /// A rest that may be bank charges: somebody decides.
    pub charges: Option<Amount>,
    /// It is paid through a letter of credit, so that a bank may find discrepancies.
    pub under_credit: bool,
    /// Nobody is pressed for that rest until this day; without it, it is asked for like everything else.
    pub charges_rest: Option<When>,
    /// Something is open that could be credited or written off.
    pub can_lower: bool,
    /// Why its order waits although nothing is wrong with it: another debt of the buyer.
    pub held_back: Option<String>,
    /// What its order warns of.
    pub risks: Vec<RiskLine>,
}

impl ReceivablePage {
    /// Where the forms of this receivable post to: `{base}/hold`, `{base}/promise`, `{base}/dispute`, `{base}/credit`, `{base}/write-off`,
    /// `{base}/days`.
    pub fn base(&self) -> String {
        format!("/receivables/{}", self.number)
    }
}

/// A day of the order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayRow {
    /// Code of the kind: `arrival`.
    pub kind: &'static str,
    pub day: When,
}

/// One line of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerLine {
    pub when: When,
    /// Code of the ledger kind, `opening` for the first line, `reversal` for one that takes another back.
    pub kind: String,
    /// Signed as it changes what is open: `−6,000.00`.
    pub change: Amount,
    pub outstanding: Amount,
    /// Payment number and payer, credit note, reason.
    pub note: String,
    /// Where "take it back" posts to: the last credit and the last write-off that stand.
    pub undo_action: Option<String>,
}
