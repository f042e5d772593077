//! `dunlin explain`: why something, why nothing.

use dunlin_core::explain::{sentence, word};

use super::Common;
use super::open::print_json;
use super::say::Spoken;
use crate::titles::Titles;
use crate::use_cases::explain_receivable::explain_receivable;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// R-1042, an invoice or order number, or an id
    receivable: String,
    #[command(flatten)]
    spoken: Spoken,
    #[arg(long)]
    json: bool,
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let language = args.spoken.lang;
    let house = common.house().await?;
    let found = house.store.find_receivable(house.tenant.id, &args.receivable).await?;
    let explanation = explain_receivable(&house, &found.into()).await?;
    let zone = house.zone();
    if args.json {
        return print_json(&explanation.json(&house));
    }
    let amount = dunlin_core::locale::money(explanation.outstanding, language.letters());
    println!(
        "{} · {amount} · {}",
        explanation.receivable,
        word(language, &format!("verdict-{}", explanation.decision.code()))
    );
    for reason in Titles::new(&house, language).told(&explanation.reasons) {
        println!("  {}", sentence(&reason, language, &zone));
    }
    Ok(())
}
