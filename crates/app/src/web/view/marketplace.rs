//! What the page of connected services shows. Nothing that opens a service is part of it.

use super::figures::When;

/// The shop and the tracking service.
#[derive(Debug, Clone, Default)]
pub struct MarketplacePage {
    pub shop: Option<ServiceView>,
    pub tracking: Option<ServiceView>,
    /// Where the seller is to agree, for a few minutes after somebody asked for it.
    pub agree_at: Option<String>,
    /// The address that has to be registered for the app.
    pub return_to: String,
    /// The address that 17TRACK tells news to.
    pub hook: String,
    pub orders: i64,
    pub troubled_count: i64,
    /// Orders whose own page is asked for again.
    pub owing_pages: i64,
    pub troubled: Vec<TroubledOrder>,
    /// The last sync that somebody started here.
    pub job: Option<SyncJob>,
    pub notices: i64,
    pub waiting: i64,
}

/// One connection.
#[derive(Debug, Clone, Default)]
pub struct ServiceView {
    pub address: String,
    /// It is the service's own address, and no stand-in's.
    pub is_usual: bool,
    pub app_key: String,
    pub account: String,
    pub is_agreed: bool,
    pub may_message: bool,
    pub synced: Option<When>,
    pub reached: Option<When>,
    /// Code; empty: it works.
    pub problem: String,
    pub problem_since: Option<When>,
}

/// An order that a person has to look at.
#[derive(Debug, Clone, Default)]
pub struct TroubledOrder {
    pub number: String,
    /// Code of what is the matter.
    pub problem: String,
    /// What its words say, in the reader's; empty where none of them is known.
    pub says: String,
    /// The words of the marketplace.
    pub about: String,
    pub page_url: String,
    pub read: When,
}

#[derive(Debug, Clone, Default)]
pub struct SyncJob {
    pub id: String,
    /// `running`, `done`, `failed`, `lost`.
    pub state: String,
    pub done: i64,
    pub began: When,
}
