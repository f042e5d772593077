//! What becomes of plans of instalments by themselves (SCENARIOS B8): kept, ended, broken by their own rule, and running on
//! where it turns out that the part that broke them was paid in time.
//!
//! A plan breaks only by a part that is surely unpaid and that nothing speaks for: while money may be in that nobody has
//! read of, or a dispute, a pause or a promise is about it, the plan runs.

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::calendar::shift;
use dunlin_core::decide::askable::askable;
use dunlin_core::facts::{DebtorFacts, TenantFacts};
use dunlin_core::ids::{PartyId, ReceivableId};
use dunlin_core::instalments::{is_broken, paid_by};
use dunlin_core::money::MoneyError;
use dunlin_core::plan::TaskKind;
use dunlin_store::{Commit, LogEntry, PartRow, PlanRow, Scope};

use super::standing_facts::cancel_wrong_letters;
use crate::house::House;

/// What a run does before it decides: broken plans that were not broken run on, plans paid to the end are kept, plans with a
/// part too long unpaid are broken. What is left falls due at once where that was agreed, and a person is asked either way.
/// Returns how many changed.
pub async fn look_after_plans(house: &House) -> anyhow::Result<usize> {
    let mut changed = mend_all(house).await?;
    let (now, today) = (house.now(), house.today());
    for (plan, parts) in house.store.open_plans(house.tenant.id).await? {
        let all: Vec<ReceivableId> = parts.iter().map(|part| part.receivable_id).collect();
        if fate_of(&plan, &parts, &all, today) == Fate::Runs {
            continue;
        }
        // Few come so far: only of these the facts are read.
        let tenant = house.store.tenant_facts(&house.tenant).await?;
        let facts = house.store.facts(house.tenant.id, Scope::One(plan.party_id), now).await?;
        let sure = surely_unpaid(&facts, &tenant, plan.late_days, now)?;
        if fate_of(&plan, &parts, &sure, today) == Fate::Runs {
            continue;
        }
        let mut commit = house.begin_as_system().await?;
        // Once more under the lock: money may have come in between.
        let Some((plan, parts)) = commit.open_plan_of(plan.party_id, plan.receivable_id).await? else {
            continue;
        };
        let tenant = commit.tenant_facts(&house.tenant).await?;
        let facts = commit.facts(Scope::One(plan.party_id)).await?;
        let sure = surely_unpaid(&facts, &tenant, plan.late_days, now)?;
        match fate_of(&plan, &parts, &sure, today) {
            Fate::Runs => continue,
            Fate::Cancelled => {
                for part in parts.iter().filter(|part| !part.closed) {
                    commit.close_part(plan.party_id, part).await?;
                }
                commit.settle_plan(&plan, "ended").await?;
                let last = parts.last().map_or("", |part| part.number.as_str());
                commit.log(LogEntry::new("plan.ended", "receivable", last).about(plan.party_id));
                commit.wake_party(plan.party_id).await?;
            }
            Fate::Over(is_kept) => {
                let (state, verb) = if is_kept { ("kept", "plan.kept") } else { ("ended", "plan.ended") };
                commit.settle_plan(&plan, state).await?;
                let last = parts.last().map_or("", |part| part.number.as_str());
                commit.log(LogEntry::new(verb, "receivable", last).about(plan.party_id));
            }
            Fate::Broken(late) => {
                commit.settle_plan(&plan, "broken").await?;
                let mut moved = Vec::new();
                if plan.all_due {
                    for part in parts.iter().filter(|part| part.due_on.is_some_and(|due| due > today)) {
                        commit.bring_forward(plan.party_id, part, today).await?;
                        moved.push(part.number.as_str());
                    }
                }
                let number = parts[late].number.as_str();
                commit.ask_about(plan.party_id, parts[late].receivable_id, TaskKind::Follow, number).await?;
                let entry = LogEntry::new("plan.broken", "receivable", number).about(plan.party_id);
                commit.log(entry.fact("all_due", plan.all_due).fact("moved", moved));
                commit.wake_party(plan.party_id).await?;
            }
        }
        cancel_wrong_letters(house, &mut commit, plan.party_id).await?;
        commit.finish().await?;
        changed += 1;
    }
    Ok(changed)
}

/// Plans that were broken before it was known that the late part had been paid in time.
async fn mend_all(house: &House) -> anyhow::Result<usize> {
    let mut parties: Vec<PartyId> = Vec::new();
    for (plan, parts) in house.store.broken_plans(house.tenant.id).await? {
        if late_and_settled(house, &plan, &parts).is_some() {
            parties.push(plan.party_id);
        }
    }
    parties.dedup();
    let mut changed = 0;
    for party_id in parties {
        let mut commit = house.begin_as_system().await?;
        let mended = mend_plans(house, &mut commit, party_id).await?;
        if mended > 0 {
            cancel_wrong_letters(house, &mut commit, party_id).await?;
            commit.finish().await?;
        }
        changed += mended;
    }
    Ok(changed)
}

/// Broken plans of a debtor run on where all that was late then was paid in time, as the days tell on which the money came
/// in: what was brought forward is due on its agreed days again. Letters that quote the other days do not pass the check
/// that follows. Returns how many.
pub(super) async fn mend_plans(house: &House, commit: &mut Commit, party_id: PartyId) -> anyhow::Result<usize> {
    let mut mended = 0;
    for (plan, parts) in commit.broken_plans_of(party_id).await? {
        let Some(late) = late_and_settled(house, &plan, &parts) else { continue };
        let facts = commit.facts(Scope::One(party_id)).await?;
        let in_time = |part: &&PartRow| {
            let mut items = facts.iter().flat_map(|debtor| &debtor.receivables);
            let item = items.find(|item| item.receivable.id == part.receivable_id);
            let last = part.due_on.map(|due| shift(due, plan.late_days));
            item.zip(last).is_some_and(|(item, last)| paid_by(item.receivable.amount, &item.entries, last))
        };
        if !late.iter().all(in_time) {
            continue;
        }
        let mut moved = Vec::new();
        for part in &parts {
            if commit.put_back(&plan, part).await? {
                moved.push(part.number.as_str());
            }
        }
        commit.run_plan_on(&plan).await?;
        for part in &late {
            commit.answer_about(party_id, part.receivable_id, TaskKind::Follow).await?;
        }
        let number = late.first().map_or("", |part| part.number.as_str());
        let entry = LogEntry::new("plan.mended", "receivable", number).about(party_id);
        commit.log(entry.fact("moved", moved));
        commit.wake_party(party_id).await?;
        mended += 1;
    }
    Ok(mended)
}

/// The parts that were late when the plan broke, where nothing of them is open any more.
fn late_and_settled<'p>(house: &House, plan: &PlanRow, parts: &'p [PartRow]) -> Option<Vec<&'p PartRow>> {
    let broken_on = plan.settled_at?.to_zoned(house.zone()).date();
    // A part that was brought forward is due on that very day, and so is not late on it.
    let was_late = |part: &&PartRow| part.due_on.is_some_and(|due| is_broken(due, plan.late_days, broken_on));
    let late: Vec<&PartRow> = parts.iter().filter(was_late).collect();
    let settled = late.iter().all(|part| !part.closed && !part.outstanding.is_positive());
    (settled && !late.is_empty()).then_some(late)
}

/// The debts that may be asked for to the last cent, and of which the books tell up to the last day on which they could be
/// paid in time.
fn surely_unpaid(
    facts: &[DebtorFacts],
    tenant: &TenantFacts,
    late_days: i32,
    now: Timestamp,
) -> Result<Vec<ReceivableId>, MoneyError> {
    let mut sure = Vec::new();
    for debtor in facts {
        for (item, free) in debtor.receivables.iter().zip(askable(debtor, tenant, now)?) {
            let is_told = |due: Date| tenant.statements.is_none_or(|age| age.covered_to >= shift(due, late_days));
            let is_free = free.amount.is_positive() && free.amount == item.outstanding()?;
            if is_free && item.receivable.due_on.is_some_and(is_told) {
                sure.push(item.receivable.id);
            }
        }
    }
    Ok(sure)
}

#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Runs,
    /// The order was cancelled: nothing is asked for any more.
    Cancelled,
    /// Nothing is open; `true`: every part was settled, none only closed.
    Over(bool),
    /// By the part at this index.
    Broken(usize),
}

/// `sure`: what is surely unpaid, of which alone a plan breaks.
fn fate_of(plan: &PlanRow, parts: &[PartRow], sure: &[ReceivableId], today: Date) -> Fate {
    if parts.is_empty() {
        return Fate::Runs;
    }
    if plan.is_cancelled {
        return Fate::Cancelled;
    }
    if parts.iter().all(|part| part.closed || !part.outstanding.is_positive()) {
        return Fate::Over(parts.iter().all(|part| !part.closed));
    }
    let is_late = |part: &PartRow| {
        let open = !part.closed && part.outstanding.is_positive();
        let is_sure = sure.contains(&part.receivable_id);
        open && is_sure && part.due_on.is_some_and(|due| is_broken(due, plan.late_days, today))
    };
    parts.iter().position(is_late).map_or(Fate::Runs, Fate::Broken)
}

#[cfg(test)]
mod tests {
    use dunlin_core::facts::{ContactRules, ReceivableFacts, StatementAge};
    use dunlin_core::gate_facts::{Dispute, UnmatchedMoney};
    use dunlin_core::ids::{DisputeId, PaymentId};
    use dunlin_core::money::{Currency, Money};
    use dunlin_core::order::OrderSource;
    use dunlin_core::party::Party;
    use dunlin_core::receivable::{Milestone, Obligor, Receivable, Trigger};
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::*;

    const PARTY: PartyId = PartyId(1);

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    fn owed(nth: u128, due_on: Date) -> ReceivableFacts {
        let receivable = Receivable {
            id: ReceivableId(nth),
            party_id: PARTY,
            order_id: None,
            invoice_id: None,
            number: format!("R-{nth:04}"),
            reference: "INV-1".to_string(),
            milestone: Milestone::Instalment,
            trigger: Trigger::FixedDate,
            days: 0,
            amount: usd(100),
            triggered_on: Some(due_on),
            due_on: Some(due_on),
            placed_at: None,
            obligor: Obligor::Buyer,
            source: OrderSource::Direct,
            closed: false,
        };
        ReceivableFacts {
            receivable,
            entries: Vec::new(),
            order_number: None,
            why: None,
            dates: Vec::new(),
            case: None,
        }
    }

    fn debtor() -> DebtorFacts {
        let party = Party {
            id: PARTY,
            number: "D-0001".to_string(),
            name: "Rossi S.r.l.".to_string(),
            country: "IT".to_string(),
            language: None,
            is_consumer: false,
            blacklisted: false,
            grade: None,
            playbook_override: None,
        };
        let receivables = vec![owed(1, date(2026, 3, 1)), owed(2, date(2026, 4, 1))];
        DebtorFacts { receivables, ..DebtorFacts::of(party) }
    }

    fn firm(covered_to: Option<Date>) -> TenantFacts {
        TenantFacts {
            time_zone: TimeZone::UTC,
            rules: ContactRules::default(),
            promise_margin_days: 3,
            promise_cap_days: 30,
            statements: covered_to.map(|covered_to| StatementAge { covered_to, max_age_days: 7 }),
            restored_at: None,
            review_all: false,
        }
    }

    fn plan() -> PlanRow {
        PlanRow {
            party_id: PARTY,
            id: "plan".to_string(),
            receivable_id: ReceivableId(9),
            late_days: 5,
            all_due: true,
            words: String::new(),
            state: "open".to_string(),
            settled_at: None,
            recorded_at: Timestamp::UNIX_EPOCH,
            is_cancelled: false,
        }
    }

    fn fate(debtor: DebtorFacts, firm: &TenantFacts) -> Fate {
        let part = |item: &ReceivableFacts| PartRow {
            plan_id: "plan".to_string(),
            receivable_id: item.receivable.id,
            number: item.receivable.number.clone(),
            due_on: item.receivable.due_on,
            amount: item.receivable.amount,
            outstanding: item.outstanding().expect("a sum"),
            paid: usd(0),
            closed: false,
        };
        let parts: Vec<PartRow> = debtor.receivables.iter().map(part).collect();
        let now: Timestamp = "2026-03-07T09:00:00Z".parse().expect("an instant");
        let sure = surely_unpaid(&[debtor], firm, 5, now).expect("a sum");
        fate_of(&plan(), &parts, &sure, date(2026, 3, 7))
    }

    #[test]
    fn a_plan_breaks_by_a_part_that_is_surely_unpaid() {
        assert_eq!(fate(debtor(), &firm(None)), Fate::Broken(0));
        assert_eq!(fate(debtor(), &firm(Some(date(2026, 3, 6)))), Fate::Broken(0));
    }

    #[test]
    fn it_runs_while_the_money_may_be_in() {
        assert_eq!(fate(debtor(), &firm(Some(date(2026, 2, 20)))), Fate::Runs, "the books are old");
        assert_eq!(fate(debtor(), &firm(Some(date(2026, 3, 5)))), Fate::Runs, "the last day is not told of");
        let mut restored = firm(Some(date(2026, 3, 6)));
        restored.restored_at = Some("2026-03-10T09:00:00Z".parse().expect("an instant"));
        assert_eq!(fate(debtor(), &restored), Fate::Runs, "what came in after the backup is lost");
        let mut waits = debtor();
        waits.unmatched.push(UnmatchedMoney {
            payment_id: PaymentId(1),
            payment_number: "P-0001".to_string(),
            left: usd(100),
            received_on: date(2026, 2, 28),
            payer_name: "ROSSI".to_string(),
        });
        assert_eq!(fate(waits, &firm(None)), Fate::Runs, "money without a place");
    }

    #[test]
    fn it_runs_while_something_speaks_for_the_buyer() {
        let mut disputed = debtor();
        disputed.disputes.push(Dispute {
            id: DisputeId(1),
            receivable_id: ReceivableId(1),
            amount: Some(usd(10)),
            why: "scratches".to_string(),
            resolved: false,
        });
        assert_eq!(fate(disputed, &firm(None)), Fate::Runs);
    }
}
