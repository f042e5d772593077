//! Holds, promises and disputes entered by hand, by the numbers people use.

use jiff::civil::Date;

use dunlin_core::audit::Rules;
use dunlin_core::audit::departure::check_departure;
use dunlin_core::audit::desk::{WaitingCall, check_call, not_now};
use dunlin_core::audit::order_desk::{WaitingOrderTask, has_passed};
use dunlin_core::audit::orders::{OrderStop, check_order_departure, check_time_left};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::facts::ReceivableFacts;
use dunlin_core::gate_facts::{HoldKind, Promise, PromiseState};
use dunlin_core::ids::{HoldId, PartyId, PromiseId, ReceivableId, TalkId};
use dunlin_core::money::Money;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Commit, LogEntry, Outcome, Scope, StoredLetter};

use super::cancel_letter::{lapsed, moved_on, refused};
use super::extend_receipt::as_asked;
use super::look_after_plans::mend_plans;
use crate::house::{House, Premises};

/// A receivable found by its number, id, invoice or order number.
#[derive(Debug, Clone)]
pub struct Found {
    pub party_id: PartyId,
    pub receivable_id: ReceivableId,
    pub number: String,
    pub amount: Money,
}

impl From<dunlin_store::pages::find::FoundReceivable> for Found {
    fn from(found: dunlin_store::pages::find::FoundReceivable) -> Self {
        Self {
            party_id: found.party_id,
            receivable_id: found.receivable_id,
            number: found.number,
            amount: found.amount,
        }
    }
}

/// Pauses everything for a debtor, or one receivable, until a day.
pub async fn add_hold(
    house: &House,
    party_id: PartyId,
    receivable_id: Option<ReceivableId>,
    until: Date,
    why: &str,
) -> anyhow::Result<HoldId> {
    let today = house.today();
    if until < today {
        return Err(Refusal::new(RefusalCode::HoldOver).with("day", until).with("today", today).into());
    }
    if why.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let mut commit = house.begin().await?;
    refuse_planned(&mut commit, party_id, receivable_id).await?;
    let hold = commit.add_hold(party_id, HoldKind::Pause, receivable_id, until, why.trim(), today).await?;
    let entry = LogEntry::new("hold.added", "hold", hold.to_string()).about(party_id).fact("until", until);
    commit.log(entry.fact("receivable", receivable_id).words("why", why.trim()));
    cancel_wrong_letters(house, &mut commit, party_id).await?;
    commit.finish().await?;
    Ok(hold)
}

/// The buyer promised to pay.
pub async fn add_promise(
    house: &House,
    party_id: PartyId,
    receivable_id: Option<ReceivableId>,
    pay_on: Date,
    amount: Option<Money>,
    words: &str,
) -> anyhow::Result<PromiseId> {
    let promised = Promised { receivable_id, pay_on, amount, words };
    promised.check(house)?;
    let mut commit = house.begin().await?;
    let promise = promised.write(house, &mut commit, party_id).await?;
    commit.finish().await?;
    Ok(promise)
}

/// A promise picked out in a logged talk is taken over: once, however often the form is sent, and not beside another open
/// one for the same day and amount, from whichever card or talk that came. Returns the promise that stands for it.
pub async fn add_promise_heard(
    house: &House,
    party_id: PartyId,
    heard: (TalkId, i64),
    pay_on: Date,
    amount: Option<Money>,
    words: &str,
) -> anyhow::Result<PromiseId> {
    let promised = Promised { receivable_id: None, pay_on, amount, words };
    promised.check(house)?;
    // Under the lock of the firm: of two that come at once the second finds what the first wrote.
    let mut commit = house.begin().await?;
    let known = commit.promises_heard(party_id, heard.0).await?;
    if let Some((_, promise)) = known.into_iter().find(|(item, _)| *item == heard.1) {
        return Ok(promise);
    }
    let facts = commit.facts(Scope::One(party_id)).await?;
    let is_same =
        |p: &&Promise| p.state == PromiseState::Open && (p.pay_on, p.amount) == (promised.pay_on, promised.amount);
    if let Some(same) = facts.iter().flat_map(|facts| &facts.promises).find(is_same) {
        return Ok(same.id);
    }
    let promise = promised.write(house, &mut commit, party_id).await?;
    commit.note_heard(party_id, promise, heard).await?;
    commit.finish().await?;
    Ok(promise)
}

/// What somebody says a buyer promised.
struct Promised<'a> {
    /// `None`: everything the debtor owes.
    receivable_id: Option<ReceivableId>,
    pay_on: Date,
    /// `None`: all that is outstanding.
    amount: Option<Money>,
    words: &'a str,
}

impl Promised<'_> {
    fn check(&self, house: &House) -> anyhow::Result<()> {
        let today = house.today();
        if self.pay_on < today {
            return Err(Refusal::new(RefusalCode::PromisePast).with("day", self.pay_on).with("today", today).into());
        }
        if self.amount.is_some_and(|amount| !amount.is_positive()) {
            return Err(Refusal::new(RefusalCode::AmountNotPositive).into());
        }
        Ok(())
    }

    async fn write(&self, house: &House, commit: &mut Commit, party_id: PartyId) -> anyhow::Result<PromiseId> {
        let (pay_on, amount, words) = (self.pay_on, self.amount, self.words.trim());
        refuse_planned(commit, party_id, self.receivable_id).await?;
        let mut receivable_id = self.receivable_id;
        if let Some(amount) = amount {
            receivable_id = check_promised(commit, party_id, receivable_id, amount).await?;
        }
        let promise = commit.add_promise(party_id, receivable_id, house.today(), pay_on, amount, words).await?;
        let entry = LogEntry::new("promise.added", "promise", promise.to_string()).about(party_id);
        let entry = entry.fact("pay_on", pay_on).fact("amount", amount.map(|amount| amount.to_string()));
        commit.log(entry.fact("receivable", receivable_id).words("words", words));
        commit.ask_about_standing().await?;
        cancel_wrong_letters(house, commit, party_id).await?;
        Ok(promise)
    }
}

/// Ends the running holds of a debtor, or of one receivable, before their day. Returns how many.
pub async fn end_holds(house: &House, party_id: PartyId, receivable_id: Option<ReceivableId>) -> anyhow::Result<u64> {
    let today = house.today();
    let mut commit = house.begin().await?;
    let ended = commit.end_holds(party_id, receivable_id, today).await?;
    if ended == 0 {
        let facts = commit.facts(Scope::One(party_id)).await?;
        let running = facts.iter().flat_map(|facts| &facts.holds).filter(|hold| !hold.released && hold.until >= today);
        let codes = (RefusalCode::HoldNone, RefusalCode::HoldElsewhere);
        return Err(elsewhere(facts.first(), running.map(|hold| hold.receivable_id), codes).into());
    }
    let entry = LogEntry::new("hold.ended", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("count", ended).fact("receivable", receivable_id));
    commit.finish().await?;
    Ok(ended)
}

/// Withdraws the open promises of a debtor, or of one receivable. Returns how many.
pub async fn withdraw_promises(
    house: &House,
    party_id: PartyId,
    receivable_id: Option<ReceivableId>,
) -> anyhow::Result<u64> {
    let mut commit = house.begin().await?;
    let withdrawn = commit.withdraw_promises(party_id, receivable_id).await?;
    if withdrawn == 0 {
        let facts = commit.facts(Scope::One(party_id)).await?;
        let open = facts.iter().flat_map(|facts| &facts.promises).filter(|p| p.state == PromiseState::Open);
        let codes = (RefusalCode::PromiseNone, RefusalCode::PromiseElsewhere);
        return Err(elsewhere(facts.first(), open.map(|p| p.receivable_id), codes).into());
    }
    commit.end_settled_asks().await?;
    let entry = LogEntry::new("promise.withdrawn", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("count", withdrawn).fact("receivable", receivable_id));
    commit.finish().await?;
    Ok(withdrawn)
}

/// Where the same debtor has what was looked for in vain: on D-0017 and R-1042, or nowhere at all.
fn elsewhere(
    facts: Option<&DebtorFacts>,
    subjects: impl Iterator<Item = Option<ReceivableId>>,
    (nowhere, somewhere): (RefusalCode, RefusalCode),
) -> Refusal {
    let Some(facts) = facts else {
        return Refusal::new(nowhere).with("number", "D-0000");
    };
    let number = |id: Option<ReceivableId>| match id {
        None => Some(facts.party.number.clone()),
        Some(id) => {
            let item = facts.receivables.iter().find(|item| item.receivable.id == id);
            item.map(|item| item.receivable.number.clone())
        }
    };
    let mut numbers: Vec<String> = subjects.filter_map(number).collect();
    numbers.sort();
    numbers.dedup();
    match numbers.as_slice() {
        [] => Refusal::new(nowhere).with("number", &facts.party.number),
        some => Refusal::new(somewhere).with("numbers", some.join(", ")),
    }
}

/// What is said of an amount that became instalments would reach none of them.
pub(super) async fn refuse_planned(
    commit: &mut Commit,
    party_id: PartyId,
    receivable_id: Option<ReceivableId>,
) -> anyhow::Result<()> {
    let Some(id) = receivable_id else { return Ok(()) };
    match commit.open_plan_of(party_id, id).await? {
        Some((_, parts)) => {
            let number =
                parts.iter().find(|part| part.outstanding.is_positive()).map_or("", |part| part.number.as_str());
            Err(Refusal::new(RefusalCode::PlanRuns).with("number", number).into())
        }
        None => Ok(()),
    }
}

/// A promised sum is in a currency that is owed, and not above what is. Whoever promises just what one debt comes to speaks
/// of that debt: it stays so, whatever falls due afterwards.
async fn check_promised(
    commit: &mut Commit,
    party_id: PartyId,
    receivable_id: Option<ReceivableId>,
    amount: Money,
) -> anyhow::Result<Option<ReceivableId>> {
    let facts = commit.facts(Scope::One(party_id)).await?;
    let mut exactly: Vec<ReceivableId> = Vec::new();
    let about = |item: &&ReceivableFacts| receivable_id.is_none_or(|id| id == item.receivable.id);
    let mut open = Money::zero(amount.currency);
    for item in facts.iter().flat_map(|debtor| &debtor.receivables).filter(about) {
        if item.receivable.amount.currency == amount.currency && !item.receivable.closed {
            let outstanding = item.outstanding()?;
            if outstanding == amount {
                exactly.push(item.receivable.id);
            }
            open = open.checked_add(outstanding)?;
        }
    }
    if amount.minor > open.minor {
        let refusal = Refusal::new(RefusalCode::PromiseAbove).with("amount", amount).with("open", open);
        return Err(refusal.with("currency", amount.currency.code()).into());
    }
    Ok(match exactly.as_slice() {
        [only] => Some(*only),
        _ => receivable_id,
    })
}

/// The buyer contests a receivable, wholly or in part.
pub async fn add_dispute(house: &House, found: &Found, amount: Option<Money>, why: &str) -> anyhow::Result<()> {
    if let Some(amount) = amount {
        if amount.currency != found.amount.currency {
            let refusal = Refusal::new(RefusalCode::DisputeCurrency).with("number", &found.number);
            let refusal = refusal.with("owed", found.amount.currency.code());
            return Err(refusal.with("typed", amount.currency.code()).into());
        }
        if !amount.is_positive() || amount.minor > found.amount.minor {
            return Err(Refusal::new(RefusalCode::DisputeRange).with("amount", found.amount).into());
        }
    }
    if why.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let mut commit = house.begin().await?;
    refuse_planned(&mut commit, found.party_id, Some(found.receivable_id)).await?;
    let facts = commit.facts(Scope::One(found.party_id)).await?;
    let mut items = facts.iter().flat_map(|facts| &facts.receivables);
    if let Some(item) = items.find(|item| item.receivable.id == found.receivable_id)
        && (item.receivable.closed || !item.outstanding()?.is_positive())
    {
        return Err(Refusal::new(RefusalCode::DisputeSettled).with("number", &found.number).into());
    }
    commit.add_dispute(found.party_id, found.receivable_id, amount, why.trim(), house.today()).await?;
    let entry = LogEntry::new("dispute.added", "receivable", &*found.number).about(found.party_id);
    commit.log(entry.fact("amount", amount.map(|amount| amount.to_string())).words("why", why.trim()));
    commit.ask_about_standing().await?;
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    Ok(commit.finish().await?)
}

/// The dispute is settled: pressing may go on.
pub async fn resolve_dispute(house: &House, found: &Found, resolution: &str) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    commit.resolve_dispute(found.party_id, found.receivable_id, resolution).await?;
    commit.end_settled_asks().await?;
    let entry = LogEntry::new("dispute.resolved", "receivable", &*found.number).about(found.party_id);
    commit.log(entry.words("resolution", resolution));
    Ok(commit.finish().await?)
}

/// Letters that lie on somebody's desk, to approve or to paste, and are not right any more: cancelled, so that nobody
/// sends one about money that an import said was paid; calls that are not to be made now rest. Returns how many
/// were cancelled or withdrawn.
pub async fn clear_desks(house: &House) -> anyhow::Result<usize> {
    let mut commit = house.begin_as_system().await?;
    let (mut cancelled, mut rested) = (0, 0);
    let mut parties = commit.parties_with_letters_at_people().await?;
    parties.extend(commit.parties_with_calls().await?);
    parties.sort_unstable();
    parties.dedup();
    if parties.is_empty() {
        return Ok(0);
    }
    let premises = house.premises_within(&mut commit).await?;
    for party_id in parties {
        let waiting = Waiting::of(&mut commit, party_id).await?;
        let done = cancel_if_wrong(&mut commit, party_id, waiting, &premises).await?;
        cancelled += done.cancelled + done.withdrawn;
        rested += done.rested;
    }
    if cancelled + rested > 0 {
        commit.finish().await?;
    }
    Ok(cancelled)
}

/// After any change to a debtor: letters that wait and are not right any more are cancelled in the same commit, and calls
/// that may not be made any more leave the desk. Returns how many letters.
pub async fn cancel_wrong_letters(house: &House, commit: &mut Commit, party_id: PartyId) -> anyhow::Result<usize> {
    cancel_wrong_letters_of(house, commit, &[party_id]).await
}

/// The same of many debtors, as a file changes them.
pub(crate) async fn cancel_wrong_letters_of(
    house: &House,
    commit: &mut Commit,
    parties: &[PartyId],
) -> anyhow::Result<usize> {
    let mut cancelled = 0;
    let mut read: Option<Premises> = None;
    for party_id in parties.iter().copied() {
        // First: letters about what a broken plan brought forward are wrong where it was not broken.
        mend_plans(house, commit, party_id).await?;
        let waiting = Waiting::of(commit, party_id).await?;
        if waiting.is_empty() {
            continue;
        }
        if read.is_none() {
            read = Some(house.premises_within(commit).await?);
        }
        if let Some(premises) = &read {
            cancelled += cancel_if_wrong(commit, party_id, waiting, premises).await?.cancelled;
        }
    }
    Ok(cancelled)
}

/// What waits to reach a debtor.
struct Waiting {
    letters: Vec<StoredLetter>,
    /// Messages about orders and parcels.
    about_orders: Vec<StoredLetter>,
    /// With the numbers of their tasks.
    calls: Vec<(i64, WaitingCall)>,
    /// Work about orders and parcels, likewise; `None`: it has passed already.
    order_tasks: Vec<(i64, Option<WaitingOrderTask>)>,
}

impl Waiting {
    async fn of(commit: &mut Commit, party_id: PartyId) -> anyhow::Result<Self> {
        Ok(Self {
            letters: commit.waiting_letters_of(party_id).await?,
            about_orders: commit.waiting_order_letters_of(party_id).await?,
            calls: commit.waiting_calls_of(party_id).await?,
            order_tasks: commit.waiting_order_tasks_of(party_id).await?,
        })
    }

    const fn is_empty(&self) -> bool {
        self.letters.is_empty() && self.about_orders.is_empty() && self.calls.is_empty() && self.order_tasks.is_empty()
    }
}

/// What became of what waited.
#[derive(Default)]
struct Cleared {
    /// Letters.
    cancelled: usize,
    /// Calls and work about orders.
    withdrawn: usize,
    /// Calls that are not to be made now, or can be made again; and messages of which a person is asked whether they were pasted.
    rested: usize,
}

async fn cancel_if_wrong(
    commit: &mut Commit,
    party_id: PartyId,
    waiting: Waiting,
    premises: &Premises,
) -> anyhow::Result<Cleared> {
    let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
    let facts = commit.facts(Scope::One(party_id)).await?;
    let mut done = Cleared::default();
    let Some(debtor) = facts.first() else {
        return Ok(done);
    };
    for letter in waiting.letters {
        let now = commit.now();
        let outcome = match check_departure(&letter.waiting(), debtor, now, &rules) {
            Err(refusal) => Some(refused(&letter, debtor, &refusal, premises, now)),
            Ok(()) => lapsed(&letter, now),
        };
        let Some(outcome) = outcome else { continue };
        commit.settle(&letter, &outcome).await?;
        match outcome {
            Outcome::Cancelled { .. } => done.cancelled += 1,
            _ => done.rested += 1,
        }
    }
    for letter in waiting.about_orders {
        let Some(message) = letter.waiting_order() else { continue };
        let expected = as_asked(commit, &letter, debtor, &premises.tenant.time_zone).await?;
        let now = commit.now();
        let right = check_time_left(&message, debtor, now, &rules)
            .and_then(|()| check_order_departure(&message, &expected, now, &rules));
        if let Err(OrderStop::Wrong(refusal)) = right {
            commit.settle(&letter, &moved_on(&refusal)).await?;
            done.cancelled += 1;
        }
    }
    for (number, call) in waiting.calls {
        if check_call(&call, debtor, commit.now(), &rules).is_err() {
            commit.withdraw_call(party_id, number).await?;
            done.withdrawn += 1;
        } else {
            let now = commit.now();
            done.rested += usize::from(commit.rest_call(number, not_now(&call, debtor, now, &rules)).await?);
        }
    }
    for (number, task) in waiting.order_tasks {
        if task.is_none_or(|task| has_passed(&task, debtor, commit.now(), &rules)) {
            commit.withdraw_order_task(party_id, number).await?;
            commit.log(LogEntry::new("task.withdrawn", "task", format!("T-{number:04}")).about(party_id));
            done.withdrawn += 1;
        }
    }
    Ok(done)
}
