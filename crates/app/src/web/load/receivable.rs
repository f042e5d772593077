//! `GET /receivables/{number}`: why today, why not today, and everything that happened.

use std::sync::Arc;

use dunlin_core::calendar::days_between;
use dunlin_core::case::{Case, CaseState, Entry, LetterState, StepTaken};
use dunlin_core::explain::phrase;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::gate_facts::{Dispute, PromiseState};
use dunlin_core::ids::ReceivableId;
use dunlin_core::key_date::{KeyDate, day_of};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::plan::Verdict;
use dunlin_core::playbook::route::{Route, RouteEnd};
use dunlin_core::playbook::time_expr::{Anchor, TimeExpr, Unit};
use dunlin_core::playbook::{Playbook, Step};
use dunlin_core::question::is_under_credit;
use dunlin_core::reason::{FactValue, ReasonCode};
use dunlin_core::receivable::ledger::{LedgerKind, last_standing};
use dunlin_core::receivable::{Milestone, Obligor, Receivable, Trigger};
use dunlin_store::{Scope, StoreError};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::show::Show;
use super::{cases, timeline};
use crate::house::House;
use crate::use_cases::agree_plan::is_ours;
use crate::use_cases::bank_charges::{likely_charges, rests_until};
use crate::use_cases::explain_receivable::{Explanation, explain_receivable};
use crate::use_cases::standing_facts::Found;
use crate::web::view::pictures::{Aside, Ladder, Rung};
use crate::web::view::receivable::{DayRow, LedgerLine, ReceivablePage};
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
    let owed = item.owed()?;
    let reasons = show.reasons(&explanation.reasons);
    let number = receivable.number.clone();
    let (held_back, risks) = super::supply::of_order(house, show, &facts, receivable.order_id).await?;
    let plan = super::plan::plan(house, show, &facts, receivable.id, &number).await?;
    let is_planned = plan.as_ref().is_some_and(|plan| plan.is_original && plan.state == "open");
    let ours = receivable.obligor == Obligor::Buyer && receivable.source == OrderSource::Direct && !receivable.closed;
    Ok(ReceivablePage {
        held_back,
        risks,
        reference: receivable.reference.clone(),
        milestone: receivable.milestone.code().to_string(),
        debtor: show.debtor(&facts),
        order: item.order_number.clone().filter(|order| *order != receivable.reference).unwrap_or_default(),
        amount: show.amount(receivable.amount),
        outstanding: show.amount(owed.buyer),
        platform: (owed.platform.is_positive() && !receivable.closed).then(|| show.amount(owed.platform)),
        due: receivable.due_on.map(|due| show.date(due)),
        age: show.age(receivable.due_on),
        awaits: !matches!(receivable.trigger, Trigger::FixedDate | Trigger::OrderPlaced) && !receivable.closed,
        can_set_due: can_set_due(receivable),
        trigger: receivable.trigger.code().to_string(),
        triggered: receivable.triggered_on.map(|day| show.date(day)),
        term_days: receivable.days,
        verdict: explanation.decision.code().to_string(),
        verdict_sentence: verdict_sentence(show, &explanation),
        next_look: explanation.next_wake.map(|at| show.instant(at)),
        playbook: explanation.playbook.as_deref().map_or_else(String::new, |id| show.titles.playbook(id)),
        entry: entry(house, show, item, &explanation).await?,
        days: days(show, item),
        ladder: ladder(house, show, &facts, item, &explanation).await?,
        ledger: ledger(house, show, &facts, item).await?,
        pauses: super::debtor::pauses(house, show, &facts, Some(receivable.id)).await?,
        tasks: super::tasks::open(house, show, &facts, Some(receivable.id)).await?,
        timeline: timeline::load(house, show, &facts, Some(receivable.id)).await?,
        form: super::debtor::form(
            show,
            vec![receivable.amount.currency.code().to_string()],
            explanation.outstanding.decimal(),
            format!("/receivables/{number}"),
        ),
        unpaid: cases::unpaid(house, show, &facts, item).await?,
        case: cases::panel(house, show, &facts, item, explanation.playbook.as_deref()).await?,
        can_plan: ours && !is_planned && can_plan(&facts, item) && explanation.outstanding.is_positive(),
        plan,
        charges: likely_charges(item)?.map(|rest| show.amount(rest)),
        under_credit: ours && is_under_credit(item),
        charges_rest: rests_until(&facts, receivable.id, show.today()).map(|day| show.date(day)),
        can_lower: explanation.outstanding.is_positive(),
        reasons,
        number,
    })
}

/// Whether instalments could take its place, by its case and its disputes.
fn can_plan(facts: &DebtorFacts, item: &ReceivableFacts) -> bool {
    let disputed = |dispute: &Dispute| !dispute.resolved && dispute.receivable_id == item.receivable.id;
    item.case.as_ref().is_none_or(|case| is_ours(case.state)) && !facts.disputes.iter().any(disputed)
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

fn days(show: &Show, item: &ReceivableFacts) -> Vec<DayRow> {
    let row = |kind: &KeyDate| Some(DayRow { kind: kind.code(), day: show.date(day_of(&item.dates, *kind)?) });
    KeyDate::ALL.iter().filter_map(row).collect()
}

/// How a debt came in that was old already, where it did not begin with the first step.
async fn entry(
    house: &House,
    show: &Show,
    item: &ReceivableFacts,
    explanation: &Explanation,
) -> anyhow::Result<String> {
    let old = item.case.as_ref().filter(|case| case.entry == Entry::Contextual).zip(item.receivable.due_on);
    let Some((case, due)) = old else {
        return Ok(String::new());
    };
    let late = days_between(due, case.started_at.to_zoned(show.zone.clone()).date());
    if late <= 0 {
        return Ok(String::new());
    }
    let taken = case.steps.iter().filter(|step| !step.voided).min_by_key(|step| step.taken_at).map(|step| step.level);
    let level = match (taken, explanation.step.as_deref()) {
        (Some(level), _) => Some(level),
        (None, Some(step)) => {
            followed(house, item, explanation).await?.and_then(|playbook| Some(playbook.step(step)?.level))
        }
        (None, None) => None,
    };
    let days = ("days", late.to_string());
    Ok(match level {
        Some(level) => phrase(show.ui(), "say-entry", &[("level", level.to_string()), days]),
        None => phrase(show.ui(), "say-entry-open", &[days]),
    })
}

/// The playbook as the case follows it, in the version it began with; else the one it would begin with.
async fn followed(
    house: &House,
    item: &ReceivableFacts,
    explanation: &Explanation,
) -> anyhow::Result<Option<Arc<Playbook>>> {
    let kept = match item.case.as_ref().and_then(|case| case.playbook.as_ref()) {
        Some(reference) => house.playbook_followed(reference).await?,
        None => None,
    };
    let in_force = || Some(Arc::clone(&house.playbook(explanation.playbook.as_deref()?)?.playbook));
    Ok(kept.or_else(in_force))
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
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    explanation: &Explanation,
) -> anyhow::Result<Option<Ladder>> {
    let playbook = followed(house, item, explanation).await?;
    Ok(playbook.and_then(|playbook| climbed(show, facts, item, explanation, &playbook)))
}

fn climbed(
    show: &Show,
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    explanation: &Explanation,
    playbook: &Playbook,
) -> Option<Ladder> {
    let case = item.case.as_ref()?;
    let due = item.receivable.due_on?;
    let id = &*playbook.reference.id;
    let zone = &show.zone;
    let mut drawn = Ladder::default();
    let mut last = i32::MIN;
    let taken = |id: &str| case.steps.iter().find(|taken| &*taken.step == id && !taken.voided);
    let route = followed_route(case, explanation, playbook);
    let steps = steps_shown(playbook, route, |id| taken(id).is_some());
    // What stands before a step that was taken, or before the one whose turn it is, has been passed over.
    let reached = steps.iter().rposition(|step| taken(&step.id).is_some());
    let turn = steps.iter().position(|step| explanation.step.as_deref() == Some(&*step.id));
    let is_over = !matches!(case.state, CaseState::Running);
    // Where nobody told when the platform closes the order, its playbook knows what is usual.
    let usual = |anchor: Anchor| playbook.platform_close.filter(|_| anchor == Anchor::PlatformClose).map(days_of);
    let known = |anchor| anchor_day(anchor, due, facts, item, zone).or_else(|| usual(anchor));
    for (index, step) in steps.iter().enumerate() {
        let (day, state) = match taken(&step.id) {
            Some(taken) => {
                let at = taken.done_at.unwrap_or(taken.taken_at).to_zoned(zone.clone()).date();
                (Some(days_between(due, at)), if taken.done_at.is_some() { "taken" } else { under_way(case, taken) })
            }
            None => {
                let state = match index {
                    _ if reached.max(turn).is_some_and(|passed| index < passed) => "skipped",
                    _ if is_over => "unneeded",
                    _ if turn == Some(index) => "next",
                    _ => "later",
                };
                (planned_day(step, last, known), state)
            }
        };
        let (label, state) = (show.titles.step(Some(id), &step.id), state.to_string());
        let Some(day) = day else {
            drawn.aside.push(Aside { label, when: super::playbooks::times_in_words(show, step), state });
            continue;
        };
        last = last.max(day);
        let date = show.short_day(dunlin_core::calendar::shift(due, day));
        drawn.rungs.push(Rung { day, label, date, state });
    }
    let states = drawn.rungs.iter().map(|rung| &rung.state).chain(drawn.aside.iter().map(|aside| &aside.state));
    let taken = states.filter(|state| *state == "taken").count();
    let counts = [("taken", taken.to_string()), ("total", steps.len().to_string())];
    drawn.rungs.sort_by_key(|rung| rung.day);
    drawn.notes.extend(route.map(|route| super::playbooks::route_note(show, route)));
    Some(Ladder {
        sentence: phrase(show.ui(), "say-ladder", &counts),
        today: days_between(due, show.today()),
        due: Some(show.short_day(due)),
        today_text: show.short_day(show.today()),
        ..drawn
    })
}

fn can_set_due(receivable: &Receivable) -> bool {
    let elsewhere = receivable.source == OrderSource::Marketplace || receivable.milestone == Milestone::Instalment;
    !elsewhere && !receivable.closed
}

/// The route that the case is on: as the decision says, else that of the step it is about, or of the last one taken.
fn followed_route<'p>(case: &Case, explanation: &Explanation, playbook: &'p Playbook) -> Option<&'p Route> {
    let named = |code: ReasonCode| {
        let reason = explanation.reasons.iter().rev().find(|reason| reason.code == code)?;
        let id = reason.facts.iter().find_map(|(name, value)| match value {
            FactValue::Text(id) if &**name == "route" => Some(id.as_str()),
            _ => None,
        })?;
        playbook.routes.iter().find(|route| &*route.id == id)
    };
    if let Some(route) = named(ReasonCode::RouteTaken).or_else(|| named(ReasonCode::RouteFits)) {
        return Some(route);
    }
    if let Some(walked) = named(ReasonCode::RouteDone) {
        return (walked.then == RouteEnd::Rest).then_some(walked);
    }
    let steps_taken = case.steps.iter().filter(|taken| !taken.voided);
    let last = steps_taken.max_by_key(|taken| taken.taken_at).map(|taken| &*taken.step);
    playbook.route_of(explanation.step.as_deref().or(last)?)
}

/// The ladder; or what was taken of it before the route, and the route. The thanks when they were given.
fn steps_shown<'p>(playbook: &'p Playbook, route: Option<&'p Route>, is_taken: impl Fn(&str) -> bool) -> Vec<&'p Step> {
    let thanks = playbook.thanks.iter().filter(|step| is_taken(&step.id));
    let Some(route) = route else {
        // Steps of routes that were walked before stand among the others by their day.
        let walked = playbook.routes.iter().flat_map(|route| &route.steps).filter(|step| is_taken(&step.id));
        return walked.chain(&playbook.steps).chain(thanks).collect();
    };
    let elsewhere = playbook.routes.iter().filter(|other| other.id != route.id).flat_map(|other| &other.steps);
    let before = playbook.steps.iter().chain(elsewhere).filter(|step| is_taken(&step.id));
    before.chain(&route.steps).chain(thanks).collect()
}

/// The day of what a time counts from, in days from the due date; `None` while it is not known.
fn anchor_day(anchor: Anchor, due: Date, facts: &DebtorFacts, item: &ReceivableFacts, zone: &TimeZone) -> Option<i32> {
    let day = match anchor {
        // Near enough for a picture, as in that of the playbook itself.
        Anchor::Due | Anchor::Placed | Anchor::Trigger | Anchor::Started | Anchor::Previous => return Some(0),
        Anchor::Reason => item.why?.since.to_zoned(zone.clone()).date(),
        Anchor::AnswerBy => {
            let case = item.case.as_ref()?;
            case.steps.iter().filter(|taken| !taken.voided).filter_map(|taken| taken.answer_by).max()?
        }
        Anchor::Promise => {
            let broken = facts.promises.iter().filter(|promise| promise.state == PromiseState::Broken);
            let about = |id: Option<ReceivableId>| id.is_none_or(|id| id == item.receivable.id);
            broken.filter(|promise| about(promise.receivable_id)).map(|promise| promise.pay_on).max()?
        }
        of_order => day_of(&item.dates, of_order.key_date()?)?,
    };
    Some(days_between(due, day))
}

/// A step taken whose letter has not left, or whose task is not done.
fn under_way(case: &Case, taken: &StepTaken) -> &'static str {
    // A letter asks for an answer by a day from the beginning, a call from when it was made.
    match case.letter.filter(|_| taken.answer_by.is_some()).map(|letter| letter.state) {
        Some(LetterState::Review) => "approval",
        Some(LetterState::ToPaste) => "to_paste",
        Some(_) => "queued",
        None => "task",
    }
}

/// About when a step not yet taken would come, in days from the due date; `None` while a day that it counts from is not
/// known. `known` gives the day of everything but the step before.
pub fn planned_day(step: &Step, last: i32, known: impl Fn(Anchor) -> Option<i32>) -> Option<i32> {
    let mut day = i32::MIN;
    for time in &step.at {
        let days = days_of(*time);
        let from = match time.anchor {
            // Met while nothing has gone before.
            Anchor::Previous if last == i32::MIN => continue,
            Anchor::Previous => last,
            anchor => known(anchor)?,
        };
        day = day.max(from.saturating_add(days));
    }
    Some(if day == i32::MIN { 0 } else { day })
}

/// How far a time lies from what it counts from, in whole days.
pub const fn days_of(time: TimeExpr) -> i32 {
    match time.unit {
        Unit::Hours => time.amount / 24,
        Unit::Days => time.amount,
        Unit::BusinessDays => time.amount + time.amount / 5 * 2,
        Unit::Weeks => time.amount * 7,
    }
}
