//! What people found out and decided about a debtor's cases: why each is unpaid, with its history, and the turns that
//! cases were given.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::case::CaseTurn;
use dunlin_core::ids::{CaseId, PartyId, ReceivableId, TenantId, TurnId, WhyId};
use dunlin_core::why::WhyUnpaid;

use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::micros;
use crate::{Store, StoreError};

/// A reason that somebody noted.
#[derive(Debug, Clone, Deserialize)]
pub struct NotedWhy {
    pub id: WhyId,
    pub receivable_id: ReceivableId,
    pub why: WhyUnpaid,
    pub words: String,
    /// Name of the user; `None` at the command line.
    pub by: Option<String>,
    #[serde(with = "micros")]
    pub at: Timestamp,
    #[serde(with = "micros::maybe")]
    pub ended_at: Option<Timestamp>,
}

/// A turn that somebody gave a case.
#[derive(Debug, Clone, Deserialize)]
pub struct GivenTurn {
    pub id: TurnId,
    pub case_id: CaseId,
    pub receivable_id: ReceivableId,
    pub kind: CaseTurn,
    /// What kind of hands; the step that was entered.
    pub what: Option<String>,
    pub name: Option<String>,
    /// ISO: the day on which an entered step was done.
    pub on_day: Option<String>,
    pub words: String,
    pub by: Option<String>,
    #[serde(with = "micros")]
    pub at: Timestamp,
    #[serde(with = "micros::maybe")]
    pub ended_at: Option<Timestamp>,
}

impl Store {
    /// Why the debtor's receivables are unpaid, as it was noted, oldest first.
    pub async fn whys_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<NotedWhy>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT w.id, w.receivable_id, w.why, w.words, u.name, w.recorded_at, w.ended_at FROM unpaid_why w \
                   LEFT JOIN user_account u ON u.tenant_id = w.tenant_id AND u.id = w.user_id \
                   WHERE w.tenant_id = $1 AND w.party_id = $2 ORDER BY w.seq, w.id";
        fetch(&mut conn, sql, binds![tenant_id, party_id]).await
    }

    /// The turns that the debtor's cases were given, oldest first.
    pub async fn turns_given(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<GivenTurn>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT t.id, t.case_id, k.receivable_id, t.kind, t.what, t.name, t.on_day, t.words, u.name, \
                   t.recorded_at, t.ended_at FROM case_turn t JOIN cases k ON k.tenant_id = t.tenant_id \
                   AND k.party_id = t.party_id AND k.id = t.case_id \
                   LEFT JOIN user_account u ON u.tenant_id = t.tenant_id AND u.id = t.user_id \
                   WHERE t.tenant_id = $1 AND t.party_id = $2 ORDER BY t.seq, t.id";
        fetch(&mut conn, sql, binds![tenant_id, party_id]).await
    }
}
