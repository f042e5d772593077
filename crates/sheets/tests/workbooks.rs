//! Workbooks and files that are none, through the one entry point.

#![allow(clippy::unwrap_used)]

use dunlin_sheets::{Cell, Sheet, SheetError, read};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet().set_name("应收").unwrap();
    sheet.merge_range(0, 0, 0, 4, "宁波海燕 应收账款", &Format::new()).unwrap();
    sheet.write_row(2, 0, ["订单号", "金额", "到期", "已付", "合计"]).unwrap();
    sheet.write_string(3, 0, "9223372036854775807").unwrap();
    sheet.write_number(3, 1, 12430.5).unwrap();
    sheet.write_with_format(3, 2, ExcelDateTime::from_ymd(2026, 3, 2).unwrap(), &day).unwrap();
    sheet.write_boolean(3, 3, true).unwrap();
    sheet.write_formula(3, 4, Formula::new("=B4*2").set_result("24861")).unwrap();
    sheet.write_number(4, 0, 20260302001.0).unwrap();
    sheet
        .write_with_format(
            4,
            2,
            ExcelDateTime::from_ymd(2026, 3, 2).unwrap().and_hms(14, 5, 33).unwrap(),
            &Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        )
        .unwrap();
    sheet.write_number(1_048_575, 16_383, 1.0).unwrap();
    sheet.write_number(1_048_575, 0, 7.0).unwrap();
    let hidden = book.add_worksheet().set_name("Hidden").unwrap();
    hidden.write_string(0, 0, "x").unwrap();
    hidden.set_hidden(true);
    book.save_to_buffer().unwrap()
}

fn texts(sheet: &Sheet, row: usize) -> Vec<String> {
    sheet.rows[row].cells.iter().map(|cell| cell.text().into_owned()).collect()
}

#[test]
fn cells_of_a_workbook() {
    let sheets = read(&workbook(), "wrong-name.csv").unwrap();
    assert_eq!((sheets[0].name.as_str(), sheets[0].hidden, sheets[1].hidden), ("应收", false, true));
    let sheet = &sheets[0];
    assert_eq!(texts(sheet, 0)[0], "宁波海燕 应收账款");
    assert_eq!(sheet.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4, 5, 1_048_576]);
    assert_eq!(texts(sheet, 2), ["9223372036854775807", "12430.5", "2026-03-02", "TRUE", "24861"]);
    assert!(matches!(sheet.rows[2].cells[2], Cell::Date(_)));
    assert_eq!(texts(sheet, 3), ["20260302001", "", "2026-03-02 14:05:33"]);
    assert_eq!(texts(sheet, 4), ["7"]);
}

#[test]
fn files_that_are_no_table_are_named() {
    let whole = workbook();
    let mut encrypted = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let mut document = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    document.extend("WordDocument".encode_utf16().flat_map(u16::to_le_bytes));
    let cases: [(&[u8], &str); 9] = [
        (b"", "empty"),
        (b"\n\n , ,\n", "empty"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (&encrypted, "password"),
        (&document, "Word"),
        (&whole[..whole.len() / 2], "damaged"),
        (&[0, 1, 2, 3, 0, 0, 0, 0, 0, 9], "binary"),
        (b"\x89PNG\r\n", "picture"),
    ];
    for (bytes, word) in cases {
        let error = read(bytes, "orders.xlsx").unwrap_err().to_string();
        assert!(error.contains(word) && error.contains(':'), "{word}: {error}");
    }
}

#[test]
fn a_zip_bomb_is_refused_before_unpacking() {
    let mut bytes = workbook();
    // Claims 4 GiB for its first part, in the table of contents.
    let entry = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[entry + 24..entry + 28].copy_from_slice(&[0xff; 4]);
    assert!(matches!(read(&bytes, "x.xlsx"), Err(SheetError::TooBig { .. })));
}

#[test]
fn csv_files_of_shops_and_banks() {
    let gbk = encoding_rs::GBK.encode("支付宝交易记录明细查询\r\n账号:[x@y.cn]\r\n\r\n交易号\t,商家订单号,金额（元）\r\n2026030222001\t,T200P12345678901234567,￥1,\r\n").0.into_owned();
    let sheet = &read(&gbk, "C:\\下载\\alipay.csv").unwrap()[0];
    assert_eq!((sheet.name.as_str(), sheet.encoding.as_deref()), ("alipay.csv", Some("gb18030")));
    assert_eq!(sheet.rows[2].number, 4);
    assert_eq!(texts(sheet, 3)[..2], ["2026030222001", "T200P12345678901234567"]);
}
