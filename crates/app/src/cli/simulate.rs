//! `dunlin simulate`: what will be sent in the next days. With `--playbooks` as those playbooks would have it.

use std::path::PathBuf;

use super::open::print_json;
use super::{Common, usage};
use crate::use_cases::add_up_actions::Looked;
use crate::use_cases::look_ahead::{Span, With, look_ahead};
use crate::use_cases::tell_looks::tell_look;

/// Single actions that are kept, for a list that a person or a program can still read.
const MOST_TOLD: usize = 100_000;
/// For a workbook, which people filter.
const MOST_WRITTEN: usize = 400_000;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// How many days, today being the first
    #[arg(long, default_value_t = 60)]
    days: i64,
    #[command(flatten)]
    output: Output,
}

/// What both looks can be asked for.
#[derive(Debug, clap::Args)]
pub(super) struct Output {
    /// A second folder of playbooks, to stand beside the first
    #[arg(long, value_name = "DIR")]
    pub against: Option<PathBuf>,
    /// Write a workbook with the days and the actions
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// Language of the workbook: en or zh
    #[arg(long, default_value = "en")]
    pub lang: String,
    #[arg(long)]
    pub json: bool,
}

impl Output {
    pub const fn most(&self) -> usize {
        if self.xlsx.is_some() { MOST_WRITTEN } else { MOST_TOLD }
    }

    pub fn other(&self) -> anyhow::Result<Option<With>> {
        self.against.as_deref().map(With::folder).transpose()
    }
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let language = super::looks::language(&args.output)?;
    let house = common.house().await?;
    let span = Span::ahead(&house, args.days).map_err(|refused| usage(format!("--days: {refused}")))?;
    let other = args.output.other()?;
    let with = super::looks::named(common, &house);
    let looked = look_ahead(&house, span, &with, args.output.most()).await?;
    let against = match &other {
        // Only its sums are shown.
        Some(other) => Some(look_ahead(&house, span, other, 0).await?),
        None => None,
    };
    super::looks::write(&args.output, &house, language, &with, (&looked, against.as_ref(), None))?;
    if args.output.json {
        print_json(&tell_look(&looked, against.as_ref(), None))?;
        return refusals(&looked);
    }
    super::looks::print(&looked, against.as_ref(), None);
    refusals(&looked)
}

/// A refused plan is work that failed, as in a run.
pub(super) fn refusals(looked: &Looked) -> anyhow::Result<()> {
    for (who, refusal) in looked.refusals.iter().take(20) {
        eprintln!("refused: {} on {}: invariant {}: {}", who.number, refusal.at, refusal.invariant, refusal.what);
    }
    for who in looked.cut_short.iter().take(20) {
        eprintln!("broken off: {} woke without end; what comes after is missing", who.number);
    }
    let (refused, cut) = (looked.refusals.len(), looked.cut_short.len());
    anyhow::ensure!(refused + cut == 0, "the audit refused {refused} plans, and {cut} debtors were broken off");
    Ok(())
}
