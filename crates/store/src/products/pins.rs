//! What somebody chose to stand in for an article.

use dunlin_core::ids::TenantId;

use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::{Commit, Store, StoreError};

pub(super) async fn pins(conn: &mut Conn, tenant_id: TenantId, sku: &str) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT n.other_sku FROM product_pin n WHERE n.tenant_id = $1 AND n.sku = $2 AND n.ended_at IS NULL \
               ORDER BY n.seq, n.other_sku";
    let rows: Vec<(String,)> = fetch(conn, sql, binds![tenant_id, sku]).await?;
    Ok(rows.into_iter().map(|(other,)| other).collect())
}

impl Store {
    /// Numbers of the articles chosen to stand in for one, in the order in which they were chosen.
    pub async fn pins_of(&self, tenant_id: TenantId, sku: &str) -> Result<Vec<String>, StoreError> {
        let mut conn = self.conn().await?;
        pins(&mut conn, tenant_id, sku).await
    }
}

impl Commit {
    /// Numbers of the articles chosen to stand in for one, in the order in which they were chosen.
    pub async fn pins_of(&mut self, sku: &str) -> Result<Vec<String>, StoreError> {
        pins(&mut self.tx, self.tenant_id, sku).await
    }

    /// From now on `other` stands in for `sku` first, after those chosen before.
    pub async fn pin_product(&mut self, sku: &str, other: &str) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO product_pin (tenant_id, sku, other_sku, seq, recorded_at) VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, binds![tenant_id, sku, other, seq, now]).await?;
        Ok(())
    }

    /// `false`: it was not chosen.
    pub async fn unpin_product(&mut self, sku: &str, other: &str) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE product_pin SET ended_at = $4 WHERE tenant_id = $1 AND sku = $2 AND other_sku = $3 \
                   AND ended_at IS NULL";
        Ok(self.execute(sql, binds![tenant_id, sku, other, now]).await? > 0)
    }
}
