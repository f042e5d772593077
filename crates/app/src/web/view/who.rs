//! Debtors and their people as pages name them.

use super::figures::{Amount, Clock, OpenByCurrency, When};

/// A debtor in a row or heading; links to `/debtors/{number}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DebtorRef {
    /// `D-0017`.
    pub number: String,
    /// As they write it.
    pub name: String,
    /// ISO 3166, `IT`; empty when unknown. Templates print the country's name from it.
    pub country: String,
    pub clock: Option<Clock>,
}

/// A person (or mailbox) at a debtor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactRow {
    pub id: String,
    pub name: String,
    /// Code of the role: `finance`.
    pub role: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub whatsapp: Option<String>,
    pub in_site_id: Option<String>,
    /// Name of the zone that is known of this person; empty: none.
    pub own_zone: String,
    /// Code of the language that was chosen for this person; empty: none.
    pub own_language: String,
    /// Code of the language letters to this person are written in: `es`.
    pub language: String,
    pub clock: Option<Clock>,
    /// Asked not to be contacted.
    pub objected: bool,
    /// An address of theirs may not be used.
    pub is_suppressed: bool,
}

/// The facts beside a decision, and at the head of a debtor's page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub debtor: DebtorRef,
    /// What they owe.
    pub open: Vec<OpenByCurrency>,
    /// What platforms owe for orders that they have paid, by currency.
    pub platforms: Vec<Amount>,
    pub promises: Option<PromiseRecord>,
    pub last_contact: Option<LastContact>,
    /// When somebody there last wrote or spoke to us.
    pub last_heard: Option<When>,
    /// The person the letter or call is for.
    pub contact: Option<ContactRow>,
    /// Papers kept back until money comes, one line each: "B/L originals 3/3, MSKU 7734120".
    pub papers_held: Vec<String>,
    /// "Paused until 12 March: visiting them at the fair", when a hold covers the whole debtor.
    pub paused: Option<String>,
}

/// Promises kept, of those whose day has passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PromiseRecord {
    pub kept: u32,
    pub total: u32,
}

/// The latest word between the two sides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastContact {
    pub when: When,
    /// Code of the channel.
    pub channel: String,
    /// "First reminder", "Promise by phone".
    pub what: String,
}
