//! What people found out about a debt: why it is unpaid, the days of its order, the days on which the buyer is closed.

use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

use dunlin_core::case::{CaseState, CaseTurn};
use dunlin_core::facts::ContactMade;
use dunlin_core::ids::{CaseId, ContactId, OrderId, PartyId, ReceivableId};
use dunlin_core::intent::{Heard, Intent};
use dunlin_core::key_date::KeyDate;
use dunlin_core::letter::Purpose;
use dunlin_core::party::Channel;
use dunlin_core::receivable::{Trigger, TriggerEvent};
use dunlin_core::why::{KnownWhy, WhyUnpaid};

use super::{Loader, Scope};
use crate::StoreError;
use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::{flag, micros};

#[derive(Deserialize)]
struct WhyRow {
    party_id: PartyId,
    receivable_id: ReceivableId,
    why: WhyUnpaid,
    #[serde(with = "micros")]
    recorded_at: Timestamp,
    #[serde(with = "micros::maybe")]
    ended_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct KeyDateRow {
    party_id: PartyId,
    /// Of an order, or of a receivable without one.
    subject_id: OrderId,
    kind: KeyDate,
    on_day: Date,
    #[serde(with = "micros::maybe")]
    ended_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct EventRow {
    order_id: OrderId,
    kind: Trigger,
    effective_on: Date,
}

#[derive(Deserialize)]
struct ClosedRow {
    party_id: PartyId,
    from_day: Date,
    to_day: Date,
    #[serde(with = "micros::maybe")]
    ended_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct TalkRow {
    party_id: PartyId,
    contact_id: Option<ContactId>,
    receivable_id: Option<ReceivableId>,
    #[serde(with = "flag")]
    asked: bool,
    intent: Option<Intent>,
    #[serde(with = "micros")]
    talked_at: Timestamp,
    #[serde(with = "micros::maybe")]
    ended_at: Option<Timestamp>,
}

impl Loader<'_> {
    pub(super) async fn told(&mut self) -> Result<(), StoreError> {
        self.whys().await?;
        self.key_dates().await?;
        self.events().await?;
        self.closed_days().await?;
        self.turns().await?;
        self.talks().await
    }

    /// Talks in which we asked for payment count for gap and ceiling like calls, whatever way they went; what the buyer
    /// answered is heard, unless a machine said it.
    async fn talks(&mut self) -> Result<(), StoreError> {
        let since = self.since();
        let sql = format!(
            "SELECT t.party_id, t.contact_id, t.receivable_id, t.asked, t.intent, t.talked_at, t.ended_at FROM talk t \
             WHERE {{scope}} AND t.recorded_at <= $4 AND (t.asked = 1 OR t.intent IS NOT NULL) \
             AND t.talked_at >= {since} ORDER BY t.party_id, t.seq, t.id"
        );
        for row in self.rows::<TalkRow>(&sql, "t").await? {
            if !self.holds_still(row.ended_at) {
                continue;
            }
            let made = ContactMade {
                at: row.talked_at,
                letter_id: None,
                is_done: true,
                channel: Channel::Phone,
                purpose: Purpose::Press,
                contact_id: row.contact_id,
                receivable_id: None,
            };
            let Some(debtor) = self.debtor(row.party_id) else { continue };
            if row.asked {
                debtor.contacts_made.push(made);
            }
            if let Some(intent) = row.intent.filter(|intent| intent.is_by_a_person()) {
                let (contact_id, receivable_id) = (row.contact_id, row.receivable_id);
                debtor.heard.push(Heard { at: row.talked_at, contact_id, receivable_id, intent });
            }
        }
        Ok(())
    }

    fn holds_still(&self, ended_at: Option<Timestamp>) -> bool {
        ended_at.is_none_or(|ended| ended > self.at)
    }

    async fn whys(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT w.party_id, w.receivable_id, w.why, w.recorded_at, w.ended_at FROM unpaid_why w \
                   WHERE {scope} AND w.recorded_at <= $4 ORDER BY w.party_id, w.seq, w.id";
        for row in self.rows::<WhyRow>(sql, "w").await? {
            if !self.holds_still(row.ended_at) {
                continue;
            }
            if let Some(item) = self.item(row.party_id, |item| item.receivable.id == row.receivable_id) {
                item.why = Some(KnownWhy { why: row.why, since: row.recorded_at });
            }
        }
        Ok(())
    }

    /// A case that was decided since the instant counts as running; but what lay in other hands then was known.
    async fn turns(&mut self) -> Result<(), StoreError> {
        if !self.looks_back() {
            return Ok(());
        }
        let sql = "SELECT t.party_id, t.case_id, t.kind FROM case_turn t WHERE {scope} AND t.recorded_at <= $4 \
                   AND t.kind IN ('handed_over', 'taken_back') ORDER BY t.party_id, t.seq, t.id";
        for (party_id, case_id, turn) in self.rows::<(PartyId, CaseId, CaseTurn)>(sql, "t").await? {
            if let Some(case) = self.case(party_id, case_id)
                && matches!(case.state, CaseState::Running | CaseState::HandedOver)
            {
                let is_elsewhere = turn == CaseTurn::HandedOver;
                case.state = if is_elsewhere { CaseState::HandedOver } else { CaseState::Running };
            }
        }
        Ok(())
    }

    async fn key_dates(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT d.party_id, d.subject_id, d.kind, d.on_day, d.ended_at FROM key_date d \
                   WHERE {scope} AND d.recorded_at <= $4 ORDER BY d.party_id, d.seq, d.id";
        for row in self.rows::<KeyDateRow>(sql, "d").await? {
            if !self.holds_still(row.ended_at) {
                continue;
            }
            let Some(debtor) = self.debtor(row.party_id) else { continue };
            for item in &mut debtor.receivables {
                let subject = item.receivable.order_id.map_or(item.receivable.id.0, |order| order.0);
                if subject == row.subject_id.0 {
                    item.dates.retain(|(kind, _)| *kind != row.kind);
                    item.dates.push((row.kind, row.on_day));
                }
            }
        }
        Ok(())
    }

    /// What happened to the orders of the one debtor whose letters are written.
    async fn events(&mut self) -> Result<(), StoreError> {
        let (Scope::One(_), [debtor]) = (self.scope, self.debtors.as_mut_slice()) else {
            return Ok(());
        };
        let mut orders: Vec<OrderId> = debtor.receivables.iter().filter_map(|item| item.receivable.order_id).collect();
        orders.sort_unstable();
        orders.dedup();
        if orders.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "SELECT t.order_id, t.kind, t.effective_on FROM trigger_event t WHERE t.tenant_id = $1 AND {} \
             AND t.recorded_at <= $3 ORDER BY t.order_id, t.kind, t.seq",
            self.conn.kind().listed("t.order_id", 2)
        );
        let listed = serde_json::to_string(&orders).map_err(StoreError::corrupt)?;
        let rows: Vec<EventRow> = fetch(self.conn, &sql, binds![self.tenant_id, listed.as_str(), self.at]).await?;
        for row in rows {
            let event = TriggerEvent { order_id: row.order_id, trigger: row.kind, effective_on: row.effective_on };
            // A day that was corrected: the last one told holds.
            debtor.events.retain(|known| (known.order_id, known.trigger) != (event.order_id, event.trigger));
            debtor.events.push(event);
        }
        Ok(())
    }

    async fn closed_days(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT c.party_id, c.from_day, c.to_day, c.ended_at FROM closed_days c \
                   WHERE {scope} AND c.recorded_at <= $4 ORDER BY c.party_id, c.seq, c.id";
        for row in self.rows::<ClosedRow>(sql, "c").await? {
            if !self.holds_still(row.ended_at) {
                continue;
            }
            if let Some(debtor) = self.debtor(row.party_id) {
                let to = row.to_day;
                debtor.closed_on.extend(row.from_day.series(jiff::Span::new().days(1)).take_while(|day| *day <= to));
                debtor.closed_on.sort_unstable();
                debtor.closed_on.dedup();
            }
        }
        Ok(())
    }
}
