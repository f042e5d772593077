//! Answers of the buyer lead somewhere at once (SCENARIOS A10, A12), addresses that may not be used get nothing, grades and
//! blocks are kept with what belongs to them (P4, B11).

use dunlin::house::House;
use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::log_talk::{TalkForm, end_talk, log_talk};
use dunlin::use_cases::mark_party::{block_party, grade_party, note_objection_of};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::suppress::{SuppressionForm, end_suppression, suppress};
use dunlin_core::access::Role;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::grade::Grade;
use dunlin_core::ids::{PartyId, ReceivableId};
use dunlin_core::intent::Intent;
use dunlin_core::party::Channel;
use dunlin_core::plan::TaskKind;
use dunlin_core::suppression::SuppressionReason;
use dunlin_core::talk::TalkPlace;
use dunlin_core::why::WhyUnpaid;
use dunlin_store::{Block, LogFilter, Scope};

use crate::site::Site;
use crate::world::{World, as_person, at, orders, worlds};

fn answer(intent: Intent) -> TalkForm {
    TalkForm {
        place: TalkPlace::Email,
        on: None,
        contact: None,
        asked: false,
        intent: Some(intent),
        receivable: None,
        text: "they wrote".to_string(),
        file: None,
    }
}

fn entry(address: &str) -> SuppressionForm {
    SuppressionForm {
        kind: None,
        address: address.to_string(),
        reason: SuppressionReason::Legal,
        evidence: "court order 7".to_string(),
        until: None,
    }
}

async fn party(house: &House, name: &str) -> PartyId {
    house.store.find_party(house.tenant.id, name).await.expect("reads").expect("a debtor").0
}

async fn facts(house: &House, id: PartyId) -> DebtorFacts {
    let facts = house.store.facts(house.tenant.id, Scope::One(id), house.now()).await.expect("facts");
    facts.into_iter().next().expect("a debtor")
}

async fn run(world: &World) -> usize {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0, "the audit agrees");
    account.written.letters
}

async fn reasons(world: &World, name: &str) -> Vec<&'static str> {
    let found = world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into();
    let explanation = explain_receivable(&world.house, &found).await.expect("explains");
    explanation.reasons.iter().map(|reason| reason.code.code()).collect()
}

#[tokio::test]
async fn a12_an_answer_of_the_buyer_leads_on_and_is_answered_in_spite_of_the_gap() {
    for mut world in worlds("answers").await {
        world.import("orders.csv", &orders()).await;
        run(&world).await;
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        world.set_clock("2026-03-05T09:00:00Z");
        let house = as_person(&world.house, "Lin Yue");
        let rossi = party(&house, "D-0001").await;

        log_talk(&house, rossi, &answer(Intent::OutOfOffice)).await.expect("logged");
        assert_eq!(facts(&house, rossi).await.last_heard(None), None, "a machine");
        log_talk(&house, rossi, &answer(Intent::ShortOfCash)).await.expect("logged");
        let known = facts(&house, rossi).await;
        assert_eq!(known.last_heard(None), Some(house.now()));
        let whys: Vec<_> = known.receivables.iter().map(|item| item.why.map(|known| known.why)).collect();
        assert_eq!(whys, [Some(WhyUnpaid::CashShort), Some(WhyUnpaid::CashShort)], "all that is late");
        run(&world).await;
        let letter = house.store.letter_by_number(house.tenant.id, 2).await.expect("a letter");
        assert_eq!(&*letter.items[0].step, "cash_short_offer");
        assert!(letter.reasons.iter().any(|reason| reason.code.code() == "contact.answers"), "{:?}", letter.reasons);

        let asked = log_talk(&house, rossi, &answer(Intent::AsksForPapers)).await.expect("logged");
        let tasks = house.store.open_tasks_of(house.tenant.id, rossi).await.expect("tasks");
        let task = tasks.iter().find(|task| task.kind == TaskKind::Answer).expect("a task");
        assert_eq!((task.talk_id, task.due_at), (Some(asked), Some(at("2026-03-06T09:00:00Z"))));
        end_talk(&house, rossi, asked).await.expect("taken back");
        let tasks = house.store.open_tasks_of(house.tenant.id, rossi).await.expect("tasks");
        assert!(tasks.iter().all(|task| task.kind != TaskKind::Answer), "nothing to answer");

        log_talk(&house, rossi, &answer(Intent::ObjectsToContact)).await.expect("logged");
        assert!(facts(&house, rossi).await.contacts.iter().all(|contact| contact.objected));
        let letter = house.store.letter_by_number(house.tenant.id, 2).await.expect("a letter");
        assert_eq!(letter.state.code(), "cancelled");
        let strange = TalkForm { receivable: Some(ReceivableId(7)), ..answer(Intent::Refuses) };
        let refused = log_talk(&house, rossi, &strange).await.expect_err("refused").to_string();
        assert!(refused.contains("which receivable"), "{refused}");
        let (findings, _) = house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "{findings:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_taken_back_takes_along_what_it_led_to() {
    for world in worlds("answers_undone").await {
        world.import("orders.csv", &orders()).await;
        let house = as_person(&world.house, "Lin Yue");
        let rossi = party(&house, "D-0001").await;
        let logged = async |intent| log_talk(&house, rossi, &answer(intent)).await.expect("logged");
        let undone = async |id| end_talk(&house, rossi, id).await.expect("taken back");
        let why = async || {
            let known = facts(&house, rossi).await;
            known.receivables.iter().map(|item| item.why.map(|known| known.why)).collect::<Vec<_>>()
        };
        let objects = async || facts(&house, rossi).await.contacts.iter().all(|contact| contact.objected);
        let short = vec![Some(WhyUnpaid::CashShort); 2];

        let first = logged(Intent::ShortOfCash).await;
        let other = logged(Intent::Bargains).await;
        assert_eq!(why().await, vec![Some(WhyUnpaid::Bargaining); 2]);
        undone(other).await;
        assert_eq!(why().await, short, "what was known before holds again");
        let again = logged(Intent::ShortOfCash).await;
        undone(first).await;
        assert_eq!(why().await, short, "they said it twice");
        undone(again).await;
        assert_eq!(why().await, vec![None; 2]);

        let once = logged(Intent::ObjectsToContact).await;
        let twice = logged(Intent::ObjectsToContact).await;
        undone(once).await;
        assert!(objects().await, "they said it twice");
        undone(twice).await;
        assert!(!objects().await);
        run(&world).await;

        let anna = facts(&house, rossi).await.contacts[0].id;
        note_objection_of(&house, rossi, anna, true).await.expect("noted");
        let late = logged(Intent::ObjectsToContact).await;
        undone(late).await;
        assert!(objects().await, "somebody here noted it");
        let (findings, _) = house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "{findings:?}");
    }
}

#[tokio::test]
async fn an_address_on_the_list_gets_nothing_and_no_import_brings_it_back() {
    for mut world in worlds("suppress").await {
        world.import("orders.csv", &orders()).await;
        assert_eq!(run(&world).await, 1);
        let house = as_person(&world.house, "Lin Yue");
        let listed = suppress(&house, &entry(" ANNA@Rossi.example ")).await.expect("listed");
        assert_eq!((listed.number.as_str(), listed.debtors, listed.letters_cancelled), ("X-0001", 1, 1));
        let again = suppress(&house, &entry("anna@rossi.example")).await.expect_err("once").to_string();
        assert!(again.contains("X-0001"), "{again}");
        for wrong in ["", "nobody", "x'; DROP TABLE contact;--", "a@b", "@"] {
            suppress(&house, &entry(wrong)).await.expect_err("no address");
        }
        assert_eq!(run(&world).await, 0);
        assert!(reasons(&world, "INV-2026-001").await.contains(&"gate.suppressed"));
        let mut dump = Vec::new();
        house.store.dump(house.now(), &mut dump).await.expect("dumps");
        let dump = String::from_utf8(dump).expect("text");
        assert!(!dump.contains("court order 7"));

        // Corrected by a file, and brought by a file as somebody of another buyer.
        world.import("corrected.csv", &orders().replace("Anna Rossi", "Anna B. Rossi")).await;
        let elsewhere = orders().replace("QH-", "QX-").replace("INV-2026-0", "INV-2026-9").replace("C001", "C009");
        world.import("other.csv", &elsewhere.replace("Rossi Outdoor", "Neri Sport")).await;
        for name in ["C001", "C009"] {
            let known = facts(&house, party(&house, name).await).await;
            assert!(known.contacts.iter().any(|one| one.is_suppressed(Channel::Email, house.now())), "{name}");
        }
        end_suppression(&house, 1, "").await.expect_err("needs a reason");
        end_suppression(&house, 1, "the order was lifted").await.expect("ended");
        end_suppression(&house, 1, "again").await.expect_err("once");
        assert!(run(&world).await > 0, "written to again");

        let until = SuppressionForm { until: Some(jiff::civil::date(2026, 3, 5)), ..entry("rossi.example") };
        suppress(&house, &until).await.expect("a whole domain");
        let rossi = party(&house, "C001").await;
        assert!(facts(&house, rossi).await.contacts.iter().all(|one| one.is_suppressed(Channel::Email, house.now())));
        world.set_clock("2026-03-06T09:00:00Z");
        let later = as_person(&world.house, "Lin Yue");
        assert!(facts(&later, rossi).await.contacts.iter().all(|one| !one.is_suppressed(Channel::Email, later.now())));
        let past = SuppressionForm { until: Some(jiff::civil::date(2026, 3, 5)), ..entry("+39 02 555 0101") };
        suppress(&later, &past).await.expect_err("over already");
        let filter = LogFilter { noun: "suppression".to_string(), ..LogFilter::default() };
        let lines = later.store.audit_log(later.tenant.id, &filter, 10).await.expect("the log");
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| !line.facts.to_string().contains("rossi.example")));
    }
}

#[tokio::test]
async fn p4_b11_a_grade_and_a_block_are_kept_with_what_belongs_to_them() {
    for mut world in worlds("grade").await {
        world.import("orders.csv", &orders()).await;
        let house = as_person(&world.house, "Lin Yue");
        let rossi = party(&house, "D-0001").await;
        assert!(grade_party(&house, rossi, Some(Grade::Gold)).await.expect("graded"));
        assert!(!grade_party(&house, rossi, Some(Grade::Gold)).await.expect("so already"));
        assert_eq!(facts(&house, rossi).await.party.grade, Some(Grade::Gold));

        let until = Some(jiff::civil::date(2026, 3, 5));
        let past = Block { why: "x", until: Some(jiff::civil::date(2026, 3, 3)), ..Block::default() };
        block_party(&house, rossi, past).await.expect_err("over already");
        block_party(&house, rossi, Block { why: "chargeback", evidence: "letter of the bank", until })
            .await
            .expect("blocked");
        let kept = house.store.blocked(house.tenant.id, rossi).await.expect("reads").expect("is blocked");
        assert_eq!((kept.evidence.as_str(), kept.until), ("letter of the bank", until));
        assert_eq!(run(&world).await, 0);
        world.set_clock("2026-03-06T09:00:00Z");
        run(&world).await;
        assert!(!facts(&world.house, rossi).await.party.blacklisted, "it ended by itself");
    }
}

#[tokio::test]
async fn answers_grades_and_the_list_on_pages_and_in_the_api() {
    for world in worlds("contact_pages").await {
        world.import("orders.csv", &orders()).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let graded = owner.post("/debtors/D-0001/grade", "kind=gold&next=/debtors/D-0001").await;
        assert!(graded.starts_with("HTTP/1.1 303"), "{graded}");
        let added = owner.post("/settings/suppressions", "address=%2B390255501&reason=bounced&evidence=x").await;
        assert!(added.starts_with("HTTP/1.1 303"), "{added}");
        for language in ["en", "zh-CN"] {
            for path in ["/debtors/D-0001", "/settings/suppressions", "/today"] {
                let page = owner.get(&format!("{path}?lang={language}")).await;
                assert!(page.starts_with("HTTP/1.1 200") && !page.contains(">["), "{page}");
            }
        }
        assert!(owner.get("/debtors/D-0001?lang=en").await.contains("Gold"));
        assert!(owner.get("/settings/suppressions?lang=en").await.contains("+390255501"));
        let ended = owner.post("/settings/suppressions/end", "number=X-0001&why=typo").await;
        assert!(ended.starts_with("HTTP/1.1 303"), "{ended}");
        assert!(!owner.get("/settings/suppressions?lang=en").await.contains("+390255501"));
    }
    for world in worlds("contact_api").await {
        world.import("orders.csv", &orders()).await;
        let site = crate::api::open(&world, 10_000).await;
        let api = crate::api::Program::of_owner(&site, &world).await;
        let asked = r#"{"place":"email","text":"where are my papers?","intent":"asks_for_papers"}"#;
        assert_eq!(api.post("/v1/debtors/D-0001/talks", asked).await.ok()["intent"], "asks_for_papers");
        let tasks = api.get("/v1/tasks").await.ok();
        assert_eq!(tasks["items"][0]["kind"], "answer");
        assert!(tasks["items"][0]["due_at"].is_string());
        let nonsense = r#"{"place":"email","text":"x","intent":"sings"}"#;
        api.post("/v1/debtors/D-0001/talks", nonsense).await.is_problem(400, "bad-request");

        let added = api.post("/v1/suppressions", r#"{"address":"anna@rossi.example","reason":"legal"}"#).await.ok();
        assert_eq!((&added["number"], &added["debtors"]), (&"X-0001".into(), &1.into()));
        assert_eq!(api.get("/v1/debtors/D-0001").await.ok()["contacts"][0]["suppressed"][0], "email");
        let ended = api.post("/v1/suppressions/end", r#"{"number":"X-0001","reason":"a mix-up"}"#).await.ok();
        assert_eq!(ended["address"], "anna@rossi.example");
        assert_eq!(api.get("/v1/suppressions").await.ok()["items"].as_array().map(Vec::len), Some(0));
    }
}
