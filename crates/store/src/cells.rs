//! A row of either database as a serde sequence: rows are read into structs whose fields stand in the order of the
//! columns, with no text in between.

use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeOwned, Deserializer, Error, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::StoreError;

/// One value of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// Why a row does not fit the struct it is read into.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct CellError(String);

impl Error for CellError {
    fn custom<T: std::fmt::Display>(what: T) -> Self {
        Self(what.to_string())
    }
}

/// Reads one row.
pub(crate) fn read_row<'a, T: DeserializeOwned>(cells: impl Iterator<Item = Cell<'a>>) -> Result<T, StoreError> {
    // It also refuses columns left over.
    T::deserialize(SeqDeserializer::<_, CellError>::new(cells)).map_err(StoreError::corrupt)
}

impl IntoDeserializer<'_, CellError> for Cell<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell<'_> {
    type Error = CellError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Int(value) => visitor.visit_i64(value),
            Self::Real(value) => visitor.visit_f64(value),
            Self::Text(value) => visitor.visit_str(value),
            Self::Bytes(value) => visitor.visit_bytes(value),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        match self {
            Self::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CellError> {
        match self {
            Self::Text(value) => visitor.visit_enum(value.into_deserializer()),
            other => Err(CellError(format!("{other:?} where a word was expected"))),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, CellError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        OneTwo,
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Row {
        word: Word,
        level: u8,
        name: Option<String>,
        day: jiff::civil::Date,
    }

    #[test]
    fn a_row_is_read_by_position() {
        let cells = [Cell::Text("one_two"), Cell::Int(7), Cell::Null, Cell::Text("2026-03-04")];
        let row: Row = read_row(cells.into_iter()).expect("fits");
        assert_eq!(row, Row { word: Word::OneTwo, level: 7, name: None, day: jiff::civil::date(2026, 3, 4) });
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(read_row::<(u8,)>([Cell::Int(300)].into_iter()).is_err(), "out of range");
        assert!(read_row::<(u8,)>([Cell::Int(3), Cell::Int(4)].into_iter()).is_err(), "a column too many");
        assert!(read_row::<(u8, u8)>([Cell::Int(3)].into_iter()).is_err(), "a column too few");
        assert!(read_row::<(String,)>([Cell::Int(3)].into_iter()).is_err(), "a number for a text");
    }
}
