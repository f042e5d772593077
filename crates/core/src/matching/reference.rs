//! References in the words of a payment: invoice and order numbers, however they were typed.

/// Capital letters and digits only: `INV-2026/031` and `inv 2026 031` are the same reference.
pub fn key(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a reference says enough to be looked for in free text: four characters with two digits among them.
pub fn is_telling(key: &str) -> bool {
    key.len() >= 4 && key.bytes().filter(u8::is_ascii_digit).count() >= 2
}

/// Every run of one to four neighbouring words, as keys: `INV 2026 031` typed with spaces is found too. Lines
/// wrapped by the bank (`INV-2026-0` / `31`) are joined the same way.
pub fn candidates(words: &str) -> Vec<String> {
    let pieces: Vec<String> = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|piece| !piece.is_empty())
        .take(400)
        .map(|piece| piece.to_ascii_uppercase())
        .collect();
    let mut found = Vec::new();
    for start in 0..pieces.len() {
        let mut joined = String::new();
        for piece in pieces.iter().skip(start).take(4) {
            joined.push_str(piece);
            if is_telling(&joined) && joined.len() <= 40 && !found.contains(&joined) {
                found.push(joined.clone());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_numbers_however_typed() {
        let found = candidates("PAYMENT FOR inv 2026/031, AND QH26-0107 LESS CHARGES");
        assert!(found.contains(&key("INV-2026-031")));
        assert!(found.contains(&key("QH26-0107")));
        assert!(!is_telling(&key("NO 1")));
    }
}
