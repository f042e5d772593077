//! What pages show: plain data, already formatted for the reader, filled by `web::load` and read by templates.
//!
//! Nothing in here knows the store or decides anything. Codes (`state`, `channel`, `milestone` …) are those of
//! `dunlin_core`; templates turn them into words.

pub mod arrivals;
pub mod ask;
pub mod cases;
pub mod debtor;
pub mod debtors;
pub mod entrance;
pub mod figures;
pub mod frame;
pub mod letter;
pub mod letters;
pub mod lookahead;
pub mod marketplace;
pub mod money;
pub mod names;
pub mod notices;
pub mod orders;
pub mod pictures;
pub mod plan;
pub mod platform;
pub mod playbooks;
pub mod products;
pub mod receivable;
pub mod repair;
pub mod running;
pub mod search;
pub mod settings;
pub mod supply;
pub mod talk;
pub mod tasks;
pub mod timeline;
pub mod today;
pub mod tones;
pub mod trouble;
pub mod ui;
pub mod who;
pub mod why;
