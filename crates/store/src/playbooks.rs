//! Texts of playbooks that cases began with (a running case keeps its version), the versions that a firm published for
//! itself, and the moving of running cases from one version to another.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{TenantId, UserId};

use crate::bind::{Bind, binds};
use crate::conn::{Conn, fetch, fetch_number};
use crate::dialect::micros;
use crate::{Commit, Sight, Store, StoreError};

/// A stored text.
#[derive(Debug, Deserialize)]
pub(crate) struct PlaybookRow(pub String, pub String, pub String);

/// A playbook that the firm published, as it is in force.
#[derive(Debug, Clone, Deserialize)]
pub struct PublishedPlaybook {
    pub id: String,
    pub version: String,
    pub text: String,
    /// Number of the change that published it.
    pub seq: i64,
}

/// One publication, newest first in lists.
#[derive(Debug, Clone, Deserialize)]
pub struct PublishedVersion {
    /// From 1, per playbook.
    pub number: i64,
    pub version: String,
    pub note: String,
    /// Code of the way it came in.
    pub via: String,
    pub user_id: Option<UserId>,
    /// `None` for the command line, and for users whose data was erased.
    pub user_name: Option<String>,
    #[serde(with = "micros")]
    pub at: Timestamp,
}

/// How many running cases follow a version.
#[derive(Debug, Clone, Deserialize)]
pub struct CasesOfVersion {
    pub id: String,
    pub version: String,
    pub cases: i64,
}

/// A step that cases have taken and the new version does not have on the same level.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StepInTheWay {
    pub step: String,
    pub level: u8,
    /// Cases that took it.
    pub cases: i64,
}

/// What became of running cases when they were to move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    pub moved: u64,
    /// They go on with the version they have.
    pub stayed: i64,
    /// Why they stayed.
    pub in_the_way: Vec<StepInTheWay>,
}

impl Store {
    /// (id, version, text) of every playbook that a live case of the tenant may still need.
    pub async fn playbook_texts(&self, tenant_id: TenantId) -> Result<Vec<(String, String, String)>, StoreError> {
        let mut conn = self.conn().await?;
        playbook_texts(&mut conn, tenant_id).await
    }

    /// The playbooks that the firm published, each as it is in force.
    pub async fn published_playbooks(&self, tenant_id: TenantId) -> Result<Vec<PublishedPlaybook>, StoreError> {
        let mut conn = self.conn().await?;
        published_playbooks(&mut conn, tenant_id).await
    }

    /// Every publication of a playbook, newest first.
    pub async fn published_versions(&self, tenant_id: TenantId, id: &str) -> Result<Vec<PublishedVersion>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT v.number, v.version, v.note, v.via, v.user_id, u.name, v.recorded_at FROM playbook_version v \
                   LEFT JOIN user_account u ON u.tenant_id = v.tenant_id AND u.id = v.user_id \
                   WHERE v.tenant_id = $1 AND v.id = $2 ORDER BY v.number DESC";
        fetch(&mut conn, sql, binds![tenant_id, id]).await
    }

    /// Running cases in sight by the playbook and version they follow.
    pub async fn cases_of_versions(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
    ) -> Result<Vec<CasesOfVersion>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT k.playbook, k.playbook_version, count(*) FROM cases k WHERE k.tenant_id = $1 AND k.state = 'running' \
             AND k.playbook IS NOT NULL AND k.playbook_version IS NOT NULL {} GROUP BY k.playbook, k.playbook_version \
             ORDER BY k.playbook, k.playbook_version",
            sight.on("k.party_id")
        );
        fetch(&mut conn, &sql, binds![tenant_id]).await
    }
}

async fn playbook_texts(conn: &mut Conn, tenant_id: TenantId) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT id, version, body FROM playbook_text WHERE tenant_id = $1 ORDER BY id, recorded_at";
    let rows: Vec<PlaybookRow> = fetch(conn, sql, binds![tenant_id]).await?;
    Ok(rows.into_iter().map(|PlaybookRow(id, version, body)| (id, version, body)).collect())
}

async fn published_playbooks(conn: &mut Conn, tenant_id: TenantId) -> Result<Vec<PublishedPlaybook>, StoreError> {
    let sql = "SELECT v.id, v.version, t.body, v.seq FROM playbook_version v \
               JOIN playbook_text t ON t.tenant_id = v.tenant_id AND t.id = v.id AND t.version = v.version \
               WHERE v.tenant_id = $1 AND v.number = (SELECT max(n.number) FROM playbook_version n \
               WHERE n.tenant_id = v.tenant_id AND n.id = v.id) ORDER BY v.id";
    fetch(conn, sql, binds![tenant_id]).await
}

impl Commit {
    /// As [`Store::playbook_texts`], on this change's own connection.
    pub async fn playbook_texts(&mut self) -> Result<Vec<(String, String, String)>, StoreError> {
        playbook_texts(&mut self.tx, self.tenant_id).await
    }

    /// As [`Store::published_playbooks`], on this change's own connection.
    pub async fn published_playbooks(&mut self) -> Result<Vec<PublishedPlaybook>, StoreError> {
        published_playbooks(&mut self.tx, self.tenant_id).await
    }

    /// Number of the last change that published a playbook; 0 when none was.
    pub async fn last_publication(&mut self) -> Result<i64, StoreError> {
        let sql = "SELECT max(seq) FROM playbook_version WHERE tenant_id = $1";
        Ok(fetch_number(&mut self.tx, sql, binds![self.tenant_id]).await?.unwrap_or(0))
    }

    pub async fn keep_playbook(&mut self, id: &str, version: &str, text: &str) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "INSERT INTO playbook_text (tenant_id, id, version, body, recorded_at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (tenant_id, id, version) DO NOTHING";
        self.execute(sql, binds![tenant_id, id, version, text, now]).await?;
        Ok(())
    }

    /// Puts a version in force, and keeps its text. Returns its number.
    pub async fn publish_playbook(
        &mut self,
        id: &str,
        version: &str,
        text: &str,
        note: &str,
    ) -> Result<i64, StoreError> {
        self.keep_playbook(id, version, text).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "SELECT max(number) FROM playbook_version WHERE tenant_id = $1 AND id = $2";
        let number = fetch_number(&mut self.tx, sql, binds![tenant_id, id]).await?.unwrap_or(0) + 1;
        let (via, user) = (self.actor.via.code(), self.actor.user_id());
        let sql = "INSERT INTO playbook_version (tenant_id, id, number, version, note, via, user_id, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        self.execute(sql, binds![tenant_id, id, number, version, note, via, user, now, seq]).await?;
        // What no playbook fitted may have one now.
        let sql = "UPDATE cases SET next_wake = $2 WHERE tenant_id = $1 AND playbook IS NULL AND state = 'running'";
        self.execute(sql, binds![tenant_id, now]).await?;
        Ok(number)
    }

    /// How many running cases follow another version of this playbook.
    pub async fn cases_of_older_versions(&mut self, id: &str, version: &str) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM cases WHERE tenant_id = $1 AND playbook = $2 AND playbook_version <> $3 \
                   AND state = 'running'";
        Ok(fetch_number(&mut self.tx, sql, binds![self.tenant_id, id, version]).await?.unwrap_or(0))
    }

    /// Moves the running cases of a playbook to a version. `steps` are its steps with their levels: a case that took a
    /// step which is not among them keeps the version it has, or a warning could be skipped or come twice.
    pub async fn move_cases(&mut self, id: &str, version: &str, steps: &[(&str, u8)]) -> Result<Moved, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        // `$4` and `$5` are the first step and its level.
        let known: Vec<String> =
            (0..steps.len()).map(|nth| format!("(s.step = ${} AND s.level = ${})", 4 + 2 * nth, 5 + 2 * nth)).collect();
        let mut values: Vec<Bind> = binds![tenant_id, id, version];
        values.extend(steps.iter().flat_map(|(step, level)| binds![*step, i64::from(*level)]));
        let lost = format!("s.voided_at IS NULL AND NOT ({})", known.join(" OR "));
        let running = "k.playbook = $2 AND k.playbook_version <> $3 AND k.state = 'running'";
        let of_case = "s.tenant_id = k.tenant_id AND s.party_id = k.party_id AND s.case_id = k.id";
        // Which version it was is asked when somebody looks back.
        let (at, by) = (values.len() + 1, values.len() + 2);
        let sql = format!(
            "INSERT INTO history (tenant_id, party_id, noun, row_id, superseded_at, seq, image) \
             SELECT k.tenant_id, k.party_id, 'case', k.id, ${at}, ${by}, \
             '{{\"playbook_version\":\"' || k.playbook_version || '\"}}' FROM cases k WHERE k.tenant_id = $1 AND {running} \
             AND NOT EXISTS (SELECT 1 FROM step_taken s WHERE {of_case} AND {lost})"
        );
        let mut stamped = values.clone();
        stamped.extend(binds![now, seq]);
        self.execute(&sql, stamped).await?;
        let sql = "UPDATE cases SET playbook_version = $3, next_wake = $4, silence_key = NULL WHERE tenant_id = $1 \
                   AND playbook = $2 AND playbook_version <> $3 AND state = 'running' AND id IN (SELECT h.row_id \
                   FROM history h WHERE h.tenant_id = $1 AND h.noun = 'case' AND h.superseded_at = $4 AND h.seq = $5)";
        let moved = self.execute(sql, binds![tenant_id, id, version, now, seq]).await?;
        let sql = format!(
            "SELECT s.step, s.level, count(DISTINCT s.case_id) FROM cases k JOIN step_taken s ON {of_case} \
             WHERE k.tenant_id = $1 AND {running} AND {lost} GROUP BY s.step, s.level ORDER BY 3 DESC, s.step, s.level"
        );
        let in_the_way = fetch(&mut self.tx, &sql, values).await?;
        let stayed = self.cases_of_older_versions(id, version).await?;
        Ok(Moved { moved, stayed, in_the_way })
    }
}
