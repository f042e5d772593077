//! What goes out to buyers: the text of letters, and what stands on the page of an account statement.
//!
//! Pure: letter texts and facts are handed in, text comes out; no file, clock or random number is read, and the same
//! input gives the same text. It must not decide anything: what is asked for, from whom and when is settled in
//! `dunlin_core`. Start with [`letter`] (templates → text) and [`account_statement`] (facts → the strings of a page, which
//! `crates/pdf` sets: what is slow to build stands apart, docs/decisions/0024).

pub mod account_statement;
pub mod letter;

mod plain_text;
mod words;
