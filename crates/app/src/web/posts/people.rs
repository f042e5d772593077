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

use super::{Sent, Shared, answer, day, debtor, said};
use crate::building::Building;
use crate::use_cases::manage_users::{
    change, erase_user, hand_over, hand_over_all, invite, invite_again, name_stand_in, sign_out_everywhere,
    stop_stand_in,
};
use crate::web::again::Again;
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

/// Where the invitation is taken up: the address that others reach, else the one this browser uses. It is shown for a
/// few minutes and never travels in a cookie or an address.
fn link(building: &Building, headers: &HeaderMap, name: String, tenant: i64, secret: &str) -> Again {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let is_local = building.public_url.is_none() && is_this_machine(host);
    let base = building.public_url.clone().unwrap_or_else(|| format!("http://{host}"));
    Again::Link(InviteLink { name, link: format!("{base}/join/{tenant}/{secret}"), is_local })
}

/// Whether a host, with its port, names the machine that asks for it.
fn is_this_machine(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

pub async fn invite_person(
    State(building): State<Arc<Building>>,
    Extension(house): Shared,
    headers: HeaderMap,
    Form(f): Form<Person>,
) -> Response {
    let asked = headers.clone();
    answer(house, headers, "/settings/people", async |house, show| {
        let (_, secret) = invite(house, &f.name, &f.email, role(&f.role)?).await?;
        let link = link(&building, &asked, f.name.clone(), house.tenant.id, &secret);
        Ok(said(show, "toast-invited").showing(link))
    })
    .await
}

pub async fn invite_person_again(
    State(building): State<Arc<Building>>,
    Extension(house): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let asked = headers.clone();
    answer(house, headers, "/settings/people", async |house, show| {
        let id = user(&id)?;
        let secret = invite_again(house, id).await?;
        let name = house.store.user(house.tenant.id, id).await?.name;
        Ok(said(show, "toast-invited").showing(link(&building, &asked, name, house.tenant.id, &secret)))
    })
    .await
}

/// Signs somebody out of every browser.
pub async fn sign_out_person(Extension(house): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(house, headers, "/settings/people", async |house, show| {
        let id = user(&id)?;
        sign_out_everywhere(house, id).await?;
        let name = house.store.user(house.tenant.id, id).await?.name;
        Ok(super::Done::told(show.words.t1("toast-signed-out", "name", name)))
    })
    .await
}

/// Forgets who somebody was who has left.
pub async fn erase_person_here(Sent { house, headers, name: id, f }: Sent<Person>) -> Response {
    answer(house, headers, "/settings/people", async |house, show| {
        erase_user(house, user(&id)?, &f.name).await?;
        Ok(said(show, "toast-erased"))
    })
    .await
}

pub async fn change_person(Sent { house, headers, name: id, f }: Sent<Person>) -> Response {
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
        Ok(super::Done::told(show.words.t1("toast-reassigned", "n", count)))
    })
    .await
}

/// One buyer into other hands; nobody's when nobody is named.
pub async fn assign(Sent { house, headers, name, f }: Sent<Handing>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let to = if f.becomes.is_empty() { None } else { Some(user(&f.becomes)?) };
        hand_over(house, debtor(house, &name).await?, to).await?;
        Ok(said(show, "toast-assigned"))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn an_address_of_this_machine_leads_nobody_else_here() {
        for host in ["localhost", "localhost:7447", "127.0.0.1:7447", "[::1]:7447"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["dunlin.example.com", "192.168.1.7:7447"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
