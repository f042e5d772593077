//! The list of addresses that may not be used. An address lies sealed and is found again by a mark that only this
//! installation can make; which entries a contact falls under stands beside it (`contact.suppressed`), written whenever
//! the contact or the list changes, so that a decision needs to open nobody.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use dunlin_core::ids::{ContactId, PartyId, SuppressionId, TenantId};
use dunlin_core::party::{Channel, Person};
use dunlin_core::suppression::{SuppressionKind, SuppressionReason, entries_of};

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_number, fetch_one};
use crate::dialect::micros;
use crate::pages::keyset::After;
use crate::seal::{InstallationKey, open_person};
use crate::{Commit, Store, StoreError};

/// Contacts that are opened at once while a new entry is looked for among them.
const AT_ONCE: i64 = 2_000;

/// An entry to be added; the address as [`SuppressionKind::normal`] writes it.
#[derive(Debug, Clone, Copy)]
pub struct NewSuppression<'a> {
    pub kind: SuppressionKind,
    pub address: &'a str,
    pub reason: SuppressionReason,
    pub evidence: &'a str,
    /// The last day and the moment after it; `None`: for good.
    pub until: Option<(Date, Timestamp)>,
    pub today: Date,
}

/// An entry of the list.
#[derive(Debug, Clone)]
pub struct SuppressionRow {
    pub id: SuppressionId,
    pub number: i64,
    pub kind: SuppressionKind,
    /// `None`: whoever had it was erased; the entry works on.
    pub address: Option<String>,
    pub reason: SuppressionReason,
    pub evidence: String,
    /// Who put it there; empty: a machine, or the command line.
    pub who: String,
    pub until: Option<Date>,
    pub until_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub ended_because: String,
    pub recorded_at: Timestamp,
}

impl SuppressionRow {
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.ended_at.is_some() || self.until_at.is_some_and(|until| until <= at)
    }
}

/// What is sealed of an entry.
#[derive(Default, Serialize, Deserialize)]
struct Words {
    address: String,
    evidence: String,
}

#[derive(Deserialize)]
struct Row {
    id: SuppressionId,
    number: i64,
    kind: SuppressionKind,
    sealed: String,
    reason: SuppressionReason,
    who: Option<String>,
    until_on: Option<Date>,
    #[serde(with = "micros::maybe")]
    until_at: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    ended_at: Option<Timestamp>,
    ended_because: Option<String>,
    #[serde(with = "micros")]
    recorded_at: Timestamp,
}

#[derive(Deserialize)]
struct ContactRow {
    party_id: PartyId,
    id: ContactId,
    sealed: String,
    secret: String,
    suppressed: String,
}

const ENTRY: &str = "SELECT s.id, s.number, s.kind, s.sealed, s.reason, u.name, s.until_on, s.until_at, s.ended_at, \
                     s.ended_because, s.recorded_at FROM suppression s LEFT JOIN user_account u \
                     ON u.tenant_id = s.tenant_id AND u.id = s.user_id WHERE s.tenant_id = $1";

fn purpose(id: SuppressionId) -> String {
    format!("suppression {id}")
}

fn mark(key: &InstallationKey, tenant_id: TenantId, kind: SuppressionKind, address: &str) -> String {
    key.fingerprint(&format!("suppressed {tenant_id} {} {}", kind.code(), kind.key(address)))
}

fn opened(key: &InstallationKey, row: Row) -> Result<SuppressionRow, StoreError> {
    let words: Option<Words> = match row.sealed.as_str() {
        "" => None,
        sealed => Some(serde_json::from_slice(&key.open(&purpose(row.id), sealed)?).map_err(StoreError::corrupt)?),
    };
    let (address, evidence) = words.map_or((None, String::new()), |words| (Some(words.address), words.evidence));
    Ok(SuppressionRow {
        id: row.id,
        number: row.number,
        kind: row.kind,
        address,
        reason: row.reason,
        evidence,
        who: row.who.unwrap_or_default(),
        until: row.until_on,
        until_at: row.until_at,
        ended_at: row.ended_at,
        ended_because: row.ended_because.unwrap_or_default(),
        recorded_at: row.recorded_at,
    })
}

/// `email=ID,phone=ID`, as it stands beside a contact.
pub(crate) fn read_listed(text: &str) -> impl Iterator<Item = (Channel, SuppressionId)> + '_ {
    text.split(',').filter_map(|one| {
        let (channel, id) = one.split_once('=')?;
        Some((Channel::from_code(channel)?, id.parse().ok()?))
    })
}

/// The same with one more, once.
fn with_listed(text: &str, channel: Channel, id: SuppressionId) -> String {
    let one = format!("{}={id}", channel.code());
    match text {
        "" => one,
        text if text.split(',').any(|known| known == one) => text.to_string(),
        text => format!("{text},{one}"),
    }
}

/// The entries of the list that a person's addresses fall under, as they stand beside the contact.
pub(crate) async fn listed_for(conn: &mut Conn, tenant_id: TenantId, person: &Person) -> Result<String, StoreError> {
    let entries = entries_of(person);
    if entries.is_empty() {
        return Ok(String::new());
    }
    let marks: Vec<(Channel, String)> =
        entries.iter().map(|(channel, kind, address)| (*channel, mark(&conn.key, tenant_id, *kind, address))).collect();
    let wanted: Vec<&str> = marks.iter().map(|(_, mark)| mark.as_str()).collect();
    let wanted = serde_json::to_string(&wanted).map_err(StoreError::corrupt)?;
    let which = conn.kind().listed("s.mark", 2);
    let sql = format!(
        "SELECT s.id, s.mark FROM suppression s WHERE s.tenant_id = $1 AND {which} AND s.ended_at IS NULL \
         ORDER BY s.id"
    );
    let found: Vec<(SuppressionId, String)> = fetch(conn, &sql, binds![tenant_id, wanted]).await?;
    let mut listed = String::new();
    for (id, found) in found {
        for (channel, _) in marks.iter().filter(|(_, mark)| *mark == found) {
            listed = with_listed(&listed, *channel, id);
        }
    }
    Ok(listed)
}

impl Commit {
    /// The running entry for an address, if there is one.
    pub async fn suppression_of(
        &mut self,
        kind: SuppressionKind,
        address: &str,
    ) -> Result<Option<SuppressionRow>, StoreError> {
        let mark = mark(&self.tx.key, self.tenant_id, kind, address);
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = format!(
            "{ENTRY} AND s.mark = $2 AND s.ended_at IS NULL AND (s.until_at IS NULL OR s.until_at > $3) ORDER BY s.number"
        );
        let row: Option<Row> = fetch_one(&mut self.tx, &sql, binds![tenant_id, mark, now]).await?;
        let key = self.tx.key.clone();
        row.map(|row| opened(&key, row)).transpose()
    }

    /// Adds an entry. Returns its number, and the parties of whom somebody has such an address.
    pub async fn add_suppression(&mut self, new: &NewSuppression<'_>) -> Result<(i64, Vec<PartyId>), StoreError> {
        let id = SuppressionId(self.ids.make());
        let number = self.numbers("suppression", 1).await?;
        let words = Words { address: new.address.to_string(), evidence: new.evidence.to_string() };
        let sealed = self.tx.key.seal(&purpose(id), &serde_json::to_vec(&words).map_err(StoreError::corrupt)?)?;
        let mark = mark(&self.tx.key, self.tenant_id, new.kind, new.address);
        let (tenant_id, now, seq, user) = (self.tenant_id, self.now, self.seq, self.actor.user_id());
        let sql = "INSERT INTO suppression (tenant_id, id, number, kind, mark, sealed, reason, user_id, until_on, \
                   until_at, effective_on, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let values = binds![
            tenant_id,
            id,
            number,
            new.kind.code(),
            mark,
            sealed,
            new.reason.code(),
            user,
            new.until.map(|(day, _)| day.to_string()),
            new.until.map(|(_, at)| at.as_microsecond()),
            new.today,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        let parties = self.list_contacts(id, new).await?;
        for party in &parties {
            self.wake_party(*party).await?;
        }
        Ok((number, parties))
    }

    /// Notes the new entry beside everybody who has such an address.
    async fn list_contacts(&mut self, id: SuppressionId, new: &NewSuppression<'_>) -> Result<Vec<PartyId>, StoreError> {
        let tenant_id = self.tenant_id;
        let (mut party, mut contact) = (PartyId(0), ContactId(0));
        let mut parties: Vec<PartyId> = Vec::new();
        loop {
            let sql = "SELECT c.party_id, c.id, c.sealed, k.secret, c.suppressed FROM contact c JOIN person_key k \
                       ON k.tenant_id = c.tenant_id AND k.party_id = c.party_id AND k.contact_id = c.id \
                       WHERE c.tenant_id = $1 AND c.sealed <> '' AND (c.party_id > $2 OR (c.party_id = $2 AND c.id > $3)) \
                       ORDER BY c.party_id, c.id LIMIT $4";
            let rows: Vec<ContactRow> = fetch(&mut self.tx, sql, binds![tenant_id, party, contact, AT_ONCE]).await?;
            let Some(last) = rows.last() else { break };
            (party, contact) = (last.party_id, last.id);
            for row in rows {
                let person = open_person(&self.tx.key, &row.sealed, &row.secret)?;
                let under = entries_of(&person);
                let hit = under.into_iter().find(|(_, kind, address)| *kind == new.kind && address == new.address);
                let Some((channel, ..)) = hit else { continue };
                let sql = "UPDATE contact SET suppressed = $4 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
                let listed = with_listed(&row.suppressed, channel, id);
                self.execute(sql, binds![tenant_id, row.party_id, row.id, listed]).await?;
                if parties.last() != Some(&row.party_id) {
                    parties.push(row.party_id);
                }
            }
        }
        Ok(parties)
    }

    /// Notes entries that were put back, by their marks, beside everybody who has such an address.
    pub(crate) async fn list_marked(&mut self, back: &HashMap<String, SuppressionId>) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let (mut party, mut contact) = (PartyId(0), ContactId(0));
        loop {
            let sql = "SELECT c.party_id, c.id, c.sealed, k.secret, c.suppressed FROM contact c JOIN person_key k \
                       ON k.tenant_id = c.tenant_id AND k.party_id = c.party_id AND k.contact_id = c.id \
                       WHERE c.tenant_id = $1 AND c.sealed <> '' AND (c.party_id > $2 OR (c.party_id = $2 AND c.id > $3)) \
                       ORDER BY c.party_id, c.id LIMIT $4";
            let rows: Vec<ContactRow> = fetch(&mut self.tx, sql, binds![tenant_id, party, contact, AT_ONCE]).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            (party, contact) = (last.party_id, last.id);
            for row in rows {
                let person = open_person(&self.tx.key, &row.sealed, &row.secret)?;
                let mut listed = row.suppressed.clone();
                for (channel, kind, address) in entries_of(&person) {
                    if let Some(id) = back.get(&mark(&self.tx.key, tenant_id, kind, &address)) {
                        listed = with_listed(&listed, channel, *id);
                    }
                }
                if listed != row.suppressed {
                    let sql = "UPDATE contact SET suppressed = $4 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
                    self.execute(sql, binds![tenant_id, row.party_id, row.id, listed]).await?;
                }
            }
        }
    }

    /// The address may be used again. `None`: there is no such entry that still runs.
    pub async fn end_suppression(&mut self, number: i64, why: &str) -> Result<Option<SuppressionRow>, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = format!("{ENTRY} AND s.number = $2 AND s.ended_at IS NULL");
        let row: Option<Row> = fetch_one(&mut self.tx, &sql, binds![tenant_id, number]).await?;
        let Some(row) = row else { return Ok(None) };
        let key = self.tx.key.clone();
        let entry = opened(&key, row)?;
        let sql = "UPDATE suppression SET ended_at = $3, ended_because = $4 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, entry.id, now, why]).await?;
        let sql = "SELECT c.party_id, c.suppressed FROM contact c WHERE c.tenant_id = $1 AND c.suppressed <> ''";
        let rows: Vec<(PartyId, String)> = fetch(&mut self.tx, sql, binds![tenant_id]).await?;
        for (party, listed) in rows {
            if read_listed(&listed).any(|(_, id)| id == entry.id) {
                self.wake_party(party).await?;
            }
        }
        Ok(Some(entry))
    }

    /// Somebody who objected is erased: their addresses stay on the list as marks, from which nobody reads an address, so
    /// that whoever brings the same person in again does not write to them.
    pub(crate) async fn list_unnamed(&mut self, person: &Person) -> Result<(), StoreError> {
        let (tenant_id, now, seq, user) = (self.tenant_id, self.now, self.seq, self.actor.user_id());
        let mut back: HashMap<String, SuppressionId> = HashMap::new();
        for (_, kind, address) in entries_of(person) {
            let mark = mark(&self.tx.key, tenant_id, kind, &address);
            let sql = "SELECT count(*) FROM suppression WHERE tenant_id = $1 AND mark = $2 AND ended_at IS NULL \
                       AND until_at IS NULL";
            let is_known = fetch_number(&mut self.tx, sql, binds![tenant_id, mark.as_str()]).await?.unwrap_or(0) > 0;
            if kind == SuppressionKind::Domain || is_known {
                continue;
            }
            let id = SuppressionId(self.ids.make());
            let number = self.numbers("suppression", 1).await?;
            let sql = "INSERT INTO suppression (tenant_id, id, number, kind, mark, sealed, reason, user_id, \
                       effective_on, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10)";
            let values = binds![
                tenant_id,
                id,
                number,
                kind.code(),
                mark.as_str(),
                SuppressionReason::Objection.code(),
                user,
                now.to_zoned(TimeZone::UTC).date(),
                now,
                seq
            ];
            self.execute(sql, values).await?;
            back.insert(mark, id);
        }
        if back.is_empty() { Ok(()) } else { self.list_marked(&back).await }
    }

    /// Somebody is erased: the entries about their own addresses work on without telling them.
    pub(crate) async fn forget_suppressed(&mut self, party_id: PartyId, contact: ContactId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT c.suppressed FROM contact c WHERE c.tenant_id = $1 AND c.party_id = $2 AND c.id = $3";
        let row: Option<(String,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, party_id, contact]).await?;
        let (listed,) = row.unwrap_or_default();
        for (_, id) in read_listed(&listed) {
            let sql = "UPDATE suppression SET sealed = '' WHERE tenant_id = $1 AND id = $2 AND kind <> 'domain'";
            self.execute(sql, binds![tenant_id, id]).await?;
        }
        Ok(())
    }
}

impl Store {
    /// The list by number; with `all` also what is over.
    pub async fn suppressions_after(
        &self,
        tenant_id: TenantId,
        all: bool,
        at: Timestamp,
        after: &After<i64>,
    ) -> Result<Vec<SuppressionRow>, StoreError> {
        let mut conn = self.conn().await?;
        let running = if all { "" } else { "AND s.ended_at IS NULL AND (s.until_at IS NULL OR s.until_at > $4)" };
        let sql = format!("{ENTRY} AND s.number > $2 AND $4 = $4 {running} ORDER BY s.number LIMIT $3");
        let rows: Vec<Row> = fetch(&mut conn, &sql, binds![tenant_id, after.key, after.limit, at]).await?;
        let key = conn.key.clone();
        rows.into_iter().map(|row| opened(&key, row)).collect()
    }

    /// The entries that addresses of a debtor's people fall under, ended ones too.
    pub async fn suppressions_of(
        &self,
        tenant_id: TenantId,
        party_id: PartyId,
    ) -> Result<Vec<SuppressionRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql =
            "SELECT c.suppressed FROM contact c WHERE c.tenant_id = $1 AND c.party_id = $2 AND c.suppressed <> ''";
        let lists: Vec<(String,)> = fetch(&mut conn, sql, binds![tenant_id, party_id]).await?;
        let ids: BTreeSet<String> =
            lists.iter().flat_map(|(list,)| read_listed(list)).map(|(_, id)| id.to_string()).collect();
        let mut entries = Vec::with_capacity(ids.len());
        let sql = format!("{ENTRY} AND s.id = $2");
        for id in ids {
            let row: Option<Row> = fetch_one(&mut conn, &sql, binds![tenant_id, id]).await?;
            let key = conn.key.clone();
            entries.extend(row.map(|row| opened(&key, row)).transpose()?);
        }
        Ok(entries)
    }

    /// How many entries still bar something.
    pub async fn suppressions_running(&self, tenant_id: TenantId, at: Timestamp) -> Result<i64, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT count(*) FROM suppression WHERE tenant_id = $1 AND ended_at IS NULL \
                   AND (until_at IS NULL OR until_at > $2)";
        Ok(fetch_number(&mut conn, sql, binds![tenant_id, at]).await?.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_a_contact_is_read_as_it_was_written() {
        let (a, b) = (SuppressionId(1), SuppressionId(2));
        let text = with_listed(&with_listed("", Channel::Email, a), Channel::Phone, b);
        assert_eq!(with_listed(&text, Channel::Email, a), text, "once is enough");
        let read: Vec<(Channel, SuppressionId)> = read_listed(&text).collect();
        assert_eq!(read, [(Channel::Email, a), (Channel::Phone, b)]);
        assert_eq!(read_listed("nonsense,email=,=x,").count(), 0);
    }
}
