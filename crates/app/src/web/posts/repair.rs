//! The form that puts a wrong letter right.

use axum::response::Response;
use dunlin_core::letter::WrongSend;
use serde::Deserialize;

use super::{Sent, answer, done, number, strange_field};
use crate::use_cases::repair_letter::repair_letter;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Repair {
    next: String,
    what: String,
    seen: String,
}

pub async fn repair(Sent { house, headers, name, f }: Sent<Repair>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let wrong = WrongSend::from_code(&f.what).ok_or_else(|| strange_field(&f.what))?;
        let repaired = repair_letter(house, number('L', &name)?, wrong, Some(f.seen.as_str())).await?;
        let by = format!("L-{:04}", repaired.own);
        if repaired.copies.is_empty() {
            return Ok(done(show, "say-toast-repaired", &[("number", name.clone()), ("by", by)]));
        }
        let copies: Vec<String> = repaired.copies.iter().map(|copy| format!("L-{copy:04}")).collect();
        let values = [("number", name.clone()), ("by", by), ("copies", copies.join(", "))];
        Ok(done(show, "say-toast-repaired-copies", &values))
    })
    .await
}
