//! A person's yes or no to a letter: bound to recipient, text and amounts (invariant 5).

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};

use dunlin_core::access::Right;
use dunlin_core::audit::departure::{check_departure, inside_hours, manners};
use dunlin_core::audit::orders::{OrderStop, WaitingOrderLetter, check_order_departure};
use dunlin_core::audit::{Breach, Rules};
use dunlin_core::case::LetterState;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::plan::TaskKind;
use dunlin_core::playbook::Window;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{LogEntry, Outcome, Scope, SentMail, StoredLetter};

use super::cancel_letter::{moved_on, refused};
use super::extend_receipt::{Wait, ask_for_letter, by_hand_first};
use super::reread_orders::reread_for;
use super::send_letters::{kept, lapsed};
use super::write_letter::{Desk, WrittenLetter, write_letter_with};
use super::write_order::order_aside;
use crate::house::{Forbidden, House};

/// The letter as it will leave, with its hash.
pub async fn preview_letter(house: &House, letter: &StoredLetter) -> anyhow::Result<WrittenLetter> {
    let facts = house.store.facts(house.tenant.id, Scope::One(letter.party_id), house.now()).await?;
    let facts = facts.first().context("the letter's debtor does not exist any more")?;
    let leaves = departure(house, letter, facts).await?;
    preview_leaving(house, letter, facts, leaves).await
}

/// As [`preview_letter`], where its debtor and the moment at which it leaves are known.
pub async fn preview_leaving(
    house: &House,
    letter: &StoredLetter,
    facts: &DebtorFacts,
    leaves: Timestamp,
) -> anyhow::Result<WrittenLetter> {
    let signer = house.store.signer_of(house.tenant.id, letter.party_id).await?;
    let aside = order_aside(house, letter, facts).await?;
    let tenant = house.store.tenant_facts(&house.tenant).await?;
    let desk = Desk { settings: &house.tenant.settings, signer: &signer, tenant: &tenant };
    write_letter_with(letter, facts, desk, leaves, None, &aside)
}

/// The moment at which the letter leaves if nothing changes: the buyer's next open hour. It is dated by this day, so
/// days overdue and the day for an answer are the same in the preview as in the mail.
pub async fn departure(house: &House, letter: &StoredLetter, facts: &DebtorFacts) -> anyhow::Result<jiff::Timestamp> {
    if letter.state == LetterState::ToPaste {
        // It has left the program's hands as of the day it was approved for; a person pastes it when they like.
        return Ok(letter.not_before);
    }
    let at = letter.not_before.max(house.now());
    if letter.repairs.is_some() {
        return Ok(at);
    }
    let premises = house.premises().await?;
    let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
    let window = window_of(letter, facts, &rules);
    Ok(inside_hours(facts, letter.contact_id, window, at, &rules).err().unwrap_or(at))
}

/// Hours of the playbook that its step about an order is of, or of those that its debts follow the strictest.
pub fn window_of(letter: &StoredLetter, facts: &DebtorFacts, rules: &Rules<'_>) -> Window {
    match &letter.about {
        Some(about) => {
            let playbook = rules.playbooks.by_reference(&about.playbook);
            playbook.map_or(Window::Office, |playbook| playbook.window)
        }
        None => manners(&letter.items, facts, rules).window,
    }
}

/// Says yes. `seen_hash` is the hash of what the person looked at; when the content has changed since, nothing is
/// approved and the person looks again.
///
/// Returns how many more persons have to say yes.
pub async fn approve_letter(house: &House, number: i64, seen_hash: Option<&str>) -> anyhow::Result<usize> {
    if house.actor.name().trim().is_empty() {
        return Err(Refusal::new(RefusalCode::ApproverName).into());
    }
    let letter = house.store.letter_by_number(house.tenant.id, number).await?;
    if letter.state != LetterState::Review {
        return Err(refusal(RefusalCode::LetterNotWaiting, &letter).into());
    }
    if letter.review.is_severe() {
        // A program has no eyes, whoever's key it uses: two keys in one place would be no two people.
        house.by_a_person("approves a severe letter", "/today")?;
        if !house.actor.may(Right::ApproveSevere) {
            return Err(Forbidden::new(Right::ApproveSevere).into());
        }
    }
    let facts = house.store.facts(house.tenant.id, Scope::One(letter.party_id), house.now()).await?;
    let facts = facts.first().context("the letter's debtor does not exist any more")?;
    let leaves = departure(house, &letter, facts).await?;
    let signer = house.store.signer_of(house.tenant.id, letter.party_id).await?;
    let tenant = house.store.tenant_facts(&house.tenant).await?;
    let desk = Desk { settings: &house.tenant.settings, signer: &signer, tenant: &tenant };
    let aside = order_aside(house, &letter, facts).await?;
    let hash = write_letter_with(&letter, facts, desk, leaves, None, &aside)?.content_hash();
    if seen_hash.is_some_and(|seen| seen != hash) {
        return Err(refusal(RefusalCode::LetterChanged, &letter).into());
    }
    let mut commit = house.begin().await?;
    let expires = house.now() + SignedDuration::from_hours(24 * house.tenant.settings.approval_days);
    let missing = commit.approve(&letter, &hash, leaves, expires).await?;
    // What the letter tells of is done first.
    if missing == 0
        && let Wait::ByHand { number } = ask_for_letter(house, &mut commit, &letter, facts).await?
    {
        return Err(by_hand_first(&number).into());
    }
    commit.finish().await?;
    Ok(missing)
}

/// Takes an approval back while the letter has not left.
pub async fn unapprove_letter(house: &House, number: i64) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let letter = commit.letter(number).await?;
    if commit.approvals_of(letter.id).await?.is_empty() {
        return Err(refusal(RefusalCode::LetterNotApproved, &letter).into());
    }
    commit.back_to_review(&letter, "taken back").await?;
    Ok(commit.finish().await?)
}

/// Says no: this letter is not sent; the ladder goes on with its next step.
pub async fn decline_letter(house: &House, number: i64, why: &str) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let letter = commit.letter(number).await?;
    if !matches!(letter.state, LetterState::Review | LetterState::Queued | LetterState::ToPaste) {
        return Err(refusal(RefusalCode::LetterNotStoppable, &letter).into());
    }
    let why = why.trim();
    if why.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    commit.settle(&letter, &Outcome::Declined { why: why.to_string() }).await?;
    commit.log(about("letter.declined", &letter).words("why", why));
    Ok(commit.finish().await?)
}

/// A person has looked up an uncertain letter.
pub async fn settle_letter(house: &House, number: i64, was_sent: bool) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let letter = commit.letter(number).await?;
    if letter.state != LetterState::Uncertain {
        return Err(refusal(RefusalCode::LetterNotUncertain, &letter).into());
    }
    let outcome = if was_sent {
        Outcome::Sent { transport: "looked up", mail: SentMail::default() }
    } else {
        Outcome::TryAgain { at: house.now(), why: "looked up: it had not left".to_string() }
    };
    commit.settle(&letter, &outcome).await?;
    commit.log(about("letter.settled", &letter).fact("was_sent", was_sent));
    Ok(commit.finish().await?)
}

/// A person has pasted the text into a chat. `seen_hash` as in [`approve_letter`]: what is kept as sent is what they saw.
pub async fn pasted_letter(house: &House, number: i64, seen_hash: Option<&str>) -> anyhow::Result<()> {
    let letter = house.store.letter_by_number(house.tenant.id, number).await?;
    if letter.state != LetterState::ToPaste {
        return Err(refusal(RefusalCode::LetterNotToPaste, &letter).into());
    }
    reread_for(house, &letter).await?;
    let written = preview_letter(house, &letter).await?;
    if seen_hash.is_some_and(|seen| seen != written.content_hash()) {
        return Err(refusal(RefusalCode::LetterChangedSinceCopied, &letter).into());
    }
    let mut commit = house.begin().await?;
    // Under the lock: a payment may have cancelled it a moment ago.
    let letter = commit.letter(number).await?;
    if letter.state != LetterState::ToPaste {
        let more = letter.outcome.as_ref().map_or_else(String::new, |outcome| format!(": {outcome}"));
        return Err(refusal(RefusalCode::LetterGoneOn, &letter).with("more", more).into());
    }
    let facts = commit.facts(Scope::One(letter.party_id)).await?;
    let facts = facts.first().context("the letter's debtor does not exist any more")?;
    let premises = house.premises_within(&mut commit).await?;
    let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
    let against = match letter.waiting_order() {
        Some(waiting) => wrong_about_order(&waiting, facts, house.now(), &rules),
        None => {
            let checked = check_departure(&letter.waiting(), facts, house.now(), &rules);
            checked.err().map(|against| (refused(&letter, facts, &against, &premises, house.now()), against))
        }
    };
    if let Some((outcome, against)) = against {
        commit.settle(&letter, &outcome).await?;
        commit.log(about("letter.cancelled", &letter));
        commit.finish().await?;
        return Err(refusal(RefusalCode::LetterCancelledNow, &letter).with("what", against.what.to_string()).into());
    }
    // What was approved is what leaves, here too.
    if let Some(why) = lapsed(&mut commit, &letter, &written.content_hash(), house.now()).await? {
        commit.back_to_review(&letter, why).await?;
        commit.finish().await?;
        return Err(refusal(RefusalCode::LetterLapsed, &letter).into());
    }
    let mail = kept(&written, None);
    commit.settle(&letter, &Outcome::Sent { transport: "pasted", mail }).await?;
    commit.log(about("letter.pasted", &letter).fact("content", written.content_hash()));
    Ok(commit.finish().await?)
}

/// What is wrong by now with a message about an order, and how it ends. That its order could not be read this minute keeps
/// nobody from saying what they have done: they had its page before them.
fn wrong_about_order(
    waiting: &WaitingOrderLetter,
    facts: &DebtorFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Option<(Outcome, Breach)> {
    match check_order_departure(waiting, facts, now, rules) {
        Ok(()) | Err(OrderStop::ReadAgain | OrderStop::NotYet(_)) => None,
        Err(OrderStop::Wrong(against)) => Some((moved_on(&against), against)),
    }
}

fn refusal(code: RefusalCode, letter: &StoredLetter) -> Refusal {
    Refusal::new(code).with("number", format!("L-{:04}", letter.number)).with("state", letter.state.code())
}

fn about(verb: &'static str, letter: &StoredLetter) -> LogEntry {
    LogEntry::new(verb, "letter", format!("L-{:04}", letter.number)).about(letter.party_id)
}

/// A task is finished.
pub async fn finish_task(house: &House, number: i64, note: &str) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    commit.settle_task(number, "done", note).await?;
    let entry = LogEntry::new("task.done", "task", format!("T-{number:04}"));
    let party = commit.party_of_task(number).await?;
    commit.log(entry.about_if(party).words("note", note));
    Ok(commit.finish().await?)
}

/// Work of our own is not needed, or nobody makes a call, and somebody says why. Returns whether it can be taken back.
pub async fn drop_task(house: &House, number: i64, why: &str) -> anyhow::Result<bool> {
    let why = why.trim();
    if why.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let mut commit = house.begin().await?;
    let kind = commit.drop_task(number, why).await?;
    let entry = LogEntry::new("task.dropped", "task", format!("T-{number:04}"));
    let party = commit.party_of_task(number).await?;
    commit.log(entry.about_if(party).words("why", why));
    commit.finish().await?;
    Ok(kind == TaskKind::Do)
}

/// A task rests until the morning of a day.
pub async fn snooze_task(house: &House, number: i64, until: jiff::civil::Date) -> anyhow::Result<()> {
    let at = until.to_zoned(house.zone()).context("the day does not exist")?.timestamp();
    let mut commit = house.begin().await?;
    commit.snooze_task(number, at).await?;
    commit.log(LogEntry::new("task.snoozed", "task", format!("T-{number:04}")).fact("until", until));
    Ok(commit.finish().await?)
}
