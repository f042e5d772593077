//! Work about orders and parcels on somebody's desk, looked at again whenever something is told of them: nobody is to see to
//! what has passed. It sends nothing, so that it proves nothing about letters; those are in [`super::orders`].

use std::sync::Arc;

use jiff::Timestamp;

use super::Rules;
use crate::case::Subject;
use crate::facts::DebtorFacts;
use crate::order::story::OrderState;
use crate::playbook::{Does, Step};

/// Work about an order or a parcel that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingOrderTask {
    pub subject: Subject,
    /// As it is recorded (`m8/see_to_wish`); none of a search for somebody to write to.
    pub step: Option<Arc<str>>,
}

/// Whether what the work is for has passed. What no playbook speaks of any more stays for a person to say so.
pub fn has_passed(task: &WaitingOrderTask, facts: &DebtorFacts, now: Timestamp, rules: &Rules<'_>) -> bool {
    let Some((order, parcel)) = facts.order_of(task.subject) else {
        // Of an order that is not followed any more nothing is told. What a carrier owes us for a parcel, it owes us still.
        return matches!(task.subject, Subject::Order(_));
    };
    let state = order.state(now.to_zoned(rules.tenant.time_zone.clone()).date());
    let Some(step) = task.step.as_deref() else { return state.is_final() };
    let named = |(scenario, id): (&str, &str)| {
        let playbooks = rules.playbooks.of_subject(task.subject.kind(), order.source);
        let own = playbooks.into_iter().find(|playbook| playbook.scenario.eq_ignore_ascii_case(scenario));
        own.and_then(|playbook| playbook.step(id))
    };
    let Some(step): Option<&Step> = step.split_once('/').and_then(named) else { return false };
    match parcel {
        Some(parcel) => {
            // What we have to see to about a parcel stays ours: a platform also takes it as received when the time is over.
            let has_come = step.does != Does::Task && matches!(state, OrderState::Delivered | OrderState::Completed);
            has_come || !step.statuses.contains(&parcel.journey.status())
        }
        None => {
            let is_open = || order.asks.iter().any(|ask| !ask.settled && step.asks.contains(&ask.kind));
            !step.states.contains(&state) || !(step.asks.is_empty() || is_open())
        }
    }
}
