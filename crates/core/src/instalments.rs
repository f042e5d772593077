//! An agreed plan of instalments (SCENARIOS B8): whether one may be agreed, how an amount is parted evenly, and when a plan
//! is broken. Each instalment is a receivable of its own, with its own clock.

use jiff::{Span, civil::Date};

use crate::calendar::days_between;
use crate::money::Money;
use crate::receivable::ledger::{LedgerEntry, LedgerKind};
use crate::refusal::{Refusal, RefusalCode};

/// One part, and the day by which it is to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment {
    pub on: Date,
    pub amount: Money,
}

/// More would be a loan.
pub const MOST: usize = 36;

/// Longer is no plan for a debt of trade.
const LONGEST_DAYS: i32 = 3 * 366;

/// Whether these parts can stand in place of what is open.
pub fn check(open: Money, parts: &[Instalment], today: Date) -> Result<(), Refusal> {
    if !(2..=MOST).contains(&parts.len()) {
        return Err(Refusal::new(RefusalCode::PlanCount).with("most", MOST as i64));
    }
    let mut before: Option<Date> = None;
    let mut sum = Money::zero(open.currency);
    for part in parts {
        if part.on < today {
            return Err(Refusal::new(RefusalCode::PlanPast).with("day", part.on).with("today", today));
        }
        if before.is_some_and(|before| part.on <= before) {
            return Err(Refusal::new(RefusalCode::PlanOrder).with("day", part.on));
        }
        if days_between(today, part.on) > LONGEST_DAYS {
            return Err(Refusal::new(RefusalCode::PlanLong).with("day", part.on));
        }
        if !part.amount.is_positive() {
            return Err(Refusal::new(RefusalCode::AmountNotPositive));
        }
        let added = sum.checked_add(part.amount);
        sum = added.map_err(|_| Refusal::new(RefusalCode::PlanSum).with("sum", part.amount).with("open", open))?;
        before = Some(part.on);
    }
    if sum != open {
        return Err(Refusal::new(RefusalCode::PlanSum).with("sum", sum).with("open", open));
    }
    Ok(())
}

/// Parts an amount into `count` equal instalments, the first on a day and the others a span apart each. The last one takes
/// the remainder.
pub fn evenly(open: Money, count: usize, first: Date, apart: Span) -> Vec<Instalment> {
    let count = count.clamp(1, MOST);
    let each = open.minor / count as i64;
    let mut parts = Vec::with_capacity(count);
    for (nth, on) in first.series(apart).take(count).enumerate() {
        let minor = if nth + 1 == count { open.minor - each * (count as i64 - 1) } else { each };
        parts.push(Instalment { on, amount: Money::new(minor, open.currency) });
    }
    parts
}

/// Whether a plan is broken by an instalment that is still open.
pub fn is_broken(due_on: Date, late_days: i32, today: Date) -> bool {
    days_between(due_on, today) > late_days
}

/// Whether an instalment was paid by a day: the day on which the money came in counts, whenever somebody read of it. A rest
/// that was given up is not asked after.
pub fn paid_by(amount: Money, entries: &[LedgerEntry], last: Date) -> bool {
    let is_back = |line: &LedgerEntry| entries.iter().any(|other| other.reverses == Some(line.id));
    let (mut in_time, mut given_up) = (0_i128, 0_i128);
    for line in entries.iter().filter(|line| line.reverses.is_none() && !is_back(line)) {
        match line.kind {
            LedgerKind::WriteOff => given_up += i128::from(line.amount.minor),
            LedgerKind::Allocation | LedgerKind::Credit if line.effective_on <= last => {
                in_time += i128::from(line.amount.minor);
            }
            LedgerKind::Allocation | LedgerKind::Credit | LedgerKind::Moved | LedgerKind::Fee => {}
        }
    }
    in_time > 0 && in_time + given_up >= i128::from(amount.minor)
}

/// Spreads an amount over what each of several debts still takes, in their order: the first is filled before the second gets
/// anything. Nothing is given beyond what all of them take together.
pub fn oldest_first<T: Copy>(amount: i64, rooms: &[(T, i64)]) -> Vec<(T, i64)> {
    let mut left = amount.max(0);
    let mut shares = Vec::new();
    for (debt, room) in rooms {
        let part = left.min(*room);
        if part > 0 {
            shares.push((*debt, part));
            left -= part;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{LedgerEntryId, ReceivableId};
    use crate::money::currency;
    use jiff::ToSpan;
    use jiff::civil::date;

    fn usd(minor: i64) -> Money {
        Money::new(minor, currency("USD").expect("USD"))
    }

    #[test]
    fn the_last_part_takes_the_remainder() {
        let parts = evenly(usd(10_000), 3, date(2026, 1, 31), 1.month());
        let amounts: Vec<i64> = parts.iter().map(|part| part.amount.minor).collect();
        assert_eq!(amounts, [3_333, 3_333, 3_334]);
        // The end of a shorter month, and back to the 31st: each counts from the first.
        assert_eq!(
            parts.iter().map(|part| part.on).collect::<Vec<_>>(),
            [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
        );
        assert_eq!(check(usd(10_000), &parts, date(2026, 1, 31)), Ok(()));
    }

    #[test]
    fn a_plan_that_does_not_add_up_is_refused() {
        let code = |parts: &[Instalment]| check(usd(10_000), parts, date(2026, 1, 10)).map_err(|refusal| refusal.code);
        let part = |day, minor| Instalment { on: date(2026, 2, day), amount: usd(minor) };
        assert_eq!(code(&[part(1, 10_000)]), Err(RefusalCode::PlanCount));
        assert_eq!(code(&[part(1, 5_000), part(2, 4_999)]), Err(RefusalCode::PlanSum));
        assert_eq!(code(&[part(2, 5_000), part(2, 5_000)]), Err(RefusalCode::PlanOrder));
        assert_eq!(code(&[part(1, 10_001), part(2, -1)]), Err(RefusalCode::AmountNotPositive));
        let past = Instalment { on: date(2026, 1, 9), amount: usd(5_000) };
        assert_eq!(code(&[past, part(2, 5_000)]), Err(RefusalCode::PlanPast));
        let far = Instalment { on: date(2036, 1, 9), amount: usd(5_000) };
        assert_eq!(code(&[part(1, 5_000), far]), Err(RefusalCode::PlanLong));
        assert_eq!(code(&[part(1, i64::MAX), part(2, i64::MAX)]), Err(RefusalCode::PlanSum));
    }

    fn line(id: u128, kind: LedgerKind, minor: i64, on: Date, reverses: Option<u128>) -> LedgerEntry {
        LedgerEntry {
            id: LedgerEntryId(id),
            receivable_id: ReceivableId(1),
            kind,
            amount: usd(minor),
            payment: None,
            reverses: reverses.map(LedgerEntryId),
            effective_on: on,
            note: String::new(),
        }
    }

    #[test]
    fn what_counts_is_the_day_on_which_the_money_came_in() {
        let (before, last, after) = (date(2026, 2, 28), date(2026, 3, 6), date(2026, 3, 7));
        let paid = |lines: &[LedgerEntry]| paid_by(usd(1_000), lines, last);
        let money = |id, minor, on| line(id, LedgerKind::Allocation, minor, on, None);
        assert!(paid(&[money(1, 1_000, before)]) && paid(&[money(1, 400, before), money(2, 600, last)]));
        assert!(!paid(&[money(1, 1_000, after)]) && !paid(&[money(1, 999, before), money(2, 1, after)]));
        assert!(!paid(&[]), "nothing came in");
        // A small rest that was given up later is not asked after; all of it given up is no payment.
        let given_up = |minor| line(9, LedgerKind::WriteOff, minor, after, None);
        assert!(paid(&[money(1, 980, before), given_up(20)]) && !paid(&[given_up(1_000)]));
        // Parted once more: nobody paid it.
        assert!(!paid(&[money(1, 1, before), line(2, LedgerKind::Moved, 999, before, None)]));
        // What was taken back did not come in for this, and what came after it did.
        let back = line(2, LedgerKind::Allocation, -1_000, after, Some(1));
        assert!(!paid(&[money(1, 1_000, before), back.clone()]));
        assert!(paid(&[money(1, 1_000, before), back, money(3, 1_000, before)]));
    }

    #[test]
    fn broken_only_after_its_days_of_grace() {
        assert!(!is_broken(date(2026, 2, 1), 10, date(2026, 2, 11)));
        assert!(is_broken(date(2026, 2, 1), 10, date(2026, 2, 12)));
    }
}
