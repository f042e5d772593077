//! Lists from end to end, and answers that are not sent twice.

use std::collections::BTreeSet;

use super::{Program, open};
use crate::world::{HEADER, worlds};

/// Twenty-three buyers with an order each, the first of them with a second.
fn many() -> String {
    let mut text = HEADER.to_string();
    for n in 1..=23 {
        text += &format!(
            "QH-{n},C{n:03},Buyer {n} S.r.l.,意大利,Anna {n},财务,anna{n}@buyer.example,USD,{n}00.00,OA 30 days,\
             2026-01-10,INV-{n},2026-01-20\n"
        );
    }
    text + "QH-99,C001,Buyer 1 S.r.l.,意大利,Anna 1,财务,anna1@buyer.example,USD,990.00,OA 30 days,2026-01-10,INV-99,2026-01-20\n"
}

/// Goes through a list by its cursors.
async fn walk(program: &Program, list: &str, limit: usize) -> Vec<String> {
    let name = |item: &serde_json::Value| item["number"].to_string();
    let (mut all, mut place) = (Vec::new(), format!("/v1/{list}?limit={limit}"));
    loop {
        let page = program.get(&place).await.ok();
        let items = page["items"].as_array().expect("items");
        all.extend(items.iter().map(name));
        match page["next"].as_str() {
            Some(next) => {
                assert_eq!(items.len(), limit, "{list}: only the last page is short");
                place = format!("/v1/{list}?limit={limit}&cursor={next}");
            }
            None => return all,
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps() {
    for world in worlds("api_pages").await {
        world.import("orders.csv", &many()).await;
        let site = open(&world, 100_000).await;
        let program = Program::of_owner(&site, &world).await;
        for (list, count) in [("debtors", 23), ("receivables", 24), ("orders", 24), ("letters", 23)] {
            let whole = walk(&program, list, 200).await;
            assert_eq!(whole.len(), count, "{list}");
            assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), count, "{list}: nothing twice");
            for limit in [1, 4, 23, 24] {
                assert_eq!(walk(&program, list, limit).await, whole, "{list} by {limit}");
            }
        }
        let log = walk(&program, "audit-log", 2).await;
        assert!(log.len() >= 3 && log.len() == log.iter().collect::<BTreeSet<_>>().len(), "{log:?}");
        let page = program.get("/v1/debtors?limit=2").await.ok();
        let cursor = page["next"].as_str().expect("another page");
        program.get(&format!("/v1/letters?cursor={cursor}")).await.is_problem(422, "not-possible");
        program.get("/v1/letters?cursor=garbage").await.is_problem(422, "not-possible");
        let owing = program.get("/v1/debtors?owing=true&limit=1").await.ok();
        assert_eq!(owing["items"][0]["balances"][0]["open"]["amount"], "1090.00");
        let of_first = program.get("/v1/receivables?debtor=D-0001&open=true").await.ok();
        assert_eq!(of_first["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(program.get("/v1/letters?state=sent").await.ok()["items"], serde_json::json!([]));
    }
}

#[tokio::test]
async fn an_answer_that_is_known_is_not_sent_again() {
    for world in worlds("api_etags").await {
        world.import("orders.csv", &crate::world::orders()).await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let first = program.get("/v1/debtors/D-0001").await;
        let tag = first.header("etag").expect("a tag").to_string();
        let known = format!("If-None-Match: {tag}");
        let again = program.send("GET", "/v1/debtors/D-0001", &[&known], "").await;
        assert_eq!(
            (again.status, again.header("etag"), &again.body),
            (304, Some(tag.as_str()), &serde_json::Value::Null)
        );
        let head = program.send("HEAD", "/v1/debtors/D-0001", &[], "").await;
        assert_eq!((head.status, head.header("etag")), (200, Some(tag.as_str())));
        assert_eq!(head.body, serde_json::Value::Null);

        // A change of what was seen goes through, one of what has changed since does not.
        let seen = format!("If-Match: {tag}");
        let headers = ["Content-Type: application/json", seen.as_str()];
        let change = r#"{"playbook":"b5_other_direct"}"#;
        let changed = program.send("PATCH", "/v1/debtors/D-0001", &headers, change).await.ok();
        assert_eq!(changed["playbook"], "b5_other_direct");
        let late = program.send("PATCH", "/v1/debtors/D-0001", &headers, r#"{"playbook":null}"#).await;
        late.is_problem(412, "changed-meanwhile");
        let fresh = program.send("GET", "/v1/debtors/D-0001", &[&known], "").await;
        assert_eq!(fresh.status, 200);
        assert_eq!(fresh.body["playbook"], "b5_other_direct");
        let any = program.send("PATCH", "/v1/debtors/D-0001", &headers[..1], r#"{"playbook":null}"#).await.ok();
        assert_eq!(any["playbook"], serde_json::Value::Null);
    }
}
