//! Paths of the import, of jobs and of the first run.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Multipart, Path, Query, RawQuery};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use dunlin_core::refusal::{Refusal, RefusalCode};
use serde::Deserialize;

use super::load::arrivals as load;
use super::pages;
use super::posts::own_path;
use super::routes::{PageError, Shared, Visit};
use crate::use_cases::change_settings::{note_first_run, send_test_mail};
use crate::use_cases::first_run::STEPS;
use crate::use_cases::take_in::{Choice, keep_upload, preview, take_in};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
    step: String,
}

/// Where to go after an import; empty: nowhere in particular.
fn after(next: &str) -> String {
    if next.is_empty() { String::new() } else { own_path(next) }
}

pub async fn import_page(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<Next>,
) -> Response {
    let visit = Visit::new(house, &headers, "/import", raw);
    let view = load::import(&visit.house, &visit.show, &after(&query.next)).await;
    visit.answer("settings", pages::arrivals::import, view).await
}

/// A file is handed in: kept, and shown as it would be read.
pub async fn upload(Extension(house): Shared, headers: HeaderMap, form: Multipart) -> Response {
    let visit = Visit::new(house, &headers, "/import", None).answering();
    match received(form).await {
        Ok((name, bytes, next)) => {
            let kept = keep_upload(&visit.house, &name, &bytes).await;
            match kept {
                Ok(sha256) => shown(&visit, &name, &sha256, &Choice::default(), &next).await,
                Err(error) => visit.trouble(&PageError(error), "/import"),
            }
        }
        Err(error) => visit.trouble(&PageError(error), "/import"),
    }
}

async fn received(mut form: Multipart) -> anyhow::Result<(String, Vec<u8>, String)> {
    let (mut file, mut next) = (None, String::new());
    let broken = |_| Refusal::new(RefusalCode::FileBroken);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") => {
                let name = field.file_name().unwrap_or("file").rsplit(['/', '\\']).next().unwrap_or("file").to_string();
                file = Some((name, field.bytes().await.map_err(broken)?.to_vec()));
            }
            Some("next") => next = field.text().await.map_err(broken)?,
            _ => {}
        }
    }
    let (name, bytes) = file.ok_or_else(|| Refusal::new(RefusalCode::FileNone))?;
    Ok((name, bytes, after(&next)))
}

async fn shown(visit: &Visit, name: &str, sha256: &str, choice: &Choice, next: &str) -> Response {
    let made = async {
        let mut page = load::import(&visit.house, &visit.show, next).await?;
        let read = preview(&visit.house, name, sha256, choice).await?;
        let mut file = load::file(&visit.show, name, sha256, read);
        keep_choice(&mut file.columns, choice);
        if file.kind.is_empty() {
            file.kind.clone_from(&choice.kind);
        }
        page.file = Some(file);
        anyhow::Ok(page)
    };
    match made.await {
        Ok(page) => visit.answer("settings", pages::arrivals::import, Ok(page)).await,
        Err(error) => visit.trouble(&PageError(error), "/import"),
    }
}

/// What somebody chose for a table that was not understood even so stays chosen.
fn keep_choice(columns: &mut [super::view::arrivals::ColumnRow], choice: &Choice) {
    let Some(chosen) = &choice.columns else {
        return;
    };
    for column in columns.iter_mut().filter(|column| column.chosen.is_empty()) {
        column.chosen = chosen.get(&column.letter).cloned().unwrap_or_default();
    }
}

type Fields = HashMap<String, String>;

fn choice(f: &Fields) -> Choice {
    let columns: BTreeMap<String, String> =
        f.iter().filter_map(|(name, field)| Some((name.strip_prefix("column_")?.to_string(), field.clone()))).collect();
    let text = |name: &str| f.get(name).cloned().unwrap_or_default();
    // Another kind has other fields: what was chosen for the former one is guessed anew.
    let same_kind = text("was_kind").is_empty() || text("kind") == text("was_kind");
    Choice { kind: text("kind"), columns: (!columns.is_empty() && same_kind).then_some(columns), entry: text("entry") }
}

fn named(f: &Fields) -> (String, String, String) {
    let text = |name: &str| f.get(name).cloned().unwrap_or_default();
    (text("name"), text("file"), after(&text("next")))
}

/// The same file read another way.
pub async fn again(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Fields>) -> Response {
    let visit = Visit::new(house, &headers, "/import", None).answering();
    let (name, sha256, next) = named(&f);
    shown(&visit, &name, &sha256, &choice(&f), &next).await
}

/// Takes it in, as a job.
pub async fn take(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Fields>) -> Response {
    let (name, sha256, next) = named(&f);
    match take_in(&house, &name, &sha256, &choice(&f)).await {
        Ok(job) if next.is_empty() => Redirect::to(&format!("/jobs/{job}")).into_response(),
        Ok(job) => Redirect::to(&format!("/jobs/{job}?next={next}")).into_response(),
        Err(error) => Visit::new(house, &headers, "/import", None).trouble(&PageError(error), "/import"),
    }
}

pub async fn job(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
    Query(query): Query<Next>,
) -> Response {
    let visit = Visit::new(house, &headers, &format!("/jobs/{id}"), raw);
    let view = load::job(&visit.house, &visit.show, &id, &after(&query.next)).await;
    visit.answer("settings", pages::arrivals::job, view).await
}

pub async fn welcome(
    Extension(house): Shared,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<Next>,
) -> Response {
    let visit = Visit::new(house, &headers, "/welcome", raw);
    let view = load::welcome(&visit.house, &visit.show, &query.step, None).await;
    visit.answer("settings", pages::arrivals::welcome, view).await
}

/// A test mail in the middle of the first run; what happened is said on the page.
pub async fn welcome_test(Extension(house): Shared, headers: HeaderMap) -> Response {
    let visit = Visit::new(house, &headers, "/welcome", Some("step=mail".to_string())).answering();
    let view = match send_test_mail(&visit.house).await {
        Ok(tested) => load::welcome(&visit.house, &visit.show, "mail", Some(tested)).await,
        Err(error) => Err(error),
    };
    visit.answer("settings", pages::arrivals::welcome, view).await
}

/// A step is behind, done or left out; the next one comes.
pub async fn welcome_step(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Next>) -> Response {
    let place = STEPS.iter().position(|step| *step == f.step);
    let noted = async {
        let place = place.ok_or_else(|| Refusal::new(RefusalCode::Missing).with("name", &f.step))?;
        note_first_run(&house, STEPS[place]).await?;
        anyhow::Ok(STEPS.get(place + 1).copied())
    };
    match noted.await {
        Ok(Some(following)) => Redirect::to(&format!("/welcome?step={following}")).into_response(),
        Ok(None) => Redirect::to("/today").into_response(),
        Err(error) => Visit::new(house, &headers, "/welcome", None).trouble(&PageError(error), "/welcome"),
    }
}
