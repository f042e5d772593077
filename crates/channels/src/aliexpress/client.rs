//! One call to the service: paced, signed, sent, its answer opened. Knows nothing of orders or messages.
//!
//! System calls (`/rest/…`) make tokens; business calls (`/sync`) act for a shop. Both are form-encoded POSTs, so no
//! token ever stands in an address. Answers are read up to a limit; everything refused ends in one [`ApiError`].

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use reqwest::{Response, StatusCode, Url};
use serde_json::Value;

use super::app::App;
use super::error::{ApiError, Effect, RemoteError, is_throttle};
use super::secret::Secret;
use super::sign::{Parameters, sign};
use super::uncertain::{TOKEN_PARAMETER, WAIT_WITHOUT_WORD};
use super::values::{shortened, text};

/// Where the service lives.
pub const SERVICE: &str = "https://api-sg.aliexpress.com";

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// The largest answer that is read; fifty orders with their articles are some hundred kilobytes.
const LARGEST_ANSWER_BYTES: usize = 8 * 1024 * 1024;
/// Tries after the first one, of what may be tried again at all.
const TRIES_AGAIN: usize = 4;
/// Letters of the service's own words that go into an error.
const LETTERS_QUOTED: usize = 300;
/// No wait that a service asks for is longer: a number beyond it is a mistake, and must not overflow a clock.
const LONGEST_WAIT_SECONDS: u64 = 86_400;
/// Parameters of system calls that open a shop: a service may repeat in its answer what it was sent.
const SECRET_PARAMETERS: [&str; 2] = ["code", "refresh_token"];

/// The time, as the caller has it. A stand-in whose clock was moved needs a client whose clock moves along.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What connects an app with the service.
#[derive(Debug, Clone)]
pub struct Settings {
    /// [`SERVICE`], or the address of a stand-in: `http` is accepted for this machine only.
    pub base_url: String,
    pub app_key: String,
    pub app_secret: Secret,
    /// Calls per second that the app is permitted; the client stays just below.
    pub calls_per_second: f64,
    /// The longest wait that a call may contain; beyond it the caller is told how long.
    pub patience: Duration,
}

/// Why a client could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetUpError {
    #[error("‘{0}’ is no address of the service: https://…, or http:// on this machine")]
    Address(String),
    #[error("no connection can be made from here: {0}")]
    Connections(String),
}

/// A connection to the service for one app; shared by all its shops, because the app's rate is.
pub struct Client {
    http: reqwest::Client,
    base: Url,
    app_key: String,
    app_secret: Secret,
    app: Arc<App>,
    patience: Duration,
    clock: Clock,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AliExpress app {} at {}", self.app_key, self.base)
    }
}

impl Client {
    pub fn new(settings: Settings, clock: Clock) -> Result<Self, SetUpError> {
        let wrong = || SetUpError::Address(settings.base_url.clone());
        let base = Url::parse(&settings.base_url).map_err(|_| wrong())?;
        let here = matches!(base.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if base.scheme() != "https" && !(here && base.scheme() == "http") {
            return Err(wrong());
        }
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            // A redirect would carry a signed call to somewhere else.
            .redirect(reqwest::redirect::Policy::none());
        if here {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| SetUpError::Connections(error.to_string()))?;
        Ok(Self {
            http,
            app: App::at(base.as_str(), &settings.app_key, settings.calls_per_second),
            base,
            app_key: settings.app_key,
            app_secret: settings.app_secret,
            patience: settings.patience,
            clock,
        })
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(super) fn app_key(&self) -> &str {
        &self.app_key
    }

    /// An address below the service's own.
    pub(super) fn address(&self, path: &str) -> Url {
        let mut address = self.base.clone();
        let below = format!("{}{path}", self.base.path().trim_end_matches('/'));
        address.set_path(&below);
        address
    }

    /// A system call: `path` is both the address below `/rest` and the name that is signed.
    pub async fn system(&self, path: &str, parameters: Parameters, effect: Effect) -> Result<Value, ApiError> {
        let address = self.address(&format!("/rest{path}"));
        self.call(&Call { address, name: path, parameters, effect, token: None }).await
    }

    /// A business call for the shop that the token belongs to. Returns what stands inside `<method>_response`.
    pub async fn business(
        &self,
        method: &str,
        token: &Secret,
        mut parameters: Parameters,
        effect: Effect,
    ) -> Result<Value, ApiError> {
        parameters.insert("method".into(), method.into());
        parameters.insert("format".into(), "json".into());
        parameters.insert("simplify".into(), "false".into());
        parameters.insert(TOKEN_PARAMETER.into(), token.expose().into());
        let address = self.address("/sync");
        let mut answer = self.call(&Call { address, name: method, parameters, effect, token: Some(token) }).await?;
        let wrapper = format!("{}_response", method.replace('.', "_"));
        match answer.get_mut(&wrapper) {
            Some(inside) => Ok(inside.take()),
            None => Err(unreadable(effect, format!("`{wrapper}` is missing"))),
        }
    }

    async fn call(&self, call: &Call<'_>) -> Result<Value, ApiError> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(5))
            .with_max_times(TRIES_AGAIN)
            .with_jitter();
        // A ban is waited out by the pace of the next try; what lies beyond all patience is the caller's to wait for.
        let bearable = |error: &ApiError, delay: Option<Duration>| match error {
            ApiError::Busy { wait, .. } if *wait <= self.patience => delay,
            _ => None,
        };
        (|| self.attempt(call)).retry(waits).when(ApiError::is_busy).adjust(bearable).await
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Value, ApiError> {
        self.app.pace.turn(self.patience).await.map_err(|wait| {
            let what = format!("the service lets this app in again in {} seconds", wait.as_secs() + 1);
            ApiError::Busy { wait, what }
        })?;
        let form = self.signed(call);
        let sent = self.http.post(call.address.clone()).form(&form).send().await;
        let answer = sent.map_err(|error| self.broken(error, call.effect))?;
        self.open(answer, call).await
    }

    /// The parameters with all that is common to every call. Each try is signed anew, with a time of its own.
    fn signed(&self, call: &Call<'_>) -> Parameters {
        let mut form = call.parameters.clone();
        form.retain(|_, value| !value.is_empty());
        form.insert("app_key".into(), self.app_key.clone());
        form.insert("sign_method".into(), "sha256".into());
        form.insert("timestamp".into(), self.app.next_millisecond(self.now()).to_string());
        let signature = sign(call.name, &form, &self.app_secret);
        form.insert("sign".into(), signature);
        form
    }

    fn broken(&self, error: reqwest::Error, effect: Effect) -> ApiError {
        let never_left = error.is_connect() || error.is_builder();
        let what = self.quoted(&chain(&error.without_url()), None);
        if never_left { ApiError::Busy { wait: Duration::from_secs(1), what } } else { ApiError::fault(effect, what) }
    }

    async fn open(&self, answer: Response, call: &Call<'_>) -> Result<Value, ApiError> {
        let status = answer.status();
        let throttled = status == StatusCode::TOO_MANY_REQUESTS;
        let retry_after = answer.headers().get("retry-after").and_then(|held| held.to_str().ok()?.parse::<u64>().ok());
        let body = self.read(answer, call.effect).await?;
        let value: Option<Value> = serde_json::from_slice(&body).ok();
        if let Some(remote) = value.as_ref().and_then(remote_error) {
            let told = |text: &str| self.quoted(&without_secrets(text, &call.parameters), call.token);
            let remote = RemoteError {
                code: told(&remote.code),
                sub_code: told(&remote.sub_code),
                message: told(&remote.message),
            };
            let throttle = is_throttle(&remote);
            let error = ApiError::of_remote(remote, call.name, call.effect);
            if let (true, ApiError::Busy { wait, .. }) = (throttle, &error) {
                self.app.pace.ban(*wait);
            }
            return Err(error);
        }
        if throttled {
            let told = retry_after.map(|seconds| Duration::from_secs(seconds.min(LONGEST_WAIT_SECONDS)));
            let wait = told.unwrap_or(WAIT_WITHOUT_WORD);
            self.app.pace.ban(wait);
            return Err(ApiError::Busy { wait, what: "too many requests".into() });
        }
        if status.is_server_error() {
            return Err(ApiError::fault(call.effect, format!("HTTP {}", status.as_u16())));
        }
        match value {
            Some(value) if status.is_success() => Ok(value),
            Some(_) => Err(ApiError::Refused { code: format!("HTTP {}", status.as_u16()), what: String::new() }),
            None => Err(unreadable(call.effect, format!("HTTP {} without JSON", status.as_u16()))),
        }
    }

    async fn read(&self, mut answer: Response, effect: Effect) -> Result<Vec<u8>, ApiError> {
        let mut body = Vec::new();
        loop {
            let chunk = answer.chunk().await.map_err(|error| self.broken(error, effect))?;
            let Some(chunk) = chunk else { return Ok(body) };
            if body.len() + chunk.len() > LARGEST_ANSWER_BYTES {
                return Err(unreadable(effect, format!("longer than {LARGEST_ANSWER_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
    }

    /// Somebody else's words, short and without our secrets.
    fn quoted(&self, words: &str, token: Option<&Secret>) -> String {
        let mut words = self.app_secret.blot_out(words);
        if let Some(token) = token {
            words = token.blot_out(&words);
        }
        shortened(&words, LETTERS_QUOTED)
    }
}

struct Call<'a> {
    address: Url,
    /// The name that is signed.
    name: &'a str,
    parameters: Parameters,
    effect: Effect,
    token: Option<&'a Secret>,
}

/// Words without the secrets among the parameters of a call.
fn without_secrets(words: &str, parameters: &Parameters) -> String {
    let sent = SECRET_PARAMETERS.iter().filter_map(|name| parameters.get(*name));
    sent.fold(words.to_string(), |words, secret| Secret::new(secret.as_str()).blot_out(&words))
}

/// An answer that is no answer: a change may have happened all the same.
pub(super) fn unreadable(effect: Effect, what: String) -> ApiError {
    match effect {
        Effect::Read => ApiError::Unreadable { what },
        Effect::Write => ApiError::InDoubt { what },
    }
}

/// The error in an answer: inside `error_response` (business calls) or bare (system calls, where `code` "0" is none).
fn remote_error(answer: &Value) -> Option<RemoteError> {
    let held = match answer.get("error_response") {
        Some(held) => held,
        None => {
            let code = text(answer, "code");
            if code.is_empty() || code == "0" {
                return None;
            }
            answer
        }
    };
    let message = [text(held, "msg"), text(held, "message"), text(held, "sub_msg")].join(" ");
    Some(RemoteError {
        code: text(held, "code"),
        sub_code: text(held, "sub_code"),
        message: message.trim().to_string(),
    })
}

/// An error with its causes: the outer one alone only says that sending failed.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(": ");
        words.push_str(&inner.to_string());
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(base_url: &str) -> Result<Client, SetUpError> {
        let settings = Settings {
            base_url: base_url.into(),
            app_key: "123456".into(),
            app_secret: Secret::new("helloworld"),
            calls_per_second: 10.0,
            patience: Duration::from_secs(1),
        };
        Client::new(settings, Arc::new(|| Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        assert!(client(SERVICE).is_ok());
        assert!(client("http://127.0.0.1:8080").is_ok());
        assert!(client("http://api-sg.aliexpress.com").is_err());
        assert!(client("ftp://127.0.0.1").is_err());
        assert!(client("nowhere").is_err());
    }

    #[test]
    fn no_two_calls_carry_the_same_time_and_nothing_shows_the_secret() {
        let client = client(SERVICE).expect("a client");
        let now = client.now();
        assert!(client.app.next_millisecond(now) < client.app.next_millisecond(now));
        assert!(!format!("{client:?}").contains("helloworld"));
        assert_eq!(client.quoted("secret helloworld\n", None), "secret …");
    }

    #[test]
    fn a_refusal_that_repeats_what_opens_a_shop_is_told_without_it() {
        let parameters = Parameters::from([("refresh_token".to_string(), "5001abcdef".to_string())]);
        assert_eq!(without_secrets("token 5001abcdef is old", &parameters), "token … is old");
        assert_eq!(without_secrets("token is old", &Parameters::new()), "token is old");
    }

    #[test]
    fn errors_are_found_in_both_envelopes() {
        let business = serde_json::json!({"error_response": {"code": 15, "sub_code": "isp.x", "msg": "m"}});
        assert_eq!(
            remote_error(&business).map(|error| (error.code, error.sub_code)),
            Some(("15".into(), "isp.x".into()))
        );
        let system = serde_json::json!({"code": "InvalidCode", "message": "gone"});
        assert_eq!(remote_error(&system).map(|error| error.message), Some("gone".into()));
        assert_eq!(remote_error(&serde_json::json!({"code": "0", "access_token": "x"})), None);
    }
}
