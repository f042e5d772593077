//! Parties, their external identities and their people. Every correction leaves the earlier row in `history`.

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::matching::names::NameKey;
use dunlin_core::party::{ContactRole, Person};

use crate::bind::binds;
use crate::conn::{fetch, fetch_one};
use crate::dialect::flag;
use crate::seal::{PersonKey, open_person, seal_person};
use crate::suppressions::listed_for;
use crate::ways::write_ways;
use crate::{Commit, StoreError};

/// What an import knows of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyFields {
    pub name: String,
    pub country: String,
    pub language: Option<String>,
    pub is_consumer: bool,
}

/// A party found under a name of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct FoundParty {
    pub id: PartyId,
    /// The name is that of a party that was merged into this one: what is said under it corrects nothing.
    #[serde(with = "flag")]
    pub is_former: bool,
}

/// What an import knows of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactFields {
    pub name: String,
    pub role: ContactRole,
    pub language: Option<String>,
    pub time_zone: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub in_site_id: Option<String>,
}

#[derive(Deserialize)]
struct PartyRow {
    id: PartyId,
    name: String,
    country: String,
    language: Option<String>,
    #[serde(with = "flag")]
    is_consumer: bool,
}

#[derive(Deserialize)]
struct ContactRow {
    id: ContactId,
    role: String,
    language: Option<String>,
    time_zone: Option<String>,
    sealed: String,
    secret: String,
}

impl Commit {
    /// Finds the party known under an external id; of a party that was merged, the one it is now.
    pub async fn find_party(&mut self, source: &str, external_id: &str) -> Result<Option<FoundParty>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT COALESCE(p.merged_into, p.id), CASE WHEN p.merged_into IS NULL THEN 0 ELSE 1 END \
                   FROM external_identity x JOIN party p ON p.tenant_id = x.tenant_id AND p.id = x.row_id \
                   WHERE x.tenant_id = $1 AND x.noun = 'party' AND x.source = $2 AND x.external_id = $3";
        fetch_one(&mut self.tx, sql, binds![tenant_id, source, external_id]).await
    }

    pub async fn add_party(
        &mut self,
        source: &str,
        external_id: &str,
        fields: &PartyFields,
        today: Date,
    ) -> Result<PartyId, StoreError> {
        let id = PartyId(self.ids.make());
        let number = self.numbers("party", 1).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO party (tenant_id, id, number, name, name_key, country, language, is_consumer, \
                   blacklisted, effective_on, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)";
        let values = binds![
            tenant_id,
            id,
            number,
            fields.name.as_str(),
            name_key(&fields.name),
            fields.country.as_str(),
            fields.language.clone(),
            fields.is_consumer,
            today,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        let sql = "INSERT INTO external_identity (tenant_id, noun, source, external_id, row_id) \
                   VALUES ($1, 'party', $2, $3, $4)";
        self.execute(sql, binds![tenant_id, source, external_id, id]).await?;
        Ok(id)
    }

    /// Corrects a party; the fields that differed, as (field, before, after).
    pub async fn correct_party(
        &mut self,
        id: PartyId,
        fields: &PartyFields,
    ) -> Result<Vec<(&'static str, String, String)>, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "SELECT id, name, country, language, is_consumer FROM party WHERE tenant_id = $1 AND id = $2";
        let row: Option<PartyRow> = fetch_one(&mut self.tx, sql, binds![tenant_id, id]).await?;
        let row = row.ok_or_else(|| StoreError::not_found("party", id.to_string()))?;
        let mut changes = Vec::new();
        let mut compare = |field, before: &str, after: &str| {
            if !after.is_empty() && before != after {
                changes.push((field, before.to_string(), after.to_string()));
            }
        };
        compare("name", &row.name, &fields.name);
        compare("country", &row.country, &fields.country);
        compare("language", row.language.as_deref().unwrap_or(""), fields.language.as_deref().unwrap_or(""));
        if changes.is_empty() {
            return Ok(changes);
        }
        let image = serde_json::json!({"id": row.id, "name": row.name, "country": row.country,
            "language": row.language, "is_consumer": row.is_consumer});
        self.keep_history(Some(id), "party", &id.to_string(), image).await?;
        let pick = |before: String, after: &str| if after.is_empty() { before } else { after.to_string() };
        let name = pick(row.name, &fields.name);
        let sql = "UPDATE party SET name = $3, name_key = $4, country = $5, language = $6, recorded_at = $7, seq = $8 \
                   WHERE tenant_id = $1 AND id = $2";
        let values = binds![
            tenant_id,
            id,
            name.as_str(),
            name_key(&name),
            pick(row.country, &fields.country),
            fields.language.clone().or(row.language),
            now,
            seq
        ];
        self.execute(sql, values).await?;
        self.wake_party(id).await?;
        Ok(changes)
    }

    /// Adds or corrects a person. Persons of a party are the same when an address, or name and role, agree.
    pub async fn upsert_contact(
        &mut self,
        party_id: PartyId,
        fields: &ContactFields,
        today: Date,
    ) -> Result<bool, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT c.id, c.role, c.language, c.time_zone, c.sealed, k.secret FROM contact c \
                   JOIN person_key k ON k.tenant_id = c.tenant_id AND k.party_id = c.party_id AND k.contact_id = c.id \
                   WHERE c.tenant_id = $1 AND c.party_id = $2 ORDER BY c.id";
        let rows: Vec<ContactRow> = fetch(&mut self.tx, sql, binds![tenant_id, party_id]).await?;
        for row in rows {
            let key = self.tx.key.person(&row.secret)?;
            let known = open_person(&self.tx.key, &row.sealed, &row.secret)?;
            if !same_person(&known, &row.role, fields) {
                continue;
            }
            return self.correct_contact(party_id, row, known, &key, fields).await;
        }
        let id = ContactId(self.ids.make());
        let (secret, key) = self.tx.key.new_person()?;
        let personal = Person {
            name: fields.name.clone(),
            email: fields.email.clone(),
            phone: fields.phone.clone(),
            in_site_id: fields.in_site_id.clone(),
        };
        let (now, seq) = (self.now, self.seq);
        let sealed = seal_person(&key, &personal)?;
        // Whatever a file or a form says of it, an address on the list stays on the list.
        let listed = listed_for(&mut self.tx, tenant_id, &personal).await?;
        let sql = "INSERT INTO contact (tenant_id, party_id, id, role, language, time_zone, objected, sealed, \
                   effective_on, recorded_at, seq, ways, suppressed) \
                   VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12)";
        let values = binds![
            tenant_id,
            party_id,
            id,
            fields.role.code(),
            fields.language.clone(),
            fields.time_zone.clone(),
            sealed,
            today,
            now,
            seq,
            write_ways(personal.ways()),
            listed
        ];
        self.execute(sql, values).await?;
        let sql = "INSERT INTO person_key (tenant_id, party_id, contact_id, secret) VALUES ($1, $2, $3, $4)";
        self.execute(sql, binds![tenant_id, party_id, id, secret]).await?;
        self.wake_party(party_id).await?;
        Ok(true)
    }

    async fn correct_contact(
        &mut self,
        party_id: PartyId,
        row: ContactRow,
        known: Person,
        key: &PersonKey,
        fields: &ContactFields,
    ) -> Result<bool, StoreError> {
        let merged = Person {
            name: if fields.name.is_empty() { known.name.clone() } else { fields.name.clone() },
            email: fields.email.clone().or(known.email.clone()),
            phone: fields.phone.clone().or(known.phone.clone()),
            in_site_id: fields.in_site_id.clone().or(known.in_site_id.clone()),
        };
        let language = fields.language.clone().or(row.language.clone());
        let time_zone = fields.time_zone.clone().or(row.time_zone.clone());
        let role = if fields.role == ContactRole::Buyer { row.role.clone() } else { fields.role.code().to_string() };
        let unchanged = merged.name == known.name
            && merged.email == known.email
            && merged.phone == known.phone
            && merged.in_site_id == known.in_site_id
            && language == row.language
            && time_zone == row.time_zone
            && role == row.role;
        if unchanged {
            return Ok(false);
        }
        // The image stays sealed under the person's key, so that erasure reaches it too.
        let image = serde_json::json!({"role": row.role, "language": row.language, "time_zone": row.time_zone,
            "sealed": row.sealed, "ways": write_ways(known.ways())});
        self.keep_history(Some(party_id), "contact", &row.id.to_string(), image).await?;
        let sealed = seal_person(key, &merged)?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let listed = listed_for(&mut self.tx, tenant_id, &merged).await?;
        let sql = "UPDATE contact SET role = $4, language = $5, time_zone = $6, sealed = $7, recorded_at = $8, seq = $9, \
                   ways = $10, suppressed = $11 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        let ways = write_ways(merged.ways());
        let values = binds![tenant_id, party_id, row.id, role, language, time_zone, sealed, now, seq, ways, listed];
        self.execute(sql, values).await?;
        self.wake_party(party_id).await?;
        Ok(true)
    }
}

fn name_key(name: &str) -> String {
    NameKey::new(name).as_str().to_string()
}

fn same_person(known: &Person, role: &str, fields: &ContactFields) -> bool {
    let same = |a: &Option<String>, b: &Option<String>| {
        a.is_some() && a.as_deref().map(str::to_lowercase) == b.as_deref().map(str::to_lowercase)
    };
    same(&known.email, &fields.email)
        || same(&known.in_site_id, &fields.in_site_id)
        || (!fields.name.is_empty()
            && known.name == fields.name
            && (role == fields.role.code() || fields.email.is_none()))
}
