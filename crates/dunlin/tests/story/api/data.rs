//! Data through the API: backups, what is known of a person, forgetting one, and the log of it.

use dunlin_core::access::{Right, Role};
use serde_json::Value;

use super::{Program, open};
use crate::world::{orders, worlds};

#[tokio::test]
async fn a_backup_is_made_and_listed_and_never_handed_out() {
    for world in worlds("api_backups").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        assert_eq!(program.get("/v1/backups").await.ok()["backups"], serde_json::json!([]));
        let begun = program.post_once("/v1/backups", "night-1", "").await.ok();
        assert_eq!(program.post_once("/v1/backups", "night-1", "").await.ok(), begun, "once");
        let place = format!("/v1/jobs/{}", begun["job"].as_str().expect("a job"));
        let mut job = Value::Null;
        for _ in 0..200 {
            job = program.get(&place).await.ok();
            if job["state"] != "running" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!((&job["state"], &job["kind"]), (&"done".into(), &"backup".into()), "{job}");
        let listed = program.get("/v1/backups").await.ok();
        let one = &listed["backups"][0];
        assert_eq!((&one["name"], &one["fits_key"], &one["fits_schema"]), (&job["what"], &true.into(), &true.into()));
        // A manager sees every buyer, and nothing of the data as a whole.
        let manager = Program::of(&site, &world, Role::Manager, &[Right::See, Right::SeeEverybody]).await;
        manager.get(&place).await.is_problem(404, "not-found");
        manager.post("/v1/backups", "").await.is_problem(403, "forbidden");
        let narrow = Program::of(&site, &world, Role::Owner, &[Right::See, Right::SeeEverybody]).await;
        narrow.get(&place).await.is_problem(404, "not-found");
        narrow.get("/v1/backups").await.is_problem(403, "forbidden");
        let name = one["name"].as_str().expect("a name");
        program.get(&format!("/v1/backups/{name}")).await.is_problem(404, "not-found");
        // What lies beside it and is none of ours is said to be none.
        std::fs::write(world.house.data_dir.join("backups").join("junk.backup"), "PK").expect("written");
        let listed = program.get("/v1/backups").await.ok();
        let junk = listed["backups"].as_array().expect("rows").iter().find(|row| row["name"] == "junk.backup");
        assert_eq!(junk.expect("listed")["fits_key"], Value::Null);
    }
}

#[tokio::test]
async fn a_person_is_exported_forgotten_and_unreadable_in_the_log_from_then_on() {
    for world in worlds("api_forget").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let people = program.get("/v1/debtors/D-0001/contacts").await.ok();
        let id = people["items"][0]["id"].as_str().expect("a person").to_string();
        let one = format!("/v1/debtors/D-0001/contacts/{id}");
        let moved = r#"{"email":"anna.private@rossi.example","phone":"+39 02 5550123"}"#;
        let once = ["Content-Type: application/json", "Idempotency-Key: anna-1"];
        program.send("PATCH", &one, &once, moved).await.ok();
        assert!(program.send("PATCH", &one, &once, moved).await.body.to_string().contains("anna.private"), "replayed");
        let known = program.get("/v1/debtors/D-0001/export").await.ok();
        assert!(known.to_string().contains("anna.private@rossi.example"), "{known}");

        let owner = site.enter(&world, Role::Owner).await;
        let log = async || {
            [
                owner.get("/settings/log").await,
                owner.get("/settings/log/export?form=csv").await,
                owner.get("/settings/log/export?form=jsonl").await,
                program.get("/v1/audit-log?limit=200").await.ok().to_string(),
            ]
        };
        assert!(log().await.iter().all(|text| text.contains("anna.private")), "before, everybody who may reads it");
        let erase = format!("{one}/erase");
        for (path, body, status, kind) in [
            (erase.as_str(), r#"{"typed":"anna"}"#, 409, "refused"),
            (erase.as_str(), "{}", 400, "bad-request"),
            ("/v1/debtors/D-0001/erase", r#"{"typed":"Rossi Outdoor S.r.l."}"#, 409, "refused"),
            ("/v1/debtors/D-0002/contacts/nobody/erase", r#"{"typed":"x"}"#, 404, "not-found"),
        ] {
            program.post(path, body).await.is_problem(status, kind);
        }
        let other = erase.replace("D-0001", "D-0002");
        program.post(&other, r#"{"typed":"Anna Rossi"}"#).await.is_problem(404, "not-found");
        let sales = Program::of(&site, &world, Role::Owner, &[Right::See, Right::SeeEverybody, Right::Work]).await;
        sales.post(&erase, r#"{"typed":"Anna Rossi"}"#).await.is_problem(403, "forbidden");
        sales.get("/v1/debtors/D-0001/export").await.is_problem(403, "forbidden");
        program.post(&erase, r#"{"typed":"Anna Rossi"}"#).await.ok();

        let [page, csv, jsonl, api] = log().await;
        for (what, text) in [("page", &page), ("csv", &csv), ("jsonl", &jsonl), ("api", &api)] {
            for word in ["anna.private", "anna@rossi", "5550123", "Anna Rossi"] {
                assert!(!text.contains(word), "‘{word}’ stands in the {what}: {text}");
            }
        }
        assert!(page.contains("the person was erased"), "{page}");
        assert!(csv.contains("[erased]") && jsonl.contains("\"erased\":true"), "{csv}\n{jsonl}");
        let chinese = owner.get("/settings/log?lang=zh-CN").await;
        assert!(chinese.contains("相关个人资料已被删除"), "{chinese}");
        let lines = program.get("/v1/audit-log?limit=200").await.ok();
        let changed = lines["items"].as_array().expect("lines").iter().filter(|line| line["erased"] == true);
        assert!(changed.clone().count() > 0 && changed.clone().all(|line| line["personal"].is_null()), "{lines}");
        // Nor is an answer that was kept for a repeated request.
        let replayed = program.send("PATCH", &one, &once, moved).await;
        assert_eq!(replayed.status, 409, "{replayed:?}");
        assert!(!format!("{replayed:?}").contains("anna"), "{replayed:?}");
        assert_eq!(program.get("/v1/audit-log/check").await.ok()["whole"], true, "and the log is whole");
        let known = program.get("/v1/debtors/D-0001/export").await.ok().to_string();
        assert!(!known.contains("anna.private"), "{known}");
    }
}
