//! MT940 as a caller sees it: small files in, statements and problems out.

#![allow(clippy::unwrap_used)]

use dunlin_bank_formats::{Format, Parsed, parse};

const GERMAN: &str = "\
{1:F01DEUTDEFFXXXX0000000000}{2:I940XXXXN}{4:\r
:20:STARTUMS\r
:25:DE89370400440532013000\r
:28C:12/1\r
:60F:C240102EUR100,00\r
:61:2401030103DR12,30NTRFNONREF//B-1\r
:86:177?00UEBERWEISUNG?20EREF+E2E-77?21SVWZ+Rechnung INV-2026-031?30COBADEFF\r
XXX?31FR7630006000011234567890189?32Société Généra?33le\r
:61:2312311230RC5,NTRFINV-9\r
bank fee /CHGS/EUR0,5/\r
:86:Storno\r
:62F:C240103EUR82,70\r
:64:C240103EUR82,70\r
-}{5:{CHK:ABC}}\r
{1:F01DEUTDEFFXXXX0000000000}{2:I940XXXXN}{4:\r
:20:NEXT\r
:25:12345678/1020304050\r
:60F:D240102JPY1000,\r
:61:240103C400,NTRFX\r
:62F:D240103JPY600,\r
-}\r
";

fn read(text: &str) -> Parsed {
    parse(text.as_bytes(), Format::Auto)
}

#[test]
fn the_json_has_the_published_shape() {
    let parsed = read(GERMAN);
    let expected = serde_json::json!({
        "format": "mt940",
        "statements": [
            {"account": "DE89370400440532013000", "currency": "EUR", "number": "12/1",
             "opening": {"date": "2024-01-02", "amount": "100.00"}, "closing": {"date": "2024-01-03", "amount": "82.70"},
             "entries": [
                {"booking_date": "2024-01-03", "value_date": "2024-01-03", "amount": "-12.30", "currency": "EUR", "reference": null,
                 "bank_reference": "B-1", "end_to_end_id": "E2E-77", "counterparty_name": "Société Généra le",
                 "counterparty_account": "FR7630006000011234567890189", "purpose": "Rechnung INV-2026-031", "kind": "NTRF", "charges": null},
                {"booking_date": "2023-12-30", "value_date": "2023-12-31", "amount": "-5.00", "currency": "EUR", "reference": "INV-9",
                 "bank_reference": null, "end_to_end_id": null, "counterparty_name": null, "counterparty_account": null,
                 "purpose": "bank fee /CHGS/EUR0,5/ Storno", "kind": "NTRF", "charges": "0.50"}]},
            {"account": "12345678/1020304050", "currency": "JPY", "number": null,
             "opening": {"date": "2024-01-02", "amount": "-1000"}, "closing": {"date": "2024-01-03", "amount": "-600"},
             "entries": [
                {"booking_date": "2024-01-03", "value_date": "2024-01-03", "amount": "400", "currency": "JPY", "reference": "X",
                 "bank_reference": null, "end_to_end_id": null, "counterparty_name": null, "counterparty_account": null,
                 "purpose": "", "kind": "NTRF", "charges": null}]}],
        "problems": []
    });
    assert_eq!(serde_json::to_value(&parsed).unwrap(), expected);
}

#[test]
fn a_broken_entry_is_listed_and_the_others_come_out() {
    let parsed = read(
        ":20:A\n:25:X1\n:60F:C240102EUR10,00\n:61:2401030103C12,3ONTRFA\n:86:keep me\n:61:2402300103C1,00NTRFB\n:61:2401030103C1,00NTRFC\n:62F:C240103EUR24,30\n-\n",
    );
    assert_eq!(parsed.statements[0].entries.len(), 1);
    assert_eq!(parsed.statements[0].entries[0].reference.as_deref(), Some("C"));
    let problems: Vec<_> = parsed.problems.iter().map(|p| (p.at.as_str(), p.what.as_str(), p.kept.as_str())).collect();
    assert_eq!(
        problems,
        [
            ("entry 1 (line 4)", "unreadable amount or transaction type ‘12,3ONTR’", "2401030103C12,3ONTRFA\nkeep me"),
            ("entry 2 (line 6)", "impossible value date ‘240230’", "2402300103C1,00NTRFB"),
        ]
    );
}

#[test]
fn a_time_of_day_or_a_dash_in_the_text_is_no_field() {
    let parsed = read(
        ":20:A\n:25:X1\n:60F:C240102EUR10,00\n:61:2401030103C1,00NTRFA\n:86:paid 12-09-2014T16\n:26:37 folio\n:20:05 again\n-\nmore\n:61:2401030103C2,00NTRFB\n:62F:C240103EUR13,00\n-\n",
    );
    assert_eq!(parsed.problems, []);
    assert_eq!(parsed.statements.len(), 1);
    assert_eq!(parsed.statements[0].entries[0].purpose, "paid 12-09-2014T16 :26:37 folio :20:05 again - more");
}

#[test]
fn statements_without_terminators_and_currency_after_the_entries() {
    let parsed = read(
        ":20:A\n:25:X1\n:61:2401030103C1,5NTRFA\n:86:t\n:20:B\n:25:X2\n:61:2401030103C1,NTRFA\n:62F:C240103EUR13,00\n",
    );
    let seen: Vec<_> = parsed
        .statements
        .iter()
        .map(|s| (s.account.as_str(), s.currency.as_str(), s.entries[0].amount.to_string()))
        .collect();
    assert_eq!(seen, [("X1", "", "1.50".to_owned()), ("X2", "EUR", "1.00".to_owned())]);
}

#[test]
fn balances_that_do_not_agree_are_told() {
    let parsed = read(":20:A\n:25:X1\n:60F:C240102EUR10,00\n:61:2401030103C1,5NTRFA\n:62F:C240103EUR13,00\n-\n");
    assert!(parsed.problems[0].what.contains("difference is 1.50"), "{:?}", parsed.problems);
    let parsed = read(":20:A\n:25:X1\n:60F:C240102EUR10,00\n:61:2401030103C1,5NTRFA\n");
    assert!(parsed.problems[0].what.contains("no closing balance"), "{:?}", parsed.problems);
}

#[test]
fn interim_reports_and_files_that_are_none() {
    let parsed = read(
        ":20:A\n:25:X1\n:28C:1/1\n:34F:USDD0,\n:13D:2401031200+0100\n:61:2401030103C1,5NTRFA\n:90D:0USD0,\n:90C:1USD1,5\n-\n",
    );
    assert_eq!((parsed.format, parsed.statements[0].currency.as_str(), parsed.problems.len()), ("mt942", "USD", 0));
    for (text, what) in [("", "empty"), ("Date;Amount\n1;2\n", "neither an MT940"), (":20:ONLY\n", "no bank statement")]
    {
        let parsed = read(text);
        assert!(parsed.statements.is_empty());
        assert!(parsed.problems[0].what.contains(what), "{:?}", parsed.problems);
    }
}

#[test]
fn odd_encodings_and_control_bytes() {
    let gbk = encoding_rs::GBK.encode(":20:A\n:25:X1\n:60F:C240102CNY10,00\n:61:2401030103C1,NTRFA\n:86:宁波海燕进出口有限公司 支付货款 订单尾款\n:62F:C240103CNY11,00\n-\n").0.into_owned();
    assert_eq!(parse(&gbk, Format::Auto).statements[0].entries[0].purpose, "宁波海燕进出口有限公司 支付货款 订单尾款");
    let with_controls = GERMAN.replace("{1:", "\u{1}{1:").replace("Storno", "Sto\0r\u{1b}no");
    assert_eq!(parse(with_controls.as_bytes(), Format::Auto), read(GERMAN));
    let latin1 = encoding_rs::WINDOWS_1252.encode(GERMAN).0.into_owned();
    assert_eq!(parse(&latin1, Format::Auto), read(GERMAN));
}
