//! The small rest that a payment leaves open because banks on the way kept their fees (SCENARIOS B7): proposed, asked about,
//! written off by a person's word. While somebody is asked, the buyer is not pressed for it.

use anyhow::Context;
use jiff::civil::Date;

use dunlin_core::access::Right;
use dunlin_core::calendar::shift;
use dunlin_core::explain::phrase;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::gate_facts::{Hold, HoldKind};
use dunlin_core::ids::{PartyId, ReceivableId};
use dunlin_core::matching::charges::{DAYS_TO_DECIDE, NOTE, are_likely, note_of};
use dunlin_core::money::Money;
use dunlin_core::plan::TaskKind;
use dunlin_core::receivable::Obligor;
use dunlin_core::receivable::ledger::{LedgerEntry, LedgerKind, last_standing};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Commit, LogEntry, Scope};

use super::settle_promises::settle_promises;
use super::standing_facts::{Found, cancel_wrong_letters};
use crate::house::{Forbidden, House};

/// What becomes of the small rest that a payment leaves open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnRest {
    /// Somebody is asked, and nobody is pressed for it meanwhile.
    #[default]
    Ask,
    /// Written off as bank charges, in the same change.
    WriteOff,
    /// It is owed like everything else.
    KeepAsking,
}

/// The rest to propose as bank charges: small, and money has come in.
pub fn likely_charges(item: &ReceivableFacts) -> anyhow::Result<Option<Money>> {
    let rest = item.outstanding()?;
    let ours = !item.receivable.closed && item.receivable.obligor == Obligor::Buyer;
    let has_paid = last_standing(&item.entries, LedgerKind::Allocation).is_some();
    Ok((ours && has_paid && are_likely(item.receivable.amount, rest)).then_some(rest))
}

/// A person's word on the small rest of a receivable: written off as bank charges, or asked for like any other amount.
/// Returns the rest.
pub async fn settle_rest(house: &House, found: &Found, write_it_off: bool) -> anyhow::Result<Money> {
    may_write_off(house)?;
    let mut commit = house.begin().await?;
    let facts = debtor(&mut commit, found.party_id).await?;
    let item = item(&facts, found.receivable_id)?;
    let none = || Refusal::new(RefusalCode::ChargesNone).with("number", &found.number);
    let rest = likely_charges(item)?.ok_or_else(none)?;
    if write_it_off {
        let line = last_standing(&item.entries, LedgerKind::Allocation);
        let from = match line.and_then(|line| line.payment.as_ref()) {
            Some(from) => format!("P-{:04}", commit.payment(from.payment_id).await?.number),
            None => found.number.clone(),
        };
        write_off(house, &mut commit, found, rest, &from).await?;
    } else {
        commit.log(kept_asking(found, rest));
    }
    clear(house, &mut commit, &facts, found.receivable_id).await?;
    super::ask_buyer::drop_settled(&mut commit).await?;
    commit.wake_party(found.party_id).await?;
    settle_promises(house, &mut commit).await?;
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(rest)
}

/// Whoever writes charges off places money and lowers what is owed.
pub(super) fn may_write_off(house: &House) -> anyhow::Result<()> {
    for right in [Right::Money, Right::Lower] {
        if !house.actor.may(right) {
            return Err(Forbidden::new(right).into());
        }
    }
    Ok(())
}

/// The line in the ledger, and the one in the log.
pub(super) async fn write_off(
    house: &House,
    commit: &mut Commit,
    found: &Found,
    rest: Money,
    payment: &str,
) -> anyhow::Result<()> {
    let (kind, note) = (LedgerKind::WriteOff, note_of(payment));
    commit.lower_outstanding(found.party_id, found.receivable_id, kind, rest, &note, house.today()).await?;
    let entry = LogEntry::new("receivable.lowered", "receivable", &*found.number).about(found.party_id);
    let entry = entry.fact("kind", kind.code()).fact("amount", rest.to_string());
    let none = Money::zero(rest.currency).to_string();
    commit.log(entry.fact("outstanding", none).fact("payment", payment).words("why", NOTE));
    Ok(())
}

/// The line of the log for a rest that is asked for all the same.
pub(super) fn kept_asking(found: &Found, rest: Money) -> LogEntry {
    let entry = LogEntry::new("charges.kept_asking", "receivable", &*found.number).about(found.party_id);
    entry.fact("amount", rest.to_string())
}

/// Asks a person, and keeps the rest out of letters for a while: the pause ends by itself.
pub(super) async fn ask(house: &House, commit: &mut Commit, found: &Found, rest: Money) -> anyhow::Result<()> {
    let facts = debtor(commit, found.party_id).await?;
    clear(house, commit, &facts, found.receivable_id).await?;
    let (today, language) = (house.today(), house.reader_language());
    let until = shift(today, DAYS_TO_DECIDE);
    let why = phrase(language, "say-charges-hold", &[("number", found.number.clone())]);
    commit.add_hold(found.party_id, HoldKind::Charges, Some(found.receivable_id), until, &why, today).await?;
    commit.ask_about(found.party_id, found.receivable_id, TaskKind::MatchMoney, &why).await?;
    let entry = LogEntry::new("charges.asked", "receivable", &*found.number).about(found.party_id);
    commit.log(entry.fact("amount", rest.to_string()).fact("until", until));
    Ok(())
}

/// Until when nobody is pressed for a rest, because somebody of the firm is asked about it.
pub fn rests_until(facts: &DebtorFacts, receivable_id: ReceivableId, today: Date) -> Option<Date> {
    let pauses = facts.holds.iter().filter(|hold| is_pause(hold, receivable_id, today));
    pauses.map(|hold| hold.until).max()
}

fn is_pause(hold: &Hold, receivable_id: ReceivableId, today: Date) -> bool {
    let about = hold.kind == HoldKind::Charges && hold.receivable_id == Some(receivable_id);
    about && !hold.released && hold.until >= today
}

/// Nothing is asked any more: the pause ends, and so does the task.
pub(super) async fn clear(
    house: &House,
    commit: &mut Commit,
    facts: &DebtorFacts,
    receivable_id: ReceivableId,
) -> anyhow::Result<()> {
    let today = house.today();
    for hold in facts.holds.iter().filter(|hold| is_pause(hold, receivable_id, today)) {
        commit.end_hold(facts.party.id, hold.id).await?;
    }
    commit.answer_about(facts.party.id, receivable_id, TaskKind::MatchMoney).await?;
    Ok(())
}

/// Questions about rests that are no small rests any more: paid since, lowered, or their payment taken back.
pub(super) async fn drop_answered(house: &House, commit: &mut Commit, party_id: PartyId) -> anyhow::Result<()> {
    let asked = commit.asked_about(party_id, TaskKind::MatchMoney).await?;
    if asked.is_empty() {
        return Ok(());
    }
    let facts = debtor(commit, party_id).await?;
    for receivable_id in asked {
        let known = facts.receivables.iter().find(|item| item.receivable.id == receivable_id);
        if let Some(known) = known
            && likely_charges(known)?.is_none()
        {
            clear(house, commit, &facts, receivable_id).await?;
        }
    }
    Ok(())
}

/// What was written off as charges of a payment is owed again once the payment is taken back. Call it after that.
pub(super) async fn take_back_with(
    house: &House,
    commit: &mut Commit,
    (party_id, receivable_id): (PartyId, ReceivableId),
    payment: &str,
) -> anyhow::Result<()> {
    let facts = debtor(commit, party_id).await?;
    let entries = &item(&facts, receivable_id)?.entries;
    let note = note_of(payment);
    let stands = |line: &&LedgerEntry| {
        let taken_back = entries.iter().any(|entry| entry.reverses == Some(line.id));
        line.kind == LedgerKind::WriteOff && line.reverses.is_none() && line.note == note && !taken_back
    };
    if let Some(line) = entries.iter().find(stands) {
        commit.take_back_line(party_id, line, "taken back with its payment", house.today()).await?;
    }
    Ok(())
}

async fn debtor(commit: &mut Commit, party_id: PartyId) -> anyhow::Result<DebtorFacts> {
    let facts = commit.facts(Scope::One(party_id)).await?;
    facts.into_iter().next().context("the debtor does not exist any more")
}

fn item(facts: &DebtorFacts, id: ReceivableId) -> anyhow::Result<&ReceivableFacts> {
    let item = facts.receivables.iter().find(|item| item.receivable.id == id);
    item.context("the receivable does not exist any more")
}
