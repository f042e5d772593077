//! What 17TRACK tells, read leniently: a field that is missing or of another kind costs that field and nothing else, and what
//! could not be used is listed. Numbers of the service are read from text or integer and never pass through a float.

use dunlin_core::shipment::journey::{Estimate, Report, TrackingEvent, TrackingUpdate};
use dunlin_core::shipment::track17::{event_status, status_of};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

/// More lines than any parcel has; the rest of a hostile answer is left out.
const MOST_EVENTS: usize = 2_000;
/// Carriers that share one parcel.
const MOST_PROVIDERS: usize = 20;
/// Letters of a description that are kept.
const LONGEST_TEXT: usize = 500;

/// News, and what of it could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadUpdate {
    pub update: TrackingUpdate,
    pub problems: Vec<String>,
}

/// Reads one parcel of an answer or of a webhook: `{number, carrier, tag, track_info}`. `None` when it has no number.
pub fn read_update(parcel: &Value) -> Option<ReadUpdate> {
    // Some answers write numbers in other letters than they were asked with.
    let number = text(parcel, "number").to_ascii_uppercase();
    if number.is_empty() {
        return None;
    }
    let mut reader = Reader { problems: Vec::new(), synced_at: None };
    let info = &parcel["track_info"];
    let events = reader.events(&info["tracking"]["providers"]);
    let report = reader.report(info, &events);
    let tag = Some(text(parcel, "tag")).filter(|tag| !tag.is_empty());
    let carrier_key = key(&parcel["carrier"]);
    Some(ReadUpdate { update: TrackingUpdate { number, carrier_key, tag, report, events }, problems: reader.problems })
}

struct Reader {
    problems: Vec<String>,
    /// The newest instant at which a carrier was asked.
    synced_at: Option<Timestamp>,
}

impl Reader {
    fn events(&mut self, providers: &Value) -> Vec<TrackingEvent> {
        let mut events = Vec::new();
        for provider in list(providers).take(MOST_PROVIDERS) {
            let carrier_key = key(&provider["provider"]["key"]);
            self.synced_at = self.synced_at.max(instant(provider.get("latest_sync_time")));
            for event in list(&provider["events"]) {
                if events.len() >= MOST_EVENTS {
                    self.problems.push(format!("more than {MOST_EVENTS} events; the rest was left out"));
                    return events;
                }
                events.extend(self.event(event, carrier_key));
            }
        }
        events
    }

    /// `None`, and a problem, for an event without a usable time: it could not be put in order.
    fn event(&mut self, event: &Value, carrier_key: Option<u32>) -> Option<TrackingEvent> {
        let description = text(event, "description");
        let known = instant(event.get("time_utc")).or_else(|| instant(event.get("time_iso")));
        let at = known.or_else(|| {
            let local = local_time(event)?;
            self.problems.push(format!("no time zone for ‘{description}’; its local time {local} is taken as UTC"));
            Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
        });
        let Some(at) = at else {
            self.problems.push(format!("no time for ‘{description}’; left out"));
            return None;
        };
        let word = text(event, "sub_status");
        let stage = text(event, "stage");
        let status = event_status(&word, &stage);
        let word = if word.is_empty() { stage } else { word };
        Some(TrackingEvent { at, status, word, description, location: text(event, "location"), carrier_key })
    }

    /// `None` when the answer says nothing of the parcel as a whole.
    fn report(&self, info: &Value, events: &[TrackingEvent]) -> Option<Report> {
        let latest = &info["latest_status"];
        let (status, sub_status) = (text(latest, "status"), text(latest, "sub_status"));
        if status.is_empty() && sub_status.is_empty() {
            return None;
        }
        let told = &info["latest_event"];
        let event_at = instant(told.get("time_utc")).or_else(|| instant(told.get("time_iso")));
        let newest = events.iter().map(|event| event.at).max();
        // A report is at least as new as the events that it comes with.
        let at = self.synced_at.max(event_at).max(newest);
        let word = if sub_status.is_empty() { status.clone() } else { sub_status.clone() };
        let estimate = read_estimate(&info["time_metrics"]["estimated_delivery_date"]);
        Some(Report { at, status: status_of(&status, &sub_status), word, estimate })
    }
}

fn read_estimate(estimate: &Value) -> Option<Estimate> {
    let day = |name: &str| day_of(estimate.get(name)?.as_str()?);
    let (from, to) = (day("from"), day("to"));
    let (from, to) = (from.or(to)?, to.or(from)?);
    Some(Estimate { from: from.min(to), to: from.max(to) })
}

/// The day that is written, which is the day where the parcel goes; its zone does not matter.
fn day_of(written: &str) -> Option<Date> {
    written.get(..10)?.parse().ok()
}

/// An instant with its zone; jiff refuses one without.
fn instant(value: Option<&Value>) -> Option<Timestamp> {
    value?.as_str()?.trim().parse().ok()
}

/// A time on the wall, without its zone: `time_iso`, or the raw parts beside it (these from memory).
fn local_time(event: &Value) -> Option<DateTime> {
    if let Some(written) = event.get("time_iso").and_then(Value::as_str) {
        return written.trim().parse().ok();
    }
    let raw = event.get("time_raw")?;
    let date: Date = text(raw, "date").parse().ok()?;
    let time = text(raw, "time").parse().unwrap_or_default();
    Some(date.to_datetime(time))
}

/// The service's number of a carrier, as a number or as text; 0 is none.
pub(super) fn key(value: &Value) -> Option<u32> {
    let number = match value {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    u32::try_from(number).ok().filter(|key| *key > 0)
}

/// A text field, cut to what a person would read; empty when it is missing or of another kind.
pub(super) fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    text.chars().filter(|letter| !letter.is_control()).take(LONGEST_TEXT).collect()
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dunlin_core::shipment::status::TrackingStatus;
    use jiff::civil::date;
    use serde_json::json;

    fn parcel() -> Value {
        json!({"number":"RR123456789CN","carrier":3011,"tag":"S-0001","track_info":{
        "latest_status":{"status":"InTransit","sub_status":"InTransit_Departure","sub_status_descr":null},
        "latest_event":{"time_iso":"2026-03-05T09:00:00+08:00","time_utc":"2026-03-05T01:00:00Z"},
        "time_metrics":{"estimated_delivery_date":{"source":"Official","from":"2026-03-20T00:00:00-05:00","to":null}},
        "tracking":{"providers":[{
            "provider":{"key":3011,"name":"China Post"},
            "latest_sync_status":"Success","latest_sync_time":"2026-03-05T03:00:00Z",
            "events":[
                {"time_utc":"2026-03-05T01:00:00Z","description":"Departed","location":"Shenzhen","stage":"Departure","sub_status":"InTransit_Departure"},
                {"time_iso":"2026-03-04T09:00:00+08:00","time_utc":null,"description":"Sorted","location":null,"stage":null,"sub_status":null}
            ]}]}}})
    }

    #[test]
    fn a_parcel_is_read_whole() {
        let read = read_update(&parcel()).expect("a parcel");
        assert_eq!(read.problems, [""; 0]);
        let update = read.update;
        assert_eq!(
            (update.number.as_str(), update.carrier_key, update.tag.as_deref()),
            ("RR123456789CN", Some(3011), Some("S-0001"))
        );
        let report = update.report.expect("a report");
        assert_eq!(report.status, TrackingStatus::Departed);
        assert_eq!(report.at, "2026-03-05T03:00:00Z".parse().ok());
        assert_eq!(report.estimate, Some(Estimate { from: date(2026, 3, 20), to: date(2026, 3, 20) }));
        let told: Vec<_> = update.events.iter().map(|event| (event.status, event.at.to_string())).collect();
        assert_eq!(
            told,
            [
                (Some(TrackingStatus::Departed), "2026-03-05T01:00:00Z".to_string()),
                (None, "2026-03-04T01:00:00Z".to_string())
            ]
        );
    }

    #[test]
    fn what_cannot_be_used_is_listed_and_the_rest_comes_out() {
        let mut told = parcel();
        told["track_info"]["tracking"]["providers"][0]["events"] = json!([
            {"time_utc":"2026-03-05T01:00:00Z","description":"Departed","sub_status":"InTransit_Beamed"},
            {"time_utc":"soon","description":"Somewhere"},
            {"time_iso":"2026-03-04T09:00:00","description":"Sorted"},
            "not an event", 7, null
        ]);
        let read = read_update(&told).expect("a parcel");
        assert_eq!(read.update.events.len(), 2);
        assert_eq!(read.update.events[0].status, Some(TrackingStatus::Other));
        assert_eq!(read.update.events[0].word, "InTransit_Beamed");
        assert_eq!(read.problems.len(), 5, "{:?}", read.problems);
    }

    #[test]
    fn a_parcel_without_news_has_no_report_and_one_without_number_is_none() {
        let read = read_update(&json!({"number":"RR123456789CN","carrier":"3011"})).expect("a parcel");
        assert_eq!((read.update.carrier_key, read.update.report, read.update.events.len()), (Some(3011), None, 0));
        for none in [json!({}), json!(null), json!([]), json!({"number": 7}), json!({"number": " "})] {
            assert_eq!(read_update(&none), None);
        }
    }

    #[test]
    fn numbers_of_carriers_never_come_from_floats() {
        assert_eq!(key(&json!(3011)), Some(3011));
        for none in [json!(3011.0), json!(-1), json!(0), json!(99_999_999_999_u64), json!("x"), json!(null)] {
            assert_eq!(key(&none), None, "{none}");
        }
    }
}
