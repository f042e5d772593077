//! A letter that should not have left as it did is put right (SCENARIOS A16).

use dunlin::house::{Clock, House};
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::mark_party::note_objection;
use dunlin::use_cases::repair_letter::{preview_repair, repair_letter};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::case::LetterState;
use dunlin_core::letter::{Purpose, WrongSend};
use dunlin_store::{Actor, LogFilter, Scope, StoredLetter, Via};

use crate::site::{Site, hired};
use crate::world::{World, as_person, at, mt940, orders, worlds};

async fn letters(world: &World, state: LetterState) -> Vec<StoredLetter> {
    world.house.store.letters_in(world.house.tenant.id, state, 100).await.expect("reads")
}

async fn first_letter_sent(world: &World) -> StoredLetter {
    world.import("orders.csv", &orders()).await;
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
    letters(world, LetterState::Sent).await.remove(0)
}

/// Whether each step that was taken for the buyer of a letter is void.
async fn voided(world: &World, letter: &StoredLetter) -> Vec<bool> {
    let scope = Scope::One(letter.party_id);
    let facts = world.house.store.facts(world.house.tenant.id, scope, world.house.now()).await.expect("facts");
    let cases = facts[0].receivables.iter().filter_map(|item| item.case.as_ref());
    cases.flat_map(|case| &case.steps).map(|step| step.voided).collect()
}

async fn refused(house: &House, number: i64, seen: Option<&str>) -> String {
    repair_letter(house, number, WrongSend::Mistake, seen).await.expect_err("refused").to_string()
}

#[tokio::test]
async fn a16_a_wrong_letter_is_put_right_at_once_and_the_ladder_stands_where_it_stood() {
    for mut world in worlds("repair").await {
        let wrong = first_letter_sent(&world).await;
        assert!(voided(&world, &wrong).await.iter().all(|void| !void));
        // In the middle of the buyer's night.
        world.set_clock("2026-03-04T23:30:00Z");
        let house = as_person(&world.house, "Lin Yue");
        let shown = preview_repair(&house, wrong.number, WrongSend::Amount).await.expect("written");
        let text = &shown.main.written;
        assert!(text.body.contains("12,430.00") && text.statement.is_none(), "{text:?}");
        assert!(refused(&house, wrong.number, Some("another text")).await.contains("has changed"));
        assert!(voided(&world, &wrong).await.iter().all(|void| !void), "nothing was begun");
        let hash = shown.content_hash();
        let own = repair_letter(&house, wrong.number, WrongSend::Amount, Some(&hash)).await.expect("put right").own;
        assert!(voided(&world, &wrong).await.iter().all(|void| *void));
        let waiting = letters(&world, LetterState::Queued).await;
        let [correction] = &waiting[..] else { panic!("{waiting:?}") };
        assert_eq!((correction.number, correction.purpose, correction.level), (own, Purpose::Answer, 0));
        assert_eq!((correction.contact_id, correction.repairs), (wrong.contact_id, Some(wrong.id)));
        assert!(correction.items.iter().all(|item| item.pressed.minor == 0));
        // While it waits nothing else begins, and nothing keeps it back.
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((run.written.letters, run.refused), (0, 0));
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.cancelled, sent.postponed), (1, 0, 0), "{:?}", sent.notes);
        let mails: Vec<String> =
            world.letters().iter().map(|path| std::fs::read_to_string(path).expect("a mail")).collect();
        let answers = format!("In-Reply-To: <{}>", wrong.message_id);
        assert_eq!(mails.iter().filter(|mail| mail.contains(&answers)).count(), 1, "{mails:?}");

        assert!(refused(&house, wrong.number, None).await.contains("already"), "once");
        assert!(refused(&house, own, None).await.contains("correction itself"));
        let (findings, _) = world.house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "{findings:?}");
        let lines = house.store.audit_log(house.tenant.id, &LogFilter::default(), 50).await.expect("a log");
        assert!(lines.iter().any(|line| line.verb == "letter.repaired" && line.subject == "L-0001"));
        assert!(house.store.check_audit_log(house.tenant.id).await.expect("reads").is_none());

        // The step comes again in its next round, after the gap and in the buyer's hours.
        world.set_clock("2026-03-09T09:00:00Z");
        let again = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((again.written.letters, again.refused), (1, 0));
        let next = letters(&world, LetterState::Queued).await.remove(0);
        assert_eq!((next.letter.as_str(), next.items[0].round), (wrong.letter.as_str(), 1));
    }
}

#[tokio::test]
async fn a16_a_correction_leaves_also_when_all_is_paid_and_to_nobody_who_objected() {
    for mut world in worlds("repair_paid").await {
        let wrong = first_letter_sent(&world).await;
        world.set_clock("2026-03-04T10:00:00Z");
        let house = as_person(&world.house, "Lin Yue");
        repair_letter(&house, wrong.number, WrongSend::Recipient, None).await.expect("put right");
        world.set_clock("2026-03-04T10:10:00Z");
        let both = mt940("260304", "12930,00", "ROSSI OUTDOOR SRL", "INV-2026-001 INV-2026-002");
        import_statement(&world.house, "s.sta", both.as_bytes(), Format::Auto).await.expect("reads");
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.cancelled), (1, 0), "{:?}", sent.notes);
        let mails: Vec<String> =
            world.letters().iter().map(|path| std::fs::read_to_string(path).expect("a mail")).collect();
        let answer = mails.iter().find(|mail| mail.contains("In-Reply-To")).expect("the correction");
        assert!(!answer.contains("12,430") && !answer.contains("INV-2026"), "a stranger learns of no debt: {answer}");
    }
    for world in worlds("repair_objected").await {
        let wrong = first_letter_sent(&world).await;
        let house = as_person(&world.house, "Lin Yue");
        note_objection(&house, wrong.party_id, None, true).await.expect("noted");
        assert!(refused(&house, wrong.number, None).await.contains("does not want to be contacted"));
        assert!(voided(&world, &wrong).await.iter().all(|void| !void), "nothing was begun");
    }
}

#[tokio::test]
async fn a16_what_cannot_be_put_right_says_so() {
    for mut world in worlds("repair_refused").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let house = as_person(&world.house, "Lin Yue");
        assert!(refused(&house, 1, None).await.contains("only a letter that has left"));
        send_letters(&world.house).await.expect("sends");
        let sales = hired(&world, Role::Sales).await;
        let hers = world.house.clone().acting(Actor::user(Via::Page, sales.acting(), String::new()));
        preview_repair(&hers, 1, WrongSend::Mistake).await.expect("an ordinary letter");
        let mut late = house.clone();
        late.clock = Clock::Fixed(at("2026-04-20T09:00:00Z"));
        assert!(refused(&late, 1, None).await.contains("30 days"));
        let mut settings = house.tenant.settings.clone();
        settings.safe_mode = true;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.save_settings(&settings).await.expect("saved");
        commit.finish().await.expect("kept");
        assert!(refused(&house, 1, None).await.contains("Safe mode"));
        world.refresh().await;
    }
}

#[tokio::test]
async fn a16_on_pages_and_in_the_api() {
    for world in worlds("repair_pages").await {
        let wrong = first_letter_sent(&world).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        assert!(owner.get("/letters/L-0001").await.contains("/letters/L-0001/repair"));
        for language in ["en", "zh-CN"] {
            let page = owner.get(&format!("/letters/L-0001/repair?what=wrong_amount&lang={language}")).await;
            assert!(page.starts_with("HTTP/1.1 200") && !page.contains(">["), "{page}");
        }
        let page = owner.get("/letters/L-0001/repair?what=wrong_send&lang=en").await;
        let seen = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a hash");
        let form = format!("what=wrong_send&seen={seen}&next=/letters/L-0001");
        assert!(owner.post("/letters/L-0001/repair", &form).await.starts_with("HTTP/1.1 303"));
        let after = owner.get("/letters/L-0001").await;
        assert!(after.contains("The step is void") && !after.contains("/letters/L-0001/repair"), "{after}");
        assert!(owner.get("/debtors/D-0001").await.contains("The step is void"));
        assert!(owner.get("/letters/L-0002").await.contains("puts L-0001 right"));
        assert!(owner.get("/letters/L-0001/repair").await.starts_with("HTTP/1.1 409"));
        assert!(voided(&world, &wrong).await.iter().all(|void| *void));
    }
    for world in worlds("repair_api").await {
        first_letter_sent(&world).await;
        let site = crate::api::open(&world, 10_000).await;
        let program = crate::api::Program::of_owner(&site, &world).await;
        let shown = program.get("/v1/letters/L-0001/repair?what=wrong_amount").await.ok();
        let asked = format!(r#"{{"what":"wrong_amount","seen":{}}}"#, shown["hash"]);
        let made = program.post("/v1/letters/L-0001/repair", &asked).await.ok();
        assert_eq!((&made["is_correction"], &made["state"]), (&true.into(), &"queued".into()), "{made}");
        assert_eq!(program.get("/v1/letters/L-0001").await.ok()["repaired_by"], made["number"]);
        program.post("/v1/letters/L-0001/repair", &asked).await.is_problem(409, "refused");
    }
}

#[tokio::test]
async fn a16_what_waits_about_the_same_debt_is_cancelled() {
    for mut world in worlds("repair_follows").await {
        let wrong = first_letter_sent(&world).await;
        // The next step waits for its hour.
        world.set_clock("2026-03-24T02:00:00Z");
        let house = as_person(&world.house, "Lin Yue");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let waiting: Vec<StoredLetter> = letters(&world, LetterState::Queued).await;
        let follows = waiting.iter().find(|letter| letter.party_id == wrong.party_id).expect("the next letter");
        repair_letter(&house, wrong.number, WrongSend::Mistake, None).await.expect("put right");
        let now = house.store.letter_by_number(house.tenant.id, follows.number).await.expect("reads");
        assert_eq!(now.state, LetterState::Cancelled);
        assert!(voided(&world, &wrong).await.iter().all(|void| *void));
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1, "the correction alone");
    }
}
