//! What stands beside the decision: what a person decides about supply, the terms of debts, words from elsewhere, addresses
//! that may not be used.

use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::OrderId;
use dunlin_core::money::Money;
use dunlin_core::party::Suppressed;
use dunlin_core::playbook::time_expr::start_of;
use dunlin_core::risk::{LookedAt, of_order};
use dunlin_core::storm::World;
use dunlin_core::supply::{Decision, SupplyRules, open_orders, supply};
use dunlin_core::talk::pick;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::grammar::{Come, Event, Expected};

/// What is kept of it.
#[derive(Debug, Default)]
pub struct Beside {
    limit: Option<Money>,
    decision: Option<Decision>,
    terms: Vec<(usize, String)>,
    /// What was found in talks, with its day.
    found: Vec<(Date, String)>,
}

impl Beside {
    pub fn new(limit: Option<Money>) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Enters what is none of the storm's happenings.
    pub fn enter(&mut self, event: &Event, today: Date, now: Timestamp, world: &mut World<'_>) {
        match event {
            Event::Talk(said) => self.hear(said, today),
            Event::Terms(debt, terms) => self.terms.push((*debt, terms.clone())),
            Event::Supply(decided) => {
                self.decision = decided.map(|(kind, until)| Decision {
                    kind,
                    until,
                    why: "a person said so".to_string(),
                    decided_on: today,
                    recorded_at: now,
                });
            }
            Event::Suppressed(role, channel, until) => {
                let until = until.and_then(|until| start_of(until, &world.tenant.time_zone));
                let person = world.facts.contacts.iter_mut().find(|contact| contact.role == *role);
                person.expect("somebody of this role").suppressed.push(Suppressed { channel: *channel, until });
            }
            _ => {}
        }
    }

    fn hear(&mut self, said: &str, today: Date) {
        let picked = pick(said, today);
        for promise in picked.promises {
            let amount = promise.amount.map(|amount| format!(" {amount}")).unwrap_or_default();
            self.found.push((today, format!("promise {}{amount}", promise.pay_on)));
        }
        self.found.extend(picked.amounts.iter().map(|found| (today, format!("amount {}", found.amount))));
        self.found.extend(picked.whys.iter().map(|found| (today, found.why.code().to_string())));
    }

    /// What is expected of the evening and not so.
    pub fn told(&self, expected: &Expected, facts: &DebtorFacts) -> Option<String> {
        let facts = &each_its_order(facts);
        match &expected.come {
            Come::Supply(wanted, words) => {
                let known = self.supply(facts, expected.day);
                let is_so = known.first() == Some(wanted) && words.iter().all(|word| known.contains(word));
                (!is_so).then(|| format!("{}: supply is {}", expected.line, known.join(", ")))
            }
            Come::Risk(debt, wanted) => {
                let known = self.risk(facts, *debt, expected.day);
                (known != *wanted).then(|| format!("{}: it warns of ‘{}’", expected.line, known.join(", ")))
            }
            _ => None,
        }
    }

    fn supply(&self, facts: &DebtorFacts, today: Date) -> Vec<String> {
        let told = supply(facts, &SupplyRules::default(), self.decision.as_ref(), today).expect("sums that fit");
        let mut words = vec![told.code().to_string()];
        if let Some(debt) = told.debt() {
            words.push(format!("since {}", debt.since));
            words.extend(debt.overdue.iter().map(ToString::to_string));
        }
        if told.is_stopped() {
            let waiting = open_orders(facts, today).expect("sums that fit");
            words.extend(waiting.into_iter().map(|order| format!("{} waits", order.number)));
        }
        words
    }

    fn risk(&self, facts: &DebtorFacts, debt: usize, today: Date) -> Vec<String> {
        let terms = self.terms.iter().rev().find(|(known, _)| *known == debt);
        let order = LookedAt { id: order_of(debt), terms_text: terms.map_or("", |(_, terms)| terms) };
        let warnings = of_order(facts, order, self.limit, today).expect("sums that fit");
        warnings.iter().map(|warning| warning.code.code().to_string()).collect()
    }

    /// What was found and is not in the table, and the other way round.
    pub fn compare(&self, expected: &[Expected], wrong: &mut Vec<String>) {
        let mut left = self.found.clone();
        for one in expected {
            let Come::Found(wanted) = &one.come else { continue };
            match left.iter().position(|(day, found)| *day == one.day && found == wanted) {
                Some(place) => drop(left.remove(place)),
                None => wrong.push(format!("{}: {} was not found", one.line, wanted)),
            }
        }
        wrong.extend(left.into_iter().map(|(day, found)| format!("0: not in the table: {day}  -> found {found}")));
    }
}

fn order_of(debt: usize) -> OrderId {
    OrderId(1_000 + debt as u128)
}

/// Every debt is that of an order of its own, which is called like it.
fn each_its_order(facts: &DebtorFacts) -> DebtorFacts {
    let mut facts = facts.clone();
    for (nth, item) in facts.receivables.iter_mut().enumerate() {
        item.receivable.order_id = Some(order_of(nth));
        item.order_number = Some(item.receivable.number.clone());
    }
    facts
}
