//! A stand-in for the AliExpress Open Platform: the same paths, signatures, refusals, throttle and state machine of
//! orders, in memory, on a clock of its own that can be moved.
//!
//! `/oauth`, `/rest` and `/sync` are the service's; `/control` is not: there a test makes orders, moves time, ends
//! tokens, sets limits and reads what arrived. It asks nobody who they are, so it is served on this machine only. What
//! had to be guessed about the service stands in [`guesses`].

mod chance;
mod chats;
mod control;
mod fault;
mod gate;
mod guesses;
mod order;
mod order_queries;
mod planned;
mod seed;
mod shipping;
mod shop;
mod signature;
mod throttle;
mod tokens;
mod wall;
mod world;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Form, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use tokio::net::TcpListener;

use fault::Fault;
use seed::{Wish, plan_orders};
use world::World;

/// Parameters of a call by name.
type Parameters = BTreeMap<String, String>;
type Shared = Arc<Mutex<World>>;

/// What a stand-in begins with; most of it can be changed while it runs.
#[derive(Debug, Clone)]
pub struct Options {
    pub app_key: String,
    pub app_secret: String,
    /// Calls that the app may make in a second, on average; as many may come at once.
    pub calls_per_second: f64,
    /// How long the app is shut out once it called too often.
    pub ban_seconds: u64,
    pub access_token_seconds: i64,
    pub refresh_token_seconds: i64,
    /// How far the time of a call may be off.
    pub clock_tolerance_seconds: i64,
    /// What the clock shows at the start; the machine's time when nothing is said.
    pub starts_at: Option<Timestamp>,
    /// The clock goes only when it is told to; otherwise it also goes on by itself.
    pub stands_still: bool,
    /// Whether the app may use messages.
    pub messages_permitted: bool,
    /// Which of two instants is meant by a wall-clock time that comes twice.
    pub repeated_hour_is_the_later: bool,
    /// Makes the tokens, and the orders to begin with.
    pub seed: u64,
    /// Orders of the last month that the shop begins with, a fifth of them placed within a day and unpaid.
    pub orders: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            app_key: "123456".into(),
            app_secret: "helloworld".into(),
            calls_per_second: 20.0,
            ban_seconds: 1,
            access_token_seconds: 24 * 3600,
            refresh_token_seconds: 48 * 3600,
            clock_tolerance_seconds: 600,
            starts_at: None,
            stands_still: false,
            messages_permitted: true,
            repeated_hour_is_the_later: false,
            seed: 1,
            orders: 0,
        }
    }
}

/// Serves until the task is dropped. Refuses to be reached from elsewhere: whoever reaches it may tell it what to do.
pub async fn serve(listener: TcpListener, options: Options) -> io::Result<()> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::other(format!("{address} can be reached from elsewhere: use 127.0.0.1")));
    }
    axum::serve(listener, router(options)?).await
}

/// The stand-in as a part of something larger.
pub fn router(options: Options) -> io::Result<Router> {
    let (orders, seed) = (options.orders, options.seed);
    let mut world = World::new(options).map_err(io::Error::other)?;
    begin_with(&mut world, orders, seed);
    let shared: Shared = Arc::new(Mutex::new(world));
    let router = Router::new()
        .route("/oauth/authorize", get(authorize))
        .route("/rest/auth/token/create", post(create_token))
        .route("/rest/auth/token/refresh", post(refresh_token))
        .route("/rest/{*path}", post(no_such_path))
        .route("/sync", post(business))
        .nest("/control", control::routes());
    Ok(router.with_state(shared))
}

/// Fills the shop: lives of their own over a month, and a few orders that nobody has paid yet.
fn begin_with(world: &mut World, orders: usize, seed: u64) {
    const A_DAY: i64 = 86_400_000;
    let now = world.now();
    let fresh = orders.div_ceil(5);
    let lived = Wish { count: orders - fresh, seed, from: now - 30 * A_DAY, until: now - A_DAY, standing: None };
    let unpaid = Wish {
        count: fresh,
        seed: seed.wrapping_add(1),
        from: now - A_DAY,
        until: now - A_DAY / 24,
        standing: Some("PLACE_ORDER_SUCCESS".into()),
    };
    for wish in [lived, unpaid].into_iter().filter(|wish| wish.count > 0) {
        plan_orders(&mut world.shop, &wish);
    }
    world.shop.settle(now);
}

/// What a panicking request left is as good as any other state of a stand-in.
fn lock(shared: &Shared) -> MutexGuard<'_, World> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The page where a seller agrees. Here they always do, at once.
async fn authorize(State(shared): State<Shared>, Query(query): Query<Parameters>) -> Response {
    let told = |name: &str| query.get(name).cloned().unwrap_or_default();
    let known = told("client_id") == lock(&shared).options.app_key && told("response_type") == "code";
    if !known {
        return (StatusCode::BAD_REQUEST, "unknown client_id or response_type").into_response();
    }
    let code = lock(&shared).new_code();
    let redirect_uri = told("redirect_uri");
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    let back = format!("{redirect_uri}{joint}code={code}&state={}", percent_encoded(&told("state")));
    match HeaderValue::from_str(&back) {
        Ok(place) => (StatusCode::FOUND, [(header::LOCATION, place)]).into_response(),
        Err(_) => (StatusCode::BAD_REQUEST, "redirect_uri is no address").into_response(),
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        })
        .collect()
}

async fn create_token(State(shared): State<Shared>, Form(form): Form<Parameters>) -> Response {
    system_answer(lock(&shared).create_token(&form))
}

async fn refresh_token(State(shared): State<Shared>, Form(form): Form<Parameters>) -> Response {
    system_answer(lock(&shared).refresh_token(&form))
}

async fn no_such_path() -> Response {
    system_answer(Err(Fault::new("InvalidApiPath", "The specified API path is invalid")))
}

async fn business(State(shared): State<Shared>, Form(form): Form<Parameters>) -> Response {
    let answer = lock(&shared).business(&form);
    match answer {
        Ok(answer) => Json(answer).into_response(),
        Err(fault) => (fault.status(), Json(fault.business())).into_response(),
    }
}

fn system_answer(answer: Result<serde_json::Value, Fault>) -> Response {
    match answer {
        Ok(answer) => Json(answer).into_response(),
        Err(fault) => (fault.status(), Json(fault.system())).into_response(),
    }
}
