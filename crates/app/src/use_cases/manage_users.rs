//! People of the firm: the first owner, invitations, roles, leave, and letting go.

use anyhow::bail;
use dunlin_core::access::{Right, Role};
use dunlin_core::ids::{PartyId, UserId};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::people::users::UserState;
use dunlin_store::{Actor, Commit, Settings, Store, Via};
use jiff::Timestamp;
use jiff::civil::Date;

use super::own_account::check_own_password;
use super::sign_in::INVITATION;
use crate::credentials::{check_password, hash_password, hash_secret, in_turn, new_secret};
use crate::house::{Forbidden, House};

/// The first owner of a firm, who needs no invitation.
#[derive(Debug, Clone)]
pub struct FirstOwner {
    pub company: String,
    pub name: String,
    pub email: String,
    pub password: String,
    /// In which the pages are read.
    pub ui_language: String,
}

/// Sets a firm up: makes it if there is none, and its first owner. The firm begins in safe mode: nothing leaves the
/// house before somebody says so. Refused where somebody works already.
pub async fn set_up(store: &Store, tenant: Option<i64>, owner: &FirstOwner, from: &str) -> anyhow::Result<UserId> {
    check_person(&owner.name, &owner.email)?;
    check_password(&owner.password, &[&owner.email, &owner.name, &owner.company])?;
    let password = owner.password.clone();
    let hash = in_turn(move || hash_password(&password)).await??;
    let now = Timestamp::now();
    let tenant_id = match tenant {
        Some(id) => id,
        None => {
            if owner.company.trim().is_empty() {
                return Err(Refusal::new(RefusalCode::FirmNameMissing).into());
            }
            // Somebody new to the program sees each letter first; once they trust it they say so.
            let mut settings = Settings { safe_mode: true, review_all: true, ..Settings::default() };
            settings.ui_language.clone_from(&owner.ui_language);
            settings.sender.company = owner.company.trim().to_string();
            settings.sender.name = owner.name.trim().to_string();
            settings.sender.email = owner.email.trim().to_string();
            let made = store.create_first_tenant(owner.company.trim(), &settings, now).await?;
            made.ok_or_else(|| Refusal::new(RefusalCode::FirmSetUp))?
        }
    };
    let actor = Actor { via: Via::Page, user: None, from: from.to_string(), token: None, once: None };
    let mut commit = store.begin(tenant_id, now, &actor).await?;
    // Somebody else may have been quicker while the password was hashed.
    if commit.has_users().await? {
        return Err(Refusal::new(RefusalCode::FirmSetUp).into());
    }
    let id = commit.add_user(&owner.email, &owner.name, Role::Owner, Some(&hash)).await?;
    commit.finish().await?;
    Ok(id)
}

fn check_person(name: &str, email: &str) -> anyhow::Result<()> {
    if name.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::PersonNameMissing).into());
    }
    if !dunlin_channels::is_address(email.trim()) {
        return Err(Refusal::new(RefusalCode::NotAnEmail).with("text", email).into());
    }
    Ok(())
}

/// A key for programs gives nobody a right that it has not itself: whoever stole one could otherwise make themselves an
/// owner. Taking rights away, or letting somebody go, is nothing to be gained by.
fn no_more_than_the_key(house: &House, had: Option<Role>, role: Role) -> Result<(), Forbidden> {
    if house.actor.token.is_none() {
        return Ok(());
    }
    let gained = |right: &&Right| role.may(**right) && !had.is_some_and(|had| had.may(**right));
    match Right::ALL.iter().filter(gained).find(|right| !house.actor.may(**right)) {
        Some(right) => Err(Forbidden::new(*right)),
        None => Ok(()),
    }
}

/// Enters somebody who is to work here, without a way in: the link is made by a person on the page of people. For
/// programs, which could otherwise let themselves in as a second person.
pub async fn register(house: &House, name: &str, email: &str, role: Role) -> anyhow::Result<UserId> {
    check_person(name, email)?;
    no_more_than_the_key(house, None, role)?;
    let mut commit = house.begin().await?;
    let id = commit.add_user(email, name, role, None).await?;
    commit.finish().await?;
    Ok(id)
}

/// Invites somebody. Returns the secret of the invitation, which is shown once.
pub async fn invite(house: &House, name: &str, email: &str, role: Role) -> anyhow::Result<(UserId, String)> {
    house.by_a_person("makes an invitation", "/settings/people")?;
    check_person(name, email)?;
    let secret = new_secret()?;
    let mut commit = house.begin().await?;
    let id = commit.add_user(email, name, role, None).await?;
    commit.add_invitation(id, &hash_secret(&secret), Timestamp::now() + INVITATION).await?;
    commit.finish().await?;
    Ok((id, secret))
}

/// Invites somebody again: also who lost the password or the second factor. The earlier invitation opens nothing more;
/// password and second factor go on protecting the account until the new one is taken up.
pub async fn invite_again(house: &House, id: UserId) -> anyhow::Result<String> {
    house.by_a_person("makes an invitation", "/settings/people")?;
    let secret = new_secret()?;
    let mut commit = house.begin().await?;
    let user = commit.user(id).await?;
    if user.state == UserState::Left {
        return Err(Refusal::new(RefusalCode::UserLeft).with("name", user.name).into());
    }
    commit.add_invitation(id, &hash_secret(&secret), Timestamp::now() + INVITATION).await?;
    commit.finish().await?;
    Ok(secret)
}

/// Takes up an invitation with a password of one's own. `address` is where whoever does it sits.
pub async fn accept(
    store: &Store,
    (tenant, secret): (i64, &str),
    name: &str,
    password: &str,
    address: &str,
) -> anyhow::Result<UserId> {
    let hash = hash_secret(secret);
    let now = Timestamp::now();
    let Some(invitation) = store.invitation(tenant, &hash, now).await? else {
        return Err(Refusal::new(RefusalCode::InvitationOver).into());
    };
    let user = store.user(tenant, invitation.user_id).await?;
    check_password(password, &[&user.email, &user.name, name])?;
    let plain = password.to_string();
    let password_hash = in_turn(move || hash_password(&plain)).await??;
    let actor = Actor::user(Via::Page, user.acting(), address.to_string());
    let mut commit = store.begin(tenant, now, &actor).await?;
    let id = commit.accept_invitation(&hash, name, &password_hash).await?;
    commit.finish().await?;
    Ok(id)
}

/// Changes somebody's role, lets them go, or takes them back.
pub async fn change(house: &House, id: UserId, role: Role, state: UserState) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let before = commit.user(id).await?;
    if before.state == UserState::Invited && state == UserState::Active && before.password_hash.is_none() {
        return Err(Refusal::new(RefusalCode::UserInvited).with("name", before.name).into());
    }
    if state != UserState::Left {
        no_more_than_the_key(house, (before.state != UserState::Left).then_some(before.role), role)?;
    }
    commit.set_user(id, role, state).await?;
    Ok(commit.finish().await?)
}

/// Signs somebody out of every browser: a laptop was lost. Password, second factor and keys stay. Returns how many.
pub async fn sign_out_everywhere(house: &House, id: UserId) -> anyhow::Result<u64> {
    if !house.actor.may(Right::Users) {
        return Err(Forbidden::new(Right::Users).into());
    }
    let mut commit = house.begin().await?;
    let ended = commit.sign_out_everywhere(id).await?;
    commit.finish().await?;
    Ok(ended)
}

/// Forgets who somebody was who has left; what they did stays, under a number. The name is typed: there is no way back.
pub async fn erase_user(house: &House, id: UserId, typed: &str) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let user = commit.user(id).await?;
    if typed.trim().is_empty() || typed.trim() != user.name.trim() {
        return Err(Refusal::new(RefusalCode::TypeToErase).with("name", user.name).into());
    }
    commit.erase_user(id).await?;
    Ok(commit.finish().await?)
}

/// Who hands many buyers over, or names who looks after them, sees them: a key that does not could otherwise put them
/// into its own sight.
fn sees_everybody(house: &House) -> Result<(), Forbidden> {
    if house.actor.may(Right::SeeEverybody) { Ok(()) } else { Err(Forbidden::new(Right::SeeEverybody)) }
}

/// Somebody looks after somebody else's buyers for a while.
pub async fn name_stand_in(
    house: &House,
    absent: UserId,
    deputy: UserId,
    from: Date,
    until: Date,
) -> anyhow::Result<()> {
    sees_everybody(house)?;
    if until < house.today() {
        return Err(Refusal::new(RefusalCode::StandInPast).with("until", until).into());
    }
    let mut commit = house.begin().await?;
    if commit.user(deputy).await?.state == UserState::Left {
        return Err(Refusal::new(RefusalCode::StandInLeft).into());
    }
    commit.add_stand_in(absent, deputy, from, until).await?;
    Ok(commit.finish().await?)
}

pub async fn stop_stand_in(house: &House, id: &str) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    commit.end_stand_in(id).await?;
    Ok(commit.finish().await?)
}

/// Hands one buyer over; `None`: nobody's.
pub async fn hand_over(house: &House, party: PartyId, to: Option<UserId>) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    if let Some(to) = to {
        refuse_left(&mut commit, to).await?;
    }
    commit.assign_party(party, to).await?;
    Ok(commit.finish().await?)
}

/// Hands over all buyers of one person, or all that are nobody's.
pub async fn hand_over_all(house: &House, from: Option<UserId>, to: UserId) -> anyhow::Result<u64> {
    sees_everybody(house)?;
    let mut commit = house.begin().await?;
    refuse_left(&mut commit, to).await?;
    let count = commit.reassign_all(from, to).await?;
    commit.finish().await?;
    Ok(count)
}

async fn refuse_left(commit: &mut Commit, to: UserId) -> anyhow::Result<()> {
    let user = commit.user(to).await?;
    if user.state == UserState::Left {
        return Err(Refusal::new(RefusalCode::UserLeftHand).with("name", user.name).into());
    }
    Ok(())
}

/// A new password for somebody who knows the old one. Every other browser is signed out.
pub async fn change_password(
    house: &House,
    old: &str,
    new: &str,
    keep: Option<dunlin_core::ids::SessionId>,
) -> anyhow::Result<()> {
    let Some(id) = house.actor.user_id() else {
        bail!("only somebody who is signed in has a password");
    };
    let user = house.store.user(house.tenant.id, id).await?;
    check_password(new, &[&user.email, &user.name])?;
    check_own_password(house, &user, old).await?;
    let new = new.to_string();
    let hash = in_turn(move || hash_password(&new)).await??;
    let mut commit = house.begin().await?;
    commit.set_password(id, &hash, keep).await?;
    Ok(commit.finish().await?)
}
