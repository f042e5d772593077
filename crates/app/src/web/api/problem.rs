//! Errors of the API as problem details (RFC 9457). One line of [`KINDS`] per kind, which is also what
//! `/api/problems/{kind}` answers; a kind keeps its word for ever, because programs compare it.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dunlin_core::access::Right;
use dunlin_core::money::MoneyError;
use dunlin_core::receivable::ledger::LedgerRefusal;
use dunlin_core::refusal::Refusal;
use dunlin_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::house::{Forbidden, NeedsPerson};
use crate::import::ImportError;

/// What can go wrong, in general.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub word: &'static str,
    pub status: StatusCode,
    pub title: &'static str,
    /// When it happens, and what the caller can do.
    pub remedy: &'static str,
}

const fn kind(word: &'static str, status: StatusCode, title: &'static str, remedy: &'static str) -> Kind {
    Kind { word, status, title, remedy }
}

pub const BAD_REQUEST: Kind = kind(
    "bad-request",
    StatusCode::BAD_REQUEST,
    "The request cannot be read",
    "Body, query or a header is not of the shape that the OpenAPI document describes; `detail` says where. Correct it \
     and send it again.",
);
pub const UNAUTHORIZED: Kind = kind(
    "unauthorized",
    StatusCode::UNAUTHORIZED,
    "No key, or one that opens nothing",
    "Send `Authorization: Bearer <token>` with a token that was neither ended nor has run out, of a user who is active.",
);
pub const FORBIDDEN: Kind = kind(
    "forbidden",
    StatusCode::FORBIDDEN,
    "Not allowed",
    "The right in `right` is missing in the role of the user, in the scopes of the token, or in both. The refusal is \
     in the audit log.",
);
pub const NEEDS_PERSON: Kind = kind(
    "needs-person",
    StatusCode::FORBIDDEN,
    "Only a person does this",
    "What asks for a password, wants a second pair of eyes, or lets somebody in is done by a person who is signed in, on the \
     page in `page`. No scope changes that. The refusal is in the audit log.",
);
pub const NOT_FOUND: Kind = kind(
    "not-found",
    StatusCode::NOT_FOUND,
    "Not here",
    "There is no such call or thing, or it is out of sight of this token; the two are told apart by nobody.",
);
pub const NO_SUCH_METHOD: Kind = kind(
    "method-not-allowed",
    StatusCode::METHOD_NOT_ALLOWED,
    "The path has no such method",
    "The header `Allow` names those it has.",
);
pub const REFUSED: Kind = kind(
    "refused",
    StatusCode::CONFLICT,
    "Not as things stand",
    "The request was understood and nothing was changed: the thing is in a state that does not allow it. `detail` says \
     why and what to do first.",
);
pub const UNDER_WAY: Kind = kind(
    "under-way",
    StatusCode::CONFLICT,
    "The first request with this key is still being worked on",
    "Wait a moment and send the same request with the same `Idempotency-Key` again.",
);
pub const ANSWER_LOST: Kind = kind(
    "answer-lost",
    StatusCode::CONFLICT,
    "It was done, and its answer was lost",
    "Do not send it again with another key. The program stopped between the change and its answer: read what the request \
     was about to see how it stands.",
);
pub const CHANGED: Kind = kind(
    "changed-meanwhile",
    StatusCode::PRECONDITION_FAILED,
    "The thing has changed since it was read",
    "Read it again, look whether the change is still wanted, and send it with the new `ETag` in `If-Match`.",
);
pub const TOO_LARGE: Kind = kind(
    "too-large",
    StatusCode::PAYLOAD_TOO_LARGE,
    "The body is too large",
    "Files may have 30 MB, every other body 1 MB. Split the file.",
);
pub const WRONG_TYPE: Kind = kind(
    "wrong-content-type",
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "The body is of another type",
    "Send the `Content-Type` that the OpenAPI document names for the call.",
);
pub const NOT_POSSIBLE: Kind = kind(
    "not-possible",
    StatusCode::UNPROCESSABLE_ENTITY,
    "A value makes no sense",
    "The request has the right shape, but a value in it cannot be meant; `detail` names it.",
);
pub const KEY_REUSED: Kind = kind(
    "key-reused",
    StatusCode::UNPROCESSABLE_ENTITY,
    "The idempotency key belongs to another request",
    "Use a new `Idempotency-Key` for every new request, and the same one only to repeat a request unchanged.",
);
pub const TOO_MANY: Kind = kind(
    "too-many-requests",
    StatusCode::TOO_MANY_REQUESTS,
    "Too many requests",
    "Wait as many seconds as the header `Retry-After` says.",
);
pub const BEING_RESTORED: Kind = kind(
    "being-restored",
    StatusCode::SERVICE_UNAVAILABLE,
    "A backup is being restored",
    "Nothing was done. Wait as many seconds as the header `Retry-After` says. Tokens made before the restore open nothing \
     afterwards: make a new one.",
);
pub const INTERNAL: Kind = kind(
    "internal",
    StatusCode::INTERNAL_SERVER_ERROR,
    "Something went wrong here",
    "Try again with the same `Idempotency-Key`; if it stays, whoever runs the program finds the reason in its log.",
);

/// All kinds there are.
pub const KINDS: [Kind; 17] = [
    BAD_REQUEST,
    UNAUTHORIZED,
    FORBIDDEN,
    NEEDS_PERSON,
    NOT_FOUND,
    NO_SUCH_METHOD,
    REFUSED,
    UNDER_WAY,
    ANSWER_LOST,
    CHANGED,
    TOO_LARGE,
    WRONG_TYPE,
    NOT_POSSIBLE,
    KEY_REUSED,
    TOO_MANY,
    BEING_RESTORED,
    INTERNAL,
];

/// What went wrong, for programs and for the people who write them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Address of the kind, which stays the same.
    #[serde(rename = "type")]
    #[schema(example = "/api/problems/not-found")]
    pub kind: String,
    pub title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened this time, where, and what to do.
    #[schema(value_type = String)]
    pub detail: Box<str>,
    /// Path of the request.
    #[schema(value_type = String)]
    pub instance: Box<str>,
    /// With `forbidden`: code of the right that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub right: Option<Right>,
    /// With `needs-person`: path of the page on which a person does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/settings/bank")]
    pub page: Option<&'static str>,
    #[serde(skip)]
    headers: Vec<(HeaderName, String)>,
}

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/api/problems/{}", kind.word),
            title: kind.title,
            status: kind.status.as_u16(),
            detail: detail.into().into_boxed_str(),
            instance: Box::default(),
            right: None,
            page: None,
            headers: Vec::new(),
        }
    }

    pub fn forbidden(right: Right, detail: impl Into<String>) -> Self {
        Self { right: Some(right), ..Self::new(FORBIDDEN, detail) }
    }

    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Names the request it is about.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.instance = path.into();
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        for (name, value) in &self.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name.clone(), value);
            }
        }
        // The guard writes it again with the path of the request.
        response.extensions_mut().insert(self);
        response
    }
}

impl<E: Into<anyhow::Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        of_error(&error.into())
    }
}

/// What a use case says becomes the kind that fits: what it refuses in words is a refusal, the rest is our fault.
fn of_error(error: &anyhow::Error) -> Problem {
    if let Some(forbidden) = error.downcast_ref::<Forbidden>() {
        return Problem::forbidden(forbidden.right, forbidden.to_string());
    }
    if let Some(needs) = error.downcast_ref::<NeedsPerson>() {
        return Problem { page: Some(needs.page), ..Problem::new(NEEDS_PERSON, needs.to_string()) };
    }
    let store = error.chain().find_map(|cause| cause.downcast_ref::<StoreError>());
    match (store, error.downcast_ref::<ImportError>()) {
        (Some(store), _) | (None, Some(ImportError::Store(store))) => return of_store(store, error),
        (None, Some(_)) => return Problem::new(NOT_POSSIBLE, format!("{error:#}")),
        (None, None) => {}
    }
    if error.is::<MoneyError>() {
        return Problem::new(NOT_POSSIBLE, format!("{error:#}"));
    }
    // One of the usual refusals, or `bail!` and `context` with words of its own: a use case that refuses.
    let usual = error.is::<Refusal>() || error.is::<LedgerRefusal>();
    let in_words = usual || error.is::<String>() || error.is::<&'static str>();
    if in_words { Problem::new(REFUSED, format!("{error:#}")) } else { internal(error) }
}

fn of_store(store: &StoreError, error: &anyhow::Error) -> Problem {
    match store {
        StoreError::NotFound { .. } => Problem::new(NOT_FOUND, format!("{error:#}")),
        StoreError::Refused(_) | StoreError::Told(_) | StoreError::Ledger(_) => {
            Problem::new(REFUSED, format!("{error:#}"))
        }
        StoreError::Money(_) => Problem::new(NOT_POSSIBLE, format!("{error:#}")),
        _ => internal(error),
    }
}

fn internal(error: &anyhow::Error) -> Problem {
    tracing::error!("a call failed: {error:#}");
    Problem::new(INTERNAL, "the program could not do this; nothing was changed")
}

#[cfg(test)]
mod tests {
    use dunlin_core::refusal::RefusalCode;

    use super::*;

    #[test]
    fn kinds_are_words_and_each_is_there_once() {
        for (index, kind) in KINDS.iter().enumerate() {
            assert!(kind.word.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", kind.word);
            assert!(KINDS.iter().skip(index + 1).all(|other| other.word != kind.word), "{} twice", kind.word);
        }
    }

    #[test]
    fn what_a_use_case_says_becomes_the_kind_that_fits() {
        let status = |error: anyhow::Error| of_error(&error).status;
        assert_eq!(status(anyhow::anyhow!("a hold needs a reason")), 409);
        assert_eq!(status(Refusal::new(RefusalCode::ReceivablePaid).into()), 409);
        assert_eq!(status(StoreError::Told(Refusal::new(RefusalCode::ReceivablePaid)).into()), 409);
        assert_eq!(status(Forbidden::new(Right::Lower).into()), 403);
        assert_eq!(status(NeedsPerson { what: "looks", page: "/today" }.into()), 403);
        assert_eq!(status(StoreError::not_found("letter", "L-0001").into()), 404);
        assert_eq!(status(StoreError::Database("gone".to_string()).into()), 500);
        assert_eq!(status(anyhow::Error::from(StoreError::Database("gone".to_string())).context("reading")), 500);
        assert_eq!(status(std::io::Error::other("disk").into()), 500);
    }
}
