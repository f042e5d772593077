//! `dunlin import`: spreadsheets in.

use std::path::PathBuf;

use dunlin_core::case::Entry;
use serde::Serialize;

use super::import_words::{followed_in_words, in_words};
use super::open::{print_json, read_input};
use super::say::{Say, Spoken};
use super::{Common, usage};
use crate::import::{Followed, ImportOptions, ImportReport, Kind, Mapping, import_into};
use crate::titles::Titles;
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
    #[command(flatten)]
    spoken: Spoken,
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
    let report = import_into(&house, &name, &bytes, &options)
        .await
        .map_err(|error| anyhow::Error::msg(error.at_terminal(args.spoken.lang)))?;
    let (mut cancelled, mut followed) = (report.letters_cancelled, Followed::default());
    if !args.dry_run {
        followed = follow_days(&house, &report.days_changed).await?;
        cancelled += clear_desks(&house).await?;
    }
    if args.json {
        return print_json(&WithFollowed { report: &report, followed: &followed });
    }
    let say = Say::new(&house, args.spoken.lang);
    print!("{}", in_words(&report, &say));
    print!("{}", followed_in_words(&followed, &say, &Titles::new(&house, say.language)));
    if cancelled > 0 {
        println!("  {}", say.count("cli-import-cancelled", cancelled));
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
