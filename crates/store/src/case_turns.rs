//! Turns that people give a case: begun anew, put into other hands and taken back, and steps entered because they were
//! done before the program knew of the debt.

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::case::CaseTurn;
use dunlin_core::ids::{CaseId, PartyId, TurnId};
use dunlin_core::letter::Purpose;
use dunlin_core::money::Money;

use crate::bind::binds;
use crate::conn::{fetch_number, fetch_one};
use crate::{Commit, StoreError};

/// A turn as it is written down.
#[derive(Debug, Clone, Copy)]
pub struct NewTurn<'a> {
    pub kind: CaseTurn,
    /// What kind of hands; the step that was entered.
    pub what: Option<&'a str>,
    /// Of the lawyer, the agency.
    pub name: Option<&'a str>,
    pub on: Option<Date>,
    pub words: &'a str,
}

/// A step that was done before the program knew of the debt.
#[derive(Debug, Clone, Copy)]
pub struct EnteredStep<'a> {
    pub step: &'a str,
    pub level: u8,
    pub purpose: Purpose,
    pub round: i32,
    pub outstanding: Money,
    pub done_at: Timestamp,
}

impl Commit {
    pub async fn note_turn(
        &mut self,
        party_id: PartyId,
        case_id: CaseId,
        turn: &NewTurn<'_>,
    ) -> Result<TurnId, StoreError> {
        let id = TurnId(self.ids.make());
        let (tenant_id, now, seq, user) = (self.tenant_id, self.now, self.seq, self.actor.user_id());
        let (what, name) = (turn.what.map(str::to_string), turn.name.map(str::to_string));
        let on = turn.on.map(|day| day.to_string());
        let sql = "INSERT INTO case_turn (tenant_id, party_id, id, case_id, kind, what, name, on_day, words, user_id, \
                   recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let values =
            binds![tenant_id, party_id, id, case_id, turn.kind.code(), what, name, on, turn.words, user, now, seq];
        self.execute(sql, values).await?;
        Ok(id)
    }

    /// How often the case was given this turn.
    pub async fn turns_of(&mut self, party_id: PartyId, case_id: CaseId, kind: CaseTurn) -> Result<i64, StoreError> {
        let sql =
            "SELECT count(*) FROM case_turn WHERE tenant_id = $1 AND party_id = $2 AND case_id = $3 AND kind = $4";
        let values = binds![self.tenant_id, party_id, case_id, kind.code()];
        Ok(fetch_number(&mut self.tx, sql, values).await?.unwrap_or(0))
    }

    /// Keeps an entered step as done. It became known now, whenever it was done: the ladder goes on after it, and whoever
    /// looks back to a day before does not see it.
    pub async fn enter_step(
        &mut self,
        party_id: PartyId,
        case_id: CaseId,
        step: &EnteredStep<'_>,
    ) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO step_taken (tenant_id, party_id, case_id, step, round, level, outstanding_minor, \
                   reasons, taken_at, done_at, seq, entered) VALUES ($1, $2, $3, $4, $5, $6, $7, '[]', $8, $9, $10, $11)";
        let (round, level) = (i64::from(step.round), i64::from(step.level));
        let (open, purpose) = (step.outstanding.minor, step.purpose.code());
        let values =
            binds![tenant_id, party_id, case_id, step.step, round, level, open, now, step.done_at, seq, purpose];
        self.execute(sql, values).await?;
        self.wake_party(party_id).await
    }

    /// Takes an entered step back: it was a mistake. The step; `None`: it was taken back already.
    pub async fn take_back_entered(
        &mut self,
        party_id: PartyId,
        case_id: CaseId,
        id: TurnId,
    ) -> Result<Option<String>, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "SELECT what, seq FROM case_turn WHERE tenant_id = $1 AND party_id = $2 AND case_id = $3 AND id = $4 \
                   AND kind = 'entered' AND what IS NOT NULL AND ended_at IS NULL";
        let found: Option<(String, i64)> =
            fetch_one(&mut self.tx, sql, binds![tenant_id, party_id, case_id, id]).await?;
        let Some((step, seq)) = found else {
            return Ok(None);
        };
        let sql = "UPDATE case_turn SET ended_at = $4 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, id, now]).await?;
        // The row of the same change: the step may have been taken anew since the case was begun anew.
        let sql = "UPDATE step_taken SET voided_at = $6, void_why = 'entered by mistake', entered = NULL WHERE tenant_id = $1 \
                   AND party_id = $2 AND case_id = $3 AND step = $4 AND seq = $5 AND voided_at IS NULL";
        self.execute(sql, binds![tenant_id, party_id, case_id, step.as_str(), seq, now]).await?;
        self.wake_party(party_id).await?;
        Ok(Some(step))
    }

    /// Open work about a case is not to be done any more; the steps that it stands for were not done.
    pub async fn drop_case_tasks(&mut self, party_id: PartyId, case_id: CaseId) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE step_taken SET voided_at = $4, void_why = 'its task was dropped' WHERE tenant_id = $1 \
                   AND party_id = $2 AND case_id = $3 AND task_id IS NOT NULL AND done_at IS NULL \
                   AND voided_at IS NULL";
        self.execute(sql, binds![tenant_id, party_id, case_id, now]).await?;
        let sql = "UPDATE task SET settled_at = $4, outcome = 'dropped' WHERE tenant_id = $1 AND party_id = $2 \
                   AND case_id = $3 AND settled_at IS NULL";
        let dropped = self.execute(sql, binds![tenant_id, party_id, case_id, now]).await?;
        let sql = "UPDATE cases SET task_id = NULL WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, case_id]).await?;
        Ok(dropped)
    }
}
