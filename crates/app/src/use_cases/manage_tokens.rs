//! Keys for programs. A key belongs to a user, can do no more than its user and its scopes both allow, and ends by
//! itself; what opens the door is handed out once.

use anyhow::bail;
use jiff::{SignedDuration, Timestamp};

use dunlin_core::access::Right;
use dunlin_core::ids::{TokenId, UserId};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::people::tokens::ApiToken;
use dunlin_store::{Actor, UserState};

use crate::credentials::{hash_secret, new_secret};
use crate::house::{Forbidden, House};

/// A key lives a year at most: one that was forgotten must not open the door for ever.
pub const LONGEST_DAYS: i64 = 366;

/// A new key.
#[derive(Debug)]
pub struct MadeToken {
    pub id: TokenId,
    /// `tenant.id.secret`, for the header: to be shown once.
    pub bearer: String,
    pub expires_at: Timestamp,
}

/// Makes a key for a user. Its scopes lie within the role of the user, and, made with another key, within that one's
/// scopes and time: a key that was stolen cannot make itself a better one.
pub async fn create_token(
    house: &House,
    user: UserId,
    name: &str,
    scopes: &[Right],
    days: i64,
) -> anyhow::Result<MadeToken> {
    if name.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::KeyName).into());
    }
    if scopes.is_empty() {
        return Err(Refusal::new(RefusalCode::KeyRights).with("known", codes(Right::ALL)).into());
    }
    if !(1..=LONGEST_DAYS).contains(&days) {
        return Err(Refusal::new(RefusalCode::KeyDays).with("most", LONGEST_DAYS).with("days", days).into());
    }
    let mut commit = house.begin().await?;
    let owner = commit.user(user).await?;
    if owner.state != UserState::Active {
        return Err(Refusal::new(RefusalCode::KeyOwner).with("name", owner.name).into());
    }
    for scope in scopes {
        if !owner.role.may(*scope) {
            let within: Vec<Right> = Right::ALL.iter().copied().filter(|right| owner.role.may(*right)).collect();
            let refusal = Refusal::new(RefusalCode::KeyRole).with("role", owner.role.code());
            return Err(refusal.with("right", scope.code()).with("known", codes(&within)).into());
        }
        if house.actor.token.is_some() && !house.actor.may(*scope) {
            return Err(Forbidden::new(*scope).into());
        }
    }
    let mut wanted: Vec<Right> = scopes.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let secret = new_secret()?;
    // By the wall clock, as it is asked for, also in a demo that stands still.
    let end = Timestamp::now() + SignedDuration::from_hours(24 * days);
    let expires_at = ends_no_later(&house.actor, end);
    let id = commit.add_token(user, name.trim(), &spaced(&wanted), &hash_secret(&secret), expires_at).await?;
    commit.finish().await?;
    Ok(MadeToken { id, bearer: format!("{}.{id}.{secret}", house.tenant.id), expires_at })
}

fn ends_no_later(actor: &Actor, end: Timestamp) -> Timestamp {
    actor.token.as_ref().map_or(end, |token| token.expires_at.min(end))
}

fn spaced(rights: &[Right]) -> String {
    let codes: Vec<&str> = rights.iter().map(|right| right.code()).collect();
    codes.join(" ")
}

fn codes(rights: &[Right]) -> String {
    spaced(rights).replace(' ', ", ")
}

/// The keys of whoever acts that have not run out.
pub async fn own_tokens(house: &House) -> anyhow::Result<Vec<ApiToken>> {
    let Some(user) = house.actor.user_id() else {
        bail!("only a user has keys");
    };
    live_tokens(house, Some(user)).await
}

/// The keys of a user, or of everybody, that have not run out.
pub async fn live_tokens(house: &House, user: Option<UserId>) -> anyhow::Result<Vec<ApiToken>> {
    let mut tokens = house.store.tokens(house.tenant.id, user).await?;
    let now = Timestamp::now();
    tokens.retain(|token| token.expires_at > now);
    Ok(tokens)
}

/// Ends a key; with `owner`, only if it is that user's.
pub async fn end_token(house: &House, id: TokenId, owner: Option<UserId>) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    commit.end_token(id, owner).await?;
    Ok(commit.finish().await?)
}
