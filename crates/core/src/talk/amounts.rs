//! Amounts with their currency: `USD 5,000`, `5000美元`, `5 万人民币`, `€3.000,50`. A number without a currency is none:
//! it may be an order, a telephone, a quantity.

use std::ops::Range;

use super::script::{Script, is_latin};
use crate::money::{Currency, Decimal, Money, currency};

/// How currencies are written, besides their codes. Longer ones first where one begins with another.
const NAMES: &[(&str, &str)] = &[
    ("us dollars", "USD"),
    ("us dollar", "USD"),
    ("us$", "USD"),
    ("dollars", "USD"),
    ("dolares", "USD"),
    ("euros", "EUR"),
    ("euro", "EUR"),
    ("pounds", "GBP"),
    ("libras", "GBP"),
    ("yuanes", "CNY"),
    ("yuan", "CNY"),
    ("rmb", "CNY"),
    ("hk$", "HKD"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "CNY"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("美刀", "USD"),
    ("欧元", "EUR"),
    ("英镑", "GBP"),
    ("港币", "HKD"),
    ("港元", "HKD"),
    ("日元", "JPY"),
    ("人民币", "CNY"),
    ("块钱", "CNY"),
    ("元", "CNY"),
];

/// Codes that are no words of any of the languages.
const CODES: [&str; 22] = [
    "USD", "EUR", "CNY", "CNH", "GBP", "JPY", "HKD", "AUD", "CAD", "CHF", "SGD", "NZD", "TWD", "KRW", "INR", "BRL",
    "MXN", "AED", "SAR", "PLN", "SEK", "ZAR",
];

/// Powers of ten that stand behind a number.
const SCALES: &[(&str, i64)] = &[("万", 10_000), ("千", 1_000), ("k", 1_000), ("mil", 1_000), ("thousand", 1_000)];

/// The amounts of a stretch, each with its place in characters.
pub fn amounts(script: &Script, range: &Range<usize>) -> Vec<(Range<usize>, Money)> {
    let mut all = Vec::new();
    let mut at = range.start;
    while at < range.end {
        match amount(script, at).filter(|(end, _)| *end <= range.end) {
            Some((end, money)) => {
                all.push((at..end, money));
                at = end;
            }
            None => at = past_number(script, at),
        }
    }
    all
}

/// The next place to look at: never inside a number.
fn past_number(script: &Script, at: usize) -> usize {
    let mut end = at + 1;
    if script.at(at).is_ascii_digit() {
        while script.at(end).is_ascii_digit() {
            end += 1;
        }
    }
    end
}

fn amount(script: &Script, at: usize) -> Option<(usize, Money)> {
    if let Some((end, currency)) = currency_at(script, at) {
        let (end, value) = scaled(script, script.past_space(end))?;
        return Some((end, positive(value, currency)?));
    }
    let is_inside = |char: char| is_latin(char) || matches!(char, '-' | '/' | '#' | '.' | ',' | '_' | '+');
    if !script.at(at).is_ascii_digit() || is_inside(script.before(at)) {
        return None;
    }
    let (end, value) = scaled(script, at)?;
    let (end, currency) = currency_at(script, script.past_space(end))?;
    // "Order 5000 USD 300": the currency belongs to the number behind it.
    if script.at(script.past_space(end)).is_ascii_digit() && is_latin(script.before(end)) {
        return None;
    }
    Some((end, positive(value, currency)?))
}

fn positive(value: Decimal, currency: Currency) -> Option<Money> {
    Money::from_decimal(value, currency).ok().filter(|money| money.is_positive())
}

fn currency_at(script: &Script, at: usize) -> Option<(usize, Currency)> {
    let known = |(name, code): &(&str, &str)| Some((stands(script, at, name)?, currency(code).ok()?));
    if let Some(found) = NAMES.iter().find_map(known) {
        return Some(found);
    }
    CODES.iter().find_map(|code| {
        let end = stands(script, at, &code.to_ascii_lowercase())?;
        let code = if *code == "CNH" { "CNY" } else { *code };
        Some((end, currency(code).ok()?))
    })
}

/// The end of a name or sign. Digits may touch it, letters may not: `5000usd`, but no `usda`.
fn stands(script: &Script, at: usize, name: &str) -> Option<usize> {
    let mut end = at;
    for char in name.chars() {
        if script.at(end) != char {
            return None;
        }
        end += 1;
    }
    let is_letter = |char: char| is_latin(char) && !char.is_ascii_digit();
    // Other dollars than those of the list.
    if name == "$" && is_letter(script.before(at)) {
        return None;
    }
    let is_word = name.chars().all(|char| char.is_ascii_alphabetic() || char == ' ');
    (!is_word || !(is_letter(script.before(at)) || is_letter(script.at(end)))).then_some(end)
}

/// A number with what multiplies it: `5 万`.
fn scaled(script: &Script, at: usize) -> Option<(usize, Decimal)> {
    let (end, value) = decimal(script, at)?;
    let next = script.past_space(end);
    let scale = SCALES.iter().find_map(|(name, scale)| {
        let end = stands(script, next, name)?;
        Some((end, *scale))
    });
    match scale {
        Some((end, scale)) => Some((end, value.checked_mul(Decimal::from(scale))?)),
        None => Some((end, value)),
    }
}

/// `5,000`, `3.000,50`, `1234.5`. One mark before exactly three digits parts thousands.
fn decimal(script: &Script, at: usize) -> Option<(usize, Decimal)> {
    let mut end = at;
    let mut groups: Vec<String> = vec![String::new()];
    let mut marks: Vec<char> = Vec::new();
    loop {
        let char = script.at(end);
        if char.is_ascii_digit() {
            groups.last_mut()?.push(char);
        } else if matches!(char, '.' | ',') && script.at(end + 1).is_ascii_digit() && end > at {
            marks.push(char);
            groups.push(String::new());
        } else {
            break;
        }
        end += 1;
    }
    if groups.first()?.is_empty() || groups.iter().map(String::len).sum::<usize>() > 15 {
        return None;
    }
    let decimals = match marks.as_slice() {
        [] => false,
        [_] => groups.last()?.len() != 3 || groups[0] == "0",
        [first, .., last] => first != last,
    };
    let whole = if decimals { &groups[..groups.len() - 1] } else { &groups[..] };
    // What parts thousands stands before three digits each time.
    let (lead, rest) = whole.split_first()?;
    if rest.iter().any(|group| group.len() != 3) || (!rest.is_empty() && lead.len() > 3) {
        return None;
    }
    let mut text = whole.concat();
    if decimals {
        let last = groups.last()?;
        if last.len() > 3 {
            return None;
        }
        text.push('.');
        text.push_str(last);
    }
    Some((end, text.parse().ok()?))
}
