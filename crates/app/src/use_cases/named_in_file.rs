//! Whether a file that came in names somebody: in a cell of a table of whatever encoding, or in the text of a bank
//! statement.

use dunlin_core::names::Names;

/// In a file as it came.
pub fn stand_in_file(names: &Names, bytes: &[u8], file_name: &str) -> bool {
    if names.is_empty() {
        return false;
    }
    match dunlin_sheets::read(bytes, file_name) {
        Ok(sheets) => {
            let rows = sheets.iter().flat_map(|sheet| &sheet.rows);
            rows.flat_map(|row| &row.cells).any(|cell| names.stand_in_payer(&cell.text()))
        }
        // No table: a statement of a bank, which is text.
        Err(_) => names.stand_in_text(&String::from_utf8_lossy(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_words_in_tables_and_statements() {
        let words = ["Ana Ruiz", "ana@buyers.example", "Sales"];
        let ana = Names::of(words.iter().map(|word| (*word).to_string()));
        assert!(stand_in_file(&ana, b"Order,Buyer\n1,ANA RUIZ\n2,Bo\n", "shop.csv"));
        assert!(stand_in_file(&ana, b"Order,Mail\n1,ana@buyers.example\n", "shop.csv"));
        assert!(stand_in_file(&ana, b"Order,Payer\n1,\"RUIZ, ANA\"\n", "bank-1.csv"));
        assert!(!stand_in_file(&ana, b"Order,Goods\n1,diana ruizo\n2,sales\n", "shop.csv"));
        assert!(stand_in_file(&ana, b":20:START\n:86:TRANSFER FROM ANA RUIZ\n", "may.sta"));
        assert!(!stand_in_file(&Names::default(), b"a,b\n1,2\n", "x.csv"));
    }
}
