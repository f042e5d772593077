//! Which step is due, of the route that fits or of the ladder: the lowest warning level not yet taken; after an outage
//! only one.

use std::cell::OnceCell;
use std::sync::Arc;

use jiff::{Timestamp, ToSpan, civil::Date};

use super::accounts::Accounts;
use super::{World, earlier, moment};
use crate::calendar::{days_between, shift};
use crate::case::{Case, Entry, StepEnd, StepTaken};
use crate::facts::orders::OrderMoments;
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::{Promise, PromiseState};
use crate::grade::Grade;
use crate::key_date::{KeyDate, day_of};
use crate::money::{Currency, Money};
use crate::party::{Contact, ContactRole};
use crate::playbook::condition::{Fields, OrderFields};
use crate::playbook::route::{Minimum, Route, RouteEnd};
use crate::playbook::time_expr::{Anchor, Anchors, start_of};
use crate::playbook::{Does, Playbook, Step};
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

/// Which row of steps is looked along.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Ladder,
    Route,
    /// A route after which nothing comes.
    LastRoute,
}

/// What looking at a case needs again and again.
struct Climb<'c> {
    facts: &'c DebtorFacts,
    item: &'c ReceivableFacts,
    case: &'c Case,
    playbook: &'c Playbook,
    outstanding: Money,
    accounts: &'c Accounts,
    world: &'c World<'c>,
    anchors: Anchors<'c>,
    /// Highest level reached.
    level: u8,
    /// Below it nothing is begun: an old debt comes in on the level of its age.
    start: u8,
    /// What conditions ask, but for the role, which is of a step: the same for all of them.
    fields: OnceCell<Fields<'c>>,
}

/// Looks along the route that fits, else up the ladder, from where the case stands.
pub fn look<'a>(
    facts: &'a DebtorFacts,
    item: &'a ReceivableFacts,
    case: &'a Case,
    playbook: &'a Playbook,
    outstanding: Money,
    accounts: &Accounts,
    world: &World<'a>,
) -> Sight<'a> {
    let taken = case.steps.iter().filter(|step| !step.voided);
    let level = taken.clone().filter(|step| warns(step, playbook)).map(|step| step.level).max().unwrap_or(0);
    let previous = taken.clone().map(|step| step.done_at.unwrap_or(step.taken_at)).max();
    let anchors = Anchors {
        due: item.receivable.due_on,
        placed: item.receivable.placed_at,
        trigger: item.receivable.triggered_on,
        previous,
        started: case.started_at,
        reason: item.why.map(|known| known.since),
        answer_by: taken.filter_map(|step| step.answer_by.or_else(|| after_a_call(step, playbook, facts, world))).max(),
        promise: broken_promise(facts, item),
        dates: &item.dates,
        usual_close: playbook.platform_close,
        order: OrderMoments::default(),
        zone: &world.tenant.time_zone,
        workdays: facts.workdays(world.countries),
    };
    let start = start_level(case, playbook, &anchors, |level| {
        too_little(playbook, level, outstanding.currency, accounts).is_none()
    });
    let level = level.max(start.saturating_sub(1));
    let climb = Climb {
        facts,
        item,
        case,
        playbook,
        outstanding,
        accounts,
        world,
        anchors,
        level,
        start,
        fields: OnceCell::new(),
    };
    let why = item.why.map(|known| known.why);
    let mut passed: Vec<Reason> = Vec::new();
    let mut changes_by_itself = false;
    for route in playbook.routes.iter().filter(|route| route.fits(why)) {
        // One that begins further up comes later: the ladder leads there. What a reason calls for is heard at any age.
        if climb.is_out_of_reach(route) {
            continue;
        }
        if !climb.goes_by(route, &mut passed) {
            // It may fit on another day, with nothing happening until then.
            changes_by_itself |= route.when.as_ref().is_some_and(|when| !when.is_steady());
            continue;
        }
        let row = if route.then == RouteEnd::Rest { Row::LastRoute } else { Row::Route };
        let mut sight = climb.walk(&route.steps, row);
        let about = |code| Reason::new(code).text("route", &*route.id);
        // Nothing of it was ever due, for want of its days: it has not been walked.
        if sight.exhausted && !climb.was_begun(&route.steps) {
            continue;
        }
        if !sight.exhausted {
            sight.reasons.insert(
                0,
                match why.filter(|_| !route.reasons.is_empty()) {
                    Some(why) => about(ReasonCode::RouteTaken).text("unpaid_why", why.code()),
                    None => about(ReasonCode::RouteFits),
                },
            );
            return sight;
        }
        if route.then == RouteEnd::Rest {
            sight.reasons.push(about(ReasonCode::RouteDone));
            return sight;
        }
        passed.push(about(ReasonCode::RouteDone));
    }
    let mut sight = climb.walk(&playbook.steps, Row::Ladder);
    if changes_by_itself {
        sight.next_wake = earlier(sight.next_wake, start_of(shift(world.today, 1), &world.tenant.time_zone));
    }
    sight.reasons.splice(0..0, passed);
    sight
}

/// Whether a step counts for the level that was reached: a call only once somebody has made it, and work of ours never,
/// since the buyer hears nothing of it.
fn warns(taken: &StepTaken, playbook: &Playbook) -> bool {
    if taken.end == Some(StepEnd::NotCalled) {
        return false;
    }
    playbook.step(&taken.step).is_none_or(|step| step.does == Does::Letter && taken.done_at.is_some())
}

/// A call asks for an answer too, counted from the day on which it was made.
fn after_a_call(taken: &StepTaken, playbook: &Playbook, facts: &DebtorFacts, world: &World<'_>) -> Option<Date> {
    let made = world.tenant.time_zone.to_datetime(taken.done_at.filter(|_| taken.was_done())?).date();
    let step = playbook.step(&taken.step).filter(|step| step.does == Does::Letter)?;
    Some(facts.workdays(world.countries).next_workday(shift(made, step.answer_days)))
}

/// The level on which an old debt comes in: the highest that its dates call for, that is not severe and that it is worth.
fn start_level(case: &Case, playbook: &Playbook, anchors: &Anchors<'_>, is_worth: impl Fn(u8) -> bool) -> u8 {
    if case.entry == Entry::Standard {
        return 0;
    }
    let severe = playbook.steps.iter().filter(|step| step.autonomy.is_severe()).map(|step| step.level).min();
    let mild = playbook.steps.iter().filter(|step| severe.is_none_or(|severe| step.level < severe));
    let came = |step: &Step| {
        let own = step.at.iter().filter(|time| time.anchor.tells_age());
        own.filter_map(|time| time.resolve(anchors)).max().is_some_and(|at| at <= case.started_at)
    };
    let of_age = mild.filter(|step| came(step));
    of_age.map(|step| step.level).filter(|level| is_worth(*level)).max().unwrap_or(0)
}

/// The least amount of a level that the debtor's account in the currency does not come to.
fn too_little<'p>(playbook: &'p Playbook, level: u8, currency: Currency, accounts: &Accounts) -> Option<&'p Minimum> {
    let (overdue, open) = accounts.of(currency);
    let mut of_level = playbook.minimums.iter().filter(|minimum| minimum.level == level);
    of_level.find(|minimum| !minimum.is_met(currency, overdue, open))
}

/// The day of the last promise about this debt that was broken.
fn broken_promise(facts: &DebtorFacts, item: &ReceivableFacts) -> Option<Date> {
    // What was promised for everything was not about a debt that came later.
    let was_there = |promise: &Promise| item.receivable.due_on.is_none_or(|due| due <= promise.pay_on);
    let about = |promise: &&Promise| match promise.receivable_id {
        Some(id) => id == item.receivable.id,
        None => was_there(promise),
    };
    let broken = facts.promises.iter().filter(|promise| promise.state == PromiseState::Broken).filter(about);
    broken.map(|promise| promise.pay_on).max()
}

impl<'a, 'c> Climb<'c> {
    /// Whether the condition of a route holds.
    fn goes_by(&self, route: &Route, reasons: &mut Vec<Reason>) -> bool {
        let Some(condition) = &route.when else { return true };
        match condition.holds(&self.fields(&[])) {
            Ok(holds) => holds,
            // Counted as false, like that of a step.
            Err(error) => {
                let unreadable = Reason::new(ReasonCode::StepConditionUnreadable).text("step", &*route.id);
                reasons.push(unreadable.text("condition", condition.text.as_str()).text("error", error));
                false
            }
        }
    }

    /// None of its steps was taken, and the first is more than one level above what was reached.
    fn is_out_of_reach(&self, route: &Route) -> bool {
        !self.was_begun(&route.steps)
            && route.steps.first().is_some_and(|step| step.level > self.level.saturating_add(1))
    }

    /// One of the steps was taken.
    fn was_begun(&self, steps: &[Step]) -> bool {
        let mut taken = self.case.steps.iter().filter(|step| !step.voided);
        taken.any(|taken| steps.iter().any(|step| step.id == taken.step))
    }

    /// Looks along one row of steps.
    fn walk(&self, steps: &'a [Step], row: Row) -> Sight<'a> {
        let mut sight = Sight { due: None, next: None, next_wake: None, exhausted: false, reasons: Vec::new() };
        let taken = self.case.steps.iter().filter(|step| !step.voided);
        let position = taken.filter_map(|done| steps.iter().position(|step| step.id == done.step)).max();
        let first = position.map_or(0, |position| position + 1);
        let mut candidates: Vec<(&Step, Timestamp)> = Vec::new();
        let mut missing_anchor = false;
        let (mut alive, mut may_grow) = (false, false);
        // A step whose day has come waits only for what went before it: nothing further up overtakes it.
        let mut is_held = false;
        for step in &steps[first..] {
            // A level further up is reached by way of the ones before it: when these are all over, it never comes.
            if step.level > self.level.saturating_add(1) {
                break;
            }
            if row == Row::Ladder && step.level < self.start {
                continue;
            }
            // A route has led further up: the tone does not fall back.
            if row == Row::Ladder && presses(step) && step.level > 0 && step.level < self.level {
                continue;
            }
            let Some(at) = moment(step, &self.anchors) else {
                // What may never happen holds nothing open: whoever enters it wakes the case.
                let awaited =
                    step.at.iter().any(|time| time.anchor.surely_comes() && time.resolve(&self.anchors).is_none());
                missing_anchor |= awaited;
                alive |= awaited;
                continue;
            };
            let over =
                step.until.is_some_and(|until| until.resolve(&self.anchors).is_some_and(|end| end <= self.world.now));
            if over {
                continue;
            }
            if at > self.world.now {
                // What is owed by then nobody knows yet: its least amount is asked for when its time has come.
                alive = true;
                if row == Row::Ladder && self.is_unwanted(step) {
                    continue;
                }
                is_held |= presses(step) && self.waits_for_the_last(step);
                sight.next_wake = earlier(sight.next_wake, Some(at));
                if sight.next.is_none() {
                    sight.next = Some(step.id.clone());
                    sight.reasons.push(Reason::new(ReasonCode::StepNext).text("step", &*step.id).instant("at", at));
                }
                continue;
            }
            if is_held && presses(step) {
                alive = true;
                continue;
            }
            if self.is_too_little(step, &mut sight) {
                may_grow |= self.may_become_enough(step);
                continue;
            }
            alive = true;
            candidates.push((step, at));
        }
        self.keep_true_conditions(&mut candidates, &mut sight);
        if candidates.is_empty() {
            if row != Row::Ladder && sight.next.is_none() && !missing_anchor {
                // What is due and not wanted by its condition does not hold a route open; the ladder waits for its own.
                alive = false;
            }
            // A route that leads back to the ladder does not wait for more to be owed: the ladder has milder steps.
            alive |= may_grow && row != Row::Route;
            if missing_anchor && sight.next.is_none() {
                let trigger = self.item.receivable.trigger.code();
                sight.reasons.push(Reason::new(ReasonCode::CaseAwaitsTrigger).text("trigger", trigger));
            } else if alive && sight.next_wake.is_none() {
                sight.next_wake = self.world.now.checked_add(24.hours()).ok();
            }
            sight.exhausted = !alive;
            return sight;
        }
        pick(candidates, self.case, self.item, &self.anchors, self.world, &mut sight);
        sight
    }

    /// Its own day has come; it only keeps its distance from the last step, or from the day by which an answer was asked.
    fn waits_for_the_last(&self, step: &Step) -> bool {
        let mut own = step.at.iter().filter(|time| !matches!(time.anchor, Anchor::Previous | Anchor::AnswerBy));
        own.all(|time| time.resolve(&self.anchors).is_some_and(|at| at <= self.world.now))
            && step.when.as_ref().is_none_or(|when| when.holds(&self.fields(&step.roles)) == Ok(true))
    }

    /// A step to come that is for others (another grade, another country): it is not announced, and nobody wakes for it.
    fn is_unwanted(&self, step: &Step) -> bool {
        let Some(condition) = step.when.as_ref().filter(|condition| condition.is_steady()) else {
            return false;
        };
        condition.holds(&self.fields(&step.roles)) == Ok(false)
    }

    /// Whether the debtor owes less than the step's level is worth.
    fn is_too_little(&self, step: &Step, sight: &mut Sight<'_>) -> bool {
        let currency = self.outstanding.currency;
        let Some(minimum) = too_little(self.playbook, step.level, currency, self.accounts) else {
            return false;
        };
        let (overdue, _) = self.accounts.of(currency);
        let told = sight.reasons.iter().any(|reason| reason.code == ReasonCode::StepBelowMinimum);
        if !told {
            let reason = Reason::new(ReasonCode::StepBelowMinimum).number("level", step.level);
            let reason = reason.money("overdue", Money::new(overdue, currency));
            let least = Money::new(minimum.amount(currency), currency);
            sight.reasons.push(reason.money("least", least).number("share", minimum.share_percent));
        }
        true
    }

    /// Whether what is known to be owed comes to the least amounts of the step's level once all of it is overdue: then the
    /// case waits for that. What is too little even so would wait for ever; a person decides about it.
    fn may_become_enough(&self, step: &Step) -> bool {
        let currency = self.outstanding.currency;
        // Money without a place may turn out to be another's: until that is known nothing is at its end.
        if self.accounts.is_reduced(currency) {
            return true;
        }
        let (_, open) = self.accounts.of(currency);
        let mut of_level = self.playbook.minimums.iter().filter(|minimum| minimum.level == step.level);
        of_level.all(|minimum| minimum.is_met(currency, open, open))
    }

    fn keep_true_conditions(&self, candidates: &mut Vec<(&Step, Timestamp)>, sight: &mut Sight<'_>) {
        candidates.retain(|(step, _)| {
            let Some(condition) = &step.when else {
                return true;
            };
            let about = |code| Reason::new(code).text("step", &*step.id).text("condition", condition.text.as_str());
            match condition.holds(&self.fields(&step.roles)) {
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

    fn fields(&self, roles: &[ContactRole]) -> Fields<'_> {
        let holds = |role: ContactRole| self.facts.contacts.iter().any(|contact| contact.role == role);
        let role = roles.iter().find(|role| holds(**role)).map_or("", |role| role.code());
        Fields { role, ..self.fields.get_or_init(|| self.fields_of_all()).clone() }
    }

    fn fields_of_all(&self) -> Fields<'c> {
        let (facts, item, today) = (self.facts, self.item, self.world.today);
        let receivable = &item.receivable;
        let can_be_asked = |contact: &Contact| !contact.objected && contact.is_within_reach(self.world.now);
        let answers = |role| facts.contacts.iter().any(|contact| contact.role == role && can_be_asked(contact));
        let arrived = day_of(&item.dates, KeyDate::Arrival);
        Fields {
            days_overdue: receivable.due_on.map_or(0, |due| i64::from(days_between(due, today))),
            outstanding_minor: self.outstanding.minor,
            amount_minor: receivable.amount.minor,
            partly_paid: self.outstanding.minor < receivable.amount.minor,
            currency: receivable.amount.currency.code(),
            country: &facts.party.country,
            is_consumer: facts.party.is_consumer,
            milestone: receivable.milestone.code(),
            trigger: receivable.trigger.code(),
            promises_broken: facts.promises.iter().filter(|promise| promise.state == PromiseState::Broken).count()
                as i64,
            role: "",
            steps_taken: self.case.steps.iter().filter(|taken| !taken.voided).count() as i64,
            why: item.why.map_or("", |known| known.why.code()),
            grade: facts.party.grade.map_or("", Grade::code),
            has_owner: answers(ContactRole::Owner),
            has_finance: answers(ContactRole::Finance),
            arrived: arrived.is_some_and(|arrived| arrived <= today),
            days_at_port: arrived.map_or(0, |arrived| i64::from(days_between(arrived, today))),
            order: OrderFields::default(),
        }
    }
}

/// Of several due rungs the one to take. Of those that press the last of the lowest warning level, courtesy only when no
/// warning is due: after an outage one right letter. What asks for nothing, answers and our own work, is none too many:
/// the first that comes before it is taken first.
fn pick<'a>(
    candidates: Vec<(&'a Step, Timestamp)>,
    case: &Case,
    item: &ReceivableFacts,
    anchors: &Anchors<'_>,
    world: &World<'_>,
    sight: &mut Sight<'a>,
) {
    let pressing = candidates.iter().filter(|(step, _)| presses(step));
    let lowest = pressing.map(|(step, _)| step.level).filter(|level| *level > 0).min().unwrap_or(0);
    let right = candidates.iter().rposition(|(step, _)| presses(step) && step.level == lowest);
    let quiet = candidates.iter().position(|(step, _)| !presses(step));
    let chosen = match (right, quiet) {
        (Some(right), Some(quiet)) => right.min(quiet),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return,
    };
    // Levels never fall along a row, and what comes before the first quiet one presses: all before it is passed over.
    let passed_over = chosen;
    let (step, at) = candidates[chosen];
    let days = item.receivable.due_on.map_or(0, |due| days_between(due, world.today));
    sight.reasons.clear();
    sight.next = None;
    sight.reasons.push(
        Reason::new(ReasonCode::StepDue).text("step", &*step.id).instant("since", at).number("days_overdue", days),
    );
    if passed_over > 0 {
        sight.reasons.push(Reason::new(ReasonCode::StepMissedCollapsed).number("count", passed_over as i64));
    }
    sight.due = Some(Rung { step, round: case.rounds_of(&step.id), by_dates: by_dates(step, anchors) });
}

const fn presses(step: &Step) -> bool {
    step.purpose.asks_for_money()
}

/// The latest of its times that count from the receivable itself.
fn by_dates(step: &Step, anchors: &Anchors<'_>) -> Option<Timestamp> {
    let own = step.at.iter().filter(|time| time.anchor.is_of_the_debt());
    own.filter_map(|time| time.resolve(anchors)).max()
}
