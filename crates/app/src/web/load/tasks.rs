//! Tasks in words: what each asks for, and how work of our own is done.

use dunlin_core::audit::desk::NotNow;
use dunlin_core::explain::phrase;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::ReceivableId;
use dunlin_core::plan::TaskKind;
use dunlin_store::pages::desk::TaskRow;

use super::show::Show;
use crate::house::House;
use crate::use_cases::write_letter::call_script;
use crate::web::view::letter::LetterText;
use crate::web::view::names::isolated;
use crate::web::view::tasks::OpenTask;

/// The step that work of our own is for, as its playbook calls it.
fn step(show: &Show, task: &TaskRow, facts: Option<&DebtorFacts>) -> Option<String> {
    let step = task.step.as_deref().filter(|_| task.kind == TaskKind::Do)?;
    let about = |facts: &DebtorFacts| {
        let item = facts.receivables.iter().find(|item| Some(item.receivable.id) == task.receivable_id)?;
        Some(item.case.as_ref()?.playbook.as_ref()?.id.clone())
    };
    Some(show.titles.step(facts.and_then(about).as_deref(), step))
}

/// "Call", "Find a contact"; work of our own bears the title of its step.
pub fn verb(show: &Show, task: &TaskRow, facts: Option<&DebtorFacts>) -> String {
    let word = || phrase(show.ui(), &format!("say-verb-{}", word_of(task)), &[]);
    step(show, task, facts).unwrap_or_else(word)
}

/// "Call Anna Rossi".
pub fn heading(show: &Show, task: &TaskRow, facts: Option<&DebtorFacts>) -> String {
    let name = facts.map_or_else(String::new, |facts| isolated(&facts.party.name));
    match step(show, task, facts) {
        Some(step) => phrase(show.ui(), "say-task-do-step", &[("step", step), ("name", name)]),
        None => phrase(show.ui(), &format!("say-task-{}", word_of(task)), &[("name", name)]),
    }
}

/// The word for what a task asks.
fn word_of(task: &TaskRow) -> String {
    match task.kind {
        TaskKind::MatchMoney if task.receivable_id.is_some() => "bank-charges".to_string(),
        // The only thing that is followed up about one receivable.
        TaskKind::Follow if task.receivable_id.is_some() => "plan-broken".to_string(),
        kind => kind.code().replace('_', "-"),
    }
}

/// Why a call rests that somebody would make else.
fn not_now(show: &Show, task: &TaskRow) -> Option<String> {
    let why = task.reasons.iter().find(|reason| NotNow::CODES.contains(&reason.code))?;
    let said = show.reasons(std::slice::from_ref(why)).into_iter().next();
    said.filter(|_| task.not_before > show.now).map(|line| line.sentence)
}

/// How work of our own is done, in the reader's language.
pub fn instructions(
    house: &House,
    show: &Show,
    task: &TaskRow,
    facts: &DebtorFacts,
) -> anyhow::Result<Option<LetterText>> {
    if task.kind != TaskKind::Do {
        return Ok(None);
    }
    let written = call_script(house, task, facts, show.letters())?;
    let language = show.words.language().code();
    Ok(written.map(|(title, text)| LetterText::new(language, &title, &text, &[])))
}

/// What is open about a debtor, or about one receivable. An uncertain letter is on Today itself, without its task.
pub async fn open(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
    only: Option<ReceivableId>,
) -> anyhow::Result<Vec<OpenTask>> {
    let rows = house.store.open_tasks_of(house.tenant.id, facts.party.id).await?;
    let is_wanted =
        |task: &TaskRow| task.kind != TaskKind::SettleUncertain && (only.is_none() || task.receivable_id == only);
    let mut tasks = Vec::new();
    for task in rows.iter().filter(|task| is_wanted(task)) {
        let item = facts.receivables.iter().find(|item| Some(item.receivable.id) == task.receivable_id);
        tasks.push(OpenTask {
            number: format!("T-{:04}", task.number),
            kind: task.kind.code(),
            icon: if task.kind == TaskKind::Call { "call" } else { "task" },
            title: heading(show, task, Some(facts)),
            receivable: item.filter(|_| only.is_none()).map(|item| item.receivable.number.clone()),
            rests: (task.not_before > show.now).then(|| show.instant(task.not_before)),
            not_now: not_now(show, task),
            instructions: instructions(house, show, task, facts)?,
        });
    }
    Ok(tasks)
}
