//! The check in the transaction that claims a letter: is it still right, this minute, with these amounts?

use jiff::{SignedDuration, Timestamp};

use super::reach_rules::asks;
use super::{Refusal, Rules, check_route, find, money_rules, refuse};
use crate::calendar::window::LocalHours;
use crate::case::{Case, CaseState};
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::ids::{CaseId, ContactId, LetterId, ReceivableId};
use crate::letter::{Purpose, REPAIR_STEP};
use crate::party::{Channel, Contact};
use crate::plan::LetterItem;

/// A letter as it waits in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingLetter {
    pub id: LetterId,
    pub purpose: Purpose,
    pub channel: Channel,
    pub contact_id: ContactId,
    pub items: Vec<LetterItem>,
}

/// Proves that the letter may leave at `now`, or says why it must be cancelled.
pub fn check_departure(
    letter: &WaitingLetter,
    facts: &DebtorFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Refusal> {
    if letter.items.is_empty() {
        return refuse(3, "a letter about nothing");
    }
    let Some(contact) = facts.contacts.iter().find(|contact| contact.id == letter.contact_id) else {
        return refuse(9, "the contact is gone");
    };
    if !contact.reachable_by(letter.channel) {
        return refuse(4, format!("{} has no address for {} any more", contact.id, letter.channel.code()));
    }
    if letter.items.iter().any(|item| &*item.step == REPAIR_STEP) {
        return check_repair(letter, contact, facts);
    }
    if asks(letter.purpose, &letter.items) && contact.objected {
        return refuse(4, format!("{} objected to being contacted", contact.id));
    }
    for item in &letter.items {
        let (receivable, case) = match letter.purpose {
            Purpose::Answer => find_answered(facts, item.case_id, item.receivable_id)?,
            _ => find(facts, item.case_id, item.receivable_id)?,
        };
        if case.letter.is_none_or(|open| open.id != letter.id) {
            return refuse(2, format!("the case of {} is not waiting for this letter", receivable.receivable.number));
        }
        // It may have become known since why it is unpaid, or that it is for another reason than the one it speaks of.
        let followed = case.playbook.as_ref().and_then(|kept| rules.playbooks.by_reference(kept));
        if let Some(playbook) = followed {
            check_route(receivable, playbook, &item.step)?;
        }
        money_rules::check_amount(facts, receivable, item, letter.purpose, now, rules)?;
        if letter.purpose.asks_for_money() {
            money_rules::check(facts, receivable, item.pressed, now, rules)?;
        } else if case.state == CaseState::Paid {
            money_rules::check_thanks(facts, receivable, item, letter.purpose, now, rules)?;
        } else {
            money_rules::check_silence_for_all(facts, receivable, now, rules)?;
        }
    }
    Ok(())
}

/// A letter that puts a wrong one right takes no step and asks for nothing, so whatever keeps us from asking does not keep
/// it back: the buyer is owed it also when all is paid by now. Nobody who objected, and nobody who is blocked, gets one.
fn check_repair(letter: &WaitingLetter, contact: &Contact, facts: &DebtorFacts) -> Result<(), Refusal> {
    if letter.purpose != Purpose::Answer || letter.items.iter().any(|item| item.pressed.minor != 0) {
        return refuse(1, "a correction that asks for money");
    }
    if letter.items.iter().any(|item| &*item.step != REPAIR_STEP || item.level != 0) {
        return refuse(2, "a correction that takes a step");
    }
    if contact.objected {
        return refuse(4, format!("{} objected to being contacted", contact.id));
    }
    if facts.party.blacklisted {
        return refuse(1, format!("{} is blacklisted", facts.party.number));
    }
    for item in &letter.items {
        if !facts.receivables.iter().any(|known| known.receivable.id == item.receivable_id) {
            return refuse(9, format!("receivable {} is not this debtor's", item.receivable_id));
        }
    }
    Ok(())
}

/// Thanks are about a case that the money has ended.
fn find_answered(
    facts: &DebtorFacts,
    case_id: CaseId,
    receivable_id: ReceivableId,
) -> Result<(&ReceivableFacts, &Case), Refusal> {
    let found = facts.receivables.iter().find(|item| item.receivable.id == receivable_id);
    let paid = found.and_then(|item| Some((item, item.case.as_ref()?)));
    match paid.filter(|(_, case)| case.id == case_id && case.state == CaseState::Paid) {
        Some(paid) => Ok(paid),
        None => find(facts, case_id, receivable_id),
    }
}

/// Gap and weekly ceiling once more, for a letter that waited: other contacts may have been made meanwhile. The error
/// is the moment from which it may leave.
pub fn not_too_soon(
    letter: &WaitingLetter,
    facts: &DebtorFacts,
    gap_hours: Option<i64>,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Timestamp> {
    if !letter.purpose.asks_for_money() {
        return Ok(());
    }
    let gap = SignedDuration::from_hours(gap_hours.unwrap_or(rules.tenant.rules.gap_hours));
    let week = SignedDuration::from_hours(168);
    let ceiling = match facts.party.is_consumer {
        true => rules.tenant.rules.weekly_ceiling_consumer,
        false => rules.tenant.rules.weekly_ceiling_company,
    };
    let mut made: Vec<Timestamp> = facts
        .contacts_made
        .iter()
        .filter(|made| made.is_done && made.purpose.asks_for_money() && made.letter_id != Some(letter.id))
        .map(|made| made.at)
        .collect();
    made.sort_unstable();
    let after_gap = made.last().map(|last| *last + gap);
    // The oldest of the last `ceiling` contacts has to be a week old.
    let after_week = made.len().checked_sub(ceiling).and_then(|index| made.get(index)).map(|oldest| *oldest + week);
    match after_gap.max(after_week) {
        Some(free) if free > now => Err(free),
        _ => Ok(()),
    }
}

/// Whether `now` lies in the hours in which this contact may be written to; used when a worker comes late.
pub fn inside_hours(
    facts: &DebtorFacts,
    contact_id: ContactId,
    window: crate::playbook::Window,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Timestamp> {
    let country = rules.countries.get(&facts.party.country);
    let own = facts.contacts.iter().find(|contact| contact.id == contact_id);
    let own = own.and_then(|contact| contact.time_zone.clone());
    let own = own.and_then(|name| Some((name.clone(), jiff::tz::TimeZone::get(&name).ok()?)));
    let zones = match (own, country) {
        (Some(zone), _) => vec![zone],
        (None, Some(country)) => country.zones.clone(),
        (None, None) => vec![(String::new(), rules.tenant.time_zone.clone())],
    };
    let hours = LocalHours { zones: &zones, workdays: facts.workdays(rules.countries) };
    if hours.allows(now, window) { Ok(()) } else { Err(hours.next(now, window)) }
}
