//! Why a whole file could not be imported. Single bad rows are no error: they are listed in the report.

use dunlin_sheets::SheetError;
use dunlin_store::StoreError;

/// Nothing was changed when one of these comes back.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{file}: {why}")]
    Unreadable { file: String, why: SheetError },
    #[error(
        "{file}: no row was found that names columns (looked at: {sheets}). Say which row it is with --map: \
         header_row = 4, and under [columns] for instance order_number = \"A\""
    )]
    NoTable { file: String, sheets: String },
    /// The text names the fields without a column and shows how to write `--map`.
    #[error("{file}: {why}")]
    NotMapped { file: String, why: String },
    #[error("your role may not enter payments; hand the file to whoever keeps the accounts. Nothing was changed")]
    NotAllowed,
    #[error("{0}")]
    Mapping(#[from] MappingError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A `--map` file that is not understood, or does not fit the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mapping: {0}")]
pub struct MappingError(pub String);
