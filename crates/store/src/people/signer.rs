//! Who stands under the letters to a buyer: the salesperson who looks after it.

use serde::Deserialize;

use dunlin_core::ids::{PartyId, TenantId};

use crate::bind::binds;
use crate::conn::{Conn, fetch_number, fetch_one};
use crate::{Commit, Store, StoreError};

/// What a salesperson set for their letters; empty fields leave the firm's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Signer {
    /// Lines under the letter.
    pub signature: String,
    /// Where answers go.
    pub reply_to: String,
    /// Their name for letters that are not in Chinese.
    pub latin_name: String,
}

async fn signer_of(conn: &mut Conn, tenant_id: TenantId, party: PartyId) -> Result<Signer, StoreError> {
    let sql = "SELECT u.signature, u.reply_to, u.latin_name FROM party p JOIN user_account u ON u.tenant_id = p.tenant_id \
               AND u.id = p.salesperson_id AND u.state = 'active' WHERE p.tenant_id = $1 AND p.id = $2";
    Ok(fetch_one(conn, sql, binds![tenant_id, party]).await?.unwrap_or_default())
}

impl Store {
    /// Whose lines stand under letters to a buyer.
    pub async fn signer_of(&self, tenant_id: TenantId, party: PartyId) -> Result<Signer, StoreError> {
        signer_of(&mut self.conn().await?, tenant_id, party).await
    }
}

impl Store {
    /// Whether any buyer sits where Chinese is not read.
    pub async fn has_buyers_abroad(&self, tenant_id: TenantId) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT count(*) FROM (SELECT p.id FROM party p WHERE p.tenant_id = $1 AND p.merged_into IS NULL \
                   AND p.country <> '' AND p.country NOT IN ('CN', 'HK', 'MO', 'TW') LIMIT 1) x";
        Ok(fetch_number(&mut conn, sql, binds![tenant_id]).await?.unwrap_or(0) > 0)
    }
}

impl Commit {
    /// As [`Store::signer_of`], under the lock.
    pub async fn signer_of(&mut self, party: PartyId) -> Result<Signer, StoreError> {
        signer_of(&mut self.tx, self.tenant_id, party).await
    }
}
