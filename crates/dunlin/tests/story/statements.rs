//! The account statement that goes along with a letter asks for what the letter asks for, and for nothing that the gates
//! hold back.

use std::io::Write;
use std::process::{Command, Stdio};

use dunlin::use_cases::approve_letter::preview_letter;
use dunlin::use_cases::lower_outstanding::lower_outstanding;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::standing_facts::{Found, add_promise};
use dunlin::use_cases::unpaid_why::note_why;
use dunlin_core::letter::{AccountStatement, Rests, StatementLine};
use dunlin_core::money::{Currency, Money};
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_core::why::WhyUnpaid;
use jiff::civil::date;

use crate::world::{World, orders, skipped, worlds};

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).expect("money")
}

async fn run(world: &World) {
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
}

/// The statement beside the first letter, each of whose amounts it repeats.
async fn beside_first(world: &World) -> AccountStatement {
    let house = &world.house;
    let (mut number, mut found) = (0, None);
    // One that only asks for the slip goes without.
    while found.is_none() {
        number += 1;
        let letter = house.store.letter_by_number(house.tenant.id, number).await.expect("a letter");
        let statement = preview_letter(house, &letter).await.expect("written").statement;
        found = statement.map(|statement| (letter, statement));
    }
    let (letter, statement) = found.expect("a letter with a statement");
    let mut asked = 0;
    for item in &letter.items {
        let found = house.store.find_receivable(house.tenant.id, "INV-2026-001").await.expect("known");
        let name = if found.receivable_id == item.receivable_id { "INV-2026-001" } else { "INV-2026-002" };
        assert_eq!(line(&statement, name).asked, item.pressed, "{name}");
        asked += item.pressed.minor;
    }
    assert!(!letter.items.is_empty() && asked <= statement.total_asked.minor, "{statement:?}");
    statement
}

fn line<'s>(statement: &'s AccountStatement, reference: &str) -> &'s StatementLine {
    statement.lines.iter().find(|line| line.reference == reference).expect("a line")
}

/// The words of its page, one space between any two; `None` where the tool that reads them is missing.
fn words(statement: &AccountStatement, way: &str) -> Option<String> {
    let pdf = dunlin::printer::statement_pdf(statement).expect("a page");
    let child = Command::new("pdftotext").args([way, "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        skipped("the text of a statement (pdftotext is not installed)");
        return None;
    };
    child.stdin.take().expect("piped").write_all(&pdf).expect("reads its input");
    let text = String::from_utf8(child.wait_with_output().expect("ends").stdout).expect("UTF-8");
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a6_a_promise_rests_on_the_statement_for_as_long_as_in_the_letters() {
    for mut world in worlds("statement_margin").await {
        world.import("orders.csv", &orders()).await;
        let first = find(&world, "INV-2026-001").await;
        add_promise(&world.house, first.party_id, Some(first.receivable_id), date(2026, 3, 6), None, "on Friday")
            .await
            .expect("noted");
        // Monday: the day has passed, the days of grace have not.
        world.set_clock("2026-03-09T09:05:00Z");
        run(&world).await;
        let statement = beside_first(&world).await;
        let promised = line(&statement, "INV-2026-001");
        assert_eq!((promised.rests, promised.asked.minor), (Some(Rests::Promised), 0));
        assert_eq!(statement.total_asked, usd("500.00"));
    }
}

#[tokio::test]
async fn a6_a_part_promised_and_a_credit_lower_what_the_statement_asks_for() {
    for mut world in worlds("statement_part").await {
        world.import("orders.csv", &orders()).await;
        let first = find(&world, "INV-2026-001").await;
        let sum = Some(usd("10000.00"));
        add_promise(&world.house, first.party_id, Some(first.receivable_id), date(2026, 3, 20), sum, "the rest later")
            .await
            .expect("noted");
        lower_outstanding(&world.house, &first, LedgerKind::Credit, Some(usd("1000.00")), "two cartons wet")
            .await
            .expect("credited");
        world.set_clock("2026-03-04T09:05:00Z");
        run(&world).await;
        let statement = beside_first(&world).await;
        let credited = line(&statement, "INV-2026-001");
        assert_eq!((credited.paid.minor, credited.outstanding), (0, usd("11430.00")));
        assert_eq!((credited.asked, credited.rests), (usd("1430.00"), None));
        assert_eq!(statement.total_asked, usd("1930.00"));
        let Some(page) = words(&statement, "-layout") else { continue };
        assert!(page.contains("asked for now USD 1,930.00"), "{page}");
        let cells = words(&statement, "-raw").expect("as before");
        for said in ["credited 1,000.00", "asked for now 1,430.00"] {
            assert!(cells.contains(said), "{said} in {cells}");
        }
    }
}

#[tokio::test]
async fn a6_money_on_its_way_rests_no_longer_than_the_letters_do() {
    for mut world in worlds("statement_transit").await {
        world.import("orders.csv", &orders()).await;
        let first = find(&world, "INV-2026-001").await;
        note_why(&world.house, &first, WhyUnpaid::PaidInTransit, "sent on Monday").await.expect("noted");
        world.set_clock("2026-03-04T09:05:00Z");
        run(&world).await;
        let statement = beside_first(&world).await;
        let under_way = line(&statement, "INV-2026-001");
        assert_eq!((under_way.rests, under_way.asked.minor), (Some(Rests::InTransit), 0));
        assert_eq!(statement.total_asked, usd("500.00"));
        // It did not come: letters ask for it again, and so does the statement.
        world.set_clock("2026-03-17T09:05:00Z");
        let statement = beside_first(&world).await;
        let late = line(&statement, "INV-2026-001");
        assert_eq!((late.rests, late.asked), (None, usd("12430.00")));
        assert_eq!(statement.total_asked, usd("12930.00"));
    }
}
