//! In-site messages: with the permission, without it, and when it is not known what became of one.

use dunlin_channels::aliexpress::RemoteId;
use dunlin_channels::aliexpress::messages::{About, OutgoingMessage};
use dunlin_channels::{Handover, Lookup};
use jiff::SignedDuration;
use serde_json::json;

use crate::stand::{Stand, unhurried};

async fn reminder(stand: &Stand, order: RemoteId) -> OutgoingMessage {
    let shown = stand.look(&format!("/orders/{order}")).await;
    OutgoingMessage {
        buyer_login_id: shown["buyer"].as_str().expect("a buyer").to_string(),
        seller_login_id: "cn1000000001".into(),
        about: About::Order(order),
        text: format!("Your order {order} is still unpaid. You can pay on its page."),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_go_out_and_come_in_where_the_app_may() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    assert_eq!(session.can_message().await, Ok(true));
    let order = stand.orders(json!({"status": "PLACE_ORDER_SUCCESS"})).await[0];
    let message = reminder(&stand, order).await;
    assert_eq!(session.send_message(&message).await, Handover::Sent);
    let received = stand.look("/received").await;
    assert_eq!(received["messages"][0]["content"], message.text.as_str(), "{received}");

    stand.control("/messages", json!({"order_id": order.0, "text": "I forgot, I pay today"})).await;
    let until = stand.now() + SignedDuration::from_mins(1);
    let relations = session.relations(until - SignedDuration::from_hours(1), until, 1).await.expect("conversations");
    assert_eq!(relations.len(), 1);
    assert_eq!((relations[0].order, relations[0].unread, relations[0].last_is_own), (Some(order), 1, false));
    let told = session.messages(&relations[0].channel_id, About::Order(order), 1).await.expect("messages");
    assert_eq!(
        told.iter().map(|held| held.text.as_str()).collect::<Vec<_>>(),
        ["I forgot, I pay today", message.text.as_str()]
    );
    session.mark_read(&relations[0].channel_id).await.expect("marked");
    session.mark_processed(&relations[0].channel_id).await.expect("marked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_permission_it_is_known_before_and_nothing_leaves() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    stand.control("/permissions", json!({"messages": false})).await;
    assert_eq!(session.can_message().await, Ok(false));
    let order = stand.orders(json!({"status": "PLACE_ORDER_SUCCESS"})).await[0];
    let answer = session.send_message(&reminder(&stand, order).await).await;
    assert!(matches!(answer, Handover::Refused(_)), "{answer:?}");
    let received = stand.look("/received").await;
    assert_eq!(received["messages"].as_array().map(Vec::len), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_in_doubt_is_looked_up_and_never_sent_twice() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    let order = stand.orders(json!({"status": "PLACE_ORDER_SUCCESS"})).await[0];
    let message = reminder(&stand, order).await;
    let since = stand.now() - SignedDuration::from_mins(1);

    stand.control("/errors", json!({"code": "ServiceTimeout", "http_status": 504})).await;
    let answer = session.send_message(&message).await;
    assert!(matches!(answer, Handover::Unknown(_)), "{answer:?}");
    assert_eq!(session.was_sent(&message, since).await, Lookup::Absent);

    stand.control("/errors", json!({"code": "ServiceTimeout", "http_status": 504, "after_the_work": true})).await;
    let answer = session.send_message(&message).await;
    assert!(matches!(answer, Handover::Unknown(_)), "{answer:?}");
    assert_eq!(session.was_sent(&message, since).await, Lookup::Found);
    let received = stand.look("/received").await;
    assert_eq!(received["messages"].as_array().map(Vec::len), Some(1), "{received}");
}
