//! Who looks after whose buyers while somebody is away.

use axum::extract::Path;
use axum::http::{Method, StatusCode};
use axum::{Extension, Json};
use dunlin_core::access::Right::Assign;
use dunlin_core::ids::UserId;
use dunlin_store::{Seen, StandIn as Row};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::problem::{NOT_POSSIBLE, Problem};
use super::read::Told;
use super::wire::{Day, ShortName};
use crate::use_cases::manage_users::{name_stand_in, stop_stand_in};
use crate::web::answer::{delete, get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_stand_ins, add_stand_in, end_stand_in))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let end = Door::form("/api/v1/stand-ins/{id}", Who::May(Assign), || delete(end_stand_in));
    vec![
        Door::page("/api/v1/stand-ins", Who::May(Assign), || get(list_stand_ins)),
        Door::form("/api/v1/stand-ins", Who::May(Assign), || post(add_stand_in)),
        end.about(Seen::Cover).by(Method::DELETE),
    ]
}

/// Somebody's buyers in somebody else's hands for a while.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandIn {
    pub id: String,
    /// Id of the user who is away.
    pub absent: String,
    /// Id of the user who sees those buyers meanwhile.
    pub deputy: String,
    pub from: Day,
    /// The last day.
    pub until: Day,
}

impl From<Row> for StandIn {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            absent: row.absent_id.to_string(),
            deputy: row.deputy_id.to_string(),
            from: Day(row.from_on),
            until: Day(row.until_on),
        }
    }
}

/// Those of today and of days to come.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandIns {
    pub stand_ins: Vec<StandIn>,
}

/// Who stands in for whom, today and later
#[utoipa::path(get, path = "/api/v1/stand-ins", tag = "users",
    responses((status = 200, description = "All of them", body = StandIns)))]
async fn list_stand_ins(Extension(house): Shared) -> Result<Json<StandIns>, Problem> {
    let rows = house.store.stand_ins(house.tenant.id, house.today()).await?;
    Ok(Json(StandIns { stand_ins: rows.into_iter().map(StandIn::from).collect() }))
}

/// Who is to stand in for whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StandInAsked {
    /// Id of the user who is away.
    pub absent: ShortName,
    /// Id of the user who sees those buyers meanwhile.
    pub deputy: ShortName,
    pub from: Day,
    /// The last day; it ends by itself.
    pub until: Day,
}

fn user(field: &str, id: &str) -> Result<UserId, Problem> {
    id.trim().parse().map_err(|_| Problem::new(NOT_POSSIBLE, format!("{field}: that is not the id of a user")))
}

/// Name somebody who stands in; wants the scope `see_everybody` as well
#[utoipa::path(post, path = "/api/v1/stand-ins", tag = "users", request_body = StandInAsked,
    responses((status = 200, description = "All of them, as they are now", body = StandIns)))]
async fn add_stand_in(Extension(house): Shared, Told(asked): Told<StandInAsked>) -> Result<Json<StandIns>, Problem> {
    let (absent, deputy) = (user("absent", &asked.absent.0)?, user("deputy", &asked.deputy.0)?);
    name_stand_in(&house, absent, deputy, asked.from.to_come("from")?, asked.until.to_come("until")?).await?;
    list_stand_ins(Extension(house)).await
}

/// Which one.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// As the list names it.
    id: String,
}

/// End a stand-in now
#[utoipa::path(delete, path = "/api/v1/stand-ins/{id}", tag = "users", params(InPath),
    responses((status = 204, description = "It is ended")))]
async fn end_stand_in(Extension(house): Shared, Path(path): Path<InPath>) -> Result<StatusCode, Problem> {
    stop_stand_in(&house, &path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
