//! What is known of a debtor and its people, for whoever asks; and forgetting them.

use anyhow::{Context, bail};
use dunlin_core::access::Right;
use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_store::{LogEntry, Outcome, Scope};
use serde_json::{Value, json};

use crate::house::{Forbidden, House};

fn allowed(house: &House) -> anyhow::Result<()> {
    if house.actor.may(Right::Data) { Ok(()) } else { Err(Forbidden::new(Right::Data).into()) }
}

/// Everything that is known of a debtor and its people, letters with their texts included.
pub async fn export_person(house: &House, party_id: PartyId) -> anyhow::Result<Value> {
    allowed(house)?;
    let tenant = house.tenant.id;
    let facts = house.store.facts(tenant, Scope::One(party_id), house.now()).await?;
    let facts = facts.into_iter().next().context("the debtor does not exist any more")?;
    let contacts: Vec<Value> = facts
        .contacts
        .iter()
        .map(|contact| {
            json!({"id": contact.id.to_string(), "role": contact.role.code(), "objected": contact.objected,
                "time_zone": contact.time_zone, "person": contact.person})
        })
        .collect();
    let mut letters = Vec::new();
    for number in house.store.letter_numbers_of(tenant, party_id).await? {
        let letter = house.store.letter_by_number(tenant, number).await?;
        let mail = house.store.sent_mail(tenant, &letter).await?;
        letters.push(json!({"number": format!("L-{number:04}"), "state": letter.state.code(),
            "channel": letter.channel.code(), "language": letter.language.code(), "recorded_at": letter.recorded_at,
            "settled_at": letter.settled_at, "sent": mail}));
    }
    let mut known = house.store.known_of(tenant, party_id).await?;
    known["contact"] = json!(contacts);
    known["letter"] = json!(letters);
    let mut commit = house.begin().await?;
    commit.log(LogEntry::new("person.exported", "party", party_id.to_string()).about(party_id));
    commit.finish().await?;
    Ok(json!({"firm": house.tenant.name, "taken_at": house.now(), "debtor": facts.party.number, "known": known}))
}

/// Forgets one person at a debtor. Letters to them that wait are cancelled. Returns how many.
pub async fn erase_contact(house: &House, party_id: PartyId, id: ContactId, typed: &str) -> anyhow::Result<usize> {
    allowed(house)?;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await?;
    let facts = facts.first().context("the debtor does not exist any more")?;
    let contact = facts.contacts.iter().find(|contact| contact.id == id).context("there is no such person here")?;
    let Some(person) = &contact.person else {
        bail!("this person was erased before");
    };
    let name = if person.name.is_empty() { person.email.clone().unwrap_or_default() } else { person.name.clone() };
    confirmed(typed, &name)?;
    let mut commit = house.begin().await?;
    let cancelled = cancel_waiting(&mut commit, party_id, Some(id)).await?;
    commit.erase_contact(party_id, id).await?;
    commit.finish().await?;
    Ok(cancelled)
}

/// Forgets a consumer altogether. Returns how many letters were cancelled.
pub async fn erase_debtor(house: &House, party_id: PartyId, typed: &str) -> anyhow::Result<usize> {
    allowed(house)?;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await?;
    let facts = facts.first().context("the debtor does not exist any more")?;
    confirmed(typed, &facts.party.name)?;
    let mut commit = house.begin().await?;
    let cancelled = cancel_waiting(&mut commit, party_id, None).await?;
    commit.erase_consumer(party_id).await?;
    commit.finish().await?;
    Ok(cancelled)
}

/// What cannot be undone is typed.
fn confirmed(typed: &str, name: &str) -> anyhow::Result<()> {
    if name.trim().is_empty() || typed.trim() != name.trim() {
        bail!("type the name ‘{}’ exactly to erase it; nothing was changed", name.trim());
    }
    Ok(())
}

async fn cancel_waiting(
    commit: &mut dunlin_store::Commit,
    party_id: PartyId,
    contact: Option<ContactId>,
) -> anyhow::Result<usize> {
    let waiting = commit.waiting_letters_of(party_id).await?;
    let mut cancelled = 0;
    for letter in waiting.iter().filter(|letter| contact.is_none_or(|id| letter.contact_id == id)) {
        let why = "its reader was erased".to_string();
        let reasons = vec![Reason::new(ReasonCode::CancelledStale)];
        commit.settle(letter, &Outcome::Cancelled { why, reasons }).await?;
        cancelled += 1;
    }
    Ok(cancelled)
}
