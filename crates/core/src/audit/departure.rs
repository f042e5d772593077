//! The check in the transaction that claims a letter: is it still right, this minute, with these amounts?

use jiff::{SignedDuration, Timestamp};

use super::lasting::{Waits, check_still_its_time, too_little};
use super::reach_rules::{Manners, Reply, asks, check_listed, is_outside, is_reply};
use super::{Breach, Rules, check_after_restore, check_route, find, money_rules, refuse};
use crate::calendar::window::LocalHours;
use crate::case::{Case, CaseState, PlaybookRef};
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::HoldKind;
use crate::ids::{CaseId, ContactId, LetterId, ReceivableId};
use crate::letter::{Purpose, REPAIR_STEP};
use crate::party::{Channel, Contact};
use crate::plan::LetterItem;
use crate::question::QUESTION_STEP;

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
) -> Result<(), Breach> {
    if letter.items.is_empty() {
        return refuse(3, "a letter about nothing");
    }
    let Some(contact) = facts.contacts.iter().find(|contact| contact.id == letter.contact_id) else {
        return refuse(9, "the contact is gone");
    };
    if !contact.reachable_by(letter.channel) {
        return refuse(4, format!("{} has no address for {} any more", contact.id, letter.channel.code()));
    }
    check_listed(contact, letter.channel, now)?;
    if letter.items.iter().any(|item| &*item.step == REPAIR_STEP) {
        return check_repair(letter, contact, facts);
    }
    if letter.items.iter().any(|item| &*item.step == QUESTION_STEP) {
        return check_question(letter, contact, facts, now, rules);
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
        // It may have waited for its hour, or for a yes, longer than it was good for; and days are corrected.
        check_still_its_time(Waits::of(item), facts, now, rules)?;
        if letter.purpose.asks_for_money() {
            too_little(Waits::of(item), facts, now, rules)?;
        }
    }
    Ok(())
}

/// For a letter that nobody looked at: once more that it cannot have left before a restore (2). It may have been decided by a
/// run that had read what was replaced. Corrections and questions take no step, and none of them is written by a run.
pub fn check_by_itself(
    letter: &WaitingLetter,
    facts: &DebtorFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    for item in &letter.items {
        let known = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id);
        let Some((known, case)) = known.and_then(|known| Some((known, known.case.as_ref()?))) else {
            continue;
        };
        let playbook = case.playbook.as_ref().and_then(|kept| rules.playbooks.by_reference(kept));
        if let Some(step) = playbook.and_then(|playbook| playbook.step(&item.step)) {
            check_after_restore(facts, (known, case), step, now, rules)?;
        }
    }
    Ok(())
}

/// A letter that puts a wrong one right takes no step and asks for nothing, so whatever keeps us from asking does not keep
/// it back: the buyer is owed it also when all is paid by now. Nobody who objected, and nobody who is blocked, gets one.
fn check_repair(letter: &WaitingLetter, contact: &Contact, facts: &DebtorFacts) -> Result<(), Breach> {
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

/// A question takes no step and asks for nothing, so what keeps us from asking for money, the unmatched payment that it is
/// about before all, does not keep it back. What it states of the debts is the ledger's of now; it does not go past a pause
/// that a person made, nor to anybody who objected or is blocked.
fn check_question(
    letter: &WaitingLetter,
    contact: &Contact,
    facts: &DebtorFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    if letter.purpose != Purpose::Service || letter.items.iter().any(|item| item.pressed.minor != 0) {
        return refuse(1, "a question that asks for money");
    }
    if letter.items.iter().any(|item| &*item.step != QUESTION_STEP || item.level != 0) {
        return refuse(2, "a question that takes a step");
    }
    if contact.objected {
        return refuse(4, format!("{} objected to being contacted", contact.id));
    }
    if facts.party.blacklisted {
        return refuse(1, format!("{} is blacklisted", facts.party.number));
    }
    let today = rules.day_of(now);
    for item in &letter.items {
        let Some(known) = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id) else {
            return refuse(9, format!("receivable {} is not this debtor's", item.receivable_id));
        };
        let number = &known.receivable.number;
        let open = money_rules::open_amount(known)?;
        if item.outstanding.minor != open || item.outstanding.currency != known.receivable.amount.currency {
            return refuse(3, format!("{} is stated of {number}, the ledger says {open} minor", item.outstanding));
        }
        if known.case.as_ref().is_some_and(|case| case.state == CaseState::HandedOver) {
            return refuse(1, format!("{number} is in other hands"));
        }
        let is_paused = facts.holds.iter().any(|hold| {
            let covers = hold.receivable_id.is_none() || hold.receivable_id == Some(item.receivable_id);
            hold.kind == HoldKind::Pause && covers && !hold.released && today <= hold.until
        });
        if is_paused {
            return refuse(1, format!("{number} is on hold"));
        }
    }
    Ok(())
}

/// Thanks are about a case that the money has ended.
fn find_answered(
    facts: &DebtorFacts,
    case_id: CaseId,
    receivable_id: ReceivableId,
) -> Result<(&ReceivableFacts, &Case), Breach> {
    let found = facts.receivables.iter().find(|item| item.receivable.id == receivable_id);
    let paid = found.and_then(|item| Some((item, item.case.as_ref()?)));
    match paid.filter(|(_, case)| case.id == case_id && case.state == CaseState::Paid) {
        Some(paid) => Ok(paid),
        None => find(facts, case_id, receivable_id),
    }
}

/// The playbook that a debt of the letter follows in a version that nobody has: route, time and minimum cannot be proven then.
pub fn unknown_playbook<'f>(
    items: &[LetterItem],
    facts: &'f DebtorFacts,
    rules: &Rules<'_>,
) -> Option<&'f PlaybookRef> {
    let cases = facts.receivables.iter().filter_map(|known| known.case.as_ref());
    let of_letter = cases.filter(|case| items.iter().any(|item| item.case_id == case.id));
    let mut followed = of_letter.filter_map(|case| case.playbook.as_ref());
    followed.find(|kept| rules.playbooks.by_reference(kept).is_none())
}

/// The hours and the gap that a letter keeps: of all playbooks that its debts follow the strictest.
pub fn manners(items: &[LetterItem], facts: &DebtorFacts, rules: &Rules<'_>) -> Manners {
    let cases = facts.receivables.iter().filter_map(|known| known.case.as_ref());
    let of_letter = cases.filter(|case| items.iter().any(|item| item.case_id == case.id));
    let playbooks = of_letter.filter_map(|case| rules.playbooks.by_reference(case.playbook.as_ref()?));
    Manners::strictest(playbooks, rules)
}

/// Gap and weekly ceiling once more, for a letter that waited: other contacts may have been made meanwhile. The error
/// is the moment from which it may leave.
pub fn not_too_soon(
    letter: &WaitingLetter,
    facts: &DebtorFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Timestamp> {
    if !letter.purpose.asks_for_money() {
        return Ok(());
    }
    let gap_hours = manners(&letter.items, facts, rules).gap_hours;
    let (after_gap, after_week) = free_from(Some(letter.id), gap_hours, facts, rules);
    // What answers the buyer does not wait for the gap.
    let after_gap = after_gap.filter(|_| !replies(letter, facts, now, rules));
    match after_gap.max(after_week) {
        Some(free) if free > now => Err(free),
        _ => Ok(()),
    }
}

/// From when the gap, and from when the weekly ceiling, allows one more pressing contact after those that were made; `own`
/// is no contact made before it.
pub(super) fn free_from(
    own: Option<LetterId>,
    gap_hours: i64,
    facts: &DebtorFacts,
    rules: &Rules<'_>,
) -> (Option<Timestamp>, Option<Timestamp>) {
    let gap = SignedDuration::from_hours(gap_hours);
    let week = SignedDuration::from_hours(168);
    let ceiling = match facts.party.is_consumer {
        true => rules.tenant.rules.weekly_ceiling_consumer,
        false => rules.tenant.rules.weekly_ceiling_company,
    };
    let mut made: Vec<Timestamp> = facts
        .contacts_made
        .iter()
        .filter(|made| made.is_done && made.purpose.asks_for_money() && (own.is_none() || made.letter_id != own))
        .map(|made| made.at)
        .collect();
    made.sort_unstable();
    let after_gap = made.last().map(|last| *last + gap);
    // The oldest of the last `ceiling` contacts has to be a week old.
    let after_week = made.len().checked_sub(ceiling).and_then(|index| made.get(index)).map(|oldest| *oldest + week);
    (after_gap, after_week)
}

/// Whether every item of a waiting letter still answers what the buyer wrote.
fn replies(letter: &WaitingLetter, facts: &DebtorFacts, now: Timestamp, rules: &Rules<'_>) -> bool {
    let reply = Reply { to: letter.contact_id, at: now, own: Some(letter.id) };
    !letter.items.is_empty()
        && letter.items.iter().all(|item| {
            let known = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id);
            let kept = known.and_then(|known| known.case.as_ref()?.playbook.as_ref());
            let playbook = kept.and_then(|kept| rules.playbooks.by_reference(kept));
            known.zip(playbook).is_some_and(|(known, playbook)| is_reply(facts, known, playbook, &item.step, reply))
        })
}

/// Whether `now` lies in the hours in which this contact may be written to; used when a worker comes late.
pub fn inside_hours(
    facts: &DebtorFacts,
    contact_id: ContactId,
    window: crate::playbook::Window,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Timestamp> {
    is_good_hour(facts, Some(contact_id), window, now, rules)
}

/// The same where nobody in particular may be known yet: the hours of the whole country. The error is the next opening.
pub(super) fn is_good_hour(
    facts: &DebtorFacts,
    contact_id: Option<ContactId>,
    window: crate::playbook::Window,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Timestamp> {
    if is_outside(facts, contact_id, window, now, rules).is_none() {
        return Ok(());
    }
    let country = rules.countries.get(&facts.party.country);
    let own = facts.contacts.iter().find(|contact| Some(contact.id) == contact_id);
    let own = own.and_then(|contact| contact.time_zone.clone());
    let own = own.and_then(|name| Some((name.clone(), jiff::tz::TimeZone::get(&name).ok()?)));
    let zones = match (own, country) {
        (Some(zone), _) => vec![zone],
        (None, Some(country)) => country.zones.clone(),
        (None, None) => vec![(String::new(), rules.tenant.time_zone.clone())],
    };
    let hours = LocalHours { zones: &zones, workdays: facts.workdays(rules.countries) };
    // The calendar only says when to look again: whether it is time then is told here once more.
    let next = hours.next(now, window);
    Err(if next > now { next } else { now + SignedDuration::from_hours(1) })
}
