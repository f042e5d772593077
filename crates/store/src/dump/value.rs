//! One value of a row: in the database, and in a line of a backup, where bytes are `{"b64": "…"}`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tables::Holds;
use crate::bind::Bind;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

const BYTES: &str = "b64";

impl Value {
    /// For a comparison with a key, which is never null.
    pub(super) fn bind(&self) -> Bind {
        match self {
            Self::Null => Bind::Text(None),
            Self::Int(value) => (*value).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Bytes(bytes) => bytes.clone().into(),
        }
    }

    /// For a column; `None` when it does not fit there.
    pub(super) fn into_bind(self, holds: Holds) -> Option<Bind> {
        Some(match (self, holds) {
            (Self::Null, Holds::Int) => Bind::Int(None),
            (Self::Null, Holds::Text) => Bind::Text(None),
            (Self::Int(value), Holds::Int) => value.into(),
            (Self::Text(text), Holds::Text) => text.into(),
            (Self::Bytes(bytes), Holds::Bytes) => bytes.into(),
            _ => return None,
        })
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => s.serialize_unit(),
            Self::Int(value) => s.serialize_i64(*value),
            Self::Text(text) => s.serialize_str(text),
            Self::Bytes(bytes) => {
                let mut map = s.serialize_map(Some(1))?;
                map.serialize_entry(BYTES, &STANDARD.encode(bytes))?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value of a row")
            }
            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }
            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(Value::Int(value))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
                i64::try_from(value).map(Value::Int).map_err(E::custom)
            }
            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.to_string()))
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value, E> {
                Ok(Value::Bytes(bytes.to_vec()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let (name, text): (String, String) = map.next_entry()?.ok_or_else(|| A::Error::custom("no bytes"))?;
                if name != BYTES {
                    return Err(A::Error::custom(format!("{name} where bytes were expected")));
                }
                STANDARD.decode(text).map(Value::Bytes).map_err(A::Error::custom)
            }
        }
        d.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back_as_it_was() {
        let row = vec![
            Value::Null,
            Value::Int(i64::MIN),
            Value::Int(i64::MAX),
            Value::Text("Ñandú \"x\"\n\u{2028}提单".to_string()),
            Value::Bytes(vec![0, 255, 10]),
        ];
        let line = serde_json::to_string(&row).expect("writes");
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<Vec<Value>>(&line).expect("reads"), row);
    }
}
