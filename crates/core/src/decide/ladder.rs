//! Which rung of the ladder is due: the lowest warning level not yet taken; after an outage only one.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};

use super::World;
use crate::calendar::days_between;
use crate::case::Case;
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::PromiseState;
use crate::money::Money;
use crate::playbook::condition::Fields;
use crate::playbook::time_expr::{Anchor, Anchors};
use crate::playbook::{Playbook, Step};
use crate::reason::{Reason, ReasonCode};

/// The rung that is due now.
pub struct Rung<'a> {
    pub step: &'a Step,
    pub round: i32,
    /// When its time came by the dates of the receivable alone, whatever was done before; `None` for a step that only
    /// follows others.
    pub by_dates: Option<Timestamp>,
}

/// What the ladder shows at this moment.
pub struct Sight<'a> {
    pub due: Option<Rung<'a>>,
    /// The next step when none is due.
    pub next: Option<Arc<str>>,
    pub next_wake: Option<Timestamp>,
    /// Every rung has been taken or has passed.
    pub exhausted: bool,
    pub reasons: Vec<Reason>,
}

/// Looks up the ladder from where the case stands.
pub fn look<'a>(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    case: &Case,
    playbook: &'a Playbook,
    outstanding: Money,
    world: &World<'_>,
) -> Sight<'a> {
    let mut sight = Sight { due: None, next: None, next_wake: None, exhausted: false, reasons: Vec::new() };
    let taken = case.steps.iter().filter(|step| !step.voided);
    let position = taken.clone().filter_map(|done| playbook.steps.iter().position(|step| step.id == done.step)).max();
    let level = taken.clone().map(|step| step.level).max().unwrap_or(0);
    let previous = taken.map(|step| step.done_at.unwrap_or(step.taken_at)).max();
    let anchors = Anchors {
        due: item.receivable.due_on,
        placed: item.receivable.placed_at,
        trigger: item.receivable.triggered_on,
        previous,
        started: case.started_at,
        zone: &world.tenant.time_zone,
        workdays: facts.workdays(world.countries),
    };
    let first = position.map_or(0, |position| position + 1);
    let left = &playbook.steps[first..];
    let mut candidates: Vec<(&Step, Timestamp)> = Vec::new();
    let mut missing_anchor = false;
    let mut alive = false;
    for step in left {
        // A level further up is reached by way of the ones before it: when these are all over, it never comes.
        if step.level > level.saturating_add(1) {
            break;
        }
        let Some(at) = moment(step, &anchors) else {
            missing_anchor = true;
            alive = true;
            continue;
        };
        let over = step.until.is_some_and(|until| until.resolve(&anchors).is_some_and(|end| end <= world.now));
        if over {
            continue;
        }
        alive = true;
        if at > world.now {
            sight.next_wake = earlier(sight.next_wake, Some(at));
            if sight.next.is_none() {
                sight.next = Some(step.id.clone());
                sight.reasons.push(Reason::new(ReasonCode::StepNext).text("step", &*step.id).instant("at", at));
            }
            continue;
        }
        candidates.push((step, at));
    }
    keep_true_conditions(&mut candidates, facts, item, case, outstanding, world, &mut sight);
    if candidates.is_empty() {
        if missing_anchor && sight.next.is_none() {
            let trigger = item.receivable.trigger.code();
            sight.reasons.push(Reason::new(ReasonCode::CaseAwaitsTrigger).text("trigger", trigger));
        } else if alive && sight.next_wake.is_none() {
            sight.next_wake = world.now.checked_add(24.hours()).ok();
        }
        sight.exhausted = !alive;
        return sight;
    }
    pick(candidates, case, item, &anchors, world, &mut sight);
    sight
}

/// Of several due rungs the one to take: the last of the lowest warning level; courtesy only when no warning is due.
fn pick<'a>(
    candidates: Vec<(&'a Step, Timestamp)>,
    case: &Case,
    item: &ReceivableFacts,
    anchors: &Anchors<'_>,
    world: &World<'_>,
    sight: &mut Sight<'a>,
) {
    let lowest = candidates.iter().map(|(step, _)| step.level).filter(|level| *level > 0).min().unwrap_or(0);
    let passed_over = candidates.iter().filter(|(step, _)| step.level <= lowest).count().saturating_sub(1);
    let Some((step, at)) = candidates.into_iter().rfind(|(step, _)| step.level == lowest) else {
        return;
    };
    let days = item.receivable.due_on.map_or(0, |due| days_between(due, world.today));
    sight.reasons.clear();
    sight.next = None;
    sight.reasons.push(
        Reason::new(ReasonCode::StepDue).text("step", &*step.id).instant("since", at).number("days_overdue", days),
    );
    if passed_over > 0 {
        sight.reasons.push(Reason::new(ReasonCode::StepMissedCollapsed).number("count", passed_over as i64));
    }
    let round = case.steps.iter().filter(|taken| taken.step == step.id && taken.voided).count();
    sight.due = Some(Rung { step, round: round as i32, by_dates: by_dates(step, anchors) });
}

fn keep_true_conditions(
    candidates: &mut Vec<(&Step, Timestamp)>,
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    case: &Case,
    outstanding: Money,
    world: &World<'_>,
    sight: &mut Sight<'_>,
) {
    candidates.retain(|(step, _)| {
        let Some(condition) = &step.when else {
            return true;
        };
        let about = |code| Reason::new(code).text("step", &*step.id).text("condition", condition.text.as_str());
        match condition.holds(&fields(facts, item, case, step, outstanding, world)) {
            Ok(true) => true,
            Ok(false) => {
                sight.reasons.push(about(ReasonCode::StepConditionFalse));
                false
            }
            // Counted as false: an unreadable condition must never send a letter.
            Err(error) => {
                sight.reasons.push(about(ReasonCode::StepConditionUnreadable).text("error", error));
                false
            }
        }
    });
}

fn fields<'f>(
    facts: &'f DebtorFacts,
    item: &'f ReceivableFacts,
    case: &Case,
    step: &Step,
    outstanding: Money,
    world: &World<'_>,
) -> Fields<'f> {
    let receivable = &item.receivable;
    let reachable = |role: &crate::party::ContactRole| facts.contacts.iter().any(|contact| contact.role == *role);
    Fields {
        days_overdue: receivable.due_on.map_or(0, |due| i64::from(days_between(due, world.today))),
        outstanding_minor: outstanding.minor,
        amount_minor: receivable.amount.minor,
        partly_paid: outstanding.minor < receivable.amount.minor,
        currency: receivable.amount.currency.code(),
        country: &facts.party.country,
        is_consumer: facts.party.is_consumer,
        milestone: receivable.milestone.code(),
        trigger: receivable.trigger.code(),
        promises_broken: facts.promises.iter().filter(|promise| promise.state == PromiseState::Broken).count() as i64,
        role: step.roles.iter().find(|role| reachable(role)).map_or("", |role| role.code()),
        steps_taken: case.steps.iter().filter(|taken| !taken.voided).count() as i64,
    }
}

/// When a step falls due: the latest of its times. `previous` is met while nothing has gone before.
fn moment(step: &Step, anchors: &Anchors<'_>) -> Option<Timestamp> {
    let mut latest = Timestamp::MIN;
    for time in &step.at {
        if time.anchor == Anchor::Previous && anchors.previous.is_none() {
            continue;
        }
        latest = latest.max(time.resolve(anchors)?);
    }
    Some(latest)
}

/// The latest of its times that count from the receivable itself.
fn by_dates(step: &Step, anchors: &Anchors<'_>) -> Option<Timestamp> {
    let own = step.at.iter().filter(|time| !matches!(time.anchor, Anchor::Previous | Anchor::Started));
    own.filter_map(|time| time.resolve(anchors)).max()
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
