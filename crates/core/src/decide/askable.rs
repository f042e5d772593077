//! What may be asked for of each debt at a moment, by the gates of the decision: the account statement that goes along with
//! a letter says no other amounts than the letter, and a plan of instalments breaks only by a part that may be asked for.
//!
//! Nothing is decided here: whether a debt has fallen due, and whose turn it is, is for whoever asks.

use jiff::Timestamp;

use super::{World, gates};
use crate::calendar::countries::Countries;
use crate::facts::{DebtorFacts, ReceivableFacts, TenantFacts};
use crate::letter::Rests;
use crate::money::{Money, MoneyError};
use crate::playbook::Playbooks;
use crate::reason::ReasonCode;

/// What the gates leave of one receivable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Askable {
    /// Outstanding less its disputed and promised parts; zero while a gate is shut.
    pub amount: Money,
    /// Why nothing of it is asked for, apart from a dispute.
    pub rests: Option<Rests>,
}

/// Shut gates and the word for them on a statement. Every other one is shut because the money may be in.
const RESTS: [(ReasonCode, Rests); 5] = [
    (ReasonCode::GateHold, Rests::Paused),
    (ReasonCode::GateBlacklist, Rests::Paused),
    (ReasonCode::GateSellerFault, Rests::SellerFault),
    (ReasonCode::GateInTransit, Rests::InTransit),
    (ReasonCode::GatePromise, Rests::Promised),
];

/// What may be asked for at `now` of each receivable, in the order of the facts.
pub fn askable(facts: &DebtorFacts, tenant: &TenantFacts, now: Timestamp) -> Result<Vec<Askable>, MoneyError> {
    // No gate looks into a playbook.
    let none = Playbooks::default();
    let world = World::new(tenant, &none, Countries::shipped(), now);
    let covers = gates::promise_covers(facts, &world)?;
    facts.receivables.iter().zip(covers).map(|(item, promised)| of_one(facts, item, promised, &world)).collect()
}

fn of_one(
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    promised: Money,
    world: &World<'_>,
) -> Result<Askable, MoneyError> {
    let outstanding = item.outstanding()?;
    if gates::ended(item, outstanding).is_some() {
        return Ok(Askable { amount: Money::zero(outstanding.currency), rests: None });
    }
    let gates = gates::evaluate(facts, item, outstanding, promised, Vec::new(), world)?;
    if !gates.stops_press {
        return Ok(Askable { amount: gates.pressable, rests: None });
    }
    let is_shut = |code: ReasonCode| gates.reasons.iter().any(|reason| reason.code == code);
    let named = RESTS.into_iter().find(|(code, _)| is_shut(*code)).map(|(_, rests)| rests);
    let rests = named.or_else(|| (!is_shut(ReasonCode::GateDispute)).then_some(Rests::Checked));
    Ok(Askable { amount: Money::zero(outstanding.currency), rests })
}
