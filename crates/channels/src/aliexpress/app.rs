//! What all clients of one app share within a program: its turns, because the rate is the app's and not the client's, and the
//! time of its last call, because two equal calls of one millisecond would look like one repeated.
//!
//! It lasts as long as somebody holds a client of the app.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jiff::Timestamp;

use super::pace::Pace;

/// Apps of which there is a client, by where and as what they call and at which rate.
static APPS: Mutex<BTreeMap<String, Weak<App>>> = Mutex::new(BTreeMap::new());

#[derive(Debug)]
pub(super) struct App {
    pub pace: Pace,
    last_millisecond: AtomicI64,
}

impl App {
    /// The app at this address, at this rate.
    pub(super) fn at(address: &str, app_key: &str, calls_per_second: f64) -> Arc<Self> {
        let name = format!("{address} {app_key} {calls_per_second}");
        // What a panicking task left is sound: every change of the map is complete in itself.
        let mut apps = APPS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(app) = apps.get(&name).and_then(Weak::upgrade) {
            return app;
        }
        apps.retain(|_, app| app.strong_count() > 0);
        let app = Arc::new(Self { pace: Pace::new(calls_per_second), last_millisecond: AtomicI64::new(0) });
        apps.insert(name, Arc::downgrade(&app));
        app
    }

    /// The time of a call, never the same twice.
    pub(super) fn next_millisecond(&self, now: Timestamp) -> i64 {
        let now = now.as_millisecond();
        let mut last = self.last_millisecond.load(Ordering::Relaxed);
        loop {
            // A clock that was put back is followed, or calls would carry times of the future for as long.
            let next = if last - now > 60_000 { now } else { now.max(last + 1) };
            match self.last_millisecond.compare_exchange_weak(last, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return next,
                Err(seen) => last = seen,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_of_one_app_never_call_at_the_same_time() {
        let (one, other) = (App::at("http://127.0.0.1:1", "7", 10.0), App::at("http://127.0.0.1:1", "7", 10.0));
        let now = Timestamp::UNIX_EPOCH;
        assert!(one.next_millisecond(now) < other.next_millisecond(now));
        let elsewhere = App::at("http://127.0.0.1:2", "7", 10.0);
        assert!(!Arc::ptr_eq(&one, &elsewhere) && Arc::ptr_eq(&one, &other));
    }
}
