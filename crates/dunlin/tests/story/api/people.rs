//! People and bank accounts through the API: a token lets nobody in, gives nobody more than it has, and is never the
//! second person.

use dunlin_core::access::{Right, Role};
use dunlin_store::{LogFilter, UserState};

use super::{Program, open};
use crate::isolation::refusals;
use crate::site::{hired, settled};
use crate::world::{orders, worlds};

#[tokio::test]
async fn a_program_enters_people_and_lets_nobody_in() {
    for world in worlds("api_people").await {
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let asked = r#"{"name":"Mei","email":"mei@story.example","role":"sales"}"#;
        let made = program.post_once("/v1/users", "mei-1", asked).await;
        assert_eq!((made.status, &made.body["state"]), (201, &"invited".into()), "{made:?}");
        assert!(!made.body.to_string().contains("join"), "no way in is handed out: {made:?}");
        let again = program.post_once("/v1/users", "mei-1", asked).await;
        assert_eq!(again.body, made.body, "once");
        program.post("/v1/users", asked).await.is_problem(409, "refused");
        program
            .post("/v1/users", r#"{"name":"X","email":"no address","role":"sales"}"#)
            .await
            .is_problem(409, "refused");
        program
            .post("/v1/users", r#"{"name":"X","email":"x@x.example","role":"king"}"#)
            .await
            .is_problem(400, "bad-request");
        let place = format!("/v1/users/{}", made.body["id"].as_str().expect("an id"));
        let patch = async |program: &Program, headers: &[&str], body: &str| {
            let all: Vec<&str> =
                ["Content-Type: application/json"].into_iter().chain(headers.iter().copied()).collect();
            program.send("PATCH", &place, &all, body).await
        };
        // Who is invited is let in by nobody but themselves.
        patch(&program, &[], r#"{"state":"active"}"#).await.is_problem(409, "refused");
        let old = program.get(&place).await;
        let tag = format!("If-Match: {}", old.header("etag").expect("a tag"));
        let changed = patch(&program, &[&tag], r#"{"role":"manager"}"#).await.ok();
        assert_eq!(changed["role"], "manager");
        patch(&program, &[&tag], r#"{"role":"sales"}"#).await.is_problem(412, "changed-meanwhile");

        // A key of the same owner with fewer scopes gives nobody what it lacks, and may take away.
        let narrow = Program::of(&site, &world, Role::Owner, &[Right::See, Right::Assign, Right::Users]).await;
        let refused = patch(&narrow, &[], r#"{"role":"owner"}"#).await;
        refused.is_problem(403, "forbidden");
        assert!(refused.body["right"].is_string(), "{refused:?}");
        narrow
            .post("/v1/users", r#"{"name":"Eve","email":"eve@story.example","role":"owner"}"#)
            .await
            .is_problem(403, "forbidden");
        assert_eq!(patch(&narrow, &[], r#"{"state":"left"}"#).await.ok()["state"], "left");
        patch(&narrow, &[], r#"{"state":"active"}"#).await.is_problem(403, "forbidden");
        // Nor does it put other people's buyers into its own sight.
        let me = narrow.get("/v1/me").await.ok()["user"]["id"].as_str().expect("an id").to_string();
        let seller = hired(&world, Role::Sales).await;
        let hand_over = format!("/v1/users/{}/hand-over", seller.id);
        narrow.post(&hand_over, &format!(r#"{{"to":"{me}"}}"#)).await.is_problem(403, "forbidden");
        let cover = format!(r#"{{"absent":"{}","deputy":"{me}","from":"2026-03-04","until":"2026-03-09"}}"#, seller.id);
        narrow.post("/v1/stand-ins", &cover).await.is_problem(403, "forbidden");
        let named = program.post("/v1/stand-ins", &cover).await.ok();
        let id = named["stand_ins"][0]["id"].as_str().expect("an id").to_string();
        assert_eq!(program.send("DELETE", &format!("/v1/stand-ins/{id}"), &[], "").await.status, 204);
        program.post(&hand_over, &format!(r#"{{"to":"{me}"}}"#)).await.ok();

        // The last owner stays, whoever asks.
        let mine = format!("/v1/users/{me}");
        let json = ["Content-Type: application/json"];
        program.send("PATCH", &mine, &json, r#"{"state":"left"}"#).await.is_problem(409, "refused");
        let forget = format!("{place}/erase");
        program.post(&forget, r#"{"typed":"Mai"}"#).await.is_problem(409, "refused");
        assert_eq!(program.post(&forget, r#"{"typed":"Mei"}"#).await.status, 204);
        program.get(&place).await.is_problem(404, "not-found");
        let users = program.get("/v1/users?limit=1").await.ok();
        assert!(users["next"].is_string() && !users.to_string().contains("Mei"), "{users}");
    }
}

#[tokio::test]
async fn somebody_is_signed_out_everywhere() {
    for world in worlds("api_sign_out").await {
        let site = open(&world, 10_000).await;
        let seller = hired(&world, Role::Sales).await;
        let (one, other) = (site.enter_as(&seller).await, site.enter_as(&seller).await);
        assert!(one.get("/today").await.starts_with("HTTP/1.1 200"));
        let program = Program::of_owner(&site, &world).await;
        let place = format!("/v1/users/{}/sign-out", seller.id);
        let of_seller = Program::of(&site, &world, Role::Sales, &[Right::See]).await;
        of_seller.post(&place, "").await.is_problem(403, "forbidden");
        assert_eq!(program.post(&place, "").await.ok()["browsers"], 2);
        for browser in [&one, &other] {
            assert!(browser.get("/today").await.starts_with("HTTP/1.1 303"), "to the sign-in");
        }
        assert_eq!(of_seller.get("/v1/me").await.ok()["rights"], serde_json::json!(["see"]), "tokens stay");
        // The same on a page, for whoever may; a tampered form of somebody else changes nothing.
        let back = site.enter_as(&seller).await;
        let form = format!("/settings/people/{}/sign-out", seller.id);
        assert!(back.post(&form, "").await.starts_with("HTTP/1.1 403"));
        assert!(back.get("/today").await.starts_with("HTTP/1.1 200"));
        assert!(site.enter(&world, Role::Owner).await.post(&form, "").await.starts_with("HTTP/1.1 303"));
        assert!(back.get("/today").await.starts_with("HTTP/1.1 303"));
        // One's own browsers, one by one.
        let here = site.enter_as(&seller).await;
        let mine = of_seller.get("/v1/me/sessions").await.ok();
        let id = mine["sessions"][0]["id"].as_str().expect("a session").to_string();
        assert_eq!(mine["sessions"].as_array().map(Vec::len), Some(1));
        program.send("DELETE", &format!("/v1/me/sessions/{id}"), &[], "").await.is_problem(404, "not-found");
        assert_eq!(of_seller.send("DELETE", &format!("/v1/me/sessions/{id}"), &[], "").await.status, 204);
        assert!(here.get("/today").await.starts_with("HTTP/1.1 303"));
    }
}

#[tokio::test]
async fn a_token_proposes_an_account_and_is_never_the_second_person() {
    for world in worlds("api_bank").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        settled(&world, Role::Owner).await;
        settled(&world, Role::Finance).await;
        let proposer = Program::of(&site, &world, Role::Owner, &[Right::BankAccounts]).await;
        let second = Program::of(&site, &world, Role::Finance, &[Right::BankAccounts]).await;
        let asked =
            r#"{"currency":"EUR","holder":"Ningbo Story","bank":"Other Bank","account":"DE89370400440532013000"}"#;
        let wrong = asked.replace("DE89", "DE88");
        proposer.post("/v1/bank-accounts", &wrong).await.is_problem(409, "refused");
        // No letter has left yet: on the page it would count at once.
        let told = proposer.post("/v1/bank-accounts", asked).await.ok();
        let waits = |told: &serde_json::Value| {
            let all = told["accounts"].as_array().expect("accounts").clone();
            all.into_iter().find(|account| account["currency"] == "EUR").expect("the account")
        };
        let account = waits(&told);
        assert_eq!((&account["state"], &told["page"]), (&"waits".into(), &"/settings/bank".into()));
        let confirm = format!(r#"{{"seen":{}}}"#, account["hash"]);
        let before = refusals(&world).await;
        for program in [&proposer, &second] {
            let refused = program.post_once("/v1/bank-accounts/EUR/confirm", "yes-1", &confirm).await;
            refused.is_problem(403, "needs-person");
            assert_eq!(refused.body["page"], "/settings/bank");
        }
        assert_eq!(refusals(&world).await, before + 2, "whoever tried stands in the log");
        assert_eq!(waits(&second.get("/v1/bank-accounts").await.ok())["state"], "waits");
        second.post("/v1/bank-accounts/EUR/confirm", "{}").await.is_problem(400, "bad-request");
        // A person says yes to what they looked at, and to nothing else.
        let person = site.enter(&world, Role::Finance).await;
        let seen = account["hash"].as_str().expect("a hash");
        let forged = person.post("/settings/bank/EUR/confirm", &format!("seen={}", "0".repeat(64))).await;
        assert!(forged.starts_with("HTTP/1.1 303"), "{forged}");
        assert_eq!(waits(&second.get("/v1/bank-accounts").await.ok())["state"], "waits");
        person.post("/settings/bank/EUR/confirm", &format!("seen={seen}")).await;
        assert_eq!(waits(&second.get("/v1/bank-accounts").await.ok())["state"], "resting", "the quarantine runs");
        // The same yes once more finds nothing that waits; stopping it is open to both.
        person.post("/settings/bank/EUR/confirm", &format!("seen={seen}")).await;
        let told = second.post("/v1/bank-accounts/EUR/withdraw", "").await.ok();
        assert!(
            told["accounts"].as_array().is_some_and(|all| all.iter().all(|one| one["currency"] != "EUR")),
            "{told}"
        );
        person.post("/settings/bank/EUR/confirm", &format!("seen={seen}")).await;
        let told = second.get("/v1/bank-accounts").await.ok();
        assert!(!told.to_string().contains("EUR"), "a replayed yes brings nothing back: {told}");
        second.post("/v1/bank-accounts/EUR/withdraw", "").await.is_problem(409, "refused");
    }
}

#[tokio::test]
async fn the_settings_of_the_firm_and_ones_own() {
    for world in worlds("api_settings").await {
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let json = ["Content-Type: application/json"];
        let patch = async |place: &str, body: &str| program.send("PATCH", place, &json, body).await;
        let firm = patch("/v1/company", r#"{"phone":"+86 574 1","difficulty":{"en":"Our mill is due."}}"#).await.ok();
        assert_eq!((&firm["phone"], &firm["difficulty"]["en"]), (&"+86 574 1".into(), &"Our mill is due.".into()));
        assert_eq!(firm["company"], "Ningbo Story Co., Ltd.", "what is left out stays");
        patch("/v1/company", r#"{"name":"Lin\nBcc: eve@evil.example"}"#).await.is_problem(400, "bad-request");
        patch("/v1/company", r#"{"email":"nobody"}"#).await.is_problem(409, "refused");
        patch("/v1/company", r#"{"time_zone":"Mars/Base"}"#).await.is_problem(409, "refused");
        patch("/v1/company", r#"{"latin":{"name":"林月"}}"#).await.is_problem(409, "refused");
        patch("/v1/company", r#"{"safe_mode":false}"#).await.is_problem(400, "bad-request");
        assert_eq!(patch("/v1/rules", r#"{"gap_hours":96.0}"#).await.ok()["gap_hours"], 96);
        patch("/v1/rules", r#"{"gap_hours":1}"#).await.is_problem(400, "bad-request");

        let sales = Program::of(&site, &world, Role::Sales, &[Right::See, Right::Work]).await;
        let looks = Program::of(&site, &world, Role::Sales, &[Right::See]).await;
        let own = r#"{"signature":"Mei\nNingbo Story","reply_to":"mei@story.example"}"#;
        looks.send("PATCH", "/v1/me/settings", &json, own).await.is_problem(403, "forbidden");
        let told = sales.send("PATCH", "/v1/me/settings", &json, own).await.ok();
        assert_eq!((&told["reply_to"], &looks.get("/v1/me/settings").await.ok()), (&"mei@story.example".into(), &told));
        sales.get("/v1/company").await.is_problem(403, "forbidden");
        sales.get("/v1/channels").await.is_problem(403, "forbidden");

        let channels = program.get("/v1/channels").await.ok();
        assert_eq!(channels["channels"][0]["way"], "folder", "{channels}");
        let tested = program.post("/v1/channels/test", "").await.ok();
        assert_eq!((&tested["outcome"], &tested["to"]), (&"sent".into(), &"owner@story.example".into()));
        assert_eq!(world.letters().len(), 1);

        assert_eq!(program.post("/v1/safe-mode/on", "").await.ok()["on"], true);
        program.post("/v1/safe-mode/live", r#"{"typed":"story"}"#).await.is_problem(409, "refused");
        assert_eq!(program.get("/v1/safe-mode").await.ok()["on"], true);
        sales.post("/v1/safe-mode/live", r#"{"typed":"Story"}"#).await.is_problem(403, "forbidden");
        let name = program.get("/v1/me").await.ok()["firm"]["name"].to_string();
        assert_eq!(program.post("/v1/safe-mode/live", &format!(r#"{{"typed":{name}}}"#)).await.ok()["on"], false);
        let lines =
            world.house.store.audit_log(world.house.tenant.id, &LogFilter::default(), 200).await.expect("a log");
        for verb in ["settings.company", "settings.rules", "user.own_settings", "safe_mode.on", "safe_mode.off"] {
            let line = lines.iter().find(|line| line.verb == verb);
            assert!(line.is_some_and(|line| line.facts["by_token"].is_string()), "{verb}");
        }
        let users = world.house.store.users(world.house.tenant.id).await.expect("users");
        assert!(users.iter().all(|user| user.state == UserState::Active));
    }
}
