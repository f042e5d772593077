//! What no file has brought yet, entered by hand: a person at a debtor, and the day on which something happened to an
//! order.

use anyhow::Context;
use jiff::civil::Date;

use dunlin_core::ids::PartyId;
use dunlin_core::party::{ContactRole, Language};
use dunlin_core::receivable::Trigger;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{ContactFields, LogEntry};

use super::standing_facts::{Found, cancel_wrong_letters};
use crate::house::House;

/// A person as a form gives them.
#[derive(Debug, Clone, Default)]
pub struct PersonForm {
    pub name: String,
    pub role: String,
    pub email: String,
    pub phone: String,
    /// Empty: that of the debtor or its country.
    pub language: String,
}

/// Adds a person to a debtor, or corrects the one that is the same by address or name.
pub async fn add_contact(house: &House, party_id: PartyId, form: &PersonForm) -> anyhow::Result<()> {
    let some = |text: &str| Some(text.trim().to_string()).filter(|text| !text.is_empty());
    let (email, phone) = (some(&form.email), some(&form.phone));
    if email.is_none() && phone.is_none() {
        return Err(Refusal::new(RefusalCode::ContactUnreachable).into());
    }
    if let Some(email) = email.as_deref().filter(|email| !dunlin_channels::is_address(email)) {
        return Err(Refusal::new(RefusalCode::NotAnAddress).with("address", email).into());
    }
    let fields = ContactFields {
        name: form.name.trim().to_string(),
        role: match form.role.trim() {
            "" => ContactRole::Buyer,
            code => {
                ContactRole::from_code(code).ok_or_else(|| Refusal::new(RefusalCode::Missing).with("name", code))?
            }
        },
        language: Language::from_code(form.language.trim()).map(|language| language.code().to_string()),
        time_zone: None,
        email,
        phone,
        in_site_id: None,
    };
    let mut commit = house.begin().await?;
    let changed = commit.upsert_contact(party_id, &fields, house.today()).await?;
    commit.log(
        LogEntry::new("contact.entered", "party", party_id.to_string())
            .about(party_id)
            .fact("role", fields.role.code())
            .fact("changed", changed)
            .words("name", &fields.name)
            .words("email", &fields.email)
            .words("phone", &fields.phone),
    );
    commit.wake_party(party_id).await?;
    Ok(commit.finish().await?)
}

/// What a receivable waits for has happened: its clock, and that of the order's others with the same trigger, begins.
/// Returns how many amounts have a due date now.
pub async fn note_event(house: &House, found: &Found, on: Date) -> anyhow::Result<u64> {
    let today = house.today();
    if on > today {
        return Err(Refusal::new(RefusalCode::EventAhead).with("day", on).with("today", today).into());
    }
    let mut commit = house.begin().await?;
    let facts = commit.facts(dunlin_store::Scope::One(found.party_id)).await?;
    let facts = facts.first().context("the debtor does not exist any more")?;
    let item = facts.receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    let receivable = &item.context("the receivable does not exist any more")?.receivable;
    if matches!(receivable.trigger, Trigger::FixedDate | Trigger::OrderPlaced) {
        return Err(Refusal::new(RefusalCode::EventNotAwaited).with("number", &receivable.number).into());
    }
    let begun = commit.begin_clock(found.party_id, receivable, on).await?;
    let entry = LogEntry::new("order.event", "receivable", receivable.number.clone()).about(found.party_id);
    commit.log(entry.fact("trigger", receivable.trigger.code()).fact("on", on).fact("begun", begun));
    commit.wake_party(found.party_id).await?;
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(begun)
}
