//! Keys. One key of the installation, which never lies in the database, and one key per person made from it and from
//! a secret that does: destroying the secret (erasure) makes every copy of that person's data unreadable, and without
//! the installation's key a stolen database or backup tells nothing about anybody.
//!
//! XChaCha20-Poly1305; a sealed text is base64(nonce ‖ ciphertext). A person's key is
//! HMAC-SHA-256(installation key, "person" ‖ secret).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use dunlin_core::party::Person;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::StoreError;

/// 32 bytes of chance.
pub fn chance() -> Result<[u8; 32], StoreError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(StoreError::corrupt)?;
    Ok(bytes)
}

/// The key of the installation. Cloning is cheap; it is never printed.
#[derive(Clone)]
pub struct InstallationKey(Arc<Keyed>);

struct Keyed {
    bytes: [u8; 32],
    /// With the key already taken in: a run over many people hashes only their secrets.
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InstallationKey(…)")
    }
}

impl InstallationKey {
    pub fn generate() -> Result<Self, StoreError> {
        Self::from_bytes(chance()?)
    }

    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, StoreError> {
        let mac = Hmac::<Sha256>::new_from_slice(&bytes).map_err(StoreError::corrupt)?;
        Ok(Self(Arc::new(Keyed { bytes, mac })))
    }

    /// Reads what [`Self::to_text`] wrote; spaces and line ends around it do not matter.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.trim().trim_end_matches('=')).ok()?;
        Self::from_bytes(bytes.try_into().ok()?).ok()
    }

    pub fn to_text(&self) -> String {
        BASE64.encode(self.0.bytes)
    }

    fn derive(&self, purpose: &str, input: &[u8]) -> [u8; 32] {
        let mut mac = self.0.mac.clone();
        mac.update(purpose.as_bytes());
        mac.update(input);
        mac.finalize().into_bytes().into()
    }

    /// What the database keeps to recognise its key.
    pub(crate) fn check(&self) -> String {
        BASE64.encode(self.derive("check", b""))
    }

    /// A fingerprint that only this installation can make: of what is looked up without being kept.
    pub fn fingerprint(&self, of: &str) -> String {
        BASE64.encode(self.derive("fingerprint", of.as_bytes()))
    }

    /// The mark of a backup: without the key nobody makes one of their own, nor changes one.
    pub(crate) fn backup_mark(&self, rows: u64, sha256: &str) -> String {
        BASE64.encode(self.derive("backup", format!("{rows} {sha256}").as_bytes()))
    }

    /// Seals a secret of the firm (a mail password, a second factor) for one purpose.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String, StoreError> {
        PersonKey(self.derive("secret", purpose.as_bytes())).seal(plain)
    }

    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Vec<u8>, StoreError> {
        PersonKey(self.derive("secret", purpose.as_bytes())).open(sealed)
    }

    /// A new person: the secret to keep in `person_key`, and the key.
    pub(crate) fn new_person(&self) -> Result<(String, PersonKey), StoreError> {
        let secret = BASE64.encode(chance()?);
        let key = self.person(&secret)?;
        Ok((secret, key))
    }

    /// The key of a person from the secret in `person_key`.
    pub(crate) fn person(&self, secret: &str) -> Result<PersonKey, StoreError> {
        let mut bytes = [0_u8; 32];
        let read = BASE64.decode_slice(secret, &mut bytes).map_err(StoreError::corrupt)?;
        if read != bytes.len() {
            return Err(StoreError::corrupt("a person's secret has the wrong length"));
        }
        Ok(PersonKey(self.derive("person", &bytes)))
    }
}

/// The key of one person.
#[derive(Clone)]
pub(crate) struct PersonKey([u8; 32]);

impl PersonKey {
    pub(crate) fn seal(&self, plain: &[u8]) -> Result<String, StoreError> {
        let mut nonce = [0_u8; 24];
        getrandom::fill(&mut nonce).map_err(StoreError::corrupt)?;
        let cipher = XChaCha20Poly1305::new(&self.0.into());
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), Payload::from(plain))
            .map_err(|_| StoreError::corrupt("personal data could not be sealed"))?;
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        Ok(BASE64.encode(bytes))
    }

    pub(crate) fn open(&self, sealed: &str) -> Result<Vec<u8>, StoreError> {
        let bytes = BASE64.decode(sealed).map_err(StoreError::corrupt)?;
        let Some((nonce, sealed)) = bytes.split_first_chunk::<24>() else {
            return Err(StoreError::corrupt("sealed personal data is cut off"));
        };
        let cipher = XChaCha20Poly1305::new(&self.0.into());
        cipher
            .decrypt(&XNonce::from(*nonce), sealed)
            .map_err(|_| StoreError::corrupt("sealed personal data does not open with its key"))
    }
}

pub(crate) fn seal_person(key: &PersonKey, person: &Person) -> Result<String, StoreError> {
    key.seal(&serde_json::to_vec(person).map_err(StoreError::corrupt)?)
}

pub(crate) fn open_person(key: &InstallationKey, sealed: &str, secret: &str) -> Result<Person, StoreError> {
    let plain = key.person(secret)?.open(sealed)?;
    serde_json::from_slice(&plain).map_err(StoreError::corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_with_its_own_key_and_installation() {
        let house = InstallationKey::generate().expect("key");
        let (secret, key) = house.new_person().expect("person");
        let sealed = key.seal("李雷 <li@example.com>".as_bytes()).expect("sealed");
        let again = house.person(&secret).expect("the same secret");
        assert_eq!(again.open(&sealed).expect("opens"), "李雷 <li@example.com>".as_bytes());
        let (_, other) = house.new_person().expect("person");
        assert!(other.open(&sealed).is_err());
        let stranger = InstallationKey::generate().expect("key");
        assert!(stranger.person(&secret).expect("a key").open(&sealed).is_err());
        assert!(!sealed.contains("example"));
    }

    #[test]
    fn reads_back_as_text_and_shows_nothing() {
        let house = InstallationKey::generate().expect("key");
        let again = InstallationKey::from_text(&format!(" {}\n", house.to_text())).expect("reads");
        assert_eq!(again.check(), house.check());
        assert_eq!(format!("{house:?}"), "InstallationKey(…)");
        assert!(InstallationKey::from_text("too short").is_none());
    }

    #[test]
    fn a_secret_opens_only_for_its_purpose() {
        let house = InstallationKey::generate().expect("key");
        let sealed = house.seal("smtp 1", b"geheim").expect("sealed");
        assert_eq!(house.open("smtp 1", &sealed).expect("opens"), b"geheim");
        assert!(house.open("smtp 2", &sealed).is_err());
    }
}
