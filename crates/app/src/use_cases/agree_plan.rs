//! Instalments agreed in place of one amount (SCENARIOS B8), the end of such a plan, and what a run does about plans:
//! those that were kept, those that are broken by their own rule.

use anyhow::Context;
use jiff::civil::Date;

use dunlin_core::access::Right;
use dunlin_core::case::CaseState;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::ids::ReceivableId;
use dunlin_core::instalments::{Instalment, check, is_broken};
use dunlin_core::order::OrderSource;
use dunlin_core::plan::TaskKind;
use dunlin_core::receivable::Obligor;
use dunlin_core::receivable::ledger::{LedgerKind, last_standing};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::why::WhyUnpaid;
use dunlin_store::{LogEntry, PartRow, PlanRow, PlanTerms, Scope};

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

/// What a run does before it decides: plans paid to the end are kept, plans with a part too long unpaid are broken. What
/// is left falls due at once where that was agreed, and a person is asked either way. Returns how many changed.
pub async fn look_after_plans(house: &House) -> anyhow::Result<usize> {
    let today = house.today();
    let mut changed = 0;
    for (plan, parts) in house.store.open_plans(house.tenant.id).await? {
        let fate = fate_of(&plan, &parts, today);
        if fate == Fate::Runs {
            continue;
        }
        let mut commit = house.begin_as_system().await?;
        // Once more under the lock: money may have come in between.
        let Some((plan, parts)) = commit.open_plan_of(plan.party_id, plan.receivable_id).await? else {
            continue;
        };
        match fate_of(&plan, &parts, today) {
            Fate::Runs => continue,
            Fate::Cancelled => {
                for part in parts.iter().filter(|part| !part.closed) {
                    commit.close_part(plan.party_id, part).await?;
                }
                commit.settle_plan(&plan, "ended").await?;
                let last = parts.last().map_or("", |part| part.number.as_str());
                commit.log(LogEntry::new("plan.ended", "receivable", last).about(plan.party_id));
                commit.wake_party(plan.party_id).await?;
            }
            Fate::Over(is_kept) => {
                let (state, verb) = if is_kept { ("kept", "plan.kept") } else { ("ended", "plan.ended") };
                commit.settle_plan(&plan, state).await?;
                let last = parts.last().map_or("", |part| part.number.as_str());
                commit.log(LogEntry::new(verb, "receivable", last).about(plan.party_id));
            }
            Fate::Broken(late) => {
                commit.settle_plan(&plan, "broken").await?;
                if plan.all_due {
                    for part in parts.iter().filter(|part| part.due_on.is_some_and(|due| due > today)) {
                        commit.bring_forward(plan.party_id, part, today).await?;
                    }
                }
                let number = parts[late].number.as_str();
                commit.ask_about(plan.party_id, parts[late].receivable_id, TaskKind::Follow, number).await?;
                let entry = LogEntry::new("plan.broken", "receivable", number).about(plan.party_id);
                commit.log(entry.fact("all_due", plan.all_due));
                commit.wake_party(plan.party_id).await?;
            }
        }
        cancel_wrong_letters(house, &mut commit, plan.party_id).await?;
        commit.finish().await?;
        changed += 1;
    }
    Ok(changed)
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

#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Runs,
    /// The order was cancelled: nothing is asked for any more.
    Cancelled,
    /// Nothing is open; `true`: every part was settled, none only closed.
    Over(bool),
    /// By the part at this index.
    Broken(usize),
}

fn fate_of(plan: &PlanRow, parts: &[PartRow], today: Date) -> Fate {
    if parts.is_empty() {
        return Fate::Runs;
    }
    if plan.is_cancelled {
        return Fate::Cancelled;
    }
    if parts.iter().all(|part| part.closed || !part.outstanding.is_positive()) {
        return Fate::Over(parts.iter().all(|part| !part.closed));
    }
    let is_late = |part: &PartRow| {
        let open = !part.closed && part.outstanding.is_positive();
        open && part.due_on.is_some_and(|due| is_broken(due, plan.late_days, today))
    };
    parts.iter().position(is_late).map_or(Fate::Runs, Fate::Broken)
}

fn of<'f>(receivables: &'f [ReceivableFacts], found: &Found) -> anyhow::Result<&'f ReceivableFacts> {
    let item = receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    item.with_context(|| format!("{} does not exist any more", found.number))
}
