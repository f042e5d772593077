//! One's own settings, and the browsers one is signed in with. Password and second factor are no matter of programs.

use axum::extract::Path;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::{Extension, Json};
use dunlin_core::access::Right::Work;
use dunlin_store::{Seen, StoreError, User};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::etag;
use super::problem::Problem;
use super::read::Told;
use super::wire::{Line, Note};
use crate::use_cases::own_account::{OwnForm, change_own, end_session, me};
use crate::web::answer::{delete, get, patch};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(get_own_settings, patch_own_settings, list_own_sessions, end_own_session))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let end = Door::form("/api/v1/me/sessions/{session}", Who::SignedIn, || delete(end_own_session));
    vec![
        Door::page("/api/v1/me/settings", Who::SignedIn, || get(get_own_settings)),
        // The signature stands under letters, and answers go to the reply address: not for a key that only looks.
        Door::form("/api/v1/me/settings", Who::May(Work), || patch(patch_own_settings)).by(Method::PATCH),
        Door::page("/api/v1/me/sessions", Who::SignedIn, || get(list_own_sessions)),
        end.about(Seen::Session).by(Method::DELETE),
    ]
}

/// What a user sets about themselves.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSettings {
    pub name: String,
    /// Of the pages: `en`, `zh-CN`; empty: that of the firm.
    pub page_language: String,
    /// Lines under one's letters; empty: those of the firm.
    pub signature: String,
    /// Where answers to one's letters go; empty: to the firm.
    pub reply_to: String,
    /// One's name under letters that are not in Chinese.
    pub latin_name: String,
    /// Signs in with a code as well.
    pub second_factor: bool,
}

impl From<User> for OwnSettings {
    fn from(user: User) -> Self {
        Self {
            name: user.name,
            page_language: user.ui_language.unwrap_or_default(),
            signature: user.signature,
            reply_to: user.reply_to,
            latin_name: user.latin_name,
            second_factor: user.totp_sealed.is_some(),
        }
    }
}

/// One's own settings
#[utoipa::path(get, path = "/api/v1/me/settings", tag = "me",
    responses((status = 200, description = "The settings", body = OwnSettings)))]
async fn get_own_settings(Extension(house): Shared) -> Result<Json<OwnSettings>, Problem> {
    Ok(Json(me(&house).await?.into()))
}

/// What is to be another way; a field that is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OwnChange {
    name: Option<Line>,
    /// `en`, `zh-CN`, or empty: that of the firm.
    page_language: Option<Line>,
    /// At most 10 lines and 600 characters.
    signature: Option<Note>,
    /// An email address, or empty.
    reply_to: Option<Line>,
    latin_name: Option<Line>,
}

/// Change one's own settings
#[utoipa::path(patch, path = "/api/v1/me/settings", tag = "me", request_body = OwnChange,
    responses((status = 200, description = "The settings as they are now", body = OwnSettings)))]
async fn patch_own_settings(
    Extension(house): Shared,
    headers: HeaderMap,
    Told(change): Told<OwnChange>,
) -> Result<Json<OwnSettings>, Problem> {
    let known = OwnSettings::from(me(&house).await?);
    etag::expect_unchanged(&headers, &known)?;
    let or = |told: Option<Line>, known: String| told.map_or(known, |line| line.0);
    let form = OwnForm {
        name: or(change.name, known.name),
        ui_language: or(change.page_language, known.page_language),
        signature: change.signature.map_or(known.signature, |note| note.0),
        reply_to: or(change.reply_to, known.reply_to),
        latin_name: or(change.latin_name, known.latin_name),
    };
    change_own(&house, &form).await?;
    Ok(Json(me(&house).await?.into()))
}

/// A browser one is signed in with.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSession {
    pub id: String,
    /// What it says of itself.
    pub browser: String,
    pub address: String,
    /// The last sign of life.
    pub seen_at: Timestamp,
    pub since: Timestamp,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSessions {
    pub sessions: Vec<OwnSession>,
}

/// The browsers one is signed in with
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "me",
    responses((status = 200, description = "The browsers, the last used first", body = OwnSessions)))]
async fn list_own_sessions(Extension(house): Shared) -> Result<Json<OwnSessions>, Problem> {
    let user = me(&house).await?;
    let rows = house.store.sessions_of(house.tenant.id, user.id, Timestamp::now()).await?;
    let session = |row: dunlin_store::people::sessions::Session| OwnSession {
        id: row.id.to_string(),
        browser: row.browser,
        address: row.address,
        seen_at: row.seen_at,
        since: row.recorded_at,
    };
    Ok(Json(OwnSessions { sessions: rows.into_iter().map(session).collect() }))
}

/// Which browser.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SessionInPath {
    /// As the list names it.
    session: String,
}

/// Sign oneself out of one browser
#[utoipa::path(delete, path = "/api/v1/me/sessions/{session}", tag = "me", params(SessionInPath),
    responses((status = 204, description = "Signed out")))]
async fn end_own_session(Extension(house): Shared, Path(path): Path<SessionInPath>) -> Result<StatusCode, Problem> {
    let id = path.session.parse().map_err(|_| StoreError::not_found("session", path.session))?;
    end_session(&house, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
