//! Money that comes in: in another currency, told of before, taken back, read twice, twice the same on one day.

use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::{StatementReport, import_statement};
use dunlin::use_cases::match_payments::{confirm_match, match_payments, set_payment_aside, undo_match};
use dunlin::use_cases::run_decisions::{RunAccount, RunOptions, run_decisions};
use dunlin::use_cases::standing_facts::Found;
use dunlin_bank_formats::Format;
use dunlin_core::explain::{UiLanguage, sentence};
use dunlin_core::receivable::share::Asked;

use crate::world::{HEADER, World, mt940, orders, worlds};

async fn run(world: &World) -> RunAccount {
    run_decisions(&world.house, RunOptions::default()).await.expect("runs")
}

async fn bank(world: &World, text: &str) -> StatementReport {
    import_statement(&world.house, "s.sta", text.as_bytes(), Format::Auto).await.expect("reads")
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

async fn open(world: &World, name: &str) -> String {
    let found = find(world, name).await;
    explain_receivable(&world.house, &found).await.expect("explains").outstanding.decimal()
}

/// A block of a statement: its number, its balances, and what its lines say after the amount of USD 250.00.
fn block(number: &str, balances: (&str, &str), day: &str, lines: &[&str]) -> String {
    let (opening, closing) = balances;
    let lines: String = lines
        .iter()
        .map(|line| {
            let (reference, words) = line.split_once(' ').expect("a reference and words");
            let mmdd = &day[2..];
            format!(":61:{day}{mmdd}C250,00NTRF{reference}\r\n:86:/ORDP/ROSSI OUTDOOR SRL/REMI/{words}\r\n")
        })
        .collect();
    format!(
        ":20:STORY\r\n:25:3900001\r\n:28C:{number}\r\n:60F:C{day}USD{opening}\r\n{lines}:62F:C{day}USD{closing}\r\n-\r\n"
    )
}

#[tokio::test]
async fn b7_money_in_another_currency_silences_whoever_may_have_paid_with_it() {
    for mut world in worlds("euros").await {
        world.import("orders.csv", &orders()).await;
        assert_eq!(run(&world).await.written.letters, 1);
        world.set_clock("2026-03-04T09:05:00Z");
        let euros = |payer: &str| mt940("260304", "920,00", payer, "INV-2026-001 PAID IN FULL").replace("USD", "EUR");
        // Known by name and number, then by the number alone.
        for (payment, payer) in [(1, "ROSSI OUTDOOR SRL"), (2, "CLEARING AGENT BV")] {
            let report = bank(&world, &euros(payer)).await;
            assert_eq!((report.matched.matched, report.matched.waiting), (0, 1), "{report:?}");
            assert_eq!(report.matched.payments[0].outcome, "other_currency");
            assert_eq!(report.matched.letters_cancelled, 1, "the letter that waits must not leave");
            assert_eq!(run(&world).await.written.letters, 0);
            for name in ["INV-2026-001", "INV-2026-002"] {
                let explanation = explain_receivable(&world.house, &find(&world, name).await).await.expect("explains");
                let reason = explanation.reasons.iter().find(|reason| reason.code.code() == "gate.unmatched_money");
                let reason = reason.unwrap_or_else(|| panic!("{name}: {explanation:?}"));
                for language in [UiLanguage::En, UiLanguage::ZhCn] {
                    let text = sentence(reason, language, &world.house.zone());
                    assert!(text.contains("920") && text.contains(payer), "{text}");
                }
            }
            assert_eq!(open(&world, "INV-2026-001").await, "12430.00");
            set_payment_aside(&world.house, payment).await.expect("set aside");
            assert_eq!(run(&world).await.written.letters, 1, "nothing stands in the way any more");
        }
    }
}

#[tokio::test]
async fn b7_half_and_half_told_money_does_not_pay_both_halves() {
    for mut world in worlds("halves").await {
        let header = HEADER.replace("发票日期", "发票日期,已收金额");
        let row = |order: &str| {
            format!(
                "{order},C007,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"1,000.00\",\
                 \"50% T/T deposit, 50% against copy of B/L\",2026-02-10,,,500.00\n"
            )
        };
        let report = world.import("orders.csv", &format!("{header}{}{}", row("QH-2026-8"), row("QH-2026-9"))).await;
        assert_eq!((report.counts.added, report.problems.len()), (2, 0), "{:?}", report.problems);
        let all = async |world: &World| {
            let mut all = Vec::new();
            for number in ["R-0001", "R-0002", "R-0003", "R-0004"] {
                all.push(open(world, number).await);
            }
            all
        };
        assert_eq!(all(&world).await, ["0.00", "500.00", "0.00", "500.00"]);
        // The bank brings the money that the spreadsheet told of.
        world.set_clock("2026-03-05T09:00:00Z");
        let report = bank(&world, &mt940("260305", "500,00", "ROSSI OUTDOOR SRL", "DEPOSIT QH-2026-8")).await;
        assert_eq!((report.matched.matched, report.matched.waiting), (1, 0), "{report:?}");
        assert_eq!(all(&world).await, ["0.00", "500.00", "0.00", "500.00"], "the same money is not counted twice");
        let replaced =
            confirm_match(&world.house, 1, &find(&world, "R-0002").await, Asked::default()).await.expect_err("refused");
        assert!(replaced.to_string().contains("replaced by the bank's own entry"), "{replaced}");
        // The other half of it, and the other half of an order whose deposit no statement ever showed.
        world.set_clock("2026-03-30T09:00:00Z");
        bank(&world, &mt940("260329", "500,00", "ROSSI OUTDOOR SRL", "BALANCE QH-2026-8")).await;
        assert_eq!(all(&world).await, ["0.00", "0.00", "0.00", "500.00"]);
        bank(&world, &mt940("260330", "500,00", "ROSSI OUTDOOR SRL", "QH-2026-9")).await;
        assert_eq!(all(&world).await, ["0.00", "0.00", "0.00", "0.00"], "a month later it is other money");
    }
}

#[tokio::test]
async fn b7_what_a_person_took_back_stays_with_a_person() {
    for mut world in worlds("undone").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        let report = bank(&world, &mt940("260304", "500,00", "ROSSI OUTDOOR SRL", "INV-2026-002")).await;
        assert_eq!(report.matched.matched, 1);
        assert_eq!(run(&world).await.written.letters, 1);
        assert_eq!(undo_match(&world.house, 1).await.expect("undone"), 1);
        let again = match_payments(&world.house).await.expect("matches");
        assert_eq!((again.matched, again.waiting, again.payments[0].outcome), (0, 1, "undone"));
        let other = bank(&world, &mt940("260304", "880,00", "CAMPO Y RIO", "INV-2026-003")).await;
        assert_eq!((other.matched.matched, other.matched.waiting), (1, 1));
        assert_eq!(open(&world, "INV-2026-002").await, "500.00");
        let waiting =
            world.house.store.waiting_payments(world.house.tenant.id, &world.house.sight).await.expect("reads");
        assert_eq!(waiting.iter().map(|payment| payment.number.as_str()).collect::<Vec<_>>(), ["P-0001"]);
        assert!(!waiting[0].candidates.is_empty(), "Today proposes places");
        assert_eq!(dunlin::use_cases::send_letters::send_letters(&world.house).await.expect("sends").sent, 0);
        assert_eq!(run(&world).await.written.letters, 0, "it may be theirs still");
        let first = find(&world, "INV-2026-001").await;
        confirm_match(&world.house, 1, &first, Default::default()).await.expect("placed");
        assert_eq!(open(&world, "INV-2026-001").await, "11930.00");
        assert_eq!(match_payments(&world.house).await.expect("matches").waiting, 0);
    }
}

#[tokio::test]
async fn b6_the_same_statement_again_adds_nothing_and_wakes_nobody() {
    for mut world in worlds("again").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        // Its money waits, so every round of matching looks at it again.
        let statement = mt940("260304", "12405,00", "ROSSI OUTDOOR SRL", "INV-2026-001 LESS CHARGES");
        assert_eq!(bank(&world, &statement).await.matched.waiting, 1);
        run(&world).await;
        assert_eq!(run(&world).await.considered, 0);
        let again = bank(&world, &statement).await;
        assert_eq!((again.payments, again.known_before, again.matched.waiting), (0, 1, 1));
        assert_eq!(run(&world).await.considered, 0, "nothing changed, nobody is looked at");
        let list = world.house.store.statement_list(world.house.tenant.id, 10).await.expect("reads");
        assert_eq!(list.iter().map(|row| (row.entries, row.waiting)).collect::<Vec<_>>(), [(1, 1)]);
    }
}

#[tokio::test]
async fn b6_equal_credits_of_one_day_are_counted_over_the_file() {
    let plain = "NONREF PART OF INV-2026-001";
    let named = "NONREF//F260306-1 PART OF INV-2026-001";
    let first = block("1/1", ("0,00", "250,00"), "260304", &[plain]);
    let second = block("2/1", ("250,00", "500,00"), "260304", &[plain]);
    let whole = block("1/1", ("0,00", "500,00"), "260304", &[plain, plain]);
    let longer = block("1/1", ("0,00", "750,00"), "260304", &[plain, plain, plain]);
    let printed_twice = block("3/1", ("750,00", "1000,00"), "260305", &[plain]);
    let morning = block("4/1", ("1000,00", "1250,00"), "260306", &[named]);
    let evening = block("4/2", ("1000,00", "1500,00"), "260306", &[named, "NONREF//F260306-2 PART OF INV-2026-001"]);
    let files = [
        ("two blocks", format!("{first}{second}"), (2, 0)),
        ("the same file", format!("{first}{second}"), (0, 2)),
        ("the day in one block", whole, (0, 2)),
        ("one of the blocks", second, (0, 1)),
        ("the day with one more", longer, (1, 2)),
        ("one message twice", format!("{printed_twice}{printed_twice}"), (1, 1)),
        ("the bank names its lines", format!("{morning}{evening}"), (2, 1)),
        ("and again", format!("{morning}{evening}"), (0, 3)),
    ];
    for mut world in worlds("equal").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-06T09:05:00Z");
        for (what, file, expected) in &files {
            let report = bank(&world, file).await;
            assert_eq!((report.payments, report.known_before), *expected, "{what}: {report:?}");
        }
    }
}

#[tokio::test]
async fn b7_the_rest_of_a_payment_is_a_credit_of_whoever_paid_the_part() {
    for mut world in worlds("rest_of_a_payment").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        // Nothing says whose it is, until somebody finds out.
        bank(&world, &mt940("260304", "12800,00", "ZETA TRADING LLC", "THANK YOU")).await;
        let waits = async |world: &World| {
            let found = find(world, "INV-2026-002").await;
            let told = explain_receivable(&world.house, &found).await.expect("explains");
            told.reasons.iter().any(|reason| reason.code.code() == "gate.unmatched_money")
        };
        assert!(!waits(&world).await);
        let first = find(&world, "INV-2026-001").await;
        confirm_match(&world.house, 1, &first, Asked::default()).await.expect("placed");
        assert_eq!(open(&world, "INV-2026-001").await, "0.00");
        assert!(waits(&world).await, "370.00 of theirs have no place yet");
        match_payments(&world.house).await.expect("matches");
        assert!(waits(&world).await, "also after the next look");
        assert_eq!(run(&world).await.written.letters, 0);
    }
}
