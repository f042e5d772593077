//! Coming in: second factors, guessing, and cookies that somebody else has a copy of.

use dunlin::credentials::{hash_password, hash_secret};
use dunlin::use_cases::sign_in::{Answer, Knock, knock, open_session};
use dunlin_core::access::Role;
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
