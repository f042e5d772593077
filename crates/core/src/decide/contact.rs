//! Whom to write to, through which channel, at which moment.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::World;
use crate::calendar::window::LocalHours;
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::intent::{ANSWER_HOURS, Heard};
use crate::letter::Purpose;
use crate::party::{Channel, Contact, ContactRole, Language};
use crate::playbook::{Also, Playbook, Step, Window};
use crate::reason::{Reason, ReasonCode};

/// The person and channel found for a step.
pub enum Reach<'a> {
    Write {
        contact: &'a Contact,
        channel: Channel,
    },
    /// A call: the contact may be unknown, the person at the desk finds a number.
    Call {
        contact: Option<&'a Contact>,
    },
    /// Everybody who could be reached has objected.
    Objected {
        role: ContactRole,
    },
    /// Whoever could be reached has an address that may not be used.
    Suppressed {
        role: ContactRole,
    },
    Nobody,
}

/// Tries channels in order, within each the roles in order, then anybody but logistics (who cannot pay).
pub fn reach<'a>(facts: &'a DebtorFacts, step: &Step, now: Timestamp, reasons: &mut Vec<Reason>) -> Reach<'a> {
    // News about the goods reaches also who objected; it asks for nothing then.
    let binds = step.purpose != Purpose::Service;
    let mut objected = None;
    let mut suppressed = None;
    for (nth, channel) in step.channels.iter().copied().enumerate() {
        let reachable = facts.reachable(channel, now, binds);
        let by_role = Contact::first_by_role(&step.roles, reachable.clone());
        let found = by_role.or_else(|| reachable.clone().find(|contact| contact.role != ContactRole::Logistics));
        // Somebody who was erased counts as one who objected, and has no address left: that is nobody, and no objection.
        let has_address = |contact: &Contact| step.channels.iter().any(|channel| contact.reachable_by(*channel));
        if let Some(someone) = facts.contacts.iter().find(|contact| contact.objected && has_address(contact)) {
            objected = objected.or(Some(someone.role));
        }
        let mut of_channel = facts.contacts.iter().filter(|contact| contact.reachable_by(channel));
        if let Some(someone) = of_channel.find(|contact| contact.is_suppressed(channel, now)) {
            suppressed = suppressed.or(Some(someone.role));
        }
        let Some(contact) = found else {
            continue;
        };
        note_fall_through(step, nth, channel, reasons);
        let chosen = Reason::new(ReasonCode::ContactRoleChosen);
        reasons.push(chosen.text("role", contact.role.code()));
        if channel == Channel::Phone {
            return Reach::Call { contact: Some(contact) };
        }
        return Reach::Write { contact, channel };
    }
    match (suppressed, objected) {
        (Some(role), _) => Reach::Suppressed { role },
        (None, Some(role)) => Reach::Objected { role },
        (None, None) => Reach::Nobody,
    }
}

/// Somebody for what goes beside a letter: of its roles only, for a copy to anybody else is nobody's wish; not who gets the
/// letter itself in the same way; nobody who objected, and no address that may not be used.
pub fn beside<'a>(
    facts: &'a DebtorFacts,
    also: &Also,
    (main, by): (&Contact, Channel),
    now: Timestamp,
) -> Option<(&'a Contact, Channel)> {
    also.channels.iter().find_map(|channel| {
        let is_other = |contact: &&Contact| !(contact.id == main.id && *channel == by);
        let others = facts.reachable(*channel, now, true).filter(is_other);
        Some((Contact::first_by_role(&also.roles, others)?, *channel))
    })
}

fn note_fall_through(step: &Step, nth: usize, channel: Channel, reasons: &mut Vec<Reason>) {
    if nth > 0 {
        let from = step.channels[0].code();
        reasons.push(Reason::new(ReasonCode::ContactFellThrough).text("from", from).text("to", channel.code()));
    }
}

/// Language of a letter about money, of which there are fewer than of messages about orders. The second value is the code
/// that was wanted when no letters exist in it.
pub fn language(facts: &DebtorFacts, contact: Option<&Contact>, world: &World<'_>) -> (Language, Option<String>) {
    let (language, wanted) = facts.language_of(contact, world.countries);
    if language.is_complete() { (language, wanted) } else { (Language::En, Some(language.code().to_string())) }
}

/// The zones a person may be in, and whether that was a guess.
fn zones<'w>(
    facts: &DebtorFacts,
    contact: Option<&Contact>,
    world: &World<'w>,
) -> (Cow<'w, [(String, TimeZone)]>, bool) {
    let own = contact.and_then(|contact| contact.time_zone.as_deref());
    if let Some(zone) = own.and_then(|name| Some((name.to_string(), TimeZone::get(name).ok()?))) {
        return (Cow::Owned(vec![zone]), false);
    }
    match world.countries.get(&facts.party.country) {
        Some(country) => (Cow::Borrowed(country.zones.as_slice()), false),
        // Unknown place: the tenant's own clock, and a reason that says so.
        None => {
            let name = world.tenant.time_zone.iana_name().unwrap_or("UTC").to_string();
            (Cow::Owned(vec![(name, world.tenant.time_zone.clone())]), true)
        }
    }
}

/// The moment at which the letter may leave: now, or the next opening of the buyer's window.
pub fn moment(
    facts: &DebtorFacts,
    contact: Option<&Contact>,
    window: Window,
    world: &World<'_>,
    reasons: &mut Vec<Reason>,
) -> Timestamp {
    let (zones, guessed) = zones(facts, contact, world);
    let hours = LocalHours { zones: &zones, workdays: facts.workdays(world.countries) };
    let next = hours.next(world.now, window);
    if guessed {
        reasons.push(Reason::new(ReasonCode::ContactZoneUnknown).text("country", facts.party.country.as_str()));
    }
    if next > world.now {
        reasons.push(why_later(&hours, facts, next, window, world));
    }
    next
}

/// The buyer's own closed days or a holiday by its name, where one lies between; else the hours.
fn why_later(
    hours: &LocalHours<'_>,
    facts: &DebtorFacts,
    next: Timestamp,
    window: Window,
    world: &World<'_>,
) -> Reason {
    if let Some(day) = hours.closed_between(world.now, next, window) {
        return Reason::new(ReasonCode::ContactClosed).date("day", day).instant("next", next);
    }
    if let Some((day, holiday)) = hours.holiday_between(world.now, next, window) {
        let reason = Reason::new(ReasonCode::ContactHoliday).text("holiday", holiday.name);
        let reason = reason.text("where", facts.party.country.as_str()).date("day", day).instant("next", next);
        return reason.text("certainty", if holiday.projected { "estimated" } else { "fixed" });
    }
    let mut reason = Reason::new(ReasonCode::ContactWindow);
    if let Some((name, zone)) = hours.zones.first() {
        let local = world.now.to_zoned(zone.clone()).strftime("%a %H:%M").to_string();
        reason = reason.text("local", local).text("zone", name.as_str());
    }
    reason.instant("next", next)
}

/// When the gap and the weekly ceiling allow the next pressing contact; `None`: now.
pub fn too_soon(facts: &DebtorFacts, playbook: &Playbook, world: &World<'_>) -> Option<(Timestamp, Reason)> {
    within_gap(facts, playbook, world).or_else(|| above_ceiling(facts, world))
}

fn within_gap(facts: &DebtorFacts, playbook: &Playbook, world: &World<'_>) -> Option<(Timestamp, Reason)> {
    let pressing = facts.contacts_made.iter().filter(|made| made.purpose.asks_for_money());
    let last = pressing.max_by_key(|made| made.at)?;
    let gap = playbook.gap_hours.unwrap_or(world.tenant.rules.gap_hours);
    let after_gap = last.at.checked_add(gap.hours()).ok()?;
    let code = if last.is_done { ReasonCode::ContactGap } else { ReasonCode::ContactGapPlanned };
    let reason = Reason::new(code).instant("last", last.at).instant("next", after_gap);
    (after_gap > world.now).then_some((after_gap, reason))
}

/// When the weekly ceiling allows the next pressing contact; nothing is exempt from it.
pub fn above_ceiling(facts: &DebtorFacts, world: &World<'_>) -> Option<(Timestamp, Reason)> {
    let ceiling = match facts.party.is_consumer {
        true => world.tenant.rules.weekly_ceiling_consumer,
        false => world.tenant.rules.weekly_ceiling_company,
    };
    let week_ago = world.now.checked_sub(168.hours()).ok()?;
    let pressing = facts.contacts_made.iter().filter(|made| made.purpose.asks_for_money());
    let mut recent: Vec<Timestamp> = pressing.map(|made| made.at).filter(|at| *at > week_ago).collect();
    recent.sort();
    // Fewer than the ceiling hold nothing; a ceiling of nothing waits from the last contact.
    let oldest_that_counts = *recent.get(recent.len().checked_sub(ceiling.max(1))?)?;
    let next = oldest_that_counts.checked_add(168.hours()).ok()?;
    let reason = Reason::new(ReasonCode::ContactCeiling)
        .number("count", recent.len() as i64)
        .number("days", 7)
        .instant("next", next);
    Some((next, reason))
}

/// The message that a pressing letter of this step answers when it leaves at `at`: the buyer gave a reason, the step is of
/// the way that this reason leads to, and nobody has pressed them since they wrote (SCENARIOS A12).
pub fn answered<'a>(
    facts: &'a DebtorFacts,
    item: &ReceivableFacts,
    (playbook, step): (&Playbook, &Step),
    contact: &Contact,
    at: Timestamp,
) -> Option<&'a Heard> {
    let why = item.why?.why;
    playbook.route_of(&step.id).filter(|route| route.reasons.contains(&why))?;
    let oldest = at.checked_sub(ANSWER_HOURS.hours()).ok()?;
    let fits = |heard: &&Heard| {
        heard.intent.why() == Some(why)
            && heard.at >= oldest
            && heard.at <= at
            && heard.contact_id.is_none_or(|id| id == contact.id)
            && heard.receivable_id.is_none_or(|id| id == item.receivable.id)
    };
    let heard = facts.heard.iter().filter(fits).max_by_key(|heard| heard.at)?;
    let mut pressing = facts.contacts_made.iter().filter(|made| made.purpose.asks_for_money());
    pressing.all(|made| made.is_done && made.at < heard.at).then_some(heard)
}
