//! The client of the AliExpress Open Platform: orders in, messages and shipments out.
//!
//! It asks and reports; it decides nothing, stores nothing and reads no clock but the one it is given. What is not
//! proven about the service stands in [`uncertain`]. Start with [`session::Session`] (calls on behalf of a shop),
//! [`sync`] (which orders changed) and [`status`] (what their words mean to us). The stand-in of the service is
//! `crates/sandbox/src/aliexpress`; the two share no code, so that neither repeats the other's mistakes.

mod app;
pub mod auth;
pub mod client;
pub mod error;
pub mod messages;
pub mod order_detail;
pub mod orders;
mod pace;
pub mod pacific;
pub mod secret;
pub mod session;
pub mod ship;
pub mod sign;
pub mod status;
pub mod sync;
pub mod uncertain;
mod values;

pub use client::{Client, Clock, Settings};
pub use error::ApiError;
pub use secret::Secret;
pub use session::Session;
pub use values::RemoteId;
