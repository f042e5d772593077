//! Why a file could not be read as a table: what it is, and what the user can do.

use std::fmt;

/// The whole file was refused; single odd cells never are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetError {
    Empty,
    /// A file of another kind; `kind` names it, e.g. `a PDF document`.
    NotATable {
        kind: &'static str,
    },
    PasswordProtected,
    /// An Excel file that is damaged or cut off.
    Damaged {
        detail: String,
    },
    /// It would take more memory than any honest table.
    TooBig {
        detail: String,
    },
}

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SheetError::Empty => write!(f, "the file is empty: export it again and check that rows were selected"),
            SheetError::NotATable { kind } => {
                write!(f, "this is {kind}, not a table: open it and save the table as .xlsx or .csv")
            }
            SheetError::PasswordProtected => {
                write!(
                    f,
                    "the workbook is protected by a password: open it in Excel, remove the password (File, Info, Protect Workbook) and save it again"
                )
            }
            SheetError::Damaged { detail } => {
                write!(
                    f,
                    "the workbook is damaged or was cut off while copying ({detail}): download it again, or open it in Excel and save it as .xlsx"
                )
            }
            SheetError::TooBig { detail } => {
                write!(f, "the file is too big to be read ({detail}): split it into several files")
            }
        }
    }
}

impl std::error::Error for SheetError {}
