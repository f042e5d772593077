//! The decision: facts of one debtor in, a plan with reasons out. Pure and synchronous; the same function serves
//! the run, the preview, `explain` and [`crate::lookahead`], each with its own clock.
//!
//! Order of work: playbook and ladder per case ([`ladder`]), gates ([`gates`]), one pressing letter per debtor
//! ([`consolidate`]), person and moment ([`contact`]); what is told of orders and parcels ([`orders`]). `crate::audit` checks the result and shares nothing with
//! this module.

mod accounts;
pub mod askable;
mod consolidate;
mod contact;
mod gates;
mod ladder;
pub mod orders;
mod thanks;

use jiff::{Timestamp, ToSpan, civil::Date};

use accounts::Accounts;

use crate::calendar::countries::Countries;
use crate::case::{Case, CaseState};
use crate::facts::{DebtorFacts, ReceivableFacts, TenantFacts};
use crate::money::{Money, MoneyError};
use crate::order::OrderSource;
use crate::plan::orders::OrderPlan;
use crate::plan::{CasePlan, Plan, Review, Verdict};
use crate::playbook::time_expr::{Anchor, Anchors};
use crate::playbook::{Autonomy, Does, Playbook, Playbooks, Step};
use crate::reason::{Reason, ReasonCode};
use crate::why::WhyUnpaid;

/// Everything a decision reads, beside the debtor.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    pub tenant: &'a TenantFacts,
    pub playbooks: &'a Playbooks,
    pub countries: &'a Countries,
    pub now: Timestamp,
    /// Today's civil date in the tenant's zone.
    pub today: Date,
}

impl<'a> World<'a> {
    pub fn new(tenant: &'a TenantFacts, playbooks: &'a Playbooks, countries: &'a Countries, now: Timestamp) -> Self {
        let today = tenant.time_zone.to_datetime(now).date();
        Self { tenant, playbooks, countries, now, today }
    }
}

/// Decides about one debtor. An error are sums that do not fit 64 bits, and books that are at odds: lines, an open dispute or
/// an open promise in another currency than the receivable that they are about.
pub fn decide(facts: &DebtorFacts, world: &World<'_>) -> Result<Plan, MoneyError> {
    let mut plan = Plan {
        party_id: facts.party.id,
        decided_at: world.now,
        cases: Vec::with_capacity(facts.receivables.len()),
        letters: Vec::new(),
        tasks: Vec::new(),
        orders: OrderPlan::default(),
    };
    let covers = gates::promise_covers(facts, world)?;
    let accounts = Accounts::of_debtor(facts, world)?;
    let mut due = Vec::new();
    for (index, item) in facts.receivables.iter().enumerate() {
        let Some(case) = item.case.as_ref().filter(|case| case.state.may_change()) else {
            continue;
        };
        match decide_case(facts, item, case, covers[index], &accounts, world)? {
            Outcome::Settled(case_plan) => {
                // An unpaid marketplace order ends with the platform closing it; nobody has to decide anything.
                let direct = item.receivable.source == OrderSource::Direct;
                if direct && case_plan.state == CaseState::LadderDone && case.state == CaseState::Running {
                    plan.tasks.push(consolidate::what_next(facts, item, &case_plan, world));
                }
                plan.cases.push(case_plan);
            }
            Outcome::Due(step) => due.push(step),
        }
    }
    consolidate::write_letters(facts, due, world, &mut plan);
    orders::decide_orders(facts, world, &mut plan.orders);
    Ok(plan)
}

/// A case whose step is due and whose gates are open.
pub(crate) struct DueStep<'a> {
    pub item: &'a ReceivableFacts,
    pub case: &'a Case,
    pub playbook: &'a Playbook,
    pub step: &'a Step,
    pub round: i32,
    /// When its time came by the dates of the receivable alone.
    pub by_dates: Option<Timestamp>,
    pub plan: CasePlan,
    /// What may be asked for: outstanding less disputed and promised parts.
    pub pressed: Money,
    /// The next step, should this one be taken now.
    pub next_wake: Option<Timestamp>,
}

enum Outcome<'a> {
    Settled(CasePlan),
    Due(DueStep<'a>),
}

fn decide_case<'a>(
    facts: &'a DebtorFacts,
    item: &'a ReceivableFacts,
    case: &'a Case,
    promised: Money,
    accounts: &Accounts,
    world: &World<'a>,
) -> Result<Outcome<'a>, MoneyError> {
    let outstanding = item.outstanding()?;
    let mut plan = CasePlan {
        case_id: case.id,
        receivable_id: item.receivable.id,
        playbook: case.playbook.clone(),
        verdict: Verdict::Wait,
        was: case.state,
        state: CaseState::Running,
        outstanding,
        step: None,
        next_wake: None,
        reasons: Vec::with_capacity(16),
    };
    let kept = case.playbook.as_ref().and_then(|reference| world.playbooks.by_reference(reference));
    if let Some((state, reason)) = gates::ended(item, outstanding) {
        plan.state = state;
        plan.verdict = Verdict::Closed;
        plan.reasons.push(reason);
        return Ok(match thanks::due(facts, item, case, kept, world) {
            Some((playbook, step)) => {
                let pressed = Money::zero(outstanding.currency);
                let round = case.rounds_of(&step.id);
                let by_dates = None;
                Outcome::Due(DueStep { item, case, playbook, step, round, by_dates, plan, pressed, next_wake: None })
            }
            None => Outcome::Settled(plan),
        });
    }
    if let Some(resting) = resting(case) {
        plan.state = case.state;
        plan.reasons.push(resting);
        return Ok(Outcome::Settled(plan));
    }
    let by_override = facts.party.playbook_override.as_deref();
    let chosen = kept.or_else(|| world.playbooks.choose(by_override, &item.receivable, &item.dates));
    let Some(playbook) = chosen else {
        plan.reasons.push(Reason::new(ReasonCode::CaseNoPlaybook));
        plan.next_wake = world.now.checked_add(24.hours()).ok();
        return Ok(Outcome::Settled(plan));
    };
    plan.playbook = Some(playbook.reference.clone());
    plan.reasons.push(Reason::new(ReasonCode::CasePlaybook).text("playbook", &*playbook.reference.id));
    let known = std::mem::take(&mut plan.reasons);
    let mut gates = gates::evaluate(facts, item, outstanding, promised, known, world)?;
    plan.reasons = std::mem::take(&mut gates.reasons);
    if case.state == CaseState::LadderDone {
        consolidate::end_of_ladder(&mut plan);
        return Ok(Outcome::Settled(plan));
    }
    if let Some(reason) = waiting(case) {
        plan.reasons.push(reason);
        return Ok(Outcome::Settled(plan));
    }
    let sight = ladder::look(facts, item, case, playbook, outstanding, accounts, world);
    plan.reasons.extend(sight.reasons);
    plan.next_wake = sight.next_wake;
    let is_awaited = case.steps.iter().any(|step| step.done_at.is_none() && !step.voided);
    let Some(rung) = sight.due else {
        plan.step = sight.next;
        if sight.exhausted && is_awaited {
            // A call or work of ours comes first: only then is there something to decide.
            plan.reasons.push(Reason::new(ReasonCode::CaseTaskWaiting));
            plan.next_wake = world.now.checked_add(24.hours()).ok();
        } else if sight.exhausted {
            consolidate::end_of_ladder(&mut plan);
        }
        return Ok(Outcome::Settled(plan));
    };
    plan.step = Some(rung.step.id.clone());
    if rung.step.purpose.asks_for_money() && calls_first(case, playbook, rung.step) {
        plan.reasons.push(Reason::new(ReasonCode::CaseTaskWaiting));
        plan.next_wake = world.now.checked_add(24.hours()).ok();
        return Ok(Outcome::Settled(plan));
    }
    let stop = if rung.step.purpose.asks_for_money() { gates.stops_press } else { gates.stops_all };
    if stop && rung.step.purpose.asks_for_money() && is_ours_to_make_good(item) && !is_awaited && gates.wake.is_none() {
        // Only somebody who takes the reason back ends this silence: they are asked, so that it does not last for ever.
        plan.step = None;
        consolidate::end_of_ladder(&mut plan);
        return Ok(Outcome::Settled(plan));
    }
    if stop {
        plan.next_wake = gates.wake.or_else(|| world.now.checked_add(24.hours()).ok());
        return Ok(Outcome::Settled(plan));
    }
    // News goes although pressing must rest; it only asks for nothing then.
    let pressed = if gates.stops_press { Money::zero(outstanding.currency) } else { gates.pressable };
    Ok(Outcome::Due(DueStep {
        item,
        case,
        playbook,
        step: rung.step,
        round: rung.round,
        by_dates: rung.by_dates,
        plan,
        pressed,
        next_wake: sight.next_wake,
    }))
}

/// A milder step is a call that still lies on the desk: the next one comes once it was made, or nobody made it in time.
fn calls_first(case: &Case, playbook: &Playbook, next: &Step) -> bool {
    let mut open = case.steps.iter().filter(|taken| taken.done_at.is_none() && !taken.voided);
    open.any(|taken| {
        playbook.step(&taken.step).is_some_and(|step| step.does == Does::Letter && step.level < next.level)
    })
}

/// Something on our side comes first: nothing is pressed for until somebody says otherwise.
pub(crate) fn is_ours_to_make_good(item: &ReceivableFacts) -> bool {
    item.why.is_some_and(|known| known.why == WhyUnpaid::SellerFault)
}

/// The case rests in other hands: only money ends it.
fn resting(case: &Case) -> Option<Reason> {
    match case.state {
        CaseState::HandedOver => Some(Reason::new(ReasonCode::CaseHandedOver)),
        CaseState::PlanAgreed => Some(Reason::new(ReasonCode::CasePlanAgreed)),
        _ => None,
    }
}

/// A letter or question of this case is still under way: nothing new until it is settled.
fn waiting(case: &Case) -> Option<Reason> {
    use crate::case::LetterState;
    let letter = case.letter?;
    Some(match letter.state {
        LetterState::Review => Reason::new(ReasonCode::CaseApprovalWaiting),
        LetterState::Uncertain => Reason::new(ReasonCode::CaseLetterUncertain),
        LetterState::Failed => Reason::new(ReasonCode::CaseTaskWaiting),
        LetterState::ToPaste => Reason::new(ReasonCode::CaseLetterToPaste),
        _ => Reason::new(ReasonCode::CaseLetterWaiting).instant("send_at", letter.not_before),
    })
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

/// The earlier of two moments, as far as there are any.
fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// How much a person has to do with a letter; the first of its kind is looked at where that is wished for.
fn review_of(autonomy: Autonomy, wrote_before: impl FnOnce() -> bool) -> Review {
    match autonomy {
        Autonomy::Automatic => Review::Automatic,
        Autonomy::FirstTimeReviewed => {
            if wrote_before() {
                Review::Automatic
            } else {
                Review::Look
            }
        }
        Autonomy::AlwaysReviewed => Review::Look,
        Autonomy::Approval => Review::Severe,
        Autonomy::TwoApprovals => Review::TwoPersons,
    }
}
