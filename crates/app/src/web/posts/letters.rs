//! Forms about one letter: a yes or a no, that it was pasted elsewhere, what became of one that nobody knows about.

use axum::response::Response;

use super::{Sent, answer, done, number, strange_field};
use crate::use_cases::approve_letter::{
    approve_letter, decline_letter, pasted_letter, settle_letter, unapprove_letter,
};
use crate::web::load::letter::{facts_of, moment};

pub async fn approve(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let number = number('L', &name)?;
        let missing = approve_letter(house, number, Some(f.seen.as_str())).await?;
        let letter = house.store.letter_by_number(house.tenant.id, number).await?;
        let facts = facts_of(house, &letter).await?;
        let leaves = moment(show, &letter, &facts, letter.not_before);
        let when = format!("{} · {}", leaves.there, leaves.place);
        let key = if missing == 0 { "say-toast-approved" } else { "say-toast-approved-first" };
        let done = done(show, key, &[("number", name.clone()), ("when", when)]);
        Ok(done.back(format!("/letters/L-{number:04}/unapprove"), &[]))
    })
    .await
}

pub async fn unapprove(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        unapprove_letter(house, number('L', &name)?).await?;
        Ok(done(show, "say-toast-unapproved", &[("number", name.clone())]))
    })
    .await
}

pub async fn decline(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let number = number('L', &name)?;
        decline_letter(house, number, &f.reason).await?;
        let done = done(show, "say-toast-declined", &[("number", name.clone())]);
        Ok(done.back(format!("/letters/L-{number:04}/reinstate"), &[]))
    })
    .await
}

pub async fn pasted(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        pasted_letter(house, number('L', &name)?, Some(f.seen.as_str())).await?;
        Ok(done(show, "say-toast-pasted", &[("number", name.clone())]))
    })
    .await
}

pub async fn settle(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let sent = match f.outcome.as_str() {
            "sent" => true,
            "not_sent" => false,
            other => return Err(strange_field(other)),
        };
        settle_letter(house, number('L', &name)?, sent).await?;
        Ok(done(show, "say-toast-settled", &[("number", name.clone())]))
    })
    .await
}
