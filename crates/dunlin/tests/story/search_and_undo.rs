//! What the frame of every page offers: one search over everything, ways back from a slip, and a stream that says when
//! something changed.

use std::time::Duration;

use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::site::{Site, Visitor, cookies_of, hired};
use crate::world::{World, mt940, orders, worlds};

async fn ready(world: &World) -> (Site, Visitor) {
    world.import("orders.csv", &orders()).await;
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    let site = Site::open(world).await;
    let owner = site.enter(world, Role::Owner).await;
    (site, owner)
}

#[tokio::test]
async fn a_search_finds_by_name_and_number_and_keeps_to_what_one_sees() {
    for world in worlds("search").await {
        let (site, owner) = ready(&world).await;
        let money = mt940("260306", "77,00", "UNKNOWN PAYER LTD", "NO NUMBER AT ALL");
        import_statement(&world.house, "march.sta", money.as_bytes(), Format::Auto).await.expect("read");
        for (search, hit) in [
            ("rossi", "/debtors/D-0001"),
            ("D-0002", "/debtors/D-0002"),
            ("C002", "/debtors/D-0002"),
            ("inv-2026-00", "/receivables/R-0003"),
            ("QH-1", "/receivables/R-0001"),
            ("L-0001", "/letters/L-0001"),
            ("unknown+payer", "/money#P-0001"),
            ("P-0001", "/money#P-0001"),
            ("money", "href=\"/money\""),
        ] {
            let page = owner.get(&format!("/search?q={search}")).await;
            assert!(page.starts_with("HTTP/1.1 200") && page.contains(hit), "{search}: no {hit}\n{page}");
        }
        // Exactly what was typed is the first of all hits.
        let page = owner.get("/search?q=R-0002&part=1").await;
        let first = page.split("data-hit>").next().unwrap_or_default();
        assert!(first.ends_with("<a class=\"hit-what\" href=\"/receivables/R-0002\" data-queue-item "), "{page}");
        assert!(!page.contains("<html"), "the part is no page");
        // Marks of patterns are letters like others.
        for search in ["%25", "_", "INV%25", "!", "%27"] {
            let page = owner.get(&format!("/search?q={search}&part=1")).await;
            assert!(page.starts_with("HTTP/1.1 200") && !page.contains("data-hit"), "{search}: {page}");
        }
        // A salesperson without buyers finds nobody's.
        let sales = site.enter(&world, Role::Sales).await;
        for search in ["rossi", "D-0001", "INV-2026-001", "R-0001", "L-0001", "P-0001", "unknown+payer"] {
            let page = sales.get(&format!("/search?q={search}&part=1")).await;
            assert!(page.starts_with("HTTP/1.1 200") && !page.contains("data-hit"), "{search}: {page}");
        }
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let (party, _) =
            world.house.store.find_party(world.house.tenant.id, "D-0001").await.expect("reads").expect("Rossi");
        commit.assign_party(party, Some(hired(&world, Role::Sales).await.id)).await.expect("assigned");
        commit.finish().await.expect("kept");
        assert!(sales.get("/search?q=INV-2026-001&part=1").await.contains("/receivables/R-0001"));
        assert!(!sales.get("/search?q=INV-2026-003&part=1").await.contains("data-hit"));
    }
}

/// Posts a form, then the way back that the toast of the next page offers. Returns the page after that.
async fn there_and_back(owner: &Visitor, action: &str, fields: &str) -> String {
    let answer = owner.post(action, &format!("{fields}&next=/ui")).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{action}: {answer}");
    let shown = with_toast(owner, &answer).await;
    let toast = shown.split("data-toast>").last().unwrap_or_default();
    let form = toast.split("<form method=\"post\" action=\"").nth(1).unwrap_or_else(|| panic!("{action}: {toast}"));
    let back = form.split('"').next().unwrap_or_default();
    let hidden = form.split("<input type=\"hidden\" name=\"").skip(1).filter_map(|rest| {
        let name = rest.split('"').next()?;
        Some(format!("{name}={}", rest.split("value=\"").nth(1)?.split('"').next()?))
    });
    let answer = owner.post(back, &hidden.collect::<Vec<_>>().join("&")).await;
    with_toast(owner, &answer).await
}

pub async fn with_toast(owner: &Visitor, answer: &str) -> String {
    let cookies = format!("Cookie: {}; {}", owner.cookies, cookies_of(answer));
    owner.with_cookies("").send("GET", "/ui", &[&cookies], "").await
}

#[tokio::test]
async fn what_was_done_by_mistake_is_taken_back_and_logged() {
    for world in worlds("undo").await {
        let (_, owner) = ready(&world).await;
        let money = mt940("260306", "77,00", "UNKNOWN PAYER LTD", "NO NUMBER AT ALL");
        import_statement(&world.house, "march.sta", money.as_bytes(), Format::Auto).await.expect("read");
        owner.post("/debtors/D-0001/hold", "until=2026-03-30&reason=stays").await;
        for (action, fields, said) in [
            ("/debtors/D-0001/hold", "until=2026-03-20&reason=fair", "The hold is over"),
            ("/receivables/R-0001/promise", "date=2026-03-20", "The promise is withdrawn"),
            ("/debtors/D-0001/block", "reason=fraud", "Not blocked any more"),
            ("/receivables/R-0001/why", "kind=forgot&note=slow", "What was known before holds again"),
            ("/receivables/R-0001/steps", "kind=first_reminder&date=2026-02-25", "the step has not been taken"),
            ("/receivables/R-0002/credit", "amount=30.00&currency=USD&reason=wet", "is owed again"),
            ("/payments/P-0001/match", "receivable=R-0002", "waits for its place again"),
            ("/receivables/R-0001/days", "kind=credit_expiry&date=2026-03-20", "Taken back"),
            ("/debtors/D-0001/closed", "from=2026-03-20&to=2026-03-22&reason=fair", "Taken back"),
            ("/payments/P-0001/set-aside", "reason=ours", "waits for its place again"),
        ] {
            let page = there_and_back(&owner, action, fields).await;
            let toast = page.split("data-toast>").last().unwrap_or_default();
            assert!(toast.contains(said), "{action}: {toast}");
        }
        let debtor = owner.get("/debtors/D-0001").await;
        assert!(debtor.contains("stays") && debtor.contains("hold/end"), "the earlier hold runs on");
        assert!(owner.get("/money").await.contains("P-0001"));
        let log = world.house.store.audit_log(world.house.tenant.id, &Default::default(), 100).await.expect("reads");
        for verb in
            ["hold.ended", "promise.withdrawn", "party.unblocked", "payment.taken_back", "payment.taken_from_aside"]
        {
            assert!(log.iter().any(|line| line.verb == verb && line.user_name.is_some()), "{verb}");
        }
        assert!(world.house.store.check_audit_log(world.house.tenant.id).await.expect("reads").is_none());
    }
}

#[tokio::test]
async fn a_declined_letter_comes_back_while_its_case_stands_still() {
    for world in worlds("reinstate").await {
        world.import("orders.csv", &orders()).await;
        let mut settings = world.house.tenant.settings.clone();
        settings.review_all = true;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.save_settings(&settings).await.expect("saved");
        commit.finish().await.expect("kept");
        let mut world = world;
        world.refresh().await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let page = there_and_back(&owner, "/letters/L-0001/decline", "reason=slip").await;
        assert!(page.contains("awaits approval again"), "{page}");
        assert!(owner.get("/letters/L-0001").await.contains("/letters/L-0001/approve"));
        // A run finds it under way and adds nothing.
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((run.written.letters, run.written.tasks, run.refused), (0, 0, 0));
        // Once the case has gone on there is no way back.
        owner.post("/letters/L-0001/decline", "reason=meant").await;
        world.set_clock("2026-04-20T08:00:00Z");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let refused = owner.post("/letters/L-0001/reinstate", "next=/ui").await;
        assert!(with_toast(&owner, &refused).await.contains("cannot be brought back"), "{refused}");
    }
}

#[tokio::test]
async fn refusals_are_in_the_readers_language_and_forged_toasts_offer_nothing() {
    for world in worlds("refusals_told").await {
        let (_, owner) = ready(&world).await;
        for (action, fields, english, chinese) in [
            ("/debtors/D-0001/hold", "until=2020-01-01&reason=x", "would already be over", "等于已经结束"),
            ("/debtors/D-0001/hold", "until=soon&reason=x", "is not a day", "不是日期"),
            ("/receivables/R-0002/credit", "amount=9999&currency=USD&reason=x", "outstanding on R-0002", "的未收款"),
            ("/debtors/D-0001/unblock", "", "is not blocked", "不在黑名单中"),
            ("/tasks/T-0999/done", "", "is not open", "已不在待办"),
        ] {
            let answer = owner.post(action, fields).await;
            let shown = with_toast(&owner, &answer).await;
            assert!(shown.contains(english), "{action}: {answer}");
            let visitor = owner.with_cookies(&format!("{}; lang=zh-CN", owner.cookies));
            let answer = visitor.post(action, fields).await;
            let shown = with_toast(&visitor, &answer).await;
            assert!(shown.contains(chinese), "{action}: {answer}");
        }
        use base64::Engine;
        let forged = br#"["Look",["/letters/L-0001/approve",[]],"//evil.example",false]"#;
        let toast = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(forged);
        let page = with_toast(&owner, &format!("set-cookie: toast={toast}; Path=/")).await;
        let toast = page.split("data-toast>").last().unwrap_or_default();
        assert!(toast.contains("Look") && !toast.contains("<form method=\"post\" action=\"/letters"), "{toast}");
    }
}

#[tokio::test]
async fn an_open_page_hears_of_changes_until_its_session_ends() {
    for world in worlds("events").await {
        let (site, owner) = ready(&world).await;
        assert!(site.stranger().get("/events").await.starts_with("HTTP/1.1 303"), "strangers hear nothing");
        let mut stream = tokio::net::TcpStream::connect(site.address).await.expect("connects");
        let request = format!(
            "GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {}\r\n\r\n",
            owner.cookies
        );
        stream.write_all(request.as_bytes()).await.expect("asks");
        let head = heard(&mut stream, "event: changed").await;
        assert!(head.contains("text/event-stream") && head.contains("x-accel-buffering: no"), "{head}");
        owner.post("/debtors/D-0001/hold", "until=2026-03-20&reason=fair").await;
        heard(&mut stream, "event: changed").await;
        owner.post("/sign-out", "").await;
        // Signing out is a change, and what it tells is the end.
        let mut rest = Vec::new();
        tokio::time::timeout(Duration::from_secs(25), stream.read_to_end(&mut rest))
            .await
            .expect("ends")
            .expect("reads");
        assert!(!String::from_utf8_lossy(&rest).contains("changed"), "{rest:?}");
    }
}

/// Reads until the words have come.
async fn heard(stream: &mut tokio::net::TcpStream, words: &str) -> String {
    let mut all = String::new();
    let mut part = [0_u8; 4096];
    let reading = async {
        while !all.contains(words) {
            let length = stream.read(&mut part).await.expect("reads");
            assert!(length > 0, "the stream ended: {all}");
            all.push_str(&String::from_utf8_lossy(&part[..length]));
        }
    };
    tokio::time::timeout(Duration::from_secs(15), reading).await.expect("in time");
    all
}
