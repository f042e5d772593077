//! How promises end: by the money, whoever tells of it, and never on books that cannot know. The same on both databases.

use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::match_payments::{confirm_match, set_payment_aside, undo_match};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::{Found, add_promise};
use dunlin_bank_formats::Format;
use dunlin_core::gate_facts::PromiseState::{self, Broken, Kept, Open};
use dunlin_core::money::{Currency, Money};
use dunlin_store::{Scope, Written};
use jiff::civil::Date;

use crate::world::{HEADER, World, mt940, orders, worlds};

async fn run(world: &World) -> Written {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
    account.written
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn usd(text: &str) -> Option<Money> {
    Some(Money::parse(text, Currency::USD).expect("money"))
}

async fn state(world: &World, found: &Found) -> PromiseState {
    let (house, scope) = (&world.house, Scope::One(found.party_id));
    let facts = house.store.facts(house.tenant.id, scope, house.now()).await.expect("facts");
    facts[0].promises[0].state
}

async fn reasons(world: &World, found: &Found) -> Vec<&'static str> {
    let explanation = explain_receivable(&world.house, found).await.expect("explains");
    explanation.reasons.iter().map(|reason| reason.code.code()).collect()
}

async fn statement(world: &World, on: &str, amount: &str, payer: &str, words: &str) {
    let text = mt940(on, amount, payer, words);
    import_statement(&world.house, &format!("{on}.sta"), text.as_bytes(), Format::Auto).await.expect("reads");
}

#[tokio::test]
async fn a8_a_promise_is_not_broken_before_the_statements_tell_of_its_days() {
    for comes in [true, false] {
        for mut world in worlds("unread").await {
            world.import("orders.csv", &orders()).await;
            statement(&world, "260304", "880,00", "CAMPO Y RIO", "INV-2026-003").await;
            let found = find(&world, "INV-2026-001").await;
            let promised = usd("12930.00");
            add_promise(&world.house, found.party_id, None, day("2026-03-05"), promised, "").await.expect("noted");
            // Its day and three more are over; the books end on the day before it.
            world.set_clock("2026-03-09T09:00:00Z");
            assert_eq!(run(&world).await.letters, 0);
            assert_eq!(state(&world, &found).await, Open);
            let why = reasons(&world, &found).await;
            assert!(why.contains(&"gate.promise_unread"), "{why:?}");
            if comes {
                statement(&world, "260305", "12930,00", "ROSSI OUTDOOR SRL", "INV-2026-001 AND INV-2026-002").await;
                assert_eq!(state(&world, &found).await, Kept);
                run(&world).await;
                assert_eq!(state(&world, &found).await, Kept);
            } else {
                statement(&world, "260309", "1,00", "CAMPO Y RIO", "INV-2026-003").await;
                run(&world).await;
                assert_eq!(state(&world, &found).await, Broken);
            }
        }
    }
}

#[tokio::test]
async fn a8_a_payment_that_is_taken_back_keeps_no_promise() {
    for mut world in worlds("reopened").await {
        world.import("orders.csv", &orders()).await;
        let found = find(&world, "INV-2026-002").await;
        let about = Some(found.receivable_id);
        add_promise(&world.house, found.party_id, about, day("2026-03-20"), None, "").await.expect("noted");
        world.set_clock("2026-03-05T09:00:00Z");
        statement(&world, "260305", "500,00", "ROSSI OUTDOOR SRL", "INV-2026-002").await;
        assert_eq!(state(&world, &found).await, Kept);
        world.set_clock("2026-03-06T09:00:00Z");
        undo_match(&world.house, 1).await.expect("taken back");
        assert_eq!(state(&world, &found).await, Open);
        // It was somebody else's: what was promised is left in peace again.
        set_payment_aside(&world.house, 1).await.expect("aside");
        let why = reasons(&world, &found).await;
        assert!(why.contains(&"gate.promise"), "{why:?}");
    }
}

#[tokio::test]
async fn a8_a_promised_part_is_kept_when_it_is_paid() {
    for mut world in worlds("promised_part").await {
        world.import("orders.csv", &orders()).await;
        let found = find(&world, "INV-2026-001").await;
        let (about, promised) = (Some(found.receivable_id), usd("5000.00"));
        add_promise(&world.house, found.party_id, about, day("2026-03-20"), promised, "").await.expect("noted");
        world.set_clock("2026-03-05T09:00:00Z");
        statement(&world, "260305", "5000,00", "ROSSI OUTDOOR SRL", "INV-2026-001").await;
        confirm_match(&world.house, 1, &found, Default::default()).await.expect("placed");
        assert_eq!(state(&world, &found).await, Kept);
        // The other 7,430.00 and the second invoice: nothing of them is promised any more.
        assert_eq!(run(&world).await.letters, 1);
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let text = std::fs::read_to_string(&world.letters()[0]).expect("a letter");
        assert!(text.contains("7,930.00"), "{text}");
    }
}

#[tokio::test]
async fn a8_a_file_that_says_paid_keeps_a_promise() {
    for mut world in worlds("paid_column").await {
        let header = HEADER.replace("发票日期", "发票日期,已收金额");
        let row = |paid: &str| {
            format!(
                "{header}QH-2026-7,C007,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,900.00,\
                 OA 30 days,2026-01-10,INV-2026-007,2026-01-20,{paid}\n"
            )
        };
        world.import("orders.csv", &row("")).await;
        let found = find(&world, "INV-2026-007").await;
        let about = Some(found.receivable_id);
        add_promise(&world.house, found.party_id, about, day("2026-03-20"), None, "").await.expect("noted");
        world.set_clock("2026-03-05T09:00:00Z");
        world.import("orders.csv", &row("400.00")).await;
        assert_eq!(state(&world, &found).await, Open);
        world.import("orders.csv", &row("900.00")).await;
        assert_eq!(state(&world, &found).await, Kept);
    }
}
