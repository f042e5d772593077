//! Which sign separates the cells of a text table: decided by consistency, not by the file's name.

use crate::delimited::split;
use crate::model::Row;

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];
/// Rows looked at.
const SAMPLE_ROWS: usize = 100;

/// The delimiter under which most rows have the same number of cells, and more than one. Rows whose cells still
/// contain another delimiter count half, rows with one cell more or less (a trailing comma) a little.
pub(crate) fn guess_delimiter(text: &str) -> char {
    let mut best = (0, 0, ',');
    for delimiter in DELIMITERS {
        let rows = split(text, delimiter, 1, SAMPLE_ROWS);
        let rows: Vec<&Row> = rows.iter().filter(|row| row.cells.len() > 1).collect();
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        for row in &rows {
            *counts.entry(row.cells.len()).or_default() += 1;
        }
        let Some((&usual, _)) = counts.iter().max_by_key(|(cells, rows)| (**rows, **cells)) else {
            continue;
        };
        let worth = |row: &&Row| {
            let clean = usize::from(!row.cells.iter().any(|cell| holds_another(&cell.text(), delimiter)));
            match row.cells.len().abs_diff(usual) {
                0 => 1 + clean,
                1 => clean,
                _ => 0,
            }
        };
        let score = rows.iter().map(worth).sum::<usize>();
        if (score, usual) > (best.0, best.1) {
            best = (score, usual, delimiter);
        }
    }
    best.2
}

/// True for `a;b` in a file split at commas, false for `1,5` in one split at semicolons.
fn holds_another(cell: &str, delimiter: char) -> bool {
    let number = cell.chars().any(|c| c.is_ascii_digit()) && !cell.chars().any(char::is_alphabetic);
    DELIMITERS.iter().any(|other| *other != delimiter && cell.contains(*other) && !(number && *other == ','))
}
