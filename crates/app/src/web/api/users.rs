//! Who works in the firm. A program may enter somebody, and take rights away; it lets nobody in: the link of an invitation
//! is made by a person on the page of people, and no token gives a right that it has not itself.

use axum::extract::Path;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::{Extension, Json};
use dunlin_core::access::Right::{Assign, Users};
use dunlin_core::access::Role;
use dunlin_core::ids::UserId;
use dunlin_store::{Seen, StoreError, User, UserState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::etag;
use super::paging::{Limit, Page, after, page};
use super::problem::Problem;
use super::read::{Asked, Told};
use super::wire::ShortName;
use crate::house::House;
use crate::use_cases::manage_users::{change, erase_user, hand_over_all, register, sign_out_everywhere};
use crate::web::answer::{get, patch, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_users, register_user, get_user, patch_user, sign_out_user, hand_over_buyers, erase_this_user))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let act = |path, right, answer| Door::form(path, Who::May(right), answer).about(Seen::User);
    vec![
        Door::page("/api/v1/users", Who::May(Assign), || get(list_users)),
        Door::form("/api/v1/users", Who::May(Users), || post(register_user)),
        Door::page("/api/v1/users/{user}", Who::May(Assign), || get(get_user)).about(Seen::User),
        act("/api/v1/users/{user}", Users, || patch(patch_user)).by(Method::PATCH),
        act("/api/v1/users/{user}/sign-out", Users, || post(sign_out_user)),
        act("/api/v1/users/{user}/hand-over", Assign, || post(hand_over_buyers)),
        act("/api/v1/users/{user}/erase", Users, || post(erase_this_user)),
    ]
}

/// Somebody who works in the firm.
#[derive(Debug, Serialize, ToSchema)]
pub struct Colleague {
    pub id: String,
    pub name: String,
    pub email: String,
    /// `sales`, `manager`, `finance`, `owner`, `auditor`.
    #[schema(example = "sales")]
    pub role: &'static str,
    /// `invited`, `active`, `left`.
    #[schema(example = "active")]
    pub state: &'static str,
    /// Signs in with a code as well.
    pub second_factor: bool,
}

impl From<User> for Colleague {
    fn from(user: User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name,
            email: user.email,
            role: user.role.code(),
            state: user.state.code(),
            second_factor: user.totp_sealed.is_some(),
        }
    }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Rows of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Who works here, and who has left
#[utoipa::path(get, path = "/api/v1/users", tag = "users", params(ListQuery),
    responses((status = 200, description = "A page of users", body = Page<Colleague>)))]
async fn list_users(
    Extension(house): Shared,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<Page<Colleague>>, Problem> {
    let after = after::<String>("users", query.cursor.as_deref(), query.limit)?;
    // As many as work in one firm: read as a whole, and cut here. Of whoever was erased there is nothing to show.
    let mut users = house.store.users(house.tenant.id).await?;
    users.retain(|user| !user.email.is_empty() && user.id.to_string() > after.key);
    users.sort_by_key(|user| user.id.to_string());
    page("users", query.limit, users, |user| user.id.to_string(), |user| Ok(user.into()))
}

/// Which user.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct UserInPath {
    /// Id of the user.
    user: String,
}

async fn known(house: &House, id: &str) -> Result<User, Problem> {
    let missing = || StoreError::not_found("user", id);
    let user = house.store.user(house.tenant.id, id.parse::<UserId>().map_err(|_| missing())?).await?;
    if user.email.is_empty() { Err(missing().into()) } else { Ok(user) }
}

/// One user
#[utoipa::path(get, path = "/api/v1/users/{user}", tag = "users", params(UserInPath),
    responses((status = 200, description = "The user", body = Colleague)))]
async fn get_user(Extension(house): Shared, Path(path): Path<UserInPath>) -> Result<Json<Colleague>, Problem> {
    Ok(Json(known(&house, &path.user).await?.into()))
}

/// Somebody who is to work here.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserAsked {
    pub name: ShortName,
    /// By which they will sign in.
    pub email: ShortName,
    /// `sales`, `manager`, `finance`, `owner` or `auditor`; with no right that this token lacks.
    #[schema(value_type = String, pattern = "^(sales|manager|finance|owner|auditor)$", example = "sales")]
    pub role: Role,
}

/// Enter somebody; a person makes the link that lets them in, on the page of people
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = UserAsked,
    responses((status = 201, description = "The user, who is not in yet", body = Colleague)))]
async fn register_user(
    Extension(house): Shared,
    Told(asked): Told<UserAsked>,
) -> Result<(StatusCode, Json<Colleague>), Problem> {
    let id = register(&house, &asked.name.0, &asked.email.0, asked.role).await?;
    Ok((StatusCode::CREATED, Json(known(&house, &id.to_string()).await?.into())))
}

/// In or out.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateAsked {
    Active,
    Left,
}

/// What is to be another way; a field that is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UserChange {
    /// `sales`, `manager`, `finance`, `owner` or `auditor`.
    #[schema(value_type = Option<String>, pattern = "^(sales|manager|finance|owner|auditor)$", example = "sales")]
    role: Option<Role>,
    /// `left`: browsers, tokens and invitations end at once. `active`: back again.
    state: Option<StateAsked>,
}

/// Change a role, let somebody go, take somebody back
#[utoipa::path(patch, path = "/api/v1/users/{user}", tag = "users", params(UserInPath), request_body = UserChange,
    responses((status = 200, description = "The user as they are now", body = Colleague)))]
async fn patch_user(
    Extension(house): Shared,
    Path(path): Path<UserInPath>,
    headers: HeaderMap,
    Told(asked): Told<UserChange>,
) -> Result<Json<Colleague>, Problem> {
    let user = known(&house, &path.user).await?;
    let (id, was) = (user.id, (user.role, user.state));
    etag::expect_unchanged(&headers, &Colleague::from(user))?;
    let state = match asked.state {
        Some(StateAsked::Active) => UserState::Active,
        Some(StateAsked::Left) => UserState::Left,
        None => was.1,
    };
    let becomes = (asked.role.unwrap_or(was.0), state);
    // What is so already needs no change, and no line in the log.
    if becomes != was {
        change(&house, id, becomes.0, becomes.1).await?;
    }
    Ok(Json(known(&house, &path.user).await?.into()))
}

/// What signing out did.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedOut {
    /// Browsers that had not been signed out before.
    pub browsers: u64,
}

/// Sign a user out of every browser; password, second factor and tokens stay
#[utoipa::path(post, path = "/api/v1/users/{user}/sign-out", tag = "users", params(UserInPath),
    responses((status = 200, description = "How many browsers", body = SignedOut)))]
async fn sign_out_user(Extension(house): Shared, Path(path): Path<UserInPath>) -> Result<Json<SignedOut>, Problem> {
    let user = known(&house, &path.user).await?;
    Ok(Json(SignedOut { browsers: sign_out_everywhere(&house, user.id).await? }))
}

/// Who looks after the buyers from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverAsked {
    /// Id of a user who has not left.
    pub to: ShortName,
}

/// What handing over did.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandedOver {
    pub buyers: u64,
}

/// Hand all buyers of a user over to another one
#[utoipa::path(post, path = "/api/v1/users/{user}/hand-over", tag = "users", params(UserInPath),
    request_body = HandOverAsked,
    responses((status = 200, description = "How many buyers", body = HandedOver)))]
async fn hand_over_buyers(
    Extension(house): Shared,
    Path(path): Path<UserInPath>,
    Told(asked): Told<HandOverAsked>,
) -> Result<Json<HandedOver>, Problem> {
    let from = known(&house, &path.user).await?;
    let to = known(&house, &asked.to.0).await?;
    Ok(Json(HandedOver { buyers: hand_over_all(&house, Some(from.id), to.id).await? }))
}

/// The name once more: there is no way back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseAsked {
    /// Exactly as it stands.
    pub typed: ShortName,
}

/// Forget who a user was who has left; what they did stays, under a number
#[utoipa::path(post, path = "/api/v1/users/{user}/erase", tag = "users", params(UserInPath), request_body = EraseAsked,
    responses((status = 204, description = "Forgotten")))]
async fn erase_this_user(
    Extension(house): Shared,
    Path(path): Path<UserInPath>,
    Told(asked): Told<EraseAsked>,
) -> Result<StatusCode, Problem> {
    let user = known(&house, &path.user).await?;
    erase_user(&house, user.id, &asked.typed.0).await?;
    Ok(StatusCode::NO_CONTENT)
}
