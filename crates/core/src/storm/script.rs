//! Makes up a firm, a buyer and what happens to them, from a seed: years of people who pay late, in part or twice, promise
//! and keep it or not, bargain, complain, fall silent, change their people and object, order, wait for parcels and answer
//! questions or not, and of a program that is switched off, restored and fed late.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::dice::Dice;
use super::happening::{Happening, Part, What};
use crate::calendar::countries::Countries;
use crate::case::{Entry, SubjectKind};
use crate::facts::{ContactRules, DebtorFacts, StatementAge, TenantFacts};
use crate::ids::PartyId;
use crate::intent::Intent;
use crate::key_date::KeyDate;
use crate::money::{Currency, Money};
use crate::order::asks::AskKind;
use crate::order::story::OrderWord;
use crate::party::{Channel, ContactRole, Party, Ways};
use crate::playbook::Playbooks;
use crate::receivable::{Milestone, Trigger};
use crate::shipment::status::TrackingStatus;
use crate::why::WhyUnpaid;

/// All that a seed means.
#[derive(Debug, Clone)]
pub struct Script {
    pub seed: u64,
    pub from: Timestamp,
    pub to: Timestamp,
    pub tenant: TenantFacts,
    pub facts: DebtorFacts,
    /// In the order of time.
    pub happenings: Vec<Happening>,
}

/// Where firms sit: with and without a change of the clocks, on both halves of the earth.
const HOMES: [&str; 6] =
    ["Asia/Shanghai", "Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kolkata"];
/// Where people travel.
const AWAY: [&str; 5] = ["Europe/Rome", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland", "America/Sao_Paulo"];
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Script {
    /// The years of a seed.
    pub fn of(seed: u64, years: u16, playbooks: &Playbooks) -> Self {
        let mut dice = Dice::new(seed);
        let year = dice.between(2026, 2030);
        let from =
            Timestamp::UNIX_EPOCH + DAY * i32::try_from((year - 1970) * 365 + 8 + dice.between(0, 364)).unwrap_or(0);
        let to = from + DAY * (365 * i32::from(years.max(1)));
        let tenant = tenant(&mut dice);
        let facts = buyer(&mut dice, playbooks);
        let mut happenings = Vec::new();
        let on_marketplace = dice.chance(20);
        let currency = *dice.pick(&[Currency::USD, Currency::EUR, Currency::CNY]);
        let mut script = Writer { dice, on_marketplace, currency, debts: 0, orders: Vec::new() };
        for _ in 0..script.dice.between(1, 3) {
            happenings.push(Happening { at: from, what: script.contact() });
        }
        let mut at = from + SignedDuration::from_hours(1);
        while at < to {
            happenings.push(Happening { at, what: script.something(at) });
            // Some days are full, some weeks empty.
            let hours = if script.dice.chance(30) { script.dice.between(0, 30) } else { script.dice.between(12, 240) };
            at += SignedDuration::from_hours(hours);
            at += SignedDuration::from_mins(script.dice.between(0, 59));
        }
        Self { seed, from, to, tenant, facts, happenings }
    }
}

fn tenant(dice: &mut Dice) -> TenantFacts {
    let home: &str = dice.pick::<&str>(&HOMES);
    let time_zone = TimeZone::get(home).unwrap_or(TimeZone::UTC);
    let reads = dice.chance(60);
    let rules = if dice.chance(70) {
        ContactRules::default()
    } else {
        ContactRules { gap_hours: dice.between(12, 200), weekly_ceiling_consumer: 3, weekly_ceiling_company: 1 }
    };
    TenantFacts {
        time_zone,
        rules,
        promise_margin_days: i32::try_from(dice.between(0, 5)).unwrap_or(2),
        promise_cap_days: i32::try_from(dice.between(10, 60)).unwrap_or(30),
        statements: reads.then_some(StatementAge { covered_to: jiff::civil::Date::MIN, max_age_days: 4 }),
        restored_at: None,
        review_all: dice.chance(10),
    }
}

fn buyer(dice: &mut Dice, playbooks: &Playbooks) -> DebtorFacts {
    let mut countries: Vec<&str> = Countries::shipped().iter().map(|country| country.code.as_str()).collect();
    countries.sort_unstable();
    countries.push("");
    let country = (*dice.pick(&countries)).to_string();
    let of_debts: Vec<&str> = playbooks
        .current()
        .iter()
        .filter(|playbook| playbook.applies.subject == SubjectKind::Receivable)
        .map(|playbook| &*playbook.reference.id)
        .collect();
    let chosen = dice.chance(50).then(|| (*dice.pick(&of_debts)).to_string());
    DebtorFacts::of(Party {
        id: PartyId(1),
        number: "D-0001".to_string(),
        name: "Of the storm".to_string(),
        country,
        language: None,
        is_consumer: dice.chance(20),
        blacklisted: false,
        grade: None,
        playbook_override: chosen,
    })
}

struct Writer {
    dice: Dice,
    on_marketplace: bool,
    currency: Currency,
    debts: usize,
    /// How far each order has come.
    orders: Vec<Stage>,
}

/// How far an order has come in what was told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Placed,
    Paid,
    Shipped,
    Delivered,
    Over,
}

impl Writer {
    fn something(&mut self, now: Timestamp) -> What {
        let debt = self.debt();
        let days = i32::try_from(self.dice.between(1, 40)).unwrap_or(1);
        let part = self.part();
        if self.on_marketplace && self.dice.chance(45) {
            return self.about_an_order(now);
        }
        let contact = usize::try_from(self.dice.below(3)).unwrap_or(0);
        match self.dice.below(108) {
            _ if self.debts == 0 => self.owes(),
            100..=101 => {
                let days = self.dice.chance(50).then_some(days);
                What::AddressBounces { contact, channel: *self.dice.pick(&Channel::ALL), days }
            }
            102..=103 => What::AddressMended { contact },
            104..=106 => What::Asks { debt, days: 1 + days / 4 },
            107 => What::Answered { debt },
            0..=19 => self.owes(),
            20..=30 => What::Pays { debt, part },
            31..=33 => What::Bounces { debt },
            34..=36 => What::Unmatched { amount: Money::new(self.dice.between(1, 90_000), self.currency) },
            37..=40 => What::Matched,
            41..=42 => What::CreditNote { debt, part },
            43 => What::WrittenOff { debt },
            44 => What::Closed { debt },
            45 => What::PlatformOwes { debt },
            46..=53 => What::Promises { debt: self.dice.chance(70).then_some(debt), part, in_days: days },
            54..=58 => What::Disputes { debt, part },
            59..=62 => What::Resolved { debt },
            63..=65 => What::Writes { debt, intent: *self.dice.pick(Intent::ALL) },
            66..=70 => What::Says { debt, why: self.dice.chance(85).then(|| *self.dice.pick(WhyUnpaid::ALL)) },
            71..=73 => What::Hold { debt: self.dice.chance(50).then_some(debt), days },
            74 => What::Released,
            75 => What::Blacklisted(self.dice.chance(30)),
            76..=78 => self.contact(),
            79 => What::ContactGone(usize::try_from(self.dice.below(3)).unwrap_or(0)),
            80..=81 => What::Objects { contact, objects: self.dice.chance(60) },
            82 => What::HandedOver { debt },
            83 => What::PlanAgreed { debt },
            84..=85 => What::TakenBack { debt },
            86..=87 => What::StatementsStop { days },
            88..=90 => What::Outage { days: 1 + days / 3 },
            91 => What::Restored { days_back: 1 + days / 8, caught_up_in: 1 + days / 10 },
            92..=94 => What::Triggered { debt, due_in_days: days - 10 },
            95..=96 => What::DueMoved { debt, days: days - 20 },
            _ => What::DayKnown { debt, kind: *self.dice.pick(KeyDate::ALL), in_days: days - 10 },
        }
    }

    /// Something new of one of the last orders, mostly what comes next; scans are told late at times.
    fn about_an_order(&mut self, now: Timestamp) -> What {
        if self.orders.is_empty() || self.dice.chance(20) {
            self.orders.push(Stage::Placed);
            return What::Orders { total: Money::new(self.dice.between(500, 90_000), self.currency), at: None };
        }
        let back = usize::try_from(self.dice.below(4)).unwrap_or(0);
        let order = (self.orders.len() - 1).saturating_sub(back);
        let news = |word| What::OrderNews { order, word, at: None };
        let roll = self.dice.below(10);
        let (stage, what) = match (self.orders[order], roll) {
            (Stage::Over, _) => (Stage::Over, self.contact()),
            (stage, 0) if stage != Stage::Placed => (stage, news(OrderWord::InDispute)),
            (Stage::Delivered, 1..=4) => (Stage::Over, news(OrderWord::Completed)),
            (Stage::Delivered, _) => (Stage::Delivered, news(OrderWord::Delivered)),
            (stage, 1) => {
                let word = if self.dice.chance(50) { OrderWord::Cancelled } else { OrderWord::Closed };
                // What has left is not called off any more.
                if stage == Stage::Shipped { (stage, news(OrderWord::Shipped)) } else { (Stage::Over, news(word)) }
            }
            (Stage::Placed, 2) => (Stage::Placed, news(OrderWord::RiskControl)),
            (Stage::Placed, _) => (Stage::Paid, news(OrderWord::Paid)),
            (Stage::Paid, 2) => (Stage::Paid, news(OrderWord::OutOfStock)),
            (Stage::Paid, 3..=4) => (Stage::Paid, news(OrderWord::InStock)),
            (Stage::Paid, 5) => (Stage::Paid, What::OrderAsks { order, kind: *self.dice.pick(AskKind::ALL), at: None }),
            (Stage::Paid, 6) => (Stage::Paid, What::OrderAnswered { order }),
            (Stage::Paid, 7) => (Stage::Paid, What::ParcelLeaves { order, at: None }),
            (Stage::Paid, _) => (Stage::Shipped, news(OrderWord::Shipped)),
            (Stage::Shipped, 2..=3) => (Stage::Shipped, What::ParcelLeaves { order, at: None }),
            (Stage::Shipped, 4) => (Stage::Delivered, news(OrderWord::Delivered)),
            (Stage::Shipped, _) => {
                let status = *self.dice.pick(TrackingStatus::ALL);
                let hours = SignedDuration::from_hours(self.dice.between(1, 60));
                let at = self.dice.chance(20).then(|| now - hours);
                (Stage::Shipped, What::Scanned { order, status, at })
            }
        };
        self.orders[order] = stage;
        what
    }

    /// Mostly one of the last.
    fn debt(&mut self) -> usize {
        let back = if self.dice.chance(80) { 3 } else { 50 };
        let back = usize::try_from(self.dice.below(back)).unwrap_or(0);
        self.debts.saturating_sub(1).saturating_sub(back)
    }

    fn part(&mut self) -> Part {
        if self.dice.chance(50) {
            return Part::All;
        }
        Part::Percent(u8::try_from(self.dice.between(1, 99)).unwrap_or(50))
    }

    fn owes(&mut self) -> What {
        self.debts += 1;
        let other = self.dice.chance(15);
        let currency = if other { Currency::GBP } else { self.currency };
        let largest = *self.dice.pick(&[9_900, 120_000, 9_000_000]);
        let amount = Money::new(self.dice.between(100, largest), currency);
        let is_order = if self.on_marketplace { self.dice.chance(80) } else { self.dice.chance(4) };
        if is_order {
            let (milestone, trigger) = (Milestone::Full, Trigger::OrderPlaced);
            return What::Owes { amount, milestone, trigger, due_in_days: None, entry: Entry::Standard };
        }
        let trigger = loop {
            let trigger = *self.dice.pick(Trigger::ALL);
            if trigger != Trigger::OrderPlaced {
                break trigger;
            }
        };
        let old = self.dice.chance(25);
        let days = if old { self.dice.between(-200, 0) } else { self.dice.between(0, 45) };
        What::Owes {
            amount,
            milestone: *self.dice.pick(Milestone::ALL),
            trigger,
            due_in_days: (!self.dice.chance(10)).then_some(i32::try_from(days).unwrap_or(0)),
            entry: if old && self.dice.chance(60) { Entry::Contextual } else { Entry::Standard },
        }
    }

    fn contact(&mut self) -> What {
        let role = *self.dice.pick(&ContactRole::ALL);
        let ways = Ways {
            email: self.dice.chance(85),
            in_site: self.on_marketplace && self.dice.chance(80),
            phone: self.dice.chance(40),
        };
        let zone = self.dice.chance(25).then(|| *self.dice.pick(&AWAY));
        What::NewContact { role, ways, zone }
    }
}
