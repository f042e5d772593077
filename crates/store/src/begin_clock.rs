//! The day on which something happened to an order starts the clocks of its receivables that wait for it.

use jiff::civil::Date;

use dunlin_core::ids::{PartyId, ReceivableId};
use dunlin_core::receivable::{Receivable, Trigger, due};

use crate::bind::binds;
use crate::conn::fetch;
use crate::due_days::both;
use crate::{Commit, StoreError};

/// Id, trigger, days, what the two dates were, and which were put aside before.
type Waiting = (ReceivableId, Trigger, i32, Option<Date>, Option<Date>, Option<String>);

impl Commit {
    /// What receivables of an order wait for has happened: all that wait for it, or named another day, are due by it.
    /// Returns how many.
    pub async fn begin_clock(&mut self, party_id: PartyId, of: &Receivable, on: Date) -> Result<u64, StoreError> {
        // The end of the month is counted from the invoice.
        let event = if of.trigger == Trigger::EndOfMonth { Trigger::InvoiceDate } else { of.trigger };
        if let Some(order_id) = of.order_id {
            self.note_trigger(order_id, event, on).await?;
        }
        let tenant_id = self.tenant_id;
        let sql = "SELECT r.id, r.trigger_kind, r.days, r.triggered_on, r.due_on, r.dates_aside FROM receivable r \
                   WHERE r.tenant_id = $1 AND r.party_id = $2 AND r.closed = 0 AND (r.trigger_kind = $3 \
                   OR (r.trigger_kind = $4 AND (r.triggered_on IS NULL OR $4 <> 'goods_ready'))) \
                   AND (r.id = $5 OR r.order_id = $6) ORDER BY r.number";
        let also = match event {
            Trigger::InvoiceDate => Trigger::EndOfMonth,
            // What has been shipped was ready before: what still waits for that is due by this day.
            Trigger::BlDate | Trigger::BlCopy | Trigger::Arrival => Trigger::GoodsReady,
            other => other,
        };
        let values = binds![tenant_id, party_id, event.code(), also.code(), of.id, of.order_id];
        let rows: Vec<Waiting> = fetch(&mut self.tx, sql, values).await?;
        let mut begun = 0;
        for (id, trigger, days, was_triggered, was_due, aside) in rows {
            // A day that was agreed by itself stands above what the terms would make of the event.
            let is_agreed = was_triggered.is_none() && was_due.is_some();
            if was_triggered == Some(on) || is_agreed {
                continue;
            }
            let image = serde_json::json!({"triggered_on": was_triggered, "due_on": was_due, "dates_aside": aside});
            self.keep_history(Some(party_id), "receivable", &id.to_string(), image).await?;
            let due_on = due::due_on(trigger, on, days);
            let (now, seq) = (self.now, self.seq);
            // A file that says once more what was so before must not undo what somebody here said.
            let aside = aside.unwrap_or_else(|| both(was_triggered, was_due));
            let sql = "UPDATE receivable SET triggered_on = $4, due_on = $5, recorded_at = $6, seq = $7, dates_aside = $8 \
                       WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
            self.execute(sql, binds![tenant_id, party_id, id, on, due_on, now, seq, aside]).await?;
            self.note_due(party_id, id, Some(due_on)).await?;
            begun += 1;
        }
        Ok(begun)
    }
}
