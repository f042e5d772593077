//! What a debtor owes in each currency, less the money of theirs that has no place yet: the least amounts of warning levels
//! are tested against it, not against one receivable.

use super::World;
use crate::facts::DebtorFacts;
use crate::money::{Currency, Money, MoneyError};
use crate::receivable::Obligor;

/// Overdue and open of one debtor, by currency, in minor units.
pub struct Accounts {
    sums: Vec<(Currency, i64, i64)>,
    /// Currencies in which money waits for its place.
    reduced: Vec<Currency>,
}

impl Accounts {
    /// Adds up what is the buyer's to pay, less what may be in already. Nothing is added up where no playbook asks.
    pub fn of_debtor(facts: &DebtorFacts, world: &World<'_>) -> Result<Self, MoneyError> {
        let mut accounts = Self { sums: Vec::new(), reduced: Vec::new() };
        if !world.playbooks.have_minimums() {
            return Ok(accounts);
        }
        for item in &facts.receivables {
            let receivable = &item.receivable;
            if receivable.closed || receivable.obligor != Obligor::Buyer {
                continue;
            }
            let open = item.outstanding()?;
            // A marketplace order has no due date: what is placed is to be paid.
            let is_late = receivable.due_on.map_or(receivable.placed_at.is_some(), |due| due < world.today);
            let overdue = if is_late { open.minor } else { 0 };
            match accounts.sums.iter_mut().find(|(currency, ..)| *currency == open.currency) {
                Some((_, late, all)) => {
                    *late = late.checked_add(overdue).ok_or(MoneyError::Overflow)?;
                    *all = all.checked_add(open.minor).ok_or(MoneyError::Overflow)?;
                }
                None => accounts.sums.push((open.currency, overdue, open.minor)),
            }
        }
        for money in &facts.unmatched {
            accounts.take_off(money.left);
        }
        Ok(accounts)
    }

    /// A credit that has no place yet would settle what is overdue first. In another currency it says nothing of these sums.
    fn take_off(&mut self, credit: Money) {
        let mut sums = self.sums.iter_mut();
        let Some((_, late, all)) = sums.find(|(currency, ..)| *currency == credit.currency && credit.is_positive())
        else {
            return;
        };
        *late = late.saturating_sub(credit.minor).max(0);
        *all = all.saturating_sub(credit.minor).max(0);
        self.reduced.push(credit.currency);
    }

    /// Whether anything was taken off what is owed in a currency.
    pub fn is_reduced(&self, currency: Currency) -> bool {
        self.reduced.contains(&currency)
    }

    /// Overdue and open.
    pub fn of(&self, currency: Currency) -> (i64, i64) {
        self.sums.iter().find(|(known, ..)| *known == currency).map_or((0, 0), |(_, late, all)| (*late, *all))
    }
}
