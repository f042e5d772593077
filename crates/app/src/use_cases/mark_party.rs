//! Decisions about a debtor that a person takes: blocked, objected, a playbook of its own.

use dunlin_core::case::SubjectKind;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::grade::Grade;
use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::party::{Channel, Contact};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Block, Commit, LogEntry, PlaybookSet, Scope};

use super::standing_facts::cancel_wrong_letters;
use super::unpaid_why::fitting_words;
use crate::house::House;

/// Blocks a debtor: nothing is written to them any more. Returns how many waiting letters were cancelled.
pub async fn block_party(house: &House, party_id: PartyId, block: Block<'_>) -> anyhow::Result<usize> {
    let (why, evidence) = (block.why.trim(), fitting_words(block.evidence)?);
    if why.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let today = house.today();
    if let Some(day) = block.until.filter(|day| *day < today) {
        return Err(Refusal::new(RefusalCode::BlockPast).with("day", day).with("today", today).into());
    }
    let mut commit = house.begin().await?;
    if !commit.block_party(party_id, &Block { why, evidence, until: block.until }).await? {
        return Err(Refusal::new(RefusalCode::BlockedAlready).into());
    }
    let cancelled = cancel_wrong_letters(house, &mut commit, party_id).await?;
    let entry = LogEntry::new("party.blocked", "party", party_id.to_string()).about(party_id);
    let entry = entry.words("why", why).words("evidence", evidence).fact("until", block.until);
    commit.log(entry.fact("letters_cancelled", cancelled));
    commit.finish().await?;
    Ok(cancelled)
}

/// The debtor may be written to again; the next run decides.
pub async fn unblock_party(house: &House, party_id: PartyId, why: &str) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    if !commit.unblock_party(party_id, why.trim()).await? {
        return Err(Refusal::new(RefusalCode::NotBlocked).into());
    }
    let entry = LogEntry::new("party.unblocked", "party", party_id.to_string()).about(party_id);
    commit.log(entry.words("why", why.trim()));
    Ok(commit.finish().await?)
}

/// Blocks whose last day is over end by themselves, at the beginning of a run. Returns how many.
pub(super) async fn end_blocks(house: &House, commit: &mut Commit) -> anyhow::Result<usize> {
    let over = commit.end_blocks(house.today()).await?;
    for party_id in &over {
        let entry = LogEntry::new("party.unblocked", "party", party_id.to_string()).about(*party_id);
        commit.log(entry.fact("by_itself", true));
    }
    Ok(over.len())
}

/// Grades a debtor, or takes the grade away. `false`: it was so already, and nothing is written.
pub async fn grade_party(house: &House, party_id: PartyId, grade: Option<Grade>) -> anyhow::Result<bool> {
    let mut commit = house.begin().await?;
    let Some(before) = commit.set_grade(party_id, grade).await? else {
        return Ok(false);
    };
    let entry = LogEntry::new("party.graded", "party", party_id.to_string()).about(party_id);
    commit.log(entry.changed("grade", before, grade.map_or("", Grade::code)));
    commit.finish().await?;
    Ok(true)
}

/// The grade that a form or a command names; `none` takes it away.
pub fn grade_named(text: &str) -> Result<Option<Grade>, Refusal> {
    Grade::read(text).ok_or_else(|| Refusal::new(RefusalCode::GradeUnknown).with("grade", text))
}

/// What noting an objection did.
#[derive(Debug, Clone)]
pub struct Objected {
    /// Of the persons it is about.
    pub names: Vec<String>,
    pub letters_cancelled: usize,
}

/// Notes that a person (or everybody there) asked not to be contacted about payments, or takes that back.
pub async fn note_objection(
    house: &House,
    party_id: PartyId,
    who: Option<&str>,
    objected: bool,
) -> anyhow::Result<Objected> {
    let mut commit = house.begin().await?;
    let facts = commit.facts(Scope::One(party_id)).await?;
    let debtor = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let meant = persons(debtor, who)?;
    let ids: Vec<ContactId> = meant.iter().map(|contact| contact.id).collect();
    let done = note_objections(house, &mut commit, party_id, &ids, objected).await?;
    let names = meant.iter().map(|contact| shown(contact)).collect();
    commit.finish().await?;
    Ok(Objected { names, letters_cancelled: done })
}

/// The same for one contact by id, as pages name it.
pub async fn note_objection_of(
    house: &House,
    party_id: PartyId,
    contact: ContactId,
    objected: bool,
) -> anyhow::Result<usize> {
    let mut commit = house.begin().await?;
    let done = note_objections(house, &mut commit, party_id, &[contact], objected).await?;
    commit.finish().await?;
    Ok(done)
}

/// As part of another change; refused when it is so for all of them already.
pub(super) async fn note_objections(
    house: &House,
    commit: &mut Commit,
    party_id: PartyId,
    contacts: &[ContactId],
    objected: bool,
) -> anyhow::Result<usize> {
    if commit.set_objected(party_id, contacts, objected).await? == 0 {
        return Err(Refusal::new(RefusalCode::ObjectionSame).into());
    }
    let entry = LogEntry::new("contact.objection", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("contacts", contacts).fact("objected", objected));
    cancel_wrong_letters(house, commit, party_id).await
}

/// The person named (by name or address, whatever the case of its letters), or everybody.
pub(super) fn persons<'f>(debtor: &'f DebtorFacts, who: Option<&str>) -> anyhow::Result<Vec<&'f Contact>> {
    let number = &debtor.party.number;
    if debtor.contacts.is_empty() {
        return Err(Refusal::new(RefusalCode::ContactsNone).with("number", number).into());
    }
    let Some(who) = who else {
        return Ok(debtor.contacts.iter().collect());
    };
    let wanted = who.trim().to_lowercase();
    let is_meant = |contact: &&Contact| {
        let addresses = Channel::ALL.into_iter().filter_map(|channel| contact.address(channel));
        addresses.chain([contact.name()]).any(|known| !known.is_empty() && known.to_lowercase() == wanted)
    };
    let found: Vec<&Contact> = debtor.contacts.iter().filter(is_meant).collect();
    if found.is_empty() {
        let known: Vec<String> = debtor.contacts.iter().map(shown).collect();
        let refusal = Refusal::new(RefusalCode::ContactUnknown).with("number", number).with("who", who);
        return Err(refusal.with("known", known.join(", ")).into());
    }
    Ok(found)
}

fn shown(contact: &Contact) -> String {
    let email = contact.address(Channel::Email);
    match (contact.name(), email) {
        ("", None) => contact.role.code().to_string(),
        ("", Some(email)) => email.to_string(),
        (name, None) => name.to_string(),
        (name, Some(email)) => format!("{name} ({email})"),
    }
}

/// Chooses a playbook for a debtor in place of the one its orders would bring, or none.
pub async fn choose_playbook(house: &House, party_id: PartyId, playbook: Option<&str>) -> anyhow::Result<PlaybookSet> {
    if let Some(id) = playbook {
        // What is told of orders and parcels is nothing that a debt could follow.
        let files = house.playbook_files.iter();
        let of_debts = files.filter(|file| file.playbook.applies.subject == SubjectKind::Receivable);
        let known: Vec<&str> = of_debts.map(|file| &*file.playbook.reference.id).collect();
        if !known.contains(&id) {
            let refusal = Refusal::new(RefusalCode::PlaybookUnknown).with("id", id);
            return Err(refusal.with("known", known.join(", ")).into());
        }
    }
    let mut commit = house.begin().await?;
    let set = commit.set_playbook(party_id, playbook).await?;
    let entry = LogEntry::new("party.playbook", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("playbook", playbook));
    cancel_wrong_letters(house, &mut commit, party_id).await?;
    commit.finish().await?;
    Ok(set)
}
