//! Fills the pages' views from the store. One file per page; [`show`] turns values into what people read.

pub mod arrivals;
pub mod debtor;
pub mod debtors;
pub mod letter;
pub mod letters;
pub mod lookahead;
pub mod money;
pub mod orders;
pub mod plan;
pub mod playbooks;
pub mod receivable;
pub mod search;
pub mod settings;
pub mod show;
pub mod timeline;
pub mod today;
pub mod ui;
