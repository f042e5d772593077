//! A shop's connection: calls with its token, which is refreshed before it ends or when it is refused.
//!
//! A new token is kept by the caller before it is used for anything, because the old one is void from then on.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Mutex;

use super::auth::Token;
use super::client::Client;
use super::error::{ApiError, Effect, Need};
use super::secret::Secret;
use super::sign::Parameters;
use crate::Answer;

/// Stores a new token, sealed. What it returns on failure is shown to a person and must not contain the token.
pub type Keep = Arc<dyn Fn(Token) -> Answer<'static, Result<(), String>> + Send + Sync>;

/// One shop of one app.
pub struct Session {
    client: Arc<Client>,
    held: Mutex<Held>,
    keep: Keep,
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
    pub fn new(client: Arc<Client>, token: Token, keep: Keep) -> Self {
        Self { client, held: Mutex::new(Held { token, unkept: false }), keep }
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
        if stale || held.token.needs_refresh(now) {
            let refreshed = self.client.refresh_token(&held.token).await;
            match refreshed {
                Ok(token) => *held = Held { token, unkept: true },
                // Near its end the old one still serves: a refresh that failed for now is tried at the next call.
                Err(error) if stale || now >= held.token.access_until || !passes(&error) => return Err(error),
                Err(error) => tracing::warn!(%error, "the AliExpress token was not refreshed yet"),
            }
        }
        if held.unkept {
            (self.keep)(held.token.clone()).await.map_err(|what| ApiError::NeedsPerson {
                need: Need::KeepToken,
                what: format!("the new AliExpress token could not be stored: {what}"),
            })?;
            held.unkept = false;
        }
        Ok(held.token.access.clone())
    }
}

/// Whether an error is one of the moment.
const fn passes(error: &ApiError) -> bool {
    matches!(error, ApiError::Busy { .. } | ApiError::InDoubt { .. })
}
