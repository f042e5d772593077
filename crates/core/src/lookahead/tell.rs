//! What happened, as an [`Action`], and where cases stand: read off the facts, nothing is changed here.

use std::sync::Arc;

use jiff::Timestamp;

use super::apply::{Calling, GoesBeside, Leaving, UnderWay};
use super::{Action, ActionKind, Standing};
use crate::case::{Case, CaseState, LetterState};
use crate::facts::DebtorFacts;
use crate::ids::{CaseId, ReceivableId};
use crate::money::{Currency, Money};
use crate::party::Channel;
use crate::plan::PlannedTask;

pub(super) fn letter(facts: &DebtorFacts, leaving: &Leaving, kind: ActionKind, at: Timestamp) -> Action {
    let items = &leaving.letter.items;
    let lead = items.first();
    let currency = lead.map_or(Currency::USD, |item| item.pressed.currency);
    let asked = items.iter().fold(0_i64, |sum, item| sum.saturating_add(item.pressed.minor));
    Action {
        at,
        kind,
        task: None,
        playbook: lead.and_then(|item| playbook_of(facts, item.case_id)),
        step: lead.map(|item| item.step.clone()),
        level: leaving.level,
        channel: Some(leaving.letter.channel),
        pressed: Money::new(asked, currency),
        receivables: numbers(facts, items.iter().map(|item| item.receivable_id)),
    }
}

/// What goes beside a letter, one action each. The money is asked for once, by the letter itself.
pub(super) fn beside(facts: &DebtorFacts, leaving: &Leaving, kind: ActionKind, at: Timestamp) -> Vec<Action> {
    let main = letter(facts, leaving, kind, at);
    let action = |one: &GoesBeside| Action {
        channel: Some(one.channel),
        pressed: Money::zero(main.pressed.currency),
        receivables: numbers(facts, one.about.iter().copied()),
        ..main.clone()
    };
    leaving.beside.iter().map(action).collect()
}

pub(super) fn call(facts: &DebtorFacts, calling: &Calling, at: Timestamp) -> Action {
    Action {
        at,
        kind: ActionKind::Call,
        task: None,
        playbook: playbook_of(facts, calling.case_id),
        step: Some(calling.step.clone()),
        level: calling.level,
        channel: Some(Channel::Phone),
        pressed: calling.pressed,
        receivables: numbers(facts, [calling.receivable_id]),
    }
}

pub(super) fn task(facts: &DebtorFacts, task: &PlannedTask, at: Timestamp) -> Action {
    Action {
        at,
        kind: ActionKind::Task,
        task: Some(task.kind),
        playbook: playbook_of(facts, task.case_id),
        step: task.step.clone(),
        level: task.level,
        channel: None,
        pressed: task.pressed,
        receivables: numbers(facts, [task.receivable_id]),
    }
}

/// `ours`: cases that the last decision left to us.
pub(super) fn standing(facts: &DebtorFacts, under_way: &[UnderWay], ours: &[CaseId]) -> Standing {
    let mut standing = Standing::default();
    for case in cases(facts) {
        let is_called = |one: &UnderWay| matches!(one, UnderWay::Call(calling) if calling.case_id == case.id);
        let leaves = |state| matches!(state, LetterState::Queued | LetterState::Sending);
        let is_ours = case.task.is_some()
            || ours.contains(&case.id)
            || case.letter.is_some_and(|letter| !leaves(letter.state))
            || under_way.iter().any(is_called);
        match case.state {
            // What became instalments is counted by these.
            CaseState::Paid | CaseState::WrittenOff | CaseState::Closed | CaseState::PlanAgreed => {
                standing.settled += 1
            }
            CaseState::HandedOver => standing.in_other_hands += 1,
            CaseState::LadderDone => standing.ladder_done += 1,
            CaseState::Running if is_ours => standing.waiting_on_us += 1,
            CaseState::Running => standing.waiting_on_buyer += 1,
        }
    }
    standing
}

fn cases(facts: &DebtorFacts) -> impl Iterator<Item = &Case> {
    facts.receivables.iter().filter_map(|item| item.case.as_ref())
}

fn playbook_of(facts: &DebtorFacts, id: CaseId) -> Option<Arc<str>> {
    Some(cases(facts).find(|case| case.id == id)?.playbook.as_ref()?.id.clone())
}

fn numbers(facts: &DebtorFacts, ids: impl IntoIterator<Item = ReceivableId>) -> Vec<String> {
    let number = |id| facts.receivables.iter().find(|item| item.receivable.id == id);
    ids.into_iter().filter_map(number).map(|item| item.receivable.number.clone()).collect()
}
