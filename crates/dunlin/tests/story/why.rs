//! Why it is unpaid leads the letters: a reason has a way of its own, two of them silence, and who has paid is thanked
//! once.

use dunlin::house::House;
use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::run_decisions::{RunAccount, RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::Found;
use dunlin::use_cases::unpaid_why::{clear_why, note_why, undo_why};
use dunlin_bank_formats::Format;
use dunlin_core::access::{Right, Role};
use dunlin_core::case::LetterState;
use dunlin_core::why::WhyUnpaid;
use dunlin_store::{LogFilter, StoredLetter};

use crate::api::{Program, open};
use crate::site::Site;
use crate::world::{HEADER, MORNING, World, as_person, mt940, worlds};

/// The shipped ladder with a way for those who are short of money, and with thanks.
const MORE: &str = r#"
[[route]]
id = "cash_short"
reasons = ["cash_short"]
[route.title]
en = "Short of money"
zh = "资金不足"
[[route.step]]
id = "offer_later_date"
level = 1
purpose = "press"
at = ["reason"]
channels = ["email"]
roles = ["finance", "purchaser", "owner", "buyer"]
letter = "b5_second_reminder"
autonomy = "automatic"
statement = false
answer_days = 5
[route.step.title]
en = "Offer of a later date"
zh = "商量延期"

[thanks]
id = "thanks"
level = 0
purpose = "answer"
at = ["started"]
channels = ["email"]
roles = ["finance", "purchaser", "owner", "buyer"]
letter = "b3_bl_copy"
autonomy = "automatic"
statement = false
answer_days = 0
[thanks.title]
en = "Thanks for the payment"
zh = "感谢付款"
"#;

/// One invoice of a buyer in Milan, 13 days late.
fn one_order() -> String {
    let row = "QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"12,430.00\",OA 30 days,2026-01-10,INV-2026-001,2026-01-20\n";
    format!("{HEADER}{row}")
}

/// The house of the world with that playbook, and the order in it.
async fn with_route(world: &mut World) -> Found {
    let folder = world.dir.path().join("playbooks-why");
    std::fs::create_dir_all(&folder).expect("a folder");
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks/b5_open_account.toml");
    let text = std::fs::read_to_string(shipped).expect("the playbook");
    // Its own routes and thanks would stand beside these.
    let ladder = ["\n[[route]]", "\n[thanks]"].iter().filter_map(|mark| text.find(mark)).min();
    let ladder = &text[..ladder.unwrap_or(text.len())];
    std::fs::write(folder.join("b5_open_account.toml"), format!("{ladder}\n{MORE}")).expect("written");
    let house = &world.house;
    world.house = House::new(house.store.clone(), house.tenant.clone(), house.clock, world.dir.path(), Some(&folder))
        .await
        .expect("a house");
    world.import("orders.csv", &one_order()).await;
    find(world).await
}

async fn find(world: &World) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known").into()
}

async fn run(world: &World) -> RunAccount {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0, "the audit agrees");
    account
}

async fn letter(world: &World, number: i64) -> StoredLetter {
    world.house.store.letter_by_number(world.house.tenant.id, number).await.expect("a letter")
}

async fn codes(world: &World, found: &Found) -> Vec<&'static str> {
    let explanation = explain_receivable(&world.house, found).await.expect("explains");
    explanation.reasons.iter().map(|reason| reason.code.code()).collect()
}

#[tokio::test]
async fn a1_a_reason_has_a_way_of_its_own() {
    for mut world in worlds("why_route").await {
        let found = with_route(&mut world).await;
        assert_eq!(run(&world).await.written.letters, 1);
        assert_eq!(&*letter(&world, 1).await.items[0].step, "first_reminder");
        let person = as_person(&world.house, "Lin");
        let id = note_why(&person, &found, WhyUnpaid::CashShort, "not before May").await.expect("noted");
        // The reminder that waited belongs to the ladder: it does not leave.
        let first = letter(&world, 1).await;
        assert_eq!(first.state, LetterState::Cancelled);
        assert!(
            first.reasons.iter().any(|reason| reason.code.code() == "cancelled.why_changed"),
            "{:?}",
            first.reasons
        );
        note_why(&person, &found, WhyUnpaid::CashShort, "").await.expect_err("known already");
        note_why(&person, &found, WhyUnpaid::Forgot, &"x".repeat(501)).await.expect_err("too long");

        assert_eq!(run(&world).await.written.letters, 1);
        let second = letter(&world, 2).await;
        assert_eq!((&*second.items[0].step, second.letter.as_str()), ("offer_later_date", "b5_second_reminder"));
        assert!(codes(&world, &found).await.contains(&"case.letter_waiting"));

        // A slip of the finger: the letter of the route must not leave either, and the ladder comes again.
        undo_why(&person, &found, id).await.expect("taken back");
        assert_eq!(letter(&world, 2).await.state, LetterState::Cancelled);
        undo_why(&person, &found, id).await.expect_err("once");
        assert_eq!(run(&world).await.written.letters, 1);
        assert_eq!(&*letter(&world, 3).await.items[0].step, "first_reminder");

        note_why(&person, &found, WhyUnpaid::CashShort, "not before May").await.expect("noted");
        run(&world).await;
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.cancelled), (1, 0), "{:?}", sent.notes);
        assert_eq!(&*letter(&world, 4).await.items[0].step, "offer_later_date");
        let filter = LogFilter { noun: "receivable".to_string(), ..LogFilter::default() };
        let lines = world.house.store.audit_log(world.house.tenant.id, &filter, 10).await.expect("the log");
        let verbs: Vec<&str> = lines.iter().map(|line| line.verb.as_str()).collect();
        assert_eq!(verbs, ["why.noted", "why.taken_back", "why.noted"]);
        assert_eq!(lines[0].facts["unpaid_why"]["after"], "cash_short");
    }
}

#[tokio::test]
async fn a1_what_is_our_own_fault_is_not_pressed_for() {
    for mut world in worlds("why_fault").await {
        let found = with_route(&mut world).await;
        assert_eq!(run(&world).await.written.letters, 1);
        let person = as_person(&world.house, "Lin");
        note_why(&person, &found, WhyUnpaid::SellerFault, "two cartons missing").await.expect("noted");
        let first = letter(&world, 1).await;
        assert_eq!(first.state, LetterState::Cancelled);
        assert!(first.reasons.iter().any(|reason| reason.code.code() == "gate.seller_fault"), "{:?}", first.reasons);
        for day in ["2026-03-04", "2026-03-18", "2026-04-22"] {
            world.set_clock(&format!("{day}T09:00:00Z"));
            assert_eq!(run(&world).await.written.letters, 0, "{day}");
        }
        assert!(codes(&world, &found).await.contains(&"gate.seller_fault"));
        clear_why(&as_person(&world.house, "Lin"), &found).await.expect("cleared");
        clear_why(&as_person(&world.house, "Lin"), &found).await.expect_err("nothing to clear");
        assert_eq!(run(&world).await.written.letters, 1);
    }
}

#[tokio::test]
async fn a1_money_said_to_be_on_its_way_silences_for_ten_days() {
    for mut world in worlds("why_transit").await {
        let found = with_route(&mut world).await;
        assert_eq!(run(&world).await.written.letters, 1);
        note_why(&as_person(&world.house, "Lin"), &found, WhyUnpaid::PaidInTransit, "").await.expect("noted");
        assert_eq!(letter(&world, 1).await.state, LetterState::Cancelled);
        for day in ["2026-03-04", "2026-03-10", "2026-03-13"] {
            world.set_clock(&format!("{day}T09:00:00Z"));
            assert_eq!(run(&world).await.written.letters, 0, "{day}");
        }
        world.set_clock("2026-03-16T09:00:00Z");
        assert_eq!(run(&world).await.written.letters, 1, "silence cannot be bought by saying so");
    }
}

#[tokio::test]
async fn a1_who_was_asked_and_has_paid_is_thanked_once() {
    for mut world in worlds("why_thanks").await {
        with_route(&mut world).await;
        run(&world).await;
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        world.set_clock("2026-03-06T09:00:00Z");
        let statement = mt940("260305", "12430,00", "ROSSI OUTDOOR SRL", "INV-2026-001");
        let report = import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!(report.matched.matched, 1, "{report:?}");
        assert_eq!(run(&world).await.written.letters, 1);
        let thanks = letter(&world, 2).await;
        assert_eq!((&*thanks.items[0].step, thanks.items[0].pressed.minor), ("thanks", 0));
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.cancelled), (1, 0), "{:?}", sent.notes);
        for day in ["2026-03-06", "2026-03-09", "2026-04-08"] {
            world.set_clock(&format!("{day}T10:00:00Z"));
            assert_eq!(run(&world).await.written.letters, 0, "{day}");
        }
        assert_eq!(world.letters().len(), 2);
    }
}

#[tokio::test]
async fn the_reason_stands_on_the_pages_in_the_api_and_at_the_command_line() {
    for mut world in worlds("why_doors").await {
        with_route(&mut world).await;
        run(&world).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let answer = owner.post("/receivables/R-0001/why", "kind=cash_short&note=not+before+May").await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        for page in ["/receivables/R-0001", "/debtors/D-0001", "/debtors"] {
            assert!(owner.get(page).await.contains("Short of money"), "{page}");
        }
        let page = owner.get("/receivables/R-0001").await;
        assert!(page.contains("not before May") && page.contains("noted by owner"), "{page}");
        assert!(page.contains("Unpaid: short of money"), "in the timeline");
        let auditor = site.enter(&world, Role::Auditor).await;
        let page = auditor.get("/receivables/R-0001").await;
        assert!(page.contains("Short of money") && !page.contains("/why\""), "an auditor changes nothing");
        assert!(auditor.post("/receivables/R-0001/why", "kind=forgot").await.starts_with("HTTP/1.1 403"));

        let site = open(&world, 10_000).await;
        let program = Program::of(&site, &world, Role::Owner, Right::ALL).await;
        let place = "/v1/receivables/R-0001/why";
        assert_eq!(program.get("/v1/receivables/R-0001").await.ok()["why"]["reason"], "cash_short");
        program.post(place, r#"{"reason":"lazy"}"#).await.is_problem(400, "bad-request");
        program.post(place, r#"{"reason":"cash_short"}"#).await.is_problem(409, "refused");
        let told = program.post(place, r#"{"reason":"bargaining","words":"5 % less"}"#).await.ok();
        assert_eq!(told["why"]["reason"], "bargaining");
        let told = program.post(&format!("{place}/end"), "").await.ok();
        assert!(told["why"].is_null(), "{told}");
        program.post(&format!("{place}/end"), "").await.is_problem(409, "refused");

        let mut command = crate::world::program();
        command.args(["why", "R-0001", "refuses", "--json", "--db", &world.place, "--as-of", MORNING]);
        let output = command.output().expect("starts");
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a document");
        assert_eq!(said["receivable"], "R-0001", "{output:?}");
        assert_eq!(program.get("/v1/receivables/R-0001").await.ok()["why"]["reason"], "refuses");
        let mut command = crate::world::program();
        command.args(["why", "R-0001", "lazy", "--db", &world.place, "--as-of", MORNING]);
        let output = command.output().expect("starts");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
}
