//! Forms that take back what a person did a moment ago: the toast offers them.

use axum::response::Response;

use super::{Sent, answer, done, number};
use crate::use_cases::match_payments::{take_from_aside, undo_match};
use crate::use_cases::undo::{reinstate_letter, reopen_task, unsnooze_task};

pub async fn reinstate(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        reinstate_letter(house, number('L', &name)?).await?;
        Ok(done(show, "say-toast-reinstated", &[("number", name.clone())]))
    })
    .await
}

pub async fn reopen(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        reopen_task(house, number('T', &name)?).await?;
        Ok(done(show, "say-toast-reopened", &[("number", name.clone())]))
    })
    .await
}

pub async fn unsnooze(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        unsnooze_task(house, number('T', &name)?).await?;
        Ok(done(show, "say-toast-unsnoozed", &[("number", name.clone())]))
    })
    .await
}

pub async fn undo_match_of(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        undo_match(house, number('P', &name)?).await?;
        Ok(done(show, "say-toast-unmatched", &[("number", name.clone())]))
    })
    .await
}

pub async fn undo_set_aside(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        take_from_aside(house, number('P', &name)?).await?;
        Ok(done(show, "say-toast-unaside", &[("number", name.clone())]))
    })
    .await
}
