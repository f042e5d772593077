//! News of parcels: told by the tracking service at our door, or asked for where no telling comes through. Each is kept as
//! it came before anybody makes sense of it, and once.
//!
//! What puts them to their parcels is [`super::follow_parcels`].

use jiff::{SignedDuration, Timestamp};

use dunlin_channels::track17::errors::Cause;
use dunlin_channels::track17::reading::ReadUpdate;
use dunlin_channels::track17::requests::{NUMBERS_PER_CALL, Parcel};
use dunlin_channels::track17::webhook::{Notice, NoticeKind, is_signed, read_notice};
use dunlin_core::shipment::journey::TrackingUpdate;
use dunlin_store::TrackingNotice;

use super::connect_service::{track17, trouble_of};
use crate::house::House;
use crate::shop::{TRACK17, app_secret};

/// The largest message that is taken: forty parcels with long histories are far below.
pub const MOST_BYTES: usize = 1024 * 1024;
/// The way of what was asked for.
const ASKED: &str = "asked";
/// A parcel of which nothing was told for so long is asked about.
const SILENT: SignedDuration = SignedDuration::from_hours(24);
/// Calls of one round.
const MOST_CALLS: usize = 25;

/// What became of a message at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Kept,
    /// It came before.
    Known,
    /// Nobody is connected at this address, or somebody else sent it: nothing is kept.
    Refused,
}

/// Takes a message of the tracking service as it came: the raw body, and the header with its signature.
pub async fn note_tracking(house: &House, hook: &str, body: &[u8], sign: Option<&str>) -> anyhow::Result<Taken> {
    let Some(connection) = house.store.connection(house.tenant.id, TRACK17).await? else { return Ok(Taken::Refused) };
    // The address tells which firm; that it is theirs the signature alone tells.
    if connection.hook.as_deref() != Some(hook) || body.len() > MOST_BYTES {
        return Ok(Taken::Refused);
    }
    let key = app_secret(house, &connection)?;
    if !sign.is_some_and(|sign| is_signed(body, &key, sign)) {
        return Ok(Taken::Refused);
    }
    let number = read_notice(body).map_or_else(String::new, |notice| notice.news.update.number);
    let is_new = house.store.keep_notice(house.tenant.id, "webhook", &number, body, house.now()).await?;
    Ok(if is_new { Taken::Kept } else { Taken::Known })
}

/// What a kept message says; `None` for one that a person has to look at.
pub fn read_kept(notice: &TrackingNotice) -> Option<Notice> {
    if notice.way == ASKED {
        let update: TrackingUpdate = serde_json::from_slice(&notice.body).ok()?;
        return Some(Notice { kind: NoticeKind::Updated, news: ReadUpdate { update, problems: Vec::new() } });
    }
    read_notice(&notice.body)
}

/// Asks about the parcels that are followed and of which nothing was told for a day, in case no telling comes through. Returns
/// how many told something new.
pub async fn poll_tracking(house: &House) -> anyhow::Result<usize> {
    let (store, tenant, now) = (&house.store, house.tenant.id, house.now());
    let since = now.checked_sub(SILENT).unwrap_or(Timestamp::UNIX_EPOCH);
    let most = i64::try_from(NUMBERS_PER_CALL * MOST_CALLS).unwrap_or(i64::MAX);
    let silent = store.silent_parcels(tenant, since, most).await?;
    if silent.is_empty() {
        return Ok(0);
    }
    let Some(client) = track17(house).await? else { return Ok(0) };
    // By the number alone: under which carrier the service follows it, the service knows.
    let asked: Vec<Parcel> = silent.iter().map(|number| Parcel::of(number, None)).collect();
    let outcome = client.track_info(&asked).await;
    let mut kept = 0;
    for read in outcome.accepted {
        let body = serde_json::to_vec(&read.update)?;
        kept += usize::from(store.keep_notice(tenant, ASKED, &read.update.number, &body, now).await?);
    }
    let is_known = |number: &String| silent.iter().any(|asked| asked.eq_ignore_ascii_case(number));
    let unknown = outcome.rejected.into_iter().filter(|refused| refused.cause == Cause::NotRegistered);
    let unknown: Vec<String> = unknown.map(|refused| refused.number.to_ascii_uppercase()).filter(is_known).collect();
    store.follow_anew(tenant, &unknown).await?;
    let answered: Vec<String> = silent.iter().filter(|number| !outcome.not_asked.contains(number)).cloned().collect();
    store.note_asked(tenant, &answered, now).await?;
    match &outcome.stopped {
        Some(error) => store.note_trouble(tenant, TRACK17, trouble_of(error), now).await?,
        None => store.note_works(tenant, TRACK17, now).await?,
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_read_as_what_was_told() {
        let update =
            TrackingUpdate { number: "RR1".into(), carrier_key: Some(3011), tag: None, report: None, events: vec![] };
        let notice = TrackingNotice {
            sha256: String::new(),
            way: ASKED.to_string(),
            number: "RR1".to_string(),
            body: serde_json::to_vec(&update).expect("json"),
            received_at: Timestamp::UNIX_EPOCH,
        };
        assert_eq!(read_kept(&notice).map(|notice| notice.news.update), Some(update));
        let rubbish = TrackingNotice { body: b"[]".to_vec(), ..notice };
        assert_eq!(read_kept(&rubbish), None);
    }
}
