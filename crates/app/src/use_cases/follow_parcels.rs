//! Parcels and the tracking service: a parcel that has left is handed over to be followed, and what was told of parcels is put
//! to them. Both are done in rounds and may be done twice: a parcel that is followed already is no fault, news that are known
//! change nothing.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use dunlin_channels::track17::errors::Cause;
use dunlin_channels::track17::requests::{NUMBERS_PER_CALL, Registration};
use dunlin_channels::track17::webhook::NoticeKind;
use dunlin_core::shipment::carriers::Carriers;
use dunlin_core::shipment::journey::{Journey, TrackingUpdate};
use dunlin_store::{LogEntry, TrackingNotice};

use super::connect_service::{track17, trouble_of};
use super::note_tracking::read_kept;
use super::standing_facts::cancel_wrong_letters;
use crate::house::House;
use crate::shop::TRACK17;

/// Calls of one round.
const MOST_CALLS: usize = 10;
/// Messages that one round puts to their parcels.
const MOST_NOTICES: i64 = 500;

/// The trouble of an account that has no numbers left.
const QUOTA: &str = "quota";
/// News may be dated so long after they came in: carriers write their own time without its zone.
const ZONES: SignedDuration = SignedDuration::from_hours(26);
/// Why a parcel is not followed any more.
const STOPPED: &str = "stopped";

/// Asks the tracking service to follow what has left since. Returns how many parcels it follows now.
pub async fn follow_parcels(house: &House) -> anyhow::Result<usize> {
    let (store, tenant, now) = (&house.store, house.tenant.id, house.now());
    let connection = store.connection(tenant, TRACK17).await?;
    let is_spent = connection.is_some_and(|connection| connection.problem == QUOTA);
    // While no number is left one is enough to find out whether there are some again.
    let limit = if is_spent { 1 } else { i64::try_from(NUMBERS_PER_CALL * MOST_CALLS).unwrap_or(i64::MAX) };
    let waiting = store.unfollowed_parcels(tenant, limit).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let Some(client) = track17(house).await? else { return Ok(0) };
    let mut asked: Vec<Registration> = Vec::new();
    for parcel in &waiting {
        // Two orders in one parcel have one number.
        if asked.iter().all(|known| known.number != parcel.number) {
            let carrier = Carriers::shipped().get(&parcel.carrier).map(|carrier| carrier.track17_key);
            asked.push(Registration::of(&parcel.number, carrier));
        }
    }
    let outcome = client.register(&asked).await;
    let as_asked = |number: &str| {
        let known = asked.iter().find(|parcel| parcel.number.eq_ignore_ascii_case(number));
        known.map(|parcel| parcel.number.clone())
    };
    let followed: Vec<String> = outcome.accepted.iter().filter_map(|taken| as_asked(&taken.number)).collect();
    store.note_followed(tenant, &followed, "", now).await?;
    let mut is_spent = false;
    for rejection in &outcome.rejected {
        is_spent |= matches!(rejection.cause, Cause::QuotaToday | Cause::QuotaSpent);
        // The answer forgot this number: the next one may say something of it.
        if rejection.code == 0 {
            continue;
        }
        let Some(word) = word_of(rejection.cause) else { continue };
        if let Some(number) = as_asked(&rejection.number) {
            store.note_followed(tenant, &[number], word, now).await?;
        }
    }
    match &outcome.stopped {
        Some(error) => store.note_trouble(tenant, TRACK17, trouble_of(error), now).await?,
        None if is_spent => store.note_trouble(tenant, TRACK17, QUOTA, now).await?,
        None => store.note_works(tenant, TRACK17, now).await?,
    }
    Ok(followed.len())
}

/// Why a parcel is not followed, in a word that pages have a sentence for. `None`: later it may be.
const fn word_of(cause: Cause) -> Option<&'static str> {
    match cause {
        Cause::CarrierUnknown | Cause::WrongCarrier => Some("carrier"),
        Cause::NeedsMore => Some("needs_more"),
        Cause::BadData => Some("number"),
        Cause::Internal | Cause::QuotaToday | Cause::QuotaSpent | Cause::TooManyNumbers => None,
        _ => Some("refused"),
    }
}

/// Puts what was told of parcels to them. Returns how many messages told something new.
pub async fn take_notices(house: &House) -> anyhow::Result<usize> {
    let (store, tenant) = (&house.store, house.tenant.id);
    let mut new = 0;
    for notice in store.notices_of_parcels(tenant, MOST_NOTICES).await? {
        new += usize::from(take_notice(house, &notice).await?);
        store.notice_taken(tenant, &notice.sha256, house.now()).await?;
    }
    Ok(new)
}

/// Whether nothing more is expected of a parcel that is followed no longer.
fn has_arrived(update: &TrackingUpdate) -> bool {
    let mut journey = Journey::default();
    journey.take_in(update);
    journey.status().is_final()
}

async fn take_notice(house: &House, notice: &TrackingNotice) -> anyhow::Result<bool> {
    let Some(mut read) = read_kept(notice) else {
        tracing::warn!("a message about parcel {} cannot be read", notice.number);
        return Ok(false);
    };
    let latest = notice.received_at.checked_add(ZONES).unwrap_or(Timestamp::MAX);
    let ahead = read.news.update.leave_out_after(latest);
    if ahead > 0 {
        tracing::warn!(
            "{ahead} events of parcel {} are dated ahead of their coming; they were left out",
            notice.number
        );
    }
    if read.kind == NoticeKind::Stopped && !has_arrived(&read.news.update) {
        let number = std::slice::from_ref(&notice.number);
        house.store.note_followed(house.tenant.id, number, STOPPED, house.now()).await?;
    }
    let found = house.store.shipments_by_number(house.tenant.id, &notice.number).await?;
    let mut commit = house.begin_as_system().await?;
    let mut parties = BTreeSet::new();
    for parcel in found {
        if commit.note_tracking(parcel, &read.news.update).await? {
            parties.insert(parcel.0);
            let entry = LogEntry::new("parcel.tracked", "parcel", notice.number.clone()).about(parcel.0);
            commit.log(entry.fact("events", read.news.update.events.len()));
        }
    }
    if parties.is_empty() {
        commit.finish_unnumbered().await?;
        return Ok(false);
    }
    // A message that waits and tells where the parcel was does not leave.
    for party in parties {
        cancel_wrong_letters(house, &mut commit, party).await?;
    }
    commit.finish().await?;
    Ok(true)
}
