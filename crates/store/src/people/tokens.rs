//! Keys for programs. A key belongs to a user and can do no more than that user, and less if its scopes say so.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{TenantId, TokenId, UserId};

use crate::audit_log::LogEntry;
use crate::bind::binds;
use crate::conn::{execute, fetch, fetch_number, fetch_one};
use crate::dialect::micros;
use crate::{Commit, Store, StoreError};

/// A key as the list of them shows it; what opens the door is shown once and kept as a hash.
#[derive(Debug, Clone, Deserialize)]
pub struct ApiToken {
    pub id: TokenId,
    pub user_id: UserId,
    pub name: String,
    /// Codes of rights, with spaces between.
    pub scopes: String,
    #[serde(with = "micros")]
    pub expires_at: Timestamp,
    #[serde(with = "micros::maybe")]
    pub used_at: Option<Timestamp>,
}

const TOKEN: &str = "SELECT t.id, t.user_id, t.name, t.scopes, t.expires_at, t.used_at FROM api_token t";

/// What is known of a request's idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeated {
    /// Not seen before: go on.
    First,
    /// Seen with the same request: the answer it got.
    Answered { status: u16, body: String },
    /// Seen with another request.
    Different,
    /// The first request is still being worked on.
    UnderWay,
}

impl Store {
    pub async fn know_token(
        &self,
        tenant_id: TenantId,
        id: TokenId,
        secret_hash: &str,
        now: Timestamp,
    ) -> Result<Option<ApiToken>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{TOKEN} JOIN user_account u ON u.tenant_id = t.tenant_id AND u.id = t.user_id AND u.state = 'active' \
             WHERE t.tenant_id = $1 AND t.id = $2 AND t.secret_hash = $3 AND t.ended_at IS NULL AND t.expires_at > $4"
        );
        let found: Option<ApiToken> = fetch_one(&mut conn, &sql, binds![tenant_id, id, secret_hash, now]).await?;
        if let Some(token) = &found
            && token.used_at.is_none_or(|at| now.duration_since(at) > jiff::SignedDuration::from_mins(1))
        {
            let sql = "UPDATE api_token SET used_at = $3 WHERE tenant_id = $1 AND id = $2";
            execute(&mut conn, sql, binds![tenant_id, id, now]).await?;
        }
        Ok(found)
    }

    /// The keys of one user, or of everybody.
    pub async fn tokens(&self, tenant_id: TenantId, user: Option<UserId>) -> Result<Vec<ApiToken>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{TOKEN} WHERE t.tenant_id = $1 AND t.ended_at IS NULL AND ($2 = '' OR t.user_id = $2) ORDER BY t.id"
        );
        let user = user.map_or_else(String::new, |id| id.to_string());
        fetch(&mut conn, &sql, binds![tenant_id, user]).await
    }

    /// Takes an idempotency key, or tells what became of the request that has it.
    pub async fn take_idempotency_key(
        &self,
        tenant_id: TenantId,
        token: TokenId,
        key: &str,
        request_hash: &str,
        now: Timestamp,
    ) -> Result<Repeated, StoreError> {
        let mut conn = self.conn().await?;
        // A worker that died leaves its key taken; after ten minutes the request may be tried again.
        let sql = "DELETE FROM idempotent_answer WHERE tenant_id = $1 AND (recorded_at < $2 \
                   OR (status IS NULL AND recorded_at < $3))";
        let (day, minutes) = (jiff::SignedDuration::from_hours(24), jiff::SignedDuration::from_mins(10));
        execute(&mut conn, sql, binds![tenant_id, now - day, now - minutes]).await?;
        let sql = "INSERT INTO idempotent_answer (tenant_id, token_id, idempotency_key, request_hash, recorded_at) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, token_id, idempotency_key) DO NOTHING";
        if execute(&mut conn, sql, binds![tenant_id, token, key, request_hash, now]).await? == 1 {
            return Ok(Repeated::First);
        }
        let sql = "SELECT i.request_hash, i.status, i.body FROM idempotent_answer i WHERE i.tenant_id = $1 \
                   AND i.token_id = $2 AND i.idempotency_key = $3";
        let row: Option<(String, Option<i64>, Option<String>)> =
            fetch_one(&mut conn, sql, binds![tenant_id, token, key]).await?;
        Ok(match row {
            Some((hash, ..)) if hash != request_hash => Repeated::Different,
            Some((_, Some(status), Some(body))) => {
                Repeated::Answered { status: u16::try_from(status).map_err(StoreError::corrupt)?, body }
            }
            // Gone between the two statements: whoever had it is done, and the next try finds it free.
            Some(_) | None => Repeated::UnderWay,
        })
    }

    /// Keeps the answer for the next time the same request comes; `None` lets the request be tried again.
    pub async fn keep_answer(
        &self,
        tenant_id: TenantId,
        token: TokenId,
        key: &str,
        answer: Option<(u16, &str)>,
    ) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let Some((status, body)) = answer else {
            let sql = "DELETE FROM idempotent_answer WHERE tenant_id = $1 AND token_id = $2 AND idempotency_key = $3";
            execute(&mut conn, sql, binds![tenant_id, token, key]).await?;
            return Ok(());
        };
        let sql = "UPDATE idempotent_answer SET status = $4, body = $5 WHERE tenant_id = $1 AND token_id = $2 \
                   AND idempotency_key = $3";
        execute(&mut conn, sql, binds![tenant_id, token, key, i64::from(status), body]).await?;
        Ok(())
    }
}

impl Commit {
    pub async fn add_token(
        &mut self,
        user_id: UserId,
        name: &str,
        scopes: &str,
        secret_hash: &str,
        expires_at: Timestamp,
    ) -> Result<TokenId, StoreError> {
        let id = TokenId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO api_token (tenant_id, id, user_id, name, secret_hash, scopes, expires_at, recorded_at, \
                   seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        self.execute(sql, binds![tenant_id, id, user_id, name, secret_hash, scopes, expires_at, now, seq]).await?;
        let entry = LogEntry::new("token.made", "token", id.to_string()).fact("scopes", scopes);
        self.log(entry.fact("until", expires_at).fact("user", user_id));
        Ok(id)
    }

    /// Ends a key. `owner`: only if it is that user's.
    pub async fn end_token(&mut self, id: TokenId, owner: Option<UserId>) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let owner = owner.map_or_else(String::new, |id| id.to_string());
        let sql = "UPDATE api_token SET ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL \
                   AND ($4 = '' OR user_id = $4)";
        if self.execute(sql, binds![tenant_id, id, now, owner]).await? != 1 {
            return Err(StoreError::not_found("key", id.to_string()));
        }
        self.log(LogEntry::new("token.ended", "token", id.to_string()));
        Ok(())
    }

    pub(crate) async fn end_tokens_of(&mut self, user_id: UserId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "SELECT count(*) FROM api_token WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL";
        let open = fetch_number(&mut self.tx, sql, binds![tenant_id, user_id]).await?.unwrap_or(0);
        if open > 0 {
            let sql = "UPDATE api_token SET ended_at = $3 WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL";
            self.execute(sql, binds![tenant_id, user_id, now]).await?;
            self.log(LogEntry::new("token.ended_all", "user", user_id.to_string()).fact("count", open));
        }
        Ok(())
    }
}
