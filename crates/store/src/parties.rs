//! Parties and their external identities; their people are in `contacts`. Every correction leaves the earlier row in
//! `history`.

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::PartyId;
use dunlin_core::matching::names::NameKey;

use crate::bind::binds;
use crate::conn::fetch_one;
use crate::dialect::flag;
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

#[derive(Deserialize)]
struct PartyRow {
    id: PartyId,
    name: String,
    country: String,
    language: Option<String>,
    #[serde(with = "flag")]
    is_consumer: bool,
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
}

fn name_key(name: &str) -> String {
    NameKey::new(name).as_str().to_string()
}
