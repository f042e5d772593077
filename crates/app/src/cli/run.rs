//! `dunlin run`: decide, audit, commit.

use dunlin_core::explain::{UiLanguage, coded, sentence};
use dunlin_core::plan::Review;

use super::Common;
use super::open::print_json;
use crate::titles::Titles;
use crate::use_cases::run_decisions::{RunAccount, RunOptions, run_decisions};
use crate::use_cases::tell_run::{numbers, order_number, tell_run};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Decide and show, commit nothing
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    json: bool,
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let house = common.house().await?;
    let options = RunOptions { dry_run: args.dry_run, keep_actions: true, ..RunOptions::default() };
    let account = run_decisions(&house, options).await?;
    if args.json {
        print_json(&tell_run(&house, &account))?;
        return refusals(&account);
    }
    if let Some(rehearsal) = &account.rehearsal {
        println!(
            "safe mode: {} letters rehearsed to the firm itself, {} were before, {} are left for another day; nothing \
             left to buyers and nothing advanced",
            rehearsal.sent, rehearsal.known, rehearsal.left
        );
        for note in &rehearsal.notes {
            println!("  {note}");
        }
        return refusals(&account);
    }
    let verb = if args.dry_run { "would be written" } else { "written" };
    println!(
        "{} debtors looked at: {} letters, {} approvals and {} tasks {verb}; {} new silences; {} cases live",
        account.considered,
        account.written.letters,
        account.written.approvals,
        account.written.tasks,
        account.written.holds,
        account.waiting
    );
    let (zone, titles) = (house.zone(), Titles::new(&house, UiLanguage::En));
    for (facts, plan) in &account.actions {
        for letter in &plan.letters {
            let numbers = numbers(facts, letter.items.iter().map(|item| item.receivable_id));
            let mark = if letter.review == Review::Automatic { "letter  " } else { "approval" };
            println!(
                "{mark} {} {} ({}) by {} in {}: {}, step {}, leaves {}",
                facts.party.number,
                facts.party.name,
                facts.party.country,
                coded(UiLanguage::En, "channel", letter.channel.code()),
                coded(UiLanguage::En, "language", letter.language.code()),
                numbers.join(" "),
                letter.items.first().map_or_else(String::new, |item| titles.step(None, &item.step)),
                letter.send_at
            );
            for reason in titles.told(&letter.reasons) {
                println!("           {}", sentence(&reason, UiLanguage::En, &zone));
            }
        }
        for task in &plan.tasks {
            let numbers = numbers(facts, std::iter::once(task.receivable_id));
            println!(
                "task     {} {}: {} {}",
                facts.party.number,
                facts.party.name,
                coded(UiLanguage::En, "task", task.kind.code()),
                numbers.join(" ")
            );
        }
        for letter in &plan.orders.letters {
            let mark = if letter.review == Review::Automatic { "letter  " } else { "approval" };
            println!(
                "{mark} {} {} ({}) by {} in {}: order {}, step {}, leaves {}",
                facts.party.number,
                facts.party.name,
                facts.party.country,
                coded(UiLanguage::En, "channel", letter.channel.code()),
                coded(UiLanguage::En, "language", letter.language.code()),
                order_number(facts, &letter.about),
                titles.step(Some(&letter.about.playbook.id), &letter.about.step),
                letter.send_at
            );
            for reason in titles.told(&letter.reasons) {
                println!("           {}", sentence(&reason, UiLanguage::En, &zone));
            }
        }
        for task in &plan.orders.tasks {
            println!(
                "task     {} {}: {} order {}",
                facts.party.number,
                facts.party.name,
                coded(UiLanguage::En, "task", task.kind.code()),
                order_number(facts, &task.about)
            );
        }
    }
    refusals(&account)
}

fn refusals(account: &RunAccount) -> anyhow::Result<()> {
    if account.refused > 0 {
        anyhow::bail!(
            "{} plans were refused, or could not be made: nothing of them was carried out; see the incidents",
            account.refused
        );
    }
    Ok(())
}
