//! What looking ahead and back reads beside the facts: which debtors there are, and what really was sent.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{PartyId, TenantId};

use crate::Sight;
use crate::bind::binds;
use crate::conn::fetch;
use crate::{Store, StoreError};

/// Whose cases are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cases {
    /// Those that have not ended.
    Live,
    /// Those that had begun by an instant, however they ended.
    BegunBy(Timestamp),
}

/// Letters of one level that left in the same quarter of an hour: time zones differ by no less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentLetters {
    pub at: Timestamp,
    pub level: u8,
    pub letters: i64,
}

#[derive(Deserialize)]
struct SentRow {
    quarter: i64,
    level: u8,
    letters: i64,
}

/// Microseconds of a quarter of an hour.
const QUARTER: i64 = 900_000_000;

impl Store {
    /// The next parties after `after` within sight that have such a case, in order of their ids.
    pub async fn parties_with_cases(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        cases: Cases,
        after: PartyId,
        limit: i64,
    ) -> Result<Vec<PartyId>, StoreError> {
        let mut conn = self.conn().await?;
        let (which, until) = match cases {
            Cases::Live => ("k.state IN ('running', 'ladder_done') AND k.started_at <= $3", Timestamp::MAX),
            // One that was begun anew since had begun before.
            Cases::BegunBy(at) => (
                "(k.started_at <= $3 OR EXISTS (SELECT 1 FROM case_turn t WHERE t.tenant_id = k.tenant_id \
                 AND t.party_id = k.party_id AND t.case_id = k.id AND t.kind = 'restarted'))",
                at,
            ),
        };
        let sql = format!(
            "SELECT k.party_id FROM cases k WHERE k.tenant_id = $1 AND k.party_id > $2 AND {which} {} \
             GROUP BY k.party_id ORDER BY k.party_id LIMIT $4",
            sight.on("k.party_id")
        );
        let rows: Vec<(PartyId,)> = fetch(&mut conn, &sql, binds![tenant_id, after, until, limit]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// How many letters left from `from` until before `to`, in the order of time.
    pub async fn sent_letters(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SentLetters>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT l.settled_at / {QUARTER} AS quarter, l.level, count(*) AS letters FROM letter l \
             WHERE l.tenant_id = $1 AND l.state = 'sent' AND l.settled_at >= $2 AND l.settled_at < $3 {} \
             GROUP BY 1, 2 ORDER BY 1, 2",
            sight.on("l.party_id")
        );
        let rows: Vec<SentRow> = fetch(&mut conn, &sql, binds![tenant_id, from, to]).await?;
        let sent = |row: SentRow| -> Result<SentLetters, StoreError> {
            let at = Timestamp::from_microsecond(row.quarter * QUARTER).map_err(StoreError::corrupt)?;
            Ok(SentLetters { at, level: row.level, letters: row.letters })
        };
        rows.into_iter().map(sent).collect()
    }
}
