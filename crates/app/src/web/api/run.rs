//! A run: decide, audit, commit, for the whole firm.

use axum::{Extension, Json};
use dunlin_core::access::Right::Settings;
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};

use super::problem::Problem;
use super::read::Told;
use crate::use_cases::run_decisions::{RunOptions, run_decisions};
use crate::use_cases::tell_run::{ToldRun, tell_run};
use crate::web::answer::post;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(run_firm))]
pub struct Document;

pub const PATH: &str = "/api/v1/run";

pub fn doors() -> Vec<Door> {
    vec![Door::form(PATH, Who::May(Settings), || post(run_firm))]
}

/// How to run.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RunAsked {
    /// Decide and tell, commit nothing.
    dry_run: bool,
}

/// Decide about every debtor whose time has come; the worker of `serve` does the same by itself
#[utoipa::path(post, path = "/api/v1/run", tag = "run", request_body = RunAsked,
    responses((status = 200, description = "What the run did, or would do", body = ToldRun)))]
async fn run_firm(Extension(house): Shared, Told(asked): Told<RunAsked>) -> Result<Json<ToldRun>, Problem> {
    let options = RunOptions { dry_run: asked.dry_run, keep_actions: true, ..RunOptions::default() };
    let account = run_decisions(&house, options).await?;
    Ok(Json(tell_run(&house, &account)))
}
