//! `decide` and `audit` by themselves: no database, no clock but the one a test names.

mod audit_spoiled;
mod promises;
mod scenarios;
mod support;
