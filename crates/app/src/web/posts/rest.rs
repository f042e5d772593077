//! The form about a small rest that may be bank charges.

use axum::response::Response;

use super::{Sent, answer, done, receivable, strange_field};
use crate::use_cases::bank_charges::settle_rest;

pub async fn charges(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let write_it_off = match f.outcome.as_str() {
            "write_off" => true,
            "keep_asking" => false,
            other => return Err(strange_field(other)),
        };
        let found = receivable(house, &name).await?;
        let rest = settle_rest(house, &found, write_it_off).await?;
        let key = if write_it_off { "say-toast-charges" } else { "say-toast-charges-kept" };
        let said = done(show, key, &[("rest", show.money(rest))]);
        Ok(if write_it_off { said.back(format!("/receivables/{}/write-off/undo", found.number), &[]) } else { said })
    })
    .await
}
