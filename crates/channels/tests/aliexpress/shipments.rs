//! Shipments reported, receipts given longer, an order read again.

use dunlin_channels::aliexpress::ApiError;
use dunlin_channels::aliexpress::ship::ShipNotice;
use dunlin_channels::aliexpress::status::OrderStatus;
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

    session.extend_receipt(order, 10).await.expect("ten days more");
    let refused = session.extend_receipt(order, 1_000).await.expect_err("too long");
    assert!(matches!(refused, ApiError::Refused { .. }), "{refused}");
    let received = stand.look("/received").await;
    assert_eq!(received["shipments"].as_array().map(Vec::len), Some(2), "{received}");
    assert_eq!(received["extensions"][0]["days"], 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_is_not_there_is_refused() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    let missing = dunlin_channels::aliexpress::RemoteId(1);
    let refused = session.order_detail(missing, &pacific()).await.expect_err("no such order");
    assert!(matches!(refused, ApiError::Refused { .. }), "{refused}");
}
