//! An unpaid order is reminded by the day on which its marketplace closes it: the marketplace tells the day, and where a
//! person knows better that holds.

use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::set_order_day::set_order_day;
use dunlin::use_cases::standing_facts::Found;
use dunlin_core::facts::ReceivableFacts;
use dunlin_core::key_date::{KeyDate, day_of};
use dunlin_store::Scope;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use serde_json::json;

use crate::marketplace::{Stand, sync};
use crate::world::{World, as_person, at, worlds};

/// An order of an hour ago that the marketplace closes ten days after it was placed.
async fn placed(world: &mut World, stand: &Stand) -> String {
    world.house.in_site = None;
    let order = json!([{"buyer": 7, "country": "FR", "article": 3, "cents": 4990, "placed_in": -3600, "pay_days": 10,
        "moves": []}]);
    let number = stand.orders_told(order).await.remove(0);
    stand.go_to(world, at("2026-03-04T09:05:00Z")).await;
    stand.connect(world).await;
    assert_eq!(sync(world).await.added, 1);
    number
}

async fn receivable(world: &World, number: &str) -> ReceivableFacts {
    let (store, tenant) = (&world.house.store, world.house.tenant.id);
    let found = store.find_receivable(tenant, number).await.expect("known");
    let facts = store.facts(tenant, Scope::One(found.party_id), world.house.now()).await.expect("facts");
    let item = facts[0].receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    item.expect("the receivable").clone()
}

async fn closes_on(world: &World, number: &str) -> Option<Date> {
    day_of(&receivable(world, number).await.dates, KeyDate::PlatformClose)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m1_the_last_reminder_comes_before_the_marketplace_closes_the_order() {
    for mut world in worlds("platform_close").await {
        let stand = Stand::open().await;
        let number = placed(&mut world, &stand).await;
        assert_eq!(closes_on(&world, &number).await, Some(date(2026, 3, 14)));
        let first = at("2026-03-05T12:00:00Z");
        for day in 0..9_i64 {
            // A little later each day, so that a day has passed since the last letter.
            let now = first + SignedDuration::from_hours(24 * day) + SignedDuration::from_mins(10 * day);
            stand.go_to(&mut world, now).await;
            assert!(sync(&world).await.complete);
            run_decisions(&world.house, RunOptions::default()).await.expect("runs");
            let sent = send_letters(&world.house).await.expect("sends");
            assert_eq!((sent.failed, sent.to_paste, sent.cancelled), (0, 0, 0), "{:?}", sent.notes);
        }
        let case = receivable(&world, &number).await.case.expect("a case");
        let mut taken: Vec<(jiff::Timestamp, String)> =
            case.steps.iter().map(|taken| (taken.taken_at, taken.step.to_string())).collect();
        taken.sort();
        let steps: Vec<&str> = taken.iter().map(|(_, step)| step.as_str()).collect();
        assert_eq!(steps, ["first_reminder", "ask_reason", "ways_to_pay", "last_reminder"]);
        let last = taken[3].0;
        assert!(last >= at("2026-03-11T08:00:00Z") && last < at("2026-03-12T08:00:00Z"), "{last}");
        assert_eq!(stand.received().await.len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m1_a_day_that_a_person_took_back_is_not_told_again_by_the_same_word() {
    for mut world in worlds("platform_close_by_hand").await {
        let stand = Stand::open().await;
        let number = placed(&mut world, &stand).await;
        let found = world.house.store.find_receivable(world.house.tenant.id, &number).await.expect("known");
        let found = Found::from(found);
        let person = as_person(&world.house, "Lin Yue");
        set_order_day(&person, &found, KeyDate::PlatformClose, None).await.expect("taken back");
        // The order says something else, and then what it said before.
        stand.move_order(&number, "WAIT_GROUP_SUCCESS").await;
        stand.go_to(&mut world, at("2026-03-04T09:20:00Z")).await;
        sync(&world).await;
        stand.move_order(&number, "PLACE_ORDER_SUCCESS").await;
        stand.go_to(&mut world, at("2026-03-04T09:40:00Z")).await;
        sync(&world).await;
        assert_eq!(closes_on(&world, &number).await, None);
    }
}
