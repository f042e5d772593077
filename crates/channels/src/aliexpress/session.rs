//! A shop's connection: calls with its token, which is refreshed before it ends or when it is refused.
//!
//! A new token is kept by the caller before it is used for anything, because the old one is void from then on. Several
//! programs may work for one shop: one of them renews the token, the others wait and take what it got ([`Keeper`]).

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Mutex;

use super::auth::Token;
use super::client::Client;
use super::error::{ApiError, Effect, Need};
use super::secret::Secret;
use super::sign::Parameters;
use crate::Answer;

/// Whose turn it is to renew a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Ours: no other program renews it until we have kept a new one or given the turn back.
    Renew,
    /// Somebody has renewed it already.
    Take(Token),
    /// Somebody is at it.
    Wait,
}

/// Whose turn it is, asked with the token that is held.
pub type AskTurn = Arc<dyn Fn(Token) -> Answer<'static, Result<Turn, String>> + Send + Sync>;
/// Stores a new token, sealed. What it returns on failure is shown to a person and must not contain the token.
pub type Keep = Arc<dyn Fn(Token) -> Answer<'static, Result<(), String>> + Send + Sync>;
/// The token was not renewed after all.
pub type GiveBack = Arc<dyn Fn() -> Answer<'static, ()> + Send + Sync>;

/// Where the token of a shop is kept, and who may renew it.
#[derive(Clone)]
pub struct Keeper {
    pub turn: AskTurn,
    pub keep: Keep,
    pub give_back: GiveBack,
}

impl Keeper {
    /// For a token that nobody else knows.
    pub fn alone(keep: Keep) -> Self {
        Self {
            turn: Arc::new(|_| Box::pin(std::future::ready(Ok(Turn::Renew)))),
            keep,
            give_back: Arc::new(|| Box::pin(std::future::ready(()))),
        }
    }
}

/// Between two looks at whether another program has renewed the token.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// So often it is looked; after that the call is tried later.
const LOOKS: u32 = 60;

/// One shop of one app.
pub struct Session {
    client: Arc<Client>,
    held: Mutex<Held>,
    keeper: Keeper,
}

struct Held {
    token: Token,
    /// Not kept yet: keeping it failed, and is tried again before the next call.
    unkept: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a shop of {:?}", self.client)
    }
}

impl Session {
    pub fn new(client: Arc<Client>, token: Token, keeper: Keeper) -> Self {
        Self { client, held: Mutex::new(Held { token, unkept: false }), keeper }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The token as it is now.
    pub async fn token(&self) -> Token {
        self.held.lock().await.token.clone()
    }

    /// A business call. A refused token is refreshed once and the call made again: it was certainly not carried out.
    pub async fn call(&self, method: &str, parameters: Parameters, effect: Effect) -> Result<Value, ApiError> {
        let access = self.access(None).await?;
        let first = self.client.business(method, &access, parameters.clone(), effect).await;
        if !matches!(first, Err(ApiError::TokenRefused { .. })) {
            return first;
        }
        let access = self.access(Some(&access)).await?;
        match self.client.business(method, &access, parameters, effect).await {
            Err(ApiError::TokenRefused { what }) => {
                let what = format!("connect the AliExpress shop again: a fresh token is refused as well ({what})");
                Err(ApiError::NeedsPerson { need: Need::AuthorizeAgain, what })
            }
            answer => answer,
        }
    }

    /// The access token, refreshed when its end is near or when it is the one that was `refused`. One task refreshes;
    /// the others wait and take what it got.
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ApiError> {
        let mut held = self.held.lock().await;
        let now = self.client.now();
        let stale = refused == Some(&held.token.access);
        // One that could not be kept yet is nobody else's to renew.
        if !held.unkept && (stale || held.token.needs_refresh(now)) {
            match self.renewed(&held.token).await {
                Ok(Renewed::Here(token)) => *held = Held { token, unkept: true },
                Ok(Renewed::Elsewhere(token)) => *held = Held { token, unkept: false },
                // Near its end the old one still serves: a refresh that failed for now is tried at the next call.
                Err(error) if stale || now >= held.token.access_until || !passes(&error) => return Err(error),
                Err(error) => tracing::warn!(%error, "the AliExpress token was not refreshed yet"),
            }
        }
        if held.unkept {
            (self.keeper.keep)(held.token.clone()).await.map_err(not_kept)?;
            held.unkept = false;
        }
        Ok(held.token.access.clone())
    }

    /// A newer token than this one: renewed here in our turn, or by another program.
    async fn renewed(&self, old: &Token) -> Result<Renewed, ApiError> {
        for _ in 0..LOOKS {
            match (self.keeper.turn)(old.clone()).await.map_err(not_kept)? {
                Turn::Take(token) => return Ok(Renewed::Elsewhere(token)),
                Turn::Wait => tokio::time::sleep(LOOK_AGAIN).await,
                Turn::Renew => {
                    let fresh = self.client.refresh_token(old).await;
                    if fresh.is_err() {
                        (self.keeper.give_back)().await;
                    }
                    return fresh.map(Renewed::Here);
                }
            }
        }
        let what = "another program is renewing the token".to_string();
        Err(ApiError::Busy { wait: LOOK_AGAIN, what })
    }
}

/// A token that is newer than the one that was held.
enum Renewed {
    Here(Token),
    /// Kept already.
    Elsewhere(Token),
}

fn not_kept(what: String) -> ApiError {
    let what = format!("the new AliExpress token could not be stored: {what}");
    ApiError::NeedsPerson { need: Need::KeepToken, what }
}

/// Whether an error is one of the moment.
const fn passes(error: &ApiError) -> bool {
    matches!(error, ApiError::Busy { .. } | ApiError::InDoubt { .. })
}
