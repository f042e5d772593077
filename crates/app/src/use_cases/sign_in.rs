//! Coming in: password, second factor, session. What goes wrong is said in one sentence that tells nobody which part
//! of it was wrong.

use anyhow::bail;
use dunlin_store::people::users::{User, UserState};
use dunlin_store::{LogEntry, Store};
use jiff::{SignedDuration, Timestamp};

use crate::credentials::{hash_secret, is_password, new_secret, totp_step};

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
}

/// What happened at the door.
#[derive(Debug)]
pub enum Answer {
    In(Box<User>),
    /// The password is right; the code of the second factor is wanted.
    CodeWanted,
    Wrong,
    /// Too many failures from there: not before this instant.
    Later(Timestamp),
}

/// Checks who knocks. `now` is the wall clock.
pub async fn knock(store: &Store, knock: &Knock<'_>, now: Timestamp) -> anyhow::Result<Answer> {
    let users = store.users_signing_in(knock.email).await?;
    let about = counted_as(store, &users, knock).await?;
    for about in &about {
        if let Some(until) = store.blocked_until(about, now).await? {
            return Ok(Answer::Later(until));
        }
    }
    let right = the_right_one(users, knock.password).await?;
    let Some(user) = right else {
        for about in &about {
            store.count_failure(about, now).await?;
        }
        return Ok(Answer::Wrong);
    };
    if let Some(sealed) = &user.totp_sealed {
        if knock.code.trim().is_empty() {
            return Ok(Answer::CodeWanted);
        }
        let secret = store.key().open(&user.totp_purpose(), sealed)?;
        let step = totp_step(&secret, knock.code, now.as_second());
        // A code that somebody looked over a shoulder for works once.
        let fresh = match step {
            Some(step) => store.use_totp_step(&user, step).await?,
            None => false,
        };
        if !fresh {
            for about in &about {
                store.count_failure(about, now).await?;
            }
            return Ok(Answer::Wrong);
        }
    }
    for about in &about {
        store.forget_failures(about).await?;
    }
    Ok(Answer::In(Box::new(user)))
}

/// What failures are counted about: the browser, if it has been in before with this address; else address and name
/// together, and the network address alone. Never the name alone: that would let anybody lock it out.
async fn counted_as(store: &Store, users: &[User], knock: &Knock<'_>) -> anyhow::Result<Vec<String>> {
    let email = dunlin_store::people::users::email_key(knock.email);
    if let Some(secret) = knock.browser_secret {
        let hash = hash_secret(secret);
        for user in users {
            if store.knows_browser(user.tenant_id, user.id, &hash).await? {
                return Ok(vec![store.key().fingerprint(&format!("browser {hash} {email}"))]);
            }
        }
    }
    Ok(vec![
        store.key().fingerprint(&format!("address {} {email}", knock.address)),
        store.key().fingerprint(&format!("address {}", knock.address)),
    ])
}

/// Failures from one network address are forgotten, for whoever has been told that they may try again.
pub async fn forget_failures_of(store: &Store, email: &str, address: &str) -> anyhow::Result<()> {
    let email = dunlin_store::people::users::email_key(email);
    store.forget_failures(&store.key().fingerprint(&format!("address {address} {email}"))).await?;
    store.forget_failures(&store.key().fingerprint(&format!("address {address}"))).await?;
    Ok(())
}

/// The user whose password this is. Every candidate is tried, and nobody as well, so that the time tells nothing.
async fn the_right_one(users: Vec<User>, password: &str) -> anyhow::Result<Option<User>> {
    let password = password.to_string();
    let found = tokio::task::spawn_blocking(move || {
        let mut right = None;
        if users.is_empty() {
            is_password(&password, None);
        }
        for user in users {
            if is_password(&password, user.password_hash.as_deref()) && right.is_none() {
                right = Some(user);
            }
        }
        right
    })
    .await?;
    Ok(found)
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
        bail!("this user may not come in");
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
