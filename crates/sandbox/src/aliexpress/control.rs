//! What a test may do to the stand-in, and what it may read. The real service has nothing of this.

use std::borrow::Cow;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::chats::Message;
use super::fault::Fault;
use super::order::Order;
use super::planned::{PlannedOrder, plan_told};
use super::seed::{Wish, plan_orders};
use super::throttle::Throttle;
use super::world::PutIn;
use super::{Shared, lock};

const A_DAY: i64 = 86_400_000;
/// Faults of different kinds that may wait at once.
const MOST_PUT_IN: usize = 100;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/orders", get(list_orders).post(make_orders))
        .route("/orders/planned", post(plan_orders_told))
        .route("/orders/{id}", get(show_order))
        .route("/orders/{id}/move", post(move_order))
        .route("/clock", get(show_clock).post(advance_clock))
        .route("/tokens/expire", post(expire_tokens))
        .route("/throttle", post(set_throttle))
        .route("/permissions", post(set_permissions))
        .route("/errors", post(put_in_errors))
        .route("/messages", post(write_message))
        .route("/received", get(show_received))
}

fn refused(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response()
}

fn summary(order: &Order) -> Value {
    json!({
        "id": order.id, "status": order.status, "fund": order.fund, "logistics": order.logistics,
        "created": order.created, "modified": order.modified, "buyer": order.buyer_login_id(),
        "tracking_numbers": order.parcels.iter().map(|(_, number)| number).collect::<Vec<_>>(), "receipt_by": order.receipt_by, "history": order.history,
    })
}

/// Orders to make: `count` of them, placed evenly by chance over `over_days` days that begin `days_ago` days back (they
/// may reach into the future; those come to be when the clock gets there).
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MakeOrders {
    count: usize,
    seed: u64,
    days_ago: f64,
    over_days: f64,
    /// Put all of them into this status and leave them there; else each lives a life of its own.
    status: Option<String>,
}

impl Default for MakeOrders {
    fn default() -> Self {
        Self { count: 1, seed: 1, days_ago: 0.0, over_days: 0.0, status: None }
    }
}

async fn make_orders(State(shared): State<Shared>, Json(asked): Json<MakeOrders>) -> Response {
    if !(0.0..=3_660.0).contains(&asked.days_ago) || !(0.0..=3_660.0).contains(&asked.over_days) {
        return refused("days_ago and over_days lie between 0 and 3660");
    }
    let mut world = lock(&shared);
    let now = world.now();
    let milliseconds = |days: f64| (days * A_DAY as f64) as i64;
    let from = now - milliseconds(asked.days_ago);
    let wish = Wish {
        count: asked.count,
        seed: asked.seed,
        from,
        until: from + milliseconds(asked.over_days),
        standing: asked.status.map(Cow::Owned),
    };
    let numbers = plan_orders(&mut world.shop, &wish);
    world.shop.settle(now);
    Json(json!({"made": numbers.len(), "ids": numbers})).into_response()
}

/// Orders whose whole life the test tells.
async fn plan_orders_told(State(shared): State<Shared>, Json(asked): Json<Vec<PlannedOrder>>) -> Response {
    let mut world = lock(&shared);
    let now = world.now();
    match plan_told(&mut world.shop, &asked, now) {
        Ok(numbers) => {
            world.shop.settle(now);
            Json(json!({"made": numbers.len(), "ids": numbers})).into_response()
        }
        Err(why) => refused(&why),
    }
}

/// All orders there are by now, with what the test needs to compare.
async fn list_orders(State(shared): State<Shared>) -> Json<Value> {
    let mut world = lock(&shared);
    let now = world.now();
    world.shop.settle(now);
    let orders: Vec<Value> = world.shop.all().map(summary).collect();
    Json(json!({"count": orders.len(), "orders": orders}))
}

async fn show_order(State(shared): State<Shared>, Path(id): Path<u64>) -> Response {
    let mut world = lock(&shared);
    let now = world.now();
    world.shop.settle(now);
    match world.shop.order(id) {
        Some(order) => Json(summary(order)).into_response(),
        None => refused("there is no such order"),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveOrder {
    to: String,
    /// Whether or not the status is documented and the way exists.
    #[serde(default)]
    by_force: bool,
}

async fn move_order(State(shared): State<Shared>, Path(id): Path<u64>, Json(asked): Json<MoveOrder>) -> Response {
    let mut world = lock(&shared);
    let now = world.now();
    world.shop.settle(now);
    let Some(order) = world.shop.order_mut(id) else { return refused("there is no such order") };
    if !asked.by_force && !order.may_move_to(&asked.to) {
        return refused("there is no way from this status to that one");
    }
    order.move_to(Cow::Owned(asked.to), now);
    Json(summary(order)).into_response()
}

async fn show_clock(State(shared): State<Shared>) -> Json<Value> {
    Json(json!({"now_milliseconds": lock(&shared).now()}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvanceClock {
    seconds: i64,
}

async fn advance_clock(State(shared): State<Shared>, Json(asked): Json<AdvanceClock>) -> Json<Value> {
    let mut world = lock(&shared);
    world.advance(asked.seconds);
    Json(json!({"now_milliseconds": world.now()}))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ExpireTokens {
    refresh_as_well: bool,
}

async fn expire_tokens(State(shared): State<Shared>, Json(asked): Json<ExpireTokens>) -> Json<Value> {
    lock(&shared).tokens.expire(asked.refresh_as_well);
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetThrottle {
    calls_per_second: f64,
    ban_seconds: u64,
}

async fn set_throttle(State(shared): State<Shared>, Json(asked): Json<SetThrottle>) -> Json<Value> {
    let throttle = Throttle::new(asked.calls_per_second, asked.ban_seconds, std::time::Instant::now());
    lock(&shared).throttle = throttle;
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetPermissions {
    messages: bool,
}

async fn set_permissions(State(shared): State<Shared>, Json(asked): Json<SetPermissions>) -> Json<Value> {
    lock(&shared).options.messages_permitted = asked.messages;
    Json(json!({}))
}

/// Faults for the next calls that would otherwise be answered.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PutInErrors {
    times: u32,
    code: String,
    sub_code: String,
    message: String,
    http_status: u16,
    /// The end of the name of the calls that are meant; empty: whatever comes next.
    only: String,
    /// The work is done and only the answer is this one.
    after_the_work: bool,
}

impl Default for PutInErrors {
    fn default() -> Self {
        Self {
            times: 1,
            code: "15".into(),
            sub_code: String::new(),
            message: "Remote service error".into(),
            http_status: 200,
            only: String::new(),
            after_the_work: false,
        }
    }
}

async fn put_in_errors(State(shared): State<Shared>, Json(asked): Json<PutInErrors>) -> Response {
    let mut world = lock(&shared);
    if asked.times == 0 || world.put_in.len() >= MOST_PUT_IN {
        return refused("times is at least 1, and at most a hundred faults wait");
    }
    let fault =
        Fault { sub_code: asked.sub_code, http_status: asked.http_status, ..Fault::new(&asked.code, asked.message) };
    let put_in = PutIn { only: asked.only, times: asked.times, fault, after_the_work: asked.after_the_work };
    world.put_in.push_back(put_in);
    Json(json!({})).into_response()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WriteMessage {
    order_id: u64,
    text: String,
}

/// The buyer of the order writes.
async fn write_message(State(shared): State<Shared>, Json(asked): Json<WriteMessage>) -> Response {
    let mut world = lock(&shared);
    let now = world.now();
    let Some(buyer_login_id) = world.shop.order(asked.order_id).map(Order::buyer_login_id) else {
        return refused("there is no such order");
    };
    let message = Message {
        id: 0,
        buyer_login_id,
        about: "order".into(),
        extern_id: asked.order_id,
        from_seller: false,
        content: asked.text,
        at: now,
    };
    if world.chats.add(message) { Json(json!({})).into_response() } else { refused("no more messages are kept") }
}

/// What arrived from the seller's side, and how many calls came to what end.
async fn show_received(State(shared): State<Shared>) -> Json<Value> {
    let world = lock(&shared);
    let messages: Vec<&Message> = world.chats.messages.iter().filter(|message| message.from_seller).collect();
    Json(json!({
        "messages": messages, "shipments": world.shipping.shipments, "extensions": world.shipping.extensions,
        "calls": world.counts,
    }))
}
