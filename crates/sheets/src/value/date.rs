//! Dates: every common way to write one, with the order of day and month decided per column.

use super::date_text::{Written, full_year, read, split_time};
use super::{LONGEST_VALUE, beginning, half_width, means_nothing};
use crate::model::{Cell, number_text};
use jiff::ToSpan;
use jiff::civil::{Date, Time, date};

/// Which number of `02/03/2026` is what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// Only what one value alone settles; `02/03/2026` is refused as ambiguous.
    #[default]
    Guess,
    Ymd,
    Dmy,
    Mdy,
}

/// What a column says about its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderGuess {
    Decided(DateOrder),
    /// No value depends on it.
    NotNeeded,
    /// No value decides; an example to ask the user about.
    Ambiguous(String),
    /// Two values contradict each other: day first, month first.
    Mixed(String, String),
}

/// Looks at all values of a column; a number over 12 decides.
pub fn guess_date_order<'c>(values: impl IntoIterator<Item = &'c Cell>) -> OrderGuess {
    let (mut day_first, mut month_first, mut open, mut year_first) = (None, None, None, None);
    for cell in values {
        let Cell::Text(text) = cell else { continue };
        if text.len() > LONGEST_VALUE {
            continue;
        }
        let folded = half_width(text);
        let example = || Some(text.clone());
        match read(split_time(&folded).0) {
            Some(Written::Open(_, _, _, true)) => day_first = day_first.or_else(example),
            Some(Written::Open(a, b, _, _) | Written::Short(a, b, _)) if a > 12 && a <= 31 && b <= 12 => {
                day_first = day_first.or_else(example)
            }
            Some(Written::Open(a, b, _, _) | Written::Short(a, b, _)) if a <= 12 && b > 12 => {
                month_first = month_first.or_else(example)
            }
            Some(Written::Short(a, _, _)) if a > 31 => year_first = year_first.or_else(example),
            Some(Written::Open(a, b, _, _) | Written::Short(a, b, _)) if a != b => open = open.or_else(example),
            _ => {}
        }
    }
    match (day_first, month_first, year_first, open) {
        (Some(day), Some(month), _, _) => OrderGuess::Mixed(day, month),
        (Some(_), None, _, _) => OrderGuess::Decided(DateOrder::Dmy),
        (None, Some(_), _, _) => OrderGuess::Decided(DateOrder::Mdy),
        (None, None, Some(_), _) => OrderGuess::Decided(DateOrder::Ymd),
        (None, None, None, Some(example)) => OrderGuess::Ambiguous(example),
        (None, None, None, None) => OrderGuess::NotNeeded,
    }
}

/// `Ok(None)` when the cell says that there is no date. The error is fit for the user.
pub fn parse_date(cell: &Cell, order: DateOrder) -> Result<Option<Date>, String> {
    Ok(parse_datetime(cell, order)?.map(|(date, _)| date))
}

/// The date and, where one is written, the time of day; a zone is not looked at.
pub fn parse_datetime(cell: &Cell, order: DateOrder) -> Result<Option<(Date, Option<Time>)>, String> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Date(date) => Ok(Some((*date, None))),
        Cell::DateTime(moment) => Ok(Some((moment.date(), Some(moment.time())))),
        Cell::Number(number) => from_number(*number).map(Some),
        Cell::Text(text) => from_text(text, order),
        Cell::Bool(_) => Err(format!("yes or no, not a date: ‘{}’", cell.text())),
    }
}

/// A workbook number without a date format: `20260302`, or a serial number of the years 2023 to 2064.
fn from_number(number: f64) -> Result<(Date, Option<Time>), String> {
    let text = number_text(number);
    if let Some(Written::Settled(year, month, day)) = read(&text) {
        return build(year, month, day, &text).map(|date| (date, None));
    }
    if (45_000.0..60_000.0).contains(&number) {
        // Day 60 is 29 February 1900, which never was: hence 30 December and not the 31st.
        let day = date(1899, 12, 30)
            .checked_add((number.trunc() as i64).days())
            .map_err(|_| format!("not a date: ‘{text}’"))?;
        return Ok((day, None));
    }
    Err(format!("a number, not a date: ‘{text}’"))
}

fn from_text(original: &str, order: DateOrder) -> Result<Option<(Date, Option<Time>)>, String> {
    if original.len() > LONGEST_VALUE {
        return Err(format!("not a date: ‘{}’", beginning(original)));
    }
    let text = half_width(original);
    if means_nothing(&text) || matches!(text.as_str(), "0000-00-00" | "0000-00-00 00:00:00") {
        return Ok(None);
    }
    let (day, time) = split_time(&text);
    let written = read(day).ok_or_else(|| format!("not a date: ‘{original}’"))?;
    let (year, month, day) = arrange(written, order).map_err(|why| format!("{why}: ‘{original}’"))?;
    Ok(Some((build(year, month, day, original)?, time)))
}

fn arrange(written: Written, order: DateOrder) -> Result<(i32, i32, i32), &'static str> {
    const AMBIGUOUS: &str = "day and month cannot be told apart; say which comes first";
    let short = |year: i32| full_year(&format!("{year:02}")).unwrap_or(year);
    let (a, b, c, points) = match written {
        Written::Settled(year, month, day) => return Ok((year, month, day)),
        Written::Short(a, b, c) if order == DateOrder::Ymd || (order == DateOrder::Guess && a > 31) => {
            return Ok((short(a), b, c));
        }
        Written::Short(a, b, c) => (a, b, short(c), false),
        Written::Open(a, b, c, points) => (a, b, c, points),
    };
    match order {
        DateOrder::Dmy => Ok((c, b, a)),
        DateOrder::Mdy => Ok((c, a, b)),
        _ if points || a > 12 || a == b => Ok((c, b, a)),
        _ if b > 12 => Ok((c, a, b)),
        _ => Err(AMBIGUOUS),
    }
}

fn build(year: i32, month: i32, day: i32, original: &str) -> Result<Date, String> {
    let made = i16::try_from(year).ok().zip(i8::try_from(month).ok().zip(i8::try_from(day).ok()));
    let real = made
        .filter(|(year, _)| (1900..=2200).contains(year))
        .and_then(|(year, (month, day))| Date::new(year, month, day).ok());
    real.ok_or_else(|| format!("no such day: ‘{original}’"))
}
