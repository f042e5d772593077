//! What the forms do. Each ends in a redirect with a toast: done, or why not.

pub mod accounts;
pub mod ask;
pub mod by_hand;
pub mod cases;
mod corrections;
pub mod data;
pub mod days;
pub mod firm;
mod letters;
pub mod marketplace;
mod marks;
pub mod me;
pub mod order_asks;
pub mod order_state;
mod payments;
pub mod people;
pub mod plans;
pub mod playbooks;
pub mod products;
mod repair;
pub mod rest;
pub mod running;
mod standing;
pub mod supply;
pub mod suppressions;
pub mod talks;
mod tasks;
mod way_back;

use std::sync::Arc;

use anyhow::anyhow;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use dunlin_core::explain::phrase;
use dunlin_core::money::{Money, currency};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::pages::find::human_number;
use dunlin_store::{LogEntry, StoreError};

pub use corrections::{credit, end_hold, end_hold_of, undo_credit, undo_write_off, withdraw, withdraw_of, write_off};
pub use letters::{approve, decline, pasted, settle, unapprove};
pub use marks::{block, grade, merge, objection, playbook, separate, set_aside, unblock};
pub use payments::match_payment;
pub use repair::repair;
pub use standing::{dispute, hold_debtor, hold_receivable, promise_debtor, promise_receivable, resolve};
pub use tasks::{finish, not_needed, snooze};
pub use way_back::{reinstate, reopen, undo_match_of, undo_set_aside, unsnooze};

use super::again::{Again, Refused};
use super::load::show::Show;
use super::reader::{Reader, toast_cookie};
use super::routes::Shared;
use super::view::frame::{Toast, Undo};
use crate::house::{Forbidden, House};
use crate::refused;
use crate::typed_amount::typed_amount;
use crate::use_cases::standing_facts::Found;

/// Every field that some form has; each use checks what it needs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    next: String,
    reason: String,
    note: String,
    until: String,
    date: String,
    amount: String,
    currency: String,
    kind: String,
    name: String,
    outcome: String,
    receivable: String,
    seen: String,
    uses: String,
    settles: String,
    /// What becomes of a small rest: `charges`, `press`; otherwise somebody is asked.
    rest: String,
    /// Receivables that a payment is for together: `R-1042,R-1043`.
    together: String,
    /// Id of the one hold or promise that a way back is about.
    only: String,
    /// The logged talk that a promise is taken over from, and which of those picked out there it is.
    talk: String,
    item: String,
}

/// A form that was sent about the thing that its path names, or the things: a contact below its debtor.
pub struct Sent<F = Fields, N = String> {
    house: Arc<House>,
    headers: HeaderMap,
    name: N,
    f: F,
}

impl<S, F, N> FromRequest<S> for Sent<F, N>
where
    S: Send + Sync,
    F: DeserializeOwned + Send,
    N: DeserializeOwned + Send,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let house = Shared::from_request_parts(&mut parts, state).await;
        let Extension(house) = house.map_err(IntoResponse::into_response)?;
        let name = Path::<N>::from_request_parts(&mut parts, state).await;
        let Path(name) = name.map_err(IntoResponse::into_response)?;
        let headers = parts.headers.clone();
        let form = Form::<F>::from_request(Request::from_parts(parts, body), state).await;
        let Form(f) = form.map_err(IntoResponse::into_response)?;
        Ok(Self { house, headers, name, f })
    }
}

/// Only paths of our own are redirected to.
pub fn own_path(next: &str) -> String {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains(|c: char| c == '\\' || c.is_control());
    if own { next.to_string() } else { "/today".to_string() }
}

struct Done {
    text: String,
    undo: Option<Undo>,
    /// What the page that comes next shows for a few minutes.
    again: Option<Again>,
}

impl Done {
    const fn told(text: String) -> Self {
        Self { text, undo: None, again: None }
    }

    /// With something that is shown on the next page and nowhere else.
    fn showing(mut self, again: Again) -> Self {
        self.again = Some(again);
        self
    }

    /// With a way back: a path and fields that [`super::undo`] knows.
    fn back(mut self, action: String, fields: &[(&str, String)]) -> Self {
        let fields = fields.iter().map(|(name, value)| ((*name).to_string(), value.clone())).collect();
        self.undo = Some(Undo { action, fields });
        self
    }
}

fn done(show: &Show, key: &str, values: &[(&str, String)]) -> Done {
    Done::told(phrase(show.ui(), key, values))
}

/// A sentence of the pages' catalogue, without values.
fn said(show: &Show, key: &str) -> Done {
    Done::told(show.words.t(key).into_owned())
}

/// Runs what was asked and turns the outcome into a redirect with a toast.
async fn answer<F>(house: Arc<House>, headers: HeaderMap, next: &str, work: F) -> Response
where
    F: AsyncFnOnce(&House, &Show) -> anyhow::Result<Done>,
{
    answer_from(house, headers, (next, next), work).await
}

/// The same for a form that leads on: refused, it comes back to where it stood. What was typed is there again.
async fn answer_from<F>(house: Arc<House>, headers: HeaderMap, (next, back): (&str, &str), work: F) -> Response
where
    F: AsyncFnOnce(&House, &Show) -> anyhow::Result<Done>,
{
    let reader = Reader::new(&house, &headers, "", "");
    let show = Show::new(&house, reader.language);
    let mut next = own_path(next);
    let (toast, again) = match work(&house, &show).await {
        Ok(done) => (Toast { text: done.text, undo: done.undo, next: next.clone(), is_problem: false }, done.again),
        Err(error) => {
            next = own_path(back);
            tracing::info!("a form was refused: {error:#}");
            if let Some(forbidden) = error.downcast_ref::<Forbidden>() {
                log_refusal(&house, &next, *forbidden).await;
            }
            let text = told(&show, &error);
            let again = Again::Refused(Refused::new(&error, text.clone()));
            (Toast { text, undo: None, next: next.clone(), is_problem: true }, Some(again))
        }
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(place) = HeaderValue::from_str(&next) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    if let Some(again) = again {
        response.extensions_mut().insert(again);
    }
    if !toast.text.is_empty()
        && let Ok(cookie) = HeaderValue::from_str(&toast_cookie(&toast))
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Why not, in the reader's language wherever the refusal is one of the usual ones.
pub fn told(show: &Show, error: &anyhow::Error) -> String {
    if let Some(forbidden) = error.downcast_ref::<Forbidden>() {
        return show.words.code("may-not", forbidden.right.code()).into_owned();
    }
    refused::sentence(error, show.ui())
}

/// What a use case forbids is written down like what the guard forbids.
async fn log_refusal(house: &House, place: &str, forbidden: Forbidden) {
    let written = async {
        let mut commit = house.begin().await?;
        let entry = LogEntry::new("access.refused", "path", place);
        commit.log(entry.fact("right", forbidden.right.code()));
        commit.finish().await
    };
    if let Err(error) = written.await {
        tracing::error!("a refusal could not be logged: {error:#}");
    }
}

fn number(prefix: char, name: &str) -> anyhow::Result<i64> {
    human_number(prefix, name).ok_or_else(|| Refusal::new(RefusalCode::NotOurNumber).with("name", name).into())
}

fn day(text: &str) -> anyhow::Result<Date> {
    if text.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::DayMissing).into());
    }
    text.trim().parse().map_err(|_| Refusal::new(RefusalCode::NotADay).with("text", text).into())
}

/// Only a form that was tampered with has such a field.
fn strange_field(value: &str) -> anyhow::Error {
    anyhow!("[{value}]")
}

async fn receivable(house: &House, name: &str) -> anyhow::Result<Found> {
    Ok(house.store.find_receivable(house.tenant.id, name).await?.into())
}

async fn debtor(house: &House, name: &str) -> anyhow::Result<dunlin_core::ids::PartyId> {
    let found = house.store.find_party(house.tenant.id, name).await?;
    Ok(found.ok_or_else(|| StoreError::not_found("debtor", name))?.0)
}

fn asked(f: &Fields) -> anyhow::Result<Option<Money>> {
    if f.amount.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(typed_amount(&f.amount, currency(&f.currency)?)?))
}
