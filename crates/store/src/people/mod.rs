//! Who works in the firm: users, the browsers they are signed in with, keys for programs, and who stands in for whom.
//! Secrets come in as hashes: what opens a door is never in the database.

pub mod failures;
pub mod sessions;
pub mod signer;
pub mod stand_in;
pub mod tokens;
pub mod users;
