//! Forms that note what stands between a buyer and the next letter: pauses, promises, disputes.

use axum::response::Response;
use dunlin_core::explain::phrase;
use dunlin_core::ids::{PartyId, ReceivableId, TalkId};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::StoreError;

use super::{Done, Fields, Sent, answer, asked, day, debtor, done, receivable, strange_field};
use crate::house::House;
use crate::use_cases::log_talk::picked;
use crate::use_cases::standing_facts::{Found, add_dispute, add_hold, add_promise, add_promise_heard, resolve_dispute};
use crate::web::load::show::Show;

pub async fn hold_debtor(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        held(house, show, (debtor(house, &name).await?, None), (format!("/debtors/{name}"), &f)).await
    })
    .await
}

pub async fn hold_receivable(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        let place = format!("/receivables/{}", found.number);
        held(house, show, (found.party_id, Some(found.receivable_id)), (place, &f)).await
    })
    .await
}

/// Pauses what a form is about; `place` is its page, from where the pause is taken back.
async fn held(
    house: &House,
    show: &Show,
    (party, receivable): (PartyId, Option<ReceivableId>),
    (place, f): (String, &Fields),
) -> anyhow::Result<Done> {
    let until = day(&f.until)?;
    let hold = add_hold(house, party, receivable, until, &f.reason).await?;
    let done = done(show, "say-toast-held", &[("when", show.date(until).text)]);
    Ok(done.back(format!("{place}/hold/end"), &[("only", hold.to_string())]))
}

pub async fn promise_debtor(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let party = debtor(house, &name).await?;
        if !f.receivable.is_empty() {
            // About one receivable; another debtor's is not there.
            let found = receivable(house, &f.receivable).await?;
            if found.party_id != party {
                return Err(StoreError::not_found("receivable", &f.receivable).into());
            }
            return promised(house, show, &found, &f).await;
        }
        let (day, amount) = (day(&f.date)?, asked(&f)?);
        let promise = match heard(house, party, &f).await? {
            Some(heard) => add_promise_heard(house, party, heard, day, amount, &f.note).await?,
            None => add_promise(house, party, None, day, amount, &f.note).await?,
        };
        let done = done(show, "say-toast-promise", &[]);
        Ok(done.back(format!("/debtors/{name}/promise/withdraw"), &[("only", promise.to_string())]))
    })
    .await
}

/// The talk that a promise is taken over from, when it is, and which of those picked out there it is.
async fn heard(house: &House, party: PartyId, f: &Fields) -> anyhow::Result<Option<(TalkId, i64)>> {
    if f.talk.is_empty() {
        return Ok(None);
    }
    let id = f.talk.parse().map_err(|_| strange_field(&f.talk))?;
    let item: usize = f.item.parse().map_err(|_| strange_field(&f.item))?;
    let talk = house.store.talk(house.tenant.id, party, id).await?;
    if talk.is_ended {
        return Err(Refusal::new(RefusalCode::TalkEnded).into());
    }
    if item >= picked(house, &talk).promises.len() {
        return Err(strange_field(&f.item));
    }
    Ok(Some((talk.id, i64::try_from(item)?)))
}

async fn promised(house: &House, show: &Show, found: &Found, f: &Fields) -> anyhow::Result<Done> {
    let (day, amount) = (day(&f.date)?, asked(f)?);
    let promise = add_promise(house, found.party_id, Some(found.receivable_id), day, amount, &f.note).await?;
    let done = done(show, "say-toast-promise", &[]);
    Ok(done.back(format!("/receivables/{}/promise/withdraw", found.number), &[("only", promise.to_string())]))
}

pub async fn promise_receivable(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        promised(house, show, &receivable(house, &name).await?, &f).await
    })
    .await
}

pub async fn dispute(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        // In the words of whoever enters it: it is read as it stands.
        let kind = show.words.known_code("dispute-kind", &f.kind).unwrap_or_else(|| f.kind.clone().into());
        let why = if f.kind.is_empty() { f.note.clone() } else { format!("{kind}: {}", f.note) };
        add_dispute(house, &found, asked(&f)?, &why).await?;
        Ok(done(show, "say-toast-dispute", &[]))
    })
    .await
}

pub async fn resolve(Sent { house, headers, name, f }: Sent) -> Response {
    let next = if f.next.is_empty() { format!("/receivables/{name}") } else { f.next.clone() };
    answer(house, headers, &next, async |house, show| {
        resolve_dispute(house, &receivable(house, &name).await?, &phrase(show.ui(), "say-dispute-settled", &[]))
            .await?;
        Ok(done(show, "say-toast-settled", &[("number", name.clone())]))
    })
    .await
}
