//! What a person decides about a party: blocked or not, its own playbook, who asked not to be contacted. Each leaves the
//! earlier row in `history`, with the reason that was given, and wakes the party.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::grade::Grade;
use dunlin_core::ids::{ContactId, PartyId, TenantId};

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_number, fetch_one};
use crate::dialect::{flag, micros};
use crate::{Commit, Store, StoreError};

/// Parties whose block ends by itself, because its last day is over.
const BLOCKS_OVER: &str = "SELECT p.id FROM party p WHERE p.tenant_id = $1 AND p.blacklisted = 1 AND p.blocked_until < $2 \
                           ORDER BY p.id";

/// Why a block ended by itself, in the records.
const LAST_DAY_OVER: &str = "last day over";

/// Why a party is to be blocked, and how long.
#[derive(Debug, Clone, Copy, Default)]
pub struct Block<'a> {
    pub why: &'a str,
    /// What shows it: a letter, a judgment, a report.
    pub evidence: &'a str,
    /// The last day; `None`: until somebody ends it.
    pub until: Option<Date>,
}

/// Since when a party is blocked, why, by whom and how long.
#[derive(Debug, Clone)]
pub struct Blocked {
    pub at: Timestamp,
    pub why: String,
    pub evidence: String,
    /// Empty: somebody at the command line.
    pub by: String,
    pub until: Option<Date>,
}

/// What another playbook means for the cases that run already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaybookSet {
    /// They have not taken a step yet and begin with the new one.
    pub begin_with_it: u64,
    /// They have begun, and go on with the one they began with.
    pub keep_theirs: i64,
}

#[derive(Deserialize)]
struct MarksRow {
    name: String,
    country: String,
    language: Option<String>,
    #[serde(with = "flag")]
    is_consumer: bool,
    #[serde(with = "flag")]
    blacklisted: bool,
    playbook_override: Option<String>,
    grade: String,
    blocked_until: Option<Date>,
}

#[derive(Deserialize)]
struct HistoryRow {
    #[serde(with = "micros")]
    superseded_at: Timestamp,
    image: String,
}

impl MarksRow {
    /// As `history` keeps it; `reason` says why the row was superseded.
    fn image(&self, reason: (&str, &str)) -> serde_json::Value {
        let mut image = serde_json::json!({"name": self.name, "country": self.country, "language": self.language,
            "is_consumer": self.is_consumer, "blacklisted": self.blacklisted,
            "playbook_override": self.playbook_override, "grade": self.grade,
            "blocked_until_before": self.blocked_until});
        image[reason.0] = reason.1.into();
        image
    }
}

impl Commit {
    async fn marks(&mut self, id: PartyId) -> Result<MarksRow, StoreError> {
        let sql = "SELECT name, country, language, is_consumer, blacklisted, playbook_override, grade, \
                   blocked_until FROM party \
                   WHERE tenant_id = $1 AND id = $2";
        let row = fetch_one(&mut self.tx, sql, binds![self.tenant_id, id]).await?;
        row.ok_or_else(|| StoreError::not_found("debtor", id.to_string()))
    }

    /// Blocks a party. `false`: it was so already, and nothing was written.
    pub async fn block_party(&mut self, id: PartyId, block: &Block<'_>) -> Result<bool, StoreError> {
        let row = self.marks(id).await?;
        if row.blacklisted {
            return Ok(false);
        }
        let mut image = row.image(("blocked_because", block.why));
        image["blocked_evidence"] = block.evidence.into();
        image["blocked_until"] = block.until.map(|day| day.to_string()).into();
        image["blocked_by"] = self.actor.user_id().map(|user| user.to_string()).into();
        self.set_blocked(id, true, block.until, image).await?;
        Ok(true)
    }

    /// The party is blocked no more. `false`: it was not.
    pub async fn unblock_party(&mut self, id: PartyId, why: &str) -> Result<bool, StoreError> {
        let row = self.marks(id).await?;
        if !row.blacklisted {
            return Ok(false);
        }
        self.set_blocked(id, false, None, row.image(("unblocked_because", why))).await?;
        Ok(true)
    }

    async fn set_blocked(
        &mut self,
        id: PartyId,
        blocked: bool,
        until: Option<Date>,
        image: serde_json::Value,
    ) -> Result<(), StoreError> {
        self.keep_history(Some(id), "party", &id.to_string(), image).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let until = until.map(|day| day.to_string());
        let sql = "UPDATE party SET blacklisted = $3, blocked_until = $4, recorded_at = $5, seq = $6 \
                   WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, blocked, until, now, seq]).await?;
        self.wake_party(id).await
    }

    /// Blocks whose last day is over end by themselves. Returns whose.
    pub async fn end_blocks(&mut self, today: Date) -> Result<Vec<PartyId>, StoreError> {
        let over: Vec<(PartyId,)> = fetch(&mut self.tx, BLOCKS_OVER, binds![self.tenant_id, today]).await?;
        for (id,) in &over {
            self.unblock_party(*id, LAST_DAY_OVER).await?;
        }
        Ok(over.into_iter().map(|(id,)| id).collect())
    }

    /// Grades a party, or takes its grade away. `None`: it had this one already; else the one it had.
    pub async fn set_grade(&mut self, id: PartyId, grade: Option<Grade>) -> Result<Option<String>, StoreError> {
        let row = self.marks(id).await?;
        let code = grade.map_or("", Grade::code);
        if row.grade == code {
            return Ok(None);
        }
        self.keep_history(Some(id), "party", &id.to_string(), row.image(("grade_after", code))).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE party SET grade = $3, recorded_at = $4, seq = $5 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, code, now, seq]).await?;
        self.wake_party(id).await?;
        Ok(Some(row.grade))
    }

    /// When and why a party was blocked, if it is.
    pub(crate) async fn blocked(&mut self, id: PartyId) -> Result<Option<Blocked>, StoreError> {
        if !self.marks(id).await?.blacklisted {
            return Ok(None);
        }
        last_block(&mut self.tx, self.tenant_id, id).await
    }

    /// Sets the country, which another debtor `from` told or tells no longer.
    pub(crate) async fn set_country(&mut self, id: PartyId, country: &str, from: PartyId) -> Result<(), StoreError> {
        let row = self.marks(id).await?;
        let image = row.image(("country_after", &format!("{country} {from}")));
        self.keep_history(Some(id), "party", &id.to_string(), image).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE party SET country = $3, recorded_at = $4, seq = $5 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, country, now, seq]).await?;
        Ok(())
    }

    /// Chooses a party's own playbook, or none. A case that has taken a step keeps the playbook it began with.
    pub async fn set_playbook(&mut self, id: PartyId, playbook: Option<&str>) -> Result<PlaybookSet, StoreError> {
        let row = self.marks(id).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        if row.playbook_override.as_deref() != playbook {
            let reason = ("playbook_after", playbook.unwrap_or(""));
            self.keep_history(Some(id), "party", &id.to_string(), row.image(reason)).await?;
            let sql =
                "UPDATE party SET playbook_override = $3, recorded_at = $4, seq = $5 WHERE tenant_id = $1 AND id = $2";
            self.execute(sql, binds![tenant_id, id, playbook.map(str::to_string), now, seq]).await?;
        }
        let unbegun = "NOT EXISTS (SELECT 1 FROM step_taken s WHERE s.tenant_id = cases.tenant_id \
                       AND s.party_id = cases.party_id AND s.case_id = cases.id)";
        let sql = format!(
            "UPDATE cases SET playbook = NULL, playbook_version = NULL, silence_key = NULL WHERE tenant_id = $1 \
             AND party_id = $2 AND subject = 'receivable' AND state = 'running' AND {unbegun}"
        );
        let begin_with_it = self.execute(&sql, binds![tenant_id, id]).await?;
        let sql = format!(
            "SELECT count(*) FROM cases WHERE tenant_id = $1 AND party_id = $2 AND subject = 'receivable' \
             AND state = 'running' AND NOT {unbegun}"
        );
        let keep_theirs = fetch_number(&mut self.tx, &sql, binds![tenant_id, id]).await?.unwrap_or(0);
        self.wake_party(id).await?;
        Ok(PlaybookSet { begin_with_it, keep_theirs })
    }

    /// Notes (or takes back) that persons asked not to be contacted. Returns how many it was new for.
    pub async fn set_objected(
        &mut self,
        party_id: PartyId,
        contacts: &[ContactId],
        objected: bool,
    ) -> Result<usize, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let mut changed = 0;
        for id in contacts {
            let sql = "UPDATE contact SET objected = $4, recorded_at = $5, seq = $6 WHERE tenant_id = $1 \
                       AND party_id = $2 AND id = $3 AND objected <> $4";
            if self.execute(sql, binds![tenant_id, party_id, *id, objected, now, seq]).await? == 1 {
                // Nothing personal goes into the image: the person is in the row that stays.
                let image = serde_json::json!({"objected": !objected});
                self.keep_history(Some(party_id), "contact", &id.to_string(), image).await?;
                changed += 1;
            }
        }
        if changed > 0 {
            self.wake_party(party_id).await?;
        }
        Ok(changed)
    }
}

impl Store {
    /// Whose blocks [`Commit::end_blocks`] would end, without ending them.
    pub async fn blocks_over(&self, tenant_id: TenantId, today: Date) -> Result<Vec<PartyId>, StoreError> {
        let mut conn = self.conn().await?;
        let over: Vec<(PartyId,)> = fetch(&mut conn, BLOCKS_OVER, binds![tenant_id, today]).await?;
        Ok(over.into_iter().map(|(id,)| id).collect())
    }

    /// When and why a party was last blocked.
    pub async fn blocked(&self, tenant_id: TenantId, id: PartyId) -> Result<Option<Blocked>, StoreError> {
        let mut conn = self.conn().await?;
        last_block(&mut conn, tenant_id, id).await
    }
}

async fn last_block(conn: &mut Conn, tenant_id: TenantId, id: PartyId) -> Result<Option<Blocked>, StoreError> {
    let sql = "SELECT superseded_at, image FROM history WHERE tenant_id = $1 AND noun = 'party' AND row_id = $2 \
               ORDER BY superseded_at DESC, seq DESC";
    let rows: Vec<HistoryRow> = fetch(conn, sql, binds![tenant_id, id.to_string()]).await?;
    for row in rows {
        let image: serde_json::Value = serde_json::from_str(&row.image).map_err(StoreError::corrupt)?;
        let text = |field: &str| image[field].as_str().unwrap_or_default().to_string();
        if image["blocked_because"].is_string() {
            let sql = "SELECT name FROM user_account WHERE tenant_id = $1 AND id = $2";
            let by: Option<(String,)> = fetch_one(conn, sql, binds![tenant_id, text("blocked_by")]).await?;
            return Ok(Some(Blocked {
                at: row.superseded_at,
                why: text("blocked_because"),
                evidence: text("blocked_evidence"),
                by: by.unwrap_or_default().0,
                until: text("blocked_until").parse().ok(),
            }));
        }
    }
    Ok(None)
}
