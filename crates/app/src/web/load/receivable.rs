//! `GET /receivables/{number}`: why today, why not today, and everything that happened.

use std::sync::Arc;

use dunlin_core::calendar::days_between;
use dunlin_core::case::{Case, CaseState, LetterState};
use dunlin_core::explain::phrase;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::plan::Verdict;
use dunlin_core::playbook::Playbook;
use dunlin_core::playbook::time_expr::{Anchor, Unit};
use dunlin_core::receivable::ledger::{LedgerKind, last_standing};
use dunlin_core::receivable::{Obligor, Trigger};
use dunlin_store::{Scope, StoreError};

use super::show::Show;
use super::timeline;
use crate::house::House;
use crate::use_cases::bank_charges::likely_charges;
use crate::use_cases::explain_receivable::{Explanation, explain_receivable};
use crate::use_cases::standing_facts::Found;
use crate::web::view::pictures::{Ladder, Rung};
use crate::web::view::receivable::{LedgerLine, ReceivablePage};
use crate::web::view::why::Mark;

/// The page of one receivable, named by number, invoice or order.
pub async fn load(house: &House, show: &Show, name: &str) -> anyhow::Result<ReceivablePage> {
    let found: Found = house.store.find_receivable(house.tenant.id, name).await?.into();
    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await?;
    let facts = facts.into_iter().next().ok_or_else(|| StoreError::not_found("debtor", name))?;
    let explanation = explain_receivable(house, &found).await?;
    let item = facts
        .receivables
        .iter()
        .find(|item| item.receivable.id == found.receivable_id)
        .ok_or_else(|| StoreError::not_found("receivable", name))?;
    let receivable = &item.receivable;
    let reasons = show.reasons(&explanation.reasons);
    let number = receivable.number.clone();
    let plan = super::plan::plan(house, show, &facts, receivable.id, &number).await?;
    let is_planned = plan.as_ref().is_some_and(|plan| plan.is_original && plan.state == "open");
    let ours = receivable.obligor == Obligor::Buyer && receivable.source == OrderSource::Direct && !receivable.closed;
    Ok(ReceivablePage {
        reference: receivable.reference.clone(),
        milestone: receivable.milestone.code().to_string(),
        debtor: show.debtor(&facts),
        order: item.order_number.clone().filter(|order| *order != receivable.reference).unwrap_or_default(),
        amount: show.amount(receivable.amount),
        outstanding: show.amount(explanation.outstanding),
        due: receivable.due_on.map(|due| show.date(due)),
        age: show.age(receivable.due_on),
        awaits: !matches!(receivable.trigger, Trigger::FixedDate | Trigger::OrderPlaced) && !receivable.closed,
        trigger: receivable.trigger.code().to_string(),
        triggered: receivable.triggered_on.map(|day| show.date(day)),
        days: receivable.days,
        verdict: explanation.decision.code().to_string(),
        verdict_sentence: verdict_sentence(show, &explanation),
        next_look: explanation.next_wake.map(|at| show.instant(at)),
        playbook: explanation.playbook.as_deref().map_or_else(String::new, |id| show.titles.playbook(id)),
        ladder: ladder(house, show, item, &explanation).await?,
        ledger: ledger(house, show, &facts, item).await?,
        pauses: super::debtor::pauses(house, show, &facts, Some(receivable.id)).await?,
        timeline: timeline::load(house, show, &facts, Some(receivable.id)).await?,
        form: super::debtor::form(
            show,
            vec![receivable.amount.currency.code().to_string()],
            explanation.outstanding.decimal(),
            format!("/receivables/{number}"),
        ),
        can_plan: ours && !is_planned && explanation.outstanding.is_positive(),
        plan,
        charges: likely_charges(item)?.map(|rest| show.amount(rest)),
        can_lower: explanation.outstanding.is_positive(),
        reasons,
        number,
    })
}

/// The reason that decides, in one sentence.
pub fn verdict_sentence(show: &Show, explanation: &Explanation) -> String {
    let lines = show.reasons(&explanation.reasons);
    let wanted = match explanation.decision {
        Verdict::Letter | Verdict::Approval | Verdict::Task => {
            let due = lines.iter().find(|line| line.code == "step.due");
            due.or_else(|| lines.iter().find(|line| line.mark == Mark::Wait))
        }
        Verdict::Wait | Verdict::Closed => {
            let stop = lines.iter().find(|line| line.mark == Mark::Stop);
            stop.or_else(|| lines.iter().find(|line| line.mark == Mark::Wait))
        }
    };
    let shift = || lines.iter().find(|line| line.mark == Mark::Shift);
    let next = || lines.iter().find(|line| line.code == "step.next");
    wanted.or_else(shift).or_else(next).or(lines.last()).map_or_else(String::new, |line| line.sentence.clone())
}

async fn ledger(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
    item: &ReceivableFacts,
) -> anyhow::Result<Vec<LedgerLine>> {
    let receivable = &item.receivable;
    let mut open = receivable.amount;
    let since = receivable.triggered_on.or(receivable.due_on);
    let mut lines = vec![LedgerLine {
        when: since.map(|day| show.date(day)).unwrap_or_default(),
        kind: "opening".to_string(),
        change: show.amount(open),
        outstanding: show.amount(open),
        note: receivable.reference.clone(),
        undo_action: None,
    }];
    let last_credit = last_standing(&item.entries, LedgerKind::Credit).map(|line| line.id);
    let last_write_off = last_standing(&item.entries, LedgerKind::WriteOff).map(|line| line.id);
    for row in house.store.ledger_of(house.tenant.id, facts.party.id).await? {
        if row.receivable_id != receivable.id {
            continue;
        }
        open.minor -= row.amount.minor;
        lines.push(LedgerLine {
            when: show.date(row.effective_on),
            kind: if row.is_reversal { "reversal".to_string() } else { row.kind.code().to_string() },
            change: show.amount(Money::new(-row.amount.minor, row.amount.currency)),
            outstanding: show.amount(open),
            note: timeline::note_of(show, &row),
            undo_action: match Some(row.id) {
                id if id == last_credit => Some(format!("/receivables/{}/credit/undo", receivable.number)),
                id if id == last_write_off => Some(format!("/receivables/{}/write-off/undo", receivable.number)),
                _ => None,
            },
        });
    }
    Ok(lines)
}

/// The playbook over a day axis, counted from the due date (or from the day the order was placed).
async fn ladder(
    house: &House,
    show: &Show,
    item: &ReceivableFacts,
    explanation: &Explanation,
) -> anyhow::Result<Option<Ladder>> {
    // The version that the case follows, which need not be the one in force.
    let followed = match item.case.as_ref().and_then(|case| case.playbook.as_ref()) {
        Some(reference) => house.playbook_followed(reference).await?,
        None => None,
    };
    let in_force = || Some(Arc::clone(&house.playbook(explanation.playbook.as_deref()?)?.playbook));
    let Some(playbook) = followed.or_else(in_force) else {
        return Ok(None);
    };
    Ok(climbed(show, item, explanation, &playbook))
}

fn climbed(show: &Show, item: &ReceivableFacts, explanation: &Explanation, playbook: &Playbook) -> Option<Ladder> {
    let receivable = &item.receivable;
    let case = item.case.as_ref()?;
    let due = receivable.due_on?;
    let id = &*playbook.reference.id;
    let zone = &show.zone;
    let mut rungs = Vec::new();
    let mut last = i32::MIN;
    let steps = &playbook.steps;
    let taken = |id: &str| case.steps.iter().find(|taken| &*taken.step == id && !taken.voided);
    // What stands before a step that was taken, or before the one whose turn it is, has been passed over.
    let reached = steps.iter().rposition(|step| taken(&step.id).is_some());
    let turn = steps.iter().position(|step| explanation.step.as_deref() == Some(&*step.id));
    let is_over = !matches!(case.state, CaseState::Running);
    for (index, step) in steps.iter().enumerate() {
        let (day, state) = match taken(&step.id) {
            Some(taken) => {
                let at = taken.done_at.unwrap_or(taken.taken_at).to_zoned(zone.clone()).date();
                (days_between(due, at), if taken.done_at.is_some() { "taken" } else { under_way(case) })
            }
            None => {
                let state = match index {
                    _ if reached.max(turn).is_some_and(|passed| index < passed) => "skipped",
                    _ if is_over => "unneeded",
                    _ if turn == Some(index) => "next",
                    _ => "later",
                };
                (planned_day(step, last)?, state)
            }
        };
        last = last.max(day);
        rungs.push(Rung {
            day,
            label: show.titles.step(Some(id), &step.id),
            date: show.short_day(dunlin_core::calendar::shift(due, day)),
            state: state.to_string(),
        });
    }
    let taken = rungs.iter().filter(|rung| rung.state == "taken").count();
    let counts = [("taken", taken.to_string()), ("total", rungs.len().to_string())];
    rungs.sort_by_key(|rung| rung.day);
    Some(Ladder {
        sentence: phrase(show.ui(), "say-ladder", &counts),
        rungs,
        today: days_between(due, show.today()),
        due: Some(show.short_day(due)),
        today_text: show.short_day(show.today()),
    })
}

/// A step taken whose letter has not left, or whose task is not done.
fn under_way(case: &Case) -> &'static str {
    match case.letter.map(|letter| letter.state) {
        Some(LetterState::Review) => "approval",
        Some(LetterState::ToPaste) => "to_paste",
        Some(_) => "queued",
        None => "task",
    }
}

/// About when a step not yet taken would come, in days from the due date.
pub fn planned_day(step: &dunlin_core::playbook::Step, last: i32) -> Option<i32> {
    let day = step.at.iter().map(|time| {
        let days = match time.unit {
            Unit::Hours => time.amount / 24,
            Unit::Days => time.amount,
            Unit::BusinessDays => time.amount + time.amount / 5 * 2,
            Unit::Weeks => time.amount * 7,
        };
        match time.anchor {
            Anchor::Previous if last > i32::MIN => last + days,
            Anchor::Previous => i32::MIN,
            _ => days,
        }
    });
    day.max().filter(|day| *day > i32::MIN)
}
