//! Keys for programs: one's own.

use axum::extract::Path;
use axum::http::{Method, StatusCode};
use axum::{Extension, Json};
use dunlin_core::access::Right;
use dunlin_store::Seen;
use dunlin_store::StoreError;
use dunlin_store::people::tokens::ApiToken;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::paging::{Limit, Page, after, page};
use super::problem::{BAD_REQUEST, NOT_POSSIBLE, Problem, UNAUTHORIZED};
use super::read::{Asked, Told};
use super::wire::Words;
use crate::use_cases::manage_tokens::{LONGEST_DAYS, create_token, end_token, own_tokens};
use crate::web::answer::{delete, get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_tokens, make_token, end_this_token))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/tokens", Who::SignedIn, || get(list_tokens)),
        Door::form("/api/v1/tokens", Who::SignedIn, || post(make_token)),
        Door::form("/api/v1/tokens/{id}", Who::SignedIn, || delete(end_this_token)).about(Seen::Key).by(Method::DELETE),
    ]
}

/// A token, without what opens the door.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    pub id: String,
    pub name: String,
    /// Codes of rights.
    #[schema(value_type = Vec<String>, example = json!(["see", "work"]))]
    pub scopes: Vec<Right>,
    pub expires_at: Timestamp,
    /// To the minute.
    pub used_at: Option<Timestamp>,
}

impl From<ApiToken> for Token {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            scopes: token.scopes.split_whitespace().filter_map(Right::from_code).collect(),
            expires_at: token.expires_at,
            used_at: token.used_at,
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

/// The tokens of the user whose token asks
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", params(ListQuery),
    responses((status = 200, description = "A page of tokens", body = Page<Token>)))]
async fn list_tokens(Extension(house): Shared, Asked(query): Asked<ListQuery>) -> Result<Json<Page<Token>>, Problem> {
    let after = after::<String>("tokens", query.cursor.as_deref(), query.limit)?;
    // A handful: read as a whole, and cut here.
    let mut tokens = own_tokens(&house).await?;
    tokens.retain(|token| token.id.to_string() > after.key);
    page("tokens", query.limit, tokens, |token| token.id.to_string(), |token| Ok(token.into()))
}

/// What a new token is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenAsked {
    pub name: Words,
    /// Codes of rights; at most those of the token that asks.
    #[schema(min_items = 1, max_items = 20, example = json!(["see"]))]
    scopes: Vec<String>,
    /// It ends after so many days, and not later than the token that asks.
    #[schema(minimum = 1, maximum = 366, example = 90)]
    #[serde(deserialize_with = "whole")]
    days: i64,
}

/// A new token, with what opens the door: shown here once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewToken {
    #[serde(flatten)]
    pub about: Token,
    /// For `Authorization: Bearer …`; kept nowhere in this form.
    pub token: String,
}

/// Make a token with no more rights, and no longer, than the one that asks
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = TokenAsked,
    responses((status = 201, description = "The token", body = NewToken)))]
async fn make_token(
    Extension(house): Shared,
    Told(asked): Told<TokenAsked>,
) -> Result<(StatusCode, Json<NewToken>), Problem> {
    if !(1..=LONGEST_DAYS).contains(&asked.days) {
        return Err(Problem::new(BAD_REQUEST, format!("days: 1 to {LONGEST_DAYS}")));
    }
    if asked.scopes.is_empty() || asked.scopes.len() > 20 {
        return Err(Problem::new(BAD_REQUEST, "scopes: name 1 to 20"));
    }
    let read = |code: &String| {
        Right::from_code(code).ok_or_else(|| Problem::new(NOT_POSSIBLE, format!("scopes: there is no right ‘{code}’")))
    };
    let scopes: Vec<Right> = asked.scopes.iter().map(read).collect::<Result<_, _>>()?;
    let Some(user) = house.actor.user_id() else {
        return Err(Problem::new(UNAUTHORIZED, "no token was sent"));
    };
    let made = create_token(&house, user, &asked.name.0, &scopes, asked.days).await?;
    let all = own_tokens(&house).await?;
    let about = all.into_iter().find(|token| token.id == made.id);
    let about = about.ok_or_else(|| StoreError::not_found("token", made.id.to_string()))?;
    Ok((StatusCode::CREATED, Json(NewToken { about: about.into(), token: made.bearer })))
}

/// Which token.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// As the list names it.
    id: String,
}

/// End a token of the user whose token asks; it opens nothing from now on
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "tokens", params(InPath),
    responses((status = 204, description = "It is ended")))]
async fn end_this_token(Extension(house): Shared, Path(path): Path<InPath>) -> Result<StatusCode, Problem> {
    let id = path.id.parse().map_err(|_| StoreError::not_found("token", path.id))?;
    end_token(&house, id, house.actor.user_id()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A whole number, also written as `90.0`: in JSON the two are one.
fn whole<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let whole =
        number.as_i64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e9).map(|n| n as i64));
    whole.ok_or_else(|| serde::de::Error::custom("expected a whole number"))
}
