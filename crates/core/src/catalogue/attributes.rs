//! What a seller wrote of an article: `颜色:红; 尺码:L`, `Color=Red|Size=L`, or plain words.

use std::collections::BTreeMap;

use super::LONGEST_TITLE;

/// An article has no more; a longer list is a description.
const MOST: usize = 40;

/// Reads attributes from one text. What has no name stands for itself with an empty value, so that two articles that
/// both say `waterproof` share it.
pub fn read(text: &str) -> BTreeMap<String, String> {
    const STRONG: [char; 4] = [';', '；', '|', '\n'];
    const WEAK: [char; 3] = [',', '，', '、'];
    let mut found = BTreeMap::new();
    // `volume: 1,5 l; color: red`: beside a semicolon a comma is part of a value.
    let between: &[char] = if text.contains(STRONG) { &STRONG } else { &WEAK };
    for piece in text.split(between).map(str::trim).filter(|piece| !piece.is_empty()) {
        if found.len() == MOST {
            break;
        }
        let (name, value) = piece.split_once([':', '：', '=']).unwrap_or((piece, ""));
        let (name, value) = (plain(name), plain(value));
        if !name.is_empty() {
            found.entry(name.to_lowercase()).or_insert(value);
        }
    }
    found
}

/// As it is shown and compared: `颜色: 红; waterproof`.
pub fn write(attributes: &BTreeMap<String, String>) -> String {
    let one = |(name, value): (&String, &String)| {
        if value.is_empty() { name.clone() } else { format!("{name}: {value}") }
    };
    attributes.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn plain(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_TITLE).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_as_sellers_write_them() {
        for (text, shown) in [
            ("颜色:红; 尺码：L", "尺码: L; 颜色: 红"),
            ("Color=Red|Size=L", "color: Red; size: L"),
            ("waterproof, 2 persons", "2 persons; waterproof"),
            ("Color: red; color: blue", "color: red"),
            (" ; : x;=", ""),
            ("volume: 1,5 l; color: red", "color: red; volume: 1,5 l"),
            ("a\u{0}b: c\td", "a b: c d"),
        ] {
            assert_eq!(write(&read(text)), shown, "{text}");
            assert_eq!(read(&write(&read(text))), read(text), "{text}");
        }
    }

    #[test]
    fn a_book_is_no_list_of_attributes() {
        let many: String = (0..500).map(|n| format!("k{n}:v;")).collect();
        assert_eq!(read(&many).len(), MOST);
        let long = read(&"x".repeat(100_000));
        assert!(long.keys().all(|name| name.chars().count() <= LONGEST_TITLE));
    }
}
