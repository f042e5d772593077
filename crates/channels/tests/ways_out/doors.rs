//! Who is let in and who is not: signatures, times, repetitions, tokens, too many calls.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dunlin_channels::aliexpress::auth::Token;
use dunlin_channels::aliexpress::error::Need;
use dunlin_channels::aliexpress::orders::{Asked, OrderQuery};
use dunlin_channels::aliexpress::session::{Keeper, Turn};
use dunlin_channels::aliexpress::{ApiError, Session};
use dunlin_sandbox::aliexpress::Options;
use jiff::SignedDuration;
use serde_json::json;

use crate::stand::{Stand, pacific, unhurried};

const METHOD: &str = "aliexpress.solution.order.get";
const ASKED: &str = r#"{"page_size":1,"current_page":1}"#;

/// A question that any shop can answer.
fn question(stand: &Stand) -> OrderQuery {
    let now = stand.now();
    let (window, _) = pacific().window(now - SignedDuration::from_hours(1), now);
    OrderQuery { asked: Asked::AllButFinished, created: window, modified: window }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_signature_is_refused_in_the_words_of_each_family() {
    let stand = Stand::open(unhurried()).await;
    let form = stand.form(&[("method", METHOD), ("session", "x"), ("param0", ASKED)]);
    let refused = stand.raw("/sync", METHOD, form, "another secret").await;
    assert_eq!(refused["error_response"]["code"], "IncompleteSignature", "{refused}");
    assert!(refused["error_response"]["request_id"].is_string());
    let refused = stand.raw("/rest/auth/token/create", "/auth/token/create", stand.form(&[("code", "3")]), "no").await;
    assert_eq!(refused["code"], "IncompleteSignature", "{refused}");
    assert!(refused["message"].is_string());
    // The path belongs to what a system call signs.
    let form = stand.form(&[("code", "3")]);
    let refused = stand.raw("/rest/auth/token/create", "auth.token.create", form, "helloworld").await;
    assert_eq!(refused["code"], "IncompleteSignature", "{refused}");
    let refused = stand.raw("/rest/auth/token/make", "/auth/token/make", stand.form(&[]), "helloworld").await;
    assert_eq!(refused["code"], "InvalidApiPath", "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_came_before_or_of_another_time_is_refused() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    let token = session.token().await;
    let mut form = stand.form(&[("method", METHOD), ("session", token.access.expose()), ("param0", ASKED)]);
    let signature =
        dunlin_channels::aliexpress::sign::sign(METHOD, &form, &dunlin_channels::aliexpress::Secret::new("helloworld"));
    form.insert("sign".into(), signature);
    let first = stand.raw("/sync", METHOD, form.clone(), "").await;
    assert_eq!(first["aliexpress_solution_order_get_response"]["result"]["success"], true, "{first}");
    let again = stand.raw("/sync", METHOD, form, "").await;
    assert_eq!(again["error_response"]["code"], "IllegalTimestamp", "{again}");
    for off in [-601_000, 601_000] {
        let mut form = stand.form(&[("method", METHOD), ("session", token.access.expose()), ("param0", ASKED)]);
        form.insert("timestamp".into(), (stand.now().as_millisecond() + off).to_string());
        let refused = stand.raw("/sync", METHOD, form, "helloworld").await;
        assert_eq!(refused["error_response"]["code"], "IllegalTimestamp", "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_works_once() {
    let stand = Stand::open(unhurried()).await;
    let client = stand.client(1_000.0, Duration::from_secs(1));
    let code = stand.agree(&client).await;
    client.create_token(&code).await.expect("a token");
    let again = client.create_token(&code).await.expect_err("used up");
    assert!(matches!(again, ApiError::NeedsPerson { need: Need::AuthorizeAgain, .. }), "{again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_refreshed_before_its_end_and_when_it_is_refused() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    let first = session.token().await;
    session.order_page(&question(&stand), 1, 50, &pacific()).await.expect("a page");
    assert_eq!(session.token().await, first, "nothing to refresh yet");

    // Twenty hours of twenty-four: in its last fifth.
    stand.advance(20 * 3_600).await;
    session.order_page(&question(&stand), 1, 50, &pacific()).await.expect("a page");
    let second = session.token().await;
    assert_ne!(second.access, first.access);
    assert_eq!(stand.kept.lock().expect("kept").last(), Some(&second));
    let form = stand.form(&[("method", METHOD), ("session", first.access.expose()), ("param0", ASKED)]);
    let refused = stand.raw("/sync", METHOD, form, "helloworld").await;
    assert_eq!(refused["error_response"]["code"], "IllegalAccessToken", "{refused}");

    stand.control("/tokens/expire", json!({})).await;
    session.order_page(&question(&stand), 1, 50, &pacific()).await.expect("a page");
    assert_ne!(session.token().await.access, second.access);
    assert_eq!(stand.kept.lock().expect("kept").len(), 2);

    stand.control("/tokens/expire", json!({"refresh_as_well": true})).await;
    let ended = session.order_page(&question(&stand), 1, 50, &pacific()).await.expect_err("ended");
    assert!(matches!(ended, ApiError::NeedsPerson { need: Need::AuthorizeAgain, .. }), "{ended}");
    assert!(!ended.to_string().contains(session.token().await.access.expose()));
}

/// What two programs share: the token that is kept, and whether somebody is renewing it.
#[derive(Debug)]
struct Shared {
    token: Token,
    is_renewed: bool,
}

/// A session of one of the programs.
fn of_program(stand: &Stand, shared: &Arc<Mutex<Shared>>) -> Session {
    let token = shared.lock().expect("shared").token.clone();
    let (asked, kept, given) = (Arc::clone(shared), Arc::clone(shared), Arc::clone(shared));
    let keeper = Keeper {
        turn: Arc::new(move |held: Token| {
            let mut shared = asked.lock().expect("shared");
            let turn = match () {
                () if shared.token != held => Turn::Take(shared.token.clone()),
                () if shared.is_renewed => Turn::Wait,
                () => {
                    shared.is_renewed = true;
                    Turn::Renew
                }
            };
            Box::pin(std::future::ready(Ok(turn)))
        }),
        keep: Arc::new(move |token: Token| {
            *kept.lock().expect("shared") = Shared { token, is_renewed: false };
            Box::pin(std::future::ready(Ok(())))
        }),
        give_back: Arc::new(move || {
            given.lock().expect("shared").is_renewed = false;
            Box::pin(std::future::ready(()))
        }),
    };
    Session::new(Arc::new(stand.client(5_000.0, Duration::from_secs(5))), token, keeper)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_programs_one_renews_the_token_and_the_others_take_it() {
    let stand = Stand::open(unhurried()).await;
    let token = stand.session().await.token().await;
    let shared = Arc::new(Mutex::new(Shared { token: token.clone(), is_renewed: false }));
    let sessions: Vec<Arc<Session>> = (0..6).map(|_| Arc::new(of_program(&stand, &shared))).collect();
    for ended in ["near its end", "ended over there"] {
        match ended {
            "near its end" => stand.advance(20 * 3_600).await,
            _ => drop(stand.control("/tokens/expire", json!({})).await),
        }
        let question = question(&stand);
        let asked: Vec<_> = sessions
            .iter()
            .zip(1..)
            .map(|(session, page)| {
                let (session, question) = (Arc::clone(session), question.clone());
                // Each another page: equal calls of one millisecond would be one repeated.
                tokio::spawn(async move { session.order_page(&question, page, 1, &pacific()).await })
            })
            .collect();
        for one in asked {
            one.await.expect("ended").unwrap_or_else(|error| panic!("{ended}: {error}"));
        }
        let kept = shared.lock().expect("shared").token.clone();
        for session in &sessions {
            assert_eq!(session.token().await, kept, "{ended}");
        }
    }
    // A renewal that is refused leaves the turn to whoever comes next.
    stand.control("/tokens/expire", json!({"refresh_as_well": true})).await;
    for session in &sessions {
        let refused = session.order_page(&question(&stand), 1, 1, &pacific()).await.expect_err("ended");
        assert!(matches!(refused, ApiError::NeedsPerson { need: Need::AuthorizeAgain, .. }), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_ended_is_refused_in_the_words_of_each_family() {
    let stand = Stand::open(unhurried()).await;
    let token = stand.session().await.token().await;
    // An access token lives for a day, what renews it for two.
    stand.advance(24 * 3_600 + 1).await;
    let form = stand.form(&[("method", METHOD), ("session", token.access.expose()), ("param0", ASKED)]);
    let refused = stand.raw("/sync", METHOD, form, "helloworld").await;
    assert_eq!(refused["error_response"]["code"], "IllegalAccessToken", "{refused}");
    assert_eq!(refused["error_response"]["type"], "ISV", "{refused}");
    assert!(refused["error_response"]["msg"].is_string(), "{refused}");
    stand.advance(24 * 3_600 + 1).await;
    let path = "/auth/token/refresh";
    let form = stand.form(&[("refresh_token", token.refresh.expose())]);
    let refused = stand.raw("/rest/auth/token/refresh", path, form, "helloworld").await;
    assert_eq!(refused["code"], "IllegalRefreshToken", "{refused}");
    assert!(refused["message"].is_string() && refused.get("error_response").is_none(), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_call_that_came_before_is_refused_whatever_it_asks() {
    let stand = Stand::open(unhurried()).await;
    let path = "/auth/token/create";
    let mut form = stand.form(&[("code", "3")]);
    let signature =
        dunlin_channels::aliexpress::sign::sign(path, &form, &dunlin_channels::aliexpress::Secret::new("helloworld"));
    form.insert("sign".into(), signature);
    let first = stand.raw("/rest/auth/token/create", path, form.clone(), "").await;
    assert_eq!(first["code"], "InvalidCode", "{first}");
    let again = stand.raw("/rest/auth/token/create", path, form, "").await;
    assert_eq!(again["code"], "IllegalTimestamp", "{again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ban_is_waited_out_and_a_client_that_knows_its_rate_meets_none() {
    let stand = Stand::open(Options { calls_per_second: 40.0, ban_seconds: 1, ..Options::default() }).await;
    let session = stand.session_at(40.0, Duration::from_secs(5)).await;
    for _ in 0..60 {
        session.order_page(&question(&stand), 1, 1, &pacific()).await.expect("a page");
    }
    assert_eq!(stand.look("/received").await["calls"]["throttled"], 0);

    let hasty = stand.session_at(1_000.0, Duration::from_secs(5)).await;
    let begun = Instant::now();
    for _ in 0..60 {
        hasty.order_page(&question(&stand), 1, 1, &pacific()).await.expect("a page all the same");
    }
    assert!(begun.elapsed() >= Duration::from_secs(1), "no ban was waited out");
    let throttled = stand.look("/received").await["calls"]["throttled"].as_u64().expect("a count");
    assert!((1..20).contains(&throttled), "{throttled} calls ran into a ban");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ban_beyond_all_patience_is_told_and_not_waited_out() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session_at(1_000.0, Duration::from_secs(2)).await;
    stand.control("/throttle", json!({"calls_per_second": 1.0, "ban_seconds": 3_600})).await;
    session.order_page(&question(&stand), 1, 1, &pacific()).await.expect("one call is let in");
    let begun = Instant::now();
    let refused = session.order_page(&question(&stand), 1, 1, &pacific()).await.expect_err("banned");
    assert!(matches!(refused, ApiError::Busy { wait, .. } if wait > Duration::from_secs(3_500)), "{refused}");
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_of_the_service_is_asked_again_and_one_of_ours_is_not() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session().await;
    stand.control("/errors", json!({"times": 2, "sub_code": "isp.remote-service-timeout"})).await;
    session.order_page(&question(&stand), 1, 1, &pacific()).await.expect("the third try is answered");
    stand.control("/errors", json!({"times": 1, "code": "41", "message": "Invalid arguments: param0"})).await;
    let refused = session.order_page(&question(&stand), 1, 1, &pacific()).await.expect_err("refused");
    assert!(matches!(&refused, ApiError::Refused { code, .. } if code == "41"), "{refused}");
    session.order_page(&question(&stand), 1, 1, &pacific()).await.expect("a page");
}
