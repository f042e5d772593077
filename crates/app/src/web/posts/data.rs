//! Forms that take data out: a backup, what is known of a debtor, and forgetting a person.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::{Extension, Form};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::LogEntry;
use serde::Deserialize;
use tokio_util::io::ReaderStream;

use super::{Shared, answer, debtor, said};
use crate::house::{Clock, House};
use crate::use_cases::erase_person::{erase_contact, erase_debtor, export_person};
use crate::use_cases::keep_backup;
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
