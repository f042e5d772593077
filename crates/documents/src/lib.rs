//! What goes out to buyers: the text of letters and the PDF account statement.
//!
//! Pure: letter texts, fonts and facts are handed in, text and bytes come out; no file, clock or random number is
//! read, and the same input gives the same bytes. It must not decide anything: what is asked for, from whom and
//! when is settled in `dunlin_core`. Start with [`letter`] (templates → text) and [`account_statement`] (facts →
//! PDF). typst, the slowest dependency of the product to build, is confined to [`pdf`].

pub mod account_statement;
pub mod letter;
pub mod pdf;

mod plain_text;
mod words;
