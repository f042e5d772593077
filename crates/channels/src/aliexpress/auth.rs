//! How a shop connects and stays connected: the address the seller is sent to, the code that comes back, the tokens.
//!
//! Tokens have to be stored sealed; [`Token::to_sealable`] is the one way to write one down.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::client::{Client, unreadable};
use super::error::{ApiError, Effect};
use super::secret::Secret;
use super::sign::Parameters;
use super::values::{integer, text};

/// What a shop's connection consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub access: Secret,
    pub refresh: Secret,
    pub access_until: Timestamp,
    pub refresh_until: Timestamp,
    /// From here on the token is refreshed, while there is still time to try again.
    pub refresh_from: Timestamp,
    /// The seller's number, as text.
    pub seller_id: String,
    pub account: String,
    pub nick: String,
    /// `seller_center` for sellers.
    pub platform: String,
}

impl Token {
    pub fn needs_refresh(&self, now: Timestamp) -> bool {
        now >= self.refresh_from
    }

    /// Past this the seller has to sign in again.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        now >= self.refresh_until && now >= self.access_until
    }

    /// Everything, tokens included, as text. It goes nowhere but into the seal.
    pub fn to_sealable(&self) -> String {
        json!({
            "access": self.access.expose(), "refresh": self.refresh.expose(),
            "access_until": self.access_until.as_millisecond(), "refresh_until": self.refresh_until.as_millisecond(),
            "refresh_from": self.refresh_from.as_millisecond(),
            "seller_id": self.seller_id, "account": self.account, "nick": self.nick, "platform": self.platform,
        })
        .to_string()
    }

    /// Reads what [`Self::to_sealable`] wrote.
    pub fn from_sealable(sealed: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(sealed).ok()?;
        let instant = |field| Timestamp::from_millisecond(integer(&value, field)?).ok();
        Some(Self {
            access: Secret::new(text(&value, "access")),
            refresh: Secret::new(text(&value, "refresh")),
            access_until: instant("access_until")?,
            refresh_until: instant("refresh_until")?,
            refresh_from: instant("refresh_from")?,
            seller_id: text(&value, "seller_id"),
            account: text(&value, "account"),
            nick: text(&value, "nick"),
            platform: text(&value, "platform"),
        })
    }

    /// Reads the service's answer. Both the span (`expires_in`, seconds, now text, now number) and the instant
    /// (`expire_time`, milliseconds) may be given; the earlier end counts.
    fn read(answer: &Value, now: Timestamp) -> Result<Self, ApiError> {
        let missing = |what: &str| ApiError::Unreadable { what: format!("the token has no {what}") };
        let (access, refresh) = (text(answer, "access_token"), text(answer, "refresh_token"));
        if access.is_empty() {
            return Err(missing("access_token"));
        }
        let access_until = end(answer, now, "expires_in", "expire_time").ok_or_else(|| missing("end"))?;
        let refresh_until = end(answer, now, "refresh_expires_in", "refresh_token_valid_time").unwrap_or(access_until);
        // A fifth of its life before the end, at most a day.
        let early = (now.duration_until(access_until) / 5).clamp(SignedDuration::ZERO, SignedDuration::from_hours(24));
        Ok(Self {
            access: Secret::new(access),
            refresh: Secret::new(refresh),
            access_until,
            refresh_until,
            refresh_from: access_until.checked_sub(early).unwrap_or(now),
            seller_id: text(answer, "seller_id"),
            account: text(answer, "account"),
            nick: text(answer, "user_nick"),
            platform: text(answer, "account_platform"),
        })
    }
}

fn end(answer: &Value, now: Timestamp, span_seconds: &str, instant_milliseconds: &str) -> Option<Timestamp> {
    let span = integer(answer, span_seconds).and_then(|s| now.checked_add(SignedDuration::from_secs(s)).ok());
    let instant = integer(answer, instant_milliseconds).and_then(|ms| Timestamp::from_millisecond(ms).ok());
    match (span, instant) {
        (Some(span), Some(instant)) => Some(span.min(instant)),
        (span, instant) => span.or(instant),
    }
}

impl Client {
    /// Where the seller's browser is sent. `state` is a fresh random text; what comes back must carry the same.
    pub fn authorize_url(&self, redirect_uri: &str, state: &str) -> String {
        let mut address = self.address("/oauth/authorize");
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("force_auth", "true")
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("client_id", self.app_key())
            .append_pair("state", state);
        address.into()
    }

    /// Exchanges the code that the browser brought back; a code works once.
    pub async fn create_token(&self, code: &str) -> Result<Token, ApiError> {
        let parameters = Parameters::from([("code".to_string(), code.to_string())]);
        self.token("/auth/token/create", parameters).await
    }

    /// A new token for an old one. The old one ends with this; the new one has to be kept before anything else.
    pub async fn refresh_token(&self, token: &Token) -> Result<Token, ApiError> {
        let parameters = Parameters::from([("refresh_token".to_string(), token.refresh.expose().to_string())]);
        let mut fresh = self.token("/auth/token/refresh", parameters).await?;
        // The service may leave out what did not change.
        if fresh.refresh.expose().is_empty() {
            fresh.refresh = token.refresh.clone();
            fresh.refresh_until = token.refresh_until;
        }
        for (new, old) in [(&mut fresh.seller_id, &token.seller_id), (&mut fresh.account, &token.account)] {
            if new.is_empty() {
                new.clone_from(old);
            }
        }
        Ok(fresh)
    }

    async fn token(&self, path: &str, parameters: Parameters) -> Result<Token, ApiError> {
        // Asked again after a fault: was the first try carried out after all, its token is lost either way, and the
        // refusal of the second says that the shop has to be connected anew.
        let answer = self.system(path, parameters, Effect::Read).await?;
        if !answer.is_object() {
            return Err(unreadable(Effect::Read, "the token is no object".into()));
        }
        Token::read(&answer, self.now())
    }
}

/// The code in the address that the browser came back with, if it belongs to the state that was sent along.
pub fn code_of_return(query: &str, state: &str) -> Option<String> {
    // Reads the query the way browsers write it.
    let address = reqwest::Url::parse(&format!("http://localhost/?{query}")).ok()?;
    let value = |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, held)| held.into_owned());
    let same = !state.is_empty() && value("state")? == state;
    if same { value("code").filter(|code| !code.is_empty()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_read_from_text_and_number_and_the_earlier_counts() {
        let now = Timestamp::from_second(1_000_000).expect("instant");
        let read = |answer: &str| Token::read(&serde_json::from_str(answer).expect("json"), now);
        let token =
            read(r#"{"access_token":"a","refresh_token":"r","expires_in":"86400","refresh_expires_in":172800}"#)
                .expect("a token");
        assert_eq!(token.access_until.as_second(), 1_086_400);
        assert_eq!(token.refresh_until.as_second(), 1_172_800);
        assert_eq!(token.refresh_from.as_second(), 1_086_400 - 17_280);
        assert!(!token.needs_refresh(now) && token.needs_refresh(token.access_until));
        let token = read(r#"{"access_token":"a","expires_in":86400,"expire_time":1000060000}"#).expect("a token");
        assert_eq!(token.access_until.as_second(), 1_000_060);
        assert!(read(r#"{"access_token":"a"}"#).is_err());
        assert!(read(r#"{"expires_in":1}"#).is_err());
    }

    #[test]
    fn a_token_survives_the_seal_and_shows_nothing() {
        let now = Timestamp::from_second(1_000_000).expect("instant");
        let answer = json!({"access_token": "secret-a", "refresh_token": "secret-r", "expires_in": 60, "seller_id": 7});
        let token = Token::read(&answer, now).expect("a token");
        assert_eq!(Token::from_sealable(&token.to_sealable()).as_ref(), Some(&token));
        assert_eq!(token.seller_id, "7");
        assert!(!format!("{token:?}").contains("secret-"));
    }

    #[test]
    fn a_code_without_our_state_is_not_taken() {
        assert_eq!(code_of_return("code=3_1%2F2&state=abc", "abc").as_deref(), Some("3_1/2"));
        assert_eq!(code_of_return("code=3&state=abd", "abc"), None);
        assert_eq!(code_of_return("code=3", "abc"), None);
        assert_eq!(code_of_return("code=3&state=", ""), None);
    }
}
