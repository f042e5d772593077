//! What will be sent in the next days, and to whom: the decision of the run with a clock that runs ahead. Nothing is
//! written; debtors are read in batches, each is looked at alone, and what comes of it is added up.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use dunlin_core::calendar::countries::Countries;
use dunlin_core::calendar::{days_between, shift};
use dunlin_core::facts::{DebtorFacts, TenantFacts};
use dunlin_core::ids::PartyId;
use dunlin_core::lookahead::{Assumptions, Course, Ground, Outlook, Standing};
use dunlin_core::playbook::Playbooks;
use dunlin_store::Scope;
use dunlin_store::pages::looking::Cases;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::add_up_actions::{Looked, Who};
use crate::embedded::{self, PlaybookFile};
use crate::house::House;

/// Longest span of days that is looked at.
pub const MOST_DAYS: i32 = 400;
/// Debtors in memory at a time.
const BATCH: i64 = 2_000;

/// Days that cannot be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchDays {
    #[error("the number of days lies between 1 and 400")]
    Count,
    #[error("the first day lies after the last one")]
    Order,
    #[error("these are more than 400 days; take a part of them")]
    TooMany,
    #[error("the last day has not come yet: playbooks can be tested against what has happened only")]
    Future,
    #[error("a day before the year 2000 is a slip of the pen")]
    TooEarly,
}

impl NoSuchDays {
    /// For pages, which have words of their own.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Order => "order",
            Self::TooMany => "too_many",
            Self::Future => "future",
            Self::TooEarly => "too_early",
        }
    }
}

/// Civil days in the firm's zone, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: Date,
    pub to: Date,
}

impl Span {
    /// Today and the days after it.
    pub fn ahead(house: &House, days: i64) -> Result<Self, NoSuchDays> {
        let days = i32::try_from(days).ok().filter(|days| (1..=MOST_DAYS).contains(days)).ok_or(NoSuchDays::Count)?;
        let from = house.today();
        Ok(Self { from, to: shift(from, days - 1) })
    }

    /// Days that are over, or today.
    pub fn back(house: &House, from: Date, to: Date) -> Result<Self, NoSuchDays> {
        if from > to {
            return Err(NoSuchDays::Order);
        }
        if to > house.today() {
            return Err(NoSuchDays::Future);
        }
        if from.year() < 2000 {
            return Err(NoSuchDays::TooEarly);
        }
        if days_between(from, to) >= MOST_DAYS {
            return Err(NoSuchDays::TooMany);
        }
        Ok(Self { from, to })
    }

    /// The first moment after it.
    pub fn end(self, zone: &TimeZone) -> anyhow::Result<Timestamp> {
        beginning(shift(self.to, 1), zone)
    }

    /// The first moment after each of its days.
    pub fn ends(self, zone: &TimeZone) -> anyhow::Result<Vec<Timestamp>> {
        let days = days_between(self.from, self.to).max(0);
        (1..=days + 1).map(|nth| beginning(shift(self.from, nth), zone)).collect()
    }
}

/// The first moment of a day.
pub fn beginning(day: Date, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    Ok(day.to_zoned(zone.clone()).context("the day does not exist")?.timestamp())
}

/// The playbooks to look with.
#[derive(Debug, Clone)]
pub struct With {
    /// The folder; `used` or `shipped` without one.
    pub name: String,
    pub files: Arc<Vec<PlaybookFile>>,
}

impl With {
    /// Those that the program runs with.
    pub fn used(house: &House) -> Self {
        Self { name: "used".to_string(), files: Arc::clone(&house.playbook_files) }
    }

    /// Those that ship, without any of one's own.
    pub fn shipped() -> anyhow::Result<Self> {
        Self::read("shipped".to_string(), None)
    }

    /// Those of a folder, in place of the shipped ones of the same file name.
    pub fn folder(folder: &Path) -> anyhow::Result<Self> {
        anyhow::ensure!(folder.is_dir(), "there is no folder {}; name one that holds playbooks", folder.display());
        Self::read(folder.display().to_string(), Some(folder))
    }

    fn read(name: String, folder: Option<&Path>) -> anyhow::Result<Self> {
        let files = embedded::playbook_files(folder).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("the playbooks cannot be used:\n  {}", lines.join("\n  "))
        })?;
        Ok(Self { name, files: Arc::new(files) })
    }
}

/// What every debtor is looked at with.
pub(super) struct Footing {
    pub tenant: TenantFacts,
    playbooks: Playbooks,
    countries: &'static Countries,
    assumptions: Assumptions,
    from: Timestamp,
}

impl Footing {
    pub async fn new(house: &House, with: &With, from: Timestamp) -> anyhow::Result<Self> {
        let kept = house.store.playbook_texts(house.tenant.id).await?;
        let assumptions = Assumptions { moved: tried(&with.files, &kept), ..Assumptions::default() };
        Ok(Self {
            tenant: house.store.tenant_facts(&house.tenant).await?,
            playbooks: embedded::playbooks(&with.files, &kept),
            countries: Countries::shipped(),
            assumptions,
            from,
        })
    }

    pub const fn ground(&self) -> Ground<'_> {
        Ground {
            tenant: &self.tenant,
            playbooks: &self.playbooks,
            countries: self.countries,
            assumptions: &self.assumptions,
            from: self.from,
        }
    }
}

/// Playbooks of which the firm has run another version, and never this one: somebody is trying a change. A running case
/// would keep its version, and the change would not show.
fn tried(files: &[PlaybookFile], kept: &[(String, String, String)]) -> Vec<Arc<str>> {
    let references = files.iter().map(|file| &file.playbook.reference);
    let is_tried = |reference: &&dunlin_core::case::PlaybookRef| {
        let mut versions = kept.iter().filter(|(id, _, _)| **id == *reference.id).peekable();
        versions.peek().is_some() && versions.all(|(_, version, _)| **version != *reference.version)
    };
    references.filter(is_tried).map(|reference| Arc::clone(&reference.id)).collect()
}

/// Looks over the days of a span that begins today, keeping `most` single actions.
pub async fn look_ahead(house: &House, span: Span, with: &With, most: usize) -> anyhow::Result<Looked> {
    let now = house.now();
    let ends: Arc<[Timestamp]> = span.ends(&house.zone())?.into();
    let footing = Arc::new(Footing::new(house, with, now).await?);
    let mut looked = Looked::new(span, &with.name, house.zone(), most);
    let mut after = PartyId(0);
    loop {
        let (tenant, sight) = (house.tenant.id, &house.sight);
        let parties = house.store.parties_with_cases(tenant, sight, Cases::Live, after, BATCH).await?;
        let Some(last) = parties.last() else {
            break;
        };
        after = *last;
        let facts = house.store.facts(tenant, Scope::These(&parties), now).await?;
        let (shared, ends) = (Arc::clone(&footing), Arc::clone(&ends));
        let (seen, days) = tokio::task::spawn_blocking(move || each(facts, &ends, &shared)).await?;
        for (who, outlook) in seen {
            looked.add(&who, outlook);
        }
        for (nth, standing) in days.into_iter().enumerate() {
            looked.stand(nth, standing);
        }
    }
    Ok(looked.in_order())
}

/// What comes of each debtor, and where the cases of all of them stand at the end of each day.
type Seen = (Vec<(Arc<Who>, Outlook)>, Vec<Standing>);

fn each(facts: Vec<DebtorFacts>, ends: &[Timestamp], footing: &Footing) -> Seen {
    let ground = footing.ground();
    let mut days = vec![Standing::default(); ends.len()];
    let mut seen = Vec::with_capacity(facts.len());
    for debtor in facts {
        let who = Who::of(&debtor);
        let mut course = Course::going_on(debtor, &ground);
        course.advance_by(ends, &ground, |nth, standing| days[nth].add(standing));
        seen.push((who, course.finish()));
    }
    (seen, days)
}
