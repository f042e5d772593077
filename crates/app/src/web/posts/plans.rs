//! Forms about instalments: a proposal to look at, the agreement, its end. What is not taken comes back on the page as it was
//! typed, with what is wrong.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use jiff::Span;

use dunlin_core::instalments::{Instalment, MOST, evenly};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{PlanTerms, Scope, StoreError};

use super::{Sent, Shared, answer, day, done, receivable, told};
use crate::house::House;
use crate::typed_amount::typed_amount;
use crate::use_cases::agree_plan::{agree_plan, end_plan};
use crate::use_cases::standing_facts::Found;
use crate::web::again::{Again, back_to};
use crate::web::load::plan::{MOST_ROWS, Typed};
use crate::web::routes::Visit;
use crate::web::view::plan::TypedPart;

type Pairs = Vec<(String, String)>;

/// The first field of a name; empty when there is none.
fn text<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
}

fn typed(pairs: &[(String, String)]) -> Typed {
    let column = |name: &'static str| {
        pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim().to_string())
    };
    let rows = column("day").zip(column("part")).map(|(day, amount)| TypedPart { day, amount });
    Typed {
        rows: rows.filter(|row| !row.day.is_empty() || !row.amount.is_empty()).take(MOST_ROWS).collect(),
        late_days: text(pairs, "late_days").to_string(),
        all_due: text(pairs, "all_due") == "yes",
        words: text(pairs, "words").to_string(),
        trouble: String::new(),
    }
}

fn whole(text: &str) -> anyhow::Result<i32> {
    text.trim().parse().map_err(|_| Refusal::new(RefusalCode::NotWhole).with("text", text).into())
}

/// Equal parts of what is open: so many, from a day on, each month or so many days apart.
async fn proposed(house: &House, found: &Found, pairs: &[(String, String)]) -> anyhow::Result<Vec<TypedPart>> {
    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await?;
    let mut items = facts.iter().flat_map(|facts| &facts.receivables);
    let item = items.find(|item| item.receivable.id == found.receivable_id);
    let open = item.ok_or_else(|| StoreError::not_found("receivable", &found.number))?.outstanding()?;
    if !open.is_positive() {
        return Err(Refusal::new(RefusalCode::ReceivablePaid).with("number", &found.number).into());
    }
    let count = usize::try_from(whole(text(pairs, "count"))?).unwrap_or(0);
    if !(2..=MOST).contains(&count) {
        return Err(Refusal::new(RefusalCode::PlanCount).with("most", MOST as i64).into());
    }
    let apart = match text(pairs, "every_days") {
        "" => Span::new().months(1),
        days => Span::new().days(whole(days)?.clamp(1, 366)),
    };
    let parts = evenly(open, count, day(text(pairs, "first"))?, apart);
    let row = |part: &Instalment| TypedPart { day: part.on.to_string(), amount: part.amount.decimal() };
    Ok(parts.iter().map(row).collect())
}

/// Shows days and amounts; nothing is agreed yet.
pub async fn preview(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Response {
    let mut typed = typed(&pairs);
    let made = async {
        let found = receivable(&house, &name).await?;
        proposed(&house, &found, &pairs).await
    };
    match made.await {
        Ok(rows) => typed.rows = rows,
        Err(error) => typed.trouble = sentence(&house, &headers, &error),
    }
    plan_page(&house, &name, typed).await
}

pub async fn agree(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Response {
    let mut typed = typed(&pairs);
    let made = async {
        let found = receivable(&house, &name).await?;
        let mut parts = Vec::with_capacity(typed.rows.len());
        for row in &typed.rows {
            parts.push(Instalment { on: day(&row.day)?, amount: typed_amount(&row.amount, found.amount.currency)? });
        }
        let late_days = if typed.late_days.is_empty() { 10 } else { whole(&typed.late_days)? };
        let terms = PlanTerms { late_days, all_due: typed.all_due, words: typed.words.clone() };
        let agreed = agree_plan(&house, &found, &parts, &terms).await?;
        anyhow::Ok((found.number, agreed))
    };
    let made = made.await;
    match made {
        Ok((number, agreed)) => {
            let next = format!("/receivables/{number}");
            let values = [("number", number), ("n", agreed.to_string())];
            answer(house, headers, &next, async |_, show| Ok(done(show, "say-toast-plan", &values))).await
        }
        Err(error) => {
            typed.trouble = sentence(&house, &headers, &error);
            plan_page(&house, &name, typed).await
        }
    }
}

pub async fn end(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        end_plan(house, &found, &f.reason).await?;
        Ok(done(show, "say-toast-plan-ended", &[("number", found.number)]))
    })
    .await
}

fn sentence(house: &Arc<House>, headers: &HeaderMap, error: &anyhow::Error) -> String {
    told(&Visit::new(house.clone(), headers, "", None).show, error)
}

/// To the page on which a plan is agreed, with what was proposed or typed.
async fn plan_page(house: &House, name: &str, typed: Typed) -> Response {
    // Its own number, whatever it was called by; of one that is not there the page says so.
    let number = receivable(house, name).await.map_or_else(|_| "R-0000".to_string(), |found| found.number);
    back_to(&format!("/receivables/{number}/plan"), Again::Plan(Box::new(typed)))
}
