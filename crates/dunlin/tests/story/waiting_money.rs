//! Money that waits: held against what a file brings in the same change, and whoever else may have paid stays silent.

use dunlin::house::House;
use dunlin::import::{ImportOptions, import_into};
use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::match_payments::{confirm_match, match_payments, undo_match};
use dunlin::use_cases::standing_facts::Found;
use dunlin_bank_formats::Format;
use dunlin_core::receivable::share::Asked;

use crate::world::{mt940, orders, worlds};

/// With an invoice of the buyer in Madrid that is late too.
fn two_buyers_late() -> String {
    let row = "QH-9,C002,Campo y Río S.L.,西班牙,José Gil,财务,jose@campo.example,USD,70.00,OA 30 days,2026-01-10,\
               INV-2026-009,2026-01-20\n";
    orders() + row
}

async fn bank(house: &House, text: &str) {
    import_statement(house, "s.sta", text.as_bytes(), Format::Auto).await.expect("reads");
}

async fn find(house: &House, name: &str) -> Found {
    house.store.find_receivable(house.tenant.id, name).await.expect("known").into()
}

async fn waits_for_money(house: &House, name: &str) -> bool {
    let told = explain_receivable(house, &find(house, name).await).await.expect("explains");
    told.reasons.iter().any(|reason| reason.code.code() == "gate.unmatched_money")
}

#[tokio::test]
async fn money_that_waits_is_held_against_an_invoice_in_the_change_that_brings_it() {
    for mut world in worlds("import_matches").await {
        world.set_clock("2026-03-04T09:05:00Z");
        // The money is here before the invoice: nobody's name, nobody's amount.
        bank(&world.house, &mt940("260304", "12430,00", "ROSSI OUTDOOR SRL", "INV-2026-001")).await;
        let options = ImportOptions::default();
        import_into(&world.house, "orders.csv", orders().as_bytes(), &options).await.expect("imports");
        let found = find(&world.house, "INV-2026-001").await;
        let told = explain_receivable(&world.house, &found).await.expect("explains");
        assert_eq!(told.outstanding.decimal(), "0.00", "no other change has to follow");
    }
}

#[tokio::test]
async fn money_taken_back_silences_whoever_its_text_names() {
    for mut world in worlds("undone_other").await {
        world.import("orders.csv", &two_buyers_late()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        bank(&world.house, &mt940("260304", "500,00", "CLEARING AGENT BV", "INV-2026-009")).await;
        let wrong = find(&world.house, "INV-2026-002").await;
        confirm_match(&world.house, 1, &wrong, Asked::default()).await.expect("placed");
        assert!(!waits_for_money(&world.house, "INV-2026-009").await);
        undo_match(&world.house, 1).await.expect("taken back");
        for round in 0..2 {
            for name in ["INV-2026-001", "INV-2026-009"] {
                assert!(waits_for_money(&world.house, name).await, "{name} in round {round}");
            }
            match_payments(&world.house).await.expect("matches");
        }
    }
}

#[tokio::test]
async fn the_rest_of_a_split_payment_may_be_of_either() {
    for mut world in worlds("rest_of_two").await {
        world.import("orders.csv", &two_buyers_late()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        bank(&world.house, &mt940("260304", "14000,00", "ZETA TRADING LLC", "THANK YOU")).await;
        for name in ["INV-2026-001", "INV-2026-003"] {
            confirm_match(&world.house, 1, &find(&world.house, name).await, Asked::default()).await.expect("placed");
        }
        match_payments(&world.house).await.expect("matches");
        for name in ["INV-2026-002", "INV-2026-009"] {
            assert!(waits_for_money(&world.house, name).await, "{name}");
        }
    }
}
