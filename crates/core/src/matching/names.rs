//! Company names as banks print them: upper case, cut off, without accents, with or without the legal form.

use rapidfuzz::distance::jaro_winkler;
use unicode_normalization::UnicodeNormalization;

/// Legal forms that say nothing about who it is.
const FORMS: &[&str] = &[
    "SRL", "SPA", "SL", "SA", "SAS", "SARL", "GMBH", "AG", "KG", "LTD", "LIMITED", "LLC", "INC", "CORP", "CO",
    "COMPANY", "BV", "NV", "OY", "AB", "AS", "APS", "PTY", "PLC", "LTDA", "SPZOO", "ZOO", "SP", "Z", "OO", "O", "CV",
    "DE", "RL", "EST", "FZE", "FZCO", "TRADING", "STI", "AND", "THE", "OF", "S", "R", "L", "P", "A", "C", "V",
];

/// A name folded for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameKey {
    name: String,
    /// Its words from A to Z; empty when the name has but one, or has them in that order.
    in_order: String,
}

impl NameKey {
    pub fn new(name: &str) -> Self {
        let folded: String = name.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect();
        let upper = folded.to_uppercase();
        let words = upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut telling: Vec<&str> = words.filter(|word| !FORMS.contains(word)).collect();
        let name = telling.join(" ");
        telling.sort_unstable();
        let in_order = telling.join(" ");
        Self { in_order: if in_order == name { String::new() } else { in_order }, name }
    }

    /// As stored in the search column of a party.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    pub fn is_empty(&self) -> bool {
        self.name.is_empty()
    }

    fn words_in_order(&self) -> &str {
        if self.in_order.is_empty() { &self.name } else { &self.in_order }
    }

    /// Whether the two could be the same firm: nearly equal, or one is the beginning of the other (banks cut off); or the
    /// words of one are all among those of the other, in whatever order.
    pub fn resembles(&self, other: &Self) -> bool {
        if self.is_empty() || other.is_empty() {
            return false;
        }
        let (short, long) =
            if self.name.len() <= other.name.len() { (&self.name, &other.name) } else { (&other.name, &self.name) };
        if short.chars().count() >= 6 && (long.starts_with(short.as_str()) || holds_all_words(long, short)) {
            return true;
        }
        if are_alike(&self.name, &other.name) {
            return true;
        }
        // Where both have their words from A to Z this was compared just now.
        let are_turned = !self.in_order.is_empty() || !other.in_order.is_empty();
        are_turned && are_alike(self.words_in_order(), other.words_in_order())
    }
}

fn are_alike(one: &str, other: &str) -> bool {
    jaro_winkler::normalized_similarity(one.chars(), other.chars()) >= 0.93
}

/// Each word of the short name, of which there are two at least, stands somewhere in the long one.
fn holds_all_words(long: &str, short: &str) -> bool {
    short.contains(' ') && short.split(' ').all(|word| long.split(' ').any(|known| known == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_firm_through_a_banks_eyes() {
        let ours = NameKey::new("Comercial Andén, S.A. de C.V.");
        assert!(ours.resembles(&NameKey::new("COMERCIAL ANDEN SA DE CV")));
        assert!(NameKey::new("Rossi Outdoor S.r.l.").resembles(&NameKey::new("ROSSI OUTDOOR")));
        assert!(!NameKey::new("Rossi Outdoor S.r.l.").resembles(&NameKey::new("Bianchi Outdoor Srl")));
        assert!(!NameKey::new("").resembles(&NameKey::new("")));
    }

    #[test]
    fn the_words_of_a_name_come_in_any_order() {
        let ours = NameKey::new("Camping Azteca, S.A. de C.V.");
        assert!(ours.resembles(&NameKey::new("AZTECA CAMPING")));
        assert!(ours.resembles(&NameKey::new("AZTECA MEXICO CAMPING SA")), "with a word more");
        assert!(ours.resembles(&NameKey::new("AZTECA CAMPIN")), "cut off");
        assert!(!ours.resembles(&NameKey::new("AZTECA OUTDOOR")), "one word is none of a name");
        assert_eq!(ours.as_str(), "CAMPING AZTECA", "as it is kept and searched for");
    }
}
