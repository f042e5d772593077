//! Whether the demo's files are what they promise: the same on every run, balanced, complete.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::calendar::{START, day, is_working_day};
use super::countries::iban;
use super::debtors::DEBTORS;
use super::{DemoFile, FileKind, Script, script};

fn demo() -> Script {
    script().expect("the spreadsheets can be written")
}

fn texts(script: &Script, part_of_name: &str) -> Vec<(Date, String)> {
    let files = script.days.iter().flat_map(|day| day.files.iter().map(|file| (day.date, file)));
    let of_kind = files.filter(|(_, file)| file.name.contains(part_of_name));
    of_kind.map(|(date, file)| (date, String::from_utf8(file.bytes.clone()).expect("UTF-8"))).collect()
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = text.split_once(from).map_or("", |(_, rest)| rest);
    rest.split_once(to).map_or(rest, |(inside, _)| inside)
}

/// `8641237` from `86412,37` or `86412.37`.
fn minor(text: &str) -> i64 {
    text.replace([',', '.'], "").parse().unwrap_or_else(|_| panic!("{text} is no amount"))
}

#[test]
fn two_runs_give_the_same_bytes() {
    let name_and_bytes = |script: Script| -> Vec<(String, Vec<u8>)> {
        script.days.into_iter().flat_map(|day| day.files).map(|DemoFile { name, bytes, .. }| (name, bytes)).collect()
    };
    let (first, second) = (name_and_bytes(demo()), name_and_bytes(demo()));
    assert_eq!(first.len(), second.len());
    for ((name, bytes), (_, again)) in first.iter().zip(&second) {
        assert!(bytes == again, "{name} differs");
    }
}

#[test]
fn every_working_day_has_files_and_weekends_are_quiet() {
    let script = demo();
    assert_eq!((script.start, script.days.len()), (START, 56));
    for (offset, day_of) in (0..).zip(&script.days) {
        assert_eq!(day_of.date, day(offset));
        assert_eq!(day_of.files.is_empty(), !is_working_day(day_of.date), "{}", day_of.date);
        assert!(day_of.acts.is_empty() || is_working_day(day_of.date), "{}", day_of.date);
    }
    let of_kind = |kind| script.days.iter().flat_map(|day| &day.files).filter(|file| file.what == kind).count();
    assert_eq!(of_kind(FileKind::Orders), 8);
    assert_eq!(of_kind(FileKind::Contacts), 1);
    assert_eq!(of_kind(FileKind::MarketplaceOrders), 40);
    assert_eq!(of_kind(FileKind::Statement), 48);
    assert_eq!((of_kind(FileKind::Products), of_kind(FileKind::Stock)), (1, 1));
}

#[test]
fn the_shop_has_three_hundred_orders_of_which_sixty_wait() {
    let script = demo();
    let (mut statuses, mut unpaid) = (BTreeMap::new(), BTreeSet::new());
    for (_, text) in texts(&script, "marketplace-orders") {
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.trim_matches('"').split("\",\"").collect();
            assert_eq!(fields.len(), 12, "{line}");
            let number: u64 = fields[0].parse().expect("a number");
            assert!(number > 1 << 53 && i64::try_from(number).is_ok());
            if fields[1] == "Awaiting payment" {
                unpaid.insert(number);
            }
            statuses.insert(number, fields[1].to_owned());
        }
    }
    let count = |status: &str| statuses.values().filter(|of| *of == status).count();
    assert_eq!(statuses.len(), 300);
    assert!((58..=70).contains(&unpaid.len()), "{} orders wait", unpaid.len());
    assert!(count("Paid") > 260 && count("Cancelled") > 3 && count("Closed") > 3, "{statuses:?}");
}

#[test]
fn every_mt940_adds_up_and_follows_the_last() {
    let mut last = None;
    for (date, text) in texts(&demo(), ".sta") {
        for message in text.split("\r\n-\r\n").filter(|message| !message.is_empty()) {
            let opening = minor(between(message, ":60F:C", "\r\n").split_once("USD").expect("dollars").1);
            let closing = minor(between(message, ":62F:C", "\r\n").split_once("USD").expect("dollars").1);
            let entries: i64 = message.split(":61:").skip(1).map(entry_amount).sum();
            assert_eq!(opening + entries, closing, "{date}");
            assert!(last.is_none_or(|last| last == opening), "{date}");
            assert!(message.lines().all(|line| line.trim_start_matches(":86:").len() <= 65), "{date}");
            last = Some(closing);
        }
    }
    assert!(last.is_some());
}

/// The signed amount of a statement line without its tag.
fn entry_amount(line: &str) -> i64 {
    let side = &line[10..11];
    let end = line.find('N').expect("a transaction type");
    minor(&line[11..end]) * if side == "D" { -1 } else { 1 }
}

#[test]
fn every_camt_adds_up_and_follows_the_last() {
    let signed = |text: &str| {
        let amount = minor(between(text, "<Amt Ccy=\"EUR\">", "</Amt>"));
        if between(text, "<CdtDbtInd>", "<") == "DBIT" { -amount } else { amount }
    };
    let mut last = None;
    for (date, text) in texts(&demo(), ".xml") {
        for statement in text.split("<Stmt>").skip(1) {
            let opening = signed(between(statement, "OPBD", "</Bal>"));
            let closing = signed(between(statement, "CLBD", "</Bal>"));
            let entries: i64 = statement.split("<Ntry>").skip(1).map(signed).sum();
            assert_eq!(opening + entries, closing, "{date}");
            assert!(last.is_none_or(|last| last == opening), "{date}");
            last = Some(closing);
        }
    }
    assert!(last.is_some());
}

#[test]
fn account_numbers_are_well_formed() {
    let german = DEBTORS.iter().find(|debtor| debtor.country.code == "DE").expect("a German debtor");
    let mut digits = "37040044".chars().chain("0532013000".chars());
    let number = iban(german.country, || digits.next().map(String::from).unwrap_or_default()).expect("an IBAN");
    let moved = format!("{}{}", &number[4..], &number[..4]);
    let rest = moved
        .chars()
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, value| (rest * if value > 9 { 100 } else { 10 } + value) % 97);
    assert_eq!((rest, number.len()), (1, 22));
}

#[test]
fn the_address_book_is_gb18030_with_everybody() {
    let script = demo();
    let file = script.days[0].files.iter().find(|file| file.what == FileKind::Contacts).expect("contacts");
    let (text, _, broken) = encoding_rs::GB18030.decode(&file.bytes);
    assert!(!broken && String::from_utf8(file.bytes.clone()).is_err());
    assert_eq!(text.lines().count() - 1, DEBTORS.iter().map(|debtor| debtor.people.len()).sum::<usize>());
    assert!(text.contains("윤서라") && text.contains("财务"));
}
