//! XLSX and XLS through calamine, cell by cell.
//!
//! XLSX is streamed into sparse rows: one stray cell in the last corner of a sheet must not make a table of 17
//! thousand million cells.

use crate::MAX_ROWS;
use crate::error::SheetError;
use crate::model::{Cell, Row, Sheet};
use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xls, Xlsx, XlsxError};
use jiff::civil::{Date, DateTime};
use std::io::Cursor;

/// Columns behind this are stray formatting; Excel's limit is 16,384.
const MAX_COLUMNS: u32 = 2_000;

pub(crate) fn read_xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let damaged = |error: XlsxError| match error {
        XlsxError::Password => SheetError::PasswordProtected,
        other => SheetError::Damaged { detail: other.to_string() },
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let (mut sheets, mut total) = (Vec::new(), 0);
    for meta in book.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let mut cells = book.worksheet_cells_reader(&meta.name).map_err(damaged)?;
        let mut rows: Vec<Row> = Vec::new();
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            let (row, column) = cell.get_position();
            let value = from_reference(cell.get_value());
            if !value.is_empty() {
                place(&mut rows, row, column, value);
            }
            count_rows(total + rows.len())?;
        }
        total += rows.len();
        sheets.push(finish(meta.name, rows, meta.visible));
    }
    some_rows(sheets)
}

pub(crate) fn read_xls(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let damaged = |error: calamine::XlsError| match error {
        calamine::XlsError::Password => SheetError::PasswordProtected,
        other => SheetError::Damaged { detail: other.to_string() },
    };
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut sheets = Vec::new();
    for meta in book.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let range = book.worksheet_range(&meta.name).map_err(damaged)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut rows = Vec::new();
        for (row, column, data) in range.used_cells() {
            let value = from_data(data);
            if !value.is_empty() {
                place(&mut rows, first_row + row as u32, first_column + column as u32, value);
            }
        }
        sheets.push(finish(meta.name, rows, meta.visible));
    }
    some_rows(sheets)
}

fn count_rows(rows: usize) -> Result<(), SheetError> {
    if rows > MAX_ROWS {
        return Err(SheetError::TooBig { detail: format!("more than {MAX_ROWS} rows") });
    }
    Ok(())
}

/// Cells come in the order of the file, which is by row in every file Excel writes.
fn place(rows: &mut Vec<Row>, row: u32, column: u32, value: Cell) {
    if column >= MAX_COLUMNS {
        return;
    }
    let number = row.saturating_add(1);
    if rows.last().is_none_or(|last| last.number != number) {
        rows.push(Row { number, cells: Vec::new() });
    }
    if let Some(last) = rows.last_mut() {
        let column = column as usize;
        if last.cells.len() <= column {
            last.cells.resize(column + 1, Cell::Empty);
        }
        last.cells[column] = value;
    }
}

fn finish(name: String, mut rows: Vec<Row>, visible: SheetVisible) -> Sheet {
    rows.sort_by_key(|row| row.number);
    Sheet { name, rows, encoding: None, hidden: visible != SheetVisible::Visible }
}

fn some_rows(sheets: Vec<Sheet>) -> Result<Vec<Sheet>, SheetError> {
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(SheetError::Empty);
    }
    Ok(sheets)
}

fn from_reference(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::SharedString(text) => Cell::from_text(text),
        other => from_data(&Data::from(other.clone())),
    }
}

fn from_data(value: &Data) -> Cell {
    match value {
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) if number.is_finite() => Cell::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::from_text(text),
        Data::Bool(yes) => Cell::Bool(*yes),
        Data::DateTime(moment) => from_serial(moment),
        // `#N/A` and its sisters are shown to the user as they stand.
        Data::Error(error) => Cell::Text(error.to_string()),
        Data::Float(_) | Data::Empty => Cell::Empty,
    }
}

/// A serial number with a date format; the 1904 system is known to the reader.
fn from_serial(moment: &ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = i16::try_from(year).ok().and_then(|year| Date::new(year, month as i8, day as i8).ok());
    let time = jiff::civil::Time::new(hour as i8, minute as i8, second as i8, 0).ok();
    match (date, time) {
        // A duration or a time of day alone has no date.
        (_, Some(time)) if moment.is_duration() || (0.0..1.0).contains(&moment.as_f64()) => {
            Cell::Text(time.to_string())
        }
        (Some(date), Some(time)) if time == jiff::civil::Time::midnight() => Cell::Date(date),
        (Some(date), Some(time)) => Cell::DateTime(DateTime::from_parts(date, time)),
        _ => Cell::Number(moment.as_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn both_date_systems_give_the_same_day() {
        for (serial, since_1904) in [(46_083.0, false), (44_621.0, true)] {
            let moment = ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, since_1904);
            assert_eq!(from_serial(&moment).text(), "2026-03-02");
        }
        let noon = ExcelDateTime::new(0.5, ExcelDateTimeType::DateTime, false);
        assert_eq!(from_serial(&noon).text(), "12:00:00");
    }
}
