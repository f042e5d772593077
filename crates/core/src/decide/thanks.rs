//! Thanks for a payment: once, soon after the money came, and only to a buyer who was asked for it.

use super::World;
use crate::calendar::shift;
use crate::case::{Case, CaseState};
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::playbook::{Playbook, Step};
use crate::receivable::Obligor;
use crate::receivable::ledger::{LedgerKind, last_standing};

/// Later thanks would look as if nobody had noticed.
const FRESH_DAYS: i32 = 14;

/// The step that thanks for what just ended the case.
pub fn due<'a>(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    case: &Case,
    playbook: Option<&'a Playbook>,
    world: &World<'_>,
) -> Option<(&'a Playbook, &'a Step)> {
    // Where others speak for us, or about a plan, they thank.
    if !matches!(case.state, CaseState::Running | CaseState::LadderDone) {
        return None;
    }
    let playbook = playbook?;
    let step = playbook.thanks.as_ref()?;
    let stands = |kind| last_standing(&item.entries, kind);
    // What the platform paid out the buyer had paid long before.
    if item.receivable.obligor != Obligor::Buyer {
        return None;
    }
    // What a credit note or a write-off ended was not paid.
    let elsewhere = stands(LedgerKind::WriteOff).or(stands(LedgerKind::Moved));
    let paid = stands(LedgerKind::Allocation).filter(|_| elsewhere.is_none())?;
    let is_paid = item.outstanding().is_ok_and(|open| !open.is_positive()) && !item.receivable.closed;
    let is_fresh = paid.effective_on >= shift(world.today, -FRESH_DAYS);
    let was_asked = case.steps.iter().any(|taken| taken.level > 0 && taken.was_done());
    let was_thanked = case.steps.iter().any(|taken| !taken.voided && taken.step == step.id);
    let on_hold = facts.holds.iter().any(|hold| {
        let covers = hold.receivable_id.is_none_or(|id| id == item.receivable.id);
        covers && !hold.released && hold.until >= world.today
    });
    let silent = facts.party.blacklisted || on_hold || case.letter.is_some();
    (is_paid && is_fresh && was_asked && !was_thanked && !silent).then_some((playbook, step))
}
