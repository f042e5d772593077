//! One debtor's way through time: from wake to wake, never day by day where nothing wakes. At each stop what is under way
//! leaves, then the debtor is decided and audited, as in a run.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::apply::{self, Leaving, UnderWay, is_over};
use super::{Action, ActionKind, Ground, Outlook, RefusedPlan, Standing, before, tell};
use crate::audit::departure::{check_departure, inside_hours, manners, not_too_soon};
use crate::audit::{Rules, audit};
use crate::calendar::{days_between, shift};
use crate::case::{Case, CaseState, PlaybookRef};
use crate::decide::{World, decide};
use crate::facts::{ContactMade, DebtorFacts, TenantFacts};
use crate::ids::{CaseId, ReceivableId};
use crate::plan::{Plan, Review, TaskKind};
use crate::promise::{Books, end_promises};
use crate::reason::{Reason, ReasonCode};

/// Wakes that a debtor may have on one day, on the average, before the looking is broken off: a case that is stopped
/// wakes once a day, a letter has three moments, and no debtor has many of these at once.
const WAKES_A_DAY: usize = 24;
/// Wakes that are free: everything that was due before may come at once.
const FREE_WAKES: usize = 200;
/// Contacts older than this matter to no gap and no ceiling.
const CONTACTS: SignedDuration = SignedDuration::from_hours(24 * 60);

/// A debtor on its way.
#[derive(Debug)]
pub struct Course {
    facts: DebtorFacts,
    now: Timestamp,
    began: Timestamp,
    wake: Option<Timestamp>,
    under_way: Vec<UnderWay>,
    ids: u128,
    wakes: usize,
    /// Cases that the last decision left to us: a dispute, a fault of ours, money without a place, books that are too old.
    ours: Vec<CaseId>,
    outlook: Outlook,
}

impl Course {
    fn new(mut facts: DebtorFacts, from: Timestamp) -> Self {
        // What is told of orders depends on what happens to them, which nobody knows ahead.
        facts.orders = Vec::new();
        Self {
            facts,
            now: from,
            began: from,
            wake: Some(from),
            under_way: Vec::new(),
            ids: 0,
            wakes: 0,
            ours: Vec::new(),
            outlook: Outlook::default(),
        }
    }

    /// A debtor as it stands, with its steps, letters and calls.
    pub fn going_on(mut facts: DebtorFacts, ground: &Ground<'_>) -> Self {
        for case in facts.receivables.iter_mut().filter_map(|item| item.case.as_mut()) {
            let is_tried = |playbook: &PlaybookRef| ground.assumptions.moved.contains(&playbook.id);
            if case.playbook.as_ref().is_some_and(is_tried) {
                case.playbook = None;
            }
        }
        // Sums that do not fit are met again by the decision, which says so.
        let under_way = before::under_way(&facts, ground).unwrap_or_default();
        let mut course = Self::new(facts, ground.from);
        for one in &under_way {
            if let UnderWay::Letter(leaving) = one
                && leaving.review != Review::Automatic
            {
                let waits = tell::letter(&course.facts, leaving, ActionKind::Approval, ground.from);
                course.outlook.actions.push(waits);
            }
        }
        course.under_way = under_way;
        course
    }

    /// A debtor whose cases all begin anew, whatever was done about them.
    pub fn afresh(recorded: DebtorFacts, from: Timestamp) -> Self {
        let mut recorded = recorded;
        recorded.contacts_made.clear();
        recorded.receivables.iter_mut().filter_map(|item| item.case.as_mut()).for_each(begin_anew);
        Self::new(recorded, from)
    }

    /// What was recorded meanwhile takes the place of what was known: money, promises, holds, disputes, people. What
    /// was done about it stays what this course did.
    pub fn learn(&mut self, mut recorded: DebtorFacts) {
        let mut own: Vec<(ReceivableId, Case)> = Vec::with_capacity(self.facts.receivables.len());
        for item in &mut self.facts.receivables {
            own.extend(item.case.take().map(|case| (item.receivable.id, case)));
        }
        for item in &mut recorded.receivables {
            let Some(case) = &mut item.case else {
                continue;
            };
            match own.iter().position(|(id, _)| *id == item.receivable.id) {
                Some(place) => {
                    *case = own.swap_remove(place).1;
                    if is_over(case.state) {
                        // Money can be taken back; the decision ends it again at once if it was not.
                        case.state = CaseState::Running;
                    }
                }
                None => begin_anew(case),
            }
        }
        recorded.contacts_made = std::mem::take(&mut self.facts.contacts_made);
        let since = self.now - CONTACTS;
        recorded.contacts_made.retain(|made| !made.is_done || made.at >= since);
        self.facts = recorded;
        self.wake = Some(self.now);
    }

    /// Goes on until `to`, which is not reached itself.
    pub fn advance(&mut self, to: Timestamp, ground: &Ground<'_>) {
        self.go(to, to, ground);
    }

    /// As [`Self::advance`] until the last of these moments, with a look at where the cases stand at each of them: `stand`
    /// gets its place and what stands where.
    pub fn advance_by(&mut self, moments: &[Timestamp], ground: &Ground<'_>, mut stand: impl FnMut(usize, Standing)) {
        let Some(last) = moments.last().copied() else {
            return;
        };
        for (nth, to) in moments.iter().copied().enumerate() {
            self.go(to, last, ground);
            stand(nth, self.standing());
        }
    }

    /// Goes on until `to`, on the way to `end`.
    fn go(&mut self, to: Timestamp, end: Timestamp, ground: &Ground<'_>) {
        while let Some(next) = self.next_stop().filter(|next| *next < to) {
            if self.outlook.cut_short.is_some() {
                return;
            }
            let days = (end.duration_since(self.began).as_hours() / 24).unsigned_abs() as usize + 1;
            if self.wakes >= FREE_WAKES + WAKES_A_DAY * days {
                self.outlook.cut_short = Some(self.now);
                return;
            }
            self.wakes += 1;
            self.now = self.now.max(next);
            let tenant = tenant_on(ground, self.now);
            self.do_what_is_due(&tenant, ground);
            self.decide(&tenant, ground);
        }
        self.now = self.now.max(to);
    }

    /// Where the cases stand now.
    pub fn standing(&self) -> Standing {
        tell::standing(&self.facts, &self.under_way, &self.ours)
    }

    /// What came of it.
    pub fn finish(mut self) -> Outlook {
        self.outlook.standing = self.standing();
        self.outlook.actions.sort_by_key(|action| action.at);
        self.outlook
    }

    /// What has come of it since the last time this was asked.
    pub fn take_actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.outlook.actions)
    }

    fn next_stop(&self) -> Option<Timestamp> {
        self.under_way.iter().map(UnderWay::at).chain(self.wake).min()
    }

    /// Letters leave and calls are made whose moment has come.
    fn do_what_is_due(&mut self, tenant: &TenantFacts, ground: &Ground<'_>) {
        let now = self.now;
        let (mut due, later): (Vec<_>, Vec<_>) = self.under_way.drain(..).partition(|one| one.at() <= now);
        self.under_way = later;
        due.sort_by_key(UnderWay::at);
        for one in due {
            match one {
                UnderWay::Call(calling) => {
                    self.outlook.actions.push(tell::call(&self.facts, &calling, now));
                    apply::called(&mut self.facts, &calling, now);
                }
                UnderWay::Letter(leaving) => self.leave(*leaving, tenant, ground),
            }
        }
    }

    /// The same checks as at the outbox: hours, gap, and whether it is still right.
    fn leave(&mut self, mut leaving: Leaving, tenant: &TenantFacts, ground: &Ground<'_>) {
        let rules = Rules { tenant, playbooks: ground.playbooks, countries: ground.countries };
        let (facts, now, letter) = (&self.facts, self.now, &leaving.letter);
        let window = manners(&letter.items, facts, &rules).window;
        let hours = inside_hours(facts, letter.contact_id, window, now, &rules);
        if let Err(later) = hours.and_then(|()| not_too_soon(letter, facts, now, &rules)) {
            leaving.at = later;
            self.under_way.push(UnderWay::Letter(Box::new(leaving)));
            return;
        }
        if leaving.is_planned && check_departure(letter, facts, now, &rules).is_err() {
            return apply::cancelled(&mut self.facts, &leaving.letter);
        }
        self.outlook.actions.push(tell::letter(&self.facts, &leaving, ActionKind::Letter, now));
        self.outlook.actions.extend(tell::beside(&self.facts, &leaving, ActionKind::Letter, now));
        apply::left(&mut self.facts, &leaving.letter, now);
    }

    fn decide(&mut self, tenant: &TenantFacts, ground: &Ground<'_>) {
        let now = self.now;
        let world = World::new(tenant, ground.playbooks, ground.countries, now);
        // As a run does before it decides: promises whose day is over end.
        let ended = end_promises(&mut self.facts, &Books::of(tenant, world.today));
        // A letter that has not left may leave at any moment from now on.
        let waits = |made: &&mut ContactMade| !made.is_done && made.letter_id.is_some();
        self.facts.contacts_made.iter_mut().filter(waits).for_each(|made| made.at = made.at.max(now));
        // Books of one debtor that are at odds are told of, as in a run, and everybody else's are looked at all the same.
        let plan = match ended.and_then(|()| decide(&self.facts, &world)) {
            Ok(plan) => plan,
            Err(error) => {
                let what = format!("nothing can be decided about {}: {error}", self.facts.party.number);
                return self.refuse(3, what);
            }
        };
        let rules = Rules { tenant, playbooks: ground.playbooks, countries: ground.countries };
        if let Err(refusal) = audit(&plan, &self.facts, &rules) {
            return self.refuse(refusal.invariant, refusal.what);
        }
        self.take_up(&plan, ground);
    }

    /// Nothing of a plan is carried out, and as in a run the debtor sleeps for a day. The same is said once.
    fn refuse(&mut self, invariant: u8, what: String) {
        let known = self.outlook.refusals.last().is_some_and(|last| last.what == what);
        if !known {
            self.outlook.refusals.push(RefusedPlan { at: self.now, invariant, what });
        }
        self.wake = Some(self.now + SignedDuration::from_hours(24));
    }

    fn take_up(&mut self, plan: &Plan, ground: &Ground<'_>) {
        let mut under_way = apply::take_up(&mut self.facts, plan, &mut self.ids);
        for one in &mut under_way {
            if let UnderWay::Letter(leaving) = one
                && leaving.review != Review::Automatic
            {
                self.outlook.actions.push(tell::letter(&self.facts, leaving, ActionKind::Approval, self.now));
                self.outlook.actions.extend(tell::beside(&self.facts, leaving, ActionKind::Approval, self.now));
                let yes = self.now + SignedDuration::from_hours(ground.assumptions.approval_hours);
                leaving.at = leaving.at.max(yes);
            }
        }
        self.under_way.append(&mut under_way);
        for task in plan.tasks.iter().filter(|task| task.kind != TaskKind::Call) {
            self.outlook.actions.push(tell::task(&self.facts, task, self.now));
        }
        let is_ours = |reason: &Reason| {
            matches!(
                reason.code,
                ReasonCode::GateDispute
                    | ReasonCode::GateUnmatchedMoney
                    | ReasonCode::GateStaleFacts
                    | ReasonCode::GateLostStatements
                    | ReasonCode::GateSellerFault
                    | ReasonCode::CaseNoPlaybook
            )
        };
        let ours = plan.cases.iter().filter(|case| case.reasons.iter().any(is_ours));
        self.ours = ours.map(|case| case.case_id).collect();
        let wakes = plan.cases.iter().filter(|case| !is_over(case.state)).filter_map(|case| case.next_wake);
        // A wake that does not lie ahead would find the same again.
        let an_hour = self.now + SignedDuration::from_hours(1);
        self.wake = wakes.min().map(|wake| if wake > self.now { wake } else { an_hour });
    }
}

fn begin_anew(case: &mut Case) {
    case.state = CaseState::Running;
    case.playbook = None;
    case.steps.clear();
    case.letter = None;
    case.task = None;
}

/// Statements go on coming as they did: the books stay as fresh, or as old, as they were at the beginning.
fn tenant_on<'a>(ground: &Ground<'a>, now: Timestamp) -> Cow<'a, TenantFacts> {
    let Some(mut statements) = ground.tenant.statements else {
        return Cow::Borrowed(ground.tenant);
    };
    let day = |at: Timestamp| ground.tenant.time_zone.to_datetime(at).date();
    statements.covered_to = shift(statements.covered_to, days_between(day(ground.from), day(now)));
    Cow::Owned(TenantFacts { statements: Some(statements), ..ground.tenant.clone() })
}
