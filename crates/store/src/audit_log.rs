//! The audit log: who did what to what, before and after, from where. It is only ever added to (triggers in both
//! databases see to that), and every line carries the hash of the one before it, so that a line changed or taken out
//! behind the program's back shows. The hashes are made with the installation's key: whoever has the database alone
//! cannot make a chain of their own.
//!
//! What names or describes people lies sealed under the key of the party it is about, or of the one person there whom it
//! describes, and where somebody came from under the key of that user: erasing the person closes it for ever, while
//! line, hash and order stay.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use dunlin_core::ids::{ContactId, PartyId, TenantId, UserId};

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::micros;
use crate::known_words::HALVES;
use crate::seal::{InstallationKey, PersonKey};
use crate::{Commit, Store, StoreError};

/// What was done to what.
#[derive(Debug, Clone)]
pub struct LogEntry {
    pub verb: &'static str,
    pub noun: &'static str,
    /// Number or id of what was changed.
    pub subject: String,
    pub party_id: Option<PartyId>,
    /// The one person there whom the sealed words describe: they close when that person is erased, and the debtor stays.
    pub contact_id: Option<ContactId>,
    /// May be read for ever: states, amounts, days, numbers.
    pub facts: Value,
    /// Names, addresses, free words: sealed.
    pub personal: Value,
}

impl LogEntry {
    pub fn new(verb: &'static str, noun: &'static str, subject: impl Into<String>) -> Self {
        Self {
            verb,
            noun,
            subject: subject.into(),
            party_id: None,
            contact_id: None,
            facts: json!({}),
            personal: Value::Null,
        }
    }

    #[must_use]
    pub fn about(mut self, party_id: PartyId) -> Self {
        self.party_id = Some(party_id);
        self
    }

    /// The same where it may be about no debtor.
    #[must_use]
    pub fn about_if(mut self, party_id: Option<PartyId>) -> Self {
        self.party_id = party_id;
        self
    }

    /// Seals the words under the key of one person at a debtor.
    #[must_use]
    pub fn describing(mut self, party_id: PartyId, contact_id: ContactId) -> Self {
        (self.party_id, self.contact_id) = (Some(party_id), Some(contact_id));
        self
    }

    /// What may be read for ever.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Serialize) -> Self {
        self.facts[name] = json!(value);
        self
    }

    /// A field that changed.
    #[must_use]
    pub fn changed(mut self, name: &str, before: impl Serialize, after: impl Serialize) -> Self {
        self.facts[name] = json!({"before": before, "after": after});
        self
    }

    /// Words about or by people.
    #[must_use]
    pub fn words(mut self, name: &str, value: impl Serialize) -> Self {
        if self.personal.is_null() {
            self.personal = json!({});
        }
        self.personal[name] = json!(value);
        self
    }
}

/// A line as it is shown and exported.
#[derive(Debug, Clone, Serialize)]
pub struct LogLine {
    pub number: i64,
    pub at: Timestamp,
    pub via: String,
    pub user_id: Option<UserId>,
    /// `None` for the system, the command line, and users whose data was erased.
    pub user_name: Option<String>,
    pub verb: String,
    pub noun: String,
    pub subject: String,
    pub facts: Value,
    /// `None` when there was nothing personal, or the person was erased.
    pub personal: Option<Value>,
    /// Words stood here, and nobody can read them any more: whoever they were about, or who wrote the line, was erased.
    pub erased: bool,
    pub previous_hash: String,
    pub hash: String,
}

impl LogLine {
    /// Without where a colleague sat, which is none of the business of whoever it is about.
    #[must_use]
    pub fn without_place(mut self) -> Self {
        if let Some(Value::Object(words)) = &mut self.personal {
            words.remove(FROM);
        }
        self
    }
}

#[derive(Deserialize)]
struct LineRow {
    number: i64,
    #[serde(with = "micros")]
    at: Timestamp,
    seq: i64,
    via: String,
    user_id: Option<UserId>,
    verb: String,
    noun: String,
    subject: String,
    party_id: Option<PartyId>,
    facts: String,
    sealed: Option<String>,
    previous_hash: String,
    hash: String,
    user_name: Option<String>,
}

const LINE: &str = "SELECT a.number, a.at, a.seq, a.via, a.user_id, a.verb, a.noun, a.subject, a.party_id, a.facts, \
    a.sealed, a.previous_hash, a.hash, u.name FROM audit_log a \
    LEFT JOIN user_account u ON u.tenant_id = a.tenant_id AND u.id = a.user_id";

/// Everything of a line but its hash, in one text: what the hash is made of.
fn hashed(key: &InstallationKey, tenant_id: TenantId, row: &LineRow) -> String {
    let all = json!([
        tenant_id,
        row.number,
        row.at.as_microsecond(),
        row.seq,
        row.via,
        row.user_id,
        row.verb,
        row.noun,
        row.subject,
        row.party_id,
        row.facts,
        row.sealed,
        row.previous_hash
    ]);
    key.fingerprint(&format!("audit log {all}"))
}

/// A fault in the chain.
#[derive(Debug, Clone)]
pub struct BrokenChain {
    pub number: i64,
    pub what: &'static str,
}

impl Commit {
    /// Adds a line to the log of this change. It is written with the change, or neither is.
    pub fn log(&mut self, entry: LogEntry) {
        self.log.push(entry);
    }

    /// Writes the lines of this change. A person's change without a line is a mistake of the program: it is refused.
    pub(crate) async fn write_log(&mut self) -> Result<(), StoreError> {
        let entries = std::mem::take(&mut self.log);
        if entries.is_empty() {
            return match self.actor.is_person() {
                true => Err(StoreError::Corrupt("a change by a person came without its line for the log".to_string())),
                false => Ok(()),
            };
        }
        let tenant_id = self.tenant_id;
        let sql = "SELECT log_number, log_hash FROM tenant WHERE id = $1";
        let head: Option<(i64, String)> = fetch_one(&mut self.tx, sql, binds![tenant_id]).await?;
        let (mut number, mut previous) = head.unwrap_or_default();
        for entry in entries {
            number += 1;
            previous = self.write_line(entry, number, previous).await?;
        }
        let sql = "UPDATE tenant SET log_number = $2, log_hash = $3 WHERE id = $1";
        self.execute(sql, binds![tenant_id, number, previous]).await?;
        Ok(())
    }

    async fn write_line(&mut self, entry: LogEntry, number: i64, previous: String) -> Result<String, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let (mut personal, mut facts) = (entry.personal, entry.facts);
        if let Some(token) = &self.actor.token {
            facts["by_token"] = json!(token.id);
        }
        let by = self.actor.user_id().map_or_else(|| STAFF.to_string(), |user| user.to_string());
        if !self.actor.from.is_empty() {
            if personal.is_null() {
                personal = json!({});
            }
            // Where a colleague sat is theirs, not the buyer's.
            personal[FROM] = match entry.party_id {
                Some(_) => json!(self.key_of(STAFF, &by).await?.seal(self.actor.from.as_bytes())?),
                None => json!(self.actor.from),
            };
        }
        let plain = personal.to_string();
        let sealed = match (personal.is_null(), entry.party_id, entry.contact_id) {
            (true, ..) => None,
            (false, Some(party), Some(contact)) => {
                let contact = contact.to_string();
                let key = contact_key(&mut self.tx, tenant_id, &party.to_string(), &contact).await?;
                // Whose key it is stands before what it closed. Of somebody erased no words are kept.
                let sealed = key.map(|key| key.seal(plain.as_bytes())).transpose()?;
                sealed.map(|sealed| format!("{contact} {sealed}"))
            }
            (false, Some(party), None) => Some(self.key_of(PARTY, &party.to_string()).await?.seal(plain.as_bytes())?),
            (false, None, _) => Some(self.key_of(STAFF, &by).await?.seal(plain.as_bytes())?),
        };
        let mut row = LineRow {
            number,
            at: now,
            seq,
            via: self.actor.via.code().to_string(),
            user_id: self.actor.user_id(),
            verb: entry.verb.to_string(),
            noun: entry.noun.to_string(),
            subject: entry.subject,
            party_id: entry.party_id,
            facts: facts.to_string(),
            sealed,
            previous_hash: previous,
            hash: String::new(),
            user_name: None,
        };
        row.hash = hashed(&self.tx.key, tenant_id, &row);
        let sql = "INSERT INTO audit_log (tenant_id, number, at, seq, via, user_id, verb, noun, subject, party_id, \
                   facts, sealed, previous_hash, hash) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let hash = row.hash.clone();
        let values = binds![
            tenant_id,
            number,
            now,
            seq,
            row.via,
            row.user_id,
            row.verb,
            row.noun,
            row.subject,
            row.party_id,
            row.facts,
            row.sealed,
            row.previous_hash,
            row.hash
        ];
        self.execute(sql, values).await?;
        Ok(hash)
    }

    /// The key of a party as a whole, or of a user: made when it is first needed.
    pub(crate) async fn key_of(&mut self, party: &str, person: &str) -> Result<PersonKey, StoreError> {
        let tenant_id = self.tenant_id;
        if let Some(key) = known_key(&mut self.tx, tenant_id, party, person).await? {
            return Ok(key);
        }
        let (secret, key) = self.tx.key.new_person()?;
        let sql = "INSERT INTO person_key (tenant_id, party_id, contact_id, secret) VALUES ($1, $2, $3, $4)";
        self.execute(sql, binds![tenant_id, party, person, secret]).await?;
        Ok(key)
    }
}

/// Under this name lie the keys of parties as a whole: merging two parties moves the keys of persons only.
pub(crate) const PARTY: &str = "party";
/// Under this name lie the keys of people who work in the firm.
pub(crate) const STAFF: &str = "staff";
/// Under this name a line says where it came from.
const FROM: &str = "from";

async fn known_key(
    conn: &mut Conn,
    tenant_id: TenantId,
    party: &str,
    person: &str,
) -> Result<Option<PersonKey>, StoreError> {
    let sql = "SELECT secret FROM person_key WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
    let row: Option<(String,)> = fetch_one(conn, sql, binds![tenant_id, party, person]).await?;
    row.map(|(secret,)| conn.key.person(&secret)).transpose()
}

/// The key of a person at a debtor; merging may have taken them to another one since. `None` once they were erased.
async fn contact_key(
    conn: &mut Conn,
    tenant_id: TenantId,
    party: &str,
    contact: &str,
) -> Result<Option<PersonKey>, StoreError> {
    if let Some(key) = known_key(conn, tenant_id, party, contact).await? {
        return Ok(Some(key));
    }
    let sql = "SELECT secret FROM person_key WHERE tenant_id = $1 AND contact_id = $2";
    let row: Option<(String,)> = fetch_one(conn, sql, binds![tenant_id, contact]).await?;
    row.map(|(secret,)| conn.key.person(&secret)).transpose()
}

/// Keys that were looked up, so that a page of lines about one debtor asks once.
type Keys = HashMap<(String, String), Option<PersonKey>>;

/// Opens something with the key of a party, of a person at one, or of a user; `None` when the key is gone, or was made
/// anew since.
async fn open_with(
    conn: &mut Conn,
    keys: &mut Keys,
    tenant_id: TenantId,
    (party, person): (&str, String),
    sealed: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let name = (party.to_string(), person);
    if !keys.contains_key(&name) {
        let key = match party {
            PARTY | STAFF => known_key(conn, tenant_id, party, &name.1).await?,
            _ => contact_key(conn, tenant_id, party, &name.1).await?,
        };
        keys.insert(name.clone(), key);
    }
    Ok(keys.get(&name).and_then(Option::as_ref).and_then(|key| key.open(sealed).ok()))
}

async fn opened(conn: &mut Conn, keys: &mut Keys, tenant_id: TenantId, row: LineRow) -> Result<LogLine, StoreError> {
    let by = row.user_id.map_or_else(|| STAFF.to_string(), |user| user.to_string());
    let mut personal: Option<Value> = None;
    let mut erased = false;
    if let Some(sealed) = &row.sealed {
        let party = row.party_id.map(|party| party.to_string());
        let plain = match (&party, sealed.split_once(' ')) {
            (Some(party), Some((contact, sealed))) => {
                open_with(conn, keys, tenant_id, (party.as_str(), contact.to_string()), sealed).await?
            }
            (Some(party), None) => open_with(conn, keys, tenant_id, (PARTY, party.clone()), sealed).await?,
            (None, _) => open_with(conn, keys, tenant_id, (STAFF, by.clone()), sealed).await?,
        };
        erased = plain.is_none();
        personal = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
    }
    if row.party_id.is_some()
        && let Some(fields) = personal.as_mut().and_then(Value::as_object_mut)
        && let Some(from) = fields.remove(FROM)
    {
        let plain = open_with(conn, keys, tenant_id, (STAFF, by), from.as_str().unwrap_or("")).await?;
        erased |= plain.is_none();
        if let Some(from) = plain.and_then(|plain| String::from_utf8(plain).ok()) {
            fields.insert(FROM.to_string(), json!(from));
        }
    }
    Ok(LogLine {
        number: row.number,
        at: row.at,
        via: row.via,
        user_id: row.user_id,
        user_name: row.user_name,
        verb: row.verb,
        noun: row.noun,
        subject: row.subject,
        facts: serde_json::from_str(&row.facts).map_err(StoreError::corrupt)?,
        personal,
        erased,
        previous_hash: row.previous_hash,
        hash: row.hash,
    })
}

/// Which lines are wanted; empty fields want all.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    pub user_id: Option<UserId>,
    pub noun: String,
    pub subject: String,
    /// Lines before this number, newest first; 0 from the newest.
    pub before: i64,
}

impl Store {
    /// Lines of the log, newest first.
    pub async fn audit_log(
        &self,
        tenant_id: TenantId,
        filter: &LogFilter,
        limit: i64,
    ) -> Result<Vec<LogLine>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{LINE} WHERE a.tenant_id = $1 AND ($2 = 0 OR a.number < $2) AND ($3 = '' OR a.noun = $3) \
             AND ($4 = '' OR a.subject = $4) AND ($5 = '' OR a.user_id = $5) ORDER BY a.number DESC LIMIT $6"
        );
        let user = filter.user_id.map_or_else(String::new, |id| id.to_string());
        let values = binds![tenant_id, filter.before, filter.noun.as_str(), filter.subject.as_str(), user, limit];
        let rows: Vec<LineRow> = fetch(&mut conn, &sql, values).await?;
        let mut lines = Vec::with_capacity(rows.len());
        let mut keys = Keys::new();
        for row in rows {
            lines.push(opened(&mut conn, &mut keys, tenant_id, row).await?);
        }
        Ok(lines)
    }

    /// Every line about a debtor and its merged halves, oldest first.
    pub async fn log_about(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<LogLine>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{LINE} WHERE a.tenant_id = $1 AND (a.party_id IN {HALVES} OR a.subject IN {HALVES}) ORDER BY a.number"
        );
        let rows: Vec<LineRow> = fetch(&mut conn, &sql, binds![tenant_id, party_id]).await?;
        let mut lines = Vec::with_capacity(rows.len());
        let mut keys = Keys::new();
        for row in rows {
            lines.push(opened(&mut conn, &mut keys, tenant_id, row).await?);
        }
        Ok(lines)
    }

    /// Follows the chain from its first line: every hash as it must be, no number missing, the end where the firm
    /// says it is. A page of lines at a time.
    pub async fn check_audit_log(&self, tenant_id: TenantId) -> Result<Option<BrokenChain>, StoreError> {
        let mut tx = self.snapshot().await?;
        let sql = format!("{LINE} WHERE a.tenant_id = $1 AND a.number > $2 ORDER BY a.number LIMIT 1000");
        let (mut number, mut hash) = (0_i64, String::new());
        loop {
            let rows: Vec<LineRow> = fetch(&mut tx, &sql, binds![tenant_id, number]).await?;
            let Some(last) = rows.last() else {
                break;
            };
            let end = last.number;
            for row in &rows {
                number += 1;
                let what = match () {
                    () if row.number != number => Some("a line is missing before it"),
                    () if row.previous_hash != hash => Some("it does not follow the line before it"),
                    () if row.hash != hashed(&tx.key, tenant_id, row) => Some("it was changed after it was written"),
                    () => None,
                };
                if let Some(what) = what {
                    return Ok(Some(BrokenChain { number: row.number, what }));
                }
                hash.clone_from(&row.hash);
            }
            number = end;
        }
        let sql = "SELECT log_number, log_hash FROM tenant WHERE id = $1";
        let head: Option<(i64, String)> = fetch_one(&mut tx, sql, binds![tenant_id]).await?;
        tx.commit().await?;
        let whole = head.is_none_or(|head| head == (number, hash));
        Ok((!whole).then_some(BrokenChain { number, what: "lines after it are missing" }))
    }
}
