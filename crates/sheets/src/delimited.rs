//! CSV, TSV, semicolons, bars: splits text into records, lenient and with exact line numbers.
//!
//! Own code rather than a CSV library, because the line a record starts in must be the one an editor shows,
//! and because one stray quotation mark must not swallow the rest of the file.

use crate::delimiter::guess_delimiter;
use crate::encoding::decode;
use crate::error::SheetError;
use crate::model::{Cell, Row, Sheet};
use crate::{MAX_ROWS, archive};

/// A quoted field over more lines than this has lost its closing quotation mark.
const MAX_FIELD_LINES: usize = 200;
const MAX_COLUMNS: usize = 16_384;

pub(crate) fn read(bytes: &[u8], name: &str) -> Result<Sheet, SheetError> {
    let (text, encoding) = decode(bytes);
    let mut line = 1;
    let mut body = text.as_str();
    let mut delimiter = None;
    // Excel's own hint in the first line.
    if let Some(rest) = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP=")) {
        delimiter = rest.chars().next().filter(|c| !c.is_alphanumeric() && *c != '\n' && *c != '\r');
        body = rest.split_once('\n').map_or("", |(_, after)| after);
        line = 2;
    }
    let delimiter = delimiter.unwrap_or_else(|| guess_delimiter(body));
    let rows = split(body, delimiter, line, MAX_ROWS + 1);
    if rows.is_empty() {
        return Err(SheetError::Empty);
    }
    if rows.len() > MAX_ROWS {
        return Err(SheetError::TooBig { detail: format!("more than {MAX_ROWS} rows") });
    }
    let garbled =
        text.chars().take(4000).filter(|c| *c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())).count();
    if garbled > 100 && archive::foreign_kind(bytes).is_none() {
        return Err(SheetError::NotATable { kind: "a binary file" });
    }
    Ok(Sheet { name: name.to_owned(), rows, encoding: Some(encoding.to_owned()), hidden: false })
}

/// Splits at most `limit` records that are not empty.
pub(crate) fn split(text: &str, delimiter: char, first_line: u32, limit: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut scan = Scan { text, at: 0, line: first_line, delimiter, unclosed: 0 };
    while scan.at < text.len() && rows.len() < limit {
        let number = scan.line;
        let cells = scan.record();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { number, cells });
        }
    }
    rows
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    delimiter: char,
    /// Up to here no quotation mark closes a field, as the search from an earlier one has shown: it is not made again from
    /// every stray mark on the way.
    unclosed: usize,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn record(&mut self) -> Vec<Cell> {
        let mut cells = Vec::new();
        loop {
            let cell = self.field();
            if cells.len() < MAX_COLUMNS {
                cells.push(cell);
            }
            match self.rest().chars().next() {
                Some(c) if c == self.delimiter => self.at += c.len_utf8(),
                Some(_) => {
                    self.end_line();
                    return cells;
                }
                None => return cells,
            }
        }
    }

    fn end_line(&mut self) {
        self.at += if self.rest().starts_with("\r\n") { 2 } else { 1 };
        self.line = self.line.saturating_add(1);
    }

    /// Leaves the place at a delimiter, a line end or the end of the text.
    fn field(&mut self) -> Cell {
        let begin = self.rest().trim_start_matches(' ');
        let skipped = self.rest().len() - begin.len();
        if begin.starts_with('"')
            && self.at + skipped >= self.unclosed
            && let Some((text, length)) = self.closed(&begin[1..], self.at + skipped)
        {
            let raw = &begin[..length + 1];
            self.line = self.line.saturating_add(raw.matches('\n').count() as u32);
            self.at += skipped + length + 1;
            let tail = self.unquoted();
            return Cell::from_text(&format!("{text}{tail}"));
        }
        let text = self.unquoted();
        // `="00123"` is how a CSV forces Excel to show text.
        let forced = text.trim().strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
        Cell::from_text(forced.unwrap_or(text))
    }

    fn closed(&mut self, text: &str, from: usize) -> Option<(String, usize)> {
        match quoted(text, self.delimiter) {
            Ok(found) => Some(found),
            Err(searched) => {
                self.unclosed = from + 1 + searched;
                None
            }
        }
    }

    fn unquoted(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find([self.delimiter, '\n', '\r']).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }
}

/// The content of a quoted field and the length with its closing mark; when no mark closes where a field can end, so that
/// it is an inch sign or a stray, how far that was looked for.
fn quoted(text: &str, delimiter: char) -> Result<(String, usize), usize> {
    let (mut content, mut from, mut lines) = (String::new(), 0, 0);
    for (at, _) in text.match_indices('"') {
        if at < from {
            continue;
        }
        lines += text[from..at].matches('\n').count();
        if lines > MAX_FIELD_LINES {
            return Err(at);
        }
        content.push_str(&text[from..at]);
        let after = &text[at + 1..];
        if after.starts_with('"') {
            content.push('"');
            from = at + 2;
        } else if after.is_empty()
            || after.trim_start_matches([' ', '\t']).starts_with(['\n', '\r'])
            || after.trim_start_matches(' ').starts_with(delimiter)
            || after.trim_start().is_empty()
        {
            return Ok((content, at + 1));
        } else {
            content.push('"');
            from = at + 1;
        }
    }
    Err(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let sheet = read(text.as_bytes(), "x.csv").unwrap();
        sheet
            .rows
            .iter()
            .map(|row| (row.number, row.cells.iter().map(|cell| cell.text().into_owned()).collect()))
            .collect()
    }

    #[test]
    fn rows_have_the_line_an_editor_shows() {
        let read = rows("a,b\r\n\r\n\"x\r\ny\",2\r\n3,4");
        assert_eq!(
            read,
            [
                (1, vec!["a".into(), "b".into()]),
                (3, vec!["x\r\ny".into(), "2".into()]),
                (5, vec!["3".into(), "4".into()])
            ]
        );
        assert_eq!(rows("a;b\rc;d\r").iter().map(|row| row.0).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn delimiters_are_guessed_by_consistency() {
        for (text, cells) in [
            ("Bericht, Stand heute\nNr;Betrag;Kunde\n1;1.234,56;A, B\n2;2,50;C\n", 3),
            ("a\tb\tc\n1,5\t2,5\t3\n", 3),
            ("a|b\n1|2\n", 2),
            ("id,name\n1,\"a;b;c\"\n2,\"d;e;f\"\n", 2),
            ("sep=;\na;b\n1;2,3\n", 2),
            ("Umsatz, Konto 7\n1,5;2,5\n1,5;2,5\n", 2),
        ] {
            assert_eq!(rows(text).last().unwrap().1.len(), cells, "{text}");
        }
    }

    #[test]
    fn quotation_marks_good_and_bad() {
        let cases = [
            ("a,\"he said \"\"no\"\"\",c\n", vec!["a", "he said \"no\"", "c"]),
            ("pipe 5\",6\",7\n", vec!["pipe 5\"", "6\"", "7"]),
            ("a, \"b, c\" ,d\n", vec!["a", "b, c", "d"]),
            ("=\"00123\",\t20260302001 \t,x\n", vec!["00123", "20260302001", "x"]),
            ("\"lost, b\nc,d\n", vec!["\"lost", "b"]),
            ("\"a,\"b,\"c,d\n", vec!["\"a", "\"b", "\"c", "d"]),
        ];
        for (text, cells) in cases {
            assert_eq!(rows(text)[0].1, cells, "{text}");
        }
        assert_eq!(rows("\"lost, b\nc,d\n").len(), 2);
    }

    #[test]
    fn stray_marks_by_the_thousand_are_looked_at_once() {
        // Looked for anew from each of them, this would take minutes.
        let text = format!("a,b\n{}\n", "\"x,".repeat(300_000));
        let read = rows(&text);
        assert_eq!((read.len(), read[1].1.len()), (2, MAX_COLUMNS));
    }

    #[test]
    fn long_numbers_survive() {
        assert_eq!(rows("order,n\n9223372036854775807,00012\n")[1].1, ["9223372036854775807", "00012"]);
    }
}
