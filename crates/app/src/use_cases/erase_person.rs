//! What is known of a debtor and its people, for whoever asks; and forgetting them.

use std::collections::BTreeSet;

use anyhow::Context;
use base64::Engine;
use dunlin_channels::Transport;
use dunlin_core::access::Right;
use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::names::Names;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Commit, LogEntry, LogLine, Scope, SuppressionRow};
use serde_json::{Value, json};

use super::named_in_file::stand_in_file;
use super::rehearse::rehearsal_mark;
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
    known["suppression"] = json!(suppressions_of(house, party_id).await?);
    known["log"] = json!(log_of(house, party_id).await?);
    let mut commit = house.begin().await?;
    commit.log(LogEntry::new("person.exported", "party", party_id.to_string()).about(party_id));
    commit.finish().await?;
    Ok(json!({"firm": house.tenant.name, "taken_at": house.now(), "debtor": facts.party.number, "known": known}))
}

async fn suppressions_of(house: &House, party_id: PartyId) -> anyhow::Result<Vec<Value>> {
    let entries = house.store.suppressions_of(house.tenant.id, party_id).await?;
    let told = |entry: SuppressionRow| {
        json!({"kind": entry.kind.code(), "address": entry.address, "reason": entry.reason.code(),
            "evidence": entry.evidence, "until": entry.until, "ended_at": entry.ended_at,
            "recorded_at": entry.recorded_at})
    };
    Ok(entries.into_iter().map(told).collect())
}

/// What was done about them. Who did it, and where they sat, is known of a colleague.
async fn log_of(house: &House, party_id: PartyId) -> anyhow::Result<Vec<Value>> {
    let told = |line: LogLine| {
        let line = line.without_place();
        json!({"at": line.at, "verb": line.verb, "facts": line.facts, "words": line.personal})
    };
    Ok(house.store.log_about(house.tenant.id, party_id).await?.into_iter().map(told).collect())
}

/// Forgets one person at a debtor, with the copies of files that name them. Letters to them that wait are cancelled.
pub async fn erase_contact(house: &House, party_id: PartyId, id: ContactId, typed: &str) -> anyhow::Result<Erased> {
    allowed(house)?;
    let tenant = house.tenant.id;
    let facts = house.store.facts(tenant, Scope::One(party_id), house.now()).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let contact = facts.contact(id).ok_or_else(|| Refusal::new(RefusalCode::PersonMissing))?;
    let Some(person) = &contact.person else {
        // A file could not be removed then, or a letter left in the same moment.
        forget_letters(house, party_id, Some(id), When::After).await?;
        return Err(Refusal::new(RefusalCode::PersonErased).into());
    };
    let name = if person.name.is_empty() { person.email.clone().unwrap_or_default() } else { person.name.clone() };
    confirmed(typed, &name)?;
    let names = house.store.names_of_contact(tenant, party_id, id).await?;
    let (mut files, searched) = naming(house, &names).await?;
    forget_letters(house, party_id, Some(id), When::Before).await?;
    let mut commit = house.begin().await?;
    files.extend(naming_since(&mut commit, &names, &searched).await?);
    let cancelled = commit.erase_contact(party_id, id).await?;
    for sha256 in &files {
        commit.forget_file(sha256).await?;
    }
    commit.finish().await?;
    forget_letters(house, party_id, Some(id), When::After).await?;
    Ok(Erased { cancelled, files: files.len() })
}

/// Forgets a consumer altogether, with the copies of files that name them.
pub async fn erase_debtor(house: &House, party_id: PartyId, typed: &str) -> anyhow::Result<Erased> {
    allowed(house)?;
    let tenant = house.tenant.id;
    let facts = house.store.facts(tenant, Scope::One(party_id), house.now()).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    confirmed(typed, &facts.party.name)?;
    let names = house.store.names_of_party(tenant, party_id).await?;
    let (mut files, searched) = naming(house, &names).await?;
    if facts.party.is_consumer {
        forget_letters(house, party_id, None, When::Before).await?;
    }
    let mut commit = house.begin().await?;
    files.extend(naming_since(&mut commit, &names, &searched).await?);
    let cancelled = commit.erase_consumer(party_id).await?;
    for sha256 in &files {
        commit.forget_file(sha256).await?;
    }
    commit.finish().await?;
    forget_letters(house, party_id, None, When::After).await?;
    Ok(Erased { cancelled, files: files.len() })
}

/// Before the erasure, so that one that fails can be asked for again under the name; and after it, for what left meanwhile.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    After,
}

/// What the channels keep of letters to somebody and of their rehearsals. The folder has a file of each, also of letters from
/// before the firm had a mail server.
async fn forget_letters(
    house: &House,
    party_id: PartyId,
    contact: Option<ContactId>,
    when: When,
) -> anyhow::Result<()> {
    const LEFT: &str = "a letter's file could not be removed";
    let (store, tenant) = (&house.store, house.tenant.id);
    let folders = house.letter_folders();
    for number in store.letter_numbers_of(tenant, party_id).await? {
        let letter = store.letter_by_number(tenant, number).await?;
        // Whether a letter under way has left is told by its file.
        let is_under_way = when == When::Before && letter.settled_at.is_none();
        if is_under_way || contact.is_some_and(|id| letter.contact_id != id) {
            continue;
        }
        // Into a chat it went through a connection that may be gone by now.
        store.drop_chat_message(tenant, &letter.message_id).await?;
        if let Some(transport) = house.transport(letter.channel) {
            transport.forget(&letter.message_id).await.context(LEFT)?;
        }
        for folder in &folders {
            folder.forget(&letter.message_id).await.context(LEFT)?;
        }
    }
    for id in store.rehearsals_of(tenant, party_id, contact).await? {
        for folder in &folders {
            folder.forget_all(&rehearsal_mark(&id)).await.context(LEFT)?;
        }
    }
    Ok(())
}

/// The kept files that name somebody, and all that were searched. Read one after the other: there may be years of them.
async fn naming(house: &House, names: &Names) -> anyhow::Result<(Vec<String>, BTreeSet<String>)> {
    let mut found = Vec::new();
    let mut searched = BTreeSet::new();
    let statements = house.store.statements_naming(house.tenant.id, names).await?;
    for (sha256, file_name) in house.store.kept_files(house.tenant.id).await? {
        searched.insert(sha256.clone());
        if statements.contains(&sha256) {
            found.push(sha256);
            continue;
        }
        let bytes = house.store.blob(house.tenant.id, &sha256).await?.unwrap_or_default();
        let names = names.clone();
        let named = tokio::task::spawn_blocking(move || stand_in_file(&names, &bytes, &file_name)).await?;
        if named {
            found.push(sha256);
        }
    }
    Ok((found, searched))
}

/// Files that came in while the others were searched: from here on nothing comes in.
async fn naming_since(commit: &mut Commit, names: &Names, searched: &BTreeSet<String>) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for (sha256, file_name) in commit.kept_files().await? {
        if searched.contains(&sha256) {
            continue;
        }
        let bytes = commit.blob(&sha256).await?.unwrap_or_default();
        if stand_in_file(names, &bytes, &file_name) {
            found.push(sha256);
        }
    }
    Ok(found)
}

/// What cannot be undone is typed.
fn confirmed(typed: &str, name: &str) -> anyhow::Result<()> {
    if name.trim().is_empty() || typed.trim() != name.trim() {
        return Err(Refusal::new(RefusalCode::TypeToErase).with("name", name.trim()).into());
    }
    Ok(())
}
