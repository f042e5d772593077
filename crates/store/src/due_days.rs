//! The due date of a receivable, and the day from which it counts, as somebody here says they are. What a file said
//! before is kept beside them: a file that says only that again changes nothing, one that says something new does.

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{PartyId, ReceivableId};

use crate::bind::binds;
use crate::conn::{fetch, fetch_one};
use crate::{Commit, StoreError};

/// Both dates in one text, as they are put aside.
pub(crate) fn both(triggered_on: Option<Date>, due_on: Option<Date>) -> String {
    let shown = |day: Option<Date>| day.map_or_else(|| "-".to_string(), |day| day.to_string());
    format!("{}/{}", shown(triggered_on), shown(due_on))
}

#[derive(Deserialize)]
struct Dates {
    triggered_on: Option<Date>,
    due_on: Option<Date>,
    dates_aside: Option<String>,
    seq: i64,
}

/// As `history` keeps them.
#[derive(Deserialize)]
struct DatesImage {
    triggered_on: Option<Date>,
    due_on: Option<Date>,
    #[serde(default)]
    dates_aside: Option<String>,
}

impl Commit {
    /// Sets both dates by hand. `false`: they are so already.
    pub async fn set_dates(
        &mut self,
        party_id: PartyId,
        id: ReceivableId,
        (triggered_on, due_on): (Option<Date>, Option<Date>),
    ) -> Result<bool, StoreError> {
        let before = self.dates(party_id, id).await?;
        if (before.triggered_on, before.due_on) == (triggered_on, due_on) {
            return Ok(false);
        }
        // What the file said is what it may say again, however often somebody here corrects it.
        let aside = before.dates_aside.clone().unwrap_or_else(|| both(before.triggered_on, before.due_on));
        self.write_dates(party_id, id, &before, (triggered_on, due_on, Some(aside))).await?;
        self.wake_party(party_id).await?;
        Ok(true)
    }

    /// Takes the change of dates of this number back, for all receivables that it was about. `false`: it was not the last
    /// thing that happened to each of them.
    pub async fn undo_dates(&mut self, party_id: PartyId, seq: i64) -> Result<bool, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT row_id, image FROM history WHERE tenant_id = $1 AND party_id = $2 AND noun = 'receivable' \
                   AND seq = $3 ORDER BY row_id";
        let rows: Vec<(ReceivableId, String)> = fetch(&mut self.tx, sql, binds![tenant_id, party_id, seq]).await?;
        let mut all = Vec::with_capacity(rows.len());
        for (id, image) in rows {
            let now = self.dates(party_id, id).await?;
            // Corrections by files hold more than dates, and those of plans less; both are not taken back here.
            let fields: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(&image).map_err(StoreError::corrupt)?;
            if now.seq != seq || fields.contains_key("amount_minor") || !fields.contains_key("dates_aside") {
                return Ok(false);
            }
            let then: DatesImage = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
            all.push((id, now, then));
        }
        if all.is_empty() {
            return Ok(false);
        }
        for (id, now, then) in all {
            self.write_dates(party_id, id, &now, (then.triggered_on, then.due_on, then.dates_aside)).await?;
        }
        self.wake_party(party_id).await?;
        Ok(true)
    }

    async fn dates(&mut self, party_id: PartyId, id: ReceivableId) -> Result<Dates, StoreError> {
        let sql = "SELECT triggered_on, due_on, dates_aside, seq FROM receivable WHERE tenant_id = $1 AND party_id = $2 \
                   AND id = $3";
        let row: Option<Dates> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, party_id, id]).await?;
        row.ok_or_else(|| StoreError::not_found("receivable", id.to_string()))
    }

    async fn write_dates(
        &mut self,
        party_id: PartyId,
        id: ReceivableId,
        before: &Dates,
        (triggered_on, due_on, aside): (Option<Date>, Option<Date>, Option<String>),
    ) -> Result<(), StoreError> {
        let image = serde_json::json!({"triggered_on": before.triggered_on, "due_on": before.due_on,
            "dates_aside": before.dates_aside});
        self.keep_history(Some(party_id), "receivable", &id.to_string(), image).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE receivable SET triggered_on = $4, due_on = $5, dates_aside = $6, recorded_at = $7, seq = $8 \
                   WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        let text = |day: Option<Date>| day.map(|day| day.to_string());
        let values = binds![tenant_id, party_id, id, text(triggered_on), text(due_on), aside, now, seq];
        self.execute(sql, values).await?;
        // What stops new goods reads the day beside the case.
        self.note_due(party_id, id, due_on).await
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_are_put_aside_in_one_text() {
        assert_eq!(both(Some(date(2026, 1, 20)), Some(date(2026, 2, 19))), "2026-01-20/2026-02-19");
        assert_eq!(both(None, None), "-/-");
    }
}
