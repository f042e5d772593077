//! Codes and tokens: made, refreshed, ended. A refreshed token ends with the refresh, so that a client that does not
//! keep the new one is found out at once.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::Parameters;
use super::fault::Fault;
use super::guesses::{CODE_SECONDS, MOST_TOKENS};
use super::world::World;

/// Each with the instant of its end, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    codes: HashMap<String, i64>,
    access: HashMap<String, i64>,
    refresh: HashMap<String, i64>,
    made: u64,
}

impl Tokens {
    /// Ends all access tokens, and the others too if wished.
    pub(super) fn expire(&mut self, refresh_as_well: bool) {
        self.access.clear();
        if refresh_as_well {
            self.refresh.clear();
        }
    }
}

fn keep(held: &mut HashMap<String, i64>, text: String, until: i64, now: i64) {
    if held.len() >= MOST_TOKENS {
        held.retain(|_, end| *end > now);
    }
    // Still too many: a test that makes tokens without end loses the old ones.
    if held.len() >= MOST_TOKENS {
        held.clear();
    }
    held.insert(text, until);
}

impl World {
    /// What the browser brings back.
    pub(super) fn new_code(&mut self) -> String {
        let now = self.now();
        let code = format!("3_{}_{:016x}", self.options.app_key, self.chance.draw());
        keep(&mut self.tokens.codes, code.clone(), now + CODE_SECONDS * 1_000, now);
        code
    }

    pub(super) fn create_token(&mut self, form: &Parameters) -> Result<Value, Fault> {
        let answered = self.create(form);
        self.named(answered)
    }

    fn create(&mut self, form: &Parameters) -> Result<Value, Fault> {
        self.admit("/auth/token/create", form)?;
        let after = self.put_in_before("/auth/token/create")?;
        let now = self.now();
        let code = form.get("code").map(String::as_str).unwrap_or_default();
        // A code works once, whatever comes of it.
        match self.tokens.codes.remove(code) {
            Some(until) if until > now => {}
            _ => return Err(Fault::new("InvalidCode", "The specified code is invalid or expired")),
        }
        let token = self.new_token(now);
        after.map_or(Ok(token), Err)
    }

    pub(super) fn refresh_token(&mut self, form: &Parameters) -> Result<Value, Fault> {
        let answered = self.refresh(form);
        self.named(answered)
    }

    fn refresh(&mut self, form: &Parameters) -> Result<Value, Fault> {
        self.admit("/auth/token/refresh", form)?;
        let after = self.put_in_before("/auth/token/refresh")?;
        let now = self.now();
        let old = form.get("refresh_token").map(String::as_str).unwrap_or_default();
        match self.tokens.refresh.remove(old) {
            Some(until) if until > now => {}
            _ => return Err(Fault::new("IllegalRefreshToken", "The specified refresh token is invalid or expired")),
        }
        self.tokens.access.clear();
        let token = self.new_token(now);
        after.map_or(Ok(token), Err)
    }

    fn new_token(&mut self, now: i64) -> Value {
        let (life, refresh_life) = (self.options.access_token_seconds, self.options.refresh_token_seconds);
        let (until, refresh_until) =
            (now.saturating_add(life.saturating_mul(1_000)), now.saturating_add(refresh_life.saturating_mul(1_000)));
        let access = format!("5000{:016x}{:016x}", self.chance.draw(), self.chance.draw());
        let refresh = format!("5001{:016x}{:016x}", self.chance.draw(), self.chance.draw());
        keep(&mut self.tokens.access, access.clone(), until, now);
        keep(&mut self.tokens.refresh, refresh.clone(), refresh_until, now);
        self.tokens.made += 1;
        // The service writes this now as a number, now as a text.
        let as_text = self.tokens.made.is_multiple_of(2);
        let expires_in: Value = if as_text { life.to_string().into() } else { life.into() };
        let refresh_expires_in: Value = if as_text { refresh_life.to_string().into() } else { refresh_life.into() };
        json!({
            "access_token": access, "refresh_token": refresh,
            "expires_in": expires_in, "refresh_expires_in": refresh_expires_in,
            "expire_time": until, "refresh_token_valid_time": refresh_until,
            "seller_id": "200042360", "user_id": "200042360", "account": "seller@example.com",
            "user_nick": "cn1000000001", "havana_id": "17380000001", "locale": "zh_CN", "sp": "ae",
            "account_platform": "seller_center", "code": "0",
        })
    }

    /// Business calls carry the token as `session`; the signature example of the documentation says `access_token`.
    pub(super) fn check_token(&self, form: &Parameters, now: i64) -> Result<(), Fault> {
        let token = form.get("session").or_else(|| form.get("access_token")).map(String::as_str).unwrap_or_default();
        match self.tokens.access.get(token) {
            Some(until) if *until > now => Ok(()),
            _ => Err(Fault::new("IllegalAccessToken", "The specified access token is invalid or expired")),
        }
    }
}
