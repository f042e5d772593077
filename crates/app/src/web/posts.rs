//! What the forms do. Each ends in a redirect with a toast: done, or why not.

pub mod by_hand;
pub mod cases;
mod corrections;
pub mod data;
pub mod days;
pub mod firm;
mod marks;
pub mod me;
pub mod people;
pub mod plans;
pub mod playbooks;
mod repair;
pub mod rest;
pub mod supply;
pub mod talks;
mod way_back;

use std::sync::Arc;

use anyhow::anyhow;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form};
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::explain::phrase;
use dunlin_core::money::{Money, currency};
use dunlin_core::receivable::share::Asked;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::pages::find::human_number;
use dunlin_store::{LogEntry, StoreError};

pub use corrections::{credit, end_hold, end_hold_of, undo_credit, undo_write_off, withdraw, withdraw_of, write_off};
pub use marks::{block, merge, objection, playbook, separate, set_aside, unblock};
pub use repair::repair;
pub use way_back::{reinstate, reopen, undo_match_of, undo_set_aside, unsnooze};

use super::again::{Again, Refused};
use super::load::show::Show;
use super::reader::{Reader, toast_cookie};
use super::routes::Shared;
use super::view::frame::{Toast, Undo};
use crate::house::{Forbidden, House};
use crate::refused;
use crate::typed_amount::typed_amount;
use crate::use_cases::approve_letter::{
    approve_letter, decline_letter, drop_task, finish_task, pasted_letter, settle_letter, snooze_task, unapprove_letter,
};
use crate::use_cases::bank_charges::OnRest;
use crate::use_cases::match_payments::{confirm_match_with, confirm_together};
use crate::use_cases::standing_facts::{Found, add_dispute, add_hold, add_promise, resolve_dispute};

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
}

/// Receivables that one form may name.
const MOST_TOGETHER: usize = 100;

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

pub async fn approve(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let number = number('L', &name)?;
        let missing = approve_letter(house, number, Some(f.seen.as_str())).await?;
        let letter = house.store.letter_by_number(house.tenant.id, number).await?;
        let facts = super::load::letter::facts_of(house, &letter).await?;
        let leaves = super::load::letter::moment(show, &letter, &facts, letter.not_before);
        let when = format!("{} · {}", leaves.there, leaves.place);
        let key = if missing == 0 { "say-toast-approved" } else { "say-toast-approved-first" };
        let done = done(show, key, &[("number", name.clone()), ("when", when)]);
        Ok(done.back(format!("/letters/L-{number:04}/unapprove"), &[]))
    })
    .await
}

pub async fn unapprove(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        unapprove_letter(house, number('L', &name)?).await?;
        Ok(done(show, "say-toast-unapproved", &[("number", name.clone())]))
    })
    .await
}

pub async fn decline(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let number = number('L', &name)?;
        decline_letter(house, number, &f.reason).await?;
        let done = done(show, "say-toast-declined", &[("number", name.clone())]);
        Ok(done.back(format!("/letters/L-{number:04}/reinstate"), &[]))
    })
    .await
}

pub async fn pasted(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        pasted_letter(house, number('L', &name)?, Some(f.seen.as_str())).await?;
        Ok(done(show, "say-toast-pasted", &[("number", name.clone())]))
    })
    .await
}

pub async fn settle(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let sent = match f.outcome.as_str() {
            "sent" => true,
            "not_sent" => false,
            other => return Err(strange_field(other)),
        };
        settle_letter(house, number('L', &name)?, sent).await?;
        Ok(done(show, "say-toast-settled", &[("number", name.clone())]))
    })
    .await
}

pub async fn finish(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let number = number('T', &name)?;
        finish_task(house, number, &f.note).await?;
        let done = done(show, "say-toast-done", &[("number", name.clone())]);
        Ok(done.back(format!("/tasks/T-{number:04}/reopen"), &[]))
    })
    .await
}

pub async fn not_needed(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let number = number('T', &name)?;
        drop_task(house, number, &f.reason).await?;
        let done = done(show, "say-toast-dropped", &[("number", name.clone())]);
        Ok(done.back(format!("/tasks/T-{number:04}/reopen"), &[]))
    })
    .await
}

pub async fn snooze(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (number, until) = (number('T', &name)?, day(&f.until)?);
        snooze_task(house, number, until).await?;
        let done = done(show, "say-toast-snoozed", &[("number", name.clone()), ("when", show.date(until).text)]);
        Ok(done.back(format!("/tasks/T-{number:04}/unsnooze"), &[]))
    })
    .await
}

pub async fn hold_debtor(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let until = day(&f.until)?;
        let hold = add_hold(house, debtor(house, &name).await?, None, until, &f.reason).await?;
        let done = done(show, "say-toast-held", &[("when", show.date(until).text)]);
        Ok(done.back(format!("/debtors/{name}/hold/end"), &[("only", hold.to_string())]))
    })
    .await
}

pub async fn hold_receivable(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (found, until) = (receivable(house, &name).await?, day(&f.until)?);
        let hold = add_hold(house, found.party_id, Some(found.receivable_id), until, &f.reason).await?;
        let done = done(show, "say-toast-held", &[("when", show.date(until).text)]);
        Ok(done.back(format!("/receivables/{}/hold/end", found.number), &[("only", hold.to_string())]))
    })
    .await
}

fn asked(f: &Fields) -> anyhow::Result<Option<Money>> {
    if f.amount.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(typed_amount(&f.amount, currency(&f.currency)?)?))
}

pub async fn promise_debtor(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (party, day, amount) = (debtor(house, &name).await?, day(&f.date)?, asked(&f)?);
        if !f.receivable.is_empty() {
            // About one receivable; another debtor's is not there.
            let found = receivable(house, &f.receivable).await?;
            if found.party_id != party {
                return Err(StoreError::not_found("receivable", &f.receivable).into());
            }
            let promise = add_promise(house, party, Some(found.receivable_id), day, amount, &f.note).await?;
            let back = format!("/receivables/{}/promise/withdraw", found.number);
            return Ok(done(show, "say-toast-promise", &[]).back(back, &[("only", promise.to_string())]));
        }
        let promise = add_promise(house, party, None, day, amount, &f.note).await?;
        let done = done(show, "say-toast-promise", &[]);
        Ok(done.back(format!("/debtors/{name}/promise/withdraw"), &[("only", promise.to_string())]))
    })
    .await
}

pub async fn promise_receivable(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        let (day, amount) = (day(&f.date)?, asked(&f)?);
        let promise = add_promise(house, found.party_id, Some(found.receivable_id), day, amount, &f.note).await?;
        let done = done(show, "say-toast-promise", &[]);
        Ok(done.back(format!("/receivables/{}/promise/withdraw", found.number), &[("only", promise.to_string())]))
    })
    .await
}

pub async fn dispute(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        // In the words of whoever enters it: it is read as it stands.
        let kind = show.words.known_code("dispute-kind", &f.kind).unwrap_or_else(|| f.kind.clone().into());
        let why = if f.kind.is_empty() { f.note.clone() } else { format!("{kind}: {}", f.note) };
        add_dispute(house, &found, asked(&f)?, &why).await?;
        Ok(done(show, "say-toast-dispute", &[]))
    })
    .await
}

pub async fn resolve(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    let next = if f.next.is_empty() { format!("/receivables/{name}") } else { f.next.clone() };
    answer(house, headers, &next, async |house, show| {
        resolve_dispute(house, &receivable(house, &name).await?, &phrase(show.ui(), "say-dispute-settled", &[]))
            .await?;
        Ok(done(show, "say-toast-settled", &[("number", name.clone())]))
    })
    .await
}

pub async fn match_payment(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let payment = number('P', &name)?;
        if !f.together.is_empty() {
            return placed_together(house, show, payment, &f.together).await;
        }
        let found = receivable(house, &f.receivable).await?;
        let known = house.store.payment_numbered(house.tenant.id, payment).await?;
        let typed = |text: &str, currency| match text.trim() {
            "" => Ok(None),
            text => typed_amount(text, currency).map(Some),
        };
        let asked =
            Asked { uses: typed(&f.uses, known.amount.currency)?, settles: typed(&f.settles, found.amount.currency)? };
        let on_rest = match f.rest.as_str() {
            "charges" => OnRest::WriteOff,
            "press" => OnRest::KeepAsking,
            _ => OnRest::Ask,
        };
        let placed = confirm_match_with(house, payment, &found, asked, on_rest).await?;
        let share = placed.share;
        let done = if let Some((rest, became)) = placed.charges {
            let key = match became {
                OnRest::WriteOff => "say-toast-matched-charges",
                OnRest::Ask => "say-toast-matched-asked",
                OnRest::KeepAsking => "say-toast-matched-pressed",
            };
            done(show, key, &[("number", name.clone()), ("rest", show.money(rest))])
        } else if share.crosses_currencies() {
            // Both amounts and the rate, so that a slip of the hand is seen at once.
            let values = [
                ("number", name.clone()),
                ("uses", show.at_rate(share.uses, share.rate()?)),
                ("settles", show.money(share.settles)),
            ];
            done(show, "say-toast-matched-at", &values)
        } else {
            done(show, "say-toast-matched", &[("number", name.clone())])
        };
        // Taking back is for the whole payment: what somebody placed before must not go with it.
        Ok(if placed.is_first { done.back(format!("/payments/P-{payment:04}/match/undo"), &[]) } else { done })
    })
    .await
}

/// One payment over several receivables, each of them paid in full.
async fn placed_together(house: &House, show: &Show, payment: i64, names: &str) -> anyhow::Result<Done> {
    let mut all = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()).take(MOST_TOGETHER) {
        all.push(receivable(house, name).await?);
    }
    let shares = confirm_together(house, payment, &all).await?;
    let number = format!("P-{payment:04}");
    let back = format!("/payments/{number}/match/undo");
    let done = done(show, "say-toast-matched-together", &[("number", number), ("n", shares.len().to_string())]);
    // Only when nothing of it had a place before: taking back is for the whole payment.
    let known = house.store.payment_numbered(house.tenant.id, payment).await?;
    let placed: i64 = shares.iter().map(|placed| placed.share.uses.minor).sum();
    Ok(if placed == known.amount.minor { done.back(back, &[]) } else { done })
}
