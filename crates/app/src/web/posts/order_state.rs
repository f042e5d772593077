//! How an order stands by a person's word: said on its page, and taken back.

use axum::response::Response;
use serde::Deserialize;

use dunlin_core::order::story::{CloseReason, OrderState};

use super::{Sent, answer, day, done, strange_field};
use crate::use_cases::note_order_state::{StateSaid, note_seen_state, word_named};
use crate::use_cases::undo_orders::undo_state;
use crate::use_cases::work_orders::order_named;

/// Every field that one of these forms has.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct State {
    next: String,
    word: String,
    on: String,
    why: String,
    seen: String,
    only: String,
}

pub async fn said(Sent { house, headers, name, f }: Sent<State>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = order_named(house, &name).await?;
        let word = word_named(&f.word).ok_or_else(|| strange_field(&f.word))?;
        let seen = OrderState::from_code(&f.seen).ok_or_else(|| strange_field(&f.seen))?;
        let on = if f.on.trim().is_empty() { None } else { Some(day(&f.on)?) };
        let why = match f.why.as_str() {
            "" => None,
            code => Some(CloseReason::from_code(code).ok_or_else(|| strange_field(code))?),
        };
        let changed = note_seen_state(house, &found, StateSaid { word, on, why, seen }).await?;
        if changed.orders == 0 {
            return Ok(done(show, "say-toast-orders-same", &[]));
        }
        let state = show.words.code("order-news", word.code()).into_owned();
        // By the id of the order: its number may hold letters that no way back has.
        let back = format!("/orders/{}/state/undo", found.id);
        Ok(done(show, "say-toast-order-state", &[("state", state)]).back(back, &[("only", changed.change.to_string())]))
    })
    .await
}

pub async fn taken_back(Sent { house, headers, name, f }: Sent<State>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = order_named(house, &name).await?;
        undo_state(house, &found, f.only.parse().map_err(|_| strange_field(&f.only))?).await?;
        Ok(done(show, "say-toast-order-state-undone", &[]))
    })
    .await
}
