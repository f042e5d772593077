//! A person's yes to a letter: to exactly one content, for a while, under a name (invariant 5).

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::access::{Right, Role};
use dunlin_core::ids::{LetterId, TenantId, UserId};
use dunlin_core::refusal::{Refusal, RefusalCode};

use crate::audit_log::LogEntry;
use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::dialect::micros;
use crate::people::users::UserState;
use crate::{Commit, IdSource, Store, StoreError, StoredLetter};

/// A yes that holds.
#[derive(Debug, Clone, Deserialize)]
pub struct Approval {
    pub user_id: Option<UserId>,
    pub name: String,
    pub content_hash: String,
    #[serde(with = "micros")]
    pub approved_at: Timestamp,
    #[serde(with = "micros")]
    pub expires_at: Timestamp,
    /// Of the approver now; nobody's when the firm had no users.
    pub role: Option<Role>,
    pub state: Option<UserState>,
}

impl Approval {
    /// Whether it still counts for this content at this instant.
    pub fn holds(&self, content_hash: &str, at: Timestamp) -> bool {
        self.content_hash == content_hash && self.expires_at > at
    }

    /// Whether whoever gave it still works here and still may.
    pub fn is_still_theirs(&self, right: Right) -> bool {
        self.user_id.is_none() || self.state == Some(UserState::Active) && self.role.is_some_and(|role| role.may(right))
    }
}

async fn approvals(conn: &mut Conn, tenant_id: TenantId, letter_id: LetterId) -> Result<Vec<Approval>, StoreError> {
    let sql = "SELECT a.user_id, a.name, a.content_hash, a.approved_at, a.expires_at, u.role, u.state FROM approval a \
               LEFT JOIN user_account u ON u.tenant_id = a.tenant_id AND u.id = a.user_id \
               WHERE a.tenant_id = $1 AND a.letter_id = $2 AND a.ended_at IS NULL ORDER BY a.seq, a.id";
    fetch(conn, sql, binds![tenant_id, letter_id]).await
}

impl Store {
    /// The approvals of a letter that were not taken back and have not lapsed; oldest first.
    pub async fn approvals_of(&self, tenant_id: TenantId, letter_id: LetterId) -> Result<Vec<Approval>, StoreError> {
        let mut conn = self.conn().await?;
        approvals(&mut conn, tenant_id, letter_id).await
    }
}

impl Commit {
    pub async fn approvals_of(&mut self, letter_id: LetterId) -> Result<Vec<Approval>, StoreError> {
        let tenant_id = self.tenant_id;
        approvals(&mut self.tx, tenant_id, letter_id).await
    }

    /// Says yes to exactly this content, dated by the day it `leaves`. Returns how many more persons have to; at none
    /// the letter is queued. Nobody counts twice.
    pub async fn approve(
        &mut self,
        letter: &StoredLetter,
        content_hash: &str,
        leaves: Timestamp,
        expires_at: Timestamp,
    ) -> Result<usize, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let (user_id, name) = (self.actor.user_id(), self.actor.name().to_string());
        let mut held = Vec::new();
        for known in self.approvals_of(letter.id).await? {
            if known.holds(content_hash, now) {
                held.push(known);
            } else {
                self.end_approvals(letter.id, "it lapsed", Some(&known.content_hash)).await?;
            }
        }
        let refused = |code| Refusal::new(code).with("number", format!("L-{:04}", letter.number)).with("name", &*name);
        // A person is who signed in, whatever they call themselves today. Without users nobody can tell two apart.
        if held.iter().any(|known| known.user_id == user_id) {
            return Err(refused(RefusalCode::LetterApprovedAlready).into());
        }
        // Somebody who was let in a moment ago, perhaps by the other of the two, is neither the first nor the second.
        if let (Some(id), 2..) = (user_id, letter.review.persons()) {
            let hours = self.settings().await?.bank_quarantine_hours;
            let began = held.first().map_or(now, |first| first.approved_at);
            if !self.user(id).await?.was_here(began, hours) {
                return Err(refused(RefusalCode::LetterApproverNew).with("hours", hours).into());
            }
        }
        let id = UserId(IdSource::new(now).make()).to_string();
        let sql = "INSERT INTO approval (tenant_id, letter_id, id, user_id, name, content_hash, approved_at, \
                   expires_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = binds![tenant_id, letter.id, id, user_id, name, content_hash, now, expires_at, seq];
        self.execute(sql, values).await?;
        let missing = letter.review.persons().saturating_sub(held.len() + 1);
        let state = if missing == 0 { "queued" } else { "review" };
        let sql = "UPDATE letter SET state = $3, not_before = CASE WHEN $3 = 'queued' THEN $4 ELSE not_before END \
                   WHERE tenant_id = $1 AND id = $2 AND state = 'review'";
        if self.execute(sql, binds![tenant_id, letter.id, state, leaves]).await? != 1 {
            let refusal = Refusal::new(RefusalCode::LetterNotWaiting).with("state", letter.state.code());
            return Err(refusal.with("number", format!("L-{:04}", letter.number)).into());
        }
        let entry = LogEntry::new("letter.approved", "letter", format!("L-{:04}", letter.number));
        let entry = entry.about(letter.party_id).fact("content", content_hash).fact("missing", missing);
        self.log(entry.fact("leaves", leaves));
        Ok(missing)
    }

    /// The approval is taken back, or has lapsed because content or time ran out: the letter waits for a new one.
    pub async fn back_to_review(&mut self, letter: &StoredLetter, why: &str) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE letter SET state = 'review' WHERE tenant_id = $1 AND id = $2 \
                   AND state IN ('queued', 'review', 'to_paste') AND settled_at IS NULL";
        if self.execute(sql, binds![tenant_id, letter.id]).await? != 1 {
            let number = format!("L-{:04}", letter.number);
            return Err(Refusal::new(RefusalCode::LetterLeft).with("number", number).into());
        }
        self.end_approvals(letter.id, why, None).await?;
        let entry = LogEntry::new("letter.back_to_review", "letter", format!("L-{:04}", letter.number));
        self.log(entry.about(letter.party_id).fact("why", why));
        Ok(())
    }

    pub(crate) async fn end_approvals(
        &mut self,
        id: LetterId,
        why: &str,
        only: Option<&str>,
    ) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE approval SET ended_at = $3, ended_why = $4 WHERE tenant_id = $1 AND letter_id = $2 \
                   AND ended_at IS NULL AND ($5 = '' OR content_hash = $5)";
        self.execute(sql, binds![tenant_id, id, now, why, only.unwrap_or("")]).await?;
        Ok(())
    }
}
