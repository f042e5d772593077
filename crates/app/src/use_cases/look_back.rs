//! What a playbook would have done in days that are over. Every case begins anew on the first day; what came in (money,
//! promises, holds, disputes, new invoices) is learnt on the day it was recorded. Beside it stands what really was sent.
//!
//! Buyers would have answered otherwise to other letters; what they did is taken as it was.

use std::collections::BTreeMap;
use std::sync::Arc;

use dunlin_core::calendar::days_between;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::PartyId;
use dunlin_core::lookahead::{Action, Course, Standing};
use dunlin_store::Scope;
use dunlin_store::pages::looking::Cases;
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::add_up_actions::{Looked, Who};
use super::look_ahead::{Footing, Span, With, beginning};
use crate::house::House;

/// Debtors in memory at a time, each with its course.
const BATCH: i64 = 1_000;
/// The books are looked at once a day: by then the morning's statements are usually in.
const BOOKS_AT: Time = Time::constant(12, 0, 0, 0);

/// Letters that really left on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentDay {
    pub date: Date,
    pub letters: usize,
    /// By the level of their tone.
    pub levels: BTreeMap<u8, usize>,
}

/// Debtors on their way through the days.
type Courses = BTreeMap<PartyId, (Arc<Who>, Course)>;
/// What they did since the books were last looked at.
type Done = Vec<(Arc<Who>, Vec<Action>)>;
/// Places of days that ended meanwhile, with where all cases stood then.
type Stood = Vec<(usize, Standing)>;

/// Looks over a span of days that are over, keeping `most` single actions.
pub async fn look_back(house: &House, span: Span, with: &With, most: usize) -> anyhow::Result<Looked> {
    let zone = house.zone();
    let end = span.end(&zone)?.min(house.now());
    let looks = looks(house, span, end)?;
    // The last day may not be over.
    let ends: Vec<Timestamp> = span.ends(&zone)?.into_iter().map(|at| at.min(end)).collect();
    let mut footing = Footing::new(house, with, beginning(span.from, &zone)?).await?;
    // The rules of now are tried on the days of then: neither how fresh the books were counts, nor what a restore lost.
    footing.tenant.statements = None;
    footing.tenant.restored_at = None;
    let footing = Arc::new(footing);
    let mut looked = Looked::new(span, &with.name, zone, most);
    let mut after = PartyId(0);
    loop {
        let (tenant, sight) = (house.tenant.id, &house.sight);
        let parties = house.store.parties_with_cases(tenant, sight, Cases::BegunBy(end), after, BATCH).await?;
        let Some(last) = parties.last() else {
            break;
        };
        after = *last;
        let mut courses = Courses::new();
        for (nth, at) in looks.iter().copied().enumerate() {
            let until = looks.get(nth + 1).copied().unwrap_or(end);
            let facts = house.store.facts(tenant, Scope::These(&parties), at).await?;
            let shared = Arc::clone(&footing);
            let ended = ends.iter().copied().enumerate().filter(|(_, day_end)| at < *day_end && *day_end <= until);
            let ended: Vec<(usize, Timestamp)> = ended.collect();
            let going = move || go_on(courses, facts, (at, until), &ended, &shared);
            let (went, done, stood) = tokio::task::spawn_blocking(going).await?;
            courses = went;
            for (who, actions) in done {
                looked.add_actions(&who, actions);
            }
            for (day, standing) in stood {
                looked.stand(day, standing);
            }
        }
        for (who, course) in courses.into_values() {
            looked.add(&who, course.finish());
        }
    }
    Ok(looked.in_order())
}

/// The beginning of the first day, then every noon.
fn looks(house: &House, span: Span, end: Timestamp) -> anyhow::Result<Vec<Timestamp>> {
    let zone = house.zone();
    let mut looks = vec![beginning(span.from, &zone)?];
    let mut day = span.from;
    while day <= span.to {
        let noon = day.to_datetime(BOOKS_AT).to_zoned(zone.clone())?.timestamp();
        looks.push(noon);
        day = dunlin_core::calendar::shift(day, 1);
    }
    looks.retain(|at| *at < end);
    Ok(looks)
}

fn go_on(
    mut courses: Courses,
    facts: Vec<DebtorFacts>,
    (at, until): (Timestamp, Timestamp),
    ended: &[(usize, Timestamp)],
    footing: &Footing,
) -> (Courses, Done, Stood) {
    let ground = footing.ground();
    for debtor in facts {
        let (id, who) = (debtor.party.id, Who::of(&debtor));
        match courses.get_mut(&id) {
            Some((_, course)) => course.learn(debtor),
            None => {
                courses.insert(id, (who, Course::afresh(debtor, at)));
            }
        }
    }
    let mut done = Done::new();
    let mut stood: Stood = ended.iter().map(|(day, _)| (*day, Standing::default())).collect();
    let mut moments: Vec<Timestamp> = ended.iter().map(|(_, day_end)| *day_end).collect();
    moments.push(until);
    for (who, course) in courses.values_mut() {
        course.advance_by(&moments, &ground, |nth, standing| {
            if let Some((_, all)) = stood.get_mut(nth) {
                all.add(standing);
            }
        });
        let actions = course.take_actions();
        if !actions.is_empty() {
            done.push((Arc::clone(who), actions));
        }
    }
    (courses, done, stood)
}

/// What really was sent in these days, every day of them.
pub async fn really_sent(house: &House, span: Span) -> anyhow::Result<Vec<SentDay>> {
    let zone = house.zone();
    let (from, to) = (beginning(span.from, &zone)?, span.end(&zone)?.min(house.now()));
    let mut days: Vec<SentDay> = Vec::new();
    let mut day = span.from;
    while day <= span.to {
        days.push(SentDay { date: day, letters: 0, levels: BTreeMap::new() });
        day = dunlin_core::calendar::shift(day, 1);
    }
    for sent in house.store.sent_letters(house.tenant.id, &house.sight, from, to).await? {
        let place = usize::try_from(days_between(span.from, zone.to_datetime(sent.at).date())).ok();
        if let Some(day) = place.and_then(|place| days.get_mut(place)) {
            let letters = usize::try_from(sent.letters).unwrap_or(0);
            day.letters += letters;
            *day.levels.entry(sent.level).or_default() += letters;
        }
    }
    Ok(days)
}
