//! Personal data under one key per person. Destroying the key (erasure) makes every copy unreadable, while ledger,
//! hashes and sequence stay.
//!
//! XChaCha20-Poly1305; the text is base64(nonce ‖ ciphertext). The keys lie in `person_key`, apart from the data.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use dunlin_core::party::Person;

use crate::StoreError;

/// The key of one person.
#[derive(Clone)]
pub struct PersonKey([u8; 32]);

impl PersonKey {
    pub fn generate() -> Result<Self, StoreError> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(StoreError::corrupt)?;
        Ok(Self(bytes))
    }

    pub fn from_text(text: &str) -> Result<Self, StoreError> {
        let bytes = BASE64.decode(text).map_err(StoreError::corrupt)?;
        let bytes = bytes.try_into().map_err(|_| StoreError::corrupt("a person's key has the wrong length"))?;
        Ok(Self(bytes))
    }

    pub fn to_text(&self) -> String {
        BASE64.encode(self.0)
    }

    pub fn seal(&self, plain: &[u8]) -> Result<String, StoreError> {
        let mut nonce = [0_u8; 24];
        getrandom::fill(&mut nonce).map_err(StoreError::corrupt)?;
        let cipher = XChaCha20Poly1305::new(&self.0.into());
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), plain)
            .map_err(|_| StoreError::corrupt("personal data could not be sealed"))?;
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        Ok(BASE64.encode(bytes))
    }

    pub fn open(&self, sealed: &str) -> Result<Vec<u8>, StoreError> {
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

pub(crate) fn open_person(sealed: &str, secret: &str) -> Result<Person, StoreError> {
    let plain = PersonKey::from_text(secret)?.open(sealed)?;
    serde_json::from_slice(&plain).map_err(StoreError::corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_with_its_own_key() {
        let key = PersonKey::generate().expect("key");
        let sealed = key.seal("李雷 <li@example.com>".as_bytes()).expect("sealed");
        let again = PersonKey::from_text(&key.to_text()).expect("text");
        assert_eq!(again.open(&sealed).expect("opens"), "李雷 <li@example.com>".as_bytes());
        assert!(PersonKey::generate().expect("key").open(&sealed).is_err());
        assert!(!sealed.contains("example"));
    }
}
