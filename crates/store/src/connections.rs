//! Services outside that the firm is connected with: what opens them (sealed), how far they were read, what is wrong.
//!
//! What a person changes goes through [`Commit`]. What the program notes by itself, a token that was renewed or how far it
//! has read, is written at once and wakes no page.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{TenantId, UserId};

use crate::bind::binds;
use crate::conn::{Conn, execute, fetch, fetch_one};
use crate::dialect::{flag, micros};
use crate::{Commit, Store, StoreError};

/// A connection as it is kept. Secrets and tokens are sealed: whoever uses them opens them with the installation's key.
#[derive(Debug, Clone, Deserialize)]
pub struct Connection {
    /// `aliexpress` or `track17`.
    pub service: String,
    pub address: String,
    pub app_key: String,
    pub sealed_secret: String,
    /// `None`: nobody has agreed at the service yet.
    pub sealed_token: Option<String>,
    /// Counts the tokens: whoever began with an older one reads the newer before giving up.
    pub token_version: i64,
    pub account: String,
    #[serde(with = "flag")]
    pub may_message: bool,
    /// Hash of the text that has to come back from the service, while an agreement is under way.
    pub asked_mark: Option<String>,
    pub asked_by: Option<UserId>,
    #[serde(with = "micros::maybe")]
    pub asked_until: Option<Timestamp>,
    pub hook: Option<String>,
    /// Everything modified there before this is known here.
    #[serde(with = "micros::maybe")]
    pub reached_until: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    pub synced_at: Option<Timestamp>,
    /// Why it does not work; empty: it does.
    pub problem: String,
    #[serde(with = "micros::maybe")]
    pub problem_at: Option<Timestamp>,
    #[serde(with = "micros")]
    pub recorded_at: Timestamp,
}

/// A connection as a person gives it.
#[derive(Debug, Clone)]
pub struct NewConnection<'a> {
    pub service: &'a str,
    pub address: &'a str,
    pub app_key: &'a str,
    pub sealed_secret: &'a str,
    pub hook: Option<&'a str>,
}

const CONNECTION: &str = "SELECT c.service, c.address, c.app_key, c.sealed_secret, c.sealed_token, c.token_version, \
    c.account, c.may_message, c.asked_mark, c.asked_by, c.asked_until, c.hook, c.reached_until, c.synced_at, c.problem, \
    c.problem_at, c.recorded_at FROM connection c WHERE c.tenant_id = $1";

async fn one(conn: &mut Conn, tenant_id: TenantId, service: &str) -> Result<Option<Connection>, StoreError> {
    let sql = format!("{CONNECTION} AND c.service = $2");
    fetch_one(conn, &sql, binds![tenant_id, service]).await
}

impl Store {
    pub async fn connection(&self, tenant_id: TenantId, service: &str) -> Result<Option<Connection>, StoreError> {
        one(&mut self.conn().await?, tenant_id, service).await
    }

    pub async fn connections(&self, tenant_id: TenantId) -> Result<Vec<Connection>, StoreError> {
        let mut conn = self.conn().await?;
        fetch(&mut conn, &format!("{CONNECTION} ORDER BY c.service"), binds![tenant_id]).await
    }

    /// Keeps a renewed token in the place of the one of this version, of the agreement of this instant. False: there is another
    /// one by now, or none, and this one belongs to nothing any more.
    pub async fn keep_token(
        &self,
        tenant_id: TenantId,
        service: &str,
        sealed: &str,
        (version, agreed_at): (i64, Timestamp),
    ) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE connection SET sealed_token = $3, token_version = token_version + 1, renewing_until = NULL \
                   WHERE tenant_id = $1 AND service = $2 AND sealed_token IS NOT NULL AND token_version = $4 \
                   AND recorded_at = $5";
        Ok(execute(&mut conn, sql, binds![tenant_id, service, sealed, version, agreed_at]).await? == 1)
    }

    /// Whoever asks renews the token of this version now, and nobody else until then. False: somebody is at it.
    pub async fn begin_renewing(
        &self,
        tenant_id: TenantId,
        service: &str,
        version: i64,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE connection SET renewing_until = $5 WHERE tenant_id = $1 AND service = $2 \
                   AND sealed_token IS NOT NULL AND token_version = $3 \
                   AND (renewing_until IS NULL OR renewing_until < $4)";
        Ok(execute(&mut conn, sql, binds![tenant_id, service, version, now, until]).await? == 1)
    }

    /// The token was not renewed after all.
    pub async fn end_renewing(&self, tenant_id: TenantId, service: &str) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE connection SET renewing_until = NULL WHERE tenant_id = $1 AND service = $2";
        execute(&mut conn, sql, binds![tenant_id, service]).await?;
        Ok(())
    }

    /// How far a shop was read, and how far it was before: by whom else it was read since, or connected anew, or restored, that
    /// holds. False: it is so.
    pub async fn note_reached(
        &self,
        tenant_id: TenantId,
        service: &str,
        (before, until): (Option<Timestamp>, Timestamp),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE connection SET reached_until = $3, synced_at = $4, problem = '', problem_at = NULL \
                   WHERE tenant_id = $1 AND service = $2 AND reached_until IS NOT DISTINCT FROM $5";
        let before = before.map(|before| before.as_microsecond());
        Ok(execute(&mut conn, sql, binds![tenant_id, service, until, now, before]).await? == 1)
    }

    /// A service answered as it should.
    pub async fn note_works(&self, tenant_id: TenantId, service: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE connection SET synced_at = $3, problem = '', problem_at = NULL \
                   WHERE tenant_id = $1 AND service = $2";
        execute(&mut conn, sql, binds![tenant_id, service, now]).await?;
        Ok(())
    }

    /// Why a service cannot be used; the first moment of the same trouble stays.
    pub async fn note_trouble(
        &self,
        tenant_id: TenantId,
        service: &str,
        problem: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE connection SET problem_at = CASE WHEN problem = '' THEN $4 ELSE problem_at END, problem = $3 \
                   WHERE tenant_id = $1 AND service = $2";
        execute(&mut conn, sql, binds![tenant_id, service, problem, now]).await?;
        Ok(())
    }

    /// Whether messages may be sent, as the service answered just now; it works, then.
    pub async fn note_may_message(&self, tenant_id: TenantId, service: &str, may: bool) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE connection SET may_message = $3, problem = '', problem_at = NULL \
                   WHERE tenant_id = $1 AND service = $2";
        execute(&mut conn, sql, binds![tenant_id, service, may]).await?;
        Ok(())
    }
}

impl Commit {
    /// The connection under the lock.
    pub async fn connection(&mut self, service: &str) -> Result<Option<Connection>, StoreError> {
        one(&mut self.tx, self.tenant_id, service).await
    }

    /// Begins a connection, or begins it anew: what another app was given opens nothing for this one.
    pub async fn begin_connection(&mut self, new: &NewConnection<'_>) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        self.drop_connection(new.service).await?;
        let sql = "INSERT INTO connection (tenant_id, service, address, app_key, sealed_secret, token_version, account, \
                   may_message, hook, problem, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, 0, '', 0, $6, '', $7, $8)";
        let hook = new.hook.map(str::to_string);
        let values = binds![tenant_id, new.service, new.address, new.app_key, new.sealed_secret, hook, now, seq];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Somebody is sent to the service to agree; `mark` is the hash of the text that has to come back.
    pub async fn ask_agreement(&mut self, service: &str, mark: &str, until: Timestamp) -> Result<(), StoreError> {
        let (tenant_id, user) = (self.tenant_id, self.actor.user_id());
        let sql = "UPDATE connection SET asked_mark = $3, asked_by = $4, asked_until = $5 \
                   WHERE tenant_id = $1 AND service = $2";
        self.execute(sql, binds![tenant_id, service, mark, user, until]).await?;
        Ok(())
    }

    /// The text that came back is used up, whatever comes of it.
    pub async fn end_asking(&mut self, service: &str) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE connection SET asked_mark = NULL, asked_by = NULL, asked_until = NULL \
                   WHERE tenant_id = $1 AND service = $2";
        self.execute(sql, binds![tenant_id, service]).await?;
        Ok(())
    }

    /// The service gave a token.
    pub async fn agreed(&mut self, service: &str, sealed_token: &str, account: &str) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        // Another shop than before: what is known of the first says nothing of how far this one was read.
        let sql = "DELETE FROM remote_order WHERE tenant_id = $1 AND service = $2 AND EXISTS (SELECT 1 FROM connection \
                   WHERE tenant_id = $1 AND service = $2 AND account <> '' AND account <> $3)";
        self.execute(sql, binds![tenant_id, service, account]).await?;
        let sql = "UPDATE connection SET reached_until = NULL \
                   WHERE tenant_id = $1 AND service = $2 AND account <> '' AND account <> $3";
        self.execute(sql, binds![tenant_id, service, account]).await?;
        let sql = "UPDATE connection SET sealed_token = $3, token_version = token_version + 1, account = $4, \
                   renewing_until = NULL, problem = '', problem_at = NULL, recorded_at = $5, seq = $6 \
                   WHERE tenant_id = $1 AND service = $2";
        self.execute(sql, binds![tenant_id, service, sealed_token, account, now, seq]).await?;
        Ok(())
    }

    /// Ends a connection with its secrets. False: there was none.
    pub async fn drop_connection(&mut self, service: &str) -> Result<bool, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "DELETE FROM remote_order WHERE tenant_id = $1 AND service = $2";
        self.execute(sql, binds![tenant_id, service]).await?;
        let sql = "DELETE FROM connection WHERE tenant_id = $1 AND service = $2";
        Ok(self.execute(sql, binds![tenant_id, service]).await? > 0)
    }
}
