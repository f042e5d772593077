//! What was known of the firm at an earlier instant: its settings and how fresh its books were. For looking only; a
//! change takes what holds under the lock.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::facts::{StatementAge, TenantFacts};
use dunlin_core::ids::TenantId;

use crate::bind::binds;
use crate::conn::{Conn, fetch_one};
use crate::tenants::tenant_facts;
use crate::{Settings, Store, StoreError, Tenant};

/// What a source was before it was read again.
#[derive(Deserialize)]
struct SourceImage {
    covered_to: Option<Date>,
}

/// The oldest image that was superseded after the instant: how it stood then. `None`: nothing changed since.
async fn image_then(
    conn: &mut Conn,
    tenant_id: TenantId,
    (noun, row_id): (&str, &str),
    at: Timestamp,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT image FROM history WHERE tenant_id = $1 AND noun = $2 AND row_id = $3 AND superseded_at > $4 \
               ORDER BY superseded_at, seq LIMIT 1";
    let row: Option<(String,)> = fetch_one(conn, sql, binds![tenant_id, noun, row_id, at]).await?;
    Ok(row.map(|(image,)| image))
}

impl Store {
    /// The settings that held at an instant, if they were changed since.
    pub async fn earlier_settings(&self, tenant_id: TenantId, at: Timestamp) -> Result<Option<Settings>, StoreError> {
        let mut conn = self.conn().await?;
        let image = image_then(&mut conn, tenant_id, ("settings", "settings"), at).await?;
        image.map(|image| serde_json::from_str(&image).map_err(StoreError::corrupt)).transpose()
    }

    /// As [`Store::tenant_facts`], as it was known at an instant. `tenant` has the settings of then.
    pub async fn tenant_facts_at(&self, tenant: &Tenant, at: Timestamp) -> Result<TenantFacts, StoreError> {
        let mut conn = self.conn().await?;
        let mut facts = tenant_facts(&mut conn, tenant).await?;
        facts.restored_at = facts.restored_at.filter(|restored| *restored <= at);
        if let Some(image) = image_then(&mut conn, tenant.id, ("source", "bank"), at).await? {
            let image: SourceImage = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
            let max_age_days = tenant.settings.statement_max_age_days;
            facts.statements = image.covered_to.map(|covered_to| StatementAge { covered_to, max_age_days });
        }
        Ok(facts)
    }
}
