//! One order in memory with the decision, the audit and the applier of the real run: news come, messages leave. Every plan
//! is audited, and every message is checked once more when it leaves.

use std::sync::{Arc, OnceLock};

use crate::files;
use dunlin_core::audit::orders::{OrderStop, WaitingOrderLetter, check_order_departure};
use dunlin_core::audit::{Rules, audit};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::case::{Case, CaseState, Entry, Subject};
use dunlin_core::decide::{World, decide};
use dunlin_core::facts::orders::{OrderFacts, Parcel, ReceiptExtended};
use dunlin_core::facts::{ContactRules, DebtorFacts, TenantFacts};
use dunlin_core::ids::{AskId, CaseId, ContactId, OrderId, PartyId, ShipmentId};
use dunlin_core::lookahead::orders::{cancelled, left, reopen, take_up};
use dunlin_core::money::{Money, currency};
use dunlin_core::order::OrderSource;
use dunlin_core::order::asks::{AskKind, OrderAsk};
use dunlin_core::order::story::{OrderNews, OrderStory};
use dunlin_core::party::{Channel, Contact, ContactRole, Party, Ways};
use dunlin_core::playbook::{Playbooks, parse};
use dunlin_core::shipment::journey::{Estimate, Journey, Report, TrackingEvent, TrackingUpdate};
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_core::shipment::transit::{Basis, ExpectedDays};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub at: Timestamp,
    /// `letter`, `approval`, `cancelled` or `work`.
    pub what: &'static str,
    pub step: String,
    pub channel: Option<Channel>,
}

#[derive(Clone)]
pub struct Shop {
    pub facts: DebtorFacts,
    pub tenant: TenantFacts,
    pub done: Vec<Done>,
    now: Timestamp,
    wake: Option<Timestamp>,
    waiting: Vec<(Timestamp, WaitingOrderLetter)>,
    ids: u128,
}

/// Those that ship and are about orders or parcels, and those about amounts beside them.
pub fn playbooks() -> &'static Playbooks {
    static READ: OnceLock<Playbooks> = OnceLock::new();
    READ.get_or_init(|| {
        let read = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).expect("a playbook");
            Arc::new(parse::parse(&path.to_string_lossy(), &text).expect("a sound playbook"))
        };
        Playbooks::new(files("../../playbooks", "toml").iter().map(read).collect(), Vec::new())
    })
}

fn case(id: u128, started_at: Timestamp) -> Case {
    Case {
        id: CaseId(id),
        state: CaseState::Running,
        playbook: None,
        started_at,
        entry: Entry::Standard,
        steps: Vec::new(),
        letter: None,
        task: None,
    }
}

impl Shop {
    /// An order of a consumer in this country, of whom nothing was told yet.
    pub fn open(country: &str, begin: Timestamp) -> Self {
        let party_id = PartyId(1);
        let contact = Contact {
            id: ContactId(11),
            party_id,
            role: ContactRole::Buyer,
            language: None,
            time_zone: None,
            ways: Ways { email: true, in_site: true, phone: false },
            objected: false,
            suppressed: Vec::new(),
            person: None,
        };
        let order = OrderFacts {
            id: OrderId(201),
            number: "8100".to_string(),
            source: OrderSource::Marketplace,
            total: Money::parse("50.00", currency("USD").expect("a currency")).expect("an amount"),
            goes_to: country.to_string(),
            placed_at: None,
            story: OrderStory::default(),
            ship_by: None,
            protection_ends: None,
            goods: Vec::new(),
            has_similar: false,
            parcels: Vec::new(),
            former_parcels: Vec::new(),
            asks: Vec::new(),
            holds: Vec::new(),
            receipt_extended: None,
            synced_at: None,
            case: Some(case(301, begin)),
        };
        let party = Party {
            id: party_id,
            number: "D-0001".to_string(),
            name: "Ivan Petrov".to_string(),
            country: country.to_string(),
            language: None,
            is_consumer: true,
            blacklisted: false,
            grade: None,
            playbook_override: None,
        };
        let facts = DebtorFacts { contacts: vec![contact], orders: vec![order], ..DebtorFacts::of(party) };
        let tenant = TenantFacts {
            time_zone: TimeZone::get("Asia/Shanghai").expect("a zone"),
            rules: ContactRules::default(),
            promise_margin_days: 2,
            promise_cap_days: 30,
            statements: None,
            restored_at: None,
            review_all: false,
        };
        Self { facts, tenant, done: Vec::new(), now: begin, wake: None, waiting: Vec::new(), ids: 1_000 }
    }

    pub fn order(&mut self) -> &mut OrderFacts {
        &mut self.facts.orders[0]
    }

    /// Something is told at this moment; the program looks at once.
    pub fn told(&mut self, at: Timestamp, news: OrderNews) {
        self.until(at);
        self.order().story.hear(news);
        self.wakes();
    }

    pub fn hands_over(&mut self, at: Timestamp, carrier: &str, number: &str) {
        self.until(at);
        let nth = self.order().parcels.len() as u128;
        let parcel = Parcel {
            id: ShipmentId(401 + nth),
            carrier: carrier.to_string(),
            number: number.to_string(),
            replaces: None,
            shipped_at: Some(at),
            expected: Some(ExpectedDays { from: 8, to: 20, basis: Basis::Typical }),
            journey: Journey::default(),
            case: Some(case(501 + nth, at)),
        };
        self.order().parcels.push(parcel);
        self.wakes();
    }

    /// A carrier's scan of `happened`, told at `at`.
    pub fn scanned(&mut self, at: Timestamp, parcel: usize, status: TrackingStatus, happened: Timestamp) {
        self.until(at);
        let event = TrackingEvent {
            at: happened,
            status: Some(status),
            word: String::new(),
            description: String::new(),
            location: String::new(),
            carrier_key: None,
        };
        let parcel = &mut self.order().parcels[parcel];
        let number = parcel.number.clone();
        parcel.journey.take_in(&TrackingUpdate {
            number,
            carrier_key: None,
            tag: None,
            report: None,
            events: vec![event],
        });
        self.wakes();
    }

    pub fn asks(&mut self, at: Timestamp, kind: AskKind, holds_dispatch: bool) {
        self.until(at);
        let id = AskId(601 + self.order().asks.len() as u128);
        self.order().asks.push(OrderAsk { id, kind, raised_at: at, holds_dispatch, settled: false });
        self.wakes();
    }

    /// The carrier names a day.
    pub fn estimated(&mut self, at: Timestamp, parcel: usize, day: Date) {
        self.until(at);
        let parcel = &mut self.order().parcels[parcel];
        let status = parcel.journey.status();
        let report =
            Report { at: Some(at), status, word: String::new(), estimate: Some(Estimate { from: day, to: day }) };
        let number = parcel.number.clone();
        let update = TrackingUpdate { number, carrier_key: None, tag: None, report: Some(report), events: Vec::new() };
        parcel.journey.take_in(&update);
        self.wakes();
    }

    /// The parcel has another number: nothing is told under the old one any more.
    pub fn renumbered(&mut self, at: Timestamp, parcel: usize, number: &str) {
        self.until(at);
        let gone = vec![self.order().parcels.remove(parcel)];
        self.take_places(at, gone, &[number]);
    }

    /// All numbers changed at once: of several that went they stand for each other, since nobody knows which is which.
    pub fn all_renumbered(&mut self, at: Timestamp, numbers: &[&str]) {
        self.until(at);
        let mut gone = std::mem::take(&mut self.order().parcels);
        if gone.len() > 1 {
            let ids: Vec<ShipmentId> = gone.iter().map(|parcel| parcel.id).collect();
            for (parcel, next) in gone.iter_mut().zip(ids.iter().cycle().skip(1)) {
                parcel.replaces = Some(*next);
            }
        }
        self.take_places(at, gone, numbers);
    }

    fn take_places(&mut self, at: Timestamp, gone: Vec<Parcel>, numbers: &[&str]) {
        let subjects: Vec<Subject> = gone.iter().map(|parcel| Subject::Shipment(parcel.id)).collect();
        let order = self.order();
        for (place, number) in numbers.iter().enumerate() {
            let before = gone.get(place).or(gone.last()).expect("a parcel that goes").clone();
            let nth = (order.parcels.len() + order.former_parcels.len() + gone.len()) as u128;
            order.parcels.push(Parcel {
                id: ShipmentId(401 + nth),
                number: (*number).to_string(),
                replaces: Some(before.id),
                journey: Journey::default(),
                case: Some(case(501 + nth, at)),
                ..before
            });
        }
        order.former_parcels.extend(gone);
        // As with every change: what is wrong by now does not wait any longer.
        let (wrong, right) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(_, one)| subjects.contains(&one.about.subject));
        self.waiting = right;
        let wrong: Vec<(Timestamp, WaitingOrderLetter)> = wrong;
        for (_, letter) in wrong {
            cancelled(&mut self.facts, &letter);
            let (step, channel) = (letter.about.step.to_string(), Some(letter.channel));
            self.done.push(Done { at, what: "cancelled", step, channel });
        }
        self.wakes();
    }

    /// Somebody says which number a parcel had.
    pub fn said(&mut self, at: Timestamp, parcel: usize, number: &str) {
        self.until(at);
        let order = self.order();
        let former = order.former_parcels.iter_mut().find(|former| former.number == number).expect("a former number");
        former.replaces = None;
        let id = former.id;
        let all = order.parcels.iter_mut().chain(&mut order.former_parcels);
        for other in all.filter(|other| other.replaces == Some(id)) {
            other.replaces = None;
        }
        order.parcels[parcel].replaces = Some(id);
        self.wakes();
    }

    /// The marketplace gives the buyer more time for the receipt.
    pub fn extended(&mut self, at: Timestamp, until: Date) {
        self.until(at);
        self.order().receipt_extended = Some(ReceiptExtended { days: 20, until: Some(until), at });
        self.order().protection_ends = Some(until);
        self.wakes();
    }

    /// Another order of the same buyer, of which this program says nothing.
    pub fn beside(&mut self, at: Timestamp, news: OrderNews) {
        self.until(at);
        self.other().story.hear(news);
        self.wakes();
    }

    /// A parcel of it, scanned for the first time.
    pub fn parcel_beside(&mut self, at: Timestamp, status: TrackingStatus) {
        self.until(at);
        let mut parcel = Parcel {
            id: ShipmentId(499),
            carrier: "yunexpress".to_string(),
            number: "YT99".to_string(),
            replaces: None,
            shipped_at: Some(at),
            expected: None,
            journey: Journey::default(),
            case: None,
        };
        let event = TrackingEvent {
            at,
            status: Some(status),
            word: String::new(),
            description: String::new(),
            location: String::new(),
            carrier_key: None,
        };
        let number = parcel.number.clone();
        let update = TrackingUpdate { number, carrier_key: None, tag: None, report: None, events: vec![event] };
        parcel.journey.take_in(&update);
        self.other().parcels = vec![parcel];
        self.wakes();
    }

    fn other(&mut self) -> &mut OrderFacts {
        if self.facts.orders.len() == 1 {
            let own = self.facts.orders[0].clone();
            self.facts.orders.push(OrderFacts {
                id: OrderId(202),
                number: "8200".to_string(),
                story: OrderStory::default(),
                parcels: Vec::new(),
                former_parcels: Vec::new(),
                asks: Vec::new(),
                protection_ends: None,
                case: None,
                ..own
            });
        }
        &mut self.facts.orders[1]
    }

    pub fn answered(&mut self, at: Timestamp, kind: AskKind) {
        self.until(at);
        self.order().asks.iter_mut().filter(|ask| ask.kind == kind).for_each(|ask| ask.settled = true);
        self.wakes();
    }

    /// Something else was changed by whoever tests.
    pub fn wakes(&mut self) {
        reopen(&mut self.facts);
        self.look();
    }

    /// Lets time pass.
    pub fn until(&mut self, at: Timestamp) {
        for _ in 0..2_000 {
            let leaving = self.waiting.iter().map(|(at, _)| *at).min();
            let next = match (self.wake, leaving) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            let Some(next) = next.filter(|next| *next <= at) else {
                self.now = self.now.max(at);
                return;
            };
            self.now = self.now.max(next);
            if self.wake.is_some_and(|wake| wake <= self.now) {
                self.look();
            }
            self.departures();
        }
        panic!("no peace before {at}: {:?}", self.done);
    }

    fn look(&mut self) {
        let countries = Countries::shipped();
        let world = World::new(&self.tenant, playbooks(), countries, self.now);
        let plan = decide(&self.facts, &world).expect("sums that fit");
        let rules = Rules { tenant: &self.tenant, playbooks: playbooks(), countries };
        audit(&plan, &self.facts, &rules).unwrap_or_else(|refusal| panic!("{refusal}: {:?}", plan.orders));
        for task in plan.orders.tasks.iter().filter(|task| task.takes_step()) {
            self.done.push(Done { at: self.now, what: "work", step: task.about.step.to_string(), channel: None });
        }
        self.waiting.extend(take_up(&mut self.facts, &plan.orders, self.now, &mut self.ids));
        self.wake = plan.orders.cases.iter().filter_map(|case| case.next_wake).min();
        assert!(self.wake.is_none_or(|wake| wake > self.now), "it would wake for ever: {:?}", plan.orders.cases);
        self.departures();
    }

    fn departures(&mut self) {
        while let Some(place) = self.waiting.iter().position(|(at, _)| *at <= self.now) {
            let (_, letter) = self.waiting.remove(place);
            let rules = Rules { tenant: &self.tenant, playbooks: playbooks(), countries: Countries::shipped() };
            let mut right = check_order_departure(&letter, &self.facts, self.now, &rules);
            if right == Err(OrderStop::ReadAgain) {
                self.facts.orders.iter_mut().for_each(|order| order.synced_at = Some(self.now));
                right = check_order_departure(&letter, &self.facts, self.now, &rules);
            }
            let step = letter.about.step.to_string();
            let channel = Some(letter.channel);
            let was_seen = self.facts.order_case_mut(letter.about.case_id).and_then(|case| case.letter);
            let was_seen = was_seen.is_some_and(|open| open.state == dunlin_core::case::LetterState::Review);
            if matches!(right, Err(OrderStop::NotYet(_))) {
                // It waits until what it says was done.
                self.waiting.push((self.now + SignedDuration::from_hours(1), letter));
                continue;
            }
            let what = match (&right, was_seen) {
                (Err(_), _) => "cancelled",
                (Ok(()), true) => "approval",
                (Ok(()), false) => "letter",
            };
            match right {
                Ok(()) => left(&mut self.facts, &letter, self.now),
                Err(_) => cancelled(&mut self.facts, &letter),
            }
            self.done.push(Done { at: self.now, what, step, channel });
            self.look();
        }
    }
}
