//! Orders and invoices: what the receivables stand on. How an order stands is read from its [`story`]; what is open with the
//! buyer before it leaves is in [`asks`].

pub mod asks;
pub mod clock;
pub mod consent;
pub mod delivery;
pub mod next;
pub mod receipt;
pub mod slip;
pub mod story;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{InvoiceId, OrderId, PartyId};
use crate::money::Money;

/// An agreed sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub party_id: PartyId,
    /// Human number: the seller's own order number.
    pub number: String,
    pub source: OrderSource,
    pub total: Money,
    pub ordered_on: Date,
    /// Payment terms as the file had them.
    pub terms_text: String,
    pub cancelled: bool,
}

/// Where an order came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderSource {
    Marketplace,
    Direct,
}

impl OrderSource {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Marketplace => "marketplace",
            Self::Direct => "direct",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Marketplace, Self::Direct].into_iter().find(|source| source.code() == code)
    }
}

/// An invoice: numbered without gaps per tenant when we issue it, voided but never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    pub id: InvoiceId,
    pub order_id: Option<OrderId>,
    pub party_id: PartyId,
    pub number: String,
    pub issued_on: Date,
    pub total: Money,
    pub voided: bool,
}
