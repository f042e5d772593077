//! What the service knows of carriers, its error codes, and the JSON in which it tells of a parcel.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone, offset};
use serde_json::{Value, json};

use super::journeys::Event;
use super::state::Parcel;

pub const BAD_KEY: i64 = -18_010_002;
pub const BAD_ADDRESS: i64 = -18_010_001;
pub const INTERNAL: i64 = -18_010_003;
pub const MISSING: i64 = -18_010_010;
pub const MALFORMED: i64 = -18_010_012;
pub const BAD_DATA: i64 = -18_010_013;
pub const TOO_MANY: i64 = -18_010_014;
pub const REGISTERED_ALREADY: i64 = -18_019_901;
pub const NOT_REGISTERED: i64 = -18_019_902;
pub const NO_CARRIER: i64 = -18_019_903;
pub const NOT_STOPPED: i64 = -18_019_904;
pub const RETRACKED_ALREADY: i64 = -18_019_905;
pub const NOT_TRACKING: i64 = -18_019_906;
pub const QUOTA_SPENT: i64 = -18_019_908;
pub const UNKNOWN_CARRIER: i64 = -18_019_910;

const CARRIERS: &[(u32, &str)] = &[
    (3011, "China Post"),
    (3013, "China EMS"),
    (11_031, "Royal Mail"),
    (19_131, "Singapore Post"),
    (21_051, "USPS"),
    (100_001, "DHL"),
    (100_002, "UPS"),
    (100_003, "FedEx"),
    (100_005, "GLS"),
    (190_008, "YunExpress"),
    (190_012, "Yanwen"),
    (190_072, "SunYou"),
    (190_094, "4PX"),
    (190_271, "Cainiao"),
    (190_766, "SF"),
];

const AT_HOME: Offset = offset(8);
const WHERE_IT_GOES: Offset = offset(2);

pub fn is_carrier(key: u32) -> bool {
    CARRIERS.iter().any(|(known, _)| *known == key)
}

/// Whose number this looks like.
pub fn detect(number: &str) -> Option<u32> {
    let letters = |part: &str| part.len() == 2 && part.bytes().all(|letter| letter.is_ascii_uppercase());
    if number.starts_with("1Z") {
        return Some(100_002);
    }
    if number.starts_with("YT") && number.len() == 18 {
        return Some(190_008);
    }
    if number.starts_with("4PX") {
        return Some(190_094);
    }
    if number.starts_with("SF") && number.len() == 15 {
        return Some(190_766);
    }
    // The international form of the post: two letters, nine digits, the country.
    let (head, rest) = (number.get(..2)?, number.get(2..)?);
    let (digits, country) = (rest.get(..9)?, rest.get(9..)?);
    if !letters(head) || !letters(country) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    match (country, head) {
        ("CN", head) if head.starts_with('E') => Some(3013),
        ("CN", _) => Some(3011),
        ("SG", _) => Some(19_131),
        ("GB", _) => Some(11_031),
        ("US", _) => Some(21_051),
        _ => None,
    }
}

/// All that is told of a parcel at an instant.
pub fn track_info(parcel: &Parcel, now: Timestamp) -> Value {
    let told: Vec<&Event> = parcel.told_until(now).collect();
    let sub_status = parcel.sub_status(now);
    let status = sub_status.split('_').next().unwrap_or(sub_status);
    // The newest line comes first.
    let events: Vec<Value> = told.iter().rev().map(|event| event_json(event)).collect();
    let name = CARRIERS.iter().find(|(key, _)| *key == parcel.carrier).map_or("", |(_, name)| *name);
    let milestones: Vec<Value> = told
        .iter()
        .filter_map(|event| {
            let stage = event.stage?;
            let (iso, utc) = times(event);
            Some(json!({"key_stage": stage, "time_iso": iso, "time_utc": utc}))
        })
        .collect();
    let days = |from: Option<&&Event>| from.map(|event| (now.as_second() - event.at.as_second()) / 86_400);
    json!({
        "shipping_info": {"shipper_address": {"country": "CN"}, "recipient_address": {"country": null}},
        "latest_status": {"status": status, "sub_status": sub_status, "sub_status_descr": null},
        "latest_event": events.first(),
        "time_metrics": {
            "days_after_order": null,
            "days_of_transit": days(told.first()),
            "days_of_transit_done": null,
            "days_after_last_update": days(told.last()),
            "estimated_delivery_date": {"source": null, "from": null, "to": null},
        },
        "milestone": milestones,
        "tracking": {"providers": [{
            "provider": {"key": parcel.carrier, "name": name, "alias": name, "tel": null, "homepage": null, "country": "CN"},
            "latest_sync_status": "Success",
            "latest_sync_time": now.to_string(),
            "events": events,
        }]},
    })
}

fn event_json(event: &Event) -> Value {
    let (iso, utc) = times(event);
    json!({
        "time_iso": iso,
        "time_utc": utc,
        "description": event.description,
        "location": if event.abroad { "Madrid" } else { "Shenzhen" },
        "stage": event.stage,
        "sub_status": event.sub_status,
        "address": null,
    })
}

/// The local time with its offset, and the same in UTC.
fn times(event: &Event) -> (String, String) {
    let zone = TimeZone::fixed(if event.abroad { WHERE_IT_GOES } else { AT_HOME });
    let local = event.at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    (local, event.at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_whose_they_are() {
        for (number, carrier) in [
            ("RR123456789CN", Some(3011)),
            ("EA123456789CN", Some(3013)),
            ("RR123456789SG", Some(19_131)),
            ("YT1234567890123456", Some(190_008)),
            ("1Z999AA10123456784", Some(100_002)),
            ("123456789012", None),
            ("ＲＲ", None),
        ] {
            assert_eq!(detect(number), carrier, "{number}");
        }
    }
}
