//! Paths of the import, of jobs and of the first run.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::extract::{Multipart, Path, Query, RawQuery};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use dunlin_core::refusal::{Refusal, RefusalCode};
use serde::Deserialize;

use super::again::{Again, KeptFile, Refused, Shown, back_to};
use super::load::arrivals as load;
use super::pages;
use super::posts::{own_path, told};
use super::reader::toast_cookie;
use super::routes::{PageError, Shared, Visit};
use super::settings::file;
use super::view::arrivals::ImportPage;
use super::view::frame::Toast;
use crate::house::{Forbidden, House};
use crate::refused;
use crate::use_cases::change_settings::note_first_run;
use crate::use_cases::first_run::STEPS;
use crate::use_cases::take_in::{Choice, all_problems, keep_upload, preview, take_in};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
    step: String,
    /// Name of what is shown again.
    again: String,
}

/// Where to go after an import; empty: nowhere in particular.
fn after(next: &str) -> String {
    if next.is_empty() { String::new() } else { own_path(next) }
}

pub async fn import_page(
    Extension(house): Shared,
    Extension(again): Extension<Shown>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<Next>,
) -> Response {
    let visit = Visit::new(house, &headers, "/import", raw);
    let Some(file) = again.file() else {
        let view = load::import(&visit.house, &visit.show, &after(&query.next)).await;
        return visit.answer("settings", pages::arrivals::import, view).await;
    };
    // To look at a file takes a while: it is not looked at again at every change of the firm.
    let visit = visit.answering();
    let view = shown(&visit, &file, &query.again).await;
    visit.answer("settings", pages::arrivals::import, view).await
}

/// A file is handed in: kept, and shown as it would be read.
pub async fn upload(Extension(house): Shared, headers: HeaderMap, form: Multipart) -> Response {
    // Before anything of it is known: where a refused upload goes back to.
    let mut place = "/import".to_string();
    let kept = async {
        let (name, bytes, next) = received(form).await?;
        if !next.is_empty() {
            place = format!("/import?next={next}");
        }
        let (name, bytes) = name.zip(bytes).ok_or_else(|| Refusal::new(RefusalCode::FileNone))?;
        let sha256 = keep_upload(&house, &name, &bytes).await?;
        anyhow::Ok(KeptFile { name, sha256, next, choice: Choice::default() })
    };
    match kept.await {
        Ok(file) => back_to("/import", Again::File(Box::new(file))),
        Err(error) => sent_back(house, &headers, &place, &error),
    }
}

/// Back to where it came from, with why not.
fn sent_back(house: Arc<House>, headers: &HeaderMap, place: &str, error: &anyhow::Error) -> Response {
    let visit = Visit::new(house, headers, place, None);
    tracing::info!("a file was refused: {error:#}");
    let why = told(&visit.show, error);
    let toast = Toast { text: why.clone(), next: place.to_string(), is_problem: true, undo: None };
    let mut response = back_to(place, Again::Refused(Refused::new(error, why)));
    if let Ok(cookie) = HeaderValue::from_str(&toast_cookie(&toast)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Name and bytes of the file, and where to go when it is in. A browser sends an empty name when none was chosen.
async fn received(mut form: Multipart) -> anyhow::Result<(Option<String>, Option<Vec<u8>>, String)> {
    let (mut name, mut bytes, mut next) = (None, None, String::new());
    let broken = |_| Refusal::new(RefusalCode::FileBroken);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") => {
                let given = field.file_name().unwrap_or("").rsplit(['/', '\\']).next().unwrap_or("").to_string();
                name = Some(given).filter(|name| !name.is_empty());
                bytes = Some(field.bytes().await.map_err(broken)?.to_vec());
            }
            Some("next") => next = field.text().await.map_err(broken)?,
            _ => {}
        }
    }
    Ok((name, bytes, after(&next)))
}

async fn shown(visit: &Visit, kept: &KeptFile, again: &str) -> anyhow::Result<ImportPage> {
    let (house, show) = (&visit.house, &visit.show);
    let mut page = load::import(house, show, &kept.next).await?;
    let read = match preview(house, &kept.name, &kept.sha256, &kept.choice).await {
        Ok(read) => read,
        Err(error) if refused::is_refusal(&error) => {
            page.problem = told(show, &error);
            return Ok(page);
        }
        Err(error) => return Err(error),
    };
    let mut file = load::file(show, &kept.name, &kept.sha256, read);
    keep_choice(&mut file.columns, &kept.choice);
    file.date_order.clone_from(&kept.choice.date);
    if file.kind.is_empty() {
        file.kind.clone_from(&kept.choice.kind);
    }
    file.again = again.to_string();
    page.file = Some(file);
    Ok(page)
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
    Choice {
        kind: text("kind"),
        columns: (!columns.is_empty() && same_kind).then_some(columns),
        entry: text("entry"),
        date: text("date_order"),
    }
}

fn named(f: &Fields) -> KeptFile {
    let text = |name: &str| f.get(name).cloned().unwrap_or_default();
    KeptFile { name: text("name"), sha256: text("file"), choice: choice(f), next: after(&text("next")) }
}

/// The same file read another way.
pub async fn again(Form(f): Form<Fields>) -> Response {
    back_to("/import", Again::File(Box::new(named(&f))))
}

/// Takes it in, as a job.
pub async fn take(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Fields>) -> Response {
    let file = named(&f);
    match take_in(&house, &file.name, &file.sha256, &file.choice).await {
        Ok(job) if file.next.is_empty() => Redirect::to(&format!("/jobs/{job}")).into_response(),
        Ok(job) => Redirect::to(&format!("/jobs/{job}?next={}", file.next)).into_response(),
        Err(error) => {
            let visit = Visit::new(house, &headers, "/import", None);
            if !refused::is_refusal(&error) && !error.is::<Forbidden>() {
                return visit.trouble(&PageError(error), "/import");
            }
            let toast = Toast { text: told(&visit.show, &error), is_problem: true, ..Toast::default() };
            let mut response = back_to("/import", Again::File(Box::new(file)));
            if let Ok(cookie) = HeaderValue::from_str(&toast_cookie(&toast)) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
    }
}

/// What of a file is not read, as a file of its own: to be mended there and brought in again.
pub async fn unread(
    Extension(house): Shared,
    Extension(again): Extension<Shown>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Response {
    let visit = Visit::new(house, &headers, "/import", raw);
    let made = async {
        let kept = again.file().ok_or_else(|| Refusal::new(RefusalCode::FileGone))?;
        let problems = all_problems(&visit.house, &kept.name, &kept.sha256, &kept.choice).await?;
        anyhow::Ok(load::unread(&visit.show, problems))
    };
    match made.await {
        Ok(text) => file("unread.csv", "text/csv; charset=utf-8", text.into_bytes()),
        Err(error) => visit.trouble(&PageError(error), "/import"),
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
    Extension(again): Extension<Shown>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    Query(query): Query<Next>,
) -> Response {
    let visit = Visit::new(house, &headers, "/welcome", raw);
    let view = load::welcome(&visit.house, &visit.show, &query.step, again.tested()).await;
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
