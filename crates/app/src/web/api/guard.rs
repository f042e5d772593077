//! The guard before the API: keys for programs only, never a browser's cookie. In this order: how many calls come from
//! there, whose key it is, how many calls it made, whether role *and* scopes allow the call, whether what it is about
//! lies in sight, how large the body is, and whether the same request was done before.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dunlin_core::access::Right;
use dunlin_core::ids::{TenantId, TokenId};
use dunlin_store::{ActingToken, Via};
use http_body_util::BodyExt;
use jiff::Timestamp;

use super::etag;
use super::idempotency::{self, Once, Turn};
use super::problem::{
    BAD_REQUEST, BEING_RESTORED, INTERNAL, NO_SUCH_METHOD, NOT_FOUND, Problem, TOO_LARGE, TOO_MANY, UNAUTHORIZED,
};
use crate::building::Building;
use crate::credentials::hash_secret;
use crate::house::House;
use crate::web::doors::{DOORS, Door, Who};
use crate::web::guard::{address_of, house_of, is_change, note, sees};

/// Largest body of a call that takes a file.
pub const FILE_LIMIT: usize = 30 * 1024 * 1024;
/// Largest body of any other call.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// Stands before every call.
pub async fn guard(building: Arc<Building>, door: &'static Door, request: Request, next: Next) -> Response {
    let place = request.uri().path().to_string();
    // A program that hangs up must not stop a change half way between the books and the kept answer.
    let worked = tokio::spawn(async move { work(&building, door, request, next).await });
    let response = match worked.await {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => problem.into_response(),
        Err(error) => {
            tracing::error!("{place} ended in the middle: {error}");
            Problem::new(INTERNAL, "the program could not finish this; look whether it was done").into_response()
        }
    };
    told(response, &place).await
}

/// In place of every call while a backup is read in place of everything.
pub fn being_restored(place: &str) -> Response {
    let problem = Problem::new(BEING_RESTORED, "a backup is being restored; nothing is read or changed meanwhile");
    problem.with_header(header::RETRY_AFTER, "5".to_string()).at(place).into_response()
}

/// A path that has no such call: unknown, or with another method.
pub fn nowhere(method: &Method, pattern: &str, place: &str) -> Response {
    let mut known: Vec<&str> =
        DOORS.iter().filter(|door| door.path == pattern).map(|door| door.method.as_str()).collect();
    if known.is_empty() || pattern.is_empty() {
        return Problem::new(NOT_FOUND, "there is no such call").at(place).into_response();
    }
    if known.contains(&"GET") {
        known.push("HEAD");
    }
    known.push("OPTIONS");
    let allowed = known.join(", ");
    if *method == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.headers_mut().extend(HeaderValue::from_str(&allowed).map(|value| (header::ALLOW, value)));
        return response;
    }
    let problem = Problem::new(NO_SUCH_METHOD, format!("{method} is not among {allowed}"));
    problem.with_header(header::ALLOW, allowed).at(place).into_response()
}

async fn work(
    building: &Arc<Building>,
    door: &'static Door,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let address = address_of(building, &request);
    building.calls.address(&address).map_err(too_many)?;
    if request.uri().query().is_some_and(|query| query.contains("%00")) {
        return Err(Problem::new(super::problem::NOT_POSSIBLE, "the query holds the character U+0000"));
    }
    if door.who == Who::Anyone {
        return Ok(with_etag(request, next).await);
    }
    let house = Arc::new(known(building, request.headers(), &address).await?);
    let Some(token) = house.actor.token.clone() else {
        return Err(nobody("no token was sent", None));
    };
    building.calls.token(token.id).map_err(too_many)?;
    allowed(&house, door, &token, request.uri().path()).await?;
    request.extensions_mut().insert(house.clone());
    let place = request.uri().path().to_string();
    let response = if is_change(request.method()) {
        change(&house, door, &token, request, next).await?
    } else {
        with_etag(request, next).await
    };
    let right = response.extensions().get::<Problem>().and_then(|problem| problem.right);
    note_refusal(&house, door, &place, (response.status(), right)).await;
    Ok(response)
}

/// Whose key it is, as the house they may see.
async fn known(building: &Arc<Building>, headers: &HeaderMap, address: &str) -> Result<House, Problem> {
    let Some(sent) = headers.get(header::AUTHORIZATION) else {
        return Err(nobody("this call needs a token: Authorization: Bearer …", None));
    };
    let refused = || nobody("this token opens nothing: it is wrong, was ended, or has run out", Some("invalid_token"));
    let (tenant, id, secret) = sent.to_str().ok().and_then(parse_bearer).ok_or_else(refused)?;
    let found = building.store.know_token(tenant, id, &hash_secret(secret), Timestamp::now()).await?;
    let token = found.ok_or_else(refused)?;
    let user = building.store.user(tenant, token.user_id).await?;
    let mut house = house_of(building, &user, Via::Api, address).await?;
    let scopes = token.scopes.split_whitespace().filter_map(Right::from_code).collect();
    house.actor.token = Some(ActingToken { id: token.id, scopes, expires_at: token.expires_at });
    if !house.actor.may(Right::SeeEverybody) {
        house.sight = building.store.own_sight(&user, house.today()).await?;
    }
    Ok(house)
}

/// `Bearer <tenant>.<token id>.<secret>`.
fn parse_bearer(value: &str) -> Option<(TenantId, TokenId, &str)> {
    let (scheme, token) = value.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let mut parts = token.trim().splitn(3, '.');
    let (tenant, id, secret) = (parts.next()?, parts.next()?, parts.next()?);
    Some((tenant.parse().ok()?, id.parse().ok()?, secret)).filter(|(_, _, secret)| !secret.is_empty())
}

/// Role and scopes allow the call, and what it is about lies in sight.
async fn allowed(house: &House, door: &'static Door, token: &ActingToken, place: &str) -> Result<(), Problem> {
    if let Who::May(right) = door.who
        && !house.actor.may(right)
    {
        note(house, door, place, Some(right)).await;
        let in_role = house.actor.user.as_ref().is_some_and(|user| user.role.may(right));
        let missing = match (in_role, token.scopes.contains(&right)) {
            (true, _) => "the scopes of this token lack",
            (false, true) => "the role of the user lacks",
            (false, false) => "the scopes of this token and the role of the user lack",
        };
        return Err(Problem::forbidden(right, format!("{missing} the right ‘{}’", right.code())));
    }
    if let Some(seen) = door.about
        && !sees(house, seen, &door.subject(place)).await?
    {
        note(house, door, place, None).await;
        return Err(Problem::new(NOT_FOUND, "there is no such thing here"));
    }
    Ok(())
}

/// Runs a request that changes something: with its whole body, and once for each key.
async fn change(
    house: &Arc<House>,
    door: &'static Door,
    token: &ActingToken,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let bytes =
        whole(&parts.headers, body, if super::FILE_CALLS.contains(&door.path) { FILE_LIMIT } else { BODY_LIMIT })
            .await?;
    let Some(key) = idempotency::key_of(&parts.headers)? else {
        return Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await);
    };
    let request = (&parts.method, &parts.uri, &parts.headers, &bytes);
    match idempotency::take(house, token.id, key, request).await? {
        Turn::Again(response) => Ok(response),
        Turn::First(once) => {
            let place = parts.uri.path().to_string();
            let mut request = Request::from_parts(parts, Body::from(bytes));
            if !super::REPEATABLE_CALLS.contains(&door.path) {
                request.extensions_mut().insert(Arc::new(once.marking(house)));
            }
            // In a task of its own: even what breaks in the middle gives the key back.
            let worked = tokio::spawn(async move { told(next.run(request).await, &place).await }).await;
            kept(house, once, worked.ok()).await
        }
    }
}

async fn kept(house: &House, once: Once, response: Option<Response>) -> Result<Response, Problem> {
    let Some(response) = response else {
        once.keep(house, None).await?;
        return Err(Problem::new(INTERNAL, "the program could not finish this; look whether it was done"));
    };
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await?;
    once.keep(house, Some((parts.status, &bytes))).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// The whole body, if it is not too large.
async fn whole(headers: &HeaderMap, mut body: Body, limit: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(TOO_LARGE, format!("the body may have {limit} bytes"));
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        // Read past some of it: who is still sending would not see the answer.
        let mut read = 0;
        while let Some(Ok(frame)) = body.frame().await
            && read <= limit
        {
            read += frame.data_ref().map_or(0, Bytes::len);
        }
        return Err(too_large());
    }
    to_bytes(body, limit).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        match source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>()) {
            true => too_large(),
            false => Problem::new(BAD_REQUEST, "the body broke off"),
        }
    })
}

/// Runs a request that only reads; 304 when the caller has the answer already.
async fn with_etag(mut request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    // HEAD is answered as GET would be; the server takes the body off at the end.
    *request.method_mut() = Method::GET;
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::new(INTERNAL, "the answer broke off").into_response();
    };
    let tag = etag::of_bytes(&bytes);
    parts.headers.extend(HeaderValue::from_str(&tag).map(|value| (header::ETAG, value)));
    if etag::is_known(&headers, &tag) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The answer as it leaves: every error is a problem with the path it is about, and nothing is kept on the way.
async fn told(response: Response, place: &str) -> Response {
    let (problem, is_foreign) = (response.extensions().get::<Problem>().cloned(), is_foreign_error(&response));
    let mut response = match problem {
        Some(problem) => problem.at(place).into_response(),
        None if is_foreign => {
            // Said by the framework: a broken path, a body that cannot be read.
            let status = response.status();
            let text = to_bytes(response.into_body(), BODY_LIMIT).await.unwrap_or_default();
            let kind = if status.is_server_error() { INTERNAL } else { BAD_REQUEST };
            Problem::new(kind, String::from_utf8_lossy(&text)).at(place).into_response()
        }
        None => response,
    };
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("authorization"));
    response
}

fn is_foreign_error(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    (status.is_client_error() || status.is_server_error())
        && kind.is_none_or(|kind| kind.as_bytes() != b"application/problem+json")
}

/// What a call itself refuses is written down like what the guard refuses.
async fn note_refusal(house: &House, door: &'static Door, place: &str, (status, right): (StatusCode, Option<Right>)) {
    let out_of_sight = status == StatusCode::NOT_FOUND && door.about.is_some();
    if status == StatusCode::FORBIDDEN || out_of_sight {
        note(house, door, place, right).await;
    }
}

fn nobody(detail: &str, error: Option<&str>) -> Problem {
    let scheme = match error {
        Some(error) => format!("Bearer realm=\"dunlin\", error=\"{error}\""),
        None => "Bearer realm=\"dunlin\"".to_string(),
    };
    Problem::new(UNAUTHORIZED, detail).with_header(header::WWW_AUTHENTICATE, scheme)
}

fn too_many(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let problem = Problem::new(TOO_MANY, format!("too many calls; the next one may come in {seconds} s"));
    problem.with_header(header::RETRY_AFTER, seconds.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_three_parts_after_the_word_bearer() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let sent = format!("bearer 1.{id}.s.e.c");
        assert!(parse_bearer(&sent).is_some_and(|(tenant, _, secret)| tenant == 1 && secret == "s.e.c"));
        assert!(parse_bearer(&format!("Basic 1.{id}.s")).is_none());
        assert!(parse_bearer(&format!("Bearer 1.{id}.")).is_none());
        assert!(parse_bearer("Bearer x").is_none());
    }
}
