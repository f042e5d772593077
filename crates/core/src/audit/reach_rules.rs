//! Invariant 4 as the auditor sees it: who is written to, at which hour, how often.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{Breach, Rules, refuse};
use crate::calendar::countries::Country;
use crate::calendar::holidays::Holidays;
use crate::calendar::workdays::Weekend;
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::ids::{ContactId, LetterId};
use crate::letter::Purpose;
use crate::party::{Channel, Contact};
use crate::plan::{LetterItem, Plan};
use crate::playbook::{Playbook, Window};

/// A letter or call goes to a person of this party who can be reached; one who objected is not asked for money.
pub fn check_contact(
    facts: &DebtorFacts,
    id: ContactId,
    channel: Channel,
    asks: bool,
    at: Timestamp,
) -> Result<(), Breach> {
    let Some(contact) = facts.contacts.iter().find(|contact| contact.id == id) else {
        return refuse(9, "it goes to somebody else's contact");
    };
    let has_address = match channel {
        Channel::Email => contact.ways.email,
        Channel::InSite => contact.ways.in_site,
        Channel::Phone => contact.ways.phone,
    };
    if !has_address {
        return refuse(4, format!("{} has no address for {}", contact.id, channel.code()));
    }
    check_listed(contact, channel, at)?;
    if asks && contact.objected {
        return refuse(4, format!("{} objected to being contacted", contact.id));
    }
    Ok(())
}

/// No letter of any purpose and no call goes to an address on the list of those that may not be used.
pub fn check_listed(contact: &Contact, channel: Channel, at: Timestamp) -> Result<(), Breach> {
    for one in &contact.suppressed {
        let is_over = one.until.is_some_and(|until| until <= at);
        if one.channel == channel && !is_over {
            return refuse(4, format!("the {} of {} may not be used", channel.code(), contact.id));
        }
    }
    Ok(())
}

/// Whether an objection keeps the letter back: news of the goods alone reach who objected, unless they name an amount to
/// pay.
pub fn asks(purpose: Purpose, items: &[LetterItem]) -> bool {
    purpose != Purpose::Service || items.iter().any(|item| item.pressed.minor > 0)
}

/// How one may come near a buyer: at which hours, and how soon after the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manners {
    pub window: Window,
    pub gap_hours: i64,
}

impl Manners {
    /// Of several playbooks the strictest of each: who is written to at their desk on account of one debt is not written
    /// to in the evening because another one allows it. Without any, what holds for the whole firm.
    pub fn strictest<'p>(playbooks: impl Iterator<Item = &'p Playbook>, rules: &Rules<'_>) -> Self {
        let firms = Self { window: Window::Office, gap_hours: rules.tenant.rules.gap_hours };
        playbooks.map(|playbook| Self::of(playbook, rules)).reduce(Self::stricter).unwrap_or(firms)
    }

    pub fn of(playbook: &Playbook, rules: &Rules<'_>) -> Self {
        Self { window: playbook.window, gap_hours: playbook.gap_hours.unwrap_or(rules.tenant.rules.gap_hours) }
    }

    pub fn stricter(self, other: Self) -> Self {
        let at_desks = self.window == Window::Office || other.window == Window::Office;
        let window = if at_desks { Window::Office } else { Window::Daytime };
        Self { window, gap_hours: self.gap_hours.max(other.gap_hours) }
    }
}

/// The planned moment lies in the buyer's own hours, wherever in the country that is.
pub fn check_window(
    plan: &Plan,
    facts: &DebtorFacts,
    contact_id: Option<ContactId>,
    at: Timestamp,
    window: Window,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    if at < plan.decided_at {
        return refuse(4, "a letter or call planned for the past");
    }
    match is_outside(facts, contact_id, window, at, rules) {
        Some(local) => refuse(4, format!("{local} is outside the buyer's hours")),
        None => Ok(()),
    }
}

/// The local time, in one of the places where the person may be, at which nobody is written to; `None`: it is a good time
/// in all of them.
pub fn is_outside(
    facts: &DebtorFacts,
    contact_id: Option<ContactId>,
    window: Window,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Option<DateTime> {
    let own = facts.contacts.iter().find(|contact| Some(contact.id) == contact_id);
    let own = own.and_then(|contact| TimeZone::get(contact.time_zone.as_deref()?).ok());
    let country = rules.countries.get(&facts.party.country);
    let outside = |zone: &TimeZone| {
        let local = zone.to_datetime(at);
        let (from, to) = match window {
            Window::Office => (Time::constant(9, 0, 0, 0), Time::constant(17, 30, 0, 0)),
            Window::Daytime => (Time::constant(8, 0, 0, 0), Time::constant(21, 0, 0, 0)),
        };
        let is_late = local.time() < from || local.time() >= to;
        (is_late || (window == Window::Office && nobody_works(facts, country, local.date()))).then_some(local)
    };
    match (own, country) {
        (Some(zone), _) => outside(&zone),
        (None, Some(country)) => country.zones.iter().find_map(|(_, zone)| outside(zone)),
        (None, None) => outside(&rules.tenant.time_zone),
    }
}

/// The day by which an answer is asked for: so many days off at least, and one on which somebody is there to give it.
pub fn check_answer_by(
    answer_by: Date,
    answer_days: i32,
    facts: &DebtorFacts,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let least = rules.day_of(at).saturating_add(i64::from(answer_days).days());
    if answer_by < least {
        return refuse(4, format!("an answer by {answer_by} is asked for, {answer_days} days end on {least}"));
    }
    // Where nobody is known to work for a year the day itself is as good as any other.
    if answer_by != least && nobody_works(facts, rules.countries.get(&facts.party.country), answer_by) {
        return refuse(4, format!("an answer by {answer_by} is asked for, when nobody works there"));
    }
    Ok(())
}

/// Told from the facts of the calendar once more: the debtor's own days, holidays, weekends but for those that are worked.
fn nobody_works(facts: &DebtorFacts, country: Option<&Country>, day: Date) -> bool {
    if facts.closed_on.contains(&day) {
        return true;
    }
    let Some(country) = country else {
        return Weekend::SATURDAY_SUNDAY.contains(day.weekday());
    };
    let known = Holidays::shipped().of(&country.code);
    let weekend = country.weekend.contains(day.weekday()) && !known.is_some_and(|known| known.works_on(day));
    weekend || known.is_some_and(|known| known.on(day).is_some())
}

/// Not sooner than the gap after any pressing contact, not more often than the ceiling in any seven days.
pub fn check_frequency(
    facts: &DebtorFacts,
    plan: &Plan,
    at: Timestamp,
    gap_hours: i64,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let gap = SignedDuration::from_hours(gap_hours);
    let week = SignedDuration::from_hours(168);
    let ceiling = match facts.party.is_consumer {
        true => rules.tenant.rules.weekly_ceiling_consumer,
        false => rules.tenant.rules.weekly_ceiling_company,
    };
    let mut this_week = 0;
    for made in facts.contacts_made.iter().filter(|made| made.purpose.asks_for_money()) {
        let distance = at.duration_since(made.at);
        if distance < gap || made.at > plan.decided_at {
            return refuse(4, format!("pressed at {} already, less than {gap_hours} h before {at}", made.at));
        }
        if distance < week {
            this_week += 1;
        }
    }
    if this_week >= ceiling {
        return refuse(4, format!("{this_week} pressing contacts in the seven days before {at}"));
    }
    Ok(())
}

/// A letter as the proof that it answers the buyer needs it.
#[derive(Debug, Clone, Copy)]
pub struct Reply {
    pub to: ContactId,
    /// When it leaves.
    pub at: Timestamp,
    /// The letter itself, once it waits: it is no contact made since.
    pub own: Option<LetterId>,
}

/// Whether a step speaks of the reason that the buyer gave in a message of the last 72 hours, to the person who wrote it,
/// and nobody pressed since. Such a letter is a reply: the gap does not hold it back, the ceiling does (SCENARIOS A12).
pub fn is_reply(facts: &DebtorFacts, item: &ReceivableFacts, playbook: &Playbook, step: &str, letter: Reply) -> bool {
    let Some(known) = item.why else {
        return false;
    };
    let of_reason = playbook.routes.iter().filter(|route| route.reasons.contains(&known.why));
    if !of_reason.flat_map(|route| &route.steps).any(|own| &*own.id == step) {
        return false;
    }
    for heard in &facts.heard {
        let age = letter.at.duration_since(heard.at);
        let fresh = !age.is_negative() && age <= SignedDuration::from_hours(72);
        let by_them = heard.contact_id.is_none() || heard.contact_id == Some(letter.to);
        let about_it = heard.receivable_id.is_none() || heard.receivable_id == Some(item.receivable.id);
        if !(fresh && by_them && about_it && heard.intent.why() == Some(known.why)) {
            continue;
        }
        let mut since = 0;
        for made in &facts.contacts_made {
            let is_itself = letter.own.is_some() && made.letter_id == letter.own;
            let after = made.at >= heard.at || !made.is_done;
            if made.purpose.asks_for_money() && !is_itself && after {
                since += 1;
            }
        }
        if since == 0 {
            return true;
        }
    }
    false
}
