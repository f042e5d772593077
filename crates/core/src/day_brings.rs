//! What a day brings to a debtor before anything is decided on it, done to the facts in memory: for whoever looks without
//! writing. A run writes the same down first (`use_cases::run_decisions`), so that a look says what the run would do.

use jiff::civil::Date;

use crate::case::{Case, StepEnd};
use crate::facts::{ContactMade, DebtorFacts, TenantFacts};
use crate::ids::CaseId;
use crate::money::MoneyError;
use crate::party::Channel;
use crate::promise::{Books, end_promises};

/// What is over by then of which the facts alone do not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Over {
    /// Calls that nobody made in time, by the step that they are.
    pub calls: Vec<(CaseId, String)>,
    /// The last day of its block has passed.
    pub block: bool,
}

/// Brings the day to the facts of one debtor.
pub fn day_brings(facts: &mut DebtorFacts, over: &Over, tenant: &TenantFacts, today: Date) -> Result<(), MoneyError> {
    end_promises(facts, &Books::of(tenant, today))?;
    for (case_id, step) in &over.calls {
        lapse_call(facts, *case_id, step);
    }
    if over.block {
        facts.party.blacklisted = false;
    }
    Ok(())
}

/// Nobody called: the step was not taken, and its call is no contact that is still to come.
fn lapse_call(facts: &mut DebtorFacts, case_id: CaseId, step: &str) {
    let mut items = facts.receivables.iter();
    let of_it = items.find(|item| item.case.as_ref().is_some_and(|case| case.id == case_id));
    if let Some(id) = of_it.map(|item| item.receivable.id) {
        let is_call = |made: &ContactMade| !made.is_done && made.channel == Channel::Phone;
        facts.contacts_made.retain(|made| !(is_call(made) && made.receivable_id == Some(id)));
    }
    let of_debts = facts.receivables.iter_mut().filter_map(|item| item.case.as_mut());
    let of_orders = facts.orders.iter_mut().flat_map(|order| {
        let of_parcels = order.parcels.iter_mut().filter_map(|parcel| parcel.case.as_mut());
        order.case.as_mut().into_iter().chain(of_parcels)
    });
    for case in of_debts.chain(of_orders).filter(|case: &&mut Case| case.id == case_id) {
        let waits = case.steps.iter_mut().filter(|taken| &*taken.step == step && taken.done_at.is_none());
        for taken in waits.filter(|taken| !taken.voided) {
            taken.voided = true;
            taken.end = Some(StepEnd::NotCalled);
        }
    }
}
