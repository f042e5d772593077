//! The client of 17TRACK against the sandbox: batches, pace, refusals, every kind of journey, and news that come as badly
//! as they can.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use dunlin_channels::track17::client::{Client, Track17Settings};
use dunlin_channels::track17::errors::{CallError, Cause, Remedy};
use dunlin_channels::track17::requests::{CarrierChange, Parcel, Registration};
use dunlin_channels::track17::webhook::{self, Notice, NoticeKind, SIGNATURE_HEADER};
use dunlin_core::shipment::journey::Journey as Story;
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_sandbox::track17::{Journey, Options, serve};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const KEY: &str = "SANDBOXKEY";

struct Desk {
    address: String,
    client: Client,
    http: reqwest::Client,
}

async fn open(options: Options) -> Desk {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(serve(listener, options));
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    Desk { client: client(&address, KEY, 50), address, http }
}

fn client(address: &str, key: &str, first_wait_ms: u64) -> Client {
    let first_wait = Duration::from_millis(first_wait_ms);
    let settings = Track17Settings { address: address.to_string(), key: key.to_string(), first_wait };
    Client::new(settings).expect("a client")
}

impl Desk {
    async fn ask(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}/control/{path}", self.address)).send().await.expect("an answer");
        serde_json::from_str(&answer.text().await.expect("a text")).expect("JSON")
    }

    async fn tell(&self, path: &str, what: Value) -> Value {
        let request = self.http.post(format!("{}/control/{path}", self.address)).body(what.to_string());
        let answer = request.header("content-type", "application/json").send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        serde_json::from_str(&answer.text().await.expect("a text")).unwrap_or(Value::Null)
    }

    async fn script(&self, number: &str, path: Journey) {
        self.tell("parcels", json!({"number": number, "path": path})).await;
    }

    async fn days_pass(&self, days: i64) {
        self.tell("clock", json!({"advance_hours": days * 24})).await;
    }

    /// What waits to be sent, opened as a receiver would.
    async fn notices(&self) -> Vec<Notice> {
        let answer = self.ask("notices").await;
        let waiting = answer["notices"].as_array().expect("a list");
        waiting
            .iter()
            .map(|notice| {
                let body = notice["body"].as_str().expect("a body");
                webhook::open(body.as_bytes(), notice["sign"].as_str(), KEY).expect("signed and readable")
            })
            .collect()
    }
}

fn number(index: usize) -> String {
    format!("RR{index:09}CN")
}

fn registrations(count: usize) -> Vec<Registration> {
    (0..count).map(|index| Registration::of(&number(index), None)).collect()
}

fn parcels(count: usize) -> Vec<Parcel> {
    (0..count).map(|index| Parcel::of(&number(index), None)).collect()
}

#[tokio::test]
async fn numbers_are_registered_in_batches_and_twice_is_no_fault() {
    let desk = open(Options::default()).await;
    let mut wanted = registrations(90);
    wanted.push(Registration::of("no number", None));
    let outcome = desk.client.register(&wanted).await;
    assert_eq!((outcome.accepted.len(), outcome.stopped), (90, None));
    assert!(outcome.accepted.iter().all(|taken| taken.carrier_key == Some(3011) && !taken.was_so));
    let refused: Vec<_> = outcome.rejected.iter().map(|refused| (refused.number.as_str(), refused.cause)).collect();
    assert_eq!(refused, [("no number", Cause::BadData)]);
    let again = desk.client.register(&registrations(41)).await;
    assert_eq!((again.accepted.len(), again.rejected.len()), (41, 0));
    assert!(again.accepted.iter().all(|taken| taken.was_so));
    let quota = desk.client.quota().await.expect("a quota");
    assert_eq!((quota.total, quota.used, quota.remaining), (1_000, 90, 910));
}

#[tokio::test]
async fn refusals_that_pass_are_waited_out() {
    let desk = open(Options::default()).await;
    for kind in ["throttled", "away", "internal"] {
        desk.tell("faults", json!({"kind": kind})).await;
    }
    let outcome = desk.client.register(&registrations(1)).await;
    assert_eq!((outcome.accepted.len(), outcome.stopped), (1, None));
}

#[tokio::test]
async fn two_programs_with_one_key_share_the_pace() {
    let desk = open(Options::default()).await;
    // Waits long enough for the service to be ready again.
    let (first, second) = (client(&desk.address, KEY, 400), client(&desk.address, KEY, 400));
    let wanted = registrations(160);
    let (one, other) = tokio::join!(first.register(&wanted), second.register(&wanted));
    assert_eq!((one.accepted.len(), one.stopped), (160, None));
    assert_eq!((other.accepted.len(), other.stopped), (160, None));
}

#[tokio::test]
async fn what_does_not_pass_is_told_at_once_with_what_to_do() {
    let desk = open(Options::default()).await;
    let stranger = client(&desk.address, "OTHERKEY", 50);
    let outcome = stranger.register(&registrations(50)).await;
    assert_eq!((outcome.accepted.len(), outcome.not_asked.len()), (0, 50));
    let error = outcome.stopped.expect("an error");
    assert!(matches!(error, CallError::Refused { cause: Cause::BadKey, .. }), "{error}");
    assert!(error.to_string().contains("check the key"), "{error}");
    desk.tell("faults", json!({"kind": "garbage"})).await;
    let error = desk.client.quota().await.expect_err("no quota");
    assert!(matches!(error, CallError::Unreadable(_)), "{error}");
    desk.tell("faults", json!({"kind": "address_refused"})).await;
    let error = desk.client.quota().await.expect_err("no quota");
    assert!(matches!(error, CallError::Refused { cause: Cause::AddressNotAllowed, .. }), "{error}");
    desk.tell("faults", json!({"kind": "away", "calls": 9})).await;
    let error = desk.client.quota().await.expect_err("no quota");
    assert!(matches!(error, CallError::Away(_)), "{error}");
}

#[tokio::test]
async fn a_number_that_nobody_knows_and_a_spent_quota_have_somebody_to_see_to_them() {
    let desk = open(Options { quota: 2, ..Options::default() }).await;
    let wanted = ["123456789012", "RR000000001CN", "RR000000002CN", "RR000000003CN"];
    let wanted: Vec<_> = wanted.iter().map(|number| Registration::of(number, None)).collect();
    let outcome = desk.client.register(&wanted).await;
    let refused: Vec<_> =
        outcome.rejected.iter().map(|refused| (refused.number.as_str(), refused.cause.remedy())).collect();
    assert_eq!(refused, [("123456789012", Remedy::Person), ("RR000000003CN", Remedy::Account)]);
    desk.tell("quota", json!({"left": 1})).await;
    let outcome = desk.client.register(&[Registration::of("123456789012", Some(190_008))]).await;
    assert_eq!(outcome.accepted.first().and_then(|taken| taken.carrier_key), Some(190_008));
}

#[tokio::test]
async fn a_number_that_an_answer_forgets_is_not_lost() {
    let desk = open(Options::default()).await;
    desk.tell("faults", json!({"kind": "forgetful"})).await;
    let outcome = desk.client.register(&registrations(3)).await;
    assert_eq!((outcome.accepted.len(), outcome.rejected.len()), (2, 1));
}

/// How each journey ends, and what was to be heard of it on the way.
const ENDS: &[(Journey, &str, &[&str])] = &[
    (
        Journey::Normal,
        "delivered",
        &["announced", "picked_up", "in_transit", "departed", "arrived", "out_for_delivery"],
    ),
    (Journey::Customs, "delivered", &["customs", "customs_released"]),
    (Journey::NeedsInformation, "delivered", &["needs_information"]),
    (Journey::PickUp, "delivered", &["pick_up_point"]),
    (Journey::FailedDelivery, "delivered", &["failed_delivery"]),
    (Journey::NobodyThere, "delivered", &["nobody_there", "pick_up_point"]),
    (Journey::WrongAddress, "returned", &["wrong_address", "returning"]),
    (Journey::Refused, "returned", &["refused", "returning"]),
    (Journey::Held, "held", &[]),
    (Journey::Returned, "returned", &["failed_delivery", "returning"]),
    (Journey::Lost, "lost", &["departed"]),
    (Journey::Damaged, "damaged", &[]),
    (Journey::Destroyed, "destroyed", &["held"]),
    (Journey::Cancelled, "cancelled", &[]),
    (Journey::Late, "delivered", &["delayed"]),
    (Journey::Stuck, "expired", &["departed"]),
    (Journey::NotFound, "not_found", &[]),
    (Journey::InvalidNumber, "invalid_number", &[]),
    (Journey::NewWord, "delivered", &["other"]),
];

#[tokio::test]
async fn every_journey_is_told_by_webhook_and_by_asking_alike() {
    assert_eq!(ENDS.len(), Journey::ALL.len());
    let desk = open(Options::default()).await;
    for (index, (journey, _, _)) in ENDS.iter().enumerate() {
        desk.script(&number(index), *journey).await;
    }
    let outcome = desk.client.register(&registrations(ENDS.len())).await;
    assert_eq!(outcome.accepted.len(), ENDS.len());
    desk.days_pass(40).await;
    let notices = desk.notices().await;
    let asked = desk.client.track_info(&parcels(ENDS.len())).await;
    assert_eq!((asked.accepted.len(), asked.stopped), (ENDS.len(), None));
    for (index, (journey, end, on_the_way)) in ENDS.iter().enumerate() {
        let read = asked.accepted.iter().find(|read| read.update.number == number(index)).expect("an answer");
        assert!(read.problems.is_empty(), "{:?}", read.problems);
        let mut by_asking = Story::default();
        by_asking.take_in(&read.update);
        assert_eq!(by_asking.status().code(), *end, "{journey:?}");
        let mut by_webhook = Story::default();
        let mut heard: Vec<TrackingStatus> = Vec::new();
        for notice in notices.iter().filter(|notice| notice.news.update.number == number(index)) {
            by_webhook.take_in(&notice.news.update);
            heard.push(by_webhook.status());
        }
        for expected in *on_the_way {
            assert!(heard.iter().any(|status| status.code() == *expected), "{journey:?}: {expected} in {heard:?}");
        }
        assert!(by_webhook.events().eq(by_asking.events()), "{journey:?}");
        if !heard.is_empty() {
            assert_eq!(by_webhook.status(), by_asking.status(), "{journey:?}");
        }
    }
    assert!(notices.iter().any(|notice| notice.kind == NoticeKind::Stopped));
}

/// A receiver that fails now and then, and keeps what it took.
#[derive(Default)]
struct Letterbox {
    calls: usize,
    taken: Vec<Notice>,
}

async fn receive(State(letterbox): State<Arc<Mutex<Letterbox>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut letterbox = letterbox.lock().expect("nobody panicked");
    letterbox.calls += 1;
    if letterbox.calls.is_multiple_of(5) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let sign = headers.get(SIGNATURE_HEADER).and_then(|sign| sign.to_str().ok());
    match webhook::open(&body, sign, KEY) {
        Ok(notice) => {
            letterbox.taken.push(notice);
            StatusCode::OK
        }
        Err(_) => StatusCode::UNAUTHORIZED,
    }
}

#[tokio::test]
async fn news_that_come_late_twice_and_out_of_order_end_in_the_same_state() {
    let desk = open(Options::default()).await;
    let letterbox = Arc::new(Mutex::new(Letterbox::default()));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let app = Router::new().route("/hook", post(receive)).with_state(Arc::clone(&letterbox));
    tokio::spawn(async move { axum::serve(listener, app).await });
    desk.tell("webhook", json!({"url": url, "delay_ms": 3, "repeat_percent": 40, "shuffle": true})).await;
    let journeys = [Journey::Normal, Journey::Refused, Journey::NeedsInformation, Journey::NobodyThere];
    for (index, journey) in journeys.iter().enumerate() {
        desk.script(&number(index), *journey).await;
    }
    desk.client.register(&registrations(journeys.len())).await;
    desk.days_pass(35).await;
    // What the receiver did not take comes again.
    for _ in 0..20 {
        desk.tell("push", json!({})).await;
        if desk.ask("state").await["waiting"] == json!(0) {
            break;
        }
    }
    assert_eq!(desk.ask("state").await["waiting"], json!(0));
    let asked = desk.client.track_info(&parcels(journeys.len())).await;
    assert_eq!(asked.accepted.len(), journeys.len());
    let kept = letterbox.lock().expect("nobody panicked");
    for read in &asked.accepted {
        let mut by_asking = Story::default();
        by_asking.take_in(&read.update);
        let mut by_webhook = Story::default();
        for notice in kept.taken.iter().filter(|notice| notice.news.update.number == read.update.number) {
            by_webhook.take_in(&notice.news.update);
        }
        assert_eq!(by_webhook.status(), by_asking.status(), "{}", read.update.number);
        assert!(by_webhook.events().eq(by_asking.events()), "{}", read.update.number);
    }
}

#[tokio::test]
async fn parcels_are_stopped_followed_again_changed_listed_and_deleted() {
    let desk = open(Options::default()).await;
    let one = parcels(1);
    desk.client.register(&registrations(50)).await;
    assert_eq!(desk.client.stop(&one).await.accepted.len(), 1);
    // A second time it is so already.
    let again = desk.client.stop(&one).await;
    assert!(again.accepted.len() == 1 && again.accepted[0].was_so, "{again:?}");
    assert_eq!(desk.client.track_again(&one).await.accepted.len(), 1);
    desk.client.stop(&one).await;
    let refused = desk.client.track_again(&one).await.rejected;
    assert_eq!(refused.first().map(|refused| refused.cause), Some(Cause::TrackedAgainBefore));
    let change = CarrierChange { number: number(1), carrier_old: 3011, carrier_new: 3013 };
    let changed = desk.client.change_carrier(&[change]).await;
    assert_eq!(changed.accepted.first().and_then(|taken| taken.carrier_key), Some(3013));
    let first = desk.client.list(1).await.expect("a page");
    assert_eq!((first.parcels.len(), first.has_next), (40, true));
    assert!(!first.parcels[0].is_tracked && first.parcels[1].is_tracked);
    let second = desk.client.list(2).await.expect("a page");
    assert_eq!((second.parcels.len(), second.has_next), (10, false));
    assert_eq!(desk.client.delete(&one).await.accepted.len(), 1);
    let again = desk.client.delete(&one).await;
    assert!(again.accepted.len() == 1 && again.accepted[0].was_so, "{again:?}");
    let gone = desk.client.track_info(&one).await.rejected;
    assert_eq!(gone.first().map(|refused| refused.cause), Some(Cause::NotRegistered));
}

#[tokio::test]
async fn forty_one_numbers_are_too_many_for_one_call() {
    let desk = open(Options::default()).await;
    let body: Vec<Value> = (0..41).map(|index| json!({"number": number(index)})).collect();
    let request = desk.http.post(format!("{}/track/v2.2/register", desk.address)).header("17token", KEY);
    let answer = request.body(Value::from(body).to_string()).send().await.expect("an answer");
    let answer: Value = serde_json::from_str(&answer.text().await.expect("a text")).expect("JSON");
    assert_eq!(answer["code"], json!(-18_010_014));
}
