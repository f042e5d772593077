//! Which addresses of contacts may not be used, as the list stood at the instant.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{ContactId, PartyId, SuppressionId};
use dunlin_core::party::{Channel, Suppressed};

use super::Loader;
use crate::StoreError;
use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::micros;

#[derive(Deserialize)]
struct EntryRow {
    id: SuppressionId,
    #[serde(with = "micros::maybe")]
    until_at: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    ended_at: Option<Timestamp>,
}

impl Loader<'_> {
    /// Puts the entries that hold beside the contacts they are about.
    pub(super) async fn suppress(
        &mut self,
        listed: &[(PartyId, ContactId, Channel, SuppressionId)],
    ) -> Result<(), StoreError> {
        if listed.is_empty() {
            return Ok(());
        }
        let ids: Vec<SuppressionId> = listed.iter().map(|(.., id)| *id).collect();
        let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
        let which = self.conn.kind().listed("s.id", 2);
        let sql = format!(
            "SELECT s.id, s.until_at, s.ended_at FROM suppression s WHERE s.tenant_id = $1 AND {which} \
             AND s.recorded_at <= $3 ORDER BY s.id"
        );
        let entries: Vec<EntryRow> = fetch(self.conn, &sql, binds![self.tenant_id, ids, self.at]).await?;
        for (party, contact, channel, id) in listed {
            let Ok(place) = entries.binary_search_by_key(id, |entry| entry.id) else { continue };
            let (until, ended_at) = (entries[place].until_at, entries[place].ended_at);
            if ended_at.is_some_and(|ended| ended <= self.at) {
                continue;
            }
            let found =
                self.debtor(*party).and_then(|debtor| debtor.contacts.iter_mut().find(|one| one.id == *contact));
            if let Some(found) = found {
                found.suppressed.push(Suppressed { channel: *channel, until });
            }
        }
        Ok(())
    }
}
