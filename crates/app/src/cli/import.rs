//! `dunlin import`: spreadsheets in.

use std::path::PathBuf;

use comfy_table::Table;
use dunlin_core::case::Entry;
use serde::Serialize;

use dunlin_core::explain::UiLanguage;
use dunlin_core::risk::RiskCode;

use super::open::{print_json, read_input};
use super::{Common, usage};
use crate::import::{Followed, ImportOptions, ImportReport, Kind, Mapping, TableMapping, import_into};
use crate::use_cases::set_order_day::follow_days;
use crate::use_cases::standing_facts::clear_desks;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file; - for standard input
    file: Option<PathBuf>,
    /// orders, debtors, contacts, receivables, payments, payouts, products or stock (default: seen from the columns)
    #[arg(long)]
    kind: Option<String>,
    /// A mapping that names columns (docs/manual/import.md)
    #[arg(long, value_name = "M.toml")]
    map: Option<PathBuf>,
    /// How debts come in that are old already: standard (from the first step) or contextual (on the step of their age)
    #[arg(long, default_value = "standard")]
    entry: String,
    /// Read and show, change nothing
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    json: bool,
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let kind = args.kind.as_deref().map(str::parse::<Kind>).transpose().map_err(|error| usage(error.to_string()))?;
    let mapping = match &args.map {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| usage(format!("cannot read the mapping {}: {error}", path.display())))?;
            Some(Mapping::parse(&text).map_err(|error| usage(format!("{}: {error}", path.display())))?)
        }
    };
    let entry = Entry::from_code(&args.entry).ok_or_else(|| usage("--entry is standard or contextual"))?;
    let (name, bytes) = read_input(args.file.as_deref())?;
    let house = common.house().await?;
    let options =
        ImportOptions { kind, mapping, dry_run: args.dry_run, entry: Some(entry), ..ImportOptions::default() };
    let report = import_into(&house, &name, &bytes, &options).await?;
    let (mut cancelled, mut followed) = (report.letters_cancelled, Followed::default());
    if !args.dry_run {
        followed = follow_days(&house, &report.days_changed).await?;
        cancelled += clear_desks(&house).await?;
    }
    if args.json {
        return print_json(&WithFollowed { report: &report, followed: &followed });
    }
    print!("{}", in_words(&report));
    print!("{}", followed_in_words(&followed));
    if cancelled > 0 {
        println!("  {cancelled} letters that waited for a person are cancelled: they are not right any more");
    }
    Ok(())
}

/// What `--json` says.
#[derive(Serialize)]
struct WithFollowed<'a> {
    #[serde(flatten)]
    report: &'a ImportReport,
    followed: &'a Followed,
}

/// Cases that another playbook fits better now, one to a line.
pub fn followed_in_words(followed: &Followed) -> String {
    let mut text = String::new();
    for case in &followed.moved {
        let why = match case.because.as_slice() {
            [] => "because the day it counted from is not known any more".to_string(),
            days => format!("because this day is known: {}", days.join(", ").replace('_', " ")),
        };
        text.push_str(&format!("  {} moved from {} to {}, {why}\n", case.receivable, case.from, case.to));
    }
    for case in &followed.waiting {
        text.push_str(&format!(
            "  {} stays with {}, although {} would fit better now: a letter of it is under way\n",
            case.receivable, case.from, case.to
        ));
    }
    text
}

fn columns_in_words(table: &TableMapping) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("{} {} → {}", column.column, column.header, column.field.code()))
        .collect();
    let mut text = format!("  {} (header in row {}): {}\n", table.sheet, table.header_row, columns.join(" · "));
    if !table.unmapped.is_empty() {
        let spare: Vec<String> = table.unmapped.iter().map(|c| format!("{} {}", c.column, c.header)).collect();
        text.push_str(&format!("  not read: {} (name them with --map)\n", spare.join(" · ")));
    }
    text
}

fn in_words(report: &ImportReport) -> String {
    let counts = &report.counts;
    let mut text = format!(
        "{}{}: {} rows — {} new, {} corrected, {} as before, {} left out\n",
        if report.dry_run { "(dry run) " } else { "" },
        report.file,
        counts.rows,
        counts.added,
        counts.corrected,
        counts.unchanged,
        counts.left_out
    );
    for table in &report.mapping {
        text.push_str(&columns_in_words(table));
    }
    for correction in &report.corrections {
        text.push_str(&format!(
            "  row {}: {} {} was {}, is {}\n",
            correction.row, correction.what, correction.field, correction.before, correction.after
        ));
    }
    for waiting in &report.awaiting {
        text.push_str(&format!(
            "  {} amounts cannot fall due before the day in ‘{}’ is known{}\n",
            waiting.amounts,
            waiting.field.code(),
            if waiting.has_column { "" } else { ": the file has no such column (name one with --map)" }
        ));
    }
    if report.old_debts > 0 {
        let how = match report.entry {
            "contextual" => "they come in on the step of their age, never on a severe one",
            _ => "they begin with the first step; --entry contextual lets them come in on the step of their age",
        };
        text.push_str(&format!("  {} new amounts are more than 30 days late: {how}\n", report.old_debts));
    }
    for risk in &report.risks {
        let name = RiskCode::from_code(risk.code).map(|code| code.name(UiLanguage::En)).unwrap_or_default();
        text.push_str(&format!("  orders that warn: {} ({name})\n", risk.orders));
    }
    if report.orders_told > 0 {
        text.push_str(&format!(
            "  {} orders: something new about how they stand, their goods or parcels\n",
            report.orders_told
        ));
    }
    if report.older_orders > 0 {
        let rows = report.older_orders;
        text.push_str(&format!("  {rows} orders: more is known than this file says; they stay as they are\n"));
    }
    for sum in &report.payouts {
        let (paid_out, fees, back) = (&sum.paid_out, &sum.fees, &sum.taken_back);
        text.push_str(&format!("  paid out {paid_out}, fees {fees}, taken back {back}\n"));
    }
    for vanished in &report.vanished {
        text.push_str(&format!("  {} is not in the file any more; it was left as it is\n", vanished.order));
    }
    if !report.problems.is_empty() {
        let mut table = Table::new();
        table.load_style(comfy_table::presets::UTF8_BORDERS_ONLY);
        table.set_header(["sheet", "row", "column", "read", "why left out", "what to do"]);
        for problem in &report.problems {
            table.add_row([
                problem.sheet.clone(),
                problem.row.to_string(),
                format!("{} {}", problem.column, problem.header),
                problem.read.clone(),
                problem.why.clone(),
                problem.remedy.clone(),
            ]);
        }
        text.push_str(&format!("{table}\n"));
    }
    text
}
