//! Forms about one task: done, not needed, later.

use axum::response::Response;

use super::{Sent, answer, day, done, number};
use crate::use_cases::approve_letter::{drop_task, finish_task, snooze_task};

pub async fn finish(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let number = number('T', &name)?;
        finish_task(house, number, &f.note).await?;
        let done = done(show, "say-toast-done", &[("number", name.clone())]);
        Ok(done.back(format!("/tasks/T-{number:04}/reopen"), &[]))
    })
    .await
}

pub async fn not_needed(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let number = number('T', &name)?;
        let is_ours = drop_task(house, number, &f.reason).await?;
        let done = done(show, "say-toast-dropped", &[("number", name.clone())]);
        Ok(if is_ours { done.back(format!("/tasks/T-{number:04}/reopen"), &[]) } else { done })
    })
    .await
}

pub async fn snooze(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (number, until) = (number('T', &name)?, day(&f.until)?);
        snooze_task(house, number, until).await?;
        let done = done(show, "say-toast-snoozed", &[("number", name.clone()), ("when", show.date(until).text)]);
        Ok(done.back(format!("/tasks/T-{number:04}/unsnooze"), &[]))
    })
    .await
}
