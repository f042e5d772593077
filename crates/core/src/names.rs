//! The words that name a person, and whether a text says one of them. For forgetting somebody, and for showing them what
//! is known of them: nobody is decided about by what stands here.

use unicode_normalization::UnicodeNormalization;

/// The words that name a person: name, addresses, accounts. Accents and upper case make no difference: banks print neither.
#[derive(Debug, Clone, Default)]
pub struct Names(Vec<String>);

impl Names {
    pub fn of(words: impl IntoIterator<Item = String>) -> Self {
        let words = words.into_iter().map(|word| folded(word.trim()));
        let mut words: Vec<String> = words.filter(|word| names_somebody(word)).collect();
        words.sort_unstable();
        words.dedup();
        Self(words)
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whole words only: an Ana is not in a banana.
    pub fn stand_in_text(&self, text: &str) -> bool {
        if self.0.is_empty() || text.is_empty() {
            return false;
        }
        let text = folded(text);
        self.0.iter().any(|word| {
            text.match_indices(word.as_str()).any(|(at, found)| {
                let before = text[..at].chars().next_back();
                let after = text[at + found.len()..].chars().next();
                is_han(word) || !before.into_iter().chain(after).any(char::is_alphanumeric)
            })
        })
    }

    /// The name of a payer, which banks also write with the family name first.
    pub fn stand_in_payer(&self, payer: &str) -> bool {
        let folded = folded(payer);
        let told = parts(&folded);
        self.stand_in_text(payer) || (told.len() >= 2 && self.0.iter().any(|word| parts(word) == told))
    }
}

fn folded(text: &str) -> String {
    text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase).collect()
}

/// The words of a name in an order of their own.
fn parts(name: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.sort_unstable();
    parts
}

/// An address, a number, or a name of two words: a single one, such as Sales, stands in too many texts to tell of anybody.
fn names_somebody(word: &str) -> bool {
    let is_address = word.contains('@') || word.chars().any(|c| c.is_ascii_digit());
    is_han(word) || (is_address && word.chars().count() >= 5) || word.split_whitespace().count() >= 2
}

/// Chinese names are short, and no space parts them from what follows.
fn is_han(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && word.chars().count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &[&str]) -> Names {
        Names::of(words.iter().map(|word| (*word).to_string()))
    }

    #[test]
    fn whole_words_name_somebody_and_parts_of_words_do_not() {
        let ana = names(&["Ana Ruiz", "ana@buyers.example", "Sales"]);
        assert!(ana.stand_in_text("550 5.1.1 <ANA@buyers.example>: user unknown"));
        assert!(ana.stand_in_text("told Ana Ruiz on the phone"));
        assert!(!ana.stand_in_text("Diana Ruizo of Sales"));
        assert!(names(&["\u{738b}\u{4f1f}"]).stand_in_text("\u{4ed8}\u{6b3e}\u{4eba}\u{738b}\u{4f1f}\u{8d27}\u{6b3e}"));
        assert!(names(&["Sales", ""]).is_empty() && !Names::default().stand_in_text("Ana Ruiz"));
    }

    #[test]
    fn a_payer_is_known_with_the_family_name_first() {
        let ana = names(&["Ana Ruiz"]);
        assert!(names(&["José Gil"]).stand_in_payer("GIL JOSE"));
        assert!(ana.stand_in_payer("RUIZ, ANA") && ana.stand_in_payer("Ana Ruiz"));
        assert!(!ana.stand_in_payer("RUIZ ANA LOPEZ TRADING") && !ana.stand_in_payer("ANA"));
        assert!(!ana.stand_in_text("Ruiz, Ana"), "in running text only as it is written");
    }
}
