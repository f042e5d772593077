//! Forms about new goods for a debtor, its credit limit, and the rule of the firm.

use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use dunlin_core::money::currency;
use dunlin_core::refusal::{Refusal, RefusalCode};
use serde::Deserialize;

use super::{Sent, Shared, answer, day, debtor, done, said};
use crate::typed_amount::typed_amount;
use crate::use_cases::decide_supply::{
    SupplyForm, allow_supply, change_supply_rules, end_supply_decision, set_credit_limit, stop_supply,
};

pub async fn allow(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let until = day(&f.until)?;
        allow_supply(house, debtor(house, &name).await?, until, &f.reason).await?;
        let done = done(show, "say-toast-supply-allowed", &[("when", show.date(until).text)]);
        Ok(done.back(format!("/debtors/{name}/supply/end"), &[]))
    })
    .await
}

pub async fn stop(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let until = if f.until.trim().is_empty() { None } else { Some(day(&f.until)?) };
        stop_supply(house, debtor(house, &name).await?, until, &f.reason).await?;
        let done = done(show, "say-toast-supply-stopped", &[]);
        Ok(done.back(format!("/debtors/{name}/supply/end"), &[]))
    })
    .await
}

pub async fn end(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        end_supply_decision(house, debtor(house, &name).await?).await?;
        Ok(done(show, "say-toast-supply-ended", &[]))
    })
    .await
}

/// An empty amount takes the limit away.
pub async fn limit(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let party = debtor(house, &name).await?;
        if f.amount.trim().is_empty() {
            set_credit_limit(house, party, None).await?;
            return Ok(done(show, "say-toast-limit-none", &[]));
        }
        let limit = typed_amount(&f.amount, currency(&f.currency)?)?;
        set_credit_limit(house, party, Some(limit)).await?;
        Ok(done(show, "say-toast-limit", &[("amount", show.money(limit))]))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RuleFields {
    on: String,
    days: String,
    least: String,
}

/// When an overdue debt stops new goods.
pub async fn rules(Extension(house): Shared, headers: HeaderMap, Form(f): Form<RuleFields>) -> Response {
    answer(house, headers, "/settings/company", async |house, show| {
        let days =
            f.days.trim().parse::<i64>().map_err(|_| Refusal::new(RefusalCode::NotWhole).with("text", &f.days))?;
        let form = SupplyForm { is_on: f.on == "yes", days_overdue: days, least: f.least };
        change_supply_rules(house, &form).await?;
        Ok(said(show, "toast-saved"))
    })
    .await
}
