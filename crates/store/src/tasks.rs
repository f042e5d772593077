//! Tasks: work for a person, and its end.

use jiff::Timestamp;

use dunlin_core::ids::TaskId;

use crate::bind::binds;
use crate::conn::fetch_one;
use crate::{Commit, StoreError};

impl Commit {
    /// A person finished (or dropped) a task: its step is done, its case looks again.
    pub async fn settle_task(&mut self, number: i64, outcome: &str, note: &str) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "SELECT id FROM task WHERE tenant_id = $1 AND number = $2 AND settled_at IS NULL";
        let row: Option<(TaskId,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, number]).await?;
        let (id,) = row.ok_or_else(|| StoreError::not_found("open task", format!("T-{number:04}")))?;
        let sql = "UPDATE task SET settled_at = $3, outcome = $4, note = COALESCE(NULLIF($5, ''), note) \
                   WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, now, outcome, note]).await?;
        let sql = "UPDATE step_taken SET done_at = $3 WHERE tenant_id = $1 AND task_id = $2 AND done_at IS NULL \
                   AND party_id = (SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.id = $2)";
        self.execute(sql, binds![tenant_id, id, now]).await?;
        let sql = "UPDATE cases SET task_id = NULL, next_wake = $3 WHERE tenant_id = $1 AND task_id = $2";
        self.execute(sql, binds![tenant_id, id, now]).await?;
        Ok(())
    }

    pub async fn snooze_task(&mut self, number: i64, until: Timestamp) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE task SET not_before = $3 WHERE tenant_id = $1 AND number = $2 AND settled_at IS NULL";
        if self.execute(sql, binds![tenant_id, number, until]).await? != 1 {
            return Err(StoreError::not_found("open task", format!("T-{number:04}")));
        }
        Ok(())
    }

    /// Tasks about a debtor's receivables that payment made pointless (calls above all) end by themselves.
    pub async fn drop_tasks_of_closed_cases(&mut self) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE task SET settled_at = $2, outcome = 'dropped' WHERE tenant_id = $1 AND settled_at IS NULL \
                   AND kind IN ('call', 'find_contact', 'decide_next') AND EXISTS (SELECT 1 FROM cases k \
                   WHERE k.tenant_id = task.tenant_id AND k.party_id = task.party_id AND k.id = task.case_id \
                   AND k.state NOT IN ('running', 'ladder_done'))";
        self.execute(sql, binds![tenant_id, now]).await
    }
}
