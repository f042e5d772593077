//! Before the door: signing in, the first owner, invitations, signing out.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use dunlin_core::ids::UserId;
use dunlin_store::people::users::{User, UserState};
use dunlin_store::{Tenant, Via};
use jiff::Timestamp;
use serde::Deserialize;

use super::guard::{BROWSER, Guest, SESSION, cookie, house_of, set_cookie};
use super::load::show::ui;
use super::pages;
use super::posts::own_path;
use super::reader::{asked, language_of, theme_of};
use super::view::entrance::{DemoPerson, Entrance, Step};
use super::view::frame::Theme;
use super::words::{UiLanguage, Words};
use crate::building::Building;
use crate::refused;
use crate::use_cases::manage_users::{FirstOwner, accept, set_up as set_up_firm};
use crate::use_cases::sign_in::{Answer, Knock, knock, log_entry, open_session};

type Home = State<Arc<Building>>;

/// Every field of the forms here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    next: String,
    company: String,
    name: String,
    email: String,
    password: String,
    code: String,
    user: String,
    /// Which of several firms, for somebody who works in more than one.
    firm: String,
    /// Stands for the password while the code or the firm is asked for.
    ticket: String,
}

fn words(headers: &HeaderMap, query: &str) -> Words {
    Words::new(language_of(headers, query).unwrap_or(UiLanguage::ZhCn))
}

fn shown(mut view: Entrance, headers: &HeaderMap, query: &str, status: StatusCode) -> Response {
    let chosen = asked(query, "theme").and_then(Theme::from_code);
    view.theme = chosen.unwrap_or_else(|| theme_of(headers));
    let html = pages::entrance::render(&view, &words(headers, query));
    let mut response = match html {
        Ok(html) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(header::CONTENT_TYPE, kind)], html).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    };
    let language = asked(query, "lang").and_then(UiLanguage::from_code).map(|code| ("lang", code.code()));
    for (name, code) in language.into_iter().chain(chosen.map(|theme| ("theme", theme.code()))) {
        let cookie = format!("{name}={code}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// One sentence, where there is no page to show.
pub fn plain(status: StatusCode, headers: &HeaderMap, key: &str) -> Response {
    (status, words(headers, "").t(key).into_owned()).into_response()
}

fn failed(headers: &HeaderMap, error: &anyhow::Error) -> Response {
    tracing::error!("the entrance failed: {error:#}");
    plain(StatusCode::INTERNAL_SERVER_ERROR, headers, "plain-failed")
}

/// Those of the demo, who may be tried on without a password.
async fn demo_people(building: &Building) -> anyhow::Result<Vec<DemoPerson>> {
    let mut people = Vec::new();
    for tenant in building.store.tenants().await?.iter().filter(|tenant| tenant.is_demo) {
        for user in building.store.users(tenant.id).await? {
            if user.state == UserState::Active {
                let id = format!("{}.{}", tenant.id, user.id);
                people.push(DemoPerson { id, name: user.name, role: user.role.code() });
            }
        }
    }
    Ok(people)
}

pub async fn sign_in_page(State(building): Home, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    let query = raw.unwrap_or_default();
    match building.awaits_set_up().await {
        Ok(None) => {}
        Ok(Some(_)) => return Redirect::to("/set-up").into_response(),
        Err(error) => return failed(&headers, &error),
    }
    let next = asked(&query, "next").map_or_else(|| "/today".to_string(), decoded);
    let mut view = Entrance::new(Step::SignIn, "/sign-in", &own_path(&next));
    view.here = format!("/sign-in?next={}", asked(&query, "next").unwrap_or("%2Ftoday"));
    match demo_people(&building).await {
        Ok(people) => view.people = people,
        Err(error) => return failed(&headers, &error),
    }
    shown(view, &headers, &query, StatusCode::OK)
}

fn decoded(text: &str) -> String {
    let pairs = format!("next={text}");
    serde_urlencoded(&pairs).unwrap_or_default()
}

fn serde_urlencoded(pairs: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Next {
        next: String,
    }
    let uri: axum::http::Uri = format!("/?{pairs}").parse().ok()?;
    axum::extract::Query::<Next>::try_from_uri(&uri).ok().map(|query| query.0.next)
}

pub async fn sign_in(
    State(building): Home,
    Extension(guest): Extension<Guest>,
    headers: HeaderMap,
    Form(f): Form<Fields>,
) -> Response {
    match try_sign_in(&building, &guest, &headers, &f).await {
        Ok(response) => response,
        Err(error) => failed(&headers, &error),
    }
}

/// What stands for a password between the two steps of signing in is sealed, and good for five minutes.
const TICKET: &str = "sign-in ticket";

fn ticket(building: &Building, password: &str) -> anyhow::Result<String> {
    let plain = serde_json::to_vec(&(Timestamp::now().as_second(), password))?;
    Ok(building.store.key().seal(TICKET, &plain)?)
}

fn ticket_password(building: &Building, ticket: &str) -> Option<String> {
    let plain = building.store.key().open(TICKET, ticket).ok()?;
    let (at, password): (i64, String) = serde_json::from_slice(&plain).ok()?;
    (Timestamp::now().as_second() - at < 300).then_some(password)
}

async fn try_sign_in(building: &Building, guest: &Guest, headers: &HeaderMap, f: &Fields) -> anyhow::Result<Response> {
    let w = words(headers, "");
    let password = match f.ticket.is_empty() {
        true => f.password.clone(),
        false => ticket_password(building, &f.ticket).unwrap_or_default(),
    };
    let knocked = Knock {
        email: &f.email,
        password: &password,
        code: if f.ticket.is_empty() { "" } else { &f.code },
        address: &guest.address,
        browser_secret: cookie(headers, BROWSER),
        tenant: f.firm.parse().ok(),
    };
    let next = own_path(&f.next);
    let mut view = Entrance::new(Step::SignIn, "/sign-in", &next);
    view.here = "/sign-in".to_string();
    view.email = f.email.clone();
    let status = match knock(&building.store, &knocked, Timestamp::now()).await? {
        Answer::In(user) => return come_in(building, &user, guest, headers, &next, "user.signed_in").await,
        Answer::CodeWanted => {
            view.step = Step::Code;
            view.password = ticket(building, &password)?;
            view.firm.clone_from(&f.firm);
            StatusCode::OK
        }
        Answer::FirmWanted(users) => {
            view.step = Step::Firm;
            view.password = ticket(building, &password)?;
            for user in users {
                let name = building.store.tenant(user.tenant_id).await?.name;
                view.firms.push((user.tenant_id.to_string(), name));
            }
            StatusCode::OK
        }
        Answer::Wrong => {
            view.problem = w.t("entrance-wrong").into_owned();
            view.people = demo_people(building).await?;
            StatusCode::UNAUTHORIZED
        }
        Answer::Later(until) => {
            let minutes = (until.duration_since(Timestamp::now()).as_secs() / 60) + 1;
            view.problem = w.t1("entrance-later", "minutes", minutes);
            StatusCode::TOO_MANY_REQUESTS
        }
    };
    Ok(shown(view, headers, "", status))
}

/// Opens a session and goes to where one wanted to go.
async fn come_in(
    building: &Building,
    user: &User,
    guest: &Guest,
    headers: &HeaderMap,
    next: &str,
    verb: &'static str,
) -> anyhow::Result<Response> {
    let from = (guest.address.as_str(), guest.browser.as_str());
    let opened = open_session(&building.store, user, from, cookie(headers, BROWSER), Timestamp::now()).await?;
    log_entry(&house_of(building, user, Via::Page, &guest.address).await?, verb).await?;
    let mut response = Redirect::to(next).into_response();
    for value in
        [set_cookie(building, SESSION, &opened.cookie, 30), set_cookie(building, BROWSER, &opened.browser_secret, 365)]
    {
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_str(&value)?);
    }
    Ok(response)
}

/// Tries on somebody of the demo. Only there.
pub async fn sign_in_to_demo(
    State(building): Home,
    Extension(guest): Extension<Guest>,
    headers: HeaderMap,
    Form(f): Form<Fields>,
) -> Response {
    let tried = async {
        let (tenant, id) = f.user.split_once('.').ok_or_else(|| anyhow::anyhow!("nobody was named"))?;
        let (tenant, id): (i64, UserId) = (tenant.parse()?, id.parse()?);
        if !building.store.tenant(tenant).await?.is_demo {
            anyhow::bail!("only the people of a demo come in without a password");
        }
        let user = building.store.user(tenant, id).await?;
        come_in(&building, &user, &guest, &headers, &own_path(&f.next), "user.signed_in").await
    };
    match tried.await {
        Ok(response) => response,
        Err(error) => {
            tracing::info!("nobody was let into the demo: {error:#}");
            plain(StatusCode::FORBIDDEN, &headers, "plain-demo-only")
        }
    }
}

pub async fn sign_out(State(building): Home, Extension(guest): Extension<Guest>, headers: HeaderMap) -> Response {
    if let (Some(user), Some(session)) = (&guest.user, guest.session) {
        let ended = async {
            building.store.end_session(user.tenant_id, session, Timestamp::now()).await?;
            log_entry(&house_of(&building, user, Via::Page, &guest.address).await?, "user.signed_out").await
        };
        if let Err(error) = ended.await {
            return failed(&headers, &error);
        }
    }
    let mut response = Redirect::to("/sign-in").into_response();
    if let Ok(value) = HeaderValue::from_str(&set_cookie(&building, SESSION, "", 0)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// `firm`: the one that was made at the command line and has nobody yet.
fn set_up_view(firm: Option<&Tenant>, code: &str) -> Entrance {
    let mut view = Entrance::new(Step::SetUp, "/set-up", "/welcome");
    view.asks_company = firm.is_none();
    if let Some(firm) = firm {
        view.company.clone_from(&firm.name);
        view.is_safe = Some(firm.settings.safe_mode);
    }
    view.code = code.to_string();
    view.here = format!("/set-up?code={code}");
    view
}

pub async fn set_up_page(State(building): Home, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    let query = raw.unwrap_or_default();
    let code = asked(&query, "code").unwrap_or("").to_string();
    match building.awaits_set_up().await {
        Ok(Some(firm)) if building.is_set_up_code(&code) => {
            shown(set_up_view(firm.as_ref(), &code), &headers, &query, StatusCode::OK)
        }
        Ok(Some(_)) => {
            let mut view = Entrance::new(Step::Closed, "", "");
            view.here = "/set-up".to_string();
            view.problem = words(&headers, &query).t("entrance-set-up-closed").into_owned();
            shown(view, &headers, &query, StatusCode::FORBIDDEN)
        }
        Ok(None) => Redirect::to("/sign-in").into_response(),
        Err(error) => failed(&headers, &error),
    }
}

pub async fn set_up(
    State(building): Home,
    Extension(guest): Extension<Guest>,
    headers: HeaderMap,
    Form(f): Form<Fields>,
) -> Response {
    let made = async {
        let Some(firm) = building.awaits_set_up().await? else {
            return Ok(Redirect::to("/sign-in").into_response());
        };
        let Some(code) = building.take_set_up_code(&f.code) else {
            return Ok(plain(StatusCode::FORBIDDEN, &headers, "plain-set-up"));
        };
        let owner = FirstOwner {
            company: f.company.clone(),
            name: f.name.clone(),
            email: f.email.clone(),
            password: f.password.clone(),
            ui_language: words(&headers, "").language().code().to_string(),
        };
        let tenant = firm.as_ref().map(|tenant| tenant.id);
        match set_up_firm(&building.store, tenant, &owner, &guest.address).await {
            Ok(id) => {
                code.used();
                let tenants = building.store.tenants().await?;
                let tenant = tenants.first().map_or(1, |tenant| tenant.id);
                let user = building.store.user(tenant, id).await?;
                come_in(&building, &user, &guest, &headers, "/welcome", "user.signed_in").await
            }
            Err(error) => {
                let mut view = set_up_view(firm.as_ref(), &f.code);
                view.problem = refused::sentence(&error, ui(words(&headers, "").language()));
                (view.name, view.email) = (f.name.clone(), f.email.clone());
                if view.asks_company {
                    view.company.clone_from(&f.company);
                }
                Ok(shown(view, &headers, "", StatusCode::UNPROCESSABLE_ENTITY))
            }
        }
    };
    match made.await {
        Ok(response) => response,
        Err(error) => failed(&headers, &error),
    }
}

fn join_view(tenant: i64, secret: &str) -> Entrance {
    let place = format!("/join/{tenant}/{secret}");
    let mut view = Entrance::new(Step::Join, &place, "/today");
    view.here = place;
    view
}

pub async fn join_page(
    State(building): Home,
    headers: HeaderMap,
    Path((tenant, secret)): Path<(i64, String)>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = raw.unwrap_or_default();
    let found = async {
        let hash = crate::credentials::hash_secret(&secret);
        let invitation = building.store.invitation(tenant, &hash, Timestamp::now()).await?;
        let mut view = join_view(tenant, &secret);
        match invitation {
            Some(invitation) => {
                let user = building.store.user(tenant, invitation.user_id).await?;
                view.name = user.name;
                Ok((view, StatusCode::OK))
            }
            None => {
                view.step = Step::Closed;
                Ok((view, StatusCode::GONE))
            }
        }
    };
    match found.await {
        Ok((view, status)) => shown(view, &headers, &query, status),
        Err(error) => failed(&headers, &error),
    }
}

pub async fn join(
    State(building): Home,
    Extension(guest): Extension<Guest>,
    headers: HeaderMap,
    Path((tenant, secret)): Path<(i64, String)>,
    Form(f): Form<Fields>,
) -> Response {
    match accept(&building.store, (tenant, secret.as_str()), &f.name, &f.password, &guest.address).await {
        Ok(id) => {
            let inside = async {
                let user = building.store.user(tenant, id).await?;
                come_in(&building, &user, &guest, &headers, "/today", "user.signed_in").await
            };
            inside.await.unwrap_or_else(|error| failed(&headers, &error))
        }
        Err(error) => {
            let mut view = join_view(tenant, &secret);
            view.name = f.name;
            view.problem = refused::sentence(&error, ui(words(&headers, "").language()));
            shown(view, &headers, "", StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}
