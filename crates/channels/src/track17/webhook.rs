//! News that 17TRACK sends by itself: whether a message is theirs, and what it says.
//!
//! They come late, twice and in any order, and that is all right: a journey puts them together
//! (`dunlin_core::shipment::journey`). Whoever takes them in keeps the raw body, and answers 200 only when it is kept.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::reading::{ReadUpdate, read_update, text};

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "sign";

/// What a message is about. The set is theirs and may grow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeKind {
    Updated,
    /// They follow the parcel no longer: delivered long ago, or silent for too long.
    Stopped,
    Other(String),
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub kind: NoticeKind,
    pub news: ReadUpdate,
}

/// Why a message is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// Somebody else sent it, or the key was changed: answer 401 and keep nothing.
    #[error("the message is not signed with the key of 17TRACK")]
    NotSigned,
    /// Theirs, and no JSON, or about no parcel: keep the raw body for a person.
    #[error("the message of 17TRACK cannot be read")]
    Unreadable,
}

/// The signature of a body: a plain SHA-256 over body, slash and key, in lower-case hex.
pub fn signature(body: &[u8], key: &str) -> String {
    let hash = Sha256::new().chain_update(body).chain_update(b"/").chain_update(key.as_bytes()).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the body was signed with this key. Takes the same time wherever two signatures differ.
pub fn is_signed(body: &[u8], key: &str, sign: &str) -> bool {
    let ours = signature(body, key);
    let theirs = sign.trim().to_ascii_lowercase();
    if ours.len() != theirs.len() || key.is_empty() {
        return false;
    }
    let differing = ours.bytes().zip(theirs.bytes()).fold(0, |differing, (a, b)| differing | (a ^ b));
    std::hint::black_box(differing) == 0
}

/// Checks and reads a message as it came: the raw body, the header `sign`, and the key of the account.
pub fn open(body: &[u8], sign: Option<&str>, key: &str) -> Result<Notice, WebhookError> {
    if !sign.is_some_and(|sign| is_signed(body, key, sign)) {
        return Err(WebhookError::NotSigned);
    }
    read_notice(body).ok_or(WebhookError::Unreadable)
}

/// Reads a message whose signature has been checked.
pub fn read_notice(body: &[u8]) -> Option<Notice> {
    let message: Value = serde_json::from_slice(body).ok()?;
    let kind = match text(&message, "event").as_str() {
        "TRACKING_UPDATED" => NoticeKind::Updated,
        "TRACKING_STOPPED" => NoticeKind::Stopped,
        other => NoticeKind::Other(other.to_string()),
    };
    Some(Notice { kind, news: read_update(message.get("data")?)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"event":"TRACKING_UPDATED","data":{"number":"RR123456789CN","carrier":3011}}"#;
    const KEY: &str = "SANDBOXKEY";
    const SIGN: &str = "73d783d1056e9c8bfb8e7b9c5f2c0d3c3961ad169b7811163536b733d851fd1a";

    #[test]
    fn the_signature_is_that_of_the_vector() {
        assert_eq!(signature(BODY.as_bytes(), KEY), SIGN);
        let notice = open(BODY.as_bytes(), Some(SIGN), KEY).expect("signed");
        assert_eq!((notice.kind, notice.news.update.number.as_str()), (NoticeKind::Updated, "RR123456789CN"));
    }

    #[test]
    fn what_is_not_signed_is_not_read() {
        let spoiled = BODY.replace("3011", "3013");
        for (body, sign, key) in [
            (BODY, None, KEY),
            (BODY, Some(""), KEY),
            (BODY, Some(SIGN), "OTHERKEY"),
            (BODY, Some(&SIGN[1..]), KEY),
            (spoiled.as_str(), Some(SIGN), KEY),
        ] {
            assert_eq!(open(body.as_bytes(), sign, key), Err(WebhookError::NotSigned), "{sign:?}");
        }
        // An account without a key signs nothing, even when somebody signs with nothing.
        let unkeyed = signature(BODY.as_bytes(), "");
        assert_eq!(open(BODY.as_bytes(), Some(&unkeyed), ""), Err(WebhookError::NotSigned));
    }

    #[test]
    fn a_message_of_another_kind_is_kept_and_rubbish_is_unreadable() {
        let sent = |body: &str| open(body.as_bytes(), Some(&signature(body.as_bytes(), KEY)), KEY);
        let told = sent(r#"{"event":"TRACKING_MOVED","data":{"number":"12345"}}"#).expect("read");
        assert_eq!(told.kind, NoticeKind::Other("TRACKING_MOVED".to_string()));
        for rubbish in ["", "null", "[]", "{}", r#"{"event":"TRACKING_UPDATED","data":[]}"#, "{\"event\":"] {
            assert_eq!(sent(rubbish), Err(WebhookError::Unreadable), "{rubbish}");
        }
    }
}
