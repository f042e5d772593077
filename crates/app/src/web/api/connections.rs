//! Services outside that the firm is connected with. What opens them goes in and never comes out.

use axum::{Extension, Json};
use dunlin_core::access::Right::Settings;
use dunlin_store::Connection as Row;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::problem::Problem;
use super::read::Told;
use super::wire::{Note, Words};
use crate::shop::ALIEXPRESS;
use crate::use_cases::begin_sync::begin_sync;
use crate::use_cases::connect_service::{
    ServiceForm, Tested, begin_agreement, disconnect, finish_agreement, hook_path, service_named, set_service,
    test_connection,
};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    list_connections,
    set_connection,
    begin_connection_agreement,
    finish_connection_agreement,
    test_this_connection,
    end_connection,
    sync_connection
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/connections", Who::May(Settings), || get(list_connections)),
        Door::form("/api/v1/connections", Who::May(Settings), || post(set_connection)),
        Door::form("/api/v1/connections/agree", Who::May(Settings), || post(begin_connection_agreement)),
        Door::form("/api/v1/connections/agreed", Who::May(Settings), || post(finish_connection_agreement)),
        Door::form("/api/v1/connections/test", Who::May(Settings), || post(test_this_connection)),
        Door::form("/api/v1/connections/end", Who::May(Settings), || post(end_connection)),
        Door::form("/api/v1/connections/sync", Who::May(Settings), || post(sync_connection)),
    ]
}

/// A service that the firm is connected with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Connection {
    /// `aliexpress` or `track17`.
    #[schema(example = "aliexpress")]
    pub service: String,
    /// Where the service is reached.
    pub address: String,
    /// What the service calls our app; empty where it has no name.
    pub app_key: String,
    /// The seller has agreed; always true of a service that takes a key alone.
    pub agreed: bool,
    /// What the shop calls itself there.
    pub account: String,
    /// Messages leave by themselves; else a person pastes them.
    pub may_message: bool,
    /// When it was last read to the end of something.
    pub synced_at: Option<Timestamp>,
    /// Everything modified there before this is known here.
    pub reached_until: Option<Timestamp>,
    /// Why it does not work: `busy`, `refused`, `authorize`, `app`, `clock`, `keep`, `not_permitted`, `unreadable`, `account`, `quota`.
    pub problem: Option<String>,
    pub problem_at: Option<Timestamp>,
    /// The path at which the service tells news, below the address of the pages.
    pub hook: Option<String>,
}

fn told(house: &crate::house::House, row: Row) -> Connection {
    Connection {
        agreed: row.service != ALIEXPRESS || row.sealed_token.is_some(),
        hook: hook_path(house, &row),
        service: row.service,
        address: row.address,
        app_key: row.app_key,
        account: row.account,
        may_message: row.may_message,
        synced_at: row.synced_at,
        reached_until: row.reached_until,
        problem: Some(row.problem).filter(|problem| !problem.is_empty()),
        problem_at: row.problem_at,
    }
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Connections {
    pub connections: Vec<Connection>,
}

/// What the firm is connected with
#[utoipa::path(get, path = "/api/v1/connections", tag = "connections",
    responses((status = 200, description = "Every connection", body = Connections)))]
async fn list_connections(Extension(house): Shared) -> Result<Json<Connections>, Problem> {
    let rows = house.store.connections(house.tenant.id).await?;
    Ok(Json(Connections { connections: rows.into_iter().map(|row| told(&house, row)).collect() }))
}

/// An app of the marketplace, or the key of a tracking service.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionAsked {
    /// `aliexpress` or `track17`.
    #[schema(value_type = String, pattern = "^(aliexpress|track17)$", example = "aliexpress")]
    pub service: Words,
    /// What the service calls the app; not for `track17`.
    #[serde(default)]
    pub app_key: Note,
    /// App secret, or key. It is sealed, and never told again.
    pub secret: Words,
    /// Only for a stand-in on the machine that the program runs on.
    #[serde(default)]
    pub address: Note,
}

/// Keep what opens a service; an earlier connection with it ends
#[utoipa::path(post, path = "/api/v1/connections", tag = "connections", request_body = ConnectionAsked,
    responses((status = 200, description = "Every connection, as it is now", body = Connections)))]
async fn set_connection(
    Extension(house): Shared,
    Told(asked): Told<ConnectionAsked>,
) -> Result<Json<Connections>, Problem> {
    let service = service_named(&asked.service.0)?;
    let form = ServiceForm { app_key: asked.app_key.0, secret: asked.secret.0, address: asked.address.0 };
    set_service(&house, service, &form).await?;
    list_connections(Extension(house)).await
}

/// Where the seller comes back to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeAsked {
    /// As it is registered for the app.
    #[schema(value_type = String, min_length = 1, max_length = 2000, pattern = r"[^\s\x00-\x1f\x7f-\x9f]", example = "https://dunlin.example.com/settings/marketplace/return")]
    pub return_to: Words,
}

/// Where the seller signs in.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreeAt {
    /// To be opened in a browser within half an hour.
    pub address: String,
}

/// Begin the agreement of the seller with the marketplace
#[utoipa::path(post, path = "/api/v1/connections/agree", tag = "connections", request_body = AgreeAsked,
    responses((status = 200, description = "The address to open", body = AgreeAt)))]
async fn begin_connection_agreement(
    Extension(house): Shared,
    Told(asked): Told<AgreeAsked>,
) -> Result<Json<AgreeAt>, Problem> {
    Ok(Json(AgreeAt { address: begin_agreement(&house, &asked.return_to.0).await? }))
}

/// What the browser came back with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreedAsked {
    /// The whole address, with `code` and `state`.
    #[schema(value_type = String, min_length = 1, max_length = 2000, pattern = r"[^\s\x00-\x1f\x7f-\x9f]")]
    pub returned: Words,
}

/// What a service answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionTested {
    pub service: String,
    /// What the shop calls itself there.
    pub account: String,
    /// Messages leave by themselves; else a person pastes them.
    pub may_message: bool,
    /// Numbers that may still be registered, of a tracking service.
    pub numbers_left: Option<i64>,
}

impl From<Tested> for ConnectionTested {
    fn from(tested: Tested) -> Self {
        let Tested { service, account, may_message, numbers_left } = tested;
        Self { service, account, may_message, numbers_left }
    }
}

/// Finish the agreement: the shop is connected
#[utoipa::path(post, path = "/api/v1/connections/agreed", tag = "connections", request_body = AgreedAsked,
    responses((status = 200, description = "The shop, and what may be done there", body = ConnectionTested)))]
async fn finish_connection_agreement(
    Extension(house): Shared,
    Told(asked): Told<AgreedAsked>,
) -> Result<Json<ConnectionTested>, Problem> {
    Ok(Json(finish_agreement(&house, &asked.returned.0).await?.into()))
}

/// Which service.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceAsked {
    /// `aliexpress` or `track17`.
    #[schema(value_type = String, pattern = "^(aliexpress|track17)$", example = "track17")]
    pub service: Words,
}

/// Ask a service something that changes nothing there
#[utoipa::path(post, path = "/api/v1/connections/test", tag = "connections", request_body = ServiceAsked,
    responses((status = 200, description = "What it answered", body = ConnectionTested)))]
async fn test_this_connection(
    Extension(house): Shared,
    Told(asked): Told<ServiceAsked>,
) -> Result<Json<ConnectionTested>, Problem> {
    Ok(Json(test_connection(&house, service_named(&asked.service.0)?).await?.into()))
}

/// End a connection: what opens the service is deleted, what was read stays
#[utoipa::path(post, path = "/api/v1/connections/end", tag = "connections", request_body = ServiceAsked,
    responses((status = 200, description = "What is still connected", body = Connections)))]
async fn end_connection(
    Extension(house): Shared,
    Told(asked): Told<ServiceAsked>,
) -> Result<Json<Connections>, Problem> {
    disconnect(&house, service_named(&asked.service.0)?).await?;
    list_connections(Extension(house)).await
}

/// A reading that goes on by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct SyncBegun {
    /// Its page is `/jobs/{job}`.
    pub job: String,
}

/// Read what changed at the connected shop, now instead of with the next round
#[utoipa::path(post, path = "/api/v1/connections/sync", tag = "connections",
    responses((status = 200, description = "The job that reads; one that is under way already is that one", body = SyncBegun)))]
async fn sync_connection(Extension(house): Shared) -> Result<Json<SyncBegun>, Problem> {
    Ok(Json(SyncBegun { job: begin_sync(&house).await? }))
}
