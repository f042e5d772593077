//! The API: JSON under `/api/v1` (docs/manual/api.md). One file per noun, with its calls, what they say and its lines
//! of [`doors`] and [`openapi`]; a new call is in the document, behind the guard and in the tests by standing there
//! (docs/adding/call.md). Calls translate and call use cases; they decide nothing.
//!
//! [`guard`] lets in, [`problem`] says no, [`idempotency`] does a thing once, [`paging`] goes through lists.

mod audit_log;
mod backups;
mod bank_accounts;
mod cases;
mod channels;
mod company;
mod connections;
mod contacts;
mod days;
mod debtor_view;
mod debtors;
mod etag;
pub mod guard;
mod idempotency;
mod imports;
mod jobs;
mod letters;
mod looks;
mod me;
pub mod openapi;
pub mod orders;
mod own;
mod paging;
mod payments;
mod persons;
mod plans;
mod platform_debts;
mod playbooks;
pub mod problem;
mod problems;
mod products;
mod questions;
pub mod rate;
mod read;
mod receivables;
mod run;
mod safe_mode;
mod stand_ins;
mod statements;
pub mod supply;
mod suppressions;
mod talks;
mod tasks;
mod tokens;
mod users;
mod wire;

use super::doors::Door;

/// Calls whose body is a file.
pub const FILE_CALLS: [&str; 2] = [imports::PATH, statements::PATH];

/// Calls that change nothing more when they are repeated, and finish what a stopped machine left half done: a repeated
/// request is carried out again where its first answer was lost.
const REPEATABLE_CALLS: [&str; 3] = [imports::PATH, statements::PATH, run::PATH];

/// The calls there are.
pub fn doors() -> Vec<Door> {
    let nouns = [
        me::doors,
        own::doors,
        debtors::doors,
        contacts::doors,
        persons::doors,
        talks::doors,
        supply::doors,
        suppressions::doors,
        connections::doors,
        receivables::doors,
        cases::doors,
        days::doors,
        orders::doors,
        platform_debts::doors,
        products::doors,
        payments::doors,
        questions::doors,
        plans::doors,
        letters::doors,
        playbooks::doors,
        tasks::doors,
        imports::doors,
        statements::doors,
        run::doors,
        looks::doors,
        company::doors,
        users::doors,
        stand_ins::doors,
        bank_accounts::doors,
        channels::doors,
        safe_mode::doors,
        backups::doors,
        jobs::doors,
        audit_log::doors,
        tokens::doors,
        problems::doors,
        openapi::doors,
    ];
    nouns.into_iter().flat_map(|doors| doors()).collect()
}
