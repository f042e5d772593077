//! `GET /orders`: what was sold, and where its money is.

use super::debtors::Pager;
use super::figures::{Age, Amount, When};
use super::who::DebtorRef;

/// The page. Query: `q`, `source`, `page`.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    pub search: String,
    /// Code of the source shown; empty for all.
    pub source: String,
    /// Code of the trigger whose day is missing; empty for all orders.
    pub awaits: String,
    /// Codes of the sources that exist: `direct`, `aliexpress` …
    pub sources: Vec<String>,
    pub rows: Vec<OrderRow>,
    pub pager: Pager,
}

/// One order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderRow {
    /// Its page.
    pub href: String,
    pub number: String,
    /// Code of the source.
    pub source: String,
    pub debtor: DebtorRef,
    pub placed: Option<When>,
    pub amount: Amount,
    pub outstanding: Amount,
    /// `paid`, `part`, `late`, `due`, `waiting`, `closed`.
    pub money_state: String,
    pub milestones: Vec<MilestoneMark>,
    /// Its goods wait, because supply of the buyer is stopped.
    pub is_held_back: bool,
    /// How many things it warns of.
    pub risks: usize,
}

/// One receivable of an order, as a small mark; links to `/receivables/{number}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MilestoneMark {
    pub number: String,
    pub milestone: String,
    pub outstanding: Amount,
    pub age: Age,
    /// As [`OrderRow::money_state`].
    pub money_state: String,
}
