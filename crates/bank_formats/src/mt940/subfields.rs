//! The German and Polish way to write field 86: a code, then numbered subfields, `166?00…?20…?32…`, with the
//! SEPA words `EREF+`, `KREF+`, `SVWZ+` inside (DFÜ-Abkommen of Deutsche Kreditwirtschaft, annex 3, MT940).

use super::details::{Details, one_line, present};

/// Subfields 20–29 and 60–63 hold 27 characters: a full one goes on in the next without a blank.
const FULL: usize = 27;
const WORDS: [&str; 13] =
    ["EREF", "KREF", "MREF", "CRED", "DEBT", "SVWZ", "ABWA", "ABWE", "IBAN", "COAM", "OAMT", "PURP", "BIC"];

/// `None` when the text is not of this kind.
pub(super) fn read(text: &str) -> Option<Details> {
    let joined: String = text.split('\n').collect();
    let mark = separator(joined.trim_start())?;
    let (mut purpose, mut names, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
    let mut extra = Vec::new();
    for (number, value) in cut(&joined, mark) {
        match number {
            20..=29 | 60..=63 => purpose.push(value.to_owned()),
            32 | 33 => names.push(value.to_owned()),
            31 => accounts.push(value),
            // The IBAN beside the old account number.
            38 => accounts.insert(0, value),
            64..=99 => extra.push(value.to_owned()),
            _ => {}
        }
    }
    let mut details = read_sepa_words(&purpose);
    if !extra.is_empty() {
        details.purpose = one_line(&format!("{} {}", details.purpose, join(&extra)));
    }
    if let Some(account) = accounts.iter().find_map(|text| present(text)) {
        details.counterparty_account = Some(account.replace(' ', ""));
    }
    details.counterparty_name = present(&join(&names)).or(details.counterparty_name);
    Some(details)
}

/// The character in front of the two digits: the one after the three-digit code, or the very first one.
fn separator(text: &str) -> Option<char> {
    let bytes = text.as_bytes();
    let coded = bytes.len() > 5 && bytes[..3].iter().all(u8::is_ascii_digit);
    let at = if coded { 3 } else { 0 };
    let rest = text.get(at..)?;
    let mark = rest.chars().next().filter(|c| "?><~^@|§&".contains(*c))?;
    let digits = rest.get(mark.len_utf8()..mark.len_utf8() + 2)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(mark)
}

/// Cuts at the separator with two digits that name a known subfield; others are part of the text.
fn cut(text: &str, mark: char) -> Vec<(u8, &str)> {
    let mut fields: Vec<(u8, &str)> = Vec::new();
    let mut begin: Option<(u8, usize)> = None;
    for (at, _) in text.match_indices(mark) {
        let after = at + mark.len_utf8();
        let number = text.get(after..after + 2).and_then(|digits| digits.parse::<u8>().ok());
        let Some(number) = number.filter(|n| matches!(n, 0 | 10 | 11 | 20..=39 | 60..=79)) else {
            continue;
        };
        if let Some((open, from)) = begin {
            fields.push((open, &text[from..at]));
        }
        begin = Some((number, after + 2));
    }
    fields.extend(begin.map(|(open, from)| (open, &text[from..])));
    fields
}

fn join(chunks: &[String]) -> String {
    let mut text = String::new();
    let mut full = true;
    for chunk in chunks {
        if !full {
            text.push(' ');
        }
        text.push_str(chunk);
        full = chunk.chars().count() >= FULL;
    }
    text
}

/// Finds `EREF+…` and its sisters. A value goes on in the next chunk only when its own chunk was full; the
/// purpose (SVWZ) goes on always.
pub(super) fn read_sepa_words(chunks: &[String]) -> Details {
    // Word and text; the empty word is text that belongs to none.
    let mut parts: Vec<(&str, String)> = vec![("", String::new())];
    let mut full = true;
    for chunk in chunks {
        let mut rest = chunk.as_str();
        let (before, word) = next_word(rest);
        let free = matches!(parts[parts.len() - 1].0, "" | "SVWZ" | "ABWA" | "ABWE");
        if !full && !free && !before.trim().is_empty() {
            parts.push(("", String::new()));
        } else if !full && !before.is_empty() {
            push(&mut parts, " ");
        }
        push(&mut parts, before);
        rest = &rest[before.len()..];
        let mut found = word;
        while let Some(word) = found {
            rest = &rest[word.len() + 1..];
            let (before, next) = next_word(rest);
            parts.push((word, before.to_owned()));
            rest = &rest[before.len()..];
            found = next;
        }
        full = chunk.chars().count() >= FULL;
    }
    let find = |word: &str| parts.iter().find(|(name, _)| *name == word).and_then(|(_, text)| present(text));
    let all = |word: &str| {
        parts.iter().filter(|(name, _)| *name == word).map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
    };
    Details {
        counterparty_name: None,
        counterparty_account: find("IBAN").map(|iban| iban.split(' ').next().unwrap_or_default().to_owned()),
        end_to_end_id: find("EREF"),
        reference: find("KREF"),
        purpose: one_line(&format!("{} {} {}", all("SVWZ"), all(""), all("ABWA"))),
        charges: None,
    }
}

fn push(parts: &mut [(&str, String)], text: &str) {
    if let Some((_, last)) = parts.last_mut() {
        last.push_str(text);
    }
}

/// The text before the next SEPA word, and that word. It must stand at the beginning or after a blank.
fn next_word(text: &str) -> (&str, Option<&'static str>) {
    let mut from = 0;
    while let Some(plus) = text[from..].find('+').map(|at| from + at) {
        for word in WORDS {
            if let Some(before) = text[..plus].strip_suffix(word)
                && before.chars().next_back().is_none_or(char::is_whitespace)
            {
                return (before, Some(word));
            }
        }
        from = plus + 1;
    }
    (text, None)
}
