//! A date's text into numbers, before anybody decides which is the day.

use jiff::civil::Time;

/// The three numbers of a date in the order written, or settled by the way it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// Year, month, day.
    Settled(i32, i32, i32),
    /// Two small numbers and a year behind them; the flag is true for points (`2.3.2026`), which only day-first
    /// countries use.
    Open(i32, i32, i32, bool),
    /// Three numbers of two digits.
    Short(i32, i32, i32),
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Cuts a time off the end: `2026-03-02 14:05:33`, `2026-03-02T14:05:33.000Z`, `3/2/2026 2:05 PM`.
pub(super) fn split_time(text: &str) -> (&str, Option<Time>) {
    for (at, separator) in text.match_indices([' ', 'T']) {
        let (date, rest) = (text[..at].trim_end(), text[at + separator.len()..].trim_start());
        if date.ends_with(|c: char| c.is_ascii_digit() || c == '日')
            && let Some(time) = read_time(rest)
        {
            return (date, Some(time));
        }
    }
    (text, None)
}

fn read_time(text: &str) -> Option<Time> {
    let upper = text.to_ascii_uppercase();
    let (clock, half) = match (upper.strip_suffix("AM"), upper.strip_suffix("PM")) {
        (Some(clock), _) => (clock.trim(), Some(0)),
        (_, Some(clock)) => (clock.trim(), Some(12)),
        _ => (upper.as_str(), None),
    };
    // A zone is cut off: the civil date as written is what counts.
    let clock = clock.split(['Z', '+', '.', ',']).next()?.split('-').next()?.trim();
    let mut parts = clock.split(':').map(|part| part.parse::<i8>().ok().filter(|_| part.len() <= 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let hour = match half {
        Some(add) if (1..=12).contains(&hour) => hour % 12 + add,
        Some(_) => return None,
        None => hour,
    };
    if parts.next().is_some() { None } else { Time::new(hour, minute, second, 0).ok() }
}

/// `None` when it is no date of a known form.
pub(super) fn read(text: &str) -> Option<Written> {
    compact(text).or_else(|| chinese(text)).or_else(|| named_month(text)).or_else(|| separated(text))
}

fn compact(text: &str) -> Option<Written> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(Written::Settled(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?))
}

fn chinese(text: &str) -> Option<Written> {
    let (year, rest) = text.split_once('年')?;
    let (month, day) = rest.split_once('月')?;
    let day = day.trim().trim_end_matches(['日', '号']);
    let number = |text: &str| text.trim().parse::<i32>().ok();
    Some(Written::Settled(full_year(year.trim())?, number(month)?, number(day)?))
}

/// `2-Mar-2026`, `2 March 2026`, `Mar 2, 2026`, `2nd of March 26`.
fn named_month(text: &str) -> Option<Written> {
    let mut month = None;
    let mut numbers = Vec::new();
    for word in text.split([' ', '-', '/', ',', '.']).filter(|word| !word.is_empty()) {
        let lower = word.to_ascii_lowercase();
        if let Some(index) = MONTHS
            .iter()
            .position(|name| lower.starts_with(name))
            .filter(|_| lower.bytes().all(|b| b.is_ascii_alphabetic()))
        {
            if month.replace(index as i32 + 1).is_some() {
                return None;
            }
        } else if lower != "of" {
            let digits =
                ["st", "nd", "rd", "th"].iter().find_map(|ending| lower.strip_suffix(ending)).unwrap_or(&lower);
            numbers.push(digits.to_owned());
        }
    }
    let (month, [first, second]) = (month?, <[String; 2]>::try_from(numbers).ok()?);
    if first.len() == 4 {
        return Some(Written::Settled(full_year(&first)?, month, second.parse().ok()?));
    }
    Some(Written::Settled(full_year(&second)?, month, first.parse().ok()?))
}

fn separated(text: &str) -> Option<Written> {
    let separator = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| "-/. ".contains(*c))?;
    let parts: Vec<&str> = text.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = <[&str; 3]>::try_from(parts).ok()?;
    let small =
        |text: &str| text.parse::<i32>().ok().filter(|_| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()));
    match (first.len(), third.len()) {
        (4, 1 | 2) => Some(Written::Settled(full_year(first)?, small(second)?, small(third)?)),
        (1 | 2, 4) => Some(Written::Open(small(first)?, small(second)?, full_year(third)?, separator == '.')),
        (1 | 2, 2) => Some(Written::Short(small(first)?, small(second)?, small(third)?)),
        _ => None,
    }
}

/// Two digits are of this century up to 79.
pub(super) fn full_year(text: &str) -> Option<i32> {
    let year = text.parse::<i32>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))?;
    match text.len() {
        4 => Some(year),
        2 => Some(if year < 80 { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}
