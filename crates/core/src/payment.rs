//! Money that came in, and the bank's words about it.

use jiff::civil::Date;

use crate::ids::{BankEntryId, PartyId, PaymentId};
use crate::money::Money;

/// A line of a bank statement as the reader understood it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankEntry {
    pub id: BankEntryId,
    pub account: String,
    pub booked_on: Date,
    pub amount: Money,
    /// Everything that could name an invoice: purpose, end-to-end id, references.
    pub purpose: String,
    pub end_to_end_id: Option<String>,
    pub reference: Option<String>,
    pub counterparty_name: Option<String>,
    pub counterparty_account: Option<String>,
}

/// Money received, from a bank entry or from a "paid" column of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub id: PaymentId,
    /// Human number, `P-0042`.
    pub number: String,
    pub bank_entry_id: Option<BankEntryId>,
    pub source: PaymentSource,
    /// Known once matched (or named by the import).
    pub party_id: Option<PartyId>,
    pub amount: Money,
    pub received_on: Date,
    pub payer_name: String,
    pub note: String,
}

crate::receivable::coded_enum! {
    /// Who told us of the payment.
    PaymentSource {
        /// A bank statement.
        Bank = "bank",
        /// A "paid" column of an imported file; replaced when the bank entry matches.
        Import = "import",
        /// Entered by a person.
        Manual = "manual",
        /// Paid out by a platform for an order; the bank brings it later, in one sum for many.
        Payout = "payout",
    }
}
