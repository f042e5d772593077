//! The second truth: proves a plan against the invariants from the facts alone. Shares no code with the decision
//! (a tidy check holds that), so that a mistake there does not excuse itself here.
//!
//! A refused plan sends nothing and becomes a visible incident. [`departure`] is the same check for one letter at
//! the moment it is claimed for sending.

mod beside;
mod by_the_book;
pub mod departure;
pub mod desk;
pub mod lasting;
mod money_rules;
pub mod order_desk;
pub mod orders;
mod promised;
mod reach_rules;

use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::calendar::countries::Countries;
use crate::case::{CALLS_ASKED_FOR, Case, CaseState, Entry, LetterState, StepEnd};
use crate::facts::orders::OrderMoments;
use crate::facts::{DebtorFacts, ReceivableFacts, TenantFacts};
use crate::ids::{CaseId, ReceivableId};
use crate::letter::Purpose;
use crate::party::Channel;
use crate::plan::{LetterItem, Plan, PlannedLetter, Review, TaskKind, Verdict};
use crate::playbook::time_expr::{Anchor, Anchors};
use crate::playbook::{Autonomy, Does, Playbook, Playbooks, Step};
use reach_rules::Manners;

/// A plan that may not be carried out, and which invariant it would break. What a user is told is a
/// [`crate::refusal::Refusal`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invariant {invariant}: {what}")]
pub struct Breach {
    /// Number in DESIGN / ARCHITECTURE.md.
    pub invariant: u8,
    pub what: String,
}

pub(crate) fn refuse<T>(invariant: u8, what: impl Into<String>) -> Result<T, Breach> {
    Err(Breach { invariant, what: what.into() })
}

/// What an audit reads beside the debtor and its plan.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    pub tenant: &'a TenantFacts,
    pub playbooks: &'a Playbooks,
    pub countries: &'a Countries,
}

impl Rules<'_> {
    /// The firm's civil day at a moment.
    pub(crate) fn day_of(&self, at: Timestamp) -> Date {
        self.tenant.time_zone.to_datetime(at).date()
    }
}

/// Proves the plan, or names the invariant it would break.
pub fn audit(plan: &Plan, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    if plan.party_id != facts.party.id {
        return refuse(9, "the plan is about another party");
    }
    let mut stepping: Vec<CaseId> = Vec::with_capacity(facts.receivables.len());
    let mut pressing = 0_usize;
    for (nth, letter) in plan.letters.iter().enumerate() {
        check_letter(plan, letter, facts, rules)?;
        if letter.send > 0 {
            // Of one decision with the letter it goes beside: no contact and no step of its own.
            beside::check_beside(plan, nth, facts, rules)?;
            continue;
        }
        if letter.purpose.asks_for_money() {
            pressing += 1;
        }
        for item in &letter.items {
            claim_once(&mut stepping, item.case_id)?;
        }
    }
    for task in plan.tasks.iter().filter(|task| task.kind == TaskKind::Call) {
        claim_once(&mut stepping, task.case_id)?;
        let (item, case) = find(facts, task.case_id, task.receivable_id)?;
        let Some(step_id) = &task.step else {
            return refuse(2, "a call without a step");
        };
        let (step, playbook) = step_of(plan, case, step_id, rules)?;
        check_step(case, step, playbook, task.level, task.round, facts, rules)?;
        check_route(item, playbook, step_id)?;
        lasting::has_come((item, case), (playbook, step), facts, plan.decided_at, rules)?;
        if calls_left_undone(case, step_id) >= CALLS_ASKED_FOR {
            return refuse(4, format!("the call {step_id} is asked for again and again"));
        }
        // Nobody may be known to call: the person at the desk finds a number.
        if let Some(contact) = task.contact_id {
            let asks = step.purpose.asks_for_money() || task.pressed.minor > 0;
            reach_rules::check_contact(facts, contact, Channel::Phone, asks, plan.decided_at)?;
        }
        let window = playbook.window;
        reach_rules::check_window(plan, facts, task.contact_id, task.not_before, window, rules)?;
        if step.purpose.asks_for_money() {
            pressing += 1;
            money_rules::check(facts, item, task.pressed, plan.decided_at, rules)?;
            money_rules::check_free(facts, item, task.pressed, plan.decided_at, rules)?;
            money_rules::check_minimum(facts, item, playbook, step, plan.decided_at, rules)?;
            reach_rules::check_frequency(facts, plan, task.not_before, Manners::of(playbook, rules).gap_hours, rules)?;
        } else {
            money_rules::check_silence_for_all(facts, item, plan.decided_at, rules)?;
            money_rules::check_free(facts, item, task.pressed, plan.decided_at, rules)?;
        }
    }
    for task in plan.tasks.iter().filter(|task| task.kind == TaskKind::Do) {
        claim_once(&mut stepping, task.case_id)?;
        let (item, case) = find(facts, task.case_id, task.receivable_id)?;
        let Some(step_id) = &task.step else {
            return refuse(2, "work of a playbook without a step");
        };
        let (step, playbook) = step_of(plan, case, step_id, rules)?;
        if step.does != Does::Task {
            return refuse(4, format!("step {step_id} is for the buyer, not for one of us"));
        }
        check_step(case, step, playbook, task.level, task.round, facts, rules)?;
        check_route(item, playbook, step_id)?;
        lasting::has_come((item, case), (playbook, step), facts, plan.decided_at, rules)?;
        money_rules::check_silence_for_all(facts, item, plan.decided_at, rules)?;
    }
    for task in plan.tasks.iter().filter(|task| task.kind == TaskKind::DecideCall) {
        claim_once(&mut stepping, task.case_id)?;
        let (item, case) = find(facts, task.case_id, task.receivable_id)?;
        let Some(step_id) = &task.step else {
            return refuse(2, "a call to decide about without a step");
        };
        let (step, playbook) = step_of(plan, case, step_id, rules)?;
        check_step(case, step, playbook, task.level, task.round, facts, rules)?;
        check_route(item, playbook, step_id)?;
        lasting::has_come((item, case), (playbook, step), facts, plan.decided_at, rules)?;
        if calls_left_undone(case, step_id) < CALLS_ASKED_FOR {
            return refuse(4, format!("the call {step_id} was not left undone"));
        }
        money_rules::check_silence_for_all(facts, item, plan.decided_at, rules)?;
    }
    if pressing > 1 {
        return refuse(4, format!("{pressing} pressing contacts with one debtor at once"));
    }
    check_cases(plan, facts, rules)?;
    by_the_book::check(plan, facts, rules)?;
    if plan.orders.is_empty() { Ok(()) } else { orders::check_orders(plan, facts, rules) }
}

/// How often this call was asked for and not made.
fn calls_left_undone(case: &Case, step: &str) -> usize {
    case.steps.iter().filter(|taken| &*taken.step == step && taken.end == Some(StepEnd::NotCalled)).count()
}

fn claim_once(seen: &mut Vec<CaseId>, case: CaseId) -> Result<(), Breach> {
    if seen.contains(&case) {
        return refuse(2, format!("case {case} steps twice in one plan"));
    }
    seen.push(case);
    Ok(())
}

fn check_letter(plan: &Plan, letter: &PlannedLetter, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let Some(first) = letter.items.first() else {
        return refuse(3, "a letter about nothing");
    };
    if letter.channel == Channel::Phone {
        return refuse(4, "a call written as a letter");
    }
    if letter.channel == Channel::InSite && letter.items.len() > 1 {
        return refuse(4, "an in-site message about more than its own order");
    }
    let mut needed = if rules.tenant.review_all { Review::Look } else { Review::Automatic };
    let mut manners: Option<Manners> = None;
    let mut replies = true;
    let reply = reach_rules::Reply { to: letter.contact_id, at: letter.send_at, own: None };
    for item in &letter.items {
        let (receivable, case) = find_written_to(facts, letter.purpose, item)?;
        if receivable.receivable.amount.currency != letter.currency {
            return refuse(3, "a letter that mixes currencies");
        }
        let (step, playbook) = step_of(plan, case, &item.step, rules)?;
        if case.state != CaseState::Running && playbook.thanks.as_ref().is_none_or(|thanks| thanks.id != step.id) {
            return refuse(2, format!("case {} is not running on {}", case.id, receivable.receivable.number));
        }
        check_step(case, step, playbook, item.level, item.round, facts, rules)?;
        check_route(receivable, playbook, &item.step)?;
        if playbook.alone && letter.items.len() > 1 && letter.purpose.asks_for_money() {
            return refuse(4, format!("{} is written about by itself", receivable.receivable.number));
        }
        if step.does == Does::Task {
            return refuse(4, format!("step {} is work for one of us, not a letter", step.id));
        }
        if step.purpose != letter.purpose {
            return refuse(4, format!("step {} has another purpose than its letter", step.id));
        }
        let cases = facts.receivables.iter().filter_map(|item| item.case.as_ref());
        needed = needed.max(least_review(step.autonomy, &step.id, cases));
        let own = Manners::of(playbook, rules);
        manners = Some(manners.map_or(own, |known| known.stricter(own)));
        // What goes beside a letter asks for an answer by the day of that letter, as is proven there.
        if item.case_id == first.case_id && letter.send == 0 {
            reach_rules::check_answer_by(letter.answer_by, step.answer_days, facts, plan.decided_at, rules)?;
        }
        replies &= reach_rules::is_reply(facts, receivable, playbook, &item.step, reply);
        if letter.review == Review::Automatic {
            check_after_restore(facts, (receivable, case), step, plan.decided_at, rules)?;
        }
        check_item(facts, receivable, item, letter, (playbook, step), plan, rules)?;
        // Thanks follow the money, not the ladder; and a copy goes with its letter.
        if letter.send == 0 && playbook.thanks.as_ref().is_none_or(|thanks| thanks.id != step.id) {
            lasting::has_come((receivable, case), (playbook, step), facts, plan.decided_at, rules)?;
        }
    }
    if letter.review < needed {
        return match needed {
            Review::TwoPersons => refuse(5, "a letter that two persons must approve with fewer"),
            Review::Severe => refuse(5, "a severe letter without approval"),
            Review::Look | Review::Automatic => refuse(5, "a letter that a person must see would leave by itself"),
        };
    }
    let asks = reach_rules::asks(letter.purpose, &letter.items);
    reach_rules::check_contact(facts, letter.contact_id, letter.channel, asks, plan.decided_at)?;
    let Manners { window, gap_hours } = manners.unwrap_or_else(|| Manners::strictest(std::iter::empty(), rules));
    reach_rules::check_window(plan, facts, Some(letter.contact_id), letter.send_at, window, rules)?;
    // What goes beside a letter is one contact with it: its moment is proven there.
    if letter.purpose.asks_for_money() && letter.send == 0 {
        let gap = if replies { 0 } else { gap_hours };
        reach_rules::check_frequency(facts, plan, letter.send_at, gap, rules)?;
    }
    Ok(())
}

/// The least that a step asks of people, told from what was sent before in these cases.
fn least_review<'c>(autonomy: Autonomy, step: &str, cases: impl Iterator<Item = &'c Case>) -> Review {
    match autonomy {
        Autonomy::TwoApprovals => Review::TwoPersons,
        Autonomy::Approval => Review::Severe,
        Autonomy::AlwaysReviewed => Review::Look,
        Autonomy::Automatic => Review::Automatic,
        Autonomy::FirstTimeReviewed => {
            for taken in cases.flat_map(|case| case.steps.iter()) {
                let left = taken.done_at.is_some() && !taken.voided && taken.end.is_none();
                if left && &*taken.step == step {
                    return Review::Automatic;
                }
            }
            Review::Look
        }
    }
}

/// After a restore nothing leaves by itself that may have left in the time that is not known: only a step of a case begun
/// since, of which one time at least, counted from the debt itself, came after the restore (2). And for seven days nothing that
/// presses leaves by itself: what left in the time that is not known counts among the contacts of a week (4).
fn check_after_restore(
    facts: &DebtorFacts,
    (item, case): (&ReceivableFacts, &Case),
    step: &Step,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let Some(restored_at) = rules.tenant.restored_at else {
        return Ok(());
    };
    let anchors = debt_anchors(item, case, facts, rules);
    let counts = |anchor| matches!(anchor, Anchor::Due | Anchor::Placed | Anchor::Trigger);
    let surely_later = step.at.iter().any(|time| {
        let moment = time.resolve(&anchors).filter(|_| counts(time.anchor));
        moment.is_some_and(|moment| moment > restored_at)
    });
    if case.started_at <= restored_at || !surely_later {
        return refuse(2, format!("step {} may have left before the restore, and nobody would look", step.id));
    }
    if step.purpose.asks_for_money() && at.duration_since(restored_at) < SignedDuration::from_hours(7 * 24) {
        return refuse(4, format!("step {} presses in the week after the restore, and nobody would look", step.id));
    }
    Ok(())
}

fn check_item(
    facts: &DebtorFacts,
    receivable: &ReceivableFacts,
    item: &LetterItem,
    letter: &PlannedLetter,
    (playbook, step): (&Playbook, &Step),
    plan: &Plan,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    money_rules::check_amount(facts, receivable, item, letter.purpose, plan.decided_at, rules)?;
    if playbook.thanks.as_ref().is_some_and(|thanks| thanks.id == step.id) {
        return money_rules::check_thanks(facts, receivable, item, letter.purpose, plan.decided_at, rules);
    }
    if letter.purpose.asks_for_money() {
        money_rules::check(facts, receivable, item.pressed, plan.decided_at, rules)?;
        money_rules::check_minimum(facts, receivable, playbook, step, plan.decided_at, rules)
    } else {
        money_rules::check_silence_for_all(facts, receivable, plan.decided_at, rules)
    }
}

/// A step of a route belongs to its reasons: what is said because of one must be so (6).
pub(crate) fn check_route(item: &ReceivableFacts, playbook: &Playbook, step: &str) -> Result<(), Breach> {
    for route in &playbook.routes {
        if !route.steps.iter().any(|known| &*known.id == step) || route.reasons.is_empty() {
            continue;
        }
        let known = item.why.map(|known| known.why);
        if !known.is_some_and(|why| route.reasons.contains(&why)) {
            return refuse(6, format!("step {step} speaks of a reason that {} does not have", item.receivable.number));
        }
    }
    Ok(())
}

/// The receivable and its live case, both this debtor's.
pub(crate) fn find(
    facts: &DebtorFacts,
    case_id: CaseId,
    receivable_id: ReceivableId,
) -> Result<(&ReceivableFacts, &Case), Breach> {
    let Some(item) = facts.receivables.iter().find(|item| item.receivable.id == receivable_id) else {
        return refuse(9, format!("receivable {receivable_id} is not this debtor's"));
    };
    match &item.case {
        Some(case) if case.id == case_id && case.state == CaseState::Running => Ok((item, case)),
        _ => refuse(2, format!("case {case_id} is not running on {}", item.receivable.number)),
    }
}

/// The same for a letter of a plan: thanks also go for a case that was at its end when the money came.
fn find_written_to<'a>(
    facts: &'a DebtorFacts,
    purpose: Purpose,
    item: &LetterItem,
) -> Result<(&'a ReceivableFacts, &'a Case), Breach> {
    let found = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id);
    let at_end = found.and_then(|known| Some((known, known.case.as_ref()?)));
    match at_end.filter(|(_, case)| case.id == item.case_id && case.state == CaseState::LadderDone) {
        Some(end) if purpose == Purpose::Answer && money_rules::open_amount(end.0)? == 0 => Ok(end),
        _ => find(facts, item.case_id, item.receivable_id),
    }
}

fn playbook_of<'a>(plan: &Plan, case: &Case, rules: &Rules<'a>) -> Result<&'a Playbook, Breach> {
    let planned = plan.cases.iter().find(|planned| planned.case_id == case.id);
    let Some(reference) = planned.and_then(|planned| planned.playbook.as_ref()) else {
        return refuse(2, format!("case {} acts without a playbook", case.id));
    };
    if case.playbook.as_ref().is_some_and(|kept| kept != reference && rules.playbooks.by_reference(kept).is_some()) {
        return refuse(2, format!("case {} changed its playbook by itself", case.id));
    }
    match rules.playbooks.by_reference(reference) {
        Some(playbook) => Ok(playbook),
        None => refuse(2, format!("unknown playbook {} {}", reference.id, reference.version)),
    }
}

fn step_of<'a>(plan: &Plan, case: &Case, id: &str, rules: &Rules<'a>) -> Result<(&'a Step, &'a Playbook), Breach> {
    let playbook = playbook_of(plan, case, rules)?;
    match playbook.step(id) {
        Some(step) => Ok((step, playbook)),
        None => refuse(2, format!("playbook {} has no step {id}", playbook.reference.id)),
    }
}

/// Once per case and round (2), no level skipped (4), nothing while another letter is under way.
fn check_step(
    case: &Case,
    step: &Step,
    playbook: &Playbook,
    level: u8,
    round: i32,
    facts: &DebtorFacts,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let mut voided = 0;
    let mut highest = 0;
    for taken in &case.steps {
        let same = taken.step == step.id;
        if same && !taken.voided {
            return refuse(2, format!("step {} was already taken", step.id));
        }
        if same {
            voided += 1;
        }
        // A call that nobody has made warned nobody.
        let is_work = || playbook.step(&taken.step).is_none_or(|known| known.does == Does::Task);
        if !taken.voided && taken.end != Some(StepEnd::NotCalled) && (taken.done_at.is_some() || is_work()) {
            highest = highest.max(taken.level);
        }
    }
    if round != voided {
        return refuse(2, format!("step {} in round {round}, but {voided} restarts are recorded", step.id));
    }
    if level != step.level {
        return refuse(4, format!("step {} has level {}, not {level}", step.id, step.level));
    }
    if level > highest + 1 && !came_in_on(case, playbook, step, facts, rules) {
        return refuse(4, format!("step {} skips from level {highest} to {level}", step.id));
    }
    let under_way = case.letter.is_some_and(|letter| {
        !matches!(letter.state, LetterState::Sent | LetterState::Failed | LetterState::Cancelled)
    });
    if under_way {
        return refuse(2, "another letter of this case is still under way");
    }
    Ok(())
}

/// An old debt may come in further up, by its age when it came in: never on a severe step, nor past one that is mild and
/// was not yet to come.
fn came_in_on(case: &Case, playbook: &Playbook, step: &Step, facts: &DebtorFacts, rules: &Rules<'_>) -> bool {
    if case.entry != Entry::Contextual || step.autonomy.is_severe() {
        return false;
    }
    let Some(item) = facts.receivables.iter().find(|item| item.case.as_ref().is_some_and(|own| own.id == case.id))
    else {
        return false;
    };
    let anchors = Anchors { usual_close: playbook.platform_close, ..debt_anchors(item, case, facts, rules) };
    let of_age = |anchor| matches!(anchor, Anchor::Due | Anchor::Placed | Anchor::Trigger | Anchor::PlatformClose);
    let came = |step: &Step| {
        let own = step.at.iter().filter(|time| of_age(time.anchor));
        own.filter_map(|time| time.resolve(&anchors)).max().is_some_and(|at| at <= case.started_at)
    };
    let below_severe =
        |level: u8| playbook.steps.iter().all(|known| !known.autonomy.is_severe() || level < known.level);
    let reached =
        playbook.steps.iter().filter(|known| below_severe(known.level) && came(known)).map(|known| known.level);
    reached.max().is_some_and(|reached| step.level <= reached)
}

/// Moments that belong to the debt itself, whatever was done about it.
fn debt_anchors<'a>(
    item: &'a ReceivableFacts,
    case: &Case,
    facts: &'a DebtorFacts,
    rules: &'a Rules<'_>,
) -> Anchors<'a> {
    Anchors {
        due: item.receivable.due_on,
        placed: item.receivable.placed_at,
        trigger: item.receivable.triggered_on,
        previous: None,
        started: case.started_at,
        reason: None,
        answer_by: None,
        promise: None,
        dates: &item.dates,
        usual_close: None,
        order: OrderMoments::default(),
        zone: &rules.tenant.time_zone,
        workdays: facts.workdays(rules.countries),
    }
}

/// A case is closed only when the money says so, begins with the playbook that is for it, and every acting case is accounted for.
fn check_cases(plan: &Plan, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let mut seen: Vec<CaseId> = Vec::with_capacity(plan.cases.len());
    for case in &plan.cases {
        if seen.contains(&case.case_id) {
            return refuse(2, format!("case {} is decided twice", case.case_id));
        }
        seen.push(case.case_id);
        let item = facts.receivables.iter().find(|item| item.case.as_ref().is_some_and(|own| own.id == case.case_id));
        let Some(item) = item else {
            return refuse(9, format!("case {} is not this debtor's", case.case_id));
        };
        let open = money_rules::open_amount(item)?;
        if case.outstanding.minor != open || case.outstanding.currency != item.receivable.amount.currency {
            return refuse(3, format!("{} is quoted as outstanding, the ledger says {open} minor", case.outstanding));
        }
        let settles = match case.state {
            CaseState::Paid | CaseState::WrittenOff => true,
            // One that was agreed before rests with what is open; only its end has to have nothing open.
            CaseState::PlanAgreed => case.verdict == Verdict::Closed,
            _ => false,
        };
        if settles && open > 0 {
            return refuse(3, format!("{} would be closed as settled with money open", item.receivable.number));
        }
        if case.reasons.is_empty() {
            return refuse(4, format!("case {} is decided without a reason", case.case_id));
        }
        by_the_book::check_choice(case, item, facts, rules)?;
    }
    Ok(())
}
