//! The control interface: what a test, or somebody who tries things out, tells the sandbox to do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Sandbox;
use super::journeys::{Journey, WishedLine, later};
use super::push::{push_all, signature};
use super::state::{Fault, Webhook};

type Kept = Shared<Arc<Sandbox>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewScript {
    number: String,
    path: Journey,
    /// When the first line is written; the sandbox's present when left out.
    starts_at: Option<Timestamp>,
    carrier: Option<u32>,
}

/// A journey told line by line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLines {
    number: String,
    lines: Vec<WishedLine>,
    carrier: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTime {
    advance_hours: Option<i64>,
    to: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    kind: Fault,
    calls: Option<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewQuota {
    left: i64,
}

pub async fn state(Shared(sandbox): Kept) -> Json<Value> {
    let state = sandbox.state();
    let parcels: Vec<Value> = state
        .parcels
        .values()
        .map(|parcel| {
            json!({
                "number": parcel.number,
                "carrier": parcel.carrier,
                "path": parcel.script.journey,
                "sub_status": parcel.sub_status(state.now),
                "is_tracked": parcel.is_tracked,
            })
        })
        .collect();
    Json(json!({
        "now": state.now,
        "quota_left": state.remaining(),
        "waiting": state.waiting.len(),
        "parcels": parcels,
    }))
}

pub async fn script(Shared(sandbox): Kept, Json(new): Json<NewScript>) -> Json<Value> {
    let mut state = sandbox.state();
    state.script(&new.number, new.path, new.starts_at, new.carrier);
    let lines = state.script_of(&new.number).events.len();
    Json(json!({"number": new.number, "path": new.path, "lines": lines}))
}

/// Many journeys, each told line by line. A word that there is none of refuses the call; what came before it stays.
pub async fn script_lines(Shared(sandbox): Kept, Json(news): Json<Vec<NewLines>>) -> Result<Json<Value>, StatusCode> {
    let mut state = sandbox.state();
    for new in &news {
        let told = state.script_lines(&new.number, &new.lines, new.carrier);
        told.map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    }
    Ok(Json(json!({"numbers": news.len()})))
}

pub async fn pass_time(Shared(sandbox): Kept, Json(new): Json<NewTime>) -> Result<Json<Value>, StatusCode> {
    let mut state = sandbox.state();
    let to = match (new.to, new.advance_hours) {
        (Some(to), None) => to,
        (None, Some(hours)) => later(state.now, hours.saturating_mul(3_600)),
        _ => return Err(StatusCode::UNPROCESSABLE_ENTITY),
    };
    let news = state.pass_until(to);
    Ok(Json(json!({"now": state.now, "news": news})))
}

pub async fn notices(Shared(sandbox): Kept) -> Json<Value> {
    let state = sandbox.state();
    let waiting: Vec<Value> = state
        .waiting
        .iter()
        .map(|waiting| json!({"body": waiting.body, "sign": signature(&waiting.body, &sandbox.key)}))
        .collect();
    Json(json!({ "notices": waiting }))
}

pub async fn set_webhook(Shared(sandbox): Kept, Json(webhook): Json<Webhook>) -> StatusCode {
    sandbox.state().webhook = Some(webhook);
    StatusCode::NO_CONTENT
}

pub async fn push(Shared(sandbox): Kept) -> Json<Value> {
    let pushed = push_all(&sandbox).await;
    Json(json!({ "pushed": pushed }))
}

pub async fn add_fault(Shared(sandbox): Kept, Json(new): Json<NewFault>) -> StatusCode {
    let calls = usize::from(new.calls.unwrap_or(1));
    sandbox.state().faults.extend(std::iter::repeat_n(new.kind, calls));
    StatusCode::NO_CONTENT
}

pub async fn set_quota(Shared(sandbox): Kept, Json(new): Json<NewQuota>) -> StatusCode {
    let mut state = sandbox.state();
    state.quota = state.quota_used.saturating_add(new.left);
    StatusCode::NO_CONTENT
}
