//! Writes plans: letters into the outbox, tasks, steps, cases — in the transaction of the decision, set-based.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use dunlin_core::case::{CaseState, LetterState};
use dunlin_core::ids::{CaseId, LetterId, PartyId, ReceivableId, TaskId};
use dunlin_core::money::Money;
use dunlin_core::plan::{CasePlan, LetterItem, Plan, PlannedLetter, PlannedTask, Review, TaskKind, Verdict};
use dunlin_core::reason::{Reason, ReasonCode};

use crate::dialect::{Bind, binds, execute, insert_many};
use crate::facts::iso;
use crate::fault::{FaultPoint, hit};
use crate::{Commit, StoreError};

/// What a commit wrote, for the account of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    pub letters: usize,
    pub approvals: usize,
    pub tasks: usize,
    pub holds: usize,
    pub closed: usize,
}

/// One item of a letter as stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredItem {
    pub case_id: CaseId,
    pub receivable_id: ReceivableId,
    pub step: String,
    pub level: u8,
    pub round: i32,
    pub outstanding_minor: i64,
    pub pressed_minor: i64,
}

impl StoredItem {
    fn of(item: &LetterItem) -> Self {
        Self {
            case_id: item.case_id,
            receivable_id: item.receivable_id,
            step: item.step.to_string(),
            level: item.level,
            round: item.round,
            outstanding_minor: item.outstanding.minor,
            pressed_minor: item.pressed.minor,
        }
    }

    pub fn item(&self, currency: &str) -> Result<LetterItem, StoreError> {
        let currency = iso(currency)?;
        Ok(LetterItem {
            case_id: self.case_id,
            receivable_id: self.receivable_id,
            step: self.step.as_str().into(),
            level: self.level,
            round: self.round,
            outstanding: Money::new(self.outstanding_minor, currency),
            pressed: Money::new(self.pressed_minor, currency),
        })
    }
}

const LETTER: &[(&str, bool)] = &[
    ("tenant_id", true),
    ("id", false),
    ("number", true),
    ("party_id", false),
    ("contact_id", false),
    ("purpose", false),
    ("channel", false),
    ("role", false),
    ("language", false),
    ("letter", false),
    ("level", true),
    ("currency", false),
    ("items", false),
    ("review", false),
    ("attach_statement", true),
    ("answer_by", false),
    ("reasons", false),
    ("state", false),
    ("not_before", true),
    ("message_id", false),
    ("recorded_at", true),
    ("seq", true),
];

const STEP: &[(&str, bool)] = &[
    ("tenant_id", true),
    ("party_id", false),
    ("case_id", false),
    ("step", false),
    ("round", true),
    ("level", true),
    ("letter_id", false),
    ("task_id", false),
    ("outstanding_minor", true),
    ("reasons", false),
    ("taken_at", true),
    ("seq", true),
];

const TASK: &[(&str, bool)] = &[
    ("tenant_id", true),
    ("id", false),
    ("number", true),
    ("kind", false),
    ("party_id", false),
    ("case_id", false),
    ("receivable_id", false),
    ("step", false),
    ("level", true),
    ("round", true),
    ("contact_id", false),
    ("language", false),
    ("script", false),
    ("pressed_minor", true),
    ("currency", false),
    ("reasons", false),
    ("not_before", true),
    ("recorded_at", true),
    ("seq", true),
];

const CASE: &[(&str, bool)] = &[
    ("party_id", false),
    ("id", false),
    ("receivable_id", false),
    ("state", false),
    ("playbook", false),
    ("playbook_version", false),
    ("next_wake", true),
    ("step", false),
    ("letter_id", false),
    ("task_id", false),
    ("silence_key", false),
    ("verdict", false),
    ("reasons", false),
];

struct Batch {
    letters: Vec<Value>,
    tasks: Vec<Value>,
    steps: Vec<Value>,
    cases: Vec<Value>,
    silent: bool,
}

impl Commit {
    /// Writes audited plans. `mail_domain` goes into the Message-IDs, which are fixed here once and for all.
    pub async fn write_plans(&mut self, plans: &[Plan], mail_domain: &str) -> Result<Written, StoreError> {
        let mut written = Written::default();
        let letters: usize = plans.iter().map(|plan| plan.letters.len()).sum();
        let tasks: usize = plans.iter().map(|plan| plan.tasks.len()).sum();
        let mut letter_number = if letters > 0 { self.numbers("letter", letters as i64).await? } else { 0 };
        let mut task_number = if tasks > 0 { self.numbers("task", tasks as i64).await? } else { 0 };
        let mut batch = Batch { letters: vec![], tasks: vec![], steps: vec![], cases: vec![], silent: false };
        for plan in plans {
            let mut letter_of: Vec<(CaseId, LetterId)> = Vec::new();
            let mut task_of: Vec<(CaseId, TaskId)> = Vec::new();
            for letter in &plan.letters {
                let id = LetterId(self.ids.make());
                batch.letters.push(self.letter_row(plan.party_id, id, letter_number, letter, mail_domain)?);
                letter_number += 1;
                written.letters += usize::from(letter.review == Review::Automatic);
                written.approvals += usize::from(letter.review != Review::Automatic);
                for item in &letter.items {
                    letter_of.push((item.case_id, id));
                    let step = (item.step.as_ref(), item.round, item.level, item.outstanding);
                    batch.steps.push(self.step_row(plan, item.case_id, step, Some(id), None)?);
                }
            }
            for task in &plan.tasks {
                let id = TaskId(self.ids.make());
                batch.tasks.push(self.task_row(plan.party_id, id, task_number, task)?);
                task_number += 1;
                written.tasks += 1;
                if let (TaskKind::Call, Some(step)) = (task.kind, &task.step) {
                    let step = (step.as_ref(), task.round, task.level, task.pressed);
                    batch.steps.push(self.step_row(plan, task.case_id, step, None, Some(id))?);
                } else {
                    task_of.push((task.case_id, id));
                }
            }
            for case in &plan.cases {
                written.closed += usize::from(case.verdict == Verdict::Closed);
                let key = silence_key(case);
                written.holds += usize::from(key.as_deref().is_some_and(|key| key.starts_with("gate.")));
                batch.silent |= key.is_some();
                let letter = letter_of.iter().find(|(id, _)| *id == case.case_id).map(|(_, letter)| *letter);
                let task = task_of.iter().find(|(id, _)| *id == case.case_id).map(|(_, task)| *task);
                batch.cases.push(case_row(plan.party_id, case, letter, task, key)?);
            }
        }
        written.holds = self.write_batch(batch).await?;
        Ok(written)
    }

    /// Returns how many silences are new (not the same silence as last time).
    async fn write_batch(&mut self, batch: Batch) -> Result<usize, StoreError> {
        let kind = self.kind;
        let text = |rows: Vec<Value>| Value::Array(rows).to_string();
        if !batch.letters.is_empty() {
            insert_many(&mut self.tx, kind, "letter", LETTER, text(batch.letters)).await?;
        }
        hit(FaultPoint::CommitLettersWritten);
        if !batch.tasks.is_empty() {
            insert_many(&mut self.tx, kind, "task", TASK, text(batch.tasks)).await?;
        }
        hit(FaultPoint::CommitTasksWritten);
        if !batch.steps.is_empty() {
            insert_many(&mut self.tx, kind, "step_taken", STEP, text(batch.steps)).await?;
        }
        hit(FaultPoint::CommitStepsWritten);
        let mut new_silences = 0;
        if !batch.cases.is_empty() {
            let rows = text(batch.cases);
            let (tenant_id, seq, now) = (self.tenant_id, self.seq, self.now);
            let source = kind.json_rows(2, CASE);
            if batch.silent {
                let sql = format!(
                    "INSERT INTO silence (tenant_id, party_id, case_id, seq, decided_at, verdict, reasons) \
                     SELECT k.tenant_id, k.party_id, k.id, $3, $4, x.verdict, x.reasons FROM ({source}) AS x \
                     CROSS JOIN cases k WHERE k.tenant_id = $1 AND k.party_id = x.party_id AND k.id = x.id \
                     AND x.silence_key IS NOT NULL AND k.silence_key IS DISTINCT FROM x.silence_key"
                );
                let values: Vec<Bind> = binds![tenant_id, rows.clone(), seq, now];
                new_silences = execute(&mut self.tx, kind, &sql, values).await? as usize;
            }
            // An upsert by key: the planners of both databases would join an UPDATE … FROM the wrong way round. Every
            // case exists; `started_at` is only there because an insert needs it.
            let sql = format!(
                "INSERT INTO cases (tenant_id, party_id, id, receivable_id, state, playbook, playbook_version, next_wake, \
                 step, letter_id, task_id, silence_key, started_at, recorded_at, seq) \
                 SELECT $1, x.party_id, x.id, x.receivable_id, x.state, x.playbook, x.playbook_version, x.next_wake, \
                 x.step, x.letter_id, x.task_id, x.silence_key, $3, $3, $4 FROM ({source}) AS x WHERE $1 = $1 \
                 ON CONFLICT (tenant_id, party_id, id) DO UPDATE SET state = excluded.state, \
                 playbook = excluded.playbook, playbook_version = excluded.playbook_version, \
                 next_wake = excluded.next_wake, step = excluded.step, \
                 letter_id = COALESCE(excluded.letter_id, cases.letter_id), \
                 task_id = COALESCE(excluded.task_id, cases.task_id), silence_key = excluded.silence_key, \
                 recorded_at = excluded.recorded_at, seq = excluded.seq"
            );
            let sql = match kind {
                crate::DbKind::Sqlite => sql,
                crate::DbKind::Postgres => sql
                    .replace("$3, $3, $4 FROM", "$3::bigint, $3::bigint, $4::bigint FROM")
                    .replace("SELECT $1, x", "SELECT $1::bigint, x"),
            };
            execute(&mut self.tx, kind, &sql, binds![tenant_id, rows, now, seq]).await?;
        }
        hit(FaultPoint::CommitCasesWritten);
        Ok(new_silences)
    }

    fn letter_row(
        &self,
        party_id: PartyId,
        id: LetterId,
        number: i64,
        letter: &PlannedLetter,
        mail_domain: &str,
    ) -> Result<Value, StoreError> {
        let state = match letter.review {
            Review::Automatic => LetterState::Queued,
            Review::Look | Review::Severe => LetterState::Review,
        };
        let items: Vec<StoredItem> = letter.items.iter().map(StoredItem::of).collect();
        Ok(json!([
            self.tenant_id,
            id,
            number,
            party_id,
            letter.contact_id,
            letter.purpose.code(),
            letter.channel.code(),
            letter.role.code(),
            letter.language.code(),
            &*letter.letter,
            letter.level,
            letter.currency.code(),
            serde_json::to_string(&items).map_err(StoreError::corrupt)?,
            letter.review.code(),
            i64::from(letter.attach_statement),
            letter.answer_by.to_string(),
            serde_json::to_string(&letter.reasons).map_err(StoreError::corrupt)?,
            state.code(),
            letter.send_at.as_microsecond(),
            format!("{id}@{mail_domain}"),
            self.now.as_microsecond(),
            self.seq,
        ]))
    }

    fn step_row(
        &self,
        plan: &Plan,
        case_id: CaseId,
        (step, round, level, outstanding): (&str, i32, u8, Money),
        letter: Option<LetterId>,
        task: Option<TaskId>,
    ) -> Result<Value, StoreError> {
        let reasons: &[Reason] =
            plan.cases.iter().find(|case| case.case_id == case_id).map_or(&[], |case| &case.reasons);
        Ok(json!([
            self.tenant_id,
            plan.party_id,
            case_id,
            step,
            round,
            level,
            letter,
            task,
            outstanding.minor,
            serde_json::to_string(reasons).map_err(StoreError::corrupt)?,
            self.now.as_microsecond(),
            self.seq,
        ]))
    }

    fn task_row(&self, party_id: PartyId, id: TaskId, number: i64, task: &PlannedTask) -> Result<Value, StoreError> {
        Ok(json!([
            self.tenant_id,
            id,
            number,
            task.kind.code(),
            party_id,
            task.case_id,
            task.receivable_id,
            task.step.as_deref(),
            task.level,
            task.round,
            task.contact_id,
            task.language.code(),
            task.script.as_deref(),
            task.pressed.minor,
            task.pressed.currency.code(),
            serde_json::to_string(&task.reasons).map_err(StoreError::corrupt)?,
            task.not_before.as_microsecond(),
            self.now.as_microsecond(),
            self.seq,
        ]))
    }
}

fn case_row(
    party_id: PartyId,
    case: &CasePlan,
    letter: Option<LetterId>,
    task: Option<TaskId>,
    silence_key: Option<String>,
) -> Result<Value, StoreError> {
    // Only a silence is written out; the reasons of a step are with the step.
    let reasons = match silence_key {
        Some(_) => serde_json::to_string(&case.reasons).map_err(StoreError::corrupt)?,
        None => String::new(),
    };
    Ok(json!([
        party_id,
        case.case_id,
        case.receivable_id,
        case.state.code(),
        case.playbook.as_ref().map(|playbook| &*playbook.id),
        case.playbook.as_ref().map(|playbook| &*playbook.version),
        case.next_wake.map(|at| at.as_microsecond()),
        case.step.as_deref(),
        letter,
        task,
        silence_key,
        case.verdict.code(),
        reasons,
    ]))
}

/// What kind of silence this is, so that the same one is written once: the codes of the reasons that stop.
fn silence_key(case: &CasePlan) -> Option<String> {
    if !matches!(case.verdict, Verdict::Wait | Verdict::Closed) {
        return None;
    }
    let stops = |reason: &&Reason| {
        let code = reason.code.code();
        code.starts_with("gate.")
            || matches!(
                reason.code,
                ReasonCode::ContactGap
                    | ReasonCode::ContactCeiling
                    | ReasonCode::ContactNobody
                    | ReasonCode::CaseNoPlaybook
                    | ReasonCode::CaseLadderDone
                    | ReasonCode::StepConditionUnreadable
            )
    };
    let codes: Vec<&str> = case.reasons.iter().filter(stops).map(|reason| reason.code.code()).collect();
    let stopped = !codes.is_empty() && (case.step.is_some() || case.state != CaseState::Running);
    stopped.then(|| codes.join(","))
}
