//! Forms about what is open with the buyer of an order: asked, answered, looked at, ended, opened again.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use serde::Deserialize;

use dunlin_core::explain::coded;
use dunlin_core::ids::AskId;
use dunlin_core::money::{Money, currency};
use dunlin_core::order::asks::{AskEnd, AskKind};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::NewAsk;
use dunlin_store::pages::order_told::FoundOrder;

use super::{Done, Sent, Shared, answer, done, strange_field};
use crate::house::House;
use crate::typed_amount::typed_amount;
use crate::use_cases::confirm_order::{apply_seen_answer, ask_for, drop_answer, end_ask, put_in_answer};
use crate::use_cases::undo_orders::undo_ask;
use crate::use_cases::work_orders::order_named;
use crate::web::load::show::Show;

/// Every field that one of these forms has.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    next: String,
    kind: String,
    words: String,
    /// Anything: dispatch waits for the answer.
    holds: String,
    amount: String,
    currency: String,
    text: String,
    seen: String,
    how: String,
    why: String,
    only: String,
}

impl Ask {
    fn surcharge(&self) -> anyhow::Result<Option<Money>> {
        if self.amount.trim().is_empty() {
            return Ok(None);
        }
        Ok(Some(typed_amount(&self.amount, currency(self.currency.trim())?)?))
    }
}

pub async fn raise(Sent { house, headers, name, f }: Sent<Ask>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = order_named(house, &name).await?;
        let kind = AskKind::from_code(&f.kind).ok_or_else(|| strange_field(&f.kind))?;
        let surcharge = f.surcharge()?;
        let new = NewAsk { kind, holds_dispatch: !f.holds.is_empty(), words: &f.words, surcharge };
        ask_for(house, &found, &new).await?;
        Ok(done(show, "say-toast-ask-raised", &[("what", named(show, kind))]))
    })
    .await
}

fn named(show: &Show, kind: AskKind) -> String {
    coded(show.ui(), "order-ask", kind.code())
}

/// The order and the question that a path names.
async fn meant(house: &House, order: &str, ask: &str) -> anyhow::Result<(FoundOrder, Option<AskId>)> {
    let found = order_named(house, order).await?;
    let not_known = || Refusal::new(RefusalCode::AskNotKnown).with("number", &found.number);
    let id = ask.parse().map_err(|_| not_known())?;
    Ok((found, Some(id)))
}

pub async fn answered(
    Extension(house): Shared,
    headers: HeaderMap,
    Path((order, ask)): Path<(String, String)>,
    Form(f): Form<Ask>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (found, id) = meant(house, &order, &ask).await?;
        let read = put_in_answer(house, &found, id, &f.text).await?;
        Ok(match read.untrue {
            Some(value) => done(show, "say-toast-answer-untrue", &[("value", value)]),
            None => done(show, "say-toast-answer-read", &[]),
        })
    })
    .await
}

pub async fn applied(
    Extension(house): Shared,
    headers: HeaderMap,
    Path((order, ask)): Path<(String, String)>,
    Form(f): Form<Ask>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (found, id) = meant(house, &order, &ask).await?;
        let applied = apply_seen_answer(house, &found, id, Some(&f.seen)).await?;
        let how = coded(show.ui(), "order-ask-outcome", applied.outcome);
        Ok(back(done(show, "say-toast-ask-settled", &[("how", how)]), &found, applied.change))
    })
    .await
}

pub async fn dropped(
    Extension(house): Shared,
    headers: HeaderMap,
    Path((order, ask)): Path<(String, String)>,
    Form(f): Form<Ask>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (found, id) = meant(house, &order, &ask).await?;
        drop_answer(house, &found, id).await?;
        Ok(done(show, "say-toast-answer-dropped", &[]))
    })
    .await
}

pub async fn ended(
    Extension(house): Shared,
    headers: HeaderMap,
    Path((order, ask)): Path<(String, String)>,
    Form(f): Form<Ask>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (found, id) = meant(house, &order, &ask).await?;
        let how = AskEnd::from_code(&f.how).ok_or_else(|| strange_field(&f.how))?;
        let change = end_ask(house, &found, id, how, &f.why).await?;
        let how = coded(show.ui(), "order-ask-outcome", how.code());
        Ok(back(done(show, "say-toast-ask-settled", &[("how", how)]), &found, change))
    })
    .await
}

/// By the id of the order: its number may hold letters that no way back has.
fn back(done: Done, found: &FoundOrder, change: i64) -> Done {
    done.back(format!("/orders/{}/asks/undo", found.id), &[("only", change.to_string())])
}

pub async fn reopened(Sent { house, headers, name, f }: Sent<Ask>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = order_named(house, &name).await?;
        undo_ask(house, &found, f.only.parse().map_err(|_| strange_field(&f.only))?).await?;
        Ok(done(show, "say-toast-ask-reopened", &[]))
    })
    .await
}
