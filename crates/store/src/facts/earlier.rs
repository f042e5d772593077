//! Facts as they were known at an instant before the last changes.

use jiff::Timestamp;

use dunlin_core::case::CaseState;
use dunlin_core::ids::{CaseId, PartyId, TaskId};

use super::Loader;
use super::rows::{CaseRow, ContactRow, PartyRow, ReceivableRow, UnmatchedRow};
use crate::StoreError;
use crate::conn::fetch;
use crate::row_history::{Earlier, ImageRow, was_there};

impl Loader<'_> {
    /// Whether changes may lie after the instant that is looked at.
    pub(super) fn looks_back(&self) -> bool {
        self.at != super::EVERYTHING
    }

    /// Reads what was corrected since.
    pub(super) async fn look_back(&mut self) -> Result<(), StoreError> {
        if !self.looks_back() {
            return Ok(());
        }
        let sql = "SELECT h.row_id, h.image FROM history h WHERE {scope} AND h.superseded_at > $4 \
                   ORDER BY h.party_id, h.superseded_at DESC, h.seq DESC";
        self.earlier = Earlier::of(self.rows::<ImageRow>(sql, "h").await?)?;
        Ok(())
    }

    /// Debtors into which others were merged that were there at the instant, whenever they were made themselves: the debts
    /// of those lie with them now.
    pub(super) async fn older_than_their_id(&mut self) -> Result<Vec<PartyId>, StoreError> {
        if !self.looks_back() {
            return Ok(Vec::new());
        }
        let condition = self.way.condition(self.conn.kind(), "p", "merged_into");
        let sql = "SELECT p.merged_into, p.id FROM party p WHERE {scope}".replace("{scope}", &condition);
        let merged: Vec<(PartyId, PartyId)> = fetch(self.conn, &sql, self.way.binds(self.tenant_id, self.at)).await?;
        Ok(merged.into_iter().filter(|(_, gone)| was_there(gone.0, self.at)).map(|(stays, _)| stays).collect())
    }

    /// Money that waited for its place then, placed or set aside since. Whose it could have been is kept when that ends.
    pub(super) async fn earlier_unmatched(&mut self) -> Result<Vec<UnmatchedRow>, StoreError> {
        let sql = "SELECT c.party_id, p.id, p.number, p.amount_minor, \
                   CAST(COALESCE((SELECT sum(e.payment_minor) FROM ledger_entry e WHERE e.tenant_id = p.tenant_id \
                   AND e.payment_id = p.id AND e.recorded_at <= $4), 0) AS BIGINT), p.currency, p.received_on, p.payer_name \
                   FROM (SELECT tenant_id, party_id, payment_id FROM payment_candidate \
                   UNION SELECT tenant_id, party_id, substr(row_id, 1, 36) FROM history \
                   WHERE noun = 'candidate' AND superseded_at > $4) c \
                   JOIN payment p ON p.tenant_id = c.tenant_id AND p.id = c.payment_id \
                   WHERE {scope} AND p.recorded_at <= $4 AND (p.set_aside_at IS NULL OR p.set_aside_at > $4)";
        let rows: Vec<UnmatchedRow> = self.rows(sql, "c").await?;
        Ok(rows.into_iter().filter(|row| row.used_minor < row.amount_minor).collect())
    }

    /// The question a case waited for then; the case itself may have been decided since.
    pub(super) async fn earlier_tasks(&mut self) -> Result<(), StoreError> {
        if !self.looks_back() {
            return Ok(());
        }
        let at = self.at.as_microsecond();
        let sql = format!(
            "SELECT t.party_id, t.case_id, t.id FROM task t WHERE {{scope}} AND t.recorded_at <= $4 \
             AND (t.settled_at IS NULL OR t.settled_at > {at}) AND t.case_id IS NOT NULL AND t.kind NOT IN ('call', 'do', 'decide_call') ORDER BY t.party_id, t.seq, t.id"
        );
        for (party_id, case_id, id) in self.rows::<(PartyId, CaseId, TaskId)>(&sql, "t").await? {
            if let Some(case) = self.case(party_id, case_id) {
                case.task = Some(id);
            }
        }
        Ok(())
    }
}

pub(super) fn party(earlier: &Earlier, row: &mut PartyRow) -> Result<(), StoreError> {
    let id = row.id.to_string();
    earlier.put(&id, "name", &mut row.name)?;
    earlier.put(&id, "country", &mut row.country)?;
    earlier.put(&id, "language", &mut row.language)?;
    earlier.put(&id, "is_consumer", &mut row.is_consumer)?;
    earlier.put(&id, "blacklisted", &mut row.blacklisted)?;
    earlier.put(&id, "playbook_override", &mut row.playbook_override)?;
    earlier.put(&id, "grade", &mut row.grade)
}

pub(super) fn contact(earlier: &Earlier, row: &mut ContactRow) -> Result<(), StoreError> {
    let id = row.id.to_string();
    earlier.put(&id, "role", &mut row.role)?;
    earlier.put(&id, "language", &mut row.language)?;
    earlier.put(&id, "time_zone", &mut row.time_zone)?;
    earlier.put(&id, "objected", &mut row.objected)?;
    earlier.put(&id, "ways", &mut row.ways)?;
    earlier.put(&id, "retired_at", &mut row.retired_at)?;
    if row.sealed.is_some() {
        earlier.put(&id, "sealed", &mut row.sealed)?;
    }
    Ok(())
}

pub(super) fn receivable(earlier: &Earlier, row: &mut ReceivableRow) -> Result<(), StoreError> {
    let id = row.id.to_string();
    earlier.put(&id, "amount_minor", &mut row.amount_minor)?;
    earlier.put(&id, "currency", &mut row.currency)?;
    earlier.put(&id, "reference", &mut row.reference)?;
    earlier.put(&id, "trigger_kind", &mut row.trigger_kind)?;
    earlier.put(&id, "days", &mut row.days)?;
    earlier.put(&id, "triggered_on", &mut row.triggered_on)?;
    earlier.put(&id, "due_on", &mut row.due_on)?;
    earlier.put(&id, "obligor", &mut row.obligor)?;
    earlier.put(&id, "closed", &mut row.closed)
}

/// The playbook that a case followed then, how it came in and when it began: all of it may have been changed since.
pub(super) fn version(earlier: &Earlier, row: &mut CaseRow) -> Result<(), StoreError> {
    let id = row.id.to_string();
    earlier.put(&id, "playbook", &mut row.playbook)?;
    earlier.put(&id, "playbook_version", &mut row.playbook_version)?;
    earlier.put(&id, "entry", &mut row.entry)?;
    let mut started_at = row.started_at.as_microsecond();
    earlier.put(&id, "started_at", &mut started_at)?;
    row.started_at = Timestamp::from_microsecond(started_at).map_err(StoreError::corrupt)?;
    Ok(())
}

/// A case decided since then: how it ended follows again from what was known, and a question asked since was not yet
/// asked. The playbook stays, as it is chosen once.
pub(super) fn case(row: &mut CaseRow) {
    row.state = CaseState::Running;
    row.task_id = None;
}
