//! A talk that happened elsewhere is logged: a chat, a call, a fair (SCENARIOS A18). Its words may hold promises, amounts
//! and reasons; they are shown to a person and entered by nobody else.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::{ContactId, PartyId, ReceivableId, TalkId};
use dunlin_core::intent::Intent;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::talk::{LONGEST_TALK, Picked, TalkPlace, pick};
use dunlin_store::{LogEntry, NewTalk, Scope, Talk};

use super::lead_on::{lead_back, lead_on};
use crate::house::House;

/// Largest picture or file of a talk.
pub const MOST_FILE_BYTES: usize = 5 * 1024 * 1024;

/// A talk as a form gives it.
#[derive(Debug, Clone)]
pub struct TalkForm {
    pub place: TalkPlace,
    /// Nothing: now.
    pub on: Option<Date>,
    pub contact: Option<ContactId>,
    /// We asked for payment.
    pub asked: bool,
    /// It is an answer of the buyer, and means this.
    pub intent: Option<Intent>,
    /// The amount it is about.
    pub receivable: Option<ReceivableId>,
    pub text: String,
    /// Name and content of a picture or file.
    pub file: Option<(String, Vec<u8>)>,
}

/// Keeps a talk.
pub async fn log_talk(house: &House, party_id: PartyId, form: &TalkForm) -> anyhow::Result<TalkId> {
    let text = form.text.trim();
    let file = form.file.as_ref().filter(|(_, bytes)| !bytes.is_empty());
    if text.is_empty() && file.is_none() {
        return Err(Refusal::new(RefusalCode::TalkEmpty).into());
    }
    if text.chars().count() > LONGEST_TALK {
        return Err(Refusal::new(RefusalCode::TalkLong).with("most", LONGEST_TALK as i64).into());
    }
    let file = match file {
        Some((name, bytes)) => Some((name.as_str(), checked_type(bytes)?, bytes.as_slice())),
        None => None,
    };
    let at = moment(house, form.on)?;
    let mut commit = house.begin().await?;
    let facts = commit.facts(Scope::One(party_id)).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    if form.contact.is_some_and(|id| !facts.contacts.iter().any(|contact| contact.id == id)) {
        return Err(Refusal::new(RefusalCode::PersonMissing).into());
    }
    if form.receivable.is_some_and(|id| !facts.receivables.iter().any(|item| item.receivable.id == id)) {
        return Err(Refusal::new(RefusalCode::IntentWhich).into());
    }
    let new = NewTalk {
        party_id,
        contact_id: form.contact,
        place: form.place,
        at,
        asked: form.asked,
        intent: form.intent,
        receivable_id: form.receivable,
        text,
        file,
        order_id: None,
        remote_id: "",
    };
    let id = commit.add_talk(&new).await?;
    let entry = LogEntry::new("talk.logged", "talk", id.to_string()).about(party_id).fact("place", form.place.code());
    let entry = entry.fact("on", at.to_zoned(house.zone()).date()).fact("asked", form.asked);
    let entry = entry.fact("kind", file.map(|(_, kind, _)| kind)).fact("receivable", form.receivable);
    commit.log(entry.fact("intent", form.intent.map(Intent::code)));
    lead_on(house, &mut commit, facts, &new, id).await?;
    commit.finish().await?;
    Ok(id)
}

/// The moment of a talk: now, or noon of an earlier day.
fn moment(house: &House, on: Option<Date>) -> anyhow::Result<Timestamp> {
    let today = house.today();
    match on {
        None => Ok(house.now()),
        Some(day) if day == today => Ok(house.now()),
        Some(day) if day > today => {
            Err(Refusal::new(RefusalCode::TalkAhead).with("day", day).with("today", today).into())
        }
        Some(day) => {
            let midnight = day.to_zoned(house.zone())?;
            Ok(midnight.checked_add(12.hours())?.timestamp())
        }
    }
}

/// Told by its first bytes, whatever its name says.
fn checked_type(bytes: &[u8]) -> Result<&'static str, Refusal> {
    let known: [(&[u8], &'static str); 3] =
        [(b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"%PDF-", "application/pdf")];
    let found = known.iter().find(|(begin, _)| bytes.starts_with(begin));
    match found {
        Some((_, kind)) if bytes.len() <= MOST_FILE_BYTES => Ok(*kind),
        _ => Err(Refusal::new(RefusalCode::TalkFile)),
    }
}

/// A talk that was logged by mistake counts no more, and what it led to by itself is undone where it stands.
pub async fn end_talk(house: &House, party_id: PartyId, id: TalkId) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let led = commit.led_by_talk(party_id, id).await?;
    if !commit.end_talk(party_id, id).await? {
        return Err(Refusal::new(RefusalCode::TalkEnded).into());
    }
    commit.log(LogEntry::new("talk.taken_back", "talk", id.to_string()).about(party_id));
    lead_back(house, &mut commit, party_id, &led).await?;
    Ok(commit.finish().await?)
}

/// What its words may say, for a person to look at.
pub fn picked(house: &House, talk: &Talk) -> Picked {
    let day = talk.at.to_zoned(house.zone()).date();
    talk.words.as_ref().map_or_else(Picked::default, |words| pick(&words.text, day))
}

/// Somebody at a debtor by name or address.
pub fn contact_named(facts: &DebtorFacts, name: &str) -> anyhow::Result<ContactId> {
    let wanted = name.trim().to_lowercase();
    let is_theirs = |text: Option<&str>| text.is_some_and(|text| text.to_lowercase() == wanted);
    let found = facts.contacts.iter().find(|contact| {
        let person = contact.person.as_ref();
        is_theirs(Some(contact.name())) || is_theirs(person.and_then(|person| person.email.as_deref()))
    });
    match found {
        Some(contact) if !wanted.is_empty() => Ok(contact.id),
        _ => Err(Refusal::new(RefusalCode::PersonMissing).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_first_bytes() {
        assert_eq!(checked_type(b"%PDF-1.7 ...").ok(), Some("application/pdf"));
        assert_eq!(checked_type(b"\x89PNG\r\n\x1a\n....").ok(), Some("image/png"));
        for wrong in [&b"<svg onload=alert(1)>"[..], b"", b"MZ", b"\x89PN"] {
            assert!(checked_type(wrong).is_err(), "{wrong:?}");
        }
        let mut large = b"%PDF-".to_vec();
        large.resize(MOST_FILE_BYTES + 1, 0);
        assert!(checked_type(&large).is_err());
    }
}
