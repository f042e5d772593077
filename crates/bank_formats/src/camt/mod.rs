//! camt.052 (account report), camt.053 (statement), camt.054 (notification): ISO 20022, every version.
//!
//! Elements are found by local name, so that namespace, prefix and version do not matter. `tree` holds one
//! entry at a time, `head` reads accounts and balances, `entry` reads entries, `statement` drives.

mod entities;
mod entry;
mod head;
mod open;
mod statement;
mod tree;

pub(crate) use statement::CamtReader;
