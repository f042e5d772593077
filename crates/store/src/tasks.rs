//! Tasks: work for a person, and its end.

use jiff::Timestamp;

use dunlin_core::audit::desk::{NotNow, WaitingCall};
use dunlin_core::audit::order_desk::WaitingOrderTask;
use dunlin_core::case::Subject;
use dunlin_core::ids::{CaseId, ContactId, OrderId, PartyId, ReceivableId, ShipmentId, TalkId, TaskId, TenantId};
use dunlin_core::money::{Money, currency};
use dunlin_core::plan::TaskKind;
use dunlin_core::refusal::{Refusal, RefusalCode};
use serde::Deserialize;

use crate::bind::binds;
use crate::conn::{fetch, fetch_number, fetch_one};
use crate::reason_text::{read_reasons, write_reasons};
use crate::{Commit, NewTalk, Store, StoreError};

/// A task with what its end left behind.
#[derive(Deserialize)]
struct SettledRow {
    id: TaskId,
    party_id: Option<PartyId>,
    case_id: Option<CaseId>,
    /// As the database keeps it: compared, not read.
    settled_at: i64,
    outcome: String,
}

/// A call as its task keeps it.
#[derive(Deserialize)]
struct CallRow {
    number: i64,
    case_id: CaseId,
    receivable_id: ReceivableId,
    contact_id: Option<ContactId>,
    step: String,
    pressed_minor: i64,
    currency: String,
}

impl CallRow {
    fn read(self) -> Result<(i64, WaitingCall), StoreError> {
        let currency = currency(&self.currency).map_err(StoreError::corrupt)?;
        let call = WaitingCall {
            case_id: self.case_id,
            receivable_id: self.receivable_id,
            contact_id: self.contact_id,
            step: self.step.into(),
            pressed: Money::new(self.pressed_minor, currency),
        };
        Ok((self.number, call))
    }
}

/// How work ends whose moment has passed.
const WITHDRAWN: &str = "withdrawn";

/// Something of a buyer that waits for our words.
#[derive(Debug, Clone, Copy)]
pub struct ToAnswer<'a> {
    pub talk: &'a NewTalk<'a>,
    pub id: TalkId,
    /// By when it should be answered.
    pub due_at: Timestamp,
}

impl Store {
    /// The steps whose calls [`Commit::lapse_calls`] would give up, without giving them up.
    pub async fn calls_lapsing(
        &self,
        tenant_id: TenantId,
        before: Timestamp,
    ) -> Result<Vec<(PartyId, CaseId, String)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT s.party_id, s.case_id, s.step FROM task t JOIN step_taken s ON s.tenant_id = t.tenant_id \
                   AND s.party_id = t.party_id AND s.task_id = t.id WHERE t.tenant_id = $1 AND t.settled_at IS NULL \
                   AND t.kind = 'call' AND t.not_before < $2 AND s.done_at IS NULL AND s.voided_at IS NULL \
                   ORDER BY s.party_id, s.case_id, s.step";
        fetch(&mut conn, sql, binds![tenant_id, before]).await
    }
}

impl Commit {
    /// Puts a question of a buyer on the desk. Its words stay sealed with the talk. Returns the number of the task.
    pub async fn ask_to_answer(&mut self, asked: ToAnswer<'_>) -> Result<i64, StoreError> {
        let id = TaskId(self.ids.make());
        let number = self.numbers("task", 1).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let talk = asked.talk;
        let sql = "INSERT INTO task (tenant_id, id, number, kind, party_id, receivable_id, contact_id, talk_id, due_at, \
                   level, round, language, reasons, not_before, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 'en', '[]', $10, $11, $12)";
        let values = binds![
            tenant_id,
            id,
            number,
            TaskKind::Answer.code(),
            talk.party_id,
            talk.receivable_id,
            talk.contact_id,
            asked.id,
            asked.due_at,
            now,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        Ok(number)
    }

    /// Whoever does what has passed is told that nothing is to be done.
    async fn why_not_open(&mut self, number: i64) -> Result<StoreError, StoreError> {
        let sql = "SELECT outcome FROM task WHERE tenant_id = $1 AND number = $2 AND settled_at IS NOT NULL";
        let row: Option<(Option<String>,)> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, number]).await?;
        let code = match row {
            Some((Some(outcome),)) if outcome == WITHDRAWN => RefusalCode::TaskWithdrawn,
            _ => RefusalCode::TaskNotOpen,
        };
        Ok(Refusal::new(code).with("number", format!("T-{number:04}")).into())
    }

    /// A person finished (or dropped) a task: its step is done, its case looks again.
    pub async fn settle_task(&mut self, number: i64, outcome: &str, note: &str) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "SELECT id FROM task WHERE tenant_id = $1 AND number = $2 AND settled_at IS NULL";
        let row: Option<(TaskId,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, number]).await?;
        let Some((id,)) = row else { return Err(self.why_not_open(number).await?) };
        let sql = "UPDATE task SET settled_at = $3, outcome = $4, note = COALESCE(NULLIF($5, ''), note) \
                   WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, now, outcome, note]).await?;
        let sql = "UPDATE step_taken SET done_at = $3 WHERE tenant_id = $1 AND task_id = $2 AND done_at IS NULL \
                   AND party_id = (SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.id = $2)";
        self.execute(sql, binds![tenant_id, id, now]).await?;
        let sql = "UPDATE cases SET task_id = NULL, next_wake = $3 WHERE tenant_id = $1 AND task_id = $2";
        self.execute(sql, binds![tenant_id, id, now]).await?;
        // What is a step of its own is noted with the step, not with the case: the next one may have waited for it.
        let sql = "UPDATE cases SET next_wake = $3 WHERE tenant_id = $1 AND state = 'running' \
                   AND party_id = (SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.id = $2) \
                   AND id = (SELECT t.case_id FROM task t WHERE t.tenant_id = $1 AND t.id = $2)";
        self.execute(sql, binds![tenant_id, id, now]).await?;
        Ok(())
    }

    /// Work of our own that turned out not to be needed: its step stays taken, and the case goes on. A call that nobody
    /// makes warned nobody. Whatever else somebody waits for (a contact, a decision) has to be done.
    pub async fn drop_task(&mut self, number: i64, why: &str) -> Result<TaskKind, StoreError> {
        let sql = "SELECT kind FROM task WHERE tenant_id = $1 AND number = $2 AND settled_at IS NULL";
        let row: Option<(TaskKind,)> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, number]).await?;
        let Some((kind,)) = row else { return Err(self.why_not_open(number).await?) };
        match kind {
            TaskKind::Do => self.settle_task(number, "dropped", why).await?,
            TaskKind::Call | TaskKind::DecideCall => self.leave_uncalled(number, kind, why).await?,
            _ => return Err(Refusal::new(RefusalCode::TaskNotOwnWork).with("number", format!("T-{number:04}")).into()),
        }
        Ok(kind)
    }

    /// Nobody made the call: it warned nobody. Asked for as a call, its step was not taken and the ladder decides again;
    /// asked about after that, it is passed over.
    async fn leave_uncalled(&mut self, number: i64, kind: TaskKind, why: &str) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let end = match kind {
            TaskKind::Call => "voided_at = $3, void_why = 'nobody called', ended = 'not_called'",
            _ => "done_at = $3, ended = 'not_called'",
        };
        let sql = format!(
            "UPDATE step_taken SET {end} WHERE tenant_id = $1 AND done_at IS NULL AND voided_at IS NULL \
             AND task_id = (SELECT t.id FROM task t WHERE t.tenant_id = $1 AND t.number = $2) \
             AND party_id = (SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.number = $2)"
        );
        self.execute(&sql, binds![tenant_id, number, now]).await?;
        let sql = "SELECT party_id FROM task WHERE tenant_id = $1 AND number = $2 AND party_id IS NOT NULL";
        let party: Option<(PartyId,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, number]).await?;
        self.settle_task(number, "dropped", why).await?;
        match party {
            Some((party_id,)) => self.wake_party(party_id).await,
            None => Ok(()),
        }
    }

    /// Debtors with a call on somebody's desk.
    pub async fn parties_with_calls(&mut self) -> Result<Vec<PartyId>, StoreError> {
        let sql = "SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.settled_at IS NULL AND t.kind = 'call' \
                   AND t.party_id IS NOT NULL GROUP BY t.party_id ORDER BY t.party_id";
        let rows: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![self.tenant_id]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Calls of a debtor that nobody has made yet, by the number of their task.
    pub async fn waiting_calls_of(&mut self, party_id: PartyId) -> Result<Vec<(i64, WaitingCall)>, StoreError> {
        let sql = "SELECT t.number, t.case_id, t.receivable_id, t.contact_id, t.step, t.pressed_minor, t.currency \
                   FROM task t WHERE t.tenant_id = $1 AND t.party_id = $2 AND t.settled_at IS NULL AND t.kind = 'call' \
                   AND t.case_id IS NOT NULL AND t.receivable_id IS NOT NULL AND t.step IS NOT NULL \
                   AND t.pressed_minor IS NOT NULL ORDER BY t.number";
        let rows: Vec<CallRow> = fetch(&mut self.tx, sql, binds![self.tenant_id, party_id]).await?;
        rows.into_iter().map(CallRow::read).collect()
    }

    /// A call that may not be made now rests until it may, and says why; one that may lies on the desk. `true`: that is new.
    pub async fn rest_call(&mut self, number: i64, not_now: Option<NotNow>) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        // One whose own time is still to come is on nobody's desk.
        let sql = "SELECT rests_until, reasons FROM task WHERE tenant_id = $1 AND number = $2 AND settled_at IS NULL \
                   AND not_before <= $3";
        let row: Option<(Option<i64>, String)> = fetch_one(&mut self.tx, sql, binds![tenant_id, number, now]).await?;
        let Some((rested, known)) = row else { return Ok(false) };
        let until = not_now.map(|not_now| not_now.until().as_microsecond());
        if rested == until {
            return Ok(false);
        }
        let mut reasons = read_reasons(&known)?;
        reasons.retain(|reason| !NotNow::CODES.contains(&reason.code));
        reasons.extend(not_now.map(NotNow::reason));
        let sql = "UPDATE task SET rests_until = $3, reasons = $4 WHERE tenant_id = $1 AND number = $2";
        self.execute(sql, binds![tenant_id, number, until, write_reasons(&reasons)?]).await?;
        Ok(true)
    }

    /// A call that may not be made any more: its step was not taken, and the ladder decides again.
    pub async fn withdraw_call(&mut self, party_id: PartyId, number: i64) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE step_taken SET voided_at = $4, void_why = 'no longer right' WHERE tenant_id = $1 \
                   AND party_id = $2 AND done_at IS NULL AND voided_at IS NULL \
                   AND task_id = (SELECT t.id FROM task t WHERE t.tenant_id = $1 AND t.number = $3)";
        self.execute(sql, binds![tenant_id, party_id, number, now]).await?;
        self.settle_task(number, "dropped", "").await?;
        self.wake_party(party_id).await
    }

    /// Calls whose time was before this moment and that nobody has made are asked for no more: their steps were not
    /// taken, and their cases look again. Returns how many.
    pub async fn lapse_calls(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "SELECT count(*) FROM task WHERE tenant_id = $1 AND settled_at IS NULL AND kind = 'call' \
                   AND not_before < $2";
        if fetch_number(&mut self.tx, sql, binds![tenant_id, before]).await?.unwrap_or(0) == 0 {
            return Ok(0);
        }
        let sql = "UPDATE step_taken SET voided_at = $3, void_why = 'nobody called', ended = 'not_called' \
                   WHERE tenant_id = $1 AND done_at IS NULL AND voided_at IS NULL \
                   AND party_id IN (SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.settled_at IS NULL \
                   AND t.kind = 'call' AND t.not_before < $2) \
                   AND task_id IN (SELECT t.id FROM task t WHERE t.tenant_id = $1 AND t.settled_at IS NULL \
                   AND t.kind = 'call' AND t.not_before < $2)";
        self.execute(sql, binds![tenant_id, before, now]).await?;
        let sql = "UPDATE cases SET next_wake = $3 WHERE tenant_id = $1 AND state = 'running' \
                   AND party_id IN (SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.settled_at IS NULL \
                   AND t.kind = 'call' AND t.not_before < $2)";
        self.execute(sql, binds![tenant_id, before, now]).await?;
        let sql = "UPDATE task SET settled_at = $3, outcome = 'lapsed' WHERE tenant_id = $1 AND settled_at IS NULL \
                   AND kind = 'call' AND not_before < $2";
        self.execute(sql, binds![tenant_id, before, now]).await
    }

    /// Open work about orders and parcels of a debtor, by the number of its task; `None`: a question in the chat of an order that
    /// has ended since, which nobody has to answer any more.
    pub async fn waiting_order_tasks_of(
        &mut self,
        party_id: PartyId,
    ) -> Result<Vec<(i64, Option<WaitingOrderTask>)>, StoreError> {
        let sql = "SELECT t.number, t.step, k.subject, k.receivable_id FROM task t JOIN cases k \
                   ON k.tenant_id = t.tenant_id AND k.party_id = t.party_id AND k.id = t.case_id \
                   WHERE t.tenant_id = $1 AND t.party_id = $2 AND t.settled_at IS NULL \
                   AND t.kind IN ('do', 'call', 'find_contact') AND k.subject IN ('order', 'shipment') \
                   UNION ALL SELECT t.number, t.step, 'ended', w.order_id FROM task t JOIN talk w \
                   ON w.tenant_id = t.tenant_id AND w.id = t.talk_id JOIN order_standing s \
                   ON s.tenant_id = w.tenant_id AND s.order_id = w.order_id \
                   AND s.word IN ('completed', 'cancelled', 'closed') AND s.word_since > w.talked_at \
                   WHERE t.tenant_id = $1 AND t.party_id = $2 AND t.settled_at IS NULL AND t.kind = 'answer' \
                   ORDER BY 1";
        let rows: Vec<(i64, Option<String>, String, ReceivableId)> =
            fetch(&mut self.tx, sql, binds![self.tenant_id, party_id]).await?;
        let waiting = |(number, step, subject, about): (i64, Option<String>, String, ReceivableId)| {
            let subject = match subject.as_str() {
                "order" => Subject::Order(OrderId(about.0)),
                "shipment" => Subject::Shipment(ShipmentId(about.0)),
                _ => return (number, None),
            };
            (number, Some(WaitingOrderTask { subject, step: step.map(Into::into) }))
        };
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// What work about an order was for has passed: its step was not taken, and the task is not asked for any more.
    pub async fn withdraw_order_task(&mut self, party_id: PartyId, number: i64) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE step_taken SET voided_at = $4, void_why = 'its moment passed' WHERE tenant_id = $1 \
                   AND party_id = $2 AND voided_at IS NULL \
                   AND task_id = (SELECT t.id FROM task t WHERE t.tenant_id = $1 AND t.number = $3)";
        self.execute(sql, binds![tenant_id, party_id, number, now]).await?;
        self.settle_task(number, WITHDRAWN, "").await
    }

    /// Whom a task is about: what is written down of it closes with them.
    pub async fn party_of_task(&mut self, number: i64) -> Result<Option<PartyId>, StoreError> {
        let sql = "SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.number = $2";
        let row: Option<(Option<PartyId>,)> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, number]).await?;
        Ok(row.and_then(|(party,)| party))
    }

    pub async fn snooze_task(&mut self, number: i64, until: Timestamp) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE task SET not_before = $3 WHERE tenant_id = $1 AND number = $2 AND settled_at IS NULL";
        if self.execute(sql, binds![tenant_id, number, until]).await? != 1 {
            return Err(self.why_not_open(number).await?);
        }
        Ok(())
    }

    /// Opens a task again that a person finished, or called needless, by mistake. Refused once its case has gone on:
    /// another letter or task is under way then, and the earlier one has no place any more.
    pub async fn reopen_task(&mut self, number: i64) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let gone_on = || Refusal::new(RefusalCode::TaskGoneOn).with("number", format!("T-{number:04}"));
        let sql = "SELECT t.id, t.party_id, t.case_id, t.settled_at, t.outcome FROM task t WHERE t.tenant_id = $1 \
                   AND t.number = $2 AND t.settled_at IS NOT NULL AND (t.outcome = 'done' OR t.kind = 'do') \
                   AND t.outcome <> 'withdrawn' AND (t.case_id IS NULL OR \
                   EXISTS (SELECT 1 FROM cases k WHERE k.tenant_id = t.tenant_id AND k.party_id = t.party_id \
                   AND k.id = t.case_id AND k.state IN ('running', 'ladder_done') AND k.task_id IS NULL \
                   AND k.letter_id IS NULL)) AND NOT EXISTS (SELECT 1 FROM step_taken s WHERE s.tenant_id = t.tenant_id \
                   AND s.party_id = t.party_id AND s.case_id = t.case_id AND s.taken_at > t.settled_at)";
        let row: Option<SettledRow> = fetch_one(&mut self.tx, sql, binds![tenant_id, number]).await?;
        let row = row.ok_or_else(gone_on)?;
        let image = serde_json::json!({"settled_at": row.settled_at, "outcome": row.outcome});
        self.keep_history(row.party_id, "task", &row.id.to_string(), image).await?;
        let sql = "UPDATE task SET settled_at = NULL, outcome = NULL WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, row.id]).await?;
        let sql = "UPDATE step_taken SET done_at = NULL WHERE tenant_id = $1 AND party_id = $2 AND task_id = $3 \
                   AND done_at = $4";
        self.execute(sql, binds![tenant_id, row.party_id, row.id, row.settled_at]).await?;
        let sql = "UPDATE cases SET task_id = $4 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, row.party_id, row.case_id, row.id]).await?;
        Ok(())
    }

    /// A task that rested is on the desk again.
    pub async fn wake_task(&mut self, number: i64) -> Result<(), StoreError> {
        let now = self.now;
        self.snooze_task(number, now).await
    }

    /// Tasks about a debtor's receivables that payment made pointless (calls above all) end by themselves. Their steps
    /// were not taken: should the money go back, they are there again.
    pub async fn drop_tasks_of_closed_cases(&mut self) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let pointless = "t.settled_at IS NULL AND t.kind IN ('call', 'do', 'decide_call', 'find_contact', 'decide_next') \
                         AND EXISTS (SELECT 1 FROM cases k WHERE k.tenant_id = t.tenant_id \
                         AND k.party_id = t.party_id AND k.id = t.case_id AND k.subject = 'receivable' \
                         AND k.state NOT IN ('running', 'ladder_done'))";
        let sql = format!("SELECT count(*) FROM task t WHERE t.tenant_id = $1 AND {pointless}");
        if fetch_number(&mut self.tx, &sql, binds![tenant_id]).await?.unwrap_or(0) == 0 {
            return Ok(0);
        }
        // By party first: that is how steps and cases are found.
        let sql = format!(
            "UPDATE step_taken SET voided_at = $2, void_why = 'its case ended' WHERE tenant_id = $1 \
             AND done_at IS NULL AND voided_at IS NULL \
             AND party_id IN (SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND {pointless}) \
             AND task_id IN (SELECT t.id FROM task t WHERE t.tenant_id = $1 AND {pointless})"
        );
        self.execute(&sql, binds![tenant_id, now]).await?;
        let sql = format!(
            "UPDATE cases SET task_id = NULL WHERE tenant_id = $1 AND state NOT IN ('running', 'ladder_done') \
             AND party_id IN (SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND {pointless}) \
             AND task_id IN (SELECT t.id FROM task t WHERE t.tenant_id = $1 AND {pointless})"
        );
        self.execute(&sql, binds![tenant_id]).await?;
        let sql = format!(
            "UPDATE task SET settled_at = $2, outcome = 'dropped' WHERE tenant_id = $1 AND settled_at IS NULL \
             AND id IN (SELECT t.id FROM task t WHERE t.tenant_id = $1 AND {pointless})"
        );
        self.execute(&sql, binds![tenant_id, now]).await
    }
}
