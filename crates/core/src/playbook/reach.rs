//! Steps that never come, whatever happens. Follows how [`crate::decide`] climbs a ladder (`decide/ladder.rs`): of what
//! is due and presses the lowest warning level goes first, and of that level the last step. Said only where it holds for every
//! buyer, weekend and change of the clocks: a false alarm would teach authors to ignore the true ones.

use super::never::is_never;
use super::time_expr::{Anchor, TimeExpr, Unit};
use super::{Playbook, Step};

/// Why a step never comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It ends before it begins, or at the same moment.
    Ends,
    /// Its condition is never true.
    Condition,
    /// Whenever it is due, the step at this index is due too and goes first.
    Shadow(usize),
    /// All steps of the level below never come.
    Level(u8),
}

impl Why {
    const fn moved_by(self, by: usize) -> Self {
        match self {
            Self::Shadow(other) => Self::Shadow(other + by),
            other => other,
        }
    }
}

/// The steps that never come, by their index among all steps.
pub(super) fn unreachable(playbook: &Playbook) -> Vec<(usize, Why)> {
    let mut lost = unreachable_of(&playbook.steps, 1);
    let mut before = playbook.steps.len();
    for route in &playbook.routes {
        // A route may begin on any level.
        let first = route.steps.first().map_or(1, |step| step.level.max(1));
        let within = unreachable_of(&route.steps, first).into_iter();
        lost.extend(within.map(|(index, why)| (before + index, why.moved_by(before))));
        before += route.steps.len();
    }
    lost
}

/// Of one ladder, by the index in it. `first` is the lowest level that has to be reached for those above.
fn unreachable_of(steps: &[Step], first: u8) -> Vec<(usize, Why)> {
    let by_themselves: Vec<Option<Why>> = steps.iter().map(alone).collect();
    let mut lost: Vec<(usize, Why)> = Vec::new();
    for (index, own) in by_themselves.iter().enumerate() {
        let why = own.or_else(|| shadow(index, steps, &by_themselves).map(Why::Shadow));
        lost.extend(why.map(|why| (index, why)));
    }
    // A warning level is reached by way of the one below it.
    let highest = steps.iter().map(|step| step.level).max().unwrap_or(0);
    let is_lost = |lost: &[(usize, Why)], index: usize| lost.iter().any(|(known, _)| *known == index);
    for level in first..highest {
        let of_level: Vec<usize> = (0..steps.len()).filter(|index| steps[*index].level == level).collect();
        if of_level.iter().all(|index| is_lost(&lost, *index)) {
            for (index, step) in steps.iter().enumerate() {
                if step.level > level && !is_lost(&lost, index) {
                    lost.push((index, Why::Level(level)));
                }
            }
            break;
        }
    }
    lost.sort_by_key(|(index, _)| *index);
    lost
}

/// What keeps a step from coming by itself.
fn alone(step: &Step) -> Option<Why> {
    if step.until.is_some_and(|until| step.at.iter().any(|at| ends_first(*at, until))) {
        return Some(Why::Ends);
    }
    step.when.as_ref().is_some_and(|when| is_never(when, &step.roles)).then_some(Why::Condition)
}

/// Whether `until` has come whenever `at` has.
fn ends_first(at: TimeExpr, until: TimeExpr) -> bool {
    // While nothing has gone before, a time that counts from it is met at once and an end that does never comes.
    at.anchor != Anchor::Previous && is_at_most(until, at)
}

/// A later step that is due, and goes first, whenever this one is; itself it has to come at all.
fn shadow(index: usize, steps: &[Step], by_themselves: &[Option<Why>]) -> Option<usize> {
    let step = &steps[index];
    // What asks for nothing is passed over by nothing and passes over nothing.
    if !step.purpose.asks_for_money() {
        return None;
    }
    let goes_first = |other: &Step| {
        other.purpose.asks_for_money() && (other.level == step.level || (step.level == 0 && other.level == 1))
    };
    let mut later = steps.iter().enumerate().skip(index + 1);
    let found =
        later.find(|(at, other)| goes_first(other) && by_themselves[*at].is_none() && is_due_with(other, step))?;
    Some(found.0)
}

/// Whether `other` is due whenever `step` is.
fn is_due_with(other: &Step, step: &Step) -> bool {
    let begins = other.at.iter().all(|time| is_always_past(*time) || step.at.iter().any(|own| is_at_most(*time, *own)));
    let lasts = match (step.until, other.until) {
        (_, None) => true,
        (Some(own), Some(end)) => is_at_most(own, end),
        (None, Some(_)) => false,
    };
    let holds = match (&step.when, &other.when) {
        (_, None) => true,
        (Some(own), Some(when)) => own.text == when.text && (!when.uses("role") || step.roles == other.roles),
        (None, Some(_)) => false,
    };
    begins && lasts && holds
}

/// Times that have come as soon as there is a case (or a step before).
fn is_always_past(time: TimeExpr) -> bool {
    let has_been = matches!(time.anchor, Anchor::Started | Anchor::Previous);
    has_been && (time.amount < 0 || (time.amount == 0 && time.unit != Unit::BusinessDays))
}

/// Whether `a` is never later than `b`, both counted from the same moment.
fn is_at_most(a: TimeExpr, b: TimeExpr) -> bool {
    if a.anchor != b.anchor {
        return false;
    }
    if a.unit == b.unit {
        return a.amount <= b.amount;
    }
    range_hours(a).1 <= range_hours(b).0
}

/// The shortest and the longest that a distance can be, in hours. A day has 23 to 25; how long working days take depends
/// on weekends, holidays and the days on which a buyer is closed, so that one side of them is open.
fn range_hours(time: TimeExpr) -> (i64, i64) {
    const OPEN: i64 = i64::MAX / 2;
    let n = i64::from(time.amount);
    let days = match time.unit {
        Unit::Hours => return (n, n),
        Unit::Days => n,
        Unit::Weeks => n * 7,
        Unit::BusinessDays if n < 0 => return (-OPEN, n * 24 + 1),
        Unit::BusinessDays => return (n * 24 - 1, OPEN),
    };
    if days == 0 { (0, 0) } else { (days * 24 - 1, days * 24 + 1) }
}
