//! Who is let in: known app, right signature, a time that is now, a call that did not come before, not too many.

use std::collections::{HashSet, VecDeque};
use std::time::Instant;

use super::Parameters;
use super::fault::Fault;
use super::guesses::{APP_CODE, MOST_SIGNATURES, TIMESTAMP_CODE};
use super::signature::expected;
use super::world::World;

/// Signatures of the calls whose time is still acceptable: the same again is a repetition.
#[derive(Debug, Default)]
pub(super) struct Gate {
    seen: HashSet<String>,
    /// In the order of their coming, with the instant from which they are refused for their time alone.
    fading: VecDeque<(i64, String)>,
}

impl Gate {
    /// False when the signature came before.
    fn first_time(&mut self, signature: &str, now: i64, forgettable_at: i64) -> bool {
        while let Some((at, oldest)) = self.fading.front() {
            if *at > now && self.fading.len() < MOST_SIGNATURES {
                break;
            }
            self.seen.remove(oldest);
            self.fading.pop_front();
        }
        if !self.seen.insert(signature.to_string()) {
            return false;
        }
        self.fading.push_back((forgettable_at, signature.to_string()));
        true
    }
}

impl World {
    /// Refuses in the order in which the service is believed to look. `api` is what is signed.
    pub(super) fn admit(&mut self, api: &str, form: &Parameters) -> Result<(), Fault> {
        let told = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        if told("app_key") != self.options.app_key {
            return Err(Fault::new(APP_CODE, "The specified App Key is invalid"));
        }
        let signature = told("sign").to_string();
        let right = told("sign_method") == "sha256" && signature == expected(api, form, &self.options.app_secret);
        if !right {
            let message = "The request signature does not conform to platform standards";
            return Err(Fault::new("IncompleteSignature", message));
        }
        let now = self.now();
        let tolerance = self.options.clock_tolerance_seconds.saturating_mul(1_000);
        let timestamp: Option<i64> = told("timestamp").parse().ok();
        let Some(timestamp) = timestamp.filter(|at| at.abs_diff(now) <= tolerance.unsigned_abs()) else {
            return Err(Fault::new(TIMESTAMP_CODE, "The specified timestamp is out of range"));
        };
        if !self.gate.first_time(&signature, now, timestamp.saturating_add(tolerance)) {
            return Err(Fault::new(TIMESTAMP_CODE, "The request was received before"));
        }
        if let Err(seconds) = self.throttle.admit(Instant::now()) {
            self.counts.throttled += 1;
            let message =
                format!("The request frequency of the app exceeds the limit. This ban will last {seconds} seconds");
            return Err(Fault::new("AppCallLimit", message));
        }
        self.counts.admitted += 1;
        Ok(())
    }
}
