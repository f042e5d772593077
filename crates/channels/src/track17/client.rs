//! The calls. Numbers go out in batches of 40, not more than three calls a second; what is refused for the moment is asked
//! again with growing waits; every number comes back as accepted, rejected, or not asked.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::errors::{CallError, Cause, MALFORMED_NUMBER, Rejection};
use super::reading::{ReadUpdate, key, list, read_update, text};
use super::requests::{CarrierChange, NUMBERS_PER_CALL, NamesParcel, Parcel, Registration, is_number};

/// Where the service is.
pub const ADDRESS: &str = "https://api.17track.net";
const PATH: &str = "/track/v2.2";
/// Three calls a second, with a little air: their clock is not ours.
const CALL_GAP: Duration = Duration::from_millis(340);
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Forty parcels with long histories are far below this.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;
/// Calls are tried so many times more.
const TRIES: usize = 4;

/// As whom to ask, and where.
#[derive(Clone)]
pub struct Track17Settings {
    /// [`ADDRESS`], or a sandbox.
    pub address: String,
    pub key: String,
    /// How long to wait after a first refusal; the waits double.
    pub first_wait: Duration,
}

impl Track17Settings {
    pub fn new(key: &str) -> Self {
        Self { address: ADDRESS.to_string(), key: key.to_string(), first_wait: Duration::from_secs(1) }
    }
}

impl std::fmt::Debug for Track17Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the key.
        write!(f, "17TRACK at {}", self.address)
    }
}

/// What became of many numbers. When a call in the middle fails, what was done before it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome<T> {
    pub accepted: Vec<T>,
    pub rejected: Vec<Rejection>,
    /// Numbers that were not asked about any more, and why.
    pub not_asked: Vec<String>,
    pub stopped: Option<CallError>,
}

impl<T> Default for Outcome<T> {
    fn default() -> Self {
        Self { accepted: Vec::new(), rejected: Vec::new(), not_asked: Vec::new(), stopped: None }
    }
}

/// A number that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub number: String,
    /// The carrier that the service settled on.
    pub carrier_key: Option<u32>,
    /// It was so before: registering twice is no fault.
    pub was_so: bool,
}

/// How many numbers the account may still register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quota {
    pub total: i64,
    pub used: i64,
    pub remaining: i64,
    pub used_today: i64,
}

/// One line of the list of registered parcels. The names of the service's fields are from memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedParcel {
    pub number: String,
    pub carrier_key: Option<u32>,
    pub tag: Option<String>,
    /// False when the service has stopped following it.
    pub is_tracked: bool,
}

/// One page of that list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedPage {
    pub parcels: Vec<ListedParcel>,
    pub has_next: bool,
}

/// The service, as seen from one account.
pub struct Client {
    http: reqwest::Client,
    settings: Track17Settings,
    /// When the next call may go out.
    next_call: Mutex<Instant>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.settings.fmt(f)
    }
}

impl Client {
    pub fn new(settings: Track17Settings) -> Result<Self, CallError> {
        let mut builder = reqwest::Client::builder()
            .timeout(ANSWER_WITHIN)
            .connect_timeout(CONNECT_WITHIN)
            // The key goes to the one address that was configured.
            .redirect(reqwest::redirect::Policy::none());
        if is_here(&settings.address) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| CallError::Away(describe(&error)))?;
        Ok(Self { http, settings, next_call: Mutex::new(Instant::now()) })
    }

    /// Follows parcels from now on. One that is followed already counts as accepted.
    pub async fn register(&self, parcels: &[Registration]) -> Outcome<Accepted> {
        self.for_each("register", parcels, Some(Cause::AlreadyRegistered), read_accepted).await
    }

    /// All that is known of parcels: the way out when no webhook comes through.
    pub async fn track_info(&self, parcels: &[Parcel]) -> Outcome<ReadUpdate> {
        self.for_each("gettrackinfo", parcels, None, read_update).await
    }

    /// Follows them no longer; what is known stays.
    pub async fn stop(&self, parcels: &[Parcel]) -> Outcome<Accepted> {
        self.for_each("stoptrack", parcels, Some(Cause::NotTracking), read_accepted).await
    }

    /// Follows stopped parcels again, which the service does once for each.
    pub async fn track_again(&self, parcels: &[Parcel]) -> Outcome<Accepted> {
        self.for_each("retrack", parcels, Some(Cause::NotStopped), read_accepted).await
    }

    /// Takes them off the account, with all that is known.
    pub async fn delete(&self, parcels: &[Parcel]) -> Outcome<Accepted> {
        self.for_each("deletetrack", parcels, Some(Cause::NotRegistered), read_accepted).await
    }

    /// Puts right under which carrier parcels are looked up.
    pub async fn change_carrier(&self, changes: &[CarrierChange]) -> Outcome<Accepted> {
        self.for_each("changecarrier", changes, None, read_accepted).await
    }

    /// One page, from 1, of what is registered. Unlike the others this call takes an object (from memory).
    pub async fn list(&self, page: u32) -> Result<ListedPage, CallError> {
        let answer = self.call("gettracklist", &json!({ "page_no": page }).to_string()).await?;
        let parcels = list(&answer["data"]["accepted"]).filter_map(read_listed).collect();
        let pages = answer["page"]["page_total"].as_u64().unwrap_or(0);
        let has_next = answer["page"]["has_next"].as_bool().unwrap_or(u64::from(page) < pages);
        Ok(ListedPage { parcels, has_next })
    }

    /// How many numbers are left. The names of the fields are from memory.
    pub async fn quota(&self) -> Result<Quota, CallError> {
        let answer = self.call("getquota", "[]").await?;
        let figure = |name: &str| answer["data"][name].as_i64();
        let (total, used) = (figure("quota_total").unwrap_or(0), figure("quota_used").unwrap_or(0));
        let remaining = figure("quota_remain").unwrap_or(total - used);
        Ok(Quota { total, used, remaining, used_today: figure("today_used").unwrap_or(0) })
    }

    /// Asks about numbers batch by batch. A rejection with the cause `fine` means that what was asked for is so already.
    async fn for_each<Q, T>(
        &self,
        path: &str,
        asked: &[Q],
        fine: Option<Cause>,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Outcome<T>
    where
        Q: NamesParcel + Serialize,
        T: WasSo,
    {
        let mut outcome = Outcome::default();
        let (good, bad): (Vec<&Q>, Vec<&Q>) = asked.iter().partition(|parcel| is_number(parcel.number()));
        // One malformed number could cost the whole batch.
        outcome.rejected.extend(bad.into_iter().map(|parcel| malformed(parcel.number())));
        for batch in good.chunks(NUMBERS_PER_CALL) {
            if outcome.stopped.is_some() {
                outcome.not_asked.extend(batch.iter().map(|parcel| parcel.number().to_string()));
                continue;
            }
            let answer = match serde_json::to_string(batch) {
                Ok(body) => self.call(path, &body).await,
                Err(error) => Err(CallError::Unreadable(error.to_string())),
            };
            match answer {
                Ok(answer) => sort_out(&answer["data"], batch, fine, &read, &mut outcome),
                Err(error) => {
                    outcome.not_asked.extend(batch.iter().map(|parcel| parcel.number().to_string()));
                    outcome.stopped = Some(error);
                }
            }
        }
        outcome
    }

    /// One call, tried again while it may do better by itself.
    async fn call(&self, path: &str, body: &str) -> Result<Value, CallError> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(self.settings.first_wait)
            .with_max_delay(Duration::from_secs(60))
            .with_max_times(TRIES)
            .with_jitter();
        let ask = || self.call_once(path, body);
        ask.retry(waits)
            .when(CallError::is_passing)
            .adjust(|error: &CallError, wait: Option<Duration>| wait.map(|wait| wait.max(error.wait().unwrap_or(wait))))
            .await
    }

    async fn call_once(&self, path: &str, body: &str) -> Result<Value, CallError> {
        self.wait_for_turn().await;
        let url = format!("{}{PATH}/{path}", self.settings.address.trim_end_matches('/'));
        let request = self
            .http
            .post(url)
            .header("17token", &self.settings.key)
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
        let mut response = request.send().await.map_err(|error| not_sent(&error))?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS {
            let after = response.headers().get(reqwest::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
            let after = after.and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs);
            return Err(CallError::Throttled { after: after.map(|wait| wait.min(Duration::from_secs(60))) });
        }
        if status.is_server_error() {
            return Err(CallError::Away(format!("HTTP {}", status.as_u16())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| CallError::Away(describe(&error)))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LARGEST_ANSWER {
                return Err(CallError::Unreadable(format!("the answer is larger than {LARGEST_ANSWER} bytes")));
            }
        }
        read_envelope(status, &bytes)
    }

    /// Calls of one client go out one after another, a gap apart. Two programs with one key share the limit without knowing
    /// of each other; then the service throttles, and the waits sort it out.
    async fn wait_for_turn(&self) {
        let turn = {
            let mut next = self.next_call.lock().await;
            let turn = (*next).max(Instant::now());
            *next = turn + CALL_GAP;
            turn
        };
        tokio::time::sleep_until(turn).await;
    }
}

/// What an accepted line can be made of when there was only a friendly refusal to read.
trait WasSo: Sized {
    fn was_so(number: &str, carrier_key: Option<u32>) -> Option<Self>;
}

impl WasSo for Accepted {
    fn was_so(number: &str, carrier_key: Option<u32>) -> Option<Self> {
        Some(Self { number: number.to_string(), carrier_key, was_so: true })
    }
}

impl WasSo for ReadUpdate {
    fn was_so(_number: &str, _carrier_key: Option<u32>) -> Option<Self> {
        None
    }
}

/// Sorts the numbers of one answer. A number that the answer forgets is said to be rejected, so that none gets lost.
fn sort_out<Q: NamesParcel, T: WasSo>(
    data: &Value,
    batch: &[&Q],
    fine: Option<Cause>,
    read: &impl Fn(&Value) -> Option<T>,
    outcome: &mut Outcome<T>,
) {
    let mut answered: Vec<String> = Vec::new();
    for accepted in list(&data["accepted"]) {
        if let Some(taken) = read(accepted) {
            answered.push(text(accepted, "number"));
            outcome.accepted.push(taken);
        }
    }
    for refused in list(&data["rejected"]) {
        let number = text(refused, "number");
        let code = refused["error"]["code"].as_i64().unwrap_or(0);
        let cause = Cause::of(code);
        answered.push(number.clone());
        let friendly = if fine == Some(cause) { T::was_so(&number, key(&refused["carrier"])) } else { None };
        match friendly {
            Some(taken) => outcome.accepted.push(taken),
            None => {
                let message = text(&refused["error"], "message");
                outcome.rejected.push(Rejection { number, code, cause, message });
            }
        }
    }
    for parcel in batch {
        // Some answers write numbers in capitals.
        if !answered.iter().any(|number| number.eq_ignore_ascii_case(parcel.number())) {
            let message = "the answer does not mention this number".to_string();
            let number = parcel.number().to_string();
            outcome.rejected.push(Rejection { number, code: 0, cause: Cause::Other, message });
        }
    }
}

fn malformed(number: &str) -> Rejection {
    let message = "a number has 5 to 50 letters and digits".to_string();
    Rejection { number: number.to_string(), code: MALFORMED_NUMBER, cause: Cause::BadData, message }
}

fn read_accepted(taken: &Value) -> Option<Accepted> {
    let number = text(taken, "number");
    if number.is_empty() {
        return None;
    }
    // After a change of carrier the new one stands in a field of its own (from memory).
    let carrier_key = key(&taken["carrier_new"]).or_else(|| key(&taken["carrier"]));
    Some(Accepted { number, carrier_key, was_so: false })
}

fn read_listed(parcel: &Value) -> Option<ListedParcel> {
    let number = text(parcel, "number");
    if number.is_empty() {
        return None;
    }
    let tag = Some(text(parcel, "tag")).filter(|tag| !tag.is_empty());
    let is_tracked = text(parcel, "tracking_status") != "Stopped";
    Some(ListedParcel { number, carrier_key: key(&parcel["carrier"]), tag, is_tracked })
}

/// Opens `{"code":0,"data":{…}}`. A refusal of the whole call stands in the code, or in `data.errors` (the second from memory).
fn read_envelope(status: StatusCode, bytes: &[u8]) -> Result<Value, CallError> {
    let refused = |code: i64, message: String| CallError::Refused { code, cause: Cause::of(code), message };
    let answer: Value = match serde_json::from_slice(bytes) {
        Ok(answer) => answer,
        Err(_) if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            return Err(refused(BAD_KEY, format!("HTTP {}", status.as_u16())));
        }
        Err(_) => {
            let begin: String = String::from_utf8_lossy(bytes).chars().take(200).collect();
            return Err(CallError::Unreadable(format!("HTTP {}, ‘{begin}’", status.as_u16())));
        }
    };
    let Some(code) = answer["code"].as_i64() else {
        return Err(CallError::Unreadable(format!("HTTP {}, no code", status.as_u16())));
    };
    if let Some(error) = list(&answer["data"]["errors"]).next() {
        return Err(refused(error["code"].as_i64().unwrap_or(code), text(error, "message")));
    }
    if code != 0 {
        return Err(refused(code, text(&answer, "message")));
    }
    if !status.is_success() {
        return Err(CallError::Unreadable(format!("HTTP {}", status.as_u16())));
    }
    Ok(answer)
}

const BAD_KEY: i64 = -18_010_002;

/// A key or an address that no request can be made of does not get better by waiting.
fn not_sent(error: &reqwest::Error) -> CallError {
    if error.is_builder() {
        let message = format!("no request can be made of the key and the address: {}", describe(error));
        return CallError::Refused { code: BAD_KEY, cause: Cause::BadKey, message };
    }
    CallError::Away(describe(error))
}

/// A sandbox on this machine is reached without a proxy.
fn is_here(address: &str) -> bool {
    let host = address.split("://").nth(1).unwrap_or(address);
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|here| {
        host.strip_prefix(here).is_some_and(|rest| rest.is_empty() || rest.starts_with(':') || rest.starts_with('/'))
    })
}

/// The error with its causes. No secret is in it: the key goes in a header, never in the address.
fn describe(error: &reqwest::Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
        cause = inner.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(data: &Value, asked: &[&str]) -> Outcome<Accepted> {
        let parcels: Vec<Parcel> = asked.iter().map(|number| Parcel::of(number, None)).collect();
        let batch: Vec<&Parcel> = parcels.iter().collect();
        let mut outcome = Outcome::default();
        sort_out(data, &batch, Some(Cause::AlreadyRegistered), &read_accepted, &mut outcome);
        outcome
    }

    #[test]
    fn every_number_of_an_answer_is_sorted_and_none_gets_lost() {
        let data = json!({
            "accepted": [{"origin": 1, "number": "RR1CN", "carrier": 3011}],
            "rejected": [
                {"number": "RR2CN", "error": {"code": -18_019_901, "message": "registered"}},
                {"number": "RR3CN", "error": {"code": -18_019_903, "message": "no carrier"}},
            ]
        });
        let outcome = sorted(&data, &["RR1CN", "RR2CN", "RR3CN", "RR4CN"]);
        let accepted: Vec<_> = outcome.accepted.iter().map(|taken| (taken.number.as_str(), taken.was_so)).collect();
        assert_eq!(accepted, [("RR1CN", false), ("RR2CN", true)]);
        let rejected: Vec<_> =
            outcome.rejected.iter().map(|refused| (refused.number.as_str(), refused.cause)).collect();
        assert_eq!(rejected, [("RR3CN", Cause::CarrierUnknown), ("RR4CN", Cause::Other)]);
    }

    #[test]
    fn hostile_answers_are_errors_and_no_panics() {
        let ok = StatusCode::OK;
        for body in ["", "null", "[]", "{}", "<html>", r#"{"code":"0"}"#, r#"{"code":1e99}"#] {
            assert!(matches!(read_envelope(ok, body.as_bytes()), Err(CallError::Unreadable(_))), "{body}");
        }
        for body in [r#"{"code":-18010002}"#, r#"{"code":0,"data":{"errors":[{"code":-18010002,"message":"x"}]}}"#] {
            let error = read_envelope(ok, body.as_bytes()).expect_err(body);
            assert!(matches!(error, CallError::Refused { cause: Cause::BadKey, .. }), "{error}");
        }
        let error = read_envelope(StatusCode::UNAUTHORIZED, b"<html>").expect_err("refused");
        assert!(matches!(error, CallError::Refused { cause: Cause::BadKey, .. }), "{error}");
        for data in [json!(null), json!({"accepted": {}, "rejected": 7}), json!({"accepted": [null, 1, {"number": 1}]})]
        {
            assert_eq!(sorted(&data, &["RR1CN"]).rejected.len(), 1, "{data}");
        }
    }

    #[test]
    fn only_this_machine_goes_without_a_proxy() {
        assert!(is_here("http://127.0.0.1:8080") && is_here("http://localhost/x") && is_here("http://[::1]:80"));
        assert!(!is_here(ADDRESS) && !is_here("https://localhost.example.com") && !is_here("https://127.0.0.100"));
    }
}
