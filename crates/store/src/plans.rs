//! Writes plans: letters into the outbox, tasks, steps, cases — in the transaction of the decision, set-based.

pub(crate) mod orders;

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use dunlin_core::case::{CaseState, LetterState};
use dunlin_core::ids::{CaseId, LetterId, PartyId, ReceivableId, TaskId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::plan::{CasePlan, LetterItem, Plan, PlannedLetter, PlannedTask, Review, TaskKind, Verdict};
use dunlin_core::reason::Reason;

use crate::bind::{Bind, binds};
use crate::bulk::{Kind, Rows};
use crate::conn::{each_row, fetch, insert_many};
use crate::facts::iso;
use crate::fault::{FaultPoint, hit};
use crate::reason_text::ReasonWriter;
use crate::work::Work;
use crate::{Commit, IdSource, Store, StoreError};

/// What a commit wrote, for the account of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    pub letters: usize,
    pub approvals: usize,
    pub tasks: usize,
    pub holds: usize,
    pub closed: usize,
}

/// One item of a letter as stored: case, receivable, step, level, round, outstanding and pressed in minor units. A
/// list, because there is one for every step ever taken. Last the due date.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredItem(CaseId, ReceivableId, String, u8, i32, i64, i64, Option<Date>);

impl StoredItem {
    pub(crate) fn of(item: &LetterItem) -> Self {
        let (outstanding, pressed) = (item.outstanding.minor, item.pressed.minor);
        let step = item.step.to_string();
        Self(item.case_id, item.receivable_id, step, item.level, item.round, outstanding, pressed, item.due_on)
    }

    pub const fn case_id(&self) -> CaseId {
        self.0
    }

    pub fn item(&self, currency: &str) -> Result<LetterItem, StoreError> {
        let currency = iso(currency)?;
        Ok(LetterItem {
            case_id: self.0,
            receivable_id: self.1,
            step: self.2.as_str().into(),
            level: self.3,
            round: self.4,
            outstanding: Money::new(self.5, currency),
            pressed: Money::new(self.6, currency),
            due_on: self.7,
        })
    }
}

/// Columns that every row of a change has in common stand first.
const STAMP: usize = 3;

const LETTER: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
    ("id", Kind::Text),
    ("number", Kind::Int),
    ("party_id", Kind::Text),
    ("contact_id", Kind::Text),
    ("purpose", Kind::Text),
    ("channel", Kind::Text),
    ("role", Kind::Text),
    ("language", Kind::Text),
    ("letter", Kind::Text),
    ("level", Kind::Int),
    ("currency", Kind::Text),
    ("items", Kind::Text),
    ("review", Kind::Text),
    ("attach_statement", Kind::Int),
    ("answer_by", Kind::Text),
    ("reasons", Kind::Text),
    ("state", Kind::Text),
    ("not_before", Kind::Int),
    ("message_id", Kind::Text),
    ("lead_id", Kind::Text),
    ("send", Kind::Int),
    ("about", Kind::Text),
];

const STEP: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("taken_at", Kind::Int),
    ("seq", Kind::Int),
    ("party_id", Kind::Text),
    ("case_id", Kind::Text),
    ("step", Kind::Text),
    ("round", Kind::Int),
    ("level", Kind::Int),
    ("letter_id", Kind::Text),
    ("task_id", Kind::Text),
    ("outstanding_minor", Kind::Int),
    ("reasons", Kind::Text),
    ("answer_by", Kind::Text),
];

const TASK: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
    ("id", Kind::Text),
    ("number", Kind::Int),
    ("kind", Kind::Text),
    ("party_id", Kind::Text),
    ("case_id", Kind::Text),
    ("receivable_id", Kind::Text),
    ("step", Kind::Text),
    ("level", Kind::Int),
    ("round", Kind::Int),
    ("contact_id", Kind::Text),
    ("language", Kind::Text),
    ("script", Kind::Text),
    ("pressed_minor", Kind::Int),
    ("currency", Kind::Text),
    ("reasons", Kind::Text),
    ("not_before", Kind::Int),
];

const SILENCE: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("decided_at", Kind::Int),
    ("seq", Kind::Int),
    ("party_id", Kind::Text),
    ("id", Kind::Text),
    ("verdict", Kind::Text),
    ("why", Kind::Text),
    ("reasons", Kind::Text),
    ("silence_key", Kind::Text),
];

const CASE: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
    ("party_id", Kind::Text),
    ("id", Kind::Text),
    ("state", Kind::Text),
    ("playbook", Kind::Text),
    ("playbook_version", Kind::Text),
    ("next_wake", Kind::Int),
    ("step", Kind::Text),
    ("letter_id", Kind::Text),
    ("task_id", Kind::Text),
    ("silence_key", Kind::Text),
];

/// Audited plans as rows, made before the change that writes them begins.
#[derive(Debug)]
pub struct PlanRows {
    written: Written,
    letters: Rows,
    tasks: Rows,
    steps: Rows,
    silences: Rows,
    /// Cases that go on as they stood. The index of what is due hangs on the state: a statement that names it would
    /// write that index anew for each of them.
    cases: Rows,
    /// Cases that stand otherwise now.
    turned: Rows,
    /// How many more of them run than before.
    more_running: i64,
    text: ReasonWriter,
}

impl PlanRows {
    /// `ids` is one for the whole run: ids of a batch that fell among those of earlier ones would rewrite their pages
    /// of the index. `mail_domain` goes into the Message-IDs, which are fixed here once and for all.
    pub fn of(plans: &[Plan], ids: &mut IdSource, mail_domain: &str) -> Result<Self, StoreError> {
        let mut rows = Self {
            written: Written::default(),
            letters: Rows::stamped(LETTER, STAMP),
            tasks: Rows::stamped(TASK, STAMP),
            steps: Rows::stamped(STEP, STAMP),
            silences: Rows::stamped(SILENCE, STAMP),
            cases: Rows::stamped(CASE, STAMP),
            turned: Rows::stamped(CASE, STAMP),
            more_running: 0,
            text: ReasonWriter::default(),
        };
        for plan in plans {
            rows.add(plan, ids, mail_domain)?;
        }
        Ok(rows)
    }

    /// What writing them would write.
    pub const fn written(&self) -> Written {
        self.written
    }

    /// How many more cases run once they are written; below zero where some end.
    pub const fn more_running(&self) -> i64 {
        self.more_running
    }

    fn add(&mut self, plan: &Plan, ids: &mut IdSource, mail_domain: &str) -> Result<(), StoreError> {
        let mut letter_of: Vec<(CaseId, LetterId)> = Vec::new();
        let mut task_of: Vec<(CaseId, TaskId)> = Vec::new();
        let mut lead = None;
        for (place, letter) in plan.letters.iter().enumerate() {
            let id = LetterId(ids.make());
            let nth = (self.written.letters + self.written.approvals) as i64;
            // Those of one decision know each other by the first of them.
            if letter.send == 0 {
                lead = plan.letters.get(place + 1).filter(|next| next.send > 0).map(|_| id);
            }
            self.letters.push(letter_row(&mut self.text, plan.party_id, (id, lead), nth, letter, mail_domain)?);
            self.written.letters += usize::from(letter.review == Review::Automatic);
            self.written.approvals += usize::from(letter.review != Review::Automatic);
            if letter.send > 0 {
                // The step is taken by the letter it goes beside.
                continue;
            }
            for item in &letter.items {
                letter_of.push((item.case_id, id));
                let step = (item.step.as_ref(), item.round, item.level, item.outstanding);
                self.steps.push(step_row(&mut self.text, plan, item.case_id, step, Some((id, letter)), None)?);
            }
        }
        for task in &plan.tasks {
            let id = TaskId(ids.make());
            self.tasks.push(task_row(&mut self.text, plan.party_id, id, self.written.tasks as i64, task)?);
            self.written.tasks += 1;
            if let (TaskKind::Call | TaskKind::Do | TaskKind::DecideCall, Some(step)) = (task.kind, &task.step) {
                let step = (step.as_ref(), task.round, task.level, task.pressed);
                self.steps.push(step_row(&mut self.text, plan, task.case_id, step, None, Some(id))?);
            } else {
                task_of.push((task.case_id, id));
            }
        }
        for case in &plan.cases {
            // One that is thanked for is over too.
            self.written.closed += usize::from(case.verdict == Verdict::Closed || case.state == CaseState::Paid);
            let runs = |state: CaseState| i64::from(state == CaseState::Running);
            self.more_running += runs(case.state) - runs(case.was);
            let key = silence_key(case);
            if let Some(key) = &key {
                self.silences.push(silence_row(&mut self.text, plan.party_id, case, key)?);
            }
            let letter = letter_of.iter().find(|(id, _)| *id == case.case_id).map(|(_, letter)| *letter);
            let task = task_of.iter().find(|(id, _)| *id == case.case_id).map(|(_, task)| *task);
            let rows = if case.was == case.state { &mut self.cases } else { &mut self.turned };
            rows.push(case_row(plan.party_id, case, letter, task, key));
        }
        if plan.orders.is_empty() { Ok(()) } else { self.add_orders(plan, ids, mail_domain) }
    }
}

impl Store {
    /// How many silences of these rows are new: what [`Commit::write_plans`] counts as holds, for those who only look.
    pub async fn new_silences(&self, tenant_id: TenantId, rows: &PlanRows) -> Result<usize, StoreError> {
        let Some([least, greatest]) = rows.silences.bounds("{among party_id}").filter(|_| !rows.silences.is_empty())
        else {
            return Ok(0);
        };
        let sql = "SELECT id, silence_key FROM cases WHERE tenant_id = $1 AND party_id BETWEEN $2 AND $3 \
                   AND silence_key IS NOT NULL";
        let values = vec![tenant_id.into(), least, greatest];
        let kept: Vec<(CaseId, String)> = fetch(&mut self.conn().await?, sql, values).await?;
        let kept: HashMap<CaseId, String> = kept.into_iter().collect();
        let is_new = |row: &&[Bind]| {
            let (Some(Bind::Id(Some(id))), Some(Bind::Text(Some(key)))) = (row.get(1), row.last()) else {
                return false;
            };
            kept.get(&CaseId(*id)).is_none_or(|known| known.as_str() != key.as_str())
        };
        Ok(rows.silences.iter().filter(is_new).count())
    }
}

impl Commit {
    /// Writes audited plans. Counts as holds only silences that are new: not the same silence as last time.
    pub fn write_plans(&mut self, mut rows: PlanRows) -> Work<'_, Written> {
        Box::pin(async move {
            let mut written = rows.written;
            let stamp = [self.tenant_id.into(), self.now.into(), self.seq.into()];
            let (of_steps, of_cases) = (
                [&mut rows.letters, &mut rows.tasks, &mut rows.steps],
                [&mut rows.silences, &mut rows.cases, &mut rows.turned],
            );
            for rows in of_steps.into_iter().chain(of_cases) {
                rows.stamp(&stamp);
            }
            let letters = (written.letters + written.approvals) as i64;
            if letters > 0 {
                rows.letters.add_to("number", self.numbers("letter", letters).await?);
            }
            if written.tasks > 0 {
                rows.tasks.add_to("number", self.numbers("task", written.tasks as i64).await?);
            }
            insert_many(&mut self.tx, "letter", rows.letters).await?;
            hit(FaultPoint::CommitLettersWritten);
            insert_many(&mut self.tx, "task", rows.tasks).await?;
            hit(FaultPoint::CommitTasksWritten);
            insert_many(&mut self.tx, "step_taken", rows.steps).await?;
            hit(FaultPoint::CommitStepsWritten);
            let sql = "INSERT INTO silence (tenant_id, party_id, case_id, seq, decided_at, verdict, why, reasons) \
                       SELECT k.tenant_id, k.party_id, k.id, x.seq, x.decided_at, x.verdict, x.why, x.reasons \
                       FROM {rows} \
                       CROSS JOIN cases k WHERE k.tenant_id = x.tenant_id AND k.party_id = x.party_id AND k.id = x.id \
                       {among k.party_id} AND k.silence_key IS DISTINCT FROM x.silence_key";
            written.holds = each_row(&mut self.tx, sql, rows.silences).await? as usize;
            for (rows, state) in [(rows.cases, ""), (rows.turned, "state = x.state, ")] {
                let sql = format!(
                    "UPDATE cases SET {state}playbook = x.playbook, playbook_version = x.playbook_version, \
                     next_wake = x.next_wake, step = x.step, letter_id = COALESCE(x.letter_id, cases.letter_id), \
                     task_id = COALESCE(x.task_id, cases.task_id), silence_key = x.silence_key, \
                     recorded_at = x.recorded_at, seq = x.seq FROM {{rows}} WHERE cases.tenant_id = x.tenant_id \
                     AND cases.party_id = x.party_id AND cases.id = x.id {{among cases.party_id}}"
                );
                each_row(&mut self.tx, &sql, rows).await?;
            }
            hit(FaultPoint::CommitCasesWritten);
            Ok(written)
        })
    }
}

impl Commit {
    /// Asks a person for the clock of each of these debtors, each but once. Returns how many are asked for.
    pub async fn ask_for_zones(&mut self, parties: &[PartyId]) -> Result<usize, StoreError> {
        if parties.is_empty() {
            return Ok(0);
        }
        let ids = serde_json::to_string(parties).map_err(StoreError::corrupt)?;
        let listed = self.tx.kind().listed("t.party_id", 2);
        let sql = format!("SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND {listed} AND t.kind = 'find_zone'");
        let known: Vec<(PartyId,)> = fetch(&mut self.tx, &sql, binds![self.tenant_id, ids]).await?;
        let mut rows = Rows::stamped(TASK, STAMP);
        let mut asked = 0;
        for party_id in parties.iter().filter(|id| !known.iter().any(|(known,)| known == *id)) {
            let nothing = || Bind::from(None::<String>);
            rows.push([
                TaskId(self.ids.make()).into(),
                (asked as i64).into(),
                Bind::fixed(TaskKind::FindZone.code()),
                (*party_id).into(),
                nothing(),
                nothing(),
                nothing(),
                0_i64.into(),
                0_i64.into(),
                nothing(),
                Bind::fixed("en"),
                nothing(),
                None::<i64>.into(),
                nothing(),
                Bind::fixed("[]"),
                self.now.into(),
            ]);
            asked += 1;
        }
        if asked > 0 {
            rows.stamp(&[self.tenant_id.into(), self.now.into(), self.seq.into()]);
            rows.add_to("number", self.numbers("task", asked as i64).await?);
            insert_many(&mut self.tx, "task", rows).await?;
        }
        Ok(asked)
    }
}

fn letter_row(
    text: &mut ReasonWriter,
    party_id: PartyId,
    (id, lead): (LetterId, Option<LetterId>),
    number: i64,
    letter: &PlannedLetter,
    mail_domain: &str,
) -> Result<[Bind; LETTER.len() - STAMP], StoreError> {
    let state = match letter.review {
        Review::Automatic => LetterState::Queued,
        Review::Look | Review::Severe | Review::TwoPersons => LetterState::Review,
    };
    Ok([
        id.into(),
        number.into(),
        party_id.into(),
        letter.contact_id.into(),
        Bind::fixed(letter.purpose.code()),
        Bind::fixed(letter.channel.code()),
        Bind::fixed(letter.role.code()),
        Bind::fixed(letter.language.code()),
        (&*letter.letter).into(),
        i64::from(letter.level).into(),
        letter.currency.code().into(),
        text.list(letter.items.iter().map(StoredItem::of))?,
        Bind::fixed(letter.review.code()),
        letter.attach_statement.into(),
        letter.answer_by.into(),
        text.write(&letter.reasons)?,
        Bind::fixed(state.code()),
        letter.send_at.into(),
        Bind::written(&format_args!("{id}@{mail_domain}")),
        lead.into(),
        i64::from(letter.send).into(),
        None::<String>.into(),
    ])
}

fn step_row(
    text: &mut ReasonWriter,
    plan: &Plan,
    case_id: CaseId,
    (step, round, level, outstanding): (&str, i32, u8, Money),
    letter: Option<(LetterId, &PlannedLetter)>,
    task: Option<TaskId>,
) -> Result<[Bind; STEP.len() - STAMP], StoreError> {
    let reasons: &[Reason] = plan.cases.iter().find(|case| case.case_id == case_id).map_or(&[], |case| &case.reasons);
    // Whom and in what language is kept once, with the letter.
    let reasons = reasons.iter().filter(|reason| letter.is_none_or(|(_, letter)| !letter.reasons.contains(reason)));
    Ok([
        plan.party_id.into(),
        case_id.into(),
        step.into(),
        i64::from(round).into(),
        i64::from(level).into(),
        letter.map(|(id, _)| id).into(),
        task.into(),
        outstanding.minor.into(),
        text.write(reasons)?,
        letter.map_or(Bind::Text(None), |(_, letter)| letter.answer_by.into()),
    ])
}

fn task_row(
    text: &mut ReasonWriter,
    party_id: PartyId,
    id: TaskId,
    number: i64,
    task: &PlannedTask,
) -> Result<[Bind; TASK.len() - STAMP], StoreError> {
    Ok([
        id.into(),
        number.into(),
        Bind::fixed(task.kind.code()),
        party_id.into(),
        task.case_id.into(),
        task.receivable_id.into(),
        words(task.step.as_deref()),
        i64::from(task.level).into(),
        i64::from(task.round).into(),
        task.contact_id.into(),
        Bind::fixed(task.language.code()),
        words(task.script.as_deref()),
        task.pressed.minor.into(),
        task.pressed.currency.code().into(),
        text.write(&task.reasons)?,
        task.not_before.into(),
    ])
}

fn silence_row(
    text: &mut ReasonWriter,
    party_id: PartyId,
    case: &CasePlan,
    key: &str,
) -> Result<[Bind; SILENCE.len() - STAMP], StoreError> {
    Ok([
        party_id.into(),
        case.case_id.into(),
        Bind::fixed(case.verdict.code()),
        key.split(',').next().unwrap_or(key).into(),
        text.write(&case.reasons)?,
        key.into(),
    ])
}

fn case_row(
    party_id: PartyId,
    case: &CasePlan,
    letter: Option<LetterId>,
    task: Option<TaskId>,
    silence_key: Option<String>,
) -> [Bind; CASE.len() - STAMP] {
    let playbook = case.playbook.as_ref();
    [
        party_id.into(),
        case.case_id.into(),
        Bind::fixed(case.state.code()),
        words(playbook.map(|playbook| &*playbook.id)),
        words(playbook.map(|playbook| &*playbook.version)),
        case.next_wake.map(|at| at.as_microsecond()).into(),
        words(case.step.as_deref()),
        letter.into(),
        task.into(),
        silence_key.into(),
    ]
}

/// A text that may be missing.
fn words(text: Option<&str>) -> Bind {
    Bind::Text(text.map(Into::into))
}

/// What kind of silence this is, so that the same one is written once: the codes of the reasons that stop.
fn silence_key(case: &CasePlan) -> Option<String> {
    if !matches!(case.verdict, Verdict::Wait | Verdict::Closed) {
        return None;
    }
    let codes: Vec<&str> =
        case.reasons.iter().filter(|reason| reason.code.is_silence()).map(|reason| reason.code.code()).collect();
    let stopped = !codes.is_empty() && (case.step.is_some() || case.state != CaseState::Running);
    stopped.then(|| codes.join(","))
}
