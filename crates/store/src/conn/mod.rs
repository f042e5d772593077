//! A connection to either database, and the few calls that everything in this crate is written with.

mod postgres;
mod sqlite;

use serde::de::DeserializeOwned;

use crate::StoreError;
use crate::bind::Bind;
use crate::bulk::Rows;
use crate::dialect::DbKind;
use crate::seal::InstallationKey;

pub(crate) use postgres::{PostgresConn, connect as connect_postgres, create_database};
pub(crate) use sqlite::{SqliteConn, SqlitePool};

/// A connection out of a pool, with the key that opens what it reads.
pub(crate) struct Conn {
    link: Link,
    pub(crate) key: InstallationKey,
}

/// SQLite is called in place: its calls are shorter than a change of thread.
pub(crate) enum Link {
    Sqlite(SqliteConn),
    Postgres(PostgresConn),
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Conn({:?})", self.kind())
    }
}

impl Conn {
    pub(crate) const fn new(link: Link, key: InstallationKey) -> Self {
        Self { link, key }
    }

    pub(crate) const fn kind(&self) -> DbKind {
        match self.link {
            Link::Sqlite(_) => DbKind::Sqlite,
            Link::Postgres(_) => DbKind::Postgres,
        }
    }

    /// Statements without values, several in one text.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.link {
            Link::Sqlite(conn) => sqlite::batch(conn, sql),
            Link::Postgres(conn) => postgres::batch(conn, sql).await,
        }
    }

    /// To be called after a commit.
    pub(crate) fn committed(&self) {
        if let Link::Sqlite(conn) = &self.link {
            sqlite::committed(conn);
        }
    }

    /// Gives the connection up in the middle of a transaction, which then never happened.
    pub(crate) fn abandon(self) {
        match self.link {
            Link::Sqlite(conn) => sqlite::roll_back(&conn),
            // Closing is the one way to roll back without waiting.
            Link::Postgres(conn) => drop(conn.detach()),
        }
    }
}

/// Runs a statement; the number of rows it touched.
pub(crate) async fn execute(conn: &mut Conn, sql: &str, values: Vec<Bind>) -> Result<u64, StoreError> {
    let sql = conn.kind().sql(sql);
    match &mut conn.link {
        Link::Sqlite(conn) => sqlite::execute(conn, &sql, &values),
        Link::Postgres(conn) => postgres::execute(conn, &sql, values).await,
    }
}

/// Rows, each read into a struct whose fields are in the order of the columns.
pub(crate) async fn fetch<T: DeserializeOwned>(
    conn: &mut Conn,
    sql: &str,
    values: Vec<Bind>,
) -> Result<Vec<T>, StoreError> {
    let sql = conn.kind().sql(sql);
    match &mut conn.link {
        Link::Sqlite(conn) => sqlite::fetch(conn, &sql, &values, usize::MAX),
        Link::Postgres(conn) => postgres::fetch(conn, &sql, values).await,
    }
}

/// The first row, if there is one.
pub(crate) async fn fetch_one<T: DeserializeOwned>(
    conn: &mut Conn,
    sql: &str,
    values: Vec<Bind>,
) -> Result<Option<T>, StoreError> {
    let sql = conn.kind().sql(sql);
    let rows = match &mut conn.link {
        Link::Sqlite(conn) => sqlite::fetch(conn, &sql, &values, 1)?,
        Link::Postgres(conn) => postgres::fetch(conn, &sql, values).await?,
    };
    Ok(rows.into_iter().next())
}

/// A single number (`SELECT count(*)`, `RETURNING next`).
pub(crate) async fn fetch_number(conn: &mut Conn, sql: &str, values: Vec<Bind>) -> Result<Option<i64>, StoreError> {
    let row: Option<(Option<i64>,)> = fetch_one(conn, sql, values).await?;
    Ok(row.and_then(|(number,)| number))
}

/// Bytes of a blob.
pub(crate) async fn fetch_bytes(conn: &mut Conn, sql: &str, values: Vec<Bind>) -> Result<Option<Vec<u8>>, StoreError> {
    struct Bytes(Vec<u8>);
    impl<'de> serde::Deserialize<'de> for Bytes {
        fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            struct Take;
            impl serde::de::Visitor<'_> for Take {
                type Value = Bytes;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("bytes")
                }
                fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                    Ok(Bytes(bytes.to_vec()))
                }
            }
            d.deserialize_bytes(Take)
        }
    }
    let row: Option<(Bytes,)> = fetch_one(conn, sql, values).await?;
    Ok(row.map(|(bytes,)| bytes.0))
}

/// Runs a statement once for every row: `{rows}` in it stands for a table `x` with the columns of `rows`. SQLite
/// executes the prepared statement row by row, PostgreSQL once over arrays. Returns the number of rows touched.
pub(crate) async fn each_row(conn: &mut Conn, text: &str, rows: Rows) -> Result<u64, StoreError> {
    let sql = rows.sql(conn.kind(), text);
    run(conn, &sql, &rows, rows.bounds(text)).await
}

/// Inserts many rows.
pub(crate) async fn insert_many(conn: &mut Conn, table: &str, rows: Rows) -> Result<u64, StoreError> {
    let sql = rows.insert(conn.kind(), table);
    run(conn, &sql, &rows, None).await
}

async fn run(conn: &mut Conn, sql: &str, rows: &Rows, bounds: Option<[Bind; 2]>) -> Result<u64, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    match &mut conn.link {
        Link::Sqlite(conn) => sqlite::each_row(conn, sql, rows),
        Link::Postgres(conn) => postgres::over_arrays(conn, sql, rows, bounds).await,
    }
}
