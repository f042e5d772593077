//! What would have been sent while the firm was trying things out. A rehearsal advances nothing (invariant 4): it lies in
//! a table of its own that no decision reads.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use dunlin_core::ids::{ContactId, PartyId, TenantId};

use crate::bind::binds;
use crate::conn::{fetch, fetch_number, fetch_one};
use crate::dialect::micros;
use crate::known_words::HALVES;
use crate::{Commit, Store, StoreError};

/// What is known of a rehearsed letter without its text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RehearsedLetter {
    /// Case and step of each item: `case:step:round`.
    pub items: Vec<String>,
    pub letter: String,
    pub language: String,
    pub channel: String,
    pub review: String,
    /// When it would have left.
    pub send_at: Timestamp,
}

/// The text and its reader, sealed under the reader's key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RehearsedText {
    pub to: String,
    pub subject: String,
    pub body: String,
}

/// A rehearsal as pages show it.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    pub id: String,
    pub party_number: i64,
    pub party_name: String,
    pub letter: RehearsedLetter,
    /// `None`: the reader was erased.
    pub text: Option<RehearsedText>,
    /// The firm's own address.
    pub sent_to: String,
    /// `sent`, `kept` (no address to send to), or what went wrong.
    pub outcome: String,
    pub at: Timestamp,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    party_number: i64,
    party_name: String,
    letter: String,
    sealed: String,
    secret: Option<String>,
    sent_to: String,
    outcome: String,
    #[serde(with = "micros")]
    at: Timestamp,
}

const REHEARSAL: &str = "SELECT r.id, p.number AS party_number, p.name AS party_name, r.letter, r.sealed, k.secret, \
    r.sent_to, r.outcome, r.recorded_at AS at FROM rehearsal r \
    JOIN party p ON p.tenant_id = r.tenant_id AND p.id = r.party_id \
    LEFT JOIN person_key k ON k.tenant_id = r.tenant_id AND k.party_id = r.party_id AND k.contact_id = r.contact_id";

impl Store {
    /// The newest rehearsals, with their texts.
    pub async fn rehearsals(&self, tenant_id: TenantId, limit: i64) -> Result<Vec<Rehearsal>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{REHEARSAL} WHERE r.tenant_id = $1 ORDER BY r.recorded_at DESC, r.id DESC LIMIT $2");
        let rows: Vec<Row> = fetch(&mut conn, &sql, binds![tenant_id, limit]).await?;
        rows.into_iter().map(|row| self.rehearsal_of(row)).collect()
    }

    /// How many letters were rehearsed.
    pub async fn rehearsal_count(&self, tenant_id: TenantId) -> Result<i64, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT count(*) FROM rehearsal WHERE tenant_id = $1";
        Ok(fetch_number(&mut conn, sql, binds![tenant_id]).await?.unwrap_or(0))
    }

    /// Ids of the rehearsals for a debtor, or for one person there.
    pub async fn rehearsals_of(
        &self,
        tenant_id: TenantId,
        party_id: PartyId,
        contact: Option<ContactId>,
    ) -> Result<Vec<String>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT r.id FROM rehearsal r WHERE r.tenant_id = $1 AND r.party_id IN {HALVES} \
             AND ($3 = '' OR r.contact_id = $3) ORDER BY r.id"
        );
        let contact = contact.map_or_else(String::new, |id| id.to_string());
        let rows: Vec<(String,)> = fetch(&mut conn, &sql, binds![tenant_id, party_id, contact]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// `case:step:round` of everything that was rehearsed before.
    pub async fn rehearsed_items(&self, tenant_id: TenantId) -> Result<Vec<String>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT r.letter FROM rehearsal r WHERE r.tenant_id = $1";
        let rows: Vec<(String,)> = fetch(&mut conn, sql, binds![tenant_id]).await?;
        let mut items = Vec::new();
        for (json,) in rows {
            let letter: RehearsedLetter = serde_json::from_str(&json).map_err(StoreError::corrupt)?;
            items.extend(letter.items);
        }
        Ok(items)
    }

    fn rehearsal_of(&self, row: Row) -> Result<Rehearsal, StoreError> {
        let text = match &row.secret {
            Some(secret) if !row.sealed.is_empty() => {
                let plain = self.key().person(secret)?.open(&row.sealed)?;
                Some(serde_json::from_slice(&plain).map_err(StoreError::corrupt)?)
            }
            _ => None,
        };
        Ok(Rehearsal {
            id: row.id,
            party_number: row.party_number,
            party_name: row.party_name,
            letter: serde_json::from_str(&row.letter).map_err(StoreError::corrupt)?,
            text,
            sent_to: row.sent_to,
            outcome: row.outcome,
            at: row.at,
        })
    }
}

/// A rehearsal to be kept.
#[derive(Debug)]
pub struct NewRehearsal<'a> {
    pub party_id: PartyId,
    pub contact_id: ContactId,
    pub letter: &'a RehearsedLetter,
    pub text: &'a RehearsedText,
    pub sent_to: &'a str,
    pub outcome: &'a str,
}

impl Commit {
    /// Keeps a rehearsal before it is sent to the firm. `None`: the same letter was rehearsed before.
    pub async fn add_rehearsal(&mut self, new: &NewRehearsal<'_>) -> Result<Option<String>, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "SELECT secret FROM person_key WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
        let key: Option<(String,)> =
            fetch_one(&mut self.tx, sql, binds![tenant_id, new.party_id, new.contact_id]).await?;
        let sealed = match key {
            Some((secret,)) => {
                let plain = serde_json::to_vec(new.text).map_err(StoreError::corrupt)?;
                self.tx.key.person(&secret)?.seal(&plain)?
            }
            None => String::new(),
        };
        let id = dunlin_core::ids::LetterId(self.ids.make()).to_string();
        let about = new.letter.items.first().map_or("", String::as_str);
        let letter = serde_json::to_string(new.letter).map_err(StoreError::corrupt)?;
        let sql = "INSERT INTO rehearsal (tenant_id, id, party_id, contact_id, about, letter, sealed, sent_to, outcome, \
                   recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                   ON CONFLICT (tenant_id, about) DO NOTHING";
        let values = binds![
            tenant_id,
            id.as_str(),
            new.party_id,
            new.contact_id,
            about,
            letter,
            sealed,
            new.sent_to,
            new.outcome,
            now,
            seq
        ];
        Ok((self.execute(sql, values).await? == 1).then_some(id))
    }

    /// What became of the copy to the firm.
    pub async fn settle_rehearsal(&mut self, id: &str, outcome: &str) -> Result<(), StoreError> {
        let sql = "UPDATE rehearsal SET outcome = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, id, outcome]).await?;
        Ok(())
    }
}
