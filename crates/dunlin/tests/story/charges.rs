//! Money that is a little short, a little over, or for several at once: settled by a person's word, never silently.

use dunlin::use_cases::bank_charges::{OnRest, settle_rest};
use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::{StatementReport, import_statement};
use dunlin::use_cases::match_payments::{confirm_match, confirm_match_with, confirm_together, undo_match};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::standing_facts::Found;
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::explain::{UiLanguage, sentence};
use dunlin_core::plan::{TaskKind, Verdict};
use dunlin_core::receivable::share::Asked;
use dunlin_store::{Actor, LogFilter, Via};

use crate::site::{Site, hired};
use crate::world::{World, mt940, orders, worlds};

async fn bank(world: &World, amount: &str, words: &str) -> StatementReport {
    let text = mt940("260304", amount, "ROSSI OUTDOOR SRL", words);
    import_statement(&world.house, "s.sta", text.as_bytes(), Format::Auto).await.expect("reads")
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

async fn open(world: &World, name: &str) -> String {
    let found = find(world, name).await;
    explain_receivable(&world.house, &found).await.expect("explains").outstanding.decimal()
}

/// Whether the pause about the rest keeps a receivable silent.
async fn rests(world: &World, name: &str) -> bool {
    let found = find(world, name).await;
    let explained = explain_receivable(&world.house, &found).await.expect("explains");
    explained.reasons.iter().any(|reason| reason.code.code() == "gate.hold")
}

/// What is said of a receivable that is over, in both languages.
async fn ended(world: &World, name: &str) -> (&'static str, [String; 2]) {
    let found = find(world, name).await;
    let explained = explain_receivable(&world.house, &found).await.expect("explains");
    assert_eq!((explained.decision, explained.reasons.len()), (Verdict::Closed, 1));
    let reason = &explained.reasons[0];
    let told = |language| sentence(reason, language, &world.house.zone());
    (reason.code.code(), [told(UiLanguage::En), told(UiLanguage::ZhCn)])
}

async fn questions(world: &World) -> usize {
    let house = &world.house;
    let tasks = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
    tasks.iter().filter(|task| task.kind == TaskKind::MatchMoney).count()
}

async fn verbs(world: &World) -> Vec<String> {
    let store = &world.house.store;
    let lines = store.audit_log(world.house.tenant.id, &LogFilter::default(), 50).await.expect("the log");
    lines.into_iter().map(|line| line.verb).collect()
}

#[tokio::test]
async fn b7_a_rest_as_small_as_bank_charges_is_asked_about_and_not_pressed_for() {
    for mut world in worlds("charges").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        let report = bank(&world, "12405,00", "INV-2026-001 LESS CHARGES").await;
        let line = &report.matched.payments[0];
        assert_eq!(line.outcome, "amount_differs");
        let charges = line.charges.as_ref().expect("proposed");
        assert_eq!((charges.receivable.as_str(), charges.rest.decimal().as_str()), ("R-0001", "25.00"));

        let first = find(&world, "INV-2026-001").await;
        let placed = confirm_match(&world.house, 1, &first, Asked::default()).await.expect("placed");
        assert_eq!(placed.charges.map(|(rest, became)| (rest.minor, became)), Some((2_500, OnRest::Ask)));
        assert_eq!((questions(&world).await, rests(&world, "R-0001").await), (1, true));
        assert!(!rests(&world, "R-0002").await, "the other invoice is asked for as before");
        assert_eq!(run_decisions(&world.house, RunOptions::default()).await.expect("runs").written.letters, 1);

        // The pause ends by itself, and the question stays.
        world.set_clock("2026-03-19T09:05:00Z");
        assert_eq!((questions(&world).await, rests(&world, "R-0001").await), (1, false));
        settle_rest(&world.house, &first, true).await.expect("written off");
        assert_eq!((open(&world, "R-0001").await.as_str(), questions(&world).await), ("0.00", 0));
        let party = first.party_id;
        let ledger = world.house.store.ledger_of(world.house.tenant.id, party).await.expect("the ledger");
        assert!(ledger.iter().any(|line| line.note == "bank charges, P-0001" && line.amount.minor == 2_500));
        settle_rest(&world.house, &first, true).await.expect_err("nothing is left");

        // Taking the payment back takes its charges back.
        undo_match(&world.house, 1).await.expect("taken back");
        assert_eq!(open(&world, "R-0001").await, "12430.00");
    }
}

#[tokio::test]
async fn b7_charges_are_written_off_in_the_same_change_by_whoever_may() {
    for mut world in worlds("charges_at_once").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        bank(&world, "12405,00", "INV-2026-001 LESS CHARGES").await;
        let first = find(&world, "INV-2026-001").await;
        let manager = hired(&world, Role::Manager).await;
        let act = |user: &dunlin_store::User| {
            world.house.clone().acting(Actor::user(Via::Page, user.acting(), String::new()))
        };
        let charges = OnRest::WriteOff;
        confirm_match_with(&act(&manager), 1, &first, Asked::default(), charges).await.expect_err("may not");
        assert_eq!(open(&world, "R-0001").await, "12430.00");
        let finance = hired(&world, Role::Finance).await;
        let placed = confirm_match_with(&act(&finance), 1, &first, Asked::default(), charges).await.expect("placed");
        assert!(!placed.outstanding.is_positive());
        assert_eq!((open(&world, "R-0001").await.as_str(), questions(&world).await), ("0.00", 0));
        // The buyer has paid: before the run and after it, and nobody reads of a debt that was given up.
        for when in ["before the run", "after it"] {
            let (code, [en, zh]) = ended(&world, "R-0001").await;
            assert_eq!(code, "gate.paid_less_charges", "{when}");
            assert!(en.contains("R-0001 is paid") && en.contains("USD 25.00") && !en.contains("written off"), "{en}");
            assert!(zh.contains("已付清") && zh.contains("USD 25.00"), "{zh}");
            run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        }
        let verbs = verbs(&world).await;
        for verb in ["payment.placed", "receivable.lowered"] {
            assert!(verbs.iter().any(|known| known == verb), "{verb} in {verbs:?}");
        }
    }
}

#[tokio::test]
async fn b7_what_is_more_than_charges_stays_open_and_is_asked_for() {
    for mut world in worlds("no_charges").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        bank(&world, "490,00", "INV-2026-002").await;
        let second = find(&world, "INV-2026-002").await;
        let refused = confirm_match_with(&world.house, 1, &second, Asked::default(), OnRest::WriteOff).await;
        assert!(refused.expect_err("two per cent").to_string().contains("0.5 %"));
        assert_eq!(open(&world, "R-0002").await, "500.00", "nothing was placed");
        let placed = confirm_match(&world.house, 1, &second, Asked::default()).await.expect("placed");
        assert_eq!(placed.charges, None);
        assert_eq!((questions(&world).await, rests(&world, "R-0002").await), (0, false));
    }
}

#[tokio::test]
async fn b7_a_person_who_wants_the_rest_gets_no_pause() {
    for mut world in worlds("keep_asking").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        bank(&world, "12405,00", "INV-2026-001").await;
        let first = find(&world, "INV-2026-001").await;
        confirm_match_with(&world.house, 1, &first, Asked::default(), OnRest::KeepAsking).await.expect("placed");
        assert_eq!((questions(&world).await, rests(&world, "R-0001").await), (0, false));
        assert_eq!(open(&world, "R-0001").await, "25.00");
    }
}

#[tokio::test]
async fn b7_the_page_of_money_proposes_and_places_in_one_click() {
    for mut world in worlds("charges_page").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        bank(&world, "12405,00", "INV-2026-001 LESS CHARGES").await;
        let site = Site::open(&world).await;
        let finance = site.enter(&world, Role::Finance).await;
        let page = finance.get("/money").await;
        assert!(page.contains("value=\"charges\"") && page.contains("25.00"), "{page}");
        let sales = site.enter(&world, Role::Auditor).await;
        assert!(!sales.get("/money").await.contains("value=\"charges\""));
        let answer = finance.post("/payments/P-0001/match", "receivable=R-0001&rest=ask&next=/money").await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let page = finance.get("/receivables/R-0001").await;
        assert!(page.contains("/receivables/R-0001/charges"), "{page}");
        assert!(finance.get("/today").await.contains("Decide on the rest"));
        finance.post("/receivables/R-0001/charges", "outcome=write_off&next=/receivables/R-0001").await;
        assert_eq!((open(&world, "R-0001").await.as_str(), questions(&world).await), ("0.00", 0));
    }
}

#[tokio::test]
async fn b7_one_payment_for_invoices_of_two_buyers_is_placed_together() {
    for mut world in worlds("together").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        let report = bank(&world, "13310,00", "INV-2026-001 INV-2026-003").await;
        assert_eq!(report.matched.payments[0].outcome, "several_parties");
        let site = Site::open(&world).await;
        let finance = site.enter(&world, Role::Finance).await;
        let page = finance.get("/money").await;
        assert!(page.contains("name=\"together\"") && page.contains("Paid in another name"), "{page}");
        let wrong = [find(&world, "R-0001").await, find(&world, "R-0002").await];
        confirm_together(&world.house, 1, &wrong).await.expect_err("another sum");
        let answer = finance.post("/payments/P-0001/match", "together=R-0001,R-0003&next=/money").await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        assert_eq!(
            (open(&world, "R-0001").await, open(&world, "R-0003").await),
            ("0.00".to_string(), "0.00".to_string())
        );
        assert_eq!(undo_match(&world.house, 1).await.expect("taken back"), 2);
    }
}

#[tokio::test]
async fn b7_what_came_on_top_waits_with_its_choices() {
    for mut world in worlds("over").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        bank(&world, "600,00", "INV-2026-002").await;
        let second = find(&world, "INV-2026-002").await;
        let placed = confirm_match(&world.house, 1, &second, Asked::default()).await.expect("placed");
        assert_eq!((placed.left.minor, placed.charges), (10_000, None));
        let site = Site::open(&world).await;
        let page = site.enter(&world, Role::Finance).await.get("/money").await;
        assert!(page.contains("came on top of what was owed"), "{page}");
        assert!(page.contains("/payments/P-0001/set-aside"), "{page}");
    }
}
