//! Forms that log a talk, and take one back.

use axum::extract::{Multipart, Path};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use dunlin_core::ids::TalkId;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::talk::TalkPlace;

use super::{Fields, Shared, answer, day, debtor, done, receivable, strange_field};
use crate::house::House;
use crate::use_cases::lead_on::intent_named;
use crate::use_cases::log_talk::{TalkForm, end_talk, log_talk};
use crate::web::load::talk::named;

pub async fn log(Extension(house): Shared, headers: HeaderMap, Path(name): Path<String>, form: Multipart) -> Response {
    match logged(&house, &name, form).await {
        Ok(id) => {
            let place = format!("/debtors/{name}/talks/{id}");
            answer(house, headers, &place, async |_, show| {
                Ok(done(show, "say-toast-talk", &[]).back(format!("{place}/end"), &[]))
            })
            .await
        }
        Err(error) => answer(house, headers, &format!("/debtors/{name}"), async move |_, _| Err(error)).await,
    }
}

async fn logged(house: &House, name: &str, form: Multipart) -> anyhow::Result<TalkId> {
    let party_id = debtor(house, name).await?;
    let (mut talk, about) = received(form).await?;
    if !about.is_empty() {
        talk.receivable = Some(receivable(house, &about).await?.receivable_id);
    }
    log_talk(house, party_id, &talk).await
}

/// What the form says, and the number of the receivable it names.
async fn received(mut form: Multipart) -> anyhow::Result<(TalkForm, String)> {
    let mut about = String::new();
    let broken = |_| Refusal::new(RefusalCode::FileBroken);
    let mut talk = TalkForm {
        place: TalkPlace::Other,
        on: None,
        contact: None,
        asked: false,
        intent: None,
        receivable: None,
        text: String::new(),
        file: None,
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_string();
        if name == "file" {
            let own = field.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_string();
            talk.file = Some((own, field.bytes().await.map_err(broken)?.to_vec()));
            continue;
        }
        let text = field.text().await.map_err(broken)?;
        match (name.as_str(), text.trim()) {
            ("where", code) => talk.place = TalkPlace::from_code(code).ok_or_else(|| strange_field(code))?,
            ("date", typed) if !typed.is_empty() => talk.on = Some(day(typed)?),
            ("contact", id) if !id.is_empty() => talk.contact = Some(id.parse().map_err(|_| strange_field(id))?),
            ("intent", code) if !code.is_empty() => talk.intent = Some(intent_named(code)?),
            ("receivable", number) => about = number.to_string(),
            ("asked", ticked) => talk.asked = !ticked.is_empty(),
            ("text", _) => talk.text = text,
            _ => {}
        }
    }
    Ok((talk, about))
}

pub async fn end(
    Extension(house): Shared,
    headers: HeaderMap,
    Path((name, talk)): Path<(String, String)>,
    Form(f): Form<Fields>,
) -> Response {
    let next = if f.next.is_empty() { format!("/debtors/{name}") } else { f.next.clone() };
    answer(house, headers, &next, async |house, show| {
        let (party_id, talk) = named(house, &name, &talk).await?;
        end_talk(house, party_id, talk.id).await?;
        Ok(done(show, "say-toast-talk-ended", &[]))
    })
    .await
}
