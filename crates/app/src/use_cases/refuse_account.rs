//! Bank details where only words belong: a signature or an address stands in letters by one person's hand, an account takes
//! two. What reads like an account is refused there, unless it is one that letters name anyway.

use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::Settings;
use jiff::Timestamp;

/// From so many digits in a row on, a number may be an account.
const FEWEST_DIGITS: usize = 8;
/// No telephone number in the world has more (ITU-T E.164).
const MOST_OF_PHONE: usize = 15;
const PHONE: &[&str] =
    &["tel", "phone", "mob", "cell", "fax", "whatsapp", "wechat", "电话", "手机", "传真", "微信", "тел"];
const BANK: &[&str] =
    &["account", "acct", "a/c", "iban", "bank", "cuenta", "账号", "账户", "帐号", "银行", "счет", "счёт"];

/// Refuses words that bring an account with them.
pub fn no_account(text: &str, settings: &Settings, now: Timestamp) -> Result<(), Refusal> {
    let is_ours = |found: &str| {
        let mut usable = settings.bank_accounts.iter().filter(|known| known.is_usable(now)).map(|known| &known.details);
        // Of an IBAN the digits are found as well.
        usable.any(|ours| packed(&ours.account).contains(found) || packed(&ours.swift) == found)
    };
    match accounts_in(text).into_iter().find(|found| !is_ours(found)) {
        Some(found) => Err(Refusal::new(RefusalCode::AccountInWords).with("text", found)),
        None => Ok(()),
    }
}

/// Letters and digits alone, as capitals.
fn packed(text: &str) -> String {
    text.chars().map(narrow).filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// A full-width letter or digit of a Chinese keyboard as the plain one.
fn narrow(c: char) -> char {
    match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// A run of letters and digits, and what stands between it and the one before.
struct Word {
    text: String,
    gap: String,
    /// Where on the line it begins.
    at: usize,
}

impl Word {
    fn is_number(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether it goes on what stands before it: numbers are written in groups.
    fn goes_on(&self) -> bool {
        self.gap.chars().count() <= 3
            && !self.gap.chars().any(|c| c.is_alphanumeric() || matches!(c, ',' | ';' | ':' | '/' | '+'))
    }
}

fn words_of(line: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut text, mut gap, mut at) = (String::new(), String::new(), 0);
    for (place, c) in line.char_indices() {
        if c.is_ascii_alphanumeric() {
            if text.is_empty() {
                at = place;
            }
            text.push(c.to_ascii_uppercase());
        } else {
            if !text.is_empty() {
                words.push(Word { text: std::mem::take(&mut text), gap: std::mem::take(&mut gap), at });
            }
            gap.push(c);
        }
    }
    if !text.is_empty() {
        words.push(Word { text, gap, at });
    }
    words
}

/// What reads like the number of an account or the code of a bank, packed.
fn accounts_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let line: String = line.chars().map(narrow).collect();
        let words = words_of(&line);
        let lower = line.to_lowercase();
        for (first, word) in words.iter().enumerate() {
            found.extend(iban_at(&words[first..]));
            let before = words[..first].last().map_or("", |before| before.text.as_str());
            found.extend(bank_code(&word.text, before));
        }
        found.extend(numbers_in(&line, &lower, &words));
    }
    found
}

/// An IBAN that begins with the first of these words.
fn iban_at(words: &[Word]) -> Option<String> {
    let mut whole = String::new();
    for (n, word) in words.iter().enumerate() {
        if n > 0 && !word.goes_on() || whole.len() > 34 {
            return None;
        }
        whole.push_str(&word.text);
        if whole.len() >= 15 && whole.parse::<iban::Iban>().is_ok() {
            return Some(whole);
        }
    }
    None
}

/// The SWIFT code of a bank: many a word of eight letters has its shape, so it is one where it is called so or has a digit.
fn bank_code(word: &str, before: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let has_shape = matches!(bytes.len(), 8 | 11) && bytes[..6].iter().all(u8::is_ascii_alphabetic);
    let is_called_so = matches!(before, "SWIFT" | "BIC" | "CODE");
    (has_shape && (is_called_so || bytes[6..].iter().any(u8::is_ascii_digit))).then(|| word.to_string())
}

/// Long numbers that are no telephone number written as one, and no date.
fn numbers_in(line: &str, lower: &str, words: &[Word]) -> Vec<String> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let begins = &words[first];
        if !begins.is_number() {
            first += 1;
            continue;
        }
        let mut end = first + 1;
        while end < words.len() && words[end].is_number() && words[end].goes_on() {
            end += 1;
        }
        let group = &words[first..end];
        first = end;
        let number: String = group.iter().map(|word| word.text.as_str()).collect();
        let lengths: Vec<usize> = group.iter().map(|word| word.text.len()).collect();
        let is_date = matches!(lengths[..], [4, 2, 2] | [2, 2, 4]);
        let says = |names: &[&str], text: &str| names.iter().any(|name| text.contains(name));
        let called = line[..begins.at].to_lowercase();
        let is_phone =
            number.len() <= MOST_OF_PHONE && (begins.gap.contains('+') || says(PHONE, &called)) && !says(BANK, lower);
        if number.len() >= FEWEST_DIGITS && !is_date && !is_phone {
            found.push(number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_in_every_dress() {
        for (text, account) in [
            ("Please pay to DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
            ("iban de89370400440532013000.", "DE89370400440532013000"),
            ("SWIFT: BKCHCNBJ", "BKCHCNBJ"),
            ("our bank is BKCHCNBJ92A now", "BKCHCNBJ92A"),
            ("Account 3900 0019", "39000019"),
            ("New account, Tel 6222 0212", "62220212"),
            ("账号６２２２０２１２３４５６７８９", "622202123456789"),
            ("Tel: 6222 0212 3456 7890 123", "6222021234567890123"),
        ] {
            assert!(accounts_in(text).iter().any(|found| found == account), "{text}: {:?}", accounts_in(text));
        }
    }

    #[test]
    fn what_stands_under_letters_is_none() {
        for text in [
            "Mei Lin\nNingbo Story Co., Ltd.\nTel. +86 574 8888 8888 / +86 138 1234 5678",
            "Mobile 13812345678, WhatsApp 13812345678",
            "电话：0574-88888888",
            "VAT DE123456789, HRB 123456",
            "91330200MA2AB12C3D",
            "No. 88, Zhongshan Road, 315000 Ningbo, SHENZHEN TRADINGS",
            "We have had delays since 2026-03-04.",
            "",
        ] {
            assert!(accounts_in(text).is_empty(), "{text}: {:?}", accounts_in(text));
        }
    }
}
