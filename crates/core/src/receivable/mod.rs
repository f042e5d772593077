//! A receivable: one amount due at one trigger, and everything that says how much of it is open and since when.
//!
//! [`ledger`] computes "outstanding", [`share`] says how much of a payment settles how much of it, [`terms`] reads
//! payment terms in words, [`due`] turns terms and trigger events into due dates, [`release`] says when a platform usually pays
//! out.

pub mod due;
pub mod ledger;
pub mod release;
pub mod share;
pub mod terms;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{InvoiceId, OrderId, PartyId, ReceivableId};
use crate::money::Money;

/// One amount due at one trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receivable {
    pub id: ReceivableId,
    pub party_id: PartyId,
    pub order_id: Option<OrderId>,
    pub invoice_id: Option<InvoiceId>,
    /// Human number, `R-1042`.
    pub number: String,
    /// What letters call it: the invoice or order number.
    pub reference: String,
    pub milestone: Milestone,
    pub trigger: Trigger,
    /// Days from the trigger to the due date.
    pub days: i32,
    pub amount: Money,
    /// The day the trigger happened; `None` while it has not.
    pub triggered_on: Option<Date>,
    /// Civil, in the tenant's zone; overdue from the next midnight there. `None` while the trigger is awaited.
    pub due_on: Option<Date>,
    /// When the order was placed or the claim arose: the clock of marketplace reminders. Microseconds UTC.
    pub placed_at: Option<jiff::Timestamp>,
    pub obligor: Obligor,
    pub source: crate::order::OrderSource,
    /// Voided or written off as a whole, cancelled by the platform: nothing is chased any more.
    pub closed: bool,
}

/// Who has to pay: after a marketplace buyer has paid, the platform owes the seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obligor {
    Buyer,
    Platform,
}

impl Obligor {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Platform => "platform",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Buyer, Self::Platform].into_iter().find(|obligor| obligor.code() == code)
    }
}

macro_rules! coded_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word in files, databases and JSON.
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

coded_enum! {
    /// Which part of the price this is.
    Milestone {
        Deposit = "deposit",
        Balance = "balance",
        Full = "full",
        Instalment = "instalment",
        Sample = "sample",
        Freight = "freight",
        Interest = "interest",
    }
}

coded_enum! {
    /// The event that starts the clock of a receivable.
    Trigger {
        /// Proforma invoice issued (deposits).
        Proforma = "proforma",
        /// Goods ready or inspected (balance before shipment).
        GoodsReady = "goods_ready",
        /// Copy of the bill of lading sent (balance against B/L copy).
        BlCopy = "bl_copy",
        /// Date of the bill of lading (open account).
        BlDate = "bl_date",
        /// Date of the invoice (open account).
        InvoiceDate = "invoice_date",
        /// End of the month of the invoice date (open account, EOM).
        EndOfMonth = "end_of_month",
        /// Order placed on a marketplace.
        OrderPlaced = "order_placed",
        /// Arrival at the destination port.
        Arrival = "arrival",
        /// A date agreed by itself.
        FixedDate = "fixed_date",
    }
}

/// Something that happened to an order and starts clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriggerEvent {
    pub order_id: OrderId,
    pub trigger: Trigger,
    pub effective_on: Date,
}

pub(crate) use coded_enum;
