//! A stand-in on a free port, a client whose clock goes with it, and what tests do to both.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dunlin_channels::Answer;
use dunlin_channels::aliexpress::auth::{Token, code_of_return};
use dunlin_channels::aliexpress::pacific::Pacific;
use dunlin_channels::aliexpress::session::{Keep, Keeper};
use dunlin_channels::aliexpress::sign::{Parameters, sign};
use dunlin_channels::aliexpress::{Client, Clock, RemoteId, Secret, Session, Settings};
use dunlin_sandbox::aliexpress::{Options, serve};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub struct Stand {
    base: String,
    http: reqwest::Client,
    begins: Timestamp,
    started: Instant,
    ahead_seconds: Arc<AtomicI64>,
    /// Tokens that were handed over to be kept, in their order.
    pub kept: Arc<Mutex<Vec<Token>>>,
}

/// So many calls that no test is held up unless it means to be.
pub fn unhurried() -> Options {
    Options { calls_per_second: 5_000.0, ..Options::default() }
}

pub fn pacific() -> Pacific {
    Pacific::load().expect("time zones")
}

impl Stand {
    pub async fn open(mut options: Options) -> Self {
        let begins = *options.starts_at.get_or_insert_with(Timestamp::now);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let started = Instant::now();
        tokio::spawn(serve(listener, options));
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a plain client");
        Self { base, http, begins, started, ahead_seconds: Arc::default(), kept: Arc::default() }
    }

    pub fn clock(&self) -> Clock {
        let (begins, started, ahead) = (self.begins, self.started, Arc::clone(&self.ahead_seconds));
        Arc::new(move || {
            let run = i64::try_from(started.elapsed().as_millis()).expect("a short test");
            let ahead = ahead.load(Ordering::SeqCst) * 1_000;
            Timestamp::from_millisecond(begins.as_millisecond() + run + ahead).expect("an instant")
        })
    }

    pub fn now(&self) -> Timestamp {
        (self.clock())()
    }

    pub fn client(&self, calls_per_second: f64, patience: Duration) -> Client {
        let settings = Settings {
            base_url: self.base.clone(),
            app_key: "123456".into(),
            app_secret: Secret::new("helloworld"),
            calls_per_second,
            patience,
        };
        Client::new(settings, self.clock()).expect("a client")
    }

    /// What the seller's browser does and brings back.
    pub async fn agree(&self, client: &Client) -> String {
        let address = client.authorize_url("http://127.0.0.1:9/back?from=aliexpress", "state-1");
        let answer = self.http.get(address).send().await.expect("the page answers");
        let place = answer.headers().get("location").expect("a way back").to_str().expect("text").to_string();
        let (_, query) = place.split_once('?').expect("a query");
        code_of_return(query, "state-1").expect("a code with our state")
    }

    /// A connected shop.
    pub async fn session_at(&self, calls_per_second: f64, patience: Duration) -> Session {
        let client = self.client(calls_per_second, patience);
        let code = self.agree(&client).await;
        let token = client.create_token(&code).await.expect("a token");
        let kept = Arc::clone(&self.kept);
        let keep: Keep = Arc::new(move |token: Token| -> Answer<'static, Result<(), String>> {
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(token);
            Box::pin(std::future::ready(Ok(())))
        });
        Session::new(Arc::new(client), token, Keeper::alone(keep))
    }

    pub async fn session(&self) -> Session {
        self.session_at(5_000.0, Duration::from_secs(5)).await
    }

    pub async fn control(&self, path: &str, asked: Value) -> Value {
        let request = self.http.post(format!("{}/control{path}", self.base));
        let request = request.header("content-type", "application/json").body(asked.to_string());
        read(request.send().await.expect("control answers")).await
    }

    pub async fn look(&self, path: &str) -> Value {
        read(self.http.get(format!("{}/control{path}", self.base)).send().await.expect("control answers")).await
    }

    /// Both clocks go forward.
    pub async fn advance(&self, seconds: i64) {
        self.control("/clock", json!({ "seconds": seconds })).await;
        self.ahead_seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Makes orders and returns their numbers.
    pub async fn orders(&self, wish: Value) -> Vec<RemoteId> {
        let made = self.control("/orders", wish).await;
        let ids = made["ids"].as_array().expect("numbers");
        ids.iter().map(|id| RemoteId::read(id).expect("a number")).collect()
    }

    pub async fn move_order(&self, order: RemoteId, to: &str) {
        let moved = self.control(&format!("/orders/{order}/move"), json!({ "to": to })).await;
        assert_eq!(moved["status"], to, "{moved}");
    }

    /// Every order with its status, as the stand-in has it.
    pub async fn truth(&self) -> std::collections::BTreeMap<RemoteId, String> {
        let listed = self.look("/orders").await;
        let orders = listed["orders"].as_array().expect("orders");
        let read = |order: &Value| {
            let id = RemoteId::read(&order["id"]).expect("a number");
            (id, order["status"].as_str().expect("a status").to_string())
        };
        orders.iter().map(read).collect()
    }

    /// A call made by hand: what stands in `form`, signed with `secret` where it carries no signature yet.
    pub async fn raw(&self, path: &str, api: &str, mut form: Parameters, secret: &str) -> Value {
        if !form.contains_key("sign") {
            let signature = sign(api, &form, &Secret::new(secret));
            form.insert("sign".into(), signature);
        }
        read(self.http.post(format!("{}{path}", self.base)).form(&form).send().await.expect("an answer")).await
    }

    /// What every call made by hand carries.
    pub fn form(&self, more: &[(&str, &str)]) -> Parameters {
        let mut form = Parameters::from([
            ("app_key".to_string(), "123456".to_string()),
            ("sign_method".to_string(), "sha256".to_string()),
            ("timestamp".to_string(), self.now().as_millisecond().to_string()),
        ]);
        form.extend(more.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())));
        form
    }
}

async fn read(answer: reqwest::Response) -> Value {
    let text = answer.text().await.expect("a text");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}
