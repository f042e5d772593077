//! What somebody sets about themselves: name, signature, second factor, keys for programs, browsers.

use anyhow::Context;
use dunlin_core::ids::{SessionId, TokenId, UserId};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::User;
use dunlin_store::people::failures::{Counted, FREE};
use jiff::Timestamp;

use crate::credentials::{NewFactor, factor, in_turn, is_password, new_factor, totp_step};
use crate::house::House;
use crate::use_cases::change_settings::{check_sender, latin_only};
use crate::use_cases::refuse_account::no_account;

/// Whoever is signed in.
pub async fn me(house: &House) -> anyhow::Result<User> {
    let id = my_id(house)?;
    Ok(house.store.user(house.tenant.id, id).await?)
}

fn my_id(house: &House) -> anyhow::Result<UserId> {
    house.actor.user_id().context("only somebody who is signed in has an account of their own")
}

/// What a form gives.
#[derive(Debug, Clone)]
pub struct OwnForm {
    pub name: String,
    pub ui_language: String,
    pub signature: String,
    pub reply_to: String,
    /// Their name under letters that are not in Chinese; empty: the firm's signer.
    pub latin_name: String,
}

pub async fn change_own(house: &House, form: &OwnForm) -> anyhow::Result<()> {
    let id = my_id(house)?;
    if form.name.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::PersonNameMissing).into());
    }
    let reply_to = form.reply_to.trim();
    if !reply_to.is_empty() {
        check_sender(reply_to)?;
    }
    let signature = form.signature.replace("\r\n", "\n");
    if signature.lines().count() > 10 || signature.chars().count() > 600 {
        return Err(Refusal::new(RefusalCode::SignatureLong).into());
    }
    let language = match form.ui_language.as_str() {
        "" => None,
        code @ ("en" | "zh-CN") => Some(code),
        other => return Err(Refusal::new(RefusalCode::PageLanguage).with("code", other).into()),
    };
    latin_only(&form.latin_name)?;
    let known = me(house).await?;
    let (name, latin) = (form.name.trim(), form.latin_name.trim());
    for (typed, known) in [(signature.trim(), &known.signature), (name, &known.name), (latin, &known.latin_name)] {
        if typed != known {
            no_account(typed, &house.tenant.settings, house.now())?;
        }
    }
    let mut commit = house.begin().await?;
    commit.set_own(id, form.name.trim(), language, signature.trim(), reply_to).await?;
    commit.set_latin_name(id, form.latin_name.trim()).await?;
    Ok(commit.finish().await?)
}

/// What a second factor being set up is sealed for: it is kept with the form until a code has shown that the app has it.
fn trial_purpose(user: &User) -> String {
    format!("trial {}", user.totp_purpose())
}

/// Long enough to find the phone.
const TRIAL_SECONDS: i64 = 15 * 60;

/// A second factor to try; `ticket` goes into the form and comes back with the code.
pub async fn try_factor(house: &House) -> anyhow::Result<(NewFactor, String)> {
    house.by_a_person("sets a second factor", "/settings/me")?;
    let user = me(house).await?;
    let made = new_factor(&user.email, &house.tenant.name)?;
    let plain = serde_json::to_vec(&(Timestamp::now().as_second(), &made.secret))?;
    let ticket = house.store.key().seal(&trial_purpose(&user), &plain)?;
    Ok((made, ticket))
}

/// The same factor again, after a code that was wrong.
pub async fn tried_factor(house: &House, ticket: &str) -> anyhow::Result<NewFactor> {
    let user = me(house).await?;
    let secret = opened(house, &user, ticket)?;
    factor(&secret, &user.email, &house.tenant.name)
}

fn opened(house: &House, user: &User, ticket: &str) -> anyhow::Result<Vec<u8>> {
    let plain = house.store.key().open(&trial_purpose(user), ticket);
    let plain = plain.map_err(|_| Refusal::new(RefusalCode::FactorOther))?;
    let (made_at, secret): (i64, Vec<u8>) = serde_json::from_slice(&plain)?;
    if Timestamp::now().as_second() - made_at > TRIAL_SECONDS {
        return Err(Refusal::new(RefusalCode::FactorLate).into());
    }
    Ok(secret)
}

/// Keeps the second factor once the app has shown a right code. The code that showed it opens no door any more. One that
/// stands in place of another needs the password: a browser left open must not change it.
pub async fn keep_factor(house: &House, ticket: &str, code: &str, password: &str) -> anyhow::Result<()> {
    house.by_a_person("sets a second factor", "/settings/me")?;
    let user = me(house).await?;
    if user.totp_sealed.is_some() {
        check_own_password(house, &user, password).await?;
    }
    let secret = opened(house, &user, ticket)?;
    let Some(step) = totp_step(&secret, code, Timestamp::now().as_second()) else {
        return Err(Refusal::new(RefusalCode::FactorCode).into());
    };
    let sealed = house.store.key().seal(&user.totp_purpose(), &secret)?;
    let mut commit = house.begin().await?;
    commit.set_totp(user.id, Some((&sealed, step))).await?;
    Ok(commit.finish().await?)
}

/// Takes the second factor away, for somebody who knows the password.
pub async fn drop_factor(house: &House, password: &str) -> anyhow::Result<()> {
    let user = me(house).await?;
    check_own_password(house, &user, password).await?;
    let mut commit = house.begin().await?;
    commit.set_totp(user.id, None).await?;
    Ok(commit.finish().await?)
}

/// A browser left open must not be a place to guess in: wrong passwords cost time here as they do at the door.
pub(super) async fn check_own_password(house: &House, user: &User, password: &str) -> anyhow::Result<()> {
    // What asks for a password asks whether a person sits there: one that lies beside a key says nothing of that.
    house.by_a_person("types their password", "/settings/me")?;
    let about = house.store.key().fingerprint(&format!("own password {} {}", user.tenant_id, user.id));
    let began = match house.store.count_try(&about, FREE, Timestamp::now()).await? {
        Counted::In(began) => began,
        Counted::Later(until) => {
            let seconds = until.duration_since(Timestamp::now()).as_secs().max(1);
            return Err(Refusal::new(RefusalCode::PasswordTries).with("seconds", seconds).into());
        }
    };
    let (password, known) = (password.to_string(), user.password_hash.clone());
    if !in_turn(move || is_password(&password, known.as_deref())).await? {
        return Err(Refusal::new(RefusalCode::PasswordWrong).into());
    }
    house.store.give_back(&about, 1, began).await?;
    Ok(())
}

/// Signs oneself out in one browser.
pub async fn end_session(house: &House, id: SessionId) -> anyhow::Result<()> {
    let me = my_id(house)?;
    let mut commit = house.begin().await?;
    commit.end_one_session(me, id).await?;
    Ok(commit.finish().await?)
}

/// Ends one of one's own keys.
pub async fn end_key(house: &House, id: TokenId) -> anyhow::Result<()> {
    let me = my_id(house)?;
    let mut commit = house.begin().await?;
    commit.end_token(id, Some(me)).await?;
    Ok(commit.finish().await?)
}
