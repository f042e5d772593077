//! A tracking number as it is kept: two ways of writing one number are one parcel, of which the buyer hears once.

/// Without the spaces and dashes that people and marketplaces set between, in capitals.
pub fn plain_number(written: &str) -> String {
    let between =
        |c: &char| c.is_whitespace() || c.is_control() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{feff}');
    written.chars().filter(|c| !between(c)).collect::<String>().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::plain_number;

    #[test]
    fn however_it_is_written_it_is_one_number() {
        for written in ["LP00123456CN", " lp 0012-3456 cn ", "LP0012\u{2011}3456CN", "\u{feff}Lp00123456cn\r\n"] {
            assert_eq!(plain_number(written), "LP00123456CN", "{written:?}");
        }
        assert_eq!(plain_number(" - "), "");
    }
}
