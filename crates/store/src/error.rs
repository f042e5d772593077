//! What can go wrong with the database, said so that a user can act on it.

use dunlin_core::money::MoneyError;
use dunlin_core::receivable::ledger::LedgerRefusal;
use dunlin_core::refusal::Refusal;

/// An error of the store. `Database` is for the log; the others are for people.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot open the database {place}: {why}. {remedy}")]
    Unreachable { place: String, why: String, remedy: String },
    #[error(
        "the database was written by a newer Dunlin (schema {found}, this program knows up to {known}). Install the newer version; nothing was changed"
    )]
    Newer { found: i64, known: i64 },
    #[error("there is no {noun} {name} here")]
    NotFound { noun: &'static str, name: String },
    #[error("{0}")]
    Refused(String),
    /// As `Refused`, in every language.
    #[error(transparent)]
    Told(#[from] Refusal),
    #[error(transparent)]
    Ledger(#[from] LedgerRefusal),
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error("the database holds something that cannot be read: {0}. Run `dunlin migrate`, then report this")]
    Corrupt(String),
    #[error("the database failed: {0}")]
    Database(String),
}

impl From<sqlx::Error> for StoreError {
    /// Without the library's own preamble.
    fn from(error: sqlx::Error) -> Self {
        Self::Database(match error {
            sqlx::Error::Database(database) => database.message().to_string(),
            other => other.to_string(),
        })
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

impl StoreError {
    /// The database's own words without ours before them.
    pub(crate) fn bare(&self) -> String {
        match self {
            Self::Database(words) => words.clone(),
            other => other.to_string(),
        }
    }

    pub(crate) fn corrupt(what: impl std::fmt::Display) -> Self {
        Self::Corrupt(what.to_string())
    }

    pub fn not_found(noun: &'static str, name: impl Into<String>) -> Self {
        Self::NotFound { noun, name: name.into() }
    }
}
