//! Invariant 3 as properties: whatever is tried, outstanding never falls below zero, allocations never exceed the
//! payment, and every amount is the sum of its lines. Also across currencies, where each side balances in its own.

use dunlin_core::ids::{LedgerEntryId, PaymentId, ReceivableId};
use dunlin_core::instalments::oldest_first;
use dunlin_core::money::{Currency, Decimal, Money};
use dunlin_core::receivable::ledger::{
    AllocatedFrom, LedgerEntry, LedgerKind, LedgerRefusal, check_append, outstanding, unallocated,
};
use dunlin_core::receivable::share::{Asked, Share};
use jiff::civil::date;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Try {
    Allocate(i64),
    Credit(i64),
    WriteOff(i64),
    Reverse(usize),
    WrongCurrency(i64),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let amount = prop_oneof![-50_i64..20_000, Just(i64::MAX), Just(i64::MIN), Just(0)];
    let one = prop_oneof![
        amount.clone().prop_map(Try::Allocate),
        amount.clone().prop_map(Try::Credit),
        amount.clone().prop_map(Try::WriteOff),
        (0_usize..12).prop_map(Try::Reverse),
        amount.prop_map(Try::WrongCurrency),
    ];
    prop::collection::vec(one, 0..40)
}

const PAYMENT: PaymentId = PaymentId(7);

fn line(id: usize, kind: LedgerKind, minor: i64, currency: Currency) -> LedgerEntry {
    let amount = Money::new(minor, currency);
    let from = AllocatedFrom { payment_id: PAYMENT, amount, rate: Decimal::ONE };
    LedgerEntry {
        id: LedgerEntryId(id as u128 + 1),
        receivable_id: ReceivableId(1),
        kind,
        amount,
        payment: (kind == LedgerKind::Allocation).then_some(from),
        reverses: None,
        effective_on: date(2026, 3, 2),
        note: String::new(),
    }
}

fn attempt(id: usize, wanted: &Try, lines: &[LedgerEntry]) -> Option<LedgerEntry> {
    Some(match wanted {
        Try::Allocate(minor) => line(id, LedgerKind::Allocation, *minor, Currency::USD),
        Try::Credit(minor) => line(id, LedgerKind::Credit, *minor, Currency::USD),
        Try::WriteOff(minor) => line(id, LedgerKind::WriteOff, *minor, Currency::USD),
        Try::WrongCurrency(minor) => line(id, LedgerKind::Allocation, *minor, Currency::EUR),
        Try::Reverse(index) => {
            let original = lines.get(*index)?;
            let mut entry = line(id, original.kind, -original.amount.minor, Currency::USD);
            entry.reverses = Some(original.id);
            entry
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]
    #[test]
    fn money_balances_whatever_is_tried(owed in 0_i64..30_000, received in 1_i64..30_000, tries in tries()) {
        let owed = Money::new(owed, Currency::USD);
        let received = Money::new(received, Currency::USD);
        let mut lines: Vec<LedgerEntry> = Vec::new();
        for (id, wanted) in tries.iter().enumerate() {
            let Some(entry) = attempt(id, wanted, &lines) else { continue };
            let left = unallocated(PAYMENT, received, &lines).expect("small sums");
            if check_append("R-0001", owed, &lines, &entry, Some(left)).is_ok() {
                lines.push(entry);
            }
            let open = outstanding(owed, &lines).expect("small sums");
            let left = unallocated(PAYMENT, received, &lines).expect("small sums");
            prop_assert!(open.minor >= 0 && open.minor <= owed.minor, "{open}");
            prop_assert!(left.minor >= 0 && left.minor <= received.minor, "{left}");
            let sum: i64 = lines.iter().map(|line| line.amount.minor).sum();
            prop_assert_eq!(open.minor + sum, owed.minor);
        }
    }
}

#[test]
fn a_line_in_another_currency_is_none_of_the_debt() {
    use LedgerKind::{Allocation, Credit, Fee, Moved, WriteOff};
    for kind in [Allocation, Credit, Fee, Moved, WriteOff] {
        let owed = Money::new(1_000, Currency::USD);
        let refused = check_append("R-0001", owed, &[], &line(1, kind, 100, Currency::EUR), None);
        assert_eq!(refused, Err(LedgerRefusal::WrongCurrency("EUR", "USD")), "{kind:?}");
        assert_eq!(check_append("R-0001", owed, &[], &line(1, kind, 100, Currency::USD), None), Ok(()), "{kind:?}");
    }
}

#[test]
fn a_share_is_taken_from_the_payment_in_its_own_currency() {
    let owed = Money::new(100_000, Currency::USD);
    let share = Share { uses: Money::new(9_000, Currency::EUR), settles: Money::new(10_000, Currency::USD) };
    let mut new = line(1, LedgerKind::Allocation, 10_000, Currency::USD);
    new.payment = Some(AllocatedFrom::new(PAYMENT, share).expect("a rate"));
    let from = |left: Money| check_append("R-0001", owed, &[], &new, Some(left));
    assert_eq!(from(Money::new(9_000, Currency::EUR)), Ok(()));
    assert!(matches!(from(Money::new(8_999, Currency::EUR)), Err(LedgerRefusal::MoreThanPayment { .. })));
    assert!(matches!(from(Money::new(50_000, Currency::USD)), Err(LedgerRefusal::Money(_))));
    // Nothing settles nothing.
    let mut free = new.clone();
    free.payment =
        Some(AllocatedFrom { payment_id: PAYMENT, amount: Money::new(0, Currency::EUR), rate: Decimal::ONE });
    let refused = check_append("R-0001", owed, &[], &free, Some(Money::new(9_000, Currency::EUR)));
    assert_eq!(refused, Err(LedgerRefusal::NotPositive(Money::new(0, Currency::EUR))));
}

/// What is owed and what came in: decimals of every kind, and one currency on both sides.
const OWED: [Currency; 3] = [Currency::USD, Currency::JPY, Currency::KWD];
const PAID: [Currency; 3] = [Currency::EUR, Currency::JPY, Currency::USD];

#[derive(Debug, Clone)]
enum Place {
    /// As a person asks for it: of a payment, on a receivable, using, settling.
    Asked(usize, usize, Option<i64>, Option<i64>),
    /// The same, past the questions, and at a rate that is off by this much.
    Forged(usize, usize, i64, i64, i64),
    Reverse(usize),
    /// Takes back only what was settled, and keeps the payment spent; or the other way round.
    HalfReverse(usize, bool),
}

fn places() -> impl Strategy<Value = Vec<Place>> {
    let minor = prop_oneof![-50_i64..20_000, Just(i64::MAX), Just(i64::MIN), Just(0), Just(1)];
    let said = prop::option::of(minor.clone());
    let one = prop_oneof![
        4 => (0_usize..3, 0_usize..3, said.clone(), said).prop_map(|(p, r, u, s)| Place::Asked(p, r, u, s)),
        1 => (0_usize..3, 0_usize..3, minor.clone(), minor, 0_i64..3)
            .prop_map(|(p, r, u, s, off)| Place::Forged(p, r, u, s, off)),
        2 => (0_usize..12).prop_map(Place::Reverse),
        1 => (0_usize..12, any::<bool>()).prop_map(|(index, settled)| Place::HalfReverse(index, settled)),
    ];
    prop::collection::vec(one, 0..40)
}

/// Three receivables, three payments, and all lines between them in the order in which they were appended.
struct Desk {
    owed: [Money; 3],
    paid: [Money; 3],
    lines: Vec<LedgerEntry>,
}

impl Desk {
    fn of(&self, receivable: usize) -> Vec<LedgerEntry> {
        let id = ReceivableId(receivable as u128);
        self.lines.iter().filter(|line| line.receivable_id == id).cloned().collect()
    }

    fn open(&self, receivable: usize) -> Money {
        outstanding(self.owed[receivable], &self.of(receivable)).expect("small sums")
    }

    fn left(&self, payment: usize) -> Money {
        unallocated(PaymentId(payment as u128), self.paid[payment], &self.lines).expect("small sums")
    }

    fn line(&self, payment: usize, receivable: usize, share: Share, rate: Decimal) -> LedgerEntry {
        let from = AllocatedFrom { payment_id: PaymentId(payment as u128), amount: share.uses, rate };
        let currency = share.settles.currency;
        let line = line(self.lines.len(), LedgerKind::Allocation, share.settles.minor, currency);
        LedgerEntry { receivable_id: ReceivableId(receivable as u128), payment: Some(from), ..line }
    }

    fn reversal(&self, index: usize) -> Option<LedgerEntry> {
        let original = self.lines.get(index)?;
        let (amount, payment) = original.taken_back().ok()?;
        let id = LedgerEntryId(self.lines.len() as u128 + 1);
        Some(LedgerEntry { id, amount, payment, reverses: Some(original.id), ..original.clone() })
    }

    /// The line of an attempt, as far as one can be made of it, and whether it may ever go in.
    fn attempt(&self, wanted: &Place) -> Option<(LedgerEntry, bool)> {
        match *wanted {
            Place::Asked(payment, receivable, uses, settles) => {
                let asked = Asked {
                    uses: uses.map(|minor| Money::new(minor, PAID[payment])),
                    settles: settles.map(|minor| Money::new(minor, OWED[receivable])),
                };
                let share = Share::asked("R-0001", self.left(payment), self.open(receivable), asked).ok()?;
                Some((self.line(payment, receivable, share, share.rate().ok()?), true))
            }
            Place::Forged(payment, receivable, uses, settles, off) => {
                let share =
                    Share { uses: Money::new(uses, PAID[payment]), settles: Money::new(settles, OWED[receivable]) };
                let rate = share.rate().unwrap_or(Decimal::ONE) + Decimal::from(off);
                Some((self.line(payment, receivable, share, rate), off == 0 && share.rate().is_ok()))
            }
            Place::Reverse(index) => Some((self.reversal(index)?, true)),
            Place::HalfReverse(index, settled) => {
                let mut line = self.reversal(index)?;
                let from = line.payment.as_mut()?;
                if settled {
                    from.amount.minor = -from.amount.minor;
                } else {
                    line.amount.minor = -line.amount.minor;
                }
                Some((line, false))
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]
    #[test]
    fn money_balances_across_currencies(
        owed in prop::array::uniform3(0_i64..30_000),
        paid in prop::array::uniform3(1_i64..30_000),
        places in places(),
    ) {
        let with = |minors: [i64; 3], currencies: [Currency; 3]| {
            [0, 1, 2].map(|index| Money::new(minors[index], currencies[index]))
        };
        let mut desk = Desk { owed: with(owed, OWED), paid: with(paid, PAID), lines: Vec::new() };
        for wanted in &places {
            let Some((line, may)) = desk.attempt(wanted) else { continue };
            let (receivable, payment) = (line.receivable_id.0 as usize, line.payment.as_ref().map(|from| from.payment_id));
            let left = payment.map(|id| desk.left(id.0 as usize));
            let taken = check_append("R-0001", desk.owed[receivable], &desk.of(receivable), &line, left).is_ok();
            prop_assert!(may || !taken, "{line:?}");
            // What a person may ask for is never refused afterwards.
            prop_assert!(taken || !matches!(wanted, Place::Asked(..)), "{line:?}");
            if taken {
                desk.lines.push(line);
            }
            for index in 0..3 {
                let (open, left) = (desk.open(index), desk.left(index));
                prop_assert!(open.minor >= 0 && open.minor <= desk.owed[index].minor, "{open}");
                prop_assert!(left.minor >= 0 && left.minor <= desk.paid[index].minor, "{left}");
            }
        }
        for line in &desk.lines {
            // The rate gives the settled amount back to the last minor unit, on the way back too.
            let from = line.payment.as_ref().expect("allocations only");
            let again = (from.amount.to_decimal() * from.rate).round_dp(dunlin_core::money::digits(line.amount.currency));
            prop_assert_eq!(again, line.amount.to_decimal());
        }
        // Everything taken back, nothing is paid and nothing spent, in any currency.
        for index in 0..desk.lines.len() {
            let Some(line) = desk.reversal(index) else { continue };
            let receivable = line.receivable_id.0 as usize;
            if check_append("R-0001", desk.owed[receivable], &desk.of(receivable), &line, None).is_ok() {
                desk.lines.push(line);
            }
        }
        for index in 0..3 {
            prop_assert_eq!(desk.open(index), desk.owed[index]);
            prop_assert_eq!(desk.left(index), desk.paid[index]);
        }
    }
}

proptest! {
    /// Money told of an amount that became instalments: the first is filled before the second gets anything, none takes more
    /// than it owes, and no cent comes up or goes missing.
    #[test]
    fn money_fills_instalments_oldest_first(
        amount in -100_i64..40_000,
        rooms in prop::collection::vec(0_i64..9_000, 0..12),
    ) {
        let named: Vec<(usize, i64)> = rooms.iter().copied().enumerate().collect();
        let shares = oldest_first(amount, &named);
        let given: i64 = shares.iter().map(|(_, share)| share).sum();
        prop_assert_eq!(given, amount.max(0).min(rooms.iter().sum()));
        prop_assert!(shares.iter().all(|(nth, share)| *share > 0 && *share <= rooms[*nth]));
        for (nth, share) in &shares {
            let is_last = shares.last().is_some_and(|(last, _)| last == nth);
            prop_assert!(is_last || *share == rooms[*nth], "{nth} is not filled, and a later one has money");
        }
        prop_assert!(shares.windows(2).all(|two| two[0].0 < two[1].0));
        // In two rounds as in one.
        let first = oldest_first(amount / 2, &named);
        let rest: Vec<(usize, i64)> = named
            .iter()
            .map(|(nth, room)| (*nth, room - first.iter().filter(|(of, _)| of == nth).map(|(_, s)| s).sum::<i64>()))
            .collect();
        let second = oldest_first(amount.max(0) - (amount / 2).max(0), &rest);
        let of = |list: &[(usize, i64)], nth: usize| -> i64 {
            list.iter().filter(|(of, _)| *of == nth).map(|(_, share)| share).sum()
        };
        for (nth, _) in &named {
            prop_assert_eq!(of(&first, *nth) + of(&second, *nth), of(&shares, *nth));
        }
    }
}
