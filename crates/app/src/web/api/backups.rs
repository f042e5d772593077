//! Backups that lie on the server: what they are, and making one. None is handed out and none is read back here: a file
//! holds everything, and reading one in place of what is here wants a password.

use axum::{Extension, Json};
use dunlin_core::access::Right::Data;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::problem::Problem;
use crate::use_cases::look_at_backup::begin_keep;
use crate::use_cases::restore_backup::{Listed, folder, listed_here};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_backups, begin_backup))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/backups", Who::May(Data), || get(list_backups)),
        Door::form("/api/v1/backups", Who::May(Data), || post(begin_backup)),
    ]
}

/// A file in the folder of backups.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupShown {
    #[schema(example = "dunlin-20260304-090000.backup")]
    pub name: String,
    pub bytes: u64,
    /// When it was written there.
    pub written_at: Timestamp,
    /// When it was taken; this and what follows is `null` where the first line is none of ours.
    pub taken_at: Option<Timestamp>,
    /// Version of the program that wrote it.
    pub program: Option<String>,
    pub schema: Option<i64>,
    /// This program reads its schema.
    pub fits_schema: Option<bool>,
    /// It was made with the key of this installation.
    pub fits_key: Option<bool>,
}

impl From<Listed> for BackupShown {
    fn from((kept, head): Listed) -> Self {
        Self {
            name: kept.name,
            bytes: kept.bytes,
            written_at: kept.written_at,
            taken_at: head.as_ref().map(|head| head.taken_at),
            schema: head.as_ref().map(|head| head.schema),
            fits_schema: head.as_ref().map(|head| head.fits_schema),
            fits_key: head.as_ref().map(|head| head.fits_key),
            program: head.map(|head| head.program),
        }
    }
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backups {
    /// Where they lie on the server.
    pub folder: String,
    /// Newest first; none where several firms share the database.
    pub backups: Vec<BackupShown>,
}

/// Backups that lie on the server
#[utoipa::path(get, path = "/api/v1/backups", tag = "backups",
    responses((status = 200, description = "The backups", body = Backups)))]
async fn list_backups(Extension(house): Shared) -> Result<Json<Backups>, Problem> {
    let listed = listed_here(&house).await?;
    Ok(Json(Backups {
        folder: folder(&house.data_dir).display().to_string(),
        backups: listed.into_iter().map(BackupShown::from).collect(),
    }))
}

/// A backup that is being made.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupBegun {
    /// `GET /api/v1/jobs/{job}` says how it stands.
    pub job: String,
}

/// Make a backup that stays on the server
#[utoipa::path(post, path = "/api/v1/backups", tag = "backups",
    responses((status = 200, description = "The job that makes it; one that is under way already is that one",
        body = BackupBegun)))]
async fn begin_backup(Extension(house): Shared) -> Result<Json<BackupBegun>, Problem> {
    Ok(Json(BackupBegun { job: begin_keep(&house).await? }))
}
