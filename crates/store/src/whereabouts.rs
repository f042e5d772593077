//! Where the people of a party are: the clock by which letters to them wait, and the country.

use dunlin_core::ids::{ContactId, PartyId};

use crate::bind::binds;
use crate::conn::fetch;
use crate::contacts::and_by_hand;
use crate::parties::PartyFields;
use crate::{Commit, StoreError};

impl Commit {
    /// Sets the time zone of some people of a party. Returns how many had another one, or none.
    pub async fn set_time_zone(
        &mut self,
        party_id: PartyId,
        contacts: &[ContactId],
        zone: &str,
    ) -> Result<usize, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "SELECT id, time_zone, by_hand FROM contact WHERE tenant_id = $1 AND party_id = $2 ORDER BY id";
        let known: Vec<(ContactId, Option<String>, String)> =
            fetch(&mut self.tx, sql, binds![tenant_id, party_id]).await?;
        let mut changed = 0;
        for (id, before, by_hand) in known {
            if !contacts.contains(&id) || before.as_deref() == Some(zone) {
                continue;
            }
            let image = serde_json::json!({"time_zone": before});
            self.keep_history(Some(party_id), "contact", &id.to_string(), image).await?;
            let sql = "UPDATE contact SET time_zone = $4, recorded_at = $5, seq = $6, by_hand = $7 WHERE tenant_id = $1 \
                       AND party_id = $2 AND id = $3";
            let by_hand = and_by_hand(&by_hand, &["time_zone"]);
            self.execute(sql, binds![tenant_id, party_id, id, zone, now, seq, by_hand]).await?;
            changed += 1;
        }
        if changed > 0 {
            self.wake_party(party_id).await?;
        }
        Ok(changed)
    }

    /// Sets the country of a party. `false`: it was that already.
    pub async fn set_country_of(&mut self, id: PartyId, country: &str) -> Result<bool, StoreError> {
        let fields =
            PartyFields { name: String::new(), country: country.to_string(), language: None, is_consumer: false };
        // Empty fields stay as they are.
        Ok(!self.correct_party(id, &fields).await?.is_empty())
    }
}
