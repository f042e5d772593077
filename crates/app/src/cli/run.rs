//! `dunlin run`: decide, audit, commit.

use serde_json::{Value, json};

use dunlin_core::explain::{UiLanguage, sentence};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::plan::{Plan, Review};

use super::Common;
use super::open::print_json;
use crate::house::House;
use crate::titles::Titles;
use crate::use_cases::explain_receivable::reasons_json;
use crate::use_cases::run_decisions::{RunAccount, RunOptions, run_decisions};

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
        print_json(&as_json(&house, &account))?;
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
            let numbers = names(facts, letter.items.iter().map(|item| item.receivable_id));
            let mark = if letter.review == Review::Automatic { "letter  " } else { "approval" };
            println!(
                "{mark} {} {} ({}) by {} in {}: {}, step {}, leaves {}",
                facts.party.number,
                facts.party.name,
                facts.party.country,
                letter.channel.code(),
                letter.language.code(),
                numbers.join(" "),
                letter.items.first().map_or("", |item| &item.step),
                letter.send_at
            );
            for reason in titles.told(&letter.reasons) {
                println!("           {}", sentence(&reason, UiLanguage::En, &zone));
            }
        }
        for task in &plan.tasks {
            let numbers = names(facts, std::iter::once(task.receivable_id));
            println!(
                "task     {} {}: {} {}",
                facts.party.number,
                facts.party.name,
                task.kind.code(),
                numbers.join(" ")
            );
        }
    }
    refusals(&account)
}

fn refusals(account: &RunAccount) -> anyhow::Result<()> {
    if account.refused > 0 {
        anyhow::bail!(
            "the audit refused {} plans: nothing of them was carried out; see the incidents",
            account.refused
        );
    }
    Ok(())
}

fn names(facts: &DebtorFacts, ids: impl Iterator<Item = dunlin_core::ids::ReceivableId>) -> Vec<String> {
    ids.filter_map(|id| facts.receivables.iter().find(|item| item.receivable.id == id))
        .map(|item| item.receivable.number.clone())
        .collect()
}

fn as_json(house: &House, account: &RunAccount) -> Value {
    let mut actions = Vec::new();
    for (facts, plan) in &account.actions {
        actions.extend(plan_json(house, facts, plan));
    }
    json!({
        "as_of": house.now().to_string(),
        "considered": account.considered,
        "letters": account.written.letters,
        "tasks": account.written.tasks,
        "approvals": account.written.approvals,
        "holds": account.written.holds,
        "waiting": account.waiting,
        "refused": account.refused,
        "rehearsed": account.rehearsal.as_ref().map(|rehearsal| rehearsal.sent),
        "actions": actions,
    })
}

fn plan_json(house: &House, facts: &DebtorFacts, plan: &Plan) -> Vec<Value> {
    let debtor = &facts.party.number;
    let letters = plan.letters.iter().map(|letter| {
        let cases = letter.items.iter().filter_map(|item| plan.cases.iter().find(|case| case.case_id == item.case_id));
        // Case by case: each begins with the playbook that its steps belong to.
        let case_reasons = cases.flat_map(|case| reasons_json(house, &case.reasons));
        json!({
            "kind": if letter.review == Review::Automatic { "letter" } else { "approval" },
            "debtor": debtor,
            "name": facts.party.name,
            "receivables": names(facts, letter.items.iter().map(|item| item.receivable_id)),
            "step": letter.items.first().map(|item| item.step.to_string()),
            "level": letter.level,
            "purpose": letter.purpose.code(),
            "channel": letter.channel.code(),
            "language": letter.language.code(),
            "currency": letter.currency.code(),
            "send_at": letter.send_at.to_string(),
            "reasons": case_reasons.collect::<Vec<_>>(),
        })
    });
    let tasks = plan.tasks.iter().map(|task| {
        json!({
            "kind": "task",
            "task": task.kind.code(),
            "debtor": debtor,
            "name": facts.party.name,
            "receivables": names(facts, std::iter::once(task.receivable_id)),
            "step": task.step.as_deref(),
            "channel": "phone",
            "language": task.language.code(),
            "send_at": task.not_before.to_string(),
            "reasons": reasons_json(house, &task.reasons),
        })
    });
    letters.chain(tasks).collect()
}
