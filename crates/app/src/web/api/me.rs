//! Whose token this is, and what it may do.

use axum::{Extension, Json};
use dunlin_core::access::Right;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::problem::{Problem, UNAUTHORIZED};
use crate::web::answer::get;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(get_me))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![Door::page("/api/v1/me", Who::SignedIn, || get(get_me))]
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    pub user: MyUser,
    pub firm: MyFirm,
    pub token: MyToken,
    /// What this token may do here: the rights that both its scopes and the role of the user have.
    #[schema(value_type = Vec<String>, example = json!(["see", "work"]))]
    pub rights: Vec<Right>,
    /// The firm's time: the clock, or the moment at which a demo stands.
    pub now: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyUser {
    pub id: String,
    pub name: String,
    pub email: String,
    #[schema(example = "sales")]
    pub role: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyFirm {
    pub number: i64,
    pub name: String,
    pub is_demo: bool,
    /// IANA zone in which days are meant.
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyToken {
    pub id: String,
    #[schema(value_type = Vec<String>)]
    pub scopes: Vec<Right>,
    pub expires_at: Timestamp,
}

/// Whose token this is
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, description = "Who asks", body = Me)))]
async fn get_me(Extension(house): Shared) -> Result<Json<Me>, Problem> {
    let (Some(id), Some(token)) = (house.actor.user_id(), house.actor.token.clone()) else {
        return Err(Problem::new(UNAUTHORIZED, "no token was sent"));
    };
    let user = house.store.user(house.tenant.id, id).await?;
    Ok(Json(Me {
        user: MyUser { id: id.to_string(), name: user.name, email: user.email, role: user.role.code() },
        firm: MyFirm {
            number: house.tenant.id,
            name: house.tenant.name.clone(),
            is_demo: house.tenant.is_demo,
            time_zone: house.tenant.settings.time_zone.clone(),
        },
        rights: Right::ALL.iter().copied().filter(|right| house.actor.may(*right)).collect(),
        token: MyToken { id: token.id.to_string(), scopes: token.scopes, expires_at: token.expires_at },
        now: house.now(),
    }))
}
