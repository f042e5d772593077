//! Orders, their trigger events, and the receivables that stand on them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{InvoiceId, OrderId, PartyId, ReceivableId};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use dunlin_core::refusal::{Refusal, RefusalCode};

use crate::bind::{Bind, binds};
use crate::bulk::{Kind, Rows};
use crate::conn::{each_row, fetch_one};
use crate::dialect::{flag, micros};
use crate::due_days::both;
use crate::facts::iso;
use crate::{Commit, StoreError};

const TRIGGER: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("order_id", Kind::Text),
    ("kind", Kind::Text),
    ("effective_on", Kind::Text),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
];

/// What an import knows of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFields {
    pub party_id: PartyId,
    pub number: String,
    pub source: OrderSource,
    pub total: Money,
    pub ordered_on: Date,
    pub ordered_at: Option<Timestamp>,
    pub terms_text: String,
    pub goods: String,
    pub remote_state: String,
    pub cancelled: bool,
}

/// An order as stored.
#[derive(Debug, Clone)]
pub struct OrderRow {
    pub id: OrderId,
    pub fields: OrderFields,
}

/// One milestone of an order, or a receivable by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivableFields {
    pub party_id: PartyId,
    pub order_id: Option<OrderId>,
    pub invoice_id: Option<InvoiceId>,
    pub reference: String,
    pub order_number: Option<String>,
    pub milestone: Milestone,
    pub trigger: Trigger,
    pub days: i32,
    pub amount: Money,
    pub triggered_on: Option<Date>,
    pub due_on: Option<Date>,
    pub placed_at: Option<Timestamp>,
    pub obligor: Obligor,
    pub source: OrderSource,
    pub closed: bool,
}

/// A field that an import corrected: name, before, after.
pub type Change = (&'static str, String, String);

#[derive(Deserialize)]
struct RowOfOrder {
    id: OrderId,
    party_id: PartyId,
    number: String,
    source: OrderSource,
    total_minor: i64,
    currency: String,
    ordered_on: Date,
    #[serde(with = "micros::maybe")]
    ordered_at: Option<Timestamp>,
    terms_text: String,
    goods: String,
    remote_state: String,
    #[serde(with = "flag")]
    cancelled: bool,
}

#[derive(Deserialize)]
struct RowOfReceivable {
    id: ReceivableId,
    number: i64,
    party_id: PartyId,
    reference: String,
    trigger_kind: Trigger,
    days: i32,
    amount_minor: i64,
    currency: String,
    triggered_on: Option<Date>,
    due_on: Option<Date>,
    obligor: Obligor,
    #[serde(with = "flag")]
    closed: bool,
    dates_aside: Option<String>,
    used_minor: i64,
}

fn show<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

impl Commit {
    pub async fn order_by_number(&mut self, source: OrderSource, number: &str) -> Result<Option<OrderRow>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT id, party_id, number, source, total_minor, currency, ordered_on, ordered_at, \
                   terms_text, goods, remote_state, cancelled FROM sales_order \
                   WHERE tenant_id = $1 AND source = $2 AND number = $3";
        let values = binds![tenant_id, source.code(), number];
        let row: Option<RowOfOrder> = fetch_one(&mut self.tx, sql, values).await?;
        row.map(|row| {
            Ok(OrderRow {
                id: row.id,
                fields: OrderFields {
                    party_id: row.party_id,
                    number: row.number,
                    source: row.source,
                    total: Money::new(row.total_minor, iso(&row.currency)?),
                    ordered_on: row.ordered_on,
                    ordered_at: row.ordered_at,
                    terms_text: row.terms_text,
                    goods: row.goods,
                    remote_state: row.remote_state,
                    cancelled: row.cancelled,
                },
            })
        })
        .transpose()
    }

    pub async fn add_order(&mut self, fields: &OrderFields, today: Date) -> Result<OrderId, StoreError> {
        let id = OrderId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO sales_order (tenant_id, id, party_id, number, source, total_minor, currency, ordered_on, \
                   ordered_at, terms_text, goods, remote_state, cancelled, effective_on, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        let values = binds![
            tenant_id,
            id,
            fields.party_id,
            fields.number.as_str(),
            fields.source.code(),
            fields.total.minor,
            fields.total.currency.code(),
            fields.ordered_on,
            fields.ordered_at.map(|at| at.as_microsecond()),
            fields.terms_text.as_str(),
            fields.goods.as_str(),
            fields.remote_state.as_str(),
            fields.cancelled,
            today,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        Ok(id)
    }

    /// Corrects an order; what changed is returned and the earlier row kept.
    pub async fn correct_order(&mut self, known: &OrderRow, new: &OrderFields) -> Result<Vec<Change>, StoreError> {
        let old = &known.fields;
        let mut changes: Vec<Change> = Vec::new();
        if old.total != new.total {
            changes.push(("total", old.total.to_string(), new.total.to_string()));
        }
        if old.terms_text != new.terms_text && !new.terms_text.is_empty() {
            changes.push(("terms", old.terms_text.clone(), new.terms_text.clone()));
        }
        if old.remote_state != new.remote_state {
            changes.push(("state", old.remote_state.clone(), new.remote_state.clone()));
        }
        if old.cancelled != new.cancelled {
            changes.push(("cancelled", old.cancelled.to_string(), new.cancelled.to_string()));
        }
        if changes.is_empty() {
            return Ok(changes);
        }
        let image = serde_json::json!({"total_minor": old.total.minor, "currency": old.total.currency.code(),
            "terms_text": old.terms_text, "remote_state": old.remote_state, "cancelled": old.cancelled});
        self.keep_history(Some(old.party_id), "order", &known.id.to_string(), image).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let terms = if new.terms_text.is_empty() { &old.terms_text } else { &new.terms_text };
        let sql = "UPDATE sales_order SET total_minor = $3, currency = $4, terms_text = $5, remote_state = $6, \
                   cancelled = $7, recorded_at = $8, seq = $9 WHERE tenant_id = $1 AND id = $2";
        let values = binds![
            tenant_id,
            known.id,
            new.total.minor,
            new.total.currency.code(),
            terms.as_str(),
            new.remote_state.as_str(),
            new.cancelled,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        Ok(changes)
    }

    /// Notes that something happened to an order; the same event on the same day is noted once.
    pub async fn note_trigger(&mut self, order_id: OrderId, trigger: Trigger, on: Date) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let mut event = Rows::new(TRIGGER);
        event.push([tenant_id.into(), order_id.into(), Bind::fixed(trigger.code()), on.into(), now.into(), seq.into()]);
        let sql = "INSERT INTO trigger_event (tenant_id, order_id, kind, effective_on, recorded_at, seq) \
                   SELECT x.tenant_id, x.order_id, x.kind, x.effective_on, x.recorded_at, x.seq FROM {rows} \
                   WHERE NOT EXISTS (SELECT 1 FROM trigger_event t WHERE t.tenant_id = x.tenant_id \
                   AND t.order_id = x.order_id AND t.kind = x.kind AND t.effective_on = x.effective_on)";
        each_row(&mut self.tx, sql, event).await?;
        Ok(())
    }

    /// Adds a receivable with its case, or corrects the one known under the key. Returns its id, whether it is new,
    /// and the corrections.
    pub async fn upsert_receivable(
        &mut self,
        source: &str,
        key: &str,
        fields: &ReceivableFields,
        today: Date,
    ) -> Result<(ReceivableId, bool, Vec<Change>), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT r.id, r.number, r.party_id, r.reference, r.trigger_kind, r.days, r.amount_minor, \
                   r.currency, r.triggered_on, r.due_on, r.obligor, r.closed, r.dates_aside, \
                   CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = r.tenant_id \
                   AND e.party_id = r.party_id AND e.receivable_id = r.id), 0) AS BIGINT) \
                   FROM external_identity x JOIN receivable r ON r.tenant_id = x.tenant_id AND r.id = x.row_id \
                   WHERE x.tenant_id = $1 AND x.noun = 'receivable' AND x.source = $2 AND x.external_id = $3";
        let row: Option<RowOfReceivable> = fetch_one(&mut self.tx, sql, binds![tenant_id, source, key]).await?;
        match row {
            Some(row) => {
                let id = row.id;
                let changes = self.correct_receivable(row, fields).await?;
                Ok((id, false, changes))
            }
            None => Ok((self.add_receivable(source, key, fields, today).await?, true, Vec::new())),
        }
    }

    async fn add_receivable(
        &mut self,
        source: &str,
        key: &str,
        fields: &ReceivableFields,
        today: Date,
    ) -> Result<ReceivableId, StoreError> {
        let id = ReceivableId(self.ids.make());
        let number = self.numbers("receivable", 1).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO receivable (tenant_id, party_id, id, order_id, invoice_id, number, reference, \
                   order_number, milestone, trigger_kind, days, amount_minor, currency, triggered_on, due_on, placed_at, \
                   obligor, source, closed, effective_on, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
                   $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
        let values = binds![
            tenant_id,
            fields.party_id,
            id,
            fields.order_id,
            fields.invoice_id,
            number,
            fields.reference.as_str(),
            fields.order_number.clone(),
            fields.milestone.code(),
            fields.trigger.code(),
            i64::from(fields.days),
            fields.amount.minor,
            fields.amount.currency.code(),
            fields.triggered_on.map(|date| date.to_string()),
            fields.due_on.map(|date| date.to_string()),
            fields.placed_at.map(|at| at.as_microsecond()),
            fields.obligor.code(),
            fields.source.code(),
            fields.closed,
            today,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        let sql = "INSERT INTO external_identity (tenant_id, noun, source, external_id, row_id) \
                   VALUES ($1, 'receivable', $2, $3, $4)";
        self.execute(sql, binds![tenant_id, source, key, id]).await?;
        self.open_case(fields.party_id, id).await?;
        Ok(id)
    }

    async fn correct_receivable(
        &mut self,
        row: RowOfReceivable,
        new: &ReceivableFields,
    ) -> Result<Vec<Change>, StoreError> {
        let amount = Money::new(row.amount_minor, iso(&row.currency)?);
        let mut changes: Vec<Change> = Vec::new();
        // Dates that somebody here put aside and a file only repeats are no news; others are, and hold from then on.
        let repeats = row.dates_aside.as_ref().is_some_and(|aside| *aside == both(new.triggered_on, new.due_on));
        let (triggered_on, due_on) =
            if repeats { (row.triggered_on, row.due_on) } else { (new.triggered_on, new.due_on) };
        let is_new_date = (triggered_on, due_on) != (row.triggered_on, row.due_on);
        let aside = row.dates_aside.clone().filter(|_| !is_new_date);
        let mut compare = |field, before: String, after: String| {
            if before != after {
                changes.push((field, before, after));
            }
        };
        compare("amount", amount.to_string(), new.amount.to_string());
        compare("reference", row.reference.clone(), new.reference.clone());
        compare("trigger", row.trigger_kind.code().to_string(), new.trigger.code().to_string());
        compare("days", row.days.to_string(), new.days.to_string());
        compare("triggered_on", show(row.triggered_on), show(triggered_on));
        compare("due_on", show(row.due_on), show(due_on));
        compare("obligor", row.obligor.code().to_string(), new.obligor.code().to_string());
        compare("closed", row.closed.to_string(), new.closed.to_string());
        if changes.is_empty() {
            return Ok(changes);
        }
        let (owed, typed) = (amount.currency, new.amount.currency);
        if typed != owed
            && let Some(said) = self.said_in_another_currency(row.party_id, row.id, typed).await?
        {
            return Err(said.refusal(row.number, owed, typed).into());
        }
        if new.amount.minor < row.used_minor {
            let refusal = Refusal::new(RefusalCode::CorrectedBelowPaid).with("number", format!("R-{:04}", row.number));
            let used = Money::new(row.used_minor, amount.currency);
            return Err(refusal.with("amount", new.amount).with("used", used).into());
        }
        let image = serde_json::json!({"amount_minor": row.amount_minor, "currency": row.currency,
            "reference": row.reference, "trigger_kind": row.trigger_kind, "days": row.days,
            "triggered_on": row.triggered_on, "due_on": row.due_on, "dates_aside": row.dates_aside,
            "obligor": row.obligor, "closed": row.closed});
        self.keep_history(Some(row.party_id), "receivable", &row.id.to_string(), image).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE receivable SET amount_minor = $4, currency = $5, reference = $6, trigger_kind = $7, days = $8, \
                   triggered_on = $9, due_on = $10, obligor = $11, closed = $12, recorded_at = $13, seq = $14, \
                   dates_aside = $15 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        let values = binds![
            tenant_id,
            row.party_id,
            row.id,
            new.amount.minor,
            new.amount.currency.code(),
            new.reference.as_str(),
            new.trigger.code(),
            i64::from(new.days),
            triggered_on.map(|date| date.to_string()),
            due_on.map(|date| date.to_string()),
            new.obligor.code(),
            new.closed,
            now,
            seq,
            aside
        ];
        self.execute(sql, values).await?;
        self.note_due(row.party_id, row.id, new.due_on).await?;
        if new.amount.minor > row.used_minor && !new.closed && new.obligor == Obligor::Buyer {
            self.reopen_case(row.party_id, row.id).await?;
        }
        self.wake_party(row.party_id).await?;
        Ok(changes)
    }

    /// An invoice that the seller's own system numbered.
    pub async fn add_invoice(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
        number: &str,
        issued_on: Date,
        total: Money,
    ) -> Result<InvoiceId, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT id FROM invoice WHERE tenant_id = $1 AND number = $2";
        let row: Option<(InvoiceId,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, number]).await?;
        if let Some((id,)) = row {
            return Ok(id);
        }
        let id = InvoiceId(self.ids.make());
        let (now, seq) = (self.now, self.seq);
        let sql = "INSERT INTO invoice (tenant_id, id, party_id, order_id, number, issued_on, total_minor, currency, \
                   recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values =
            binds![tenant_id, id, party_id, order_id, number, issued_on, total.minor, total.currency.code(), now, seq];
        self.execute(sql, values).await?;
        Ok(id)
    }
}
