//! One order in memory with the decision, the audit and the applier of the real run: news come, messages leave. Every plan
//! is audited, and every message is checked once more when it leaves.

use std::sync::{Arc, OnceLock};

use crate::files;
use dunlin_core::audit::orders::{OrderStop, WaitingOrderLetter, check_order_departure};
use dunlin_core::audit::{Rules, audit};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::case::{Case, CaseState, Entry};
use dunlin_core::decide::{World, decide};
use dunlin_core::facts::orders::{OrderFacts, Parcel};
use dunlin_core::facts::{ContactRules, DebtorFacts, TenantFacts};
use dunlin_core::ids::{AskId, CaseId, ContactId, OrderId, PartyId, ShipmentId};
use dunlin_core::lookahead::orders::{cancelled, left, reopen, take_up};
use dunlin_core::money::{Money, currency};
use dunlin_core::order::OrderSource;
use dunlin_core::order::asks::{AskKind, OrderAsk};
use dunlin_core::order::story::{OrderNews, OrderStory};
use dunlin_core::party::{Channel, Contact, ContactRole, Party, Ways};
use dunlin_core::playbook::{Playbooks, parse};
use dunlin_core::shipment::journey::{TrackingEvent, TrackingUpdate};
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_core::shipment::transit::{Basis, ExpectedDays};
use jiff::{Timestamp, tz::TimeZone};

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub at: Timestamp,
    /// `letter`, `approval`, `cancelled` or `work`.
    pub what: &'static str,
    pub step: String,
    pub channel: Option<Channel>,
}

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
            placed_at: None,
            story: OrderStory::default(),
            ship_by: None,
            protection_ends: None,
            goods: Vec::new(),
            has_similar: false,
            parcels: Vec::new(),
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
            shipped_at: Some(at),
            expected: Some(ExpectedDays { from: 8, to: 20, basis: Basis::Typical }),
            journey: dunlin_core::shipment::journey::Journey::default(),
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

    pub fn asks(&mut self, at: Timestamp, kind: AskKind) {
        self.until(at);
        let id = AskId(601 + self.order().asks.len() as u128);
        self.order().asks.push(OrderAsk { id, kind, raised_at: at, holds_dispatch: true, settled: false });
        self.wakes();
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
                self.facts.orders[0].synced_at = Some(self.now);
                right = check_order_departure(&letter, &self.facts, self.now, &rules);
            }
            let step = letter.about.step.to_string();
            let channel = Some(letter.channel);
            let was_seen = self.facts.order_case_mut(letter.about.case_id).and_then(|case| case.letter);
            let was_seen = was_seen.is_some_and(|open| open.state == dunlin_core::case::LetterState::Review);
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
