//! The time of a step: whether it has come and is not over yet, and whether what waited has outlived it: its day was moved,
//! the time until which it is sent has passed, or so little is owed by now that its level of warning is not worth it.

use jiff::{Timestamp, ToSpan, civil::Date};

use super::{Breach, Rules, money_rules, refuse};
use crate::case::Case;
use crate::facts::orders::OrderMoments;
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::PromiseState;
use crate::ids::{CaseId, ReceivableId};
use crate::plan::LetterItem;
use crate::playbook::time_expr::{Anchor, Anchors, TimeExpr};
use crate::playbook::{Does, Playbook, Step};

/// The step of an item, with all that its times count from. `None`: it is of no playbook that is known.
struct Known<'a> {
    item: &'a ReceivableFacts,
    case: &'a Case,
    playbook: &'a Playbook,
    step: &'a Step,
}

/// A step of a debt: what a letter or call that waits is about.
#[derive(Debug, Clone, Copy)]
pub struct Waits<'w> {
    pub case_id: CaseId,
    pub receivable_id: ReceivableId,
    pub step: &'w str,
}

impl<'w> Waits<'w> {
    pub fn of(item: &'w LetterItem) -> Self {
        Self { case_id: item.case_id, receivable_id: item.receivable_id, step: &item.step }
    }
}

fn known<'a>(asked: Waits<'_>, facts: &'a DebtorFacts, rules: &Rules<'a>) -> Option<Known<'a>> {
    let item = facts.receivables.iter().find(|item| item.receivable.id == asked.receivable_id)?;
    let case = item.case.as_ref().filter(|case| case.id == asked.case_id)?;
    let playbook = rules.playbooks.by_reference(case.playbook.as_ref()?)?;
    Some(Known { item, case, playbook, step: playbook.step(asked.step)? })
}

/// Why it is not the time of something that waited any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffTime {
    /// The time until which it is taken has passed.
    Over,
    /// The due date, the arrival of the goods, or whatever else of the debt and its order this counts from was corrected,
    /// and has not come.
    DayMoved(TimeExpr),
}

/// Whether it is not the time of what waited any more.
pub fn off_time(asked: Waits<'_>, facts: &DebtorFacts, now: Timestamp, rules: &Rules<'_>) -> Option<OffTime> {
    let known = known(asked, facts, rules)?;
    let step = known.step;
    // Thanks follow the money, not the ladder.
    if known.playbook.thanks.as_ref().is_some_and(|thanks| thanks.id == step.id) {
        return None;
    }
    let anchors = anchors(&known, facts, rules);
    if is_over(step, &anchors, now) {
        return Some(OffTime::Over);
    }
    let mut fixed = step.at.iter().filter(|time| time.anchor.is_of_the_debt() || time.anchor.key_date().is_some());
    let to_come = fixed.find(|time| time.resolve(&anchors).is_none_or(|moment| moment > now));
    to_come.copied().map(OffTime::DayMoved)
}

/// Proves that what waited is still taken in its time.
pub(super) fn check_still_its_time(
    asked: Waits<'_>,
    facts: &DebtorFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    match off_time(asked, facts, now, rules) {
        Some(OffTime::Over) => refuse(4, format!("the time of step {} has passed", asked.step)),
        Some(OffTime::DayMoved(time)) => refuse(4, format!("the day of step {} was moved since: {time}", asked.step)),
        None => Ok(()),
    }
}

fn is_over(step: &Step, anchors: &Anchors<'_>, now: Timestamp) -> bool {
    step.until.and_then(|until| until.resolve(anchors)).is_some_and(|end| end <= now)
}

/// Every moment of a step has come, and the time until which it is taken is not over. One that counts from what has not
/// happened has not come; only a step that follows others may also be the first.
pub(super) fn has_come<'a>(
    (item, case): (&'a ReceivableFacts, &'a Case),
    (playbook, step): (&'a Playbook, &'a Step),
    facts: &'a DebtorFacts,
    now: Timestamp,
    rules: &Rules<'a>,
) -> Result<(), Breach> {
    let anchors = anchors(&Known { item, case, playbook, step }, facts, rules);
    for time in &step.at {
        let is_first = time.anchor == Anchor::Previous && anchors.previous.is_none();
        if !is_first && time.resolve(&anchors).is_none_or(|moment| moment > now) {
            return refuse(4, format!("step {} is taken before its time, {time}", step.id));
        }
    }
    if is_over(step, &anchors, now) {
        return refuse(4, format!("the time of step {} has passed", step.id));
    }
    Ok(())
}

/// Why the item's level of warning is not worth it any more.
pub fn too_little(asked: Waits<'_>, facts: &DebtorFacts, now: Timestamp, rules: &Rules<'_>) -> Result<(), Breach> {
    match known(asked, facts, rules) {
        Some(known) => money_rules::check_minimum(facts, known.item, known.playbook, known.step, now, rules),
        None => Ok(()),
    }
}

/// What the step's times counted from when it was decided: the step itself does not count as one before it.
fn anchors<'a>(known: &Known<'a>, facts: &'a DebtorFacts, rules: &Rules<'a>) -> Anchors<'a> {
    let (item, step) = (known.item, known.step);
    let (mut previous, mut answer_by) = (None, None);
    for taken in known.case.steps.iter().filter(|taken| !taken.voided && taken.step != step.id) {
        previous = previous.max(Some(taken.done_at.unwrap_or(taken.taken_at)));
        // One that nobody made, or that was declined, asked for nothing.
        let made = taken.done_at.filter(|_| taken.end.is_none());
        answer_by = answer_by.max(taken.answer_by.or_else(|| after_a_call(known, &taken.step, made, facts, rules)));
    }
    let about = |of: Option<crate::ids::ReceivableId>, pay_on: Date| match of {
        Some(id) => id == item.receivable.id,
        None => item.receivable.due_on.is_none_or(|due| due <= pay_on),
    };
    let broken = facts.promises.iter().filter(|promise| promise.state == PromiseState::Broken);
    Anchors {
        due: item.receivable.due_on,
        placed: item.receivable.placed_at,
        trigger: item.receivable.triggered_on,
        previous,
        started: known.case.started_at,
        reason: item.why.map(|why| why.since),
        answer_by,
        promise: broken.filter(|said| about(said.receivable_id, said.pay_on)).map(|said| said.pay_on).max(),
        dates: &item.dates,
        usual_close: known.playbook.platform_close,
        order: OrderMoments::default(),
        zone: &rules.tenant.time_zone,
        workdays: facts.workdays(rules.countries),
    }
}

/// A call that was made asks for an answer by the working day so many days later.
fn after_a_call(
    known: &Known<'_>,
    step: &str,
    done_at: Option<Timestamp>,
    facts: &DebtorFacts,
    rules: &Rules<'_>,
) -> Option<Date> {
    let made = rules.day_of(done_at?);
    let call = known.playbook.step(step).filter(|step| step.does == Does::Letter)?;
    let day = made.saturating_add(i64::from(call.answer_days).days());
    Some(facts.workdays(rules.countries).next_workday(day))
}
