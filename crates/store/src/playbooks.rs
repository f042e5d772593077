//! Texts of playbooks that cases began with; a running case keeps its version.

use dunlin_core::ids::TenantId;
use serde::Deserialize;

use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::{Commit, Store, StoreError};

/// A stored text.
#[derive(Debug, Deserialize)]
pub(crate) struct PlaybookRow(pub String, pub String, pub String);

impl Store {
    /// (id, version, text) of every playbook that a live case of the tenant may still need.
    pub async fn playbook_texts(&self, tenant_id: TenantId) -> Result<Vec<(String, String, String)>, StoreError> {
        let mut conn = self.conn().await?;
        playbook_texts(&mut conn, tenant_id).await
    }
}

async fn playbook_texts(conn: &mut Conn, tenant_id: TenantId) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT id, version, body FROM playbook_text WHERE tenant_id = $1 ORDER BY id, recorded_at";
    let rows: Vec<PlaybookRow> = fetch(conn, sql, binds![tenant_id]).await?;
    Ok(rows.into_iter().map(|PlaybookRow(id, version, body)| (id, version, body)).collect())
}

impl Commit {
    /// As [`Store::playbook_texts`], on this change's own connection.
    pub async fn playbook_texts(&mut self) -> Result<Vec<(String, String, String)>, StoreError> {
        playbook_texts(&mut self.tx, self.tenant_id).await
    }

    pub async fn keep_playbook(&mut self, id: &str, version: &str, text: &str) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "INSERT INTO playbook_text (tenant_id, id, version, body, recorded_at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (tenant_id, id, version) DO NOTHING";
        self.execute(sql, binds![tenant_id, id, version, text, now]).await?;
        Ok(())
    }
}
