//! What a run did, as `dunlin run --json` and the API say it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::ReceivableId;
use dunlin_core::plan::orders::OrderStep;
use dunlin_core::plan::{Plan, Review};

use super::explain_receivable::reasons_json;
use super::run_decisions::RunAccount;
use crate::house::House;

/// A run. Letters, tasks, approvals and holds are what it newly committed; `waiting` is a state.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldRun {
    pub as_of: Timestamp,
    pub considered: usize,
    pub letters: usize,
    pub tasks: usize,
    pub approvals: usize,
    pub holds: usize,
    pub waiting: i64,
    /// Plans that the audit refused: nothing of them was carried out.
    pub refused: usize,
    /// Letters that went to the firm itself, while it is trying things out.
    pub rehearsed: Option<usize>,
    pub actions: Vec<ToldAction>,
}

/// Something that was decided for one debtor.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldAction {
    /// `letter`, `approval` or `task`.
    pub kind: &'static str,
    /// What kind of task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<&'static str>,
    pub debtor: String,
    pub name: String,
    pub receivables: Vec<String>,
    /// Number of the order that it is about, when it is about no receivables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    pub step: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<&'static str>,
    pub channel: &'static str,
    pub language: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<&'static str>,
    pub send_at: Timestamp,
    /// As `explain` tells them.
    pub reasons: Vec<Value>,
}

/// Tells a run whose plans were kept (`RunOptions::keep_actions`).
pub fn tell_run(house: &House, account: &RunAccount) -> ToldRun {
    ToldRun {
        as_of: whole(house.now()),
        considered: account.considered,
        letters: account.written.letters,
        tasks: account.written.tasks,
        approvals: account.written.approvals,
        holds: account.written.holds,
        waiting: account.waiting,
        refused: account.refused,
        rehearsed: account.rehearsal.as_ref().map(|rehearsal| rehearsal.sent),
        actions: account.actions.iter().flat_map(|(facts, plan)| told_actions(house, facts, plan)).collect(),
    }
}

/// A run is told to the second: what lies below is the moment at which the machine happened to decide.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Numbers of receivables.
pub fn numbers(facts: &DebtorFacts, ids: impl Iterator<Item = ReceivableId>) -> Vec<String> {
    ids.filter_map(|id| facts.receivables.iter().find(|item| item.receivable.id == id))
        .map(|item| item.receivable.number.clone())
        .collect()
}

/// What was decided for one debtor.
pub fn told_actions(house: &House, facts: &DebtorFacts, plan: &Plan) -> Vec<ToldAction> {
    let letters = plan.letters.iter().map(|letter| {
        let cases = letter.items.iter().filter_map(|item| plan.cases.iter().find(|case| case.case_id == item.case_id));
        ToldAction {
            kind: if letter.review == Review::Automatic { "letter" } else { "approval" },
            task: None,
            debtor: facts.party.number.clone(),
            name: facts.party.name.clone(),
            receivables: numbers(facts, letter.items.iter().map(|item| item.receivable_id)),
            order: None,
            step: letter.items.first().map(|item| item.step.to_string()),
            level: Some(letter.level),
            purpose: Some(letter.purpose.code()),
            channel: letter.channel.code(),
            language: letter.language.code(),
            currency: Some(letter.currency.code()),
            send_at: whole(letter.send_at),
            // Case by case: each begins with the playbook that its steps belong to.
            reasons: cases.flat_map(|case| reasons_json(house, &case.reasons)).collect(),
        }
    });
    let tasks = plan.tasks.iter().map(|task| ToldAction {
        kind: "task",
        task: Some(task.kind.code()),
        debtor: facts.party.number.clone(),
        name: facts.party.name.clone(),
        receivables: numbers(facts, std::iter::once(task.receivable_id)),
        order: None,
        step: task.step.as_deref().map(str::to_string),
        level: None,
        purpose: None,
        channel: "phone",
        language: task.language.code(),
        currency: None,
        send_at: whole(task.not_before),
        reasons: reasons_json(house, &task.reasons),
    });
    letters.chain(tasks).chain(order_actions(house, facts, plan)).collect()
}

/// Number of the order that a step is about.
pub fn order_number<'a>(facts: &'a DebtorFacts, about: &OrderStep) -> &'a str {
    facts.order_of(about.subject).map_or("", |(order, _)| order.number.as_str())
}

fn order_actions<'a>(
    house: &'a House,
    facts: &'a DebtorFacts,
    plan: &'a Plan,
) -> impl Iterator<Item = ToldAction> + use<'a> {
    let letters = plan.orders.letters.iter().map(move |letter| ToldAction {
        kind: if letter.review == Review::Automatic { "letter" } else { "approval" },
        task: None,
        debtor: facts.party.number.clone(),
        name: facts.party.name.clone(),
        receivables: Vec::new(),
        order: Some(order_number(facts, &letter.about).to_string()),
        step: Some(letter.about.step.to_string()),
        level: None,
        purpose: Some(letter.purpose.code()),
        channel: letter.channel.code(),
        language: letter.language.code(),
        currency: Some(letter.currency.code()),
        send_at: whole(letter.send_at),
        reasons: reasons_json(house, &letter.reasons),
    });
    let tasks = plan.orders.tasks.iter().map(move |task| ToldAction {
        kind: "task",
        task: Some(task.kind.code()),
        debtor: facts.party.number.clone(),
        name: facts.party.name.clone(),
        receivables: Vec::new(),
        order: Some(order_number(facts, &task.about).to_string()),
        step: task.takes_step().then(|| task.about.step.to_string()),
        level: None,
        purpose: None,
        channel: "phone",
        language: task.language.code(),
        currency: None,
        send_at: whole(task.not_before),
        reasons: reasons_json(house, &task.reasons),
    });
    letters.chain(tasks)
}
