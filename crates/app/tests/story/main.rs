//! One test binary for the whole product: stories that run on SQLite and, where a server is named, on PostgreSQL.

mod api;
mod backup;
mod case_turns;
mod chase;
mod corrections;
mod crash;
mod currencies;
mod days;
mod door;
mod house;
mod isolation;
mod lookahead;
mod looking_back;
mod mail;
mod merging;
mod money;
mod own_work;
mod pages;
mod paste;
mod playbook_versions;
mod refusals;
mod search_and_undo;
mod site;
mod texts;
mod why;
mod world;
