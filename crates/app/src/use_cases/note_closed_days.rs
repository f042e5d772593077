//! Days on which one buyer in particular is closed: letters wait for the day after, and working days pass them over.

use jiff::civil::Date;

use dunlin_core::calendar::days_between;
use dunlin_core::ids::PartyId;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::LogEntry;

use super::standing_facts::cancel_wrong_letters;
use super::unpaid_why::fitting_words;
use crate::house::House;

/// Longer than this a buyer is not closed, but on hold.
pub const MOST_DAYS: i32 = 60;

/// The buyer is closed from one day to another, both included.
pub async fn add_closed_days(
    house: &House,
    party_id: PartyId,
    (from, to): (Date, Date),
    why: &str,
) -> anyhow::Result<()> {
    let (today, why) = (house.today(), fitting_words(why)?);
    if why.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    if to < from {
        return Err(Refusal::new(RefusalCode::ClosedOrder).with("from", from).with("to", to).into());
    }
    if days_between(from, to) >= MOST_DAYS {
        return Err(Refusal::new(RefusalCode::ClosedLong).with("most", i64::from(MOST_DAYS)).into());
    }
    if to < today {
        return Err(Refusal::new(RefusalCode::ClosedPast).with("to", to).with("today", today).into());
    }
    let mut commit = house.begin().await?;
    // They are taken back by their first day, which therefore names them.
    if commit.closed_days_begin(party_id, from).await? {
        return Err(Refusal::new(RefusalCode::ClosedSame).with("from", from).into());
    }
    commit.add_closed_days(party_id, (from, to), why).await?;
    let entry = LogEntry::new("party.closed", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("from", from).fact("to", to).words("why", why));
    cancel_wrong_letters(house, &mut commit, party_id).await?;
    Ok(commit.finish().await?)
}

/// Takes back the closed days that begin on a day.
pub async fn end_closed_days(house: &House, party_id: PartyId, from: Date) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    if commit.end_closed_days(party_id, from).await? == 0 {
        return Err(Refusal::new(RefusalCode::ClosedNone).with("from", from).into());
    }
    let entry = LogEntry::new("party.closed_ended", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("from", from));
    Ok(commit.finish().await?)
}
