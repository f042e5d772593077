//! Writes tables as a workbook: amounts as numbers, days as days, texts never as formulas. Knows nothing of the product's
//! columns; the day that the file says it was made on is given, so that the same tables make the same file.

use std::fmt;

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// Most rows of one sheet, without its header.
pub const MOST_ROWS: usize = 1_048_575;

/// One sheet.
#[derive(Debug, Clone)]
pub struct Table {
    /// At most 31 characters, none of `[]:*?/\`.
    pub name: String,
    pub headers: Vec<String>,
    pub rows: Vec<Vec<Written>>,
}

/// One cell to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    Nothing,
    Text(String),
    Whole(i64),
    /// A plain decimal, `1234.50`: written as a number with as many decimals.
    Amount(String),
    Day(Date),
}

/// The workbook could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteError {
    pub detail: String,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the workbook cannot be written ({}): ask for fewer rows", self.detail)
    }
}

impl std::error::Error for WriteError {}

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        Self { detail: error.to_string() }
    }
}

/// The bytes of an XLSX file with these sheets.
pub fn write_xlsx(tables: &[Table], made_on: Date) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&excel_day(made_on)?));
    let looks = Looks::new();
    for table in tables {
        let sheet = workbook.add_worksheet().set_name(&table.name)?;
        write_table(sheet, table, &looks)?;
    }
    Ok(workbook.save_to_buffer()?)
}

struct Looks {
    head: Format,
    day: Format,
    whole: Format,
    /// By the number of decimals.
    amounts: [Format; 5],
}

impl Looks {
    fn new() -> Self {
        let digits = ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"];
        Self {
            head: Format::new().set_bold(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            whole: Format::new().set_num_format("0"),
            amounts: digits.map(|digits| Format::new().set_num_format(digits)),
        }
    }
}

fn write_table(sheet: &mut Worksheet, table: &Table, looks: &Looks) -> Result<(), WriteError> {
    for (column, header) in (0_u16..).zip(&table.headers) {
        sheet.write_string_with_format(0, column, header.as_str(), &looks.head)?;
        sheet.set_column_width(column, 16)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, cells) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            write_cell(sheet, row, column, cell, looks)?;
        }
    }
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Written, looks: &Looks) -> Result<(), WriteError> {
    match cell {
        Written::Nothing => {}
        Written::Text(text) => {
            sheet.write_string(row, column, text.as_str())?;
        }
        Written::Whole(number) => {
            sheet.write_number_with_format(row, column, *number as f64, &looks.whole)?;
        }
        Written::Amount(decimal) => {
            let number: f64 =
                decimal.parse().map_err(|_| WriteError { detail: format!("‘{decimal}’ is no amount") })?;
            let digits = decimal.split_once('.').map_or(0, |(_, digits)| digits.len());
            sheet.write_number_with_format(row, column, number, &looks.amounts[digits.min(4)])?;
        }
        Written::Day(day) => {
            let day = excel_day(*day)?;
            sheet.write_datetime_with_format(row, column, &day, &looks.day)?;
        }
    }
    Ok(())
}

fn excel_day(day: Date) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or(1900);
    ExcelDateTime::from_ymd(year, day.month().unsigned_abs(), day.day().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::Cell;

    fn table() -> Table {
        let row = vec![
            Written::Day(date(2026, 3, 5)),
            Written::Text("=1+1".to_string()),
            Written::Amount("1234.50".to_string()),
            Written::Whole(3),
            Written::Nothing,
        ];
        let headers = ["日期", "什么", "amount", "level", "note"].map(str::to_string).to_vec();
        Table { name: "Actions".to_string(), headers, rows: vec![row] }
    }

    #[test]
    fn what_is_written_is_read_again_as_it_was() {
        let bytes = write_xlsx(&[table()], date(2026, 3, 4)).unwrap();
        let sheets = crate::read(&bytes, "a.xlsx").unwrap();
        let cells = &sheets[0].rows[1].cells;
        assert_eq!(sheets[0].name, "Actions");
        assert_eq!(cells[0], Cell::Date(date(2026, 3, 5)));
        assert_eq!(cells[1], Cell::Text("=1+1".to_string()), "a text, not a formula");
        assert_eq!((&cells[2], &cells[3]), (&Cell::Number(1234.5), &Cell::Number(3.0)));
    }

    #[test]
    fn the_same_tables_make_the_same_file() {
        let made = || write_xlsx(&[table()], date(2026, 3, 4)).unwrap();
        assert_eq!(made(), made());
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let spoiled = Table { rows: vec![vec![Written::Amount("a lot".to_string())]], ..table() };
        assert!(write_xlsx(&[spoiled], date(2026, 3, 4)).is_err());
    }
}
