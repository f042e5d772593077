//! What is known of a debtor and its people, for whoever asks; and forgetting them.

use anyhow::Context;
use base64::Engine;
use dunlin_core::access::Right;
use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::party::Person;
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{LogEntry, Outcome, Scope, TalkWords};
use serde_json::{Value, json};

use super::named_in_file::Names;
use crate::house::{Forbidden, House};

/// What an erasure took along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Letters that waited.
    pub cancelled: usize,
    /// Copies of files that named the person.
    pub files: usize,
}

fn allowed(house: &House) -> anyhow::Result<()> {
    if house.actor.may(Right::Data) { Ok(()) } else { Err(Forbidden::new(Right::Data).into()) }
}

/// Everything that is known of a debtor and its people, letters with their texts included.
pub async fn export_person(house: &House, party_id: PartyId) -> anyhow::Result<Value> {
    allowed(house)?;
    let tenant = house.tenant.id;
    let facts = house.store.facts(tenant, Scope::One(party_id), house.now()).await?;
    let facts = facts.into_iter().next().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let contacts: Vec<Value> = facts
        .everybody()
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
    let mut talks = Vec::new();
    for talk in house.store.talks_of(tenant, party_id).await? {
        let file = match &talk.file_type {
            Some(_) => house.store.talk_file(tenant, party_id, talk.id).await?,
            None => None,
        };
        let file = file.map(|(kind, bytes)| {
            let content = base64::engine::general_purpose::STANDARD.encode(bytes);
            json!({"type": kind, "base64": content})
        });
        talks.push(json!({"id": talk.id.to_string(), "where": talk.place.code(), "at": talk.at, "asked": talk.asked,
            "contact": talk.contact_id.map(|id| id.to_string()), "words": talk.words, "file": file}));
    }
    let mut known = house.store.known_of(tenant, party_id).await?;
    known["talk"] = json!(talks);
    known["contact"] = json!(contacts);
    known["letter"] = json!(letters);
    let mut commit = house.begin().await?;
    commit.log(LogEntry::new("person.exported", "party", party_id.to_string()).about(party_id));
    commit.finish().await?;
    Ok(json!({"firm": house.tenant.name, "taken_at": house.now(), "debtor": facts.party.number, "known": known}))
}

/// Forgets one person at a debtor, with the copies of files that name them. Letters to them that wait are cancelled.
pub async fn erase_contact(house: &House, party_id: PartyId, id: ContactId, typed: &str) -> anyhow::Result<Erased> {
    allowed(house)?;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let contact = facts.contact(id).ok_or_else(|| Refusal::new(RefusalCode::PersonMissing))?;
    let Some(person) = &contact.person else {
        return Err(Refusal::new(RefusalCode::PersonErased).into());
    };
    let name = if person.name.is_empty() { person.email.clone().unwrap_or_default() } else { person.name.clone() };
    confirmed(typed, &name)?;
    let names = Names::of(words_of(person));
    let files = naming(house, &names).await?;
    // Talks with somebody else, or with nobody in particular, that name them.
    let talks = house.store.talks_of(house.tenant.id, party_id).await?;
    let mut commit = house.begin().await?;
    for talk in talks.iter().filter(|talk| talk.words.as_ref().is_some_and(|words| stands_in(&names, words))) {
        commit.forget_talk(party_id, talk.id).await?;
    }
    let cancelled = cancel_waiting(&mut commit, party_id, Some(id)).await?;
    commit.erase_contact(party_id, id).await?;
    forget(&mut commit, &names, &files).await?;
    commit.finish().await?;
    forget_letters(house, party_id, Some(id)).await?;
    Ok(Erased { cancelled, files: files.len() })
}

/// Forgets a consumer altogether, with the copies of files that name them.
pub async fn erase_debtor(house: &House, party_id: PartyId, typed: &str) -> anyhow::Result<Erased> {
    allowed(house)?;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    confirmed(typed, &facts.party.name)?;
    let persons = facts.everybody().filter_map(|contact| contact.person.as_ref());
    let names = Names::of(persons.flat_map(words_of).chain([facts.party.name.clone()]));
    let files = naming(house, &names).await?;
    let mut commit = house.begin().await?;
    let cancelled = cancel_waiting(&mut commit, party_id, None).await?;
    commit.erase_consumer(party_id).await?;
    forget(&mut commit, &names, &files).await?;
    commit.finish().await?;
    forget_letters(house, party_id, None).await?;
    Ok(Erased { cancelled, files: files.len() })
}

/// What the channels keep of letters to somebody: the folder has a file of each.
async fn forget_letters(house: &House, party_id: PartyId, contact: Option<ContactId>) -> anyhow::Result<()> {
    for number in house.store.letter_numbers_of(house.tenant.id, party_id).await? {
        let letter = house.store.letter_by_number(house.tenant.id, number).await?;
        if contact.is_some_and(|id| letter.contact_id != id) {
            continue;
        }
        // Into a chat it went through a connection that may be gone by now.
        house.store.drop_chat_message(house.tenant.id, &letter.message_id).await?;
        if let Some(transport) = house.transport(letter.channel) {
            transport.forget(&letter.message_id).await.context("a letter's file could not be removed")?;
        }
    }
    Ok(())
}

fn stands_in(names: &Names, words: &TalkWords) -> bool {
    names.stand_in_text(&words.text) || names.stand_in_text(&words.file_name)
}

fn words_of(person: &Person) -> Vec<String> {
    let ways = [&person.email, &person.phone, &person.whatsapp, &person.in_site_id];
    ways.into_iter().flatten().chain([&person.name]).cloned().collect()
}

/// The kept files that name somebody. Read one after the other: there may be years of them.
async fn naming(house: &House, names: &Names) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for (sha256, file_name) in house.store.kept_files(house.tenant.id).await? {
        let bytes = house.store.blob(house.tenant.id, &sha256).await?.unwrap_or_default();
        let names = names.clone();
        let named = tokio::task::spawn_blocking(move || names.stand_in(&bytes, &file_name)).await?;
        if named {
            found.push(sha256);
        }
    }
    Ok(found)
}

async fn forget(commit: &mut dunlin_store::Commit, names: &Names, files: &[String]) -> anyhow::Result<()> {
    for sha256 in files {
        commit.forget_file(sha256).await?;
    }
    Ok(commit.scrub_reports(&|text| names.stand_in_text(text)).await?)
}

/// What cannot be undone is typed.
fn confirmed(typed: &str, name: &str) -> anyhow::Result<()> {
    if name.trim().is_empty() || typed.trim() != name.trim() {
        return Err(Refusal::new(RefusalCode::TypeToErase).with("name", name.trim()).into());
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
