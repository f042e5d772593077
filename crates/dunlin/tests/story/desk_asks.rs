//! What a person is asked because of what a buyer said, and what becomes of a letter that nobody looks at.

use dunlin::use_cases::approve_letter::finish_task;
use dunlin::use_cases::change_settings::set_review_all;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::standing_facts::{Found, add_dispute, add_promise, resolve_dispute, withdraw_promises};
use dunlin_core::case::LetterState;
use dunlin_core::money::{Currency, Money};
use dunlin_core::plan::TaskKind;

use crate::world::{World, as_person, orders, worlds};

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

async fn run(world: &World) {
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
}

/// Kinds and numbers of what lies on the desk of this moment.
async fn desk(world: &World) -> Vec<(TaskKind, i64)> {
    let house = &world.house;
    let open = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
    open.into_iter().map(|task| (task.kind, task.number)).collect()
}

#[tokio::test]
async fn a9_a_dispute_lies_on_the_desk_until_it_is_settled() {
    for mut world in worlds("dispute_asked").await {
        world.import("orders.csv", &orders()).await;
        let found = find(&world, "INV-2026-001").await;
        add_dispute(&world.house, &found, None, "two cartons wet").await.expect("noted");
        let asked = desk(&world).await;
        assert!(matches!(asked.as_slice(), [(TaskKind::SolveDispute, _)]), "{asked:?}");
        run(&world).await;
        assert_eq!(desk(&world).await, asked, "nobody is asked twice");
        finish_task(&world.house, asked[0].1, "a new carton goes out").await.expect("done");
        run(&world).await;
        assert!(desk(&world).await.is_empty(), "it is seen to");
        world.set_clock("2026-03-20T09:00:00Z");
        run(&world).await;
        let again = desk(&world).await;
        let is_asked = again.iter().any(|(kind, _)| *kind == TaskKind::SolveDispute);
        assert!(is_asked, "it still keeps us silent: {again:?}");
        resolve_dispute(&world.house, &found, "credited").await.expect("settled");
        assert!(
            desk(&world).await.iter().all(|(kind, _)| *kind != TaskKind::SolveDispute),
            "nothing is left to settle"
        );
    }
}

#[tokio::test]
async fn a8_after_the_third_promise_a_person_decides() {
    for world in worlds("promises_asked").await {
        world.import("orders.csv", &orders()).await;
        let found = find(&world, "INV-2026-001").await;
        let sum = Some(Money::new(10_000, Currency::USD));
        for (nth, day) in ["2026-03-10", "2026-03-11", "2026-03-12"].into_iter().enumerate() {
            assert_eq!(desk(&world).await.len(), 0, "after {nth} promises");
            let day = day.parse().expect("a day");
            add_promise(&world.house, found.party_id, Some(found.receivable_id), day, sum, "soon")
                .await
                .expect("noted");
        }
        let asked = desk(&world).await;
        assert!(matches!(asked.as_slice(), [(TaskKind::DecidePromise, _)]), "{asked:?}");
        run(&world).await;
        assert_eq!(desk(&world).await, asked, "nobody is asked twice");
        withdraw_promises(&world.house, found.party_id, Some(found.receivable_id)).await.expect("withdrawn");
        assert!(desk(&world).await.is_empty(), "it is decided");
    }
}

#[tokio::test]
async fn a14_a_letter_that_nobody_says_yes_to_is_decided_again() {
    for mut world in worlds("review_lapses").await {
        world.import("orders.csv", &orders()).await;
        set_review_all(&as_person(&world.house, "Lin Yue"), true).await.expect("set");
        world.house = world.house.renewed().await.expect("reads");
        run(&world).await;
        let tenant = world.house.tenant.id;
        let first = world.house.store.letters_in(tenant, LetterState::Review, 10).await.expect("reads");
        assert_eq!(first.len(), 1);
        world.set_clock("2026-03-12T09:00:00Z");
        run(&world).await;
        let still = world.house.store.letters_in(tenant, LetterState::Review, 10).await.expect("reads");
        assert!(still.iter().any(|letter| letter.id == first[0].id), "a week is no long time");
        world.set_clock("2026-03-19T09:00:00Z");
        run(&world).await;
        let now = world.house.store.letters_in(tenant, LetterState::Review, 10).await.expect("reads");
        assert!(!now.is_empty() && now.iter().all(|letter| letter.id != first[0].id), "{now:?}");
        let lapsed = world.house.store.letters_in(tenant, LetterState::Cancelled, 10).await.expect("reads");
        let said = lapsed.iter().flat_map(|letter| &letter.reasons).any(|why| why.code.code() == "cancelled.lapsed");
        assert!(said, "{lapsed:?}");
    }
}
