//! What a restore leaves standing as it is: the firm's bank accounts, which take two people to change, trying out, and
//! which services open to the firm. One person with an old file must not undo any of them.

use serde::Deserialize;

use dunlin_core::ids::TenantId;

use crate::bind::binds;
use crate::conn::fetch;
use crate::db::Tx;
use crate::{Commit, Settings, StoreError};

/// Read before everything is replaced, kept afterwards.
#[derive(Debug)]
pub(super) struct Standing {
    firms: Vec<Firm>,
    connections: Vec<Kept>,
}

#[derive(Debug, Deserialize)]
struct Firm {
    tenant_id: TenantId,
    settings: String,
    /// How many letters have left, or may have.
    letters: i64,
}

/// A connection, but for how far it was read, which goes with the books.
#[derive(Debug, Deserialize)]
struct Kept {
    tenant_id: TenantId,
    service: String,
    address: String,
    app_key: String,
    sealed_secret: String,
    sealed_token: Option<String>,
    token_version: i64,
    account: String,
    may_message: i64,
    hook: Option<String>,
    problem: String,
    problem_at: Option<i64>,
    recorded_at: i64,
}

/// A connection as the backup has it.
#[derive(Debug, Deserialize)]
struct Then {
    service: String,
    account: String,
    reached_until: Option<i64>,
    synced_at: Option<i64>,
}

impl Kept {
    fn is_of(&self, then: &Then) -> bool {
        self.service == then.service && self.account == then.account
    }
}

impl Standing {
    pub(super) async fn read(tx: &mut Tx) -> Result<Self, StoreError> {
        let sql = "SELECT t.id, t.settings, (SELECT count(*) FROM letter l WHERE l.tenant_id = t.id \
                   AND l.state IN ('sent', 'sending', 'uncertain')) FROM tenant t ORDER BY t.id";
        let firms = fetch(tx, sql, vec![]).await?;
        let sql = "SELECT c.tenant_id, c.service, c.address, c.app_key, c.sealed_secret, c.sealed_token, c.token_version, \
                   c.account, c.may_message, c.hook, c.problem, c.problem_at, c.recorded_at FROM connection c \
                   ORDER BY c.tenant_id, c.service";
        Ok(Self { firms, connections: fetch(tx, sql, vec![]).await? })
    }

    /// Of one firm, once the backup is in. `same_people`: somebody who works here stands in the backup too.
    pub(super) async fn keep(&self, commit: &mut Commit, same_people: bool) -> Result<(), StoreError> {
        let tenant_id = commit.tenant_id;
        let Some(firm) = self.firms.iter().find(|firm| firm.tenant_id == tenant_id) else {
            return Ok(());
        };
        let here: Settings = serde_json::from_str(&firm.settings).map_err(StoreError::corrupt)?;
        // Set up a moment ago to read its backup in, on another machine perhaps: there is nothing here to stand against it.
        let is_new = !same_people && firm.letters == 0;
        let mut settings = commit.settings().await?;
        settings.safe_mode |= here.safe_mode;
        if !is_new {
            settings.bank_accounts = here.bank_accounts;
        }
        commit.save_settings(&settings).await?;
        if is_new {
            return Ok(());
        }
        let kept: Vec<&Kept> = self.connections.iter().filter(|kept| kept.tenant_id == tenant_id).collect();
        commit.keep_connections(&kept).await
    }
}

impl Commit {
    /// The connections that there are, and no other. Their orders are read on from where the books of the backup end.
    async fn keep_connections(&mut self, kept: &[&Kept]) -> Result<(), StoreError> {
        let (tenant_id, seq) = (self.tenant_id, self.seq);
        let sql = "SELECT c.service, c.account, c.reached_until, c.synced_at FROM connection c WHERE c.tenant_id = $1 \
                   ORDER BY c.service";
        let known: Vec<Then> = fetch(&mut self.tx, sql, binds![tenant_id]).await?;
        for then in &known {
            if !kept.iter().any(|kept| kept.is_of(then)) {
                self.drop_connection(&then.service).await?;
            }
        }
        for kept in kept {
            let read = known.iter().find(|then| kept.is_of(then));
            let sql = "DELETE FROM connection WHERE tenant_id = $1 AND service = $2";
            self.execute(sql, binds![tenant_id, kept.service.as_str()]).await?;
            let sql = "INSERT INTO connection (tenant_id, service, address, app_key, sealed_secret, sealed_token, \
                       token_version, account, may_message, hook, reached_until, synced_at, problem, problem_at, \
                       recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
            let values = binds![
                tenant_id,
                kept.service.as_str(),
                kept.address.as_str(),
                kept.app_key.as_str(),
                kept.sealed_secret.as_str(),
                kept.sealed_token.clone(),
                kept.token_version,
                kept.account.as_str(),
                kept.may_message,
                kept.hook.clone(),
                read.and_then(|then| then.reached_until),
                read.and_then(|then| then.synced_at),
                kept.problem.as_str(),
                kept.problem_at,
                kept.recorded_at,
                seq
            ];
            self.execute(sql, values).await?;
        }
        Ok(())
    }
}
