//! How promises end, by the ledger alone: each line a history and how the promises stand after it. Two days of margin.

use crate::support::{Setup, day, money};
use dunlin_core::facts::StatementAge;
use dunlin_core::gate_facts::PromiseState::{self, Broken, Kept, NothingLeft, Open, PartlyKept, Withdrawn};
use dunlin_core::ids::{LedgerEntryId, PromiseId};
use dunlin_core::promise::{Books, changed_fates};
use dunlin_core::receivable::ledger::{LedgerEntry, LedgerKind};
use dunlin_core::receivable::{Milestone, Obligor, Trigger};

/// USD 5000.00 due on 1 March and USD 7000.00 due on 3 March.
fn two_debts() -> Setup {
    let mut setup = Setup::company();
    setup.owes("USD 5000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-01")));
    setup.owes("USD 7000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-03")));
    setup
}

/// Promised on 2 March.
fn said(setup: &mut Setup, index: Option<usize>, amount: Option<&str>, pay_on: &str) {
    let id = PromiseId(setup.facts.promises.len() as u128 + 1);
    setup.promise(index, amount, "2026-03-02", pay_on);
    if let Some(last) = setup.facts.promises.last_mut() {
        last.id = id;
    }
}

fn line(setup: &mut Setup, index: usize, kind: LedgerKind, amount: &str, on: &str) {
    let all: usize = setup.facts.receivables.iter().map(|item| item.entries.len()).sum();
    let item = &mut setup.facts.receivables[index];
    item.entries.push(LedgerEntry {
        id: LedgerEntryId(300 + all as u128),
        receivable_id: item.receivable.id,
        kind,
        amount: money(amount),
        payment: None,
        reverses: None,
        effective_on: day(on),
        note: String::new(),
    });
}

fn pays(setup: &mut Setup, index: usize, amount: &str, on: &str) {
    line(setup, index, LedgerKind::Allocation, amount, on);
}

/// Takes the last line back.
fn undone(setup: &mut Setup, index: usize) {
    let item = &mut setup.facts.receivables[index];
    let last = item.entries.last().expect("a line").clone();
    let (amount, payment) = last.taken_back().expect("a sum that fits");
    let id = LedgerEntryId(last.id.0 + 500);
    item.entries.push(LedgerEntry { id, amount, payment, reverses: Some(last.id), ..last });
}

/// How the promises stand on a day, and notes it.
fn look(setup: &mut Setup, today: &str) -> Vec<PromiseState> {
    let books = Books::of(&setup.tenant, day(today));
    for (id, state) in changed_fates(&setup.facts, &books).expect("sums that fit") {
        setup.facts.promises.iter_mut().filter(|promise| promise.id == id).for_each(|promise| promise.state = state);
    }
    let again = changed_fates(&setup.facts, &books).expect("sums that fit");
    assert_eq!(again, Vec::new(), "a second look changes nothing");
    setup.facts.promises.iter().map(|promise| promise.state).collect()
}

type History = fn(&mut Setup);

#[test]
fn promises_end_as_the_ledger_says() {
    let histories: [(&str, History, &str, PromiseState); 35] = [
        ("nothing came yet", |s| said(s, Some(0), None, "2026-03-06"), "2026-03-08", Open),
        ("nothing came", |s| said(s, Some(0), None, "2026-03-06"), "2026-03-09", Broken),
        (
            "all of it",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 5000.00", "2026-03-06");
            },
            "2026-03-06",
            Kept,
        ),
        (
            "on the last day of the margin, found out later",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 5000.00", "2026-03-08");
            },
            "2026-03-20",
            Kept,
        ),
        (
            "a day too late",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 5000.00", "2026-03-09");
            },
            "2026-03-20",
            Broken,
        ),
        (
            "before it was promised",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 1000.00", "2026-03-01");
            },
            "2026-03-20",
            Broken,
        ),
        (
            "part of all",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 1000.00", "2026-03-05");
            },
            "2026-03-20",
            PartlyKept,
        ),
        (
            "part of all, taken back",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 1000.00", "2026-03-05");
                undone(s, 0);
            },
            "2026-03-20",
            Broken,
        ),
        (
            "all but what banks keep",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 4980.00", "2026-03-05");
            },
            "2026-03-20",
            Kept,
        ),
        (
            "the promised part",
            |s| {
                said(s, Some(1), Some("USD 2000.00"), "2026-03-06");
                pays(s, 1, "USD 2000.00", "2026-03-04");
            },
            "2026-03-04",
            Kept,
        ),
        (
            "less than the promised part, by what banks keep",
            |s| {
                said(s, Some(1), Some("USD 6000.00"), "2026-03-06");
                pays(s, 1, "USD 5975.00", "2026-03-04");
            },
            "2026-03-20",
            Kept,
        ),
        (
            "less than the promised part",
            |s| {
                said(s, Some(1), Some("USD 2000.00"), "2026-03-06");
                pays(s, 1, "USD 1500.00", "2026-03-04");
            },
            "2026-03-20",
            PartlyKept,
        ),
        (
            "the promised part of another debt",
            |s| {
                said(s, Some(1), Some("USD 2000.00"), "2026-03-06");
                pays(s, 0, "USD 2000.00", "2026-03-04");
            },
            "2026-03-20",
            Broken,
        ),
        (
            "a sum for everything, on two debts",
            |s| {
                said(s, None, Some("USD 6000.00"), "2026-03-06");
                pays(s, 0, "USD 5000.00", "2026-03-05");
                pays(s, 1, "USD 1000.00", "2026-03-05");
            },
            "2026-03-05",
            Kept,
        ),
        (
            "a sum for everything, in another currency",
            |s| {
                said(s, None, Some("USD 6000.00"), "2026-03-06");
                let index = s.owes("EUR 9000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-01")));
                pays(s, index, "EUR 9000.00", "2026-03-05");
            },
            "2026-03-20",
            Broken,
        ),
        (
            "everything that was due, not what falls due later",
            |s| {
                s.owes("USD 900.00", Milestone::Balance, Trigger::BlDate, Some(day("2026-06-01")));
                said(s, None, None, "2026-03-06");
                pays(s, 0, "USD 5000.00", "2026-03-05");
                pays(s, 1, "USD 7000.00", "2026-03-05");
            },
            "2026-03-05",
            Kept,
        ),
        (
            "written off",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                line(s, 0, LedgerKind::WriteOff, "USD 5000.00", "2026-03-04");
            },
            "2026-03-04",
            NothingLeft,
        ),
        (
            "written off after its day",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                line(s, 0, LedgerKind::WriteOff, "USD 5000.00", "2026-03-12");
            },
            "2026-03-20",
            Broken,
        ),
        (
            "all but what banks keep, before its day is over",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 4985.00", "2026-03-05");
            },
            "2026-03-05",
            Open,
        ),
        (
            "all but what banks keep",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 4985.00", "2026-03-05");
            },
            "2026-03-20",
            Kept,
        ),
        (
            "given up in part on the day of the promise",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                line(s, 0, LedgerKind::WriteOff, "USD 1000.00", "2026-03-02");
                pays(s, 0, "USD 4000.00", "2026-03-05");
            },
            "2026-03-20",
            NothingLeft,
        ),
        (
            "given up in part on its last day",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                line(s, 0, LedgerKind::WriteOff, "USD 1000.00", "2026-03-08");
                pays(s, 0, "USD 4000.00", "2026-03-05");
            },
            "2026-03-20",
            NothingLeft,
        ),
        (
            "broken, and all disputed since",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                s.facts.promises[0].state = Broken;
                s.dispute(0, None);
            },
            "2026-03-20",
            Broken,
        ),
        (
            "everything that is due, with what is due on that very day",
            |s| {
                said(s, None, None, "2026-03-03");
                pays(s, 0, "USD 5000.00", "2026-03-03");
            },
            "2026-03-20",
            PartlyKept,
        ),
        (
            "money without a place, of the days before",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                s.unmatched("USD 5000.00");
                s.facts.unmatched[0].received_on = day("2026-03-01");
            },
            "2026-03-20",
            Broken,
        ),
        (
            "money without a place, of its last day",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                s.unmatched("USD 5000.00");
                s.facts.unmatched[0].received_on = day("2026-03-08");
            },
            "2026-03-20",
            Open,
        ),
        (
            "money without a place, of the day after",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                s.unmatched("USD 5000.00");
                s.facts.unmatched[0].received_on = day("2026-03-09");
            },
            "2026-03-20",
            Broken,
        ),
        (
            "given up in part while it ran, the rest paid",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                line(s, 0, LedgerKind::WriteOff, "USD 1000.00", "2026-03-04");
                pays(s, 0, "USD 4000.00", "2026-03-05");
            },
            "2026-03-20",
            NothingLeft,
        ),
        (
            "given up in part before, the rest paid",
            |s| {
                line(s, 0, LedgerKind::WriteOff, "USD 1000.00", "2026-03-01");
                said(s, Some(0), None, "2026-03-06");
                pays(s, 0, "USD 4000.00", "2026-03-05");
            },
            "2026-03-20",
            Kept,
        ),
        (
            "credited in part, the rest paid",
            |s| {
                said(s, Some(0), Some("USD 5000.00"), "2026-03-06");
                line(s, 0, LedgerKind::Credit, "USD 800.00", "2026-03-04");
                pays(s, 0, "USD 4200.00", "2026-03-05");
            },
            "2026-03-05",
            Kept,
        ),
        (
            "the order closed",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                s.receivable(0).closed = true;
            },
            "2026-03-20",
            NothingLeft,
        ),
        (
            "paid to the platform",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                s.receivable(0).obligor = Obligor::Platform;
            },
            "2026-03-05",
            Kept,
        ),
        (
            "all disputed, and its day to come",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                s.dispute(0, None);
            },
            "2026-03-05",
            Open,
        ),
        (
            "all disputed, and its day over",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                s.dispute(0, None);
            },
            "2026-03-20",
            NothingLeft,
        ),
        (
            "withdrawn by a person, and paid",
            |s| {
                said(s, Some(0), None, "2026-03-06");
                s.facts.promises[0].state = Withdrawn;
                pays(s, 0, "USD 5000.00", "2026-03-05");
            },
            "2026-03-20",
            Withdrawn,
        ),
    ];
    for (name, history, today, expected) in histories {
        let mut setup = two_debts();
        history(&mut setup);
        assert_eq!(look(&mut setup, today), [expected], "{name}");
    }
}

#[test]
fn nobody_has_broken_a_word_of_which_the_books_do_not_tell() {
    let mut setup = two_debts();
    said(&mut setup, None, Some("USD 6000.00"), "2026-03-02");
    let reach = |setup: &mut Setup, covered_to: &str| {
        setup.tenant.statements = Some(StatementAge { covered_to: day(covered_to), max_age_days: 7 });
    };
    reach(&mut setup, "2026-02-27");
    assert_eq!(look(&mut setup, "2026-03-06"), [Open]);
    reach(&mut setup, "2026-03-03");
    assert_eq!(look(&mut setup, "2026-03-06"), [Open], "the 4th is missing");
    let mut late = setup.clone();
    pays(&mut late, 0, "USD 5000.00", "2026-03-02");
    pays(&mut late, 1, "USD 1000.00", "2026-03-02");
    assert_eq!(look(&mut late, "2026-03-06"), [Kept]);
    reach(&mut setup, "2026-03-04");
    let mut waiting = setup.clone();
    waiting.unmatched("USD 6000.00");
    waiting.facts.unmatched[0].received_on = day("2026-03-03");
    assert_eq!(look(&mut waiting, "2026-03-06"), [Open], "money of those days has no place yet");
    assert_eq!(look(&mut setup, "2026-03-06"), [Broken]);
    // Whoever finds the money afterwards mends the word too.
    pays(&mut setup, 1, "USD 6000.00", "2026-03-03");
    assert_eq!(look(&mut setup, "2026-03-09"), [Kept]);
}

#[test]
fn what_was_taken_back_keeps_no_promise() {
    let mut setup = two_debts();
    said(&mut setup, Some(0), None, "2026-03-20");
    pays(&mut setup, 0, "USD 5000.00", "2026-03-05");
    assert_eq!(look(&mut setup, "2026-03-05"), [Kept]);
    let kept = setup.clone();
    undone(&mut setup, 0);
    assert_eq!(look(&mut setup, "2026-03-06"), [Open]);
    let mut later = kept;
    undone(&mut later, 0);
    assert_eq!(look(&mut later, "2026-03-25"), [Broken], "its day is over by then");
    // The same for what was written off, but nobody broke a word about what nobody owed.
    line(&mut setup, 0, LedgerKind::WriteOff, "USD 5000.00", "2026-03-07");
    assert_eq!(look(&mut setup, "2026-03-07"), [NothingLeft]);
    let mut late = setup.clone();
    let mut last = setup.clone();
    undone(&mut last, 0);
    assert_eq!(look(&mut last, "2026-03-22"), [Open], "on the last day it may still be paid");
    undone(&mut setup, 0);
    assert_eq!(look(&mut setup, "2026-03-08"), [Open]);
    undone(&mut late, 0);
    assert_eq!(look(&mut late, "2026-03-25"), [NothingLeft]);
}

#[test]
fn the_same_money_keeps_one_of_two_sums() {
    let mut setup = two_debts();
    said(&mut setup, None, Some("USD 3000.00"), "2026-03-20");
    said(&mut setup, None, Some("USD 2000.00"), "2026-03-10");
    pays(&mut setup, 0, "USD 2000.00", "2026-03-09");
    assert_eq!(look(&mut setup, "2026-03-09"), [Open, Kept]);
    pays(&mut setup, 0, "USD 3000.00", "2026-03-19");
    assert_eq!(look(&mut setup, "2026-03-19"), [Kept, Kept]);
}
