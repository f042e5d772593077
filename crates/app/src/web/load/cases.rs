//! Why receivables are unpaid, and the turns that their cases were given: for panels and for the timeline.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::case::{CaseState, CaseTurn};
use dunlin_core::explain::phrase;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::ids::ReceivableId;
use dunlin_store::pages::case_told::{GivenTurn, NotedWhy};

use super::show::Show;
use crate::house::House;
use crate::web::view::cases::{CasePanel, EnteredLine, StepChoice, Unpaid, WhyLine};
use crate::web::view::timeline::{Entry, Happening, NoteLine};

/// Why one receivable is unpaid.
pub async fn unpaid(house: &House, show: &Show, facts: &DebtorFacts, item: &ReceivableFacts) -> anyhow::Result<Unpaid> {
    let rows = house.store.whys_of(house.tenant.id, facts.party.id).await?;
    let mut unpaid = Unpaid { is_open: is_open(item)?, ..Unpaid::default() };
    for row in rows.into_iter().rev().filter(|row| row.receivable_id == item.receivable.id) {
        let line = WhyLine {
            code: row.why.code().to_string(),
            since: show.instant(row.at),
            until: row.ended_at.map(|at| show.instant(at)),
            by: row.by.unwrap_or_default(),
            words: row.words,
        };
        if line.until.is_none() && unpaid.now.is_none() { unpaid.now = Some(line) } else { unpaid.before.push(line) }
    }
    Ok(unpaid)
}

/// Whether there is money to ask the buyer for.
pub fn is_open(item: &ReceivableFacts) -> anyhow::Result<bool> {
    Ok(item.owed()?.buyer.is_positive() && !item.receivable.closed)
}

/// Where the case of a receivable stands; `playbook` is the one that it would begin with.
pub async fn panel(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
    item: &ReceivableFacts,
    playbook: Option<&str>,
) -> anyhow::Result<Option<CasePanel>> {
    let Some(case) = &item.case else {
        return Ok(None);
    };
    let is_open = is_open(item)?;
    let turns = house.store.turns_given(house.tenant.id, facts.party.id).await?;
    let turns: Vec<GivenTurn> = turns.into_iter().filter(|turn| turn.case_id == case.id).collect();
    let followed = match case.playbook.as_ref() {
        Some(reference) => house.playbook_followed(reference).await?,
        None => None,
    };
    let in_force = || Some(Arc::clone(&house.playbook(playbook?)?.playbook));
    let followed = followed.or_else(in_force);
    let id = followed.as_ref().map(|playbook| playbook.reference.id.to_string());
    let counts = |step: &str| case.steps.iter().any(|taken| !taken.voided && &*taken.step == step);
    let title = |step: &str| show.titles.step(id.as_deref(), step);
    let mut steps = Vec::new();
    if let Some(playbook) = &followed {
        let of_routes = playbook.routes.iter().flat_map(|route| &route.steps);
        let free = playbook.steps.iter().chain(of_routes).filter(|step| !counts(&step.id));
        steps.extend(free.map(|step| StepChoice { id: step.id.to_string(), title: title(&step.id) }));
    }
    let mut entered = Vec::new();
    for turn in turns.iter().filter(|turn| turn.kind == CaseTurn::Entered && turn.ended_at.is_none()) {
        let Some(step) = turn.what.as_deref().filter(|step| counts(step)) else { continue };
        let on = day_of(turn).map(|day| show.date(day)).unwrap_or_default();
        entered.push(EnteredLine { id: turn.id.to_string(), title: title(step), on });
    }
    let is_elsewhere = is_open && case.state == CaseState::HandedOver;
    let last = turns.iter().rev().find(|turn| turn.kind == CaseTurn::HandedOver);
    // Paid the moment the money is in, whatever the last run knew.
    let runs = matches!(case.state, CaseState::Running | CaseState::LadderDone | CaseState::HandedOver);
    let state = if is_open || !runs { case.state } else { CaseState::Paid };
    Ok(Some(CasePanel {
        state: state.code().to_string(),
        hands: last.filter(|_| is_elsewhere).map_or_else(String::new, |turn| sentence(show, turn, None)),
        is_ours: is_open && matches!(case.state, CaseState::Running | CaseState::LadderDone),
        is_elsewhere,
        has_begun: case.steps.iter().any(|taken| !taken.voided) && case.letter.is_none(),
        steps,
        entered,
        today: show.today().to_string(),
    }))
}

fn day_of(turn: &GivenTurn) -> Option<Date> {
    turn.on_day.as_deref().and_then(|day| day.parse().ok())
}

/// "Put into the hands of Lawyer: Bianchi & Partners".
fn sentence(show: &Show, turn: &GivenTurn, playbook: Option<&str>) -> String {
    let what = turn.what.clone().unwrap_or_default();
    let (key, values) = match turn.kind {
        CaseTurn::Restarted => ("say-turn-restarted", Vec::new()),
        CaseTurn::TakenBack => ("say-turn-taken-back", Vec::new()),
        CaseTurn::HandedOver => {
            let hands = show.words.code("other-hands", &what).into_owned();
            ("say-turn-handed-over", vec![("hands", hands), ("name", turn.name.clone().unwrap_or_default())])
        }
        CaseTurn::Entered => {
            let key = if turn.ended_at.is_some() { "say-turn-entered-wrong" } else { "say-turn-entered" };
            (key, vec![("step", show.titles.step(playbook, &what))])
        }
    };
    phrase(show.ui(), key, &values)
}

/// What the timeline tells of them: reasons when they were noted, entered steps on their day.
pub async fn happenings(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
    only: Option<ReceivableId>,
) -> anyhow::Result<Vec<(Timestamp, Entry)>> {
    let (tenant, party) = (house.tenant.id, facts.party.id);
    let wanted = |id: ReceivableId| only.is_none_or(|only| only == id);
    let mut entries = Vec::new();
    for row in house.store.whys_of(tenant, party).await?.into_iter().filter(|row| wanted(row.receivable_id)) {
        entries.push((row.at, why_entry(show, row)));
    }
    for turn in house.store.turns_given(tenant, party).await?.into_iter().filter(|turn| wanted(turn.receivable_id)) {
        let item = facts.receivables.iter().find(|item| item.receivable.id == turn.receivable_id);
        let playbook = item.and_then(|item| item.case.as_ref()?.playbook.as_ref());
        let sentence = sentence(show, &turn, playbook.map(|playbook| &*playbook.id));
        // A mistake is told where it was made, what was done on the day it was done.
        let day = day_of(&turn).filter(|_| turn.ended_at.is_none());
        let midnight = day.and_then(|day| day.to_zoned(show.zone.clone()).ok());
        let at = midnight.map_or(turn.at, |midnight| midnight.timestamp());
        let when = day.map_or_else(|| show.instant(turn.at), |day| show.date(day));
        let note = NoteLine {
            kind: "note".to_string(),
            sentence,
            by: turn.by.unwrap_or_default(),
            text: turn.words,
            href: None,
        };
        entries.push((at, Entry { when, what: Happening::Note(note) }));
    }
    Ok(entries)
}

fn why_entry(show: &Show, row: NotedWhy) -> Entry {
    let word = show.words.code("unpaid-why", row.why.code()).into_owned();
    let note = NoteLine {
        kind: "note".to_string(),
        sentence: phrase(show.ui(), "say-unpaid-why", &[("why", word)]),
        by: row.by.unwrap_or_default(),
        text: row.words,
        href: None,
    };
    Entry { when: show.instant(row.at), what: Happening::Note(note) }
}
