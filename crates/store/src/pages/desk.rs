//! What lies on the desk: open tasks, and letters that wait for a person.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{CaseId, ContactId, OrderId, PartyId, PaymentId, ReceivableId, TalkId, TaskId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::party::Language;
use dunlin_core::plan::TaskKind;
use dunlin_core::reason::Reason;

use crate::Sight;
use crate::bind::binds;
use crate::conn::{fetch, fetch_number};
use crate::dialect::micros;
use crate::facts::iso;
use crate::{Store, StoreError};

/// An open task.
#[derive(Debug, Clone)]
pub struct TaskRow {
    pub id: TaskId,
    pub number: i64,
    pub kind: TaskKind,
    pub party_id: Option<PartyId>,
    pub receivable_id: Option<ReceivableId>,
    /// The case that it is work for; of an order or a parcel when there is no receivable.
    pub case_id: Option<CaseId>,
    pub payment_id: Option<PaymentId>,
    pub letter_number: Option<i64>,
    pub contact_id: Option<ContactId>,
    pub language: Language,
    pub script: Option<String>,
    pub step: Option<String>,
    pub pressed: Option<Money>,
    pub reasons: Vec<Reason>,
    pub note: Option<String>,
    pub not_before: Timestamp,
    /// What the buyer asked, and by when it should be answered.
    pub talk_id: Option<TalkId>,
    pub due_at: Option<Timestamp>,
    /// The order that it is about, by its id and its number.
    pub order: Option<(OrderId, String)>,
}

#[derive(Deserialize)]
struct Row {
    id: TaskId,
    number: i64,
    kind: TaskKind,
    party_id: Option<PartyId>,
    receivable_id: Option<ReceivableId>,
    case_id: Option<CaseId>,
    payment_id: Option<PaymentId>,
    letter_number: Option<i64>,
    contact_id: Option<ContactId>,
    language: Language,
    script: Option<String>,
    step: Option<String>,
    pressed_minor: Option<i64>,
    currency: Option<String>,
    reasons: String,
    note: Option<String>,
    #[serde(with = "micros")]
    not_before: Timestamp,
    talk_id: Option<TalkId>,
    #[serde(with = "micros::maybe")]
    due_at: Option<Timestamp>,
    order_id: Option<OrderId>,
    order_number: Option<String>,
}

fn task_of(row: Row) -> Result<TaskRow, StoreError> {
    let pressed = match (row.pressed_minor, row.currency.as_deref()) {
        (Some(minor), Some(code)) => Some(Money::new(minor, iso(code)?)),
        _ => None,
    };
    Ok(TaskRow {
        id: row.id,
        number: row.number,
        kind: row.kind,
        party_id: row.party_id,
        receivable_id: row.receivable_id,
        case_id: row.case_id,
        payment_id: row.payment_id,
        letter_number: row.letter_number,
        contact_id: row.contact_id,
        language: row.language,
        script: row.script,
        step: row.step,
        pressed,
        reasons: crate::reason_text::read_reasons(&row.reasons)?,
        note: row.note,
        not_before: row.not_before,
        talk_id: row.talk_id,
        due_at: row.due_at,
        order: row.order_id.zip(row.order_number),
    })
}

/// The order that a task `t` is about: that of its case or of the parcel of its case, or in whose chat its question was asked.
pub(super) const ORDER_OF_TASK: &str = "COALESCE((SELECT CASE WHEN k.subject = 'order' THEN k.receivable_id \
     ELSE (SELECT h.order_id FROM shipment h WHERE h.tenant_id = k.tenant_id AND h.id = k.receivable_id) END \
     FROM cases k WHERE k.tenant_id = t.tenant_id AND k.party_id = t.party_id AND k.id = t.case_id \
     AND k.subject <> 'receivable'), (SELECT w.order_id FROM talk w WHERE w.tenant_id = t.tenant_id \
     AND w.party_id = t.party_id AND w.id = t.talk_id))";

fn open_tasks() -> String {
    format!("{OPEN_TASKS} LEFT JOIN sales_order o ON o.tenant_id = t.tenant_id AND o.id = {ORDER_OF_TASK} {OPEN}")
}

const OPEN_TASKS: &str = "SELECT t.id, t.number, t.kind, t.party_id, t.receivable_id, t.case_id, t.payment_id, \
     l.number, t.contact_id, t.language, t.script, t.step, t.pressed_minor, t.currency, t.reasons, t.note, \
     CASE WHEN t.rests_until > t.not_before THEN t.rests_until ELSE t.not_before END, \
     t.talk_id, t.due_at, o.id, o.number \
     FROM task t LEFT JOIN letter l ON l.tenant_id = t.tenant_id AND l.id = t.letter_id";

const OPEN: &str = "WHERE t.tenant_id = $1 AND t.settled_at IS NULL";

impl Store {
    /// Open tasks about a debtor, by number, also those that rest.
    pub async fn open_tasks_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<TaskRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{} AND t.party_id = $2 ORDER BY t.number LIMIT 200", open_tasks());
        let rows: Vec<Row> = fetch(&mut conn, &sql, binds![tenant_id, party_id]).await?;
        rows.into_iter().map(task_of).collect()
    }

    /// Open tasks whose moment has come, the largest amounts first.
    pub async fn open_tasks(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        at: Timestamp,
    ) -> Result<Vec<TaskRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{} AND t.not_before <= $2 AND COALESCE(t.rests_until, 0) <= $2 {} \
             ORDER BY COALESCE(t.pressed_minor, 0) DESC, t.number LIMIT 500",
            open_tasks(),
            sight.on("t.party_id")
        );
        let rows: Vec<Row> = fetch(&mut conn, &sql, binds![tenant_id, at]).await?;
        rows.into_iter().map(task_of).collect()
    }

    /// How many things wait for a person: letters, tasks, money without a place.
    pub async fn desk_count(&self, tenant_id: TenantId, sight: &Sight, at: Timestamp) -> Result<i64, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT (SELECT count(*) FROM letter l WHERE l.tenant_id = $1 AND l.settled_at IS NULL \
             AND l.state IN ('review', 'uncertain', 'to_paste') {}) \
             + (SELECT count(*) FROM task t WHERE t.tenant_id = $1 AND t.settled_at IS NULL AND t.not_before <= $2 \
             AND COALESCE(t.rests_until, 0) <= $2 AND t.kind <> 'settle_uncertain' {}) \
             + (SELECT count(*) FROM payment p WHERE p.tenant_id = $1 AND p.placed = 0 AND p.set_aside_at IS NULL {})",
            sight.on("l.party_id"),
            sight.on("t.party_id"),
            super::payment_list::could_be(sight)
        );
        Ok(fetch_number(&mut conn, &sql, binds![tenant_id, at]).await?.unwrap_or(0))
    }

    /// Letters that a gate had cancelled since an instant.
    pub async fn letters_stopped_by(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        gate: &str,
        since: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT count(*) FROM letter l WHERE l.tenant_id = $1 AND l.state = 'cancelled' AND l.settled_at >= $2 \
             AND l.reasons LIKE $3 {}",
            sight.on("l.party_id")
        );
        Ok(fetch_number(&mut conn, &sql, binds![tenant_id, since, format!("%\"{gate}\"%")]).await?.unwrap_or(0))
    }

    /// Letters that leave by themselves between two instants.
    pub async fn letters_leaving(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT count(*) FROM letter l WHERE l.tenant_id = $1 AND ((l.state = 'queued' AND l.not_before < $3) \
             OR (l.state = 'sent' AND l.settled_at >= $2 AND l.settled_at < $3)) {}",
            sight.on("l.party_id")
        );
        Ok(fetch_number(&mut conn, &sql, binds![tenant_id, from, to]).await?.unwrap_or(0))
    }

    /// Tasks that begin between two instants, for the forecast.
    pub async fn tasks_beginning(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT count(*) FROM task t WHERE t.tenant_id = $1 AND t.settled_at IS NULL AND t.not_before >= $2 \
             AND t.not_before < $3 {}",
            sight.on("t.party_id")
        );
        Ok(fetch_number(&mut conn, &sql, binds![tenant_id, from, to]).await?.unwrap_or(0))
    }

    /// Numbers of the letters of a debtor, newest last.
    pub async fn letter_numbers_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<i64>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT l.number FROM letter l WHERE l.tenant_id = $1 AND l.party_id = $2 ORDER BY l.number";
        let rows: Vec<(i64,)> = fetch(&mut conn, sql, binds![tenant_id, party_id]).await?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }
}
