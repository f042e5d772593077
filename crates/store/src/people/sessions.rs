//! Browsers that people are signed in with. The secret in the cookie is kept as a hash, changed every few minutes, and
//! a former one that turns up late ends the session: somebody else has a copy of it.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use dunlin_core::ids::{SessionId, TenantId, UserId};

use crate::audit_log::LogEntry;
use crate::bind::binds;
use crate::conn::{execute, fetch, fetch_number, fetch_one};
use crate::dialect::micros;
use crate::{Commit, IdSource, Store, StoreError};

/// A browser somebody is signed in with, as the list of them shows it.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub address: String,
    pub browser: String,
    #[serde(with = "micros")]
    pub seen_at: Timestamp,
    #[serde(with = "micros")]
    pub recorded_at: Timestamp,
}

#[derive(Deserialize)]
struct Row {
    user_id: UserId,
    secret_hash: String,
    former_hash: Option<String>,
    #[serde(with = "micros")]
    rotated_at: Timestamp,
    #[serde(with = "micros")]
    seen_at: Timestamp,
}

/// What a cookie is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Signed in. `rotate`: time for a new secret.
    As {
        user_id: UserId,
        rotate: bool,
    },
    /// Signed in by a request that was under way while the secret changed.
    Late {
        user_id: UserId,
    },
    /// A former secret long after it changed: the session was ended.
    Stolen {
        user_id: UserId,
    },
    Nobody,
}

/// A secret is changed when it is this old.
const ROTATION: SignedDuration = SignedDuration::from_mins(15);
/// Requests with the former secret are served for so long.
const GRACE: SignedDuration = SignedDuration::from_secs(60);
/// Unused for so long, a session is over.
const IDLE: SignedDuration = SignedDuration::from_hours(24 * 7);
/// However much it is used.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Store {
    /// Opens a session for a user who has shown who they are. `now` is the wall clock, also in a demo.
    pub async fn open_session(
        &self,
        tenant_id: TenantId,
        user_id: UserId,
        secret_hash: &str,
        from: (&str, &str),
        now: Timestamp,
    ) -> Result<SessionId, StoreError> {
        let mut conn = self.conn().await?;
        let id = SessionId(IdSource::new(now).make());
        let sql = "INSERT INTO user_session (tenant_id, id, user_id, secret_hash, rotated_at, seen_at, expires_at, \
                   address, browser, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let (address, browser) = from;
        let values = binds![tenant_id, id, user_id, secret_hash, now, now, now + LONGEST, address, browser, now];
        execute(&mut conn, sql, values).await?;
        Ok(id)
    }

    /// Whether a session still stands. Unlike [`Store::know_session`] this is no sign of life by its user.
    pub async fn is_session_open(
        &self,
        tenant_id: TenantId,
        id: SessionId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT count(*) FROM user_session s JOIN user_account u ON u.tenant_id = s.tenant_id \
                   AND u.id = s.user_id AND u.state = 'active' WHERE s.tenant_id = $1 AND s.id = $2 \
                   AND s.ended_at IS NULL AND s.expires_at > $3 AND s.seen_at > $4";
        Ok(fetch_number(&mut conn, sql, binds![tenant_id, id, now, now - IDLE]).await?.unwrap_or(0) > 0)
    }

    /// Whom a cookie belongs to.
    pub async fn know_session(
        &self,
        tenant_id: TenantId,
        id: SessionId,
        secret_hash: &str,
        now: Timestamp,
    ) -> Result<Known, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT s.user_id, s.secret_hash, s.former_hash, s.rotated_at, s.seen_at FROM user_session s \
                   JOIN user_account u ON u.tenant_id = s.tenant_id AND u.id = s.user_id AND u.state = 'active' \
                   WHERE s.tenant_id = $1 AND s.id = $2 AND s.ended_at IS NULL AND s.expires_at > $3 AND s.seen_at > $4";
        let row: Option<Row> = fetch_one(&mut conn, sql, binds![tenant_id, id, now, now - IDLE]).await?;
        let Some(row) = row else {
            return Ok(Known::Nobody);
        };
        let user_id = row.user_id;
        if row.secret_hash == secret_hash {
            if now.duration_since(row.seen_at) > SignedDuration::from_mins(1) {
                let sql = "UPDATE user_session SET seen_at = $3 WHERE tenant_id = $1 AND id = $2";
                execute(&mut conn, sql, binds![tenant_id, id, now]).await?;
            }
            return Ok(Known::As { user_id, rotate: now.duration_since(row.rotated_at) > ROTATION });
        }
        if row.former_hash.as_deref() != Some(secret_hash) {
            return Ok(Known::Nobody);
        }
        if now.duration_since(row.rotated_at) <= GRACE {
            return Ok(Known::Late { user_id });
        }
        let sql = "UPDATE user_session SET ended_at = $3 WHERE tenant_id = $1 AND id = $2";
        execute(&mut conn, sql, binds![tenant_id, id, now]).await?;
        Ok(Known::Stolen { user_id })
    }

    /// A new secret in place of the one that was shown. `false`: another request has changed it already.
    pub async fn rotate_session(
        &self,
        tenant_id: TenantId,
        id: SessionId,
        shown_hash: &str,
        new_hash: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE user_session SET former_hash = secret_hash, secret_hash = $4, rotated_at = $5 \
                   WHERE tenant_id = $1 AND id = $2 AND secret_hash = $3 AND ended_at IS NULL";
        Ok(execute(&mut conn, sql, binds![tenant_id, id, shown_hash, new_hash, now]).await? == 1)
    }

    /// Signing out.
    pub async fn end_session(&self, tenant_id: TenantId, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE user_session SET ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL";
        execute(&mut conn, sql, binds![tenant_id, id, now]).await?;
        Ok(())
    }

    /// Where somebody is signed in.
    pub async fn sessions_of(
        &self,
        tenant_id: TenantId,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT s.id, s.user_id, s.address, s.browser, s.seen_at, s.recorded_at FROM user_session s \
                   WHERE s.tenant_id = $1 AND s.user_id = $2 AND s.ended_at IS NULL AND s.expires_at > $3 \
                   AND s.seen_at > $4 ORDER BY s.seen_at DESC, s.id";
        fetch(&mut conn, sql, binds![tenant_id, user_id, now, now - IDLE]).await
    }

    /// Remembers a browser that somebody has signed in with.
    pub async fn remember_browser(
        &self,
        tenant_id: TenantId,
        user_id: UserId,
        secret_hash: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "INSERT INTO known_browser (tenant_id, user_id, secret_hash, recorded_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (tenant_id, user_id, secret_hash) DO NOTHING";
        execute(&mut conn, sql, binds![tenant_id, user_id, secret_hash, now]).await?;
        Ok(())
    }

    pub async fn knows_browser(
        &self,
        tenant_id: TenantId,
        user_id: UserId,
        secret_hash: &str,
    ) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT count(*) FROM known_browser k WHERE k.tenant_id = $1 AND k.user_id = $2 \
                   AND k.secret_hash = $3";
        let known = crate::conn::fetch_number(&mut conn, sql, binds![tenant_id, user_id, secret_hash]).await?;
        Ok(known.unwrap_or(0) > 0)
    }
}

impl Commit {
    /// Signs somebody out everywhere, or everywhere else.
    pub async fn end_sessions_of(&mut self, user_id: UserId, keep: Option<SessionId>) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let keep = keep.map_or_else(String::new, |id| id.to_string());
        let sql = "UPDATE user_session SET ended_at = $3 WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL \
                   AND id <> $4";
        self.execute(sql, binds![tenant_id, user_id, now, keep]).await
    }

    /// Ends one session of a user.
    pub async fn end_one_session(&mut self, user_id: UserId, id: SessionId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE user_session SET ended_at = $4 WHERE tenant_id = $1 AND user_id = $2 AND id = $3 \
                   AND ended_at IS NULL";
        if self.execute(sql, binds![tenant_id, user_id, id, now]).await? != 1 {
            return Err(StoreError::not_found("open session", id.to_string()));
        }
        self.log(LogEntry::new("session.ended", "user", user_id.to_string()));
        Ok(())
    }

    /// Signs a user out of every browser, and none of them is known any more. Returns how many were open.
    pub async fn sign_out_everywhere(&mut self, user_id: UserId) -> Result<u64, StoreError> {
        let user = self.user(user_id).await?;
        let ended = self.end_sessions_of(user.id, None).await?;
        self.forget_browsers(user.id).await?;
        self.log(LogEntry::new("session.ended_all", "user", user.id.to_string()).fact("count", ended));
        Ok(ended)
    }

    pub(crate) async fn forget_browsers(&mut self, user_id: UserId) -> Result<(), StoreError> {
        let sql = "DELETE FROM known_browser WHERE tenant_id = $1 AND user_id = $2";
        self.execute(sql, binds![self.tenant_id, user_id]).await?;
        Ok(())
    }
}
