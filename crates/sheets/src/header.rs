//! Which row is the header: the one with most names somebody knows, under whatever titles stand above it.

use crate::model::{Cell, Row, Sheet};

const LOOK_AT: usize = 30;
const AT_LEAST: usize = 2;

/// Characters of a cell that may be a column's name; what stands behind them is left out. A name is tried with its group
/// and in every kind of table: a letter of a megabyte in one cell must not be folded hundreds of times.
pub const LONGEST_NAME: usize = 300;

/// A cell's text as the name of a column: one line, and not longer than a name can be.
pub fn column_name(text: &str) -> String {
    let beginning: String = text.chars().take(LONGEST_NAME).collect();
    beginning.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderGuess {
    /// Index into `Sheet::rows`; the data begins in the next row.
    pub row_index: usize,
    /// One name per column, empty where there is none. A name in two rows (`金额` above `USD`) is joined.
    pub columns: Vec<String>,
}

/// Looks at the first 30 rows and takes the one with most cells that `knows` recognises, the first of equals;
/// `None` when no row has two.
pub fn find_header(sheet: &Sheet, knows: &dyn Fn(&str) -> bool) -> Option<HeaderGuess> {
    let mut best: Option<(usize, HeaderGuess)> = None;
    for (row_index, row) in sheet.rows.iter().enumerate().take(LOOK_AT) {
        let above = row_index.checked_sub(1).map(|index| &sheet.rows[index]).filter(|above| is_group_line(above, row));
        let columns = names(row, above, knows);
        let score = columns.iter().filter(|name| !name.is_empty() && knows(name)).count();
        // The second row of a header repeats the score of the first and adds names of its own.
        let own = |index: usize, name: &String| !row.cell(index).is_empty() && knows(name);
        let second = above.is_some() && columns.iter().enumerate().any(|(index, name)| own(index, name));
        let better = |most: usize| score > most || (score == most && second);
        if score >= AT_LEAST && best.as_ref().is_none_or(|(most, _)| better(*most)) {
            best = Some((score, HeaderGuess { row_index, columns }));
        }
    }
    best.map(|(_, guess)| guess)
}

/// A line of group names: text only, several of them, directly above.
fn is_group_line(above: &Row, row: &Row) -> bool {
    let filled: Vec<&Cell> = above.cells.iter().filter(|cell| !cell.is_empty()).collect();
    filled.len() >= 2 && above.number + 1 == row.number && filled.iter().all(|cell| matches!(cell, Cell::Text(_)))
}

/// The row's names; an empty cell takes the name above it (cells merged downwards), and a name nobody knows is
/// tried together with its group (cells merged sideways).
fn names(row: &Row, above: Option<&Row>, knows: &dyn Fn(&str) -> bool) -> Vec<String> {
    let own = |cell: &Cell| match cell {
        Cell::Text(text) => column_name(text),
        _ => String::new(),
    };
    let Some(above) = above else {
        return row.cells.iter().map(own).collect();
    };
    let mut group = String::new();
    (0..row.cells.len().max(above.cells.len()))
        .map(|index| {
            let upper = own(above.cell(index));
            let lower = own(row.cell(index));
            if !upper.is_empty() {
                group.clone_from(&upper);
            }
            if lower.is_empty() {
                return upper;
            }
            let joined = [format!("{group}{lower}"), format!("{group} {lower}")].into_iter().find(|name| knows(name));
            if knows(&lower) || group.is_empty() { lower } else { joined.unwrap_or(lower) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Sheet {
        crate::read(text.as_bytes(), "x.csv").unwrap().remove(0)
    }

    fn knows(name: &str) -> bool {
        ["订单号", "客户", "金额", "金额USD", "Order No", "Amount", "Customer"].contains(&name)
    }

    #[test]
    fn titles_above_are_skipped() {
        let sheet = sheet("宁波海燕 应收账款 2026年3月,,\n制表：王,,\n\n订单号,客户,金额\n1,A,5\n");
        let guess = find_header(&sheet, &knows).unwrap();
        assert_eq!((guess.row_index, sheet.rows[guess.row_index].number), (2, 4));
        assert_eq!(guess.columns, ["订单号", "客户", "金额"]);
    }

    #[test]
    fn a_header_of_two_rows() {
        let sheet = sheet("订单号,客户,金额,\n,,USD,CNY\n1,A,5,35\n");
        let guess = find_header(&sheet, &knows).unwrap();
        assert_eq!(guess.columns, ["订单号", "客户", "金额USD", "CNY"]);
        assert_eq!(guess.row_index, 1);
    }

    #[test]
    fn a_letter_in_a_cell_is_no_name() {
        let letter = "金额 ".repeat(300_000);
        let sheet = sheet(&format!("订单号,{letter},客户\n,{letter},\n1,A,5\n"));
        let longest = std::cell::Cell::new(0);
        let asked = |name: &str| {
            longest.set(longest.get().max(name.chars().count()));
            knows(name)
        };
        let guess = find_header(&sheet, &asked).unwrap();
        assert_eq!((guess.row_index, guess.columns[0].as_str()), (0, "订单号"));
        assert!(longest.get() <= 2 * LONGEST_NAME + 1, "{}", longest.get());
    }

    #[test]
    fn no_header_is_none() {
        assert_eq!(find_header(&sheet("Amount\n5\n"), &knows), None);
        assert_eq!(find_header(&sheet("1,2\n3,4\n"), &knows), None);
    }
}
