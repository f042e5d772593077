//! Raw files as they came in, and what an import made of them.

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::ids::TenantId;

use crate::bind::{Bind, binds};
use crate::conn::{fetch, fetch_bytes, fetch_one};
use crate::{Commit, Store, StoreError};

/// The record of one import.
#[derive(Debug, Clone)]
pub struct ImportRun {
    pub file_name: String,
    pub sha256: String,
    pub kind: String,
    /// JSON: counts, corrections, problems.
    pub report: String,
}

/// Files that neither an import nor a bank statement nor a talk speaks of: handed in for a look, and no more.
const UNCONFIRMED: &str = "SELECT b.sha256 FROM blob b WHERE b.tenant_id = $1 AND b.recorded_at < $2 \
    AND b.sha256 NOT IN (SELECT i.sha256 FROM import_run i WHERE i.tenant_id = $1) \
    AND b.sha256 NOT IN (SELECT s.sha256 FROM bank_statement s WHERE s.tenant_id = $1) \
    AND b.sha256 NOT IN (SELECT t.file_sha256 FROM talk t WHERE t.tenant_id = $1 AND t.file_sha256 IS NOT NULL) \
    ORDER BY b.sha256";

impl Commit {
    /// Keeps the raw file, once per content.
    pub async fn keep_blob(&mut self, sha256: &str, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "INSERT INTO blob (tenant_id, sha256, name, bytes, recorded_at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (tenant_id, sha256) DO NOTHING";
        let mut values = binds![tenant_id, sha256, name];
        values.push(Bind::Bytes(bytes.to_vec()));
        values.push(now.into());
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Lets a kept file begin its day anew: somebody handed it in again. `false`: it is not kept.
    pub async fn refresh_blob(&mut self, sha256: &str) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE blob SET recorded_at = $3 WHERE tenant_id = $1 AND sha256 = $2";
        Ok(self.execute(sql, binds![tenant_id, sha256, now]).await? > 0)
    }

    /// Drops files that came in before an instant and that nothing was made of. Returns their hashes.
    pub async fn drop_unconfirmed_files(&mut self, before: Timestamp) -> Result<Vec<String>, StoreError> {
        let tenant_id = self.tenant_id;
        let found: Vec<(String,)> = fetch(&mut self.tx, UNCONFIRMED, binds![tenant_id, before]).await?;
        for (sha256,) in &found {
            let sql = "DELETE FROM blob WHERE tenant_id = $1 AND sha256 = $2";
            self.execute(sql, binds![tenant_id, sha256.as_str()]).await?;
        }
        Ok(found.into_iter().map(|(sha256,)| sha256).collect())
    }

    pub async fn record_import(&mut self, run: &ImportRun) -> Result<(), StoreError> {
        let id = dunlin_core::ids::TaskId(self.ids.make()).to_string();
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO import_run (tenant_id, id, file_name, sha256, kind, report, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = binds![
            tenant_id,
            id,
            run.file_name.as_str(),
            run.sha256.as_str(),
            run.kind.as_str(),
            run.report.as_str(),
            now,
            seq
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// A source was read now; for the bank, up to which day the books are known, which may be earlier than it was when an
    /// account came in that is behind. How fresh they were before stays in the history, for whoever looks back.
    pub async fn mark_synced(&mut self, source: &str, covered_to: Option<Date>) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "SELECT covered_to FROM source_state WHERE tenant_id = $1 AND source = $2";
        let before: Option<(Option<String>,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, source]).await?;
        let image = serde_json::json!({"covered_to": before.and_then(|(covered_to,)| covered_to)});
        self.keep_history(None, "source", source, image).await?;
        let sql = "INSERT INTO source_state (tenant_id, source, synced_at, covered_to) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (tenant_id, source) DO UPDATE SET synced_at = excluded.synced_at, \
                   covered_to = COALESCE(excluded.covered_to, source_state.covered_to)";
        let covered = covered_to.map(|date| date.to_string());
        self.execute(sql, binds![tenant_id, source, now, covered]).await?;
        Ok(())
    }

    /// Hash and name of every file that came in and is kept, as of this commit.
    pub async fn kept_files(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT b.sha256, b.name FROM blob b WHERE b.tenant_id = $1 ORDER BY b.recorded_at, b.sha256";
        fetch(&mut self.tx, sql, binds![self.tenant_id]).await
    }

    pub async fn blob(&mut self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT bytes FROM blob WHERE tenant_id = $1 AND sha256 = $2";
        fetch_bytes(&mut self.tx, sql, binds![self.tenant_id, sha256]).await
    }
}

impl Store {
    /// Hashes of the files that were handed in before an instant and never taken in.
    pub async fn unconfirmed_files(&self, tenant_id: TenantId, before: Timestamp) -> Result<Vec<String>, StoreError> {
        let mut conn = self.conn().await?;
        let found: Vec<(String,)> = fetch(&mut conn, UNCONFIRMED, binds![tenant_id, before]).await?;
        Ok(found.into_iter().map(|(sha256,)| sha256).collect())
    }

    /// Hash and name of every file that came in and is kept.
    pub async fn kept_files(&self, tenant_id: TenantId) -> Result<Vec<(String, String)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT b.sha256, b.name FROM blob b WHERE b.tenant_id = $1 ORDER BY b.recorded_at, b.sha256";
        fetch(&mut conn, sql, binds![tenant_id]).await
    }

    pub async fn blob(&self, tenant_id: TenantId, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT bytes FROM blob WHERE tenant_id = $1 AND sha256 = $2";
        fetch_bytes(&mut conn, sql, binds![tenant_id, sha256]).await
    }

    /// When a file of this content was imported before.
    pub async fn imported_before(&self, tenant_id: TenantId, sha256: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT recorded_at FROM import_run WHERE tenant_id = $1 AND sha256 = $2 ORDER BY seq LIMIT 1";
        let row: Option<(i64,)> = fetch_one(&mut conn, sql, binds![tenant_id, sha256]).await?;
        row.map(|(micros,)| Timestamp::from_microsecond(micros).map_err(StoreError::corrupt)).transpose()
    }
}
