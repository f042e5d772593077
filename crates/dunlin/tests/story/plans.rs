//! Instalments agreed in place of one amount: seen before they are agreed, chased one by one, kept, broken or ended.

use dunlin::use_cases::agree_plan::{agree_plan, end_plan};
use dunlin::use_cases::explain_receivable::{Explanation, explain_receivable};
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::match_payments::confirm_match;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::standing_facts::Found;
use dunlin::use_cases::tell_plan::{ToldPlan, tell_plan};
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::case::LetterState;
use dunlin_core::instalments::Instalment;
use dunlin_core::money::{Currency, Money};
use dunlin_core::plan::TaskKind;
use dunlin_core::receivable::share::Asked;
use dunlin_store::{Actor, LogFilter, PlanTerms, StoredLetter, Via};
use jiff::civil::date;

use crate::api::{Program, open};
use crate::site::{Site, hired};
use crate::world::{World, mt940, orders, worlds};

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

async fn explained(world: &World, name: &str) -> Explanation {
    explain_receivable(&world.house, &find(world, name).await).await.expect("explains")
}

async fn told(world: &World, name: &str) -> ToldPlan {
    tell_plan(&world.house, &find(world, name).await).await.expect("tells").expect("a plan")
}

async fn pays(world: &World, day: &str, amount: &str, words: &str) {
    let text = mt940(day, amount, "CAMPO Y RIO SL", words);
    import_statement(&world.house, "s.sta", text.as_bytes(), Format::Auto).await.expect("reads");
}

/// A statement of a day on which nothing came in.
async fn books_reach(world: &World, day: &str) {
    let text = format!(
        ":20:BOOKS{day}\r\n:25:3900001\r\n:28C:{}/1\r\n:60F:C260101USD0,00\r\n:62F:C{day}USD0,00\r\n-\r\n",
        &day[2..]
    );
    import_statement(&world.house, "nothing.sta", text.as_bytes(), Format::Auto).await.expect("reads");
}

async fn run(world: &World) {
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
}

/// Two parts of USD 440.00 in place of the USD 880.00 of INV-2026-003.
async fn agree(world: &World) -> Found {
    let found = find(world, "INV-2026-003").await;
    let part = |day: &str| Instalment {
        on: day.parse().expect("a day"),
        amount: Money::parse("440.00", Currency::USD).expect("money"),
    };
    let terms = PlanTerms { late_days: 10, all_due: true, words: "agreed by telephone".to_string() };
    let parts = [part("2026-03-20"), part("2026-04-20")];
    assert_eq!(agree_plan(&world.house, &found, &parts, &terms).await.expect("agreed"), 2);
    found
}

#[tokio::test]
async fn b8_each_instalment_has_its_own_clock_and_the_plan_breaks_by_its_rule() {
    for mut world in worlds("plan").await {
        world.import("orders.csv", &orders()).await;
        run(&world).await;
        let auditor = hired(&world, Role::Auditor).await;
        let looks = world.house.clone().acting(Actor::user(Via::Page, auditor.acting(), String::new()));
        let terms = PlanTerms { late_days: 10, all_due: false, words: String::new() };
        agree_plan(&looks, &find(&world, "INV-2026-003").await, &[], &terms).await.expect_err("may not");
        agree(&world).await;
        let original = explained(&world, "R-0003").await;
        assert_eq!(original.outstanding.decimal(), "0.00");
        assert!(original.reasons.iter().any(|reason| reason.code.code() == "case.plan_agreed"), "{original:?}");
        let plan = told(&world, "R-0005").await;
        assert_eq!((plan.receivable.as_str(), plan.state.as_str(), plan.can_end), ("R-0003", "open", true));
        assert_eq!(plan.parts.iter().map(|part| part.receivable.as_str()).collect::<Vec<_>>(), ["R-0004", "R-0005"]);
        assert!(plan.parts.iter().all(|part| part.state == "waiting"));

        world.set_clock("2026-03-17T09:05:00Z");
        let first = explained(&world, "R-0004").await;
        assert_eq!((first.playbook.as_deref(), first.step.as_deref()), (Some("b8_instalment"), Some("note")));

        // Part of the first one is paid; its rest is too late on the eleventh day.
        pays(&world, "260317", "300,00", "R-0004 FIRST PART").await;
        let part = find(&world, "R-0004").await;
        confirm_match(&world.house, 1, &part, Asked::default()).await.expect("placed");
        assert_eq!(told(&world, "R-0003").await.parts[0].state, "part");
        let begun = end_plan(&world.house, &find(&world, "R-0003").await, "too late").await;
        assert!(begun.expect_err("begun").to_string().contains("R-0004"));
        world.set_clock("2026-03-30T09:05:00Z");
        run(&world).await;
        assert_eq!(told(&world, "R-0003").await.state, "open");
        world.set_clock("2026-03-31T09:05:00Z");
        run(&world).await;
        assert_eq!(told(&world, "R-0003").await.state, "open", "the books do not reach so far");
        books_reach(&world, "260330").await;
        run(&world).await;
        let plan = told(&world, "R-0003").await;
        assert_eq!(plan.state, "broken");
        assert_eq!(plan.parts[1].due_on, Some("2026-03-31".parse().expect("a day")), "all is due now");
        let house = &world.house;
        let tasks = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
        let asks = |task: &&dunlin_store::pages::desk::TaskRow| {
            task.kind == TaskKind::Follow && task.note.as_deref() == Some("R-0004")
        };
        assert_eq!(tasks.iter().filter(asks).count(), 1, "a person is asked");
    }
}

#[tokio::test]
async fn b8_a_broken_plan_runs_on_when_the_late_part_was_paid_in_time() {
    for (value_day, state) in [("260330", "open"), ("260331", "broken")] {
        for mut world in worlds("plan_mended").await {
            world.import("orders.csv", &orders()).await;
            agree(&world).await;
            world.set_clock("2026-03-31T09:05:00Z");
            books_reach(&world, "260330").await;
            run(&world).await;
            assert_eq!(told(&world, "R-0003").await.state, "broken");
            assert_eq!(told(&world, "R-0003").await.parts[1].due_on, Some(date(2026, 3, 31)));

            // Another account of ours, read late.
            world.set_clock("2026-04-01T09:05:00Z");
            pays(&world, value_day, "440,00", "PLAN R-0004").await;
            let plan = told(&world, "R-0003").await;
            assert_eq!((plan.state.as_str(), plan.parts[0].state), (state, "paid"), "{value_day}");
            let site = Site::open(&world).await;
            let page = site.enter(&world, Role::Owner).await.get("/receivables/R-0005").await;
            if state == "broken" {
                assert_eq!(plan.parts[1].due_on, Some(date(2026, 3, 31)));
                assert!(!page.contains("after all"), "{page}");
                continue;
            }
            assert_eq!(plan.parts[1].due_on, Some(date(2026, 4, 20)), "as it was agreed");
            assert_eq!(waiting_about(&world, "R-0005").await, 0, "nothing goes about a day that was wrong");
            assert!(page.contains("R-0004 was paid in time after all"), "{page}");
            let house = &world.house;
            let lines = house.store.audit_log(house.tenant.id, &LogFilter::default(), 50).await.expect("the log");
            assert!(lines.iter().any(|line| line.verb == "plan.mended"));
            let tasks = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
            assert!(tasks.iter().all(|task| task.kind != TaskKind::Follow), "nobody is asked any more");
            run(&world).await;
            assert_eq!(told(&world, "R-0003").await.state, "open");
            let second = explained(&world, "R-0005").await;
            assert!(!matches!(second.decision.code(), "letter" | "approval"), "{second:?}");
        }
    }
}

/// Letters that wait and name a receivable.
async fn waiting_about(world: &World, name: &str) -> usize {
    let (house, found) = (&world.house, find(world, name).await);
    let mut count = 0;
    for state in [LetterState::Queued, LetterState::Review] {
        let letters = house.store.letters_in(house.tenant.id, state, 100).await.expect("reads");
        let names = |letter: &&StoredLetter| letter.items.iter().any(|item| item.receivable_id == found.receivable_id);
        count += letters.iter().filter(names).count();
    }
    count
}

#[tokio::test]
async fn b8_a_plan_paid_to_the_end_is_kept_and_the_first_amount_stays_silent() {
    for mut world in worlds("plan_kept").await {
        world.import("orders.csv", &orders()).await;
        agree(&world).await;
        world.set_clock("2026-03-19T09:05:00Z");
        pays(&world, "260319", "440,00", "PLAN R-0004").await;
        world.set_clock("2026-04-19T09:05:00Z");
        pays(&world, "260419", "440,00", "PLAN R-0005").await;
        run(&world).await;
        let plan = told(&world, "R-0003").await;
        assert_eq!(plan.state, "kept");
        assert!(plan.parts.iter().all(|part| part.state == "paid"));
        let original = explained(&world, "R-0003").await;
        assert!(!original.outstanding.is_positive());
        assert!(matches!(original.decision.code(), "wait" | "closed"), "{original:?}");
    }
}

#[tokio::test]
async fn b8_a_plan_on_which_nothing_was_paid_can_be_ended() {
    for world in worlds("plan_ended").await {
        world.import("orders.csv", &orders()).await;
        let found = agree(&world).await;
        end_plan(&world.house, &found, "agreed by mistake").await.expect("ended");
        let original = explained(&world, "R-0003").await;
        assert_eq!(original.outstanding.decimal(), "880.00");
        assert!(original.reasons.iter().all(|reason| reason.code.code() != "case.plan_agreed"), "{original:?}");
        assert!(tell_plan(&world.house, &found).await.expect("tells").is_none());
        assert_eq!(explained(&world, "R-0004").await.decision.code(), "closed");
        end_plan(&world.house, &found, "again").await.expect_err("no plan any more");
    }
}

#[tokio::test]
async fn b8_instalments_are_seen_before_they_are_agreed() {
    for world in worlds("plan_page").await {
        world.import("orders.csv", &orders()).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        assert!(owner.get("/receivables/R-0003").await.contains("/receivables/R-0003/plan/preview"));
        let asked = "count=3&first=2026-03-31&every_days=&late_days=5&all_due=yes&words=by%20phone";
        let page = owner.post_and_follow("/receivables/R-0003/plan/preview", asked).await;
        for said in ["2026-03-31", "2026-04-30", "2026-05-31", "293.33", "293.34", "by phone"] {
            assert!(page.contains(said), "{said} in {page}");
        }
        let wrong = owner.post_and_follow("/receivables/R-0003/plan/preview", "count=1&first=2026-03-31").await;
        assert!(wrong.contains("role=\"alert\""), "{wrong}");
        // Changed by hand to another sum: it comes back as it was typed.
        let rows = "day=2026-03-31&part=500.00&day=2026-04-30&part=300.00&day=&part=";
        let page = owner.post_and_follow("/receivables/R-0003/plan", &format!("{rows}&late_days=5")).await;
        assert!(page.contains("role=\"alert\"") && page.contains("500.00"), "{page}");
        let rows = "day=2026-03-31&part=500.00&day=2026-04-30&part=380.00&day=&part=";
        let answer = owner.post("/receivables/R-0003/plan", &format!("{rows}&late_days=5&words=ok")).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let page = owner.get("/receivables/R-0005").await;
        assert!(page.contains("Instalment 2 of 2") && page.contains("/receivables/R-0003"), "{page}");
        let page = owner.get("/receivables/R-0003").await;
        assert!(page.contains("/receivables/R-0003/plan/end"), "{page}");
        let ended = owner.post("/receivables/R-0003/plan/end", "reason=mistake&next=/receivables/R-0003").await;
        assert!(ended.starts_with("HTTP/1.1 303"), "{ended}");
        assert_eq!(explained(&world, "R-0003").await.outstanding.decimal(), "880.00");
    }
}

#[tokio::test]
async fn b8_plans_through_the_api() {
    for world in worlds("plan_api").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let place = "/v1/receivables/R-0003/plan";
        program.get(place).await.is_problem(404, "not-found");
        let part =
            |on: &str, amount: &str| serde_json::json!({"on": on, "amount": {"amount": amount, "currency": "USD"}});
        let asked = |second: &str| {
            let parts = [part("2026-03-20", "400.00"), part("2026-04-20", second)];
            serde_json::json!({"parts": parts, "late_days": 7, "words": "agreed"}).to_string()
        };
        program.post(place, &asked("400.00")).await.is_problem(409, "refused");
        let plan = program.post(place, &asked("480.00")).await.ok();
        assert_eq!((&plan["state"], &plan["late_days"]), (&"open".into(), &7.into()));
        assert_eq!(plan["parts"][1]["outstanding"], serde_json::json!({"amount": "480.00", "currency": "USD"}));
        assert_eq!(program.get("/v1/receivables/R-0004/plan").await.ok()["receivable"], "R-0003");
        program.send("DELETE", place, &[], "").await.is_problem(409, "refused");
        assert_eq!(program.send("DELETE", &format!("{place}?reason=mistake"), &[], "").await.status, 204);
        program.get(place).await.is_problem(404, "not-found");
    }
}

#[tokio::test]
async fn b8_a_paid_column_books_onto_the_instalments_and_a_corrected_amount_is_a_persons_business() {
    for world in worlds("plan_import").await {
        world.import("orders.csv", &orders()).await;
        agree(&world).await;
        let header = crate::world::HEADER.replace("发票日期", "发票日期,已收金额");
        let file = |amount: &str, paid: &str| {
            format!(
                "{header}QH-3,C002,Campo y Río S.L.,西班牙,José Gil,财务,jose@campo.example,USD,{amount},OA 60 days,\
                 2026-02-20,INV-2026-003,2026-02-20,{paid}\n"
            )
        };
        let report = world.import("paid.csv", &file("880.00", "500.00")).await;
        assert!(report.problems.is_empty(), "{:?}", report.problems);
        let open = async |name: &str| explained(&world, name).await.outstanding.decimal();
        assert_eq!((open("R-0004").await, open("R-0005").await), ("0.00".to_string(), "380.00".to_string()));
        // Nobody told the day: it is said so, and none is made up.
        let party = find(&world, "R-0004").await.party_id;
        let ledger = world.house.store.ledger_of(world.house.tenant.id, party).await.expect("the ledger");
        let money: Vec<bool> =
            ledger.iter().filter(|line| line.payment_number.is_some()).map(|l| l.day_known).collect();
        assert_eq!(money, [false, false]);
        // Told again it changes nothing; told more, only the difference comes.
        world.import("again.csv", &file("880.00", "500.00")).await;
        world.import("more.csv", &file("880.00", "700.00")).await;
        assert_eq!((open("R-0004").await, open("R-0005").await), ("0.00".to_string(), "180.00".to_string()));
        // More than all instalments take is a problem, and so is another amount.
        for (amount, paid) in [("900.00", "700.00"), ("800.00", "700.00")] {
            let report = world.import("corrected.csv", &file(amount, paid)).await;
            assert_eq!(report.problems.len(), 1, "{amount} {paid}: {:?}", report.problems);
            assert!(report.problems[0].why.contains("instalments"), "{:?}", report.problems[0]);
            assert_eq!((open("R-0003").await, open("R-0005").await), ("0.00".to_string(), "180.00".to_string()));
        }
    }
}
