//! The pages of the settings: one file per page.

pub mod bank;
pub mod company;
pub mod data;
pub mod log;
pub mod marketplace;
pub mod me;
pub mod people;
pub mod safe;
pub mod suppressions;
