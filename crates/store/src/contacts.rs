//! The people of a party: added, changed, retired and brought back. Every change leaves the earlier row in `history`,
//! sealed under the person's key as before, so that erasing the person reaches it too.
//!
//! What people here entered is kept by field in `by_hand`: a file that says otherwise is told so and changes nothing
//! of it. Whether a file may is for the import to ask; here both kinds of change are written.

use serde::Deserialize;

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::ids::{ContactId, PartyId, TenantId};
use dunlin_core::party::{ContactRole, Person};
use dunlin_core::refusal::{Refusal, RefusalCode};

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::micros;
use crate::seal::{open_person, seal_person};
use crate::suppressions::listed_for;
use crate::ways::write_ways;
use crate::{Commit, Store, StoreError};

/// What is said of a person. In a file an empty field says nothing; in a form it takes the value away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactFields {
    pub name: String,
    pub role: ContactRole,
    pub language: Option<String>,
    pub time_zone: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub whatsapp: Option<String>,
    pub in_site_id: Option<String>,
}

/// A person as known, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownContact {
    pub id: ContactId,
    pub fields: ContactFields,
    /// Since when nobody writes to them any more.
    pub retired_at: Option<Timestamp>,
    /// Codes of the fields that people here entered.
    pub by_hand: Vec<String>,
    /// Names, addresses and handles they had before somebody here changed them, in lower case.
    former: Vec<String>,
}

impl KnownContact {
    /// Whether a file means this person: an address or handle agrees, of now or of before somebody changed it by hand; or
    /// the name does, and the role unless there is no address to tell by. A file that has another address for them
    /// corrects it.
    pub fn is_same(&self, other: &ContactFields) -> bool {
        self.is_reached_as(other) || self.is_named_as(other)
    }

    /// Whether somebody who is entered is this person. Two of one name who have an address each are two.
    pub fn is_entered_as(&self, other: &ContactFields) -> bool {
        let one_has_none = self.fields.email.is_none() || other.email.is_none();
        self.is_reached_as(other) || (one_has_none && self.is_named_as(other))
    }

    /// Whether they had this text before somebody changed it.
    fn was(&self, text: Option<&str>) -> bool {
        text.is_some_and(|text| self.former.iter().any(|former| *former == text.to_lowercase()))
    }

    fn is_reached_as(&self, other: &ContactFields) -> bool {
        let known = &self.fields;
        let same = |a: &Option<String>, b: &Option<String>| {
            a.is_some() && a.as_deref().map(str::to_lowercase) == b.as_deref().map(str::to_lowercase)
        };
        same(&known.email, &other.email)
            || same(&known.in_site_id, &other.in_site_id)
            || self.was(other.email.as_deref())
            || self.was(other.in_site_id.as_deref())
    }

    fn is_named_as(&self, other: &ContactFields) -> bool {
        let known = &self.fields;
        !other.name.is_empty()
            && (known.name == other.name || self.was(Some(&other.name)))
            && (known.role == other.role || other.email.is_none())
    }

    pub fn is_by_hand(&self, field: &str) -> bool {
        self.by_hand.iter().any(|known| known == field)
    }
}

#[derive(Deserialize)]
struct ContactRow {
    id: ContactId,
    role: String,
    language: Option<String>,
    time_zone: Option<String>,
    sealed: String,
    by_hand: String,
    #[serde(with = "micros::maybe")]
    retired_at: Option<Timestamp>,
    seq: i64,
    secret: String,
}

const CONTACT: &str = "SELECT c.id, c.role, c.language, c.time_zone, c.sealed, c.by_hand, c.retired_at, c.seq, k.secret \
    FROM contact c JOIN person_key k ON k.tenant_id = c.tenant_id AND k.party_id = c.party_id AND k.contact_id = c.id \
    WHERE c.tenant_id = $1 AND c.party_id = $2";

impl ContactRow {
    fn fields(&self, person: Person) -> Result<ContactFields, StoreError> {
        Ok(ContactFields {
            name: person.name,
            role: ContactRole::from_code(&self.role).ok_or_else(|| StoreError::corrupt(&self.role))?,
            language: self.language.clone(),
            time_zone: self.time_zone.clone(),
            email: person.email,
            phone: person.phone,
            whatsapp: person.whatsapp,
            in_site_id: person.in_site_id,
        })
    }

    /// As `history` keeps it. It stays sealed under the person's key, so that erasure reaches it too.
    fn image(&self, person: &Person) -> serde_json::Value {
        serde_json::json!({"role": self.role, "language": self.language, "time_zone": self.time_zone,
            "sealed": self.sealed, "ways": write_ways(person.ways()), "by_hand": self.by_hand,
            "retired_at": self.retired_at.map(Timestamp::as_microsecond)})
    }
}

fn person_of(fields: &ContactFields) -> Person {
    Person {
        name: fields.name.clone(),
        email: fields.email.clone(),
        phone: fields.phone.clone(),
        whatsapp: fields.whatsapp.clone(),
        in_site_id: fields.in_site_id.clone(),
    }
}

/// Codes of the fields in which two differ.
fn differing(before: &ContactFields, after: &ContactFields) -> Vec<&'static str> {
    let compared = [
        ("name", before.name == after.name),
        ("role", before.role == after.role),
        ("language", before.language == after.language),
        ("time_zone", before.time_zone == after.time_zone),
        ("email", before.email == after.email),
        ("phone", before.phone == after.phone),
        ("whatsapp", before.whatsapp == after.whatsapp),
        ("login", before.in_site_id == after.in_site_id),
    ];
    compared.into_iter().filter(|(_, agrees)| !agrees).map(|(field, _)| field).collect()
}

/// Codes of the fields that say something.
fn said(fields: &ContactFields) -> Vec<&'static str> {
    let nothing = ContactFields {
        name: String::new(),
        role: ContactRole::Buyer,
        language: None,
        time_zone: None,
        email: None,
        phone: None,
        whatsapp: None,
        in_site_id: None,
    };
    differing(&nothing, fields)
}

/// `email,phone` and some more, each once.
pub(crate) fn and_by_hand(before: &str, more: &[&str]) -> String {
    let mut all: Vec<&str> = before.split(',').filter(|field| !field.is_empty()).collect();
    for field in more {
        if !all.contains(field) {
            all.push(field);
        }
    }
    all.join(",")
}

/// The people of a party that were not erased, oldest first, the retired among them.
async fn known(conn: &mut Conn, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<KnownContact>, StoreError> {
    let sql = format!("{CONTACT} ORDER BY c.id");
    let rows: Vec<ContactRow> = fetch(conn, &sql, binds![tenant_id, party_id]).await?;
    let mut contacts = Vec::with_capacity(rows.len());
    for row in rows {
        let person = open_person(&conn.key, &row.sealed, &row.secret)?;
        let changed = row.by_hand.split(',').any(|field| matches!(field, "name" | "email" | "login"));
        let former = if changed { former(conn, tenant_id, &row, &person).await? } else { Vec::new() };
        contacts.push(KnownContact {
            id: row.id,
            fields: row.fields(person)?,
            retired_at: row.retired_at,
            by_hand: row.by_hand.split(',').filter(|field| !field.is_empty()).map(str::to_string).collect(),
            former,
        });
    }
    Ok(contacts)
}

/// Names, addresses and handles that a person had.
async fn former(
    conn: &mut Conn,
    tenant_id: TenantId,
    row: &ContactRow,
    now: &Person,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT image FROM history WHERE tenant_id = $1 AND noun = 'contact' AND row_id = $2";
    let images: Vec<(String,)> = fetch(conn, sql, binds![tenant_id, row.id.to_string()]).await?;
    let mut former = Vec::new();
    for (image,) in images {
        let image: serde_json::Value = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
        // Other marks of a person are kept without the person.
        let Some(sealed) = image["sealed"].as_str().filter(|sealed| !sealed.is_empty()) else { continue };
        let then = open_person(&conn.key, sealed, &row.secret)?;
        let (name, name_now) = (Some(then.name).filter(|name| !name.is_empty()), Some(now.name.clone()));
        for (was, is) in [(then.email, &now.email), (then.in_site_id, &now.in_site_id), (name, &name_now)] {
            former.extend(was.filter(|was| is.as_ref() != Some(was)).map(|was| was.to_lowercase()));
        }
    }
    Ok(former)
}

impl Store {
    /// The people of a party that were not erased, oldest first, the retired among them.
    pub async fn contacts_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<KnownContact>, StoreError> {
        let mut conn = self.conn().await?;
        known(&mut conn, tenant_id, party_id).await
    }
}

impl Commit {
    /// The people of a party that were not erased, oldest first, the retired among them.
    pub async fn contacts_of(&mut self, party_id: PartyId) -> Result<Vec<KnownContact>, StoreError> {
        known(&mut self.tx, self.tenant_id, party_id).await
    }

    /// Adds a person. What people here say of them is kept as such.
    pub async fn add_contact(
        &mut self,
        party_id: PartyId,
        fields: &ContactFields,
        by_hand: bool,
        today: Date,
    ) -> Result<ContactId, StoreError> {
        let id = ContactId(self.ids.make());
        let (secret, key) = self.tx.key.new_person()?;
        let person = person_of(fields);
        let by_hand = if by_hand { said(fields).join(",") } else { String::new() };
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sealed = seal_person(&key, &person)?;
        // Whatever a file or a form says of it, an address on the list stays on the list.
        let listed = listed_for(&mut self.tx, tenant_id, &person).await?;
        let sql = "INSERT INTO contact (tenant_id, party_id, id, role, language, time_zone, objected, sealed, \
                   effective_on, recorded_at, seq, ways, by_hand, suppressed) \
                   VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $13)";
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
            write_ways(person.ways()),
            by_hand,
            listed
        ];
        self.execute(sql, values).await?;
        let sql = "INSERT INTO person_key (tenant_id, party_id, contact_id, secret) VALUES ($1, $2, $3, $4)";
        self.execute(sql, binds![tenant_id, party_id, id, secret]).await?;
        self.wake_party(party_id).await?;
        Ok(id)
    }

    /// What a file says more or otherwise of a person; what it does not say stays. `false`: nothing is new.
    pub async fn correct_contact(
        &mut self,
        party_id: PartyId,
        id: ContactId,
        said: &ContactFields,
    ) -> Result<bool, StoreError> {
        let row = self.contact_row(party_id, id).await?;
        let before = row.fields(open_person(&self.tx.key, &row.sealed, &row.secret)?)?;
        let after = ContactFields {
            name: if said.name.is_empty() { before.name.clone() } else { said.name.clone() },
            role: if said.role == ContactRole::Buyer { before.role } else { said.role },
            language: said.language.clone().or_else(|| before.language.clone()),
            time_zone: said.time_zone.clone().or_else(|| before.time_zone.clone()),
            email: said.email.clone().or_else(|| before.email.clone()),
            phone: said.phone.clone().or_else(|| before.phone.clone()),
            whatsapp: said.whatsapp.clone().or_else(|| before.whatsapp.clone()),
            in_site_id: said.in_site_id.clone().or_else(|| before.in_site_id.clone()),
        };
        if before == after {
            return Ok(false);
        }
        let by_hand = row.by_hand.clone();
        self.write_contact(party_id, &row, &after, (row.retired_at, &by_hand)).await?;
        Ok(true)
    }

    /// A person as somebody here says they are, every field of them. Returns which fields differed.
    pub async fn change_contact(
        &mut self,
        party_id: PartyId,
        id: ContactId,
        after: &ContactFields,
    ) -> Result<Vec<&'static str>, StoreError> {
        let row = self.contact_row(party_id, id).await?;
        let before = row.fields(open_person(&self.tx.key, &row.sealed, &row.secret)?)?;
        let changed = differing(&before, after);
        if !changed.is_empty() {
            let by_hand = and_by_hand(&row.by_hand, &changed);
            self.write_contact(party_id, &row, after, (row.retired_at, &by_hand)).await?;
        }
        Ok(changed)
    }

    /// Nobody writes to a person any more, or again. `false`: it was so already.
    pub async fn set_retired(&mut self, party_id: PartyId, id: ContactId, retired: bool) -> Result<bool, StoreError> {
        let row = self.contact_row(party_id, id).await?;
        if row.retired_at.is_some() == retired {
            return Ok(false);
        }
        let fields = row.fields(open_person(&self.tx.key, &row.sealed, &row.secret)?)?;
        let (at, by_hand) = (retired.then_some(self.now), row.by_hand.clone());
        self.write_contact(party_id, &row, &fields, (at, &by_hand)).await?;
        Ok(true)
    }

    /// Takes the last change of a person back. `false`: it was not the last thing that happened to them.
    pub async fn undo_contact(&mut self, party_id: PartyId, id: ContactId, seq: i64) -> Result<bool, StoreError> {
        #[derive(Deserialize)]
        struct Image {
            role: String,
            language: Option<String>,
            time_zone: Option<String>,
            sealed: String,
            by_hand: String,
            retired_at: Option<i64>,
        }
        let row = self.contact_row(party_id, id).await?;
        let tenant_id = self.tenant_id;
        let sql = "SELECT image FROM history WHERE tenant_id = $1 AND noun = 'contact' AND row_id = $2 AND seq = $3";
        let image: Option<(String,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, id.to_string(), seq]).await?;
        let (Some((image,)), true) = (image, row.seq == seq) else {
            return Ok(false);
        };
        // Images of other marks (an objection, a clock) do not hold the whole person.
        let Ok(image) = serde_json::from_str::<Image>(&image) else {
            return Ok(false);
        };
        let person = open_person(&self.tx.key, &image.sealed, &row.secret)?;
        let fields = ContactFields {
            name: person.name,
            role: ContactRole::from_code(&image.role).ok_or_else(|| StoreError::corrupt(&image.role))?,
            language: image.language,
            time_zone: image.time_zone,
            email: person.email,
            phone: person.phone,
            whatsapp: person.whatsapp,
            in_site_id: person.in_site_id,
        };
        let retired = image.retired_at.map(Timestamp::from_microsecond).transpose().map_err(StoreError::corrupt)?;
        self.write_contact(party_id, &row, &fields, (retired, &image.by_hand)).await?;
        Ok(true)
    }

    async fn contact_row(&mut self, party_id: PartyId, id: ContactId) -> Result<ContactRow, StoreError> {
        let sql = format!("{CONTACT} AND c.id = $3");
        let row = fetch_one(&mut self.tx, &sql, binds![self.tenant_id, party_id, id]).await?;
        // Of an erased person there is nothing left to change.
        row.ok_or_else(|| Refusal::new(RefusalCode::PersonMissing).into())
    }

    async fn write_contact(
        &mut self,
        party_id: PartyId,
        row: &ContactRow,
        after: &ContactFields,
        (retired_at, by_hand): (Option<Timestamp>, &str),
    ) -> Result<(), StoreError> {
        let before = open_person(&self.tx.key, &row.sealed, &row.secret)?;
        self.keep_history(Some(party_id), "contact", &row.id.to_string(), row.image(&before)).await?;
        let person = person_of(after);
        let key = self.tx.key.person(&row.secret)?;
        let sealed = seal_person(&key, &person)?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let listed = listed_for(&mut self.tx, tenant_id, &person).await?;
        let sql = "UPDATE contact SET role = $4, language = $5, time_zone = $6, sealed = $7, recorded_at = $8, seq = $9, \
                   ways = $10, retired_at = $11, by_hand = $12, suppressed = $13 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        let values = binds![
            tenant_id,
            party_id,
            row.id,
            after.role.code(),
            after.language.clone(),
            after.time_zone.clone(),
            sealed,
            now,
            seq,
            write_ways(person.ways()),
            retired_at.map(Timestamp::as_microsecond),
            by_hand,
            listed
        ];
        self.execute(sql, values).await?;
        self.wake_party(party_id).await
    }
}
