//! Opening, migrating and committing.

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Executor, SqlStr, Transaction};

use dunlin_core::ids::TenantId;

use crate::StoreError;
use crate::dialect::{Bind, DbKind, binds, fetch_number};
use crate::fault::{FaultPoint, hit};
use crate::ids::IdSource;

/// Migrations, append-only. Listed by hand: the macro of the library would compile SQLite a second time.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[(
    1,
    "first",
    include_str!("../migrations/sqlite/0001_first.sql"),
    include_str!("../migrations/postgres/0001_first.sql"),
)];

fn migrator(kind: DbKind) -> Migrator {
    let of = |(version, name, sqlite, postgres): &(i64, &'static str, &'static str, &'static str)| {
        let sql = if kind == DbKind::Sqlite { *sqlite } else { *postgres };
        Migration::new(*version, (*name).into(), MigrationType::Simple, SqlStr::from_static(sql), false)
    };
    Migrator::with_migrations(MIGRATIONS.iter().map(of).collect())
}

/// A database, either kind.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: AnyPool,
    pub(crate) kind: DbKind,
    place: String,
}

impl Store {
    /// Opens `place` (a path, or a `postgres://` URL) and brings the schema up to date.
    pub async fn open(place: &str) -> Result<Self, StoreError> {
        let store = Self::connect(place).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// Opens without touching the schema; refuses a schema newer than this program.
    pub async fn connect(place: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let postgres = place.starts_with("postgres://") || place.starts_with("postgresql://");
        let (kind, url, shown) = if postgres {
            (DbKind::Postgres, place.to_string(), without_password(place))
        } else {
            let path = place.strip_prefix("sqlite://").unwrap_or(place);
            (
                DbKind::Sqlite,
                format!("sqlite://{}?mode=rwc", path.replace('%', "%25").replace('?', "%3f")),
                path.to_string(),
            )
        };
        let unreachable = |why: String, remedy: &str| StoreError::Unreachable {
            place: shown.clone(),
            why,
            remedy: remedy.to_string(),
        };
        let remedy = match kind {
            DbKind::Sqlite => {
                "Check that the folder exists and may be written to, and that the file is a Dunlin database"
            }
            DbKind::Postgres => "Check host, port, user, password and database name in --db, and that the server runs",
        };
        let options = AnyConnectOptions::from_str(&url).map_err(|e| unreachable(plain(&e), remedy))?;
        let pool = AnyPoolOptions::new()
            .max_connections(if kind == DbKind::Sqlite { 4 } else { 8 })
            .acquire_timeout(Duration::from_secs(15))
            .after_connect(move |conn, _| {
                Box::pin(async move {
                    if kind == DbKind::Sqlite {
                        conn.execute(
                            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 15000; \
                             PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY",
                        )
                        .await?;
                    }
                    Ok(())
                })
            })
            .connect_lazy_with(options);
        // A first connection by itself, so that the reason of a failure is the server's and not "pool timed out".
        let first = <AnyConnection as sqlx::Connection>::connect(&url);
        let conn: Result<AnyConnection, sqlx::Error> = first.await;
        match conn {
            Ok(conn) => sqlx::Connection::close(conn).await?,
            Err(error) => return Err(unreachable(plain(&error), remedy)),
        }
        let store = Self { pool, kind, place: shown };
        store.refuse_newer(remedy).await?;
        Ok(store)
    }

    /// Brings the schema up to date; nothing happens when it is.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrator(self.kind).run(&self.pool).await.map_err(|e| StoreError::Unreachable {
            place: self.place.clone(),
            why: e.to_string(),
            remedy: "The database was left as it was".to_string(),
        })
    }

    pub const fn kind(&self) -> DbKind {
        self.kind
    }

    /// The path or URL without its password.
    pub fn place(&self) -> &str {
        &self.place
    }

    async fn refuse_newer(&self, remedy: &str) -> Result<(), StoreError> {
        let known = MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or(0);
        let mut conn = self.conn().await.map_err(|e| StoreError::Unreachable {
            place: self.place.clone(),
            why: match e {
                StoreError::Database(e) => plain(&e),
                other => other.to_string(),
            },
            remedy: remedy.to_string(),
        })?;
        let there = match self.kind {
            DbKind::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
            DbKind::Postgres => {
                "SELECT count(*) FROM information_schema.tables WHERE table_name = '_sqlx_migrations' AND table_schema = current_schema()"
            }
        };
        let unreadable = |e: StoreError| match e {
            StoreError::Database(e) => {
                StoreError::Unreachable { place: self.place.clone(), why: plain(&e), remedy: remedy.to_string() }
            }
            other => other,
        };
        if fetch_number(&mut conn, self.kind, there, vec![]).await.map_err(unreadable)?.unwrap_or(0) == 0 {
            return Ok(());
        }
        let found = fetch_number(&mut conn, self.kind, "SELECT max(version) FROM _sqlx_migrations", vec![]).await?;
        match found {
            Some(found) if found > known => Err(StoreError::Newer { found, known }),
            _ => Ok(()),
        }
    }

    pub(crate) async fn conn(&self) -> Result<PoolConnection<Any>, StoreError> {
        Ok(self.pool.acquire().await?)
    }

    /// Begins a change of one tenant at `now`: takes its lock and its next sequence number.
    pub async fn begin(&self, tenant_id: TenantId, now: Timestamp) -> Result<Commit, StoreError> {
        let mut tx = match self.kind {
            // A deferred transaction could not turn into a writing one while another writes.
            DbKind::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await?,
            DbKind::Postgres => self.pool.begin().await?,
        };
        let sql = "UPDATE tenant SET sequence = sequence + 1 WHERE id = $1 RETURNING sequence";
        let seq = fetch_number(&mut tx, self.kind, sql, binds![tenant_id]).await?;
        let seq = seq.ok_or_else(|| StoreError::not_found("tenant", tenant_id.to_string()))?;
        hit(FaultPoint::CommitBegun);
        Ok(Commit { tx, kind: self.kind, tenant_id, now, seq, ids: IdSource::new(now) })
    }
}

/// One change of one tenant, all or nothing. Dropped without [`Commit::finish`], it never happened.
#[derive(Debug)]
pub struct Commit {
    pub(crate) tx: Transaction<'static, Any>,
    pub(crate) kind: DbKind,
    pub(crate) tenant_id: TenantId,
    pub(crate) now: Timestamp,
    pub(crate) seq: i64,
    pub(crate) ids: IdSource,
}

impl Commit {
    pub async fn finish(self) -> Result<(), StoreError> {
        self.tx.commit().await?;
        hit(FaultPoint::CommitDone);
        Ok(())
    }

    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub const fn tenant_id(&self) -> TenantId {
        self.tenant_id
    }

    pub(crate) async fn execute(&mut self, sql: &str, values: Vec<Bind>) -> Result<u64, StoreError> {
        crate::dialect::execute(&mut self.tx, self.kind, sql, values).await
    }

    /// The next `count` human numbers of a noun; returns the first.
    pub(crate) async fn numbers(&mut self, noun: &str, count: i64) -> Result<i64, StoreError> {
        let sql = "INSERT INTO number_series (tenant_id, noun, next) VALUES ($1, $2, $3) \
                   ON CONFLICT (tenant_id, noun) DO UPDATE SET next = number_series.next + $4 RETURNING next";
        let next = fetch_number(&mut self.tx, self.kind, sql, binds![self.tenant_id, noun, 1 + count, count]).await?;
        Ok(next.unwrap_or(1 + count) - count)
    }
}

/// The message without the library's own preamble.
fn plain(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(database) => database.message().to_string(),
        other => other.to_string(),
    }
}

fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_string();
    };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split(':').next().unwrap_or("");
            format!("{scheme}://{name}@{host}")
        }
        None => url.to_string(),
    }
}
