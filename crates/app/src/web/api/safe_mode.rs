//! Trying out: whether letters leave, switching that, and what was rehearsed.

use axum::{Extension, Json};
use dunlin_core::access::Right::Settings;
use dunlin_store::Rehearsal as Row;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::problem::Problem;
use super::read::Told;
use super::wire::ShortName;
use crate::house::House;
use crate::use_cases::change_settings::{enter_safe_mode, go_live};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(get_safe_mode, begin_safe_mode, end_safe_mode, list_rehearsals))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/safe-mode", Who::May(Settings), || get(get_safe_mode)),
        Door::form("/api/v1/safe-mode/on", Who::May(Settings), || post(begin_safe_mode)),
        Door::form("/api/v1/safe-mode/live", Who::May(Settings), || post(end_safe_mode)),
        Door::page("/api/v1/rehearsals", Who::May(Settings), || get(list_rehearsals)),
    ]
}

/// Whether letters leave.
#[derive(Debug, Serialize, ToSchema)]
pub struct SafeMode {
    /// Nothing leaves to buyers; letters go to the firm itself and advance nothing.
    pub on: bool,
    /// How many letters were rehearsed.
    pub rehearsed: i64,
}

async fn shown(house: &House) -> Result<Json<SafeMode>, Problem> {
    let on = house.store.tenant(house.tenant.id).await?.settings.safe_mode;
    Ok(Json(SafeMode { on, rehearsed: house.store.rehearsal_count(house.tenant.id).await? }))
}

/// Whether letters leave, or are rehearsed
#[utoipa::path(get, path = "/api/v1/safe-mode", tag = "safe-mode",
    responses((status = 200, description = "How it stands", body = SafeMode)))]
async fn get_safe_mode(Extension(house): Shared) -> Result<Json<SafeMode>, Problem> {
    shown(&house).await
}

/// Stop everything that would leave to buyers; what waited goes on waiting
#[utoipa::path(post, path = "/api/v1/safe-mode/on", tag = "safe-mode",
    responses((status = 200, description = "How it stands now", body = SafeMode)))]
async fn begin_safe_mode(Extension(house): Shared) -> Result<Json<SafeMode>, Problem> {
    enter_safe_mode(&house).await?;
    shown(&house).await
}

/// The firm's name, typed: from now on letters leave.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiveAsked {
    /// As the firm is called.
    pub typed: ShortName,
}

/// Go live: letters leave from now on, beginning with the real first steps
#[utoipa::path(post, path = "/api/v1/safe-mode/live", tag = "safe-mode", request_body = LiveAsked,
    responses((status = 200, description = "How it stands now", body = SafeMode)))]
async fn end_safe_mode(Extension(house): Shared, Told(asked): Told<LiveAsked>) -> Result<Json<SafeMode>, Problem> {
    go_live(&house, &asked.typed.0).await?;
    shown(&house).await
}

/// A letter that would have left.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsalShown {
    #[schema(example = "D-0017")]
    pub debtor: String,
    pub channel: String,
    pub language: String,
    /// When it would have left.
    pub send_at: Timestamp,
    /// When it was written.
    pub at: Timestamp,
    /// `null`: whoever would have read it was erased.
    pub to: Option<String>,
    pub subject: Option<String>,
    pub body: Option<String>,
    /// `sent` to the firm itself, `kept`, or what went wrong.
    pub outcome: String,
}

impl From<Row> for RehearsalShown {
    fn from(row: Row) -> Self {
        let (to, subject, body) = match row.text {
            Some(text) => (Some(text.to), Some(text.subject), Some(text.body)),
            None => (None, None, None),
        };
        Self {
            debtor: format!("D-{:04}", row.party_number),
            channel: row.letter.channel,
            language: row.letter.language,
            send_at: row.letter.send_at,
            at: row.at,
            to,
            subject,
            body,
            outcome: row.outcome,
        }
    }
}

/// The newest ones.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rehearsals {
    pub rehearsals: Vec<RehearsalShown>,
}

/// As many as the page shows.
const MOST: i64 = 100;

/// What was rehearsed, the newest hundred
#[utoipa::path(get, path = "/api/v1/rehearsals", tag = "safe-mode",
    responses((status = 200, description = "The rehearsals", body = Rehearsals)))]
async fn list_rehearsals(Extension(house): Shared) -> Result<Json<Rehearsals>, Problem> {
    let rows = house.store.rehearsals(house.tenant.id, MOST).await?;
    Ok(Json(Rehearsals { rehearsals: rows.into_iter().map(RehearsalShown::from).collect() }))
}
