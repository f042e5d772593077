//! What an import says of a cell or a file: a key of `import.ftl` with its values. Pages say it in their reader's
//! language, the command line in that it is asked for; reports and the API in English.

use dunlin_core::explain::{UiLanguage, coded, page_phrase, phrase};
use dunlin_core::key_date::KeyDate;
use dunlin_core::locale;
use dunlin_core::money::{Money, MoneyError, currency};
use dunlin_core::receivable::terms::TermsError;
use dunlin_core::refusal::{Refusal, Told};
use dunlin_sheets::SheetError;
use jiff::civil::Date;

/// One sentence, or part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Sentence {
        key: &'static str,
        values: Vec<(&'static str, Told)>,
    },
    /// What the store refuses.
    Refused(Refusal),
    /// Without a key of its own.
    Plain(String),
}

impl Said {
    pub const fn new(key: &'static str) -> Self {
        Self::Sentence { key, values: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Told>) -> Self {
        if let Self::Sentence { values, .. } = &mut self {
            values.push((name, value.into()));
        }
        self
    }

    /// Key of the sentence; empty without one.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Sentence { key, .. } => key,
            Self::Refused(refusal) => refusal.code.key(),
            Self::Plain(_) => "",
        }
    }

    /// On a page.
    pub fn shown(&self, language: UiLanguage) -> String {
        match self {
            Self::Sentence { key, values } => {
                let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.shown(language))).collect();
                page_phrase(language, key, &values)
            }
            Self::Refused(refusal) => refusal.sentence(language),
            Self::Plain(text) => text.clone(),
        }
    }

    /// At the command line, to a person.
    pub fn told(&self, language: UiLanguage) -> String {
        match self {
            Self::Sentence { key, values } => {
                let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.shown(language))).collect();
                phrase(language, key, &values)
            }
            Self::Refused(refusal) => refusal.sentence(language),
            Self::Plain(text) => text.clone(),
        }
    }

    /// In reports that programs read.
    pub fn plain(&self) -> String {
        match self {
            Self::Sentence { key, values } => {
                let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.plain())).collect();
                phrase(UiLanguage::En, key, &values)
            }
            Self::Refused(refusal) => refusal.to_string(),
            Self::Plain(text) => text.clone(),
        }
    }

    /// What the reader of cells says: `not a date: ‘2026-13-01’`.
    pub fn cell(why: &str) -> Self {
        let parted = why.split_once(": ‘").and_then(|(what, rest)| Some((what, rest.strip_suffix('’')?)));
        let Some((what, read)) = parted else {
            return Self::new("unread-cell").with("what", Told::word("cell", why));
        };
        match what.strip_prefix("two currencies, ") {
            Some(both) => Self::new("unread-two-signs").with("both", both).with("read", read),
            None => Self::new("unread-cell-says").with("what", Told::word("cell", what)).with("read", read),
        }
    }

    pub fn money(error: &MoneyError) -> Self {
        match error {
            MoneyError::TooPrecise(amount, currency, most) => {
                let said = Self::new("unread-decimals").with("amount", amount).with("currency", *currency);
                said.with("most", i64::from(*most))
            }
            MoneyError::NotAnAmount(text) => Self::new("unread-not-an-amount").with("text", text),
            other => Self::Plain(other.to_string()),
        }
    }

    pub fn terms(error: &TermsError) -> Self {
        match error {
            TermsError::Empty => Self::new("unread-terms-empty"),
            TermsError::Unknown(text) => Self::new("unread-terms").with("text", text),
            TermsError::Shares(text, sum) => Self::new("unread-shares").with("text", text).with("sum", sum),
            TermsError::Documentary(text) => Self::new("unread-documentary").with("text", text),
        }
    }

    pub fn sheet(error: &SheetError) -> Self {
        match error {
            SheetError::Empty => Self::new("unclear-empty"),
            SheetError::NotATable { kind } => {
                Self::new("unclear-not-a-table").with("kind", Told::word("sheet-kind", kind))
            }
            SheetError::PasswordProtected => Self::new("unclear-password"),
            SheetError::Damaged { detail } => Self::new("unclear-damaged").with("detail", detail),
            SheetError::TooBig { detail } => Self::new("unclear-too-big").with("detail", detail),
        }
    }
}

impl From<&'static str> for Said {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// The word for a corrected field (`due_on`), as pages say it.
pub fn corrected_field(field: &str, language: UiLanguage) -> String {
    let family = if KeyDate::from_code(field).is_some() { "key-date" } else { "corrected" };
    coded(language, family, field)
}

/// A value before or after a correction: codes of ours become words, amounts and days are written as the reader does, all
/// else stays.
pub fn corrected_value(field: &str, value: &str, language: UiLanguage) -> String {
    match field {
        "closed" | "cancelled" | "active" => coded(language, "said", value),
        "trigger" | "obligor" | "role" if !value.is_empty() => coded(language, field, value),
        _ => written(value, language),
    }
}

/// `USD 1234.50` and `2026-03-02` as the reader writes them.
fn written(value: &str, language: UiLanguage) -> String {
    let day = value.parse::<Date>().ok().filter(|day| day.to_string() == value);
    if let Some(day) = day {
        return locale::date(day, language.letters());
    }
    let money = value.split_once(' ').and_then(|(code, amount)| Money::parse(amount, currency(code).ok()?).ok());
    match money.filter(|money| money.to_string() == value) {
        Some(money) => locale::money(money, language.letters()),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_is_named_has_a_sentence_in_both_languages() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/import");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("source");
            for start in ["\"unread-", "\"mend-", "\"unclear-", "\"what-"] {
                for rest in text.split(start).skip(1) {
                    let key = format!("{}{}", &start[1..], rest.split('"').next().unwrap_or(""));
                    if key.ends_with('-') {
                        continue;
                    }
                    count += 1;
                    for language in [UiLanguage::En, UiLanguage::ZhCn] {
                        assert_ne!(phrase(language, &key, &[]), key, "{} in {}", path.display(), language.code());
                    }
                }
            }
        }
        assert!(count > 80, "{count}");
    }

    #[test]
    fn the_command_line_and_pages_say_the_same_in_their_words() {
        let said = Said::cell("not a date: ‘soon’");
        assert_eq!(said.plain(), "not a date: ‘soon’");
        assert_eq!(said.shown(UiLanguage::ZhCn), "不是日期：“soon”");
        let remedy = Said::new("mend-no-terms");
        assert!(remedy.plain().contains("--map"));
        assert!(!remedy.shown(UiLanguage::En).contains("--map"));
        assert_eq!(corrected_value("closed", "true", UiLanguage::ZhCn), "是");
        assert_eq!(corrected_field("due_on", UiLanguage::ZhCn), "到期日");
        assert_eq!(remedy.told(UiLanguage::En), remedy.plain(), "columns are named by --map there");
    }

    #[test]
    fn a_corrected_value_reads_as_people_write_it() {
        for (value, en, zh) in [
            ("USD 17240.00", "USD 17,240.00", "USD 17,240.00"),
            ("2026-10-05", "5 October 2026", "2026年10月5日"),
            ("INV-7", "INV-7", "INV-7"),
            ("USD many", "USD many", "USD many"),
            ("", "", ""),
        ] {
            assert_eq!(corrected_value("amount", value, UiLanguage::En), en);
            assert_eq!(corrected_value("amount", value, UiLanguage::ZhCn), zh);
        }
    }
}
