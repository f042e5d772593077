//! A payment in another currency than what it pays: placed by a person at the amount it settles, both amounts kept,
//! shown, looked at by the doctor, and taken back together.

use std::process::Output;

use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::match_payments::{confirm_match, undo_match};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::Found;
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::money::{Currency, Money};
use dunlin_core::receivable::share::Asked;
use dunlin_store::PaymentRow;
use dunlin_store::seeding::Damage;

use crate::backup::{doctor, is_sound};
use crate::site::Site;
use crate::world::{HEADER, World, mt940, worlds};

fn eur(text: &str) -> Option<Money> {
    Some(Money::parse(text, Currency::EUR).expect("an amount"))
}

fn usd(text: &str) -> Option<Money> {
    Some(Money::parse(text, Currency::USD).expect("an amount"))
}

/// Two invoices in dollars of one buyer, both late, and one of another buyer, not yet due.
fn orders() -> String {
    let rossi = "C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD";
    let rio = "C002,Campo y Río S.L.,西班牙,José Gil,财务,jose@campo.example,USD";
    format!(
        "{HEADER}\
         QH-1,{rossi},\"12,000.00\",OA 30 days,2026-01-10,INV-2026-001,2026-01-20\n\
         QH-2,{rossi},500.00,OA 30 days,2026-01-12,INV-2026-002,2026-01-30\n\
         QH-3,{rio},880.00,OA 60 days,2026-02-20,INV-2026-003,2026-02-20\n"
    )
}

/// The orders, a letter that waits about them, and then EUR 11,000.00 for the first of them.
async fn world_with_euros(mut world: World) -> World {
    world.import("orders.csv", &orders()).await;
    assert_eq!(letters(&world).await, 1);
    world.set_clock("2026-03-04T09:05:00Z");
    let statement = mt940("260304", "11000,00", "ROSSI OUTDOOR SRL", "INV-2026-001 PAID IN FULL").replace("USD", "EUR");
    let report = import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
    assert_eq!((report.matched.matched, report.matched.payments[0].outcome), (0, "other_currency"), "{report:?}");
    world
}

async fn letters(world: &World) -> usize {
    run_decisions(&world.house, RunOptions::default()).await.expect("runs").written.letters
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

async fn open(world: &World, name: &str) -> String {
    let found = find(world, name).await;
    explain_receivable(&world.house, &found).await.expect("explains").outstanding.to_string()
}

async fn payment(world: &World) -> PaymentRow {
    world.house.store.payment_numbered(world.house.tenant.id, 1).await.expect("known")
}

/// What the program says, and how it ends.
fn dunlin(world: &World, words: &[&str]) -> (Option<i32>, String) {
    let mut command = crate::world::program();
    command.args(words).args(["--db", &world.place, "--as-of", "2026-03-04T09:10:00Z"]).env_remove("DUNLIN_FAULT");
    let Output { status, stdout, stderr } = command.output().expect("starts");
    (status.code(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

#[tokio::test]
async fn b7_euros_settle_dollars_where_a_person_says_how_many() {
    for world in worlds("settles").await {
        let world = world_with_euros(world).await;
        let first = find(&world, "INV-2026-001").await;
        for (uses, settles, says) in [
            (None, None, "`--settles 12000.00`"),
            (None, usd("0"), "above zero"),
            (None, usd("-12000.00"), "above zero"),
            (None, usd("12000.01"), "more than the USD 12000.00 still outstanding on R-0001"),
            (eur("11000.01"), usd("12000.00"), "more than the EUR 11000.00 left"),
            (eur("0"), usd("12000.00"), "above zero"),
        ] {
            let refused = confirm_match(&world.house, 1, &first, Asked { uses, settles }).await.expect_err(says);
            assert!(format!("{refused:#}").contains(says), "{refused:#}");
        }
        assert_eq!(
            (open(&world, "INV-2026-001").await.as_str(), payment(&world).await.left),
            ("USD 12000.00", eur("11000.00").expect("euros"))
        );
        assert_eq!(letters(&world).await, 0, "it may have paid either invoice");

        let asked = Asked { uses: None, settles: usd("12000.00") };
        let placed = confirm_match(&world.house, 1, &first, asked).await.expect("placed");
        assert_eq!((Some(placed.share.uses), placed.left.minor, placed.outstanding.minor), (eur("11000.00"), 0, 0));
        assert_eq!(open(&world, "INV-2026-001").await, "USD 0.00");
        assert_eq!(letters(&world).await, 1, "the other invoice is asked for again");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let list =
            world.house.store.placed_payments(world.house.tenant.id, &world.house.sight, 10).await.expect("reads");
        let place = &list[0].places[0];
        assert_eq!((Some(place.amount), Some(place.from.amount)), (usd("12000.00"), eur("11000.00")));
        assert_eq!(place.from.rate.to_string(), "1.0909090909090909090909090909", "all its digits are kept");
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        for (language, says) in [("en", "EUR 11,000.00 at 1.0909"), ("zh-CN", "EUR 11,000.00（汇率 1.0909）")] {
            for path in ["/receivables/R-0001", "/debtors/D-0001", "/money"] {
                let page = owner.get(&format!("{path}?lang={language}")).await;
                assert!(page.contains(says), "{path} in {language}");
            }
        }
        is_sound(&world.place);
        assert_eq!(undo_match(&world.house, 1).await.expect("undone"), 1);
        assert_eq!(
            (open(&world, "INV-2026-001").await.as_str(), Some(payment(&world).await.left)),
            ("USD 12000.00", eur("11000.00"))
        );
        is_sound(&world.place);
        for (damage, check) in [(Damage::AnotherRate, "ledger.rate"), (Damage::HalfTakenBack, "ledger.reversal")] {
            world.house.store.spoil(damage).await.expect("spoiled");
            let said = doctor(&world.place);
            let said = String::from_utf8_lossy(&said.stdout).into_owned();
            assert!(said.contains(check), "{damage:?}: {said}");
        }
    }
}

#[tokio::test]
async fn b7_part_of_the_euros_settles_part_and_the_rest_waits() {
    for world in worlds("parts").await {
        let world = world_with_euros(world).await;
        let (first, second) = (find(&world, "INV-2026-001").await, find(&world, "INV-2026-002").await);
        let part = Asked { uses: eur("10541.67"), settles: usd("11500.00") };
        let placed = confirm_match(&world.house, 1, &first, part).await.expect("placed");
        assert_eq!((Some(placed.left), Some(placed.outstanding)), (eur("458.33"), usd("500.00")));
        assert_eq!(letters(&world).await, 0, "the rest could be for either");
        let too_much = Asked { uses: eur("458.34"), settles: usd("500.00") };
        assert!(confirm_match(&world.house, 1, &second, too_much).await.is_err());
        let rest = Asked { uses: None, settles: usd("500.00") };
        confirm_match(&world.house, 1, &second, rest).await.expect("placed");
        assert_eq!(
            (open(&world, "INV-2026-001").await, open(&world, "INV-2026-002").await),
            ("USD 500.00".into(), "USD 0.00".into())
        );
        assert_eq!(payment(&world).await.left.minor, 0);
        is_sound(&world.place);
        // Both go back together, and the next attempt has all of it again.
        assert_eq!(undo_match(&world.house, 1).await.expect("undone"), 2);
        assert_eq!(Some(payment(&world).await.left), eur("11000.00"));
        let whole = Asked { uses: None, settles: usd("12000.00") };
        confirm_match(&world.house, 1, &first, whole).await.expect("placed");
        assert_eq!(
            (open(&world, "INV-2026-001").await, open(&world, "INV-2026-002").await),
            ("USD 0.00".into(), "USD 500.00".into())
        );
        is_sound(&world.place);
    }
}

#[tokio::test]
async fn b7_the_command_asks_for_the_amount_and_names_both() {
    for world in worlds("said").await {
        let world = world_with_euros(world).await;
        let confirm = ["match", "confirm", "P-0001", "R-0001"];
        for (more, code, says) in [
            (&[][..], 1, "P-0001 was not placed: the payment is in EUR and R-0001 in USD"),
            (&["--settles", "0"], 1, "above zero"),
            (&["--settles", "-5"], 1, "above zero"),
            (&["--settles", "12,000.01"], 1, "more than the USD 12000.00 still outstanding"),
            (&["--settles", "12.000"], 2, "could be thousands or decimals"),
            (&["--settles", "12,000.00", "--uses", "all"], 2, "‘all’"),
        ] {
            let (ended, said) = dunlin(&world, &[&confirm[..], more].concat());
            assert_eq!(ended, Some(code), "{more:?}: {said}");
            assert!(said.contains(says), "{more:?}: {said}");
        }
        let (ended, said) = dunlin(&world, &[&confirm[..], &["--settles", "6,000.00", "--uses", "5500.00"]].concat());
        assert_eq!(ended, Some(0), "{said}");
        let part = "P-0001 is placed on R-0001: EUR 5500.00 at 1.0909 settles USD 6000.00; USD 6000.00 outstanding; \
                    EUR 5500.00 of the payment waits on";
        assert!(said.contains(part), "{said}");
        let (_, said) = dunlin(&world, &[&confirm[..], &["--settles", "6,000.00"]].concat());
        assert!(said.contains("EUR 5500.00 at 1.0909 settles USD 6000.00; nothing outstanding"), "{said}");
        let (_, said) = dunlin(&world, &["match", "undo", "P-0001"]);
        assert!(said.contains("2 ledger lines taken back"), "{said}");
        assert_eq!(open(&world, "INV-2026-001").await, "USD 12000.00");
    }
}

#[tokio::test]
async fn b7_the_page_has_a_field_where_the_text_names_an_order_in_another_currency() {
    for world in worlds("field").await {
        let world = world_with_euros(world).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        for path in ["/money", "/today?item=payment-P-0001"] {
            let page = owner.get(path).await;
            assert!(page.contains("id=\"settles-P-0001-R-0001\""), "{path}: a field for what it settles");
            assert!(page.contains("Settles, in USD"), "{path}");
            assert!(!page.contains("settles-P-0001-R-0002"), "{path}: nothing speaks for the other invoice");
        }
        let form = "next=/money&receivable=R-0001";
        let action = "/payments/P-0001/match";
        let answer = owner.post(action, &format!("{form}&settles=")).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        assert_eq!(open(&world, "INV-2026-001").await, "USD 12000.00", "nothing was said, so nothing is placed");
        owner.post(action, &format!("{form}&settles=12,000.00&uses=")).await;
        assert_eq!(open(&world, "INV-2026-001").await, "USD 0.00");
        assert!(owner.get("/money").await.contains("EUR 11,000.00 at 1.0909"));
    }
}

#[tokio::test]
async fn b7_the_banks_own_entry_keeps_what_a_told_payment_settled_in_another_currency() {
    for mut world in worlds("told").await {
        let header = HEADER.replace("发票日期", "发票日期,已收金额");
        let rossi = "C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example";
        let orders = format!(
            "{header}\
             QH-2026-8,{rossi},EUR,500.00,OA 30 days,2026-02-10,INV-8,2026-02-10,500.00\n\
             QH-2026-9,{rossi},USD,\"1,000.00\",OA 30 days,2026-02-10,INV-9,2026-02-10,\n"
        );
        let report = world.import("orders.csv", &orders).await;
        assert_eq!((report.counts.added, report.problems.len()), (2, 0), "{:?}", report.problems);
        undo_match(&world.house, 1).await.expect("undone");
        let asked = Asked { uses: None, settles: usd("545.00") };
        confirm_match(&world.house, 1, &find(&world, "INV-9").await, asked).await.expect("placed");
        world.set_clock("2026-03-05T09:00:00Z");
        let statement = mt940("260305", "500,00", "ROSSI OUTDOOR SRL", "QH-2026-8").replace("USD", "EUR");
        let report = import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!(report.matched.matched, 1, "{report:?}");
        assert_eq!(
            (open(&world, "INV-8").await, open(&world, "INV-9").await),
            ("EUR 500.00".into(), "USD 455.00".into())
        );
        is_sound(&world.place);
    }
}
