//! The work of a day through the API: files in, a run, letters, money.

use dunlin::house::House;
use dunlin::use_cases::change_settings::set_review_all;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_core::access::Role;

use super::{Program, open};
use crate::isolation::refusals;
use crate::world::{HEADER, World, as_person, mt940, orders, worlds};

#[tokio::test]
async fn files_come_in_letters_are_read_and_money_finds_its_place() {
    for world in worlds("api_day").await {
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let csv = ["Content-Type: text/csv"];
        let tried = program.send("POST", "/v1/imports?name=orders.csv&dry_run=true", &csv, &orders()).await.ok();
        assert_eq!((&tried["dry_run"], &tried["counts"]["added"]), (&true.into(), &3.into()));
        assert_eq!(program.get("/v1/debtors").await.ok()["items"], serde_json::json!([]));
        let report = program.send("POST", "/v1/imports?name=orders.csv&kind=orders", &csv, &orders()).await.ok();
        assert_eq!((&report["kind"], &report["counts"]["added"]), (&"orders".into(), &3.into()));
        program.send("POST", "/v1/imports?name=x.csv", &csv, "a,b\n1,2\n").await.is_problem(422, "not-possible");

        let tried = program.post("/v1/run", r#"{"dry_run":true}"#).await.ok();
        assert_eq!((&tried["letters"], tried["actions"].as_array().map(Vec::len)), (&1.into(), Some(1)));
        let run = program.post("/v1/run", "{}").await.ok();
        assert_eq!(run["letters"], 1);
        let letter = program.get("/v1/letters/L-0001").await.ok();
        assert_eq!((&letter["state"], &letter["to"]), (&"queued".into(), &"anna@rossi.example".into()));
        assert!(letter["body"].as_str().is_some_and(|body| body.contains("12,430.00")), "{letter}");
        let why = program.get("/v1/receivables/INV-2026-001").await.ok();
        assert_eq!((&why["number"], &why["explain"]["decision"]), (&"R-0001".into(), &"letter".into()));
        assert!(why["explain"]["reasons"][0]["text"]["zh"].is_string(), "{why}");

        // Money that could be Rossi's waits, and a person says where it belongs.
        let sta = ["Content-Type: application/octet-stream"];
        let statement = mt940("260304", "700,00", "ROSSI OUTDOOR SRL", "THANK YOU");
        let taken = program.send("POST", "/v1/statements?name=s.sta", &sta, &statement).await.ok();
        assert_eq!((&taken["payments"], &taken["matching"]["waiting"]), (&1.into(), &1.into()), "{taken}");
        program.send("POST", "/v1/statements", &sta, "no statement").await.is_problem(422, "not-possible");
        let waiting = program.get("/v1/payments").await.ok();
        assert_eq!(waiting["items"][0]["number"], "P-0001");
        let placed = program.post("/v1/payments/P-0001/match", r#"{"receivable":"R-0002"}"#).await.ok();
        assert_eq!((&placed["settled"], &placed["left"]["amount"]), (&false.into(), &"200.00".into()));
        let aside = program.post("/v1/payments/P-0001/set-aside", r#"{"reason":"their samples"}"#).await.ok();
        assert_eq!(aside["settled"], true);
        assert_eq!(program.get("/v1/payments").await.ok()["items"], serde_json::json!([]));
        assert_eq!(program.get("/v1/receivables/R-0002").await.ok()["outstanding"]["amount"], "0.00");
    }
}

#[tokio::test]
async fn what_a_person_decides_about_a_debtor() {
    for world in worlds("api_debtor").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let place = |verb: &str| format!("/v1/debtors/D-0001/{verb}");
        let held = program.post(&place("hold"), r#"{"until":"2026-03-20","reason":"fair"}"#).await.ok();
        assert_eq!(held["holds"], serde_json::json!([{"receivable": null, "until": "2026-03-20", "reason": "fair"}]));
        assert_eq!(program.post(&place("hold/end"), "").await.ok()["holds"], serde_json::json!([]));
        program.post(&place("hold/end"), "").await.is_problem(409, "refused");
        let promised = program.post(&place("promise"), r#"{"pay_on":"2026-03-18"}"#).await.ok();
        assert_eq!(promised["promises"][0]["pay_on"], "2026-03-18");
        assert_eq!(program.post(&place("promise/withdraw"), "").await.ok()["promises"], serde_json::json!([]));
        assert_eq!(program.post(&place("block"), r#"{"reason":"fraud"}"#).await.ok()["blocked"], true);
        assert_eq!(program.post(&place("unblock"), r#"{"reason":"cleared"}"#).await.ok()["blocked"], false);
        let me = program.get("/v1/me").await.ok();
        let mine = format!(r#"{{"salesperson":{}}}"#, me["user"]["id"]);
        assert_eq!(program.post(&place("assign"), &mine).await.ok()["salesperson"], me["user"]["id"]);
        let free = program.post(&place("assign"), r#"{"salesperson":null}"#).await.ok();
        assert_eq!(free["salesperson"], serde_json::Value::Null);

        let place = |verb: &str| format!("/v1/receivables/R-0001/{verb}");
        let disputed = program.post(&place("dispute"), r#"{"reason":"wet"}"#).await.ok();
        assert!(disputed["explain"]["reasons"].to_string().contains("gate.dispute"), "{disputed}");
        program.post(&place("dispute/resolve"), r#"{"resolution":"dried"}"#).await.ok();
        let off = program.post(&place("write-off"), r#"{"reason":"gone"}"#).await.ok();
        assert_eq!(off["outstanding"]["amount"], "0.00");
        let back = program.post(&place("write-off/undo"), "{}").await.ok();
        assert_eq!(back["outstanding"]["amount"], "12430.00");
        program.post(&place("hold"), r#"{"until":"2026-03-20","reason":"fair"}"#).await.ok();
        program.post(&place("hold/end"), "").await.ok();
        program.post(&place("promise"), r#"{"pay_on":"2026-03-18"}"#).await.ok();
        program.post(&place("promise/withdraw"), "").await.ok();
    }
}

#[tokio::test]
async fn days_and_clocks_are_told_by_programs_too() {
    for world in worlds("api_days").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let place = |verb: &str| format!("/v1/receivables/R-0001/{verb}");
        let set = program.post(&place("days"), r#"{"kind":"arrival","on":"2026-03-10"}"#).await.ok();
        assert_eq!(set["days"], serde_json::json!([{"kind": "arrival", "on": "2026-03-10"}]));
        assert_eq!(set["followed"], serde_json::json!({"moved": [], "waiting": []}));
        program.post(&place("days"), r#"{"kind":"arrival","on":"2026-03-10"}"#).await.is_problem(409, "refused");
        let gone = program.post(&place("days/end"), r#"{"kind":"arrival"}"#).await.ok();
        assert_eq!(gone["days"], serde_json::json!([]));
        let place = |verb: &str| format!("/v1/debtors/D-0001/{verb}");
        let days = r#"{"from":"2026-03-10","to":"2026-03-12","reason":"fair"}"#;
        let closed = program.post(&place("closed"), days).await.ok();
        let shown = serde_json::json!([{"from": "2026-03-10", "to": "2026-03-12", "reason": "fair"}]);
        assert_eq!(closed["closed"], shown);
        let open = program.post(&place("closed/end"), r#"{"from":"2026-03-10"}"#).await.ok();
        assert_eq!(open["closed"], serde_json::json!([]));
        let zoned = program.post(&place("time-zone"), r#"{"time_zone":"Europe/Rome"}"#).await.ok();
        assert_eq!(zoned["contacts"][0]["time_zone"], "Europe/Rome");
        let moved = program.post(&place("country"), r#"{"country":"Germany"}"#).await.ok();
        assert_eq!(moved["country"], "DE");
    }
}

/// A firm whose first step is severe already.
async fn severe(world: &mut World) {
    let folder = world.dir.path().join("own");
    std::fs::create_dir_all(&folder).expect("a folder");
    let step = "id = \"b5_open_account\"\nscenario = \"B5\"\n[title]\nen = \"x\"\nzh = \"x\"\n[applies]\nsource = \"direct\"\nmilestones = [\"full\"]\ntriggers = [\"invoice_date\"]\n[[step]]\nid = \"final_demand\"\nlevel = 1\npurpose = \"formal\"\nat = [\"due + 3 days\"]\nchannels = [\"email\"]\nroles = [\"finance\"]\nletter = \"b5_final_demand\"\nautonomy = \"approval\"\nstatement = true\nanswer_days = 14\n[step.title]\nen = \"x\"\nzh = \"x\"\n";
    std::fs::write(folder.join("b5_open_account.toml"), step).expect("written");
    let house = &world.house;
    let own = House::new(house.store.clone(), house.tenant.clone(), house.clock, world.dir.path(), Some(&folder)).await;
    world.house = own.expect("a house");
    let row = "QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,800.00,OA 30 days,2026-01-10,INV-1,2026-02-02\n";
    world.import("orders.csv", &format!("{HEADER}{row}")).await;
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    world.set_clock("2026-03-10T09:00:00Z");
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
}

/// Two keys in one place are not two people, and one is none.
#[tokio::test]
async fn a_severe_letter_is_approved_and_put_right_by_no_token() {
    for mut world in worlds("api_severe").await {
        severe(&mut world).await;
        world.refresh().await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let letter = program.get("/v1/letters/L-0001").await.ok();
        assert_eq!((&letter["state"], &letter["review"]), (&"review".into(), &"severe".into()), "{letter}");
        let seen = format!(r#"{{"seen":{}}}"#, letter["hash"]);
        let before = refusals(&world).await;
        let refused = program.post_once("/v1/letters/L-0001/approve", "yes-1", &seen).await;
        refused.is_problem(403, "needs-person");
        assert_eq!(refused.body["page"], "/today");
        assert_eq!(refusals(&world).await, before + 1, "whoever tried stands in the log");
        program.post("/v1/letters/L-0001/approve", "{}").await.is_problem(400, "bad-request");
        assert_eq!(program.get("/v1/letters/L-0001").await.ok()["state"], "review");
        // A person says it; a program takes it back.
        let person = site.enter(&world, Role::Owner).await;
        let yes = format!("seen={}&next=/today", letter["hash"].as_str().expect("a hash"));
        person.post("/letters/L-0001/approve", &yes).await;
        assert_eq!(program.get("/v1/letters/L-0001").await.ok()["state"], "queued");
        assert_eq!(program.post("/v1/letters/L-0001/unapprove", "").await.ok()["state"], "review");
        person.post("/letters/L-0001/approve", &yes).await;
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let shown = program.get("/v1/letters/L-0001/repair?what=wrong_amount").await.ok();
        let asked = format!(r#"{{"what":"wrong_amount","seen":{}}}"#, shown["hash"]);
        program.post("/v1/letters/L-0001/repair", &asked).await.is_problem(403, "needs-person");
        assert!(program.get("/v1/letters/L-0001").await.ok()["repaired_by"].is_null());
    }
}

#[tokio::test]
async fn a_letter_that_needs_a_look_is_approved_once() {
    for mut world in worlds("api_look").await {
        set_review_all(&as_person(&world.house, "Lin Yue"), true).await.expect("set");
        world.refresh().await;
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let site = open(&world, 10_000).await;
        let approves = Program::of_owner(&site, &world).await;
        let letter = approves.get("/v1/letters/L-0001").await.ok();
        assert_eq!((&letter["state"], &letter["review"]), (&"review".into(), &"look".into()), "{letter}");
        let seen = format!(r#"{{"seen":{}}}"#, letter["hash"]);
        let other = format!(r#"{{"seen":"{}"}}"#, "0".repeat(64));
        approves.post("/v1/letters/L-0001/approve", &other).await.is_problem(409, "refused");
        approves.post("/v1/letters/L-0001/approve", "{}").await.is_problem(400, "bad-request");
        let first = approves.post_once("/v1/letters/L-0001/approve", "yes-1", &seen).await;
        assert_eq!(first.status, 200, "{first:?}");
        assert_eq!(first.body["state"], "queued");
        let again = approves.post_once("/v1/letters/L-0001/approve", "yes-1", &seen).await;
        assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
        assert_eq!(first.body["approvals"].as_array().map(Vec::len), Some(1));
        // The same yes as a new request is refused: it waits for nobody any more.
        approves.post_once("/v1/letters/L-0001/approve", "yes-2", &seen).await.is_problem(409, "refused");
        let back = approves.post("/v1/letters/L-0001/unapprove", "").await.ok();
        assert_eq!(back["state"], "review");
        let no = approves.post("/v1/letters/L-0001/decline", r#"{"reason":"we met"}"#).await.ok();
        assert_eq!(no["state"], "cancelled");
    }
}

#[tokio::test]
async fn the_document_is_there_for_anybody() {
    for world in worlds("api_document").await {
        let site = open(&world, 10_000).await;
        let document = Program::with(&site, "").get("/v1/openapi.json").await.ok();
        assert_eq!(document["openapi"], "3.1.0");
        assert!(document["paths"]["/api/v1/debtors/{number}/hold"]["post"].is_object());
    }
}
