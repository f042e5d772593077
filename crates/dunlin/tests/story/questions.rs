//! Questions that people put to buyers (SCENARIOS B7, B6): about a payment, about documents with a discrepancy.

use dunlin::house::House;
use dunlin::use_cases::account_statement::account_statement;
use dunlin::use_cases::ask_buyer::{
    Discrepancy, PaymentQuestion, Question, answer_question, ask_buyer, preview_question,
};
use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::match_payments::{confirm_match, set_rest_aside};
use dunlin::use_cases::merge_parties::merge_parties;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::set_order_day::set_order_day;
use dunlin::use_cases::standing_facts::Found;
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::key_date::KeyDate;
use dunlin_core::letter::Rests;
use dunlin_core::money::Currency;
use dunlin_core::party::{Channel, Language};
use dunlin_core::plan::TaskKind;
use dunlin_core::question::QuestionKind;
use dunlin_core::receivable::share::Asked;
use dunlin_store::{Addressee, LogFilter, Scope, StoredLetter};

use crate::api::{Program, open};
use crate::site::Site;
use crate::world::{World, as_person, mt940, orders, worlds};

async fn paid(world: &World, amount: &str, payer: &str, words: &str) {
    let text = mt940("260304", amount, payer, words);
    import_statement(&world.house, "s.sta", text.as_bytes(), Format::Auto).await.expect("reads");
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

fn about(kind: QuestionKind, receivables: Vec<Found>) -> Question {
    Question::Payment(PaymentQuestion { payment: 1, kind, debtor: None, receivables, days: None })
}

async fn refused(house: &House, question: &Question) -> String {
    preview_question(house, question).await.expect_err("refused").to_string()
}

/// Whether a pause keeps a receivable silent.
async fn rests(world: &World, name: &str) -> bool {
    let explained = explain_receivable(&world.house, &find(world, name).await).await.expect("explains");
    explained.reasons.iter().any(|reason| reason.code.code() == "gate.hold")
}

async fn open_questions(world: &World) -> usize {
    world.house.store.open_questions(world.house.tenant.id).await.expect("reads").len()
}

async fn tasks(world: &World) -> usize {
    let house = &world.house;
    let tasks = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
    tasks.iter().filter(|task| task.kind == TaskKind::Question).count()
}

async fn verbs(world: &World) -> Vec<String> {
    let lines = world.house.store.audit_log(world.house.tenant.id, &LogFilter::default(), 50).await.expect("the log");
    lines.into_iter().map(|line| line.verb).collect()
}

async fn sound(world: &World) {
    let (findings, _) = world.house.store.doctor().await.expect("looks");
    assert!(findings.is_empty(), "{findings:?}");
}

#[tokio::test]
async fn b7_what_came_on_top_is_asked_about_once_and_settled_by_what_is_booked() {
    for mut world in worlds("ask_over").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        paid(&world, "600,00", "ROSSI OUTDOOR SRL", "INV-2026-002").await;
        let house = as_person(&world.house, "Lin Yue");
        let over = about(QuestionKind::Over, Vec::new());
        assert!(refused(&house, &over).await.contains("one debtor"), "nobody is known yet");
        let second = find(&world, "INV-2026-002").await;
        confirm_match(&world.house, 1, &second, Asked::default()).await.expect("placed");
        assert!(refused(&house, &about(QuestionKind::Short, Vec::new())).await.contains("does not fit"));
        assert!(refused(&house, &about(QuestionKind::ThirdParty, Vec::new())).await.contains("does not fit"));

        let shown = preview_question(&house, &over).await.expect("written");
        let body = &shown.written.body;
        assert!(body.contains("600.00") && body.contains("100.00") && body.contains("next invoice"), "{body}");
        let hash = shown.written.content_hash();
        ask_buyer(&house, &over, Some("another text")).await.expect_err("it was not looked at");
        let asked = ask_buyer(&house, &over, Some(&hash)).await.expect("asked");
        assert!(asked.is_approved);
        assert!(ask_buyer(&house, &over, None).await.expect_err("once").to_string().contains("already"));
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.cancelled), (1, 0), "{:?}", sent.notes);
        assert_eq!(open_questions(&world).await, 1);
        sound(&world).await;

        set_rest_aside(&world.house, 1, "returned to them").await.expect("set aside");
        assert_eq!((open_questions(&world).await, tasks(&world).await), (0, 0));
        let verbs = verbs(&world).await;
        for verb in ["question.asked", "letter.approved", "question.settled"] {
            assert!(verbs.iter().any(|known| known == verb), "{verb} in {verbs:?}");
        }
    }
}

#[tokio::test]
async fn b7_a_short_payment_rests_while_the_buyer_is_asked_and_resumes_by_itself() {
    for mut world in worlds("ask_short").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        paid(&world, "12000,00", "ROSSI OUTDOOR SRL", "INV-2026-001").await;
        let first = find(&world, "INV-2026-001").await;
        confirm_match(&world.house, 1, &first, Asked::default()).await.expect("placed");
        let house = as_person(&world.house, "Lin Yue");
        let short = about(QuestionKind::Short, Vec::new());
        let shown = preview_question(&house, &short).await.expect("written");
        assert!(shown.written.body.contains("430.00") && shown.written.body.contains("SHA"), "{:?}", shown.written);
        ask_buyer(&house, &short, None).await.expect("asked");
        assert!(rests(&world, "R-0001").await && !rests(&world, "R-0002").await);
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);

        world.set_clock("2026-03-16T09:05:00Z");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((open_questions(&world).await, tasks(&world).await), (0, 1), "a person decides");
        assert!(!rests(&world, "R-0001").await);
        answer_question(&world.house, 1, "SHA, they send the rest").await.expect("noted");
        assert_eq!(tasks(&world).await, 0);
        answer_question(&world.house, 1, "again").await.expect_err("nothing is asked any more");
        sound(&world).await;
    }
}

#[tokio::test]
async fn b7_a_question_whose_payment_finds_its_place_does_not_leave() {
    for mut world in worlds("ask_which").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        paid(&world, "700,00", "BLUE SEA TRADING LTD", "GOODS").await;
        let house = as_person(&world.house, "Lin Yue");
        let which = about(QuestionKind::ThirdParty, vec![find(&world, "R-0001").await]);
        let shown = preview_question(&house, &which).await.expect("written");
        assert!(!shown.written.body.contains("BLUE SEA"), "the payer is nobody's business but the payer's");
        ask_buyer(&house, &which, None).await.expect("asked");
        assert!(rests(&world, "R-0001").await);
        let first = find(&world, "R-0001").await;
        confirm_match(&world.house, 1, &first, Asked::default()).await.expect("placed");
        assert!(!rests(&world, "R-0001").await);
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, open_questions(&world).await), (0, 0), "{:?}", sent.notes);
    }
}

#[tokio::test]
async fn b7_payments_are_asked_about_on_pages_and_through_the_api() {
    for mut world in worlds("ask_page").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        paid(&world, "600,00", "ROSSI OUTDOOR SRL", "INV-2026-002").await;
        let second = find(&world, "INV-2026-002").await;
        confirm_match(&world.house, 1, &second, Asked::default()).await.expect("placed");
        let site = Site::open(&world).await;
        let manager = site.enter(&world, Role::Manager).await;
        assert!(manager.get("/money").await.contains("/payments/P-0001/ask"));
        let page = manager.get("/payments/P-0001/ask").await;
        assert!(page.contains("value=\"over\" selected") && page.contains("name=\"seen\""), "{page}");
    }
    for mut world in worlds("ask_api").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        paid(&world, "600,00", "ROSSI OUTDOOR SRL", "INV-2026-002").await;
        let second = find(&world, "INV-2026-002").await;
        confirm_match(&world.house, 1, &second, Asked::default()).await.expect("placed");
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let shown = program.get("/v1/payments/P-0001/ask?question=over").await.ok();
        let asked = format!(r#"{{"question":"over","seen":{}}}"#, shown["hash"]);
        let done = program.post("/v1/payments/P-0001/ask", &asked).await.ok();
        assert_eq!((&done["letter"], &done["approved"]), (&"L-0001".into(), &true.into()));
        program.post("/v1/payments/P-0001/ask", &asked).await.is_problem(409, "refused");
        assert_eq!(program.get("/v1/questions").await.ok()[0]["question"], "over");
        program.post("/v1/letters/L-0001/answer", r#"{"words":"next invoice"}"#).await.ok();
        assert_eq!(program.get("/v1/questions").await.ok(), serde_json::json!([]));
    }
}

#[tokio::test]
async fn b6_a_discrepancy_leads_to_the_letter_and_a_task_that_keeps_the_banks_day() {
    for mut world in worlds("ask_discrepancy").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        let house = as_person(&world.house, "Lin Yue");
        let receivable = find(&world, "INV-2026-003").await;
        let told = |by: &str| {
            Question::Discrepancy(Discrepancy {
                receivable: receivable.clone(),
                on: "2026-03-03".parse().expect("a day"),
                words: "Late presentation".to_string(),
                answer_by: by.parse().expect("a day"),
            })
        };
        assert!(refused(&house, &told("2026-03-09")).await.contains("letter of credit"));
        let presentation = Some("2026-03-10".parse().expect("a day"));
        set_order_day(&world.house, &receivable, KeyDate::Presentation, presentation).await.expect("set");
        // On a statement beside another letter it is marked, and no account of ours stands beneath it.
        let scope = Scope::One(receivable.party_id);
        let facts = house.store.facts(house.tenant.id, scope, house.now()).await.expect("facts");
        let (settings, now) = (&house.tenant.settings, house.now());
        let contact = &facts[0].contacts[0];
        let to = Addressee {
            party_id: receivable.party_id,
            contact_id: contact.id,
            role: contact.role,
            channel: Channel::Email,
            language: Language::En,
        };
        let beside = StoredLetter::draft(to, "b5_courtesy", Currency::USD, now);
        let tenant = house.store.tenant_facts(&house.tenant).await.expect("the firm");
        let statement = account_statement(&beside, &facts[0], settings, &tenant, now).expect("made");
        let marked: Vec<Option<Rests>> = statement.lines.iter().map(|line| line.rests).collect();
        assert_eq!((marked, statement.total_asked.minor), (vec![Some(Rests::ThroughBank)], 0));
        assert!(statement.bank.is_none());
        assert!(refused(&house, &told("2026-03-04")).await.contains("days for an answer"));
        let shown = preview_question(&house, &told("2026-03-09")).await.expect("written");
        assert!(shown.written.body.contains("Late presentation"), "{:?}", shown.written);
        ask_buyer(&house, &told("2026-03-09"), None).await.expect("asked");
        assert_eq!((tasks(&world).await, rests(&world, "R-0003").await), (1, true));
        assert!(ask_buyer(&house, &told("2026-03-09"), None).await.is_err(), "the same notice once");
        answer_question(&house, 1, "they accept").await.expect("noted");
        assert_eq!((tasks(&world).await, rests(&world, "R-0003").await), (0, false));
        sound(&world).await;
    }
}

#[tokio::test]
async fn b6_an_answer_ends_the_task_of_its_own_question() {
    for mut world in worlds("ask_twice").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        let house = as_person(&world.house, "Lin Yue");
        let receivable = find(&world, "INV-2026-003").await;
        let presentation = Some("2026-03-10".parse().expect("a day"));
        set_order_day(&world.house, &receivable, KeyDate::Presentation, presentation).await.expect("set");
        for on in ["2026-03-02", "2026-03-03"] {
            let told = Question::Discrepancy(Discrepancy {
                receivable: receivable.clone(),
                on: on.parse().expect("a day"),
                words: format!("Notice of {on}"),
                answer_by: "2026-03-09".parse().expect("a day"),
            });
            ask_buyer(&house, &told, None).await.expect("asked");
        }
        assert_eq!((open_questions(&world).await, tasks(&world).await), (2, 2));
        answer_question(&house, 1, "they accept").await.expect("noted");
        assert_eq!((open_questions(&world).await, tasks(&world).await), (1, 1), "the other one waits");
        answer_question(&house, 2, "they accept this too").await.expect("noted");
        assert_eq!((open_questions(&world).await, tasks(&world).await), (0, 0));
        sound(&world).await;
    }
}

#[tokio::test]
async fn b7_two_debtors_that_became_one_are_not_asked_the_same_again() {
    for mut world in worlds("ask_merged").await {
        let more = "QH-9,C009,ROSSI Italia,意大利,Marco Bianchi,财务,marco@italia.example,USD,700.00,OA 30 days,2026-01-10,INV-2026-009,2026-01-20\n";
        world.import("orders.csv", &(orders() + more)).await;
        world.set_clock("2026-03-04T09:05:00Z");
        paid(&world, "650,00", "BLUE SEA TRADING LTD", "GOODS").await;
        let house = as_person(&world.house, "Lin Yue");
        let asked = about(QuestionKind::ThirdParty, vec![find(&world, "INV-2026-009").await]);
        ask_buyer(&house, &asked, None).await.expect("asked");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let stays = find(&world, "INV-2026-001").await.party_id;
        merge_parties(&house, stays, find(&world, "INV-2026-009").await.party_id).await.expect("merged");
        for name in ["INV-2026-009", "INV-2026-001"] {
            let again = about(QuestionKind::ThirdParty, vec![find(&world, name).await]);
            let refused = ask_buyer(&house, &again, None).await.expect_err("once").to_string();
            assert!(refused.contains("already"), "{name}: {refused}");
        }
        sound(&world).await;
    }
}
