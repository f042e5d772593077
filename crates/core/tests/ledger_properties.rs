//! Invariant 3 as properties: whatever is tried, outstanding never falls below zero, allocations never exceed the
//! payment, and every amount is the sum of its lines.

use dunlin_core::ids::{LedgerEntryId, PaymentId, ReceivableId};
use dunlin_core::money::{Currency, Money};
use dunlin_core::receivable::ledger::{AllocatedFrom, LedgerEntry, LedgerKind, check_append, outstanding, unallocated};
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
    let from = AllocatedFrom { payment_id: PAYMENT, amount, rate: "1".to_string() };
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
