//! Forms about an article: how many there are, and what stands in for it.

use axum::response::Response;
use dunlin_core::refusal::{Refusal, RefusalCode};
use serde::Deserialize;

use super::{Sent, answer, done};
use crate::use_cases::keep_catalogue::{pin_similar, set_stock, unpin_similar};
use crate::web::load::products::href;

/// What the forms of an article hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProductFields {
    quantity: String,
    note: String,
    other: String,
}

pub async fn stock(Sent { house, headers, name, f }: Sent<ProductFields>) -> Response {
    answer(house, headers, &href(&name), async |house, show| {
        let typed = f.quantity.trim();
        let quantity = typed.parse::<i64>().map_err(|_| Refusal::new(RefusalCode::NotWhole).with("text", typed))?;
        let counted = set_stock(house, &name, quantity, &f.note).await?;
        let values = [("sku", name.clone()), ("quantity", counted.quantity.to_string())];
        Ok(done(show, "say-toast-stock", &values))
    })
    .await
}

pub async fn pin(Sent { house, headers, name, f }: Sent<ProductFields>) -> Response {
    answer(house, headers, &href(&name), async |house, show| {
        pin_similar(house, &name, &f.other).await?;
        Ok(done(show, "say-toast-pinned", &[("sku", f.other.trim().to_string())]))
    })
    .await
}

pub async fn unpin(Sent { house, headers, name, f }: Sent<ProductFields>) -> Response {
    answer(house, headers, &href(&name), async |house, show| {
        unpin_similar(house, &name, &f.other).await?;
        Ok(done(show, "say-toast-unpinned", &[("sku", f.other.trim().to_string())]))
    })
    .await
}
