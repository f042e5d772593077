//! Forms that say whose money it is.

use axum::response::Response;
use dunlin_core::receivable::share::Asked;

use super::{Done, Sent, answer, done, number, receivable};
use crate::house::House;
use crate::typed_amount::typed_amount;
use crate::use_cases::bank_charges::OnRest;
use crate::use_cases::match_payments::{MOST_TOGETHER, confirm_match_with, confirm_together};
use crate::web::load::show::Show;

pub async fn match_payment(Sent { house, headers, name, f }: Sent) -> Response {
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
