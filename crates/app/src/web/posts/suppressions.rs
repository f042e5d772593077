//! Forms about the list of addresses that may not be used.

use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use serde::Deserialize;

use super::{Shared, answer, day, done, number};
use crate::use_cases::suppress::{SuppressionForm, end_suppression, kind_named, reason_named, suppress};

const PAGE: &str = "/settings/suppressions";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EntryFields {
    address: String,
    kind: String,
    reason: String,
    evidence: String,
    until: String,
}

pub async fn add(Extension(house): Shared, headers: HeaderMap, Form(f): Form<EntryFields>) -> Response {
    answer(house, headers, PAGE, async |house, show| {
        let form = SuppressionForm {
            kind: kind_named(&f.kind)?,
            reason: reason_named(&f.reason)?,
            until: if f.until.trim().is_empty() { None } else { Some(day(&f.until)?) },
            address: f.address,
            evidence: f.evidence,
        };
        let listed = suppress(house, &form).await?;
        let values = [("debtors", listed.debtors.to_string()), ("letters", listed.letters_cancelled.to_string())];
        Ok(done(show, "say-toast-suppressed", &values))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EndFields {
    number: String,
    why: String,
}

pub async fn end(Extension(house): Shared, headers: HeaderMap, Form(f): Form<EndFields>) -> Response {
    answer(house, headers, PAGE, async |house, show| {
        end_suppression(house, number('X', &f.number)?, &f.why).await?;
        Ok(done(show, "say-toast-suppression-ended", &[]))
    })
    .await
}
