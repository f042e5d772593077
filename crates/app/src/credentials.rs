//! Passwords, second factors and secrets: made, hashed and compared here, stored elsewhere, printed nowhere.

use anyhow::anyhow;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dunlin_core::refusal::{Refusal, RefusalCode};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use totp_rs::{Builder, Secret, Totp};

/// Argon2id with 19 MiB, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet, 2025): about 30 ms on one core.
fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| anyhow!("{error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashing takes 19 MiB and most of a core each time: a crowd at the door waits its turn.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Hashes off the async threads, two at once at the most. The turn ends with the work: somebody who hangs up does not
/// make room for another before.
pub async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    let turn = TURNS.acquire().await?;
    let worked = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    Ok(worked.await?)
}

/// The hash of a password in PHC form, with a salt of its own. Slow on purpose: call it in a turn ([`in_turn`]).
pub fn hash_password(password: &str) -> anyhow::Result<String> {
    let hash: PasswordHash = argon2()?.hash_password(password.as_bytes()).map_err(|error| anyhow!("{error}"))?;
    Ok(hash.to_string())
}

/// Whether a password belongs to a hash. Without a hash the same work is done, so that the time tells nobody whether
/// an address is known.
pub fn is_password(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$Zm9yIG5vYm9keSB3aG8gaXMgbmV2ZXIgdGhlcmUgISE";
    let Ok(known) = PasswordHash::new(hash.unwrap_or(NOBODY)) else {
        return false;
    };
    let fits = argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &known).is_ok());
    fits && hash.is_some()
}

/// Refuses a password that would be guessed. `about` are words an attacker would try first.
pub fn check_password(password: &str, about: &[&str]) -> anyhow::Result<()> {
    if password.chars().count() < 10 {
        return Err(Refusal::new(RefusalCode::PasswordShort).into());
    }
    if password.len() > 512 {
        return Err(Refusal::new(RefusalCode::PasswordLong).into());
    }
    if zxcvbn::zxcvbn(password, about).score() < zxcvbn::Score::Three {
        return Err(Refusal::new(RefusalCode::PasswordWeak).into());
    }
    Ok(())
}

/// A secret to hand out once (cookie, invitation, key for programs).
pub fn new_secret() -> anyhow::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(dunlin_store::chance()?))
}

/// What is kept of a secret: it is 256 bits of chance, so one quick hash hides it.
pub fn hash_secret(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

fn totp(secret: &[u8], account: &str, issuer: &str) -> anyhow::Result<Totp> {
    // Colons separate the two in the address that the app reads.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_account_name(plain(account))
        .with_issuer(Some(plain(issuer)))
        .build()
        .map_err(|error| anyhow!("{error}"))
}

/// A second factor that somebody is setting up.
pub struct NewFactor {
    /// To be kept (sealed) once a code has shown that the app has it.
    pub secret: Vec<u8>,
    /// `otpauth://…`, for the picture.
    pub address: String,
    /// For typing by hand.
    pub base32: String,
}

pub fn new_factor(account: &str, issuer: &str) -> anyhow::Result<NewFactor> {
    let secret = dunlin_store::chance()?[..20].to_vec();
    factor(&secret, account, issuer)
}

pub fn factor(secret: &[u8], account: &str, issuer: &str) -> anyhow::Result<NewFactor> {
    let totp = totp(secret, account, issuer)?;
    let address = totp.to_url().map_err(|error| anyhow!("{error}"))?;
    Ok(NewFactor { secret: secret.to_vec(), address, base32: totp.secret().to_base32() })
}

/// The time step that a code belongs to, give or take one; `None` for a wrong code.
pub fn totp_step(secret: &[u8], code: &str, unix_seconds: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(secret, "dunlin", "dunlin").ok()?.check(&digits, u64::try_from(unix_seconds).ok()?)?;
    i64::try_from(step).ok()
}

/// A QR code as an SVG picture: nothing is asked of another server.
pub fn qr_svg(text: &str) -> anyhow::Result<String> {
    use fast_qr::convert::{Builder as _, svg::SvgBuilder};
    let code = fast_qr::QRBuilder::new(text).build().map_err(|error| anyhow!("{error:?}"))?;
    Ok(SvgBuilder::default().margin(2).to_str(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_only() {
        let hash = hash_password("four words or more").expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(is_password("four words or more", Some(&hash)));
        assert!(!is_password("four words or mor", Some(&hash)));
        assert!(!is_password("four words or more", None));
        assert_ne!(hash, hash_password("four words or more").expect("a hash"), "each with its own salt");
    }

    #[test]
    fn the_hash_of_nobody_can_be_read() {
        // Else an unknown address would be answered sooner than a known one.
        let nobody = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$Zm9yIG5vYm9keSB3aG8gaXMgbmV2ZXIgdGhlcmUgISE";
        assert!(PasswordHash::new(nobody).is_ok());
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert!(check_password("short", &[]).is_err());
        assert!(check_password("password1234", &[]).is_err());
        assert!(check_password("chenjing1988", &["chenjing", "chen"]).is_err());
        assert!(check_password("tidal oboe gravel fern", &[]).is_ok());
    }

    #[test]
    fn codes_follow_rfc_6238() {
        // Appendix B: the SHA-1 key, 59 s, the last six digits of 94287082.
        let secret = b"12345678901234567890";
        assert_eq!(totp_step(secret, "287 082", 59), Some(1));
        assert_eq!(totp_step(secret, "287082", 89), Some(1), "one step late");
        assert_eq!(totp_step(secret, "287082", 200), None);
        assert_eq!(totp_step(secret, "000000", 59), None);
    }

    #[test]
    fn a_factor_can_be_read_by_an_app() {
        let made = new_factor("chen@seller.example", "Bright: Lamps").expect("a factor");
        assert!(made.address.starts_with("otpauth://totp/"), "{}", made.address);
        assert!(qr_svg(&made.address).expect("a picture").contains("<svg"));
    }
}
