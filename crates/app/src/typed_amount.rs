//! An amount as a person types it into a form or a command.

use dunlin_core::money::{Currency, Money, digits};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_sheets::Cell;
use dunlin_sheets::value::{DecimalStyle, ParsedAmount, parse_amount};

/// Currencies that are written with a bare `$`.
const DOLLARS: [Currency; 11] = [
    Currency::USD,
    Currency::HKD,
    Currency::TWD,
    Currency::AUD,
    Currency::CAD,
    Currency::SGD,
    Currency::NZD,
    Currency::MXN,
    Currency::COP,
    Currency::CLP,
    Currency::ARS,
];

/// `1,234.50`, `1 234.50`, `1.234,50`, also with the sign or code of its currency. One mark before three digits is read
/// by what the currency has: yen have no decimals, dinars have three, and with two a comma there parts thousands. A lone point there
/// is refused: whoever left a digit out meant something else.
pub fn typed_amount(text: &str, currency: Currency) -> anyhow::Result<Money> {
    let refused = |code| Refusal::new(code).with("text", text);
    let bare = without_code(text.trim(), currency);
    let style = style_of(bare, currency).ok_or_else(|| refused(RefusalCode::AmountUnclear))?;
    let unreadable = || refused(RefusalCode::AmountUnreadable);
    let read = parse_amount(&Cell::Text(bare.to_string()), style).ok().flatten().ok_or_else(unreadable)?;
    if let Some(other) = other_currency(&read, currency) {
        let refusal = refused(RefusalCode::AmountOther).with("typed", other);
        return Err(refusal.with("owed", currency.code()).into());
    }
    Ok(Money::parse(&read.value, currency).map_err(|_| unreadable())?)
}

/// Not every code is known to the reader of tables; that of the amount's own currency is no news.
fn without_code(text: &str, currency: Currency) -> &str {
    let code = currency.code();
    let (head, tail) = (text.get(..code.len()), text.len().checked_sub(code.len()).and_then(|at| text.get(at..)));
    if head.is_some_and(|head| head.eq_ignore_ascii_case(code)) {
        text[code.len()..].trim_start()
    } else if tail.is_some_and(|tail| tail.eq_ignore_ascii_case(code)) {
        text[..text.len() - code.len()].trim_end()
    } else {
        text
    }
}

/// How a lone mark before exactly three digits is meant; `None` when nobody can tell.
fn style_of(text: &str, currency: Currency) -> Option<DecimalStyle> {
    let Some((mark, leads_with_zero)) = doubtful_mark(text) else {
        return Some(DecimalStyle::Guess);
    };
    match (digits(currency), mark) {
        _ if leads_with_zero => Some(DecimalStyle::Guess),
        (0, '.') => Some(DecimalStyle::Comma),
        (0..=2, ',') | (3.., '.') => Some(DecimalStyle::Point),
        _ => None,
    }
}

/// The only mark between digits, where exactly three digits follow; and whether the number begins with a zero, which
/// thousands do not.
fn doubtful_mark(text: &str) -> Option<(char, bool)> {
    let chars: Vec<char> = text.chars().map(half_width).collect();
    let is_mark = |at: &usize| {
        matches!(chars[*at], '.' | ',')
            && chars.get(at + 1).is_some_and(char::is_ascii_digit)
            && *at > 0
            && chars[at - 1].is_ascii_digit()
    };
    let marks: Vec<usize> = (0..chars.len()).filter(is_mark).collect();
    let [at] = marks[..] else {
        return None;
    };
    let after = chars[at + 1..].iter().take_while(|c| c.is_ascii_digit()).count();
    let unit = chars.get(at + 1 + after).is_some_and(|c| "万萬亿".contains(*c));
    let first = chars[..at].iter().find(|c| c.is_ascii_digit());
    (after == 3 && !unit).then_some((chars[at], first == Some(&'0')))
}

fn half_width(c: char) -> char {
    match c {
        '，' => ',',
        '．' => '.',
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
        _ => c,
    }
}

/// The currency that stands beside the digits, where it is not the amount's own.
fn other_currency(read: &ParsedAmount, currency: Currency) -> Option<&'static str> {
    let code = read.currency?;
    let same = match (code, read.assumed) {
        ("USD", true) => DOLLARS.contains(&currency),
        ("CNY", true) => matches!(currency, Currency::CNY | Currency::JPY),
        (code, _) => code == currency.code(),
    };
    (!same).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, currency: Currency) -> Option<i64> {
        typed_amount(text, currency).map(|money| money.minor).ok()
    }

    #[test]
    fn people_write_amounts_in_many_ways() {
        for text in [
            "1272",
            "1272.00",
            "1,272.00",
            "1 272.00",
            "1.272,00",
            " 1272,00 ",
            "$1272",
            "USD 1272.00",
            "1,272.00 usd",
            "1,272",
            "$1,272",
            "USD 1,272",
            "１，２７２",
            "１２７２．００",
        ] {
            assert_eq!(read(text, Currency::USD), Some(127_200), "{text}");
        }
        for text in ["", "1.272", "1.272 USD", "１．２７２", "12O", "-", "1272.001"] {
            assert_eq!(read(text, Currency::USD), None, "{text}");
        }
    }

    #[test]
    fn three_digits_after_a_mark_are_read_by_the_currency() {
        let cases = [
            ("0.125", Currency::KWD, Some(125)),
            ("KWD 0.125", Currency::KWD, Some(125)),
            ("0,125", Currency::KWD, Some(125)),
            ("12.345", Currency::KWD, Some(12_345)),
            ("1,234", Currency::KWD, None),
            ("1,234.500", Currency::KWD, Some(1_234_500)),
            ("1,234", Currency::JPY, Some(1_234)),
            ("1.234", Currency::JPY, Some(1_234)),
            ("¥1,234", Currency::JPY, Some(1_234)),
            ("12.50", Currency::JPY, None),
        ];
        for (text, currency, minor) in cases {
            assert_eq!(read(text, currency), minor, "{text} {}", currency.code());
        }
    }

    #[test]
    fn another_currency_is_refused() {
        for (text, currency) in [
            ("$5", Currency::KWD),
            ("€5", Currency::USD),
            ("5 EUR", Currency::USD),
            ("US$ 5", Currency::HKD),
            ("¥5", Currency::USD),
            ("5元", Currency::JPY),
        ] {
            let refused = typed_amount(text, currency).expect_err("refused").to_string();
            assert!(refused.contains(currency.code()), "{refused}");
        }
        assert_eq!(read("$5", Currency::HKD), Some(500));
    }
}
