//! The statement being read: what is known of it so far.

use super::head::{TypedBalance, choose, currency_of};
use crate::model::{Balance, StatementHead, disagreement};
use jiff::civil::Date;
use rust_decimal::Decimal;

#[derive(Default)]
pub(super) struct Open {
    pub head: StatementHead,
    pub id: Option<String>,
    pub made_on: Option<Date>,
    /// Electronic and legal sequence number.
    pub numbers: [Option<String>; 2],
    pub balances: Vec<TypedBalance>,
    pub line: u32,
    pub started: bool,
    pub closing: Option<Balance>,
    /// Booked entries in the statement's currency.
    pub sum: Decimal,
    /// An entry was refused or is in another currency, so the balances cannot agree.
    pub incomplete: bool,
}

impl Open {
    /// Settles the head from what came before the first entry; balances stand there in every version. False
    /// when that was done already.
    pub(super) fn start(&mut self, first_currency: &str) -> bool {
        if self.started {
            return false;
        }
        self.started = true;
        if self.head.currency.is_empty() {
            self.head.currency = currency_of(&self.balances).unwrap_or(first_currency).to_owned();
        }
        (self.head.opening, self.closing) = choose(&self.balances, &self.head.currency);
        let [electronic, legal] = std::mem::take(&mut self.numbers);
        self.head.number = electronic.or(legal).or(self.id.take());
        true
    }

    /// A booked balance that cannot be this statement's, with its amount.
    pub(super) fn foreign_balance(&self) -> Option<(String, String)> {
        let own = &self.head.currency;
        let foreign = |b: &&TypedBalance| b.currency != *own && matches!(b.code.as_str(), "OPBD" | "CLBD");
        let found = self.balances.iter().find(foreign)?;
        let what = format!("a balance in {} on a statement in {own}: not read", found.currency);
        Some((what, found.balance.amount.to_string()))
    }

    pub(super) fn balance_problem(&self) -> Option<String> {
        let (opening, closing) = self.head.opening.zip(self.closing).filter(|_| !self.incomplete)?;
        disagreement(opening, self.sum, closing)
    }
}
