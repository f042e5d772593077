//! The ledger: the one place that computes what is outstanding (invariant 3).
//!
//! Lines are appended and never changed; a correction is a new line. Everything that quotes an amount — letters,
//! pages, JSON, audit — gets it from [`outstanding`].

use jiff::civil::Date;

use super::coded_enum;
use crate::ids::{LedgerEntryId, PaymentId, ReceivableId};
use crate::money::{Money, MoneyError};

coded_enum! {
    /// What a ledger line does to a receivable.
    LedgerKind {
        /// Part of a payment given to the receivable.
        Allocation = "allocation",
        /// A credit note or price reduction.
        Credit = "credit",
        /// Given up.
        WriteOff = "write_off",
    }
}

/// One appended line. `amount` lowers what is outstanding; a reversal carries the negative of its original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    pub id: LedgerEntryId,
    pub receivable_id: ReceivableId,
    pub kind: LedgerKind,
    /// In the receivable's currency.
    pub amount: Money,
    /// For allocations: whose money, how much of it in the payment's own currency, and the decimal rate used.
    pub payment: Option<AllocatedFrom>,
    /// The line that this one takes back.
    pub reverses: Option<LedgerEntryId>,
    pub effective_on: Date,
    pub note: String,
}

/// The payment side of an allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllocatedFrom {
    pub payment_id: PaymentId,
    pub amount: Money,
    /// Receivable currency per unit of payment currency, decimal text; `1` when they are the same.
    pub rate: String,
}

/// Why a line may not be appended. Nothing is changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerRefusal {
    #[error("{asked} is more than the {open} still outstanding on {number}")]
    MoreThanOutstanding { number: String, asked: Money, open: Money },
    #[error("{asked} is more than the {left} left of the payment")]
    MoreThanPayment { asked: Money, left: Money },
    #[error("the amount must be above zero, not {0}")]
    NotPositive(Money),
    #[error("the line is in {0}, the receivable in {1}")]
    WrongCurrency(&'static str, &'static str),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What is still owed: amount less allocations, credits and write-offs. Never below zero if every line went
/// through [`check_append`].
pub fn outstanding<'a>(amount: Money, entries: impl IntoIterator<Item = &'a LedgerEntry>) -> Result<Money, MoneyError> {
    let mut open = amount;
    for entry in entries {
        let taken = Money::new(entry.amount.minor.checked_neg().ok_or(MoneyError::Overflow)?, entry.amount.currency);
        open = open.checked_add(taken)?;
    }
    Ok(open)
}

/// What is left of a payment after the allocations made from it.
pub fn unallocated<'a>(
    payment_id: PaymentId,
    received: Money,
    entries: impl IntoIterator<Item = &'a LedgerEntry>,
) -> Result<Money, MoneyError> {
    let mut left = received;
    for entry in entries {
        if let Some(from) = entry.payment.as_ref().filter(|from| from.payment_id == payment_id) {
            let taken = from.amount.minor.checked_neg().ok_or(MoneyError::Overflow)?;
            left = left.checked_add(Money::new(taken, from.amount.currency))?;
        }
    }
    Ok(left)
}

/// The last line of a kind that is not taken back: the one that a person means by "take the credit back". `entries`
/// are in the order in which they were appended.
pub fn last_standing(entries: &[LedgerEntry], kind: LedgerKind) -> Option<&LedgerEntry> {
    let taken_back = |id| entries.iter().any(|entry| entry.reverses == Some(id));
    entries.iter().rev().find(|entry| entry.kind == kind && entry.reverses.is_none() && !taken_back(entry.id))
}

/// Whether a new line may be appended to a receivable whose other lines are `existing`; `payment_left` is what
/// the payment still has, for allocations.
pub fn check_append(
    number: &str,
    amount: Money,
    existing: &[LedgerEntry],
    new: &LedgerEntry,
    payment_left: Option<Money>,
) -> Result<(), LedgerRefusal> {
    if new.amount.currency != amount.currency {
        return Err(LedgerRefusal::WrongCurrency(new.amount.currency.code(), amount.currency.code()));
    }
    if new.reverses.is_some() {
        return check_reversal(amount, existing, new);
    }
    if new.amount.minor <= 0 {
        return Err(LedgerRefusal::NotPositive(new.amount));
    }
    let open = outstanding(amount, existing)?;
    if new.amount.minor > open.minor {
        return Err(LedgerRefusal::MoreThanOutstanding { number: number.to_string(), asked: new.amount, open });
    }
    if let (Some(from), Some(left)) = (&new.payment, payment_left) {
        if from.amount.minor <= 0 {
            return Err(LedgerRefusal::NotPositive(from.amount));
        }
        if from.amount.minor > left.minor {
            return Err(LedgerRefusal::MoreThanPayment { asked: from.amount, left });
        }
    }
    Ok(())
}

fn check_reversal(amount: Money, existing: &[LedgerEntry], new: &LedgerEntry) -> Result<(), LedgerRefusal> {
    // Only an original is taken back: a reversal of a reversal would bring money back that a later line has used.
    let original = existing.iter().find(|entry| Some(entry.id) == new.reverses && entry.reverses.is_none());
    let already = existing.iter().any(|entry| entry.reverses == new.reverses);
    match original {
        Some(entry) if !already && entry.amount.minor == -new.amount.minor => Ok(()),
        _ => {
            let open = outstanding(amount, existing)?;
            Err(LedgerRefusal::MoreThanOutstanding { number: String::new(), asked: new.amount, open })
        }
    }
}
