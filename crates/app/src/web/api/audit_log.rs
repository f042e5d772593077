//! The log of who did what, newest first.

use axum::{Extension, Json};
use dunlin_core::access::Right::AuditLog;
use dunlin_store::{LogFilter, LogLine};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::paging::{Limit, Page, after, page};
use super::problem::{NOT_POSSIBLE, Problem};
use super::read::Asked;
use crate::web::answer::get;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_audit_log, check_audit_log))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/audit-log", Who::May(AuditLog), || get(list_audit_log)),
        Door::page("/api/v1/audit-log/check", Who::May(AuditLog), || get(check_audit_log)),
    ]
}

/// One line of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogLineShown {
    pub number: i64,
    pub at: Timestamp,
    /// `system`, `command_line`, `page`, `api`.
    pub via: String,
    /// `null` for the system and the command line.
    pub user: Option<String>,
    /// `null` also for users who were erased.
    pub user_name: Option<String>,
    #[schema(example = "letter.approved")]
    pub verb: String,
    #[schema(example = "letter")]
    pub noun: String,
    #[schema(example = "L-0012")]
    pub subject: String,
    /// States, amounts, days; `by_token` names the token that was used.
    pub facts: Value,
    /// Words about or by people; `null` when there were none, or the person was erased.
    pub personal: Option<Value>,
    /// Words stood here, and nobody can read them any more: whoever they were about was erased.
    pub erased: bool,
    /// Hash of the line before it; empty in the first.
    pub previous_hash: String,
    /// Over this line and the hash of the one before.
    pub hash: String,
}

impl From<LogLine> for LogLineShown {
    fn from(line: LogLine) -> Self {
        Self {
            number: line.number,
            at: line.at,
            via: line.via,
            user: line.user_id.map(|id| id.to_string()),
            user_name: line.user_name,
            verb: line.verb,
            noun: line.noun,
            subject: line.subject,
            facts: line.facts,
            personal: line.personal,
            erased: line.erased,
            previous_hash: line.previous_hash,
            hash: line.hash,
        }
    }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Rows of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Only what this user did, by id.
    #[param(value_type = Option<String>)]
    user: String,
    /// Only lines about things of this noun.
    #[param(value_type = Option<String>, example = "letter")]
    noun: String,
    /// Only lines about this one.
    #[param(value_type = Option<String>, example = "L-0001")]
    subject: String,
}

/// Lines of the audit log, newest first
#[utoipa::path(get, path = "/api/v1/audit-log", tag = "audit-log", params(ListQuery),
    responses((status = 200, description = "A page of lines", body = Page<LogLineShown>)))]
async fn list_audit_log(
    Extension(house): Shared,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<Page<LogLineShown>>, Problem> {
    let after = after("audit-log", query.cursor.as_deref(), query.limit)?;
    let user_id = match query.user.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| Problem::new(NOT_POSSIBLE, "user: that is not the id of a user"))?),
    };
    let filter = LogFilter { user_id, noun: query.noun, subject: query.subject, before: after.key };
    let lines = house.store.audit_log(house.tenant.id, &filter, after.limit).await?;
    page("audit-log", query.limit, lines, |line| line.number, |line| Ok(line.into()))
}

/// Whether the log is whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogChecked {
    pub whole: bool,
    /// Number of the line at which the chain breaks.
    pub broken_at: Option<i64>,
}

/// Follow the chain of the log from its first line: every line is read
#[utoipa::path(get, path = "/api/v1/audit-log/check", tag = "audit-log",
    responses((status = 200, description = "Whether the log is whole", body = LogChecked)))]
async fn check_audit_log(Extension(house): Shared) -> Result<Json<LogChecked>, Problem> {
    let broken = house.store.check_audit_log(house.tenant.id).await?;
    Ok(Json(LogChecked { whole: broken.is_none(), broken_at: broken.map(|broken| broken.number) }))
}
