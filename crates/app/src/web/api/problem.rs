//! Errors of the API as problem details (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What went wrong, for programs and for the people who write them.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// A word that stays the same: `not-found`, `forbidden`.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    pub instance: String,
}

impl Problem {
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>, instance: &str) -> Self {
        Self {
            kind: format!("/api/problems/{kind}"),
            title: status.canonical_reason().unwrap_or("Error").to_string(),
            status: status.as_u16(),
            detail: detail.into(),
            instance: instance.to_string(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        (status, [(header::CONTENT_TYPE, kind)], body).into_response()
    }
}

/// No such call.
pub fn not_found(path: &str) -> Response {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "there is no such call", path).into_response()
}
