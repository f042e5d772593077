//! Who stands under the letters to a buyer: the salesperson who looks after it.

use serde::Deserialize;

use dunlin_core::ids::{PartyId, TenantId};

use crate::bind::binds;
use crate::conn::{Conn, fetch_one};
use crate::{Commit, Store, StoreError};

/// What a salesperson set for their letters; empty fields leave the firm's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Signer {
    /// Lines under the letter.
    pub signature: String,
    /// Where answers go.
    pub reply_to: String,
}

async fn signer_of(conn: &mut Conn, tenant_id: TenantId, party: PartyId) -> Result<Signer, StoreError> {
    let sql = "SELECT u.signature, u.reply_to FROM party p JOIN user_account u ON u.tenant_id = p.tenant_id \
               AND u.id = p.salesperson_id AND u.state = 'active' WHERE p.tenant_id = $1 AND p.id = $2";
    Ok(fetch_one(conn, sql, binds![tenant_id, party]).await?.unwrap_or_default())
}

impl Store {
    /// Whose lines stand under letters to a buyer.
    pub async fn signer_of(&self, tenant_id: TenantId, party: PartyId) -> Result<Signer, StoreError> {
        signer_of(&mut self.conn().await?, tenant_id, party).await
    }
}

impl Commit {
    /// As [`Store::signer_of`], under the lock.
    pub async fn signer_of(&mut self, party: PartyId) -> Result<Signer, StoreError> {
        signer_of(&mut self.tx, self.tenant_id, party).await
    }
}
