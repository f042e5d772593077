//! Reading values out of an answer leniently: the service writes the same field now as a text, now as a number.
//! Numbers of orders have up to 64 bits and never pass through a float.

use std::fmt;

use dunlin_core::money::{Money, currency};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A number by which the service knows something: an order, a channel, a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RemoteId(pub u64);

impl RemoteId {
    /// From digits; nothing else is a number of theirs.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse::<u64>().ok().map(Self) } else { None }
    }

    /// A whole number or digits. A float is refused: it has lost digits already.
    pub fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_u64().map(Self),
            Value::String(text) => Self::parse(text),
            _ => None,
        }
    }
}

impl fmt::Display for RemoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Letters of one field that are read: more than any message, name or token has.
const LONGEST_TEXT: usize = 8_000;

/// The text of a field; numbers and truth values as they are written; empty when it is missing. The letter that no
/// database keeps is left out, so that one field of one order does not stop all that comes after it.
pub(super) fn text(value: &Value, field: &str) -> String {
    match value.get(field) {
        Some(Value::String(text)) => text.chars().filter(|letter| *letter != '\0').take(LONGEST_TEXT).collect(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(truth)) => truth.to_string(),
        _ => String::new(),
    }
}

/// A whole number, also written as text.
pub(super) fn integer(value: &Value, field: &str) -> Option<i64> {
    match value.get(field)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A truth value, also written as text.
pub(super) fn truth(value: &Value, field: &str) -> Option<bool> {
    match value.get(field)? {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// The items of a list that is wrapped in an object (`{"order_dto": […]}`); a single item may stand without brackets,
/// an empty list may be missing altogether.
pub(super) fn list<'a>(value: &'a Value, outer: &str, inner: &str) -> &'a [Value] {
    let items = match value.get(outer) {
        Some(Value::Object(wrapped)) => wrapped.get(inner),
        bare => bare,
    };
    match items {
        Some(Value::Array(items)) => items,
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    }
}

/// `{"amount": "12.34", "currency_code": "USD"}`; nothing where there is no amount.
pub(super) fn amount(value: &Value, field: &str) -> Result<Option<Money>, String> {
    let Some(held) = value.get(field).filter(|held| held.is_object()) else { return Ok(None) };
    let (amount, code) = (text(held, "amount"), text(held, "currency_code"));
    if amount.is_empty() {
        return Ok(None);
    }
    let read = currency(&code).and_then(|currency| Money::parse(&amount, currency));
    read.map(Some).map_err(|error| format!("{field}: {error}"))
}

/// At most this many letters of somebody else's text, without control characters.
pub(super) fn shortened(text: &str, letters: usize) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_64_bits_keeps_every_digit() {
        let value: Value = serde_json::from_str(r#"[9007199254740993, "18446744073709551615", 1.5e18]"#).expect("json");
        let read: Vec<_> = (0..3).map(|at| RemoteId::read(&value[at])).collect();
        assert_eq!(read, [Some(RemoteId(9_007_199_254_740_993)), Some(RemoteId(u64::MAX)), None]);
        assert_eq!(RemoteId::parse("-1"), None);
    }

    #[test]
    fn a_text_has_an_end_and_nothing_that_cannot_be_kept() {
        let value = serde_json::json!({"name": "An\0na\nB", "long": "x".repeat(LONGEST_TEXT + 1)});
        assert_eq!(text(&value, "name"), "Anna\nB");
        assert_eq!(text(&value, "long").len(), LONGEST_TEXT);
    }

    #[test]
    fn amounts_are_read_from_text_in_their_currency() {
        let value: Value = serde_json::from_str(
            r#"{"a":{"amount":"12.3","currency_code":"USD"},"b":{"amount":"1200.00","currency_code":"JPY"},
                "c":{"amount":"1.001","currency_code":"USD"},"d":{"amount":"1","currency_code":"???"}}"#,
        )
        .expect("json");
        assert_eq!(amount(&value, "a").map(|money| money.map(|money| money.minor)), Ok(Some(1230)));
        assert_eq!(amount(&value, "b").map(|money| money.map(|money| money.minor)), Ok(Some(1200)));
        assert!(amount(&value, "c").is_err());
        assert!(amount(&value, "d").is_err());
        assert_eq!(amount(&value, "e"), Ok(None));
    }

    #[test]
    fn a_list_may_be_wrapped_bare_single_or_missing() {
        let value: Value =
            serde_json::from_str(r#"{"a":{"x":[1,2]},"b":[1],"c":{"x":{"k":1}},"d":null,"e":{}}"#).expect("json");
        let lengths = ["a", "b", "c", "d", "e", "f"].map(|field| list(&value, field, "x").len());
        assert_eq!(lengths, [2, 1, 1, 0, 0, 0]);
    }
}
