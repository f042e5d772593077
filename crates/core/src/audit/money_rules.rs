//! Invariants 1 and 3 as the auditor sees them: what is open, what may be asked for, and what keeps us silent.

use jiff::{Timestamp, ToSpan, civil::Date};

use super::promised::still_to_come;
use super::{Breach, Rules, refuse};
use crate::case::CaseState;
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::{Promise, PromiseState};
use crate::letter::Purpose;
use crate::money::Money;
use crate::plan::LetterItem;
use crate::playbook::{Playbook, Step};
use crate::receivable::Obligor;
use crate::receivable::ledger::LedgerKind;
use crate::why::{IN_TRANSIT_DAYS, WhyUnpaid};

/// Open minor units, added up here and not by the decision.
pub fn open_amount(item: &ReceivableFacts) -> Result<i64, Breach> {
    let mut open = i128::from(item.receivable.amount.minor);
    for entry in &item.entries {
        if entry.amount.currency != item.receivable.amount.currency || entry.receivable_id != item.receivable.id {
            return refuse(3, format!("a ledger line of {} does not belong to it", item.receivable.number));
        }
        open -= i128::from(entry.amount.minor);
    }
    match i64::try_from(open) {
        Ok(open) if open >= 0 => Ok(open),
        _ => refuse(3, format!("the ledger of {} does not balance", item.receivable.number)),
    }
}

/// The amounts of a letter are the ledger's. Only news may ask for nothing: what is open may all be disputed.
pub fn check_amount(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    quoted: &LetterItem,
    purpose: Purpose,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    if item.receivable.due_on != quoted.due_on {
        return refuse(3, format!("the due date of {} was corrected since", item.receivable.number));
    }
    let open = open_amount(item)?;
    let currency = item.receivable.amount.currency;
    if quoted.outstanding != Money::new(open, currency) || quoted.pressed.currency != currency {
        return refuse(3, format!("{} is quoted, the ledger says {open} minor", quoted.outstanding));
    }
    if quoted.pressed.minor < i64::from(purpose.asks_for_money()) || quoted.pressed.minor > open {
        return refuse(3, format!("{} asked for, {open} minor open", quoted.pressed));
    }
    check_free(facts, item, quoted.pressed, now, rules)
}

/// Not more than what is open and neither disputed nor promised; and nothing at all, in news neither, while the money may
/// be in already.
pub fn check_free(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    pressed: Money,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    if pressed.minor > 0 {
        check_surely_unpaid(facts, item, now, rules)?;
    }
    let free = free_amount(facts, item, now, rules)?;
    if pressed.minor > free {
        let number = &item.receivable.number;
        return refuse(
            1,
            format!("{pressed} asked for on {number}, of which only {free} minor is free of dispute and promise"),
        );
    }
    Ok(())
}

fn free_amount(facts: &DebtorFacts, item: &ReceivableFacts, now: Timestamp, rules: &Rules<'_>) -> Result<i64, Breach> {
    let open = open_amount(item)?;
    check_one_currency(facts, item)?;
    let today = rules.day_of(now);
    let disputed: i64 = facts
        .disputes
        .iter()
        .filter(|dispute| !dispute.resolved && dispute.receivable_id == item.receivable.id)
        .map(|dispute| dispute.amount.map_or(open, |amount| amount.minor))
        .fold(0, i64::saturating_add);
    let to_come = still_to_come(facts, rules.tenant.promise_margin_days);
    let mut promised = covered_by_general_promises(facts, item, (today, &to_come), rules)?;
    let currency = item.receivable.amount.currency;
    for (promise, to_come) in facts.promises.iter().zip(&to_come) {
        if !still_holds(promise, today, rules) {
            continue;
        }
        // A sum in another currency than the debt has by now says nothing about it.
        let fits = promise.amount.is_none_or(|amount| amount.currency == currency);
        let about_this = promise.receivable_id == Some(item.receivable.id) && fits;
        let about_all = promise.receivable_id.is_none() && promise.amount.is_none();
        if about_this || about_all {
            promised = promised.saturating_add(promise.amount.map_or(open, |_| *to_come));
        }
    }
    Ok(open.saturating_sub(disputed).saturating_sub(promised).max(0))
}

/// A promise is waited for until its day and the margin are over and the statements, where there are any, tell of them;
/// never longer than a promise may be waited for at all.
fn still_holds(promise: &Promise, today: Date, rules: &Rules<'_>) -> bool {
    let awaited_to = promise.pay_on.saturating_add(i64::from(rules.tenant.promise_margin_days).days());
    let longest = promise.promised_on.saturating_add(i64::from(rules.tenant.promise_cap_days).days());
    let is_told = rules.tenant.statements.is_none_or(|age| awaited_to <= age.covered_to);
    let is_over = is_told && awaited_to < today;
    promise.state == PromiseState::Open && !is_over && today <= longest
}

/// A disputed or promised part is counted off only where it is in the currency of the receivable.
fn check_one_currency(facts: &DebtorFacts, item: &ReceivableFacts) -> Result<(), Breach> {
    let (id, currency) = (item.receivable.id, item.receivable.amount.currency);
    for dispute in facts.disputes.iter().filter(|dispute| dispute.receivable_id == id && !dispute.resolved) {
        if dispute.amount.is_some_and(|amount| amount.currency != currency) {
            return refuse(3, format!("{} is disputed in another currency than it is owed in", item.receivable.number));
        }
    }
    for promise in facts.promises.iter().filter(|promise| promise.receivable_id == Some(id)) {
        let is_other = promise.amount.is_some_and(|amount| amount.currency != currency);
        if is_other && promise.state == PromiseState::Open {
            return refuse(3, format!("{} is promised in another currency than it is owed in", item.receivable.number));
        }
    }
    Ok(())
}

/// Nothing is pressed for that is paid, disputed, promised, on hold or possibly paid.
pub fn check(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    pressed: Money,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    check_silence_for_all(facts, item, now, rules)?;
    let number = &item.receivable.number;
    let currency = item.receivable.amount.currency;
    if pressed.currency != currency || pressed.minor <= 0 {
        return refuse(1, format!("nothing can be asked for on {number}"));
    }
    check_surely_unpaid(facts, item, now, rules)
}

/// No money waits that could be this, and none can have come in unseen.
fn check_surely_unpaid(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let number = &item.receivable.number;
    let today = rules.day_of(now);
    match item.why.map(|known| (known.why, known.since)) {
        Some((WhyUnpaid::SellerFault, _)) => return refuse(1, format!("{number} is unpaid by our own fault")),
        Some((WhyUnpaid::PaidInTransit, since)) => {
            let said = rules.day_of(since);
            if today <= said.saturating_add(i64::from(IN_TRANSIT_DAYS).days()) {
                return refuse(1, format!("{number} is said to be paid since {said}"));
            }
        }
        _ => {}
    }
    // In whatever currency: an invoice in dollars may have been paid in euros.
    if facts.unmatched.iter().any(|money| money.left.minor > 0) {
        return refuse(1, format!("unmatched money may have paid {number}"));
    }
    if let Some(age) = rules.tenant.statements {
        let horizon = age.covered_to.saturating_add(i64::from(age.max_age_days).days());
        if today > horizon {
            return refuse(1, format!("the books end on {} and may miss a payment", age.covered_to));
        }
        // A statement to the evening before the restore at least; of that day itself none may exist yet.
        let next_day = age.covered_to.saturating_add(1.day());
        let restored_on = rules.tenant.restored_at.map(|at| rules.day_of(at));
        if restored_on.is_some_and(|restored_on| next_day < restored_on) {
            return refuse(1, format!("payments after {} were lost by the restore", age.covered_to));
        }
    }
    Ok(())
}

/// What promises of a sum for the debtor as a whole leave nothing to ask for: such a sum pays the oldest first, of all
/// that the buyer may be asked for. What is not due on any day counts as the youngest.
fn covered_by_general_promises(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    (today, to_come): (Date, &[i64]),
    rules: &Rules<'_>,
) -> Result<i64, Breach> {
    let currency = item.receivable.amount.currency;
    let mut sums = 0_i64;
    for (promise, to_come) in facts.promises.iter().zip(to_come) {
        if let (None, Some(amount)) = (promise.receivable_id, promise.amount)
            && amount.currency == currency
            && still_holds(promise, today, rules)
        {
            sums = sums.saturating_add(*to_come);
        }
    }
    let age = |one: &ReceivableFacts| (one.receivable.due_on.unwrap_or(Date::MAX), one.receivable.id);
    let mut older = 0_i64;
    for other in facts.receivables.iter().filter(|other| other.receivable.amount.currency == currency) {
        let nobodys = other.receivable.closed || other.receivable.obligor == Obligor::Platform;
        if !nobodys && age(other) < age(item) {
            older = older.saturating_add(in_chase(facts, other, today, rules)?);
        }
    }
    Ok(sums.saturating_sub(older).clamp(0, open_amount(item)?.max(0)))
}

/// Minor units of a debt that a letter could ask for, promises left aside: not what is contested, not what a pause, other
/// hands, our own fault or money on its way take out of the chase.
fn in_chase(facts: &DebtorFacts, item: &ReceivableFacts, today: Date, rules: &Rules<'_>) -> Result<i64, Breach> {
    let own = Some(item.receivable.id);
    for hold in &facts.holds {
        if !hold.released && today <= hold.until && (hold.receivable_id.is_none() || hold.receivable_id == own) {
            return Ok(0);
        }
    }
    if item.case.as_ref().is_some_and(|case| matches!(case.state, CaseState::HandedOver | CaseState::PlanAgreed)) {
        return Ok(0);
    }
    match item.why.map(|known| (known.why, rules.day_of(known.since))) {
        Some((WhyUnpaid::SellerFault, _)) => return Ok(0),
        Some((WhyUnpaid::PaidInTransit, said)) if today <= said.saturating_add(i64::from(IN_TRANSIT_DAYS).days()) => {
            return Ok(0);
        }
        _ => {}
    }
    let mut left = open_amount(item)?;
    for dispute in &facts.disputes {
        if !dispute.resolved && Some(dispute.receivable_id) == own {
            left = dispute.amount.map_or(0, |amount| left.saturating_sub(amount.minor));
        }
    }
    Ok(left.max(0))
}

/// What silences every letter about a receivable: paid, closed, owed by the platform, on hold, blacklisted.
pub fn check_silence_for_all(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let number = &item.receivable.number;
    if open_amount(item)? == 0 {
        return refuse(1, format!("{number} is paid"));
    }
    if item.receivable.closed || item.receivable.obligor != Obligor::Buyer {
        return refuse(1, format!("{number} is not the buyer's to pay any more"));
    }
    check_not_silenced(facts, item, now, rules)
}

/// Thanks go for money that came in, all of it, to a buyer who was asked for it, and ask for nothing.
pub fn check_thanks(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    quoted: &LetterItem,
    purpose: Purpose,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let number = &item.receivable.number;
    if purpose != Purpose::Answer || quoted.pressed.minor != 0 {
        return refuse(1, format!("thanks for {number} that ask for money"));
    }
    if open_amount(item)? != 0 || item.receivable.closed {
        return refuse(1, format!("thanks for {number}, which is not paid"));
    }
    let (mut paid, mut given_up) = (0_i128, 0_i128);
    for entry in &item.entries {
        match entry.kind {
            LedgerKind::Allocation => paid += i128::from(entry.amount.minor),
            LedgerKind::WriteOff | LedgerKind::Moved => given_up += i128::from(entry.amount.minor),
            LedgerKind::Credit | LedgerKind::Fee => {}
        }
    }
    if item.receivable.obligor != Obligor::Buyer {
        return refuse(1, format!("thanks for {number}, which the platform paid out"));
    }
    if paid <= 0 || given_up > 0 {
        return refuse(1, format!("thanks for {number}, which no payment settled"));
    }
    let mut steps = item.case.iter().flat_map(|case| &case.steps);
    if !steps.any(|taken| taken.level > 0 && !taken.voided && taken.done_at.is_some() && taken.end.is_none()) {
        return refuse(1, format!("thanks for {number}, which nobody asked for"));
    }
    check_not_silenced(facts, item, now, rules)
}

/// Blacklist and holds: nothing leaves at all.
fn check_not_silenced(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let number = &item.receivable.number;
    if facts.party.blacklisted {
        return refuse(1, format!("{} is blacklisted", facts.party.number));
    }
    let today = rules.day_of(now);
    let held = facts.holds.iter().any(|hold| {
        let covers = hold.receivable_id.is_none() || hold.receivable_id == Some(item.receivable.id);
        covers && !hold.released && today <= hold.until
    });
    if held {
        return refuse(1, format!("{number} is on hold"));
    }
    Ok(())
}

/// The debtor owes what the step's level of warning asks for at least, added up over all its debts in the currency; money of
/// theirs that waits for its place is as good as paid.
pub fn check_minimum(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    playbook: &Playbook,
    step: &Step,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let currency = item.receivable.amount.currency;
    for minimum in playbook.minimums.iter().filter(|minimum| minimum.level == step.level) {
        let today = rules.day_of(now);
        let waiting = facts.unmatched.iter().map(|money| money.left).filter(|left| left.currency == currency);
        let waiting: i128 = waiting.map(|left| i128::from(left.minor)).filter(|minor| *minor > 0).sum();
        let (mut late, mut all) = (0_i128, 0_i128);
        for one in &facts.receivables {
            let owed = &one.receivable;
            if owed.amount.currency != currency || owed.closed || owed.obligor == Obligor::Platform {
                continue;
            }
            let open = i128::from(open_amount(one)?);
            all += open;
            let is_late = match owed.due_on {
                Some(due) => due < today,
                None => owed.placed_at.is_some(),
            };
            if is_late {
                late += open;
            }
        }
        let least = minimum.amounts.iter().find(|(known, _)| *known == currency).map_or(0, |(_, minor)| *minor);
        if !is_worth(late, all, waiting, i128::from(least), i128::from(minimum.share_percent)) {
            return refuse(4, format!("{late} minor overdue is too little for level {}", step.level));
        }
    }
    Ok(())
}

/// Whether what is late is worth a warning, once money that waits for its place has been counted off.
fn is_worth(late: i128, all: i128, waiting: i128, least: i128, share_percent: i128) -> bool {
    let (late, all) = ((late - waiting).max(0), (all - waiting).max(0));
    late >= least && late * 100 >= all * share_percent
}

#[cfg(test)]
mod tests {
    use super::is_worth;

    #[test]
    fn money_that_waits_counts_off_the_sum_and_off_the_share() {
        // Late, all, waiting, least, share.
        assert!(is_worth(100_000, 100_000, 90_000, 10_000, 0));
        assert!(!is_worth(100_000, 100_000, 90_001, 10_000, 0));
        assert!(is_worth(5_000, 100_000, 0, 0, 5));
        assert!(!is_worth(5_000, 100_000, 1, 0, 5), "4,999 of 99,999");
        assert!(is_worth(5_000, 5_000, 9_000, 0, 5), "nothing is more than nothing");
        assert!(!is_worth(5_000, 5_000, 9_000, 1, 0));
    }
}
