//! The Dutch (and SWIFT recommended) way to write field 86: `/EREF/…/NAME/…/REMI/…`.
//!
//! Three shapes of one idea: Rabobank `/BENM//NAME/x/REMI/y`, ABN AMRO `/IBAN/x/NAME/y`, ING
//! `/CNTP/account/bic/name///REMI/USTD//text/`.

use super::details::{Details, one_line, present};

const WORDS: [&str; 30] = [
    "EREF", "PREF", "MARF", "CSID", "RTRN", "TRTP", "IBAN", "BIC", "NAME", "ORDP", "BENM", "REMI", "USTD", "STRD",
    "CNTP", "ADDR", "ISDT", "PURP", "ULTD", "ULTB", "ULTC", "SVCL", "TRCD", "BUSP", "CHGS", "OCMT", "IACC", "ACCW",
    "INFO", "EXCH",
];

/// `None` when the text does not begin with one of the words.
pub(super) fn read(text: &str) -> Option<Details> {
    let joined: String = text.split('\n').collect();
    let joined = joined.trim();
    word_at(joined, 0)?;
    let mut details = Details::default();
    let mut purpose = String::new();
    let mut ultimate = false;
    for (word, value) in cut(joined) {
        let value = value.trim_matches('/');
        ultimate = ultimate && word == "NAME";
        match word {
            "EREF" => details.end_to_end_id = details.end_to_end_id.or_else(|| present(value)),
            "PREF" => details.reference = present(value),
            "IBAN" | "ACCW" => {
                details.counterparty_account =
                    details.counterparty_account.or_else(|| present(value.split(',').next()?))
            }
            "NAME" if !ultimate => details.counterparty_name = details.counterparty_name.or_else(|| present(value)),
            "ULTD" | "ULTB" | "ULTC" => ultimate = true,
            "ORDP" | "BENM" => details.counterparty_name = details.counterparty_name.or_else(|| present(value)),
            "CNTP" => read_counterparty(value, &mut details),
            "REMI" | "USTD" | "STRD" | "INFO" => purpose = format!("{purpose} {}", value.trim_start_matches("CUR/")),
            "CHGS" => details.charges = present(value),
            _ => {}
        }
    }
    details.purpose = one_line(&purpose);
    Some(details)
}

fn read_counterparty(value: &str, details: &mut Details) {
    let mut parts = value.split('/');
    details.counterparty_account = parts.next().and_then(present).or(details.counterparty_account.take());
    let _bic = parts.next();
    details.counterparty_name = parts.next().and_then(present).or(details.counterparty_name.take());
}

/// The words with the text up to the next one.
fn cut(text: &str) -> Vec<(&'static str, &str)> {
    let mut fields = Vec::new();
    let mut open: Option<(&'static str, usize)> = None;
    for (at, _) in text.match_indices('/') {
        // The slash that ends one word cannot begin the next one.
        if open.is_some_and(|(_, from)| at + 1 < from) {
            continue;
        }
        if let Some(word) = word_at(text, at) {
            if let Some((name, from)) = open {
                fields.push((name, text.get(from..at).unwrap_or_default()));
            }
            open = Some((word, at + word.len() + 2));
        }
    }
    fields.extend(open.map(|(name, from)| (name, text.get(from..).unwrap_or_default())));
    fields
}

/// `/WORD/` at this place.
fn word_at(text: &str, at: usize) -> Option<&'static str> {
    let rest = text.get(at..)?.strip_prefix('/')?;
    WORDS.into_iter().find(|word| rest.strip_prefix(word).is_some_and(|rest| rest.starts_with('/')))
}
