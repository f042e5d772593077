//! What a plan does to the facts in memory, as the store and the sending would: steps taken, letters under way and left,
//! calls made, cases ended. The only applier there is: looking ahead steps with it, and the tests of the decision too.
//!
//! It decides nothing. [`super::Course`] says when what is under way leaves; the database has its own way, in `store`.

use std::sync::Arc;

use jiff::Timestamp;

use crate::audit::departure::WaitingLetter;
use crate::case::{Case, CaseState, LetterState, OpenLetter, StepTaken};
use crate::facts::{ContactMade, DebtorFacts};
use crate::ids::{CaseId, LetterId, ReceivableId, TaskId};
use crate::letter::Purpose;
use crate::money::Money;
use crate::party::{Channel, ContactRole};
use crate::plan::{Plan, PlannedLetter, PlannedTask, Review, TaskKind};

/// A letter between its decision and its departure.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// It does not leave before.
    pub at: Timestamp,
    pub letter: WaitingLetter,
    /// Level of the tone.
    pub level: u8,
    pub review: Review,
    /// The account statement goes along.
    pub statement: bool,
    /// What goes beside it.
    pub beside: Vec<GoesBeside>,
    /// Decided here, so that what it asks for is known; else it was under way before, and only its debts are.
    pub is_planned: bool,
}

/// A letter that leaves together with another: of one decision and one contact with it.
#[derive(Debug, Clone)]
pub struct GoesBeside {
    pub channel: Channel,
    pub role: ContactRole,
    pub about: Vec<ReceivableId>,
}

/// A call that a person has to make.
#[derive(Debug, Clone)]
pub struct Calling {
    pub at: Timestamp,
    pub case_id: CaseId,
    pub receivable_id: ReceivableId,
    pub step: Arc<str>,
    pub level: u8,
    pub pressed: Money,
}

/// What a plan leaves to be done at its moment.
#[derive(Debug, Clone)]
pub enum UnderWay {
    Letter(Box<Leaving>),
    Call(Calling),
}

impl UnderWay {
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Letter(leaving) => leaving.at,
            Self::Call(calling) => calling.at,
        }
    }
}

/// Takes a plan up as its commit does: cases, steps, letters and tasks are there, nothing has left. `ids` counts the
/// letters and tasks of this debtor; real ids are far away from it.
pub fn take_up(facts: &mut DebtorFacts, plan: &Plan, ids: &mut u128) -> Vec<UnderWay> {
    for decided in &plan.cases {
        if let Some(case) = case_of(facts, decided.case_id) {
            case.playbook = decided.playbook.clone().or(case.playbook.take());
            case.state = decided.state;
        }
    }
    let mut under_way = Vec::with_capacity(plan.letters.len() + plan.tasks.len());
    for (nth, letter) in plan.letters.iter().enumerate().filter(|(_, letter)| letter.send == 0) {
        *ids += 1;
        let mut leaving = write(facts, letter, LetterId(*ids), plan.decided_at);
        // What goes beside a letter goes with it: one contact, one step.
        let beside = plan.letters.iter().skip(nth + 1).take_while(|next| next.send > 0);
        leaving.beside = beside.map(goes_beside).collect();
        under_way.push(UnderWay::Letter(Box::new(leaving)));
    }
    for task in &plan.tasks {
        if task.kind == TaskKind::Call {
            under_way.push(UnderWay::Call(ask_for_call(facts, task, plan.decided_at)));
        } else if let (TaskKind::Do, Some(step)) = (task.kind, &task.step) {
            // Our own work is taken to be done when it is asked for: nobody else waits for it.
            if let Some(case) = case_of(facts, task.case_id) {
                let done = taken(step.clone(), task.level, task.round, plan.decided_at);
                case.steps.push(StepTaken { done_at: Some(plan.decided_at), ..done });
            }
        } else if let (TaskKind::DecideCall, Some(step)) = (task.kind, &task.step) {
            // What a person decides nobody knows ahead.
            if let Some(case) = case_of(facts, task.case_id) {
                case.steps.push(taken(step.clone(), task.level, task.round, plan.decided_at));
            }
        } else if let Some(case) = case_of(facts, task.case_id) {
            *ids += 1;
            case.task = Some(TaskId(*ids));
        }
    }
    under_way
}

/// Takes a plan up and does all of it at its moment: letters leave, approvals are given, calls are made.
pub fn carry_out(facts: &mut DebtorFacts, plan: &Plan) {
    let mut ids = facts.contacts_made.len() as u128;
    for one in take_up(facts, plan, &mut ids) {
        match one {
            UnderWay::Letter(leaving) => left(facts, &leaving.letter, leaving.at),
            UnderWay::Call(calling) => called(facts, &calling, calling.at),
        }
    }
}

fn goes_beside(letter: &PlannedLetter) -> GoesBeside {
    let about = letter.items.iter().map(|item| item.receivable_id).collect();
    GoesBeside { channel: letter.channel, role: letter.role, about }
}

fn write(facts: &mut DebtorFacts, letter: &PlannedLetter, id: LetterId, now: Timestamp) -> Leaving {
    let state = if letter.review == Review::Automatic { LetterState::Queued } else { LetterState::Review };
    for item in &letter.items {
        if let Some(case) = case_of(facts, item.case_id) {
            case.steps.push(StepTaken {
                answer_by: Some(letter.answer_by),
                ..taken(item.step.clone(), item.level, item.round, now)
            });
            case.letter = Some(OpenLetter { id, state, not_before: letter.send_at });
        }
    }
    if letter.purpose.asks_for_money() {
        facts.contacts_made.push(ContactMade {
            at: letter.send_at,
            letter_id: Some(id),
            is_done: false,
            channel: letter.channel,
            purpose: letter.purpose,
            contact_id: Some(letter.contact_id),
            receivable_id: None,
        });
    }
    Leaving {
        at: letter.send_at,
        letter: WaitingLetter {
            id,
            purpose: letter.purpose,
            channel: letter.channel,
            contact_id: letter.contact_id,
            items: letter.items.clone(),
        },
        level: letter.level,
        review: letter.review,
        statement: letter.attach_statement,
        beside: Vec::new(),
        is_planned: true,
    }
}

/// Whatever it is about, a call counts as pressing: the buyer was rung up.
fn ask_for_call(facts: &mut DebtorFacts, task: &PlannedTask, now: Timestamp) -> Calling {
    let step: Arc<str> = task.step.clone().unwrap_or_default();
    if let Some(case) = case_of(facts, task.case_id) {
        case.steps.push(taken(step.clone(), task.level, task.round, now));
    }
    facts.contacts_made.push(ContactMade {
        at: task.not_before,
        letter_id: None,
        is_done: false,
        channel: Channel::Phone,
        purpose: Purpose::Press,
        contact_id: task.contact_id,
        receivable_id: Some(task.receivable_id),
    });
    Calling {
        at: task.not_before,
        case_id: task.case_id,
        receivable_id: task.receivable_id,
        step,
        level: task.level,
        pressed: task.pressed,
    }
}

fn taken(step: Arc<str>, level: u8, round: i32, now: Timestamp) -> StepTaken {
    StepTaken { step, level, round, taken_at: now, answer_by: None, done_at: None, voided: false, end: None }
}

/// The letter has left.
pub fn left(facts: &mut DebtorFacts, letter: &WaitingLetter, at: Timestamp) {
    for item in &letter.items {
        if let Some(case) = case_of(facts, item.case_id) {
            case.letter = None;
            awaited(case, &item.step).for_each(|step| step.done_at = Some(at));
        }
    }
    let contact = facts.contacts_made.iter_mut().find(|made| made.letter_id == Some(letter.id));
    if let Some(made) = contact {
        made.at = at;
        made.is_done = true;
    }
}

/// The letter was not right any more: as if its steps had not been taken.
pub fn cancelled(facts: &mut DebtorFacts, letter: &WaitingLetter) {
    for item in &letter.items {
        if let Some(case) = case_of(facts, item.case_id) {
            case.letter = None;
            awaited(case, &item.step).for_each(|step| step.voided = true);
        }
    }
    facts.contacts_made.retain(|made| made.letter_id != Some(letter.id));
}

/// The call was made.
pub fn called(facts: &mut DebtorFacts, calling: &Calling, at: Timestamp) {
    if let Some(case) = case_of(facts, calling.case_id) {
        awaited(case, &calling.step).for_each(|step| step.done_at = Some(at));
    }
    let is_this = |made: &&mut ContactMade| {
        !made.is_done && made.channel == Channel::Phone && made.receivable_id == Some(calling.receivable_id)
    };
    if let Some(made) = facts.contacts_made.iter_mut().find(is_this) {
        made.at = at;
        made.is_done = true;
    }
}

fn awaited<'c>(case: &'c mut Case, id: &'c str) -> impl Iterator<Item = &'c mut StepTaken> {
    case.steps.iter_mut().filter(move |step| &*step.step == id && step.done_at.is_none() && !step.voided)
}

fn case_of(facts: &mut DebtorFacts, id: CaseId) -> Option<&mut Case> {
    facts.receivables.iter_mut().filter_map(|item| item.case.as_mut()).find(|case| case.id == id)
}

/// Whether nothing more is decided about the case.
pub(crate) const fn is_over(state: CaseState) -> bool {
    matches!(state, CaseState::Paid | CaseState::WrittenOff | CaseState::Closed)
}
