//! What is told of orders and parcels: for each case the steps that its standing calls for, each once.
//!
//! Unlike a ladder, nothing here presses and nothing is reached by way of something else: a step is for the states that it
//! names, and is over when the order has left them. So a case takes the steps of all playbooks that fit its subject, one
//! message at a time, and rests for good when its order has ended and nothing is left to tell.

mod offers;
mod together;

pub use offers::may_offer;
pub use together::together;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::contact::{self, Reach};
use super::{World, earlier, moment, review_of};
use crate::calendar::{days_between, shift};
use crate::case::{Case, CaseState, LetterState, Subject};
use crate::facts::DebtorFacts;
use crate::facts::orders::{OrderFacts, OrderMoments, Parcel, tells_number};
use crate::ids::ReceivableId;
use crate::letter::Purpose;
use crate::letter::order::names_other_orders;
use crate::order::asks::{AskKind, OrderAsk};
use crate::order::story::{CloseReason, OrderState, OrderWord};
use crate::party::{Channel, Contact, ContactRole};
use crate::plan::orders::{OrderCasePlan, OrderLetter, OrderPlan, OrderStep, OrderTask};
use crate::plan::{Review, TaskKind, Verdict};
use crate::playbook::condition::{Fields, OrderFields};
use crate::playbook::time_expr::{Anchor, Anchors, start_of};
use crate::playbook::{Does, Playbook, Step};
use crate::reason::{Reason, ReasonCode};
use crate::shipment::delay::no_movement_days;

/// Carriers date one scan up to so far apart: some write their own time without its zone.
const SAME_NEWS: SignedDuration = SignedDuration::from_hours(24);

/// Decides about all orders and parcels of a debtor whose cases run.
pub fn decide_orders(facts: &DebtorFacts, world: &World<'_>, plan: &mut OrderPlan) {
    for order in &facts.orders {
        let state = order.state(world.today);
        let running = |case: &&Case| case.state == CaseState::Running;
        if let Some(case) = order.case.as_ref().filter(running) {
            About { facts, world, order, parcel: None, case, state }.decide(plan);
        }
        for parcel in &order.parcels {
            if let Some(case) = parcel.case.as_ref().filter(running) {
                About { facts, world, order, parcel: Some(parcel), case, state }.decide(plan);
            }
        }
    }
}

/// How a step is recorded: the cases of orders are served by several playbooks.
fn recorded(playbook: &Playbook, step: &Step) -> String {
    format!("{}/{}", playbook.scenario.to_lowercase(), step.id)
}

fn is_recorded(taken: &str, playbook: &Playbook, step: &Step) -> bool {
    let of = |(scenario, id): (&str, &str)| scenario.eq_ignore_ascii_case(&playbook.scenario) && id == &*step.id;
    taken.split_once('/').is_some_and(of)
}

/// What time alone makes true is true of the goods, whatever number they travel under: that they are late, that the protection
/// ends. That they rest is new once they were scanned under the new number.
fn is_of_the_goods(parcel: &Parcel, step: &Step) -> bool {
    step.at.iter().any(|time| match time.anchor {
        Anchor::ProtectionEnd | Anchor::Expected => true,
        Anchor::LastMovement => parcel.journey.last_movement().is_none(),
        _ => false,
    })
}

/// A case with what it is about.
#[derive(Clone, Copy)]
struct About<'a> {
    facts: &'a DebtorFacts,
    world: &'a World<'a>,
    order: &'a OrderFacts,
    parcel: Option<&'a Parcel>,
    case: &'a Case,
    state: OrderState,
}

/// A step whose time has come.
#[derive(Clone, Copy)]
struct Due<'a> {
    playbook: &'a Playbook,
    step: &'a Step,
    at: Timestamp,
    /// By its times that do not depend on what went before: after a restore that may be dated anew. Of a case that had begun
    /// before, only by those that come once.
    by_dates: Option<Timestamp>,
}

/// What looking at the steps shows.
#[derive(Default)]
struct Sight<'a> {
    due: Vec<Due<'a>>,
    next: Option<(Timestamp, Arc<str>)>,
    /// A condition may come true by the mere passing of time.
    look_again: bool,
    reasons: Vec<Reason>,
}

impl<'a> About<'a> {
    fn decide(self, plan: &mut OrderPlan) {
        let mut case = OrderCasePlan {
            case_id: self.case.id,
            order_id: self.order.id,
            subject: self.subject(),
            verdict: Verdict::Wait,
            state: CaseState::Running,
            step: None,
            next_wake: None,
            reasons: vec![self.standing()],
        };
        if let Some(waits) = self.waits() {
            case.reasons.push(waits);
            plan.cases.push(case);
            return;
        }
        let mut sight = self.look();
        case.reasons.append(&mut sight.reasons);
        if let Some((at, step)) = sight.next {
            case.reasons.push(Reason::new(ReasonCode::StepNext).text("step", &*step).instant("at", at));
            case.step = Some(step);
            case.next_wake = Some(at);
        }
        if sight.look_again {
            case.next_wake = earlier(case.next_wake, self.world.now.checked_add(24.hours()).ok());
        }
        if sight.due.is_empty() {
            if self.is_over() && case.next_wake.is_none() {
                case.state = CaseState::Closed;
                case.verdict = Verdict::Closed;
                case.reasons.push(Reason::new(ReasonCode::OrderDone));
            }
            plan.cases.push(case);
            return;
        }
        if let Some((reason, until)) = self.silenced() {
            case.step = sight.due.first().map(|due| recorded(due.playbook, due.step).into());
            case.reasons.push(reason);
            case.next_wake = until.or_else(|| self.world.now.checked_add(24.hours()).ok());
            plan.cases.push(case);
            return;
        }
        self.take(&sight.due, &mut case, plan);
        plan.cases.push(case);
    }

    fn subject(self) -> Subject {
        self.parcel.map_or(Subject::Order(self.order.id), |parcel| Subject::Shipment(parcel.id))
    }

    fn standing(self) -> Reason {
        let reason = Reason::new(ReasonCode::OrderStanding).text("number", self.order.number.as_str());
        let reason = reason.text("order_state", self.state.code());
        match self.parcel {
            Some(parcel) => {
                let reason = Reason { code: ReasonCode::ParcelStanding, ..reason };
                let status = parcel.journey.status().code();
                reason.text("parcel", parcel.number.as_str()).text("tracking_status", status)
            }
            None => reason,
        }
    }

    /// A message of this case is under way: nothing new until it is settled.
    fn waits(self) -> Option<Reason> {
        // What failed holds its own step alone, see `lies_with_a_person`.
        let letter = self.case.letter.filter(|letter| letter.state != LetterState::Failed)?;
        Some(match letter.state {
            LetterState::Review => Reason::new(ReasonCode::CaseApprovalWaiting),
            LetterState::Uncertain => Reason::new(ReasonCode::CaseLetterUncertain),
            LetterState::ToPaste => Reason::new(ReasonCode::CaseLetterToPaste),
            _ => Reason::new(ReasonCode::CaseLetterWaiting).instant("send_at", letter.not_before),
        })
    }

    fn is_over(self) -> bool {
        self.state.is_final() || self.parcel.is_some_and(|parcel| parcel.journey.status().is_final())
    }

    fn look(self) -> Sight<'a> {
        let mut sight = Sight::default();
        let anchors = self.anchors();
        for playbook in self.world.playbooks.of_subject(self.subject().kind(), self.order.source) {
            for step in &playbook.steps {
                if self.is_for(step) && !self.was_taken(playbook, step) {
                    self.look_at(playbook, step, &anchors, &mut sight);
                }
            }
        }
        sight
    }

    /// Whether the step speaks of how things stand.
    fn is_for(self, step: &Step) -> bool {
        match self.parcel {
            Some(parcel) => {
                // What became of the order as a whole goes before its parcels: of goods that the buyer has nobody is told that
                // they are on their way, or late.
                let goes_on = matches!(self.state, OrderState::PartShipped | OrderState::Shipped);
                // What we have to see to about a parcel stays ours, whatever a platform makes of the order.
                let is_ours =
                    step.does == Does::Task && !matches!(self.state, OrderState::Cancelled | OrderState::Closed);
                (goes_on || is_ours) && step.statuses.contains(&parcel.journey.status())
            }
            None => {
                step.states.contains(&self.state)
                    && (step.asks.is_empty() || self.asked(step).is_some())
                    && self.has_what_it_names(step)
            }
        }
    }

    /// A message that names other orders of the buyer needs some that could go with this one.
    fn has_what_it_names(self, step: &Step) -> bool {
        let names = step.does == Does::Letter && names_other_orders(&step.letter);
        !names || !together(self.facts, self.order, self.world.today).is_empty()
    }

    fn was_taken(self, playbook: &Playbook, step: &Step) -> bool {
        self.case.steps.iter().any(|taken| !taken.voided && is_recorded(&taken.step, playbook, step))
    }

    /// The step was taken while the parcel had another number: that it has this one now makes nothing happen again. What has
    /// come about since is news, unless time alone makes it true; that the number is another one is told each time. Where
    /// nobody knows which parcel had which number, what was said counts for each of them, and what was worked for none.
    fn was_taken_before(self, playbook: &Playbook, step: &Step, anchors: &Anchors<'_>) -> bool {
        let Some(parcel) = self.parcel.filter(|_| !tells_number(&recorded(playbook, step))) else { return false };
        if step.does == Does::Task && self.order.is_number_unclear(parcel) {
            return false;
        }
        let own = step.at.iter().filter(|time| time.anchor != Anchor::Previous);
        let since = own.filter_map(|time| time.resolve(anchors)).max();
        let once = is_of_the_goods(parcel, step);
        let same = |taken_at: Timestamp| since.is_none_or(|at| once || at.duration_since(taken_at) <= SAME_NEWS);
        let line = self.order.former_selves(parcel);
        let mut taken = line.iter().filter_map(|former| former.case.as_ref()).flat_map(|case| &case.steps);
        taken.any(|taken| !taken.voided && same(taken.taken_at) && is_recorded(&taken.step, playbook, step))
    }

    /// Since when something that the step is about is open with the buyer; of a step about nothing in particular: anything.
    fn asked(self, step: &Step) -> Option<Timestamp> {
        let fits = |kind: AskKind| step.asks.is_empty() || step.asks.contains(&kind);
        // A message asks for what the parcel waits for, and says that it waits. The others are for us to answer.
        let is_told = |ask: &OrderAsk| step.does == Does::Task || ask.holds_dispatch || ask.kind.may_go_on();
        let open = self.order.asks.iter().filter(|ask| !ask.settled && fits(ask.kind) && is_told(ask));
        open.map(|ask| ask.raised_at).min()
    }

    fn look_at(self, playbook: &'a Playbook, step: &'a Step, anchors: &Anchors<'_>, sight: &mut Sight<'a>) {
        let now = self.world.now;
        let order = OrderMoments { asked: self.asked(step), ..anchors.order };
        let anchors = Anchors { order, ..anchors.clone() };
        let Some(at) = moment(step, &anchors) else { return };
        if self.was_taken_before(playbook, step, &anchors) {
            return;
        }
        if step.until.is_some_and(|until| until.resolve(&anchors).is_some_and(|end| end <= now)) {
            return;
        }
        if at > now {
            if sight.next.as_ref().is_none_or(|(next, _)| at < *next) {
                sight.next = Some((at, recorded(playbook, step).into()));
            }
            return;
        }
        let restored_at = self.world.tenant.restored_at;
        let is_known = restored_at.is_some_and(|at| self.case.started_at <= at);
        // What a restore lost is asked again and dated then: surely new it is of an order that was placed since.
        let is_older = restored_at.is_some_and(|at| anchors.placed.is_none_or(|placed| placed <= at));
        let counts = |anchor: Anchor| match anchor {
            Anchor::Previous => false,
            Anchor::Asked => !is_known && !is_older,
            _ => !is_known || anchor.stays(),
        };
        let own = step.at.iter().filter(|time| counts(time.anchor));
        let by_dates = own.filter_map(|time| time.resolve(&anchors)).max();
        let due = Due { playbook, step, at, by_dates };
        let Some(condition) = &step.when else {
            sight.due.push(due);
            return;
        };
        let about = |code| {
            let reason = Reason::new(code).text("step", recorded(playbook, step));
            reason.text("condition", condition.text.as_str())
        };
        match condition.holds(&self.fields(step)) {
            Ok(true) => sight.due.push(due),
            Ok(false) => {
                sight.look_again |= !condition.is_steady();
                sight.reasons.push(about(ReasonCode::StepConditionFalse));
            }
            // Counted as false: an unreadable condition must never send a message.
            Err(error) => sight.reasons.push(about(ReasonCode::StepConditionUnreadable).text("error", error)),
        }
    }

    fn anchors(self) -> Anchors<'a> {
        let taken = self.case.steps.iter().filter(|step| !step.voided);
        Anchors {
            due: None,
            placed: self.order.placed_at.or_else(|| self.order.story.first(&[OrderWord::Placed])),
            trigger: None,
            previous: taken.map(|step| step.done_at.unwrap_or(step.taken_at)).max(),
            started: self.case.started_at,
            reason: None,
            answer_by: None,
            promise: None,
            dates: &[],
            usual_close: None,
            order: self.moments(),
            zone: &self.world.tenant.time_zone,
            workdays: self.facts.workdays(self.world.countries),
        }
    }

    fn moments(self) -> OrderMoments {
        let (order, story) = (self.order, &self.order.story);
        let of_order = OrderMoments {
            paid: story.first(&[OrderWord::RiskControl, OrderWord::Paid]),
            cleared: story.standing().cleared,
            ship_by: order.ship_by,
            shipped: story.first(&[OrderWord::PartShipped, OrderWord::Shipped]),
            last_movement: None,
            expected: None,
            protection_end: order.protection_ends,
            delivered: story.first(&[OrderWord::Delivered]).or_else(|| order.all_delivered()),
            asked: None,
            state: order.state_since(self.world.today),
        };
        let Some(parcel) = self.parcel else { return of_order };
        let status_since = || parcel.journey.status_since();
        let is_there = parcel.journey.status() == crate::shipment::status::TrackingStatus::Delivered;
        OrderMoments {
            shipped: parcel.shipped_at,
            last_movement: parcel.journey.last_movement().or(parcel.shipped_at),
            expected: parcel.expected_by(&self.world.tenant.time_zone),
            delivered: status_since().filter(|_| is_there),
            state: status_since(),
            ..of_order
        }
    }

    fn fields(self, step: &Step) -> Fields<'a> {
        let (facts, order, world) = (self.facts, self.order, self.world);
        let holds = |role: ContactRole| facts.contacts.iter().any(|contact| contact.role == role);
        let standing = order.story.standing();
        let stock = order.in_stock(standing.in_stock);
        let moments = self.moments();
        let hours = |from: Timestamp, to: Timestamp| to.duration_since(from).as_hours();
        let days_left = order.protection_ends.map_or(0, |end| i64::from(days_between(world.today, end)));
        let zone = &world.tenant.time_zone;
        let still = self
            .parcel
            .and_then(|parcel| Some(no_movement_days(&parcel.journey, parcel.shipped_on(zone)?, world.today, zone)));
        let ended = matches!(standing.word, OrderWord::Closed | OrderWord::Cancelled);
        Fields {
            currency: order.total.currency.code(),
            amount_minor: order.total.minor,
            country: &facts.party.country,
            is_consumer: facts.party.is_consumer,
            role: step.roles.iter().find(|role| holds(**role)).map_or("", |role| role.code()),
            steps_taken: self.case.steps.iter().filter(|taken| !taken.voided).count() as i64,
            grade: facts.party.grade.map_or("", crate::grade::Grade::code),
            order: OrderFields {
                state: self.state.code(),
                close_reason: standing.why.filter(|_| ended).map_or("", CloseReason::code),
                paid_hours: moments.paid.map_or(0, |paid| hours(paid, world.now).max(0)),
                hours_to_ship_by: order.ship_by.map_or(0, |end| hours(world.now, end)),
                in_stock: stock == Some(true),
                out_of_stock: stock == Some(false),
                has_similar: order.has_similar,
                goods_count: order.goods.iter().map(|line| line.quantity).fold(0, i64::saturating_add),
                held: order.is_held(world.today),
                awaiting_answer: order.is_awaiting(),
                carrier: self.parcel.map_or("", |parcel| parcel.carrier.as_str()),
                tracking_status: self.parcel.map_or("", |parcel| parcel.journey.status().code()),
                number_changed: self.parcel.is_some_and(|parcel| order.number_told_before(parcel).is_some()),
                number_told: self.parcel.is_some_and(|parcel| parcel.was_told(tells_number)),
                numbers_unclear: self.parcel.is_some_and(|parcel| order.is_number_unclear(parcel)),
                parcel_seen: self.parcel.is_some_and(|parcel| parcel.journey.is_seen()),
                days_without_movement: still.map_or(0, i64::from),
                days_late: moments.expected.map_or(0, |day| i64::from(days_between(day, world.today)).max(0)),
                days_to_protection_end: days_left,
                review_invited: order.is_invited(),
                source: order.source.code(),
            },
            ..Fields::default()
        }
    }

    /// What silences everything about this order, and until when.
    fn silenced(self) -> Option<(Reason, Option<Timestamp>)> {
        if self.facts.party.blacklisted {
            return Some((Reason::new(ReasonCode::GateBlacklist), None));
        }
        let today = self.world.today;
        let active = self.facts.holds.iter().filter(|hold| !hold.released && hold.until >= today);
        let about = |id: ReceivableId| self.debts().any(|item| item.receivable.id == id);
        let hold = active.filter(|hold| hold.receivable_id.is_none_or(about)).max_by_key(|hold| hold.until)?;
        let reason = Reason::new(ReasonCode::GateHold).text("why", hold.why.as_str()).date("until", hold.until);
        Some((reason, start_of(shift(hold.until, 1), &self.world.tenant.time_zone)))
    }

    /// What is owed for this order.
    fn debts(self) -> impl Iterator<Item = &'a crate::facts::ReceivableFacts> {
        let order = self.order;
        self.facts.receivables.iter().filter(move |item| {
            item.receivable.order_id == Some(order.id) || item.order_number.as_deref() == Some(order.number.as_str())
        })
    }

    fn may_offer(self) -> bool {
        may_offer(self.facts, self.order, self.world.today, &self.world.tenant.time_zone)
    }

    /// All work that is due, and of the messages the first; what is offered comes after all else.
    fn take(self, due: &[Due<'a>], case: &mut OrderCasePlan, plan: &mut OrderPlan) {
        let letters = due.iter().filter(|due| due.step.does == Does::Letter);
        let (offers, news): (Vec<&Due<'a>>, Vec<&Due<'a>>) = letters.partition(|due| due.step.purpose == Purpose::Sell);
        for work in due.iter().filter(|due| due.step.does == Does::Task) {
            self.due_reason(work, case);
            case.verdict = Verdict::Task;
            plan.tasks.push(self.task(TaskKind::Do, work, None, self.world.now, Vec::new()));
        }
        for one in news.into_iter().chain(offers) {
            if self.lies_with_a_person(one) {
                case.step = Some(recorded(one.playbook, one.step).into());
                case.reasons.push(Reason::new(ReasonCode::CaseTaskWaiting));
                continue;
            }
            if one.step.purpose == Purpose::Sell && !self.may_offer() {
                case.step = Some(recorded(one.playbook, one.step).into());
                case.reasons.push(Reason::new(ReasonCode::GateNoOffers));
                case.next_wake = earlier(case.next_wake, self.world.now.checked_add(24.hours()).ok());
                continue;
            }
            if let Some(parcel) = self.parcel.filter(|parcel| self.is_still_here(parcel)) {
                case.step = Some(recorded(one.playbook, one.step).into());
                case.reasons.push(Reason::new(ReasonCode::GateNotShipped));
                case.next_wake = earlier(case.next_wake, parcel.shipped_at.filter(|at| *at > self.world.now));
                continue;
            }
            self.write(one, case, plan);
            return;
        }
    }

    /// It was not handed over under a number, or will be later only.
    fn is_still_here(self, parcel: &Parcel) -> bool {
        parcel.number.trim().is_empty() || parcel.shipped_at.is_none_or(|at| at > self.world.now)
    }

    /// Its message could not be written or sent, and the task about that is open: it is not made again before somebody has
    /// seen to it, or it would fail on every run. Other messages of the case go on.
    fn lies_with_a_person(self, due: &Due<'_>) -> bool {
        let failed = self.case.letter.is_some_and(|letter| letter.state == LetterState::Failed);
        failed && self.case.rounds_of(&recorded(due.playbook, due.step)) > 0
    }

    fn due_reason(self, due: &Due<'_>, case: &mut OrderCasePlan) {
        let step = recorded(due.playbook, due.step);
        case.reasons.push(Reason::new(ReasonCode::StepOrderDue).text("step", step.as_str()).instant("since", due.at));
        case.step = Some(step.into());
    }

    fn write(self, due: &Due<'a>, case: &mut OrderCasePlan, plan: &mut OrderPlan) {
        self.due_reason(due, case);
        let (facts, world) = (self.facts, self.world);
        let mut reasons = Vec::new();
        let silent = match contact::reach(facts, due.step, world.now, &mut reasons) {
            Reach::Write { contact, channel } => return self.letter(due, contact, channel, reasons, case, plan),
            Reach::Call { contact } => {
                let at = contact::moment(facts, contact, due.playbook.window, world, &mut reasons);
                case.verdict = Verdict::Task;
                case.reasons.extend(reasons.iter().cloned());
                plan.tasks.push(self.task(TaskKind::Call, due, contact, at, reasons));
                return;
            }
            Reach::Objected { role } => Reason::new(ReasonCode::GateObjection).text("role", role.code()),
            Reach::Suppressed { role } => Reason::new(ReasonCode::GateSuppressed).text("role", role.code()),
            Reach::Nobody => {
                let channels: Vec<&str> = due.step.channels.iter().map(|channel| channel.code()).collect();
                Reason::new(ReasonCode::ContactNobody).text("channels", channels.join(", "))
            }
        };
        // Nobody is looked for only to be offered something.
        case.reasons.push(silent.clone());
        case.next_wake = earlier(case.next_wake, world.now.checked_add(24.hours()).ok());
        if self.case.task.is_some() {
            case.reasons.push(Reason::new(ReasonCode::CaseTaskWaiting));
        } else if due.step.purpose != Purpose::Sell {
            case.verdict = Verdict::Task;
            plan.tasks.push(self.task(TaskKind::FindContact, due, None, world.now, vec![silent]));
        }
    }

    fn letter(
        self,
        due: &Due<'a>,
        contact: &'a Contact,
        channel: Channel,
        mut reasons: Vec<Reason>,
        case: &mut OrderCasePlan,
        plan: &mut OrderPlan,
    ) {
        let (facts, world, step) = (self.facts, self.world, due.step);
        let send_at = contact::moment(facts, Some(contact), due.playbook.window, world, &mut reasons);
        let (language, wanted) = facts.language_of(Some(contact), world.countries);
        if let Some(wanted) = wanted {
            reasons.push(Reason::new(ReasonCode::LetterLanguageFallback).text("wanted", wanted));
        }
        let about = self.step(due);
        let mut review = self.review_of(due);
        if world.tenant.review_all {
            review = review.max(Review::Look);
        }
        let lost = |restored_at: &Timestamp| due.by_dates.is_none_or(|at| at <= *restored_at);
        if let Some(restored_at) = world.tenant.restored_at.filter(lost) {
            // It may have left before the restore: only a person can say.
            review = review.max(Review::Look);
            reasons.push(Reason::new(ReasonCode::LetterAfterRestore).instant("restored", restored_at));
        }
        let told = match review {
            Review::Automatic => None,
            Review::Look => Some(ReasonCode::StepReview),
            Review::Severe => Some(ReasonCode::StepSevere),
            Review::TwoPersons => Some(ReasonCode::StepTwoPersons),
        };
        reasons.extend(told.map(|code| Reason::new(code).text("step", &*about.step)));
        case.verdict = if review == Review::Automatic { Verdict::Letter } else { Verdict::Approval };
        case.reasons.extend(reasons.iter().cloned());
        plan.letters.push(OrderLetter {
            about,
            purpose: step.purpose,
            channel,
            contact_id: contact.id,
            role: contact.role,
            language,
            letter: step.letter.clone(),
            currency: self.order.total.currency,
            send_at,
            review,
            answer_by: facts.workdays(world.countries).next_workday(shift(world.today, step.answer_days)),
            reasons,
        });
    }

    fn review_of(self, due: &Due<'_>) -> Review {
        let mut cases = self.facts.orders.iter().flat_map(OrderFacts::cases);
        let wrote = |case: &Case| {
            case.steps.iter().any(|taken| taken.was_done() && is_recorded(&taken.step, due.playbook, due.step))
        };
        review_of(due.step.autonomy, || cases.any(wrote))
    }

    fn step(self, due: &Due<'_>) -> OrderStep {
        let step: Arc<str> = recorded(due.playbook, due.step).into();
        OrderStep {
            case_id: self.case.id,
            order_id: self.order.id,
            subject: self.subject(),
            playbook: due.playbook.reference.clone(),
            round: self.case.rounds_of(&step),
            step,
        }
    }

    fn task(
        self,
        kind: TaskKind,
        due: &Due<'_>,
        contact: Option<&Contact>,
        not_before: Timestamp,
        reasons: Vec<Reason>,
    ) -> OrderTask {
        let script = (kind != TaskKind::FindContact).then(|| due.step.letter.clone());
        OrderTask {
            kind,
            about: self.step(due),
            contact_id: contact.map(|contact| contact.id),
            language: self.facts.language_of(contact, self.world.countries).0,
            script,
            not_before,
            reasons,
        }
    }
}
