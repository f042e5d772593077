//! Forms about one's own account.

use dunlin_core::refusal::{Refusal, RefusalCode};
use std::collections::HashMap;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::{Extension, Form};
use dunlin_core::access::Right;
use serde::Deserialize;

use super::{Done, Shared, answer, said};
use crate::refused;
use crate::use_cases::manage_tokens::create_token;
use crate::use_cases::manage_users::change_password;
use crate::use_cases::own_account::{
    OwnForm, change_own, drop_factor, end_key, end_session, keep_factor, tried_factor, try_factor,
};
use crate::web::again::{Again, TriedFactor};
use crate::web::guard::Guest;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Own {
    name: String,
    ui_language: String,
    signature: String,
    reply_to: String,
    latin_name: String,
}

pub async fn own(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Own>) -> Response {
    // The switch in the rail sets a cookie; what is chosen here takes its place.
    let known = matches!(f.ui_language.as_str(), "en" | "zh-CN");
    let cookie = match known {
        true => format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", f.ui_language),
        false => "lang=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly".to_string(),
    };
    let mut response = answer(house, headers, "/settings/me", async |house, show| {
        let Own { name, ui_language, signature, reply_to, latin_name } = f;
        let form = OwnForm { name, ui_language, signature, reply_to, latin_name };
        change_own(house, &form).await?;
        Ok(said(show, "toast-saved"))
    })
    .await;
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Secrets {
    old: String,
    new: String,
    password: String,
    ticket: String,
    code: String,
}

pub async fn password(
    Extension(house): Shared,
    Extension(guest): Extension<Guest>,
    headers: HeaderMap,
    Form(f): Form<Secrets>,
) -> Response {
    answer(house, headers, "/settings/me", async |house, show| {
        change_password(house, &f.old, &f.new, guest.session).await?;
        Ok(said(show, "toast-password"))
    })
    .await
}

/// A second factor to try: kept nowhere before a code has shown that the app has it. Its picture is on the page that comes
/// next.
pub async fn begin_factor(Extension(house): Shared, headers: HeaderMap) -> Response {
    answer(house, headers, "/settings/me#factor", async |house, _| {
        let (_, ticket) = try_factor(house).await?;
        Ok(Done::told(String::new()).showing(Again::Factor(TriedFactor { ticket, problem: String::new() })))
    })
    .await
}

pub async fn finish_factor(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Secrets>) -> Response {
    answer(house, headers, "/settings/me", async |house, show| {
        let Err(problem) = keep_factor(house, &f.ticket, &f.code, &f.password).await else {
            return Ok(said(show, "toast-factor"));
        };
        // The same picture again: whoever mistyped need not begin anew. Too late, it is not to be had any more.
        if tried_factor(house, &f.ticket).await.is_err() {
            return Err(problem);
        }
        let problem = refused::sentence(&problem, show.ui());
        Ok(Done::told(String::new()).showing(Again::Factor(TriedFactor { ticket: f.ticket.clone(), problem })))
    })
    .await
}

pub async fn remove_factor(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Secrets>) -> Response {
    answer(house, headers, "/settings/me", async |house, show| {
        drop_factor(house, &f.password).await?;
        Ok(said(show, "toast-factor-gone"))
    })
    .await
}

pub async fn end_own_session(Extension(house): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(house, headers, "/settings/me", async |house, show| {
        let id = id.parse().map_err(|_| Refusal::new(RefusalCode::Missing).with("name", &id))?;
        end_session(house, id).await?;
        Ok(said(show, "toast-session-ended"))
    })
    .await
}

/// The key is shown on the page that comes next, for a few minutes, and nowhere else.
pub async fn new_key(Extension(house): Shared, headers: HeaderMap, Form(f): Form<HashMap<String, String>>) -> Response {
    let text = |name: &str| f.get(name).cloned().unwrap_or_default();
    answer(house, headers, "/settings/me", async |house, show| {
        let days = text("days").trim().parse().map_err(|_| Refusal::new(RefusalCode::DaysMissing))?;
        let ticked = |right: &&Right| f.contains_key(&format!("right_{}", right.code()));
        let rights: Vec<Right> = Right::ALL.iter().copied().filter(|right| ticked(&right)).collect();
        let me = house.actor.user_id().ok_or_else(|| Refusal::new(RefusalCode::UserNotIn))?;
        let made = create_token(house, me, &text("name"), &rights, days).await?;
        Ok(said(show, "toast-key-made").showing(Again::Key(made.bearer)))
    })
    .await
}

pub async fn end_own_key(Extension(house): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(house, headers, "/settings/me", async |house, show| {
        let id = id.parse().map_err(|_| Refusal::new(RefusalCode::Missing).with("name", &id))?;
        end_key(house, id).await?;
        Ok(said(show, "toast-key-ended"))
    })
    .await
}
