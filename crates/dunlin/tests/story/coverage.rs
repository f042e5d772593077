//! The books end where the account ends that is furthest behind, and no account skips days that nobody has read.

use dunlin::house::House;
use dunlin::use_cases::import_statement::{StatementReport, import_statement};
use dunlin::use_cases::keep_backup::{backup, restore};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::statement_accounts::{Word, say_of_account, statement_accounts};
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_store::Store;

use crate::backup::{empty, house_in};
use crate::site::Site;
use crate::world::{World, at, key, orders, worlds};

const USD: &str = "3900001 USD";
const EUR: &str = "4700002 EUR";

/// A statement without lines: account with currency, first and last day, and the balances.
fn sheet(account: &str, (from, to): (&str, &str), (opening, closing): (&str, &str)) -> String {
    let (number, currency) = account.split_once(' ').expect("a number and a currency");
    format!(
        ":20:S{from}\r\n:25:{number}\r\n:28C:1/1\r\n:60F:C{from}{currency}{opening}\r\n:62F:C{to}{currency}{closing}\r\n-\r\n"
    )
}

async fn read(house: &House, text: &str) -> StatementReport {
    import_statement(house, "s.sta", text.as_bytes(), Format::Auto).await.expect("reads")
}

async fn days(house: &House, account: &str, days: (&str, &str)) -> StatementReport {
    // Balances that are not handed on.
    read(house, &sheet(account, days, ("1,00", "2,00"))).await
}

/// Up to which day decisions take the books for known.
async fn books_end(house: &House) -> String {
    let facts = house.store.tenant_facts(&house.tenant).await.expect("facts");
    facts.statements.map_or_else(String::new, |age| age.covered_to.to_string())
}

async fn letters(world: &World) -> usize {
    run_decisions(&world.house, RunOptions::default()).await.expect("runs").written.letters
}

#[tokio::test]
async fn an_account_that_is_behind_holds_all_back_until_it_is_retired() {
    for mut world in worlds("coverage_two").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-11T09:00:00Z");
        days(&world.house, EUR, ("260201", "260220")).await;
        days(&world.house, USD, ("260201", "260310")).await;
        assert_eq!(books_end(&world.house).await, "2026-02-20");
        assert_eq!(letters(&world).await, 0, "it may have been paid into the other account");
        say_of_account(&world.house, EUR, Word::Retire).await.expect("said");
        assert_eq!(books_end(&world.house).await, "2026-03-10");
        // What was stopped is looked at again after a day.
        world.set_clock("2026-03-12T09:30:00Z");
        assert!(letters(&world).await > 0);
        // Used again, it holds again; and the last one in use cannot be talked away.
        say_of_account(&world.house, EUR, Word::Use).await.expect("said");
        assert_eq!(books_end(&world.house).await, "2026-02-20");
        for account in [EUR, USD] {
            say_of_account(&world.house, account, Word::Retire).await.expect("said");
        }
        assert_eq!(books_end(&world.house).await, "2026-03-10");
        let unknown = say_of_account(&world.house, "9 USD", Word::Retire).await.expect_err("not known");
        assert!(unknown.to_string().contains("9 USD"), "{unknown}");
    }
}

#[tokio::test]
async fn two_currencies_under_one_number_are_two_accounts() {
    for mut world in worlds("coverage_one_number").await {
        world.set_clock("2026-03-11T09:00:00Z");
        days(&world.house, "3900001 EUR", ("260201", "260220")).await;
        days(&world.house, USD, ("260201", "260310")).await;
        assert_eq!(books_end(&world.house).await, "2026-02-20");
    }
}

#[tokio::test]
async fn days_that_nobody_read_hold_until_their_statement_is_in() {
    for mut world in worlds("coverage_gap").await {
        world.set_clock("2026-03-11T09:00:00Z");
        assert!(days(&world.house, USD, ("260201", "260220")).await.missing.is_empty());
        let later = days(&world.house, USD, ("260302", "260310")).await;
        let missing: Vec<String> =
            later.missing.iter().map(|days| format!("{} {} {}", days.account, days.from, days.to)).collect();
        assert_eq!(missing, ["3900001 USD 2026-02-21 2026-03-01"]);
        assert_eq!(books_end(&world.house).await, "2026-02-20");
        // The same again changes nothing; what was known at an instant stays so.
        days(&world.house, USD, ("260302", "260310")).await;
        assert_eq!(books_end(&world.house).await, "2026-02-20");
        world.set_clock("2026-03-11T10:00:00Z");
        assert!(days(&world.house, USD, ("260221", "260301")).await.missing.is_empty());
        assert_eq!(books_end(&world.house).await, "2026-03-10");
        let then = world.house.store.tenant_facts_at(&world.house.tenant, at("2026-03-11T09:30:00Z")).await;
        let then = then.expect("facts").statements.expect("an age").covered_to;
        assert_eq!(then.to_string(), "2026-02-20");
    }
}

#[tokio::test]
async fn a_balance_that_was_handed_on_leaves_no_gap() {
    for mut world in worlds("coverage_balance").await {
        world.set_clock("2026-03-11T09:00:00Z");
        read(&world.house, &sheet(USD, ("260216", "260220"), ("1,00", "75,50"))).await;
        let joined = read(&world.house, &sheet(USD, ("260302", "260310"), ("75,50", "80,00"))).await;
        assert!(joined.missing.is_empty(), "{:?}", joined.missing);
        assert_eq!(books_end(&world.house).await, "2026-03-10");
    }
}

#[tokio::test]
async fn after_a_restore_the_latest_statement_alone_opens_nothing() {
    for mut world in worlds("coverage_restore").await {
        world.import("orders.csv", &orders()).await;
        days(&world.house, USD, ("260201", "260303")).await;
        let file = world.dir.path().join("early.backup");
        backup(&world.house.store, world.house.now(), &file).await.expect("written");
        for place in empty(&world, "coverage").await {
            let fresh = Store::open(&place, &key()).await.expect("opens");
            restore(&fresh, at("2026-03-20T08:00:00Z"), &file).await.expect("restored");
            let house = house_in(&world, &place, "2026-03-20T09:00:00Z").await;
            let report = days(&house, USD, ("260319", "260319")).await;
            assert_eq!(report.missing.len(), 1);
            assert_eq!(books_end(&house).await, "2026-03-03", "payments of the days between are gone");
            days(&house, USD, ("260304", "260318")).await;
            assert_eq!(books_end(&house).await, "2026-03-19");
        }
        world.set_clock("2026-03-20T09:00:00Z");
    }
}

#[tokio::test]
async fn accounts_are_seen_and_said_on_the_page_and_in_the_api() {
    for mut world in worlds("coverage_page").await {
        world.set_clock("2026-03-11T09:00:00Z");
        days(&world.house, USD, ("260201", "260220")).await;
        days(&world.house, USD, ("260302", "260310")).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        for language in ["en", "zh-CN"] {
            let page = owner.get(&format!("/money?lang={language}")).await;
            assert!(page.contains(USD) && page.contains("/money/accounts/use") && !page.contains(">["), "{page}");
        }
        let said = owner.post("/money/accounts/use", "account=3900001+USD").await;
        assert!(said.starts_with("HTTP/1.1 303"), "{said}");
        assert_eq!(books_end(&world.house).await, "2026-03-10");
        let said = owner.post("/money/accounts/retire", "account=3900001+USD").await;
        assert!(said.starts_with("HTTP/1.1 303"), "{said}");
        assert!(statement_accounts(&world.house).await.expect("accounts")[0].retired);
    }
    for mut world in worlds("coverage_api").await {
        world.set_clock("2026-03-11T09:00:00Z");
        days(&world.house, USD, ("260201", "260220")).await;
        days(&world.house, USD, ("260302", "260310")).await;
        let site = crate::api::open(&world, 10_000).await;
        let api = crate::api::Program::of_owner(&site, &world).await;
        let listed = api.get("/v1/statements/accounts").await.ok();
        assert_eq!(listed["accounts"][0]["covered_to"], "2026-02-20");
        assert_eq!(listed["accounts"][0]["missing"][0]["from"], "2026-02-21");
        let named = r#"{"account":"3900001 USD"}"#;
        assert_eq!(api.post("/v1/statements/accounts/use", named).await.ok()["covered_to"], "2026-03-10");
        assert_eq!(api.post("/v1/statements/accounts/retire", named).await.ok()["retired"], true);
        let other = r#"{"account":"nobody's"}"#;
        api.post("/v1/statements/accounts/retire", other).await.is_problem(404, "not-found");
        api.post("/v1/statements/accounts/use", r#"{"account":" "}"#).await.is_problem(400, "bad-request");
    }
}
