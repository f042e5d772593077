//! What buyers write in the chats of a connected shop: read a while after the orders, where the app may read there. Each message
//! is kept once, as a talk about its order; somebody is asked to answer it within a day; what is open with the buyer tries to
//! read it, for somebody to look at; and whoever asks not to be written to any more is not offered anything again.
//!
//! Whoever writes and never ordered asks for something before an order: they are known from then on, and answered like a buyer.
//! Nothing is answered, marked or sent from here.

use std::collections::BTreeSet;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use dunlin_channels::aliexpress::ApiError;
use dunlin_channels::aliexpress::messages::{About, IncomingMessage, Relation};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::{ContactId, OrderId, PartyId};
use dunlin_core::intent::Intent;
use dunlin_core::order::OrderSource;
use dunlin_core::order::clock::ANSWER_HOURS;
use dunlin_core::party::{Channel, ContactRole};
use dunlin_core::talk::objection::is_objection;
use dunlin_core::talk::{LONGEST_TALK, TalkPlace};
use dunlin_store::pages::order_told::FoundOrder;
use dunlin_store::{Commit, ContactFields, LogEntry, NewTalk, PartyFields, Scope, ToAnswer};

use super::confirm_order::read_message;
use super::mark_party::note_objections;
use crate::house::House;
use crate::import::shop_order::SOURCE;
use crate::shop::{ALIEXPRESS, Shop, trouble};

/// At the first reading messages of so long ago are taken in.
const FIRST: SignedDuration = SignedDuration::from_hours(3 * 24);
/// A message may come to stand before one that was read already.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);
/// The service's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);
/// Pages of conversations, and of messages of one, that are read at once; the next reading goes on.
const MOST_PAGES: u32 = 20;
const MOST_PAGES_OF_ONE: u32 = 4;
/// Letters of a name.
const LONGEST_NAME: usize = 200;

/// Something that a buyer wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenMessage {
    /// What the service calls it.
    pub remote_id: String,
    /// Number of the order; empty: it is about none.
    pub order: String,
    /// As the service knows the buyer.
    pub buyer: String,
    /// What the conversation calls them; may be empty.
    pub name: String,
    pub at: Timestamp,
    pub text: String,
}

/// The account of a reading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MessagesAccount {
    /// Messages of buyers that were seen, most of them before.
    pub read: usize,
    pub added: usize,
    /// Why it ended early, in the service's own words.
    pub why: Option<String>,
}

/// Reads the chats of the connected shop; `None`: none is connected, or the app may not read there.
pub async fn take_messages(house: &House) -> anyhow::Result<Option<MessagesAccount>> {
    let Some(shop) = Shop::open(house).await? else { return Ok(None) };
    if !shop.may_message {
        return Ok(None);
    }
    let since = match house.store.last_message_at(house.tenant.id).await? {
        Some(last) => last.checked_sub(OVERLAP)?,
        None => house.now().checked_sub(FIRST)?,
    };
    let mut account = MessagesAccount::default();
    match read_chats(house, &shop, since).await {
        Ok(messages) => {
            account.read = messages.len();
            account.added = take_written(house, &messages).await?;
        }
        Err(error) => {
            if is_forbidden(&shop, &error).await {
                house.store.note_may_message(house.tenant.id, ALIEXPRESS, false).await?;
            } else {
                house.store.note_trouble(house.tenant.id, ALIEXPRESS, trouble(&error), house.now()).await?;
            }
            account.why = Some(error.to_string());
        }
    }
    Ok(Some(account))
}

/// Whether the permission was taken away: orders are read on, and messages are a person's from now on.
async fn is_forbidden(shop: &Shop, error: &ApiError) -> bool {
    matches!(error, ApiError::NotPermitted { .. } | ApiError::Refused { .. })
        && matches!(shop.session.can_message().await, Ok(false))
}

/// What buyers wrote since then, oldest first.
async fn read_chats(house: &House, shop: &Shop, since: Timestamp) -> Result<Vec<WrittenMessage>, ApiError> {
    let now = house.now();
    let until = now.checked_add(AHEAD).unwrap_or(now);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut written = Vec::new();
    for page in 1..=MOST_PAGES {
        let relations = shop.session.relations(since, until, page).await?;
        let fresh: Vec<Relation> =
            relations.into_iter().filter(|relation| seen.insert(relation.channel_id.clone())).collect();
        if fresh.is_empty() {
            break;
        }
        for relation in &fresh {
            read_chat(shop, relation, since, &mut written).await?;
        }
    }
    written.sort_by(|one: &WrittenMessage, other| (one.at, &one.remote_id).cmp(&(other.at, &other.remote_id)));
    Ok(written)
}

async fn read_chat(
    shop: &Shop,
    relation: &Relation,
    since: Timestamp,
    written: &mut Vec<WrittenMessage>,
) -> Result<(), ApiError> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for page in 1..=MOST_PAGES_OF_ONE {
        let messages = shop.session.messages(&relation.channel_id, About::Member, page).await?;
        let fresh: Vec<IncomingMessage> =
            messages.into_iter().filter(|message| seen.insert(message.id.clone())).collect();
        let is_old = |message: &IncomingMessage| message.at.is_some_and(|at| at < since);
        if fresh.is_empty() || fresh.iter().all(is_old) {
            break;
        }
        let own = fresh.into_iter().filter(|message| !is_old(message));
        written.extend(own.filter_map(|message| of_buyer(relation, message)));
    }
    Ok(())
}

/// A message of the buyer. How a buyer is named in a conversation is not proven: by any of the names that it has, or as the
/// last word where that is said not to be ours.
fn of_buyer(relation: &Relation, message: IncomingMessage) -> Option<WrittenMessage> {
    let names = [&relation.buyer_login_id, &relation.buyer_name];
    let is_named = |name: &String| !name.is_empty() && names.contains(&name);
    let is_last = message.id == relation.last_message_id && !relation.last_is_own;
    if !(is_named(&message.sender_id) || is_named(&message.sender_name) || is_last) || message.id.is_empty() {
        return None;
    }
    let order = message.about_number.filter(|_| message.about == "order").or(relation.order);
    Some(WrittenMessage {
        remote_id: format!("{ALIEXPRESS} {}", message.id),
        order: order.map(|order| order.to_string()).unwrap_or_default(),
        buyer: relation.buyer_login_id.clone(),
        name: relation.buyer_name.clone(),
        at: message.at.or(relation.last_at)?,
        text: message.text,
    })
}

/// Takes in what buyers wrote, each message once. Returns how many are new.
pub async fn take_written(house: &House, messages: &[WrittenMessage]) -> anyhow::Result<usize> {
    if messages.is_empty() {
        return Ok(0);
    }
    let mut commit = house.begin_as_system().await?;
    let ids: Vec<String> = messages.iter().map(|message| message.remote_id.clone()).collect();
    let mut known: BTreeSet<String> = commit.messages_known(&ids).await?.into_iter().collect();
    let mut added = 0;
    for message in messages {
        if !known.insert(message.remote_id.clone()) {
            continue;
        }
        let Some((party_id, order)) = whose(house, &mut commit, message).await? else { continue };
        take_one(house, &mut commit, message, party_id, order.as_ref()).await?;
        added += 1;
    }
    if added == 0 {
        commit.finish_unnumbered().await?;
        return Ok(0);
    }
    commit.finish().await?;
    Ok(added)
}

/// Who wrote it, and about which order. `None`: somebody without a name; or somebody who was erased and does not come back.
async fn whose(
    house: &House,
    commit: &mut Commit,
    message: &WrittenMessage,
) -> anyhow::Result<Option<(PartyId, Option<FoundOrder>)>> {
    let row = match message.order.as_str() {
        "" => None,
        number => commit.order_by_number(OrderSource::Marketplace, number).await?,
    };
    let party_id = match commit.find_party(SOURCE, &message.buyer).await? {
        Some(buyer) => buyer.id,
        None => {
            let owner = row.as_ref().map(|row| row.fields.party_id);
            let Some(id) = stranger(house, commit, message, owner).await? else { return Ok(None) };
            id
        }
    };
    // Of somebody else's order they tell nothing that we could take over.
    let order = row.filter(|row| row.fields.party_id == party_id).map(|row| FoundOrder {
        party_id,
        id: row.id,
        number: message.order.clone(),
        source: OrderSource::Marketplace,
    });
    Ok(Some((party_id, order)))
}

/// Somebody who writes and never ordered: known from now on under their account there, by which an order of theirs finds them.
async fn stranger(
    house: &House,
    commit: &mut Commit,
    message: &WrittenMessage,
    owner: Option<PartyId>,
) -> anyhow::Result<Option<PartyId>> {
    if message.buyer.is_empty() {
        return Ok(None);
    }
    // Who was erased is told apart by their order alone: their account is forgotten.
    if let Some(owner) = owner
        && commit.is_erased(owner).await?
    {
        return Ok(None);
    }
    let told = fitting(&message.name).chars().take(LONGEST_NAME).collect::<String>();
    let name = if told.is_empty() { message.buyer.clone() } else { told.clone() };
    let party = PartyFields { name, country: String::new(), language: None, is_consumer: true };
    let id = commit.add_party(SOURCE, &message.buyer, &party, house.today()).await?;
    let contact = ContactFields {
        name: told,
        role: ContactRole::Buyer,
        language: None,
        time_zone: None,
        email: None,
        phone: None,
        whatsapp: None,
        in_site_id: Some(message.buyer.clone()),
    };
    commit.add_contact(id, &contact, false, house.today()).await?;
    Ok(Some(id))
}

async fn take_one(
    house: &House,
    commit: &mut Commit,
    message: &WrittenMessage,
    party_id: PartyId,
    order: Option<&FoundOrder>,
) -> anyhow::Result<()> {
    let facts = commit.facts(Scope::One(party_id)).await?;
    let facts = facts.first().context("the buyer of a message is gone")?;
    let text = fitting(&message.text);
    let contact_id = writer(facts);
    let objects = is_objection(&text) && contact_id.is_some();
    // Nobody writes later than now.
    let at = message.at.min(house.now());
    let new = NewTalk {
        party_id,
        contact_id,
        place: TalkPlace::InSite,
        at,
        asked: false,
        intent: objects.then_some(Intent::ObjectsToContact),
        receivable_id: None,
        text: &text,
        file: None,
        order_id: order.map(|order: &FoundOrder| -> OrderId { order.id }),
        remote_id: &message.remote_id,
    };
    let id = commit.add_talk(&new).await?;
    let entry = LogEntry::new("message.received", "talk", id.to_string()).about(party_id);
    commit.log(entry.fact("order", order.map(|order| order.number.clone())));
    if let Some(order) = order {
        read_message(house, commit, order, &text).await?;
    }
    if objects {
        let is_new = facts.contacts.iter().any(|contact| Some(contact.id) == contact_id && !contact.objected);
        if let Some(contact) = contact_id.filter(|_| is_new) {
            note_objections(house, commit, party_id, &[contact], true).await?;
        }
        return Ok(());
    }
    let due_at = at.checked_add(SignedDuration::from_hours(ANSWER_HOURS))?;
    let number = commit.ask_to_answer(ToAnswer { talk: &new, id, due_at }).await?;
    let entry = LogEntry::new("answer.asked", "task", format!("T-{number:04}")).about(party_id);
    let entry = entry.fact("talk", id).fact("due", due_at.to_zoned(house.zone()).date());
    commit.log(entry);
    Ok(())
}

/// Who writes in the chats of the marketplace, where that is one person.
fn writer(facts: &DebtorFacts) -> Option<ContactId> {
    let in_site: Vec<ContactId> = facts
        .contacts
        .iter()
        .filter(|contact| contact.address(Channel::InSite).is_some())
        .map(|contact| contact.id)
        .collect();
    match (in_site.as_slice(), facts.contacts.as_slice()) {
        ([only], _) => Some(*only),
        ([], [only]) => Some(only.id),
        _ => None,
    }
}

/// Without what no text here may hold, and not longer than one may be.
fn fitting(text: &str) -> String {
    let is_text = |letter: &char| !letter.is_control() || *letter == '\n';
    text.chars().filter(is_text).take(LONGEST_TALK).collect::<String>().trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dunlin_channels::aliexpress::RemoteId;

    fn relation() -> Relation {
        Relation {
            channel_id: "77".to_string(),
            unread: 1,
            buyer_login_id: "b7".to_string(),
            buyer_name: "Ana".to_string(),
            order: Some(RemoteId(8100)),
            last_message_id: "3".to_string(),
            last_text: String::new(),
            last_is_own: false,
            last_at: Some(Timestamp::UNIX_EPOCH),
        }
    }

    fn message(id: &str, sender: &str) -> IncomingMessage {
        IncomingMessage {
            id: id.to_string(),
            text: "Hello".to_string(),
            at: None,
            about: "member".to_string(),
            about_number: None,
            sender_id: sender.to_string(),
            sender_name: String::new(),
        }
    }

    #[test]
    fn what_the_seller_wrote_is_no_message_of_the_buyer() {
        let told = |id: &str, sender: &str| of_buyer(&relation(), message(id, sender)).map(|one| one.order);
        assert_eq!(told("1", "b7"), Some("8100".to_string()));
        assert_eq!(told("1", "Ana"), Some("8100".to_string()));
        assert_eq!(told("1", "cn1000000001"), None);
        assert_eq!(told("3", "17380000001"), Some("8100".to_string()), "the last word, and not ours");
        assert_eq!(told("", "b7"), None, "what has no name could come twice");
    }

    #[test]
    fn a_text_holds_no_signs_that_are_none() {
        assert_eq!(fitting(" a\u{0}b\u{1b}[2J\nc "), "ab[2J\nc");
        assert_eq!(fitting(&"x".repeat(LONGEST_TALK + 5)).chars().count(), LONGEST_TALK);
    }
}
