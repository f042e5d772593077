//! Orders and parcels in a storm: what is told of them, the messages that leave, and the judgement of these by the storm's
//! own books. Told twice, late or after a restore once more, nobody hears the same thing twice.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::happening::What;
use super::judge::{Broken, Visit};
use super::log::{Done, Line};
use super::people::Fate;
use super::world::{Errand, World};
use crate::audit::Rules;
use crate::audit::departure::inside_hours;
use crate::audit::orders::{OrderStop, WaitingOrderLetter, check_order_departure};
use crate::calendar::countries::Countries;
use crate::calendar::shift;
use crate::case::{Case, CaseState, Entry, LetterState, Subject};
use crate::facts::orders::{OrderFacts, Parcel, ReceiptExtended};
use crate::ids::{AskId, CaseId, OrderId, ShipmentId};
use crate::letter::Purpose;
use crate::lookahead::orders::{cancelled, left, reopen, take_up};
use crate::money::Money;
use crate::order::OrderSource;
use crate::order::asks::{AskKind, OrderAsk};
use crate::order::story::{OrderNews, OrderStory, OrderWord};
use crate::plan::orders::OrderPlan;
use crate::plan::{Plan, TaskKind};
use crate::playbook::{Autonomy, Window};
use crate::shipment::journey::{Journey, TrackingEvent, TrackingUpdate};
use crate::shipment::status::TrackingStatus;
use crate::shipment::transit::{Basis, ExpectedDays};

/// An order as history tells it.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Cancelled, closed or completed.
    pub is_over: bool,
    /// A part of it at least has left.
    pub has_left: bool,
    pub in_dispute: bool,
    /// The buyer was given more time to confirm the receipt.
    pub has_more_time: bool,
}

/// So many days are given.
const MORE_DAYS: u16 = 14;

impl Account {
    fn hear(&mut self, word: OrderWord) {
        match word {
            OrderWord::Cancelled | OrderWord::Closed | OrderWord::Completed => self.is_over = true,
            OrderWord::PartShipped | OrderWord::Shipped | OrderWord::Delivered => self.has_left = true,
            OrderWord::InDispute => self.in_dispute = true,
            _ => {}
        }
        // Whatever else is told of where it stands ends a dispute; what lies in stock says nothing of it.
        let is_stock = matches!(word, OrderWord::InStock | OrderWord::OutOfStock);
        self.in_dispute &= is_stock || word == OrderWord::InDispute || word == OrderWord::Frozen;
    }
}

/// The place of an order, and that of the parcel where a message is about one: a restore changes ids, not these.
pub type Place = (usize, Option<usize>);

/// A message about an order between its decision and its departure.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub at: Timestamp,
    pub letter: WaitingOrderLetter,
}

impl World<'_> {
    /// Something was told of an order; `None` when nobody would hear of it again.
    pub(super) fn told(&mut self, what: &What) -> Option<What> {
        let now = self.now;
        let exactly = match what {
            What::Orders { total, at } => {
                let placed = at.unwrap_or(now);
                self.order(*total, placed);
                What::Orders { total: *total, at: Some(placed) }
            }
            What::OrderNews { order, word, at } => {
                let at = at.unwrap_or(now);
                self.facts.orders.get_mut(*order)?.story.hear(OrderNews { at, word: *word, why: None });
                self.books.orders.get_mut(*order)?.hear(*word);
                What::OrderNews { order: *order, word: *word, at: Some(at) }
            }
            What::ParcelLeaves { order, at } => {
                let at = at.unwrap_or(now);
                self.hand_over(*order, at)?;
                What::ParcelLeaves { order: *order, at: Some(at) }
            }
            What::Scanned { order, status, at } => {
                let at = at.unwrap_or(now);
                self.scan(*order, *status, at)?;
                What::Scanned { order: *order, status: *status, at: Some(at) }
            }
            What::OrderAsks { order, kind, at } => {
                let at = at.unwrap_or(now);
                self.ask_about(*order, *kind, at)?;
                What::OrderAsks { order: *order, kind: *kind, at: Some(at) }
            }
            What::OrderAnswered { order } => {
                self.facts.orders.get_mut(*order)?.asks.iter_mut().for_each(|ask| ask.settled = true);
                What::OrderAnswered { order: *order }
            }
            _ => return None,
        };
        reopen(&mut self.facts);
        Some(exactly)
    }

    fn new_case(&mut self) -> Case {
        self.ids += 1;
        Case {
            id: CaseId(2_000_000 + self.ids),
            state: CaseState::Running,
            playbook: None,
            started_at: self.now,
            entry: Entry::Standard,
            steps: Vec::new(),
            letter: None,
            task: None,
        }
    }

    fn order(&mut self, total: Money, placed: Timestamp) {
        let nth = self.facts.orders.len();
        let mut story = OrderStory::default();
        story.hear(OrderNews { at: placed, word: OrderWord::Placed, why: None });
        let case = self.new_case();
        let in_days = |days: i64| placed + SignedDuration::from_hours(24 * days);
        self.facts.orders.push(OrderFacts {
            id: OrderId(700 + nth as u128),
            number: format!("81{nth:04}"),
            source: OrderSource::Marketplace,
            total,
            goes_to: self.facts.party.country.clone(),
            placed_at: Some(placed),
            story,
            ship_by: Some(in_days(9)),
            protection_ends: Some(in_days(75).to_zoned(self.tenant.time_zone.clone()).date()),
            goods: Vec::new(),
            has_similar: nth.is_multiple_of(2),
            parcels: Vec::new(),
            former_parcels: Vec::new(),
            asks: Vec::new(),
            holds: Vec::new(),
            receipt_extended: None,
            synced_at: None,
            case: Some(case),
        });
        self.books.orders.push(Account::default());
    }

    fn hand_over(&mut self, order: usize, at: Timestamp) -> Option<()> {
        let case = self.new_case();
        let parcels = &mut self.facts.orders.get_mut(order)?.parcels;
        let nth = parcels.len();
        parcels.push(Parcel {
            id: ShipmentId((order * 100 + nth) as u128 + 1),
            carrier: "yunexpress".to_string(),
            number: format!("YT{order:04}{nth:02}"),
            replaces: None,
            shipped_at: Some(at),
            expected: Some(ExpectedDays { from: 8, to: 20, basis: Basis::Typical }),
            journey: Journey::default(),
            case: Some(case),
        });
        Some(())
    }

    /// Of the parcel that left last.
    fn scan(&mut self, order: usize, status: TrackingStatus, at: Timestamp) -> Option<()> {
        let parcel = self.facts.orders.get_mut(order)?.parcels.last_mut()?;
        let event = TrackingEvent {
            at,
            status: Some(status),
            word: String::new(),
            description: String::new(),
            location: String::new(),
            carrier_key: None,
        };
        let number = parcel.number.clone();
        parcel.journey.take_in(&TrackingUpdate {
            number,
            carrier_key: None,
            tag: None,
            report: None,
            events: vec![event],
        });
        Some(())
    }

    fn ask_about(&mut self, order: usize, kind: AskKind, raised_at: Timestamp) -> Option<()> {
        self.ids += 1;
        let id = AskId(self.ids);
        let asks = &mut self.facts.orders.get_mut(order)?.asks;
        asks.push(OrderAsk { id, kind, raised_at, holds_dispatch: true, settled: false });
        Some(())
    }

    /// Takes up what is planned about orders; gives the moment of the next look.
    pub(super) fn take_up_orders(&mut self, plan: &OrderPlan) -> Option<Timestamp> {
        let now = self.now;
        for (at, letter) in take_up(&mut self.facts, plan, now, &mut self.ids) {
            let open = self.facts.order_case_mut(letter.about.case_id).and_then(|case| case.letter);
            let is_seen = open.is_some_and(|open| open.state == LetterState::Review);
            let at = if is_seen { at.max(self.people.yes(now)) } else { at };
            self.messages.push(Message { at, letter });
        }
        for task in &plan.tasks {
            let done = if task.takes_step() { Done::Work } else { Done::Task };
            self.log.push(Line::new(now, done, task.about.step.clone(), Vec::new()));
            if task.kind != TaskKind::Do {
                let at = self.people.desk(now) + SignedDuration::from_hours(24);
                self.desk.push((at, Errand::AboutOrder(task.about.case_id)));
            }
        }
        plan.cases.iter().filter_map(|case| case.next_wake).min()
    }

    /// The task about an order is done, the call was made.
    pub(super) fn order_task_done(&mut self, id: CaseId) {
        let now = self.now;
        let Some(case) = self.facts.order_case_mut(id) else { return };
        case.task = None;
        if case.letter.is_none() {
            case.steps.iter_mut().filter(|step| step.done_at.is_none()).for_each(|step| step.done_at = Some(now));
        }
    }

    /// A second look may find more work of ours, and no second message about the same case.
    pub(super) fn no_second_message(&self, first: &Plan, second: &Plan) -> Result<(), Broken> {
        for letter in &second.orders.letters {
            let same = |known: &crate::plan::orders::OrderLetter| known.about.case_id == letter.about.case_id;
            if first.orders.letters.iter().any(same) {
                return self.broken("twice", format!("a second look finds {} again", letter.about.step));
            }
        }
        Ok(())
    }

    /// As at the outbox: hours, whether it is still right, and whether the marketplace was asked within minutes.
    pub(super) fn leave_messages(&mut self) -> Result<(), Broken> {
        let now = self.now;
        let (due, later): (Vec<_>, Vec<_>) = self.messages.drain(..).partition(|message| message.at <= now);
        self.messages = later;
        for message in due {
            self.leave_message(message)?;
        }
        Ok(())
    }

    fn leave_message(&mut self, mut message: Message) -> Result<(), Broken> {
        let now = self.now;
        let letter = &message.letter;
        let rules = Rules { tenant: &self.tenant, playbooks: self.playbooks, countries: Countries::shipped() };
        let window = self.playbooks.by_reference(&letter.about.playbook).map_or(Window::Office, |known| known.window);
        if let Err(later) = inside_hours(&self.facts, letter.contact_id, window, now, &rules) {
            message.at = later;
            self.messages.push(message);
            return Ok(());
        }
        let mut right = check_order_departure(letter, &self.facts, now, &rules);
        if right == Err(OrderStop::ReadAgain) {
            // With its own order those that it names; of the others nothing depends on when they were read.
            self.facts.orders.iter_mut().for_each(|order| order.synced_at = Some(now));
            right = check_order_departure(letter, &self.facts, now, &rules);
        }
        if matches!(right, Err(OrderStop::NotYet(_))) {
            // It waits until somebody has given the buyer more time, or until its own time is over.
            let order = letter.about.order_id;
            if !self.desk.iter().any(|(_, errand)| matches!(errand, Errand::MoreTime(known) if *known == order)) {
                self.desk.push((self.people.desk(now), Errand::MoreTime(order)));
            }
            message.at = now + SignedDuration::from_hours(1);
            self.messages.push(message);
            return Ok(());
        }
        if right.is_err() {
            cancelled(&mut self.facts, letter);
            self.tell_message(Done::Cancelled, letter.clone());
            return Ok(());
        }
        let Some(place) = self.place_of(letter.about.subject) else {
            return self.broken("order", format!("{} is about no order", letter.about.step));
        };
        let open = self.facts.order_case_mut(letter.about.case_id).and_then(|case| case.letter);
        let is_seen = open.is_some_and(|open| open.state == LetterState::Review);
        if is_seen && self.tenant.restored_at.is_some() && self.truth.has_told(place, &letter.about.step) {
            // Whoever is asked looks it up: it went out in the time that the restore lost.
            left(&mut self.facts, letter, now);
            return Ok(());
        }
        let fate = self.people.fate(now);
        if !matches!(fate, Fate::Failed | Fate::Uncertain { left: false }) {
            self.judge_message(letter, place, is_seen)?;
            self.truth.told.push((place, letter.about.step.clone()));
        }
        let letter = message.letter;
        let (state, done) = match fate {
            Fate::Sent => {
                left(&mut self.facts, &letter, now);
                self.tell_message(Done::Letter, letter);
                return Ok(());
            }
            Fate::Failed => (LetterState::Failed, Done::Failed),
            Fate::Uncertain { .. } => (LetterState::Uncertain, Done::Uncertain),
        };
        if let Some(open) = self.facts.order_case_mut(letter.about.case_id).and_then(|case| case.letter.as_mut()) {
            open.state = state;
        }
        let was_sent = matches!(fate, Fate::Uncertain { left: true });
        self.tell_message(done, letter.clone());
        let errand = Errand::SettleMessage { letter: Box::new(letter), left: was_sent.then_some(now) };
        self.desk.push((self.people.desk(now), errand));
        Ok(())
    }

    pub(super) fn settle_message(&mut self, letter: &WaitingOrderLetter, at: Option<Timestamp>) {
        match at {
            Some(at) => left(&mut self.facts, letter, at),
            None => cancelled(&mut self.facts, letter),
        }
    }

    /// The marketplace gives the buyer more time to confirm the receipt.
    pub(super) fn give_more_time(&mut self, id: OrderId) {
        let Some(place) = self.facts.orders.iter().position(|order| order.id == id) else { return };
        let order = &mut self.facts.orders[place];
        order.protection_ends = order.protection_ends.map(|end| shift(end, i32::from(MORE_DAYS)));
        order.receipt_extended = Some(ReceiptExtended { days: MORE_DAYS, until: order.protection_ends, at: self.now });
        if let Some(account) = self.books.orders.get_mut(place) {
            account.has_more_time = true;
        }
        reopen(&mut self.facts);
    }

    /// The restore put them back into the outbox; whoever looks them up knows whether they left.
    pub(super) fn settle_restored_messages(&mut self, messages: Vec<Message>) {
        for message in messages {
            let place = self.place_of(message.letter.about.subject);
            let was_sent = place.is_some_and(|place| self.truth.has_told(place, &message.letter.about.step));
            self.settle_message(&message.letter, was_sent.then_some(self.now));
        }
    }

    fn place_of(&self, subject: Subject) -> Option<Place> {
        let (order, parcel) = self.facts.order_of(subject)?;
        let nth = self.facts.orders.iter().position(|known| known.id == order.id)?;
        Some((nth, parcel.and_then(|parcel| order.parcels.iter().position(|known| known.id == parcel.id))))
    }

    fn tell_message(&mut self, done: Done, letter: WaitingOrderLetter) {
        let order = self.place_of(letter.about.subject).map(|(order, _)| format!("O-{}", order + 1));
        let line = Line::new(self.now, done, letter.about.step, order.into_iter().collect());
        let contact = self.facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
        self.log.push(Line { channel: Some(letter.channel), role: contact.map(|contact| contact.role), ..line });
    }

    fn judge_message(&self, letter: &WaitingOrderLetter, place: Place, is_seen: bool) -> Result<(), Broken> {
        let step_name: &Arc<str> = &letter.about.step;
        let (number, at) = (place.0 + 1, self.now);
        let playbook = self.playbooks.by_reference(&letter.about.playbook);
        let step = playbook.and_then(|playbook| playbook.step(step_name.split('/').nth(1)?));
        let (Some(playbook), Some(step), Some(account)) = (playbook, step, self.books.orders.get(place.0)) else {
            return self.broken("step", format!("{step_name} is no step about O-{number}"));
        };
        let contact = self.facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
        let asks = letter.purpose != Purpose::Service;
        let at_desk = playbook.window == Window::Office;
        self.judge().visit(&Visit { at, channel: letter.channel, contact, at_desk, asks })?;
        if self.truth.has_told(place, step_name) {
            return self.broken("once", format!("step {step_name} of O-{number} leaves twice"));
        }
        let must_be_seen = !matches!(step.autonomy, Autonomy::Automatic | Autonomy::FirstTimeReviewed);
        if must_be_seen && !is_seen {
            return self.broken("approval", format!("step {step_name} was seen by nobody"));
        }
        let today = self.today();
        if self.books.blacklisted {
            return self.broken("blacklist", format!("O-{number} of somebody blacklisted"));
        }
        if self.books.holds.iter().any(|(debt, until)| debt.is_none() && today <= *until) {
            return self.broken("hold", format!("O-{number} of a buyer on hold"));
        }
        let is_of_parcel = place.1.is_some();
        if account.is_over && (is_of_parcel || matches!(&*playbook.scenario, "M2" | "M4" | "M8")) {
            return self.broken("over", format!("step {step_name} of O-{number}, which is over"));
        }
        if account.has_left && !is_of_parcel && matches!(&*playbook.scenario, "M2" | "M4") {
            return self.broken("shipped", format!("step {step_name} of O-{number}, which has left"));
        }
        if &*step.letter == "m7_extend_receipt" && !account.has_more_time {
            return self.broken("promised", format!("step {step_name} of O-{number}, and nobody gave more time"));
        }
        if letter.purpose == Purpose::Sell {
            let chased = self.books.accounts.iter().any(|debt| !debt.is_over() && debt.level() > 0);
            let at_odds = self.books.accounts.iter().any(|debt| !debt.disputed.is_empty())
                || self.books.orders.iter().any(|order| order.in_dispute);
            if chased || at_odds {
                return self.broken("offer", format!("step {step_name} within a chase or a dispute"));
            }
        }
        if letter.purpose.asks_for_money() {
            return self.broken("money", format!("step {step_name} asks for money"));
        }
        Ok(())
    }
}
