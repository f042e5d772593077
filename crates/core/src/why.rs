//! Why a debt is unpaid (SCENARIOS A1), as the buyer said it or a person found it out. It chooses the route of a
//! playbook, and two of the reasons silence pressing by themselves.

use jiff::Timestamp;

use crate::receivable::coded_enum;

coded_enum! {
    /// Why it is unpaid.
    WhyUnpaid {
        /// Overlooked; will pay.
        Forgot = "forgot",
        /// No money now: wants time or instalments.
        CashShort = "cash_short",
        /// Tried to pay, and the method did not work.
        PaymentFailed = "payment_failed",
        /// Something is wrong with goods or delivery, and it is ours to make good first.
        SellerFault = "seller_fault",
        /// Says it is paid: the money is on its way.
        PaidInTransit = "paid_in_transit",
        /// We speak to the wrong person, or papers are missing.
        WrongContact = "wrong_contact",
        /// Holds the money back to get a discount.
        Bargaining = "bargaining",
        /// Does not want to pay, or breaks one promise after the other.
        Refuses = "refuses",
    }
}

/// The reason that holds now, and since when we know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownWhy {
    pub why: WhyUnpaid,
    pub since: Timestamp,
}

/// "It is paid" silences pressing for so many days (a transfer takes a few working days); then the chase goes on, since
/// silence cannot be bought by saying so.
pub const IN_TRANSIT_DAYS: i32 = 10;
