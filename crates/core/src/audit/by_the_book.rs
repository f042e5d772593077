//! What a plan takes from the playbooks, proven from the facts once more: with which playbook a case begins, that the condition
//! of a step and of its route holds, that the text is the step's, that a warning names nothing that is not due, and
//! that nobody is asked in one letter for money that is paid on a marketplace and for other money.

use jiff::Timestamp;

use super::{Breach, Rules, find, find_written_to, money_rules, refuse, step_of};
use crate::calendar::days_between;
use crate::case::{Case, SubjectKind};
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::PromiseState;
use crate::key_date::{KeyDate, day_of};
use crate::letter::Purpose;
use crate::party::{Channel, ContactRole};
use crate::plan::{CasePlan, Plan, PlannedLetter, PlannedTask, TaskKind};
use crate::playbook::condition::{Condition, Fields, OrderFields};
use crate::playbook::{AppliesTo, Playbook, Step};

/// Proves all of it for a plan about receivables.
pub(super) fn check(plan: &Plan, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let mut main_level = 0;
    for letter in &plan.letters {
        if letter.send == 0 {
            main_level = letter.level;
            check_letter(plan, letter, facts, rules)?;
        } else if letter.level != main_level {
            return refuse(4, format!("a letter in the tone of level {} beside one of {main_level}", letter.level));
        }
    }
    for task in &plan.tasks {
        check_task(plan, task, facts, rules)?;
    }
    Ok(())
}

fn check_letter(plan: &Plan, letter: &PlannedLetter, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let (mut text, mut is_one_text, mut highest, mut source) = (None::<&str>, true, 0, None);
    let mut thanks = 0;
    for item in &letter.items {
        let (receivable, case) = find_written_to(facts, letter.purpose, item)?;
        let (step, playbook) = step_of(plan, case, &item.step, rules)?;
        is_one_text &= *text.get_or_insert(&step.letter) == &*step.letter;
        highest = highest.max(step.level);
        let own = receivable.receivable.source;
        if *source.get_or_insert(own) != own {
            return refuse(6, "a letter about orders of a marketplace and about others");
        }
        // Thanks follow the money, whatever a condition says.
        if playbook.thanks.as_ref().is_none_or(|thanks| thanks.id != step.id) {
            check_conditions((receivable, case), (playbook, step), facts, plan.decided_at, rules)?;
        } else {
            thanks += 1;
        }
    }
    if letter.purpose == Purpose::Answer && !is_one_text && thanks != letter.items.len() {
        return refuse(6, "thanks for a payment and an answer to something else in one text");
    }
    if thanks > 0 && letter.channel == Channel::Email {
        thanked_once(plan, letter, facts, rules)?;
    }
    let text = if is_one_text { text.unwrap_or_default() } else { text_for_several(letter.purpose, letter.level) };
    if &*letter.letter != text {
        return refuse(6, format!("the text {} is sent for steps that say {text}", letter.letter));
    }
    if !letter.purpose.asks_for_money() {
        return Ok(());
    }
    if letter.level != highest {
        return refuse(4, format!("the tone of level {} for steps up to {highest}", letter.level));
    }
    let today = rules.day_of(plan.decided_at);
    // What heads the letter has a day of its own, as has been proven.
    for item in letter.items.iter().skip(1).filter(|_| letter.level > 0) {
        if let Some(due) = item.due_on.filter(|due| *due > today) {
            return refuse(4, format!("a warning names receivable {}, which is due on {due}", item.receivable_id));
        }
    }
    Ok(())
}

/// Nobody gets two letters of thanks at once: what each says of the next thing to come may contradict the other.
fn thanked_once(plan: &Plan, letter: &PlannedLetter, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let beside = plan.letters.iter().filter(|known| !std::ptr::eq(*known, letter) && known.send == 0);
    for other in beside.filter(|known| known.contact_id == letter.contact_id && known.channel == letter.channel) {
        if other.currency != letter.currency {
            continue;
        }
        for item in &other.items {
            let (receivable, case) = find_written_to(facts, other.purpose, item)?;
            let (step, playbook) = step_of(plan, case, &item.step, rules)?;
            let own = letter.items.first().map(|item| item.receivable_id);
            let source = facts.receivables.iter().find(|known| Some(known.receivable.id) == own);
            let same = source.is_some_and(|known| known.receivable.source == receivable.receivable.source);
            if same && playbook.thanks.as_ref().is_some_and(|thanks| thanks.id == step.id) {
                return refuse(2, format!("{} is thanked twice at once", letter.contact_id));
            }
        }
    }
    Ok(())
}

/// A text that is true of debts of different kinds.
pub(super) const fn text_for_several(purpose: Purpose, level: u8) -> &'static str {
    match level {
        _ if matches!(purpose, Purpose::Answer) => "thanks",
        0 | 1 => "several_reminder",
        2 => "several_firm",
        _ => "several_last",
    }
}

fn check_task(plan: &Plan, task: &PlannedTask, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let is_of_a_step = matches!(task.kind, TaskKind::Call | TaskKind::Do | TaskKind::DecideCall);
    let Some(id) = task.step.as_ref().filter(|_| is_of_a_step) else {
        return Ok(());
    };
    let (item, case) = find(facts, task.case_id, task.receivable_id)?;
    let (step, playbook) = step_of(plan, case, id, rules)?;
    check_conditions((item, case), (playbook, step), facts, plan.decided_at, rules)?;
    match &task.script {
        Some(script) if *script != step.letter => {
            refuse(6, format!("the script {script} for step {id}, which says {}", step.letter))
        }
        _ => Ok(()),
    }
}

/// The condition of the step, and that of the route that it belongs to, hold at the moment of the decision.
fn check_conditions(
    (item, case): (&ReceivableFacts, &Case),
    (playbook, step): (&Playbook, &Step),
    facts: &DebtorFacts,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let of_route = playbook.route_of(&step.id).and_then(|route| route.when.as_ref());
    if of_route.is_none() && step.when.is_none() {
        return Ok(());
    }
    let mut fields = fields(item, case, facts, at, rules)?;
    if let Some(condition) = of_route {
        check_condition(condition, &fields, &step.id)?;
    }
    let Some(condition) = &step.when else { return Ok(()) };
    let is_held = |role: &&ContactRole| facts.contacts.iter().any(|contact| contact.role == **role);
    fields.role = step.roles.iter().find(is_held).map_or("", |role| role.code());
    check_condition(condition, &fields, &step.id)
}

fn check_condition(condition: &Condition, fields: &Fields<'_>, step: &str) -> Result<(), Breach> {
    match condition.holds(fields) {
        Ok(true) => Ok(()),
        Ok(false) => refuse(4, format!("step {step} is only for {}", condition.text)),
        Err(error) => refuse(4, format!("the condition of step {step} cannot be read: {error}")),
    }
}

fn fields<'f>(
    item: &'f ReceivableFacts,
    case: &Case,
    facts: &'f DebtorFacts,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Result<Fields<'f>, Breach> {
    let (owed, today) = (&item.receivable, rules.day_of(at));
    let open = money_rules::open_amount(item)?;
    let arrived = day_of(&item.dates, KeyDate::Arrival);
    let can_be_spoken_to = |role: ContactRole| {
        let mut there = facts.contacts.iter().filter(|contact| contact.role == role && !contact.objected);
        there.any(|contact| contact.is_within_reach(at))
    };
    let broken = facts.promises.iter().filter(|promise| promise.state == PromiseState::Broken).count();
    Ok(Fields {
        days_overdue: owed.due_on.map_or(0, |due| i64::from(days_between(due, today))),
        outstanding_minor: open,
        amount_minor: owed.amount.minor,
        partly_paid: open < owed.amount.minor,
        currency: owed.amount.currency.code(),
        country: &facts.party.country,
        is_consumer: facts.party.is_consumer,
        milestone: owed.milestone.code(),
        trigger: owed.trigger.code(),
        promises_broken: broken as i64,
        role: "",
        steps_taken: case.steps.iter().filter(|taken| !taken.voided).count() as i64,
        why: item.why.map_or("", |known| known.why.code()),
        grade: facts.party.grade.map_or("", |grade| grade.code()),
        has_owner: can_be_spoken_to(ContactRole::Owner),
        has_finance: can_be_spoken_to(ContactRole::Finance),
        arrived: arrived.is_some_and(|day| day <= today),
        days_at_port: arrived.map_or(0, |day| i64::from(days_between(day, today))),
        order: OrderFields::default(),
    })
}

/// A case begins with the playbook that was chosen for its debtor, else with the one in force that asks most of its debt and
/// gets it, of equals the first by name; and keeps it while it is known.
pub(super) fn check_choice(
    planned: &CasePlan,
    item: &ReceivableFacts,
    facts: &DebtorFacts,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let kept = item.case.as_ref().and_then(|case| case.playbook.as_ref());
    let Some(chosen) = planned.playbook.as_ref().filter(|chosen| kept != Some(*chosen)) else {
        return Ok(());
    };
    let number = &item.receivable.number;
    if kept.is_some_and(|kept| rules.playbooks.by_reference(kept).is_some()) {
        return refuse(2, format!("{number} changed its playbook by itself"));
    }
    let in_force = rules.playbooks.current();
    let Some(playbook) = in_force.iter().find(|known| known.reference == *chosen) else {
        return refuse(2, format!("{number} begins with {}, which is not in force", chosen.id));
    };
    if let Some(wanted) = facts.party.playbook_override.as_deref() {
        let mut for_debts = in_force.iter().filter(|known| known.applies.subject == SubjectKind::Receivable);
        if for_debts.any(|known| &*known.reference.id == wanted) {
            return match &*chosen.id == wanted {
                true => Ok(()),
                false => refuse(2, format!("{number} begins with {}, its debtor follows {wanted}", chosen.id)),
            };
        }
    }
    let Some(asks) = demands_met(&playbook.applies, item) else {
        return refuse(2, format!("{number} begins with {}, which is not for it", chosen.id));
    };
    for other in in_force {
        let Some(more) = demands_met(&other.applies, item) else { continue };
        if more > asks || (more == asks && other.reference.id < chosen.id) {
            return refuse(2, format!("{number} begins with {}, {} fits better", chosen.id, other.reference.id));
        }
    }
    Ok(())
}

/// How much a playbook asks of a debt that has all of it; `None`: it is for others.
fn demands_met(applies: &AppliesTo, item: &ReceivableFacts) -> Option<u32> {
    let owed = &item.receivable;
    if applies.subject != SubjectKind::Receivable || applies.source.is_some_and(|source| source != owed.source) {
        return None;
    }
    let mut asked = u32::from(applies.source.is_some());
    if !applies.milestones.is_empty() {
        asked += applies.milestones.contains(&owed.milestone).then_some(1)?;
    }
    if !applies.triggers.is_empty() {
        asked += applies.triggers.contains(&owed.trigger).then_some(1)?;
    }
    if !applies.dates.is_empty() {
        // A day of the order tells more than all the rest together.
        asked += applies.dates.iter().any(|kind| day_of(&item.dates, *kind).is_some()).then_some(4)?;
    }
    Some(asked)
}
