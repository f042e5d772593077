//! Instalments agreed in place of one amount (SCENARIOS B8), and the end of such a plan. What becomes of it by itself is in
//! `look_after_plans`.

use anyhow::Context;
use jiff::civil::Date;

use dunlin_core::access::Right;
use dunlin_core::case::CaseState;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::ids::ReceivableId;
use dunlin_core::instalments::{Instalment, check};
use dunlin_core::order::OrderSource;
use dunlin_core::receivable::Obligor;
use dunlin_core::receivable::ledger::{LedgerKind, last_standing};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::why::WhyUnpaid;
use dunlin_store::{LogEntry, PlanTerms, Scope};

use super::standing_facts::{Found, cancel_wrong_letters};
use crate::house::{Forbidden, House};

/// Days of grace and the words that were agreed.
const LONGEST_WORDS: usize = 500;
const MOST_LATE_DAYS: i32 = 90;

/// Puts instalments in place of what is open on a receivable. Returns how many there are.
pub async fn agree_plan(
    house: &House,
    found: &Found,
    parts: &[Instalment],
    terms: &PlanTerms,
) -> anyhow::Result<usize> {
    if !house.actor.may(Right::Work) {
        return Err(Forbidden::new(Right::Work).into());
    }
    if terms.words.chars().count() > LONGEST_WORDS {
        return Err(Refusal::new(RefusalCode::WordsLong).with("most", LONGEST_WORDS as i64).into());
    }
    if !(0..=MOST_LATE_DAYS).contains(&terms.late_days) {
        return Err(Refusal::new(RefusalCode::PlanLate).with("most", i64::from(MOST_LATE_DAYS)).into());
    }
    let today = house.today();
    let mut commit = house.begin().await?;
    let facts = commit.facts(Scope::One(found.party_id)).await?;
    let item = of(facts.first().map_or(&[][..], |facts| &facts.receivables), found)?;
    let open = item.outstanding()?;
    // A marketplace order is paid on its platform and nowhere else.
    let on_platform = item.receivable.source != OrderSource::Direct || item.receivable.obligor != Obligor::Buyer;
    let not_ours = item.receivable.closed || on_platform;
    if !open.is_positive() || not_ours {
        return Err(Refusal::new(RefusalCode::ReceivablePaid).with("number", &found.number).into());
    }
    // In other hands it is not ours to agree about, and a dispute would not follow into the parts.
    if let Some(case) = item.case.as_ref().filter(|case| !is_ours(case.state)) {
        let code = if case.state == CaseState::HandedOver { RefusalCode::CaseElsewhere } else { RefusalCode::CaseOver };
        return Err(Refusal::new(code).with("number", &found.number).into());
    }
    let disputes = facts.first().map_or(&[][..], |facts| &facts.disputes);
    if disputes.iter().any(|dispute| !dispute.resolved && dispute.receivable_id == found.receivable_id) {
        return Err(Refusal::new(RefusalCode::PlanDisputed).with("number", &found.number).into());
    }
    let silenced = |why: WhyUnpaid| matches!(why, WhyUnpaid::SellerFault | WhyUnpaid::PaidInTransit);
    if item.why.is_some_and(|known| silenced(known.why)) || is_held(&facts, found.receivable_id, today) {
        return Err(Refusal::new(RefusalCode::PlanSilenced).with("number", &found.number).into());
    }
    check(open, parts, today)?;
    commit.add_plan(&item.receivable, item.order_number.as_deref(), parts, terms, today).await?;
    commit.lower_outstanding(found.party_id, found.receivable_id, LedgerKind::Moved, open, &terms.words, today).await?;
    if let Some(case) = &item.case {
        commit.drop_case_tasks(found.party_id, case.id).await?;
        commit.set_case_state(found.party_id, case.id, CaseState::PlanAgreed).await?;
    }
    // What was promised for the whole is what the plan says now: neither kept nor broken.
    commit.withdraw_promises(found.party_id, Some(found.receivable_id)).await?;
    let entry = LogEntry::new("plan.agreed", "receivable", &*found.number).about(found.party_id);
    let entry = entry.fact("parts", parts.len() as i64).fact("amount", open.to_string());
    let entry = entry.fact("first", parts.first().map(|part| part.on)).fact("last", parts.last().map(|part| part.on));
    commit.log(entry.fact("late_days", i64::from(terms.late_days)).words("words", terms.words.trim()));
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(parts.len())
}

/// Ends a plan on which nothing was paid yet: what was owed before is owed again.
pub async fn end_plan(house: &House, found: &Found, why: &str) -> anyhow::Result<()> {
    if !house.actor.may(Right::Work) {
        return Err(Forbidden::new(Right::Work).into());
    }
    let why = why.trim();
    if why.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let today = house.today();
    let mut commit = house.begin().await?;
    let Some((plan, parts)) = commit.open_plan_of(found.party_id, found.receivable_id).await? else {
        return Err(Refusal::new(RefusalCode::PlanNone).with("number", &found.number).into());
    };
    if let Some(part) = parts.iter().find(|part| part.outstanding != part.amount) {
        return Err(Refusal::new(RefusalCode::PlanBegun).with("number", part.number.as_str()).into());
    }
    let facts = commit.facts(Scope::One(found.party_id)).await?;
    let item = of(facts.first().map_or(&[][..], |facts| &facts.receivables), found)?;
    let line = last_standing(&item.entries, LedgerKind::Moved).context("the plan has no line in the ledger")?;
    for part in &parts {
        commit.close_part(found.party_id, part).await?;
    }
    commit.take_back_line(found.party_id, line, why, today).await?;
    commit.settle_plan(&plan, "ended").await?;
    commit.reopen_case(found.party_id, found.receivable_id).await?;
    let entry = LogEntry::new("plan.ended", "receivable", &*found.number).about(found.party_id);
    commit.log(entry.words("why", why));
    commit.wake_party(found.party_id).await?;
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    Ok(commit.finish().await?)
}

/// A pause of just this receivable would not reach its parts.
fn is_held(facts: &[DebtorFacts], id: ReceivableId, today: Date) -> bool {
    let holds = facts.first().map_or(&[][..], |facts| &facts.holds);
    holds.iter().any(|hold| !hold.released && hold.until >= today && hold.receivable_id == Some(id))
}

/// Whether instalments may take the place of what such a case is about.
pub const fn is_ours(state: CaseState) -> bool {
    matches!(state, CaseState::Running | CaseState::LadderDone)
}

fn of<'f>(receivables: &'f [ReceivableFacts], found: &Found) -> anyhow::Result<&'f ReceivableFacts> {
    let item = receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    item.with_context(|| format!("{} does not exist any more", found.number))
}
