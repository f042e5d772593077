//! SQLite through rusqlite: a pool of connections to one file, one of which writes at a time.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, Statement};
use serde::de::DeserializeOwned;
use tokio::sync::OwnedMutexGuard;

use crate::StoreError;
use crate::bind::Bind;
use crate::bulk::Rows;
use crate::cells::{Cell, read_row};

/// Pages of 8 KiB: with SQLite's 4 KiB a run over 200,000 debtors took a quarter longer (decision 0002). The size
/// binds a new file only.
const PAGES_AND_LOG: &str = "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL";
/// What is deleted is overwritten: the key of an erased person must not lie in a free page.
const PRAGMAS: &str = "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; \
                       PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 128000; \
                       PRAGMA secure_delete = ON";

/// How long SQLite waits for another process to let go.
const BUSY: Duration = Duration::from_secs(15);

/// Connections to one database file.
#[derive(Debug, Clone)]
pub(crate) struct SqlitePool {
    path: Arc<PathBuf>,
    idle: Arc<Mutex<Vec<Connection>>>,
    /// SQLite has one writer. Waiting here costs nothing, waiting in SQLite would block a thread.
    writer: Arc<tokio::sync::Mutex<()>>,
    checkpoint: Arc<Checkpoint>,
}

/// Moves the log into the database beside the writing, so that a commit seldom waits for it.
#[derive(Debug, Default)]
struct Checkpoint {
    /// Held while one is at work: two would be in each other's way.
    at_work: Arc<tokio::sync::Mutex<()>>,
    last: Mutex<Option<Instant>>,
}

/// A shorter log is left to SQLite's own rule.
const LONG_LOG: u64 = 256 << 20;
/// Emptying costs a wait for the disk, so it is done seldom.
const OVERLONG_LOG: u64 = 512 << 20;
const BETWEEN_MOVES: Duration = Duration::from_millis(250);

/// A connection that goes back to its pool.
pub(crate) struct SqliteConn {
    conn: Option<Connection>,
    pool: SqlitePool,
    /// Held while it writes.
    _writer: Option<OwnedMutexGuard<()>>,
}

impl SqlitePool {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: Arc::new(path.to_path_buf()),
            idle: Arc::default(),
            writer: Arc::default(),
            checkpoint: Arc::default(),
        }
    }

    pub(crate) fn conn(&self) -> Result<SqliteConn, rusqlite::Error> {
        self.take(None)
    }

    /// A connection with a writing transaction begun; a deferred one could not turn into a writing one while
    /// another writes.
    pub(crate) async fn writer(&self) -> Result<SqliteConn, rusqlite::Error> {
        let guard = Arc::clone(&self.writer).lock_owned().await;
        let conn = self.take(Some(guard))?;
        conn.get().execute_batch("BEGIN IMMEDIATE")?;
        Ok(conn)
    }

    /// To be called after a commit. A failure is no harm: the commit that finds the log too long moves it itself.
    fn checkpoint_soon(&self) {
        if self.log_length() < LONG_LOG {
            return;
        }
        let Ok(at_work) = Arc::clone(&self.checkpoint.at_work).try_lock_owned() else {
            return;
        };
        {
            let mut last = self.checkpoint.last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_some_and(|last| last.elapsed() < BETWEEN_MOVES) {
                return;
            }
            *last = Some(Instant::now());
        }
        let pool = self.clone();
        tokio::task::spawn_blocking(move || {
            if let Ok(conn) = pool.conn() {
                let moved = conn.get().query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                tracing::debug!(?moved, "log moved into the database");
            }
            drop(at_work);
        });
    }

    /// Whether the log has grown so long that a long run should stop reading for a moment to have it emptied: with
    /// a reader always at work SQLite can never begin it anew, and every commit would wait for the disk.
    pub(crate) fn log_is_overlong(&self) -> bool {
        self.log_length() > OVERLONG_LOG
    }

    /// Empties the log, if nobody else reads. What was moved already need not be moved again, so this is short.
    pub(crate) async fn empty_log(&self) -> Result<(), rusqlite::Error> {
        let _at_work = self.checkpoint.at_work.lock().await;
        let conn = self.conn()?;
        // Somebody else may be reading: then it is left for later, and nobody waits.
        conn.get().busy_timeout(Duration::ZERO)?;
        let emptied = conn.get().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        conn.get().busy_timeout(BUSY)?;
        match emptied {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => Ok(()),
            other => other,
        }
    }

    fn log_length(&self) -> u64 {
        let mut log = self.path.as_os_str().to_os_string();
        log.push("-wal");
        std::fs::metadata(log).map_or(0, |log| log.len())
    }

    fn take(&self, writer: Option<OwnedMutexGuard<()>>) -> Result<SqliteConn, rusqlite::Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => self.open()?,
        };
        Ok(SqliteConn { conn: Some(conn), pool: self.clone(), _writer: writer })
    }

    fn open(&self) -> Result<Connection, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&*self.path, flags)?;
        conn.busy_timeout(BUSY)?;
        // What stays in the file is set for files of ours only; another program's is looked at and left as it is.
        let sql = "SELECT count(*) = 0 OR sum(name = 'schema_migration') > 0 FROM sqlite_master";
        if conn.query_row(sql, [], |row| row.get::<_, bool>(0))? {
            conn.execute_batch(PAGES_AND_LOG)?;
        }
        conn.execute_batch(PRAGMAS)?;
        // A plan hangs on the text of a statement, not on its values. Otherwise every statement that names a tenant is planned
        // anew each time it is used: the cache empties it of its values, and SQLite guesses by whether a number is 0 or 1.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.set_prepared_statement_cache_capacity(200);
        Ok(conn)
    }
}

impl SqliteConn {
    #[expect(clippy::expect_used, reason = "the connection is taken out in `drop` only")]
    fn get(&self) -> &Connection {
        self.conn.as_ref().expect("a connection until dropped")
    }
}

impl Drop for SqliteConn {
    fn drop(&mut self) {
        /// More than this would only be left over from a burst.
        const KEPT: usize = 8;
        let Some(conn) = self.conn.take() else {
            return;
        };
        if !conn.is_autocommit() {
            // Not finished: it never happened.
            drop(conn.execute_batch("ROLLBACK"));
        }
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT && conn.is_autocommit() {
            idle.push(conn);
        }
    }
}

pub(super) fn committed(conn: &SqliteConn) {
    conn.pool.checkpoint_soon();
}

pub(super) fn batch(conn: &SqliteConn, sql: &str) -> Result<(), StoreError> {
    Ok(conn.get().execute_batch(sql)?)
}

pub(super) fn roll_back(conn: &SqliteConn) {
    drop(conn.get().execute_batch("ROLLBACK"));
}

pub(super) fn execute(conn: &SqliteConn, sql: &str, values: &[Bind]) -> Result<u64, StoreError> {
    let mut statement = bound(conn, sql, values)?;
    Ok(statement.raw_execute()? as u64)
}

pub(super) fn fetch<T: DeserializeOwned>(
    conn: &SqliteConn,
    sql: &str,
    values: &[Bind],
    at_most: usize,
) -> Result<Vec<T>, StoreError> {
    let mut statement = bound(conn, sql, values)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut list = Vec::new();
    while list.len() < at_most
        && let Some(row) = rows.next()?
    {
        let mut unreadable = None;
        let cells = (0..columns).map(|index| match row.get_ref(index) {
            Ok(ValueRef::Null) => Cell::Null,
            Ok(ValueRef::Integer(value)) => Cell::Int(value),
            Ok(ValueRef::Real(value)) => Cell::Real(value),
            Ok(ValueRef::Blob(bytes)) => Cell::Bytes(bytes),
            Ok(ValueRef::Text(bytes)) => std::str::from_utf8(bytes).map_or_else(
                |error| {
                    unreadable = Some(StoreError::corrupt(error));
                    Cell::Null
                },
                Cell::Text,
            ),
            Err(error) => {
                unreadable = Some(error.into());
                Cell::Null
            }
        });
        let value = read_row(cells);
        if let Some(error) = unreadable {
            return Err(error);
        }
        list.push(value?);
    }
    Ok(list)
}

pub(super) fn each_row(conn: &SqliteConn, sql: &str, rows: &Rows) -> Result<u64, StoreError> {
    let mut statement = conn.get().prepare_cached(sql)?;
    let order = order(&statement)?;
    let constants = rows.constants();
    // A value once bound stays bound.
    for (index, which) in order.iter().enumerate() {
        if let Some(value) = constants.get(*which) {
            bind(&mut statement, index + 1, value)?;
        }
    }
    let own: Vec<(usize, usize)> =
        (1..).zip(order).filter_map(|(index, which)| Some((index, which.checked_sub(constants.len())?))).collect();
    let mut touched = 0;
    let mut before: Option<&[Bind]> = None;
    for row in rows.iter() {
        for (index, which) in &own {
            // SQLite copies what it is given; half of a row is what the row before it said.
            if before.is_none_or(|before| before[*which] != row[*which]) {
                bind(&mut statement, *index, &row[*which])?;
            }
        }
        touched += statement.raw_execute()? as u64;
        before = Some(row);
    }
    Ok(touched)
}

fn bound<'c>(conn: &'c SqliteConn, sql: &str, values: &[Bind]) -> Result<CachedStatement<'c>, StoreError> {
    let mut statement = conn.get().prepare_cached(sql)?;
    for (index, which) in order(&statement)?.into_iter().enumerate() {
        let value = values
            .get(which)
            .ok_or_else(|| StoreError::corrupt(format!("statement without a value for ${}: {sql}", which + 1)))?;
        bind(&mut statement, index + 1, value)?;
    }
    Ok(statement)
}

/// Which value each parameter wants: for SQLite `$2` is a name, and parameters count as they first appear.
fn order(statement: &Statement<'_>) -> Result<Vec<usize>, StoreError> {
    (1..=statement.parameter_count())
        .map(|index| {
            let number = statement.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
            number
                .and_then(|number| number.checked_sub(1))
                .ok_or_else(|| StoreError::corrupt("a statement's parameters are written $1, $2, …"))
        })
        .collect()
}

fn bind(statement: &mut Statement<'_>, index: usize, value: &Bind) -> Result<(), rusqlite::Error> {
    match value {
        Bind::Int(value) => statement.raw_bind_parameter(index, value),
        Bind::Text(value) => {
            let value = value.as_deref().map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()));
            statement.raw_bind_parameter(index, ToSqlOutput::Borrowed(value))
        }
        Bind::Fixed(text) => {
            statement.raw_bind_parameter(index, ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())))
        }
        Bind::Id(None) => statement.raw_bind_parameter(index, rusqlite::types::Null),
        Bind::Id(Some(id)) => {
            let text = dunlin_core::ids::text_of(*id);
            statement.raw_bind_parameter(index, ToSqlOutput::Borrowed(ValueRef::Text(&text)))
        }
        Bind::Bytes(bytes) => statement.raw_bind_parameter(index, bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn no_statement_is_planned_anew_for_its_values() {
        let pool = SqlitePool::new(Path::new(":memory:"));
        let conn = pool.conn().expect("opens");
        let table = "CREATE TABLE t (tenant_id BIGINT, line BIGINT, PRIMARY KEY (tenant_id, line)) WITHOUT ROWID";
        batch(&conn, table).expect("made");
        let sql = "SELECT line FROM t WHERE tenant_id = $1 ORDER BY line LIMIT $2";
        for limit in 1..4_i64 {
            let values = [Bind::from(1_i64), Bind::from(limit)];
            let rows: Vec<(i64,)> = fetch(&conn, sql, &values, usize::MAX).expect("reads");
            assert!(rows.is_empty());
        }
        let statement = conn.get().prepare_cached(sql).expect("known");
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
