//! Calls on somebody's desk, looked at again whenever the facts of the debtor change: nobody is to pick up the telephone
//! for money that is paid, disputed or promised, nor to ring somebody who asked not to be called.

use std::sync::Arc;

use jiff::Timestamp;

use super::departure::{free_from, is_good_hour};
use super::lasting::{Waits, check_still_its_time};
use super::reach_rules::{Manners, check_listed};
use super::{Breach, Rules, check_route, find, money_rules, refuse};
use crate::facts::DebtorFacts;
use crate::ids::{CaseId, ContactId, ReceivableId};
use crate::money::Money;
use crate::party::Channel;
use crate::reason::{Reason, ReasonCode};

/// A call that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingCall {
    pub case_id: CaseId,
    pub receivable_id: ReceivableId,
    /// Nobody may be known to call: the person at the desk finds a number.
    pub contact_id: Option<ContactId>,
    pub step: Arc<str>,
    pub pressed: Money,
}

/// Why a call that may still be made is not made at this moment, and from when on it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// Another contact was made since it came on the desk: the gap or the ceiling of a week is not kept.
    TooSoon(Timestamp),
    /// It is night, or nobody works, where the buyer is.
    OutsideHours(Timestamp),
}

impl NotNow {
    /// What says so among the reasons of a call.
    pub const CODES: [ReasonCode; 2] = [ReasonCode::CallTooSoon, ReasonCode::CallOutsideHours];

    pub const fn until(self) -> Timestamp {
        match self {
            Self::TooSoon(until) | Self::OutsideHours(until) => until,
        }
    }

    pub fn reason(self) -> Reason {
        let code = match self {
            Self::TooSoon(_) => ReasonCode::CallTooSoon,
            Self::OutsideHours(_) => ReasonCode::CallOutsideHours,
        };
        Reason::new(code).instant("next", self.until())
    }
}

/// Gap, ceiling and hours once more, for a call that waited; `None`: it can be made. One that asks for nothing waits for the
/// hours alone.
pub fn not_now(call: &WaitingCall, facts: &DebtorFacts, now: Timestamp, rules: &Rules<'_>) -> Option<NotNow> {
    let (_, case) = find(facts, call.case_id, call.receivable_id).ok()?;
    let playbook = case.playbook.as_ref().and_then(|kept| rules.playbooks.by_reference(kept));
    let step = playbook.and_then(|playbook| playbook.step(&call.step));
    let manners = Manners::strictest(playbook.into_iter(), rules);
    let asks = step.is_none_or(|step| step.purpose.asks_for_money());
    let (after_gap, after_week) = free_from(None, manners.gap_hours, facts, rules);
    let free = after_gap.max(after_week).filter(|free| asks && *free > now);
    let at = free.unwrap_or(now);
    let until = is_good_hour(facts, call.contact_id, manners.window, at, rules).err().unwrap_or(at);
    match free {
        Some(_) => Some(NotNow::TooSoon(until)),
        None => (until > now).then_some(NotNow::OutsideHours(until)),
    }
}

/// Proves that the call may still be made, asking for this much, or says why not.
pub fn check_call(call: &WaitingCall, facts: &DebtorFacts, now: Timestamp, rules: &Rules<'_>) -> Result<(), Breach> {
    let (receivable, case) = find(facts, call.case_id, call.receivable_id)?;
    let playbook = case.playbook.as_ref().and_then(|kept| rules.playbooks.by_reference(kept));
    let step = playbook.and_then(|playbook| playbook.step(&call.step));
    let asks = step.is_none_or(|step| step.purpose.asks_for_money());
    if let Some(id) = call.contact_id {
        let Some(contact) = facts.contacts.iter().find(|contact| contact.id == id) else {
            return refuse(9, "the contact is gone");
        };
        check_listed(contact, Channel::Phone, now)?;
        if asks && contact.objected {
            return refuse(4, format!("{} objected to being contacted", contact.id));
        }
    }
    if let Some(playbook) = playbook {
        check_route(receivable, playbook, &call.step)?;
    }
    let waits = Waits { case_id: call.case_id, receivable_id: call.receivable_id, step: &call.step };
    check_still_its_time(waits, facts, now, rules)?;
    if !asks {
        return money_rules::check_silence_for_all(facts, receivable, now, rules);
    }
    money_rules::check(facts, receivable, call.pressed, now, rules)?;
    money_rules::check_free(facts, receivable, call.pressed, now, rules)
}
