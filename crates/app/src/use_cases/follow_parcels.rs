//! Parcels and the tracking service: a parcel that has left is handed over to be followed, and what was told of parcels is put
//! to them. Both are done in rounds and may be done twice: a parcel that is followed already is no fault, news that are known
//! change nothing.

use std::collections::BTreeSet;

use dunlin_channels::track17::errors::Cause;
use dunlin_channels::track17::requests::{NUMBERS_PER_CALL, Registration};
use dunlin_core::shipment::carriers::Carriers;
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

/// Asks the tracking service to follow what has left since. Returns how many parcels it follows now.
pub async fn follow_parcels(house: &House) -> anyhow::Result<usize> {
    let (store, tenant, now) = (&house.store, house.tenant.id, house.now());
    let limit = i64::try_from(NUMBERS_PER_CALL * MOST_CALLS).unwrap_or(i64::MAX);
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
    for rejection in &outcome.rejected {
        let Some(word) = word_of(rejection.cause) else { continue };
        if let Some(number) = as_asked(&rejection.number) {
            store.note_followed(tenant, &[number], word, now).await?;
        }
    }
    match &outcome.stopped {
        Some(error) => store.note_trouble(tenant, TRACK17, trouble_of(error), now).await?,
        None => store.note_reached(tenant, TRACK17, None, now).await?,
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

async fn take_notice(house: &House, notice: &TrackingNotice) -> anyhow::Result<bool> {
    let Some(read) = read_kept(notice) else {
        tracing::warn!("a message about parcel {} cannot be read", notice.number);
        return Ok(false);
    };
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
