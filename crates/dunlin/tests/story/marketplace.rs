//! A shop that is connected: its orders come into the books, once; a buyer who paid a moment ago hears nothing; tokens end,
//! calls are throttled, and what opens the shop is told to nobody.

use dunlin::house::Clock;
use dunlin::shop::{ALIEXPRESS, TRACK17};
use dunlin::use_cases::connect_service::{
    ServiceForm, Tested, begin_agreement, disconnect, finish_agreement, hook_path, set_service, test_connection,
};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::{SendAccount, send_letters};
use dunlin::use_cases::sync_orders::{SyncAccount, Watched, sync_orders};
use dunlin::use_cases::take_messages::take_messages;
use dunlin::use_cases::work_orders::{order_in_full, order_named};
use dunlin_channels::track17::webhook::signature;
use dunlin_core::access::Role;
use dunlin_core::case::LetterState;
use dunlin_core::order::story::OrderWord;
use dunlin_core::receivable::Obligor;
use dunlin_sandbox::aliexpress::{Options, serve};
use dunlin_store::{LogFilter, RemoteOrderCounts, Scope};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::site::{Site, Visitor};
use crate::world::{MORNING, World, as_person, at, worlds};

const RETURN: &str = "http://localhost:7447/settings/marketplace/return";

/// The stand-in of the marketplace, whose clock goes with the world's.
pub struct Stand {
    browser: Visitor,
    pub base: String,
}

fn body(answer: &str) -> Value {
    let text = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

fn location(answer: &str) -> String {
    let place = answer.lines().find_map(|line| line.strip_prefix("location: "));
    place.unwrap_or_else(|| panic!("no redirect: {answer}")).trim().to_string()
}

impl Stand {
    pub async fn open() -> Self {
        let options = Options { calls_per_second: 5_000.0, starts_at: Some(at(MORNING)), ..Options::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(serve(listener, options));
        Self { browser: Visitor { address, cookies: String::new() }, base: format!("http://{address}") }
    }

    pub async fn tell(&self, path: &str, what: Value) -> Value {
        let headers = ["Content-Type: application/json"];
        body(&self.browser.send("POST", &format!("/control{path}"), &headers, &what.to_string()).await)
    }

    pub async fn look(&self, path: &str) -> Value {
        body(&self.browser.get(&format!("/control{path}")).await)
    }

    pub async fn orders(&self, wish: Value) -> Vec<String> {
        let made = self.tell("/orders", wish).await;
        made["ids"].as_array().expect("numbers").iter().map(ToString::to_string).collect()
    }

    /// Orders whose lives are told.
    pub async fn orders_told(&self, orders: Value) -> Vec<String> {
        let made = self.tell("/orders/planned", orders).await;
        made["ids"].as_array().expect("numbers").iter().map(ToString::to_string).collect()
    }

    /// Orders placed a day ago that nobody has paid.
    async fn unpaid(&self, count: usize) -> Vec<String> {
        self.orders(json!({"count": count, "seed": 5, "days_ago": 1.0, "status": "PLACE_ORDER_SUCCESS"})).await
    }

    pub async fn move_order(&self, number: &str, to: &str) {
        let moved = self.tell(&format!("/orders/{number}/move"), json!({"to": to, "by_force": true})).await;
        assert_eq!(moved["status"], to, "{moved}");
    }

    pub async fn received(&self) -> Vec<Value> {
        self.look("/received").await["messages"].as_array().expect("messages").clone()
    }

    /// What the seller's browser does, and where it is sent back to.
    async fn agree(&self, address: &str) -> String {
        let path = address.strip_prefix(&self.base).expect("the stand-in's address");
        location(&self.browser.get(path).await)
    }

    pub async fn connect(&self, world: &World) -> Tested {
        let person = as_person(&world.house, "Lin Yue");
        let form =
            ServiceForm { app_key: "123456".to_string(), secret: "helloworld".to_string(), address: self.base.clone() };
        set_service(&person, ALIEXPRESS, &form).await.expect("kept");
        let address = begin_agreement(&person, RETURN).await.expect("an address");
        let back = self.agree(&address).await;
        finish_agreement(&person, &back).await.expect("connected")
    }

    /// Both clocks go to an instant that lies ahead.
    pub async fn go_to(&self, world: &mut World, instant: jiff::Timestamp) {
        let seconds = instant.duration_since(world.house.now()).as_secs();
        self.tell("/clock", json!({ "seconds": seconds })).await;
        world.house.clock = Clock::Fixed(instant);
    }

    /// Both clocks go to where the first letter may leave.
    async fn go_to_departure(&self, world: &mut World) {
        let tenant = world.house.tenant.id;
        let next = world.house.store.next_departure(tenant).await.expect("reads").expect("a letter waits");
        // Long enough after the last reading that the order is read again.
        let next = next.max(world.house.now()) + jiff::SignedDuration::from_mins(10);
        self.go_to(world, next).await;
    }
}

pub async fn sync(world: &World) -> SyncAccount {
    sync_orders(&world.house, Watched { job: None }).await.expect("syncs").expect("a shop")
}

async fn obligor(world: &World, number: &str) -> (Obligor, bool) {
    let (store, tenant) = (&world.house.store, world.house.tenant.id);
    let found = store.find_receivable(tenant, number).await.expect("known");
    let facts = store.facts(tenant, Scope::One(found.party_id), world.house.now()).await.expect("facts");
    let all = facts.iter().flat_map(|facts| &facts.receivables).map(|item| &item.receivable);
    let item = all.into_iter().find(|item| item.id == found.receivable_id).expect("the receivable");
    (item.obligor, item.closed)
}

async fn letters(world: &World, state: LetterState) -> usize {
    world.house.store.letters_in(world.house.tenant.id, state, 100).await.expect("reads").len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_is_read_and_read_again_without_a_change() {
    for mut world in worlds("shop").await {
        world.house.in_site = None;
        let stand = Stand::open().await;
        let unpaid = stand.unpaid(2).await;
        let paid = stand.orders(json!({"count": 1, "seed": 6, "days_ago": 2.0, "status": "WAIT_SELLER_SEND_GOODS"}));
        let paid = paid.await.remove(0);
        let odd = stand.orders(json!({"count": 1, "seed": 7, "days_ago": 2.0, "status": "PLACE_ORDER_SUCCESS"}));
        let odd = odd.await.remove(0);
        stand.move_order(&odd, "WAIT_GROUP_SUCCESS").await;
        // What was modified a moment ago is asked about a moment later.
        stand.go_to(&mut world, at("2026-03-04T09:05:00Z")).await;
        let tested = stand.connect(&world).await;
        assert!(tested.may_message, "{tested:?}");

        let first = sync(&world).await;
        assert!(first.complete, "{first:?}");
        assert_eq!((first.added, first.troubled, first.unreadable), (4, 1, 0), "{first:?}");
        for number in &unpaid {
            assert_eq!(obligor(&world, number).await, (Obligor::Buyer, false));
        }
        assert_eq!(obligor(&world, &paid).await, (Obligor::Platform, false));
        let (_, closed) = obligor(&world, &odd).await;
        assert!(closed, "nobody is asked for what nobody understands");
        let (store, tenant) = (world.house.store.clone(), world.house.tenant.id);
        let troubled = store.troubled_orders(tenant, ALIEXPRESS, 10).await.expect("reads");
        assert_eq!(troubled.len(), 1);
        assert!(troubled[0].number == odd && troubled[0].about.contains("WAIT_GROUP_SUCCESS"), "{troubled:?}");

        let sequence = store.sequence(tenant).await.expect("reads");
        let second = sync(&world).await;
        assert_eq!((second.added, second.corrected, second.troubled), (0, 0, 0), "{second:?}");
        assert_eq!(store.sequence(tenant).await.expect("reads"), sequence, "nothing was written");

        // The word becomes one that is known, and the buyer owes.
        stand.move_order(&odd, "PLACE_ORDER_SUCCESS").await;
        stand.move_order(&unpaid[0], "RISK_CONTROL").await;
        stand.go_to(&mut world, at("2026-03-04T09:10:00Z")).await;
        let third = sync(&world).await;
        assert_eq!((third.added, third.corrected, third.troubled), (0, 2, 0), "{third:?}");
        assert_eq!(obligor(&world, &odd).await, (Obligor::Buyer, false));
        assert_eq!(obligor(&world, &unpaid[0]).await, (Obligor::Platform, false));
    }
}

/// A world with one reminder that may leave at once.
async fn with_a_reminder(world: &mut World, stand: &Stand) -> String {
    world.house.in_site = None;
    let number = stand.unpaid(1).await.remove(0);
    stand.go_to(world, at("2026-03-04T09:05:00Z")).await;
    stand.connect(world).await;
    assert_eq!(sync(world).await.added, 1);
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(letters(world, LetterState::Queued).await, 1);
    stand.go_to_departure(world).await;
    number
}

async fn send(world: &World) -> SendAccount {
    send_letters(&world.house).await.expect("sends")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_goes_into_the_chat_of_its_order() {
    for mut world in worlds("chat").await {
        let stand = Stand::open().await;
        let number = with_a_reminder(&mut world, &stand).await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.to_paste, sent.failed, sent.cancelled), (1, 0, 0, 0), "{:?}", sent.notes);
        let received = stand.received().await;
        assert_eq!(received.len(), 1, "{received:?}");
        assert_eq!(received[0]["extern_id"].to_string(), number);
        let again = send(&world).await;
        assert_eq!((again.sent, stand.received().await.len()), (0, 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_permission_a_person_pastes() {
    for mut world in worlds("chat_paste").await {
        let stand = Stand::open().await;
        stand.tell("/permissions", json!({"messages": false})).await;
        with_a_reminder(&mut world, &stand).await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.to_paste), (0, 1), "{:?}", sent.notes);
        assert!(stand.received().await.is_empty());
        // The permission is given: whoever tests the connection learns of it.
        stand.tell("/permissions", json!({"messages": true})).await;
        let person = as_person(&world.house, "Lin Yue");
        assert!(test_connection(&person, ALIEXPRESS).await.expect("works").may_message);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_of_another_marketplace_is_pasted_as_ever() {
    for mut world in worlds("chat_elsewhere").await {
        world.house.in_site = None;
        let stand = Stand::open().await;
        stand.connect(&world).await;
        assert!(sync(&world).await.complete);
        let head = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Name,Buyer Login,Buyer Country,Product,\
                    Quantity,Order Amount,Currency";
        let row = "8001,Awaiting payment,2026-03-03 09:30:00,,Ana Ruiz,es8001,Spain,Tent,1,US $25.50,USD";
        assert_eq!(world.import("orders.csv", &format!("{head}\n{row}\n")).await.counts.added, 1);
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        world.set_clock("2026-03-04T12:00:00Z");
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.to_paste, sent.failed), (0, 1, 0), "{:?}", sent.notes);
        assert!(stand.received().await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_that_only_the_marketplace_knows_stops_the_letter() {
    for mut world in worlds("paid_there").await {
        let stand = Stand::open().await;
        let number = with_a_reminder(&mut world, &stand).await;
        stand.move_order(&number, "RISK_CONTROL").await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.to_paste, sent.cancelled), (0, 0, 1), "{:?}", sent.notes);
        assert_eq!(letters(&world, LetterState::Cancelled).await, 1);
        assert!(stand.received().await.is_empty());
        assert_eq!(obligor(&world, &number).await, (Obligor::Platform, false));
    }
}

/// A paid order in the books, whose thanks may leave at once.
async fn with_thanks(world: &mut World, stand: &Stand) -> String {
    world.house.in_site = None;
    let paid = json!({"count": 1, "seed": 6, "days_ago": 0.5, "status": "WAIT_SELLER_SEND_GOODS"});
    let number = stand.orders(paid).await.remove(0);
    stand.go_to(world, at("2026-03-04T09:05:00Z")).await;
    stand.connect(world).await;
    assert_eq!(sync(world).await.added, 1);
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(letters(world, LetterState::Queued).await, 1);
    stand.go_to_departure(world).await;
    number
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dispatch_that_only_the_marketplace_knows_stops_the_thanks_and_is_noted() {
    for mut world in worlds("shipped_there").await {
        let stand = Stand::open().await;
        let number = with_thanks(&mut world, &stand).await;
        stand.move_order(&number, "WAIT_BUYER_ACCEPT_GOODS").await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.to_paste, sent.cancelled), (0, 0, 1), "{:?}", sent.notes);
        assert!(stand.received().await.is_empty());
        let found = order_named(&world.house, &number).await.expect("found");
        let (tenant, now) = (world.house.tenant.id, world.house.now());
        let facts = world.house.store.facts(tenant, Scope::One(found.party_id), now).await.expect("facts");
        assert_eq!(facts[0].orders[0].story.standing().word, OrderWord::Shipped);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_whose_order_cannot_be_read_waits_and_says_why() {
    for mut world in worlds("unread_there").await {
        let stand = Stand::open().await;
        with_thanks(&mut world, &stand).await;
        stand.tell("/tokens/expire", json!({"refresh_as_well": true})).await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.to_paste, sent.postponed), (0, 0, 1), "{:?}", sent.notes);
        assert!(stand.received().await.is_empty());
        let tenant = world.house.tenant.id;
        let waiting = world.house.store.letters_in(tenant, LetterState::Queued, 10).await.expect("reads");
        let why = waiting[0].outcome.clone().unwrap_or_default();
        assert!(waiting[0].not_before > world.house.now() && why.contains("could not be read"), "{why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_looked_up_and_the_message_is_there_once() {
    for mut world in worlds("chat_lost").await {
        let stand = Stand::open().await;
        with_a_reminder(&mut world, &stand).await;
        // The order is read again first: that call is answered.
        let fresh = send_fresh(&world).await;
        assert!(fresh, "the order was read again");
        let lost = json!({"sub_code": "isp.service-unavailable", "after_the_work": true});
        stand.tell("/errors", lost).await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.uncertain), (1, 0), "{:?}", sent.notes);
        assert_eq!(stand.received().await.len(), 1);
    }
}

/// Reads what the waiting letter is about, as a worker that stops there would.
async fn send_fresh(world: &World) -> bool {
    let house = &world.house;
    let shop = dunlin::shop::Shop::open(house).await.expect("opens").expect("a shop");
    let waiting = house.store.letters_due(house.tenant.id, house.now(), 10).await.expect("reads");
    let numbers = house.store.orders_of_letter(house.tenant.id, &waiting[0]).await.expect("orders");
    let read = dunlin::use_cases::reread_orders::reread_orders(house, &shop, &numbers).await.expect("reads");
    read == dunlin::use_cases::reread_orders::Reread::Done { cancelled: 0, untold: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ended_tokens_are_renewed_and_an_ended_agreement_holds_letters_back() {
    for mut world in worlds("tokens").await {
        let stand = Stand::open().await;
        with_a_reminder(&mut world, &stand).await;
        let (store, tenant) = (world.house.store.clone(), world.house.tenant.id);
        let version = async || {
            let connection = store.connection(tenant, ALIEXPRESS).await.expect("reads").expect("connected");
            (connection.token_version, connection.problem)
        };
        let (before, _) = version().await;
        stand.tell("/tokens/expire", json!({})).await;
        assert!(sync(&world).await.complete);
        let (renewed, problem) = version().await;
        assert!(renewed > before && problem.is_empty(), "{renewed} {problem}");

        stand.tell("/tokens/expire", json!({"refresh_as_well": true})).await;
        let ended = sync(&world).await;
        assert_eq!((ended.complete, ended.trouble), (false, Some("authorize")), "{ended:?}");
        assert_eq!(version().await.1, "authorize");
        // Later, when what was read is old, nothing about its orders leaves.
        let later = world.house.now() + jiff::SignedDuration::from_mins(10);
        stand.go_to(&mut world, later).await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.to_paste, sent.postponed), (0, 0, 1), "{:?}", sent.notes);
        assert!(stand.received().await.is_empty());

        // Agreed again, it goes on where it was.
        stand.connect(&world).await;
        assert!(sync(&world).await.complete);
        assert_eq!(version().await.1, "");
        stand.go_to_departure(&mut world).await;
        assert_eq!(send(&world).await.sent, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_permission_that_is_taken_away_makes_messages_lie_on_today() {
    for mut world in worlds("permission_gone").await {
        let stand = Stand::open().await;
        with_a_reminder(&mut world, &stand).await;
        stand.tell("/permissions", json!({"messages": false})).await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.failed, sent.again), (0, 0, 1), "{:?}", sent.notes);
        stand.go_to_departure(&mut world).await;
        let sent = send(&world).await;
        assert_eq!((sent.to_paste, sent.failed), (1, 0), "{:?}", sent.notes);
        assert!(stand.received().await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_far_a_shop_was_read_is_noted_by_whoever_began_there() {
    for mut world in worlds("reached").await {
        let stand = Stand::open().await;
        stand.unpaid(2).await;
        stand.go_to(&mut world, at("2026-03-04T09:05:00Z")).await;
        stand.connect(&world).await;
        assert!(sync(&world).await.complete);
        let (store, tenant, now) = (world.house.store.clone(), world.house.tenant.id, world.house.now());
        let reached = async || store.connection(tenant, ALIEXPRESS).await.expect("reads").expect("one").reached_until;
        let before = reached().await;
        assert!(before.is_some());
        // Somebody who began from the beginning does not move the mark.
        assert!(!store.note_reached(tenant, ALIEXPRESS, (None, now), now).await.expect("asked"));
        assert_eq!(reached().await, before);
        // A token that was made of an older one has no place.
        let agreed = store.connection(tenant, ALIEXPRESS).await.expect("reads").expect("one");
        let old = (agreed.token_version - 1, agreed.recorded_at);
        assert!(!store.keep_token(tenant, ALIEXPRESS, "sealed", old).await.expect("asked"));
        // Another shop agrees: what is known of the first says nothing of how far this one was read.
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.agreed(ALIEXPRESS, agreed.sealed_token.as_deref().unwrap_or_default(), "another").await.expect("agreed");
        commit.finish().await.expect("kept");
        assert_eq!(reached().await, None);
        assert_eq!(store.remote_order_counts(tenant, ALIEXPRESS).await.expect("reads"), RemoteOrderCounts::default());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_throttled_shop_is_read_to_its_end_later() {
    for mut world in worlds("throttled").await {
        world.house.in_site = None;
        let stand = Stand::open().await;
        stand.unpaid(3).await;
        stand.go_to(&mut world, at("2026-03-04T09:05:00Z")).await;
        stand.connect(&world).await;
        stand.tell("/throttle", json!({"calls_per_second": 1.0, "ban_seconds": 3600})).await;
        let banned = sync(&world).await;
        assert_eq!((banned.complete, banned.trouble), (false, Some("busy")), "{banned:?}");
        stand.tell("/throttle", json!({"calls_per_second": 5000.0, "ban_seconds": 1})).await;
        let account = sync(&world).await;
        assert!(account.complete, "{account:?}");
        let counts = world.house.store.remote_order_counts(world.house.tenant.id, ALIEXPRESS).await.expect("reads");
        assert_eq!(counts.all, 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_connects_a_shop_on_the_pages_and_no_secret_is_told() {
    for mut world in worlds("shop_pages").await {
        world.house.in_site = None;
        let stand = Stand::open().await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let refused = owner
            .post_and_follow("/settings/marketplace/app", "app_key=1&secret=helloworld&address=http://evil.example");
        let refused = refused.await;
        assert!(refused.contains("is not where this service is") && !refused.contains("helloworld"), "{refused}");
        let form = format!("app_key=123456&secret=helloworld&address={}", stand.base);
        let kept = owner.post_and_follow("/settings/marketplace/app", &form).await;
        assert!(kept.contains("App 123456") && !kept.contains("helloworld"), "{kept}");
        let asked = owner.post_and_follow("/settings/marketplace/agree", "x=1").await;
        let address = asked.split("href=\"").find(|rest| rest.starts_with(&stand.base)).expect("the way there");
        let address = address.split('"').next().expect("an address").replace("&#38;", "&").replace("&amp;", "&");
        let back = stand.agree(&address).await;
        let path = back.split_once("//").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_string()));
        let path = path.expect("a path");
        // Somebody else's browser brings back the same: nothing happens.
        let manager = site.enter(&world, Role::Auditor).await;
        assert!(!manager.get(&path).await.contains("303 See Other") || !connected(&world).await);
        let answer = owner.get(&path).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        assert!(connected(&world).await);
        // A second time it is used up.
        owner.get(&path).await;
        let page = owner.get("/settings/marketplace").await;
        assert!(page.contains("messages leave by themselves"), "{page}");

        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let lines = store.audit_log(tenant, &LogFilter::default(), 1_000).await.expect("the log");
        assert!(lines.iter().any(|line| line.verb == "connection.agreed"));
        let kept = format!("{lines:?}{:?}{page}", store.connections(tenant).await.expect("reads"));
        assert!(!kept.contains("helloworld"), "a secret is told");
        let person = as_person(&world.house, "Lin Yue");
        disconnect(&person, ALIEXPRESS).await.expect("ended");
        assert!(store.connection(tenant, ALIEXPRESS).await.expect("reads").is_none());
        assert!(disconnect(&person, ALIEXPRESS).await.is_err(), "there is nothing to end");
    }
}

async fn connected(world: &World) -> bool {
    let connection = world.house.store.connection(world.house.tenant.id, ALIEXPRESS).await.expect("reads");
    connection.is_some_and(|connection| connection.sealed_token.is_some())
}

#[tokio::test]
async fn news_of_parcels_are_kept_once_and_only_when_they_are_signed() {
    for world in worlds("parcels").await {
        let person = as_person(&world.house, "Lin Yue");
        let form = ServiceForm { secret: "SANDBOXKEY".to_string(), ..ServiceForm::default() };
        let refused = set_service(&person, TRACK17, &form).await.expect_err("a demo bothers no service");
        assert!(refused.to_string().contains("stand-ins"), "{refused}");
        let form = ServiceForm { address: "http://127.0.0.1:9".to_string(), ..form };
        set_service(&person, TRACK17, &form).await.expect("kept");
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let connection = store.connection(tenant, TRACK17).await.expect("reads").expect("kept");
        let hook = hook_path(&world.house, &connection).expect("a door");
        let site = Site::open(&world).await;
        let service = site.stranger();
        let body = r#"{"event":"TRACKING_UPDATED","data":{"number":"RR123456789CN","carrier":3011}}"#;
        let sign = format!("sign: {}", signature(body.as_bytes(), "SANDBOXKEY"));
        let knock = async |path: &str, sign: &str| {
            let headers = ["Content-Type: application/json", sign];
            service.send("POST", path, &headers, body).await.split(' ').nth(1).unwrap_or("").to_string()
        };
        assert_eq!(knock(&hook, &sign).await, "200");
        assert_eq!(knock(&hook, &sign).await, "200", "told twice is told");
        assert_eq!(store.notice_counts(tenant).await.expect("reads"), (1, 1));
        let wrong = format!("sign: {}", signature(body.as_bytes(), "OTHERKEY"));
        assert_eq!(knock(&hook, &wrong).await, "401");
        assert_eq!(knock(&format!("/hooks/17track/{tenant}/other"), &sign).await, "401");
        assert_eq!(knock("/hooks/17track/999/other", &sign).await, "401");
        assert_eq!(store.notice_counts(tenant).await.expect("reads"), (1, 1));
        let kept = store.notices_waiting(tenant, 10).await.expect("reads");
        assert_eq!((kept[0].number.as_str(), kept[0].body.as_slice()), ("RR123456789CN", body.as_bytes()));
        store.notice_taken(tenant, &kept[0].sha256, world.house.now()).await.expect("noted");
        assert_eq!(store.notice_counts(tenant).await.expect("reads"), (1, 0));
    }
}

#[tokio::test]
async fn what_a_buyer_writes_in_the_chat_of_an_order_comes_in_once() {
    for world in worlds("market_chats").await {
        let stand = Stand::open().await;
        stand.connect(&world).await;
        let numbers = stand.unpaid(1).await;
        sync(&world).await;
        let number: u64 = numbers[0].parse().expect("a number");
        let wrote = json!({"order_id": number, "text": "Can you ship it in a plain box?"});
        stand.tell("/messages", wrote).await;
        let account = take_messages(&world.house).await.expect("reads").expect("may read");
        assert_eq!((account.read, account.added, account.why), (1, 1, None));
        let again = take_messages(&world.house).await.expect("reads").expect("may read");
        assert_eq!((again.read, again.added), (1, 0), "kept once");
        let told = order_in_full(&world.house, &numbers[0]).await.expect("told");
        let [written] = &told.written[..] else { panic!("one message: {:?}", told.written) };
        assert_eq!(written.text.as_deref(), Some("Can you ship it in a plain box?"));
        assert!(written.task.is_some());
        // When the permission was taken away the reading that hears of it notes it, and the shop is in no trouble.
        stand.tell("/permissions", json!({"messages": false})).await;
        let account = take_messages(&world.house).await.expect("does not break").expect("was allowed to");
        assert!(account.why.is_some() && account.added == 0, "{account:?}");
        let store = &world.house.store;
        let shop = store.connection(world.house.tenant.id, ALIEXPRESS).await.expect("reads").expect("connected");
        assert!(!shop.may_message && shop.problem.is_empty(), "{}", shop.problem);
        assert!(sync(&world).await.complete);
        assert_eq!(take_messages(&world.house).await.expect("does not break"), None);
    }
}
