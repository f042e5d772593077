//! The signature of a call (AliExpress Open Platform, "Signature algorithm").
//!
//! Parameters sorted by key in ASCII order, key and value joined without any encoding; `sign` itself and empty values
//! stay out; the name of the API goes in front only when it is a path. HMAC-SHA256 with the app's secret, upper-case
//! hexadecimal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::secret::Secret;

/// Parameters of a call by name. A `BTreeMap` sorts text by its bytes, which is the order the signature wants.
pub type Parameters = BTreeMap<String, String>;

/// What is signed.
pub fn message(api: &str, parameters: &Parameters) -> String {
    let mut message = String::new();
    if api.contains('/') {
        message.push_str(api);
    }
    for (key, value) in parameters.iter().filter(|(key, value)| *key != "sign" && !value.is_empty()) {
        message.push_str(key);
        message.push_str(value);
    }
    message
}

/// The signature: 64 upper-case hexadecimal digits.
pub fn sign(api: &str, parameters: &Parameters, secret: &Secret) -> String {
    // HMAC takes keys of every length. Were it to refuse one, the empty signature would be refused by the service.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else { return String::new() };
    mac.update(message(api, parameters).as_bytes());
    let digest: [u8; 32] = mac.finalize().into_bytes().into();
    let mut hexadecimal = String::with_capacity(64);
    for byte in digest {
        // Writing into a String cannot fail.
        let _ = write!(hexadecimal, "{byte:02X}");
    }
    hexadecimal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> Parameters {
        pairs.iter().map(|(key, value)| ((*key).to_string(), (*value).to_string())).collect()
    }

    #[test]
    fn the_vector_of_a_system_call_passes() {
        let given = parameters(&[
            ("app_key", "12345678"),
            ("code", "3_500102_JxZ05Ux3cnnSSUm6dCxYg6Q26"),
            ("sign_method", "sha256"),
            ("timestamp", "1517820392000"),
        ]);
        let expected = "35607762342831B6A417A0DED84B79C05FEFBF116969C48AD6DC00279A9F4D81";
        assert_eq!(sign("/auth/token/create", &given, &Secret::new("helloworld")), expected);
    }

    #[test]
    fn the_vector_of_a_business_call_passes() {
        let method = "aliexpress.logistics.redefining.getonlinelogisticsinfo";
        let given = parameters(&[
            ("access_token", "test"),
            ("aliexpress_category_id", "200135143"),
            ("app_key", "123456"),
            ("method", method),
            ("sign_method", "sha256"),
            ("timestamp", "1517820392000"),
        ]);
        let expected = "F7F7926B67316C9D1E8E15F7E66940ED3059B1638C497D77973F30046EFB5BBB";
        assert_eq!(sign(method, &given, &Secret::new("helloworld")), expected);
    }

    #[test]
    fn empty_values_and_the_signature_itself_stay_out() {
        let given = parameters(&[("b", "2"), ("a", "1"), ("empty", ""), ("sign", "X")]);
        assert_eq!(message("some.method", &given), "a1b2");
        assert_eq!(message("/some/path", &given), "/some/patha1b2");
    }
}
