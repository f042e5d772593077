//! One debtor, its firm and the people around it, on a clock of their own: what happens is recorded, the program looks
//! whenever something wakes it, letters leave with the same checks as at the outbox. [`super::judge`] looks at all that
//! leaves.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::books::{Books, Left, Truth};
use super::happening::Happening;
use super::judge::{Asked, Broken, Judge, Leaving};
use super::log::{Done, Line};
use super::orders::Message;
use super::people::{Fate, People};
use super::questions::is_question;
use crate::audit::departure::{check_departure, inside_hours, manners, not_too_soon};
use crate::audit::orders::WaitingOrderLetter;
use crate::audit::{Rules, audit};
use crate::calendar::countries::Countries;
use crate::calendar::shift;
use crate::case::{Case, CaseState, LetterState};
use crate::decide::{World as Sight, decide};
use crate::facts::{DebtorFacts, TenantFacts};
use crate::gate_facts::PromiseState;
use crate::ids::{CaseId, LetterId, OrderId};
use crate::lookahead::apply::{self, UnderWay};
use crate::money::Money;
use crate::plan::{Plan, PlannedLetter, PlannedTask, Review, TaskKind};
use crate::playbook::{Playbook, Playbooks};
use crate::reason::ReasonCode;

/// Contacts older than this matter to no gap and no ceiling.
const CONTACTS: SignedDuration = SignedDuration::from_hours(24 * 60);
/// Looks that the program may take on one day, on the average, beside those that a happening causes.
const LOOKS_A_DAY: usize = 24;

/// Something that lies on a person's desk.
#[derive(Debug, Clone)]
pub(super) enum Errand {
    /// A letter came back, or nobody knows: `left` says when it left, if it did.
    Settle { letter: Box<apply::Leaving>, left: Option<Timestamp> },
    /// A question about a case.
    Answer(CaseId),
    /// A call or another task about an order.
    AboutOrder(CaseId),
    /// The time in which the buyer confirms the receipt has to be made longer.
    MoreTime(OrderId),
    /// As `Settle`, of a message about an order.
    SettleMessage { letter: Box<WaitingOrderLetter>, left: Option<Timestamp> },
}

/// The database as it was at a moment.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub at: Timestamp,
    pub facts: DebtorFacts,
    pub books: Books,
    pub under_way: Vec<UnderWay>,
    pub messages: Vec<Message>,
    pub desk: Vec<(Timestamp, Errand)>,
}

/// Everything there is.
#[derive(Debug)]
pub struct World<'p> {
    pub facts: DebtorFacts,
    pub tenant: TenantFacts,
    pub log: Vec<Line>,
    pub(super) playbooks: &'p Playbooks,
    pub(super) people: People,
    pub(super) now: Timestamp,
    pub(super) began: Timestamp,
    pub(super) wake: Option<Timestamp>,
    pub(super) under_way: Vec<UnderWay>,
    /// About orders and parcels.
    pub(super) messages: Vec<Message>,
    pub(super) desk: Vec<(Timestamp, Errand)>,
    pub(super) ids: u128,
    pub(super) looks: usize,
    pub(super) happened: usize,
    pub(super) off_until: Option<Timestamp>,
    pub(super) no_statements_until: Option<Date>,
    pub(super) no_calls_until: Option<Timestamp>,
    pub(super) books: Books,
    pub(super) truth: Truth,
    /// What was recorded lately, as exactly as the bank tells it: for a restore.
    pub(super) lately: VecDeque<Happening>,
    pub(super) again: Vec<Happening>,
    /// `None`: nobody restores anything, so none are taken.
    pub(super) snapshots: Option<VecDeque<Snapshot>>,
}

impl<'p> World<'p> {
    pub fn new(
        facts: DebtorFacts,
        tenant: TenantFacts,
        playbooks: &'p Playbooks,
        people: People,
        from: Timestamp,
    ) -> Self {
        Self {
            facts,
            tenant,
            log: Vec::new(),
            playbooks,
            people,
            now: from,
            began: from,
            wake: None,
            under_way: Vec::new(),
            messages: Vec::new(),
            desk: Vec::new(),
            ids: 0,
            looks: 0,
            happened: 0,
            off_until: None,
            no_statements_until: None,
            no_calls_until: None,
            books: Books::default(),
            truth: Truth::default(),
            lately: VecDeque::new(),
            again: Vec::new(),
            snapshots: None,
        }
    }

    /// Keeps the database of every day, so that one can be restored.
    pub fn keep_snapshots(&mut self) {
        self.snapshots = Some(VecDeque::new());
    }

    /// Goes on until `to`, which is not reached itself.
    pub fn advance(&mut self, to: Timestamp) -> Result<(), Broken> {
        while let Some(next) = self.next_stop() {
            let mut stop = next.max(self.now);
            if let Some(off) = self.off_until.filter(|off| stop < *off) {
                stop = off;
            }
            if stop >= to {
                break;
            }
            self.now = stop;
            self.off_until = None;
            let days = (self.now.duration_since(self.began).as_hours() / 24).unsigned_abs() as usize;
            if self.looks > LOOKS_A_DAY * (days + 10) + 4 * self.happened {
                return self.broken("wakes", format!("{} looks in {days} days", self.looks));
            }
            self.stop()?;
        }
        self.now = self.now.max(to);
        Ok(())
    }

    /// Records something, takes back what is not right any more, and looks.
    pub fn happen(&mut self, happening: &Happening) -> Result<(), Broken> {
        self.advance(happening.at)?;
        self.happened += 1;
        self.record(&happening.what);
        self.cancel_wrong_letters();
        if self.off_until.is_none_or(|off| off <= self.now) { self.stop() } else { Ok(()) }
    }

    fn next_stop(&self) -> Option<Timestamp> {
        let under_way = self.under_way.iter().map(UnderWay::at).chain(self.messages.iter().map(|message| message.at));
        let desk = self.desk.iter().map(|(at, _)| *at);
        under_way.chain(desk).chain(self.again.iter().map(|again| again.at)).chain(self.wake).min()
    }

    pub(super) fn today(&self) -> Date {
        self.tenant.time_zone.to_datetime(self.now).date()
    }

    fn stop(&mut self) -> Result<(), Broken> {
        self.read_statements();
        let now = self.now;
        let (due, later): (Vec<_>, Vec<_>) = self.again.drain(..).partition(|again| again.at <= now);
        self.again = later;
        for again in due {
            self.record_again(&again.what);
        }
        self.keep_snapshot();
        let (due, later): (Vec<_>, Vec<_>) = self.desk.drain(..).partition(|(at, _)| *at <= now);
        self.desk = later;
        for (_, errand) in due {
            self.settle(errand);
        }
        self.cancel_wrong_letters();
        let (mut due, later): (Vec<_>, Vec<_>) = self.under_way.drain(..).partition(|one| one.at() <= now);
        self.under_way = later;
        due.sort_by_key(UnderWay::at);
        for one in due {
            match one {
                UnderWay::Letter(leaving) => self.leave(*leaving)?,
                UnderWay::Call(calling) => self.call(calling)?,
            }
        }
        self.leave_messages()?;
        self.look()
    }

    /// Statements come every night, to the evening before.
    pub(super) fn read_statements(&mut self) {
        let yesterday = shift(self.today(), -1);
        let comes = self.no_statements_until.is_none_or(|until| yesterday >= until);
        if let Some(statements) = self.tenant.statements.as_mut().filter(|_| comes) {
            statements.covered_to = yesterday;
            self.books.covered_to = Some(yesterday);
        }
    }

    fn keep_snapshot(&mut self) {
        let Some(snapshots) = &mut self.snapshots else { return };
        let a_day = SignedDuration::from_hours(24);
        if snapshots.back().is_some_and(|last| self.now.duration_since(last.at) < a_day) {
            return;
        }
        if snapshots.len() > 14 {
            snapshots.pop_front();
        }
        snapshots.push_back(Snapshot {
            at: self.now,
            facts: self.facts.clone(),
            books: self.books.clone(),
            under_way: self.under_way.clone(),
            messages: self.messages.clone(),
            desk: self.desk.clone(),
        });
    }

    pub(super) fn broken<T>(&self, rule: &'static str, what: impl Into<String>) -> Result<T, Broken> {
        Err(Broken { rule, what: what.into(), at: self.now })
    }

    pub(super) fn debt_of(&self, id: CaseId) -> Option<usize> {
        self.facts.receivables.iter().position(|item| item.case.as_ref().is_some_and(|case| case.id == id))
    }

    pub(super) fn case(&mut self, id: CaseId) -> Option<&mut Case> {
        self.facts.receivables.iter_mut().filter_map(|item| item.case.as_mut()).find(|case| case.id == id)
    }

    pub(super) fn playbook_of(&self, id: CaseId) -> Option<&'p Playbook> {
        let case = self.facts.receivables.iter().filter_map(|item| item.case.as_ref()).find(|case| case.id == id)?;
        self.playbooks.by_reference(case.playbook.as_ref()?)
    }

    pub(super) fn numbers(&self, ids: impl Iterator<Item = CaseId>) -> Vec<String> {
        ids.filter_map(|id| self.debt_of(id)).map(|debt| format!("R-{}", debt + 1)).collect()
    }

    /// What waits and is wrong by now is taken back at once, as after every payment, hold, promise and dispute.
    fn cancel_wrong_letters(&mut self) {
        let rules = Rules { tenant: &self.tenant, playbooks: self.playbooks, countries: Countries::shipped() };
        let mut wrong: Vec<apply::Leaving> = Vec::new();
        let (facts, now) = (&self.facts, self.now);
        self.under_way.retain(|one| match one {
            UnderWay::Letter(leaving) if check_departure(&leaving.letter, facts, now, &rules).is_err() => {
                wrong.push((**leaving).clone());
                false
            }
            _ => true,
        });
        for leaving in wrong {
            self.cancel(&leaving);
        }
    }

    fn cancel(&mut self, leaving: &apply::Leaving) {
        if is_question(&leaving.letter) {
            return self.withdraw(leaving);
        }
        apply::cancelled(&mut self.facts, &leaving.letter);
        self.tell(Done::Cancelled, leaving);
    }

    pub(super) fn tell(&mut self, done: Done, leaving: &apply::Leaving) {
        let items = &leaving.letter.items;
        let Some(lead) = items.first() else { return };
        let contact = self.facts.contacts.iter().find(|contact| contact.id == leaving.letter.contact_id);
        let asked = items.iter().map(|item| item.pressed.minor).sum();
        let line = Line::new(self.now, done, lead.step.clone(), self.numbers(items.iter().map(|item| item.case_id)));
        self.log.push(Line {
            channel: Some(leaving.letter.channel),
            role: contact.map(|contact| contact.role),
            review: Some(leaving.review),
            asked: Some(Money::new(asked, lead.pressed.currency)),
            level: Some(leaving.level),
            statement: leaving.statement,
            beside: leaving.beside.iter().map(|beside| beside.role).collect(),
            ..line
        });
    }

    /// As at the outbox: hours, gap, and whether it is still right.
    fn leave(&mut self, mut leaving: apply::Leaving) -> Result<(), Broken> {
        let now = self.now;
        let rules = Rules { tenant: &self.tenant, playbooks: self.playbooks, countries: Countries::shipped() };
        let letter = &leaving.letter;
        let window = manners(&letter.items, &self.facts, &rules).window;
        let hours = inside_hours(&self.facts, letter.contact_id, window, now, &rules);
        let soon = hours.and_then(|()| not_too_soon(letter, &self.facts, now, &rules));
        if let Err(later) = soon {
            leaving.at = later;
            self.under_way.push(UnderWay::Letter(Box::new(leaving)));
            return Ok(());
        }
        if check_departure(letter, &self.facts, now, &rules).is_err() {
            self.cancel(&leaving);
            return Ok(());
        }
        if is_question(&leaving.letter) {
            return self.ask_now(&leaving);
        }
        let was_restored = self.tenant.restored_at.is_some();
        if was_restored && leaving.review != Review::Automatic && self.has_left(&leaving) {
            // Whoever is asked looks it up: it went out in the time that the restore lost.
            apply::left(&mut self.facts, &leaving.letter, now);
            self.note_steps(&leaving);
            return Ok(());
        }
        match self.people.fate(now) {
            Fate::Sent => {
                self.judge_letter(&leaving)?;
                self.record_left(&leaving);
                apply::left(&mut self.facts, &leaving.letter, now);
                self.tell(Done::Letter, &leaving);
            }
            Fate::Failed => {
                self.stays(&leaving, LetterState::Failed);
                self.tell(Done::Failed, &leaving);
                let errand = Errand::Settle { letter: Box::new(leaving), left: None };
                self.desk.push((self.people.desk(now), errand));
            }
            Fate::Uncertain { left } => {
                if left {
                    self.judge_letter(&leaving)?;
                    self.record_left(&leaving);
                }
                self.stays(&leaving, LetterState::Uncertain);
                self.tell(Done::Uncertain, &leaving);
                let errand = Errand::Settle { letter: Box::new(leaving), left: left.then_some(now) };
                self.desk.push((self.people.desk(now), errand));
            }
        }
        Ok(())
    }

    /// Whether any of its steps has reached the buyer before.
    fn has_left(&self, leaving: &apply::Leaving) -> bool {
        let mut items = leaving.letter.items.iter();
        items.any(|item| self.debt_of(item.case_id).is_some_and(|debt| self.truth.has_left(debt, &item.step)))
    }

    fn stays(&mut self, leaving: &apply::Leaving, state: LetterState) {
        for item in &leaving.letter.items {
            let open = self.case(item.case_id).and_then(|case| case.letter.as_mut());
            if let Some(open) = open.filter(|open| open.id == leaving.letter.id) {
                open.state = state;
            }
        }
    }

    fn record_left(&mut self, leaving: &apply::Leaving) {
        self.truth.left.push(Left { at: self.now, is_pressing: leaving.letter.purpose.asks_for_money() });
        for item in &leaving.letter.items {
            if let Some(debt) = self.debt_of(item.case_id) {
                self.truth.steps.push((debt, item.step.clone()));
            }
        }
        self.note_steps(leaving);
    }

    fn note_steps(&mut self, leaving: &apply::Leaving) {
        for item in &leaving.letter.items {
            if let Some(account) = self.debt_of(item.case_id).and_then(|debt| self.books.accounts.get_mut(debt)) {
                account.steps.push((item.step.clone(), item.level));
            }
        }
    }

    pub(super) fn judge(&self) -> Judge<'_> {
        Judge { books: &self.books, truth: &self.truth, facts: &self.facts, tenant: &self.tenant }
    }

    fn judge_letter(&self, leaving: &apply::Leaving) -> Result<(), Broken> {
        let mut asked = Vec::with_capacity(leaving.letter.items.len());
        for item in &leaving.letter.items {
            let playbook = self.playbook_of(item.case_id);
            let known = playbook.and_then(|playbook| Some((playbook, playbook.step(&item.step)?)));
            let (Some(debt), Some((playbook, step))) = (self.debt_of(item.case_id), known) else {
                return self.broken("step", format!("{} is no step of its case", item.step));
            };
            asked.push(Asked { debt, playbook, step, pressed: item.pressed });
        }
        let letter = &leaving.letter;
        let contact = self.facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
        let approvals = leaving.review.persons();
        let (at, purpose, channel) = (self.now, letter.purpose, letter.channel);
        self.judge().judge(&Leaving { at, purpose, channel, contact, asked, approvals })
    }

    fn settle(&mut self, errand: Errand) {
        match errand {
            Errand::AboutOrder(id) => self.order_task_done(id),
            Errand::MoreTime(id) => self.give_more_time(id),
            Errand::SettleMessage { letter, left } => self.settle_message(&letter, left),
            Errand::Answer(id) => {
                if let Some(case) = self.case(id) {
                    case.task = None;
                }
            }
            Errand::Settle { letter, left: Some(at) } => apply::left(&mut self.facts, &letter.letter, at),
            Errand::Settle { letter, left: None } => self.cancel(&letter),
        }
    }

    /// The program looks: decides, proves, takes up. A second look at the same moment finds nothing more.
    fn look(&mut self) -> Result<(), Broken> {
        self.looks += 1;
        let (now, today) = (self.now, self.today());
        // Nobody has broken a word of which the statements do not tell yet.
        let told = self.tenant.statements.map_or(today, |age| shift(age.covered_to, 1).min(today));
        let last_good_day = shift(told, -self.tenant.promise_margin_days);
        let open = self.facts.promises.iter_mut().filter(|promise| promise.state == PromiseState::Open);
        open.filter(|promise| promise.pay_on < last_good_day).for_each(|p| p.state = PromiseState::Broken);
        self.facts.contacts_made.retain(|made| !made.is_done || made.at >= now - CONTACTS);
        for made in self.facts.contacts_made.iter_mut().filter(|made| !made.is_done && made.letter_id.is_some()) {
            made.at = made.at.max(now);
        }
        let plan = self.decided()?;
        let mut under_way = apply::take_up(&mut self.facts, &plan, &mut self.ids);
        for one in &mut under_way {
            match one {
                UnderWay::Letter(leaving) if leaving.review != Review::Automatic => {
                    leaving.at = leaving.at.max(self.people.yes(now));
                    let leaving = (**leaving).clone();
                    self.tell(Done::Approval, &leaving);
                }
                UnderWay::Letter(_) => {}
                UnderWay::Call(calling) => {
                    calling.at = calling.at.max(self.people.call(now));
                    // Who is slow to call keeps nothing waiting: the ladder takes it as said.
                    let debt = self.debt_of(calling.case_id);
                    if let Some(account) = debt.and_then(|debt| self.books.accounts.get_mut(debt)) {
                        account.steps.push((calling.step.clone(), calling.level));
                    }
                }
            }
        }
        self.under_way.append(&mut under_way);
        self.take_tasks(&plan);
        let order_wake = self.take_up_orders(&plan.orders);
        // Work of ours is taken as done at once here, so that the step after it may be due already.
        let is_ours = plan.tasks.iter().any(|task| task.kind == TaskKind::Do);
        if !is_ours && (!plan.letters.is_empty() || !plan.tasks.is_empty() || !plan.orders.letters.is_empty()) {
            let second = self.decided()?;
            self.no_second_message(&plan, &second)?;
            // A call counts as a step at once, so that the step after it may find that nobody can be written to.
            let asked = |case| plan.tasks.iter().any(|task| task.kind == TaskKind::FindContact && task.case_id == case);
            // Work of ours that waited behind a quiet letter is no second word to the buyer.
            let is_more = |task: &&PlannedTask| match task.kind {
                TaskKind::FindContact => asked(task.case_id),
                TaskKind::Do => false,
                _ => true,
            };
            // News of the ladder may follow a call of a route; two letters at once may not.
            let is_second = |letter: &PlannedLetter| !plan.letters.is_empty() || letter.purpose.asks_for_money();
            if second.letters.iter().any(is_second) || second.tasks.iter().any(|task| is_more(&task)) {
                let (letters, tasks) = (&second.letters, &second.tasks);
                let first = format!("after {:?} {:?}", plan.letters, plan.tasks);
                return self.broken("twice", format!("a second look finds {letters:?} {tasks:?} {first}"));
            }
        }
        self.all_go_on(&plan)?;
        let wakes = plan.cases.iter().filter_map(|case| case.next_wake).chain(order_wake);
        let an_hour = now + SignedDuration::from_hours(1);
        self.wake = wakes.min().map(|wake| wake.max(an_hour));
        Ok(())
    }

    fn decided(&self) -> Result<Plan, Broken> {
        let sight = Sight::new(&self.tenant, self.playbooks, Countries::shipped(), self.now);
        let plan = match decide(&self.facts, &sight) {
            Ok(plan) => plan,
            Err(error) => return self.broken("sums", error.to_string()),
        };
        let rules = Rules { tenant: &self.tenant, playbooks: self.playbooks, countries: Countries::shipped() };
        match audit(&plan, &self.facts, &rules) {
            Ok(()) => Ok(plan),
            Err(refusal) => self.broken("refused", format!("the audit refuses a plan: {refusal}")),
        }
    }

    fn take_tasks(&mut self, plan: &Plan) {
        for task in plan.tasks.iter().filter(|task| task.kind != TaskKind::Call) {
            let number = self.numbers(std::iter::once(task.case_id));
            if let (TaskKind::Do, Some(step)) = (task.kind, &task.step) {
                if let Some(account) = self.debt_of(task.case_id).and_then(|debt| self.books.accounts.get_mut(debt)) {
                    account.steps.push((step.clone(), task.level));
                }
                self.log.push(Line::new(self.now, Done::Work, step.clone(), number));
            } else {
                // Who looks for a person to write to does so until one is known.
                let longer = if task.kind == TaskKind::FindContact { 24 * 30 } else { 0 };
                let at = self.people.desk(self.now) + SignedDuration::from_hours(longer);
                self.desk.push((at, Errand::Answer(task.case_id)));
                self.log.push(Line::new(self.now, Done::Task, task.kind.code(), number));
            }
        }
        for case in plan.cases.iter().filter(|case| apply::is_over(case.state)) {
            let gate = case.reasons.iter().map(|reason| reason.code.code()).find(|code| code.starts_with("gate."));
            let why: Arc<str> = gate.unwrap_or(case.state.code()).into();
            self.log.push(Line::new(self.now, Done::Closed, why, self.numbers(std::iter::once(case.case_id))));
        }
    }

    /// Every case ends, rests with a person, or has something that wakes it.
    fn all_go_on(&self, plan: &Plan) -> Result<(), Broken> {
        for planned in &plan.cases {
            let item = self.debt_of(planned.case_id).map(|debt| &self.facts.receivables[debt]);
            let Some(case) = item.and_then(|item| item.case.as_ref()) else { continue };
            let awaits = planned.reasons.iter().any(|reason| reason.code == ReasonCode::CaseAwaitsTrigger);
            let waits = case.letter.is_some() || case.steps.iter().any(|step| step.done_at.is_none() && !step.voided);
            let rests = planned.state != CaseState::Running;
            if !(rests || awaits || waits || planned.next_wake.is_some()) {
                let codes: Vec<&str> = planned.reasons.iter().map(|reason| reason.code.code()).collect();
                return self.broken("asleep", format!("a case nobody wakes: {codes:?}"));
            }
        }
        Ok(())
    }

    /// The restore put it back into the outbox; whoever looks it up knows whether it left.
    pub(super) fn settle_restored(&mut self, under_way: Vec<UnderWay>) {
        for one in under_way {
            match one {
                UnderWay::Letter(leaving) if self.has_left(&leaving) => {
                    apply::left(&mut self.facts, &leaving.letter, self.now);
                    self.note_steps(&leaving);
                }
                UnderWay::Letter(leaving) => self.cancel(&leaving),
                UnderWay::Call(calling) => self.drop_call(&calling),
            }
        }
    }

    /// The letters that are under way, by their ids.
    pub fn waiting(&self) -> Vec<LetterId> {
        let letter = |one: &UnderWay| match one {
            UnderWay::Letter(leaving) => Some(leaving.letter.id),
            UnderWay::Call(_) => None,
        };
        self.under_way.iter().filter_map(letter).collect()
    }
}
