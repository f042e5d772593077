//! The only crate that knows SQL. SQLite (default) and PostgreSQL behind the same functions; one story test runs on
//! both.
//!
//! Everything that changes a tenant goes through [`Commit`]: it takes the tenant's lock and the next number of its
//! sequence, so that commits of one tenant follow each other and timelines have one order. Reads for pages are in
//! [`pages`]. SQL text lives here and nowhere else; row structs are private to their file.

mod actor;
mod approvals;
mod audit_log;
mod bank;
mod begin_clock;
mod bind;
mod bulk;
mod cases;
mod cells;
mod conn;
mod db;
mod dialect;
mod doctor;
mod dump;
mod erasing;
mod error;
mod facts;
pub mod fault;
mod files;
mod ids;
mod import_reads;
mod instalments;
mod jobs;
mod ledger;
mod merging;
mod migrations;
mod outbox;
pub mod pages;
mod parties;
mod party_marks;
pub mod people;
mod placing;
mod plans;
mod playbooks;
mod reason_text;
mod receivables;
mod rehearsals;
mod row_history;
mod seal;
pub mod seeding;
mod standing;
mod tasks;
mod tenants;
mod told;
mod told_payments;
mod ways;

pub use actor::{ActingToken, ActingUser, Actor, Via};
pub use approvals::Approval;
pub use audit_log::{BrokenChain, LogEntry, LogFilter, LogLine};
pub use bank::{AddedStatement, FileLines, NewBankEntry, NewStatement, PaymentRow};
pub use db::{Commit, Store};
pub use dialect::DbKind;
pub use doctor::Finding;
pub use dump::Restored;
pub use erasing::ERASED;
pub use error::StoreError;
pub use facts::Scope;
pub use files::ImportRun;
pub use ids::IdSource;
pub use import_reads::{KnownContact, KnownParty, KnownReceivable};
pub use instalments::{PartRow, PlanRow, PlanTerms};
pub use jobs::Job;
pub use merging::MergeSide;
pub use outbox::{Claimed, Outcome, SentMail, StoredLetter};
pub use parties::{ContactFields, FoundParty, PartyFields};
pub use party_marks::{Blocked, PlaybookSet};
pub use people::signer::Signer;
pub use people::stand_in::{Seen, Sight, StandIn};
pub use people::users::{User, UserState};
pub use placing::PlacedShare;
pub use plans::{PlanRows, Written};
pub use playbooks::{CasesOfVersion, Moved, PublishedPlaybook, PublishedVersion, StepInTheWay};
pub use receivables::{OrderFields, OrderRow, ReceivableFields};
pub use rehearsals::{NewRehearsal, Rehearsal, RehearsedLetter, RehearsedText};
pub use seal::{InstallationKey, chance};
pub use tenants::{BankAccount, Difficulty, FirstRun, LatinNames, Settings, Tenant, Transport};
pub use told_payments::ToldPayment;
