//! The same request twice does a thing once.

use std::io::BufRead;

use dunlin::use_cases::manage_tokens::create_token;
use dunlin_core::access::{Right, Role};
use dunlin_store::fault::FaultPoint;
use dunlin_store::people::tokens::Repeated;
use dunlin_store::{Actor, LogEntry, OnceKey};
use jiff::{SignedDuration, Timestamp};

use super::{Program, open};
use crate::site::Site;
use crate::world::{World, orders, worlds};

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

/// The program itself on a database, dying where it is told to.
struct Served {
    child: std::process::Child,
    site: Site,
}

impl Served {
    fn start(world: &World, fault: Option<FaultPoint>) -> Self {
        let mut command = crate::world::program();
        command.args(["serve", "--no-worker", "--listen", "127.0.0.1:0", "--db", &world.place]);
        command.arg("--data-dir").arg(world.dir.path()).stdout(std::process::Stdio::piped());
        command.env_remove("DUNLIN_FAULT");
        if let Some(point) = fault {
            command.env("DUNLIN_FAULT", point.code());
        }
        let mut child = command.spawn().expect("starts");
        let lines = std::io::BufReader::new(child.stdout.take().expect("what it says")).lines();
        let told = lines.map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("http://")?;
            rest.split([' ', '/']).next()?.parse().ok()
        });
        Self { child, site: Site { address: told.expect("an address") } }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_machine_that_stops_before_the_answer_leads_to_no_second_change() {
    let credit = "/v1/receivables/R-0001/credit";
    let asked = r#"{"amount":{"amount":"30.00","currency":"USD"},"reason":"two cartons wet"}"#;
    for (point, left, told) in
        [(FaultPoint::CommitDone, "12400.00", "answer-lost"), (FaultPoint::CommitBegun, "12430.00", "under-way")]
    {
        for world in worlds("api_stops").await {
            world.import("orders.csv", &orders()).await;
            let owner = Program::of_owner(&open(&world, 10_000).await, &world).await;
            let dying = Served::start(&world, Some(point));
            let program = Program::with(&dying.site, &owner.token);
            // It answers nothing: the connection breaks off.
            let broken = tokio::spawn(async move { program.post_once(credit, "stop-1", asked).await }).await;
            assert!(broken.is_err(), "{} did not stop it: {broken:?}", point.code());
            drop(dying);

            let living = Served::start(&world, None);
            let program = Program::with(&living.site, &owner.token);
            assert_eq!(outstanding(&program).await, left, "after {}", point.code());
            // An answer may be on its way for some seconds; then it is given up.
            tokio::time::sleep(std::time::Duration::from_secs(6)).await;
            for _ in 0..2 {
                program.post_once(credit, "stop-1", asked).await.is_problem(409, told);
                assert_eq!(outstanding(&program).await, left, "repeated after {}", point.code());
            }
            program.post_once(credit, "stop-2", asked).await.ok();
        }
    }
}

#[tokio::test]
async fn whoever_took_too_long_changes_nothing_under_a_key_that_is_another_s() {
    for world in worlds("api_slow").await {
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let user = crate::site::hired(&world, Role::Owner).await;
        let made = create_token(&world.house, user.id, "slow", Right::ALL, 30).await.expect("a token");
        let now = Timestamp::now();
        let taken = |minutes| OnceKey {
            token: made.id,
            key: "slow-1".to_string(),
            taken_at: now - SignedDuration::from_mins(minutes),
        };
        let (slow, next) = (taken(11), taken(0));
        assert_eq!(store.take_idempotency_key(tenant, &slow, "same").await.expect("taken"), Repeated::First);
        assert_eq!(store.take_idempotency_key(tenant, &next, "same").await.expect("taken"), Repeated::First);
        let noting = |once: OnceKey| {
            let actor = Actor { once: Some(once), ..Actor::command_line("story".to_string()) };
            let house = world.house.clone().acting(actor);
            async move {
                let mut commit = house.begin().await.expect("begins");
                commit.log(LogEntry::new("user.signed_out", "user", "story"));
                commit.finish().await
            }
        };
        let late = noting(slow).await.expect_err("the key is another's").to_string();
        assert!(late.contains("took too long"), "{late}");
        noting(next.clone()).await.expect("the one that has it");
        // Given back after something was changed, it stays used.
        store.keep_answer(tenant, &next, None).await.expect("given back");
        let again = OnceKey { taken_at: now + SignedDuration::from_mins(20), ..next };
        let known = store.take_idempotency_key(tenant, &again, "same").await.expect("known");
        assert!(matches!(known, Repeated::Unanswered { .. }), "{known:?}");
    }
}
