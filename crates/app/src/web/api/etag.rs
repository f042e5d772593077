//! ETags: the hash of what a GET answers. A program that asks again with `If-None-Match` gets 304 while nothing
//! changed; one that changes a thing with `If-Match` changes only what it has seen.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::problem::{CHANGED, Problem};

/// The strong ETag of a body.
pub fn of_bytes(body: &[u8]) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(body)))
}

/// Whether the caller has this body already (RFC 9110 section 13.1.2: compared weakly).
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    named(headers, header::IF_NONE_MATCH).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

/// Refuses a change of a thing that is not what the caller saw (RFC 9110 section 13.1.1: compared strongly). `shown` is
/// what its GET answers now.
pub fn expect_unchanged(headers: &HeaderMap, shown: &impl Serialize) -> Result<(), Problem> {
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(());
    }
    let tag = of_bytes(&serde_json::to_vec(shown)?);
    if named(headers, header::IF_MATCH).any(|seen| seen == "*" || seen == tag) {
        return Ok(());
    }
    Err(Problem::new(CHANGED, "it is not what you have seen any more; nothing was changed"))
}

fn named(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_known_body_is_told_by_its_tag() {
        let tag = of_bytes(b"{}");
        let listed: &'static str = format!("\"other\", W/{tag}").leak();
        assert!(is_known(&with(header::IF_NONE_MATCH, listed), &tag));
        assert!(is_known(&with(header::IF_NONE_MATCH, "*"), &tag));
        assert!(!is_known(&with(header::IF_NONE_MATCH, "\"other\""), &tag));
        assert!(!is_known(&HeaderMap::new(), &tag));
    }

    #[test]
    fn a_change_goes_only_to_what_was_seen() {
        let tag: &'static str = of_bytes(b"{\"a\":1}").leak();
        let shown = serde_json::json!({"a": 1});
        assert!(expect_unchanged(&HeaderMap::new(), &shown).is_ok());
        assert!(expect_unchanged(&with(header::IF_MATCH, tag), &shown).is_ok());
        assert!(expect_unchanged(&with(header::IF_MATCH, tag), &serde_json::json!({"a": 2})).is_err());
    }
}
