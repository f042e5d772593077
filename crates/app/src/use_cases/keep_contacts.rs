//! The people at a debtor, as somebody here knows them: added, changed, retired, brought back. What is said by hand
//! holds against files, which say so when they differ.

use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::party::{ContactRole, Language};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Commit, ContactFields, KnownContact, LogEntry};

use super::standing_facts::cancel_wrong_letters;
use super::unpaid_why::fitting_words;
use crate::house::House;

/// Longest value of a field, in characters: the longest address there can be (RFC 5321).
const MOST_CHARS: usize = 254;

/// A person as a form gives them.
#[derive(Debug, Clone, Default)]
pub struct PersonForm {
    pub name: String,
    /// Code of a role; empty: whoever orders.
    pub role: String,
    pub email: String,
    pub phone: String,
    pub whatsapp: String,
    /// Account name on the marketplace.
    pub in_site_id: String,
    /// Empty: that of the debtor or its country.
    pub language: String,
    /// A name of the IANA database; empty: that of the country.
    pub time_zone: String,
}

/// A change of a person, and by what it can be taken back.
#[derive(Debug, Clone)]
pub struct ContactChanged {
    pub id: ContactId,
    pub seq: i64,
    /// Codes of the fields that differ now.
    pub fields: Vec<&'static str>,
    pub letters_cancelled: usize,
}

/// The people of a debtor, oldest first, those who are not written to any more among them.
pub async fn list_contacts(house: &House, party_id: PartyId) -> anyhow::Result<Vec<KnownContact>> {
    Ok(house.store.contacts_of(house.tenant.id, party_id).await?)
}

/// The person named by name, address, handle or id, whatever the case of its letters; also one who is retired.
pub async fn find_contact(house: &House, party_id: PartyId, who: &str) -> anyhow::Result<KnownContact> {
    let (number, _) = house.store.party_name(house.tenant.id, party_id).await?;
    let known = list_contacts(house, party_id).await?;
    let wanted = who.trim().to_lowercase();
    let is_meant = |one: &&KnownContact| names(one).iter().any(|name| name.to_lowercase() == wanted);
    // Of two with one name the one who is written to is meant.
    let found = known.iter().filter(is_meant).min_by_key(|one| one.retired_at.is_some());
    found.cloned().ok_or_else(|| {
        let all: Vec<String> = known.iter().filter_map(|one| names(one).into_iter().next()).collect();
        let all = if all.is_empty() { "–".to_string() } else { all.join(", ") };
        Refusal::new(RefusalCode::ContactUnknown).with("number", number).with("who", who).with("known", all).into()
    })
}

/// All by which somebody can be named; the name first.
fn names(one: &KnownContact) -> Vec<String> {
    let fields = &one.fields;
    let ways = [&fields.email, &fields.phone, &fields.whatsapp, &fields.in_site_id];
    let all = [fields.name.clone()].into_iter().chain(ways.into_iter().flatten().cloned());
    all.chain([one.id.to_string()]).filter(|name| !name.is_empty()).collect()
}

/// The form as one that changes this person would begin: a field that is not touched stays.
pub fn form_of(known: &KnownContact) -> PersonForm {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let fields = &known.fields;
    PersonForm {
        name: fields.name.clone(),
        role: fields.role.code().to_string(),
        email: text(&fields.email),
        phone: text(&fields.phone),
        whatsapp: text(&fields.whatsapp),
        in_site_id: text(&fields.in_site_id),
        language: text(&fields.language),
        time_zone: text(&fields.time_zone),
    }
}

fn read_form(form: &PersonForm) -> anyhow::Result<ContactFields> {
    let some = |text: &str| Some(text.trim().to_string()).filter(|text| !text.is_empty());
    let all = [&form.name, &form.email, &form.phone, &form.whatsapp, &form.in_site_id, &form.language, &form.time_zone];
    if all.iter().any(|text| text.chars().count() > MOST_CHARS) {
        return Err(Refusal::new(RefusalCode::WordsLong).with("most", MOST_CHARS as i64).into());
    }
    let (email, phone) = (some(&form.email), some(&form.phone));
    let (whatsapp, in_site_id) = (some(&form.whatsapp), some(&form.in_site_id));
    if [&email, &phone, &whatsapp, &in_site_id].into_iter().all(Option::is_none) {
        return Err(Refusal::new(RefusalCode::ContactUnreachable).into());
    }
    if let Some(email) = email.as_deref().filter(|email| !dunlin_channels::is_address(email)) {
        return Err(Refusal::new(RefusalCode::NotAnAddress).with("address", email).into());
    }
    let time_zone = match form.time_zone.trim() {
        "" => None,
        zone => {
            let known = jiff::tz::TimeZone::get(zone).ok();
            // As the database spells it, whatever the case of the letters that were typed.
            let name = known.as_ref().and_then(|zone| zone.iana_name()).map(str::to_string);
            Some(name.ok_or_else(|| Refusal::new(RefusalCode::NotATimeZone).with("text", zone))?)
        }
    };
    Ok(ContactFields {
        name: form.name.split_whitespace().collect::<Vec<_>>().join(" "),
        role: match form.role.trim() {
            "" => ContactRole::Buyer,
            code => {
                ContactRole::from_code(code).ok_or_else(|| Refusal::new(RefusalCode::Missing).with("name", code))?
            }
        },
        language: Language::from_code(form.language.trim()).map(|language| language.code().to_string()),
        time_zone,
        email,
        phone,
        whatsapp,
        in_site_id,
    })
}

/// Two entries of one mailbox would be written to twice.
fn only_one(known: &[KnownContact], but: Option<ContactId>, fields: &ContactFields) -> Result<(), Refusal> {
    let Some(email) = &fields.email else { return Ok(()) };
    let has = |one: &&KnownContact| {
        let theirs = one.fields.email.as_ref();
        Some(one.id) != but && theirs.is_some_and(|theirs| theirs.to_lowercase() == email.to_lowercase())
    };
    match known.iter().find(has) {
        Some(other) => {
            let name = if other.fields.name.is_empty() { email } else { &other.fields.name };
            Err(Refusal::new(RefusalCode::ContactTwice).with("address", email).with("name", name))
        }
        None => Ok(()),
    }
}

/// Adds a person to a debtor, or corrects the one that is the same by address, or by name where an address is missing; who
/// was retired is back.
pub async fn add_contact(house: &House, party_id: PartyId, form: &PersonForm) -> anyhow::Result<ContactId> {
    let fields = read_form(form)?;
    let mut commit = house.begin().await?;
    let known = commit.contacts_of(party_id).await?;
    let entry = |id: ContactId, changed: bool| {
        LogEntry::new("contact.entered", "party", party_id.to_string())
            .describing(party_id, id)
            .fact("role", fields.role.code())
            .fact("changed", changed)
            .words("name", &fields.name)
            .words("email", &fields.email)
            .words("phone", &fields.phone)
    };
    let id = match known.iter().find(|one| one.is_entered_as(&fields)) {
        Some(one) => {
            let before = &one.fields;
            // What the form leaves empty stays as it was: this form adds.
            let after = ContactFields {
                name: if fields.name.is_empty() { before.name.clone() } else { fields.name.clone() },
                role: if fields.role == ContactRole::Buyer { before.role } else { fields.role },
                language: fields.language.clone().or_else(|| before.language.clone()),
                time_zone: fields.time_zone.clone().or_else(|| before.time_zone.clone()),
                email: fields.email.clone().or_else(|| before.email.clone()),
                phone: fields.phone.clone().or_else(|| before.phone.clone()),
                whatsapp: fields.whatsapp.clone().or_else(|| before.whatsapp.clone()),
                in_site_id: fields.in_site_id.clone().or_else(|| before.in_site_id.clone()),
            };
            only_one(&known, Some(one.id), &after)?;
            let back = commit.set_retired(party_id, one.id, false).await?;
            let changed = commit.change_contact(party_id, one.id, &after).await?;
            commit.log(entry(one.id, back || !changed.is_empty()));
            one.id
        }
        None => {
            let id = commit.add_contact(party_id, &fields, true, house.today()).await?;
            commit.log(entry(id, true));
            id
        }
    };
    cancel_wrong_letters(house, &mut commit, party_id).await?;
    commit.finish().await?;
    Ok(id)
}

/// A person as they are from now on, every field of them: an empty one takes the value away.
pub async fn change_contact(
    house: &House,
    party_id: PartyId,
    id: ContactId,
    form: &PersonForm,
) -> anyhow::Result<ContactChanged> {
    let mut fields = read_form(form)?;
    let mut commit = house.begin().await?;
    let known = commit.contacts_of(party_id).await?;
    let one = known.iter().find(|one| one.id == id).ok_or_else(|| Refusal::new(RefusalCode::PersonMissing))?;
    if fields.language.is_none() {
        // One that no letters exist in yet is on no form, and stays.
        let unwritten = |code: &String| Language::from_code(code).is_none();
        fields.language = one.fields.language.clone().filter(unwritten);
    }
    only_one(&known, Some(id), &fields)?;
    let changed = commit.change_contact(party_id, id, &fields).await?;
    if changed.is_empty() {
        return Err(Refusal::new(RefusalCode::ContactSame).into());
    }
    let entry = LogEntry::new("contact.changed", "party", party_id.to_string()).describing(party_id, id);
    let mut entry = entry.fact("contacts", [id]);
    for field in &changed {
        let (before, after) = (value(&one.fields, field), value(&fields, field));
        entry = entry.words(field, serde_json::json!({"before": before, "after": after}));
    }
    commit.log(entry);
    done(house, commit, party_id, id, changed).await
}

/// What a field of this code says.
fn value<'f>(fields: &'f ContactFields, field: &str) -> Option<&'f str> {
    match field {
        "name" => Some(&fields.name),
        "role" => Some(fields.role.code()),
        "language" => fields.language.as_deref(),
        "time_zone" => fields.time_zone.as_deref(),
        "email" => fields.email.as_deref(),
        "phone" => fields.phone.as_deref(),
        "whatsapp" => fields.whatsapp.as_deref(),
        _ => fields.in_site_id.as_deref(),
    }
}

/// Nobody writes to this person any more: they left, or never were the right one. Letters that wait for them are
/// cancelled; what was written stays.
pub async fn retire_contact(
    house: &House,
    party_id: PartyId,
    id: ContactId,
    why: &str,
) -> anyhow::Result<ContactChanged> {
    let why = fitting_words(why)?;
    let mut commit = house.begin().await?;
    if !commit.set_retired(party_id, id, true).await? {
        return Err(Refusal::new(RefusalCode::ContactRetired).into());
    }
    let entry = LogEntry::new("contact.retired", "party", party_id.to_string()).describing(party_id, id);
    commit.log(entry.fact("contacts", [id]).words("why", why));
    done(house, commit, party_id, id, Vec::new()).await
}

/// A retired person may be written to again.
pub async fn reinstate_contact(house: &House, party_id: PartyId, id: ContactId) -> anyhow::Result<ContactChanged> {
    let mut commit = house.begin().await?;
    let known = commit.contacts_of(party_id).await?;
    let one = known.iter().find(|one| one.id == id).ok_or_else(|| Refusal::new(RefusalCode::PersonMissing))?;
    only_one(&known, Some(id), &one.fields)?;
    if !commit.set_retired(party_id, id, false).await? {
        return Err(Refusal::new(RefusalCode::ContactNotRetired).into());
    }
    let entry = LogEntry::new("contact.reinstated", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("contacts", [id]));
    done(house, commit, party_id, id, Vec::new()).await
}

/// Takes the change of this number back, while it is the last that happened to the person.
pub async fn undo_contact(house: &House, party_id: PartyId, id: ContactId, seq: i64) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    if !commit.undo_contact(party_id, id, seq).await? {
        return Err(Refusal::new(RefusalCode::ContactGoneOn).into());
    }
    // Somebody else may have the earlier address by now. The refusal takes the whole change back.
    let known = commit.contacts_of(party_id).await?;
    if let Some(one) = known.iter().find(|one| one.id == id) {
        only_one(&known, Some(id), &one.fields)?;
    }
    let entry = LogEntry::new("contact.taken_back", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("contacts", [id]));
    done(house, commit, party_id, id, Vec::new()).await.map(|_| ())
}

async fn done(
    house: &House,
    mut commit: Commit,
    party_id: PartyId,
    id: ContactId,
    fields: Vec<&'static str>,
) -> anyhow::Result<ContactChanged> {
    let letters_cancelled = cancel_wrong_letters(house, &mut commit, party_id).await?;
    let seq = commit.sequence();
    commit.finish().await?;
    Ok(ContactChanged { id, seq, fields, letters_cancelled })
}
