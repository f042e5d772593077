//! What people find out about a debt and enter: why it is unpaid, the days of its order, when the buyer is closed; and
//! what they decide about its case: another playbook, a new beginning, other hands.

use jiff::civil::Date;

use dunlin_core::case::{CaseState, Entry, PlaybookRef};
use dunlin_core::ids::{CaseId, HoldId, OrderId, PartyId, ReceivableId, WhyId};
use dunlin_core::key_date::KeyDate;
use dunlin_core::receivable::Receivable;
use dunlin_core::why::WhyUnpaid;

use crate::bind::binds;
use crate::conn::{fetch, fetch_one};
use crate::{Commit, StoreError};

/// What the days of a receivable are kept under.
fn subject(of: &Receivable) -> String {
    of.order_id.map_or_else(|| of.id.to_string(), |order| order.to_string())
}

impl Commit {
    /// The reason that holds from now on; the one before has ended. A case at its end goes on.
    pub async fn note_why(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
        why: WhyUnpaid,
        words: &str,
        today: Date,
    ) -> Result<WhyId, StoreError> {
        self.end_why(party_id, receivable_id).await?;
        let id = WhyId(self.ids.make());
        let (tenant_id, now, seq, user) = (self.tenant_id, self.now, self.seq, self.actor.user_id());
        let sql = "INSERT INTO unpaid_why (tenant_id, party_id, id, receivable_id, why, words, effective_on, \
                   user_id, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = binds![tenant_id, party_id, id, receivable_id, why.code(), words, today, user, now, seq];
        self.execute(sql, values).await?;
        self.go_on(party_id, receivable_id).await?;
        Ok(id)
    }

    /// No reason is known any more. `false`: none was.
    pub async fn end_why(&mut self, party_id: PartyId, receivable_id: ReceivableId) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE unpaid_why SET ended_at = $4 WHERE tenant_id = $1 AND party_id = $2 AND receivable_id = $3 \
                   AND ended_at IS NULL";
        let ended = self.execute(sql, binds![tenant_id, party_id, receivable_id, now]).await? > 0;
        if ended {
            self.go_on(party_id, receivable_id).await?;
        }
        Ok(ended)
    }

    /// Takes back the reason that was noted last; the one that it ended holds again, since it was first known. `false`:
    /// this one does not hold any more.
    pub async fn undo_why(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
        id: WhyId,
    ) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE unpaid_why SET ended_at = $5 WHERE tenant_id = $1 AND party_id = $2 AND receivable_id = $3 \
                   AND id = $4 AND ended_at IS NULL";
        if self.execute(sql, binds![tenant_id, party_id, receivable_id, id, now]).await? == 0 {
            return Ok(false);
        }
        // In the time between both hold; the later one goes before.
        let before = "SELECT max(b.seq) FROM unpaid_why b JOIN unpaid_why n ON n.tenant_id = b.tenant_id \
                      AND n.party_id = b.party_id AND n.receivable_id = b.receivable_id \
                      WHERE n.tenant_id = $1 AND n.party_id = $2 AND n.receivable_id = $3 AND n.id = $4 \
                      AND b.id <> n.id AND b.ended_at = n.recorded_at AND b.seq < n.seq";
        let sql = format!(
            "UPDATE unpaid_why SET ended_at = NULL WHERE tenant_id = $1 AND party_id = $2 AND receivable_id = $3 \
             AND id <> $4 AND seq = ({before})"
        );
        self.execute(&sql, binds![tenant_id, party_id, receivable_id, id]).await?;
        self.go_on(party_id, receivable_id).await?;
        Ok(true)
    }

    /// A day of the order; the one of its kind that was known before has ended. `None` only takes it back.
    pub async fn set_key_date(&mut self, of: &Receivable, kind: KeyDate, on: Option<Date>) -> Result<(), StoreError> {
        self.set_day_of(of.party_id, &subject(of), (kind, on), true).await
    }

    /// The same for an order that a file speaks of.
    pub async fn set_key_date_of(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
        kind: KeyDate,
        on: Date,
    ) -> Result<(), StoreError> {
        self.set_day_of(party_id, &order_id.to_string(), (kind, Some(on)), false).await
    }

    /// The days that are known of an order.
    pub async fn key_dates_of(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
    ) -> Result<Vec<(KeyDate, Date)>, StoreError> {
        let (tenant_id, subject) = (self.tenant_id, order_id.to_string());
        let sql = "SELECT kind, on_day FROM key_date WHERE tenant_id = $1 AND party_id = $2 AND subject_id = $3 \
                   AND ended_at IS NULL ORDER BY seq, id";
        fetch(&mut self.tx, sql, binds![tenant_id, party_id, subject]).await
    }

    /// Whether somebody here took back or replaced just this day, as the last that was ended of its kind: a file that
    /// says it again says nothing new.
    pub async fn is_day_aside(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
        kind: KeyDate,
        on: Date,
    ) -> Result<bool, StoreError> {
        let (tenant_id, subject) = (self.tenant_id, order_id.to_string());
        let sql = "SELECT on_day, ended_by_hand FROM key_date WHERE tenant_id = $1 AND party_id = $2 AND subject_id = $3 \
                   AND kind = $4 AND ended_at IS NOT NULL ORDER BY ended_at DESC, seq DESC, id DESC LIMIT 1";
        let last: Option<(Date, i64)> =
            fetch_one(&mut self.tx, sql, binds![tenant_id, party_id, subject, kind.code()]).await?;
        Ok(last == Some((on, 1)))
    }

    async fn set_day_of(
        &mut self,
        party_id: PartyId,
        subject: &str,
        (kind, on): (KeyDate, Option<Date>),
        by_hand: bool,
    ) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE key_date SET ended_at = $5, ended_by_hand = $6 WHERE tenant_id = $1 AND party_id = $2 \
                   AND subject_id = $3 AND kind = $4 AND ended_at IS NULL";
        self.execute(sql, binds![tenant_id, party_id, subject, kind.code(), now, by_hand]).await?;
        if let Some(on) = on {
            let id = HoldId(self.ids.make());
            let sql = "INSERT INTO key_date (tenant_id, party_id, id, subject_id, kind, on_day, recorded_at, seq) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            self.execute(sql, binds![tenant_id, party_id, id, subject, kind.code(), on, now, seq]).await?;
        }
        // Every receivable of the order may have something to do again, and the question of its end is asked anew.
        let sql = "UPDATE task SET settled_at = $4, outcome = 'dropped' WHERE tenant_id = $1 AND party_id = $2 \
                   AND kind = 'decide_next' AND settled_at IS NULL AND receivable_id IN (SELECT r.id FROM receivable r \
                   WHERE r.tenant_id = $1 AND r.party_id = $2 AND COALESCE(r.order_id, r.id) = $3)";
        self.execute(sql, binds![tenant_id, party_id, subject, now]).await?;
        let sql = "UPDATE cases SET task_id = NULL, state = 'running', silence_key = NULL, recorded_at = $4 WHERE tenant_id = $1 \
                   AND party_id = $2 AND state = 'ladder_done' AND receivable_id IN (SELECT r.id FROM receivable r \
                   WHERE r.tenant_id = $1 AND r.party_id = $2 AND COALESCE(r.order_id, r.id) = $3)";
        self.execute(sql, binds![tenant_id, party_id, subject, now]).await?;
        self.wake_party(party_id).await
    }

    /// The buyer is closed on these days, both included.
    pub async fn add_closed_days(
        &mut self,
        party_id: PartyId,
        (from, to): (Date, Date),
        why: &str,
    ) -> Result<(), StoreError> {
        let id = HoldId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO closed_days (tenant_id, party_id, id, from_day, to_day, why, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        self.execute(sql, binds![tenant_id, party_id, id, from, to, why, now, seq]).await?;
        self.wake_party(party_id).await
    }

    /// Whether closed days that begin on this day are known.
    pub async fn closed_days_begin(&mut self, party_id: PartyId, from: Date) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM closed_days WHERE tenant_id = $1 AND party_id = $2 AND from_day = $3 \
                   AND ended_at IS NULL LIMIT 1";
        let known: Option<(HoldId,)> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, party_id, from]).await?;
        Ok(known.is_some())
    }

    /// Takes closed days back that begin on this day. Returns how many.
    pub async fn end_closed_days(&mut self, party_id: PartyId, from: Date) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE closed_days SET ended_at = $4 WHERE tenant_id = $1 AND party_id = $2 AND from_day = $3 \
                   AND ended_at IS NULL";
        let ended = self.execute(sql, binds![tenant_id, party_id, from, now]).await?;
        if ended > 0 {
            self.wake_party(party_id).await?;
        }
        Ok(ended)
    }

    /// A case whose ladder was at its end has something to do again.
    async fn go_on(&mut self, party_id: PartyId, receivable_id: ReceivableId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE cases SET state = 'running', silence_key = NULL, recorded_at = $4 WHERE tenant_id = $1 \
                   AND party_id = $2 AND receivable_id = $3 AND state = 'ladder_done'";
        if self.execute(sql, binds![tenant_id, party_id, receivable_id, now]).await? > 0 {
            // Should it be at its end again, the question is asked anew.
            let sql = "UPDATE task SET settled_at = $4, outcome = 'dropped' WHERE tenant_id = $1 AND party_id = $2 \
                       AND receivable_id = $3 AND kind = 'decide_next' AND settled_at IS NULL";
            self.execute(sql, binds![tenant_id, party_id, receivable_id, now]).await?;
            let sql = "UPDATE cases SET task_id = NULL WHERE tenant_id = $1 AND party_id = $2 AND receivable_id = $3";
            self.execute(sql, binds![tenant_id, party_id, receivable_id]).await?;
        }
        self.wake_party(party_id).await
    }

    /// Another playbook from now on; `None`: the next decision chooses. Whoever calls has seen that it may change.
    pub async fn move_case(
        &mut self,
        party_id: PartyId,
        case_id: CaseId,
        to: Option<&PlaybookRef>,
    ) -> Result<(), StoreError> {
        self.keep_case(party_id, case_id).await?;
        let (tenant_id, now) = (self.tenant_id, self.now);
        let (id, version) = (to.map(|to| to.id.to_string()), to.map(|to| to.version.to_string()));
        let sql = "UPDATE cases SET playbook = $4, playbook_version = $5, state = CASE state WHEN 'ladder_done' \
                   THEN 'running' ELSE state END, silence_key = NULL, recorded_at = $6 \
                   WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, case_id, id, version, now]).await?;
        self.wake_party(party_id).await
    }

    /// The case begins anew, on its first step: what was done stays in its history and counts as void. Whoever calls has
    /// seen that no letter of it is under way.
    pub async fn restart_case(&mut self, party_id: PartyId, case_id: CaseId, why: &str) -> Result<u64, StoreError> {
        self.keep_case(party_id, case_id).await?;
        self.drop_case_tasks(party_id, case_id).await?;
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE step_taken SET voided_at = $4, void_why = $5 WHERE tenant_id = $1 AND party_id = $2 \
                   AND case_id = $3 AND voided_at IS NULL";
        let voided = self.execute(sql, binds![tenant_id, party_id, case_id, now, why]).await?;
        let sql = "UPDATE cases SET state = 'running', started_at = $4, entry = 'standard', silence_key = NULL, \
                   recorded_at = $4 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, case_id, now]).await?;
        self.wake_party(party_id).await?;
        Ok(voided)
    }

    /// Puts the case into other hands, or takes it back into ours. Whoever calls has seen that it is open.
    pub async fn set_case_state(
        &mut self,
        party_id: PartyId,
        case_id: CaseId,
        state: CaseState,
    ) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE cases SET state = $4, silence_key = NULL, next_wake = $5, recorded_at = $5 \
                   WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, case_id, state.code(), now]).await?;
        Ok(())
    }

    /// How the case of an old debt comes in.
    pub async fn set_entry(&mut self, party_id: PartyId, case_id: CaseId, entry: Entry) -> Result<(), StoreError> {
        self.keep_case(party_id, case_id).await?;
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE cases SET entry = $4, recorded_at = $5 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, case_id, entry.code(), now]).await?;
        self.wake_party(party_id).await
    }

    /// What the case followed until now, and since when, for whoever looks back.
    async fn keep_case(&mut self, party_id: PartyId, case_id: CaseId) -> Result<(), StoreError> {
        let sql = "SELECT playbook, playbook_version, entry, started_at FROM cases WHERE tenant_id = $1 \
                   AND party_id = $2 AND id = $3";
        let known: Option<(Option<String>, Option<String>, String, i64)> =
            fetch_one(&mut self.tx, sql, binds![self.tenant_id, party_id, case_id]).await?;
        let Some((playbook, version, entry, started_at)) = known else {
            return Err(StoreError::not_found("case", case_id.to_string()));
        };
        let image = serde_json::json!({
            "playbook": playbook, "playbook_version": version, "entry": entry, "started_at": started_at,
        });
        self.keep_history(Some(party_id), "case", &case_id.to_string(), image).await
    }
}
