//! Parcels and the tracking service: handed over to be followed, asked about where no telling comes, and shown to a person
//! where nobody follows them. The same on both databases.

use dunlin::house::Clock;
use dunlin::shop::TRACK17;
use dunlin::use_cases::connect_service::{ServiceForm, set_service};
use dunlin::use_cases::follow_parcels::{follow_parcels, take_notices};
use dunlin::use_cases::note_tracking::poll_tracking;
use dunlin::use_cases::ship_orders::ship_orders;
use dunlin_core::ids::PartyId;
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_sandbox::track17::{Options, serve};
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::parcel_list::PARCEL_START;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::order_cases::{known, paid, parcelled};
use crate::site::Visitor;
use crate::world::{MORNING, World, as_person, at, worlds};

const KEY: &str = "SANDBOXKEY";
const NUMBER: &str = "RR123456789CN";

/// The stand-in of the tracking service, connected.
struct Stand(Visitor);

impl Stand {
    async fn open(world: &World) -> Self {
        let options = Options {
            key: KEY.to_string(),
            now: at(MORNING),
            seed: 1,
            quota: 100,
            calls_per_second: 1_000,
            invent: false,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(serve(listener, options));
        let form =
            ServiceForm { secret: KEY.to_string(), address: format!("http://{address}"), ..ServiceForm::default() };
        set_service(&as_person(&world.house, "Lin Yue"), TRACK17, &form).await.expect("kept");
        Self(Visitor { address, cookies: String::new() })
    }

    async fn tell(&self, path: &str, what: Value) {
        let headers = ["Content-Type: application/json"];
        let answer = self.0.send("POST", &format!("/control{path}"), &headers, &what.to_string()).await;
        assert!(answer.starts_with("HTTP/1.1 2"), "{path}: {answer}");
    }

    /// A call of the service itself.
    async fn call(&self, path: &str, body: Value) {
        let headers = ["Content-Type: application/json", "17token: SANDBOXKEY"];
        let answer = self.0.send("POST", &format!("/track/v2.2/{path}"), &headers, &body.to_string()).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }

    /// Both clocks go on.
    async fn go_on(&self, world: &mut World, hours: i64) {
        self.tell("/clock", json!({ "advance_hours": hours })).await;
        world.house.clock = Clock::Fixed(world.house.now() + SignedDuration::from_hours(hours));
    }
}

async fn shipped(world: &World) -> PartyId {
    let (party, order) = paid(world).await;
    let person = as_person(&world.house, "Lin Yue");
    ship_orders(&person, &[parcelled(order, "china_post", NUMBER, false)]).await.expect("shipped");
    party
}

async fn status(world: &World, party: PartyId) -> TrackingStatus {
    known(world, party).await.parcels[0].journey.status()
}

async fn problem(world: &World) -> String {
    let connection = world.house.store.connection(world.house.tenant.id, TRACK17).await.expect("reads");
    connection.expect("connected").problem
}

/// Why parcels that somebody has to look at are not followed.
async fn unfollowed(world: &World) -> Vec<String> {
    let (store, house) = (&world.house.store, &world.house);
    let quiet = house.now() - SignedDuration::from_hours(24 * 365);
    let after = After { key: PARCEL_START, limit: 10 };
    let rows = store.parcels_in_trouble(house.tenant.id, &house.sight, quiet, &after).await.expect("reads");
    rows.into_iter().map(|row| row.follow_problem).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parcel_of_which_nothing_is_told_is_asked_about_once_a_day() {
    for mut world in worlds("poll").await {
        let stand = Stand::open(&world).await;
        stand.tell("/parcels", json!({"number": NUMBER, "path": "normal"})).await;
        let party = shipped(&world).await;
        assert_eq!(poll_tracking(&world.house).await.expect("nothing is followed yet"), 0);
        assert_eq!(follow_parcels(&world.house).await.expect("handed over"), 1);
        stand.go_on(&mut world, 48).await;
        assert_eq!(poll_tracking(&world.house).await.expect("asked"), 1);
        assert_eq!(take_notices(&world.house).await.expect("taken"), 1);
        let first = status(&world, party).await;
        assert_ne!(first, TrackingStatus::NotFound);
        stand.go_on(&mut world, 12).await;
        assert_eq!(poll_tracking(&world.house).await.expect("not asked"), 0, "a day has not passed");
        // Weeks later it has come, and nobody told of it by themselves.
        stand.go_on(&mut world, 24 * 60).await;
        assert_eq!(poll_tracking(&world.house).await.expect("asked"), 1);
        take_notices(&world.house).await.expect("taken");
        assert_eq!(status(&world, party).await, TrackingStatus::Delivered);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spent_numbers_are_told_and_it_goes_on_by_itself() {
    for world in worlds("quota").await {
        let stand = Stand::open(&world).await;
        shipped(&world).await;
        stand.tell("/quota", json!({"left": 0})).await;
        assert_eq!(follow_parcels(&world.house).await.expect("asked"), 0);
        assert_eq!(problem(&world).await, "quota");
        assert!(unfollowed(&world).await.is_empty(), "the number is all right");
        stand.tell("/quota", json!({"left": 5})).await;
        assert_eq!(follow_parcels(&world.house).await.expect("asked"), 1);
        assert_eq!(problem(&world).await, "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_an_answer_forgets_or_the_service_loses_is_handed_over_again() {
    for mut world in worlds("forgotten").await {
        let stand = Stand::open(&world).await;
        let party = shipped(&world).await;
        stand.tell("/parcels", json!({"number": NUMBER, "path": "normal"})).await;
        stand.tell("/faults", json!({"kind": "forgetful"})).await;
        assert_eq!(follow_parcels(&world.house).await.expect("asked"), 0);
        assert!(unfollowed(&world).await.is_empty(), "nobody refused it");
        assert_eq!(follow_parcels(&world.house).await.expect("asked"), 1);
        // Somebody took it off the account.
        stand.call("deletetrack", json!([{"number": NUMBER}])).await;
        stand.go_on(&mut world, 48).await;
        assert_eq!(poll_tracking(&world.house).await.expect("asked"), 0);
        assert_eq!(follow_parcels(&world.house).await.expect("asked"), 1);
        stand.go_on(&mut world, 48).await;
        assert_eq!(poll_tracking(&world.house).await.expect("asked"), 1);
        take_notices(&world.house).await.expect("taken");
        assert_ne!(status(&world, party).await, TrackingStatus::NotFound);
    }
}

async fn told(world: &World, body: &Value) {
    let (store, tenant, now) = (&world.house.store, world.house.tenant.id, world.house.now());
    let body = body.to_string();
    assert!(store.keep_notice(tenant, "webhook", NUMBER, body.as_bytes(), now).await.expect("kept"));
    take_notices(&world.house).await.expect("taken");
}

fn news(event: &str, at: &str, sub_status: &str) -> Value {
    let (main, _) = sub_status.split_once('_').expect("two words");
    json!({"event": event, "data": {"number": NUMBER, "carrier": 3011, "track_info": {
        "latest_status": {"status": main, "sub_status": sub_status}, "latest_event": {"time_utc": at},
        "tracking": {"providers": [{"provider": {"key": 3011}, "events": [
            {"time_utc": at, "description": "seen", "sub_status": sub_status}]}]}}}})
}

#[tokio::test]
async fn a_parcel_that_the_service_gives_up_is_shown_to_a_person() {
    for world in worlds("given_up").await {
        let _stand = Stand::open(&world).await;
        shipped(&world).await;
        assert_eq!(follow_parcels(&world.house).await.expect("handed over"), 1);
        told(&world, &news("TRACKING_STOPPED", "2026-03-04T08:50:00Z", "InTransit_Other")).await;
        assert_eq!(unfollowed(&world).await, ["stopped"]);
        told(&world, &news("TRACKING_UPDATED", "2026-03-04T08:55:00Z", "Delivered_Other")).await;
        assert!(unfollowed(&world).await.is_empty(), "it has come");
    }
}

#[tokio::test]
async fn a_slip_of_the_pen_dated_next_year_hides_nothing() {
    for world in worlds("dated_ahead").await {
        let party = shipped(&world).await;
        told(&world, &news("TRACKING_UPDATED", "2027-03-04T08:30:00Z", "InTransit_Departure")).await;
        assert!(known(&world, party).await.parcels[0].journey.last_movement().is_none());
        told(&world, &news("TRACKING_UPDATED", "2026-03-04T08:50:00Z", "Delivered_Other")).await;
        assert_eq!(status(&world, party).await, TrackingStatus::Delivered);
    }
}
