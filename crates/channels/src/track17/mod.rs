//! 17TRACK (API version 2.2): parcels are registered, news come by signed webhook, and asking is the way out when no webhook
//! comes through.
//!
//! The client asks and reads; what a word of the service means is for `dunlin_core::shipment`, and whether somebody is told
//! is for nobody here. Start with [`client::Client`] and [`webhook::open`]. What is known of the protocol from memory alone,
//! and not from the vendor's text, says so where it stands.

pub mod client;
pub mod errors;
pub mod reading;
pub mod requests;
pub mod webhook;
