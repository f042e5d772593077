//! `--as-of` in the past: what was known then, however much was corrected, paid or learnt since.

use dunlin::house::Clock;
use dunlin::use_cases::explain_receivable::{Explanation, explain_receivable};
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::mark_party::block_party;
use dunlin::use_cases::match_payments::{confirm_match, set_payment_aside};
use dunlin::use_cases::merge_parties::merge_parties;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin_bank_formats::Format;
use dunlin_core::plan::Verdict;
use dunlin_core::receivable::share::Asked;
use dunlin_store::Block;

use crate::world::{HEADER, MORNING, World, at, mt940, orders, worlds};

const LATER: &str = "2026-03-11T09:00:00Z";

async fn explain_at(world: &mut World, name: &str, instant: &str) -> anyhow::Result<Explanation> {
    let found = world.house.store.find_receivable(world.house.tenant.id, name).await?.into();
    let now = world.house.clock;
    world.house.clock = Clock::Fixed(at(instant));
    let explanation = explain_receivable(&world.house, &found).await;
    world.house.clock = now;
    explanation
}

fn codes(explanation: &Explanation) -> Vec<&'static str> {
    explanation.reasons.iter().map(|reason| reason.code.code()).collect()
}

#[tokio::test]
async fn an_earlier_instant_shows_what_was_known_then() {
    for mut world in worlds("looking_back").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let then = explain_at(&mut world, "INV-2026-003", MORNING).await.expect("explains");
        assert_eq!((then.outstanding.to_string().as_str(), then.decision), ("USD 880.00", Verdict::Wait));

        // A week later: the amount corrected, the buyer moved and blocked, a fourth order that nobody knew of.
        world.set_clock(LATER);
        let corrected = orders().replace("880.00", "990.00").replace("西班牙", "法国");
        world.import("orders.csv", &corrected).await;
        let more = "QH-4,C002,Campo y Río S.L.,法国,José Gil,财务,jose@campo.example,USD,70.00,OA 5 days,2026-03-01,INV-2026-004,2026-03-01\n";
        world.import("more.csv", &format!("{HEADER}{more}")).await;
        let third = world.house.store.find_receivable(world.house.tenant.id, "INV-2026-003").await.expect("known");
        block_party(&world.house, third.party_id, Block { why: "asked for credit twice", ..Block::default() })
            .await
            .expect("blocked");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");

        let now = explain_at(&mut world, "INV-2026-003", LATER).await.expect("explains");
        assert_eq!(now.outstanding.to_string(), "USD 990.00");
        assert!(codes(&now).contains(&"gate.blacklist"), "{:?}", codes(&now));
        let again = explain_at(&mut world, "INV-2026-003", MORNING).await.expect("explains");
        assert_eq!(again.outstanding, then.outstanding);
        assert_eq!(codes(&again), codes(&then));
        let unknown = explain_at(&mut world, "INV-2026-004", MORNING).await.expect_err("not known yet").to_string();
        assert!(unknown.contains("not recorded yet at 2026-03-04"), "{unknown}");
    }
}

#[tokio::test]
async fn a_case_that_is_over_was_open_once() {
    for mut world in worlds("was_open").await {
        world.import("orders.csv", &orders()).await;
        let before = explain_at(&mut world, "INV-2026-001", MORNING).await.expect("explains");
        assert_eq!(before.decision, Verdict::Letter);
        world.set_clock(LATER);
        let statement = mt940("260311", "12430,00", "ROSSI OUTDOOR SRL", "INV-2026-001");
        import_statement(&world.house, "bank.sta", statement.as_bytes(), Format::Auto).await.expect("read");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let now = explain_at(&mut world, "INV-2026-001", LATER).await.expect("explains");
        assert_eq!((now.outstanding.minor, now.decision), (0, Verdict::Closed));
        let again = explain_at(&mut world, "INV-2026-001", MORNING).await.expect("explains");
        assert_eq!((again.outstanding, again.decision), (before.outstanding, before.decision));
        // How fresh the books are is told by the statements of now, like the firm's settings.
        let lasting = |explanation: &Explanation| {
            let of_now = ["pass.no_statements", "pass.stale_facts"];
            codes(explanation).into_iter().filter(|code| !of_now.contains(code)).collect::<Vec<_>>()
        };
        assert_eq!(lasting(&again), lasting(&before));
    }
}

#[tokio::test]
async fn money_that_waited_then_silences_then_whatever_became_of_it() {
    for mut world in worlds("waited_then").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        for (amount, words) in [("12405,00", "INV-2026-001 LESS CHARGES"), ("444,00", "THANK YOU")] {
            let statement = mt940("260304", amount, "ROSSI OUTDOOR SRL", words);
            import_statement(&world.house, "bank.sta", statement.as_bytes(), Format::Auto).await.expect("read");
        }
        let asks = |explanation: &Explanation| codes(explanation).contains(&"gate.unmatched_money");
        let first =
            world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known").into();
        // One is placed, the other is set aside as no customer's.
        world.set_clock("2026-03-05T09:00:00Z");
        confirm_match(&world.house, 1, &first, Asked::default()).await.expect("placed");
        world.set_clock("2026-03-06T09:00:00Z");
        set_payment_aside(&world.house, 2).await.expect("aside");
        for (instant, waits) in [
            (MORNING, false),
            ("2026-03-04T09:05:00Z", true),
            ("2026-03-05T12:00:00Z", true),
            ("2026-03-06T12:00:00Z", false),
        ] {
            let then = explain_at(&mut world, "INV-2026-002", instant).await.expect("explains");
            assert_eq!(asks(&then), waits, "{instant}: {:?}", codes(&then));
        }
    }
}

#[tokio::test]
async fn a_debtor_merged_later_was_known_before() {
    for mut world in worlds("merged_later").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock(LATER);
        let new = "QH-5,C005,Rossi Group S.p.A.,意大利,Anna Rossi,财务,anna@group.example,USD,70.00,OA 5 days,2026-03-01,INV-2026-005,2026-03-01\n";
        world.import("more.csv", &format!("{HEADER}{new}")).await;
        let (store, tenant) = (world.house.store.clone(), world.house.tenant.id);
        let party = async |name: &str| store.find_receivable(tenant, name).await.expect("known").party_id;
        merge_parties(&world.house, party("INV-2026-005").await, party("INV-2026-001").await).await.expect("merged");
        let then = explain_at(&mut world, "INV-2026-001", MORNING).await.expect("explains");
        assert_eq!((then.outstanding.minor, then.decision), (1_243_000, Verdict::Letter));
        assert!(explain_at(&mut world, "INV-2026-005", MORNING).await.is_err(), "that one was not there");
    }
}
