//! Putting right a letter that was sent by mistake, asked for a wrong amount or went to the wrong person (SCENARIOS A16):
//! a correction leaves at once, also to whoever got a copy, the steps of the wrong letter are void, and the ladder stands
//! where it stood before.

use jiff::{SignedDuration, Timestamp};

use dunlin_core::access::Right;
use dunlin_core::audit::Rules;
use dunlin_core::audit::departure::check_departure;
use dunlin_core::case::LetterState;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::CaseId;
use dunlin_core::letter::{Purpose, REPAIR_STEP, WrongSend};
use dunlin_core::money::{Money, MoneyError};
use dunlin_core::party::Contact;
use dunlin_core::plan::{LetterItem, Review};
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
use dunlin_store::{Addressee, Commit, LogEntry, Outcome, Scope, StoredLetter};

use sha2::{Digest, Sha256};

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

/// All that leaves when a letter is put right.
#[derive(Debug, Clone)]
pub struct Corrections {
    /// To whom the letter went.
    pub main: Correction,
    /// To those who got a copy of it, with the number of the copy.
    pub copies: Vec<(i64, Correction)>,
}

impl Corrections {
    /// What a person's yes is bound to: every one of the texts.
    pub fn content_hash(&self) -> String {
        let main = self.main.written.content_hash();
        if self.copies.is_empty() {
            return main;
        }
        let copies = self.copies.iter().map(|(_, copy)| copy.written.content_hash());
        let all = std::iter::once(main).chain(copies).collect::<Vec<String>>().join("\n");
        Sha256::digest(all.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The numbers of the corrections that were begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    pub own: i64,
    pub copies: Vec<i64>,
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
pub async fn preview_repair(house: &House, number: i64, wrong: WrongSend) -> anyhow::Result<Corrections> {
    let letter = house.store.letter_by_number(house.tenant.id, number).await?;
    may_be_repaired(&letter, house.now())?;
    let known = house.store.repairs_of(house.tenant.id, letter.party_id).await?;
    if let Some(repair) = known.iter().find(|repair| repair.wrong_id == letter.id) {
        return Err(refusal(RefusalCode::RepairTwice, &letter).with("other", named(repair.number)).into());
    }
    let facts = house.store.facts(house.tenant.id, Scope::One(letter.party_id), house.now()).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let copies = house.store.copies_of(house.tenant.id, &letter).await?;
    let signer = house.store.signer_of(house.tenant.id, letter.party_id).await?;
    let tenant = house.store.tenant_facts(&house.tenant).await?;
    let desk = Desk { settings: &house.tenant.settings, signer: &signer, tenant: &tenant };
    corrections(&letter, &copies, wrong, facts, desk, house)
}

/// Puts a letter right. `seen_hash` is the hash of the corrections that the person looked at. Returns their numbers; they
/// leave with the next round of sending.
pub async fn repair_letter(
    house: &House,
    number: i64,
    wrong: WrongSend,
    seen_hash: Option<&str>,
) -> anyhow::Result<Repaired> {
    let mut commit = house.begin().await?;
    let settings = commit.settings().await?;
    let letter = commit.letter(number).await?;
    may_be_repaired(&letter, house.now())?;
    if letter.review.is_severe() {
        // The correction leaves without another yes, so it wants the eyes that the letter wanted.
        house.by_a_person("puts a severe letter right", "/letters")?;
        if !house.actor.may(Right::ApproveSevere) {
            return Err(Forbidden::new(Right::ApproveSevere).into());
        }
    }
    if settings.safe_mode {
        return Err(refusal(RefusalCode::RepairSafeMode, &letter).into());
    }
    if let Some(repair) = commit.repair_of(letter.id).await? {
        return Err(refusal(RefusalCode::RepairTwice, &letter).with("other", named(repair.number)).into());
    }
    let facts = commit.facts(Scope::One(letter.party_id)).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let copies = commit.copies_of(&letter).await?;
    let signer = commit.signer_of(letter.party_id).await?;
    let tenant = commit.tenant_facts(&house.tenant).await?;
    let desk = Desk { settings: &settings, signer: &signer, tenant: &tenant };
    let all = corrections(&letter, &copies, wrong, facts, desk, house)?;
    let content = all.content_hash();
    if seen_hash.is_some_and(|seen| seen != content) {
        return Err(refusal(RefusalCode::LetterChanged, &letter).into());
    }
    stop_what_follows(&mut commit, &letter, facts).await?;
    let own = commit.repair(&letter, wrong, &all.main.letter, house.mail_domain()).await?;
    prove(house, &mut commit, own, &letter).await?;
    let entry = LogEntry::new("letter.repaired", "letter", named(number)).about(letter.party_id);
    commit.log(entry.fact("wrong", wrong.code()).fact("by", named(own)).fact("content", content));
    let mut repaired = Repaired { own, copies: Vec::with_capacity(all.copies.len()) };
    for (copied, correction) in &all.copies {
        let Some(copy) = copies.iter().find(|copy| copy.number == *copied) else { continue };
        let own = commit.repair(copy, wrong, &correction.letter, house.mail_domain()).await?;
        prove(house, &mut commit, own, copy).await?;
        let entry = LogEntry::new("letter.repaired", "letter", named(*copied)).about(letter.party_id);
        let content = correction.written.content_hash();
        commit.log(entry.fact("wrong", wrong.code()).fact("by", named(own)).fact("content", content));
        repaired.copies.push(own);
    }
    commit.finish().await?;
    Ok(repaired)
}

/// The correction of a letter and of its copies. Who got a copy of a letter that went to a wrong person was meant to read it,
/// and hears nothing; somebody who cannot be written to any more keeps nobody else from hearing of it.
fn corrections(
    letter: &StoredLetter,
    copies: &[StoredLetter],
    wrong: WrongSend,
    facts: &DebtorFacts,
    desk: Desk<'_>,
    house: &House,
) -> anyhow::Result<Corrections> {
    let write = |letter: StoredLetter| -> anyhow::Result<Correction> {
        let written = write_letter(&letter, facts, desk, house.now(), None)?;
        Ok(Correction { letter, written })
    };
    let main = write(correction(letter, facts, wrong, house)?)?;
    if copies.iter().any(|copy| copy.state != LetterState::Sent) {
        return Err(refusal(RefusalCode::RepairUnderWay, letter).into());
    }
    let mut of_copies = Vec::with_capacity(copies.len());
    for copy in copies.iter().filter(|_| wrong != WrongSend::Recipient) {
        if is_reached(copy, facts, house) {
            of_copies.push((copy.number, write(correction(copy, facts, wrong, house)?)?));
        }
    }
    Ok(Corrections { main, copies: of_copies })
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

/// Whether a correction still reaches the person to whom a letter went.
fn is_reached(letter: &StoredLetter, facts: &DebtorFacts, house: &House) -> bool {
    let may = |contact: &Contact| !contact.objected && contact.is_usable(letter.channel, house.now());
    let is_there = facts.contacts.iter().any(|contact| contact.id == letter.contact_id && may(contact));
    is_there && !facts.party.blacklisted
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
    if items.is_empty() || !is_reached(letter, facts, house) {
        return Err(refusal(RefusalCode::RepairNobody, letter).into());
    }
    let reason =
        Reason::new(ReasonCode::LetterRepairs).text("number", named(letter.number)).text("wrong", wrong.code());
    let StoredLetter { party_id, contact_id, role, channel, language, currency, .. } = *letter;
    let to = Addressee { party_id, contact_id, role, channel, language };
    Ok(StoredLetter {
        purpose: Purpose::Answer,
        items,
        review: Review::Automatic,
        answer_by: house.today(),
        reasons: vec![reason],
        state: LetterState::Queued,
        repairs: Some(letter.id),
        ..StoredLetter::draft(to, wrong.letter(), currency, house.now())
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
