//! Real statements of many banks, checked by what they say themselves: opening + entries = closing.
//!
//! The files are not part of this repository; their directory is named by `DUNLIN_CORPUS` or lies beside the
//! checkout. Without it the tests say so and pass. The second check compares with the output of other parsers
//! lying beside the files; where they disagree the file decides, and the reason is noted here.

#![allow(clippy::unwrap_used)]

use dunlin_bank_formats::{Format, Parsed, parse};
use rust_decimal::Decimal;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Files whose entries really do not make up the closing balance, by name, with the statement (from 1) and why.
const DO_NOT_ADD_UP: &[(&str, &[usize], &str)] = &[
    ("abnamro.sta", &[1, 2], "balances made up when the file was anonymised"),
    ("abnamro.txt", &[1, 2], "the same file"),
    ("abnamro/mt940.sta", &[1, 2], "balances made up (1111,10 to 2222,20)"),
    ("ing.sta", &[1], "field 86 after the balance says debits 25,24 and credits 28,71: the entries were altered"),
    ("ing-dos.txt", &[1], "the same file"),
    ("ing-unix.txt", &[1], "the same file"),
    ("rabobank.sta", &[1, 3], "entries were taken out or exchanged"),
    ("rabobank.txt", &[1, 3], "the same file with one statement more"),
    ("triodos.sta", &[1], "entries worth 111,40 were taken out"),
    ("triodos.txt", &[1], "the same file"),
    ("sepa_snippet.sta", &[2], "a credit of 300,00 became a debit of 0,08"),
    ("sepa_snippet_broken.sta", &[1], "cut from the file above after its first entry"),
    ("details_60-63.sta", &[1], "made by hand: 233,15 does not lead from 12345,12 to 12345,98"),
    ("incomplete_tag_61.sta", &[1], "the same entry"),
    ("malformed_details.sta", &[1], "the same entry"),
    ("overly_long_details.sta", &[1], "the same entry"),
    ("whitespace.sta", &[1], "the same entry"),
    ("invalid_utf8.sta", &[1], "entries were taken out"),
    ("february_30.sta", &[1], "its only entry has the value date 30 February and is refused"),
    ("transaction_details_wrapped.sta", &[1], "value date 30 February"),
    ("wrapped_timestamp.sta", &[1], "value date 30 February"),
    ("camt053.v2.all-balance-types.xml", &[1], "made by hand: every balance is another number"),
    ("camt053.v2.five.decimals.xml", &[1], "made by hand: 18.150 + 8.850 is not 27.050"),
];

/// Files where the other parser's list of amounts differs, and why ours stands.
const OTHERS_DIFFER: &[(&str, &str)] = &[
    ("sepa_mt9401.sta", "they count RC (a credit taken back) as money in; only as money out do the balances agree"),
    (
        "self-provided/february_30.sta",
        "they move 30 February to the 29th; we refuse a date that cannot be and keep the text",
    ),
    ("transaction_details_wrapped.sta", "30 February"),
    ("wrapped_timestamp.sta", "30 February"),
];

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("DUNLIN_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let bank = named.unwrap_or(beside).join("bank");
    if bank.is_dir() {
        return Some(bank);
    }
    println!("SKIPPED: corpus absent");
    None
}

fn files(below: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![below.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn statements(bank: &Path) -> Vec<(PathBuf, Parsed)> {
    let mut paths = files(&bank.join("wolph-mt940"), &["sta"]);
    paths.extend(files(&bank.join("mt940-rs/data"), &["sta"]));
    paths.extend(files(&bank.join("jejik/tests"), &["txt"]));
    paths.extend(files(&bank.join("genkgo-camt"), &["xml"]));
    paths.into_iter().map(|path| (path.clone(), parse(&fs::read(&path).unwrap(), Format::Auto))).collect()
}

#[test]
fn opening_and_entries_make_closing() {
    let Some(bank) = corpus() else { return };
    let (mut files, mut all, mut entries, mut checked, mut agree) = (0, 0, 0, 0, 0);
    let mut wrong = Vec::new();
    for (path, parsed) in statements(&bank) {
        files += 1;
        for (index, statement) in parsed.statements.iter().enumerate() {
            all += 1;
            entries += statement.entries.len();
            let (Some(opening), Some(closing)) = (statement.opening, statement.closing) else {
                continue;
            };
            checked += 1;
            let sum: Decimal = statement.entries.iter().filter(|entry| !entry.pending).map(|entry| entry.amount).sum();
            let known =
                DO_NOT_ADD_UP.iter().any(|(name, which, _)| path.ends_with(name) && which.contains(&(index + 1)));
            let adds_up = opening.amount + sum == closing.amount;
            agree += usize::from(adds_up);
            if adds_up == known {
                wrong.push(format!(
                    "{} statement {}: {} + {sum} → {}",
                    path.display(),
                    index + 1,
                    opening.amount,
                    closing.amount
                ));
            }
        }
    }
    println!(
        "{files} files, {all} statements, {entries} entries, {checked} with both balances, {agree} add up, {} known exceptions",
        checked - agree
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checked > 100);
}

#[test]
fn other_parsers_find_the_same_amounts() {
    let Some(bank) = corpus() else { return };
    let (mut compared, mut wrong) = (0, Vec::new());
    for (path, parsed) in statements(&bank) {
        let beside = ["expected.json", "json"].map(|ending| path.with_extension(ending));
        let Some(json) = beside.iter().find_map(|path| fs::read(path).ok()) else {
            continue;
        };
        let json: Value = serde_json::from_slice(&json).unwrap();
        let theirs = amounts_of(&json);
        let ours: Vec<Decimal> =
            parsed.statements.iter().flat_map(|s| s.entries.iter().map(|e| e.amount.normalize())).collect();
        compared += 1;
        let known = OTHERS_DIFFER.iter().any(|(name, _)| path.ends_with(name));
        if (ours == theirs) == known {
            wrong.push(format!("{}: ours {ours:?} theirs {theirs:?}", path.display()));
        }
    }
    println!("{compared} files compared with other parsers");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The signed amounts of all entries, in the three shapes that lie beside the files.
fn amounts_of(json: &Value) -> Vec<Decimal> {
    let decimal = |value: &Value| value.as_str().unwrap().parse::<Decimal>().unwrap().normalize();
    if let Some(list) = json["transactions"].as_array() {
        return list.iter().map(|t| &t["data"]["amount"]["amount"]).filter(|a| !a.is_null()).map(decimal).collect();
    }
    if let Some(list) = json["getEntries"].as_array() {
        let minor = |entry: &Value| {
            let amount = &entry["getAmount"];
            let digits = i64::from(amount["getCurrency"]["getCode"] != "JPY") * 2;
            decimal(&amount["getAmount"]) / Decimal::from(10_i64.pow(digits as u32))
        };
        return list.iter().map(|entry| minor(entry).normalize()).collect();
    }
    let mut amounts = Vec::new();
    for line in
        json.as_array().into_iter().flatten().flat_map(|s| s["statement_lines"].as_array().into_iter().flatten())
    {
        let debit = matches!(line["ext_debit_credit_indicator"].as_str(), Some("Debit" | "ReverseCredit"));
        let amount = decimal(&line["amount"]);
        amounts.push(if debit { -amount } else { amount });
    }
    amounts
}
