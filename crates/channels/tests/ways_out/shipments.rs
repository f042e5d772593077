//! Shipments reported, receipts given longer, an order read again.

use dunlin_channels::aliexpress::ship::ShipNotice;
use dunlin_channels::aliexpress::status::OrderStatus;
use dunlin_channels::aliexpress::{ApiError, RemoteId};
use jiff::Timestamp;
use serde_json::json;

use crate::stand::{Stand, pacific, unhurried};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shipment_moves_the_order_once_and_the_receipt_can_be_given_longer() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    let order = stand.orders(json!({"status": "WAIT_SELLER_SEND_GOODS"})).await[0];
    let before = session.order_detail(order, &pacific()).await.expect("the order");
    assert_eq!((before.id, before.status, before.parcels.len()), (order, OrderStatus::WaitSellerSendGoods, 0));

    let notice = ShipNotice {
        service_name: "CPAM".into(),
        tracking_number: "RR123456789CN".into(),
        complete: false,
        ..ShipNotice::default()
    };
    session.report_shipment(order, &notice).await.expect("a part has left");
    let part = session.order_detail(order, &pacific()).await.expect("the order");
    assert_eq!(part.status, OrderStatus::SellerPartSendGoods);
    session.report_shipment(order, &ShipNotice { complete: true, ..notice.clone() }).await.expect("the rest has left");
    let after = session.order_detail(order, &pacific()).await.expect("the order");
    assert_eq!(after.status, OrderStatus::WaitBuyerAcceptGoods);
    assert_eq!(after.parcels[0].tracking_number, "RR123456789CN");
    let again = session.report_shipment(order, &notice).await.expect_err("nothing is left to ship");
    assert!(matches!(again, ApiError::Refused { .. }), "{again}");

    let placed = placed(&stand, order).await;
    let until = session.receipt_until(order, placed, &pacific()).await.expect("told").expect("it waits");
    session.extend_receipt(order, 10).await.expect("ten days more");
    let longer = session.receipt_until(order, placed, &pacific()).await.expect("told").expect("it waits");
    let given = longer.duration_since(until).as_hours();
    assert!((239..=241).contains(&given), "{given} hours");
    let refused = session.extend_receipt(order, 1_000).await.expect_err("too long");
    assert!(matches!(refused, ApiError::Refused { .. }), "{refused}");
    let received = stand.look("/received").await;
    assert_eq!(received["shipments"].as_array().map(Vec::len), Some(2), "{received}");
    assert_eq!(received["extensions"][0]["days"], 10);
}

/// When the order was placed, as the stand-in has it.
async fn placed(stand: &Stand, order: RemoteId) -> Timestamp {
    let told = stand.look(&format!("/orders/{order}")).await;
    Timestamp::from_millisecond(told["created"].as_i64().expect("an instant")).expect("an instant")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_time_whose_answer_got_lost_shows_in_the_list_and_an_order_that_is_over_has_none() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    // Many orders of one moment: the one that is meant is found among them.
    let orders = stand.orders(json!({"count": 120, "days_ago": 3.0, "status": "WAIT_BUYER_ACCEPT_GOODS"})).await;
    let order = orders[60];
    let at = placed(&stand, order).await;
    let before = session.receipt_until(order, at, &pacific()).await.expect("told").expect("it waits");
    stand.control("/errors", json!({"only": "extendsbuyeracceptgoodstime", "after_the_work": true})).await;
    let lost = session.extend_receipt(order, 7).await.expect_err("no answer");
    assert!(matches!(lost, ApiError::InDoubt { .. }), "{lost}");
    let after = session.receipt_until(order, at, &pacific()).await.expect("told").expect("it waits");
    assert!(after.duration_since(before).as_hours() >= 7 * 24 - 1, "the work was done");
    assert_eq!(stand.look("/received").await["extensions"].as_array().map(Vec::len), Some(1), "and done once");
    stand.move_order(order, "IN_ISSUE").await;
    assert_eq!(session.receipt_until(order, at, &pacific()).await.expect("told"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_is_not_there_is_refused() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    let missing = RemoteId(1);
    let refused = session.order_detail(missing, &pacific()).await.expect_err("no such order");
    assert!(matches!(refused, ApiError::Refused { .. }), "{refused}");
}
