//! Forms of the playbooks: check a text, publish it, publish an earlier version again. A text that is not taken comes
//! back on the page as it was typed, with what is wrong beside it.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use serde::Deserialize;

use super::{Done, Shared, answer, strange_field, told};
use crate::use_cases::publish_playbook::{Broken, Publication, Running, Wanted, publish_again, publish_playbook};
use crate::web::again::{Again, back_to};
use crate::web::load::playbooks::Typed;
use crate::web::load::show::Show;
use crate::web::routes::Visit;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlaybookFields {
    text: String,
    seen: String,
    note: String,
    running: String,
    version: String,
}

impl PlaybookFields {
    /// Browsers send lines ended by two characters; the version is that of the text with one.
    fn typed(self) -> Typed {
        Typed {
            text: self.text.replace("\r\n", "\n"),
            seen: self.seen,
            note: self.note,
            migrates: self.running == "migrate",
            trouble: String::new(),
        }
    }
}

/// To the page where the text is changed, with what was typed and what is said of it.
fn edit_page(id: &str, typed: Typed) -> Response {
    // An id is one of ours, or there is no such page.
    let plain: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
    back_to(&format!("/playbooks/{plain}/edit"), Again::Playbook(Box::new(typed)))
}

/// Says what is wrong with a text; nothing is kept.
pub async fn check(Path(id): Path<String>, Form(f): Form<PlaybookFields>) -> Response {
    edit_page(&id, f.typed())
}

pub async fn publish(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(f): Form<PlaybookFields>,
) -> Response {
    let running = Running::from_code(&f.running).unwrap_or(Running::Keep);
    let mut typed = f.typed();
    let (text, note, seen) = (&typed.text, &typed.note, Some(typed.seen.as_str()).filter(|seen| !seen.is_empty()));
    let outcome = publish_playbook(&house, &Wanted { id: &id, text, note, running, seen }).await;
    match outcome {
        Ok(done) => {
            let next = format!("/playbooks/{id}");
            answer(house, headers, &next, async |_, show| Ok(published(show, &done))).await
        }
        Err(error) => {
            let show = Visit::new(house.clone(), &headers, "", None).show;
            typed.trouble = match error.is::<Broken>() {
                true => show.words.t("playbook-broken").into_owned(),
                false => told(&show, &error),
            };
            edit_page(&id, typed)
        }
    }
}

pub async fn again(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(f): Form<PlaybookFields>,
) -> Response {
    let next = format!("/playbooks/{id}");
    answer(house, headers, &next, async |house, show| {
        let running = Running::from_code(&f.running).ok_or_else(|| strange_field(&f.running))?;
        let done = publish_again(house, &id, &f.version, &f.note, running).await?;
        Ok(published(show, &done))
    })
    .await
}

/// How many cases moved, how many stayed, and what kept them.
fn published(show: &Show, done: &Publication) -> Done {
    let words = &show.words;
    let mut text = match done.number {
        Some(number) => words.t1("toast-playbook-published", "number", number),
        None => words.t("toast-playbook-same").into_owned(),
    };
    text.push(' ');
    let moved = i64::try_from(done.cases.moved).unwrap_or(i64::MAX);
    text.push_str(&words.t2("toast-playbook-cases", "moved", moved, "stayed", done.cases.stayed));
    if let Some(step) = done.cases.in_the_way.first() {
        text.push(' ');
        text.push_str(&words.t2("toast-playbook-why", "step", step.step.as_str(), "level", i64::from(step.level)));
    }
    Done::told(text)
}
