//! A connected shop: what lies sealed in the store, opened for as long as somebody calls the service with it.
//!
//! It decides nothing. Nothing in here may be called inside a change: a renewed token is kept on a connection of its own,
//! and the service may take seconds to answer. Start with [`Shop::open`].

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};

use dunlin_channels::Answer;
use dunlin_channels::aliexpress::auth::Token;
use dunlin_channels::aliexpress::client::SERVICE;
use dunlin_channels::aliexpress::error::Need;
use dunlin_channels::aliexpress::pacific::Pacific;
use dunlin_channels::aliexpress::session::{Keeper, Turn};
use dunlin_channels::aliexpress::sync::Cursor;
use dunlin_channels::aliexpress::{ApiError, Client, Secret, Session, Settings};
use dunlin_channels::track17::client::ADDRESS;
use dunlin_core::ids::TenantId;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Connection, Store};

use crate::house::{Clock, House};

/// The marketplace.
pub const ALIEXPRESS: &str = "aliexpress";
/// The tracking service.
pub const TRACK17: &str = "track17";

/// Calls a second; what an app is given at least. The service says when it is too many.
const CALLS_PER_SECOND: f64 = 10.0;
/// The same to a stand-in on this machine, unless somebody measures with another rate.
pub const CALLS_TO_A_STAND_IN: f64 = 400.0;
/// A wait that a call may contain.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the secret of an app is sealed for.
pub fn secret_purpose(tenant_id: TenantId, service: &str) -> String {
    format!("{service} secret {tenant_id}")
}

/// What the tokens of a shop are sealed for.
pub fn token_purpose(tenant_id: TenantId, service: &str) -> String {
    format!("{service} token {tenant_id}")
}

/// A shop with its session.
#[derive(Debug)]
pub struct Shop {
    pub session: Session,
    pub pacific: Pacific,
    pub cursor: Option<Cursor>,
    pub may_message: bool,
    /// What the shop calls itself at the service.
    pub account: String,
}

impl Shop {
    /// `None`: no shop is connected.
    pub async fn open(house: &House) -> anyhow::Result<Option<Self>> {
        match house.store.connection(house.tenant.id, ALIEXPRESS).await? {
            Some(connection) => Self::of(house, &connection),
            None => Ok(None),
        }
    }

    fn of(house: &House, connection: &Connection) -> anyhow::Result<Option<Self>> {
        let Some(sealed) = &connection.sealed_token else { return Ok(None) };
        let opened = opened(house, &token_purpose(house.tenant.id, ALIEXPRESS), sealed)?;
        let token = Token::from_sealable(&opened).context("the token of the shop cannot be read; connect it again")?;
        Ok(Some(Self {
            session: Session::new(Arc::new(client(house, connection)?), token, keeper(house, connection)),
            pacific: Pacific::load()?,
            cursor: connection.reached_until.map(|modified_until| Cursor { modified_until }),
            may_message: connection.may_message,
            account: connection.account.clone(),
        }))
    }
}

/// The client of a connection's app.
pub fn client(house: &House, connection: &Connection) -> anyhow::Result<Client> {
    let secret = app_secret(house, connection)?;
    let settings = Settings {
        base_url: connection.address.clone(),
        app_key: connection.app_key.clone(),
        app_secret: Secret::new(secret),
        calls_per_second: if connection.address == SERVICE { CALLS_PER_SECOND } else { house.stand_in_calls },
        patience: PATIENCE,
    };
    let clock = house.clock;
    Ok(Client::new(settings, Arc::new(move || told_apart(clock)))?)
}

/// A clock that stands still would make two equal calls one repeated: within its minute it goes on.
fn told_apart(clock: Clock) -> Timestamp {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let now = clock.now();
    match clock {
        Clock::Wall => now,
        Clock::Fixed(_) => {
            let on = i64::try_from(BEGUN.elapsed().as_millis() % 60_000).unwrap_or(0);
            now.checked_add(SignedDuration::from_millis(on)).unwrap_or(now)
        }
    }
}

/// The secret of an app, or the key of an account.
pub fn app_secret(house: &House, connection: &Connection) -> anyhow::Result<String> {
    opened(house, &secret_purpose(house.tenant.id, &connection.service), &connection.sealed_secret)
}

fn opened(house: &House, purpose: &str, sealed: &str) -> anyhow::Result<String> {
    let plain = house.store.key().open(purpose, sealed)?;
    // What was inside is no part of the error.
    String::from_utf8(plain).map_err(|_| anyhow::anyhow!("what is kept for {purpose} cannot be read"))
}

/// So long nobody else renews a token that somebody is renewing: longer than the call that does it, with all its tries.
const RENEWING: SignedDuration = SignedDuration::from_mins(4);

/// The token of a shop as it is kept, for one that was opened from `connection`: several programs use it, and one of them at a
/// time renews it. What was renewed is kept only in the place of what it was made of.
pub fn keeper(house: &House, connection: &Connection) -> Keeper {
    let kept = Kept {
        store: house.store.clone(),
        tenant_id: house.tenant.id,
        since: connection.recorded_at,
        version: Arc::new(AtomicI64::new(connection.token_version)),
    };
    let (asked, new) = (kept.clone(), kept.clone());
    Keeper {
        turn: Arc::new(move |held: Token| -> Answer<'static, Result<Turn, String>> {
            let kept = asked.clone();
            Box::pin(async move { kept.turn(&held).await.map_err(|error| format!("{error:#}")) })
        }),
        keep: Arc::new(move |token: Token| -> Answer<'static, Result<(), String>> {
            let kept = new.clone();
            Box::pin(async move { kept.keep(&token).await.map_err(|error| format!("{error:#}")) })
        }),
        give_back: Arc::new(move || -> Answer<'static, ()> {
            let kept = kept.clone();
            Box::pin(async move {
                if let Err(error) = kept.store.end_renewing(kept.tenant_id, ALIEXPRESS).await {
                    tracing::warn!("nobody else renews the token for some minutes: {error}");
                }
            })
        }),
    }
}

/// Where the token of one agreement lies.
#[derive(Clone)]
struct Kept {
    store: Store,
    tenant_id: TenantId,
    /// When the seller agreed: another agreement is another shop's affair.
    since: Timestamp,
    /// Of the token that is held.
    version: Arc<AtomicI64>,
}

impl Kept {
    async fn turn(&self, held: &Token) -> anyhow::Result<Turn> {
        let known = self.store.connection(self.tenant_id, ALIEXPRESS).await?;
        let known =
            known.filter(|known| known.recorded_at == self.since).context("the connection was ended meanwhile")?;
        let sealed = known.sealed_token.as_deref().context("the connection was ended meanwhile")?;
        let plain = self.store.key().open(&token_purpose(self.tenant_id, ALIEXPRESS), sealed)?;
        let plain = String::from_utf8(plain).map_err(|_| anyhow::anyhow!("the kept token cannot be read"))?;
        let token = Token::from_sealable(&plain).context("the kept token cannot be read")?;
        self.version.store(known.token_version, Ordering::SeqCst);
        if token.access != held.access {
            return Ok(Turn::Take(token));
        }
        // By the wall: a turn is about programs that run, not about the day that a firm lives in.
        let (now, version) = (Clock::Wall.now(), known.token_version);
        let ours = self.store.begin_renewing(self.tenant_id, ALIEXPRESS, version, (now, now + RENEWING)).await?;
        Ok(if ours { Turn::Renew } else { Turn::Wait })
    }

    async fn keep(&self, token: &Token) -> anyhow::Result<()> {
        let purpose = token_purpose(self.tenant_id, ALIEXPRESS);
        let sealed = self.store.key().seal(&purpose, token.to_sealable().as_bytes())?;
        let before = (self.version.load(Ordering::SeqCst), self.since);
        if self.store.keep_token(self.tenant_id, ALIEXPRESS, &sealed, before).await? {
            self.version.fetch_add(1, Ordering::SeqCst);
            return Ok(());
        }
        anyhow::bail!("the connection was ended, or its token renewed, meanwhile")
    }
}

/// What keeps a shop from being read, in a word that pages have a sentence for.
pub const fn trouble(error: &ApiError) -> &'static str {
    match error {
        ApiError::Busy { .. } | ApiError::InDoubt { .. } => "busy",
        ApiError::Refused { .. } => "refused",
        ApiError::TokenRefused { .. } | ApiError::NeedsPerson { need: Need::AuthorizeAgain, .. } => "authorize",
        ApiError::NeedsPerson { need: Need::CheckApp, .. } => "app",
        ApiError::NeedsPerson { need: Need::SetClock, .. } => "clock",
        ApiError::NeedsPerson { need: Need::KeepToken, .. } => "keep",
        ApiError::NotPermitted { .. } => "not_permitted",
        ApiError::Unreadable { .. } => "unreadable",
    }
}

/// Where a service is reached: its own address, or a stand-in on this machine and nowhere else.
pub fn address_of(service: &str, typed: &str) -> Result<String, Refusal> {
    let usual = if service == TRACK17 { ADDRESS } else { SERVICE };
    let typed = typed.trim().trim_end_matches('/');
    if typed.is_empty() || typed == usual {
        return Ok(usual.to_string());
    }
    let wrong = || Refusal::new(RefusalCode::ConnectionAddress).with("address", typed).with("usual", usual);
    let rest = typed.strip_prefix("http://").ok_or_else(wrong)?;
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        Some(_) if !rest.ends_with(']') => return Err(wrong()),
        _ => rest,
    };
    match host {
        "127.0.0.1" | "localhost" | "[::1]" => Ok(typed.to_string()),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_where_it_is_or_on_this_machine() {
        let address = |typed: &str| address_of(ALIEXPRESS, typed).ok();
        assert_eq!(address("").as_deref(), Some(SERVICE));
        assert_eq!(address(&format!("{SERVICE}/")).as_deref(), Some(SERVICE));
        assert_eq!(address("http://127.0.0.1:8123/").as_deref(), Some("http://127.0.0.1:8123"));
        assert_eq!(address("http://[::1]:8123").as_deref(), Some("http://[::1]:8123"));
        assert_eq!(address_of(TRACK17, "").ok().as_deref(), Some(ADDRESS));
        for elsewhere in [
            "https://evil.example",
            "http://evil.example",
            "http://127.0.0.1.evil.example",
            "http://127.0.0.1@evil.example",
            "http://127.0.0.1:80@evil.example",
            "http://localhost:80/path",
            "ftp://127.0.0.1",
            "127.0.0.1:80",
        ] {
            assert_eq!(address(elsewhere), None, "{elsewhere}");
        }
    }
}
