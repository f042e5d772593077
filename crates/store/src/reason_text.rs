//! How reasons lie in the database: short, because every decision carries a dozen of them.
//!
//! A JSON list; a reason without facts is its code, one with facts a list `[code, name, value, name, value, …]`.
//! A text is a string, a number a number, and what has a kind an object of one letter: `{"m":[1001,"EUR"]}` money in
//! minor units, `{"d":"2026-03-04"}` a date, `{"t":1772614800000000}` an instant in microseconds.

use std::borrow::Cow;

use dunlin_core::money::Money;
use dunlin_core::reason::{FactValue, Reason, ReasonCode};
use jiff::Timestamp;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::StoreError;
use crate::bind::Bind;
use crate::facts::iso;

pub(crate) fn write_reasons<'a>(reasons: impl IntoIterator<Item = &'a Reason>) -> Result<String, StoreError> {
    let mut text = Vec::with_capacity(LONG);
    write(&mut text, reasons)?;
    String::from_utf8(text).map_err(StoreError::corrupt)
}

/// Long enough for nearly all, so that it seldom has to grow.
const LONG: usize = 512;

/// Writes reason after reason in one place, so that each is kept in no more memory than it needs.
#[derive(Debug, Default)]
pub(crate) struct ReasonWriter(Vec<u8>);

impl ReasonWriter {
    pub(crate) fn write<'a>(&mut self, reasons: impl IntoIterator<Item = &'a Reason>) -> Result<Bind, StoreError> {
        self.0.clear();
        self.0.reserve(LONG);
        write(&mut self.0, reasons)?;
        std::str::from_utf8(&self.0).map(Bind::from).map_err(StoreError::corrupt)
    }

    /// Any other list, in the same place.
    pub(crate) fn list(&mut self, list: impl IntoIterator<Item = impl Serialize>) -> Result<Bind, StoreError> {
        self.0.clear();
        serde_json::Serializer::new(&mut self.0).collect_seq(list).map_err(StoreError::corrupt)?;
        std::str::from_utf8(&self.0).map(Bind::from).map_err(StoreError::corrupt)
    }
}

fn write<'a>(text: &mut Vec<u8>, reasons: impl IntoIterator<Item = &'a Reason>) -> Result<(), StoreError> {
    serde_json::Serializer::new(text).collect_seq(reasons.into_iter().map(Short)).map_err(StoreError::corrupt)
}

pub(crate) fn read_reasons(text: &str) -> Result<Vec<Reason>, StoreError> {
    let list: Vec<Value> = serde_json::from_str(text).map_err(StoreError::corrupt)?;
    list.into_iter().map(reason).collect()
}

struct Short<'a>(&'a Reason);
struct ShortValue<'a>(&'a FactValue);

impl Serialize for Short<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Reason { code, facts } = self.0;
        if facts.is_empty() {
            return s.serialize_str(code.code());
        }
        let mut seq = s.serialize_seq(Some(1 + 2 * facts.len()))?;
        seq.serialize_element(code.code())?;
        for (name, value) in facts {
            seq.serialize_element(name)?;
            seq.serialize_element(&ShortValue(value))?;
        }
        seq.end()
    }
}

impl Serialize for ShortValue<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            FactValue::Text(text) => s.serialize_str(text),
            FactValue::Number(number) => s.serialize_i64(*number),
            FactValue::Money(money) => one(s, "m", &(money.minor, money.currency.code())),
            FactValue::Date(date) => one(s, "d", date),
            FactValue::Instant(at) => one(s, "t", &at.as_microsecond()),
        }
    }
}

fn one<S: Serializer>(s: S, key: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = s.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

fn reason(value: Value) -> Result<Reason, StoreError> {
    let unreadable = |value: &Value| StoreError::corrupt(format!("a reason that cannot be read: {value}"));
    let code_of = |value: &Value| value.as_str().and_then(ReasonCode::from_code).ok_or_else(|| unreadable(value));
    let Value::Array(parts) = value else {
        return Ok(Reason::new(code_of(&value)?));
    };
    let Some((code, facts)) = parts.split_first() else {
        return Err(StoreError::corrupt("an empty reason"));
    };
    let mut reason = Reason::new(code_of(code)?);
    for pair in facts.chunks(2) {
        let [Value::String(name), value] = pair else {
            return Err(unreadable(code));
        };
        reason.facts.push((Cow::Owned(name.clone()), fact(value).ok_or_else(|| unreadable(value))??));
    }
    Ok(reason)
}

fn fact(value: &Value) -> Option<Result<FactValue, StoreError>> {
    let fact = match value {
        Value::String(text) => FactValue::Text(text.clone()),
        Value::Number(number) => FactValue::Number(number.as_i64()?),
        Value::Object(map) => match map.iter().next()? {
            (key, Value::Array(money)) if key == "m" => {
                let [minor, currency] = money.as_slice() else {
                    return None;
                };
                let minor = minor.as_i64()?;
                return Some(iso(currency.as_str()?).map(|currency| FactValue::Money(Money::new(minor, currency))));
            }
            (key, Value::String(date)) if key == "d" => FactValue::Date(date.parse().ok()?),
            (key, Value::Number(at)) if key == "t" => {
                FactValue::Instant(Timestamp::from_microsecond(at.as_i64()?).ok()?)
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(Ok(fact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_come_back_as_they_were() {
        let money = Money::new(-1001, iso("EUR").expect("currency"));
        let all = vec![
            Reason::new(ReasonCode::PassHold),
            Reason::new(ReasonCode::StepDue)
                .text("step", "first “reminder”\n")
                .number("days_overdue", -6)
                .money("outstanding", money)
                .date("due", jiff::civil::date(2026, 3, 4))
                .instant("since", Timestamp::from_microsecond(1_772_614_800_000_001).expect("instant")),
        ];
        let text = write_reasons(&all).expect("written");
        assert!(text.starts_with(r#"["pass.hold",["step.due","step","#), "{text}");
        assert_eq!(read_reasons(&text).expect("read"), all);
    }

    #[test]
    fn damaged_reasons_are_refused() {
        for text in ["", "{}", "[[]]", r#"["no.such"]"#, r#"[["step.due","step"]]"#, r#"[["step.due","a",{"m":[1]}]]"#]
        {
            assert!(read_reasons(text).is_err(), "{text}");
        }
    }
}
