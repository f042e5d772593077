//! Several orders of a buyer in one parcel: the message that asks names those that can go, and all of them are read again before
//! it leaves.

use dunlin::use_cases::confirm_order::ask;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::{SendAccount, send_letters};
use dunlin::use_cases::work_orders::order_named;
use dunlin_core::case::LetterState;
use dunlin_core::order::asks::AskKind;
use serde_json::json;

use crate::marketplace::{Stand, sync};
use crate::world::{World, as_person, at, worlds};

async fn send(world: &World) -> SendAccount {
    send_letters(&world.house).await.expect("sends")
}

/// So many paid orders of one buyer, thanked for, of which the first is asked to go with the others.
async fn asked(world: &mut World, stand: &Stand, count: usize) -> Vec<String> {
    world.house.in_site = None;
    let one = json!({"buyer": 7, "country": "FR", "article": 3, "cents": 4990, "placed_in": -7200,
        "moves": [{"at": -3600, "to": "WAIT_SELLER_SEND_GOODS"}]});
    let numbers = stand.orders_told(vec![one; count].into()).await;
    stand.go_to(world, at("2026-03-04T09:05:00Z")).await;
    stand.connect(world).await;
    assert_eq!(sync(world).await.added, count);
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    stand.go_to(world, at("2026-03-04T09:30:00Z")).await;
    let thanks = send(world).await;
    assert_eq!(thanks.sent, count, "{:?}", thanks.notes);
    let person = as_person(&world.house, "Lin Yue");
    let found = order_named(&person, &numbers[0]).await.expect("known");
    ask(&person, &found, AskKind::Combine, true, "Can you send them together?").await.expect("asked");
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    numbers
}

async fn queued(world: &World) -> usize {
    let waiting = world.house.store.letters_in(world.house.tenant.id, LetterState::Queued, 10).await.expect("reads");
    waiting.iter().filter(|letter| letter.letter == "m8_combine").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m8_the_orders_that_can_go_together_are_named() {
    for mut world in worlds("one_parcel").await {
        let stand = Stand::open().await;
        let numbers = asked(&mut world, &stand, 3).await;
        assert_eq!(queued(&world).await, 1);
        // One of the three is gone meanwhile, and only the marketplace knows.
        stand.move_order(&numbers[2], "WAIT_BUYER_ACCEPT_GOODS").await;
        stand.go_to(&mut world, at("2026-03-04T09:50:00Z")).await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.to_paste, sent.failed), (1, 0, 0), "{:?}", sent.notes);
        let received = stand.received().await;
        let last = received.last().expect("a message");
        assert_eq!(last["extern_id"].to_string(), numbers[0], "it stands in the chat of its own order");
        let text = last["content"].as_str().expect("a text");
        assert!(text.contains(&numbers[0]) && text.contains(&numbers[1]) && !text.contains(&numbers[2]), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m8_nobody_is_asked_about_an_order_that_has_left() {
    for mut world in worlds("one_parcel_no_more").await {
        let stand = Stand::open().await;
        let numbers = asked(&mut world, &stand, 2).await;
        assert_eq!(queued(&world).await, 1);
        let before = stand.received().await.len();
        stand.move_order(&numbers[1], "WAIT_BUYER_ACCEPT_GOODS").await;
        stand.go_to(&mut world, at("2026-03-04T09:50:00Z")).await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.to_paste, sent.cancelled), (0, 0, 1), "{:?}", sent.notes);
        assert_eq!((stand.received().await.len(), queued(&world).await), (before, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m8_a_buyer_of_one_order_is_asked_nothing() {
    for mut world in worlds("one_parcel_alone").await {
        let stand = Stand::open().await;
        asked(&mut world, &stand, 1).await;
        assert_eq!(queued(&world).await, 0);
    }
}
