//! The pure heart of Dunlin: what is owed, what may be done about it, and why.
//!
//! Nothing in here reads a clock, a file, a socket or a random number: time, ids and facts are parameters, so
//! that every decision can be repeated, simulated and audited. Start with [`decide`] (facts → plan), [`audit`]
//! (the independent check of a plan) and [`receivable::ledger`] (the only place that computes "outstanding").

pub mod access;
pub mod audit;
pub mod calendar;
pub mod case;
pub mod catalogue;
pub mod coverage;
pub mod day_brings;
pub mod decide;
pub mod explain;
pub mod facts;
pub mod gate_facts;
pub mod goods;
pub mod grade;
pub mod ids;
pub mod instalments;
pub mod intent;
pub mod key_date;
pub mod letter;
pub mod locale;
pub mod lookahead;
pub mod matching;
pub mod money;
pub mod names;
pub mod order;
pub mod party;
pub mod payment;
pub mod plan;
pub mod playbook;
pub mod promise;
pub mod question;
pub mod reason;
pub mod receivable;
pub mod refusal;
pub mod risk;
pub mod shipment;
pub mod storm;
pub mod supply;
pub mod suppression;
pub mod talk;
pub mod why;
