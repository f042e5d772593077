//! What the calls are asked with.

use serde::Serialize;

/// No more numbers go into one call.
pub const NUMBERS_PER_CALL: usize = 40;

/// Whether the service would look at such a number at all: 5 to 50 letters and digits.
pub fn is_number(text: &str) -> bool {
    (5..=50).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_alphanumeric())
}

/// A parcel to be followed. Nothing of the buyer goes along but what the carrier asks for in `param`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Registration {
    pub number: String,
    /// The service's number of the carrier; without one the service guesses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<u32>,
    /// Let the service guess when `carrier` is not given.
    pub auto_detection: bool,
    /// Comes back with every piece of news: our own id of the parcel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Postcode, telephone or date, where the carrier wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// Language into which events are translated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_no: Option<String>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

impl Registration {
    pub fn of(number: &str, carrier: Option<u32>) -> Self {
        Self { number: number.to_string(), carrier, auto_detection: carrier.is_none(), ..Self::default() }
    }
}

/// A parcel that is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parcel {
    pub number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<u32>,
}

impl Parcel {
    pub fn of(number: &str, carrier: Option<u32>) -> Self {
        Self { number: number.to_string(), carrier }
    }
}

/// A parcel that was registered under the wrong carrier. The names of the fields are from memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CarrierChange {
    pub number: String,
    pub carrier_old: u32,
    pub carrier_new: u32,
}

/// Anything that names one parcel.
pub trait NamesParcel {
    fn number(&self) -> &str;
}

impl NamesParcel for Registration {
    fn number(&self) -> &str {
        &self.number
    }
}

impl NamesParcel for Parcel {
    fn number(&self) -> &str {
        &self.number
    }
}

impl NamesParcel for CarrierChange {
    fn number(&self) -> &str {
        &self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_sends_only_what_is_known() {
        let json = serde_json::to_string(&Registration::of("RR123456789CN", None)).expect("serialises");
        assert_eq!(json, r#"{"number":"RR123456789CN","auto_detection":true}"#);
        let json = serde_json::to_string(&Registration::of("RR123456789CN", Some(3011))).expect("serialises");
        assert_eq!(json, r#"{"number":"RR123456789CN","carrier":3011,"auto_detection":false}"#);
    }

    #[test]
    fn what_is_no_number_is_seen_before_anybody_is_asked() {
        assert!(is_number("RR123456789CN") && is_number("12345"));
        for wrong in ["", "1234", "RR 123456789", "RR123456789ＣＮ", &"1".repeat(51)] {
            assert!(!is_number(wrong), "{wrong}");
        }
    }
}
