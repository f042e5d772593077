//! The days of an order: entered, corrected or taken back by hand, or brought by a file. A playbook that counts from such
//! a day may fit better from then on: the cases of the order that can move to it do, in the same change.

use anyhow::Context;
use jiff::civil::{Date, date};

use dunlin_core::case::{Case, CaseState, PlaybookRef};
use dunlin_core::facts::ReceivableFacts;
use dunlin_core::ids::{OrderId, PartyId, ReceivableId};
use dunlin_core::key_date::{KeyDate, day_of};
use dunlin_core::playbook::{Playbook, Playbooks};
use dunlin_core::receivable::Receivable;
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
use dunlin_store::{Commit, LogEntry, Scope};

use super::standing_facts::{Found, cancel_wrong_letters};
use crate::house::{House, Premises};
use crate::import::{Followed, FollowedCase};

/// Days beyond these are slips of the pen.
const EARLIEST: Date = date(2000, 1, 1);
const LATEST: Date = date(2100, 12, 31);

/// Whether a day can be meant.
pub(super) fn is_likely(on: Date) -> bool {
    (EARLIEST..=LATEST).contains(&on)
}

/// What setting a day did.
#[derive(Debug, Clone, Default)]
pub struct DaySet {
    /// The day that was known before.
    pub before: Option<Date>,
    pub followed: Followed,
}

/// Sets a day of the receivable's order, or takes it back (`None`). All receivables of the order have it.
pub async fn set_order_day(house: &House, found: &Found, kind: KeyDate, on: Option<Date>) -> anyhow::Result<DaySet> {
    let what = || Told::word("key-date", kind.code());
    if let Some(on) = on.filter(|on| !is_likely(*on)) {
        return Err(Refusal::new(RefusalCode::OrderDayRange).with("day", on).into());
    }
    let mut commit = house.begin().await?;
    let facts = commit.facts(Scope::One(found.party_id)).await?;
    let debtor = facts.first().context("the debtor does not exist any more")?;
    let item = debtor.receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    let item = item.context("the receivable does not exist any more")?;
    let before = day_of(&item.dates, kind);
    if before == on {
        let code = if on.is_some() { RefusalCode::OrderDaySame } else { RefusalCode::OrderDayNone };
        return Err(Refusal::new(code).with("number", &item.receivable.number).with("what", what()).into());
    }
    commit.set_key_date(&item.receivable, kind, on).await?;
    let entry = LogEntry::new("order.day", "receivable", item.receivable.number.clone()).about(found.party_id);
    commit.log(entry.fact("kind", kind.code()).changed("day", before, on));
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    let premises = house.premises_within(&mut commit).await?;
    let about = About::of(&item.receivable);
    let followed = follow(house, &mut commit, &premises, found.party_id, about).await?;
    commit.finish().await?;
    Ok(DaySet { before, followed })
}

/// After an import: the cases of orders whose days it changed follow the playbook that fits now.
pub async fn follow_days(house: &House, changed: &[(PartyId, OrderId)]) -> anyhow::Result<Followed> {
    let mut all = Followed::default();
    if changed.is_empty() {
        return Ok(all);
    }
    let mut commit = house.begin().await?;
    let premises = house.premises_within(&mut commit).await?;
    for (party_id, order_id) in changed {
        let done = follow(house, &mut commit, &premises, *party_id, About::Order(*order_id)).await?;
        all.moved.extend(done.moved);
        all.waiting.extend(done.waiting);
    }
    if !all.moved.is_empty() {
        commit.finish().await?;
    }
    Ok(all)
}

/// Whose days they are.
#[derive(Debug, Clone, Copy)]
enum About {
    Order(OrderId),
    Alone(ReceivableId),
}

impl About {
    const fn of(receivable: &Receivable) -> Self {
        match receivable.order_id {
            Some(order) => Self::Order(order),
            None => Self::Alone(receivable.id),
        }
    }

    fn is_about(self, receivable: &Receivable) -> bool {
        match self {
            Self::Order(order) => receivable.order_id == Some(order),
            Self::Alone(id) => receivable.id == id,
        }
    }
}

async fn follow(
    house: &House,
    commit: &mut Commit,
    premises: &Premises,
    party_id: PartyId,
    about: About,
) -> anyhow::Result<Followed> {
    let mut followed = Followed::default();
    let facts = commit.facts(Scope::One(party_id)).await?;
    // Somebody chose a playbook for this debtor: no day says otherwise.
    let Some(debtor) = facts.first().filter(|debtor| debtor.party.playbook_override.is_none()) else {
        return Ok(followed);
    };
    for item in debtor.receivables.iter().filter(|item| about.is_about(&item.receivable)) {
        let Some((case, kept, fits)) = better(item, &premises.playbooks) else {
            continue;
        };
        let because: Vec<KeyDate> =
            fits.applies.dates.iter().copied().filter(|kind| day_of(&item.dates, *kind).is_some()).collect();
        let one = FollowedCase {
            receivable: item.receivable.number.clone(),
            from: kept.id.to_string(),
            to: fits.reference.id.to_string(),
            because: because.iter().map(|kind| kind.code().to_string()).collect(),
        };
        // What is on its way speaks for the step of the playbook it belongs to.
        if case.letter.is_some() {
            followed.waiting.push(one);
            continue;
        }
        if let Some(file) = house.playbook(&fits.reference.id) {
            commit.keep_playbook(&fits.reference.id, &fits.reference.version, &file.text).await?;
        }
        commit.move_case(party_id, case.id, Some(&fits.reference)).await?;
        let entry = LogEntry::new("case.followed", "receivable", one.receivable.clone()).about(party_id);
        commit.log(entry.changed("playbook", &one.from, &one.to).fact("because", &one.because));
        followed.moved.push(one);
    }
    Ok(followed)
}

/// The case, what it follows, and the playbook that fits better because of a day that is known now, or known no more.
fn better<'a>(
    item: &'a ReceivableFacts,
    playbooks: &'a Playbooks,
) -> Option<(&'a Case, &'a PlaybookRef, &'a Playbook)> {
    let open = |case: &&Case| matches!(case.state, CaseState::Running | CaseState::LadderDone);
    let case = item.case.as_ref().filter(open)?;
    // Without a playbook the next decision chooses one.
    let kept = case.playbook.as_ref()?;
    let fits = playbooks.choose(None, &item.receivable, &item.dates)?;
    let counts_days = |playbook: &Playbook| !playbook.applies.dates.is_empty();
    let matters = counts_days(fits) || playbooks.by_reference(kept).is_some_and(counts_days);
    (fits.reference.id != kept.id && matters).then_some((case, kept, fits))
}
