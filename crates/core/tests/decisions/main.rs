//! `decide` and `audit` by themselves: no database, no clock but the one a test names.

mod after_restore;
mod answers;
mod askable;
mod audit_spoiled;
mod audit_times;
mod by_the_book;
mod calls_now;
mod conditions;
mod currencies;
mod day_brings;
mod endings;
mod holidays;
mod left_undone;
mod lookahead;
mod news;
mod promise_fates;
mod promises;
mod questions;
mod repairs;
mod routes;
mod routes_audit;
mod scenarios;
mod sends;
mod support;
mod thanks;
