//! `dunlin task`: work for a person, how it is done, and its end.

use anyhow::Context;
use jiff::civil::Date;

use dunlin_core::audit::desk::NotNow;
use dunlin_core::explain::{UiLanguage, sentence, word};
use dunlin_core::locale;
use dunlin_store::pages::find::human_number;
use dunlin_store::pages::keyset::{After, ListedTask};
use dunlin_store::{Scope, StoreError};

use super::say::Spoken;
use super::{Common, usage};
use crate::house::House;
use crate::titles::Titles;
use crate::use_cases::approve_letter::{drop_task, finish_task, snooze_task};
use crate::use_cases::write_letter::call_script;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// What is open
    List {
        /// Also what rests until later
        #[arg(long)]
        resting: bool,
        #[command(flatten)]
        spoken: Spoken,
    },
    /// One task, with what to say or how to do it
    Show {
        task: String,
        #[command(flatten)]
        spoken: Spoken,
    },
    /// Say that it is done
    Done {
        task: String,
        /// What came of it
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Work of our own is not needed and its step counts as taken; or nobody makes a call, which warned nobody
    Drop {
        task: String,
        #[arg(long)]
        why: String,
    },
    /// Let it rest until the morning of a day
    Snooze {
        task: String,
        #[arg(long)]
        until: Date,
    },
}

/// Tasks that a list prints.
const MOST: i64 = 500;

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        Command::List { resting, spoken } => {
            let due = (!resting).then(|| house.now());
            let from_the_first = After { key: 0, limit: MOST };
            let rows = house.store.tasks_after(house.tenant.id, &house.sight, None, due, &from_the_first).await?;
            for row in &rows {
                println!("{}", line(&house, row, spoken.lang));
            }
        }
        Command::Show { task, spoken } => show(&house, number(&task)?, spoken.lang).await?,
        Command::Done { task, note } => {
            finish_task(&house, number(&task)?, &note).await?;
            println!("{task} is done");
        }
        Command::Drop { task, why } => {
            if drop_task(&house, number(&task)?, &why).await? {
                println!("{task} is not needed; its step counts as taken");
            } else {
                println!("{task} was not made; it warned nobody, and its case is decided again");
            }
        }
        Command::Snooze { task, until } => {
            snooze_task(&house, number(&task)?, until).await?;
            println!("{task} rests until {until}");
        }
    }
    Ok(())
}

/// "T-0007  Compare the papers  D-0017 Rossi Srl  R-1042  USD 1,234.50".
fn line(house: &House, row: &ListedTask, language: UiLanguage) -> String {
    let kind = word(language, &format!("task-{}", row.kind.code().replace('_', "-")));
    let step = row.step.as_deref().map(|step| Titles::new(house, language).step(None, step));
    let mut parts = vec![row.number.clone(), kind];
    parts.extend(step);
    parts.extend(row.party.as_ref().map(|party| format!("{} {}", party.number, party.name)));
    parts.extend(row.receivable.iter().chain(&row.payment).chain(&row.letter).chain(&row.order).cloned());
    parts.extend(row.pressed.map(|money| locale::money(money, language.letters())));
    parts.extend(row.note.clone());
    // A call that is not to be made now says why, and from when on it can be.
    let rests = row.settled_at.is_none() && row.not_before > house.now();
    let why = row.reasons.iter().filter(|reason| rests && NotNow::CODES.contains(&reason.code));
    parts.extend(why.map(|reason| sentence(reason, language, &house.zone())));
    parts.join("  ")
}

async fn show(house: &House, number: i64, language: UiLanguage) -> anyhow::Result<()> {
    let missing = || StoreError::not_found("task", format!("T-{number:04}"));
    let first = After { key: 0, limit: 1 };
    let rows = house.store.tasks_after(house.tenant.id, &house.sight, Some(number), None, &first).await?;
    let row = rows.into_iter().next().ok_or_else(missing)?;
    println!("{}", line(house, &row, language));
    let Some(party) = row.party.filter(|_| row.settled_at.is_none()) else {
        return Ok(());
    };
    let (party_id, _) = house.store.find_party(house.tenant.id, &party.number).await?.ok_or_else(missing)?;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await?;
    let facts = facts.first().context("the debtor was not recorded yet")?;
    let open = house.store.open_tasks_of(house.tenant.id, party_id).await?;
    let task = open.iter().find(|task| task.number == number).ok_or_else(missing)?;
    if let Some((title, text)) = call_script(house, task, facts, language.letters())? {
        println!("\n{title}\n\n{text}");
    }
    Ok(())
}

fn number(text: &str) -> anyhow::Result<i64> {
    human_number('T', text).ok_or_else(|| usage(format!("‘{text}’ is not a task; write for instance T-0003")))
}
