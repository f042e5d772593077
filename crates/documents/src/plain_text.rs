//! Text from outside made fit for a line of ours. Names and references come from spreadsheets and marketplaces:
//! a line break in one would forge a mail header or a paragraph of the letter, a bidirectional override would
//! show an amount backwards, and 10 kB of it would bury what we have to say.

use std::borrow::Cow;

/// Longest name, reference or the like that is shown; no honest one comes near it.
const MAX_FACT_CHARS: usize = 300;

/// Longest subject: mail programs show fewer than 100 characters, RFC 5322 2.1.1 allows 998 octets on a line.
const MAX_SUBJECT_CHARS: usize = 200;

/// A fact for one line: no control characters, single spaces, of bounded length.
pub(crate) fn fact(text: &str) -> Cow<'_, str> {
    fact_within(text, MAX_FACT_CHARS)
}

/// As [`fact`], where there is room for fewer characters.
pub(crate) fn fact_within(text: &str, max_chars: usize) -> Cow<'_, str> {
    if text.len() <= max_chars && is_tidy(text) { Cow::Borrowed(text) } else { one_line(text, max_chars).into() }
}

/// A postal address: one fact per line, empty lines dropped.
pub(crate) fn address(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(fact).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// The subject line of a mail.
pub(crate) fn subject(text: &str) -> String {
    one_line(text, MAX_SUBJECT_CHARS)
}

/// The body of a letter: no control characters but line breaks, no trailing spaces, at most one empty line in a
/// row, none at the start, and exactly one line break at the end. An empty letter stays empty.
pub(crate) fn body(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len() + 1);
    let mut empty_lines = 0;
    for line in text.lines() {
        let line = without_unprintable(line);
        let line = line.trim_end();
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        if empty_lines > 0 && !tidy.is_empty() {
            tidy.push('\n');
        }
        empty_lines = 0;
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy
}

/// Whether the text contains characters for which fonts of Chinese, Japanese and Korean are needed.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF       // Hangul letters
        | 0x2E80..=0x30FF     // radicals, CJK punctuation, kana
        | 0x3100..=0x9FFF     // bopomofo … unified ideographs
        | 0xAC00..=0xD7AF     // Hangul syllables
        | 0xF900..=0xFAFF     // compatibility ideographs
        | 0xFF00..=0xFFEF     // full-width forms
        | 0x20000..=0x3FFFF) // supplementary ideographs
}

fn without_unprintable(line: &str) -> Cow<'_, str> {
    let unprintable = |c: char| c.is_control() || reorders(c);
    if line.contains(unprintable) { line.replace(unprintable, "").into() } else { Cow::Borrowed(line) }
}

fn is_tidy(text: &str) -> bool {
    let mut after_space = true;
    let tidy_within = text.chars().all(|c| {
        let plain = c == ' ' || !(c.is_whitespace() || c.is_control() || reorders(c));
        let doubled = c == ' ' && after_space;
        after_space = c == ' ';
        plain && !doubled
    });
    tidy_within && (!after_space || text.is_empty())
}

fn one_line(text: &str, max_chars: usize) -> String {
    let spaced: String = text.chars().filter(|c| !reorders(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    match joined.char_indices().nth(max_chars) {
        None => joined,
        Some(_) => {
            let kept: String = joined.chars().take(max_chars - 1).collect();
            format!("{}…", kept.trim_end())
        }
    }
}

/// Explicit bidirectional embeddings, overrides and isolates (UAX 9), line and paragraph separators, and the byte
/// order mark. Right-to-left names need none of them.
fn reorders(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_one_bounded_line() {
        assert!(matches!(fact("Rossi & Figli S.r.l."), Cow::Borrowed("Rossi & Figli S.r.l.")));
        assert_eq!(fact(" A\r\nBcc: x@y\tz\u{0} \u{202E}evil\u{2028}"), "A Bcc: x@y z evil");
        assert_eq!(fact(""), "");
        assert_eq!(fact(" \n"), "");
        let long = fact(&"长".repeat(10_000)).into_owned();
        assert_eq!((long.chars().count(), long.ends_with('…')), (300, true));
        assert_eq!(fact("שלום בע״מ"), "שלום בע״מ");
    }

    #[test]
    fn a_body_is_tidied_but_not_reworded() {
        assert_eq!(body("\n\nHello  you, \r\n\r\n\r\n\r\n  - one\u{7}\t\n\n"), "Hello  you,\n\n  - one\n");
        assert_eq!(body(" \n\n"), "");
        assert_eq!(body("no end"), "no end\n");
    }

    #[test]
    fn an_address_keeps_its_lines() {
        assert_eq!(address("12 Zhongshan Rd\r\n\r\n Ningbo\u{7} "), "12 Zhongshan Rd\nNingbo");
    }
}
