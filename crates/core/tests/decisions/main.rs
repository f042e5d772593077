//! `decide` and `audit` by themselves: no database, no clock but the one a test names.

mod after_restore;
mod answers;
mod audit_spoiled;
mod holidays;
mod lookahead;
mod news;
mod promises;
mod repairs;
mod routes;
mod routes_audit;
mod scenarios;
mod support;
