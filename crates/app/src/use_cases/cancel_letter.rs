//! Why a letter that waited is cancelled, in reasons that have a sentence in every language.
//!
//! The check at departure proves that the letter must not go; its own words are kept for whoever reads the records.
//! What a person reads comes from the gates, which know the facts behind it: the payment, the promise, the hold.

use jiff::{SignedDuration, Timestamp};

use dunlin_core::audit::lasting::{OffTime, Waits, off_time, too_little};
use dunlin_core::audit::{Breach, Rules};
use dunlin_core::case::{LETTER_LAPSES_DAYS, LetterState};
use dunlin_core::decide::{World, decide};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::money::MoneyError;
use dunlin_core::plan::LetterItem;
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_store::{Outcome, StoredLetter};

use super::explain_receivable::over;
use crate::house::Premises;

/// The outcome of a letter that was refused.
pub(super) fn refused(
    letter: &StoredLetter,
    facts: &DebtorFacts,
    breach: &Breach,
    premises: &Premises,
    now: Timestamp,
) -> Outcome {
    let stale = |_: MoneyError| vec![Reason::new(ReasonCode::CancelledStale)];
    let reasons = reasons(letter, facts, premises, now).unwrap_or_else(stale);
    Outcome::Cancelled { why: breach.what.clone(), reasons }
}

/// The outcome of a letter that is still right and has lain on somebody's desk for too long: one that waits for a yes is decided
/// again, since it names days of back then; of one that was to be pasted nobody but a person knows whether it was.
pub(super) fn lapsed(letter: &StoredLetter, now: Timestamp) -> Option<Outcome> {
    let is_old = now.duration_since(letter.recorded_at) >= SignedDuration::from_hours(24 * LETTER_LAPSES_DAYS);
    // What somebody here wrote takes no step, and nothing would write it again.
    if !is_old || letter.repairs.is_some() || letter.asks.is_some() {
        return None;
    }
    match letter.state {
        LetterState::Review => Some(Outcome::Cancelled {
            why: format!("nobody said yes to it within {LETTER_LAPSES_DAYS} days"),
            reasons: vec![Reason::new(ReasonCode::CancelledLapsed).number("days", LETTER_LAPSES_DAYS)],
        }),
        LetterState::ToPaste => Some(Outcome::Uncertain {
            why: format!("nobody said within {LETTER_LAPSES_DAYS} days whether it was pasted"),
        }),
        _ => None,
    }
}

/// The outcome of a message about an order that was refused: how things stand has moved on.
pub(super) fn moved_on(breach: &Breach) -> Outcome {
    Outcome::Cancelled { why: breach.what.clone(), reasons: vec![Reason::new(ReasonCode::CancelledMovedOn)] }
}

/// What stops its money first; else that the amount is another one; else that a part is left in peace; else that the
/// person cannot be written to.
fn reasons(
    letter: &StoredLetter,
    facts: &DebtorFacts,
    premises: &Premises,
    now: Timestamp,
) -> Result<Vec<Reason>, MoneyError> {
    let world = World::new(&premises.tenant, &premises.playbooks, premises.countries, now);
    let plan = decide(facts, &world)?;
    let (mut changed, mut partly) = (None, None);
    for item in &letter.items {
        let Some(known) = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id) else {
            continue;
        };
        let outstanding = known.outstanding()?;
        let of = plan.cases.iter().find(|case| case.receivable_id == item.receivable_id);
        // A case that is over is not decided any more.
        let reasons = of.map_or_else(|| vec![over(known, outstanding)], |case| case.reasons.clone());
        if let Some(stop) = reasons.iter().find(|reason| stops(reason.code)) {
            return Ok(stopped(stop.clone()));
        }
        if outstanding != item.outstanding && changed.is_none() {
            let reason = Reason::new(ReasonCode::CancelledChanged).money("was", item.outstanding);
            changed = Some(vec![reason.money("now", outstanding)]);
        }
        let part = |code| matches!(code, ReasonCode::GateDisputePart | ReasonCode::GatePromisePart);
        partly = partly.or_else(|| reasons.iter().find(|reason| part(reason.code)).cloned().map(stopped));
    }
    let person = || {
        let contact = facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
        if contact.is_some_and(|contact| contact.objected) {
            return Some(stopped(Reason::new(ReasonCode::GateObjection).text("role", letter.role.code())));
        }
        if contact.is_some_and(|contact| contact.is_suppressed(letter.channel, now)) {
            return Some(stopped(Reason::new(ReasonCode::GateSuppressed).text("role", letter.role.code())));
        }
        let channels = Reason::new(ReasonCode::ContactNobody).text("channels", letter.channel.code());
        // Whoever is not there any more is not reached either.
        contact.is_none_or(|known| !known.reachable_by(letter.channel)).then(|| stopped(channels))
    };
    let other_way = || {
        let is_off = letter.items.iter().any(|item| is_off_its_way(item, facts, premises));
        is_off.then(|| vec![Reason::new(ReasonCode::CancelledWhyChanged)])
    };
    let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
    let outlived = || {
        let mut items = letter.items.iter().map(Waits::of);
        match items.find_map(|item| off_time(item, facts, now, &rules)) {
            Some(OffTime::Over) => return Some(vec![Reason::new(ReasonCode::CancelledTooLate)]),
            Some(OffTime::DayMoved(_)) => return Some(vec![Reason::new(ReasonCode::CancelledDayMoved)]),
            None => {}
        }
        let little = letter.items.iter().any(|item| too_little(Waits::of(item), facts, now, &rules).is_err());
        little.then(|| vec![Reason::new(ReasonCode::CancelledTooLittle)])
    };
    let found = changed.or(partly).or_else(person).or_else(other_way).or_else(outlived);
    Ok(found.unwrap_or_else(|| vec![Reason::new(ReasonCode::CancelledStale)]))
}

/// Whether a step belongs to a route whose reasons do not hold any more.
fn is_off_its_way(item: &LetterItem, facts: &DebtorFacts, premises: &Premises) -> bool {
    let known = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id);
    let followed = known.and_then(|known| known.case.as_ref()?.playbook.as_ref());
    let playbook = followed.and_then(|kept| premises.playbooks.by_reference(kept));
    let Some(route) = playbook.and_then(|playbook| playbook.route_of(&item.step)) else {
        return false;
    };
    !route.fits(known.and_then(|known| known.why).map(|why| why.why))
}

fn stopped(why: Reason) -> Vec<Reason> {
    vec![Reason::new(ReasonCode::CancelledStopped), why]
}

/// Gates that leave nothing to ask for, and hands that are not ours.
const fn stops(code: ReasonCode) -> bool {
    matches!(
        code,
        ReasonCode::GatePaid
            | ReasonCode::GatePaidLessCharges
            | ReasonCode::GateWrittenOff
            | ReasonCode::GateClosed
            | ReasonCode::GateHold
            | ReasonCode::GateDispute
            | ReasonCode::GatePromise
            | ReasonCode::GatePromiseUnread
            | ReasonCode::GateUnmatchedMoney
            | ReasonCode::GateStaleFacts
            | ReasonCode::GateLostStatements
            | ReasonCode::GateObjection
            | ReasonCode::GateBlacklist
            | ReasonCode::GatePlatformOwes
            | ReasonCode::GateSellerFault
            | ReasonCode::GateInTransit
            | ReasonCode::CaseHandedOver
            | ReasonCode::CasePlanAgreed
    )
}
