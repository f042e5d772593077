//! Connections with services outside: a marketplace, where the seller agrees in the browser, and a tracking service, which
//! takes a key. Secrets and tokens are sealed before they are kept, and no answer, log line or error has them in it.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use dunlin_channels::aliexpress::auth::{Token, code_of_return};
use dunlin_channels::aliexpress::{ApiError, Session};
use dunlin_channels::track17::client::{Client as Track17, Track17Settings};
use dunlin_channels::track17::errors::{CallError, Cause, Remedy};
use dunlin_core::access::Right;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Connection, LogEntry, NewConnection};

use crate::credentials::{hash_secret, new_secret};
use crate::house::{Forbidden, House};
use crate::shop::{ALIEXPRESS, Shop, TRACK17, address_of, app_secret, client, secret_purpose, token_purpose, trouble};

/// The services that there is a client for.
pub const SERVICES: [&str; 2] = [ALIEXPRESS, TRACK17];

/// What the marketplace calls the accounts that sell.
const SELLERS: &str = "seller_center";
/// How long a seller may take to sign in and agree.
const TO_AGREE: SignedDuration = SignedDuration::from_mins(30);
/// Keys and secrets are shorter.
const MOST_LETTERS: usize = 200;

/// An app of the marketplace, or an account of the tracking service, as a form gives it.
#[derive(Clone, Default)]
pub struct ServiceForm {
    /// Empty for a service that has no name for its users.
    pub app_key: String,
    pub secret: String,
    /// Empty: where the service is. Another place has to be on this machine.
    pub address: String,
}

impl std::fmt::Debug for ServiceForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the secret.
        write!(f, "{} at ‘{}’", self.app_key, self.address)
    }
}

/// What a test of a connection found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tested {
    pub service: String,
    /// What the shop calls itself there.
    pub account: String,
    /// Messages may be sent by the program.
    pub may_message: bool,
    /// Numbers that may still be registered, of a tracking service.
    pub numbers_left: Option<i64>,
}

/// A service of a name that there is a client for.
pub fn service_named(name: &str) -> Result<&'static str, Refusal> {
    let known = SERVICES.into_iter().find(|known| *known == name.trim());
    known.ok_or_else(|| Refusal::new(RefusalCode::ConnectionNone).with("service", name.trim()))
}

fn allowed(house: &House) -> Result<(), Forbidden> {
    if house.actor.may(Right::Settings) { Ok(()) } else { Err(Forbidden::new(Right::Settings)) }
}

fn not_connected(service: &str) -> Refusal {
    Refusal::new(RefusalCode::ConnectionNone).with("service", service)
}

async fn known(house: &House, service: &str) -> anyhow::Result<Connection> {
    let found = house.store.connection(house.tenant.id, service).await?;
    Ok(found.ok_or_else(|| not_connected(service))?)
}

/// Keeps the app of a marketplace or the key of a tracking service, sealed. What was agreed with another app is over.
pub async fn set_service(house: &House, service: &'static str, form: &ServiceForm) -> anyhow::Result<()> {
    allowed(house)?;
    let (app_key, secret) = (form.app_key.trim(), form.secret.trim());
    let lacks_name = service == ALIEXPRESS && app_key.is_empty();
    let is_odd = |text: &str| text.len() > MOST_LETTERS || text.chars().any(|letter| !letter.is_ascii_graphic());
    if lacks_name || secret.is_empty() || is_odd(app_key) || is_odd(secret) {
        return Err(Refusal::new(RefusalCode::ConnectionKeys).into());
    }
    let address = address_of(service, &form.address)?;
    // A demo lives on a clock of its own and is looked at by anybody: it bothers no service.
    if house.tenant.is_demo && address_of(service, "")? == address {
        return Err(Refusal::new(RefusalCode::ConnectionDemo).into());
    }
    let purpose = secret_purpose(house.tenant.id, service);
    let sealed_secret = house.store.key().seal(&purpose, secret.as_bytes())?;
    let hook = if service == TRACK17 { Some(new_secret()?) } else { None };
    let mut commit = house.begin().await?;
    let new =
        NewConnection { service, address: &address, app_key, sealed_secret: &sealed_secret, hook: hook.as_deref() };
    commit.begin_connection(&new).await?;
    commit.log(LogEntry::new("connection.set", "connection", service).fact("address", &address));
    Ok(commit.finish().await?)
}

/// Where the seller signs in and agrees; the service sends them back to `return_to`.
pub async fn begin_agreement(house: &House, return_to: &str) -> anyhow::Result<String> {
    allowed(house)?;
    let connection = known(house, ALIEXPRESS).await?;
    let state = new_secret()?;
    let address = client(house, &connection)?.authorize_url(return_to, &state);
    let mut commit = house.begin().await?;
    commit.ask_agreement(ALIEXPRESS, &hash_secret(&state), house.now() + TO_AGREE).await?;
    commit.log(LogEntry::new("connection.asked", "connection", ALIEXPRESS));
    commit.finish().await?;
    Ok(address)
}

/// The seller came back: what the address carries becomes a token, which is kept sealed. `returned` is the whole address or
/// what stands behind its question mark.
pub async fn finish_agreement(house: &House, returned: &str) -> anyhow::Result<Tested> {
    allowed(house)?;
    let stale = || Refusal::new(RefusalCode::ConnectionReturn);
    let query = returned.trim().split('#').next().unwrap_or_default();
    let query = query.split_once('?').map_or(query, |(_, query)| query);
    let state = state_of(query).ok_or_else(stale)?;
    let connection = known(house, ALIEXPRESS).await?;
    if !is_asked(house, &connection, state) {
        return Err(stale().into());
    }
    let code = code_of_return(query, state).ok_or_else(stale)?;
    let client = client(house, &connection)?;
    let token = client.create_token(&code).await.map_err(|error| said(ALIEXPRESS, &error))?;
    if !token.platform.is_empty() && token.platform != SELLERS {
        let why =
            format!("{} signed in as ‘{}’, and only a seller's account has a shop", account_of(&token), token.platform);
        return Err(Refusal::new(RefusalCode::ServiceSaid).with("service", ALIEXPRESS).with("why", why).into());
    }
    let purpose = token_purpose(house.tenant.id, ALIEXPRESS);
    let sealed = house.store.key().seal(&purpose, token.to_sealable().as_bytes())?;
    let account = account_of(&token);
    let mut commit = house.begin().await?;
    // Another app may have been set, or the same answer come twice, while the service was asked.
    let now = commit.connection(ALIEXPRESS).await?;
    if !now.is_some_and(|now| now.app_key == connection.app_key && is_asked(house, &now, state)) {
        return Err(stale().into());
    }
    commit.end_asking(ALIEXPRESS).await?;
    commit.agreed(ALIEXPRESS, &sealed, &account).await?;
    commit.log(LogEntry::new("connection.agreed", "connection", ALIEXPRESS).fact("account", &account));
    commit.finish().await?;
    let may_message = match Shop::open(house).await? {
        Some(shop) => probe(house, &shop.session).await.unwrap_or(false),
        None => false,
    };
    Ok(Tested { service: ALIEXPRESS.to_string(), account, may_message, numbers_left: None })
}

/// The name under which the shop writes messages.
fn account_of(token: &Token) -> String {
    if token.nick.is_empty() { token.account.clone() } else { token.nick.clone() }
}

/// The state in a query, as it was sent along: it has no letters that an address would change.
fn state_of(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("state=")).filter(|state| !state.is_empty())
}

/// Whether this is the agreement that whoever acts here began a short while ago.
fn is_asked(house: &House, connection: &Connection, state: &str) -> bool {
    connection.asked_mark.as_deref() == Some(hash_secret(state).as_str())
        && connection.asked_until.is_some_and(|until: Timestamp| house.now() <= until)
        && connection.asked_by == house.actor.user_id()
}

/// Whether messages may be sent, kept with the connection.
async fn probe(house: &House, session: &Session) -> Result<bool, ApiError> {
    let answer = session.can_message().await;
    let noted = match &answer {
        Ok(may) => house.store.note_may_message(house.tenant.id, ALIEXPRESS, *may).await,
        Err(error) => house.store.note_trouble(house.tenant.id, ALIEXPRESS, trouble(error), house.now()).await,
    };
    if let Err(error) = noted {
        tracing::error!("what a service answered could not be kept: {error}");
    }
    answer
}

/// What the service says, within a sentence of ours.
pub(super) fn said(service: &str, error: &ApiError) -> Refusal {
    Refusal::new(RefusalCode::ServiceSaid).with("service", service).with("why", error.to_string())
}

/// Asks the service something that changes nothing, and learns what may be done there.
pub async fn test_connection(house: &House, service: &'static str) -> anyhow::Result<Tested> {
    allowed(house)?;
    let tested = match service {
        TRACK17 => test_track17(house).await,
        _ => test_shop(house).await,
    };
    let outcome = if tested.is_ok() { "works" } else { "fails" };
    let mut commit = house.begin().await?;
    commit.log(LogEntry::new("connection.tested", "connection", service).fact("outcome", outcome));
    commit.finish().await?;
    tested
}

async fn test_shop(house: &House) -> anyhow::Result<Tested> {
    let shop = Shop::open(house).await?.ok_or_else(|| not_connected(ALIEXPRESS))?;
    let may_message = probe(house, &shop.session).await.map_err(|error| said(ALIEXPRESS, &error))?;
    Ok(Tested { service: ALIEXPRESS.to_string(), account: shop.account, may_message, numbers_left: None })
}

/// The client of the tracking service, where one is connected.
pub async fn track17(house: &House) -> anyhow::Result<Option<Track17>> {
    let Some(connection) = house.store.connection(house.tenant.id, TRACK17).await? else { return Ok(None) };
    let key = app_secret(house, &connection)?;
    let settings = Track17Settings { address: connection.address, ..Track17Settings::new(&key) };
    Ok(Some(Track17::new(settings)?))
}

async fn test_track17(house: &House) -> anyhow::Result<Tested> {
    let client = track17(house).await?.ok_or_else(|| not_connected(TRACK17))?;
    match client.quota().await {
        Ok(quota) => {
            house.store.note_works(house.tenant.id, TRACK17, house.now()).await?;
            let numbers_left = Some(quota.remaining);
            Ok(Tested { service: TRACK17.to_string(), numbers_left, ..Tested::default() })
        }
        Err(error) => {
            house.store.note_trouble(house.tenant.id, TRACK17, trouble_of(&error), house.now()).await?;
            let refusal = Refusal::new(RefusalCode::ServiceSaid).with("service", TRACK17);
            Err(refusal.with("why", error.to_string()).into())
        }
    }
}

/// As [`trouble`], of the tracking service.
pub const fn trouble_of(error: &CallError) -> &'static str {
    match error {
        CallError::Throttled { .. } | CallError::Away(_) => "busy",
        CallError::Unreadable(_) => "unreadable",
        CallError::Refused { cause: Cause::BadKey, .. } => "app",
        CallError::Refused { cause: Cause::QuotaToday | Cause::QuotaSpent, .. } => "quota",
        CallError::Refused { cause, .. } => match cause.remedy() {
            Remedy::Account => "account",
            Remedy::Wait | Remedy::Nothing => "busy",
            Remedy::Person => "refused",
        },
    }
}

/// Ends a connection: what opens the service is gone from here. What was read stays in the books.
pub async fn disconnect(house: &House, service: &'static str) -> anyhow::Result<()> {
    allowed(house)?;
    let mut commit = house.begin().await?;
    if !commit.drop_connection(service).await? {
        return Err(not_connected(service).into());
    }
    commit.log(LogEntry::new("connection.ended", "connection", service));
    Ok(commit.finish().await?)
}

/// Where the tracking service tells news, below the address of the pages.
pub fn hook_path(house: &House, connection: &Connection) -> Option<String> {
    let hook = connection.hook.as_ref()?;
    Some(format!("/hooks/17track/{}/{hook}", house.tenant.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_found_in_what_the_browser_brings_back() {
        assert_eq!(state_of("code=3_1&state=abc-_9"), Some("abc-_9"));
        assert_eq!(state_of("state=&code=1"), None);
        assert_eq!(state_of("code=1&xstate=2"), None);
    }

    #[test]
    fn a_form_shows_no_secret() {
        let form = ServiceForm { app_key: "123456".into(), secret: "helloworld".into(), address: String::new() };
        assert!(!format!("{form:?}").contains("helloworld"));
    }
}
