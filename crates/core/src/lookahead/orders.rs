//! What a plan does to orders and parcels in memory, as the store and the sending would. Looking ahead leaves orders out,
//! since what happens to them is not known; this is for whoever steps with what did happen.

use jiff::Timestamp;

use crate::audit::orders::WaitingOrderLetter;
use crate::case::{CaseState, LetterState, OpenLetter, StepTaken};
use crate::facts::DebtorFacts;
use crate::ids::{LetterId, TaskId};
use crate::plan::orders::{OrderPlan, OrderStep};
use crate::plan::{Review, TaskKind};

/// Takes a plan up as its commit does: steps and letters are there, nothing has left. Gives the letters that wait.
pub fn take_up(
    facts: &mut DebtorFacts,
    plan: &OrderPlan,
    now: Timestamp,
    ids: &mut u128,
) -> Vec<(Timestamp, WaitingOrderLetter)> {
    for decided in &plan.cases {
        if let Some(case) = facts.order_case_mut(decided.case_id) {
            case.state = decided.state;
        }
    }
    let mut waiting = Vec::with_capacity(plan.letters.len());
    for letter in &plan.letters {
        *ids += 1;
        let id = LetterId(*ids);
        let state = if letter.review == Review::Automatic { LetterState::Queued } else { LetterState::Review };
        if let Some(case) = facts.order_case_mut(letter.about.case_id) {
            case.steps.push(StepTaken { answer_by: Some(letter.answer_by), ..taken(&letter.about, now) });
            case.letter = Some(OpenLetter { id, state, not_before: letter.send_at });
        }
        let waits = WaitingOrderLetter {
            id,
            purpose: letter.purpose,
            channel: letter.channel,
            contact_id: letter.contact_id,
            about: letter.about.clone(),
        };
        waiting.push((letter.send_at, waits));
    }
    for task in &plan.tasks {
        *ids += 1;
        let Some(case) = facts.order_case_mut(task.about.case_id) else { continue };
        if task.takes_step() {
            // Our own work is taken to be done when it is asked for: nobody else waits for it.
            let done_at = (task.kind == TaskKind::Do).then_some(now);
            case.steps.push(StepTaken { done_at, ..taken(&task.about, now) });
        } else {
            case.task = Some(TaskId(*ids));
        }
    }
    waiting
}

/// The message has left.
pub fn left(facts: &mut DebtorFacts, letter: &WaitingOrderLetter, at: Timestamp) {
    settle(facts, letter, |step| step.done_at = Some(at));
}

/// The message was not right any more: as if its step had not been taken.
pub fn cancelled(facts: &mut DebtorFacts, letter: &WaitingOrderLetter) {
    settle(facts, letter, |step| step.voided = true);
}

/// Something was told of an order: its cases are looked at again, also those that had nothing left to tell.
pub fn reopen(facts: &mut DebtorFacts) {
    for order in &mut facts.orders {
        let of_parcels = order.parcels.iter_mut().filter_map(|parcel| parcel.case.as_mut());
        for case in order.case.iter_mut().chain(of_parcels) {
            if case.state == CaseState::Closed {
                case.state = CaseState::Running;
            }
        }
    }
}

fn settle(facts: &mut DebtorFacts, letter: &WaitingOrderLetter, how: impl Fn(&mut StepTaken)) {
    let Some(case) = facts.order_case_mut(letter.about.case_id) else { return };
    case.letter = None;
    let awaited = case.steps.iter_mut().filter(|step| step.done_at.is_none() && !step.voided);
    awaited.filter(|step| step.step == letter.about.step).for_each(how);
}

fn taken(about: &OrderStep, now: Timestamp) -> StepTaken {
    StepTaken {
        step: about.step.clone(),
        level: 0,
        round: about.round,
        taken_at: now,
        answer_by: None,
        done_at: None,
        voided: false,
        end: None,
    }
}
