//! The time of a step: whether it has come, and whether a letter that waited has outlived it: the time until which it is sent has passed, or so little is owed
//! by now that its level of warning is not worth it.

use jiff::{Timestamp, ToSpan, civil::Date};

use super::{Refusal, Rules, money_rules, refuse};
use crate::case::Case;
use crate::facts::orders::OrderMoments;
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::PromiseState;
use crate::plan::LetterItem;
use crate::playbook::time_expr::Anchors;
use crate::playbook::{Does, Playbook, Step};

/// The step of an item, with all that its times count from. `None`: it is of no playbook that is known.
struct Known<'a> {
    item: &'a ReceivableFacts,
    case: &'a Case,
    playbook: &'a Playbook,
    step: &'a Step,
}

fn known<'a>(asked: &LetterItem, facts: &'a DebtorFacts, rules: &Rules<'a>) -> Option<Known<'a>> {
    let item = facts.receivables.iter().find(|item| item.receivable.id == asked.receivable_id)?;
    let case = item.case.as_ref().filter(|case| case.id == asked.case_id)?;
    let playbook = rules.playbooks.by_reference(case.playbook.as_ref()?)?;
    Some(Known { item, case, playbook, step: playbook.step(&asked.step)? })
}

/// Whether the time until which the item's step is sent has passed.
pub fn is_too_late(asked: &LetterItem, facts: &DebtorFacts, now: Timestamp, rules: &Rules<'_>) -> bool {
    let Some(known) = known(asked, facts, rules) else {
        return false;
    };
    let Some(until) = known.step.until else {
        return false;
    };
    until.resolve(&anchors(&known, facts, rules)).is_some_and(|end| end <= now)
}

/// Whether every moment of a step that is known has come.
pub(super) fn has_come<'a>(
    (item, case): (&'a ReceivableFacts, &'a Case),
    (playbook, step): (&'a Playbook, &'a Step),
    facts: &'a DebtorFacts,
    now: Timestamp,
    rules: &Rules<'a>,
) -> Result<(), Refusal> {
    let anchors = anchors(&Known { item, case, playbook, step }, facts, rules);
    for time in &step.at {
        if time.resolve(&anchors).is_some_and(|moment| moment > now) {
            return refuse(4, format!("step {} is taken before its time, {time}", step.id));
        }
    }
    Ok(())
}

/// Why the item's level of warning is not worth it any more.
pub fn too_little(asked: &LetterItem, facts: &DebtorFacts, now: Timestamp, rules: &Rules<'_>) -> Result<(), Refusal> {
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
    let made = done_at?.to_zoned(rules.tenant.time_zone.clone()).date();
    let call = known.playbook.step(step).filter(|step| step.does == Does::Letter)?;
    let day = made.saturating_add(i64::from(call.answer_days).days());
    Some(facts.workdays(rules.countries).next_workday(day))
}
