//! Statements for the tests.

use dunlin_core::letter::{AccountStatement, StatementLine};
use dunlin_core::party::Language;
use dunlin_core::receivable::Milestone;
use jiff::civil::date;

use crate::firm::{bank, sender, usd};

/// A statement of `count` lines with part payments, a dispute and a credit among them.
pub fn statement(language: Language, buyer: &str, count: i64) -> AccountStatement {
    let lines: Vec<StatementLine> = (0..count).map(line).collect();
    let sum = |late: bool| lines.iter().filter(|l| !late || l.days_overdue > 0).map(|l| l.outstanding.minor).sum();
    AccountStatement {
        language,
        as_of: date(2026, 3, 12),
        paid_to: Some(date(2026, 3, 11)),
        sender: sender(),
        buyer_name: buyer.into(),
        buyer_number: "D-0017".into(),
        buyer_country: "IT".into(),
        total_outstanding: usd(sum(false)),
        total_overdue: usd(sum(true)),
        total_asked: usd(sum(false)),
        lines,
        bank: Some(bank()),
    }
}

fn line(at: i64) -> StatementLine {
    let milestones = Milestone::ALL;
    let amount = 1_243_000 + at * 317_745 % 4_200_000;
    let paid = if at % 3 == 1 { amount / 4 } else { 0 };
    let credited = if at % 5 == 4 { 12_550 } else { 0 };
    let outstanding = amount - paid - credited;
    let days_overdue = i32::try_from(38 - at * 13 % 61).expect("small");
    StatementLine {
        reference: format!("INV-2026-{:03}", 14 + at),
        order_number: format!("PO-{}", 7781 + at * 7),
        milestone: milestones[usize::try_from(at + 1).expect("small") % milestones.len()],
        due_on: (at % 6 != 5).then(|| date(2026, 3, 12) - jiff::Span::new().days(days_overdue)),
        days_overdue: if at % 6 == 5 { 0 } else { days_overdue },
        amount: usd(amount),
        paid: usd(paid),
        outstanding: usd(outstanding),
        disputed: if at % 7 == 2 { usd(outstanding / 2) } else { usd(0) },
        asked: if at % 7 == 2 { usd(outstanding - outstanding / 2) } else { usd(outstanding) },
        rests: None,
    }
}
