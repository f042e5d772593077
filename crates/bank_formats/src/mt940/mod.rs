//! MT940 (customer statement) and MT942 (interim report): SWIFT category 9, as banks really write them.
//!
//! `fields` cuts lines into tagged fields, `entry_line` reads field 61, `details` and its two dialects read
//! field 86, `statement` puts them together. Nothing here asks which bank wrote the file: every rule is about
//! the text itself.

mod balance;
mod details;
mod entry;
mod entry_line;
mod fields;
mod open;
mod slashes;
mod statement;
mod subfields;

pub(crate) use fields::is_known_tag;
pub(crate) use statement::Mt940Reader;
