//! Whether a file that came in names somebody: in a cell of a table of whatever encoding, or in the text of a bank
//! statement.

/// The words that name a person: name, addresses, accounts.
#[derive(Debug, Clone, Default)]
pub struct Names(Vec<String>);

impl Names {
    pub fn of(words: impl IntoIterator<Item = String>) -> Self {
        let words = words.into_iter().map(|word| word.trim().to_lowercase());
        Self(words.filter(|word| names_somebody(word)).collect())
    }

    /// In a file as it came.
    pub fn stand_in(&self, bytes: &[u8], file_name: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        match dunlin_sheets::read(bytes, file_name) {
            Ok(sheets) => {
                let rows = sheets.iter().flat_map(|sheet| &sheet.rows);
                rows.flat_map(|row| &row.cells).any(|cell| self.stand_in_text(&cell.text()))
            }
            // No table: a statement of a bank, which is text.
            Err(_) => self.stand_in_text(&String::from_utf8_lossy(bytes)),
        }
    }

    /// Whole words only: an Ana is not in a banana.
    pub fn stand_in_text(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().any(|word| {
            text.match_indices(word.as_str()).any(|(at, found)| {
                let before = text[..at].chars().next_back();
                let after = text[at + found.len()..].chars().next();
                is_han(word) || !before.into_iter().chain(after).any(char::is_alphanumeric)
            })
        })
    }
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
    fn finds_whole_words_in_tables_and_statements() {
        let ana = names(&["Ana Ruiz", "ana@buyers.example", "Sales"]);
        assert!(ana.stand_in(b"Order,Buyer\n1,ANA RUIZ\n2,Bo\n", "shop.csv"));
        assert!(ana.stand_in(b"Order,Mail\n1,ana@buyers.example\n", "shop.csv"));
        assert!(!ana.stand_in(b"Order,Goods\n1,diana ruizo\n2,sales\n", "shop.csv"));
        assert!(ana.stand_in(b":20:START\n:86:TRANSFER FROM ANA RUIZ\n", "may.sta"));
        assert!(names(&["\u{738b}\u{4f1f}"]).stand_in_text("\u{4ed8}\u{6b3e}\u{4eba}\u{738b}\u{4f1f}\u{8d27}\u{6b3e}"));
        assert!(!Names::default().stand_in(b"a,b\n1,2\n", "x.csv"));
    }
}
