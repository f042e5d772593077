//! Long work that a person started and may leave: what it is, how far it is, what came of it.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use dunlin_core::ids::{TenantId, UserId};

use crate::bind::binds;
use crate::conn::{execute, fetch, fetch_one};
use crate::dialect::micros;
use crate::{IdSource, Store, StoreError};

/// A job as pages show it.
#[derive(Debug, Clone, Deserialize)]
pub struct Job {
    pub id: String,
    /// `import`.
    pub kind: String,
    pub user_id: Option<UserId>,
    /// Name of the file, for instance.
    pub what: String,
    /// `running`, `done`, `failed`.
    pub state: String,
    pub done: i64,
    pub total: i64,
    /// JSON of the outcome, or what went wrong.
    pub result: Option<String>,
    /// The last sign of life.
    #[serde(with = "micros")]
    pub seen_at: Timestamp,
    #[serde(with = "micros")]
    pub recorded_at: Timestamp,
}

const JOB: &str = "SELECT j.id, j.kind, j.user_id, j.what, j.state, j.done, j.total, j.result, j.seen_at, j.recorded_at \
                   FROM job j";

/// A job that gave no sign of life for so long has ended with the program that worked on it.
const SILENCE: SignedDuration = SignedDuration::from_mins(2);

impl Job {
    /// Whether whoever worked on it is gone.
    pub fn is_lost(&self, now: Timestamp) -> bool {
        self.state == "running" && now.duration_since(self.seen_at) > SILENCE
    }
}

impl Store {
    /// Begins a job. `now` is the wall clock, also in a demo.
    pub async fn begin_job(
        &self,
        tenant_id: TenantId,
        kind: &str,
        what: &str,
        user: Option<UserId>,
        now: Timestamp,
    ) -> Result<String, StoreError> {
        let mut conn = self.conn().await?;
        let id = UserId(IdSource::new(now).make()).to_string();
        let sql = "INSERT INTO job (tenant_id, id, kind, user_id, what, state, done, total, seen_at, recorded_at) \
                   VALUES ($1, $2, $3, $4, $5, 'running', 0, 0, $6, $7)";
        execute(&mut conn, sql, binds![tenant_id, id.as_str(), kind, user, what, now, now]).await?;
        Ok(id)
    }

    /// A sign of life, with how far it is.
    pub async fn job_lives(
        &self,
        tenant_id: TenantId,
        id: &str,
        (done, total): (i64, i64),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE job SET done = $3, total = $4, seen_at = $5 WHERE tenant_id = $1 AND id = $2 \
                   AND state = 'running'";
        execute(&mut conn, sql, binds![tenant_id, id, done, total, now]).await?;
        Ok(())
    }

    /// The end of it.
    pub async fn settle_job(
        &self,
        tenant_id: TenantId,
        id: &str,
        state: &str,
        result: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE job SET state = $3, result = $4, seen_at = $5, settled_at = $6 WHERE tenant_id = $1 AND id = $2 \
                   AND state = 'running'";
        execute(&mut conn, sql, binds![tenant_id, id, state, result, now, now]).await?;
        Ok(())
    }

    pub async fn job(&self, tenant_id: TenantId, id: &str) -> Result<Job, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{JOB} WHERE j.tenant_id = $1 AND j.id = $2");
        let job = fetch_one(&mut conn, &sql, binds![tenant_id, id]).await?;
        job.ok_or_else(|| StoreError::not_found("job", id))
    }

    /// The newest jobs of the firm.
    pub async fn jobs(&self, tenant_id: TenantId, limit: i64) -> Result<Vec<Job>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{JOB} WHERE j.tenant_id = $1 ORDER BY j.recorded_at DESC, j.id DESC LIMIT $2");
        fetch(&mut conn, &sql, binds![tenant_id, limit]).await
    }
}
