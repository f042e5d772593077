//! Turns that a person gives a case: begun anew, put into other hands and taken back, and steps entered because they
//! were done before the program knew of the debt.

use jiff::civil::Date;

use dunlin_core::access::Right;
use dunlin_core::case::{Case, CaseState, CaseTurn, OtherHands};
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::ids::TurnId;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Commit, EnteredStep, LogEntry, NewTurn, Scope, StoreError};

use super::standing_facts::{Found, cancel_wrong_letters};
use super::unpaid_why::fitting_words;
use crate::house::{Forbidden, House};
use crate::titles::Titles;

/// Longest name of a lawyer or agency, in characters.
pub const MOST_NAME: usize = 200;

/// Into whose hands a case goes.
#[derive(Debug, Clone, Copy)]
pub struct Handover<'a> {
    pub hands: OtherHands,
    pub name: &'a str,
    pub note: &'a str,
}

/// A step that was done before the program knew of the debt.
#[derive(Debug, Clone, Copy)]
pub struct EarlierStep<'a> {
    pub step: &'a str,
    pub on: Date,
    pub words: &'a str,
}

/// The hands of a code, as commands and forms name them.
pub fn hands_named(code: &str) -> Result<OtherHands, Refusal> {
    let unknown = || {
        let codes: Vec<&str> = OtherHands::ALL.iter().map(|hands| hands.code()).collect();
        Refusal::new(RefusalCode::HandsUnknown).with("code", code).with("known", codes.join(", "))
    };
    OtherHands::from_code(code.trim()).ok_or_else(unknown)
}

fn about(code: RefusalCode, found: &Found) -> Refusal {
    Refusal::new(code).with("number", &found.number)
}

/// The debtor as it is inside the change.
async fn debtor_of(commit: &mut Commit, found: &Found) -> anyhow::Result<DebtorFacts> {
    let facts = commit.facts(Scope::One(found.party_id)).await?;
    let gone = || StoreError::not_found("receivable", &*found.number);
    Ok(facts.into_iter().next().ok_or_else(gone)?)
}

/// The receivable and its case, which is not over.
fn open_case<'a>(facts: &'a DebtorFacts, found: &Found) -> anyhow::Result<(&'a ReceivableFacts, &'a Case)> {
    let item = facts.receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    let with_case = item.and_then(|item| Some((item, item.case.as_ref()?)));
    let Some((item, case)) = with_case.filter(|(_, case)| case.state.may_change()) else {
        return Err(about(RefusalCode::CaseOver, found).into());
    };
    if !item.outstanding()?.is_positive() || item.receivable.closed {
        return Err(about(RefusalCode::CaseOver, found).into());
    }
    Ok((item, case))
}

/// The same, in our own hands.
fn own_case<'a>(facts: &'a DebtorFacts, found: &Found) -> anyhow::Result<(&'a ReceivableFacts, &'a Case)> {
    let (item, case) = open_case(facts, found)?;
    match case.state {
        CaseState::Running | CaseState::LadderDone => Ok((item, case)),
        _ => Err(about(RefusalCode::CaseElsewhere, found).into()),
    }
}

/// Begins a case anew with its first step: it went to the wrong person, say. Once; a second time only the owner may, so
/// that nobody is pressed for ever.
pub async fn restart_case(house: &House, found: &Found, why: &str) -> anyhow::Result<()> {
    let why = fitting_words(why)?;
    if why.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let mut commit = house.begin().await?;
    let facts = debtor_of(&mut commit, found).await?;
    let (_, case) = own_case(&facts, found)?;
    if case.letter.is_some() {
        return Err(about(RefusalCode::CaseLetterUnderWay, found).into());
    }
    if case.steps.iter().all(|taken| taken.voided) {
        return Err(about(RefusalCode::CaseNotBegun, found).into());
    }
    let before = commit.turns_of(found.party_id, case.id, CaseTurn::Restarted).await?;
    // Nobody but the owner has this right.
    if before > 0 && !house.actor.may(Right::Settings) {
        return Err(about(RefusalCode::CaseRestarted, found).into());
    }
    let voided = commit.restart_case(found.party_id, case.id, why).await?;
    let turn = NewTurn { kind: CaseTurn::Restarted, what: None, name: None, on: None, words: why };
    commit.note_turn(found.party_id, case.id, &turn).await?;
    let entry = LogEntry::new("case.restarted", "receivable", &*found.number).about(found.party_id);
    commit.log(entry.fact("count", voided).words("why", why));
    Ok(commit.finish().await?)
}

fn check_severe(house: &House) -> Result<(), Forbidden> {
    if house.actor.may(Right::ApproveSevere) { Ok(()) } else { Err(Forbidden::new(Right::ApproveSevere)) }
}

/// Puts a case into other hands: nothing is sent from here any more, and a payment ends it. Returns how many waiting
/// letters were cancelled.
pub async fn hand_case_over(house: &House, found: &Found, to: &Handover<'_>) -> anyhow::Result<usize> {
    check_severe(house)?;
    let (name, note) = (to.name.trim(), fitting_words(to.note)?);
    if name.is_empty() || name.chars().count() > MOST_NAME {
        return Err(Refusal::new(RefusalCode::HandsNameless).with("most", MOST_NAME as i64).into());
    }
    let mut commit = house.begin().await?;
    let facts = debtor_of(&mut commit, found).await?;
    let (_, case) = own_case(&facts, found)?;
    commit.set_case_state(found.party_id, case.id, CaseState::HandedOver).await?;
    commit.drop_case_tasks(found.party_id, case.id).await?;
    let what = Some(to.hands.code());
    let turn = NewTurn { kind: CaseTurn::HandedOver, what, name: Some(name), on: None, words: note };
    commit.note_turn(found.party_id, case.id, &turn).await?;
    let entry = LogEntry::new("case.handed_over", "receivable", &*found.number).about(found.party_id);
    commit.log(entry.fact("kind", to.hands.code()).words("name", name).words("note", note));
    let cancelled = cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(cancelled)
}

/// Takes a case back into our hands: it goes on where it was left.
pub async fn take_case_back(house: &House, found: &Found, note: &str) -> anyhow::Result<()> {
    check_severe(house)?;
    let note = fitting_words(note)?;
    let mut commit = house.begin().await?;
    let facts = debtor_of(&mut commit, found).await?;
    let (_, case) = open_case(&facts, found)?;
    if case.state != CaseState::HandedOver {
        return Err(about(RefusalCode::CaseOurs, found).into());
    }
    commit.set_case_state(found.party_id, case.id, CaseState::Running).await?;
    let turn = NewTurn { kind: CaseTurn::TakenBack, what: None, name: None, on: None, words: note };
    commit.note_turn(found.party_id, case.id, &turn).await?;
    let entry = LogEntry::new("case.taken_back", "receivable", &*found.number).about(found.party_id);
    commit.log(entry.words("note", note));
    Ok(commit.finish().await?)
}

/// Enters a step that was done before the program knew of the debt: the ladder goes on after it.
pub async fn enter_earlier_step(house: &House, found: &Found, asked: &EarlierStep<'_>) -> anyhow::Result<TurnId> {
    let words = fitting_words(asked.words)?;
    let today = house.today();
    if asked.on > today {
        return Err(Refusal::new(RefusalCode::EventAhead).with("day", asked.on).with("today", today).into());
    }
    if asked.on.year() < 2000 {
        return Err(Refusal::new(RefusalCode::NotADay).with("text", asked.on.to_string()).into());
    }
    let mut commit = house.begin().await?;
    let premises = house.premises_within(&mut commit).await?;
    let facts = debtor_of(&mut commit, found).await?;
    let (item, case) = own_case(&facts, found)?;
    if case.letter.is_some() {
        return Err(about(RefusalCode::CaseLetterUnderWay, found).into());
    }
    let kept = case.playbook.as_ref().and_then(|kept| premises.playbooks.by_reference(kept));
    let by_override = facts.party.playbook_override.as_deref();
    let chosen = || premises.playbooks.choose(by_override, &item.receivable, &item.dates);
    let playbook = kept.or_else(chosen).ok_or_else(|| about(RefusalCode::CaseNoPlaybook, found))?;
    let reference = &playbook.reference;
    let title = |step: &str| Titles::new(house, house.reader_language()).step(Some(&*reference.id), step);
    let is_thanks = |id: &str| playbook.thanks.as_ref().is_some_and(|thanks| &*thanks.id == id);
    let Some(step) = playbook.step(asked.step.trim()).filter(|step| !is_thanks(&step.id)) else {
        let refusal = Refusal::new(RefusalCode::StepUnknown).with("step", asked.step);
        return Err(refusal.with("playbook", &*reference.id).into());
    };
    if case.steps.iter().any(|taken| !taken.voided && taken.step == step.id) {
        return Err(about(RefusalCode::StepTakenAlready, found).with("step", title(&step.id)).into());
    }
    if case.playbook.as_ref() != Some(reference) {
        // It begins with this one, as the next decision would have it; a case keeps the text that it begins with.
        if let Some(file) = house.playbook(&reference.id).filter(|file| file.playbook.reference == *reference) {
            commit.keep_playbook(&reference.id, &reference.version, &file.text).await?;
        }
        commit.move_case(found.party_id, case.id, Some(reference)).await?;
    }
    let noon = asked.on.at(12, 0, 0, 0).to_zoned(house.zone())?.timestamp();
    let entered = EnteredStep {
        step: &step.id,
        level: step.level,
        purpose: step.purpose,
        round: case.rounds_of(&step.id),
        outstanding: item.outstanding()?,
        done_at: noon.min(house.now()),
    };
    commit.enter_step(found.party_id, case.id, &entered).await?;
    let (what, on) = (Some(&*step.id), Some(asked.on));
    let turn = NewTurn { kind: CaseTurn::Entered, what, name: None, on, words };
    let id = commit.note_turn(found.party_id, case.id, &turn).await?;
    let entry = LogEntry::new("case.step_entered", "receivable", &*found.number).about(found.party_id);
    commit.log(entry.fact("step", &*step.id).fact("on", asked.on).words("words", words));
    commit.finish().await?;
    Ok(id)
}

/// An entered step was a mistake. Refused once a letter of the case is under way: it came after it.
pub async fn take_back_earlier_step(house: &House, found: &Found, id: TurnId) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let facts = debtor_of(&mut commit, found).await?;
    let (_, case) = own_case(&facts, found)?;
    if case.letter.is_some() {
        return Err(about(RefusalCode::CaseLetterUnderWay, found).into());
    }
    let Some(step) = commit.take_back_entered(found.party_id, case.id, id).await? else {
        return Err(about(RefusalCode::StepNotEntered, found).into());
    };
    let entry = LogEntry::new("case.step_taken_back", "receivable", &*found.number).about(found.party_id);
    commit.log(entry.fact("step", step));
    Ok(commit.finish().await?)
}
