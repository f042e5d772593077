//! The same request twice does a thing once.

use super::{Program, open};
use crate::world::{orders, worlds};

async fn outstanding(program: &Program) -> String {
    let shown = program.get("/v1/receivables/R-0001").await.ok();
    shown["outstanding"]["amount"].as_str().unwrap_or("").to_string()
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_again() {
    for world in worlds("api_once").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let credit = "/v1/receivables/R-0001/credit";
        let asked = r#"{"amount":{"amount":"30.00","currency":"USD"},"reason":"two cartons wet"}"#;
        let first = program.post_once(credit, "wet-1", asked).await;
        assert_eq!((first.status, first.header("idempotency-replayed")), (200, None), "{first:?}");
        let again = program.post_once(credit, "wet-1", asked).await;
        assert_eq!((again.status, again.header("idempotency-replayed")), (200, Some("true")));
        assert_eq!(again.body, first.body);
        assert_eq!(again.header("content-type"), Some("application/json"));
        assert_eq!(outstanding(&program).await, "12400.00");

        let other = asked.replace("30.00", "40.00");
        program.post_once(credit, "wet-1", &other).await.is_problem(422, "key-reused");
        program.post_once("/v1/receivables/R-0002/credit", "wet-1", asked).await.is_problem(422, "key-reused");
        assert_eq!(outstanding(&program).await, "12400.00");
        program.post_once(credit, "wet-2", asked).await.ok();
        assert_eq!(outstanding(&program).await, "12370.00", "another key is another credit");

        // A refusal is an answer too.
        let much = asked.replace("30.00", "99999.00");
        program.post_once(credit, "wet-3", &much).await.is_problem(409, "refused");
        let refused = program.post_once(credit, "wet-3", &much).await;
        refused.is_problem(409, "refused");
        assert_eq!(refused.header("idempotency-replayed"), Some("true"));
        program.post_once(credit, "two words", asked).await.is_problem(400, "bad-request");

        // Keys of one program are not those of another.
        let second = Program::of_owner(&site, &world).await;
        let theirs = second.post_once(credit, "wet-1", asked).await;
        assert_eq!((theirs.status, theirs.header("idempotency-replayed")), (200, None), "{theirs:?}");
    }
}

#[tokio::test]
async fn many_at_once_with_one_key_do_it_once() {
    for world in worlds("api_crowd").await {
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 10_000).await;
        let program = std::sync::Arc::new(Program::of_owner(&site, &world).await);
        let asked = r#"{"amount":{"amount":"30.00","currency":"USD"},"reason":"two cartons wet"}"#;
        let crowd = (0..8).map(|_| {
            let program = program.clone();
            tokio::spawn(async move { program.post_once("/v1/receivables/R-0001/credit", "crowd", asked).await })
        });
        for told in crowd.collect::<Vec<_>>() {
            let told = told.await.expect("answers");
            assert!(told.status == 200 || told.kind() == "under-way", "{told:?}");
        }
        assert_eq!(outstanding(&program).await, "12400.00");
    }
}
