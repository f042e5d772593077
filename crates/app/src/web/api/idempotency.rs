//! Doing a thing once: a request that changes something may carry an `Idempotency-Key`, and the same request with the
//! same key gets the first answer again instead of a second effect.
//!
//! The answer is kept a day, sealed, because it may hold names or the secret of a new token. What fails on our side
//! (5xx) is not kept: the next try is a real one. Every change made for the request notes in its own transaction that
//! the key is used ([`dunlin_store::OnceKey`]), so a machine that stops between the change and its answer leaves a key
//! under which nothing is done again. Stopped before any change, it is free again after ten minutes
//! (docs/decisions/0015-api.md).

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use dunlin_core::ids::TokenId;
use dunlin_store::OnceKey;
use dunlin_store::people::tokens::Repeated;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::problem::{ANSWER_LOST, BAD_REQUEST, KEY_REUSED, Problem, UNDER_WAY};
use crate::house::House;

/// The header that names a request.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A request with a key.
pub struct Once(OnceKey);

/// What to do with it.
pub enum Turn {
    /// Do it, then [`Once::keep`] the answer.
    First(Once),
    /// It was done.
    Again(Response),
}

/// The key of a request, if it has one.
pub fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(KEY) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or("");
    if (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Some(text.to_string()));
    }
    Err(Problem::new(BAD_REQUEST, "Idempotency-Key: 1 to 200 visible ASCII characters without spaces"))
}

/// Takes the key for this request, or finds what became of the request that has it.
pub async fn take(
    house: &House,
    token: TokenId,
    key: String,
    request: (&Method, &Uri, &HeaderMap, &Bytes),
) -> Result<Turn, Problem> {
    let once = Once(OnceKey { token, key, taken_at: Timestamp::now() });
    match house.store.take_idempotency_key(house.tenant.id, &once.0, &hash_of(request)).await? {
        Repeated::First => Ok(Turn::First(once)),
        Repeated::Answered { status, body } => {
            let body = house.store.key().open(&once.purpose(house), &body)?;
            Ok(Turn::Again(answered(status, body)))
        }
        Repeated::Different => {
            Err(Problem::new(KEY_REUSED, format!("‘{}’ came with another request before", once.0.key)))
        }
        Repeated::Unanswered { changed_at } => Err(Problem::new(
            ANSWER_LOST,
            format!("what this request asked for was done at {changed_at}, and the program stopped before it answered"),
        )),
        Repeated::UnderWay => {
            let wait = Problem::new(UNDER_WAY, "the first request with this key is still being worked on");
            Err(wait.with_header(header::RETRY_AFTER, "2"))
        }
    }
}

/// Everything that makes two requests the same.
fn hash_of((method, uri, headers, body): (&Method, &Uri, &HeaderMap, &Bytes)) -> String {
    let mut all = Sha256::new();
    let kind = super::read::content_type(headers);
    let place = uri.path_and_query().map_or("", |place| place.as_str());
    for part in [method.as_str().as_bytes(), place.as_bytes(), kind.as_bytes(), body] {
        // With its length before it, no part runs into the next.
        all.update((part.len() as u64).to_le_bytes());
        all.update(part);
    }
    all.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An answer as it was: its type follows from its status.
fn answered(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let is_problem = status.is_client_error();
    let kind = if is_problem { "application/problem+json" } else { "application/json" };
    let mut response = (status, body).into_response();
    if status == StatusCode::NO_CONTENT {
        response.headers_mut().remove(header::CONTENT_TYPE);
    } else {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

impl Once {
    /// What the kept answer is sealed for: another request's does not fit.
    fn purpose(&self, house: &House) -> String {
        format!("idempotent answer {} {} {}", house.tenant.id, self.0.token, self.0.key)
    }

    /// The same house, in which every change says that it was made for this request.
    pub fn marking(&self, house: &House) -> House {
        let mut house = house.clone();
        house.actor.once = Some(self.0.clone());
        house
    }

    /// Keeps the answer for the next time; what failed on our side, or was never tried, is free to be tried again.
    pub async fn keep(self, house: &House, answer: Option<(StatusCode, &[u8])>) -> anyhow::Result<()> {
        let kept = answer.filter(|(status, _)| !status.is_server_error());
        let sealed = match kept {
            Some((status, body)) => Some((status.as_u16(), house.store.key().seal(&self.purpose(house), body)?)),
            None => None,
        };
        let answer = sealed.as_ref().map(|(status, body)| (*status, body.as_str()));
        Ok(house.store.keep_answer(house.tenant.id, &self.0, answer).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_the_same_by_method_place_type_and_body() {
        let hash = |method, place: &str, body: &'static str| {
            let uri: Uri = place.parse().expect("a place");
            hash_of((&method, &uri, &HeaderMap::new(), &Bytes::from_static(body.as_bytes())))
        };
        let first = hash(Method::POST, "/a?b=1", "{}");
        assert_eq!(first, hash(Method::POST, "/a?b=1", "{}"));
        assert_ne!(first, hash(Method::DELETE, "/a?b=1", "{}"));
        assert_ne!(first, hash(Method::POST, "/a?b=2", "{}"));
        assert_ne!(first, hash(Method::POST, "/a?b=1", "{ }"));
        assert_ne!(hash(Method::POST, "/a", "b"), hash(Method::POST, "/ab", ""));
    }

    #[test]
    fn a_key_is_visible_ascii() {
        let with = |value: &'static str| HeaderMap::from_iter([(KEY, HeaderValue::from_static(value))]);
        assert_eq!(key_of(&HeaderMap::new()).expect("none").as_deref(), None);
        assert_eq!(key_of(&with("order-17")).expect("a key").as_deref(), Some("order-17"));
        assert!(key_of(&with("two words")).is_err());
        assert!(key_of(&with("")).is_err());
    }
}
