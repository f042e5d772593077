//! The account statement that goes along with a letter: everything open of a debtor in the letter's currency (SCENARIOS A6).
//!
//! What it asks for is what the letter asks for, and of debts that the letter does not name what the gates would let one
//! ask for: the two never contradict each other.

use jiff::Timestamp;

use dunlin_core::calendar::days_between;
use dunlin_core::case::CaseState;
use dunlin_core::decide::askable::{Askable, askable};
use dunlin_core::facts::{DebtorFacts, ReceivableFacts, TenantFacts};
use dunlin_core::key_date::{KeyDate, day_of};
use dunlin_core::letter::{AccountStatement, Rests, StatementLine};
use dunlin_core::money::{Money, MoneyError};
use dunlin_core::order::OrderSource;
use dunlin_core::question::is_under_credit;
use dunlin_core::receivable::Obligor;
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_store::{Settings, StoredLetter};

/// The statement as it goes along with `letter` at `at`.
pub fn account_statement(
    letter: &StoredLetter,
    facts: &DebtorFacts,
    settings: &Settings,
    tenant: &TenantFacts,
    at: Timestamp,
) -> anyhow::Result<AccountStatement> {
    let (currency, language) = (letter.currency, letter.language);
    let today = at.to_zoned(settings.zone()?).date();
    let mut lines = Vec::new();
    let mut total_outstanding = Money::zero(currency);
    let mut total_overdue = Money::zero(currency);
    let mut total_asked = Money::zero(currency);
    for (item, free) in facts.receivables.iter().zip(askable(facts, tenant, at)?) {
        let receivable = &item.receivable;
        let outstanding = item.outstanding()?;
        // What awaits its event is owed too, and named as not yet due: a buyer could hold a smaller total against us.
        // A marketplace order is paid on the platform, which has its own account.
        // What others collect is not ours to list. What is ours and not asked for now is listed with its mark.
        let in_other_hands = item.case.as_ref().is_some_and(|case| case.state == CaseState::HandedOver);
        let elsewhere =
            in_other_hands || receivable.obligor != Obligor::Buyer || receivable.source == OrderSource::Marketplace;
        if receivable.amount.currency != currency || receivable.closed || elsewhere || !outstanding.is_positive() {
            continue;
        }
        let days_overdue = receivable.due_on.map_or(0, |due| days_between(due, today));
        total_outstanding = total_outstanding.checked_add(outstanding)?;
        if days_overdue > 0 {
            total_overdue = total_overdue.checked_add(outstanding)?;
        }
        let disputed: i64 = facts
            .disputes
            .iter()
            .filter(|dispute| !dispute.resolved && dispute.receivable_id == receivable.id)
            .map(|dispute| dispute.amount.map_or(outstanding.minor, |amount| amount.minor))
            .fold(0, i64::saturating_add);
        let through_bank = is_through_bank(item);
        let asked = asked_of(letter, item, free, through_bank);
        if receivable.due_on.is_some_and(|due| due <= today) {
            total_asked = total_asked.checked_add(asked)?;
        }
        lines.push(StatementLine {
            reference: receivable.reference.clone(),
            order_number: item.order_number.clone().unwrap_or_default(),
            milestone: receivable.milestone,
            due_on: receivable.due_on,
            days_overdue,
            amount: receivable.amount,
            paid: paid(item)?,
            outstanding,
            disputed: Money::new(disputed.min(outstanding.minor), currency),
            asked,
            rests: if through_bank { Some(Rests::ThroughBank) } else { free.rests },
        });
    }
    lines.sort_by(|a, b| {
        let age = |line: &StatementLine| (line.due_on.is_none(), line.due_on);
        age(a).cmp(&age(b)).then_with(|| a.reference.cmp(&b.reference))
    });
    // What is to be paid through a bank is not to be paid to our account.
    let is_payable = lines.iter().any(|line| line.rests != Some(Rests::ThroughBank));
    Ok(AccountStatement {
        language,
        as_of: today,
        paid_to: tenant.statements.map(|read| read.covered_to.min(today)),
        sender: settings.sender_in(language),
        buyer_name: facts.party.name.clone(),
        buyer_number: facts.party.number.clone(),
        buyer_country: facts.party.country.clone(),
        lines,
        total_outstanding,
        total_overdue,
        total_asked,
        bank: settings.bank_for(currency.code(), at).filter(|_| is_payable),
    })
}

/// What the letter asks for where it names the debt: a gate may have opened since it was decided, and never more than the
/// gates leave. Else what they leave; what is paid at a bank is asked for there.
fn asked_of(letter: &StoredLetter, item: &ReceivableFacts, free: Askable, through_bank: bool) -> Money {
    let named = letter.items.iter().find(|named| named.receivable_id == item.receivable.id);
    match named {
        Some(named) if letter.purpose.asks_for_money() => {
            Money::new(named.pressed.minor.min(free.amount.minor), free.amount.currency)
        }
        _ if through_bank => Money::zero(free.amount.currency),
        _ => free.amount,
    }
}

/// Money that came in on it, less what was taken back.
fn paid(item: &ReceivableFacts) -> Result<Money, MoneyError> {
    let mut sum = Money::zero(item.receivable.amount.currency);
    for entry in item.entries.iter().filter(|entry| entry.kind == LedgerKind::Allocation) {
        sum = sum.checked_add(entry.amount)?;
    }
    Ok(sum)
}

/// Whether the buyer pays it at the bank: under a letter of credit, or against documents that a bank collects with.
fn is_through_bank(item: &ReceivableFacts) -> bool {
    let collected = [KeyDate::Collection, KeyDate::Acceptance, KeyDate::Maturity];
    let followed = item.case.as_ref().and_then(|case| case.playbook.as_ref());
    is_under_credit(item)
        || collected.into_iter().any(|kind| day_of(&item.dates, kind).is_some())
        || followed.is_some_and(|playbook| playbook.id.starts_with("b6_"))
}
