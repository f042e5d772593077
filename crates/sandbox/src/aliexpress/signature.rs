//! The signature of a call, worked out from the documentation and not from the client: two readings of one rule.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Parameters;

/// What the caller should have signed with. `api` is the path of a system call or the name of a business call.
pub(super) fn expected(api: &str, form: &Parameters, secret: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    if api.contains('/') {
        mac.update(api.as_bytes());
    }
    let mut names: Vec<&String> = form.keys().collect();
    names.sort_unstable();
    for name in names {
        let value = form.get(name).map(String::as_str).unwrap_or_default();
        if name == "sign" || value.is_empty() {
            continue;
        }
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    let digest: [u8; 32] = mac.finalize().into_bytes().into();
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02X}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_vectors_pass() {
        let form = |pairs: &[(&str, &str)]| -> Parameters {
            pairs.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect()
        };
        let system = form(&[
            ("timestamp", "1517820392000"),
            ("app_key", "12345678"),
            ("code", "3_500102_JxZ05Ux3cnnSSUm6dCxYg6Q26"),
            ("sign_method", "sha256"),
            ("sign", "not part of it"),
        ]);
        assert_eq!(
            expected("/auth/token/create", &system, "helloworld"),
            "35607762342831B6A417A0DED84B79C05FEFBF116969C48AD6DC00279A9F4D81"
        );
        let method = "aliexpress.logistics.redefining.getonlinelogisticsinfo";
        let business = form(&[
            ("method", method),
            ("timestamp", "1517820392000"),
            ("app_key", "123456"),
            ("access_token", "test"),
            ("aliexpress_category_id", "200135143"),
            ("sign_method", "sha256"),
        ]);
        assert_eq!(
            expected(method, &business, "helloworld"),
            "F7F7926B67316C9D1E8E15F7E66940ED3059B1638C497D77973F30046EFB5BBB"
        );
    }
}
