//! Where a buyer and its people are: letters wait for their hours, so that a clock that nobody knows costs days.

use dunlin_core::calendar::countries::Countries;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{LogEntry, Scope};

use crate::house::House;

/// Whose clock it is.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Of everybody there whose time zone is not known yet; of all, when it is known of all.
    Unknown,
    /// Of the person with this name or address.
    Named(&'a str),
    /// Of one contact, as pages name it.
    Contact(ContactId),
}

/// Sets the time zone (a name of the IANA database) of people at a debtor. Returns of how many.
pub async fn set_time_zone(house: &House, party_id: PartyId, whose: Whose<'_>, zone: &str) -> anyhow::Result<usize> {
    let zone = zone.trim();
    let known = jiff::tz::TimeZone::get(zone).ok();
    // As the database spells it, whatever the case of the letters that were typed.
    let Some(name) = known.as_ref().and_then(|zone| zone.iana_name()) else {
        return Err(Refusal::new(RefusalCode::NotATimeZone).with("text", zone).into());
    };
    let mut commit = house.begin().await?;
    let facts = commit.facts(Scope::One(party_id)).await?;
    let debtor = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let contacts = meant(debtor, whose)?;
    let changed = commit.set_time_zone(party_id, &contacts, name).await?;
    if changed == 0 {
        return Err(Refusal::new(RefusalCode::ZoneSame).into());
    }
    let entry = LogEntry::new("contact.time_zone", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("time_zone", name).fact("contacts", &contacts));
    commit.finish().await?;
    Ok(changed)
}

fn meant(debtor: &DebtorFacts, whose: Whose<'_>) -> anyhow::Result<Vec<ContactId>> {
    if debtor.contacts.is_empty() {
        return Err(Refusal::new(RefusalCode::ContactsNone).with("number", &debtor.party.number).into());
    }
    Ok(match whose {
        Whose::Contact(id) if debtor.contacts.iter().any(|contact| contact.id == id) => vec![id],
        // Also when it is somebody at another debtor: whoever asks learns nothing of them.
        Whose::Contact(_) => {
            return Err(Refusal::new(RefusalCode::ContactElsewhere).with("number", &debtor.party.number).into());
        }
        Whose::Named(who) => super::mark_party::persons(debtor, Some(who))?.iter().map(|person| person.id).collect(),
        Whose::Unknown => {
            let unknown = debtor.contacts.iter().filter(|contact| contact.time_zone.is_none());
            let unknown: Vec<ContactId> = unknown.map(|contact| contact.id).collect();
            match unknown.is_empty() {
                true => debtor.contacts.iter().map(|contact| contact.id).collect(),
                false => unknown,
            }
        }
    })
}

/// Sets the country of a debtor, by code or name.
pub async fn set_country(house: &House, party_id: PartyId, country: &str) -> anyhow::Result<()> {
    let country = country.trim();
    let found = Countries::shipped()
        .find(country)
        .ok_or_else(|| Refusal::new(RefusalCode::NotACountry).with("text", country))?;
    let mut commit = house.begin().await?;
    if !commit.set_country_of(party_id, &found.code).await? {
        return Err(Refusal::new(RefusalCode::CountrySame).into());
    }
    let entry = LogEntry::new("party.country", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("country", &found.code));
    Ok(commit.finish().await?)
}

/// The clocks that could be those of a debtor of whose people one has none of their own: the zones of its country when
/// there are several; `Some` of none when the country itself is not known.
pub fn possible_clocks(facts: &DebtorFacts) -> Option<Vec<&'static str>> {
    if facts.contacts.iter().all(|contact| contact.time_zone.is_some()) {
        return None;
    }
    match Countries::shipped().get(&facts.party.country) {
        None => Some(Vec::new()),
        Some(country) if country.zones.len() > 1 => Some(country.zones.iter().map(|(name, _)| name.as_str()).collect()),
        Some(_) => None,
    }
}

/// Countries with several clocks, and the unknown one.
pub fn unclear_countries() -> Vec<&'static str> {
    let several = Countries::shipped().iter().filter(|country| country.zones.len() > 1);
    std::iter::once("").chain(several.map(|country| country.code.as_str())).collect()
}
