//! PostgreSQL through sqlx.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use serde::de::DeserializeOwned;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow, PgTypeInfo, PgValueRef, Postgres};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Column, Connection, Decode, Executor, PgConnection, PgPool, Row, TypeInfo, ValueRef};

use crate::StoreError;
use crate::bind::Bind;
use crate::bulk::{Kind, Rows};
use crate::cells::{Cell, read_row};

pub(crate) type PostgresConn = PoolConnection<Postgres>;

/// A pool, after one connection by itself: the reason of a failure is then the server's and not "pool timed out".
pub(crate) async fn connect(url: &str) -> Result<PgPool, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?;
    PgConnection::connect_with(&options).await?.close().await?;
    Ok(PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(15)).connect_lazy_with(options))
}

/// Makes a database anew on the server of the URL.
pub(crate) async fn create_database(url: &str, name: &str) -> Result<(), sqlx::Error> {
    let mut conn = PgConnection::connect(url).await?;
    conn.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).await?;
    conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
    conn.close().await
}

pub(super) async fn batch(conn: &mut PostgresConn, sql: &str) -> Result<(), StoreError> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_string())).execute(&mut **conn).await?;
    Ok(())
}

pub(super) async fn execute(conn: &mut PostgresConn, sql: &str, values: Vec<Bind>) -> Result<u64, StoreError> {
    Ok(bound(sql, values).execute(&mut **conn).await?.rows_affected())
}

pub(super) async fn fetch<T: DeserializeOwned>(
    conn: &mut PostgresConn,
    sql: &str,
    values: Vec<Bind>,
) -> Result<Vec<T>, StoreError> {
    let rows = bound(sql, values).fetch_all(&mut **conn).await?;
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let columns = first.columns().iter().map(|column| Read::of(column.type_info())).collect::<Result<Vec<_>, _>>()?;
    rows.iter().map(|row| read(row, &columns)).collect()
}

/// One execution over arrays, one a column.
pub(super) async fn over_arrays(
    conn: &mut PostgresConn,
    sql: &str,
    rows: &Rows,
    bounds: Option<[Bind; 2]>,
) -> Result<u64, StoreError> {
    let mut query = bound(sql, rows.constants().to_vec());
    for (index, (_, kind)) in rows.columns().iter().skip(rows.constants().len()).enumerate() {
        query = match kind {
            Kind::Int => {
                let column: Vec<Option<i64>> = rows
                    .iter()
                    .map(|row| match &row[index] {
                        Bind::Int(value) => *value,
                        _ => None,
                    })
                    .collect();
                query.bind(column)
            }
            Kind::Text => {
                let column: Vec<Option<Cow<'_, str>>> = rows
                    .iter()
                    .map(|row| match &row[index] {
                        Bind::Text(text) => text.as_deref().map(Cow::Borrowed),
                        Bind::Fixed(text) => Some(Cow::Borrowed(*text)),
                        Bind::Id(id) => id.map(text_id).map(Cow::Owned),
                        _ => None,
                    })
                    .collect();
                query.bind(column)
            }
        };
    }
    for bound in bounds.into_iter().flatten() {
        query = with_value(query, bound);
    }
    Ok(query.execute(&mut **conn).await?.rows_affected())
}

fn text_id(id: u128) -> String {
    String::from_utf8_lossy(&dunlin_core::ids::text_of(id)).into_owned()
}

type PgQuery = Query<'static, Postgres, PgArguments>;

fn bound(sql: &str, values: Vec<Bind>) -> PgQuery {
    values.into_iter().fold(sqlx::query(AssertSqlSafe(sql.to_string())), with_value)
}

fn with_value(query: PgQuery, value: Bind) -> PgQuery {
    match value {
        Bind::Int(value) => query.bind(value),
        Bind::Text(value) => query.bind(value.map(String::from)),
        Bind::Fixed(value) => query.bind(value),
        Bind::Id(value) => query.bind(value.map(text_id)),
        Bind::Bytes(value) => query.bind(value),
    }
}

/// How a column is read.
#[derive(Debug, Clone, Copy)]
enum Read {
    Big,
    Int,
    Small,
    Bool,
    Real,
    Text,
    Bytes,
}

impl Read {
    fn of(kind: &PgTypeInfo) -> Result<Self, StoreError> {
        Ok(match kind.name() {
            "INT8" => Self::Big,
            "INT4" => Self::Int,
            "INT2" => Self::Small,
            "BOOL" => Self::Bool,
            "FLOAT8" => Self::Real,
            "TEXT" | "VARCHAR" | "NAME" | "UNKNOWN" => Self::Text,
            "BYTEA" => Self::Bytes,
            other => return Err(StoreError::corrupt(format!("a column of the type {other}, which nothing here uses"))),
        })
    }

    fn cell(self, value: PgValueRef<'_>) -> Result<Cell<'_>, sqlx::Error> {
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let cell = match self {
            Self::Big => i64::decode(value).map(Cell::Int),
            Self::Int => i32::decode(value).map(|value| Cell::Int(value.into())),
            Self::Small => i16::decode(value).map(|value| Cell::Int(value.into())),
            Self::Bool => bool::decode(value).map(|value| Cell::Int(value.into())),
            Self::Real => f64::decode(value).map(Cell::Real),
            Self::Text => <&str>::decode(value).map(Cell::Text),
            Self::Bytes => <&[u8]>::decode(value).map(Cell::Bytes),
        };
        cell.map_err(sqlx::Error::Decode)
    }
}

fn read<T: DeserializeOwned>(row: &PgRow, columns: &[Read]) -> Result<T, StoreError> {
    let mut cells = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        cells.push(column.cell(row.try_get_raw(index)?)?);
    }
    read_row(cells.into_iter())
}
