//! The few places where the two databases differ. Statements are written once; `{…}` marks what is replaced.

use std::borrow::Cow;

/// Which database this is. Closed set: an enum, not a trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbKind {
    Sqlite,
    Postgres,
}

impl DbKind {
    /// Fills in what differs: `{skip_locked}` leaves claimed rows alone.
    pub(crate) fn sql(self, text: &str) -> Cow<'_, str> {
        if !text.contains("{skip_locked}") {
            return Cow::Borrowed(text);
        }
        let words = match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR UPDATE SKIP LOCKED",
        };
        Cow::Owned(text.replace("{skip_locked}", words))
    }

    /// A condition that a column is one of the texts in the JSON array bound as `$n`.
    pub(crate) fn listed(self, column: &str, parameter: usize) -> String {
        match self {
            Self::Sqlite => format!("{column} IN (SELECT value FROM json_each(${parameter}))"),
            // An array made once is looked up in the index; a subquery might be joined the wrong way round.
            Self::Postgres => format!("{column} = ANY (ARRAY(SELECT jsonb_array_elements_text(${parameter}::jsonb)))"),
        }
    }

    /// A text inside a column of JSON; empty where there is none.
    pub(crate) fn json_text(self, column: &str, path: &[&str]) -> String {
        match self {
            Self::Sqlite => format!("json_extract({column}, '$.{}')", path.join(".")),
            Self::Postgres => format!("({column}::jsonb #>> '{{{}}}')", path.join(",")),
        }
    }

    /// The smaller of two values, neither of them empty.
    pub(crate) fn least(self, one: &str, other: &str) -> String {
        match self {
            Self::Sqlite => format!("min({one}, {other})"),
            Self::Postgres => format!("LEAST({one}, {other})"),
        }
    }

    /// The end of a day that a column names, as an instant; to the day: the zone of the firm is left out. Empty where it is.
    pub(crate) fn end_of_day(self, column: &str) -> String {
        let seconds = match self {
            Self::Sqlite => format!("CAST(strftime('%s', {column}) AS INTEGER)"),
            Self::Postgres => format!("CAST(EXTRACT(EPOCH FROM CAST({column} AS DATE)) AS BIGINT)"),
        };
        format!("({seconds} + 86400) * 1000000")
    }

    /// A table `x` over a JSON array of arrays of texts bound as `$n`: the keys of a page of rows, for a join.
    pub(crate) fn keys(self, parameter: usize, columns: &[&str]) -> String {
        let pick = |(index, name): (usize, &&str)| match self {
            Self::Sqlite => format!("value->>{index} AS {name}"),
            Self::Postgres => format!("k->>{index} AS {name}"),
        };
        let picked: Vec<String> = columns.iter().enumerate().map(pick).collect();
        let source = match self {
            Self::Sqlite => format!("json_each(${parameter})"),
            Self::Postgres => format!("jsonb_array_elements(${parameter}::jsonb) AS k"),
        };
        format!("(SELECT {} FROM {source}) AS x", picked.join(", "))
    }
}

/// Booleans are stored as 0 and 1.
pub(crate) mod flag {
    use serde::{Deserialize, Deserializer};

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
        Ok(i64::deserialize(d)? != 0)
    }
}

/// Instants are stored as microseconds.
pub(crate) mod micros {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, de::Error};

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_microsecond(i64::deserialize(d)?).map_err(D::Error::custom)
    }

    pub mod maybe {
        use jiff::Timestamp;
        use serde::{Deserialize, Deserializer, de::Error};

        pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
            let value = Option::<i64>::deserialize(d)?;
            value.map(|micros| Timestamp::from_microsecond(micros).map_err(D::Error::custom)).transpose()
        }
    }
}
