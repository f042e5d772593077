//! `GET /debtors`: who owes, most overdue first.

use super::figures::{Age, Amount, RoughTotal};
use super::who::DebtorRef;
use crate::web::words::Words;

/// The page. Query: `q` (name or number), `sort` (`overdue`, `open`, `name`), `supply` (`stopped`), `page`.
#[derive(Debug, Clone, Default)]
pub struct Debtors {
    pub search: String,
    /// Only those who get no new goods although orders wait.
    pub only_stopped: bool,
    /// Code of the order in use.
    pub sort: String,
    pub rows: Vec<DebtorRow>,
    /// All that fit the search, not only this page.
    pub found: u32,
    /// Totals of what was found, per currency.
    pub totals: Vec<DebtorTotal>,
    pub rough_total: Option<RoughTotal>,
    /// What platforms owe beside it, per currency; empty when something is searched for.
    pub platforms: Vec<Amount>,
    pub pager: Pager,
}

/// Open and overdue in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DebtorTotal {
    pub open: Amount,
    pub overdue: Amount,
}

/// One debtor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DebtorRow {
    pub debtor: DebtorRef,
    /// Per currency, largest first.
    pub open: Vec<Amount>,
    /// Per currency; empty when nothing is overdue.
    pub overdue: Vec<Amount>,
    /// Of the oldest open receivable.
    pub age: Age,
    /// "Second reminder, Mon 9 Mar"; empty when nothing is planned.
    pub next: String,
    /// Why, in one short sentence.
    pub reason: String,
    /// Code of the reason why the oldest open receivable is unpaid, where it is known.
    pub why: Option<String>,
}

/// Where one is in a long list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    /// Of this page's rows, counted from 1; 0 when there are none.
    pub first: u32,
    pub last: u32,
    pub total: u32,
    pub earlier: Option<String>,
    pub later: Option<String>,
}

impl Pager {
    /// "1–50 of 340".
    pub fn range(&self, words: &Words) -> String {
        let values = [("first", self.first.into()), ("last", self.last.into()), ("total", self.total.into())];
        words.t_with("pager-range", &values)
    }
}
