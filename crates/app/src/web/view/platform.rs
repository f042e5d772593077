//! `GET /platform-debts`: what platforms owe for orders that their buyers paid.

use super::figures::{Amount, When};
use super::who::DebtorRef;

/// Which orders are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlatformTab {
    /// `open`, `late` or `all`.
    pub code: &'static str,
    pub href: String,
}

/// The sums in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlatformSum {
    pub orders: i64,
    pub expected: Amount,
    pub paid_out: Amount,
    pub kept: Amount,
    pub taken_back: Amount,
    pub open: Amount,
    /// Nothing: nothing is late, as far as it is known.
    pub late: Option<Amount>,
    pub late_orders: i64,
}

/// An order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlatformRow {
    pub number: String,
    pub href: String,
    pub debtor: DebtorRef,
    pub expected: Amount,
    pub paid_out: Amount,
    pub kept: Amount,
    pub taken_back: Amount,
    pub open: Amount,
    pub paid: Option<When>,
    pub completed: Option<When>,
    /// Last day of a payout in time, while something is open.
    pub usually_by: Option<When>,
    pub is_late: bool,
    /// Nothing is open any more.
    pub is_settled: bool,
}

/// The page. Query: `q`, `shown`, `after`.
#[derive(Debug, Clone, Default)]
pub struct PlatformDebts {
    pub search: String,
    /// Code of what is shown.
    pub shown: &'static str,
    pub tabs: Vec<PlatformTab>,
    pub sums: Vec<PlatformSum>,
    pub rows: Vec<PlatformRow>,
    /// Days that payouts usually take, and on how many of them that rests; `None`: too few.
    pub usual: Option<(u16, usize)>,
    /// Where the list goes on.
    pub later: Option<String>,
    /// Back to its first page; empty on that page.
    pub first: String,
}
