//! Amounts and dates as people write them: text in, value or a sentence out.

#![allow(clippy::unwrap_used)]

use dunlin_sheets::Cell;
use dunlin_sheets::value::{
    DateOrder, DecimalStyle, OrderGuess, guess_date_order, guess_style, parse_amount, parse_date, parse_datetime,
};

fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

fn cells(values: &[&str]) -> Vec<Cell> {
    values.iter().map(|value| text(value)).collect()
}

#[test]
fn amounts_with_separators_signs_and_currencies() {
    let cases = [
        // text, value, currency, assumed
        ("12430", "12430", None, false),
        ("1,234.56", "1234.56", None, false),
        ("1.234,56", "1234.56", None, false),
        ("1 234,56", "1234.56", None, false),
        ("1\u{a0}234\u{202f}567,8", "1234567.8", None, false),
        ("1'234.56", "1234.56", None, false),
        ("1’234’567", "1234567", None, false),
        ("1,23,456.00", "123456.00", None, false),
        ("12,34,567", "1234567", None, false),
        ("１２，４３０．５０", "12430.50", None, false),
        ("0,500", "0.500", None, false),
        ("1,234", "1234", None, false),
        ("1.234", "1.234", None, false),
        ("12,5", "12.5", None, false),
        (".5", "0.5", None, false),
        ("00012", "12", None, false),
        ("USD 1,234.00", "1234.00", Some("USD"), false),
        ("US$1,234.00", "1234.00", Some("USD"), false),
        ("ＵＳ＄1,234.00", "1234.00", Some("USD"), false),
        ("1,234.00 usd", "1234.00", Some("USD"), false),
        ("$1,234.00", "1234.00", Some("USD"), true),
        ("$1,234.00 USD", "1234.00", Some("USD"), false),
        ("CAD $5", "5", Some("CAD"), false),
        ("￥5.00", "5.00", Some("CNY"), true),
        ("JPY ¥500", "500", Some("JPY"), false),
        ("5元", "5", Some("CNY"), false),
        ("RMB 5", "5", Some("CNY"), false),
        ("人民币5.5元", "5.5", Some("CNY"), false),
        ("€ 1.234,56", "1234.56", Some("EUR"), false),
        ("1.234,56 €", "1234.56", Some("EUR"), false),
        ("£12", "12", Some("GBP"), false),
        ("HK$12", "12", Some("HKD"), false),
        ("R$ 1.234,56", "1234.56", Some("BRL"), false),
        ("1.2万", "12000", None, false),
        ("1.23456万元", "12345.6", Some("CNY"), false),
        ("3亿", "300000000", None, false),
        ("(1,234.00)", "-1234.00", None, false),
        ("($1,234.00)", "-1234.00", Some("USD"), true),
        ("USD (5)", "-5", Some("USD"), false),
        ("1234.00-", "-1234.00", None, false),
        ("-$5", "-5", Some("USD"), true),
        ("$-5", "-5", Some("USD"), true),
        ("−5", "-5", None, false),
        ("+5", "5", None, false),
        ("-0.00", "0.00", None, false),
        ("9007199254740993.01", "9007199254740993.01", None, false),
    ];
    for (written, value, currency, assumed) in cases {
        let amount = parse_amount(&text(written), DecimalStyle::Guess).unwrap().unwrap();
        assert_eq!((amount.value.as_str(), amount.currency, amount.assumed), (value, currency, assumed), "{written}");
    }
    let amount = parse_amount(&Cell::Number(0.1 + 0.2), DecimalStyle::Guess).unwrap().unwrap();
    assert_eq!(amount.value, "0.3");
}

#[test]
fn no_amount_is_not_an_error_and_an_error_says_why() {
    for written in ["", "-", "—", "——", "N/A", "/", "USD -", "$", "－"] {
        assert_eq!(parse_amount(&text(written), DecimalStyle::Guess), Ok(None), "{written}");
    }
    let cases = [
        ("abc", "not an amount"),
        ("12,3O", "not an amount"),
        ("1,2345", "not an amount"),
        ("1,23,45", "not an amount"),
        ("12 34", "not an amount"),
        ("5 USD EUR", "two currencies"),
        ("--5", "two signs"),
        ("30%", "percentage"),
        ("1.2E+05", "shortened"),
        ("1..2", "not an amount"),
        ("99999999999999999999", "not an amount"),
    ];
    for (written, why) in cases {
        let error = parse_amount(&text(written), DecimalStyle::Guess);
        if written == "1,2345" {
            // Four digits behind a comma can only be decimals.
            assert_eq!(error.unwrap().unwrap().value, "1.2345");
            continue;
        }
        let error = error.unwrap_err();
        assert!(error.contains(why) && error.contains(written), "{written}: {error}");
    }
}

#[test]
fn the_column_decides_what_one_value_cannot() {
    let cases = [
        (vec!["1.234", "5,50"], DecimalStyle::Comma, "1234"),
        (vec!["1.234", "1.234,56 €"], DecimalStyle::Comma, "1234"),
        (vec!["1.234", "5.50"], DecimalStyle::Point, "1.234"),
        (vec!["1,234", "US$ 5.5"], DecimalStyle::Point, "1234"),
        (vec!["1,234", "5,5"], DecimalStyle::Comma, "1.234"),
        (vec!["1.234", "1,234"], DecimalStyle::Guess, "1.234"),
        (vec!["1.234", "5,50", "5.50"], DecimalStyle::Guess, "1.234"),
        (vec!["1.234", "0.500"], DecimalStyle::Guess, "1.234"),
    ];
    for (values, style, first) in cases {
        let column = cells(&values);
        assert_eq!(guess_style(&column), style, "{values:?}");
        assert_eq!(parse_amount(&column[0], style).unwrap().unwrap().value, first, "{values:?}");
    }
}

#[test]
fn dates_in_every_form() {
    let cases = [
        ("2026-03-02", DateOrder::Guess),
        ("2026/3/2", DateOrder::Guess),
        ("2026.3.2", DateOrder::Guess),
        ("20260302", DateOrder::Guess),
        ("2026年3月2日", DateOrder::Guess),
        ("２０２６年０３月０２号", DateOrder::Guess),
        ("02.03.2026", DateOrder::Guess),
        ("02/03/2026", DateOrder::Dmy),
        ("03/02/2026", DateOrder::Mdy),
        ("3/2/26", DateOrder::Mdy),
        ("26-03-02", DateOrder::Ymd),
        ("2-Mar-2026", DateOrder::Guess),
        ("02-MAR-26", DateOrder::Guess),
        ("Mar 2, 2026", DateOrder::Guess),
        ("March 2nd, 2026", DateOrder::Guess),
        ("2 March 2026", DateOrder::Guess),
        ("2026-03-02 14:05:33", DateOrder::Guess),
        ("2026-03-02T14:05:33.000+08:00", DateOrder::Guess),
        ("3/2/2026 2:05 PM", DateOrder::Mdy),
        ("2026年3月2日 14:05", DateOrder::Guess),
    ];
    for (written, order) in cases {
        let date = parse_date(&text(written), order).unwrap().unwrap();
        assert_eq!(date.to_string(), "2026-03-02", "{written}");
    }
    let (_, time) = parse_datetime(&text("3/2/2026 2:05 PM"), DateOrder::Mdy).unwrap().unwrap();
    assert_eq!(time.unwrap().to_string(), "14:05:00");
    assert_eq!(parse_date(&Cell::Number(46083.0), DateOrder::Guess).unwrap().unwrap().to_string(), "2026-03-02");
    assert_eq!(parse_date(&Cell::Number(20260302.0), DateOrder::Guess).unwrap().unwrap().to_string(), "2026-03-02");
}

#[test]
fn what_is_no_date_is_said() {
    for written in ["", "-", "0000-00-00", "无"] {
        assert_eq!(parse_date(&text(written), DateOrder::Guess), Ok(None), "{written}");
    }
    let cases = [
        ("02/03/2026", "told apart"),
        ("2026-02-30", "no such day"),
        ("31/13/2026", "no such day"),
        ("46083", "not a date"),
        ("tomorrow", "not a date"),
        ("2026-03", "not a date"),
        ("12.50", "not a date"),
    ];
    for (written, why) in cases {
        let error = parse_date(&text(written), DateOrder::Guess).unwrap_err();
        assert!(error.contains(why) && error.contains(written), "{written}: {error}");
    }
    assert!(parse_date(&Cell::Number(1250.0), DateOrder::Guess).is_err());
}

#[test]
fn the_column_decides_the_order() {
    let cases: [(&[&str], OrderGuess); 7] = [
        (&["02/03/2026", "25/03/2026"], OrderGuess::Decided(DateOrder::Dmy)),
        (&["02/03/2026", "03/25/26"], OrderGuess::Decided(DateOrder::Mdy)),
        (&["26-03-02", "99-03-02"], OrderGuess::Decided(DateOrder::Dmy)),
        (&["02/03/2026", "05/06/2026 10:00"], OrderGuess::Ambiguous("02/03/2026".into())),
        (&["2026-03-02", "", "3/3/2026"], OrderGuess::NotNeeded),
        (&["25/03/2026", "03/25/2026"], OrderGuess::Mixed("25/03/2026".into(), "03/25/2026".into())),
        (&["99-03-02", "98-04-05"], OrderGuess::Decided(DateOrder::Ymd)),
    ];
    for (values, order) in cases {
        assert_eq!(guess_date_order(&cells(values)), order, "{values:?}");
    }
}
