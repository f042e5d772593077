//! Amounts and dates as banks write them, and the digits a currency is shown with.

use jiff::civil::Date;
use rust_decimal::Decimal;

/// Most digits before the mark: no account holds 10^18 of anything, and the sum of a file then cannot overflow.
const MAX_WHOLE: usize = 18;
const MAX_FRACTION: usize = 10;

/// Reads a SWIFT amount (`1234,5`, `0,`, `000001,62`); also `1.234,56` and `1234.56`, which some banks send.
/// The last of comma and point is the decimal mark. `None` for anything else.
pub(crate) fn swift_amount(text: &str) -> Option<Decimal> {
    let mark = text.rfind([',', '.']);
    let (whole, fraction) = mark.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
    let mut digits = String::with_capacity(text.len());
    for (at, c) in whole.char_indices() {
        match c {
            '0'..='9' => digits.push(c),
            // Thousands: only the other mark, and only before groups of three.
            ',' | '.' if !text[mark?..].starts_with(c) && (whole.len() - at - 1) % 4 == 3 => {}
            _ => return None,
        }
    }
    plain_amount(&digits, fraction)
}

/// Reads an XML decimal (`-12.30`). Nothing else is allowed there, so nothing else is guessed.
pub(crate) fn xml_amount(text: &str) -> Option<Decimal> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let value = plain_amount(whole, fraction)?;
    Some(if negative { -value } else { value })
}

fn plain_amount(whole: &str, fraction: &str) -> Option<Decimal> {
    let significant = whole.trim_start_matches('0');
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + fraction.len() == 0
        || !all_digits(whole)
        || !all_digits(fraction)
        || significant.len() > MAX_WHOLE
        || fraction.len() > MAX_FRACTION
    {
        return None;
    }
    let mut value: i128 = 0;
    for digit in significant.bytes().chain(fraction.bytes()) {
        value = value * 10 + i128::from(digit - b'0');
    }
    Decimal::try_from_i128_with_scale(value, fraction.len() as u32).ok()
}

/// The same value with the currency's usual digits; more digits stay when they are not zero.
pub(crate) fn usual_digits(amount: Decimal, currency: &str) -> Decimal {
    let usual = digits_of(currency);
    let mut value = amount.normalize();
    if value.scale() < usual {
        value.rescale(usual);
    }
    // Minus zero would print as `-0.00`.
    if value.is_zero() { value.abs() } else { value }
}

/// ISO 4217 minor units, list of 2024-06; two for everything not named.
fn digits_of(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// Reads `YYMMDD`; years 80–99 are of the last century (the oldest statements people still hold).
pub(crate) fn swift_date(text: &str) -> Option<Date> {
    let [year, month, day] = [text.get(..2)?, text.get(2..4)?, text.get(4..6)?].map(two_digits);
    let year = year?;
    let century = if year >= 80 { 1900 } else { 2000 };
    Date::new(century + year, month? as i8, day? as i8).ok()
}

/// Reads the `MMDD` entry date of field 61. It carries no year: the one nearest to the value date is meant, so
/// that a booking of 2 January with value 30 December falls into the next year.
pub(crate) fn entry_date(month_day: &str, value_date: Date) -> Option<Date> {
    let month = two_digits(month_day.get(..2)?)? as i8;
    let day = two_digits(month_day.get(2..4)?)? as i8;
    let year = value_date.year();
    [year, year - 1, year + 1]
        .into_iter()
        .filter_map(|year| Date::new(year, month, day).ok())
        .min_by_key(|date| date.since(value_date).map_or(i32::MAX, |span| span.get_days().abs()))
}

fn two_digits(text: &str) -> Option<i16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swift_amounts() {
        let cases = [
            ("12,30", "12.30"),
            ("000000000001,62", "1.62"),
            ("300,", "300"),
            (",5", "0.5"),
            ("1.234.567,89", "1234567.89"),
            ("1,234.56", "1234.56"),
            ("100", "100"),
        ];
        for (text, value) in cases {
            assert_eq!(swift_amount(text).map(|v| v.to_string()), Some(value.to_owned()), "{text}");
        }
        for text in ["", ",", "12,3O", "1.23.456,00", "-5,00", "1 000,00", "99999999999999999999999999999,00"] {
            assert_eq!(swift_amount(text), None, "{text}");
        }
    }

    #[test]
    fn xml_amounts() {
        assert_eq!(xml_amount("-5442.09000").map(|v| v.to_string()), Some("-5442.09000".into()));
        for text in ["", "-", ".", "8,85", "1e5", "1_000"] {
            assert_eq!(xml_amount(text), None, "{text}");
        }
    }

    #[test]
    fn digits_follow_the_currency() {
        let cases = [
            ("8.850", "EUR", "8.85"),
            ("300", "EUR", "300.00"),
            ("1.23456", "EUR", "1.23456"),
            ("2700.00", "JPY", "2700"),
            ("1.5", "KWD", "1.500"),
            ("-0", "EUR", "0.00"),
        ];
        for (text, currency, shown) in cases {
            let amount = xml_amount(text).unwrap();
            assert_eq!(usual_digits(amount, currency).to_string(), shown, "{text} {currency}");
        }
    }

    #[test]
    fn the_entry_date_takes_the_nearest_year() {
        let cases = [
            ("991231", "0103", "2000-01-03"),
            ("240102", "1230", "2023-12-30"),
            ("240105", "0105", "2024-01-05"),
            ("240301", "0229", "2024-02-29"),
        ];
        for (value, entry, date) in cases {
            let value_date = swift_date(value).unwrap();
            assert_eq!(entry_date(entry, value_date).map(|d| d.to_string()), Some(date.to_owned()));
        }
        assert_eq!(swift_date("160230"), None);
        assert_eq!(entry_date("0230", swift_date("160229").unwrap()), None);
    }
}
