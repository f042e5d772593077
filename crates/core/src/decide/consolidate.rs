//! From due steps to letters and tasks: one pressing letter per debtor at a time, one currency, one person, the
//! tone of the highest level (SCENARIOS A12).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::contact::{self, Reach};
use super::{DueStep, World, review_of};
use crate::calendar::shift;
use crate::case::{CALLS_ASKED_FOR, CaseState, StepEnd};
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::letter::Purpose;
use crate::money::{Currency, Money};
use crate::order::OrderSource;
use crate::party::{Channel, Contact};
use crate::plan::{CasePlan, LetterItem, Plan, PlannedLetter, PlannedTask, Review, TaskKind, Verdict};
use crate::playbook::{Also, Does, Step, Window};
use crate::reason::{Reason, ReasonCode};

/// Over so many days contacts are counted.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A due step with the person and channel found for it.
struct Ready<'a> {
    due: DueStep<'a>,
    contact: &'a Contact,
    channel: Channel,
    reasons: Vec<Reason>,
}

/// Turns due steps into letters and tasks, and tells each case what became of it.
pub fn write_letters<'a>(facts: &'a DebtorFacts, due: Vec<DueStep<'a>>, world: &World<'a>, plan: &mut Plan) {
    let mut press: Vec<Ready<'a>> = Vec::new();
    let mut answers: Vec<Ready<'a>> = Vec::new();
    for mut step in due {
        if step.step.does == Does::Task {
            to_do(facts, step, world, plan);
            continue;
        }
        let mut reasons = Vec::new();
        let reach = contact::reach(facts, step.step, world.now, &mut reasons);
        if let Reach::Write { contact, .. } | Reach::Call { contact: Some(contact) } = &reach
            && contact.objected
        {
            // Who objected still hears of the goods, and is asked for nothing.
            step.pressed = Money::zero(step.pressed.currency);
        }
        match reach {
            Reach::Write { contact, channel } => {
                let ready = Ready { due: step, contact, channel, reasons };
                match ready.due.step.purpose {
                    Purpose::Press | Purpose::Formal => press.push(ready),
                    Purpose::Answer => answers.push(ready),
                    Purpose::Service | Purpose::Sell => {
                        one_letter(facts, vec![ready], world, plan);
                    }
                }
            }
            // Nobody is looked for only to be thanked.
            _ if step.plan.state == CaseState::Paid => plan.cases.push(step.plan),
            Reach::Call { contact } => call(facts, step, contact, reasons, world, plan),
            Reach::Objected { role } => {
                let reason = Reason::new(ReasonCode::GateObjection).text("role", role.code());
                find_contact(facts, step, reason, world, plan);
            }
            Reach::Suppressed { role } => {
                let reason = Reason::new(ReasonCode::GateSuppressed).text("role", role.code());
                find_contact(facts, step, reason, world, plan);
            }
            Reach::Nobody => {
                let channels: Vec<&str> = step.step.channels.iter().map(|channel| channel.code()).collect();
                let reason = Reason::new(ReasonCode::ContactNobody).text("channels", channels.join(", "));
                find_contact(facts, step, reason, world, plan);
            }
        }
    }
    answer(facts, answers, world, plan);
    press_once(facts, press, world, plan);
}

/// One answer to one person for the same step of several debts. One payment may have settled debts of different kinds: thanks
/// for them go together whatever each says.
fn answer<'a>(facts: &'a DebtorFacts, mut answers: Vec<Ready<'a>>, world: &World<'a>, plan: &mut Plan) {
    while let Some(lead) = answers.first() {
        let (key, letter, contact, case) = (group_key(lead), &lead.due.step.letter, lead.contact.id, lead.due.case.id);
        let thanks = is_thanks(lead);
        let (group, rest) = answers.into_iter().partition(|ready: &Ready<'a>| {
            let says_so = ready.due.step.letter == *letter || (thanks && is_thanks(ready));
            let same = group_key(ready) == key && says_so && ready.contact.id == contact;
            ready.due.case.id == case || (same && key.0 == Channel::Email)
        });
        one_letter(facts, group, world, plan);
        answers = rest;
    }
}

fn is_thanks(ready: &Ready<'_>) -> bool {
    ready.due.playbook.thanks.as_ref().is_some_and(|thanks| thanks.id == ready.due.step.id)
}

/// Work for one of us.
fn to_do(facts: &DebtorFacts, due: DueStep<'_>, world: &World<'_>, plan: &mut Plan) {
    let task = task_about(TaskKind::Do, &due, facts, world);
    let mut case = due.plan;
    case.verdict = Verdict::Task;
    case.next_wake = due.next_wake.or_else(|| world.now.checked_add(24.hours()).ok());
    plan.tasks.push(PlannedTask {
        script: Some(due.step.letter.clone()),
        reasons: case.reasons.iter().filter(|reason| reason.code == ReasonCode::StepDue).cloned().collect(),
        ..task
    });
    plan.cases.push(case);
}

/// A task about what is due, for somebody of ours, from now on.
fn task_about(kind: TaskKind, due: &DueStep<'_>, facts: &DebtorFacts, world: &World<'_>) -> PlannedTask {
    PlannedTask {
        kind,
        case_id: due.case.id,
        receivable_id: due.item.receivable.id,
        step: Some(due.step.id.clone()),
        level: due.step.level,
        round: due.round,
        contact_id: None,
        language: contact::language(facts, None, world).0,
        script: None,
        pressed: due.pressed,
        not_before: world.now,
        reasons: Vec::new(),
    }
}

/// The case that sets the tone: the highest level, of these the oldest.
fn lead_of<'r, 'a>(press: &'r [Ready<'a>]) -> Option<&'r Ready<'a>> {
    press.iter().max_by(|a, b| {
        let rank = |ready: &Ready<'_>| (ready.due.step.level, std::cmp::Reverse(ready.due.item.receivable.due_on));
        rank(a).cmp(&rank(b)).then_with(|| b.due.case.id.cmp(&a.due.case.id))
    })
}

/// What may go although it is too soon for the rest: what answers the buyer, within the ceiling. Each says so.
fn answering<'a>(facts: &'a DebtorFacts, press: Vec<Ready<'a>>, world: &World<'a>) -> (Vec<Ready<'a>>, Vec<Ready<'a>>) {
    let is_full = contact::above_ceiling(facts, world).is_some();
    let (mut answers, mut rest) = (Vec::new(), Vec::new());
    for mut ready in press {
        let due = &ready.due;
        let at = contact::moment(facts, Some(ready.contact), due.playbook.window, world, &mut Vec::new());
        match contact::answered(facts, due.item, (due.playbook, due.step), ready.contact, at) {
            Some(heard) if !is_full => {
                ready.reasons.push(Reason::new(ReasonCode::ContactAnswers).instant("heard", heard.at));
                answers.push(ready);
            }
            _ => rest.push(ready),
        }
    }
    (answers, rest)
}

/// Of the cases that would share a letter, those that it answers: it goes to the person and at the moment of the first of
/// them, and that may be another person than who wrote about one of the others.
fn answered_by_one<'a>(
    facts: &'a DebtorFacts,
    group: Vec<Ready<'a>>,
    world: &World<'a>,
) -> (Vec<Ready<'a>>, Vec<Ready<'a>>) {
    let Some(lead) = group.first() else {
        return (group, Vec::new());
    };
    let (lead_case, contact) = (lead.due.case.id, lead.contact);
    let window = lead.due.playbook.window;
    let at = contact::moment(facts, Some(contact), window, world, &mut Vec::new());
    group.into_iter().partition(|ready| {
        let due = &ready.due;
        let heard = contact::answered(facts, due.item, (due.playbook, due.step), contact, at);
        // Of other hours it would move the answer, perhaps beyond the days in which it still is one.
        due.case.id == lead_case || (heard.is_some() && due.playbook.window == window)
    })
}

/// The one pressing letter that may go now; every other due case waits its turn.
fn press_once<'a>(facts: &'a DebtorFacts, mut press: Vec<Ready<'a>>, world: &World<'a>, plan: &mut Plan) {
    let Some(lead) = lead_of(&press) else {
        return;
    };
    let too_soon = contact::too_soon(facts, lead.due.playbook, world);
    if let Some((next, reason)) = &too_soon {
        let (answers, rest) = answering(facts, press, world);
        for ready in rest {
            wait(ready.due, *next, reason.clone(), plan);
        }
        press = answers;
    }
    let Some(lead) = lead_of(&press) else {
        return;
    };
    if let Some(call) = pressing_call(plan) {
        let (next, reason) = after_gap(call, lead.due.playbook.gap_hours, world);
        for ready in press {
            wait(ready.due, next, reason.clone(), plan);
        }
        return;
    }
    let lead_case = lead.due.case.id;
    let lead_level = lead.due.step.level;
    let key = group_key(lead);
    // What is said because of a reason is said of the debts with that reason only.
    let way = |ready: &Ready<'_>| {
        let by_route = ready.due.playbook.route_of(&ready.due.step.id);
        by_route.map(|_| ready.due.step.letter.clone())
    };
    let lead_way = way(lead);
    let lead_alone = lead.due.playbook.alone;
    let (lead_gap, lead_window, lead_contact) = (lead.due.playbook.gap_hours, lead.due.playbook.window, lead.contact);
    let at = |window| contact::moment(facts, Some(lead_contact), window, world, &mut Vec::new());
    // What may go at any time of the day does not wait for the office to open because of what comes along with it.
    let is_shut = lead_window == Window::Daytime && at(Window::Office) > at(Window::Daytime);
    let (mut group, rest): (Vec<_>, Vec<_>) = press.into_iter().partition(|ready| {
        // A demand for what is late may not name what is not even due.
        let fits = lead_level == 0 || ready.due.item.receivable.due_on.is_none_or(|due| due <= world.today);
        let apart = lead_alone || ready.due.playbook.alone;
        let joins = !apart && consolidates(&key) && group_key(ready) == key && fits && way(ready) == lead_way;
        // A debt with a longer gap does not come along with one whose gap is over. An answer waits for neither.
        let is_soon = || {
            let other = too_soon.is_none() && ready.due.playbook.gap_hours != lead_gap;
            other && contact::too_soon(facts, ready.due.playbook, world).is_some()
        };
        let waits = is_shut && ready.due.playbook.window == Window::Office;
        ready.due.case.id == lead_case || (joins && !waits && !is_soon())
    });
    // The letter is headed by the case that sets its tone.
    group.sort_by_key(|ready| (ready.due.case.id != lead_case, ready.due.item.receivable.due_on, ready.due.case.id));
    if let Some((next, reason)) = too_soon {
        let (answers, others) = answered_by_one(facts, group, world);
        for ready in others {
            wait(ready.due, next, reason.clone(), plan);
        }
        group = answers;
    }
    let gap = group[0].due.playbook.gap_hours.unwrap_or(world.tenant.rules.gap_hours);
    let send_at = one_letter(facts, group, world, plan);
    let next = send_at.checked_add(gap.hours()).unwrap_or(send_at);
    for ready in rest {
        let reason = Reason::new(ReasonCode::ContactGapPlanned).instant("last", send_at).instant("next", next);
        wait(ready.due, next, reason, plan);
    }
}

/// When the plan already calls the debtor, if it does.
fn pressing_call(plan: &Plan) -> Option<Timestamp> {
    plan.tasks.iter().find(|task| task.kind == TaskKind::Call).map(|task| task.not_before)
}

fn after_gap(last: Timestamp, own_gap: Option<i64>, world: &World<'_>) -> (Timestamp, Reason) {
    let gap = own_gap.unwrap_or(world.tenant.rules.gap_hours);
    let next = last.checked_add(gap.hours()).unwrap_or(last);
    (next, Reason::new(ReasonCode::ContactGapPlanned).instant("last", last).instant("next", next))
}

/// Of one letter: an order of a marketplace is paid there, and what is owed directly is not.
type GroupKey = (Channel, Purpose, Currency, OrderSource);

fn group_key(ready: &Ready<'_>) -> GroupKey {
    let receivable = &ready.due.item.receivable;
    (ready.channel, ready.due.step.purpose, receivable.amount.currency, receivable.source)
}

/// The hours that all debts of a letter allow: one that is written about to people at their desks keeps the others to these.
fn window_of<'r, 'a: 'r>(mut group: impl Iterator<Item = &'r Ready<'a>>) -> Window {
    let any_office = group.any(|ready| ready.due.playbook.window == Window::Office);
    if any_office { Window::Office } else { Window::Daytime }
}

/// In-site messages belong to their order; a formal demand stands alone.
fn consolidates(key: &GroupKey) -> bool {
    key.0 == Channel::Email && key.1 == Purpose::Press
}

fn one_letter<'a>(facts: &'a DebtorFacts, group: Vec<Ready<'a>>, world: &World<'a>, plan: &mut Plan) -> Timestamp {
    let lead = &group[0];
    let contact = lead.contact;
    let mut reasons = lead.reasons.clone();
    let window = window_of(group.iter());
    let send_at = contact::moment(facts, Some(contact), window, world, &mut reasons);
    let (language, wanted) = contact::language(facts, Some(contact), world);
    if let Some(wanted) = wanted {
        reasons.push(Reason::new(ReasonCode::LetterLanguageFallback).text("wanted", wanted));
    }
    if group.len() > 1 {
        reasons.push(Reason::new(ReasonCode::LetterConsolidated).number("count", group.len() as i64));
    }
    let of_step = |step: &Step| review_of(step.autonomy, || wrote_before(facts, step));
    let mut review = group.iter().map(|ready| ready.due.step).map(of_step).max().unwrap_or(Review::Look);
    if world.tenant.review_all {
        review = review.max(Review::Look);
    }
    let presses = group.iter().any(|ready| ready.due.step.purpose.asks_for_money());
    let lost = |at: &Timestamp| {
        // How often the buyer was asked in the week before, nobody knows.
        let may_be_often = presses && world.now.duration_since(*at) < WEEK;
        may_be_often || group.iter().any(|ready| may_have_left(&ready.due, *at))
    };
    if let Some(restored_at) = world.tenant.restored_at.filter(lost) {
        // It may have left before the restore: only a person can say.
        review = review.max(Review::Look);
        reasons.push(Reason::new(ReasonCode::LetterAfterRestore).instant("restored", restored_at));
    }
    let step_name = lead.due.step.id.clone();
    match review {
        Review::TwoPersons => reasons.push(Reason::new(ReasonCode::StepTwoPersons).text("step", &*step_name)),
        Review::Severe => reasons.push(Reason::new(ReasonCode::StepSevere).text("step", &*step_name)),
        Review::Look => reasons.push(Reason::new(ReasonCode::StepReview).text("step", &*step_name)),
        Review::Automatic => {}
    }
    let level = lead.due.step.level;
    let beside = beside(facts, &group, review, world, &mut reasons);
    let purpose = lead.due.step.purpose;
    let letter = letter_name(group.iter().map(|ready| &ready.due.step.letter), purpose, level);
    let letter = PlannedLetter {
        purpose,
        channel: lead.channel,
        contact_id: contact.id,
        role: contact.role,
        language,
        letter,
        send: 0,
        level,
        currency: lead.due.item.receivable.amount.currency,
        items: group.iter().map(|ready| item_of(&ready.due)).collect(),
        send_at,
        review,
        attach_statement: group.iter().any(|ready| ready.due.step.attach_statement),
        answer_by: facts.workdays(world.countries).next_workday(shift(world.today, lead.due.step.answer_days)),
        reasons: Vec::new(),
    };
    let verdict = if review == Review::Automatic { Verdict::Letter } else { Verdict::Approval };
    for ready in group {
        let mut case = ready.due.plan;
        case.verdict = verdict;
        // Woken by what becomes of the letter; the clock is only a safety net.
        case.next_wake = ready.due.next_wake;
        case.reasons.extend(reasons.iter().cloned());
        plan.cases.push(case);
    }
    plan.letters.push(PlannedLetter { reasons, ..letter });
    plan.letters.extend(beside);
    send_at
}

/// Somebody who gets a letter beside the main one, and what about.
struct Beside<'g, 'a> {
    contact: &'a Contact,
    channel: Channel,
    about: Vec<(&'g Ready<'a>, &'a Also)>,
}

/// What the steps of a letter send beside it: one letter to each person by each way, and to a chat one for each order. All
/// are the same decision, so that together they count as one contact.
fn beside<'a>(
    facts: &'a DebtorFacts,
    group: &[Ready<'a>],
    review: Review,
    world: &World<'a>,
    reasons: &mut Vec<Reason>,
) -> Vec<PlannedLetter> {
    let main = &group[0];
    let mut found: Vec<Beside<'_, 'a>> = Vec::new();
    for ready in group {
        let step: &'a Step = ready.due.step;
        for also in &step.also {
            let Some((contact, channel)) = contact::beside(facts, also, (main.contact, main.channel), world.now) else {
                let role = also.roles.first().map_or("", |role| role.code());
                let nobody = Reason::new(ReasonCode::LetterBesideNobody).text("role", role);
                if !reasons.contains(&nobody) {
                    reasons.push(nobody);
                }
                continue;
            };
            let is_same = |known: &Beside<'_, 'a>| known.contact.id == contact.id && known.channel == channel;
            let is_about =
                |known: &Beside<'_, 'a>| known.about.iter().any(|(other, _)| other.due.case.id == ready.due.case.id);
            // Two copies of one step for one person are one; a chat has one for each of the orders.
            if found.iter().any(|known| is_same(known) && is_about(known)) {
                continue;
            }
            match found.iter_mut().find(|known| is_same(known)) {
                Some(known) if channel == Channel::Email => known.about.push((ready, also)),
                _ => found.push(Beside { contact, channel, about: vec![(ready, also)] }),
            }
        }
    }
    let mut letters = Vec::with_capacity(found.len());
    for (nth, one) in found.into_iter().enumerate() {
        letters.push(letter_beside(facts, main, one, (nth + 1) as u8, review, world));
    }
    letters
}

fn letter_beside<'a>(
    facts: &'a DebtorFacts,
    main: &Ready<'a>,
    one: Beside<'_, 'a>,
    send: u8,
    review: Review,
    world: &World<'a>,
) -> PlannedLetter {
    let step = main.due.step;
    let mut reasons = vec![
        Reason::new(ReasonCode::ContactRoleChosen).text("role", one.contact.role.code()),
        Reason::new(ReasonCode::LetterBeside).text("role", main.contact.role.code()),
    ];
    // The hours of what it is about, which in a chat may be another debt than the one that heads the letter.
    let window = window_of(one.about.iter().map(|(ready, _)| *ready));
    let send_at = contact::moment(facts, Some(one.contact), window, world, &mut reasons);
    let (language, wanted) = contact::language(facts, Some(one.contact), world);
    if let Some(wanted) = wanted {
        reasons.push(Reason::new(ReasonCode::LetterLanguageFallback).text("wanted", wanted));
    }
    PlannedLetter {
        purpose: step.purpose,
        channel: one.channel,
        contact_id: one.contact.id,
        role: one.contact.role,
        language,
        letter: letter_name(one.about.iter().map(|(_, also)| &also.letter), step.purpose, step.level),
        send,
        level: step.level,
        currency: main.due.item.receivable.amount.currency,
        items: one.about.iter().map(|(ready, _)| item_of(&ready.due)).collect(),
        send_at,
        review,
        attach_statement: one.about.iter().any(|(_, also)| also.attach_statement),
        answer_by: facts.workdays(world.countries).next_workday(shift(world.today, step.answer_days)),
        reasons,
    }
}

/// Whether a step may have been taken in the time that a restore lost. A case that had begun may have gone further than
/// is known here, by dates that were corrected since the backup; so it never goes on by itself again. A case that began
/// later may be an old debt, imported anew: what its dates made due before is in doubt, but not what came after.
fn may_have_left(due: &DueStep<'_>, restored_at: Timestamp) -> bool {
    due.case.started_at <= restored_at || due.by_dates.is_none_or(|at| at <= restored_at)
}

/// One text for all when all steps name the same one; otherwise the neutral text for several debts, because a
/// sentence about shipped goods may be untrue for a deposit.
fn letter_name<'l>(mut letters: impl Iterator<Item = &'l Arc<str>>, purpose: Purpose, level: u8) -> Arc<str> {
    if let Some(first) = letters.next()
        && letters.all(|letter| letter == first)
    {
        return first.clone();
    }
    match level {
        // Nothing is promised that holds for one of them only.
        _ if purpose == Purpose::Answer => "thanks".into(),
        0 | 1 => "several_reminder".into(),
        2 => "several_firm".into(),
        _ => "several_last".into(),
    }
}

fn item_of(due: &DueStep<'_>) -> LetterItem {
    LetterItem {
        case_id: due.case.id,
        receivable_id: due.item.receivable.id,
        step: due.step.id.clone(),
        level: due.step.level,
        round: due.round,
        outstanding: due.plan.outstanding,
        pressed: due.pressed,
        due_on: due.item.receivable.due_on,
    }
}

/// Whether a letter of this step has left for this debtor already, about whatever receivable.
fn wrote_before(facts: &DebtorFacts, step: &Step) -> bool {
    let cases = facts.receivables.iter().filter_map(|item| item.case.as_ref());
    let mut taken = cases.flat_map(|case| &case.steps);
    taken.any(|taken| taken.step == step.id && taken.was_done())
}

fn call<'a>(
    facts: &'a DebtorFacts,
    due: DueStep<'a>,
    contact: Option<&'a Contact>,
    mut reasons: Vec<Reason>,
    world: &World<'a>,
    plan: &mut Plan,
) {
    let left_undone = due.case.steps.iter().filter(|taken| taken.end == Some(StepEnd::NotCalled));
    let left_undone = left_undone.filter(|taken| taken.step == due.step.id).count();
    if left_undone >= CALLS_ASKED_FOR {
        return decide_call(facts, due, left_undone, world, plan);
    }
    if due.step.purpose.asks_for_money() {
        if let Some((next, reason)) = contact::too_soon(facts, due.playbook, world) {
            return wait(due, next, reason, plan);
        }
        // One pressing contact at a time: another call of this very plan comes first.
        if let Some(earlier) = pressing_call(plan) {
            let (next, reason) = after_gap(earlier, due.playbook.gap_hours, world);
            return wait(due, next, reason, plan);
        }
    }
    let not_before = contact::moment(facts, contact, due.playbook.window, world, &mut reasons);
    let (language, _) = contact::language(facts, contact, world);
    let task = task_about(TaskKind::Call, &due, facts, world);
    let mut case = due.plan;
    case.verdict = Verdict::Task;
    case.next_wake = due.next_wake.or_else(|| world.now.checked_add(24.hours()).ok());
    case.reasons.extend(reasons.iter().cloned());
    plan.tasks.push(PlannedTask {
        contact_id: contact.map(|contact| contact.id),
        language,
        script: Some(due.step.letter.clone()),
        not_before,
        reasons,
        ..task
    });
    plan.cases.push(case);
}

/// Nobody makes this call: whether it is made is for a person to say, and nobody asks a third time.
fn decide_call(facts: &DebtorFacts, due: DueStep<'_>, left_undone: usize, world: &World<'_>, plan: &mut Plan) {
    let reason = Reason::new(ReasonCode::StepNotCalled).text("step", &*due.step.id);
    let reason = reason.number("count", left_undone as i64);
    let task = task_about(TaskKind::DecideCall, &due, facts, world);
    let mut case = due.plan;
    case.verdict = Verdict::Task;
    case.next_wake = due.next_wake.or_else(|| world.now.checked_add(24.hours()).ok());
    case.reasons.push(reason.clone());
    plan.tasks.push(PlannedTask { reasons: vec![reason], ..task });
    plan.cases.push(case);
}

/// Nobody may or can be written to: one task, then silence until the contacts change.
fn find_contact(facts: &DebtorFacts, due: DueStep<'_>, reason: Reason, world: &World<'_>, plan: &mut Plan) {
    let task = task_about(TaskKind::FindContact, &due, facts, world);
    let mut case = due.plan;
    case.reasons.push(reason.clone());
    case.next_wake = world.now.checked_add(24.hours()).ok();
    if due.case.task.is_some() {
        case.reasons.push(Reason::new(ReasonCode::CaseTaskWaiting));
        plan.cases.push(case);
        return;
    }
    case.verdict = Verdict::Task;
    plan.tasks.push(PlannedTask { step: None, level: 0, round: 0, reasons: vec![reason], ..task });
    plan.cases.push(case);
}

/// The ladder has no rung left: the case rests until a person decides (no process runs for ever).
pub fn end_of_ladder(case: &mut CasePlan) {
    case.state = CaseState::LadderDone;
    case.verdict = Verdict::Wait;
    case.next_wake = None;
    case.reasons.push(Reason::new(ReasonCode::CaseLadderDone));
}

/// The question that goes to a person at the end of the ladder.
pub fn what_next(facts: &DebtorFacts, item: &ReceivableFacts, case: &CasePlan, world: &World<'_>) -> PlannedTask {
    let fault = super::is_ours_to_make_good(item).then(|| Reason::new(ReasonCode::GateSellerFault));
    // A further warning would have been there, but not for so little.
    let too_little = case.reasons.iter().find(|reason| reason.code == ReasonCode::StepBelowMinimum).cloned();
    PlannedTask {
        kind: TaskKind::DecideNext,
        case_id: case.case_id,
        receivable_id: item.receivable.id,
        step: None,
        level: 0,
        round: 0,
        contact_id: None,
        language: contact::language(facts, None, world).0,
        script: None,
        pressed: case.outstanding,
        not_before: world.now,
        reasons: fault.into_iter().chain(too_little).chain([Reason::new(ReasonCode::CaseLadderDone)]).collect(),
    }
}

fn wait(due: DueStep<'_>, next: Timestamp, reason: Reason, plan: &mut Plan) {
    let mut case = due.plan;
    case.verdict = Verdict::Wait;
    case.next_wake = Some(next);
    case.reasons.push(reason);
    plan.cases.push(case);
}
