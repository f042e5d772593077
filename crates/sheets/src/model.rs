//! Sheets, rows and cells, and how a place in them is named.

use jiff::civil::{Date, DateTime};
use serde::Serialize;
use std::borrow::Cow;

/// One cell as the file has it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Cell {
    #[default]
    Empty,
    /// Trimmed, never empty. Every CSV cell is this.
    Text(String),
    /// A number of a workbook; digits beyond 2^53 were already lost when Excel saved it.
    Number(f64),
    /// A workbook number whose format says it is a day.
    Date(Date),
    DateTime(DateTime),
    Bool(bool),
}

impl Cell {
    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }

    /// The cell as a person sees it: whole numbers without `.0`, at most 15 digits (what Excel shows), dates as
    /// `YYYY-MM-DD`.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Number(number) => Cow::Owned(number_text(*number)),
            Cell::Date(date) => Cow::Owned(date.to_string()),
            Cell::DateTime(moment) => Cow::Owned(moment.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            Cell::Bool(true) => Cow::Borrowed("TRUE"),
            Cell::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }

    /// Trims, and turns nothing into `Empty`.
    pub(crate) fn from_text(text: &str) -> Cell {
        // Zero-width characters and the byte order mark come from copied web pages.
        let trimmed = text.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\0')
        });
        if trimmed.is_empty() { Cell::Empty } else { Cell::Text(trimmed.to_owned()) }
    }
}

/// Whole numbers up to 2^53 exactly; others rounded to Excel's 15 digits, so that 0.1 + 0.2 is 0.3.
pub(crate) fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 {
        return format!("{number:.0}").replace("-0", if number == 0.0 { "0" } else { "-0" });
    }
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    format!("{rounded}")
}

/// One row with at least one cell that is not empty.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Row {
    /// From 1, as Excel or an editor shows it; a CSV record over several lines has the number of its first.
    pub number: u32,
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell, or `Empty` behind the end of the row.
    pub fn cell(&self, index: usize) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.cells.get(index).unwrap_or(EMPTY)
    }
}

/// One sheet of a workbook, or a whole CSV file.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
    /// How the text of a CSV file was encoded, e.g. `UTF-8`, `GB18030`; `None` for workbooks.
    pub encoding: Option<String>,
    /// The user cannot see this sheet in Excel.
    pub hidden: bool,
}

/// `0` → `A`, `27` → `AB`.
pub fn column_letter(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        let cases = [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")];
        for (index, letters) in cases {
            assert_eq!(column_letter(index), letters);
        }
    }

    #[test]
    fn numbers_read_as_shown() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1200.0, "1200"),
            (-5.0, "-5"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (0.1 + 0.2, "0.3"),
            (1_234.560_000_000_1, "1234.5600000001"),
            (12430.5, "12430.5"),
            (1e-7, "0.0000001"),
        ];
        for (number, text) in cases {
            assert_eq!(number_text(number), text);
        }
    }
}
