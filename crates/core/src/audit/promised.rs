//! What of a promised sum is still to come, worked out from the lines of the ledger once more: only that keeps a debt from being
//! asked for, not what the buyer has paid of it.

use jiff::{ToSpan, civil::Date};

use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::{Promise, PromiseState};
use crate::money::Currency;
use crate::receivable::Obligor;
use crate::receivable::ledger::LedgerKind;

/// A payment on a debt, and what of it no promise for an earlier day has counted.
struct Payment<'a> {
    item: &'a ReceivableFacts,
    on: Date,
    left: i64,
}

/// Minor units that are still to come, for each promise in the order of the facts; 0 where no sum was named.
pub(super) fn still_to_come(facts: &DebtorFacts, margin_days: i32) -> Vec<i64> {
    let mut to_come: Vec<i64> = Vec::with_capacity(facts.promises.len());
    if facts.promises.is_empty() {
        return to_come;
    }
    to_come.extend(facts.promises.iter().map(|promise| promise.amount.map_or(0, |amount| amount.minor)));
    let mut payments = payments(facts);
    let mut by_day: Vec<(usize, &Promise)> = facts.promises.iter().enumerate().collect();
    by_day.sort_by_key(|(_, promise)| (promise.pay_on, promise.promised_on, promise.id));
    for (nth, promise) in by_day {
        let Some(amount) = promise.amount.filter(|_| promise.state != PromiseState::Withdrawn) else {
            continue;
        };
        let last = promise.pay_on.saturating_add(i64::from(margin_days).days());
        let was_there = |item: &ReceivableFacts| item.receivable.id.0 >> 80 <= promise.id.0 >> 80;
        // Of a debt that was entered later the buyer did not speak, unless there was no other.
        let spoke_of_some = facts.receivables.iter().any(|item| is_owed(item, amount.currency) && was_there(item));
        for payment in &mut payments {
            let item = payment.item;
            let is_about = match promise.receivable_id {
                Some(id) => id == item.receivable.id && item.receivable.amount.currency == amount.currency,
                None => is_owed(item, amount.currency) && (was_there(item) || !spoke_of_some),
            };
            if is_about && promise.promised_on <= payment.on && payment.on <= last {
                let counted = payment.left.min(to_come[nth]).max(0);
                payment.left -= counted;
                to_come[nth] -= counted;
            }
        }
    }
    to_come
}

/// What the buyer has to pay, in this currency.
fn is_owed(item: &ReceivableFacts, currency: Currency) -> bool {
    let receivable = &item.receivable;
    !receivable.closed && receivable.obligor == Obligor::Buyer && receivable.amount.currency == currency
}

/// What came in from the buyer and was not taken back, the earliest first.
fn payments(facts: &DebtorFacts) -> Vec<Payment<'_>> {
    let mut payments = Vec::new();
    for item in facts.receivables.iter().filter(|item| item.receivable.obligor == Obligor::Buyer) {
        for line in &item.entries {
            let is_gone = line.reverses.is_some() || item.entries.iter().any(|other| other.reverses == Some(line.id));
            if line.kind == LedgerKind::Allocation && !is_gone {
                payments.push(Payment { item, on: line.effective_on, left: line.amount.minor });
            }
        }
    }
    payments.sort_by_key(|payment| payment.on);
    payments
}
