//! What an answer of the buyer leads to at once: a reason that chooses the route, an objection, a question on the desk. What
//! needs a day, an amount or a yes (promise, dispute, "it is paid") is only filled in beforehand, on the page of the talk.

use jiff::Timestamp;

use dunlin_core::calendar::workdays::Workdays;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::ids::{ContactId, PartyId, TalkId};
use dunlin_core::intent::Intent;
use dunlin_core::receivable::Obligor;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::why::WhyUnpaid;
use dunlin_store::{Commit, LedByTalk, LogEntry, NewTalk, Scope, ToAnswer};

use super::mark_party::note_objections;
use super::standing_facts::Found;
use super::unpaid_why::{note_within, undo_within};
use crate::house::House;

/// The intent of a code, as commands and forms name it.
pub fn intent_named(code: &str) -> Result<Intent, Refusal> {
    let unknown = || {
        let codes: Vec<&str> = Intent::ALL.iter().map(|intent| intent.code()).collect();
        Refusal::new(RefusalCode::IntentUnknown).with("code", code).with("known", codes.join(", "))
    };
    Intent::from_code(code.trim()).ok_or_else(unknown)
}

/// Does what the intent of an answer leads to, in the change that keeps the answer.
pub(super) async fn lead_on(
    house: &House,
    commit: &mut Commit,
    facts: &DebtorFacts,
    new: &NewTalk<'_>,
    id: TalkId,
) -> anyhow::Result<()> {
    let Some(intent) = new.intent else {
        return Ok(());
    };
    if let Some(why) = intent.why().filter(|_| intent.notes_why()) {
        note_reason(house, commit, facts, new, why).await?;
    }
    if intent == Intent::ObjectsToContact {
        let ids = objecting(facts, new.contact_id)?;
        if !ids.is_empty() {
            note_objections(house, commit, new.party_id, &ids, true).await?;
        }
    }
    if intent.wants_answer() {
        let due_at = answer_due(house)?;
        let number = commit.ask_to_answer(ToAnswer { talk: new, id, due_at }).await?;
        let entry = LogEntry::new("answer.asked", "task", format!("T-{number:04}")).about(new.party_id);
        commit.log(entry.fact("talk", id).fact("due", due_at.to_zoned(house.zone()).date()));
    }
    Ok(())
}

/// Undoes what a talk led to, in the change that takes it back: nobody said so.
pub(super) async fn lead_back(
    house: &House,
    commit: &mut Commit,
    party_id: PartyId,
    led: &LedByTalk,
) -> anyhow::Result<()> {
    if !led.whys.is_empty() {
        let facts = commit.facts(Scope::One(party_id)).await?;
        for item in facts.iter().flat_map(|facts| &facts.receivables) {
            let Some((_, id)) = led.whys.iter().find(|(about, _)| *about == item.receivable.id) else {
                continue;
            };
            let found = Found {
                party_id,
                receivable_id: item.receivable.id,
                number: item.receivable.number.clone(),
                amount: item.receivable.amount,
            };
            undo_within(house, commit, &found, *id).await?;
        }
    }
    if !led.objected.is_empty() {
        note_objections(house, commit, party_id, &led.objected, false).await?;
    }
    Ok(())
}

async fn note_reason(
    house: &House,
    commit: &mut Commit,
    facts: &DebtorFacts,
    new: &NewTalk<'_>,
    why: WhyUnpaid,
) -> anyhow::Result<()> {
    for item in meant(house, facts, new)? {
        if item.why.is_some_and(|known| known.why == why) {
            continue;
        }
        let found = Found {
            party_id: new.party_id,
            receivable_id: item.receivable.id,
            number: item.receivable.number.clone(),
            amount: item.receivable.amount,
        };
        // What was said lies sealed with the talk.
        note_within(house, commit, &found, item.why, why, "").await?;
    }
    Ok(())
}

/// What the buyer speaks of: the amount that was named; else all that is late; else the only one that is open.
fn meant<'f>(house: &House, facts: &'f DebtorFacts, new: &NewTalk<'_>) -> anyhow::Result<Vec<&'f ReceivableFacts>> {
    let today = house.today();
    let mut open = Vec::new();
    for item in &facts.receivables {
        let is_theirs = !item.receivable.closed && item.receivable.obligor == Obligor::Buyer;
        if is_theirs && item.outstanding()?.is_positive() {
            open.push(item);
        }
    }
    if let Some(id) = new.receivable_id {
        open.retain(|item| item.receivable.id == id);
        return Ok(open);
    }
    let is_late = |item: &&ReceivableFacts| {
        let receivable = &item.receivable;
        receivable.due_on.map_or(receivable.placed_at.is_some(), |due| due < today)
    };
    let late: Vec<&ReceivableFacts> = open.iter().copied().filter(is_late).collect();
    match (late.is_empty(), open.len()) {
        (false, _) => Ok(late),
        (true, 0 | 1) => Ok(open),
        (true, _) => Err(Refusal::new(RefusalCode::IntentWhich).into()),
    }
}

/// Who objects: the person who was named, else the only one there. Nobody objects for a whole company unnamed.
fn objecting(facts: &DebtorFacts, named: Option<ContactId>) -> anyhow::Result<Vec<ContactId>> {
    let who = match (named, facts.contacts.as_slice()) {
        (Some(id), _) => id,
        (None, [only]) => only.id,
        _ => return Err(Refusal::new(RefusalCode::IntentWho).into()),
    };
    let is_new = |id: &ContactId| facts.contacts.iter().any(|contact| contact.id == *id && !contact.objected);
    Ok(Some(who).into_iter().filter(is_new).collect())
}

/// A day's time to answer, of days that are worked in the firm: what comes in on a Friday is answered on Monday.
fn answer_due(house: &House) -> anyhow::Result<Timestamp> {
    let now = house.now().to_zoned(house.zone());
    let next = Workdays::of(None, &[]).add_business_days(now.date(), 1);
    Ok(now.with().date(next).build()?.timestamp())
}
