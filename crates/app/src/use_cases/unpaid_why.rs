//! Why a receivable is unpaid, as the buyer said it or a person found it out: noted, cleared, taken back. It chooses the
//! route of the playbook, so a letter that waits on another way must not leave.

use dunlin_core::ids::WhyId;
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::why::{KnownWhy, WhyUnpaid};
use dunlin_store::{Commit, LogEntry, Outcome, Scope};

use super::standing_facts::{Found, cancel_wrong_letters};
use crate::house::House;

/// Longest words beside a reason or a turn of a case, in characters.
pub const MOST_WORDS: usize = 500;

/// Words that fit, without the blanks around them.
pub fn fitting_words(words: &str) -> Result<&str, Refusal> {
    let words = words.trim();
    if words.chars().count() > MOST_WORDS {
        return Err(Refusal::new(RefusalCode::WordsLong).with("most", MOST_WORDS as i64));
    }
    Ok(words)
}

/// The reason of a code, as commands and forms name it.
pub fn why_named(code: &str) -> Result<WhyUnpaid, Refusal> {
    let unknown = || {
        let codes: Vec<&str> = WhyUnpaid::ALL.iter().map(|why| why.code()).collect();
        Refusal::new(RefusalCode::WhyUnknown).with("code", code).with("known", codes.join(", "))
    };
    WhyUnpaid::from_code(code.trim()).ok_or_else(unknown)
}

/// Notes why a receivable is unpaid; what was known before has ended.
pub async fn note_why(house: &House, found: &Found, why: WhyUnpaid, words: &str) -> anyhow::Result<WhyId> {
    let words = fitting_words(words)?;
    let mut commit = house.begin().await?;
    let facts = commit.facts(Scope::One(found.party_id)).await?;
    let item = facts.iter().flat_map(|facts| &facts.receivables).find(|item| item.receivable.id == found.receivable_id);
    let is_open = match item {
        Some(item) => item.outstanding()?.is_positive() && !item.receivable.closed,
        None => false,
    };
    if !is_open {
        return Err(Refusal::new(RefusalCode::ReceivablePaid).with("number", &found.number).into());
    }
    let before = item.and_then(|item| item.why);
    // Said again, it would silence anew: silence cannot be bought by saying so.
    if let Some(known) = before.filter(|known| known.why == why) {
        let since = known.since.to_zoned(house.zone()).date();
        return Err(Refusal::new(RefusalCode::WhySame).with("number", &found.number).with("since", since).into());
    }
    let id = note_within(house, &mut commit, found, before, why, words).await?;
    commit.finish().await?;
    Ok(id)
}

/// The same as part of another change; whoever calls has seen that it is open and that the reason is another one.
pub(super) async fn note_within(
    house: &House,
    commit: &mut Commit,
    found: &Found,
    before: Option<KnownWhy>,
    why: WhyUnpaid,
    words: &str,
) -> anyhow::Result<WhyId> {
    let id = commit.note_why(found.party_id, found.receivable_id, why, words, house.today()).await?;
    let entry = LogEntry::new("why.noted", "receivable", &*found.number).about(found.party_id);
    let entry = entry.changed("unpaid_why", before.map(|known| known.why.code()), why.code());
    commit.log(entry.words("words", words));
    cancel_wrong_letters(house, commit, found.party_id).await?;
    cancel_letters_of_other_ways(house, commit, found).await?;
    Ok(id)
}

/// No reason is known any more.
pub async fn clear_why(house: &House, found: &Found) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    if !commit.end_why(found.party_id, found.receivable_id).await? {
        return Err(Refusal::new(RefusalCode::WhyNone).with("number", &found.number).into());
    }
    commit.log(LogEntry::new("why.cleared", "receivable", &*found.number).about(found.party_id));
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    Ok(commit.finish().await?)
}

/// The reason that was noted last was a slip: the one before holds again.
pub async fn undo_why(house: &House, found: &Found, id: WhyId) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    undo_within(house, &mut commit, found, id).await?;
    Ok(commit.finish().await?)
}

/// The same as part of another change.
pub(super) async fn undo_within(house: &House, commit: &mut Commit, found: &Found, id: WhyId) -> anyhow::Result<()> {
    if !commit.undo_why(found.party_id, found.receivable_id, id).await? {
        return Err(Refusal::new(RefusalCode::WhyNone).with("number", &found.number).into());
    }
    commit.log(LogEntry::new("why.taken_back", "receivable", &*found.number).about(found.party_id));
    cancel_wrong_letters(house, commit, found.party_id).await?;
    cancel_letters_of_other_ways(house, commit, found).await?;
    Ok(())
}

/// A letter that asks for the money and waits, while the reason that is known now has a way of its own: cancelled, so
/// that the next decision takes that way.
async fn cancel_letters_of_other_ways(house: &House, commit: &mut Commit, found: &Found) -> anyhow::Result<usize> {
    let waiting = commit.waiting_letters_of(found.party_id).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let premises = house.premises_within(commit).await?;
    let facts = commit.facts(Scope::One(found.party_id)).await?;
    let item = facts.iter().flat_map(|facts| &facts.receivables).find(|item| item.receivable.id == found.receivable_id);
    let Some((known, case)) = item.and_then(|item| Some((item.why?, item.case.as_ref()?))) else {
        return Ok(0);
    };
    let Some(playbook) = case.playbook.as_ref().and_then(|kept| premises.playbooks.by_reference(kept)) else {
        return Ok(0);
    };
    let is_taken = |step: &str| case.steps.iter().any(|taken| !taken.voided && &*taken.step == step);
    let mut cancelled = 0;
    for letter in waiting.iter().filter(|letter| letter.purpose.asks_for_money()) {
        let Some(about) = letter.items.iter().find(|about| about.receivable_id == found.receivable_id) else {
            continue;
        };
        if !playbook.leads_elsewhere(known.why, &about.step, is_taken) {
            continue;
        }
        let why = format!("{} is unpaid for the reason {}, which has a way of its own", found.number, known.why.code());
        let reasons = vec![Reason::new(ReasonCode::CancelledWhyChanged)];
        commit.settle(letter, &Outcome::Cancelled { why, reasons }).await?;
        cancelled += 1;
    }
    Ok(cancelled)
}
