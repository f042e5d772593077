//! Users and their invitations.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use dunlin_core::access::Role;
use dunlin_core::ids::{TenantId, UserId};
use dunlin_core::refusal::{Refusal, RefusalCode};

use crate::actor::ActingUser;
use crate::audit_log::{LogEntry, STAFF};
use crate::bind::binds;
use crate::conn::{fetch, fetch_number, fetch_one};
use crate::dialect::micros;
use crate::{Commit, Store, StoreError};

/// Where somebody stands with the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserState {
    /// Has not taken up the invitation yet.
    Invited,
    Active,
    /// Gone: may not come in; what they did stays.
    Left,
}

impl UserState {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Left => "left",
        }
    }
}

/// Somebody who works in the firm.
#[derive(Debug, Clone)]
pub struct User {
    pub tenant_id: TenantId,
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub state: UserState,
    pub password_hash: Option<String>,
    /// Sealed under the installation's key for [`User::totp_purpose`].
    pub totp_sealed: Option<String>,
    pub totp_step: Option<i64>,
    /// When they last came in with a password set by an invitation, or as the first owner.
    pub entered_at: Option<Timestamp>,
    pub ui_language: Option<String>,
    /// Lines under their letters; empty: the firm's.
    pub signature: String,
    /// Where answers to their letters go; empty: the firm's address.
    pub reply_to: String,
    /// Their name under letters that are not in Chinese; empty: the firm's signer.
    pub latin_name: String,
}

impl User {
    pub fn acting(&self) -> ActingUser {
        ActingUser { id: self.id, name: self.name.clone(), role: self.role }
    }

    /// Whether they had been here for `hours` when something began that takes two people. An invitation opens the door to
    /// whoever holds it, who may be the other of the two; in that time the one whose name it is finds themselves shut out.
    pub fn was_here(&self, began: Timestamp, hours: i64) -> bool {
        let long = SignedDuration::from_hours(hours.max(0));
        self.entered_at.is_some_and(|entered| entered.duration_until(began) >= long)
    }

    /// What the second factor is sealed for: another user's does not fit.
    pub fn totp_purpose(&self) -> String {
        format!("totp {} {}", self.tenant_id, self.id)
    }
}

#[derive(Deserialize)]
struct UserRow {
    tenant_id: TenantId,
    id: UserId,
    email: String,
    name: String,
    role: Role,
    state: UserState,
    password_hash: Option<String>,
    totp_sealed: Option<String>,
    totp_step: Option<i64>,
    #[serde(with = "micros::maybe")]
    entered_at: Option<Timestamp>,
    ui_language: Option<String>,
    signature: String,
    reply_to: String,
    latin_name: String,
}

const USER: &str = "SELECT u.tenant_id, u.id, u.email, u.name, u.role, u.state, u.password_hash, u.totp_sealed, \
    u.totp_step, u.entered_at, u.ui_language, u.signature, u.reply_to, u.latin_name FROM user_account u";

fn user_of(row: UserRow) -> User {
    User {
        tenant_id: row.tenant_id,
        id: row.id,
        email: row.email,
        name: row.name,
        role: row.role,
        state: row.state,
        password_hash: row.password_hash,
        totp_sealed: row.totp_sealed,
        totp_step: row.totp_step,
        entered_at: row.entered_at,
        ui_language: row.ui_language,
        signature: row.signature,
        reply_to: row.reply_to,
        latin_name: row.latin_name,
    }
}

/// How an address is compared: without regard to case or spaces around it.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// An invitation that can still be taken up.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Invitation {
    pub user_id: UserId,
    #[serde(with = "micros")]
    pub expires_at: Timestamp,
}

impl Store {
    pub async fn users(&self, tenant_id: TenantId) -> Result<Vec<User>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{USER} WHERE u.tenant_id = $1 ORDER BY u.state, u.name, u.id");
        Ok(fetch(&mut conn, &sql, binds![tenant_id]).await?.into_iter().map(user_of).collect())
    }

    /// Whether anybody works here yet: before that the firm is set up.
    pub async fn has_users(&self, tenant_id: TenantId) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT count(*) FROM user_account u WHERE u.tenant_id = $1";
        Ok(fetch_number(&mut conn, sql, binds![tenant_id]).await?.unwrap_or(0) > 0)
    }

    pub async fn user(&self, tenant_id: TenantId, id: UserId) -> Result<User, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{USER} WHERE u.tenant_id = $1 AND u.id = $2");
        let row = fetch_one(&mut conn, &sql, binds![tenant_id, id]).await?;
        row.map(user_of).ok_or_else(|| StoreError::not_found("user", id.to_string()))
    }

    pub async fn user_by_email(&self, tenant_id: TenantId, email: &str) -> Result<Option<User>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{USER} WHERE u.tenant_id = $1 AND u.email_key = $2");
        Ok(fetch_one(&mut conn, &sql, binds![tenant_id, email_key(email)]).await?.map(user_of))
    }

    /// Who could be signing in with an address, in whatever firm: the one question that is asked before the firm is
    /// known. A handful at most.
    pub async fn users_signing_in(&self, email: &str) -> Result<Vec<User>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{USER} WHERE u.email_key = $1 AND u.state = 'active' ORDER BY u.tenant_id LIMIT 5");
        Ok(fetch(&mut conn, &sql, binds![email_key(email)]).await?.into_iter().map(user_of).collect())
    }

    /// An invitation by the hash of its secret; `None` when it is used, run out or never was.
    pub async fn invitation(
        &self,
        tenant_id: TenantId,
        secret_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT i.user_id, i.expires_at FROM invitation i WHERE i.tenant_id = $1 AND i.secret_hash = $2 \
                   AND i.used_at IS NULL AND i.expires_at > $3";
        fetch_one(&mut conn, sql, binds![tenant_id, secret_hash, now]).await
    }
}

impl Commit {
    /// Whether somebody works in the firm already. Asked within a change: changes of one firm wait for each other.
    pub async fn has_users(&mut self) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM user_account u WHERE u.tenant_id = $1";
        Ok(fetch_number(&mut self.tx, sql, binds![self.tenant_id]).await?.unwrap_or(0) > 0)
    }

    /// Adds somebody. Without a password they are invited; with one they may come in.
    pub async fn add_user(
        &mut self,
        email: &str,
        name: &str,
        role: Role,
        password_hash: Option<&str>,
    ) -> Result<UserId, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "SELECT count(*) FROM user_account WHERE tenant_id = $1 AND email_key = $2";
        if fetch_number(&mut self.tx, sql, binds![tenant_id, email_key(email)]).await?.unwrap_or(0) > 0 {
            return Err(Refusal::new(RefusalCode::UserKnown).with("email", email).into());
        }
        let id = UserId(self.ids.make());
        let state = if password_hash.is_some() { UserState::Active } else { UserState::Invited };
        let sql = "INSERT INTO user_account (tenant_id, id, email, email_key, name, role, state, password_hash, \
                   entered_at, signature, reply_to, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $11, '', '', $9, $10)";
        let hash = password_hash.map(str::to_string);
        let entered = password_hash.map(|_| now.as_microsecond());
        let values = binds![
            tenant_id,
            id,
            email.trim(),
            email_key(email),
            name.trim(),
            role.code(),
            state.code(),
            hash,
            now,
            seq,
            entered
        ];
        self.execute(sql, values).await?;
        self.log(LogEntry::new("user.added", "user", id.to_string()).fact("role", role.code()));
        Ok(id)
    }

    pub async fn add_invitation(
        &mut self,
        user_id: UserId,
        secret_hash: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        // An earlier letter of invitation opens nothing any more.
        let sql = "UPDATE invitation SET used_at = $3 WHERE tenant_id = $1 AND user_id = $2 AND used_at IS NULL";
        self.execute(sql, binds![tenant_id, user_id, now]).await?;
        let by = self.actor.user_id();
        let sql = "INSERT INTO invitation (tenant_id, user_id, secret_hash, invited_by, expires_at, recorded_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, binds![tenant_id, user_id, secret_hash, by, expires_at, now]).await?;
        self.log(LogEntry::new("user.invited", "user", user_id.to_string()).fact("until", expires_at));
        Ok(())
    }

    /// The invitation is taken up, once: from now on the password opens the door, and nothing that opened it before
    /// does: neither the former password with its second factor, nor a browser, nor a key.
    pub async fn accept_invitation(
        &mut self,
        secret_hash: &str,
        name: &str,
        password_hash: &str,
    ) -> Result<UserId, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE invitation SET used_at = $3 WHERE tenant_id = $1 AND secret_hash = $2 AND used_at IS NULL \
                   AND expires_at > $3 RETURNING user_id";
        let row: Option<(UserId,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, secret_hash, now]).await?;
        let Some((id,)) = row else {
            return Err(Refusal::new(RefusalCode::InvitationOver).into());
        };
        let sql = "UPDATE user_account SET state = 'active', password_hash = $3, entered_at = $5, totp_sealed = NULL, \
                   totp_step = NULL, name = CASE WHEN $4 = '' THEN name ELSE $4 END \
                   WHERE tenant_id = $1 AND id = $2 AND state <> 'left'";
        if self.execute(sql, binds![tenant_id, id, password_hash, name.trim(), now]).await? != 1 {
            return Err(Refusal::new(RefusalCode::InvitationBack).into());
        }
        self.end_sessions_of(id, None).await?;
        self.forget_browsers(id).await?;
        self.end_tokens_of(id).await?;
        self.log(LogEntry::new("user.joined", "user", id.to_string()));
        Ok(id)
    }

    /// A user for a change under the lock.
    pub async fn user(&mut self, id: UserId) -> Result<User, StoreError> {
        let sql = format!("{USER} WHERE u.tenant_id = $1 AND u.id = $2");
        let row = fetch_one(&mut self.tx, &sql, binds![self.tenant_id, id]).await?;
        row.map(user_of).ok_or_else(|| StoreError::not_found("user", id.to_string()))
    }

    /// Changes role or state. The last owner stays: without one nobody could let anybody in.
    pub async fn set_user(&mut self, id: UserId, role: Role, state: UserState) -> Result<(), StoreError> {
        let before = self.user(id).await?;
        let tenant_id = self.tenant_id;
        let sql = "UPDATE user_account SET role = $3, state = $4 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, role.code(), state.code()]).await?;
        let sql = "SELECT count(*) FROM user_account WHERE tenant_id = $1 AND role = 'owner' AND state = 'active'";
        if fetch_number(&mut self.tx, sql, binds![tenant_id]).await?.unwrap_or(0) == 0 {
            return Err(Refusal::new(RefusalCode::LastOwner).into());
        }
        if state == UserState::Left || role != before.role {
            self.end_sessions_of(id, None).await?;
        }
        if state == UserState::Left {
            self.end_tokens_of(id).await?;
            let sql = "UPDATE invitation SET used_at = $3 WHERE tenant_id = $1 AND user_id = $2 AND used_at IS NULL";
            self.execute(sql, binds![tenant_id, id, self.now]).await?;
        }
        self.log(
            LogEntry::new("user.changed", "user", id.to_string())
                .changed("role", before.role.code(), role.code())
                .changed("state", before.state.code(), state.code()),
        );
        Ok(())
    }

    /// A new password: every other browser is signed out.
    pub async fn set_password(
        &mut self,
        id: UserId,
        password_hash: &str,
        keep: Option<dunlin_core::ids::SessionId>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE user_account SET password_hash = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, id, password_hash]).await?;
        self.end_sessions_of(id, keep).await?;
        self.forget_browsers(id).await?;
        self.log(LogEntry::new("user.password", "user", id.to_string()));
        Ok(())
    }

    /// Sets the second factor, with the time step that has shown it, or removes it.
    pub async fn set_totp(&mut self, id: UserId, sealed: Option<(&str, i64)>) -> Result<(), StoreError> {
        let sql = "UPDATE user_account SET totp_sealed = $3, totp_step = $4 WHERE tenant_id = $1 AND id = $2";
        let (secret, step) = (sealed.map(|(secret, _)| secret.to_string()), sealed.map(|(_, step)| step));
        self.execute(sql, binds![self.tenant_id, id, secret, step]).await?;
        self.log(LogEntry::new("user.second_factor", "user", id.to_string()).fact("on", sealed.is_some()));
        Ok(())
    }

    /// What somebody chose about themselves.
    pub async fn set_own(
        &mut self,
        id: UserId,
        name: &str,
        ui_language: Option<&str>,
        signature: &str,
        reply_to: &str,
    ) -> Result<(), StoreError> {
        let before = self.user(id).await?;
        let sql = "UPDATE user_account SET name = $3, ui_language = $4, signature = $5, reply_to = $6 \
                   WHERE tenant_id = $1 AND id = $2";
        let language = ui_language.map(str::to_string);
        self.execute(sql, binds![self.tenant_id, id, name, language, signature, reply_to]).await?;
        let changed = |before: &str, after: &str| json!({"before": before, "after": after});
        self.log(
            LogEntry::new("user.own_settings", "user", id.to_string())
                .words("name", changed(&before.name, name))
                .words("signature", changed(&before.signature, signature))
                .words("reply_to", changed(&before.reply_to, reply_to)),
        );
        Ok(())
    }

    /// Their name under letters that are not in Chinese.
    pub async fn set_latin_name(&mut self, id: UserId, latin_name: &str) -> Result<(), StoreError> {
        let before = self.user(id).await?.latin_name;
        if before == latin_name {
            return Ok(());
        }
        let sql = "UPDATE user_account SET latin_name = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, id, latin_name]).await?;
        let entry = LogEntry::new("user.own_settings", "user", id.to_string());
        self.log(entry.words("latin_name", json!({"before": before, "after": latin_name})));
        Ok(())
    }

    /// Forgets who a user was: name and address go, and the key of what the log keeps about them. What they did stays,
    /// under a number.
    pub async fn erase_user(&mut self, id: UserId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let user = self.user(id).await?;
        if user.state != UserState::Left {
            return Err(Refusal::new(RefusalCode::EraseActive).into());
        }
        let sql = "UPDATE user_account SET email = '', email_key = $3, name = '', password_hash = NULL, \
                   totp_sealed = NULL, signature = '', reply_to = '', latin_name = '' WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, format!("erased {id}")]).await?;
        let sql = "UPDATE approval SET name = '' WHERE tenant_id = $1 AND user_id = $2";
        self.execute(sql, binds![tenant_id, id]).await?;
        let sql = "UPDATE user_session SET address = '', browser = '' WHERE tenant_id = $1 AND user_id = $2";
        self.execute(sql, binds![tenant_id, id]).await?;
        let sql = "DELETE FROM person_key WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
        self.execute(sql, binds![tenant_id, STAFF, id]).await?;
        self.forget_answers().await?;
        self.log(LogEntry::new("user.erased", "user", id.to_string()));
        Ok(())
    }
}

impl Store {
    /// Takes a time step of a second factor, once: `false` when it was used before. Outside the firm's sequence, because
    /// signing in is no change of the firm.
    pub async fn use_totp_step(&self, user: &User, step: i64) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE user_account SET totp_step = $3 WHERE tenant_id = $1 AND id = $2 \
                   AND (totp_step IS NULL OR totp_step < $3)";
        Ok(crate::conn::execute(&mut conn, sql, binds![user.tenant_id, user.id, step]).await? == 1)
    }
}
