//! Facts that keep the program silent: holds, promises, disputes, money that is not matched yet.

use jiff::civil::Date;

use crate::ids::{DisputeId, HoldId, PaymentId, PromiseId, ReceivableId};
use crate::money::Money;
use crate::receivable::coded_enum;

/// "Pause this": on the whole party or on one receivable, with an end; it ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: HoldId,
    pub kind: HoldKind,
    /// `None`: the whole party.
    pub receivable_id: Option<ReceivableId>,
    pub why: String,
    /// Last day of the hold, in the tenant's zone.
    pub until: Date,
    /// Ended early by a person.
    pub released: bool,
}

coded_enum! {
    /// What a hold is for. Its words are for people; nothing is recognised by them.
    HoldKind {
        /// Somebody paused it.
        Pause = "pause",
        /// A small rest that banks may have kept: somebody of the firm is asked.
        Charges = "charges",
        /// The buyer was asked about it, and has time to answer.
        Question = "question",
    }
}

/// "We will pay on the 5th": pauses what it covers until its day plus a margin (SCENARIOS A8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    pub id: PromiseId,
    /// `None`: everything the debtor owes in this currency.
    pub receivable_id: Option<ReceivableId>,
    pub promised_on: Date,
    /// The day the money was promised for.
    pub pay_on: Date,
    /// `None`: the whole outstanding amount.
    pub amount: Option<Money>,
    pub state: PromiseState,
}

coded_enum! {
    /// How a promise ended. All but the last follow from the ledger, and change with it ([`crate::promise`]).
    PromiseState {
        Open = "open",
        Kept = "kept",
        PartlyKept = "partly_kept",
        Broken = "broken",
        /// What it was about is not owed any more, though nobody paid it: neither kept nor broken.
        NothingLeft = "nothing_left",
        /// By a person, for good.
        Withdrawn = "withdrawn",
    }
}

/// The buyer contests (part of) a receivable: pressing pauses on that part only (SCENARIOS A9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    pub id: DisputeId,
    pub receivable_id: ReceivableId,
    /// `None`: the whole receivable.
    pub amount: Option<Money>,
    pub why: String,
    pub resolved: bool,
}

/// Money on the bank account that is not matched and could be this party's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmatchedMoney {
    pub payment_id: PaymentId,
    pub payment_number: String,
    pub left: Money,
    pub received_on: Date,
    pub payer_name: String,
}
