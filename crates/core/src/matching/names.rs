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
pub struct NameKey(String);

impl NameKey {
    pub fn new(name: &str) -> Self {
        let folded: String = name.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect();
        let upper = folded.to_uppercase();
        let words = upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let telling: Vec<&str> = words.filter(|word| !FORMS.contains(word)).collect();
        Self(telling.join(" "))
    }

    /// As stored in the search column of a party.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the two could be the same firm: nearly equal, or one is the beginning of the other (banks cut off).
    pub fn resembles(&self, other: &Self) -> bool {
        if self.0.is_empty() || other.0.is_empty() {
            return false;
        }
        let (short, long) = if self.0.len() <= other.0.len() { (&self.0, &other.0) } else { (&other.0, &self.0) };
        if short.chars().count() >= 6 && long.starts_with(short.as_str()) {
            return true;
        }
        jaro_winkler::normalized_similarity(self.0.chars(), other.0.chars()) >= 0.93
    }
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
}
