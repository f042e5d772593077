//! The guard before the API.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use super::problem;
use crate::building::Building;
use crate::web::doors::Door;

/// Stands before every call.
pub async fn guard(_building: Arc<Building>, _door: &'static Door, request: Request, _next: Next) -> Response {
    problem::not_found(request.uri().path())
}
