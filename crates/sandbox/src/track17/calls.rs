//! The calls of the service: who may ask, how many numbers at once, and what is said of each.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Sandbox;
use super::state::{Fault, Parcel, State};
use super::words::{
    BAD_ADDRESS, BAD_DATA, BAD_KEY, INTERNAL, MALFORMED, MISSING, NO_CARRIER, NOT_REGISTERED, NOT_STOPPED,
    NOT_TRACKING, QUOTA_SPENT, REGISTERED_ALREADY, RETRACKED_ALREADY, TOO_MANY, UNKNOWN_CARRIER, detect, is_carrier,
    track_info,
};

const NUMBERS_PER_CALL: usize = 40;
const LINES_PER_PAGE: usize = 40;

/// A number that was taken, or the code and the words of its refusal.
type Said = Result<Value, (i64, String)>;

pub async fn answer(
    Shared(sandbox): Shared<Arc<Sandbox>>,
    Path(call): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut state = sandbox.state();
    let fault = state.faults.pop_front();
    if fault == Some(Fault::Throttled) || !state.throttle.takes(Instant::now()) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    match fault {
        Some(Fault::Away) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Garbage) => return "<html><body>Please wait</body></html>".into_response(),
        Some(Fault::Internal) => return refuse(StatusCode::OK, INTERNAL, "Internal service error"),
        Some(Fault::BadKey) => return refuse(StatusCode::UNAUTHORIZED, BAD_KEY, "Invalid access token"),
        Some(Fault::AddressRefused) => {
            return refuse(StatusCode::OK, BAD_ADDRESS, "IP address is not in the whitelist");
        }
        Some(Fault::Throttled | Fault::Forgetful) | None => {}
    }
    if headers.get("17token").is_none_or(|token| token.as_bytes() != sandbox.key.as_bytes()) {
        return refuse(StatusCode::UNAUTHORIZED, BAD_KEY, "Invalid access token");
    }
    let asked: Value = if body.is_empty() { json!([]) } else { serde_json::from_slice(&body).unwrap_or(Value::Null) };
    match call.as_str() {
        "getquota" => return quota(&state),
        "gettracklist" => return track_list(&state, &asked),
        _ => {}
    }
    let Some(items) = asked.as_array() else {
        return refuse(StatusCode::OK, BAD_DATA, "The submitted data is invalid");
    };
    if items.is_empty() {
        return refuse(StatusCode::OK, MISSING, "The data is required");
    }
    if items.len() > NUMBERS_PER_CALL {
        return refuse(StatusCode::OK, TOO_MANY, "The number of tracking exceeds 40");
    }
    let one: fn(&mut State, &str, &Value) -> Said = match call.as_str() {
        "register" => register,
        "gettrackinfo" => info,
        "stoptrack" => stop,
        "retrack" => track_again,
        "deletetrack" => delete,
        "changecarrier" => change_carrier,
        "changeinfo" => change_info,
        "push" => push_again,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let heard = if fault == Some(Fault::Forgetful) { &items[..items.len() - 1] } else { &items[..] };
    let (mut accepted, mut rejected) = (Vec::new(), Vec::new());
    for item in heard {
        let number = item["number"].as_str().unwrap_or_default();
        let said = if is_number(number) {
            one(&mut state, number, item)
        } else {
            Err((MALFORMED, format!("The format of '{number}' is invalid.")))
        };
        match said {
            Ok(line) => accepted.push(line),
            Err((code, message)) => {
                rejected.push(json!({"number": number, "error": {"code": code, "message": message}}));
            }
        }
    }
    reply(StatusCode::OK, &json!({"code": 0, "data": {"accepted": accepted, "rejected": rejected}}))
}

fn reply(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}

/// A refusal of the whole call.
fn refuse(status: StatusCode, code: i64, message: &str) -> Response {
    reply(status, &json!({"code": code, "data": {"errors": [{"code": code, "message": message}]}}))
}

fn is_number(number: &str) -> bool {
    (5..=50).contains(&number.len()) && number.bytes().all(|letter| letter.is_ascii_alphanumeric())
}

/// A carrier that the caller names; 0 is none.
fn named_carrier(item: &Value, field: &str) -> Option<u32> {
    item[field].as_u64().and_then(|key| u32::try_from(key).ok()).filter(|key| *key > 0)
}

/// A registered parcel, under the carrier that the caller means, if it names one.
fn registered<'a>(state: &'a mut State, number: &str, carrier: Option<u32>) -> Result<&'a mut Parcel, (i64, String)> {
    let parcel = state.parcels.get_mut(number);
    parcel.filter(|parcel| carrier.is_none_or(|key| key == parcel.carrier)).ok_or_else(|| {
        (NOT_REGISTERED, format!("The tracking number '{number}' does not register, please register first."))
    })
}

fn register(state: &mut State, number: &str, item: &Value) -> Said {
    if state.parcels.contains_key(number) {
        return Err((REGISTERED_ALREADY, format!("The tracking number '{number}' has been registered.")));
    }
    let named = named_carrier(item, "carrier");
    if named.is_some_and(|key| !is_carrier(key)) {
        return Err((UNKNOWN_CARRIER, "The carrier is invalid.".to_string()));
    }
    let script = state.script_of(number);
    let Some(carrier) = named.or(script.carrier).or_else(|| detect(number)) else {
        return Err((NO_CARRIER, format!("The carrier of '{number}' cannot be detected.")));
    };
    if state.remaining() == 0 {
        return Err((QUOTA_SPENT, "Your quota has run out.".to_string()));
    }
    state.quota_used += 1;
    let parcel = Parcel {
        number: number.to_string(),
        carrier,
        tag: item["tag"].as_str().map(str::to_string),
        registered_at: state.now,
        is_tracked: true,
        tracked_again: false,
        script,
    };
    state.parcels.insert(number.to_string(), parcel);
    // 1: the carrier was named; 2: it was guessed.
    Ok(json!({"origin": if named.is_some() { 1 } else { 2 }, "number": number, "carrier": carrier}))
}

fn info(state: &mut State, number: &str, item: &Value) -> Said {
    let now = state.now;
    let parcel = registered(state, number, named_carrier(item, "carrier"))?;
    Ok(json!({
        "number": number,
        "carrier": parcel.carrier,
        "param": null,
        "tag": parcel.tag,
        "track_info": track_info(parcel, now),
    }))
}

fn stop(state: &mut State, number: &str, item: &Value) -> Said {
    let parcel = registered(state, number, named_carrier(item, "carrier"))?;
    if !parcel.is_tracked {
        return Err((NOT_TRACKING, "Only a number in tracking can be stopped.".to_string()));
    }
    parcel.is_tracked = false;
    Ok(json!({"number": number, "carrier": parcel.carrier}))
}

fn track_again(state: &mut State, number: &str, item: &Value) -> Said {
    let parcel = registered(state, number, named_carrier(item, "carrier"))?;
    if parcel.is_tracked {
        return Err((NOT_STOPPED, "Only a stopped number can be tracked again.".to_string()));
    }
    if parcel.tracked_again {
        return Err((RETRACKED_ALREADY, "A number can be tracked again only once.".to_string()));
    }
    parcel.is_tracked = true;
    parcel.tracked_again = true;
    Ok(json!({"number": number, "carrier": parcel.carrier}))
}

fn delete(state: &mut State, number: &str, item: &Value) -> Said {
    let carrier = registered(state, number, named_carrier(item, "carrier"))?.carrier;
    state.parcels.remove(number);
    Ok(json!({"number": number, "carrier": carrier}))
}

fn change_carrier(state: &mut State, number: &str, item: &Value) -> Said {
    let parcel = registered(state, number, named_carrier(item, "carrier_old"))?;
    let Some(carrier) = named_carrier(item, "carrier_new").filter(|key| is_carrier(*key)) else {
        return Err((UNKNOWN_CARRIER, "The new carrier is invalid.".to_string()));
    };
    parcel.carrier = carrier;
    Ok(json!({"number": number, "carrier_new": carrier}))
}

fn change_info(state: &mut State, number: &str, item: &Value) -> Said {
    let parcel = registered(state, number, named_carrier(item, "carrier"))?;
    if let Some(tag) = item["items"]["tag"].as_str() {
        parcel.tag = Some(tag.to_string());
    }
    Ok(json!({"number": number, "carrier": parcel.carrier}))
}

/// The caller wants the newest news once more by webhook.
fn push_again(state: &mut State, number: &str, item: &Value) -> Said {
    let now = state.now;
    let parcel = registered(state, number, named_carrier(item, "carrier"))?;
    let carrier = parcel.carrier;
    let news = super::state::notice("TRACKING_UPDATED", parcel, now);
    state.waiting.push(news);
    Ok(json!({"number": number, "carrier": carrier}))
}

fn quota(state: &State) -> Response {
    let (total, used, left) = (state.quota, state.quota_used, state.remaining());
    let data = json!({"quota_total": total, "quota_used": used, "quota_remain": left, "today_used": used});
    reply(StatusCode::OK, &json!({"code": 0, "data": data}))
}

fn track_list(state: &State, asked: &Value) -> Response {
    let page = asked["page_no"].as_u64().and_then(|page| usize::try_from(page).ok()).unwrap_or(1).max(1);
    let lines: Vec<Value> = state
        .parcels
        .values()
        .skip((page - 1).saturating_mul(LINES_PER_PAGE))
        .take(LINES_PER_PAGE)
        .map(|parcel| {
            json!({
                "number": parcel.number,
                "carrier": parcel.carrier,
                "tag": parcel.tag,
                "register_time": parcel.registered_at.to_string(),
                "tracking_status": if parcel.is_tracked { "Tracking" } else { "Stopped" },
                "package_status": parcel.sub_status(state.now).split('_').next(),
            })
        })
        .collect();
    let (total, pages) = (state.parcels.len(), state.parcels.len().div_ceil(LINES_PER_PAGE));
    let counted = json!({"data_total": total, "page_total": pages, "page_no": page, "page_size": LINES_PER_PAGE, "has_next": page < pages});
    reply(StatusCode::OK, &json!({"code": 0, "page": counted, "data": {"accepted": lines}}))
}
