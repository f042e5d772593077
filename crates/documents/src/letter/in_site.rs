//! What a message inside a marketplace may not hold (SCENARIOS G3): ways to reach us elsewhere, and bank data. The pages
//! of the order, its articles and its parcels come as variables; a text has no links of its own.

use std::cmp::Reverse;

use dunlin_core::letter::LetterFacts;

/// Endings by which a word without `http` is a link too.
const ENDINGS: [&str; 14] =
    ["com", "net", "org", "cn", "io", "biz", "info", "shop", "store", "top", "link", "cc", "ru", "eu"];

/// Chats that a buyer could be led to.
const CHATS: [&str; 5] = ["whatsapp", "wechat", "微信", "telegram", "skype"];

/// Fewer digits are a date, an amount or an order.
const DIGITS_OF_A_PHONE: usize = 9;

/// The first thing of that kind in a text, and what it is.
pub(super) fn leads_away(text: &str, facts: &LetterFacts) -> Option<(&'static str, String)> {
    let text = &without_own_words(text, facts);
    let ends_word = |c: char| c.is_whitespace() || "，。；：！？、（）()<>“”\"'".contains(c);
    for word in text.split(ends_word).filter(|word| !word.is_empty()) {
        let lower = word.to_lowercase();
        if lower.split_once('@').is_some_and(|(before, after)| !before.is_empty() && after.contains('.')) {
            return Some(("a mail address", word.to_string()));
        }
        if lower.contains("://") || lower.starts_with("www.") || is_domain(&lower) {
            return Some(("a link", word.to_string()));
        }
        if CHATS.iter().any(|chat| lower.contains(chat)) {
            return Some(("the name of another chat", word.to_string()));
        }
    }
    let bank = facts.bank.iter().flat_map(|bank| [&bank.account, &bank.swift, &bank.bank]);
    if let Some(found) = bank.into_iter().find(|data| text.contains(data.as_str())) {
        return Some(("bank data", found.clone()));
    }
    phone(text).map(|number| ("a phone number", number))
}

/// The text without the numbers and pages of the order itself. The longest go first: a page holds the number.
fn without_own_words(text: &str, facts: &LetterFacts) -> String {
    let Some(order) = &facts.order else {
        return text.to_string();
    };
    let mut words: Vec<&str> = order.own_words();
    words.extend(facts.items.iter().map(|item| item.reference.as_str()));
    words.sort_by_key(|word| Reverse(word.len()));
    words.into_iter().filter(|word| !word.is_empty()).fold(text.to_string(), |text, word| text.replace(word, "…"))
}

/// `shop.example.com/pay`, but not `S.r.l.` and not `12,430.00`.
fn is_domain(word: &str) -> bool {
    let host = word.split('/').next().unwrap_or(word).trim_end_matches(['.', ',', ';', ':', '!', '?']);
    let Some((name, ending)) = host.rsplit_once('.') else {
        return false;
    };
    let label = name.rsplit('.').next().unwrap_or("");
    ENDINGS.contains(&ending) && label.len() > 1 && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn phone(text: &str) -> Option<String> {
    let inside = |c: char| c.is_ascii_digit() || " -()+".contains(c);
    let mut runs = text.split(|c: char| !inside(c));
    let digits = |run: &str| run.chars().filter(char::is_ascii_digit).count();
    runs.find(|run| digits(run) >= DIGITS_OF_A_PHONE).map(|run| run.trim().to_string())
}
