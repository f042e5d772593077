//! How a letter's time in the outbox ends: what became of it is recorded, its steps are taken or not, its cases go on.

use dunlin_core::case::LetterState;
use dunlin_core::ids::{LetterId, TaskId};
use dunlin_core::plan::TaskKind;
use dunlin_core::reason::Reason;
use dunlin_core::refusal::{Refusal, RefusalCode};

use super::{Outcome, SentMail, StoredLetter, first_of, secret_of};
use crate::bind::binds;
use crate::conn::{fetch_number, fetch_one};
use crate::reason_text::write_reasons;
use crate::{Commit, ERASED, StoreError};

impl Commit {
    /// Records what became of a letter, and tells its steps and cases.
    pub async fn settle(&mut self, letter: &StoredLetter, outcome: &Outcome) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let id = letter.id;
        let sql = "SELECT state FROM letter WHERE tenant_id = $1 AND id = $2";
        let found: Option<(String,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, id]).await?;
        let found = found.map_or_else(String::new, |(state,)| state);
        if letter.send > 0 && found == "cancelled" && matches!(outcome, Outcome::Cancelled { .. }) {
            // It was cancelled a moment ago, with the letter that it goes beside, for the same reasons.
            return Ok(());
        }
        if found != letter.state.code() {
            // Somebody else has settled it since it was read.
            let refusal = Refusal::new(RefusalCode::LetterGoneOn).with("number", format!("L-{:04}", letter.number));
            return Err(refusal.with("state", found).with("more", "").into());
        }
        let quiet = quiet(outcome);
        let is_quiet = quiet.is_some() && self.reader_is_erased(letter).await?;
        let outcome = quiet.as_ref().filter(|_| is_quiet).unwrap_or(outcome);
        match outcome {
            Outcome::Sent { transport, mail } => {
                let sealed = self.seal_for(letter, mail).await?;
                let sql = "UPDATE letter SET state = 'sent', settled_at = $3, outcome = NULL, transport = $4, \
                           sealed_envelope = COALESCE($5, sealed_envelope), lease_until = NULL, lease_by = NULL \
                           WHERE tenant_id = $1 AND id = $2";
                self.execute(sql, binds![tenant_id, id, now, *transport, sealed]).await?;
                // A copy takes no step: it is taken by the letter itself.
                if letter.send == 0 {
                    self.steps_done(id).await?;
                }
                self.free_cases(letter).await
            }
            Outcome::ToPaste => {
                let sql = "UPDATE letter SET state = 'to_paste', lease_until = NULL, lease_by = NULL \
                           WHERE tenant_id = $1 AND id = $2";
                self.execute(sql, binds![tenant_id, id]).await?;
                Ok(())
            }
            Outcome::TryAgain { at, why } => {
                let sql = "UPDATE letter SET state = 'queued', not_before = $3, outcome = $4, lease_until = NULL, \
                           lease_by = NULL WHERE tenant_id = $1 AND id = $2";
                self.execute(sql, binds![tenant_id, id, *at, why.as_str()]).await?;
                Ok(())
            }
            Outcome::Failed { why } => {
                self.close_letter(id, LetterState::Failed, why).await?;
                let task_id = self.letter_task(letter, TaskKind::FailedLetter, why).await?;
                if letter.send > 0 {
                    // Only the copy is lost, and a person is told; the step was taken without it.
                    return self.free_cases(letter).await;
                }
                // It reached nobody, so the step is as if never taken; the case waits until a person has seen to it.
                self.stop_beside(letter, why, &[]).await?;
                self.void_steps(letter, why).await?;
                let sql = "UPDATE cases SET task_id = $4 WHERE tenant_id = $1 AND party_id = $2 AND letter_id = $3";
                self.execute(sql, binds![tenant_id, letter.party_id, first_of(letter), task_id]).await?;
                self.free_cases(letter).await
            }
            Outcome::Cancelled { why, reasons } => {
                self.close_letter(id, LetterState::Cancelled, why).await?;
                self.add_reasons(letter, reasons).await?;
                if letter.send == 0 {
                    self.stop_beside(letter, why, reasons).await?;
                    self.void_steps(letter, why).await?;
                }
                self.free_cases(letter).await
            }
            Outcome::Declined { why } => {
                self.close_letter(id, LetterState::Cancelled, why).await?;
                if letter.send == 0 {
                    self.stop_beside(letter, why, &[]).await?;
                    self.steps_declined(id).await?;
                }
                self.free_cases(letter).await
            }
            Outcome::Uncertain { why } => {
                let sql = "UPDATE letter SET state = 'uncertain', outcome = $3, lease_until = NULL, lease_by = NULL \
                           WHERE tenant_id = $1 AND id = $2";
                self.execute(sql, binds![tenant_id, id, why.as_str()]).await?;
                self.letter_task(letter, TaskKind::SettleUncertain, why).await?;
                Ok(())
            }
        }
    }

    /// Whether whoever it goes to was erased.
    pub async fn reader_is_erased(&mut self, letter: &StoredLetter) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM contact WHERE tenant_id = $1 AND id = $2 AND sealed = ''";
        let erased = fetch_number(&mut self.tx, sql, binds![self.tenant_id, letter.contact_id]).await?;
        Ok(erased.unwrap_or(0) > 0)
    }

    pub(crate) async fn close_letter(&mut self, id: LetterId, state: LetterState, why: &str) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE letter SET state = $3, settled_at = $4, outcome = $5, lease_until = NULL, lease_by = NULL \
                   WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, state.code(), now, why]).await?;
        Ok(())
    }

    pub(crate) async fn add_reasons(&mut self, letter: &StoredLetter, more: &[Reason]) -> Result<(), StoreError> {
        let all = write_reasons(letter.reasons.iter().chain(more))?;
        let sql = "UPDATE letter SET reasons = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, letter.id, all]).await?;
        Ok(())
    }

    pub(crate) async fn void_steps(&mut self, letter: &StoredLetter, why: &str) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE step_taken SET voided_at = $3, void_why = $4 WHERE tenant_id = $1 AND letter_id = $2 \
                   AND party_id = $5 AND voided_at IS NULL";
        self.execute(sql, binds![tenant_id, first_of(letter), now, why, letter.party_id]).await?;
        Ok(())
    }

    async fn steps_done(&mut self, id: LetterId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE step_taken SET done_at = $3 WHERE tenant_id = $1 AND letter_id = $2 AND done_at IS NULL \
                   AND party_id = (SELECT l.party_id FROM letter l WHERE l.tenant_id = $1 AND l.id = $2)";
        self.execute(sql, binds![tenant_id, id, now]).await?;
        Ok(())
    }

    /// Taken, so that the ladder goes on after it; but nothing was said.
    async fn steps_declined(&mut self, id: LetterId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE step_taken SET done_at = $3, ended = 'declined' WHERE tenant_id = $1 AND letter_id = $2 \
                   AND done_at IS NULL \
                   AND party_id = (SELECT l.party_id FROM letter l WHERE l.tenant_id = $1 AND l.id = $2)";
        self.execute(sql, binds![tenant_id, id, now]).await?;
        Ok(())
    }

    /// Its cases wait for it no more; while another letter of the same step is under way, they wait for that one.
    async fn free_cases(&mut self, letter: &StoredLetter) -> Result<(), StoreError> {
        let (tenant_id, now, first) = (self.tenant_id, self.now, first_of(letter));
        if letter.lead_id.is_some() {
            let sql = "SELECT count(*) FROM letter WHERE tenant_id = $1 AND party_id = $2 AND lead_id = $3 \
                       AND settled_at IS NULL";
            if fetch_number(&mut self.tx, sql, binds![tenant_id, letter.party_id, first]).await?.unwrap_or(0) > 0 {
                return Ok(());
            }
        }
        let sql = "UPDATE cases SET letter_id = NULL, next_wake = $4 WHERE tenant_id = $1 AND party_id = $2 \
                   AND letter_id = $3 AND state IN ('running', 'ladder_done')";
        self.execute(sql, binds![tenant_id, letter.party_id, first, now]).await?;
        let sql = "UPDATE cases SET letter_id = NULL WHERE tenant_id = $1 AND party_id = $2 AND letter_id = $3";
        self.execute(sql, binds![tenant_id, letter.party_id, first]).await?;
        // What a person sent outside every playbook holds its cases by its lines alone, the correction of a copy for one: they
        // lay down to wait for it, and no case names it.
        if letter.repairs.is_some() || letter.asks.is_some() {
            self.wake_party(letter.party_id).await?;
        }
        Ok(())
    }

    async fn seal_for(&mut self, letter: &StoredLetter, mail: &SentMail) -> Result<Option<String>, StoreError> {
        if mail.body.is_empty() {
            return Ok(None);
        }
        let Some(secret) = secret_of(&mut self.tx, self.tenant_id, letter).await? else {
            return Ok(None);
        };
        let plain = serde_json::to_vec(mail).map_err(StoreError::corrupt)?;
        self.tx.key.person(&secret)?.seal(&plain).map(Some)
    }

    async fn letter_task(&mut self, letter: &StoredLetter, kind: TaskKind, why: &str) -> Result<TaskId, StoreError> {
        let id = TaskId(self.ids.make());
        let number = self.numbers("task", 1).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO task (tenant_id, id, number, kind, party_id, letter_id, contact_id, level, round, \
                   language, reasons, not_before, note, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, '[]', $9, $10, $11, $12)";
        let values = binds![
            tenant_id,
            id,
            number,
            kind.code(),
            letter.party_id,
            letter.id,
            letter.contact_id,
            letter.language.code(),
            now,
            why,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        Ok(id)
    }
}

/// What is written down when the reader was erased while the letter was under way: a mail server's answer quotes them.
fn quiet(outcome: &Outcome) -> Option<Outcome> {
    let why = ERASED.to_string();
    match outcome {
        Outcome::TryAgain { at, .. } => Some(Outcome::TryAgain { at: *at, why }),
        Outcome::Failed { .. } => Some(Outcome::Failed { why }),
        Outcome::Uncertain { .. } => Some(Outcome::Uncertain { why }),
        Outcome::Declined { .. } => Some(Outcome::Declined { why }),
        Outcome::Sent { .. } | Outcome::ToPaste | Outcome::Cancelled { .. } => None,
    }
}
