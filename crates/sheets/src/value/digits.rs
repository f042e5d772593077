//! Digits with separators into a plain decimal string, without a float.

use super::amount::DecimalStyle;

const MAX_WHOLE: usize = 18;
const MAX_FRACTION: usize = 10;

/// Whole and fraction digits, as written.
pub(super) struct Digits {
    pub whole: String,
    pub fraction: String,
}

/// Reads `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`, `1,23,456.00`. A single separator before exactly three
/// digits is the only doubtful case: `style` decides; under `Guess` a comma separates thousands, a point
/// decimals.
pub(super) fn read(text: &str, style: DecimalStyle) -> Option<Digits> {
    let mark = decimal_mark(text, style);
    let (whole, fraction) = mark.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
    let whole = ungroup(whole.trim_end())?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || whole.len() + fraction.len() == 0 {
        return None;
    }
    let significant = whole.trim_start_matches('0');
    if significant.len() > MAX_WHOLE || fraction.len() > MAX_FRACTION {
        return None;
    }
    let whole = if significant.is_empty() { "0".to_owned() } else { significant.to_owned() };
    Some(Digits { whole, fraction: fraction.to_owned() })
}

/// What the text alone says about the column: `None` when it says nothing.
pub(super) fn evidence(text: &str) -> Option<DecimalStyle> {
    // A mark that repeats groups thousands: `1.234.500` proves that points do.
    for (mark, style) in [('.', DecimalStyle::Comma), (',', DecimalStyle::Point)] {
        if text.matches(mark).count() > 1 && read(text, DecimalStyle::Guess).is_some() {
            return Some(style);
        }
    }
    let at = decimal_mark(text, DecimalStyle::Guess)?;
    read(text, DecimalStyle::Guess)?;
    let single = text.matches([',', '.']).count() == 1;
    // One point before three digits is read as a decimal point for want of better, and proves nothing.
    if single && text.len() - at - 1 == 3 {
        return None;
    }
    Some(if text[at..].starts_with(',') { DecimalStyle::Comma } else { DecimalStyle::Point })
}

/// Where the decimal mark is, if there is one.
fn decimal_mark(text: &str, style: DecimalStyle) -> Option<usize> {
    let last = text.rfind([',', '.'])?;
    let mark = if text[last..].starts_with(',') { ',' } else { '.' };
    let same = text.matches(mark).count();
    let other = text.matches([',', '.']).count() - same;
    if same > 1 {
        return None;
    }
    if other > 0 {
        return Some(last);
    }
    let three = text.len() - last - 1 == 3;
    // `0,500` cannot be thousands.
    let leading_zero = text.starts_with('0') || last == 0;
    let decimal = !three
        || leading_zero
        || match style {
            DecimalStyle::Guess => mark == '.',
            DecimalStyle::Point => mark == '.',
            DecimalStyle::Comma => mark == ',',
        };
    decimal.then_some(last)
}

/// Removes group separators: groups of three, or of two with a last one of three (India). One kind only.
fn ungroup(text: &str) -> Option<String> {
    let separators: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let Some(first) = separators.first() else {
        return Some(text.to_owned());
    };
    if !",. '’".contains(*first) || separators.iter().any(|c| c != first) {
        return None;
    }
    let groups: Vec<&str> = text.split(*first).collect();
    let (last, rest) = groups.split_last()?;
    let (head, middle) = rest.split_first()?;
    let thousands = middle.iter().all(|group| group.len() == 3) && (1..=3).contains(&head.len());
    let indian = *first == ',' && middle.iter().all(|group| group.len() == 2) && (1..=2).contains(&head.len());
    (last.len() == 3 && (thousands || indian)).then(|| groups.concat())
}
