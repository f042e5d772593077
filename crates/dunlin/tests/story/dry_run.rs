//! Whoever looks without writing hears what the run then does.

use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::mark_party::block_party;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::standing_facts::{Found, add_hold, add_promise};
use dunlin_core::plan::Plan;
use dunlin_store::Block;
use jiff::civil::date;

use crate::world::{HEADER, World, orders, worlds};

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

#[tokio::test]
async fn the_dry_run_counts_what_the_run_counts() {
    for mut world in worlds("dry_counts").await {
        world.import("orders.csv", &orders()).await;
        let header = HEADER.replace("发票日期", "发票日期,已收金额");
        let paid = "QH-7,C007,Rossi Sport S.r.l.,意大利,Anna Neri,财务,anna@sport.example,USD,900.00,OA 30 days,2026-01-10,INV-2026-007,2026-01-20,900.00\n";
        world.import("paid.csv", &format!("{header}{paid}")).await;
        let third = find(&world, "INV-2026-003").await;
        add_hold(&world.house, third.party_id, None, date(2026, 3, 20), "visiting them").await.expect("noted");
        let (mut ends, mut silences) = (0, 0);
        for instant in ["2026-03-04T09:00:00Z", "2026-03-04T09:00:00Z", "2026-03-09T09:05:00Z"] {
            world.set_clock(instant);
            let mut told = Vec::new();
            for dry_run in [true, false] {
                let options = RunOptions { dry_run, ..RunOptions::default() };
                let account = run_decisions(&world.house, options).await.expect("runs");
                told.push((account.considered, account.written, account.waiting));
            }
            assert_eq!(told[0], told[1], "{instant}");
            ends += told[1].1.closed;
            silences += told[1].1.holds;
        }
        assert!(ends > 0 && silences > 0, "{ends} closed, {silences} silences");
    }
}
