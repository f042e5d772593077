//! The `--map` file: what a user says about a table where the guess was wrong.
//!
//! ```toml
//! sheet = "应收明细"              # only this sheet
//! header_row = 4                 # as Excel numbers it; 0: no header, columns by letter
//! [columns]
//! order_number = "订单号"         # the header's text, or a column letter; false: no column
//! [formats]
//! date = "dmy"                   # dmy, mdy, ymd
//! decimal = "comma"              # comma, point
//! [defaults]
//! currency = "USD"               # where the file says nothing
//! ```

use std::collections::BTreeMap;

use toml::{Table, Value};

use dunlin_sheets::value::{DateOrder, DecimalStyle};

use super::error::MappingError;
use super::fields::Field;
use super::words;

/// A mapping as read; everything may be absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mapping {
    pub sheet: Option<String>,
    pub header_row: Option<u32>,
    pub columns: BTreeMap<Field, ColumnChoice>,
    pub formats: Formats,
    pub defaults: Defaults,
}

/// Where a field is to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnChoice {
    /// Header text or column letter.
    Named(String),
    /// In no column, whatever the headers look like.
    Nowhere,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Formats {
    pub date: Option<DateOrder>,
    pub decimal: Option<DecimalStyle>,
}

/// What holds where the file says nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Defaults {
    pub currency: Option<&'static str>,
    pub country: Option<String>,
    pub language: Option<String>,
    pub terms: Option<String>,
    pub time_zone: Option<words::Zone>,
    /// `direct` or `marketplace`.
    pub marketplace: Option<bool>,
}

impl Mapping {
    /// Reads the text of a mapping file.
    ///
    /// # Errors
    /// Names the key or value that is not understood, and the ones that would be.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| MappingError(error.to_string()))?;
        let mut mapping = Self::default();
        for (key, value) in &table {
            match key.as_str() {
                "sheet" => mapping.sheet = Some(string(key, value)?),
                "header_row" => mapping.header_row = Some(row(value)?),
                "columns" => mapping.columns = columns(section(key, value)?)?,
                "formats" => mapping.formats = formats(section(key, value)?)?,
                "defaults" => mapping.defaults = defaults(section(key, value)?)?,
                _ => return Err(unknown("", key, &["sheet", "header_row", "columns", "formats", "defaults"])),
            }
        }
        Ok(mapping)
    }
}

fn columns(table: &Table) -> Result<BTreeMap<Field, ColumnChoice>, MappingError> {
    let mut columns = BTreeMap::new();
    for (key, value) in table {
        let field = Field::from_code(key).ok_or_else(|| {
            let known: Vec<&str> = Field::ALL.iter().map(|field| field.code()).collect();
            unknown("columns", key, &known)
        })?;
        let choice = match value {
            Value::Boolean(false) => ColumnChoice::Nowhere,
            Value::String(text) if text.trim().is_empty() => ColumnChoice::Nowhere,
            Value::String(text) => ColumnChoice::Named(text.trim().to_string()),
            _ => {
                return Err(MappingError(format!(
                    "columns.{key} must be a header in quotes, a column letter, or false"
                )));
            }
        };
        columns.insert(field, choice);
    }
    Ok(columns)
}

fn formats(table: &Table) -> Result<Formats, MappingError> {
    let mut formats = Formats::default();
    for (key, value) in table {
        let text = string(key, value)?;
        match (key.as_str(), text.as_str()) {
            ("date", "dmy") => formats.date = Some(DateOrder::Dmy),
            ("date", "mdy") => formats.date = Some(DateOrder::Mdy),
            ("date", "ymd") => formats.date = Some(DateOrder::Ymd),
            ("date", _) => {
                return Err(MappingError(format!("formats.date = \"{text}\" is unknown; write dmy, mdy or ymd")));
            }
            ("decimal", "comma") => formats.decimal = Some(DecimalStyle::Comma),
            ("decimal", "point") => formats.decimal = Some(DecimalStyle::Point),
            ("decimal", _) => {
                return Err(MappingError(format!("formats.decimal = \"{text}\" is unknown; write comma or point")));
            }
            _ => return Err(unknown("formats", key, &["date", "decimal"])),
        }
    }
    Ok(formats)
}

fn defaults(table: &Table) -> Result<Defaults, MappingError> {
    let mut defaults = Defaults::default();
    for (key, value) in table {
        let text = string(key, value)?;
        let bad = |what: &str| MappingError(format!("defaults.{key} = \"{text}\" is {what}"));
        match key.as_str() {
            "currency" => {
                let found = super::headers::currency_of(&text);
                defaults.currency = Some(found.ok_or_else(|| bad("no currency (write for instance USD)"))?);
            }
            "country" => {
                let found = words::country(&text);
                defaults.country = Some(found.ok_or_else(|| bad("no country (write for instance IT or Italy)"))?);
            }
            "language" => {
                let found = words::language(&text);
                defaults.language = Some(found.ok_or_else(|| bad("no language (write for instance es)"))?);
            }
            "terms" => {
                dunlin_core::receivable::terms::parse(&text)
                    .map_err(|error| MappingError(format!("defaults.terms: {error}")))?;
                defaults.terms = Some(text);
            }
            "time_zone" => {
                let found = words::zone(&text);
                defaults.time_zone =
                    Some(found.ok_or_else(|| bad("no time zone (write for instance UTC or Asia/Shanghai)"))?);
            }
            "source" => {
                defaults.marketplace = Some(match text.as_str() {
                    "marketplace" => true,
                    "direct" => false,
                    _ => return Err(bad("unknown (write direct or marketplace)")),
                });
            }
            _ => {
                return Err(unknown(
                    "defaults",
                    key,
                    &["currency", "country", "language", "terms", "time_zone", "source"],
                ));
            }
        }
    }
    Ok(defaults)
}

fn section<'v>(key: &str, value: &'v Value) -> Result<&'v Table, MappingError> {
    value.as_table().ok_or_else(|| MappingError(format!("{key} must be a section: write [{key}] on a line of its own")))
}

fn string(key: &str, value: &Value) -> Result<String, MappingError> {
    let text = value.as_str().ok_or_else(|| MappingError(format!("{key} must be a text in quotes, not {value}")))?;
    Ok(text.trim().to_string())
}

fn row(value: &Value) -> Result<u32, MappingError> {
    let number = value.as_integer().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| MappingError(format!("header_row must be a row number (0: no header), not {value}")))
}

fn unknown(section: &str, key: &str, known: &[&str]) -> MappingError {
    let place = if section.is_empty() { String::new() } else { format!(" under [{section}]") };
    MappingError(format!("‘{key}’ is not known{place}; known are: {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_mapping() {
        let mapping = Mapping::parse(
            "sheet = \"应收\"\nheader_row = 4\n[columns]\norder_number = \"订单号\"\namount = \"K\"\nnote = false\n\
             [formats]\ndate = \"dmy\"\ndecimal = \"comma\"\n[defaults]\ncurrency = \"美元\"\ncountry = \"Italy\"\n\
             source = \"marketplace\"\nterms = \"OA 30 days\"\ntime_zone = \"Asia/Shanghai\"\n",
        )
        .expect("read");
        assert_eq!((mapping.sheet.as_deref(), mapping.header_row), (Some("应收"), Some(4)));
        assert_eq!(mapping.columns[&Field::Amount], ColumnChoice::Named("K".into()));
        assert_eq!(mapping.columns[&Field::Note], ColumnChoice::Nowhere);
        assert_eq!(mapping.formats.date, Some(DateOrder::Dmy));
        assert_eq!((mapping.defaults.currency, mapping.defaults.country.as_deref()), (Some("USD"), Some("IT")));
        assert_eq!(mapping.defaults.marketplace, Some(true));
    }

    #[test]
    #[rustfmt::skip] // A table.
    fn mistakes_are_named_with_what_would_be_right() {
        for (text, word) in [
            ("shet = \"a\"", "sheet"), ("[columns]\norder_nr = \"A\"", "order_number"), ("[columns]\namount = 3", "column letter"),
            ("[formats]\ndate = \"dd/mm\"", "dmy"), ("[formats]\ndates = \"dmy\"", "decimal"),
            ("[defaults]\ncurrency = \"dollars of ours\"", "USD"), ("[defaults]\nterms = \"as usual\"", "as usual"),
            ("[defaults]\nshop = \"x\"", "source"), ("header_row = \"4\"", "row number"), ("columns = 3", "[columns]"), ("a =", "line 1"),
        ] {
            let error = Mapping::parse(text).expect_err(text).to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
