//! Reads table files as people really have them: CSV in any encoding and with any delimiter, XLSX, XLS; [`writing`] makes
//! workbooks for them.
//!
//! Bytes in, rows of cells with their places out; pure, no files, no clock. A CSV cell is always text, so that
//! a 64-bit order number survives. What a cell means is decided later and per column, in [`value`]; which row
//! is the header in [`find_header`]. A file that is no table gives a [`SheetError`] that says what it is and
//! what to do. Nothing here knows the product's columns.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod archive;
mod delimited;
mod delimiter;
mod encoding;
mod error;
mod header;
mod model;
pub mod value;
mod workbook;
pub mod writing;

pub use error::SheetError;
pub use header::{HeaderGuess, LONGEST_NAME, column_name, find_header};
pub use model::{Cell, Row, Sheet, column_letter};

/// Most rows of one file, over all sheets; Excel holds 1,048,576 a sheet.
pub const MAX_ROWS: usize = 2_000_000;

/// Reads a file by its content; `file_name` is used for the sheet's name and in messages only, since an
/// extension is as often wrong as right.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Vec<Sheet>, SheetError> {
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        archive::check(bytes)?;
        return guarded(bytes, workbook::read_xlsx);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        archive::check_compound(bytes)?;
        return guarded(bytes, workbook::read_xls);
    }
    if let Some(kind) = archive::foreign_kind(bytes) {
        return Err(SheetError::NotATable { kind });
    }
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    Ok(vec![delimited::read(bytes, name)?])
}

/// A panic of the workbook library on a hostile file is a damaged workbook, not the end of the program.
fn guarded(bytes: &[u8], read: fn(&[u8]) -> Result<Vec<Sheet>, SheetError>) -> Result<Vec<Sheet>, SheetError> {
    std::panic::catch_unwind(|| read(bytes))
        .unwrap_or_else(|_| Err(SheetError::Damaged { detail: "its parts contradict each other".to_owned() }))
}
