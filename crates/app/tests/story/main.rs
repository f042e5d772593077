//! One test binary for the whole product: stories that run on SQLite and, where a server is named, on PostgreSQL.

mod api;
mod awaiting;
mod backup;
mod charges;
mod chase;
mod corrections;
mod crash;
mod currencies;
mod door;
mod house;
mod isolation;
mod latin;
mod lookahead;
mod looking_back;
mod mail;
mod merging;
mod money;
mod pages;
mod paste;
mod plans;
mod playbook_versions;
mod refusals;
mod search_and_undo;
mod site;
mod texts;
mod world;
