//! Whoever looks without writing hears what the run then does.

use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::mark_party::block_party;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::standing_facts::{Found, add_promise};
use dunlin_core::plan::Plan;
use dunlin_store::Block;
use jiff::civil::date;

use crate::world::{World, orders, worlds};

async fn plans(world: &World, dry_run: bool) -> Vec<Plan> {
    let options = RunOptions { dry_run, keep_actions: true, ..RunOptions::default() };
    let account = run_decisions(&world.house, options).await.expect("runs");
    account.actions.into_iter().map(|(_, plan)| plan).collect()
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

/// The dry run, what is explained of the first invoice, and the run.
async fn alike(world: &World) -> Vec<Plan> {
    let dry = plans(world, true).await;
    let first = find(world, "INV-2026-001").await;
    let explained = explain_receivable(&world.house, &first).await.expect("explains");
    let done = plans(world, false).await;
    assert_eq!(dry, done);
    let mut cases = done.iter().flat_map(|plan| &plan.cases);
    let of_first = cases.find(|case| case.receivable_id == first.receivable_id).expect("decided");
    assert_eq!(explained.step.as_deref(), of_first.step.as_deref());
    done
}

#[tokio::test]
async fn a_promise_that_ends_today_is_broken_for_the_dry_run_too() {
    for mut world in worlds("dry_promise").await {
        world.import("orders.csv", &orders()).await;
        let first = find(&world, "INV-2026-001").await;
        add_promise(&world.house, first.party_id, Some(first.receivable_id), date(2026, 3, 5), None, "tomorrow")
            .await
            .expect("noted");
        world.set_clock("2026-03-09T09:05:00Z");
        assert!(!alike(&world).await.is_empty());
    }
}

#[tokio::test]
async fn a_block_that_is_over_silences_the_dry_run_no_longer() {
    for mut world in worlds("dry_block").await {
        world.import("orders.csv", &orders()).await;
        let first = find(&world, "INV-2026-001").await;
        let block = Block { why: "a talk first", evidence: "", until: Some(date(2026, 3, 6)) };
        block_party(&world.house, first.party_id, block).await.expect("blocked");
        assert!(plans(&world, true).await.iter().all(|plan| plan.party_id != first.party_id));
        world.set_clock("2026-03-09T09:05:00Z");
        let done = alike(&world).await;
        assert!(done.iter().any(|plan| plan.party_id == first.party_id && !plan.letters.is_empty()), "{done:?}");
    }
}
