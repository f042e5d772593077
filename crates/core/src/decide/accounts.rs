//! What a debtor owes in each currency: the least amounts of warning levels are tested against it, not against one
//! receivable.

use super::World;
use crate::facts::DebtorFacts;
use crate::money::{Currency, MoneyError};
use crate::receivable::Obligor;

/// Overdue and open of one debtor, by currency, in minor units.
pub struct Accounts(Vec<(Currency, i64, i64)>);

impl Accounts {
    /// Adds up what is the buyer's to pay. Nothing is added up where no playbook asks.
    pub fn of_debtor(facts: &DebtorFacts, world: &World<'_>) -> Result<Self, MoneyError> {
        let mut accounts = Self(Vec::new());
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
            match accounts.0.iter_mut().find(|(currency, ..)| *currency == open.currency) {
                Some((_, late, all)) => {
                    *late = late.checked_add(overdue).ok_or(MoneyError::Overflow)?;
                    *all = all.checked_add(open.minor).ok_or(MoneyError::Overflow)?;
                }
                None => accounts.0.push((open.currency, overdue, open.minor)),
            }
        }
        Ok(accounts)
    }

    /// Overdue and open.
    pub fn of(&self, currency: Currency) -> (i64, i64) {
        self.0.iter().find(|(known, ..)| *known == currency).map_or((0, 0), |(_, late, all)| (*late, *all))
    }
}
