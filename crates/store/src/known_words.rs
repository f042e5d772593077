//! By which words somebody is known here: what is sealed of them, what they were called before, and whom their orders go
//! to. Read before they are forgotten, because afterwards nobody can tell any more which texts named them.

use serde_json::Value;

use dunlin_core::ids::{ContactId, PartyId, TenantId};
use dunlin_core::names::Names;
use dunlin_core::party::Person;

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_one};
use crate::erasing::ERASED;
use crate::order_asks::delivery_words;
use crate::seal::open_person;
use crate::{Commit, Store, StoreError};

/// Rows that are read at once: there may be years of them.
const AT_ONCE: i64 = 2_000;

/// A debtor with everybody who turned out to be the same one; `$2` is the one that stays.
pub(crate) const HALVES: &str =
    "(SELECT p.id FROM party p WHERE p.tenant_id = $1 AND (p.id = $2 OR p.merged_into = $2))";

fn words_of(person: Person) -> Vec<String> {
    let Person { name, email, phone, whatsapp, in_site_id } = person;
    [Some(name), email, phone, whatsapp, in_site_id].into_iter().flatten().collect()
}

/// Of a person at a debtor, as they are and as they were; nothing of one who is erased.
async fn words_of_contact(
    conn: &mut Conn,
    tenant_id: TenantId,
    party_id: PartyId,
    id: ContactId,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT c.sealed, k.secret FROM contact c JOIN person_key k ON k.tenant_id = c.tenant_id \
               AND k.party_id = c.party_id AND k.contact_id = c.id WHERE c.tenant_id = $1 AND c.party_id = $2 \
               AND c.id = $3 AND c.sealed <> ''";
    let row: Option<(String, String)> = fetch_one(conn, sql, binds![tenant_id, party_id, id]).await?;
    let Some((sealed, secret)) = row else { return Ok(Vec::new()) };
    let mut words = words_of(open_person(&conn.key, &sealed, &secret)?);
    let sql = "SELECT h.image FROM history h WHERE h.tenant_id = $1 AND h.noun = 'contact' AND h.row_id = $2";
    let images: Vec<(String,)> = fetch(conn, sql, binds![tenant_id, id.to_string()]).await?;
    for (image,) in images {
        let image: Value = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
        // Other marks of a person are kept without the person.
        let Some(sealed) = image["sealed"].as_str().filter(|sealed| !sealed.is_empty()) else { continue };
        words.extend(words_of(open_person(&conn.key, sealed, &secret)?));
    }
    Ok(words)
}

pub(crate) async fn names_of_contact(
    conn: &mut Conn,
    tenant_id: TenantId,
    party_id: PartyId,
    id: ContactId,
) -> Result<Names, StoreError> {
    Ok(Names::of(words_of_contact(conn, tenant_id, party_id, id).await?))
}

/// Of a debtor with all its people and its merged halves.
pub(crate) async fn names_of_party(conn: &mut Conn, tenant_id: TenantId, id: PartyId) -> Result<Names, StoreError> {
    let mut words = Vec::new();
    let sql = format!("SELECT p.name FROM party p WHERE p.tenant_id = $1 AND p.id IN {HALVES}");
    let names: Vec<(String,)> = fetch(conn, &sql, binds![tenant_id, id]).await?;
    words.extend(names.into_iter().map(|(name,)| name));
    let sql =
        format!("SELECT h.image FROM history h WHERE h.tenant_id = $1 AND h.noun = 'party' AND h.row_id IN {HALVES}");
    let images: Vec<(String,)> = fetch(conn, &sql, binds![tenant_id, id]).await?;
    for (image,) in images {
        let image: Value = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
        words.extend(image["name"].as_str().map(str::to_string));
    }
    // A number alone may be anything in a text: an amount, an order.
    let sql = format!(
        "SELECT x.external_id FROM external_identity x WHERE x.tenant_id = $1 AND x.noun = 'party' \
         AND x.row_id IN {HALVES}"
    );
    let accounts: Vec<(String,)> = fetch(conn, &sql, binds![tenant_id, id]).await?;
    words.extend(accounts.into_iter().map(|(account,)| account).filter(|it| it.chars().any(char::is_alphabetic)));
    let sql = format!("SELECT c.party_id, c.id FROM contact c WHERE c.tenant_id = $1 AND c.party_id IN {HALVES}");
    let contacts: Vec<(PartyId, ContactId)> = fetch(conn, &sql, binds![tenant_id, id]).await?;
    for (party_id, contact) in contacts {
        words.extend(words_of_contact(conn, tenant_id, party_id, contact).await?);
    }
    words.extend(delivery_words(conn, tenant_id, id).await?);
    words.retain(|word| word != ERASED);
    Ok(Names::of(words))
}

/// The same words for texts that are not about their own debtor: without names that somebody else bears too. Everybody is
/// looked at, which takes as long as it takes: that somebody is forgotten is rare.
pub(crate) async fn elsewhere(
    conn: &mut Conn,
    tenant_id: TenantId,
    own: PartyId,
    names: &Names,
) -> Result<Names, StoreError> {
    let mut away = names.elsewhere();
    let mut last = PartyId(0);
    while !away.is_empty() {
        let sql = format!(
            "SELECT p.id, p.name FROM party p WHERE p.tenant_id = $1 AND p.id > $3 AND (p.is_consumer = 0 OR p.id NOT IN \
             {HALVES}) ORDER BY p.id LIMIT $4"
        );
        let rows: Vec<(PartyId, String)> = fetch(conn, &sql, binds![tenant_id, own, last, AT_ONCE]).await?;
        let Some((id, _)) = rows.last() else { break };
        last = *id;
        rows.iter().for_each(|(_, name)| away.drop_shared(name));
    }
    let mut last = ContactId(0);
    while !away.is_empty() {
        let sql = format!(
            "SELECT c.id, c.sealed, k.secret FROM contact c JOIN person_key k ON k.tenant_id = c.tenant_id \
             AND k.party_id = c.party_id AND k.contact_id = c.id WHERE c.tenant_id = $1 AND c.id > $3 AND c.sealed <> '' \
             AND c.party_id NOT IN {HALVES} ORDER BY c.id LIMIT $4"
        );
        let rows: Vec<(ContactId, String, String)> = fetch(conn, &sql, binds![tenant_id, own, last, AT_ONCE]).await?;
        let Some((id, ..)) = rows.last() else { break };
        last = *id;
        for (_, sealed, secret) in &rows {
            away.drop_shared(&open_person(&conn.key, sealed, secret)?.name);
        }
    }
    Ok(away)
}

impl Store {
    /// The words by which a person at a debtor is known in files and at other debtors; none once they are erased.
    pub async fn names_of_contact(
        &self,
        tenant_id: TenantId,
        party_id: PartyId,
        id: ContactId,
    ) -> Result<Names, StoreError> {
        let mut conn = self.conn().await?;
        let names = names_of_contact(&mut conn, tenant_id, party_id, id).await?;
        elsewhere(&mut conn, tenant_id, party_id, &names).await
    }

    /// The words by which a debtor, its people and its merged halves are known in files and at other debtors.
    pub async fn names_of_party(&self, tenant_id: TenantId, id: PartyId) -> Result<Names, StoreError> {
        let mut conn = self.conn().await?;
        let names = names_of_party(&mut conn, tenant_id, id).await?;
        elsewhere(&mut conn, tenant_id, id, &names).await
    }
}

impl Commit {
    pub(crate) async fn names_of_contact(&mut self, party_id: PartyId, id: ContactId) -> Result<Names, StoreError> {
        names_of_contact(&mut self.tx, self.tenant_id, party_id, id).await
    }

    pub(crate) async fn names_of_party(&mut self, id: PartyId) -> Result<Names, StoreError> {
        names_of_party(&mut self.tx, self.tenant_id, id).await
    }

    pub(crate) async fn elsewhere(&mut self, own: PartyId, names: &Names) -> Result<Names, StoreError> {
        elsewhere(&mut self.tx, self.tenant_id, own, names).await
    }
}
