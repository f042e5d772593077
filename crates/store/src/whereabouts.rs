//! Where the people of a party are: the clock by which letters to them wait, and the country.

use dunlin_core::calendar::countries::Countries;
use dunlin_core::ids::{ContactId, PartyId, TaskId};

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
            self.zones_found(Some(party_id)).await?;
        }
        Ok(changed)
    }

    /// The question for a clock ends by itself once every person there has one, or the country has only one; of one party,
    /// or of all. Returns how many ended.
    pub async fn zones_found(&mut self, party: Option<PartyId>) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let (only, id) = match party {
            Some(id) => ("t.party_id = $2", id),
            None => ("$2 = $2", PartyId(0)),
        };
        let sql = format!(
            "SELECT t.id, p.country, (SELECT count(*) FROM contact c WHERE c.tenant_id = t.tenant_id \
             AND c.party_id = t.party_id AND c.time_zone IS NULL) FROM task t \
             JOIN party p ON p.tenant_id = t.tenant_id AND p.id = t.party_id \
             WHERE t.tenant_id = $1 AND t.kind = 'find_zone' AND t.settled_at IS NULL AND {only}"
        );
        let open: Vec<(TaskId, String, i64)> = fetch(&mut self.tx, &sql, binds![tenant_id, id]).await?;
        let mut ended = 0;
        for (task, country, without) in open {
            let has_one = Countries::shipped().get(&country).is_some_and(|country| country.zones.len() == 1);
            if without > 0 && !has_one {
                continue;
            }
            let sql = "UPDATE task SET settled_at = $3, outcome = 'done' WHERE tenant_id = $1 AND id = $2";
            ended += self.execute(sql, binds![tenant_id, task, now]).await?;
        }
        Ok(ended)
    }

    /// Sets the country of a party. `false`: it was that already.
    pub async fn set_country_of(&mut self, id: PartyId, country: &str) -> Result<bool, StoreError> {
        let fields =
            PartyFields { name: String::new(), country: country.to_string(), language: None, is_consumer: false };
        // Empty fields stay as they are.
        let changed = !self.correct_party(id, &fields).await?.is_empty();
        if changed {
            self.zones_found(Some(id)).await?;
        }
        Ok(changed)
    }
}
