//! `dunlin backtest`: what the playbooks would have done in days that are over, beside what really was sent.

use jiff::civil::Date;

use super::open::print_json;
use super::simulate::{Output, refusals};
use super::{Common, usage};
use crate::use_cases::look_ahead::Span;
use crate::use_cases::look_back::{look_back, really_sent};
use crate::use_cases::tell_looks::tell_look;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// First day, 2026-01-01
    #[arg(long, value_name = "D")]
    from: String,
    /// Last day
    #[arg(long, value_name = "D")]
    to: String,
    #[command(flatten)]
    output: Output,
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let language = super::looks::language(&args.output)?;
    let (from, to) = (day("--from", &args.from)?, day("--to", &args.to)?);
    let house = common.house().await?;
    let span = Span::back(&house, from, to).map_err(|refused| usage(format!("--from, --to: {refused}")))?;
    let other = args.output.other()?;
    let with = super::looks::named(common, &house);
    let looked = look_back(&house, span, &with, args.output.most()).await?;
    let against = match &other {
        // Only its sums are shown.
        Some(other) => Some(look_back(&house, span, other, 0).await?),
        None => None,
    };
    let sent = really_sent(&house, span).await?;
    super::looks::write(&args.output, &house, language, &with, (&looked, against.as_ref(), Some(&sent)))?;
    if args.output.json {
        print_json(&tell_look(&looked, against.as_ref(), Some(sent.as_slice())))?;
        return refusals(&looked);
    }
    super::looks::print(&looked, against.as_ref(), Some(&sent));
    refusals(&looked)
}

fn day(name: &str, text: &str) -> anyhow::Result<Date> {
    let read: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
    read.ok_or_else(|| usage(format!("{name} ‘{text}’ is no day; write 2026-01-31")))
}
