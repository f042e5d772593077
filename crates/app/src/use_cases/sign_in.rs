//! Coming in: password, second factor, session. What goes wrong is said in one sentence that tells nobody which part
//! of it was wrong.

use dunlin_core::ids::TenantId;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::people::failures::{Counted, FREE, FREE_OF_NETWORK};
use dunlin_store::people::users::{User, UserState};
use dunlin_store::{LogEntry, Store};
use jiff::{SignedDuration, Timestamp};

use crate::credentials::{hash_secret, in_turn, is_password, new_secret, totp_step};

/// Who knocks.
#[derive(Debug, Clone)]
pub struct Knock<'a> {
    pub email: &'a str,
    pub password: &'a str,
    /// Of the second factor; empty while it was not asked for.
    pub code: &'a str,
    pub address: &'a str,
    /// The secret of a browser that has been in before.
    pub browser_secret: Option<&'a str>,
    /// Which firm's door, for somebody who works in several under one password.
    pub tenant: Option<TenantId>,
}

/// What happened at the door.
#[derive(Debug)]
pub enum Answer {
    In(Box<User>),
    /// The password is right; the code of the second factor is wanted.
    CodeWanted,
    /// The password is right in several firms.
    FirmWanted(Vec<User>),
    Wrong,
    /// Too many failures from there: not before this instant.
    Later(Timestamp),
}

/// Checks who knocks. `now` is the wall clock.
pub async fn knock(store: &Store, knock: &Knock<'_>, now: Timestamp) -> anyhow::Result<Answer> {
    let users = store.users_signing_in(knock.email).await?;
    let (counted, is_known_browser) = counted_as(store, &users, knock).await?;
    let mut tried = Vec::new();
    for (about, free) in counted {
        match store.count_try(&about, free, now).await? {
            Counted::In(began) => tried.push(Try { about, began }),
            Counted::Later(until) => {
                // What is not looked at is no failure of the others it was counted about.
                give_back(store, &tried).await?;
                return Ok(Answer::Later(until));
            }
        }
    }
    let mut right = the_right_ones(users, knock.password).await?;
    if let Some(tenant) = knock.tenant {
        right.retain(|user| user.tenant_id == tenant);
    }
    let user = match right.len() {
        0 => return Ok(Answer::Wrong),
        1 => right.remove(0),
        // The same person in several firms: they say which door they mean.
        _ => {
            give_back(store, &tried).await?;
            return Ok(Answer::FirmWanted(right));
        }
    };
    if let Some(sealed) = &user.totp_sealed {
        if knock.code.trim().is_empty() {
            // The password was no failure. Each code is a try of its own, however often the ticket is shown with one: what
            // is right gives back that one try and wipes out nobody else's.
            give_back(store, &tried).await?;
            return Ok(Answer::CodeWanted);
        }
        // Codes are guessed from many networks by somebody who has the password; nobody else comes this far, and the browser
        // that its owner has been in with is counted by itself.
        if !is_known_browser {
            let about = store.key().fingerprint(&format!("code {} {}", user.tenant_id, user.id));
            match store.count_try(&about, FREE, now).await? {
                Counted::In(began) => tried.push(Try { about, began }),
                Counted::Later(until) => {
                    give_back(store, &tried).await?;
                    return Ok(Answer::Later(until));
                }
            }
        }
        let secret = store.key().open(&user.totp_purpose(), sealed)?;
        let step = totp_step(&secret, knock.code, now.as_second());
        // A code that somebody looked over a shoulder for works once.
        let fresh = match step {
            Some(step) => store.use_totp_step(&user, step).await?,
            None => false,
        };
        if !fresh {
            return Ok(Answer::Wrong);
        }
    }
    give_back(store, &tried).await?;
    Ok(Answer::In(Box::new(user)))
}

/// A try that was let in: what it was counted about, and the wait that began with it.
struct Try {
    about: String,
    began: Option<Timestamp>,
}

async fn give_back(store: &Store, tried: &[Try]) -> anyhow::Result<()> {
    for one in tried {
        store.give_back(&one.about, 1, one.began).await?;
    }
    Ok(())
}

/// What tries are counted about, and how many are free: the browser, if it has been in before with this address; else
/// network address and name together, and the network address alone. Never the name alone: that would let anybody lock it out.
/// Returns whether it is such a browser as well.
async fn counted_as(store: &Store, users: &[User], knock: &Knock<'_>) -> anyhow::Result<(Vec<(String, i64)>, bool)> {
    let email = dunlin_store::people::users::email_key(knock.email);
    if let Some(secret) = knock.browser_secret {
        let hash = hash_secret(secret);
        for user in users {
            if store.knows_browser(user.tenant_id, user.id, &hash).await? {
                return Ok((vec![(store.key().fingerprint(&format!("browser {hash} {email}")), FREE)], true));
            }
        }
    }
    let network = network(knock.address);
    let counted = vec![
        (store.key().fingerprint(&format!("address {network} {email}")), FREE),
        (store.key().fingerprint(&format!("address {network}")), FREE_OF_NETWORK),
    ];
    Ok((counted, false))
}

/// Whoever has one IPv6 address has the 2^64 beside it.
fn network(address: &str) -> String {
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V6(ip)) if ip.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_string(),
    }
}

/// Failures from one network address are forgotten, for whoever has been told that they may try again.
pub async fn forget_failures_of(store: &Store, email: &str, address: &str) -> anyhow::Result<()> {
    let email = dunlin_store::people::users::email_key(email);
    let network = network(address);
    store.forget_failures(&store.key().fingerprint(&format!("address {network} {email}"))).await?;
    store.forget_failures(&store.key().fingerprint(&format!("address {network}"))).await?;
    Ok(())
}

/// The users whose password this is. Every candidate is tried, and nobody as well, so that the time tells nothing.
async fn the_right_ones(users: Vec<User>, password: &str) -> anyhow::Result<Vec<User>> {
    let password = password.to_string();
    in_turn(move || {
        if users.is_empty() {
            is_password(&password, None);
        }
        let right = |user: &User| is_password(&password, user.password_hash.as_deref());
        users.into_iter().filter(right).collect()
    })
    .await
}

/// What a browser keeps after coming in.
pub struct Opened {
    /// `tenant.session.secret`
    pub cookie: String,
    /// Marks the browser as known.
    pub browser_secret: String,
}

/// Opens a session for somebody who has shown who they are.
pub async fn open_session(
    store: &Store,
    user: &User,
    from: (&str, &str),
    browser_secret: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<Opened> {
    if user.state != UserState::Active {
        return Err(Refusal::new(RefusalCode::UserNotIn).into());
    }
    let secret = new_secret()?;
    let id = store.open_session(user.tenant_id, user.id, &hash_secret(&secret), from, now).await?;
    let browser_secret = match browser_secret {
        Some(known) if !known.is_empty() => known.to_string(),
        _ => new_secret()?,
    };
    store.remember_browser(user.tenant_id, user.id, &hash_secret(&browser_secret), now).await?;
    Ok(Opened { cookie: format!("{}.{id}.{secret}", user.tenant_id), browser_secret })
}

/// Writes into the firm's log that somebody came in.
pub async fn log_entry(house: &crate::house::House, verb: &'static str) -> anyhow::Result<()> {
    let subject = house.actor.user_id().map_or_else(String::new, |id| id.to_string());
    let mut commit = house.begin().await?;
    commit.log(LogEntry::new(verb, "user", subject));
    Ok(commit.finish().await?)
}

/// How long an invitation can be taken up.
pub const INVITATION: SignedDuration = SignedDuration::from_hours(24 * 7);
