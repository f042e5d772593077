//! Whom the API lets in, and what it says to the others.

use dunlin::use_cases::manage_tokens::create_token;
use dunlin::web::doors::{DOORS, Door, Who};
use dunlin_core::access::{Right, Role};
use dunlin_store::{Actor, LogFilter};

use super::{Program, open};
use crate::isolation::{Within, house_of_other, other_firm, refusals, within_now};
use crate::site::hired;
use crate::world::{World, at, orders, settings, worlds};

const ALL_SEEING: &[Right] = &[Right::See, Right::SeeEverybody];

#[tokio::test]
async fn a_token_opens_what_both_its_scopes_and_its_user_may() {
    for world in worlds("token_scopes").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        let nobody = Program::with(&site, "");
        let refused = nobody.get("/v1/me").await;
        refused.is_problem(401, "unauthorized");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer realm=\"dunlin\""));
        let wrong = Program::with(&site, "1.01890a5d-ac96-774b-bcce-b302099a8057.guess").get("/v1/me").await;
        wrong.is_problem(401, "unauthorized");
        assert!(wrong.header("www-authenticate").is_some_and(|scheme| scheme.contains("invalid_token")));

        let looks = Program::of(&site, &world, Role::Owner, ALL_SEEING).await;
        let me = looks.get("/v1/me").await.ok();
        assert_eq!(me["rights"], serde_json::json!(["see", "see_everybody"]));
        assert_eq!(looks.get("/v1/debtors").await.ok()["items"].as_array().map(Vec::len), Some(2));
        let hold = r#"{"until":"2026-03-20","reason":"fair"}"#;
        let refused = looks.post("/v1/debtors/D-0001/hold", hold).await;
        refused.is_problem(403, "forbidden");
        assert_eq!(refused.body["right"], "work");
        let lines = world.house.store.audit_log(world.house.tenant.id, &LogFilter::default(), 1).await.expect("a log");
        assert_eq!((lines[0].verb.as_str(), lines[0].via.as_str()), ("access.refused", "api"));
        assert!(lines[0].facts["by_token"].is_string(), "{:?}", lines[0]);

        // Without the scope, the role alone does not show every buyer.
        let narrow = Program::of(&site, &world, Role::Owner, &[Right::See, Right::Work]).await;
        assert_eq!(narrow.get("/v1/debtors").await.ok()["items"], serde_json::json!([]));
        narrow.get("/v1/debtors/D-0001").await.is_problem(404, "not-found");
        narrow.post("/v1/debtors/D-0001/hold", hold).await.is_problem(404, "not-found");

        let auditor = hired(&world, Role::Auditor).await;
        let more = create_token(&world.house, auditor.id, "more", &[Right::Work], 1).await;
        assert!(more.expect_err("not in the role").to_string().contains("no right ‘work’"));
    }
}

#[tokio::test]
async fn every_call_asks_for_its_right() {
    for world in worlds("api_walk").await {
        let foreign = other_firm(&world).await;
        let site = open(&world, 1_000_000).await;
        let calls = || DOORS.iter().filter(|door| door.is_api());
        let name = |door: &Door| door.about.map_or("x".to_string(), |seen| foreign.name(seen).to_string());
        let place = |door: &Door| door.filled(&name(door)).trim_start_matches("/api").to_string();
        let json = ["Content-Type: application/json"];
        let nobody = Program::with(&site, "");
        for door in calls().filter(|door| door.who != Who::Anyone) {
            let told = nobody.send(door.method.as_str(), &place(door), &json, "{}").await;
            assert_eq!(told.status, 401, "{} {}", door.method, door.path);
        }
        for role in Role::ALL {
            let rights: Vec<Right> = Right::ALL.iter().copied().filter(|right| role.may(*right)).collect();
            let program = Program::of(&site, &world, *role, &rights).await;
            for door in calls() {
                let may = match door.who {
                    Who::Anyone => continue,
                    Who::SignedIn => true,
                    Who::May(right) => role.may(right),
                };
                let before = refusals(&world).await;
                let told = program.send(door.method.as_str(), &place(door), &json, "{}").await;
                let place = format!("{role:?} {} {}: {told:?}", door.method, door.path);
                assert_eq!(told.status == 403, !may, "{place}");
                // What is another firm's is not there, and whoever asked for it stands in the log.
                let is_refused = !may || door.about.is_some();
                assert!(!is_refused || matches!(told.status, 403 | 404), "{place}");
                assert_eq!(refusals(&world).await - before, usize::from(is_refused), "{place}");
                assert!(!format!("{:?}", told.body).contains("Secret"), "{place}");
                assert!(![401, 405].contains(&told.status) && told.status < 500, "{place}");
            }
        }
    }
}

#[tokio::test]
async fn a_salesperson_sees_their_own_buyers_alone() {
    for world in worlds("api_sight").await {
        world.import("orders.csv", &orders()).await;
        let seller = hired(&world, Role::Sales).await;
        let store = &world.house.store;
        let (rossi, _) = store.find_party(world.house.tenant.id, "D-0001").await.expect("reads").expect("Rossi");
        let mut commit = store.begin(world.house.tenant.id, world.house.now(), &Actor::system()).await.expect("begins");
        commit.assign_party(rossi, Some(seller.id)).await.expect("assigned");
        commit.finish().await.expect("kept");
        let site = open(&world, 10_000).await;
        let program = Program::of(&site, &world, Role::Sales, &[Right::See, Right::Work]).await;
        for (list, count) in [("debtors", 1), ("receivables", 2), ("orders", 2)] {
            let items = program.get(&format!("/v1/{list}")).await.ok()["items"].as_array().map(Vec::len);
            assert_eq!(items, Some(count), "{list}");
        }
        program.get("/v1/receivables?debtor=D-0002").await.is_problem(404, "not-found");
        program.get("/v1/receivables/R-0003").await.is_problem(404, "not-found");
        program.post("/v1/receivables/R-0003/hold/end", "").await.is_problem(404, "not-found");
        program.get("/v1/payments").await.is_problem(403, "forbidden");
        assert_eq!(program.get("/v1/debtors/D-0001").await.ok()["salesperson"], seller.id.to_string());
    }
}

#[tokio::test]
async fn the_things_of_another_firm_are_not_there() {
    for world in worlds("api_firms").await {
        let store = &world.house.store;
        let other_id = store
            .create_tenant("Other", &settings(world.dir.path().join("other")), true, at(crate::world::MORNING))
            .await
            .expect("a firm");
        let mut other = World {
            dir: tempfile::tempdir().expect("a folder"),
            place: world.place.clone(),
            house: world.house.clone(),
        };
        other.house.tenant = store.tenant(other_id).await.expect("the firm");
        other.import("orders.csv", &orders()).await;
        let (party, _) = store.find_party(other_id, "D-0001").await.expect("reads").expect("a debtor");
        let receivable = store.find_receivable(other_id, "R-0001").await.expect("a receivable").receivable_id;

        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        for path in [
            format!("/v1/debtors/{party}"),
            format!("/v1/receivables/{receivable}"),
            "/v1/debtors/D-0001".to_string(),
            "/v1/receivables/INV-2026-001".to_string(),
            "/v1/letters/L-0001".to_string(),
        ] {
            program.get(&path).await.is_problem(404, "not-found");
        }
        let credit = r#"{"reason":"not ours"}"#;
        program.post(&format!("/v1/receivables/{receivable}/credit"), credit).await.is_problem(404, "not-found");
        // A token names its firm, and another firm's name beside it opens nothing.
        let (_, rest) = program.token.split_once('.').expect("a token");
        let forged = Program::with(&site, &format!("{other_id}.{rest}"));
        forged.get("/v1/me").await.is_problem(401, "unauthorized");
    }
}

#[tokio::test]
async fn what_lies_within_another_debtor_is_not_there() {
    for world in worlds("api_within").await {
        world.import("orders.csv", &orders()).await;
        other_firm(&world).await;
        let other = house_of_other(&world).await;
        let (near, far) = (Within::of(&world.house, "D-0002").await, Within::of(&other, "D-0001").await);
        let site = open(&world, 10_000).await;
        let before = (within_now(&world.house, "D-0002").await, within_now(&other, "D-0001").await);
        let program = Program::of_owner(&site, &world).await;
        let json = ["Content-Type: application/json"];
        let mut calls = 0;
        for (door, within) in DOORS.iter().filter(|door| door.is_api()).flat_map(|door| [(door, &near), (door, &far)]) {
            let Some(path) = within.path(door) else { continue };
            for body in ["{}", r#"{"name":"Mallory","email":"mallory@evil.example"}"#, r#"{"reason":"x"}"#] {
                let told = program.send(door.method.as_str(), path.trim_start_matches("/api"), &json, body).await;
                // A body that does not fit is said first; one that does finds nobody.
                assert!([400, 404].contains(&told.status), "{} {}: {told:?}", door.method, door.path);
                assert!(!format!("{:?}", told.body).contains("Secret"), "{told:?}");
                calls += usize::from(told.status == 404);
            }
        }
        assert!(calls >= 8, "{calls}");
        let after = (within_now(&world.house, "D-0002").await, within_now(&other, "D-0001").await);
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn tokens_make_no_better_tokens_and_end() {
    for world in worlds("api_tokens").await {
        let site = open(&world, 10_000).await;
        let program = Program::of(&site, &world, Role::Owner, ALL_SEEING).await;
        let asked = |scopes: &str, days: i64| format!(r#"{{"name":"child","scopes":[{scopes}],"days":{days}}}"#);
        let better = program.post("/v1/tokens", &asked(r#""work""#, 1)).await;
        better.is_problem(403, "forbidden");
        program.post("/v1/tokens", &asked(r#""everything""#, 1)).await.is_problem(422, "not-possible");
        program.post("/v1/tokens", &asked(r#""see""#, 0)).await.is_problem(400, "bad-request");
        let made = program.post_once("/v1/tokens", "child-1", &asked(r#""see""#, 366)).await;
        assert_eq!(made.status, 201, "{made:?}");
        let again = program.post_once("/v1/tokens", "child-1", &asked(r#""see""#, 366)).await;
        assert_eq!((again.status, &again.body), (201, &made.body), "the same token, not a second one");
        let mine = program.get("/v1/me").await.ok();
        assert_eq!(made.body["expires_at"], mine["token"]["expires_at"], "no longer than the one that asked");
        let child = Program::with(&site, made.body["token"].as_str().expect("a token"));
        assert_eq!(child.get("/v1/me").await.ok()["rights"], serde_json::json!(["see"]));
        assert_eq!(program.get("/v1/tokens").await.ok()["items"].as_array().map(Vec::len), Some(2));
        let place = format!("/v1/tokens/{}", made.body["id"].as_str().expect("an id"));
        assert_eq!(program.send("DELETE", &place, &[], "").await.status, 204);
        child.get("/v1/me").await.is_problem(401, "unauthorized");
        program.send("DELETE", &place, &[], "").await.is_problem(404, "not-found");
    }
}

#[tokio::test]
async fn too_many_calls_wait() {
    for world in worlds("api_rate").await {
        let site = open(&world, 10).await;
        let program = Program::of_owner(&site, &world).await;
        for _ in 0..5 {
            program.get("/v1/me").await.ok();
        }
        let late = program.get("/v1/me").await;
        late.is_problem(429, "too-many-requests");
        let wait: u64 = late.header("retry-after").and_then(|wait| wait.parse().ok()).expect("how long to wait");
        assert!((1..=6).contains(&wait), "{wait}");
        Program::of_owner(&site, &world).await.get("/v1/me").await.ok();
    }
}

#[tokio::test]
async fn every_error_is_a_problem_that_says_what_and_where() {
    for world in worlds("api_problems").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        program.get("/v1/nothing").await.is_problem(404, "not-found");
        let method = program.send("DELETE", "/v1/debtors", &[], "").await;
        method.is_problem(405, "method-not-allowed");
        assert_eq!(method.header("allow"), Some("GET, HEAD, OPTIONS"));
        let options = program.send("OPTIONS", "/v1/debtors/D-0001", &[], "").await;
        assert_eq!((options.status, options.header("allow")), (204, Some("GET, PATCH, HEAD, OPTIONS")));
        let hold = "/v1/debtors/D-0001/hold";
        let broken = program.post(hold, r#"{"until": "#).await;
        broken.is_problem(400, "bad-request");
        assert!(broken.body["detail"].as_str().is_some_and(|detail| detail.contains("line 1")), "{broken:?}");
        assert_eq!(broken.body["instance"], format!("/api{hold}"));
        let shape = program.post(hold, r#"{"until":"soon","reason":"x"}"#).await;
        shape.is_problem(400, "bad-request");
        assert!(shape.body["detail"].as_str().is_some_and(|detail| detail.contains("until")), "{shape:?}");
        program.post(hold, r#"{"until":"2026-03-20","reason":"x","why":"y"}"#).await.is_problem(400, "bad-request");
        program.post(hold, r#"{"until":"2026-01-20","reason":"over"}"#).await.is_problem(409, "refused");
        let form = program.send("POST", hold, &["Content-Type: text/plain"], "until=2026-03-20").await;
        form.is_problem(415, "wrong-content-type");
        program
            .send("POST", "/v1/imports", &["Content-Type: image/png"], "x")
            .await
            .is_problem(415, "wrong-content-type");
        let large = format!(r#"{{"until":"2026-03-20","reason":"{}"}}"#, "x".repeat(1024 * 1024));
        program.post(hold, &large).await.is_problem(413, "too-large");
        let amount = r#"{"amount":{"amount":"1.234","currency":"USD"},"reason":"x"}"#;
        program.post("/v1/receivables/R-0001/credit", amount).await.is_problem(422, "not-possible");
        program.get("/v1/debtors?limit=0").await.is_problem(400, "bad-request");
        program.get("/v1/debtors?limt=5").await.is_problem(400, "bad-request");
        program.get("/v1/debtors/%ff").await.is_problem(404, "not-found");
        let about = Program::with(&site, "").get("/problems/refused").await.ok();
        assert_eq!((&about["status"], &about["type"]), (&409.into(), &"/api/problems/refused".into()));
    }
}
