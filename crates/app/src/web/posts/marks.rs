//! Forms about a debtor itself, and about money that is nobody's.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};

use dunlin_store::Block;

use super::{Fields, Sent, Shared, answer, day, debtor, done, number, strange_field};
use crate::use_cases::mark_party::{
    block_party, choose_playbook, grade_named, grade_party, note_objection_of, unblock_party,
};
use crate::use_cases::match_payments::set_rest_aside;
use crate::use_cases::merge_parties::{merge_parties, separate_parties};

pub async fn block(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let until = if f.until.trim().is_empty() { None } else { Some(day(&f.until)?) };
        let block = Block { why: &f.reason, evidence: &f.note, until };
        block_party(house, debtor(house, &name).await?, block).await?;
        Ok(done(show, "say-toast-blocked", &[]).back(format!("/debtors/{name}/unblock"), &[]))
    })
    .await
}

pub async fn grade(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        grade_party(house, debtor(house, &name).await?, grade_named(&f.kind)?).await?;
        Ok(done(show, "say-toast-graded", &[]))
    })
    .await
}

pub async fn unblock(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        unblock_party(house, debtor(house, &name).await?, &f.reason).await?;
        Ok(done(show, "say-toast-unblocked", &[]))
    })
    .await
}

pub async fn objection(
    Extension(house): Shared,
    headers: HeaderMap,
    Path((name, contact)): Path<(String, String)>,
    Form(f): Form<Fields>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let id = contact.parse().map_err(|_| strange_field(&contact))?;
        let objected = match f.outcome.as_str() {
            "objected" => true,
            "withdrawn" => false,
            other => return Err(strange_field(other)),
        };
        note_objection_of(house, debtor(house, &name).await?, id, objected).await?;
        let key = if objected { "say-toast-objected" } else { "say-toast-objection-withdrawn" };
        let opposite = if objected { "withdrawn" } else { "objected" };
        let action = format!("/debtors/{name}/contacts/{contact}/objection");
        Ok(done(show, key, &[]).back(action, &[("outcome", opposite.to_string())]))
    })
    .await
}

pub async fn playbook(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let wanted = (!f.kind.is_empty()).then_some(f.kind.as_str());
        let set = choose_playbook(house, debtor(house, &name).await?, wanted).await?;
        let counts = [("begin", set.begin_with_it.to_string()), ("keep", set.keep_theirs.to_string())];
        Ok(done(show, "say-toast-playbook", &counts))
    })
    .await
}

pub async fn merge(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (stays, gone) = (debtor(house, &name).await?, debtor(house, f.kind.trim()).await?);
        merge_parties(house, stays, gone).await?;
        let gone = f.kind.trim().to_string();
        let done = done(show, "say-toast-merged", &[("number", gone.clone())]);
        Ok(done.back(format!("/debtors/{name}/separate"), &[("kind", gone)]))
    })
    .await
}

pub async fn separate(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let from = debtor(house, &name).await?;
        separate_parties(house, f.kind.trim(), Some(from)).await?;
        Ok(done(show, "say-toast-separated", &[("number", f.kind.trim().to_string())]))
    })
    .await
}

pub async fn set_aside(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let number = number('P', &name)?;
        set_rest_aside(house, number, &f.reason).await?;
        let done = done(show, "say-toast-set-aside", &[("number", name.clone())]);
        Ok(done.back(format!("/payments/P-{number:04}/set-aside/undo"), &[]))
    })
    .await
}
