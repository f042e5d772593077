//! Keys for programs. A key belongs to a user and can do no more than that user, and less if its scopes say so.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{TenantId, TokenId, UserId};

use crate::actor::OnceKey;
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
    /// Seen with the same request: what it asked for was done then, and its answer never came to be.
    Unanswered { changed_at: Timestamp },
    /// The first request is still being worked on.
    UnderWay,
}

/// Hash of the request, status and body of its answer, when the change was made.
type KeyRow = (String, Option<i64>, Option<String>, Option<i64>);

/// So long an answer may take after its change before it is given up. Nothing hangs on it but which of two refusals a
/// repeated request gets.
const ANSWERING: jiff::SignedDuration = jiff::SignedDuration::from_secs(5);

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
        once: &OnceKey,
        request_hash: &str,
    ) -> Result<Repeated, StoreError> {
        let mut conn = self.conn().await?;
        // A worker that died before it changed anything leaves its key taken; after ten minutes the request may be tried
        // again. Should it live after all, its change is refused: see [`Commit::note_key_used`].
        let sql = "DELETE FROM idempotent_answer WHERE tenant_id = $1 AND (recorded_at < $2 \
                   OR (status IS NULL AND changed_at IS NULL AND recorded_at < $3))";
        let (day, minutes) = (jiff::SignedDuration::from_hours(24), jiff::SignedDuration::from_mins(10));
        let now = once.taken_at;
        execute(&mut conn, sql, binds![tenant_id, now - day, now - minutes]).await?;
        let sql = "INSERT INTO idempotent_answer (tenant_id, token_id, idempotency_key, request_hash, recorded_at) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, token_id, idempotency_key) DO NOTHING";
        if execute(&mut conn, sql, binds![tenant_id, once.token, once.key.as_str(), request_hash, now]).await? == 1 {
            return Ok(Repeated::First);
        }
        let sql = "SELECT i.request_hash, i.status, i.body, i.changed_at FROM idempotent_answer i WHERE i.tenant_id = $1 \
                   AND i.token_id = $2 AND i.idempotency_key = $3";
        let row: Option<KeyRow> = fetch_one(&mut conn, sql, binds![tenant_id, once.token, once.key.as_str()]).await?;
        // Gone between the two statements: whoever had it is done, and the next try finds it free.
        let Some((hash, status, body, changed_at)) = row else {
            return Ok(Repeated::UnderWay);
        };
        if hash != request_hash {
            return Ok(Repeated::Different);
        }
        if let (Some(status), Some(body)) = (status, body) {
            return Ok(Repeated::Answered { status: u16::try_from(status).map_err(StoreError::corrupt)?, body });
        }
        let Some(changed_at) = changed_at else {
            return Ok(Repeated::UnderWay);
        };
        let changed_at = Timestamp::from_microsecond(changed_at).map_err(StoreError::corrupt)?;
        // Its answer may still be on its way.
        let is_fresh = now.duration_since(changed_at) < ANSWERING;
        Ok(if is_fresh { Repeated::UnderWay } else { Repeated::Unanswered { changed_at } })
    }

    /// Keeps the answer for the next time the same request comes; `None` lets the request be tried again, unless
    /// something was changed for it.
    pub async fn keep_answer(
        &self,
        tenant_id: TenantId,
        once: &OnceKey,
        answer: Option<(u16, &str)>,
    ) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let (token, key, taken_at) = (once.token, once.key.as_str(), once.taken_at);
        let Some((status, body)) = answer else {
            let sql = "DELETE FROM idempotent_answer WHERE tenant_id = $1 AND token_id = $2 AND idempotency_key = $3 \
                       AND recorded_at = $4 AND changed_at IS NULL";
            execute(&mut conn, sql, binds![tenant_id, token, key, taken_at]).await?;
            return Ok(());
        };
        let sql = "UPDATE idempotent_answer SET status = $5, body = $6 WHERE tenant_id = $1 AND token_id = $2 \
                   AND idempotency_key = $3 AND recorded_at = $4";
        execute(&mut conn, sql, binds![tenant_id, token, key, taken_at, i64::from(status), body]).await?;
        Ok(())
    }
}

impl Commit {
    /// Notes, in the change itself, for which request it was made: a machine that stops before the answer is kept leaves
    /// a key that knows of the change. A key that somebody else has taken over meanwhile stands for their try, and then
    /// this change must not happen.
    pub(crate) async fn note_key_used(&mut self) -> Result<(), StoreError> {
        let Some(once) = self.actor.once.clone() else {
            return Ok(());
        };
        // Times of keys are the machine's, also where a firm lives on a clock of its own.
        let (tenant_id, now) = (self.tenant_id, Timestamp::now());
        let sql = "UPDATE idempotent_answer SET changed_at = $5 WHERE tenant_id = $1 AND token_id = $2 \
                   AND idempotency_key = $3 AND recorded_at = $4";
        if self.execute(sql, binds![tenant_id, once.token, once.key.as_str(), once.taken_at, now]).await? != 1 {
            return Err(StoreError::Refused(format!(
                "another request with the key ‘{}’ was let in meanwhile, because this one took too long; this one changed \
                 nothing",
                once.key
            )));
        }
        Ok(())
    }

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
