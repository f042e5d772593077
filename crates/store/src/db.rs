//! Opening, migrating and committing.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use sqlx::PgPool;

use dunlin_core::case::Entry;
use dunlin_core::ids::TenantId;

use crate::StoreError;
use crate::actor::Actor;
use crate::audit_log::LogEntry;
use crate::bind::{Bind, binds};
use crate::conn::{Conn, Link, SqlitePool, connect_postgres, execute, fetch_number, fetch_one};
use crate::dialect::DbKind;
use crate::fault::{FaultPoint, hit};
use crate::ids::IdSource;
use crate::migrations::{applied_otherwise, known_version, migrate};
use crate::seal::InstallationKey;

#[derive(Debug, Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A database, either kind.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Pool,
    place: String,
    key: InstallationKey,
}

/// The file that a place on this machine names: `dunlin.db`, `sqlite:dunlin.db` and `sqlite:///var/dunlin.db`.
pub fn sqlite_file(place: &str) -> &str {
    let bare = place.strip_prefix("sqlite:").unwrap_or(place);
    bare.strip_prefix("//").filter(|_| bare.len() < place.len()).unwrap_or(bare)
}

impl Store {
    /// Opens `place` (a path, or a `postgres://` URL) and brings the schema up to date.
    pub async fn open(place: &str, key: &InstallationKey) -> Result<Self, StoreError> {
        let store = Self::connect(place, key).await?;
        // Only when something is missing: migrating takes the lock that a long import may be holding.
        if store.schema_version().await? != Some(known_version()) {
            store.migrate().await?;
        }
        store.know_the_key().await?;
        Ok(store)
    }

    /// Opens without touching the schema; refuses a schema newer than this program.
    pub async fn connect(place: &str, key: &InstallationKey) -> Result<Self, StoreError> {
        let key = key.clone();
        let store = if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            let shown = without_password(place);
            let remedy =
                "Check host, port, user, password and database name in --db, and that the server runs".to_string();
            match connect_postgres(place).await {
                Ok(pool) => Self { pool: Pool::Postgres(pool), place: shown, key },
                Err(error) => {
                    return Err(StoreError::Unreachable { place: shown, why: StoreError::from(error).bare(), remedy });
                }
            }
        } else if place.contains("://") && !place.starts_with("sqlite://") {
            return Err(StoreError::Unreachable {
                place: without_password(place),
                why: "no such kind of database".to_string(),
                remedy: "Name a file, or a URL that begins with postgres://".to_string(),
            });
        } else {
            let path = sqlite_file(place);
            Self { pool: Pool::Sqlite(SqlitePool::new(Path::new(path))), place: path.to_string(), key }
        };
        let found = store.schema_version().await.map_err(|error| StoreError::Unreachable {
            place: store.place.clone(),
            why: error.bare(),
            remedy: "Check that the folder exists and may be written to, and that the file is a Dunlin database"
                .to_string(),
        })?;
        if found.is_none() && store.holds_other_tables().await? {
            return Err(StoreError::Unreachable {
                place: store.place.clone(),
                why: "it holds the tables of another program".to_string(),
                remedy: "Name a database of Dunlin, or a new one. Nothing was changed".to_string(),
            });
        }
        match (found, known_version()) {
            (Some(found), known) if found > known => Err(StoreError::Newer { found, known }),
            (None, _) => Ok(store),
            _ => store.refuse_another_schema().await,
        }
    }

    /// Tables of another text than ours may lack a column or hold another meaning; nothing may work on them, a backup
    /// neither.
    async fn refuse_another_schema(self) -> Result<Self, StoreError> {
        let mut conn = self.conn().await?;
        let other = applied_otherwise(&mut conn).await?;
        drop(conn);
        match other {
            None => Ok(self),
            Some(version) => Err(StoreError::Unreachable {
                place: self.place,
                why: format!(
                    "it was made by an earlier development version of Dunlin: its schema {version} is not the one of this \
                     program"
                ),
                remedy: "Work on it with the program that made it, or begin with a new database. Nothing was changed"
                    .to_string(),
            }),
        }
    }

    /// Brings the schema up to date; nothing happens when it is.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let mut tx = self.transaction().await?;
        migrate(&mut tx).await.map_err(|error| StoreError::Unreachable {
            place: self.place.clone(),
            why: error.bare(),
            remedy: "The database was left as it was".to_string(),
        })?;
        tx.commit().await
    }

    pub const fn kind(&self) -> DbKind {
        match self.pool {
            Pool::Sqlite(_) => DbKind::Sqlite,
            Pool::Postgres(_) => DbKind::Postgres,
        }
    }

    /// The path or URL without its password.
    pub fn place(&self) -> &str {
        &self.place
    }

    async fn holds_other_tables(&self) -> Result<bool, StoreError> {
        let mut conn = self.conn().await?;
        let sql = match conn.kind() {
            DbKind::Sqlite => "SELECT count(*) FROM sqlite_master WHERE type = 'table'",
            DbKind::Postgres => "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()",
        };
        Ok(fetch_number(&mut conn, sql, vec![]).await?.unwrap_or(0) > 0)
    }

    /// The number of the newest migration applied; `None` in an empty database.
    pub(crate) async fn schema_version(&self) -> Result<Option<i64>, StoreError> {
        let mut conn = self.conn().await?;
        let there = match conn.kind() {
            DbKind::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migration'",
            DbKind::Postgres => {
                "SELECT count(*) FROM information_schema.tables WHERE table_name = 'schema_migration' \
                 AND table_schema = current_schema()"
            }
        };
        if fetch_number(&mut conn, there, vec![]).await?.unwrap_or(0) == 0 {
            return Ok(None);
        }
        fetch_number(&mut conn, "SELECT max(version) FROM schema_migration", vec![]).await
    }

    fn over(&self, link: Link) -> Conn {
        Conn::new(link, self.key.clone())
    }

    /// The key that this database was opened with.
    pub const fn key(&self) -> &InstallationKey {
        &self.key
    }

    /// Whether a database was made with some key already: then a new one would be of no use.
    pub async fn has_a_key(&self) -> Result<bool, StoreError> {
        if self.schema_version().await?.is_none() {
            return Ok(false);
        }
        let mut conn = self.conn().await?;
        Ok(fetch_number(&mut conn, "SELECT count(*) FROM installation", vec![]).await?.unwrap_or(0) > 0)
    }

    /// Remembers the key at the first opening, and refuses another one later: half of the data would be closed.
    pub(crate) async fn know_the_key(&self) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT key_check FROM installation WHERE id = 1";
        let known: Option<(String,)> = fetch_one(&mut conn, sql, vec![]).await?;
        match known {
            Some((check,)) if check == self.key.check() => Ok(()),
            Some(_) => Err(StoreError::Refused(format!(
                "{} was made with another key: give the one it was made with (--key-file, or DUNLIN_KEY). Nothing was \
                 changed",
                self.place
            ))),
            None => {
                let sql = "INSERT INTO installation (id, key_check, recorded_at) VALUES (1, $1, $2) \
                           ON CONFLICT (id) DO NOTHING";
                execute(&mut conn, sql, binds![self.key.check(), Timestamp::now()]).await?;
                Ok(())
            }
        }
    }

    pub(crate) async fn conn(&self) -> Result<Conn, StoreError> {
        Ok(match &self.pool {
            Pool::Sqlite(pool) => self.over(Link::Sqlite(pool.conn()?)),
            Pool::Postgres(pool) => self.over(Link::Postgres(pool.acquire().await?)),
        })
    }

    /// A reading transaction that sees one moment throughout.
    pub(crate) async fn snapshot(&self) -> Result<Tx, StoreError> {
        let mut tx = Tx { conn: Some(self.conn().await?) };
        let begin = match tx.kind() {
            DbKind::Sqlite => "BEGIN",
            DbKind::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        execute(&mut tx, begin, vec![]).await?;
        Ok(tx)
    }

    pub(crate) async fn transaction(&self) -> Result<Tx, StoreError> {
        let conn = match &self.pool {
            Pool::Sqlite(pool) => self.over(Link::Sqlite(pool.writer().await?)),
            Pool::Postgres(pool) => {
                // Wrapped first: dropped while BEGIN is under way, the connection must not go back to the pool.
                let mut tx = Tx { conn: Some(self.over(Link::Postgres(pool.acquire().await?))) };
                execute(&mut tx, "BEGIN", vec![]).await?;
                return Ok(tx);
            }
        };
        Ok(Tx { conn: Some(conn) })
    }

    /// To be called between the changes of a long run, while it reads nothing: see [`SqlitePool::log_is_overlong`].
    pub async fn rest(&self) -> Result<(), StoreError> {
        if let Pool::Sqlite(pool) = &self.pool {
            pool.empty_log().await?;
        }
        Ok(())
    }

    /// Whether a long run should [`Store::rest`].
    pub fn needs_rest(&self) -> bool {
        match &self.pool {
            Pool::Sqlite(pool) => pool.log_is_overlong(),
            Pool::Postgres(_) => false,
        }
    }

    /// Begins a change of one tenant by `actor` at `now`: takes its lock and its next sequence number.
    pub async fn begin(&self, tenant_id: TenantId, now: Timestamp, actor: &Actor) -> Result<Commit, StoreError> {
        let mut tx = self.transaction().await?;
        let sql = "UPDATE tenant SET sequence = sequence + 1, changed_at = CASE WHEN changed_at > $2 THEN changed_at \
                   ELSE $2 END WHERE id = $1 RETURNING sequence, changed_at, is_demo";
        let row: Option<(i64, i64, i64)> = fetch_one(&mut tx, sql, binds![tenant_id, now]).await?;
        let (seq, last, is_demo) = row.ok_or_else(|| StoreError::not_found("tenant", tenant_id.to_string()))?;
        let last = Timestamp::from_microsecond(last).map_err(StoreError::corrupt)?;
        let now = dated(now, last, is_demo != 0)?;
        hit(FaultPoint::CommitBegun);
        let (ids, actor) = (IdSource::new(now), actor.clone());
        Ok(Commit { tx, tenant_id, now, seq, ids, actor, log: Vec::new(), entry: Entry::Standard })
    }
}

/// Clocks of machines, and of requests that waited for each other, differ by this much.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(10);

/// The instant of a change: never before the last one, and not in the future unless the firm lives on a clock of its
/// own. Only reading commands may look at other times.
fn dated(now: Timestamp, last: Timestamp, is_demo: bool) -> Result<Timestamp, StoreError> {
    if last.duration_since(now) > CLOCK_SKEW {
        return Err(StoreError::Refused(format!(
            "the last change was at {last}; a change at {now} would be dated before it. To look at the past use \
             explain or run --dry-run with --as-of"
        )));
    }
    let wall = Timestamp::now();
    if !is_demo && now.duration_since(wall) > CLOCK_SKEW {
        return Err(StoreError::Refused(format!(
            "{now} lies in the future (it is {wall}): only explain and run --dry-run may look ahead"
        )));
    }
    Ok(now.max(last))
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub(crate) struct Tx {
    conn: Option<Conn>,
}

impl Tx {
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        execute(&mut self, "COMMIT", vec![]).await?;
        // Only now may the connection go back to the pool.
        if let Some(conn) = self.conn.take() {
            conn.committed();
        }
        Ok(())
    }
}

#[expect(clippy::expect_used, reason = "the connection is taken out at the end only")]
impl std::ops::Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.conn.as_ref().expect("a connection until the end")
    }
}

#[expect(clippy::expect_used, reason = "the connection is taken out at the end only")]
impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("a connection until the end")
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            conn.abandon();
        }
    }
}

/// One change of one tenant, all or nothing. Dropped without [`Commit::finish`], it never happened.
#[derive(Debug)]
pub struct Commit {
    pub(crate) tx: Tx,
    pub(crate) tenant_id: TenantId,
    pub(crate) now: Timestamp,
    pub(crate) seq: i64,
    pub(crate) ids: IdSource,
    pub(crate) actor: Actor,
    pub(crate) log: Vec<LogEntry>,
    /// How cases opened in this change come in.
    pub(crate) entry: Entry,
}

impl Commit {
    pub async fn finish(mut self) -> Result<(), StoreError> {
        self.write_log().await?;
        self.note_key_used().await?;
        self.tx.commit().await?;
        hit(FaultPoint::CommitDone);
        Ok(())
    }

    /// Ends a change in which no row carries its number: the number is given back, and nobody hears of it.
    pub async fn finish_unnumbered(mut self) -> Result<(), StoreError> {
        let (tenant_id, seq) = (self.tenant_id, self.seq);
        let sql = "UPDATE tenant SET sequence = $2 - 1 WHERE id = $1 AND sequence = $2";
        self.execute(sql, binds![tenant_id, seq]).await?;
        self.finish().await
    }

    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The number of this change in the tenant's sequence.
    pub const fn sequence(&self) -> i64 {
        self.seq
    }

    /// Who makes this change.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    pub const fn tenant_id(&self) -> TenantId {
        self.tenant_id
    }

    pub(crate) async fn execute(&mut self, sql: &str, values: Vec<Bind>) -> Result<u64, StoreError> {
        execute(&mut self.tx, sql, values).await
    }

    /// The next `count` human numbers of a noun; returns the first.
    pub(crate) async fn numbers(&mut self, noun: &str, count: i64) -> Result<i64, StoreError> {
        let sql = "INSERT INTO number_series (tenant_id, noun, next) VALUES ($1, $2, $3) \
                   ON CONFLICT (tenant_id, noun) DO UPDATE SET next = number_series.next + $4 RETURNING next";
        let next = fetch_number(&mut self.tx, sql, binds![self.tenant_id, noun, 1 + count, count]).await?;
        Ok(next.unwrap_or(1 + count) - count)
    }
}

fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_string();
    };
    // The options after `?` may hold a password too.
    let rest = rest.split('?').next().unwrap_or(rest);
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split(':').next().unwrap_or("");
            format!("{scheme}://{name}@{host}")
        }
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::sqlite_file;

    #[test]
    fn a_file_may_be_named_as_a_url() {
        for (place, file) in [
            ("d.db", "d.db"),
            ("sqlite:d.db", "d.db"),
            ("sqlite://d.db", "d.db"),
            ("sqlite:///var/d.db", "/var/d.db"),
            ("//server/d.db", "//server/d.db"),
        ] {
            assert_eq!(sqlite_file(place), file, "{place}");
        }
    }
}
