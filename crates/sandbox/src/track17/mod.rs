//! 17TRACK (API version 2.2) on this machine: the same paths, header, limits and errors, parcels whose journeys are scripted,
//! a clock that goes only when it is told to, and signed webhooks that come late, twice and in any order on demand.
//!
//! It shares no code with the client that it is there to test. `calls` answers as the service does, `control` is ours:
//!
//! | call | does |
//! |---|---|
//! | `GET /control/state` | the clock, the parcels, what is left of the quota |
//! | `POST /control/parcels` | `{number, path, starts_at?, carrier?}`: the journey that this number will have |
//! | `POST /control/journeys` | `[{number, lines: [{at, sub_status}], carrier?}]`: journeys told line by line |
//! | `POST /control/clock` | `{advance_hours}` or `{to}`: time passes, and news arise |
//! | `GET /control/notices` | the news that wait to be sent, with their signatures |
//! | `POST /control/webhook` | `{url, delay_ms?, repeat_percent?, shuffle?}`: where news go, and how badly |
//! | `POST /control/push` | sends them; what is not taken with 200 waits on |
//! | `POST /control/faults` | `{kind, calls?}`: what the next calls meet |
//! | `POST /control/quota` | `{left}` |

mod calls;
mod control;
mod dice;
mod journeys;
mod push;
mod state;
mod throttle;
mod words;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};
use jiff::Timestamp;
use tokio::net::TcpListener;

pub use journeys::Journey;

/// How the sandbox begins.
#[derive(Debug, Clone)]
pub struct Options {
    /// The key of the one account.
    pub key: String,
    /// Its own clock, which does not go by itself.
    pub now: Timestamp,
    /// All that is made up follows from it.
    pub seed: u64,
    /// Numbers that may be registered.
    pub quota: i64,
    pub calls_per_second: u32,
    /// Numbers that nobody scripted get a journey of their own; otherwise they are never found.
    pub invent: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            key: "SANDBOXKEY".to_string(),
            // 1 March 2026.
            now: Timestamp::constant(1_772_323_200, 0),
            seed: 17,
            quota: 1_000,
            calls_per_second: 3,
            invent: true,
        }
    }
}

/// The service and all that it keeps.
pub(crate) struct Sandbox {
    key: String,
    state: Mutex<state::State>,
    http: reqwest::Client,
}

impl Sandbox {
    /// Nothing is half done when a call panics, so what it held can be held on.
    fn state(&self) -> MutexGuard<'_, state::State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The service as a router, for whoever serves several.
pub fn router(options: Options) -> Router {
    let key = options.key.clone();
    // Webhooks of a sandbox go to this machine, never through a proxy. Nothing of this can fail to be built; the
    // default is the same client with a proxy.
    let http = reqwest::Client::builder().no_proxy().timeout(push::ANSWER_WITHIN).build().unwrap_or_default();
    let sandbox = Arc::new(Sandbox { key, state: Mutex::new(state::State::new(options)), http });
    Router::new()
        .route("/track/v2.2/{call}", post(calls::answer))
        .route("/control/state", get(control::state))
        .route("/control/parcels", post(control::script))
        .route("/control/journeys", post(control::script_lines))
        .route("/control/clock", post(control::pass_time))
        .route("/control/notices", get(control::notices))
        .route("/control/webhook", post(control::set_webhook))
        .route("/control/push", post(control::push))
        .route("/control/faults", post(control::add_fault))
        .route("/control/quota", post(control::set_quota))
        .with_state(sandbox)
}

/// Serves until the listener breaks.
pub async fn serve(listener: TcpListener, options: Options) -> std::io::Result<()> {
    axum::serve(listener, router(options)).await
}
