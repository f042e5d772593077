//! News of parcels as they came, each body once and sealed: kept before anybody makes sense of them, so that nothing is
//! lost. Whoever puts them to their parcels marks them as taken.

use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use dunlin_core::ids::TenantId;

use crate::bind::binds;
use crate::conn::{execute, fetch, fetch_number};
use crate::dialect::micros;
use crate::{Store, StoreError};

/// The way of what was asked for.
const ASKED: &str = "asked";

/// A message as it came.
#[derive(Debug, Clone)]
pub struct TrackingNotice {
    /// Names it: the hash of its body.
    pub sha256: String,
    /// `webhook` or `asked`.
    pub way: String,
    /// Number of the parcel; empty: it could not be read.
    pub number: String,
    pub body: Vec<u8>,
    pub received_at: Timestamp,
}

#[derive(Deserialize)]
struct Row {
    sha256: String,
    way: String,
    number: String,
    sealed: String,
    #[serde(with = "micros")]
    received_at: Timestamp,
}

/// What the bodies of a firm are sealed for.
fn purpose(tenant_id: TenantId) -> String {
    format!("tracking {tenant_id}")
}

impl Store {
    /// Keeps a body. False: it came before.
    pub async fn keep_notice(
        &self,
        tenant_id: TenantId,
        way: &str,
        number: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sha256: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
        let sealed = self.key().seal(&purpose(tenant_id), body)?;
        let mut conn = self.conn().await?;
        if way == ASKED {
            // The answer to a question tells the whole journey: an earlier one that nobody took says nothing more.
            let sql = "DELETE FROM tracking_notice WHERE tenant_id = $1 AND number = $2 AND way = 'asked' \
                       AND taken_at IS NULL AND sha256 <> $3";
            execute(&mut conn, sql, binds![tenant_id, number, sha256.as_str()]).await?;
        }
        let sql = "INSERT INTO tracking_notice (tenant_id, sha256, way, number, sealed, received_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, sha256) DO NOTHING";
        Ok(execute(&mut conn, sql, binds![tenant_id, sha256, way, number, sealed, now]).await? == 1)
    }

    /// What nobody has put to its parcel yet, oldest first.
    pub async fn notices_waiting(&self, tenant_id: TenantId, limit: i64) -> Result<Vec<TrackingNotice>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT n.sha256, n.way, n.number, n.sealed, n.received_at FROM tracking_notice n \
                   WHERE n.tenant_id = $1 AND n.taken_at IS NULL ORDER BY n.received_at, n.sha256 LIMIT $2";
        let rows: Vec<Row> = fetch(&mut conn, sql, binds![tenant_id, limit]).await?;
        drop(conn);
        rows.into_iter().map(|row| self.opened_notice(tenant_id, row)).collect()
    }

    /// Of what waits, what is about parcels that are known by now, oldest first. What is about none keeps nobody waiting.
    pub async fn notices_of_parcels(&self, tenant_id: TenantId, limit: i64) -> Result<Vec<TrackingNotice>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT n.sha256, n.way, n.number, n.sealed, n.received_at FROM tracking_notice n \
                   WHERE n.tenant_id = $1 AND n.taken_at IS NULL AND n.number <> '' AND EXISTS (SELECT 1 FROM shipment h \
                   WHERE h.tenant_id = n.tenant_id AND h.number = n.number) ORDER BY n.received_at, n.sha256 LIMIT $2";
        let rows: Vec<Row> = fetch(&mut conn, sql, binds![tenant_id, limit]).await?;
        drop(conn);
        rows.into_iter().map(|row| self.opened_notice(tenant_id, row)).collect()
    }

    fn opened_notice(&self, tenant_id: TenantId, row: Row) -> Result<TrackingNotice, StoreError> {
        let body = self.key().open(&purpose(tenant_id), &row.sealed)?;
        let Row { sha256, way, number, received_at, .. } = row;
        Ok(TrackingNotice { sha256, way, number, body, received_at })
    }

    /// How many bodies came, and how many of them wait.
    pub async fn notice_counts(&self, tenant_id: TenantId) -> Result<(i64, i64), StoreError> {
        let mut conn = self.conn().await?;
        let all = "SELECT count(*) FROM tracking_notice WHERE tenant_id = $1";
        let waiting = "SELECT count(*) FROM tracking_notice WHERE tenant_id = $1 AND taken_at IS NULL";
        let all = fetch_number(&mut conn, all, binds![tenant_id]).await?.unwrap_or(0);
        let waiting = fetch_number(&mut conn, waiting, binds![tenant_id]).await?.unwrap_or(0);
        Ok((all, waiting))
    }

    /// It was put to its parcel.
    pub async fn notice_taken(&self, tenant_id: TenantId, sha256: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE tracking_notice SET taken_at = $3 WHERE tenant_id = $1 AND sha256 = $2";
        execute(&mut conn, sql, binds![tenant_id, sha256, now]).await?;
        Ok(())
    }
}
