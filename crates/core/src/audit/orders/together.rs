//! That a message which names several orders names none that is past it: read from the facts once more.

use jiff::Timestamp;

use super::{Found, stands};
use crate::audit::{Breach, Rules, refuse};
use crate::facts::DebtorFacts;
use crate::facts::orders::OrderFacts;
use crate::letter::order::names_other_orders;
use crate::order::story::OrderState;
use crate::playbook::Does;

/// The orders that a message names beside its own.
pub(super) fn named<'a>(
    found: &Found<'_>,
    facts: &'a DebtorFacts,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Vec<&'a OrderFacts> {
    if found.step.does == Does::Task || !names_other_orders(&found.step.letter) {
        return Vec::new();
    }
    let today = rules.day_of(at);
    let mut named = Vec::new();
    for other in &facts.orders {
        let elsewhere = other.source != found.order.source || other.goes_to != found.order.goes_to;
        if other.id == found.order.id || elsewhere {
            continue;
        }
        match stands(other, today).0 {
            OrderState::Paid | OrderState::InStock | OrderState::Ready | OrderState::AwaitingConfirmation => {
                named.push(other);
            }
            _ => {}
        }
    }
    named
}

/// Nobody is asked to have one order sent together with others: there have to be some, paid and still here.
pub(super) fn check_together(
    found: &Found<'_>,
    facts: &DebtorFacts,
    at: Timestamp,
    rules: &Rules<'_>,
) -> Result<(), Breach> {
    let speaks_of_others = found.step.does == Does::Letter && names_other_orders(&found.step.letter);
    if speaks_of_others && named(found, facts, at, rules).is_empty() {
        return refuse(6, format!("no other order of the buyer could go together with {}", found.order.number));
    }
    Ok(())
}
