//! The way back from a slip of the finger: each takes back one thing that a person did a moment ago, and says so when
//! the world has gone on since. What has a way back of its own (credits, matches, approvals) is beside its use case.

use dunlin_core::ids::{HoldId, PartyId, PromiseId};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::LogEntry;

use super::standing_facts::cancel_wrong_letters;
use crate::house::House;

/// Ends one hold.
pub async fn end_one_hold(house: &House, party_id: PartyId, id: HoldId) -> anyhow::Result<()> {
    let number = house.store.party_name(house.tenant.id, party_id).await?.0;
    let mut commit = house.begin().await?;
    if !commit.end_hold(party_id, id).await? {
        return Err(Refusal::new(RefusalCode::HoldNone).with("number", number).into());
    }
    commit.log(LogEntry::new("hold.ended", "hold", id.to_string()).about(party_id));
    Ok(commit.finish().await?)
}

/// Withdraws one promise.
pub async fn withdraw_one_promise(house: &House, party_id: PartyId, id: PromiseId) -> anyhow::Result<()> {
    let number = house.store.party_name(house.tenant.id, party_id).await?.0;
    let mut commit = house.begin().await?;
    if !commit.withdraw_promise(party_id, id).await? {
        return Err(Refusal::new(RefusalCode::PromiseNone).with("number", number).into());
    }
    commit.log(LogEntry::new("promise.withdrawn", "promise", id.to_string()).about(party_id));
    Ok(commit.finish().await?)
}

/// A finished task is open again.
pub async fn reopen_task(house: &House, number: i64) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    commit.reopen_task(number).await?;
    commit.log(LogEntry::new("task.reopened", "task", format!("T-{number:04}")));
    Ok(commit.finish().await?)
}

/// A task that rested is on the desk again.
pub async fn unsnooze_task(house: &House, number: i64) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    commit.wake_task(number).await?;
    commit.log(LogEntry::new("task.unsnoozed", "task", format!("T-{number:04}")));
    Ok(commit.finish().await?)
}

/// A declined letter waits for a yes again, unless it is wrong by now: then it is cancelled in the same change.
pub async fn reinstate_letter(house: &House, number: i64) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let letter = commit.letter(number).await?;
    let named = format!("L-{number:04}");
    if !commit.reinstate(&letter).await? {
        return Err(Refusal::new(RefusalCode::LetterNotDeclined).with("number", named).into());
    }
    commit.log(LogEntry::new("letter.reinstated", "letter", named).about(letter.party_id));
    cancel_wrong_letters(house, &mut commit, letter.party_id).await?;
    Ok(commit.finish().await?)
}
