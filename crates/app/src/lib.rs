//! The program: use cases, command line, pages and worker around the pure core.
//!
//! `cli/` has one file per command, `use_cases/` one per thing the product does, `web/` the pages. Use cases take
//! their clock as a value; only `house` and `main` look at the real one.

mod bank_words;
pub mod building;
pub mod cli;
pub mod credentials;
pub mod demo;
pub mod embedded;
pub mod events;
pub mod house;
pub mod import;
mod in_site;
pub mod key;
pub mod printer;
mod refused;
pub mod restoring;
pub mod shop;
pub mod titles;
mod typed_amount;
pub mod use_cases;
pub mod web;
