//! What a buyer abroad cannot read or use of how the firm signs: told wherever somebody sets the firm up or sends.

use dunlin_core::explain::{UiLanguage, phrase};
use dunlin_core::letter::has_chinese;
use dunlin_store::{LatinNames, Settings};

use crate::house::House;

/// Something under the letters that means nothing abroad, as it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// The firm has a Chinese name alone.
    Company(String),
    /// So has the person who signs.
    Signer(String),
    /// Nobody in another country knows what goes before this number.
    Phone(String),
}

impl Unclear {
    pub fn sentence(&self, language: UiLanguage) -> String {
        let (key, text) = match self {
            Self::Company(text) => ("abroad-company", text),
            Self::Signer(text) => ("abroad-signer", text),
            Self::Phone(text) => ("abroad-phone", text),
        };
        phrase(language, key, &[("text", text.clone())])
    }
}

/// What is unclear in these settings, whoever the buyers are.
pub fn unclear(settings: &Settings) -> Vec<Unclear> {
    let Settings { sender, latin: LatinNames { company, name, .. }, .. } = settings;
    let chinese = |given: &str, latin: &str| has_chinese(given) && latin.trim().is_empty();
    let mut found = Vec::new();
    if chinese(&sender.company, company) {
        found.push(Unclear::Company(sender.company.clone()));
    }
    if chinese(&sender.name, name) {
        found.push(Unclear::Signer(sender.name.clone()));
    }
    if is_without_country(&sender.phone) {
        found.push(Unclear::Phone(sender.phone.trim().to_string()));
    }
    found
}

/// The same for a firm with buyers abroad; nothing for others.
pub async fn unclear_abroad(house: &House) -> anyhow::Result<Vec<Unclear>> {
    let found = unclear(&house.tenant.settings);
    let matters = !found.is_empty() && house.store.has_buyers_abroad(house.tenant.id).await?;
    Ok(if matters { found } else { Vec::new() })
}

/// `0574-8765 4321` in place of `+86 574 8765 4321`. A number with the code and without its sign counts as known.
fn is_without_country(phone: &str) -> bool {
    let start = phone.trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == '（');
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let known =
        start.starts_with(['+', '＋']) || digits.starts_with("00") || digits.starts_with("86") && digits.len() > 11;
    !digits.is_empty() && !known
}

#[cfg(test)]
mod tests {
    use super::is_without_country;

    #[test]
    fn a_number_for_abroad_begins_with_its_country() {
        for (phone, without) in [
            ("0574-8765 4321", true),
            ("138 0013 8000", true),
            ("(0574) 87654321", true),
            ("+86 574 8765 4321", false),
            ("(+86) 574 8765 4321", false),
            ("＋86 574 8765 4321", false),
            ("0086-574-87654321", false),
            ("86-574-87654321", false),
            ("", false),
            ("ask the office", false),
        ] {
            assert_eq!(is_without_country(phone), without, "{phone}");
        }
    }
}
