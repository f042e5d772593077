//! Field 61, the statement line: `2401030104CR12,30NTRFREF//BANKREF` and a supplementary line below it.
//!
//! Strict where money is concerned: a line that breaks off before its transaction type may have lost digits of
//! its amount, so it is refused rather than read.

use crate::amount::{entry_date, swift_amount, swift_date};
use jiff::civil::Date;
use rust_decimal::Decimal;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct EntryLine {
    pub value_date: Date,
    pub booking_date: Date,
    pub amount: Decimal,
    pub kind: String,
    pub reference: Option<String>,
    pub bank_reference: Option<String>,
    /// What stands behind the reference, set off by blanks (old Rabobank files): the other party's name.
    pub trailing: Option<String>,
    /// The lines below the first.
    pub supplementary: String,
}

pub(super) fn read_entry_line(text: &str) -> Result<EntryLine, String> {
    let (first, supplementary) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim_start();
    let date_text =
        first.get(..6).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit())).ok_or("no value date")?;
    let value_date = swift_date(date_text).ok_or_else(|| format!("impossible value date ‘{date_text}’"))?;
    let rest = &first[6..];
    let (booking_date, rest) = match rest.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit())) {
        // Some banks fill the absent date with zeros.
        Some("0000") => (value_date, &rest[4..]),
        Some(digits) => {
            let date = entry_date(digits, value_date).ok_or_else(|| format!("impossible entry date ‘{digits}’"))?;
            (date, &rest[4..])
        }
        None => (value_date, rest),
    };
    let (negative, rest) = read_mark(rest)?;
    // The funds code is the third letter of the currency, where the bank gives it.
    let rest = rest.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(rest.len());
    let (digits, rest) = rest.split_at(end);
    let (kind, rest) = read_kind(rest).ok_or_else(|| unreadable(digits, rest))?;
    let amount = swift_amount(digits).ok_or_else(|| unreadable(digits, ""))?;
    let (reference, trailing, bank_reference) = read_references(rest);
    Ok(EntryLine {
        value_date,
        booking_date,
        amount: if negative { -amount } else { amount },
        kind,
        reference,
        bank_reference,
        trailing,
        supplementary: supplementary.trim_end().to_owned(),
    })
}

fn unreadable(digits: &str, rest: &str) -> String {
    // `12,3O` is read as `12,3` and `O…`: show what a person sees as the amount.
    let tail: String = rest.chars().take_while(|c| c.is_alphanumeric()).take(4).collect();
    match (digits, rest) {
        ("", "") => "no amount".to_owned(),
        (_, "") => format!("the line breaks off in or after the amount ‘{digits}’"),
        _ => format!("unreadable amount or transaction type ‘{digits}{tail}’"),
    }
}

/// C and D; RC takes a credit back, RD a debit; E marks an expected entry in MT942.
fn read_mark(text: &str) -> Result<(bool, &str), String> {
    let marks = [("RC", true), ("RD", false), ("EC", false), ("ED", true), ("C", false), ("D", true)];
    for (mark, negative) in marks {
        if let Some(rest) = text.strip_prefix(mark) {
            return Ok((negative, rest));
        }
    }
    Err(format!("neither credit nor debit: ‘{}’", text.chars().take(3).collect::<String>()))
}

/// `NTRF`, `FMSC`, `S103`; ING pads two-letter codes with a blank.
fn read_kind(text: &str) -> Option<(String, &str)> {
    let code = text.get(..4)?;
    // S is followed by a message type in digits; else a mistyped `12,3S` would lose its last digit.
    let valid = match code.as_bytes()[0] {
        b'S' => code.bytes().skip(1).all(|b| b.is_ascii_digit()),
        b'N' | b'F' => code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' '),
        _ => false,
    };
    valid.then(|| (code.trim_end().to_owned(), &text[4..]))
}

fn read_references(text: &str) -> (Option<String>, Option<String>, Option<String>) {
    let (own, bank) = text.split_once("//").unwrap_or((text, ""));
    let (own, trailing) = own.trim_start().split_once("  ").unwrap_or((own.trim(), ""));
    (present(own).filter(|own| own != "NONREF"), present(trailing), present(bank))
}

fn present(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_many_banks() {
        let cases = [
            // line, booking, value, amount, kind, reference, bank reference
            (
                "1409010902DR000000000001,62NTRF0000549855700010//025498557/000001",
                "2014-09-02",
                "2014-09-01",
                "-1.62",
                "NTRF",
                "0000549855700010",
                "025498557/000001",
            ),
            ("110701CN50,00NZ10NONREF", "2011-07-01", "2011-07-01", "50.00", "NZ10", "", ""),
            ("100722D25,03NOV NONREF", "2010-07-22", "2010-07-22", "-25.03", "NOV", "", ""),
            ("180417CF2066637,00N527", "2018-04-17", "2018-04-17", "2066637.00", "N527", "", ""),
            ("0709040904RCR204,88NRTIMSGID", "2007-09-04", "2007-09-04", "-204.88", "NRTI", "MSGID", ""),
            ("2312310102RD5,S103INV-1//B", "2024-01-02", "2023-12-31", "5", "S103", "INV-1", "B"),
            (
                "0310201020C20000,00FMSCNONREF//8327000090031789",
                "2003-10-20",
                "2003-10-20",
                "20000.00",
                "FMSC",
                "",
                "8327000090031789",
            ),
            ("2401030000C1,NTRF", "2024-01-03", "2024-01-03", "1", "NTRF", "", ""),
        ];
        for (text, booking, value, amount, kind, reference, bank) in cases {
            let line = read_entry_line(text).unwrap();
            assert_eq!(line.booking_date.to_string(), booking, "{text}");
            assert_eq!(line.value_date.to_string(), value, "{text}");
            assert_eq!(line.amount.to_string(), amount, "{text}");
            assert_eq!(line.kind, kind, "{text}");
            assert_eq!(line.reference.unwrap_or_default(), reference, "{text}");
            assert_eq!(line.bank_reference.unwrap_or_default(), bank, "{text}");
        }
    }

    #[test]
    fn a_name_behind_the_reference() {
        let line = read_entry_line("110617D000000000044,95N0600733959555      T-MOBILE NETHERLANDS BV   ").unwrap();
        assert_eq!(line.reference.as_deref(), Some("0733959555"));
        assert_eq!(line.trailing.as_deref(), Some("T-MOBILE NETHERLANDS BV"));
    }

    #[test]
    fn what_is_not_certain_is_refused() {
        for text in [
            "",
            "1602300301DR6,00N024NONREF",
            "1602290230DR6,00N024",
            "2401030103CR12,3ONTRF",
            "2401030103CR12,3SNTRF",
            "2401030103CR12",
            "2401030103CR12,30NTR",
            "2401030103X12,30NTRF",
            "240103",
            "ü40103",
        ] {
            assert!(read_entry_line(text).is_err(), "{text}");
        }
        assert!(read_entry_line("2401030103CR12,3ONTRF").unwrap_err().contains("12,3O"));
    }
}
