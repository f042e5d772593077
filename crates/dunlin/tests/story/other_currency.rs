//! A file that says another currency than before: refused while something was said of the debt in the one that it has; and
//! where a database holds such a debt already, it is a matter of its debtor and nobody else's. The same on both databases.

use dunlin::import::ImportReport;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::look_ahead::{Span, With, look_ahead};
use dunlin::use_cases::lower_outstanding::{lower_outstanding, take_back};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::{Found, add_dispute, add_promise, resolve_dispute, withdraw_promises};
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::money::{Currency, Money};
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_store::seeding::Damage;

use crate::site::Site;
use crate::world::{World, mt940, orders, worlds};

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).expect("money")
}

/// The one row that was left out says why, and what to do.
fn refused(report: &ImportReport, why: &str, remedy: &str) {
    let [problem] = &report.problems[..] else { panic!("{:?}", report.problems) };
    let said = &problem.why;
    assert!(said.contains("R-0002 is owed in USD and cannot become EUR") && said.contains(why), "{said}");
    assert!(problem.remedy.contains(remedy), "{}", problem.remedy);
    assert_eq!((report.counts.left_out, report.counts.corrected), (1, 0), "{:?}", report.counts);
}

/// The orders with the second of them in euros; each file is another one.
fn in_euros(nth: usize) -> String {
    format!("{}{}", orders().replace("USD,500.00", "EUR,500.00"), "\n".repeat(nth))
}

#[tokio::test]
async fn a_debt_stays_in_the_currency_in_which_something_was_said_of_it() {
    for world in worlds("in_currency").await {
        let house = &world.house;
        world.import("orders.csv", &orders()).await;
        let second = find(&world, "INV-2026-002").await;
        add_dispute(house, &second, Some(usd("40.00")), "scratches").await.expect("noted");
        refused(&world.import("euros.csv", &in_euros(1)).await, "dispute", "settle the dispute");
        resolve_dispute(house, &second, "they were none").await.expect("settled");
        let day = "2026-03-20".parse().expect("a day");
        add_promise(house, second.party_id, Some(second.receivable_id), day, Some(usd("100.00")), "")
            .await
            .expect("noted");
        refused(&world.import("euros.csv", &in_euros(2)).await, "promised", "withdraw the promise");
        withdraw_promises(house, second.party_id, Some(second.receivable_id)).await.expect("withdrawn");
        // A sum for the debtor as a whole covers what is owed in its currency.
        add_promise(house, second.party_id, None, day, Some(usd("600.00")), "").await.expect("noted");
        refused(&world.import("euros.csv", &in_euros(3)).await, "promised", "withdraw the promise");
        withdraw_promises(house, second.party_id, None).await.expect("withdrawn");
        lower_outstanding(house, &second, LedgerKind::Credit, Some(usd("10.00")), "wet").await.expect("credited");
        take_back(house, &second, LedgerKind::Credit, "dry").await.expect("taken back");
        refused(&world.import("euros.csv", &in_euros(4)).await, "taken back", "currency of before");
        assert_eq!(find(&world, "INV-2026-002").await.amount, usd("500.00"));
        let run = run_decisions(house, RunOptions::default()).await.expect("runs");
        assert_eq!(run.refused, 0);
        // Of the third nothing was said yet.
        let third = orders().replace("USD,880.00", "EUR,880.00");
        assert_eq!(world.import("third.csv", &third).await.counts.corrected, 1);
    }
}

#[tokio::test]
async fn books_at_odds_are_one_debtors_matter_and_a_correction_mends_them() {
    for mut world in worlds("at_odds").await {
        // The buyer in Madrid is late as well.
        let late = orders().replace("OA 60 days", "OA 5 days");
        world.import("orders.csv", &late).await;
        let first = find(&world, "INV-2026-001").await;
        lower_outstanding(&world.house, &first, LedgerKind::Credit, Some(usd("10.00")), "wet").await.expect("credited");
        take_back(&world.house, &first, LedgerKind::Credit, "dry").await.expect("taken back");
        world.house.store.spoil(Damage::OtherCurrency).await.expect("spoilt");

        let options = RunOptions { batch: Some(1), ..RunOptions::default() };
        let run = run_decisions(&world.house, options).await.expect("goes on with the others");
        assert_eq!((run.considered, run.refused, run.written.letters), (2, 1, 1));
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let again = run_decisions(&world.house, options).await.expect("runs");
        assert_eq!(again.refused, 0, "it sleeps for a day");
        let (findings, _) = world.house.store.doctor().await.expect("looks");
        let filed = findings.iter().find(|finding| finding.check == "incident.filed").expect("an incident");
        assert!(filed.example.contains("D-0001"), "{filed:?}");

        // Looking ahead tells of it and goes on with the others; their own page says what is at odds.
        let span = Span::ahead(&world.house, 7).expect("days");
        let looked = look_ahead(&world.house, span, &With::used(&world.house), 100).await.expect("looks");
        assert_eq!(looked.debtors, 2);
        let odd: Vec<&str> = looked.refusals.iter().map(|(who, _)| who.number.as_str()).collect();
        assert_eq!(odd, ["D-0001"], "once, however many days it is so");
        let owner = Site::open(&world).await.enter(&world, Role::Owner).await;
        let page = owner.get("/debtors/D-0001").await;
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("/receivables/R-0002"), "{page}");
        assert!(page.contains("R-0001") && page.contains("Nothing is decided about this debtor"), "{page}");

        // Their money is left to a person, everybody else's finds its place.
        world.set_clock("2026-03-05T09:05:00Z");
        let theirs = mt940("260304", "12430,00", "ROSSI OUTDOOR SRL", "INV-2026-001");
        let read = import_statement(&world.house, "a.sta", theirs.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!((read.matched.matched, read.matched.waiting), (0, 1), "{:?}", read.matched);
        let others = mt940("260305", "880,00", "CAMPO Y RIO SL", "INV-2026-003");
        let read = import_statement(&world.house, "b.sta", others.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!(read.matched.matched, 1, "{:?}", read.matched);

        // A file that says the currency of before puts it right.
        let report = world.import("right.csv", &format!("{late}\n")).await;
        assert_eq!((report.counts.corrected, report.counts.left_out), (1, 0), "{:?}", report.problems);
        let run = run_decisions(&world.house, options).await.expect("runs");
        assert_eq!(run.refused, 0);
    }
}
