//! What a corrected row was before, and the facts as they were known at an earlier instant.
//!
//! An image holds the fields that a correction may have touched. Overlaid from the newest back to the instant asked
//! for, images give the row as it stood then; a row made later was not there yet, which its id tells.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use dunlin_core::ids::PartyId;

use crate::bind::binds;
use crate::conn::fetch_one;
use crate::{Commit, StoreError};

impl Commit {
    /// Keeps how a row stood before this change. A second correction in the same change adds the fields that the
    /// first did not touch: what stood before the change is what counts.
    pub(crate) async fn keep_history(
        &mut self,
        party_id: Option<PartyId>,
        noun: &str,
        row_id: &str,
        image: Value,
    ) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "SELECT image FROM history WHERE tenant_id = $1 AND noun = $2 AND row_id = $3 \
                   AND superseded_at = $4 AND seq = $5";
        let known: Option<(String,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, noun, row_id, now, seq]).await?;
        let image = match known {
            Some((known,)) => older(&known, image)?,
            None => image,
        };
        let sql = "INSERT INTO history (tenant_id, party_id, noun, row_id, superseded_at, seq, image) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) \
                   ON CONFLICT (tenant_id, noun, row_id, superseded_at, seq) DO UPDATE SET image = excluded.image";
        self.execute(sql, binds![tenant_id, party_id, noun, row_id, now, seq, image.to_string()]).await?;
        Ok(())
    }
}

/// The fields of both, the earlier image's where both have one.
fn older(earlier: &str, mut later: Value) -> Result<Value, StoreError> {
    let earlier: Map<String, Value> = serde_json::from_str(earlier).map_err(StoreError::corrupt)?;
    if let Value::Object(fields) = &mut later {
        fields.extend(earlier);
    }
    Ok(later)
}

/// A row of `history`, of one party.
#[derive(Debug, Deserialize)]
pub(crate) struct ImageRow {
    pub(crate) row_id: String,
    pub(crate) image: String,
}

/// The rows of one batch as they were at an instant, by row: a field that is missing has not changed since.
#[derive(Debug, Default)]
pub(crate) struct Earlier(HashMap<String, Map<String, Value>>);

impl Earlier {
    /// Takes images from the newest to the oldest that is still later than the instant: the oldest wins.
    pub(crate) fn of(rows: Vec<ImageRow>) -> Result<Self, StoreError> {
        let mut earlier = HashMap::<String, Map<String, Value>>::new();
        for row in rows {
            let image: Map<String, Value> = serde_json::from_str(&row.image).map_err(StoreError::corrupt)?;
            earlier.entry(row.row_id).or_default().extend(image);
        }
        Ok(Self(earlier))
    }

    /// Sets `field` to what it was, if that is known to have changed since.
    pub(crate) fn put<T: serde::de::DeserializeOwned>(
        &self,
        row_id: &str,
        name: &str,
        field: &mut T,
    ) -> Result<(), StoreError> {
        if let Some(value) = self.0.get(row_id).and_then(|image| image.get(name)) {
            *field = serde_json::from_value(value.clone()).map_err(StoreError::corrupt)?;
        }
        Ok(())
    }
}

/// Whether the row of this id was there at an instant: ids carry the millisecond they were made in.
pub(crate) fn was_there(id: u128, at: Timestamp) -> bool {
    (id >> 80) as i64 <= at.as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IdSource;

    fn row(image: &str) -> ImageRow {
        ImageRow { row_id: "r".to_string(), image: image.to_string() }
    }

    #[test]
    fn the_oldest_image_after_the_instant_tells_a_field() {
        let rows = vec![row(r#"{"name":"second","country":"ES"}"#), row(r#"{"name":"first"}"#)];
        let earlier = Earlier::of(rows).expect("images");
        let (mut name, mut country, mut language) = ("third".to_string(), "FR".to_string(), "fr".to_string());
        earlier.put("r", "name", &mut name).expect("text");
        earlier.put("r", "country", &mut country).expect("text");
        earlier.put("r", "language", &mut language).expect("text");
        assert_eq!((name.as_str(), country.as_str(), language.as_str()), ("first", "ES", "fr"));
    }

    #[test]
    fn the_first_of_two_corrections_in_one_change_counts() {
        let both = older(r#"{"name":"before"}"#, serde_json::json!({"name": "between", "blacklisted": false}));
        assert_eq!(both.expect("images"), serde_json::json!({"name": "before", "blacklisted": false}));
    }

    #[test]
    fn a_row_made_later_was_not_there() {
        let at: Timestamp = "2026-03-04T09:00:00Z".parse().expect("instant");
        let id = IdSource::new(at).make();
        assert!(was_there(id, at));
        assert!(!was_there(id, at - jiff::SignedDuration::from_millis(1)));
    }
}
