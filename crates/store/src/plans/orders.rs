//! What is planned about orders and parcels, as rows of the same tables as what is planned about money.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use dunlin_core::case::{CaseState, LetterState, PlaybookRef, Subject};
use dunlin_core::ids::{CaseId, LetterId, OrderId, ShipmentId, TaskId};
use dunlin_core::plan::orders::{OrderCasePlan, OrderLetter, OrderStep, OrderTask};
use dunlin_core::plan::{Plan, Review, Verdict};
use dunlin_core::reason::Reason;

use super::{PlanRows, words};
use crate::bind::Bind;
use crate::reason_text::ReasonWriter;
use crate::{IdSource, StoreError};

/// What a letter about an order is about: case, order, parcel, playbook with its version, step, round.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredAbout(CaseId, OrderId, Option<ShipmentId>, String, String, String, i32);

impl StoredAbout {
    pub(crate) fn of(about: &OrderStep) -> Self {
        let parcel = match about.subject {
            Subject::Order(_) => None,
            Subject::Shipment(id) => Some(id),
        };
        let (id, version) = (about.playbook.id.to_string(), about.playbook.version.to_string());
        Self(about.case_id, about.order_id, parcel, id, version, about.step.to_string(), about.round)
    }

    pub(crate) fn read(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text).map_err(StoreError::corrupt)
    }

    pub(crate) const fn case_id(&self) -> CaseId {
        self.0
    }

    fn step(&self) -> OrderStep {
        OrderStep {
            case_id: self.0,
            order_id: self.1,
            subject: self.2.map_or(Subject::Order(self.1), Subject::Shipment),
            playbook: PlaybookRef { id: self.3.as_str().into(), version: self.4.as_str().into() },
            step: self.5.as_str().into(),
            round: self.6,
        }
    }
}

/// The step that a letter about an order takes; `None` for a letter about money.
pub(crate) fn step_about(text: Option<&str>) -> Result<Option<OrderStep>, StoreError> {
    Ok(text.map(StoredAbout::read).transpose()?.map(|about| about.step()))
}

impl PlanRows {
    pub(super) fn add_orders(&mut self, plan: &Plan, ids: &mut IdSource, mail_domain: &str) -> Result<(), StoreError> {
        let mut letter_of: Vec<(CaseId, LetterId)> = Vec::new();
        let mut task_of: Vec<(CaseId, TaskId)> = Vec::new();
        for letter in &plan.orders.letters {
            let id = LetterId(ids.make());
            let nth = (self.written.letters + self.written.approvals) as i64;
            self.letters.push(letter_row(&mut self.text, plan, id, nth, letter, mail_domain)?);
            self.written.letters += usize::from(letter.review == Review::Automatic);
            self.written.approvals += usize::from(letter.review != Review::Automatic);
            letter_of.push((letter.about.case_id, id));
            let own = (id, letter.answer_by, letter.reasons.as_slice());
            self.steps.push(step_row(&mut self.text, plan, &letter.about, Some(own), None)?);
        }
        for task in &plan.orders.tasks {
            let id = TaskId(ids.make());
            self.tasks.push(task_row(&mut self.text, plan, id, self.written.tasks as i64, task)?);
            self.written.tasks += 1;
            if task.takes_step() {
                self.steps.push(step_row(&mut self.text, plan, &task.about, None, Some(id))?);
            } else {
                task_of.push((task.about.case_id, id));
            }
        }
        for case in &plan.orders.cases {
            self.written.closed += usize::from(case.verdict == Verdict::Closed);
            let key = silence_key(case);
            if let Some(key) = &key {
                self.silences.push([
                    plan.party_id.into(),
                    case.case_id.into(),
                    Bind::fixed(case.verdict.code()),
                    key.split(',').next().unwrap_or(key).into(),
                    self.text.write(&case.reasons)?,
                    key.as_str().into(),
                ]);
            }
            let letter = letter_of.iter().find(|(id, _)| *id == case.case_id).map(|(_, letter)| *letter);
            let task = task_of.iter().find(|(id, _)| *id == case.case_id).map(|(_, task)| *task);
            self.cases.push([
                plan.party_id.into(),
                case.case_id.into(),
                Bind::fixed(case.state.code()),
                // Several playbooks serve one case: each letter and each step names its own.
                None::<String>.into(),
                None::<String>.into(),
                case.next_wake.map(|at| at.as_microsecond()).into(),
                words(case.step.as_deref()),
                letter.into(),
                task.into(),
                key.into(),
            ]);
        }
        Ok(())
    }
}

fn letter_row(
    text: &mut ReasonWriter,
    plan: &Plan,
    id: LetterId,
    number: i64,
    letter: &OrderLetter,
    mail_domain: &str,
) -> Result<[Bind; super::LETTER.len() - super::STAMP], StoreError> {
    let state = if letter.review == Review::Automatic { LetterState::Queued } else { LetterState::Review };
    let about = serde_json::to_string(&StoredAbout::of(&letter.about)).map_err(StoreError::corrupt)?;
    Ok([
        id.into(),
        number.into(),
        plan.party_id.into(),
        letter.contact_id.into(),
        Bind::fixed(letter.purpose.code()),
        Bind::fixed(letter.channel.code()),
        Bind::fixed(letter.role.code()),
        Bind::fixed(letter.language.code()),
        (&*letter.letter).into(),
        0_i64.into(),
        letter.currency.code().into(),
        Bind::fixed("[]"),
        Bind::fixed(letter.review.code()),
        false.into(),
        letter.answer_by.into(),
        text.write(&letter.reasons)?,
        Bind::fixed(state.code()),
        letter.send_at.into(),
        Bind::written(&format_args!("{id}@{mail_domain}")),
        None::<LetterId>.into(),
        0_i64.into(),
        about.into(),
    ])
}

fn step_row(
    text: &mut ReasonWriter,
    plan: &Plan,
    about: &OrderStep,
    letter: Option<(LetterId, Date, &[Reason])>,
    task: Option<TaskId>,
) -> Result<[Bind; super::STEP.len() - super::STAMP], StoreError> {
    let decided = plan.orders.cases.iter().find(|case| case.case_id == about.case_id);
    let reasons: &[Reason] = decided.map_or(&[], |case| &case.reasons);
    // Whom and in what language is kept once, with the letter.
    let reasons = reasons.iter().filter(|reason| letter.is_none_or(|(.., kept)| !kept.contains(reason)));
    Ok([
        plan.party_id.into(),
        about.case_id.into(),
        (&*about.step).into(),
        i64::from(about.round).into(),
        0_i64.into(),
        letter.map(|(id, ..)| id).into(),
        task.into(),
        0_i64.into(),
        text.write(reasons)?,
        letter.map_or(Bind::Text(None), |(_, answer_by, _)| answer_by.into()),
    ])
}

fn task_row(
    text: &mut ReasonWriter,
    plan: &Plan,
    id: TaskId,
    number: i64,
    task: &OrderTask,
) -> Result<[Bind; super::TASK.len() - super::STAMP], StoreError> {
    let step = task.takes_step().then_some(&*task.about.step);
    Ok([
        id.into(),
        number.into(),
        Bind::fixed(task.kind.code()),
        plan.party_id.into(),
        task.about.case_id.into(),
        None::<String>.into(),
        words(step),
        0_i64.into(),
        i64::from(task.about.round).into(),
        task.contact_id.into(),
        Bind::fixed(task.language.code()),
        words(task.script.as_deref()),
        None::<i64>.into(),
        None::<String>.into(),
        text.write(&task.reasons)?,
        task.not_before.into(),
    ])
}

/// What kind of silence this is, so that the same one is written once.
fn silence_key(case: &OrderCasePlan) -> Option<String> {
    if !matches!(case.verdict, Verdict::Wait | Verdict::Closed) {
        return None;
    }
    let codes = case.reasons.iter().filter(|reason| reason.code.is_silence()).map(|reason| reason.code.code());
    let codes: Vec<&str> = codes.collect();
    let stopped = !codes.is_empty() && (case.step.is_some() || case.state != CaseState::Running);
    stopped.then(|| codes.join(","))
}
