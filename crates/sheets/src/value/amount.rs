//! Amounts: digits, sign, currency and the Chinese units 万 and 亿.

use super::digits::{Digits, evidence, read};
use super::{LONGEST_VALUE, beginning, currency, half_width, means_nothing};
use crate::model::{Cell, number_text};

/// Which sign separates the decimals in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecimalStyle {
    #[default]
    Guess,
    Point,
    Comma,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedAmount {
    /// A decimal such as `12430.00` or `-5`, with the digits as written.
    pub value: String,
    /// ISO 4217.
    pub currency: Option<&'static str>,
    /// The currency is the likeliest reading of a bare `$` (USD) or `¥` (CNY).
    pub assumed: bool,
}

/// `Ok(None)` when the cell says that there is no amount (empty, `-`, `N/A`). The error says what was read and
/// why it is no amount; it is fit for the user.
pub fn parse_amount(cell: &Cell, style: DecimalStyle) -> Result<Option<ParsedAmount>, String> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Number(number) => Ok(Some(ParsedAmount { value: number_text(*number), currency: None, assumed: false })),
        Cell::Text(text) => parse_text(text, style),
        Cell::Date(_) | Cell::DateTime(_) => Err(format!("a date, not an amount: ‘{}’", cell.text())),
        Cell::Bool(_) => Err(format!("yes or no, not an amount: ‘{}’", cell.text())),
    }
}

fn parse_text(original: &str, style: DecimalStyle) -> Result<Option<ParsedAmount>, String> {
    if original.len() > LONGEST_VALUE {
        return Err(format!("not an amount: ‘{}’", beginning(original)));
    }
    let text = half_width(original);
    if means_nothing(&text) {
        return Ok(None);
    }
    if text.ends_with('%') {
        return Err(format!("a percentage, not an amount: ‘{original}’"));
    }
    let parts = take_apart(&text)?;
    if parts.number.is_empty() && parts.currency.is_some() {
        // `USD -` and a lone `$` in accounting formats.
        return Ok(None);
    }
    let digits = read(parts.number, style).ok_or_else(|| {
        let scientific = parts.number.contains(['e', 'E']) && parts.number.starts_with(|c: char| c.is_ascii_digit());
        let why = if scientific {
            "Excel has shortened this number; widen the column and export again"
        } else {
            "not an amount"
        };
        format!("{why}: ‘{original}’")
    })?;
    let value = scaled(&digits, parts.power, parts.negative);
    Ok(Some(ParsedAmount {
        value,
        currency: parts.currency.map(|(code, _)| code),
        assumed: parts.currency.is_some_and(|(_, assumed)| assumed),
    }))
}

struct Parts<'t> {
    number: &'t str,
    negative: bool,
    currency: Option<currency::Found>,
    /// Power of ten of 万 and 亿.
    power: usize,
}

/// Peels sign, brackets, currency and unit off in whatever order they stand.
fn take_apart(text: &str) -> Result<Parts<'_>, String> {
    let mut parts = Parts { number: text.trim(), negative: false, currency: None, power: 0 };
    let mut signs = 0;
    loop {
        let before = parts.number;
        let (rest, found) = currency::take(before)?;
        parts.currency = match (parts.currency, found) {
            (Some((known, false)), Some((other, false))) if known != other => {
                return Err(format!("two currencies, {known} and {other}: ‘{text}’"));
            }
            (Some(known), Some((_, true))) => Some(known),
            (known, found) => found.or(known),
        };
        parts.number = rest;
        if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            (parts.number, signs) = (inner.trim(), signs + 1);
        } else if let Some(inner) = rest.strip_prefix('-').or_else(|| rest.strip_suffix('-')) {
            (parts.number, signs) = (inner.trim(), signs + 1);
        } else if let Some(inner) = rest.strip_prefix('+') {
            parts.number = inner.trim();
        } else if parts.power == 0 {
            for (unit, power) in [("万", 4), ("萬", 4), ("亿", 8)] {
                if let Some(inner) = rest.strip_suffix(unit) {
                    (parts.number, parts.power) = (inner.trim(), power);
                }
            }
        }
        if parts.number == before {
            break;
        }
    }
    if signs > 1 && !parts.number.is_empty() {
        return Err(format!("two signs: ‘{text}’"));
    }
    parts.negative = signs == 1;
    Ok(parts)
}

/// Moves the decimal point to the right and puts the sign in front.
fn scaled(digits: &Digits, power: usize, negative: bool) -> String {
    let mut fraction = digits.fraction.clone();
    while fraction.len() < power {
        fraction.push('0');
    }
    let (moved, fraction) = fraction.split_at(power);
    let joined = format!("{}{moved}", digits.whole);
    let whole = joined.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let zero = whole == "0" && fraction.bytes().all(|b| b == b'0');
    let sign = if negative && !zero { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// Decides for a column: the style its unmistakable values have. Two kinds in one column, or none, leave it at
/// `Guess`.
pub fn guess_style<'c>(values: impl IntoIterator<Item = &'c Cell>) -> DecimalStyle {
    let (mut points, mut commas) = (false, false);
    for cell in values {
        let Cell::Text(text) = cell else { continue };
        if text.len() > LONGEST_VALUE {
            continue;
        }
        let text = half_width(text);
        match take_apart(&text).ok().and_then(|parts| evidence(parts.number)) {
            Some(DecimalStyle::Point) => points = true,
            Some(DecimalStyle::Comma) => commas = true,
            _ => {}
        }
    }
    match (points, commas) {
        (true, false) => DecimalStyle::Point,
        (false, true) => DecimalStyle::Comma,
        _ => DecimalStyle::Guess,
    }
}
