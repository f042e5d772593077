//! Reads bank statements: MT940/MT942 and camt.052/053/054, from bytes to statements and entries.
//!
//! Pure: no files, no clock, no network; the caller brings the bytes. A reader never refuses a whole file
//! because of one line: what could not be understood comes out as a [`Problem`] with its place and its raw
//! text, and everything else comes out as well. It never guesses an amount.
//!
//! Two ways in: [`StatementReader`] pulls one [`Event`] at a time and keeps no more than one entry in memory;
//! [`parse`] collects a whole file. A new format gets a module like [`mod@mt940`], a line in [`Format`] and one in
//! `reader.rs`.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod amount;
mod camt;
mod format;
mod model;
mod mt940;
mod reader;
mod transcode;

pub use format::{Format, UnknownFormat};
pub use model::{Balance, Entry, Parsed, Problem, Statement, StatementHead};
pub use reader::{Event, StatementReader, parse};
