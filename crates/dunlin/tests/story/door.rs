//! Coming in: second factors, guessing, and cookies that somebody else has a copy of.

use dunlin::credentials::{hash_password, hash_secret};
use dunlin::use_cases::sign_in::{Answer, Knock, knock, open_session};
use dunlin_core::access::Role;
use dunlin_store::people::failures::{Counted, FREE};
use dunlin_store::people::sessions::Known;
use dunlin_store::{Actor, User};
use jiff::{SignedDuration, Timestamp};

use crate::world::{World, worlds};

const PASSWORD: &str = "tidal oboe gravel fern";
const SECRET: &[u8] = b"12345678901234567890";

async fn employed(world: &World, with_factor: bool) -> User {
    let house = &world.house;
    let mut commit = house.store.begin(house.tenant.id, house.now(), &Actor::system()).await.expect("begins");
    let hash = hash_password(PASSWORD).expect("a hash");
    let id = commit.add_user("wu@story.example", "Wu Fan", Role::Sales, Some(&hash)).await.expect("hired");
    let user = commit.user(id).await.expect("the user");
    if with_factor {
        let sealed = house.store.key().seal(&user.totp_purpose(), SECRET).expect("sealed");
        commit.set_totp(id, Some((&sealed, 0))).await.expect("kept");
    }
    commit.finish().await.expect("kept");
    house.store.user(house.tenant.id, id).await.expect("the user")
}

fn knocking<'k>(password: &'k str, code: &'k str, address: &'k str, browser: Option<&'k str>) -> Knock<'k> {
    Knock { email: "wu@story.example", password, code, address, browser_secret: browser, tenant: None }
}

#[tokio::test]
async fn a_code_works_once() {
    for world in worlds("totp").await {
        employed(&world, true).await;
        let store = &world.house.store;
        // RFC 6238, appendix B: at 59 s the six last digits are 287082.
        let now = Timestamp::from_second(59).expect("an instant");
        let first = knock(store, &knocking(PASSWORD, "", "10.0.0.1", None), now).await.expect("answers");
        assert!(matches!(first, Answer::CodeWanted));
        let right = knock(store, &knocking(PASSWORD, "287082", "10.0.0.1", None), now).await.expect("answers");
        assert!(matches!(right, Answer::In(_)), "{right:?}");
        let again = knock(store, &knocking(PASSWORD, "287082", "10.0.0.1", None), now).await.expect("answers");
        assert!(matches!(again, Answer::Wrong), "{again:?}");
    }
}

#[tokio::test]
async fn guessing_elsewhere_does_not_lock_a_known_browser_out() {
    for world in worlds("lockout").await {
        let user = employed(&world, false).await;
        let store = &world.house.store;
        let now = Timestamp::now();
        let opened = open_session(store, &user, ("10.0.0.1", "Firefox"), None, now).await.expect("in");
        for _ in 0..12 {
            knock(store, &knocking("guess", "", "6.6.6.6", None), now).await.expect("answers");
        }
        let guesser = knock(store, &knocking(PASSWORD, "", "6.6.6.6", None), now).await.expect("answers");
        assert!(matches!(guesser, Answer::Later(_)), "{guesser:?}");
        let browser = Some(opened.browser_secret.as_str());
        let owner = knock(store, &knocking(PASSWORD, "", "6.6.6.6", browser), now).await.expect("answers");
        assert!(matches!(owner, Answer::In(_)), "{owner:?}");
        let elsewhere = knock(store, &knocking(PASSWORD, "", "10.0.0.9", None), now).await.expect("answers");
        assert!(matches!(elsewhere, Answer::In(_)), "the name alone is never counted: {elsewhere:?}");
    }
}

#[tokio::test]
async fn right_codes_wipe_out_no_guesses() {
    for world in worlds("totp_back").await {
        employed(&world, true).await;
        let store = &world.house.store;
        let at = |seconds: i64| Timestamp::from_second(seconds).expect("an instant");
        let try_with = async |password: &str, code: &str, now: Timestamp| {
            knock(store, &knocking(password, code, "10.0.0.1", None), now).await.expect("answers")
        };
        for _ in 0..FREE {
            assert!(matches!(try_with("guess", "", at(59)).await, Answer::Wrong));
        }
        assert!(matches!(try_with(PASSWORD, "", at(59)).await, Answer::CodeWanted));
        assert!(matches!(try_with(PASSWORD, "287082", at(59)).await, Answer::In(_)));
        // The ticket that stands for the password once more, with the next code.
        assert!(matches!(try_with(PASSWORD, "359152", at(60)).await, Answer::In(_)));
        assert!(matches!(try_with("guess", "", at(60)).await, Answer::Wrong), "the first that begins a wait");
        let later = try_with("guess", "", at(60)).await;
        assert!(matches!(later, Answer::Later(_)), "{later:?}");
    }
}

#[tokio::test]
async fn codes_are_not_guessed_from_many_networks() {
    for world in worlds("totp_spread").await {
        let user = employed(&world, true).await;
        let store = &world.house.store;
        let now = Timestamp::from_second(59).expect("an instant");
        let opened = open_session(store, &user, ("10.0.0.1", "Firefox"), None, now).await.expect("in");
        for nth in 0..=FREE {
            let address = format!("6.6.{nth}.1");
            let wrong = knock(store, &knocking(PASSWORD, "000000", &address, None), now).await.expect("answers");
            assert!(matches!(wrong, Answer::Wrong), "{wrong:?}");
        }
        let right = knock(store, &knocking(PASSWORD, "287082", "7.7.7.7", None), now).await.expect("answers");
        assert!(matches!(right, Answer::Later(_)), "{right:?}");
        // Without the password nobody is counted there, and where they have been in before their owner comes in.
        let stranger = knock(store, &knocking("guess", "", "8.8.8.8", None), now).await.expect("answers");
        assert!(matches!(stranger, Answer::Wrong), "{stranger:?}");
        let browser = Some(opened.browser_secret.as_str());
        let owner = knock(store, &knocking(PASSWORD, "287082", "7.7.7.7", browser), now).await.expect("answers");
        assert!(matches!(owner, Answer::In(_)), "{owner:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_of_guesses_gets_no_more_tries_than_one_after_the_other() {
    for world in worlds("crowd").await {
        employed(&world, false).await;
        let now = Timestamp::now();
        let addresses = ["6.6.6.1", "6.6.6.2", "2001:db8::1"];
        let guesses: Vec<_> = (0..60)
            .map(|nth| {
                let (store, address) = (world.house.store.clone(), addresses[nth % 3]);
                tokio::spawn(async move {
                    // Those of the IPv6 network come from different addresses in it.
                    let shown = if address.contains(':') { format!("2001:db8::{nth}") } else { address.to_string() };
                    let answer = knock(&store, &knocking("guess", "", &shown, None), now).await.expect("answers");
                    (address, answer)
                })
            })
            .collect();
        let mut looked_at = std::collections::BTreeMap::from(addresses.map(|address| (address, 0)));
        for guess in guesses {
            let (address, answer) = guess.await.expect("no panic");
            match answer {
                Answer::Wrong => *looked_at.entry(address).or_insert(0) += 1,
                Answer::Later(until) => assert!(until > now),
                other => panic!("{other:?}"),
            }
        }
        // The last one that is let in begins the wait.
        let most = FREE + 1;
        assert!(looked_at.values().all(|tries| *tries == most), "{looked_at:?} on {}", world.place);
        // Whoever guesses with the right password in hand, but without a wait of their own, lifts no other's.
        let right = knock(&world.house.store, &knocking(PASSWORD, "", "6.6.6.1", None), now).await.expect("answers");
        assert!(matches!(right, Answer::Later(_)), "{right:?}");
    }
}

#[tokio::test]
async fn a_right_try_lifts_the_wait_that_it_began_and_no_other() {
    for world in worlds("lifted").await {
        let (store, now) = (&world.house.store, Timestamp::now());
        let mut began = Vec::new();
        for nth in 0..=FREE {
            match store.count_try("somebody", FREE, now).await.expect("counted") {
                Counted::In(wait) => began.push(wait),
                Counted::Later(until) => panic!("try {nth} has to wait until {until}"),
            }
        }
        assert!(began[..began.len() - 1].iter().all(Option::is_none), "{began:?}");
        store.give_back("somebody", 1, began[0]).await.expect("given back");
        assert!(matches!(store.count_try("somebody", FREE, now).await.expect("counted"), Counted::Later(_)));
        store.give_back("somebody", 1, began[began.len() - 1]).await.expect("given back");
        assert_eq!(store.count_try("somebody", FREE, now).await.expect("counted"), Counted::In(None));
    }
}

#[tokio::test]
async fn a_cookie_changes_and_a_copy_of_the_old_one_ends_the_session() {
    for world in worlds("session").await {
        let user = employed(&world, false).await;
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let (old, new) = (hash_secret("old"), hash_secret("new"));
        let mut now = Timestamp::now();
        let id = store.open_session(tenant, user.id, &old, ("10.0.0.1", "Firefox"), now).await.expect("open");
        now += SignedDuration::from_mins(16);
        let known = store.know_session(tenant, id, &old, now).await.expect("known");
        assert_eq!(known, Known::As { user_id: user.id, rotate: true });
        assert!(store.rotate_session(tenant, id, &old, &new, now).await.expect("rotates"));
        assert!(!store.rotate_session(tenant, id, &old, &new, now).await.expect("once"));
        now += SignedDuration::from_secs(30);
        // A request that was under way.
        assert_eq!(store.know_session(tenant, id, &old, now).await.expect("late"), Known::Late { user_id: user.id });
        now += SignedDuration::from_mins(2);
        let stolen = store.know_session(tenant, id, &old, now).await.expect("stolen");
        assert_eq!(stolen, Known::Stolen { user_id: user.id });
        assert_eq!(store.know_session(tenant, id, &new, now).await.expect("over"), Known::Nobody);
    }
}
