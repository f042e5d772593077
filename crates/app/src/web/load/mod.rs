//! Fills the pages' views from the store. One file per page; [`show`] turns values into what people read.

pub mod arrivals;
pub mod ask;
pub mod cases;
pub mod debtor;
pub mod debtors;
pub mod letter;
pub mod letters;
pub mod lookahead;
pub mod money;
pub mod notices;
pub mod orders;
pub mod plan;
pub mod playbooks;
pub mod products;
pub mod receivable;
pub mod repair;
pub mod running;
pub mod search;
pub mod settings;
pub mod show;
pub mod supply;
pub mod talk;
pub mod tasks;
pub mod timeline;
pub mod today;
pub mod ui;
