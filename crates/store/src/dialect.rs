//! The few places where the two databases differ. Statements are written once; `{…}` marks what is replaced.

use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::StoreError;

/// Which database this is. Closed set: an enum, not a trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbKind {
    Sqlite,
    Postgres,
}

/// A value bound to `$1`, `$2`, …
#[derive(Debug, Clone)]
pub(crate) enum Bind {
    Int(i64),
    Text(String),
    MaybeInt(Option<i64>),
    MaybeText(Option<String>),
    Bytes(Vec<u8>),
}

impl From<i64> for Bind {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<bool> for Bind {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<&str> for Bind {
    fn from(value: &str) -> Self {
        Self::Text(value.to_string())
    }
}
impl From<String> for Bind {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<Option<i64>> for Bind {
    fn from(value: Option<i64>) -> Self {
        Self::MaybeInt(value)
    }
}
impl From<Option<String>> for Bind {
    fn from(value: Option<String>) -> Self {
        Self::MaybeText(value)
    }
}
impl From<jiff::Timestamp> for Bind {
    fn from(value: jiff::Timestamp) -> Self {
        Self::Int(value.as_microsecond())
    }
}
impl From<jiff::civil::Date> for Bind {
    fn from(value: jiff::civil::Date) -> Self {
        Self::Text(value.to_string())
    }
}

macro_rules! binds {
    ($($value:expr),* $(,)?) => { vec![$($crate::dialect::Bind::from($value)),*] };
}
pub(crate) use binds;

/// Ids are bound as text.
macro_rules! bind_ids {
    ($($id:ident),+) => {$(
        impl From<dunlin_core::ids::$id> for Bind { fn from(id: dunlin_core::ids::$id) -> Self { Self::Text(id.to_string()) } }
        impl From<Option<dunlin_core::ids::$id>> for Bind {
            fn from(id: Option<dunlin_core::ids::$id>) -> Self { Self::MaybeText(id.map(|id| id.to_string())) }
        }
    )+};
}
bind_ids!(
    PartyId,
    ContactId,
    OrderId,
    InvoiceId,
    ReceivableId,
    BankEntryId,
    PaymentId,
    LedgerEntryId,
    HoldId,
    PromiseId,
    DisputeId,
    CaseId,
    LetterId,
    TaskId
);

impl DbKind {
    /// Fills in what differs: `{array}` builds a JSON array of columns, `{skip_locked}` leaves claimed rows alone.
    pub(crate) fn sql(self, text: &str) -> String {
        match self {
            Self::Sqlite => text.replace("{array}", "json_array").replace("{skip_locked}", ""),
            Self::Postgres => arrays_as_text(text).replace("{skip_locked}", "FOR UPDATE SKIP LOCKED"),
        }
    }

    /// A row source over a JSON array of arrays bound as `$n`; columns are (name, is it a number).
    pub(crate) fn json_rows(self, parameter: usize, columns: &[(&str, bool)]) -> String {
        let pick = |index: usize, (name, number): &(&str, bool)| match (self, number) {
            (Self::Sqlite, _) => format!("value->>{index} AS {name}"),
            (Self::Postgres, true) => format!("(x->>{index})::bigint AS {name}"),
            (Self::Postgres, false) => format!("x->>{index} AS {name}"),
        };
        let picked: Vec<String> = columns.iter().enumerate().map(|(index, column)| pick(index, column)).collect();
        let source = match self {
            // The binary forms: picking a column from JSON text would parse the whole row again for each column.
            Self::Sqlite => format!("jsonb_each(${parameter})"),
            Self::Postgres => format!("jsonb_array_elements(${parameter}::jsonb) AS x"),
        };
        format!("SELECT {} FROM {source}", picked.join(", "))
    }
}

/// `{array}(…)` → `CAST(json_build_array(…) AS TEXT)`: PostgreSQL's JSON type does not pass the common driver.
fn arrays_as_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find("{array}(") {
        let inside = &rest[at + "{array}(".len()..];
        let mut depth = 1;
        let mut quoted = false;
        let end = inside.char_indices().find_map(|(index, c)| {
            match c {
                '\'' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(index)
        });
        let end = end.unwrap_or(inside.len());
        out.push_str(&rest[..at]);
        out.push_str("CAST(json_build_array(");
        out.push_str(&inside[..end]);
        out.push_str(") AS TEXT)");
        rest = inside.get(end + 1..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

fn bound(sql: String, values: Vec<Bind>) -> Query<'static> {
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in values {
        query = match value {
            Bind::Int(value) => query.bind(value),
            Bind::Text(value) => query.bind(value),
            Bind::MaybeInt(value) => query.bind(value),
            Bind::MaybeText(value) => query.bind(value),
            Bind::Bytes(value) => query.bind(value),
        };
    }
    query
}

/// Runs a statement; the number of rows it touched.
pub(crate) async fn execute(
    conn: &mut AnyConnection,
    kind: DbKind,
    sql: &str,
    values: Vec<Bind>,
) -> Result<u64, StoreError> {
    Ok(bound(kind.sql(sql), values).execute(conn).await?.rows_affected())
}

/// Rows of `SELECT {array}(…)`, each read into a struct whose fields are in the order of the columns.
pub(crate) async fn fetch<T: DeserializeOwned>(
    conn: &mut AnyConnection,
    kind: DbKind,
    sql: &str,
    values: Vec<Bind>,
) -> Result<Vec<T>, StoreError> {
    let rows = bound(kind.sql(sql), values).fetch_all(conn).await?;
    rows.iter().map(read).collect()
}

/// The first row of such a query, if there is one.
pub(crate) async fn fetch_one<T: DeserializeOwned>(
    conn: &mut AnyConnection,
    kind: DbKind,
    sql: &str,
    values: Vec<Bind>,
) -> Result<Option<T>, StoreError> {
    let row = bound(kind.sql(sql), values).fetch_optional(conn).await?;
    row.as_ref().map(read).transpose()
}

/// A single number (`SELECT count(*)`, `RETURNING next`).
pub(crate) async fn fetch_number(
    conn: &mut AnyConnection,
    kind: DbKind,
    sql: &str,
    values: Vec<Bind>,
) -> Result<Option<i64>, StoreError> {
    let row = bound(kind.sql(sql), values).fetch_optional(conn).await?;
    match row {
        Some(row) => Ok(row.try_get::<Option<i64>, _>(0)?),
        None => Ok(None),
    }
}

/// Bytes of a blob.
pub(crate) async fn fetch_bytes(
    conn: &mut AnyConnection,
    kind: DbKind,
    sql: &str,
    values: Vec<Bind>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = bound(kind.sql(sql), values).fetch_optional(conn).await?;
    match row {
        Some(row) => Ok(Some(row.try_get::<Vec<u8>, _>(0)?)),
        None => Ok(None),
    }
}

fn read<T: DeserializeOwned>(row: &AnyRow) -> Result<T, StoreError> {
    let text: &str = row.try_get(0)?;
    serde_json::from_str(text).map_err(StoreError::corrupt)
}

/// Inserts many rows with one statement. `rows` is a JSON array of arrays in column order.
pub(crate) async fn insert_many(
    conn: &mut AnyConnection,
    kind: DbKind,
    table: &str,
    columns: &[(&str, bool)],
    rows: String,
) -> Result<u64, StoreError> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let sql = format!("INSERT INTO {table} ({}) {}", names.join(", "), kind.json_rows(1, columns));
    Ok(bound(sql, binds![rows]).execute(conn).await?.rows_affected())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_rows_become_text_on_postgres() {
        let text = "SELECT {array}(a, COALESCE(b, ')'), (c)) FROM t WHERE x IN (1)";
        assert_eq!(DbKind::Sqlite.sql(text), "SELECT json_array(a, COALESCE(b, ')'), (c)) FROM t WHERE x IN (1)");
        assert_eq!(
            DbKind::Postgres.sql(text),
            "SELECT CAST(json_build_array(a, COALESCE(b, ')'), (c)) AS TEXT) FROM t WHERE x IN (1)"
        );
    }
}
