//! What people and files told of a debtor, with its history: the days of its orders, the days on which it is closed, and
//! the playbooks that its cases were moved to.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{PartyId, TenantId};
use dunlin_core::key_date::KeyDate;

use super::debtor_list::PartyName;
use crate::Sight;
use crate::bind::{Bind, binds};
use crate::conn::fetch;
use crate::dialect::micros;
use crate::{Store, StoreError};

/// A day of an order as somebody told it.
#[derive(Debug, Clone, Deserialize)]
pub struct DayTold {
    /// Id of the order, or of the receivable itself where it has none.
    pub subject_id: String,
    pub kind: KeyDate,
    pub on_day: Date,
    /// Taken back, or another day took its place.
    #[serde(with = "micros::maybe")]
    pub ended_at: Option<Timestamp>,
    #[serde(with = "micros")]
    pub at: Timestamp,
    pub seq: i64,
}

/// Days on which a debtor is closed, as somebody told them.
#[derive(Debug, Clone, Deserialize)]
pub struct ClosedTold {
    pub from_day: Date,
    pub to_day: Date,
    pub why: String,
    #[serde(with = "micros::maybe")]
    pub ended_at: Option<Timestamp>,
    #[serde(with = "micros")]
    pub at: Timestamp,
    pub seq: i64,
}

/// A case that was moved to another playbook.
#[derive(Debug, Clone)]
pub struct CaseMove {
    /// `R-1042`.
    pub receivable: String,
    /// Ids of playbooks.
    pub from: String,
    pub to: String,
    /// The days of the order that made the other one fit; empty when the one it needed was taken back.
    pub because: Vec<KeyDate>,
    pub at: Timestamp,
    pub seq: i64,
}

/// What became of a plan of instalments by itself.
#[derive(Debug, Clone)]
pub struct PlanTurn {
    /// `R-1043`: the instalment that it hung on, or the last one.
    pub receivable: String,
    /// `plan.broken`, `plan.mended`, `plan.kept`.
    pub verb: String,
    /// The instalments that are due on another day because of it.
    pub moved: Vec<String>,
    pub at: Timestamp,
}

#[derive(Deserialize)]
struct TurnRow {
    receivable: String,
    verb: String,
    facts: String,
    #[serde(with = "micros")]
    at: Timestamp,
}

#[derive(Deserialize)]
struct TurnFacts {
    #[serde(default)]
    moved: Vec<String>,
}

#[derive(Deserialize)]
struct MoveRow {
    receivable: String,
    facts: String,
    #[serde(with = "micros")]
    at: Timestamp,
    seq: i64,
}

#[derive(Deserialize)]
struct MoveFacts {
    playbook: BeforeAfter,
    #[serde(default)]
    because: Vec<KeyDate>,
}

#[derive(Deserialize)]
struct BeforeAfter {
    before: String,
    after: String,
}

impl Store {
    /// Every day that was told of a debtor's orders, oldest first.
    pub async fn days_told(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<DayTold>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT d.subject_id, d.kind, d.on_day, d.ended_at, d.recorded_at, d.seq FROM key_date d \
                   WHERE d.tenant_id = $1 AND d.party_id = $2 ORDER BY d.seq, d.id";
        fetch(&mut conn, sql, binds![tenant_id, party_id]).await
    }

    /// Every time a debtor was said to be closed, oldest first.
    pub async fn closed_told(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<ClosedTold>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT c.from_day, c.to_day, c.why, c.ended_at, c.recorded_at, c.seq FROM closed_days c \
                   WHERE c.tenant_id = $1 AND c.party_id = $2 ORDER BY c.seq, c.id";
        fetch(&mut conn, sql, binds![tenant_id, party_id]).await
    }

    /// Cases of a debtor that days of their orders moved to another playbook, oldest first.
    pub async fn case_moves(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<CaseMove>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT a.subject, a.facts, a.at, a.seq FROM audit_log a WHERE a.tenant_id = $1 AND a.party_id = $2 \
                   AND a.verb = 'case.followed' ORDER BY a.number";
        let rows: Vec<MoveRow> = fetch(&mut conn, sql, binds![tenant_id, party_id]).await?;
        let of = |row: MoveRow| {
            let facts: MoveFacts = serde_json::from_str(&row.facts).map_err(StoreError::corrupt)?;
            let BeforeAfter { before, after } = facts.playbook;
            let (receivable, because) = (row.receivable, facts.because);
            Ok(CaseMove { receivable, from: before, to: after, because, at: row.at, seq: row.seq })
        };
        rows.into_iter().map(of).collect()
    }

    /// Plans of instalments that broke, ran on after all or were kept, oldest first.
    pub async fn plan_turns(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<PlanTurn>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT a.subject, a.verb, a.facts, a.at FROM audit_log a WHERE a.tenant_id = $1 AND a.party_id = $2 \
                   AND a.verb IN ('plan.broken', 'plan.mended', 'plan.kept') ORDER BY a.number";
        let rows: Vec<TurnRow> = fetch(&mut conn, sql, binds![tenant_id, party_id]).await?;
        let of = |row: TurnRow| {
            let TurnFacts { moved } = serde_json::from_str(&row.facts).map_err(StoreError::corrupt)?;
            Ok(PlanTurn { receivable: row.receivable, verb: row.verb, moved, at: row.at })
        };
        rows.into_iter().map(of).collect()
    }

    /// Companies of these countries (empty: unknown) to one of whom a letter or call is under way although nobody knows their
    /// clock.
    pub async fn clocks_unknown(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        countries: &[&str],
        most: i64,
    ) -> Result<Vec<PartyName>, StoreError> {
        let mut conn = self.conn().await?;
        // `$2` is the first country.
        let places: Vec<String> = (0..countries.len()).map(|nth| format!("${}", nth + 2)).collect();
        let (seen, places, limit) = (sight.on("p.id"), places.join(", "), countries.len() + 2);
        let sql = format!(
            "SELECT p.number, p.name, p.country FROM party p WHERE p.tenant_id = $1 AND p.is_consumer = 0 AND p.country IN ({places}) \
             AND (EXISTS (SELECT 1 FROM letter l JOIN contact c ON c.tenant_id = l.tenant_id AND c.party_id = l.party_id \
             AND c.id = l.contact_id WHERE l.tenant_id = p.tenant_id AND l.party_id = p.id AND l.settled_at IS NULL \
             AND c.time_zone IS NULL) OR EXISTS (SELECT 1 FROM task t JOIN contact c ON c.tenant_id = t.tenant_id \
             AND c.party_id = t.party_id AND c.id = t.contact_id WHERE t.tenant_id = p.tenant_id AND t.party_id = p.id \
             AND t.settled_at IS NULL AND t.kind = 'call' AND c.time_zone IS NULL)) {seen} \
             ORDER BY p.number LIMIT ${limit}"
        );
        let mut values: Vec<Bind> = binds![tenant_id];
        values.extend(countries.iter().map(|country| Bind::from(*country)));
        values.push(most.into());
        let rows: Vec<(i64, String, String)> = fetch(&mut conn, &sql, values).await?;
        Ok(rows.into_iter().map(|(number, name, country)| PartyName::new(number, name, country)).collect())
    }
}
