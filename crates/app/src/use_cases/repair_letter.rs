//! Putting right a letter that was sent by mistake, asked for a wrong amount or went to the wrong person (SCENARIOS A16):
//! a correction leaves at once, the steps of the wrong letter are void, and the ladder stands where it stood before.

use jiff::{SignedDuration, Timestamp};

use dunlin_core::access::Right;
use dunlin_core::audit::Rules;
use dunlin_core::audit::departure::check_departure;
use dunlin_core::case::LetterState;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::{CaseId, LetterId};
use dunlin_core::letter::{Purpose, REPAIR_STEP, WrongSend};
use dunlin_core::money::{Money, MoneyError};
use dunlin_core::party::Contact;
use dunlin_core::plan::{LetterItem, Review};
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
use dunlin_store::{Commit, LogEntry, Outcome, Scope, StoredLetter};

use super::write_letter::{Desk, WrittenLetter, write_letter};
use crate::house::{Forbidden, House};

/// After so many days an apology only reminds people of what they have forgotten.
pub const MOST_DAYS: i64 = 30;

/// The correction that would go, and what it says.
#[derive(Debug, Clone)]
pub struct Correction {
    pub letter: StoredLetter,
    pub written: WrittenLetter,
}

/// Whether this letter can be put right, apart from who asks and from what only the correction itself shows.
pub fn can_be_repaired(letter: &StoredLetter, is_repaired: bool, now: Timestamp) -> bool {
    // A message about an order owes nothing that could be put right.
    letter.about.is_none() && !is_repaired && may_be_repaired(letter, now).is_ok()
}

fn may_be_repaired(letter: &StoredLetter, now: Timestamp) -> Result<(), Refusal> {
    if letter.repairs.is_some() {
        return Err(refusal(RefusalCode::RepairOfRepair, letter));
    }
    let Some(left) = letter.settled_at.filter(|_| letter.state == LetterState::Sent) else {
        return Err(refusal(RefusalCode::RepairNotSent, letter));
    };
    if now.duration_since(left) > SignedDuration::from_hours(24 * MOST_DAYS) {
        return Err(refusal(RefusalCode::RepairLate, letter).with("days", MOST_DAYS));
    }
    Ok(())
}

/// What would go, without changing anything.
pub async fn preview_repair(house: &House, number: i64, wrong: WrongSend) -> anyhow::Result<Correction> {
    let letter = house.store.letter_by_number(house.tenant.id, number).await?;
    may_be_repaired(&letter, house.now())?;
    let known = house.store.repairs_of(house.tenant.id, letter.party_id).await?;
    if let Some(repair) = known.iter().find(|repair| repair.wrong_id == letter.id) {
        return Err(refusal(RefusalCode::RepairTwice, &letter).with("other", named(repair.number)).into());
    }
    let facts = house.store.facts(house.tenant.id, Scope::One(letter.party_id), house.now()).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let correction = correction(&letter, facts, wrong, house)?;
    let signer = house.store.signer_of(house.tenant.id, letter.party_id).await?;
    let desk = Desk { settings: &house.tenant.settings, signer: &signer };
    let written = write_letter(&correction, facts, desk, house.now(), None)?;
    Ok(Correction { letter: correction, written })
}

/// Puts a letter right. `seen_hash` is the hash of the correction that the person looked at. Returns the number of the
/// correction, which leaves with the next round of sending.
pub async fn repair_letter(
    house: &House,
    number: i64,
    wrong: WrongSend,
    seen_hash: Option<&str>,
) -> anyhow::Result<i64> {
    let mut commit = house.begin().await?;
    let settings = commit.settings().await?;
    let letter = commit.letter(number).await?;
    may_be_repaired(&letter, house.now())?;
    if letter.review.is_severe() && !house.actor.may(Right::ApproveSevere) {
        return Err(Forbidden::new(Right::ApproveSevere).into());
    }
    if settings.safe_mode {
        return Err(refusal(RefusalCode::RepairSafeMode, &letter).into());
    }
    if let Some(repair) = commit.repair_of(letter.id).await? {
        return Err(refusal(RefusalCode::RepairTwice, &letter).with("other", named(repair.number)).into());
    }
    let facts = commit.facts(Scope::One(letter.party_id)).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let correction = correction(&letter, facts, wrong, house)?;
    let signer = commit.signer_of(letter.party_id).await?;
    let desk = Desk { settings: &settings, signer: &signer };
    let written = write_letter(&correction, facts, desk, house.now(), None)?;
    if seen_hash.is_some_and(|seen| seen != written.content_hash()) {
        return Err(refusal(RefusalCode::LetterChanged, &letter).into());
    }
    stop_what_follows(&mut commit, &letter, facts).await?;
    let own = commit.repair(&letter, wrong, &correction, house.mail_domain()).await?;
    prove(house, &mut commit, own, &letter).await?;
    let entry = LogEntry::new("letter.repaired", "letter", named(number)).about(letter.party_id);
    commit.log(entry.fact("wrong", wrong.code()).fact("by", named(own)).fact("content", written.content_hash()));
    commit.finish().await?;
    Ok(own)
}

/// The check of the moment of leaving, now: what it would stop is not begun at all.
async fn prove(house: &House, commit: &mut Commit, own: i64, wrong: &StoredLetter) -> anyhow::Result<()> {
    let premises = house.premises_within(commit).await?;
    let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
    let facts = commit.facts(Scope::One(wrong.party_id)).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let queued = commit.letter(own).await?;
    if let Err(against) = check_departure(&queued.waiting(), facts, house.now(), &rules) {
        tracing::info!("a correction could not leave: {against}");
        return Err(refusal(RefusalCode::RepairNobody, wrong).into());
    }
    Ok(())
}

/// Letters about the same debts that wait were decided on a step that is void now.
async fn stop_what_follows(commit: &mut Commit, letter: &StoredLetter, facts: &DebtorFacts) -> anyhow::Result<()> {
    let same = |case: CaseId| letter.items.iter().any(|item| item.case_id == case);
    let mut cases = facts.receivables.iter().filter_map(|item| item.case.as_ref()).filter(|case| same(case.id));
    let is_leaving = |state| matches!(state, LetterState::Sending | LetterState::Uncertain);
    if cases.any(|case| case.letter.is_some_and(|open| is_leaving(open.state))) {
        return Err(refusal(RefusalCode::RepairUnderWay, letter).into());
    }
    for waiting in commit.waiting_letters_of(letter.party_id).await? {
        if waiting.items.iter().any(|item| same(item.case_id)) && waiting.repairs.is_none() {
            let why = format!("{} was wrong and is put right first", named(letter.number));
            let reasons = vec![Reason::new(ReasonCode::CancelledRepaired).text("number", named(letter.number))];
            commit.settle(&waiting, &Outcome::Cancelled { why, reasons }).await?;
        }
    }
    Ok(())
}

/// To the same person, by the same way and in the same language, about the same debts, and asking for nothing.
fn correction(
    letter: &StoredLetter,
    facts: &DebtorFacts,
    wrong: WrongSend,
    house: &House,
) -> anyhow::Result<StoredLetter> {
    let mut items = Vec::with_capacity(letter.items.len());
    for item in &letter.items {
        items.extend(repaired_item(item, facts)?);
    }
    let may = |contact: &Contact| !contact.objected && !contact.is_suppressed(letter.channel, house.now());
    let is_there = facts.contacts.iter().any(|contact| contact.id == letter.contact_id && may(contact));
    if items.is_empty() || !is_there || facts.party.blacklisted {
        return Err(refusal(RefusalCode::RepairNobody, letter).into());
    }
    let reason =
        Reason::new(ReasonCode::LetterRepairs).text("number", named(letter.number)).text("wrong", wrong.code());
    Ok(StoredLetter {
        id: LetterId(0),
        number: 0,
        party_id: letter.party_id,
        contact_id: letter.contact_id,
        purpose: Purpose::Answer,
        channel: letter.channel,
        role: letter.role,
        language: letter.language,
        letter: wrong.letter().to_string(),
        level: 0,
        currency: letter.currency,
        items,
        review: Review::Automatic,
        attach_statement: false,
        answer_by: house.today(),
        reasons: vec![reason],
        state: LetterState::Queued,
        not_before: house.now(),
        message_id: String::new(),
        attempts: 0,
        lease_until: None,
        lease_by: None,
        settled_at: None,
        outcome: None,
        transport: None,
        recorded_at: house.now(),
        repairs: Some(letter.id),
        lead_id: None,
        send: 0,
        asks: None,
        about: None,
    })
}

/// One debt of the wrong letter, as it stands now; `None` when it went with another debtor since.
fn repaired_item(item: &LetterItem, facts: &DebtorFacts) -> Result<Option<LetterItem>, MoneyError> {
    let Some(known) = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id) else {
        return Ok(None);
    };
    let outstanding = known.outstanding()?;
    Ok(Some(LetterItem {
        case_id: item.case_id,
        receivable_id: item.receivable_id,
        step: REPAIR_STEP.into(),
        level: 0,
        round: 0,
        outstanding,
        pressed: Money::zero(outstanding.currency),
        due_on: known.receivable.due_on,
    }))
}

fn named(number: i64) -> String {
    format!("L-{number:04}")
}

fn refusal(code: RefusalCode, letter: &StoredLetter) -> Refusal {
    Refusal::new(code)
        .with("number", named(letter.number))
        .with("state", Told::word("letter-state", letter.state.code()))
}
