//! Forms about the data as a whole: a backup, reading one in place of everything, what is known of a debtor, and
//! forgetting a person.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::LogEntry;
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use tokio_util::io::ReaderStream;

use super::{Done, Shared, answer, answer_from, debtor, said};
use crate::building::Building;
use crate::house::{Clock, House};
use crate::use_cases::erase_person::{erase_contact, erase_debtor, export_person};
use crate::use_cases::keep_backup;
use crate::use_cases::look_at_backup::{begin_handed_in, begin_keep, begin_look};
use crate::use_cases::restore_backup::{Consent, begin_restore, folder, fresh_name, full, room};
use crate::web::routes::{PageError, Visit};
use crate::web::settings::file;

/// The whole database as a file. It is made beside the database and streamed from there: memory stays flat.
pub async fn backup(Extension(house): Shared, headers: HeaderMap) -> Response {
    let visit = Visit::new(house, &headers, "/settings/data", None).answering();
    match backup_body(&visit.house).await {
        Ok(body) => {
            let mut response = Response::new(body);
            let name = format!("attachment; filename=\"dunlin-{}.backup\"", visit.house.today());
            let set = response.headers_mut();
            set.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/gzip"));
            set.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            if let Ok(value) = HeaderValue::from_str(&name) {
                set.insert(header::CONTENT_DISPOSITION, value);
            }
            response
        }
        Err(error) => visit.trouble(&PageError(error), "/settings/data"),
    }
}

async fn backup_body(house: &House) -> anyhow::Result<Body> {
    let firms = house.store.tenants().await?;
    if firms.len() > 1 {
        // The file holds the whole database; the owner of one firm may not take the others' with it.
        return Err(Refusal::new(RefusalCode::SeveralFirms).into());
    }
    let mut commit = house.begin().await?;
    commit.log(LogEntry::new("data.backup", "firm", house.tenant.id.to_string()));
    commit.finish().await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("backup");
    keep_backup::backup(&house.store, Clock::Wall.now(), &path).await?;
    let opened = tokio::fs::File::open(&path).await?;
    // The open file outlives its name.
    drop(folder);
    Ok(Body::from_stream(ReaderStream::new(opened)))
}

/// A backup that is handed in may be as large as this; a larger one is put into the folder by hand.
pub const MOST_BACKUP: usize = 4 << 30;

/// Makes a backup that stays on the server, as a job.
pub async fn keep(Extension(house): Shared, headers: HeaderMap) -> Response {
    let begun = begin_keep(&house).await;
    to_job(house, headers, "/settings/data#restore", begun).await
}

/// Reads a backup to its end, as a job: before that it does not take the place of anything.
pub async fn look(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Restore>) -> Response {
    let begun = begin_look(&house, &f.file).await;
    to_job(house, headers, "/settings/data#restore", begun).await
}

/// A backup is handed in: it is put beside those of the server and read to its end.
pub async fn upload(Extension(house): Shared, headers: HeaderMap, form: Multipart) -> Response {
    let begun = received(&house, form).await;
    to_job(house, headers, "/settings/data", begun).await
}

/// To the page of the job, which may be left.
async fn to_job(house: Arc<House>, headers: HeaderMap, back: &str, begun: anyhow::Result<String>) -> Response {
    match begun {
        Ok(job) => Redirect::to(&format!("/jobs/{job}")).into_response(),
        Err(error) => answer(house, headers, back, async |_, _| Err(error)).await,
    }
}

/// Written as it comes: memory stays flat. Nothing is taken from those who may not, nor more than there is room for. Returns
/// the job that reads it.
async fn received(house: &House, mut form: Multipart) -> anyhow::Result<String> {
    let room = room(house).await?;
    let broken = |_| Refusal::new(RefusalCode::FileBroken);
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") || field.file_name().is_none_or(str::is_empty) {
            continue;
        }
        let folder = folder(&house.data_dir);
        std::fs::create_dir_all(&folder)?;
        let part = tempfile::NamedTempFile::new_in(&folder)?;
        let mut out = tokio::fs::File::from_std(part.reopen()?);
        let mut bytes: u64 = 0;
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            bytes += chunk.len() as u64;
            if bytes > room {
                return Err(full(house).into());
            }
            out.write_all(&chunk).await?;
        }
        out.flush().await?;
        if bytes == 0 {
            return Err(Refusal::new(RefusalCode::FileEmpty).into());
        }
        let name = fresh_name(&house.data_dir, "handed-in");
        part.persist_noclobber(folder.join(&name)).map_err(|error| error.error)?;
        return begin_handed_in(house, &name).await;
    }
    Err(Refusal::new(RefusalCode::FileNone).into())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Restore {
    file: String,
    typed: String,
    sure: String,
    password: String,
}

/// Reads a backup in place of everything; how far it is stands at an address before the door.
pub async fn restore(
    State(building): State<Arc<Building>>,
    Extension(house): Shared,
    headers: HeaderMap,
    Form(f): Form<Restore>,
) -> Response {
    let plain: String = f.file.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
    let back = format!("/settings/data/restore?file={plain}");
    answer_from(house, headers, ("/restoring", &back), async |house, _| {
        let consent = Consent { typed: &f.typed, sure: f.sure == "yes", password: &f.password };
        begin_restore(&building, house, &f.file, consent).await?;
        Ok(Done::told(String::new()))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct About {
    debtor: String,
    contact: String,
    typed: String,
}

pub async fn export(Extension(house): Shared, headers: HeaderMap, Form(f): Form<About>) -> Response {
    let visit = Visit::new(house, &headers, "/settings/data", None).answering();
    let made = async {
        let known = export_person(&visit.house, debtor(&visit.house, &f.debtor).await?).await?;
        anyhow::Ok(serde_json::to_vec_pretty(&known)?)
    };
    match made.await {
        Ok(bytes) => file(&format!("{}.json", f.debtor), "application/json", bytes),
        Err(error) => visit.trouble(&PageError(error), "/settings/data"),
    }
}

pub async fn erase(Extension(house): Shared, headers: HeaderMap, Form(f): Form<About>) -> Response {
    answer(house, headers, "/settings/data", async |house, show| {
        let id = debtor(house, &f.debtor).await?;
        if f.contact.is_empty() {
            erase_debtor(house, id, &f.typed).await?;
        } else {
            let contact = f.contact.parse().map_err(|_| Refusal::new(RefusalCode::Missing).with("name", &f.contact))?;
            erase_contact(house, id, contact, &f.typed).await?;
        }
        Ok(said(show, "toast-erased"))
    })
    .await
}
