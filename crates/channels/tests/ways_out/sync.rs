//! Orders arrive, all of them, whatever happens meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use dunlin_channels::aliexpress::status::Standing;
use dunlin_channels::aliexpress::sync::{Cursor, OrderSync, Step, SyncRules};
use dunlin_channels::aliexpress::{ApiError, RemoteId, Session};
use dunlin_sandbox::aliexpress::Options;
use jiff::Timestamp;
use serde_json::json;

use crate::stand::{Stand, pacific, unhurried};

const STATUSES: [&str; 11] = [
    "PLACE_ORDER_SUCCESS",
    "IN_CANCEL",
    "RISK_CONTROL",
    "WAIT_SELLER_SEND_GOODS",
    "SELLER_PART_SEND_GOODS",
    "WAIT_BUYER_ACCEPT_GOODS",
    "FUND_PROCESSING",
    "IN_ISSUE",
    "IN_FROZEN",
    "WAIT_SELLER_EXAMINE_MONEY",
    "FINISH",
];

/// What a shop knows after its syncs: the last word of every order, and how far it has read.
#[derive(Default)]
struct Known {
    statuses: BTreeMap<RemoteId, String>,
    standings: BTreeMap<RemoteId, Standing>,
    cursor: Option<Cursor>,
    pages: u32,
}

impl Known {
    fn take(&mut self, step: Step) {
        match step {
            Step::Reached(cursor) => {
                let earlier = self.cursor.map(|cursor| cursor.modified_until);
                assert!(earlier <= Some(cursor.modified_until), "the cursor went back");
                self.cursor = Some(cursor);
            }
            Step::Orders(page) => {
                assert_eq!(page.problems, []);
                assert!(page.orders.len() <= 50, "a page holds fifty orders at most");
                self.pages += 1;
                for order in page.orders {
                    self.statuses.insert(order.id, order.status.word().to_string());
                    self.standings.insert(order.id, order.standing());
                }
            }
        }
    }

    /// One sync; a page that could not be had for now is asked for again, at most ten times.
    async fn sync(&mut self, stand: &Stand, session: &Session) {
        let pacific = pacific();
        let mut sync = OrderSync::new(session, &pacific, self.cursor, stand.now(), &SyncRules::default());
        let mut patience = 10;
        while let Some(step) = sync.next().await {
            match step {
                Ok(step) => self.take(step),
                Err(ApiError::Busy { .. }) if patience > 0 => patience -= 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_sync_brings_every_order_with_its_word() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    // Lives that have ended, and some that stand in every documented status.
    stand.orders(json!({"count": 1_500, "seed": 3, "days_ago": 100.0, "over_days": 40.0})).await;
    for status in STATUSES {
        stand.orders(json!({"count": 3, "days_ago": 5.0, "status": status})).await;
    }
    let mut known = Known::default();
    known.sync(&stand, &session).await;
    let truth = stand.truth().await;
    assert_eq!(truth.len(), 1_500 + 3 * STATUSES.len());
    assert_eq!(known.statuses, truth);
    let words: BTreeSet<&str> = truth.values().map(String::as_str).collect();
    assert_eq!(words, BTreeSet::from(STATUSES));
    assert!(known.standings.values().all(|standing| !matches!(standing, Standing::Unclear(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_that_leave_the_set_while_it_is_read_take_no_other_with_them() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    let wish = json!({"count": 400, "days_ago": 10.0, "over_days": 9.0, "status": "WAIT_SELLER_SEND_GOODS"});
    let orders = stand.orders(wish).await;
    let pacific = pacific();
    let mut known = Known::default();
    let mut sync = OrderSync::new(&session, &pacific, None, stand.now(), &SyncRules::default());
    // What is moved from here on was modified after the span that is asked about.
    stand.advance(60).await;
    let mut moved = BTreeSet::new();
    let mut next = orders.iter().step_by(7);
    while let Some(step) = sync.next().await {
        let step = step.expect("a step");
        let holds_orders = matches!(&step, Step::Orders(page) if !page.orders.is_empty());
        known.take(step);
        if holds_orders {
            for order in next.by_ref().take(9) {
                stand.move_order(*order, "WAIT_BUYER_ACCEPT_GOODS").await;
                moved.insert(*order);
            }
        }
    }
    assert!(moved.len() > 30, "too little happened: {}", moved.len());
    let lost: Vec<_> = orders.iter().filter(|id| !moved.contains(*id) && !known.statuses.contains_key(*id)).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");

    stand.advance(60).await;
    known.sync(&stand, &session).await;
    assert_eq!(known.statuses, stand.truth().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_nobody_knows_arrives_as_it_is_and_presses_nobody() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    let order = stand.orders(json!({"status": "PLACE_ORDER_SUCCESS"})).await[0];
    let asked = json!({"to": "WAIT_GROUP_SUCCESS", "by_force": true});
    stand.control(&format!("/orders/{order}/move"), asked).await;
    stand.advance(60).await;
    let mut known = Known::default();
    known.sync(&stand, &session).await;
    assert_eq!(known.statuses.get(&order).map(String::as_str), Some("WAIT_GROUP_SUCCESS"));
    assert_eq!(known.standings.get(&order), Some(&Standing::Unclear("WAIT_GROUP_SUCCESS NOT_PAY".into())));
}

/// Lives through the hours around a change of the clock, with something new every ten minutes.
async fn hours_around(starts_at: &str, repeated_hour_is_the_later: bool) {
    let starts_at: Timestamp = starts_at.parse().expect("an instant");
    let options = Options { starts_at: Some(starts_at), repeated_hour_is_the_later, ..unhurried() };
    let stand = Stand::open(options).await;
    let session = stand.session().await;
    let mut known = Known::default();
    known.sync(&stand, &session).await;
    let mut orders = Vec::new();
    for _ in 0..24 {
        orders.extend(stand.orders(json!({"status": "PLACE_ORDER_SUCCESS"})).await);
        // The order of half an hour ago moves on.
        if let Some(order) = orders.len().checked_sub(4).and_then(|at| orders.get(at)) {
            stand.move_order(*order, "WAIT_SELLER_SEND_GOODS").await;
        }
        stand.advance(600).await;
        known.sync(&stand, &session).await;
    }
    assert_eq!(known.statuses, stand.truth().await, "later: {repeated_hour_is_the_later}");
    let reached = known.cursor.expect("a cursor").modified_until;
    assert!(stand.now().duration_since(reached).as_secs() < 60, "the cursor has caught up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_in_the_hour_that_comes_twice() {
    // 00:30 in Los Angeles; the clock goes back at 09:00Z.
    hours_around("2026-11-01T07:30:00Z", false).await;
    hours_around("2026-11-01T07:30:00Z", true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_over_the_hour_that_is_left_out() {
    // The clock goes forward at 10:00Z.
    hours_around("2026-03-08T08:30:00Z", false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_with_ended_tokens_faults_and_bans_ends_with_the_truth() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    stand.orders(json!({"count": 9_000, "seed": 11, "over_days": 30.0})).await;
    let mut known = Known::default();
    for day in 0..30 {
        match day % 10 {
            1 => drop(stand.control("/tokens/expire", json!({})).await),
            2 => drop(stand.control("/errors", json!({"times": 3, "sub_code": "isp.service-unavailable"})).await),
            3 => drop(stand.control("/throttle", json!({"calls_per_second": 20.0, "ban_seconds": 1})).await),
            4 => drop(stand.control("/throttle", json!({"calls_per_second": 5_000.0, "ban_seconds": 1})).await),
            _ => {}
        }
        stand.advance(86_400).await;
        known.sync(&stand, &session).await;
    }
    // Every life comes to its end; tokens live for a day, so do the steps.
    for _ in 0..32 {
        stand.advance(86_400).await;
        known.sync(&stand, &session).await;
    }
    let truth = stand.truth().await;
    assert_eq!(truth.len(), 9_000);
    let wrong: Vec<_> = truth.iter().filter(|(id, status)| known.statuses.get(*id) != Some(*status)).take(5).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Reads so many orders at a permitted rate and returns which share of it was used.
async fn share_of_rate(orders: u32, calls_per_second: f64) -> f64 {
    let stand = Stand::open(Options { calls_per_second, ..Options::default() }).await;
    let wish = json!({"count": orders, "days_ago": 25.0, "over_days": 24.0, "status": "WAIT_BUYER_ACCEPT_GOODS"});
    assert_eq!(stand.orders(wish).await.len(), orders as usize);
    let session = stand.session_at(calls_per_second, Duration::from_secs(5)).await;
    let mut known = Known::default();
    let begun = Instant::now();
    known.sync(&stand, &session).await;
    let taken = begun.elapsed().as_secs_f64();
    assert_eq!(known.statuses.len(), orders as usize);
    assert_eq!(stand.look("/received").await["calls"]["throttled"], 0);
    f64::from(known.pages) / taken / calls_per_second
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_sync_is_bound_by_what_the_app_is_permitted() {
    let share = share_of_rate(10_000, 100.0).await;
    assert!(share >= 0.9, "{share:.2} of the permitted rate");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the same with 50,000 orders, in some ten seconds"]
async fn fifty_thousand_orders_are_bound_by_what_the_app_is_permitted() {
    let share = share_of_rate(50_000, 100.0).await;
    assert!(share >= 0.9, "{share:.2} of the permitted rate");
}
