//! One test binary for the whole product: stories that run on SQLite and, where a server is named, on PostgreSQL.

mod api;
mod backup;
mod chase;
mod corrections;
mod crash;
mod looking_back;
mod mail;
mod money;
mod pages;
mod paste;
mod refusals;
mod site;
mod texts;
mod world;
