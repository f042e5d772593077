//! The gates, in their order (DESIGN invariant 1): each says pass or stop, so that `explain` has a sentence for all.

use jiff::Timestamp;

use super::World;
use crate::calendar::{days_between, shift};
use crate::case::CaseState;
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::{Promise, PromiseState};
use crate::matching::charges;
use crate::money::{Money, MoneyError};
use crate::playbook::time_expr::start_of;
use crate::promise::came_for;
use crate::reason::{Reason, ReasonCode};
use crate::receivable::Obligor;
use crate::receivable::ledger::{LedgerKind, last_standing};
use crate::why::{IN_TRANSIT_DAYS, WhyUnpaid};

/// What the gates say about one receivable.
pub struct Gates {
    pub reasons: Vec<Reason>,
    /// Press and formal letters must not go.
    pub stops_press: bool,
    /// Service letters must not go either.
    pub stops_all: bool,
    /// Outstanding less disputed and promised parts.
    pub pressable: Money,
    /// When the last stop ends by itself.
    pub wake: Option<Timestamp>,
}

/// The case is over: paid, given up, voided, or somebody else owes now.
pub fn ended(item: &ReceivableFacts, outstanding: Money) -> Option<(CaseState, Reason)> {
    let number = item.receivable.number.as_str();
    if !outstanding.is_positive() {
        if let Some(charges) = charges::carried(&item.entries) {
            return Some((CaseState::Paid, charges::reason(number, charges)));
        }
        // Whatever came in before: the last of it was given up, and the books say so.
        if last_standing(&item.entries, LedgerKind::WriteOff).is_some() {
            return Some((CaseState::WrittenOff, Reason::new(ReasonCode::GateWrittenOff).text("number", number)));
        }
        if last_standing(&item.entries, LedgerKind::Moved).is_some() {
            return Some((CaseState::PlanAgreed, Reason::new(ReasonCode::CasePlanAgreed)));
        }
        return Some((CaseState::Paid, Reason::new(ReasonCode::GatePaid).text("number", number)));
    }
    if item.receivable.closed {
        return Some((CaseState::Closed, Reason::new(ReasonCode::GateClosed).text("number", number)));
    }
    if item.receivable.obligor == Obligor::Platform {
        return Some((CaseState::Closed, Reason::new(ReasonCode::GatePlatformOwes)));
    }
    None
}

/// Goes through all gates, also after one has stopped: a person wants to see every reason, behind those known already.
pub fn evaluate(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    outstanding: Money,
    promised: Money,
    reasons: Vec<Reason>,
    world: &World<'_>,
) -> Result<Gates, MoneyError> {
    in_one_currency(facts, item, outstanding)?;
    let mut gates = Gates { reasons, stops_press: false, stops_all: false, pressable: outstanding, wake: None };
    gates.reasons.push(Reason::new(ReasonCode::PassPaid).money("outstanding", outstanding));
    hold(facts, item, world, &mut gates);
    dispute(facts, item, outstanding, &mut gates)?;
    promise(facts, item, promised, world, &mut gates);
    unmatched(facts, item, &mut gates);
    stale(world, &mut gates);
    why(item, world, &mut gates);
    if facts.party.blacklisted {
        gates.stop_press(Reason::new(ReasonCode::GateBlacklist));
        gates.stops_all = true;
    } else {
        gates.reasons.push(Reason::new(ReasonCode::PassBlacklist));
    }
    Ok(gates)
}

impl Gates {
    fn stop_press(&mut self, reason: Reason) {
        self.reasons.push(reason);
        self.stops_press = true;
    }

    fn wake_at(&mut self, at: Option<Timestamp>) {
        self.wake = self.wake.max(at);
    }
}

/// What was said of this receivable in money was said in its currency; else nobody can tell what is left to ask for.
fn in_one_currency(facts: &DebtorFacts, item: &ReceivableFacts, outstanding: Money) -> Result<(), MoneyError> {
    let id = item.receivable.id;
    let open = facts.promises.iter().filter(|said| said.state == PromiseState::Open && said.receivable_id == Some(id));
    let disputed = facts.disputes.iter().filter(|said| !said.resolved && said.receivable_id == id);
    let mut said = open.filter_map(|said| said.amount).chain(disputed.filter_map(|said| said.amount));
    match said.find(|amount| amount.currency != outstanding.currency) {
        Some(amount) => Err(MoneyError::Mixed(outstanding.currency.code(), amount.currency.code())),
        None => Ok(()),
    }
}

fn hold(facts: &DebtorFacts, item: &ReceivableFacts, world: &World<'_>, gates: &mut Gates) {
    let today = world.today;
    let active = facts
        .holds
        .iter()
        .filter(|hold| !hold.released && hold.until >= today)
        .filter(|hold| hold.receivable_id.is_none_or(|id| id == item.receivable.id))
        .max_by_key(|hold| hold.until);
    let Some(hold) = active else {
        gates.reasons.push(Reason::new(ReasonCode::PassHold));
        return;
    };
    gates.stop_press(Reason::new(ReasonCode::GateHold).text("why", hold.why.as_str()).date("until", hold.until));
    gates.stops_all = true;
    gates.wake_at(start_of(shift(hold.until, 1), &world.tenant.time_zone));
}

fn dispute(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    outstanding: Money,
    gates: &mut Gates,
) -> Result<(), MoneyError> {
    let mut disputed = Money::zero(outstanding.currency);
    let mut why = "";
    for dispute in facts.disputes.iter().filter(|d| !d.resolved && d.receivable_id == item.receivable.id) {
        disputed = disputed.checked_add(dispute.amount.unwrap_or(outstanding))?;
        why = &dispute.why;
    }
    if !disputed.is_positive() {
        gates.reasons.push(Reason::new(ReasonCode::PassDispute));
        return Ok(());
    }
    let rest = gates.pressable.minor - disputed.minor.min(gates.pressable.minor);
    gates.pressable.minor = rest;
    if rest > 0 {
        let reason = Reason::new(ReasonCode::GateDisputePart).money("amount", disputed);
        gates.reasons.push(reason.money("rest", gates.pressable).text("why", why));
    } else {
        gates.stop_press(Reason::new(ReasonCode::GateDispute).money("amount", disputed).text("why", why));
    }
    Ok(())
}

fn promise(facts: &DebtorFacts, item: &ReceivableFacts, promised: Money, world: &World<'_>, gates: &mut Gates) {
    if !promised.is_positive() {
        gates.reasons.push(Reason::new(ReasonCode::PassPromise));
        return;
    }
    let ends = facts
        .promises
        .iter()
        .filter(|promise| speaks_of(promise, item) && is_active(promise, world))
        .map(|promise| paused_until(promise, world))
        .max();
    let until = ends.unwrap_or(world.today);
    let rest = (gates.pressable.minor - promised.minor).max(0);
    let whole = rest == 0;
    gates.pressable.minor = rest;
    if let Some(statements) = world.tenant.statements.filter(|_| until < world.today) {
        let reason = Reason::new(ReasonCode::GatePromiseUnread).money("amount", promised).date("until", until);
        gates.reasons.push(reason.date("covered_to", statements.covered_to));
        gates.stops_press |= whole;
        return;
    }
    let code = if whole { ReasonCode::GatePromise } else { ReasonCode::GatePromisePart };
    let mut reason = Reason::new(code).money("amount", promised).date("until", until);
    if whole {
        gates.stop_press(reason);
        gates.wake_at(start_of(shift(until, 1), &world.tenant.time_zone));
    } else {
        reason = reason.money("rest", gates.pressable);
        gates.reasons.push(reason);
    }
}

fn unmatched(facts: &DebtorFacts, item: &ReceivableFacts, gates: &mut Gates) {
    // Buyers pay a dollar invoice in euros: money in any currency silences, that in our own is named first.
    let currency = item.receivable.amount.currency;
    let waiting = facts.unmatched.iter().filter(|money| money.left.is_positive());
    let possible = waiting.min_by_key(|money| money.left.currency != currency);
    match possible {
        None => gates.reasons.push(Reason::new(ReasonCode::PassUnmatchedMoney)),
        Some(money) => {
            let reason = Reason::new(ReasonCode::GateUnmatchedMoney)
                .money("amount", money.left)
                .text("payer", money.payer_name.as_str())
                .date("date", money.received_on)
                .text("payment", money.payment_number.as_str());
            gates.stop_press(reason);
        }
    }
}

fn stale(world: &World<'_>, gates: &mut Gates) {
    let open = gates.reasons.len();
    if let Some(statements) = world.tenant.statements {
        // Money that came in between the backup and the restore is not known here before the bank tells of it again.
        let needed = world.tenant.restored_at.map(|at| shift(world.tenant.time_zone.to_datetime(at).date(), -1));
        if let Some(needed) = needed.filter(|needed| statements.covered_to < *needed) {
            let lost = Reason::new(ReasonCode::GateLostStatements).date("covered_to", statements.covered_to);
            gates.stop_press(lost.date("needed", needed));
        }
        if days_between(statements.covered_to, world.today) > statements.max_age_days {
            let old = Reason::new(ReasonCode::GateStaleFacts).date("covered_to", statements.covered_to);
            gates.stop_press(old.number("max_days", statements.max_age_days));
        }
    }
    if gates.reasons.len() == open {
        let known = world.tenant.statements.is_some();
        let code = if known { ReasonCode::PassStaleFacts } else { ReasonCode::PassNoStatements };
        gates.reasons.push(Reason::new(code));
    }
}

/// Reasons that silence by themselves: ours to make good first, or the money is said to be on its way.
fn why(item: &ReceivableFacts, world: &World<'_>, gates: &mut Gates) {
    let Some(known) = item.why else { return };
    match known.why {
        WhyUnpaid::SellerFault => gates.stop_press(Reason::new(ReasonCode::GateSellerFault)),
        WhyUnpaid::PaidInTransit => {
            let since = world.tenant.time_zone.to_datetime(known.since).date();
            let until = shift(since, IN_TRANSIT_DAYS);
            if world.today <= until {
                gates.stop_press(Reason::new(ReasonCode::GateInTransit).date("since", since).date("until", until));
                gates.wake_at(start_of(shift(until, 1), &world.tenant.time_zone));
            }
        }
        _ => {}
    }
}

/// The last day on which a promise still silences us: its day plus the margin, capped in length.
fn paused_until(promise: &Promise, world: &World<'_>) -> jiff::civil::Date {
    let with_margin = shift(promise.pay_on, world.tenant.promise_margin_days);
    with_margin.min(shift(promise.promised_on, world.tenant.promise_cap_days))
}

/// It still silences us: until its day and the margin are over and the books tell of them, but not for ever.
fn is_active(promise: &Promise, world: &World<'_>) -> bool {
    let last = shift(promise.pay_on, world.tenant.promise_margin_days);
    let is_unread = world.tenant.statements.is_some_and(|statements| statements.covered_to < last);
    promise.state == PromiseState::Open
        && world.today <= shift(promise.promised_on, world.tenant.promise_cap_days)
        && (world.today <= last || is_unread)
}

/// It is about this debt. A sum in a currency that the debt was corrected from is not.
fn speaks_of(promise: &Promise, item: &ReceivableFacts) -> bool {
    promise.receivable_id.is_none_or(|id| id == item.receivable.id)
        && promise.amount.is_none_or(|amount| amount.currency == item.receivable.amount.currency)
}

/// What could be asked for on a debt if nothing were promised, in minor units: nothing that is disputed, rests, lies in other
/// hands or is ours to make good first.
fn askable(facts: &DebtorFacts, item: &ReceivableFacts, world: &World<'_>) -> Result<i64, MoneyError> {
    let id = item.receivable.id;
    let mut holds = facts.holds.iter().filter(|hold| hold.receivable_id.is_none_or(|held| held == id));
    let is_held = holds.any(|hold| !hold.released && hold.until >= world.today);
    let is_elsewhere = item.case.as_ref().is_some_and(|case| super::resting(case).is_some());
    let rests = item.why.is_some_and(|known| match known.why {
        WhyUnpaid::SellerFault => true,
        WhyUnpaid::PaidInTransit => {
            let since = world.tenant.time_zone.to_datetime(known.since).date();
            world.today <= shift(since, IN_TRANSIT_DAYS)
        }
        _ => false,
    });
    if is_held || is_elsewhere || rests {
        return Ok(0);
    }
    let open = item.outstanding()?.minor;
    let disputes = facts.disputes.iter().filter(|dispute| !dispute.resolved && dispute.receivable_id == id);
    let disputed = disputes.map(|dispute| dispute.amount.map_or(open, |amount| amount.minor));
    Ok(open.saturating_sub(disputed.fold(0, i64::saturating_add)).max(0))
}

/// How much of each receivable (same order as the facts) is covered by a promise that still runs. A promise over
/// the whole debt with an amount covers the oldest receivables first: only what the buyer owes counts, what nobody is asked
/// for comes after all that is, and what has no due date yet comes last, since nobody promises money for it before what is
/// late.
pub fn promise_covers(facts: &DebtorFacts, world: &World<'_>) -> Result<Vec<Money>, MoneyError> {
    let mut covers = Vec::with_capacity(facts.receivables.len());
    for item in &facts.receivables {
        covers.push(Money::zero(item.receivable.amount.currency));
    }
    if facts.promises.is_empty() {
        return Ok(covers);
    }
    let owed = |i: &usize| {
        let receivable = &facts.receivables[*i].receivable;
        !receivable.closed && receivable.obligor == Obligor::Buyer
    };
    let mut oldest: Vec<usize> = (0..facts.receivables.len()).filter(owed).collect();
    oldest.sort_by_key(|&i| {
        let receivable = &facts.receivables[i].receivable;
        (receivable.due_on.is_none(), receivable.due_on, receivable.id)
    });
    let mut rooms = Vec::with_capacity(2 * oldest.len());
    for &i in &oldest {
        rooms.push((i, askable(facts, &facts.receivables[i], world)?));
    }
    for &i in &oldest {
        rooms.push((i, facts.receivables[i].outstanding()?.minor));
    }
    let came = came_for(facts, world.tenant.promise_margin_days);
    for (promise, came) in facts.promises.iter().zip(came).filter(|(promise, _)| is_active(promise, world)) {
        // What came of it is not awaited any more: the rest of the debt may be asked for.
        let mut left = promise.amount.map(|amount| amount.minor.saturating_sub(came).max(0));
        for &(i, room) in &rooms {
            if !speaks_of(promise, &facts.receivables[i]) {
                continue;
            }
            let uncovered = (room - covers[i].minor).max(0);
            let taken = left.map_or(uncovered, |left| left.min(uncovered));
            covers[i].minor += taken;
            left = left.map(|left| left - taken);
        }
    }
    Ok(covers)
}
