//! What the address in a problem's `type` leads to.

use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::problem::{KINDS, NOT_FOUND, Problem};
use crate::web::answer::get;
use crate::web::doors::{Door, Who};

#[derive(OpenApi)]
#[openapi(paths(get_problem_kind))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![Door::page("/api/problems/{kind}", Who::Anyone, || get(get_problem_kind))]
}

/// A kind of problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemKind {
    #[serde(rename = "type")]
    #[schema(example = "/api/problems/not-found")]
    pub kind: String,
    pub status: u16,
    pub title: &'static str,
    /// When it happens, and what the caller can do.
    pub remedy: &'static str,
}

/// Which kind.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// The last part of `type`.
    #[param(example = "not-found")]
    kind: String,
}

/// What a kind of problem means
#[utoipa::path(get, path = "/api/problems/{kind}", tag = "problems", params(InPath),
    responses((status = 200, description = "The kind", body = ProblemKind)))]
async fn get_problem_kind(Path(path): Path<InPath>) -> Result<Json<ProblemKind>, Problem> {
    let found = KINDS.iter().find(|known| known.word == path.kind);
    let found = found.ok_or_else(|| Problem::new(NOT_FOUND, format!("there is no kind of problem ‘{}’", path.kind)))?;
    Ok(Json(ProblemKind {
        kind: format!("/api/problems/{}", found.word),
        status: found.status.as_u16(),
        title: found.title,
        remedy: found.remedy,
    }))
}
