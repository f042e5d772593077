//! Forms about who works here and who looks after whose buyers.

use dunlin_core::refusal::{Refusal, RefusalCode};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::{Extension, Form};
use dunlin_core::access::Role;
use dunlin_core::ids::UserId;
use dunlin_store::people::users::UserState;
use serde::Deserialize;

use super::{Shared, answer, day, debtor, said};
use crate::building::Building;
use crate::use_cases::manage_users::{
    change, erase_user, hand_over, hand_over_all, invite, invite_again, name_stand_in, stop_stand_in,
};
use crate::web::load::settings::people as load;
use crate::web::pages;
use crate::web::routes::{PageError, Visit};
use crate::web::view::settings::InviteLink;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Person {
    name: String,
    email: String,
    role: String,
    state: String,
}

fn role(code: &str) -> anyhow::Result<Role> {
    Ok(Role::from_code(code).ok_or_else(|| Refusal::new(RefusalCode::Missing).with("name", code))?)
}

fn user(text: &str) -> anyhow::Result<UserId> {
    Ok(text.trim().parse().map_err(|_| Refusal::new(RefusalCode::Missing).with("name", text))?)
}

/// Where the invitation is taken up: the address that others reach, else the one this browser uses.
fn link(building: &Building, headers: &HeaderMap, tenant: i64, secret: &str) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let base = building.public_url.clone().unwrap_or_else(|| format!("http://{host}"));
    format!("{base}/join/{tenant}/{secret}")
}

/// The link is shown once, on the answer itself: it never travels in a cookie or an address.
async fn with_link(visit: &Visit, made: anyhow::Result<InviteLink>) -> Response {
    let shown = async {
        let link = made?;
        let mut page = load::load(&visit.house, &visit.show).await?;
        page.link = Some(link);
        anyhow::Ok(page)
    };
    match shown.await {
        Ok(page) => visit.answer("settings", pages::settings::people, Ok(page)).await,
        Err(error) => visit.trouble(&PageError(error), "/settings/people"),
    }
}

pub async fn invite_person(
    State(building): State<Arc<Building>>,
    Extension(house): Shared,
    headers: HeaderMap,
    Form(f): Form<Person>,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/people", None).answering();
    let made = async {
        let (_, secret) = invite(&visit.house, &f.name, &f.email, role(&f.role)?).await?;
        anyhow::Ok(InviteLink { name: f.name.clone(), link: link(&building, &headers, visit.house.tenant.id, &secret) })
    };
    let made = made.await;
    with_link(&visit, made).await
}

pub async fn invite_person_again(
    State(building): State<Arc<Building>>,
    Extension(house): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let visit = Visit::new(house, &headers, "/settings/people", None).answering();
    let made = async {
        let id = user(&id)?;
        let secret = invite_again(&visit.house, id).await?;
        let name = visit.house.store.user(visit.house.tenant.id, id).await?.name;
        anyhow::Ok(InviteLink { name, link: link(&building, &headers, visit.house.tenant.id, &secret) })
    };
    let made = made.await;
    with_link(&visit, made).await
}

/// Forgets who somebody was who has left.
pub async fn erase_person_here(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(f): Form<Person>,
) -> Response {
    answer(house, headers, "/settings/people", async |house, show| {
        erase_user(house, user(&id)?, &f.name).await?;
        Ok(said(show, "toast-erased"))
    })
    .await
}

pub async fn change_person(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(f): Form<Person>,
) -> Response {
    answer(house, headers, "/settings/people", async |house, show| {
        let state = match f.state.as_str() {
            "active" => UserState::Active,
            "left" => UserState::Left,
            "invited" => UserState::Invited,
            other => return Err(Refusal::new(RefusalCode::Missing).with("name", other).into()),
        };
        change(house, user(&id)?, role(&f.role)?, state).await?;
        Ok(said(show, "toast-saved"))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Cover {
    absent: String,
    deputy: String,
    from: String,
    until: String,
}

pub async fn cover(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Cover>) -> Response {
    answer(house, headers, "/settings/people", async |house, show| {
        name_stand_in(house, user(&f.absent)?, user(&f.deputy)?, day(&f.from)?, day(&f.until)?).await?;
        Ok(said(show, "toast-cover"))
    })
    .await
}

pub async fn end_cover(Extension(house): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(house, headers, "/settings/people", async |house, show| {
        stop_stand_in(house, &id).await?;
        Ok(said(show, "toast-cover-ended"))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Handing {
    was: String,
    becomes: String,
    next: String,
}

pub async fn reassign(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Handing>) -> Response {
    answer(house, headers, "/settings/people", async |house, show| {
        let from = if f.was.is_empty() { None } else { Some(user(&f.was)?) };
        let count = hand_over_all(house, from, user(&f.becomes)?).await?;
        Ok(super::Done { text: show.words.t1("toast-reassigned", "n", count), undo: None })
    })
    .await
}

/// One buyer into other hands; nobody's when nobody is named.
pub async fn assign(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(f): Form<Handing>,
) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let to = if f.becomes.is_empty() { None } else { Some(user(&f.becomes)?) };
        hand_over(house, debtor(house, &name).await?, to).await?;
        Ok(said(show, "toast-assigned"))
    })
    .await
}
