//! Read models of the pages: what a page shows, in one or a few reads. Nothing here changes anything.

pub mod account;
pub mod find;
