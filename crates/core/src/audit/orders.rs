//! What is planned about orders and parcels, as the auditor sees it: told from the facts once more, in words of its own.
//!
//! Each message once for its case; none about an order that is past the states its step is for; nothing of a dispatch that
//! did not happen; nothing offered within a chase or a dispute. [`check_order_departure`] proves the same for one message
//! at the moment it leaves, and that the marketplace was asked within minutes.

mod conditions;
mod more_time;
mod offers;
mod together;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

pub use more_time::check_time_left;
use more_time::has_more_time;
use together::{check_together, named};

use super::{Breach, Rules, money_rules, reach_rules, refuse};
use crate::case::{Case, CaseState, LetterState, Subject};
use crate::facts::DebtorFacts;
use crate::facts::orders::{OrderFacts, OrderMoments, Parcel};
use crate::ids::{CaseId, ContactId, LetterId, ReceivableId};
use crate::letter::Purpose;
use crate::order::OrderSource;
use crate::order::asks::{AskKind, OrderAsk};
use crate::order::story::{OrderState, OrderWord};
use crate::party::Channel;
use crate::plan::orders::{OrderCasePlan, OrderLetter, OrderStep, OrderTask};
use crate::plan::{Plan, Review, TaskKind};
use crate::playbook::time_expr::{Anchor, Anchors, TimeExpr};
use crate::playbook::{Does, Playbook, Step};
use crate::shipment::status::TrackingStatus;

/// What a step is taken for, found in the facts.
struct Found<'a> {
    order: &'a OrderFacts,
    parcel: Option<&'a Parcel>,
    case: &'a Case,
    playbook: &'a Playbook,
    step: &'a Step,
}

/// Proves all that is planned about orders and parcels.
pub(super) fn check_orders(plan: &Plan, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let mut steps: Vec<(CaseId, &str)> = Vec::new();
    let mut written: Vec<CaseId> = Vec::new();
    for letter in &plan.orders.letters {
        claim(&mut steps, &letter.about)?;
        if written.contains(&letter.about.case_id) {
            return refuse(2, format!("case {} writes twice in one plan", letter.about.case_id));
        }
        written.push(letter.about.case_id);
        check_letter(plan, letter, facts, rules)?;
    }
    for task in &plan.orders.tasks {
        if task.takes_step() {
            claim(&mut steps, &task.about)?;
        }
        check_task(plan, task, facts, rules)?;
    }
    check_cases(plan, facts, rules)
}

fn claim<'p>(steps: &mut Vec<(CaseId, &'p str)>, about: &'p OrderStep) -> Result<(), Breach> {
    let key = (about.case_id, &*about.step);
    if steps.contains(&key) {
        return refuse(2, format!("case {} takes {} twice in one plan", about.case_id, about.step));
    }
    steps.push(key);
    Ok(())
}

fn check_letter(plan: &Plan, letter: &OrderLetter, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let at = plan.decided_at;
    let found = check_step(&letter.about, facts, at, rules)?;
    let (step, playbook) = (found.step, found.playbook);
    if step.does == Does::Task {
        return refuse(4, format!("step {} is work for one of us, not a message", step.id));
    }
    if letter.channel == Channel::Phone || !step.channels.contains(&letter.channel) {
        return refuse(4, format!("step {} is not sent by {}", step.id, letter.channel.code()));
    }
    if letter.letter != step.letter || letter.purpose != step.purpose {
        return refuse(4, format!("step {} sends another letter than {}", step.id, letter.letter));
    }
    check_words(&found, letter.purpose, facts, at, rules)?;
    let needed = needed_review(&found, facts, at, rules);
    if letter.review < needed {
        return refuse(5, format!("step {} has to be seen by a person first", step.id));
    }
    let contact = facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
    if contact.is_none_or(|contact| contact.role != letter.role) {
        return refuse(9, "it goes to somebody else's contact");
    }
    let binds = letter.purpose != Purpose::Service;
    reach_rules::check_contact(facts, letter.contact_id, letter.channel, binds, at)?;
    reach_rules::check_answer_by(letter.answer_by, step.answer_days, facts, at, rules)?;
    reach_rules::check_window(plan, facts, Some(letter.contact_id), letter.send_at, playbook.window, rules)
}

fn check_task(plan: &Plan, task: &OrderTask, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let found = check_step(&task.about, facts, plan.decided_at, rules)?;
    match task.kind {
        TaskKind::Do if found.step.does == Does::Task => Ok(()),
        TaskKind::Call if found.step.does == Does::Letter && found.step.channels.contains(&Channel::Phone) => {
            check_words(&found, found.step.purpose, facts, plan.decided_at, rules)?;
            if let Some(contact) = task.contact_id {
                let binds = found.step.purpose != Purpose::Service;
                reach_rules::check_contact(facts, contact, Channel::Phone, binds, plan.decided_at)?;
            }
            reach_rules::check_window(plan, facts, task.contact_id, task.not_before, found.playbook.window, rules)
        }
        TaskKind::FindContact if found.step.does == Does::Letter && found.case.task.is_none() => Ok(()),
        kind => refuse(4, format!("step {} makes no task ‘{}’", found.step.id, kind.code())),
    }
}

/// Cases are this debtor's, decided once and with a reason, and end only with their order or parcel.
fn check_cases(plan: &Plan, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let today = rules.day_of(plan.decided_at);
    let mut seen: Vec<CaseId> = Vec::new();
    for decided in &plan.orders.cases {
        let OrderCasePlan { case_id, subject, order_id, .. } = decided;
        if seen.contains(case_id) {
            return refuse(2, format!("case {case_id} is decided twice"));
        }
        seen.push(*case_id);
        let (order, parcel, _) = find(facts, *subject, *case_id)?;
        if order.id != *order_id {
            return refuse(9, format!("case {case_id} is about another order"));
        }
        if decided.reasons.is_empty() {
            return refuse(4, format!("case {case_id} is decided without a reason"));
        }
        let has_ended =
            matches!(state_of(order, today), OrderState::Completed | OrderState::Cancelled | OrderState::Closed)
                || parcel.is_some_and(|parcel| parcel.journey.status().is_final());
        let is_known = decided.state == CaseState::Running || (decided.state == CaseState::Closed && has_ended);
        if !is_known {
            return refuse(2, format!("case {case_id} would end before its order does"));
        }
    }
    let acts = plan.orders.letters.iter().map(|letter| &letter.about);
    let acts = acts.chain(plan.orders.tasks.iter().map(|task| &task.about));
    for about in acts {
        if !seen.contains(&about.case_id) {
            return refuse(2, format!("case {} acts and is not decided", about.case_id));
        }
    }
    Ok(())
}

/// The running case of a subject, with its order and its parcel.
fn find(
    facts: &DebtorFacts,
    subject: Subject,
    case_id: CaseId,
) -> Result<(&OrderFacts, Option<&Parcel>, &Case), Breach> {
    for order in &facts.orders {
        let own = match subject {
            Subject::Order(id) if id == order.id => Some((None, order.case.as_ref())),
            Subject::Order(_) => None,
            Subject::Shipment(id) => {
                let parcel = order.parcels.iter().find(|parcel| parcel.id == id);
                parcel.map(|parcel| (Some(parcel), parcel.case.as_ref()))
            }
        };
        if let Some((parcel, Some(case))) = own {
            if case.id != case_id || case.state != CaseState::Running {
                return refuse(2, format!("case {case_id} is not running on order {}", order.number));
            }
            return Ok((order, parcel, case));
        }
    }
    refuse(9, format!("case {case_id} is about no order of this debtor"))
}

/// Once per case and round, for the states of its step, at its time, and while nothing else of the case is under way.
fn check_step<'a>(
    about: &OrderStep,
    facts: &'a DebtorFacts,
    at: Timestamp,
    rules: &Rules<'a>,
) -> Result<Found<'a>, Breach> {
    let found = look_up(about, facts, rules)?;
    let mut voided = 0;
    for taken in found.case.steps.iter().filter(|taken| taken.step == about.step) {
        if !taken.voided {
            return refuse(2, format!("step {} was already taken", about.step));
        }
        voided += 1;
    }
    if about.round != voided {
        return refuse(2, format!("step {} in round {}, but {voided} restarts are recorded", about.step, about.round));
    }
    let failed = found.case.letter.is_some_and(|letter| letter.state == LetterState::Failed);
    if voided > 0 && failed && found.step.does == Does::Letter {
        return refuse(2, format!("step {} is repeated while a person has to see to it", about.step));
    }
    let under_way = found.case.letter.is_some_and(|letter| {
        !matches!(letter.state, LetterState::Sent | LetterState::Failed | LetterState::Cancelled)
    });
    if under_way {
        return refuse(2, "another message of this case is still under way");
    }
    check_standing(&found, at, rules)?;
    check_together(&found, facts, at, rules)?;
    check_silence(&found, facts, at, rules)?;
    let anchors = anchors(&found, facts, (&about.step, at), rules);
    for time in &found.step.at {
        let waived = time.anchor == Anchor::Previous && anchors.previous.is_none();
        if !waived && time.resolve(&anchors).is_none_or(|moment| moment > at) {
            return refuse(4, format!("step {} comes before its time", about.step));
        }
    }
    if is_past(&found, &anchors, at) {
        return refuse(4, format!("the time of step {} has passed", about.step));
    }
    if conditions::was_told_as_former(&found, &about.step, &anchors) {
        return refuse(2, format!("step {} was taken under a number that the parcel had before", about.step));
    }
    conditions::check_condition(&found, facts, &about.step, at, rules)?;
    Ok(found)
}

fn look_up<'a>(about: &OrderStep, facts: &'a DebtorFacts, rules: &Rules<'a>) -> Result<Found<'a>, Breach> {
    let (order, parcel, case) = find(facts, about.subject, about.case_id)?;
    if order.id != about.order_id {
        return refuse(9, format!("{} is about another order", about.step));
    }
    let Some(playbook) = rules.playbooks.by_reference(&about.playbook) else {
        return refuse(2, format!("unknown playbook {} {}", about.playbook.id, about.playbook.version));
    };
    let fits = playbook.applies.source.is_none_or(|source| source == order.source);
    if playbook.applies.subject != about.subject.kind() || !fits {
        return refuse(4, format!("playbook {} is not for order {}", about.playbook.id, order.number));
    }
    let prefix = format!("{}/", playbook.scenario.to_lowercase());
    let step = about.step.strip_prefix(&prefix).and_then(|id| playbook.step(id));
    match step {
        Some(step) => Ok(Found { order, parcel, case, playbook, step }),
        None => refuse(2, format!("playbook {} has no step {}", about.playbook.id, about.step)),
    }
}

/// Never about an order or a parcel that is past what the step is for.
fn check_standing(found: &Found<'_>, at: Timestamp, rules: &Rules<'_>) -> Result<(), Breach> {
    let (order, step) = (found.order, found.step);
    let state = state_of(order, rules.day_of(at));
    if let Some(parcel) = found.parcel {
        let status = parcel.journey.status();
        if !step.statuses.contains(&status) {
            return refuse(6, format!("{} is {}, which step {} is not for", parcel.number, status.code(), step.id));
        }
        let has_ended = matches!(state, OrderState::Cancelled | OrderState::Closed);
        let is_ours = step.does == Does::Task && !has_ended;
        if !is_ours && !matches!(state, OrderState::PartShipped | OrderState::Shipped) {
            return refuse(6, format!("order {} is {}: nothing is told of its parcels", order.number, state.code()));
        }
        return Ok(());
    }
    if !step.states.contains(&state) {
        return refuse(6, format!("order {} is {}, which step {} is not for", order.number, state.code(), step.id));
    }
    let is_open = order.asks.iter().any(|ask| !ask.settled && step.asks.contains(&ask.kind) && is_told(step, ask));
    if !step.asks.is_empty() && !is_open {
        return refuse(6, format!("nothing that step {} asks is open on order {}", step.id, order.number));
    }
    Ok(())
}

/// A message asks for what the parcel waits for: that it waits stands in it. To combine and to split are asked without.
fn is_told(step: &Step, ask: &OrderAsk) -> bool {
    step.does == Does::Task || ask.holds_dispatch || matches!(ask.kind, AskKind::Combine | AskKind::Split)
}

fn check_silence(found: &Found<'_>, facts: &DebtorFacts, at: Timestamp, rules: &Rules<'_>) -> Result<(), Breach> {
    if facts.party.blacklisted {
        return refuse(1, format!("{} is blacklisted", facts.party.number));
    }
    let today = rules.day_of(at);
    for hold in facts.holds.iter().filter(|hold| !hold.released && today <= hold.until) {
        let of_order = |id: ReceivableId| {
            facts.receivables.iter().any(|item| {
                let same_number = item.order_number.as_ref().is_some_and(|number| *number == found.order.number);
                item.receivable.id == id && (same_number || item.receivable.order_id == Some(found.order.id))
            })
        };
        if hold.receivable_id.is_none_or(of_order) {
            return refuse(1, format!("order {} is on hold", found.order.number));
        }
    }
    Ok(())
}

/// What a message may say: of a parcel only once it was handed over under a number; an offer only at peace; and nothing that
/// asks for money.
fn check_words(
    found: &Found<'_>,
    purpose: Purpose,
    facts: &DebtorFacts,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    if matches!(purpose, Purpose::Press | Purpose::Formal) {
        return refuse(1, format!("a message about order {} that asks for money", found.order.number));
    }
    if let Some(parcel) = found.parcel {
        let left = parcel.shipped_at.is_some_and(|left| left <= at);
        if !left || parcel.number.trim().is_empty() {
            return refuse(6, format!("a parcel of order {} that has not left is told of", found.order.number));
        }
    }
    if purpose != Purpose::Sell {
        return Ok(());
    }
    offers::check_peace(found, facts, at, rules)
}

fn needed_review(found: &Found<'_>, facts: &DebtorFacts, at: Timestamp, rules: &Rules<'_>) -> Review {
    let name = format!("{}/{}", found.playbook.scenario.to_lowercase(), found.step.id);
    let cases = facts.orders.iter().flat_map(OrderFacts::cases);
    let of_step = super::least_review(found.step.autonomy, &name, cases);
    let mut needed = if rules.tenant.review_all { of_step.max(Review::Look) } else { of_step };
    if let Some(restored_at) = rules.tenant.restored_at {
        // Unless one of its times came since, it may have left in the time that the restore lost. The step before may be dated
        // by whoever looked it up after the restore; and what happens more than once may have made it leave before.
        let anchors = anchors(found, facts, (&name, at), rules);
        let since = |time: &TimeExpr| time.resolve(&anchors).is_some_and(|moment| moment > restored_at);
        let counts = |time: &&TimeExpr| match time.anchor {
            Anchor::Placed | Anchor::Paid | Anchor::Cleared | Anchor::Shipped | Anchor::Delivered => true,
            Anchor::Previous => false,
            // The question itself may be raised a second time; an order is placed once.
            Anchor::Asked => {
                found.case.started_at > restored_at && anchors.placed.is_some_and(|placed| placed > restored_at)
            }
            _ => found.case.started_at > restored_at,
        };
        if !found.step.at.iter().filter(counts).any(since) {
            needed = needed.max(Review::Look);
        }
    }
    needed
}

fn state_of(order: &OrderFacts, today: Date) -> OrderState {
    stands(order, today).0
}

/// When the last of its parcels came, if all have.
fn all_there(order: &OrderFacts) -> Option<Timestamp> {
    let mut last = None;
    for parcel in &order.parcels {
        if parcel.journey.status() != TrackingStatus::Delivered {
            return None;
        }
        last = last.max(parcel.journey.status_since());
    }
    last
}

/// How an order stands and since when, read from its news once more.
fn stands(order: &OrderFacts, today: Date) -> (OrderState, Option<Timestamp>) {
    let (mut reached, mut state, mut since) = (0_u8, OrderState::Placed, None);
    let mut stopped: Option<(OrderState, Timestamp)> = None;
    let (mut missing, mut missing_since) = (None, None);
    for news in order.story.news() {
        let (rank, next) = match news.word {
            OrderWord::Placed => (0, OrderState::Placed),
            OrderWord::RiskControl => (1, OrderState::RiskControl),
            OrderWord::Paid => (1, OrderState::Paid),
            OrderWord::PartShipped => (2, OrderState::PartShipped),
            OrderWord::Shipped => (3, OrderState::Shipped),
            OrderWord::Delivered => (4, OrderState::Delivered),
            OrderWord::Completed => (5, OrderState::Completed),
            OrderWord::Cancelled => (6, OrderState::Cancelled),
            OrderWord::Closed => (6, OrderState::Closed),
            OrderWord::InStock | OrderWord::OutOfStock => {
                let now_missing = Some(news.word == OrderWord::OutOfStock);
                missing_since = if missing == now_missing { missing_since } else { Some(news.at) };
                missing = now_missing;
                continue;
            }
            OrderWord::Frozen | OrderWord::InDispute => {
                let word = if news.word == OrderWord::Frozen { OrderState::Frozen } else { OrderState::InDispute };
                if stopped.is_none_or(|(known, _)| known != word) {
                    stopped = Some((word, news.at));
                }
                continue;
            }
        };
        stopped = None;
        if rank >= reached {
            since = if next == state && since.is_some() { since } else { Some(news.at) };
            (reached, state) = (rank, next);
        }
    }
    if let Some((stopped, at)) = stopped {
        return (stopped, Some(at));
    }
    if state == OrderState::Shipped && all_there(order).is_some() {
        return (OrderState::Delivered, all_there(order));
    }
    if state != OrderState::Paid {
        return (state, since);
    }
    if missing.is_none() && order.goods.iter().any(|line| line.in_stock == Some(false)) {
        missing = Some(true);
    }
    let all_there = !order.goods.is_empty() && order.goods.iter().all(|line| line.in_stock == Some(true));
    if missing.is_none() && all_there {
        missing = Some(false);
    }
    let asked = order.asks.iter().any(|ask| !ask.settled && ask.holds_dispatch);
    let kept = order.holds.iter().any(|hold| !(hold.released || hold.until.is_some_and(|until| until < today)));
    match missing {
        Some(true) => (OrderState::OutOfStock, since.max(missing_since)),
        Some(false) | None if asked => (OrderState::AwaitingConfirmation, since),
        Some(false) if kept => (OrderState::InStock, since),
        Some(false) => (OrderState::Ready, since),
        None => (OrderState::Paid, since),
    }
}

/// What the times of a step count from; the step itself does not count as one before it.
fn anchors<'a>(
    found: &Found<'a>,
    facts: &'a DebtorFacts,
    (own, at): (&str, Timestamp),
    rules: &Rules<'a>,
) -> Anchors<'a> {
    let before = found.case.steps.iter().filter(|taken| !taken.voided && *taken.step != *own);
    let first_told = |words: &[OrderWord]| {
        let mut told = found.order.story.news().filter(|news| words.contains(&news.word));
        told.next().map(|news| news.at)
    };
    let open = found.order.asks.iter().filter(|ask| !ask.settled && is_told(found.step, ask));
    let of_step = open.filter(|ask| found.step.asks.is_empty() || found.step.asks.contains(&ask.kind));
    let (_, since) = stands(found.order, rules.day_of(at));
    let mut order = OrderMoments {
        paid: first_told(&[OrderWord::Paid, OrderWord::RiskControl]),
        cleared: cleared_at(found.order),
        ship_by: found.order.ship_by,
        shipped: first_told(&[OrderWord::Shipped, OrderWord::PartShipped]),
        last_movement: None,
        expected: None,
        protection_end: found.order.protection_ends,
        delivered: first_told(&[OrderWord::Delivered]).or_else(|| all_there(found.order)),
        asked: of_step.map(|ask| ask.raised_at).min(),
        state: since,
    };
    if let Some(parcel) = found.parcel {
        let there = parcel.journey.status() == TrackingStatus::Delivered;
        order.shipped = parcel.shipped_at;
        order.last_movement = parcel.journey.last_movement().or(parcel.shipped_at);
        order.expected = parcel.expected_by(&rules.tenant.time_zone);
        order.delivered = if there { parcel.journey.status_since() } else { None };
        order.state = parcel.journey.status_since();
    }
    Anchors {
        due: None,
        placed: found.order.placed_at.or_else(|| first_told(&[OrderWord::Placed])),
        trigger: None,
        previous: before.map(|taken| taken.done_at.unwrap_or(taken.taken_at)).max(),
        started: found.case.started_at,
        reason: None,
        answer_by: None,
        promise: None,
        dates: &[],
        usual_close: None,
        order,
        zone: &rules.tenant.time_zone,
        workdays: facts.workdays(rules.countries),
    }
}

/// Since when the money has been free, without a check begun since.
fn cleared_at(order: &OrderFacts) -> Option<Timestamp> {
    let mut cleared = None;
    for news in order.story.news() {
        match news.word {
            OrderWord::RiskControl => cleared = None,
            OrderWord::Paid => cleared = cleared.or(Some(news.at)),
            OrderWord::PartShipped
            | OrderWord::Shipped
            | OrderWord::Delivered
            | OrderWord::Completed
            | OrderWord::Cancelled
            | OrderWord::Closed => break,
            _ => {}
        }
    }
    cleared
}

fn is_past(found: &Found<'_>, anchors: &Anchors<'_>, at: Timestamp) -> bool {
    found.step.until.and_then(|until| until.resolve(anchors)).is_some_and(|end| end <= at)
}

/// A message about an order as it waits in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingOrderLetter {
    pub id: LetterId,
    pub purpose: Purpose,
    pub channel: Channel,
    pub contact_id: ContactId,
    pub about: OrderStep,
}

/// Why a message does not leave now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderStop {
    /// Its order has to be read again first, where it comes from.
    ReadAgain,
    /// What it says has to be done first.
    NotYet(Breach),
    /// It is not right any more, and has to be cancelled.
    Wrong(Breach),
}

impl From<Breach> for OrderStop {
    fn from(refusal: Breach) -> Self {
        Self::Wrong(refusal)
    }
}

/// Proves that the message may leave at `now`.
pub fn check_order_departure(
    letter: &WaitingOrderLetter,
    facts: &DebtorFacts,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), OrderStop> {
    let found = look_up(&letter.about, facts, rules)?;
    if found.case.letter.is_none_or(|open| open.id != letter.id) {
        return Err(refuse_one(2, format!("the case of {} is not waiting for this message", found.order.number)));
    }
    if letter.purpose != found.step.purpose {
        return Err(refuse_one(4, format!("step {} has another purpose than its message", found.step.id)));
    }
    let binds = letter.purpose != Purpose::Service;
    reach_rules::check_contact(facts, letter.contact_id, letter.channel, binds, now)?;
    check_standing(&found, now, rules)?;
    check_together(&found, facts, now, rules)?;
    check_silence(&found, facts, now, rules)?;
    check_words(&found, letter.purpose, facts, now, rules)?;
    check_still_due(&found, facts, &letter.about.step, now, rules)?;
    if has_more_time(&found, &letter.about.step) == Some(false) {
        let what = format!("nobody has given more time for order {} yet", found.order.number);
        return Err(OrderStop::NotYet(Breach { invariant: 6, what }));
    }
    // Last: what is wrong by what we know already needs nobody's answer.
    let young = |at: Timestamp| now.duration_since(at) <= SignedDuration::from_mins(5);
    let is_old = |of: &OrderFacts| of.source == OrderSource::Marketplace && !of.synced_at.is_some_and(young);
    if is_old(found.order) || named(&found, facts, now, rules).into_iter().any(is_old) {
        return Err(OrderStop::ReadAgain);
    }
    Ok(())
}

/// What made the message right when it was decided makes it right still: a parcel that has moved since is not quiet any more.
fn check_still_due(
    found: &Found<'_>,
    facts: &DebtorFacts,
    own: &str,
    now: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let anchors = anchors(found, facts, (own, now), rules);
    // Once more time was given, the end that it moved is what the message tells of.
    let is_moved = |time: &TimeExpr| time.anchor == Anchor::ProtectionEnd && has_more_time(found, own) == Some(true);
    // Spacing to what went before was met when it was decided.
    for time in found.step.at.iter().filter(|time| time.anchor != Anchor::Previous && !is_moved(time)) {
        if time.resolve(&anchors).is_none_or(|moment| moment > now) {
            return refuse(6, format!("what step {own} tells of is not so any more"));
        }
    }
    if !found.step.until.as_ref().is_some_and(is_moved) && is_past(found, &anchors, now) {
        return refuse(4, format!("the time of step {own} has passed"));
    }
    conditions::check_condition(found, facts, own, now, rules)
}

fn refuse_one(invariant: u8, what: String) -> OrderStop {
    OrderStop::Wrong(Breach { invariant, what })
}
