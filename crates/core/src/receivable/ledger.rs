//! The ledger: the one place that computes what is outstanding (invariant 3).
//!
//! Lines are appended and never changed; a correction is a new line. Everything that quotes an amount — letters,
//! pages, JSON, audit — gets it from [`outstanding`]. How much of a payment goes to a receivable, also in another
//! currency, is settled in [`super::share`] before a line is made of it.

use jiff::civil::Date;

use super::coded_enum;
use super::share::Share;
use crate::ids::{LedgerEntryId, PaymentId, ReceivableId};
use crate::money::{Decimal, Money, MoneyError};

coded_enum! {
    /// What a ledger line does to a receivable.
    LedgerKind {
        /// Part of a payment given to the receivable.
        Allocation = "allocation",
        /// A credit note or price reduction.
        Credit = "credit",
        /// Given up.
        WriteOff = "write_off",
        /// Owed by instalments from now on, which are receivables of their own.
        Moved = "moved",
        /// Kept by the platform out of what it pays out.
        Fee = "fee",
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
    /// Receivable currency per unit of payment currency: [`Share::rate`] of the two amounts, one when they are in the
    /// same currency.
    pub rate: Decimal,
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
    #[error(
        "the payment is in {pays} and {number} in {owes}: say how much of the {open} still outstanding it settles, with \
         `--settles {}` for all of it, or in the field on the page",
        .open.decimal()
    )]
    SettlesUnknown { number: String, pays: &'static str, owes: &'static str, open: Money },
    #[error("{uses} cannot settle {settles}: in one currency the two are the same amount")]
    TwoAmounts { uses: Money, settles: Money },
    #[error("{settles} of {uses} is not at {rate}")]
    WrongRate { uses: Money, settles: Money, rate: Decimal },
    #[error("the line takes back no line of {0} that stands, with all its amounts")]
    NoReversal(String),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl AllocatedFrom {
    /// The payment side of a share.
    pub fn new(payment_id: PaymentId, share: Share) -> Result<Self, LedgerRefusal> {
        Ok(Self { payment_id, amount: share.uses, rate: share.rate()? })
    }
}

impl LedgerEntry {
    /// The amounts of the line that takes this one back, in both currencies.
    pub fn taken_back(&self) -> Result<(Money, Option<AllocatedFrom>), MoneyError> {
        let back = |from: &AllocatedFrom| Ok(AllocatedFrom { amount: from.amount.checked_neg()?, ..from.clone() });
        Ok((self.amount.checked_neg()?, self.payment.as_ref().map(back).transpose()?))
    }
}

/// What is still owed: amount less allocations, credits, write-offs and fees. Never below zero if every line went
/// through [`check_append`].
pub fn outstanding<'a>(amount: Money, entries: impl IntoIterator<Item = &'a LedgerEntry>) -> Result<Money, MoneyError> {
    let mut open = amount;
    for entry in entries {
        open = open.checked_add(entry.amount.checked_neg()?)?;
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
            left = left.checked_add(from.amount.checked_neg()?)?;
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
        return check_reversal(number, existing, new);
    }
    if new.amount.minor <= 0 {
        return Err(LedgerRefusal::NotPositive(new.amount));
    }
    let open = outstanding(amount, existing)?;
    if new.amount.minor > open.minor {
        return Err(LedgerRefusal::MoreThanOutstanding { number: number.to_string(), asked: new.amount, open });
    }
    if let (Some(from), Some(left)) = (&new.payment, payment_left) {
        check_payment_side(from, new.amount, left)?;
    }
    Ok(())
}

/// The payment has what is taken from it, and the rate is that of the two amounts.
fn check_payment_side(from: &AllocatedFrom, settles: Money, left: Money) -> Result<(), LedgerRefusal> {
    let uses = from.amount;
    if uses.currency != left.currency {
        return Err(MoneyError::Mixed(uses.currency.code(), left.currency.code()).into());
    }
    if uses.minor <= 0 {
        return Err(LedgerRefusal::NotPositive(uses));
    }
    if uses.minor > left.minor {
        return Err(LedgerRefusal::MoreThanPayment { asked: uses, left });
    }
    if (Share { uses, settles }).rate()? != from.rate {
        return Err(LedgerRefusal::WrongRate { uses, settles, rate: from.rate });
    }
    Ok(())
}

fn check_reversal(number: &str, existing: &[LedgerEntry], new: &LedgerEntry) -> Result<(), LedgerRefusal> {
    // Only an original is taken back: a reversal of a reversal would bring money back that a later line has used.
    let original = existing.iter().find(|entry| Some(entry.id) == new.reverses && entry.reverses.is_none());
    let already = existing.iter().any(|entry| entry.reverses == new.reverses);
    let Some(original) = original.filter(|entry| !already && entry.kind == new.kind) else {
        return Err(LedgerRefusal::NoReversal(number.to_string()));
    };
    // Both amounts go back: with one of them alone, the payment would stay spent on nothing, or be spent twice.
    if original.taken_back()? != (new.amount, new.payment.clone()) {
        return Err(LedgerRefusal::NoReversal(number.to_string()));
    }
    Ok(())
}
