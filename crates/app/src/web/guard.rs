//! The guard at every door: whose browser this is, whether they may come in here, whether they see what they ask
//! about, and whether the form is ours. A door that is not in the list is closed.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use dunlin_core::access::Right;
use dunlin_core::ids::{SessionId, TenantId};
use dunlin_store::people::sessions::Known;
use dunlin_store::{Actor, LogEntry, Seen, User, Via};
use jiff::Timestamp;

use super::doors::{Door, Who, door};
use super::entrance::plain;
use super::{again, api, restoring, routes};
use crate::building::Building;
use crate::credentials::{hash_secret, new_secret};
use crate::house::House;

/// Who makes a request.
#[derive(Debug, Clone, Default)]
pub struct Guest {
    pub user: Option<User>,
    pub session: Option<SessionId>,
    pub address: String,
    pub browser: String,
}

/// The cookie of a session: `tenant.session.secret`.
pub const SESSION: &str = "dunlin_session";
/// The cookie of a browser that somebody has signed in with.
pub const BROWSER: &str = "dunlin_browser";

/// A cookie's value.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A cookie to set; `days` 0 takes it away.
pub fn set_cookie(building: &Building, name: &str, value: &str, days: i64) -> String {
    let secure = if building.is_secure() { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={}; SameSite=Lax; HttpOnly{secure}", days * 86_400)
}

/// Reads `tenant.session.secret`.
fn parse_session(value: &str) -> Option<(TenantId, SessionId, &str)> {
    let mut parts = value.splitn(3, '.');
    let (tenant, id, secret) = (parts.next()?, parts.next()?, parts.next()?);
    Some((tenant.parse().ok()?, id.parse().ok()?, secret))
}

/// The session of a request, with a new cookie when its secret changed.
async fn known_guest(building: &Building, headers: &HeaderMap, guest: &mut Guest) -> anyhow::Result<Option<String>> {
    let Some((tenant, id, secret)) = cookie(headers, SESSION).and_then(parse_session) else {
        return Ok(None);
    };
    let now = Timestamp::now();
    let hash = hash_secret(secret);
    let (user_id, rotate) = match building.store.know_session(tenant, id, &hash, now).await? {
        Known::As { user_id, rotate } => (user_id, rotate),
        Known::Late { user_id } => (user_id, false),
        Known::Stolen { user_id } => {
            tracing::warn!("a former secret of session {id} of user {user_id} turned up late; the session was ended");
            return Ok(None);
        }
        Known::Nobody => return Ok(None),
    };
    guest.user = Some(building.store.user(tenant, user_id).await?);
    guest.session = Some(id);
    if !rotate {
        return Ok(None);
    }
    let fresh = new_secret()?;
    let changed = building.store.rotate_session(tenant, id, &hash, &hash_secret(&fresh), now).await?;
    Ok(changed.then(|| set_cookie(building, SESSION, &format!("{tenant}.{id}.{fresh}"), 30)))
}

/// The house of a user who is in, seen with their eyes.
pub async fn house_of(building: &Building, user: &User, via: Via, from: &str) -> anyhow::Result<House> {
    let house = building.house(user.tenant_id).await?;
    let sight = building.store.sight_of(user, house.today()).await?;
    let mut house = house.acting(Actor::user(via, user.acting(), from.to_string()));
    house.sight = sight;
    house.language.clone_from(&user.ui_language);
    Ok(house)
}

/// Stands before every page and form.
pub async fn guard(State(building): State<Arc<Building>>, mut request: Request, next: Next) -> Response {
    if !is_known_host(&building, request.headers()) {
        return plain(StatusCode::MISDIRECTED_REQUEST, request.headers(), "plain-other-name");
    }
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_string()).unwrap_or_default();
    let Some(door) = door(request.method(), &path) else {
        if request.uri().path().starts_with("/api/") {
            return api::guard::nowhere(request.method(), &path, request.uri().path());
        }
        let address = address_of(&building, &request);
        return nowhere(&building, request.headers(), request.uri(), address).await;
    };
    if building.restoring.is_under_way() && !door.path.starts_with("/assets/") {
        // What would be read or written now is about to be replaced, whose session this is as well.
        if door.is_api() {
            return api::guard::being_restored(request.uri().path());
        }
        return restoring::shown(&building, request.headers(), request.uri().query().unwrap_or(""));
    }
    if door.is_api() {
        return api::guard::guard(building, door, request, next).await;
    }
    if is_change(request.method()) && !is_own(&building, request.headers()) {
        return plain(StatusCode::FORBIDDEN, request.headers(), "plain-other-site");
    }
    // What everybody may keep a copy of must carry nobody's cookie.
    if door.path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let mut guest = Guest { address: address_of(&building, &request), ..Guest::default() };
    guest.browser = text_of(request.headers(), "user-agent").unwrap_or("").chars().take(200).collect();
    let fresh = match known_guest(&building, request.headers(), &mut guest).await {
        Ok(fresh) => fresh,
        Err(error) => {
            tracing::error!("a session could not be read: {error:#}");
            return plain(StatusCode::INTERNAL_SERVER_ERROR, request.headers(), "plain-database");
        }
    };
    let mut response = match let_in(&building, door, &guest, &mut request).await {
        Ok(None) => {
            request.extensions_mut().insert(guest.clone());
            let refused = (door, request.uri().path().to_string());
            let house = request.extensions().get::<Arc<House>>().cloned();
            let response = again::around(&building, &guest, request, next).await;
            note_refusal(house, refused, response.status()).await;
            response
        }
        Ok(Some(response)) => response,
        Err(error) => {
            tracing::error!("a request could not be let in: {error:#}");
            plain(StatusCode::INTERNAL_SERVER_ERROR, request.headers(), "plain-failed")
        }
    };
    if let Some(value) = fresh.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// A path that is on no list, or a method that its path does not have.
async fn nowhere(building: &Arc<Building>, headers: &HeaderMap, uri: &Uri, address: String) -> Response {
    let mut guest = Guest { address, ..Guest::default() };
    let known = known_guest(building, headers, &mut guest).await;
    if known.is_ok()
        && let Some(user) = &guest.user
        && let Ok(house) = house_of(building, user, Via::Page, &guest.address).await
    {
        return routes::no_such_page(Arc::new(house), headers, uri);
    }
    plain(StatusCode::NOT_FOUND, headers, "plain-no-page")
}

/// `None`: let in, with the house in the request. Else the answer that keeps them out.
async fn let_in(
    building: &Arc<Building>,
    door: &Door,
    guest: &Guest,
    request: &mut Request,
) -> anyhow::Result<Option<Response>> {
    let Some(user) = &guest.user else {
        if matches!(door.who, Who::Anyone) {
            return Ok(None);
        }
        let next = request.uri().path_and_query().map_or("/today", |path| path.as_str());
        let next = if request.method() == Method::GET { next } else { "/today" };
        return Ok(Some(routes::to_sign_in(next)));
    };
    let house = Arc::new(house_of(building, user, Via::Page, &guest.address).await?);
    request.extensions_mut().insert(house.clone());
    if let Who::May(right) = door.who
        && !user.role.may(right)
    {
        note(&house, door, request.uri().path(), Some(right)).await;
        return Ok(Some(routes::forbidden(&house, request.headers(), request.uri().path(), right)));
    }
    if let Some(seen) = door.about
        && !sees(&house, seen, &door.subject(request.uri().path())).await?
    {
        note(&house, door, request.uri().path(), None).await;
        return Ok(Some(routes::not_here(&house, request.headers(), request.uri().path())));
    }
    Ok(None)
}

/// Whether what is asked about lies within sight.
pub async fn sees(house: &House, seen: Seen, name: &str) -> anyhow::Result<bool> {
    Ok(house.store.sees(house.tenant.id, &house.sight, seen, name).await?)
}

/// A refusal by a page itself: another firm's number, a thing that is not there.
async fn note_refusal(house: Option<Arc<House>>, (door, path): (&'static Door, String), status: StatusCode) {
    if let Some(house) = house
        && door.about.is_some()
        && matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN)
    {
        note(&house, door, &path, None).await;
    }
}

/// Writes a refusal into the firm's log.
pub async fn note(house: &House, door: &Door, path: &str, right: Option<Right>) {
    let written = async {
        let mut commit = house.begin().await?;
        let path: String = path.chars().take(200).collect();
        let entry = LogEntry::new("access.refused", "path", door.path).fact("method", door.method.as_str());
        commit.log(entry.fact("path", path).fact("right", right.map(Right::code)));
        commit.finish().await
    };
    if let Err(error) = written.await {
        tracing::error!("a refusal could not be logged: {error:#}");
    }
}

pub const fn is_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Where a request comes from.
pub fn address_of(building: &Building, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    peer.map_or_else(|| "local".to_string(), |ip| building.proxies().guest(ip, request.headers()).to_string())
}

/// A page of another site may point its own name at this machine and would then count as our own origin: only names
/// that cannot be pointed elsewhere are served, and the one that was given.
fn is_known_host(building: &Building, headers: &HeaderMap) -> bool {
    let Some(host) = text_of(headers, "host") else {
        return true;
    };
    if building.public_url.as_deref().and_then(|url| url.split_once("://")).is_some_and(|(_, known)| known == host) {
        return true;
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok()
}

/// Whether a form is our own (Sec-Fetch-Site, else Origin against Host). Old browsers send neither with some forms;
/// for those the session's cookie, which is SameSite, stays away.
fn is_own(building: &Building, headers: &HeaderMap) -> bool {
    if let Some(site) = text_of(headers, "sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match (text_of(headers, "origin"), text_of(headers, "host")) {
        (Some(origin), _) if building.public_url.as_deref() == Some(origin) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        // Not a browser: tools send neither.
        (None, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_cookie_has_three_parts() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert!(
            parse_session(&format!("1.{id}.s.e.c")).is_some_and(|(tenant, _, secret)| tenant == 1 && secret == "s.e.c")
        );
        assert!(parse_session(&format!("x.{id}.s")).is_none());
        assert!(parse_session("1.nothing.s").is_none());
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("xdunlin_session=1; dunlin_session=2"));
        assert_eq!(cookie(&headers, SESSION), Some("2"));
        assert_eq!(cookie(&headers, BROWSER), None);
    }
}
