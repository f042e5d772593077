//! Shares of an order in words and fractions: `30%`, `1/3`, `half`, `三成`, `三分之一`, `la mitad`.

/// The whole of an order in the parts that a share is counted in. Divisible by three, so that a third is a third and not
/// 33.33 %: of 100,000.00 that would be 3.33 too little in the first letter and too much in the last.
pub const WHOLE: u32 = 30_000;

/// A share as it is written once words and fractions are out of the way. Thirds have more decimals than anybody states.
const WORDS: &[(&str, &str)] = &[
    ("one half", "50%"),
    ("one-half", "50%"),
    ("a half", "50%"),
    ("half", "50%"),
    ("1/2", "50%"),
    ("two thirds", "66.66667%"),
    ("two-thirds", "66.66667%"),
    ("2/3", "66.66667%"),
    ("one third", "33.33333%"),
    ("one-third", "33.33333%"),
    ("a third", "33.33333%"),
    ("1/3", "33.33333%"),
    ("three quarters", "75%"),
    ("three-quarters", "75%"),
    ("3/4", "75%"),
    ("one quarter", "25%"),
    ("one-quarter", "25%"),
    ("a quarter", "25%"),
    ("1/4", "25%"),
    ("one fifth", "20%"),
    ("one-fifth", "20%"),
    ("a fifth", "20%"),
    ("two fifths", "40%"),
    ("three fifths", "60%"),
    ("four fifths", "80%"),
    ("1/5", "20%"),
    ("2/5", "40%"),
    ("3/5", "60%"),
    ("4/5", "80%"),
    ("la mitad", "50%"),
    ("mitad", "50%"),
    ("una tercera parte", "33.33333%"),
    ("un tercio", "33.33333%"),
    ("dos tercios", "66.66667%"),
    ("un cuarto", "25%"),
    ("tres cuartos", "75%"),
    ("三分之一", "33.33333%"),
    ("三分之二", "66.66667%"),
    ("四分之一", "25%"),
    ("四分之三", "75%"),
    ("五分之一", "20%"),
    ("五分之二", "40%"),
    ("五分之三", "60%"),
    ("五分之四", "80%"),
    ("二分之一", "50%"),
    ("一半", "50%"),
    ("半数", "50%"),
    ("一成", "10%"),
    ("二成", "20%"),
    ("两成", "20%"),
    ("三成", "30%"),
    ("四成", "40%"),
    ("五成", "50%"),
    ("六成", "60%"),
    ("七成", "70%"),
    ("八成", "80%"),
    ("九成", "90%"),
    ("十成", "100%"),
    ("1成", "10%"),
    ("2成", "20%"),
    ("3成", "30%"),
    ("4成", "40%"),
    ("5成", "50%"),
    ("6成", "60%"),
    ("7成", "70%"),
    ("8成", "80%"),
    ("9成", "90%"),
];

/// Words that make something else of the number before them: half a month, a third party, a quarter later.
const NO_SHARE: &[&str] = &["party", "part inspection", "month", "a month", "year", "a year", "day", "week", "later"];

/// The terms with every share as a percentage, in the same order.
pub(super) fn in_percents(plain: &str) -> String {
    let plain = plain.replace('\u{2044}', "/");
    let mut out = String::with_capacity(plain.len());
    let mut rest = plain.as_str();
    while let Some(next) = rest.chars().next() {
        let stated = WORDS.iter().find(|(word, _)| {
            rest.strip_prefix(word).is_some_and(|after| stands_alone(word, out.chars().next_back(), after))
        });
        if let Some((word, share)) = stated {
            out.push_str(share);
            rest = &rest[word.len()..];
            // A percentage reads on like a word: `1/3定金` and `half deposit` alike.
            continue;
        }
        out.push(next);
        rest = &rest[next.len_utf8()..];
    }
    out
}

/// Whether it is a word of its own and means a share: 11/2 is none, 1/3/2026 a day, and a third party no third.
fn stands_alone(word: &str, before: Option<char>, after: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() && c.is_ascii() || c == '/' || c == '.';
    let ascii = word.is_ascii();
    if (ascii || word.starts_with(|c: char| c.is_ascii_digit())) && before.is_some_and(joins) {
        return false;
    }
    if ascii && after.starts_with(|c: char| joins(c) && c != '.') {
        return false;
    }
    // 十三成 and 二十三分之一 are no shares that anybody agrees on.
    if !ascii && before.is_some_and(|c| "一二三四五六七八九十百".contains(c)) {
        return false;
    }
    let follows = after.trim_start_matches([' ', '-']);
    !NO_SHARE.iter().any(|other| follows.starts_with(other))
}

/// The first percentage of a part, in parts of [`WHOLE`].
pub(super) fn percent(part: &str) -> Option<u32> {
    let end = part.find('%')?;
    let number: String = part[..end].chars().rev().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let number: String = number.chars().rev().collect();
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    if let Some(thirds) = thirds(whole, fraction) {
        return Some(WHOLE / 3 * thirds);
    }
    let whole: u32 = whole.parse().ok()?;
    let fraction: u32 = match fraction.len() {
        0 => 0,
        1 => fraction.parse::<u32>().ok()? * 10,
        2 => fraction.parse().ok()?,
        _ => return None,
    };
    let hundredths = whole.checked_mul(100)?.checked_add(fraction)?;
    hundredths.checked_mul(WHOLE / 10_000).filter(|parts| *parts > 0 && *parts <= WHOLE)
}

/// `33.333` and `66.667`, with as many decimals as one likes but more than two: who writes them so means thirds.
fn thirds(whole: &str, fraction: &str) -> Option<u32> {
    let all = |digits: &str, digit: char| digits.len() > 1 && digits.chars().all(|c| c == digit);
    match whole {
        "33" if fraction.len() > 2 && all(fraction, '3') => Some(1),
        "66" if fraction.len() > 2 => {
            let most = fraction.strip_suffix(['6', '7'])?;
            all(most, '6').then_some(2)
        }
        _ => None,
    }
}

/// As people read it: `90`, `12.5`, `66.67`.
pub(super) fn written(parts: u32) -> String {
    let hundredths = (u64::from(parts) * 10_000 + u64::from(WHOLE) / 2) / u64::from(WHOLE);
    let percent = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    percent.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_percentages_where_they_are_shares() {
        for (text, expected) in [
            ("half deposit", "50% deposit"),
            ("1/3定金", "33.33333%定金"),
            ("1⁄3 deposit", "33.33333% deposit"),
            ("一半定金,一半发货前", "50%定金,50%发货前"),
            ("定金三成", "定金30%"),
            ("11/2 deposit", "11/2 deposit"),
            ("1/2/2026 deposit", "1/2/2026 deposit"),
            ("after a third party inspection", "after a third party inspection"),
            ("half a month after b/l", "half a month after b/l"),
            ("half-yearly", "half-yearly"),
            ("behalf", "behalf"),
            ("十三成", "十三成"),
            ("quarterly", "quarterly"),
        ] {
            assert_eq!(in_percents(text), expected, "{text}");
        }
    }

    #[test]
    fn a_percentage_has_two_decimals_or_means_thirds() {
        for (text, expected) in [
            ("30%", Some(9_000)),
            ("12.5%", Some(3_750)),
            ("33.33%", Some(9_999)),
            ("33.333%", Some(10_000)),
            ("33.33333%", Some(10_000)),
            ("66.667%", Some(20_000)),
            ("66.666%", Some(20_000)),
            ("66.67%", Some(20_001)),
            ("66.676%", None),
            ("33.334%", None),
            ("12.125%", None),
            ("0%", None),
            ("100%", Some(WHOLE)),
            ("100.01%", None),
            ("99999999999%", None),
        ] {
            assert_eq!(percent(text), expected, "{text}");
        }
    }

    #[test]
    fn shares_are_told_as_people_write_them() {
        assert_eq!(written(27_000), "90");
        assert_eq!(written(3_750), "12.5");
        assert_eq!(written(20_000), "66.67");
    }
}
