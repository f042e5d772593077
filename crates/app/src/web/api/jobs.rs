//! Long work that goes on by itself: how far it is, and how it ended.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_store::{Job as Row, Seen};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::problem::Problem;
use crate::use_cases::see_job::see_job;
use crate::web::answer::get;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(get_job))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![Door::page("/api/v1/jobs/{job}", Who::SignedIn, || get(get_job)).about(Seen::Job)]
}

/// Long work that somebody started.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobShown {
    pub id: String,
    /// `import`, `sync`, `backup`, `backup_look`.
    #[schema(example = "backup")]
    pub kind: String,
    /// Name of the file or the service.
    pub what: String,
    /// `running`, `done`, `failed`, `lost`: the program was stopped meanwhile.
    #[schema(example = "done")]
    pub state: String,
    pub done: i64,
    /// 0: how much there is to do is not known.
    pub total: i64,
    /// Why it failed, in the language of the user or the firm.
    pub problem: Option<String>,
    pub began_at: Timestamp,
    /// The last sign of life.
    pub seen_at: Timestamp,
}

impl From<Row> for JobShown {
    fn from(row: Row) -> Self {
        let state = if row.is_lost(Timestamp::now()) { "lost".to_string() } else { row.state };
        Self {
            problem: row.result.filter(|_| state == "failed"),
            id: row.id,
            kind: row.kind,
            what: row.what,
            state,
            done: row.done,
            total: row.total,
            began_at: row.recorded_at,
            seen_at: row.seen_at,
        }
    }
}

/// Which job.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct JobInPath {
    /// As the call that began it named it.
    job: String,
}

/// How long work stands
#[utoipa::path(get, path = "/api/v1/jobs/{job}", tag = "jobs", params(JobInPath),
    responses((status = 200, description = "The job", body = JobShown)))]
async fn get_job(Extension(house): Shared, Path(path): Path<JobInPath>) -> Result<Json<JobShown>, Problem> {
    Ok(Json(see_job(&house, &path.job).await?.into()))
}
