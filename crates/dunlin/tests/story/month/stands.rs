//! Both stand-ins on free ports with one clock, the letterbox for what the tracking service tells, and what a test says to them.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use dunlin::shop::{ALIEXPRESS, TRACK17};
use dunlin::use_cases::connect_service::{ServiceForm, begin_agreement, finish_agreement, set_service};
use dunlin_core::shipment::carriers::Carriers;
use dunlin_sandbox::{aliexpress, track17};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::told::{Event, Order, Table};
use crate::site::Visitor;
use crate::world::{World, as_person};

const RETURN: &str = "http://localhost:7447/settings/marketplace/return";
const KEY: &str = "SANDBOXKEY";
/// Orders or journeys that are told in one call.
const AT_ONCE: usize = 500;

/// What came, as it came: body and signature.
type Letterbox = Arc<Mutex<Vec<(Vec<u8>, String)>>>;

pub struct Stands {
    shop: Visitor,
    parcels: Visitor,
    letterbox: Letterbox,
    now: Timestamp,
}

async fn listen() -> (TcpListener, Visitor) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, Visitor { address, cookies: String::new() })
}

async fn receive(State(letterbox): State<Letterbox>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let sign = headers.get("sign").and_then(|sign| sign.to_str().ok()).unwrap_or_default().to_string();
    letterbox.lock().expect("nobody panicked").push((body.to_vec(), sign));
    StatusCode::OK
}

/// The body of an answer that has to be a good one.
fn body(path: &str, answer: &str) -> Value {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    assert!(head.starts_with("HTTP/1.1 2"), "{path}: {answer}");
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{path}: {error}"))
}

async fn tell(stand: &Visitor, path: &str, what: &Value) -> Value {
    let headers = ["Content-Type: application/json"];
    let answer = stand.send("POST", &format!("/control{path}"), &headers, &what.to_string()).await;
    body(path, &answer)
}

impl Stands {
    pub async fn open(now: Timestamp, seed: u64) -> Self {
        let (listener, shop) = listen().await;
        let options = aliexpress::Options {
            calls_per_second: 100_000.0,
            starts_at: Some(now),
            stands_still: true,
            seed,
            ..aliexpress::Options::default()
        };
        tokio::spawn(aliexpress::serve(listener, options));
        let (listener, parcels) = listen().await;
        let options = track17::Options {
            key: KEY.to_string(),
            now,
            seed,
            quota: 1_000_000,
            calls_per_second: 1_000,
            invent: false,
        };
        tokio::spawn(track17::serve(listener, options));
        let letterbox = Letterbox::default();
        let (listener, door) = listen().await;
        let app = Router::new().route("/hook", post(receive)).with_state(Arc::clone(&letterbox));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let webhook = json!({"url": format!("http://{}/hook", door.address), "repeat_percent": 25, "shuffle": true});
        tell(&parcels, "/webhook", &webhook).await;
        Self { shop, parcels, letterbox, now }
    }

    /// The owner connects both.
    pub async fn connect(&self, world: &World) {
        let person = as_person(&world.house, "Lin Yue");
        let base = format!("http://{}", self.shop.address);
        let form =
            ServiceForm { app_key: "123456".to_string(), secret: "helloworld".to_string(), address: base.clone() };
        set_service(&person, ALIEXPRESS, &form).await.expect("kept");
        let address = begin_agreement(&person, RETURN).await.expect("an address");
        let answer = self.shop.get(address.strip_prefix(&base).expect("the stand-in's address")).await;
        let back = answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a way back").trim();
        let tested = finish_agreement(&person, back).await.expect("connected");
        assert!(tested.may_message, "{tested:?}");
        let address = format!("http://{}", self.parcels.address);
        let form = ServiceForm { secret: KEY.to_string(), address, ..ServiceForm::default() };
        set_service(&person, TRACK17, &form).await.expect("kept");
    }

    /// Tells the marketplace all orders and the tracking service all journeys; the orders get their numbers.
    pub async fn plan(&self, table: &Table, orders: &mut [Order]) {
        for some in orders.chunks_mut(AT_ONCE) {
            let planned: Vec<Value> = some.iter().map(|order| self.planned(table, order)).collect();
            let made = tell(&self.shop, "/orders/planned", &Value::Array(planned)).await;
            let ids = made["ids"].as_array().expect("numbers");
            for (order, id) in some.iter_mut().zip(ids) {
                order.number = id.to_string();
            }
        }
        let journeys: Vec<Value> = orders.iter().flat_map(|order| journeys(table, order)).collect();
        for some in journeys.chunks(AT_ONCE) {
            tell(&self.parcels, "/journeys", &Value::Array(some.to_vec())).await;
        }
    }

    fn planned(&self, table: &Table, order: &Order) -> Value {
        let path = &table.paths[order.path];
        let mut placed_in = 0;
        let mut moves = Vec::new();
        for line in &path.lines {
            let Some(at) = order.moment(line) else { continue };
            let seconds = at.duration_since(self.now).as_secs();
            match line.event() {
                Some(Event::Buys) => placed_in = seconds,
                Some(Event::Market(status)) => moves.push(json!({"at": seconds, "to": status})),
                _ => {}
            }
        }
        json!({
            "buyer": order.buyer, "country": path.country, "article": order.buyer % 300, "cents": path.cents,
            "placed_in": placed_in, "receipt_days": path.protected_days, "moves": moves,
        })
    }

    /// Both clocks go to an instant that lies ahead.
    pub async fn go_to(&mut self, at: Timestamp) {
        let seconds = at.duration_since(self.now).as_secs();
        tell(&self.shop, "/clock", &json!({ "seconds": seconds })).await;
        tell(&self.parcels, "/clock", &json!({ "to": at })).await;
        self.now = at;
    }

    /// What the tracking service tells by now.
    pub async fn told(&self) -> Vec<(Vec<u8>, String)> {
        tell(&self.parcels, "/push", &json!({})).await;
        std::mem::take(&mut *self.letterbox.lock().expect("nobody panicked"))
    }

    pub async fn end_tokens(&self) {
        tell(&self.shop, "/tokens/expire", &json!({})).await;
    }

    pub async fn shop_fault(&self, what: Value) {
        tell(&self.shop, "/errors", &what).await;
    }

    pub async fn tracking_fault(&self, kind: &str) {
        tell(&self.parcels, "/faults", &json!({ "kind": kind })).await;
    }

    /// The messages that arrived, in the order of their coming.
    pub async fn messages(&self) -> Vec<Value> {
        let received = body("/received", &self.shop.get("/control/received").await);
        received["messages"].as_array().expect("messages").clone()
    }

    /// Every time that the marketplace was asked for more time, and gave it.
    pub async fn extensions(&self) -> Vec<Value> {
        let received = body("/received", &self.shop.get("/control/received").await);
        received["extensions"].as_array().expect("extensions").clone()
    }

    /// Every order with its history, as the marketplace has it.
    pub async fn orders(&self) -> Vec<Value> {
        let listed = body("/orders", &self.shop.get("/control/orders").await);
        listed["orders"].as_array().expect("orders").clone()
    }
}

/// The journeys of an order's parcels.
fn journeys(table: &Table, order: &Order) -> Vec<Value> {
    let path = &table.paths[order.path];
    if path.carrier.is_empty() {
        return Vec::new();
    }
    let carrier = Carriers::shipped().get(&path.carrier).expect("a carrier").track17_key;
    let journey = |parcel: char| {
        let lines: Vec<Value> = path
            .lines
            .iter()
            .filter_map(|line| match line.event()? {
                Event::Scan { parcel: of, word, .. } if *of == parcel => {
                    Some(json!({"at": order.moment(line)?, "sub_status": word}))
                }
                _ => None,
            })
            .collect();
        json!({"number": order.tracking(parcel), "lines": lines, "carrier": carrier})
    };
    ['A', 'B'].into_iter().map(journey).collect()
}

/// A moment so many minutes later.
pub fn minutes(at: Timestamp, count: i64) -> Timestamp {
    at + SignedDuration::from_mins(count)
}
