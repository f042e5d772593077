//! What comes with a call: a JSON body, a query. What is of another shape than the OpenAPI document says is refused
//! here, with the place.

use axum::body::Bytes;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use super::problem::{BAD_REQUEST, NOT_POSSIBLE, Problem, WRONG_TYPE};

/// A JSON body.
pub struct Told<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Told<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = content_type(request.headers());
        if kind != "application/json" {
            let found = if kind.is_empty() { "no type was named".to_string() } else { format!("it is ‘{kind}’") };
            return Err(Problem::new(WRONG_TYPE, format!("the body has to be application/json; {found}")));
        }
        let bytes =
            Bytes::from_request(request, state).await.map_err(|error| Problem::new(BAD_REQUEST, error.body_text()))?;
        if bytes.windows(6).any(|six| six == b"\\u0000") {
            return Err(Problem::new(
                NOT_POSSIBLE,
                "a text in the body holds the character U+0000, which no text here may",
            ));
        }
        axum::Json::<T>::from_bytes(&bytes)
            .map(|axum::Json(told)| Self(told))
            .map_err(|error| Problem::new(BAD_REQUEST, what_and_where(&error)))
    }
}

/// `until: invalid date at line 1 column 19`.
fn what_and_where(error: &JsonRejection) -> String {
    let text = error.body_text();
    let shape = text.strip_prefix("Failed to deserialize the JSON body into the target type: ");
    let syntax = text.strip_prefix("Failed to parse the request body as JSON: ");
    match (shape, syntax) {
        (Some(what), _) => format!("the body does not have the shape of this call: {what}"),
        (None, Some(what)) => format!("the body is no JSON: {what}"),
        (None, None) => text,
    }
}

/// The query.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(error) => Err(Problem::new(BAD_REQUEST, format!("the query is not understood: {}", error.body_text()))),
        }
    }
}

/// The type of a body without its parameters, in lower case; empty when none was named.
pub fn content_type(headers: &HeaderMap) -> String {
    let named = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    named.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// A file sent as the whole body: one of these types.
pub fn expect_file(headers: &HeaderMap, types: &[&str]) -> Result<(), Problem> {
    let kind = content_type(headers);
    if types.contains(&kind.as_str()) {
        return Ok(());
    }
    let found = if kind.is_empty() { "no type was named".to_string() } else { format!("it is ‘{kind}’") };
    Err(Problem::new(WRONG_TYPE, format!("the file has to be one of {}; {found}", types.join(", "))))
}
