//! The due date of a receivable set right by hand, or the day from which it counts taken back: what a file said wrongly.

use anyhow::Context;
use jiff::civil::Date;

use dunlin_core::ids::PartyId;
use dunlin_core::order::OrderSource;
use dunlin_core::receivable::{Milestone, Trigger};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{LogEntry, Scope};

use super::set_order_day::is_likely;
use super::standing_facts::{Found, cancel_wrong_letters};
use crate::house::House;

/// What setting a due date did.
#[derive(Debug, Clone, Copy)]
pub struct DueSet {
    pub before: Option<Date>,
    /// Number of the change, by which it is taken back.
    pub seq: i64,
    pub letters_cancelled: usize,
}

/// The due date as it is from now on. `None`: what starts the clock has not happened, so that it waits for that again.
pub async fn set_due_day(house: &House, found: &Found, on: Option<Date>) -> anyhow::Result<DueSet> {
    if let Some(on) = on.filter(|on| !is_likely(*on)) {
        return Err(Refusal::new(RefusalCode::OrderDayRange).with("day", on).into());
    }
    let mut commit = house.begin().await?;
    let facts = commit.facts(Scope::One(found.party_id)).await?;
    let debtor = facts.first().context("the debtor does not exist any more")?;
    let item = debtor.receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    let receivable = &item.context("the receivable does not exist any more")?.receivable;
    if receivable.source == OrderSource::Marketplace || receivable.milestone == Milestone::Instalment {
        return Err(Refusal::new(RefusalCode::DueElsewhere).with("number", &receivable.number).into());
    }
    let dates = match (on, receivable.trigger) {
        // A fixed day is its own beginning.
        (Some(on), Trigger::FixedDate) => (Some(on), Some(on)),
        (Some(on), _) => (receivable.triggered_on, Some(on)),
        (None, Trigger::FixedDate) => {
            return Err(Refusal::new(RefusalCode::DueFixed).with("number", &receivable.number).into());
        }
        (None, _) => (None, None),
    };
    let before = receivable.due_on;
    if !commit.set_dates(found.party_id, found.receivable_id, dates).await? {
        return Err(Refusal::new(RefusalCode::DueSame).with("number", &receivable.number).into());
    }
    let entry = LogEntry::new("receivable.due", "receivable", receivable.number.clone()).about(found.party_id);
    commit.log(entry.changed("due_on", before, on));
    let letters_cancelled = cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    let seq = commit.sequence();
    commit.finish().await?;
    Ok(DueSet { before, seq, letters_cancelled })
}

/// Takes a change of due dates back, while nothing else has happened to what it was about.
pub async fn undo_due_day(house: &House, party_id: PartyId, number: &str, seq: i64) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    if !commit.undo_dates(party_id, seq).await? {
        return Err(Refusal::new(RefusalCode::DueGoneOn).with("number", number).into());
    }
    commit.log(LogEntry::new("receivable.due_taken_back", "receivable", number).about(party_id));
    cancel_wrong_letters(house, &mut commit, party_id).await?;
    Ok(commit.finish().await?)
}
