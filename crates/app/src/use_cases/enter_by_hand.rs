//! What no file has brought yet, entered by hand: the day on which something happened to an order.

use anyhow::Context;
use jiff::civil::Date;

use dunlin_core::receivable::Trigger;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::LogEntry;

use super::standing_facts::{Found, cancel_wrong_letters};
use crate::house::House;

/// What a receivable waits for has happened: its clock, and that of the order's others with the same trigger, begins.
/// Returns how many amounts have a due date now, and the number of the change, by which it is taken back.
pub async fn note_event(house: &House, found: &Found, on: Date) -> anyhow::Result<(u64, i64)> {
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
    let seq = commit.sequence();
    commit.finish().await?;
    Ok((begun, seq))
}
