//! One row of a table, field by field: what a cell says, or a problem with its place, its reason and a remedy.
//! Pure; whether a problem costs the row or only the value is the caller's choice per field.

use jiff::Timestamp;
use jiff::civil::{Date, Time, date};

use dunlin_core::refusal::Told;
use dunlin_sheets::value::{parse_date, parse_datetime};
use dunlin_sheets::{Cell, Row, column_letter};

use super::fields::Field;
use super::mapping_file::Mapping;
use super::report::{LeftOut, Problem};
use super::said::Said;
use super::table::{Column, Table};
use super::words::{self, Zone};

const MAX_NAME: usize = 300;
const MAX_NUMBER: usize = 100;
const EARLIEST: Date = date(2000, 1, 1);
const LATEST: Date = date(2100, 12, 31);
/// Excel keeps fifteen digits of a number; what is longer has lost its end.
const EXACT_DIGITS: f64 = 1e15;

/// Reads the cells of one row and collects what is wrong with them.
pub struct RowReader<'t> {
    pub table: &'t Table<'t>,
    pub row: &'t Row,
    pub mapping: &'t Mapping,
    pub problems: Vec<Problem>,
}

impl<'t> RowReader<'t> {
    pub fn new(table: &'t Table<'t>, row: &'t Row, mapping: &'t Mapping) -> Self {
        Self { table, row, mapping, problems: Vec::new() }
    }

    pub fn has_column(&self, field: Field) -> bool {
        self.table.columns.contains_key(&field)
    }

    /// Whether the row cannot go in.
    pub fn is_bad(&self) -> bool {
        self.problems.iter().any(|problem| problem.left_out == LeftOut::Row)
    }

    /// Notes a problem with a field's cell, or with the whole row.
    pub fn problem(
        &mut self,
        field: impl Into<Option<Field>>,
        left_out: LeftOut,
        why: impl Into<Said>,
        remedy: impl Into<Said>,
    ) {
        let (why, remedy) = (why.into(), remedy.into());
        let field = field.into();
        let column = field.and_then(|field| self.table.columns.get(&field));
        self.problems.push(Problem {
            sheet: self.table.sheet.name.clone(),
            row: self.row.number,
            column: column.map(|column| column_letter(column.index)).unwrap_or_default(),
            header: column.map(|column| column.header.clone()).unwrap_or_default(),
            field,
            read: column.map(|column| shortened(&self.row.cell(column.index).text(), 200)).unwrap_or_default(),
            why: shortened(&why.plain(), 600),
            remedy: remedy.plain(),
            code: why.code(),
            said: (why, remedy),
            left_out,
        });
    }

    pub fn cell(&self, field: Field) -> Option<(&'t Cell, &'t Column)> {
        let column = self.table.columns.get(&field)?;
        Some((self.row.cell(column.index), column))
    }

    /// The words of a cell on one line, without control characters; `None` when it says nothing.
    pub fn text(&mut self, field: Field) -> Option<String> {
        let (cell, _) = self.cell(field)?;
        let text = one_line(&cell.text());
        if words::means_nothing(&text) {
            return None;
        }
        if words::is_formula_error(&text) {
            self.problem(field, LeftOut::Value, "unread-formula", "mend-formula");
            return None;
        }
        Some(text)
    }

    /// As [`Self::text`], refused when longer than a name can be.
    pub fn name(&mut self, field: Field, left_out: LeftOut) -> Option<String> {
        let text = self.text(field)?;
        if text.chars().count() > MAX_NAME {
            let why = Said::new("unread-name-long").with("count", text.chars().count().to_string());
            self.problem(field, left_out, why, Said::new("mend-name-long").with("most", MAX_NAME.to_string()));
            return None;
        }
        Some(text)
    }

    /// A number that names something: order, invoice, debtor. Never through a float.
    pub fn number(&mut self, field: Field) -> Option<String> {
        let (cell, _) = self.cell(field)?;
        let rounded = match cell {
            Cell::Number(number) => number.abs() >= EXACT_DIGITS || number.fract() != 0.0,
            Cell::Text(text) => is_scientific(text),
            _ => false,
        };
        if rounded {
            self.problem(field, LeftOut::Row, "unread-rounded", "mend-rounded");
            return None;
        }
        let text = self.text(field)?;
        if text.chars().count() > MAX_NUMBER {
            let remedy = Said::new("mend-number-long").with("most", MAX_NUMBER.to_string());
            self.problem(field, LeftOut::Row, "unread-number-long", remedy);
            return None;
        }
        Some(text)
    }

    /// A number without which the row says nothing.
    pub fn required_number(&mut self, field: Field) -> Option<String> {
        let before = self.problems.len();
        let number = self.number(field);
        if number.is_none() && self.problems.len() == before {
            let remedy = Said::new("mend-enter").with("field", Told::word("import-field", field.code()));
            self.problem(field, LeftOut::Row, "unread-empty", remedy);
        }
        number
    }

    pub fn date(&mut self, field: Field) -> Option<Date> {
        self.dated(field, LeftOut::Row)
    }

    /// As [`Self::date`]; what cannot be read costs only itself.
    pub fn day(&mut self, field: Field) -> Option<Date> {
        self.dated(field, LeftOut::Value)
    }

    fn dated(&mut self, field: Field, left_out: LeftOut) -> Option<Date> {
        let (cell, column) = self.cell(field)?;
        if is_undecided(cell) {
            return None;
        }
        match parse_date(cell, column.order) {
            Ok(Some(day)) if (EARLIEST..=LATEST).contains(&day) => Some(day),
            Ok(None) => None,
            Ok(Some(_)) => {
                self.problem(field, left_out, "unread-year", "mend-year");
                None
            }
            Err(why) => {
                self.problem(field, left_out, Said::cell(&why), date_remedy(&why));
                None
            }
        }
    }

    /// A date with its time of day, as an instant. A zone in the cell goes before the header's, and that before
    /// `fallback`.
    pub fn moment(&mut self, field: Field, fallback: &Zone) -> Option<Timestamp> {
        self.moment_of(field, fallback, Time::midnight())
    }

    /// As [`Self::moment`], where a day without a time of day means its end.
    pub fn deadline(&mut self, field: Field, fallback: &Zone) -> Option<Timestamp> {
        self.moment_of(field, fallback, Time::constant(23, 59, 59, 0))
    }

    /// What cannot be read here costs only itself, and not the row.
    pub fn aside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.problems.len();
        let value = read(self);
        for problem in self.problems.iter_mut().skip(before) {
            problem.left_out = LeftOut::Value;
        }
        value
    }

    fn moment_of(&mut self, field: Field, fallback: &Zone, without_time: Time) -> Option<Timestamp> {
        let (cell, column) = self.cell(field)?;
        let text = one_line(&cell.text());
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(instant);
        }
        let (civil, written) = match split_zone(&text) {
            Some((civil, zone)) if matches!(cell, Cell::Text(_)) => (Cell::Text(civil), Some(zone)),
            _ => (cell.clone(), None),
        };
        let zone = written.or_else(|| column.unit.zone.clone()).unwrap_or_else(|| fallback.clone());
        let read = match parse_datetime(&civil, column.order) {
            Ok(read) => read?,
            Err(why) => {
                self.problem(field, LeftOut::Row, Said::cell(&why), date_remedy(&why));
                return None;
            }
        };
        let (day, time) = read;
        let moment = day.to_datetime(time.unwrap_or(without_time)).to_zoned(zone.0);
        match moment {
            Ok(moment) if (EARLIEST..=LATEST).contains(&day) => Some(moment.timestamp()),
            _ => {
                self.problem(field, LeftOut::Row, "unread-year", "mend-year");
                None
            }
        }
    }

    /// One address that can be written to; anything else is a problem of the value.
    pub fn email(&mut self, left_out: LeftOut) -> Option<String> {
        let text = self.text(Field::Email)?;
        let address = text.trim_start_matches("mailto:").trim_end_matches([';', ',']).to_string();
        let (local, domain) = address.split_once('@').unwrap_or(("", ""));
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')');
        let fits = !local.is_empty() && domain.contains('.') && !domain.contains('@') && !address.contains(odd);
        if !fits || domain.starts_with('.') || domain.ends_with('.') || address.len() > 254 {
            self.problem(Field::Email, left_out, "unread-email", "mend-email");
            return None;
        }
        Some(address)
    }
}

/// A cell may hold a whole book; a list of problems should not.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_string(),
    }
}

/// Line breaks and control characters become single spaces.
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once(['e', 'E']) else { return false };
    let digits = exponent.trim_start_matches('+');
    mantissa.contains('.')
        && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && (1..=3).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `待定`, `TBD`: the day is not known yet, which is no mistake.
fn is_undecided(cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return false };
    let lower = text.trim().to_lowercase();
    words::means_nothing(text.trim())
        || matches!(lower.as_str(), "待定" | "未定" | "tbd" | "tba" | "tbc" | "pending" | "未出" | "?")
}

fn date_remedy(why: &str) -> &'static str {
    if why.contains("told apart") { "mend-date-order" } else { "mend-date" }
}

/// `2026-03-02 14:05:33 UTC`, `… GMT+8`, `… PST`.
fn split_zone(text: &str) -> Option<(String, Zone)> {
    let (civil, word) = text.rsplit_once(' ')?;
    let word = word.trim_matches(['(', ')']);
    if !word.starts_with(|c: char| c.is_alphabetic()) || matches!(word, "AM" | "PM" | "am" | "pm") {
        return None;
    }
    Some((civil.trim().to_string(), words::zone(word)?))
}
