//! Messages that tell of more time for the receipt: they wait until it was given, and not beyond their own time.

use jiff::Timestamp;

use super::{Found, OrderStop, WaitingOrderLetter, anchors, is_past, look_up, refuse_one};
use crate::audit::Rules;
use crate::facts::DebtorFacts;

/// The letter that says that the buyer was given more time.
const MORE_TIME: &str = "m7_extend_receipt";

/// Of a message that waits until the marketplace gives what it tells of: proves that its own time, counted by what is known
/// now, has not run out over the asking. What comes after it in the ladder would wait for it for ever.
pub fn check_time_left(
    letter: &WaitingOrderLetter,
    facts: &DebtorFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), OrderStop> {
    let (found, own) = (look_up(&letter.about, facts, rules)?, &letter.about.step);
    let is_waiting = has_more_time(&found, own) == Some(false);
    if is_waiting && is_past(&found, &anchors(&found, facts, (own, now), rules), now) {
        return Err(refuse_one(4, format!("the time of step {own} has passed and no more time was given")));
    }
    Ok(())
}

/// Of a message that tells of more time: whether it was given since the message was decided.
pub(super) fn has_more_time(found: &Found<'_>, own: &str) -> Option<bool> {
    if &*found.step.letter != MORE_TIME {
        return None;
    }
    let taken = found.case.steps.iter().filter(|taken| !taken.voided && *taken.step == *own);
    let decided = taken.map(|taken| taken.taken_at).max();
    Some(found.order.receipt_extended.is_some_and(|given| decided.is_some_and(|decided| decided <= given.at)))
}
