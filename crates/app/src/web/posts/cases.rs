//! Forms about why a receivable is unpaid, and about its case as a whole.

use axum::response::Response;

use super::{Sent, answer, day, done, receivable, strange_field};
use crate::use_cases::turn_case::{
    EarlierStep, Handover, enter_earlier_step, hand_case_over, hands_named, restart_case, take_back_earlier_step,
    take_case_back,
};
use crate::use_cases::unpaid_why::{clear_why, note_why, undo_why, why_named};

pub async fn why(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        let why = why_named(&f.kind)?;
        let id = note_why(house, &found, why, &f.note).await?;
        let word = show.words.code("unpaid-why", why.code()).into_owned();
        let done = done(show, "say-toast-why", &[("why", word)]);
        Ok(done.back(format!("/receivables/{}/why/undo", found.number), &[("only", id.to_string())]))
    })
    .await
}

pub async fn clear_why_of(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        clear_why(house, &receivable(house, &name).await?).await?;
        Ok(done(show, "say-toast-why-cleared", &[]))
    })
    .await
}

pub async fn undo_why_of(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let id = f.only.parse().map_err(|_| strange_field(&f.only))?;
        undo_why(house, &receivable(house, &name).await?, id).await?;
        Ok(done(show, "say-toast-why-undone", &[]))
    })
    .await
}

/// Ticked, so that nobody begins anew by a slip.
pub async fn restart(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        if f.outcome != "sure" {
            return Err(strange_field(&f.outcome));
        }
        let found = receivable(house, &name).await?;
        restart_case(house, &found, &f.reason).await?;
        Ok(done(show, "say-toast-restarted", &[("number", found.number)]))
    })
    .await
}

pub async fn hand_over(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        let to = Handover { hands: hands_named(&f.kind)?, name: &f.name, note: &f.note };
        let cancelled = hand_case_over(house, &found, &to).await?;
        let values = [("number", found.number.clone()), ("n", cancelled.to_string())];
        Ok(done(show, "say-toast-handed-over", &values))
    })
    .await
}

pub async fn take_back(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        take_case_back(house, &found, &f.note).await?;
        Ok(done(show, "say-toast-case-back", &[("number", found.number)]))
    })
    .await
}

pub async fn enter_step(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        let on = day(&f.date)?;
        let earlier = EarlierStep { step: &f.kind, on, words: &f.note };
        let id = enter_earlier_step(house, &found, &earlier).await?;
        let values = [("step", show.titles.step(None, &f.kind)), ("day", show.date(on).text)];
        let done = done(show, "say-toast-step-entered", &values);
        Ok(done.back(format!("/receivables/{}/steps/undo", found.number), &[("only", id.to_string())]))
    })
    .await
}

pub async fn undo_step(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let id = f.only.parse().map_err(|_| strange_field(&f.only))?;
        take_back_earlier_step(house, &receivable(house, &name).await?, id).await?;
        Ok(done(show, "say-toast-step-back", &[]))
    })
    .await
}
