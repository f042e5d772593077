//! How a promise stands, read from the ledger (SCENARIOS A8): the one place that says so. It is asked again whenever money
//! moves, because a payment that was taken back keeps no promise; and nobody is said to have broken a word while the books
//! may not know of the money yet.
//!
//! Whether a promise keeps letters silent is not said here: the gates and the audit see to that, each for itself.

use jiff::civil::Date;

use crate::calendar::shift;
use crate::facts::{DebtorFacts, ReceivableFacts, TenantFacts};
use crate::gate_facts::{Promise, PromiseState};
use crate::ids::{PromiseId, ReceivableId};
use crate::matching::charges;
use crate::money::{Money, MoneyError};
use crate::receivable::Obligor;
use crate::receivable::ledger::{LedgerEntry, LedgerKind, outstanding};

/// How far the books can tell of promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Books {
    pub today: Date,
    /// Days after the promised one on which the money may still come.
    pub margin_days: i32,
    /// Last day of which the statements tell; `None`: none are read, and the books are as good as they get.
    pub covered_to: Option<Date>,
}

impl Books {
    pub fn of(tenant: &TenantFacts, today: Date) -> Self {
        let covered_to = tenant.statements.map(|statements| statements.covered_to);
        Self { today, margin_days: tenant.promise_margin_days, covered_to }
    }

    /// Of promises for days before this one the books tell all: their margin is over, and its last day is covered.
    pub fn judged_before(&self) -> Date {
        let told = self.covered_to.map_or(self.today, |covered| shift(covered, 1).min(self.today));
        shift(told, -self.margin_days)
    }

    /// Whether such a promise has to end one way or the other.
    pub fn can_judge(&self, promise: &Promise) -> bool {
        promise.pay_on < self.judged_before()
    }
}

/// Ends what a run would end, in facts that nobody writes down.
pub fn end_promises(facts: &mut DebtorFacts, books: &Books) -> Result<(), MoneyError> {
    let is_open = |promise: &Promise| promise.state == PromiseState::Open;
    if !facts.promises.iter().any(|promise| is_open(promise) && books.can_judge(promise)) {
        return Ok(());
    }
    for (id, state) in changed_fates(facts, books)? {
        let noted = facts.promises.iter_mut().filter(|promise| promise.id == id && promise.state == PromiseState::Open);
        noted.for_each(|promise| promise.state = state);
    }
    Ok(())
}

/// The promises that stand otherwise than is noted, and how. What a person withdrew stays withdrawn.
pub fn changed_fates(facts: &DebtorFacts, books: &Books) -> Result<Vec<(PromiseId, PromiseState)>, MoneyError> {
    let standing = facts.promises.iter().filter(|promise| promise.state != PromiseState::Withdrawn);
    let mut promises: Vec<&Promise> = standing.collect();
    promises.sort_by_key(|promise| (promise.pay_on, promise.promised_on, promise.id));
    let mut money = incoming(facts);
    let mut changed = Vec::new();
    for promise in promises {
        let state = fate(promise, facts, &mut money, books)?;
        if state != promise.state {
            changed.push((promise.id, state));
        }
    }
    Ok(changed)
}

/// What came for each promise until its last day, in minor units, in the order of the facts. The same money counts for one of
/// two sums: that for the earlier day.
pub fn came_for(facts: &DebtorFacts, margin_days: i32) -> Vec<i64> {
    let mut came = vec![0; facts.promises.len()];
    let mut order: Vec<usize> = (0..facts.promises.len()).collect();
    order.retain(|&nth| facts.promises[nth].state != PromiseState::Withdrawn);
    order.sort_by_key(|&nth| {
        let promise = &facts.promises[nth];
        (promise.pay_on, promise.promised_on, promise.id)
    });
    let mut money = incoming(facts);
    for nth in order {
        let promise = &facts.promises[nth];
        let scope = covered(promise, facts);
        came[nth] = take(promise, &scope, shift(promise.pay_on, margin_days), &mut money);
    }
    came
}

/// Money that came in on a debt of the buyer's.
struct Came {
    receivable_id: ReceivableId,
    on: Date,
    amount: i64,
    /// What no sum was promised for earlier: the same money keeps one of two promises.
    left: i64,
}

fn incoming(facts: &DebtorFacts) -> Vec<Came> {
    let mut came = Vec::new();
    for item in facts.receivables.iter().filter(|item| item.receivable.obligor == Obligor::Buyer) {
        for line in standing_lines(item).filter(|line| line.kind == LedgerKind::Allocation) {
            let (receivable_id, amount) = (item.receivable.id, line.amount.minor);
            came.push(Came { receivable_id, on: line.effective_on, amount, left: amount });
        }
    }
    came.sort_by_key(|came| came.on);
    came
}

/// The lines that were not taken back.
fn standing_lines(item: &ReceivableFacts) -> impl Iterator<Item = &LedgerEntry> {
    let lines = &item.entries;
    let taken_back = move |id| lines.iter().any(|other| other.reverses == Some(id));
    lines.iter().filter(move |line| line.reverses.is_none() && !taken_back(line.id))
}

fn fate(promise: &Promise, facts: &DebtorFacts, money: &mut [Came], books: &Books) -> Result<PromiseState, MoneyError> {
    use PromiseState::{Broken, Kept, NothingLeft, Open, PartlyKept};
    let last = shift(promise.pay_on, books.margin_days);
    let scope = covered(promise, facts);
    let came = take(promise, &scope, last, money);
    if promise.amount.is_some_and(|amount| came >= amount.minor) {
        return Ok(Kept);
    }
    if scope.iter().any(|item| promise.receivable_id.is_some() && was_paid_to_the_platform(item)) {
        // The day on which the buyer paid there is not known here: what has ended stays as it ended.
        return Ok(if matches!(promise.state, Broken | PartlyKept) { promise.state } else { Kept });
    }
    let is_over = books.can_judge(promise) && !money_waits(promise, last, facts);
    let (mut is_owed_now, mut asked_now, mut asked_then, mut given_up) = (false, false, false, false);
    for item in &scope {
        let open = item.outstanding()?.is_positive();
        given_up |= was_given_up(item, promise, last) || (item.receivable.closed && open);
        if is_the_buyers(item) {
            is_owed_now |= open;
            asked_now |= left_after(item, facts, None)? > 0;
            asked_then |= !is_as_good_as_paid(item, left_after(item, facts, Some(last))?);
        }
    }
    if !asked_now && !asked_then {
        if came > 0 && !given_up {
            return Ok(Kept);
        }
        if matches!(promise.state, Broken | PartlyKept) {
            return Ok(promise.state);
        }
        // What is only disputed may be asked for again before the day is over.
        return Ok(if is_owed_now && !is_over { Open } else { NothingLeft });
    }
    if promise.state == NothingLeft && last < books.today {
        // Nobody owed it on that day, whatever is owed again since.
        return Ok(NothingLeft);
    }
    Ok(match (is_over, came > 0) {
        (false, _) => Open,
        (true, false) => Broken,
        (true, true) if !asked_then || is_short_by_charges(promise, came) => Kept,
        (true, true) => PartlyKept,
    })
}

/// What the promise speaks of. A sum for everything may be paid on any debt that was there; without a sum it is about what
/// was due by its day.
fn covered<'f>(promise: &Promise, facts: &'f DebtorFacts) -> Vec<&'f ReceivableFacts> {
    let in_currency = |item: &&ReceivableFacts| {
        promise.amount.is_none_or(|amount| amount.currency == item.receivable.amount.currency)
    };
    let all = facts.receivables.iter().filter(in_currency);
    if let Some(id) = promise.receivable_id {
        return all.filter(|item| item.receivable.id == id).collect();
    }
    let owed: Vec<&ReceivableFacts> = all.filter(|item| is_the_buyers(item)).collect();
    // What was entered later was not spoken of. The first 48 bits of an id are the millisecond of that.
    let spoken_of = |item: &&ReceivableFacts| {
        let was_there = item.receivable.id.0 >> 80 <= promise.id.0 >> 80;
        let was_due = item.receivable.due_on.is_some_and(|due| due <= promise.pay_on);
        was_there && (was_due || promise.amount.is_some())
    };
    let meant: Vec<&ReceivableFacts> = owed.iter().copied().filter(spoken_of).collect();
    if meant.is_empty() { owed } else { meant }
}

/// What came for it from the day on which it was given to its last, in minor units. A sum takes no more than it is.
fn take(promise: &Promise, scope: &[&ReceivableFacts], last: Date, money: &mut [Came]) -> i64 {
    let mut all = 0_i64;
    for came in money.iter_mut().filter(|came| came.on >= promise.promised_on && came.on <= last) {
        if !scope.iter().any(|item| item.receivable.id == came.receivable_id) {
            continue;
        }
        match promise.amount {
            None => all = all.saturating_add(came.amount),
            Some(amount) => {
                let taken = came.left.min(amount.minor.saturating_sub(all)).max(0);
                came.left -= taken;
                all += taken;
            }
        }
    }
    all
}

fn is_the_buyers(item: &ReceivableFacts) -> bool {
    !item.receivable.closed && item.receivable.obligor == Obligor::Buyer
}

/// Since then the platform owes it to us.
fn was_paid_to_the_platform(item: &ReceivableFacts) -> bool {
    !item.receivable.closed && item.receivable.obligor == Obligor::Platform
}

/// Money of those days came in that could be this buyer's and has no place: it may be what was promised.
fn money_waits(promise: &Promise, last: Date, facts: &DebtorFacts) -> bool {
    let waiting = facts.unmatched.iter().filter(|money| money.left.is_positive());
    waiting.map(|money| money.received_on).any(|on| on >= promise.promised_on && on <= last)
}

/// What of it was left undisputed after a day, or by now, in minor units.
fn left_after(item: &ReceivableFacts, facts: &DebtorFacts, day: Option<Date>) -> Result<i64, MoneyError> {
    let lines = standing_lines(item).filter(|line| day.is_none_or(|day| line.effective_on <= day));
    let left = outstanding(item.receivable.amount, lines)?.minor;
    let contested = facts.disputes.iter().filter(|one| !one.resolved && one.receivable_id == item.receivable.id);
    let contested = contested.map(|one| one.amount.map_or(left, |amount| amount.minor)).fold(0, i64::saturating_add);
    Ok(left.saturating_sub(contested).max(0))
}

/// Nothing is left, or no more than banks may have kept.
fn is_as_good_as_paid(item: &ReceivableFacts, left: i64) -> bool {
    let amount = item.receivable.amount;
    left == 0 || charges::are_likely(amount, Money::new(left, amount.currency))
}

fn is_short_by_charges(promise: &Promise, came: i64) -> bool {
    promise.amount.is_some_and(|amount| {
        charges::are_likely(amount, Money::new(amount.minor.saturating_sub(came), amount.currency))
    })
}

/// Part of it was given up, or taken over by instalments, while the promise ran. What banks kept is not given up.
fn was_given_up(item: &ReceivableFacts, promise: &Promise, last: Date) -> bool {
    standing_lines(item).any(|line| {
        let is_loss = match line.kind {
            LedgerKind::WriteOff => !charges::is_note(&line.note),
            LedgerKind::Moved => true,
            LedgerKind::Allocation | LedgerKind::Credit | LedgerKind::Fee => false,
        };
        is_loss && line.effective_on >= promise.promised_on && line.effective_on <= last
    })
}
