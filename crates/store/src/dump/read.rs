//! A backup back into an empty database, all of it or nothing.

use std::io::{BufRead, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use dunlin_core::ids::TenantId;
use dunlin_core::reason::{Reason, ReasonCode};

use super::kept_out::FIRMS;
use super::over::{SearchFile, enter};
use super::tables::{Holds, Table, tables};
use super::value::Value;
use super::{FORMAT, Head, PAGE, TableHead, Tail, hex};
use crate::audit_log::LogEntry;
use crate::bind::{Bind, binds};
use crate::bulk::{Kind, Rows};
use crate::conn::{Conn, execute, fetch, fetch_number, insert_many};
use crate::migrations::known_version;
use crate::reason_text::{read_reasons, write_reasons};
use crate::{Commit, Store, StoreError};

/// What a restore brought.
#[derive(Debug, Clone, Copy)]
pub struct Restored {
    pub rows: u64,
    pub taken_at: Timestamp,
    /// Letters that waited when the backup was taken. They may have left since, so a person looks at each.
    pub letters_to_look_at: u64,
}

/// A line of a backup, by what stands in it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    Row(Vec<Value>),
    Table(TableHead),
    Tail(Tail),
}

pub(super) fn unreadable(line: u64, why: impl std::fmt::Display) -> StoreError {
    StoreError::Refused(format!("line {line} of the backup cannot be read: {why}. Nothing was restored"))
}

/// The lines of a backup, hashed as they come.
pub(super) struct Source<'r> {
    pub(super) lines: &'r mut (dyn BufRead + Send),
    pub(super) hash: Sha256,
    pub(super) line: u64,
    pub(super) text: Vec<u8>,
}

/// The first line is a few words; nothing of a file that is no backup is read further.
const MOST_HEAD: u64 = 64 << 10;
/// A line holds one row. The largest is a file that came in, thirty megabytes and a third more as text: whoever packs
/// endless nothing into a few bytes does not get all memory for it.
const MOST_LINE: u64 = 256 << 20;

pub(super) const CHANGED: &str =
    "the file was changed or damaged after it was written, or another installation wrote it";

const UNSIGNED: &str = "the backup does not bear the mark of this installation: an earlier version wrote it, or somebody \
                        made it up. If you know where it comes from, restore it at the command line with --unsigned. \
                        Nothing was restored";

impl<'r> Source<'r> {
    pub(super) fn new(lines: &'r mut (dyn BufRead + Send)) -> Self {
        Self { lines, hash: Sha256::new(), line: 0, text: Vec::new() }
    }

    /// The first line.
    pub(super) fn head(&mut self) -> Result<Head, StoreError> {
        self.line_within(MOST_HEAD)?.ok_or_else(|| unreadable(1, "the file is empty"))
    }

    /// Of all lines before the one that was read last.
    pub(super) fn sha256(&self) -> String {
        hex(&self.hash.clone().finalize())
    }

    /// The next line; `None` at the end of the file.
    pub(super) fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, StoreError> {
        self.line_within(MOST_LINE)
    }

    fn line_within<T: DeserializeOwned>(&mut self, most: u64) -> Result<Option<T>, StoreError> {
        // The last line is not part of its own hash, and one does not know it before it is read.
        let before = std::mem::take(&mut self.text);
        self.hash.update(&before);
        self.line += 1;
        let mut within = (&mut *self.lines).take(most);
        within.read_until(b'\n', &mut self.text).map_err(|error| unreadable(self.line, error))?;
        if self.text.len() as u64 == most && !self.text.ends_with(b"\n") {
            return Err(unreadable(self.line, "the line is longer than any of a backup"));
        }
        if self.text.is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(&self.text).map(Some).map_err(|error| unreadable(self.line, error))
    }
}

/// Files of earlier versions bear no mark of the installation that wrote them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsigned {
    Refused,
    /// Somebody who sits at the machine answers for the file.
    Taken,
}

/// A database that can still be read and that this one takes the place of: what no restore brings back is known from there.
#[derive(Debug, Clone, Copy)]
pub struct Replaced<'a> {
    pub store: &'a Store,
    pub search: SearchFile,
}

impl Store {
    /// Reads a backup into this database, which holds no firm yet. What may have left since the backup is not sent
    /// again by itself: waiting letters need a look, and so does every step whose time had come by then. `clock` is asked
    /// at the end: reading takes a while, and letters may leave elsewhere meanwhile. Of a database that is replaced by this
    /// one goes on holding who was erased, left or objected.
    pub async fn restore(
        &self,
        clock: &(dyn Fn() -> Timestamp + Sync),
        lines: &mut (dyn BufRead + Send),
        unsigned: Unsigned,
        replaces: Option<Replaced<'_>>,
    ) -> Result<Restored, StoreError> {
        let mut source = Source::new(lines);
        let head = self.head_of(&mut source)?;
        let kept_out = match &replaces {
            Some(was) => Some((was.store.kept_out().await?, was.search)),
            None => None,
        };
        let mut tx = self.transaction().await?;
        if fetch_number(&mut tx, "SELECT count(*) FROM tenant", vec![]).await?.unwrap_or(0) > 0 {
            return Err(StoreError::Refused(
                "this database holds a firm already; restore into a new file or an empty database. Nothing was changed"
                    .to_string(),
            ));
        }
        let (rows, _) = fill(&mut tx, &mut source, unsigned, &AtomicU64::new(0)).await?;
        let now = clock();
        let letters_to_look_at = look_again(&mut tx, now).await?;
        execute(&mut tx, "UPDATE tenant SET restored_at = $1", binds![now]).await?;
        let firms: Vec<(TenantId, i64)> = match &kept_out {
            Some(_) => fetch(&mut tx, FIRMS, vec![]).await?,
            None => Vec::new(),
        };
        for firm in firms {
            let Some((kept_out, search)) = kept_out.as_ref().filter(|(kept_out, _)| kept_out.knows(firm)) else {
                return Err(StoreError::Refused(
                    "the database that is replaced is of another firm than the backup. Nothing was restored"
                        .to_string(),
                ));
            };
            let mut commit = enter(tx, firm.0, now, None).await?;
            kept_out.keep(&mut commit, *search).await?;
            let entry = LogEntry::new("data.restored", "firm", firm.0.to_string());
            commit.log(entry.fact("taken_at", head.taken_at).fact("letters", letters_to_look_at));
            commit.write_log().await?;
            let Commit { tx: back, .. } = commit;
            tx = back;
        }
        tx.commit().await?;
        Ok(Restored { rows, taken_at: head.taken_at, letters_to_look_at })
    }

    /// The first line, when this program can read what follows and opens what is sealed in it.
    pub(super) fn head_of(&self, source: &mut Source<'_>) -> Result<Head, StoreError> {
        let head = source.head()?;
        if head.dunlin_backup != FORMAT || head.schema != known_version() {
            return Err(StoreError::Refused(format!(
                "the backup is of version {} with schema {}, this program ({}) reads version {FORMAT} with schema {}; \
                 restore it with the program that made it ({})",
                head.dunlin_backup,
                head.schema,
                env!("CARGO_PKG_VERSION"),
                known_version(),
                head.program
            )));
        }
        if head.key_check != self.key().check() {
            return Err(StoreError::Refused(
                "the backup was made with another key: give the one it was made with (--key-file, or DUNLIN_KEY). \
                 Nothing was restored"
                    .to_string(),
            ));
        }
        Ok(head)
    }
}

/// All rows of a backup into empty tables. How many there were, and the SHA-256 of them.
pub(super) async fn fill(
    conn: &mut Conn,
    source: &mut Source<'_>,
    unsigned: Unsigned,
    seen: &AtomicU64,
) -> Result<(u64, String), StoreError> {
    let known = tables(conn).await?;
    let mut total = 0;
    let mut filling: Option<Filling<'_>> = None;
    loop {
        let Some(line) = source.next::<Line>()? else {
            return Err(unreadable(source.line, "the file ends in the middle; the backup is not complete"));
        };
        match line {
            Line::Table(head) => {
                if let Some(done) = filling.take() {
                    done.flush(conn).await?;
                }
                let table = known.iter().find(|table| table.name == head.table);
                let table = table.ok_or_else(|| unreadable(source.line, format!("no table {}", head.table)))?;
                filling = Some(Filling::new(table, &head).map_err(|why| unreadable(source.line, why))?);
            }
            Line::Row(row) => {
                let filling = filling.as_mut().ok_or_else(|| unreadable(source.line, "a row before its table"))?;
                filling.add(conn, row).await?.map_err(|why| unreadable(source.line, why))?;
                total += 1;
                seen.store(total, Ordering::Relaxed);
            }
            Line::Tail(tail) => {
                if let Some(done) = filling.take() {
                    done.flush(conn).await?;
                }
                let sha256 = source.sha256();
                return match tail.is_signed(&conn.key, total, &sha256) {
                    None => Err(unreadable(source.line, CHANGED)),
                    Some(false) if unsigned == Unsigned::Refused => Err(StoreError::Refused(UNSIGNED.to_string())),
                    Some(_) => Ok((total, sha256)),
                };
            }
        }
    }
}

/// A table being filled.
struct Filling<'t> {
    table: &'t Table,
    columns: &'static [(&'static str, Kind)],
    rows: Rows,
    waiting: usize,
}

impl<'t> Filling<'t> {
    fn new(table: &'t Table, head: &TableHead) -> Result<Self, String> {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        if names != head.columns {
            return Err(format!(
                "{} has the columns {}, not {}",
                table.name,
                names.join(", "),
                head.columns.join(", ")
            ));
        }
        // Rows know their columns at compile time everywhere else; here once per table of a restore.
        let columns: Vec<(&'static str, Kind)> = table
            .columns
            .iter()
            .map(|column| {
                let name: &'static str = Box::leak(column.name.clone().into_boxed_str());
                (name, if column.holds == Holds::Int { Kind::Int } else { Kind::Text })
            })
            .collect();
        let columns: &'static [(&'static str, Kind)] = Box::leak(columns.into_boxed_slice());
        Ok(Self { table, columns, rows: Rows::new(columns), waiting: 0 })
    }

    async fn add(&mut self, conn: &mut Conn, row: Vec<Value>) -> Result<Result<(), String>, StoreError> {
        if row.len() != self.table.columns.len() {
            return Ok(Err(format!("{} values for {} columns", row.len(), self.table.columns.len())));
        }
        let mut binds: Vec<Bind> = Vec::with_capacity(row.len());
        for (value, column) in row.into_iter().zip(&self.table.columns) {
            match value.into_bind(column.holds) {
                Some(bind) => binds.push(bind),
                None => return Ok(Err(format!("a value does not fit {}.{}", self.table.name, column.name))),
            }
        }
        if self.table.has_bytes() {
            // A few large rows; they are not worth an array.
            let names: Vec<&str> = self.table.columns.iter().map(|column| column.name.as_str()).collect();
            let places: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
            let (table, names, places) = (&self.table.name, names.join(", "), places.join(", "));
            execute(conn, &format!("INSERT INTO {table} ({names}) VALUES ({places})"), binds).await?;
            return Ok(Ok(()));
        }
        self.rows.push_row(binds);
        self.waiting += 1;
        if self.waiting == PAGE {
            let full = std::mem::replace(&mut self.rows, Rows::new(self.columns));
            insert_many(conn, &self.table.name, full).await?;
            self.waiting = 0;
        }
        Ok(Ok(()))
    }

    async fn flush(self, conn: &mut Conn) -> Result<(), StoreError> {
        insert_many(conn, &self.table.name, self.rows).await?;
        Ok(())
    }
}

/// Letters that had not left when the backup was taken, or only perhaps: none leaves before a person has seen it.
pub(super) async fn look_again(conn: &mut Conn, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "SELECT tenant_id, id, reasons FROM letter \
               WHERE settled_at IS NULL AND state IN ('review', 'queued', 'to_paste', 'sending')";
    let waiting: Vec<(i64, String, String)> = fetch(conn, sql, vec![]).await?;
    let sql = "UPDATE approval SET ended_at = $1, ended_why = 'restored from a backup' WHERE ended_at IS NULL";
    execute(conn, sql, binds![now]).await?;
    // Whoever was signed out, or whose key was ended, since the backup stays out.
    execute(conn, "UPDATE user_session SET ended_at = $1 WHERE ended_at IS NULL", binds![now]).await?;
    execute(conn, "UPDATE api_token SET ended_at = $1 WHERE ended_at IS NULL", binds![now]).await?;
    execute(conn, "UPDATE invitation SET used_at = $1 WHERE used_at IS NULL", binds![now]).await?;
    let count = waiting.len() as u64;
    for (tenant_id, id, reasons) in waiting {
        let mut reasons = read_reasons(&reasons)?;
        reasons.push(Reason::new(ReasonCode::LetterAfterRestore).instant("restored", now));
        let sql = "UPDATE letter SET state = 'review', review = CASE WHEN review = 'automatic' THEN 'look' ELSE review END, \
                   lease_until = NULL, lease_by = NULL, reasons = $3 WHERE tenant_id = $1 AND id = $2";
        execute(conn, sql, binds![tenant_id, id, write_reasons(&reasons)?]).await?;
    }
    Ok(count)
}
