//! Two debtors that are one company become one, and two again when that was a mistake.

use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::party::{Channel, Contact};
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Commit, LogEntry, Outcome, Scope};

use super::standing_facts::cancel_wrong_letters;
use crate::house::House;

/// What a merge did.
#[derive(Debug, Clone)]
pub struct Merged {
    /// Of the debtor that stays, `D-0017`.
    pub number: String,
    pub letters_cancelled: usize,
}

/// Merges the debtor `gone` into the one that `stays`.
pub async fn merge_parties(house: &House, stays: PartyId, gone: PartyId) -> anyhow::Result<Merged> {
    if stays == gone {
        return Err(Refusal::new(RefusalCode::MergeSame).into());
    }
    let mut commit = house.begin().await?;
    let (kept, moved) = (commit.merge_side(stays).await?, commit.merge_side(gone).await?);
    let both = |code| Refusal::new(code).with("one", &kept.number).with("other", &moved.number);
    if kept.is_consumer != moved.is_consumer {
        return Err(both(RefusalCode::MergeKinds).into());
    }
    if !kept.country.is_empty() && !moved.country.is_empty() && kept.country != moved.country {
        let refusal = both(RefusalCode::MergeCountries).with("country", &kept.country);
        return Err(refusal.with("abroad", &moved.country).into());
    }
    if kept.blocked != moved.blocked {
        return Err(both(RefusalCode::MergeBlocked).into());
    }
    if kept.is_sending || moved.is_sending {
        return Err(both(RefusalCode::MergeSending).into());
    }
    // Two waiting letters would reach one debtor: those of the second are decided anew, together with the others.
    let mut letters_cancelled = 0;
    for letter in commit.waiting_letters_of(gone).await? {
        let why = format!("{} was merged into {}", moved.number, kept.number);
        let merged = Reason::new(ReasonCode::CancelledMerged).text("gone", moved.number.as_str());
        let reasons = vec![merged.text("stays", kept.number.as_str())];
        commit.settle(&letter, &Outcome::Cancelled { why, reasons }).await?;
        letters_cancelled += 1;
    }
    commit.merge_party(stays, gone, moved.language.as_deref()).await?;
    carry_objections(&mut commit, stays).await?;
    letters_cancelled += cancel_wrong_letters(house, &mut commit, stays).await?;
    let entry = LogEntry::new("party.merged", "party", stays.to_string()).about(stays);
    commit.log(entry.fact("gone", gone).fact("letters_cancelled", letters_cancelled));
    commit.finish().await?;
    Ok(Merged { number: kept.number, letters_cancelled })
}

/// Who asked not to be contacted asked it at every debtor that knows the same address; else the other entry of the same
/// mailbox would be written to. It stays so when the two are separated: the address is still the same.
async fn carry_objections(commit: &mut Commit, party_id: PartyId) -> anyhow::Result<()> {
    let facts = commit.facts(Scope::One(party_id)).await?;
    let contacts: Vec<&Contact> = facts.iter().flat_map(|debtor| &debtor.contacts).collect();
    // Also of people who are not written to any more: their mailbox may live on at the other debtor.
    let former = facts.iter().flat_map(|debtor| &debtor.former_contacts);
    let objecting: Vec<&Contact> = contacts.iter().copied().chain(former).filter(|contact| contact.objected).collect();
    let meant = |contact: &&&Contact| !contact.objected && objecting.iter().any(|other| same_address(contact, other));
    let meant: Vec<ContactId> = contacts.iter().filter(meant).map(|contact| contact.id).collect();
    if !meant.is_empty() {
        commit.set_objected(party_id, &meant, true).await?;
    }
    Ok(())
}

fn same_address(one: &Contact, other: &Contact) -> bool {
    let same = |channel| match (one.address(channel), other.address(channel)) {
        (Some(a), Some(b)) => {
            let plain = plain_address(channel, a);
            !plain.is_empty() && plain == plain_address(channel, b)
        }
        _ => false,
    };
    Channel::ALL.into_iter().any(same)
}

/// Addresses as they are compared: people write capitals into mail addresses, and blanks and dashes into numbers.
fn plain_address(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Phone => address.chars().filter(char::is_ascii_digit).collect(),
        Channel::Email | Channel::InSite => address.trim().to_lowercase(),
    }
}

/// Makes a merged debtor one of its own again. Letters that wait are decided anew for each of the two.
///
/// `from`: the debtor on whose page it was asked for, if on one.
pub async fn separate_parties(house: &House, gone: &str, from: Option<PartyId>) -> anyhow::Result<Merged> {
    let mut commit = house.begin().await?;
    let gone = commit.merged_party(gone).await?;
    let Some(stays) = commit.merged_into(gone).await?.filter(|stays| from.is_none_or(|from| from == *stays)) else {
        return Err(Refusal::new(RefusalCode::SeparateNone).into());
    };
    if commit.merged_into(stays).await?.is_some() {
        return Err(Refusal::new(RefusalCode::SeparateDeeper).into());
    }
    let kept = commit.merge_side(stays).await?;
    if kept.is_sending {
        return Err(Refusal::new(RefusalCode::SeparateSending).with("number", kept.number).into());
    }
    let mut letters_cancelled = 0;
    for letter in commit.waiting_letters_of(stays).await? {
        let why = format!("{} became two debtors again", kept.number);
        let reasons = vec![Reason::new(ReasonCode::CancelledSeparated).text("stays", kept.number.as_str())];
        commit.settle(&letter, &Outcome::Cancelled { why, reasons }).await?;
        letters_cancelled += 1;
    }
    commit.separate_party(gone).await?;
    let entry = LogEntry::new("party.separated", "party", stays.to_string()).about(stays);
    commit.log(entry.fact("gone", gone).fact("letters_cancelled", letters_cancelled));
    commit.finish().await?;
    Ok(Merged { number: kept.number, letters_cancelled })
}
