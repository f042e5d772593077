//! Whatever the bytes and whatever the text: an answer, never a panic.

#![allow(clippy::unwrap_used)]

use dunlin_sheets::value::{DateOrder, DecimalStyle, guess_date_order, guess_style, parse_amount, parse_datetime};
use dunlin_sheets::{Cell, find_header, read};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Order No", "Amount"]).unwrap();
    sheet.write_number(1, 1, 5.5).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_cut_anywhere_is_an_error() {
    let whole = workbook();
    for end in 0..whole.len() {
        let _ = read(&whole[..end], "x.xlsx");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..800), magic in 0..4_usize) {
        let beginning: &[u8] = [&b""[..], b"PK\x03\x04", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], b"\xff\xfe"][magic];
        let _ = read(&[beginning, &bytes].concat(), "x");
    }

    #[test]
    fn a_changed_workbook_never_panics(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = workbook();
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes, "x.xlsx");
    }

    #[test]
    fn tables_of_odd_text_never_panic(text in "[a-z,;\t|\"\r\n =0-9金额]{0,200}") {
        if let Ok(sheets) = read(text.as_bytes(), "x.csv") {
            let lines = text.lines().count() + text.matches('\r').count() + 1;
            prop_assert!(sheets[0].rows.iter().all(|row| (row.number as usize) <= lines));
            find_header(&sheets[0], &|name| name.len() > 1);
        }
    }

    #[test]
    fn values_never_panic(text in "\\PC{0,30}|[0-9.,' $€()万元/:TPM年月日-]{0,20}") {
        let cell = Cell::Text(text);
        for style in [DecimalStyle::Guess, DecimalStyle::Point, DecimalStyle::Comma] {
            if let Ok(Some(amount)) = parse_amount(&cell, style) {
                prop_assert!(amount.value.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-'));
            }
        }
        for order in [DateOrder::Guess, DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy] {
            let _ = parse_datetime(&cell, order);
        }
        guess_style([&cell]);
        guess_date_order([&cell]);
    }

    #[test]
    fn numbers_never_panic(number in any::<f64>()) {
        let cell = Cell::Number(number);
        let _ = (parse_amount(&cell, DecimalStyle::Guess), parse_datetime(&cell, DateOrder::Guess), cell.text().len());
    }
}
