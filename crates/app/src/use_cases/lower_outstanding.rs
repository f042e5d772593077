//! Credits and write-offs by hand: less is owed though no money came. Each is a ledger line, and so is taking it back.

use anyhow::Context;

use dunlin_core::case::CaseState;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::money::Money;
use dunlin_core::receivable::ledger::{LedgerKind, last_standing};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Commit, LogEntry, Scope};

use super::standing_facts::{Found, cancel_wrong_letters};
use crate::house::House;

/// What was done and what is still owed after it.
#[derive(Debug, Clone, Copy)]
pub struct Lowered {
    pub amount: Money,
    pub outstanding: Money,
    pub letters_cancelled: usize,
}

/// Credits part of a receivable, or writes it off. Without an amount: all that is outstanding.
pub async fn lower_outstanding(
    house: &House,
    found: &Found,
    kind: LedgerKind,
    amount: Option<Money>,
    why: &str,
) -> anyhow::Result<Lowered> {
    if why.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let mut commit = house.begin().await?;
    let facts = debtor(&mut commit, found).await?;
    let open = item(&facts, found)?.outstanding()?;
    if !open.is_positive() {
        return Err(Refusal::new(RefusalCode::ReceivablePaid).with("number", &found.number).into());
    }
    let amount = amount.unwrap_or(open);
    if amount.currency != open.currency {
        let refusal = Refusal::new(RefusalCode::LowerCurrency).with("number", &found.number);
        return Err(refusal.with("owed", open.currency.code()).with("typed", amount.currency.code()).into());
    }
    if !amount.is_positive() {
        return Err(Refusal::new(RefusalCode::AmountNotPositive).into());
    }
    if amount.minor > open.minor {
        let refusal = Refusal::new(RefusalCode::LowerAbove).with("amount", amount).with("open", open);
        return Err(refusal.with("number", &found.number).with("most", open.decimal()).into());
    }
    commit.lower_outstanding(found.party_id, found.receivable_id, kind, amount, why.trim(), house.today()).await?;
    let lowered = after(house, &mut commit, found, amount).await?;
    commit.log(logged("receivable.lowered", kind, found, lowered).words("why", why.trim()));
    commit.finish().await?;
    Ok(lowered)
}

/// Takes the last credit (or write-off) of a receivable back: a line of its own, and an ended case runs again.
pub async fn take_back(house: &House, found: &Found, kind: LedgerKind, why: &str) -> anyhow::Result<Lowered> {
    let mut commit = house.begin().await?;
    let facts = debtor(&mut commit, found).await?;
    let item = item(&facts, found)?;
    let Some(line) = last_standing(&item.entries, kind) else {
        return Err(Refusal::new(RefusalCode::LowerNone).with("number", &found.number).into());
    };
    let why = if why.trim().is_empty() { "taken back by hand" } else { why.trim() };
    commit.take_back_line(found.party_id, line, why, house.today()).await?;
    let over = |state| matches!(state, CaseState::Paid | CaseState::WrittenOff | CaseState::PlanAgreed);
    if item.case.as_ref().is_some_and(|case| over(case.state)) {
        commit.reopen_case(found.party_id, found.receivable_id).await?;
    }
    let lowered = after(house, &mut commit, found, line.amount).await?;
    commit.log(logged("receivable.lowering_taken_back", kind, found, lowered).words("why", why));
    commit.finish().await?;
    Ok(lowered)
}

/// What follows from a changed amount, in the same commit: promises with nothing left to keep, or with something again, and
/// letters that quote the earlier amount.
async fn after(house: &House, commit: &mut Commit, found: &Found, amount: Money) -> anyhow::Result<Lowered> {
    let facts = debtor(commit, found).await?;
    let outstanding = item(&facts, found)?.outstanding()?;
    super::settle_promises::settle_promises(house, commit).await?;
    super::ask_buyer::drop_settled(commit).await?;
    super::bank_charges::drop_answered(house, commit, found.party_id).await?;
    let letters_cancelled = cancel_wrong_letters(house, commit, found.party_id).await?;
    Ok(Lowered { amount, outstanding, letters_cancelled })
}

fn logged(verb: &'static str, kind: LedgerKind, found: &Found, lowered: Lowered) -> LogEntry {
    let entry = LogEntry::new(verb, "receivable", &*found.number).about(found.party_id).fact("kind", kind.code());
    entry.fact("amount", lowered.amount.to_string()).fact("outstanding", lowered.outstanding.to_string())
}

async fn debtor(commit: &mut Commit, found: &Found) -> anyhow::Result<DebtorFacts> {
    let facts = commit.facts(Scope::One(found.party_id)).await?;
    facts.into_iter().next().with_context(|| format!("the debtor of {} does not exist any more", found.number))
}

fn item<'f>(facts: &'f DebtorFacts, found: &Found) -> anyhow::Result<&'f ReceivableFacts> {
    let mut items = facts.receivables.iter();
    let item = items.find(|item| item.receivable.id == found.receivable_id);
    item.with_context(|| format!("{} does not exist any more", found.number))
}
