//! Waking cases when something happened to their debtor.

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::case::Entry;
use dunlin_core::ids::{CaseId, PartyId, ReceivableId, TenantId};

use crate::bind::binds;
use crate::conn::fetch_number;
use crate::{Commit, Store, StoreError};

impl Store {
    /// The next time that one of the debtor's cases is awake; `None` when nothing wakes them by itself.
    pub async fn next_look(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(next_wake) FROM cases WHERE tenant_id = $1 AND party_id = $2";
        let micros = fetch_number(&mut self.conn().await?, sql, binds![tenant_id, party_id]).await?;
        micros.map(|micros| Timestamp::from_microsecond(micros).map_err(StoreError::corrupt)).transpose()
    }
}

impl Commit {
    /// Something about this debtor changed: all its live cases are looked at in the next run.
    pub async fn wake_party(&mut self, party_id: PartyId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE cases SET next_wake = $3 WHERE tenant_id = $1 AND party_id = $2 \
                   AND state IN ('running', 'ladder_done', 'handed_over', 'plan_agreed')";
        self.execute(sql, binds![tenant_id, party_id, now]).await?;
        Ok(())
    }

    /// Cases opened in this change from now on come in like this.
    pub const fn open_cases_as(&mut self, entry: Entry) {
        self.entry = entry;
    }

    /// A case for a new receivable, awake at once.
    pub async fn open_case(&mut self, party_id: PartyId, receivable_id: ReceivableId) -> Result<CaseId, StoreError> {
        let id = CaseId(self.ids.make());
        let (tenant_id, now, seq, entry) = (self.tenant_id, self.now, self.seq, self.entry.code());
        let sql = "INSERT INTO cases (tenant_id, party_id, id, receivable_id, state, started_at, next_wake, \
                   recorded_at, seq, entry, due_on) VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $8, $9, \
                   (SELECT r.due_on FROM receivable r WHERE r.tenant_id = $1 AND r.party_id = $2 AND r.id = $4))";
        self.execute(sql, binds![tenant_id, party_id, id, receivable_id, now, now, now, seq, entry]).await?;
        Ok(id)
    }

    /// The case's own note of the day on which its receivable is due, by which what is overdue is found.
    pub(crate) async fn note_due(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
        due_on: Option<Date>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE cases SET due_on = $4 WHERE tenant_id = $1 AND party_id = $2 AND receivable_id = $3";
        let due_on = due_on.map(|day| day.to_string());
        self.execute(sql, binds![self.tenant_id, party_id, receivable_id, due_on]).await?;
        Ok(())
    }

    /// A payment was taken back, a void undone: a closed case runs again.
    pub async fn reopen_case(&mut self, party_id: PartyId, receivable_id: ReceivableId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        // What lies in other hands lies there still.
        let sql = "UPDATE cases SET state = COALESCE((SELECT CASE t.kind WHEN 'handed_over' THEN 'handed_over' END \
                   FROM case_turn t WHERE t.tenant_id = cases.tenant_id AND t.party_id = cases.party_id \
                   AND t.case_id = cases.id AND t.kind IN ('handed_over', 'taken_back') \
                   ORDER BY t.seq DESC LIMIT 1), 'running'), next_wake = $4, silence_key = NULL \
                   WHERE tenant_id = $1 AND party_id = $2 AND receivable_id = $3";
        self.execute(sql, binds![tenant_id, party_id, receivable_id, now]).await?;
        Ok(())
    }
}

impl Commit {
    /// A plan that the audit refused: visible, with everything needed to reproduce it. Its cases sleep for a day, so
    /// that one bad case does not fill the book of incidents.
    pub async fn file_incident(
        &mut self,
        party_id: PartyId,
        invariant: u8,
        what: &str,
        details: &str,
    ) -> Result<(), StoreError> {
        let id = CaseId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO incident (tenant_id, id, party_id, invariant, what, details, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = binds![tenant_id, id, party_id, i64::from(invariant), what, details, now, seq];
        self.execute(sql, values).await?;
        let tomorrow = now + jiff::SignedDuration::from_hours(24);
        let sql = "UPDATE cases SET next_wake = $3 WHERE tenant_id = $1 AND party_id = $2 AND next_wake <= $4";
        self.execute(sql, binds![tenant_id, party_id, tomorrow, now]).await?;
        Ok(())
    }
}
