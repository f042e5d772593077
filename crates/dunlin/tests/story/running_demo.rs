//! The demo's shop, played on its own: every state of an order is on the board, letters of every kind leave or wait, people find
//! their work. The same on both databases.

use std::collections::BTreeSet;

use dunlin::demo::running::articles::{PINS, catalogue, counted};
use dunlin::demo::running::sales::{ANSWERED, SALES};
use dunlin::demo::running::{instant, t};
use dunlin::use_cases::keep_catalogue::pin_similar;
use dunlin::use_cases::play_shop::ShopStage;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::work_orders::order_named;
use dunlin_core::case::LetterState;
use dunlin_core::order::story::OrderState;
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::parcel_list::PARCEL_START;
use jiff::{SignedDuration, Timestamp};

use crate::world::{World, as_person, at, worlds};

/// The beginning of the demo's first day, in Shanghai.
const START: &str = "2026-03-01T16:00:00Z";
/// Runs of the test; the demo's own are more often.
const HOURS_BETWEEN: i64 = 4;

/// From the first order to the morning on which the demo stands still.
async fn play(world: &mut World) {
    let start = at(START);
    let person = as_person(&world.house, "Lin Yue");
    let mut stage = ShopStage::new(SALES, start, person.actor.clone());
    let mut now = instant(start, t(49, 9, 0));
    while now <= instant(start, t(0, 8, 0)) {
        stage.play(&mut world.house, now).await.expect("played");
        let ran = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(ran.refused, 0, "the audit refused a plan at {now}");
        send_due(world, &stage, now).await;
        now += SignedDuration::from_hours(HOURS_BETWEEN);
    }
    stage.play(&mut world.house, instant(start, t(0, 8, 0))).await.expect("played");
}

async fn send_due(world: &World, stage: &ShopStage, now: Timestamp) {
    let next = world.house.store.next_departure(world.house.tenant.id).await.expect("reads");
    if next.is_some_and(|at| at <= now) {
        stage.read_again(&world.house).await.expect("read");
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.failed, sent.uncertain, sent.to_paste), (0, 0, 0), "{:?}", sent.notes);
    }
}

/// Scenarios of which there are letters in this state.
async fn told(world: &World, state: LetterState) -> BTreeSet<String> {
    let letters = world.house.store.letters_in(world.house.tenant.id, state, 1_000).await.expect("reads");
    letters.iter().filter_map(|letter| letter.letter.split('_').next()).map(str::to_string).collect()
}

#[tokio::test]
async fn every_state_is_on_the_board_and_letters_of_every_kind_go_or_wait() {
    for mut world in worlds("running_demo").await {
        let csv = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        world.import("catalogue.csv", &csv(catalogue())).await;
        let person = as_person(&world.house, "Lin Yue");
        for (sku, other) in PINS {
            pin_similar(&person, sku, other).await.expect("pinned");
        }
        world.import("counted.csv", &csv(counted())).await;
        play(&mut world).await;

        let (house, store, tenant) = (&world.house, &world.house.store, world.house.tenant.id);
        let counts = store.board_counts(tenant, &house.sight, house.today()).await.expect("reads");
        for state in [
            OrderState::Placed,
            OrderState::RiskControl,
            OrderState::Paid,
            OrderState::OutOfStock,
            OrderState::AwaitingConfirmation,
            OrderState::InStock,
            OrderState::Ready,
            OrderState::PartShipped,
            OrderState::Shipped,
            OrderState::Frozen,
            OrderState::InDispute,
        ] {
            assert!(counts.iter().any(|count| count.state == state && count.orders > 0), "{}", state.code());
        }
        assert_eq!(store.remote_order_counts(tenant, "aliexpress").await.expect("reads").all, 50);

        let sent = told(&world, LetterState::Sent).await;
        for kind in ["m1", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10"] {
            assert!(sent.contains(kind), "no letter of {kind} left: {sent:?}");
        }
        let waiting = told(&world, LetterState::Review).await;
        for kind in ["m2", "m6", "m7", "m8"] {
            assert!(waiting.contains(kind), "no letter of {kind} waits for a yes: {waiting:?}");
        }
        let quiet = house.now() - SignedDuration::from_hours(24 * 7);
        let after = After { key: PARCEL_START, limit: 100 };
        let parcels = store.parcels_in_trouble(tenant, &house.sight, quiet, &after).await.expect("reads");
        assert!(parcels.len() >= 5, "{}", parcels.len());

        let found = order_named(house, &ANSWERED.to_string()).await.expect("known");
        let asks = store.order_asks(tenant, found.party_id, found.id).await.expect("reads");
        let answer = asks.iter().find_map(|ask| ask.answer.as_ref()).expect("an answer to look at");
        assert_eq!(answer.fields.name, "Сафонова Ольга Дмитриевна");
        let (known, confirmed) = store.order_delivery(tenant, found.party_id, found.id).await.expect("reads");
        assert!(confirmed.is_none() && known.changes(&answer.fields).len() >= 3, "{:?}", known.changes(&answer.fields));
        assert!(store.doctor().await.expect("looks").0.is_empty());
    }
}
