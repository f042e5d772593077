//! The whole database as lines of JSON, the same from either kind of database, and back: a backup made on SQLite
//! can be restored into PostgreSQL.
//!
//! The first line names the format, then every table gives its columns and its rows; the last line counts the rows
//! and carries the SHA-256 of all lines before it, so that half a backup is never taken for a whole one, with a mark that
//! only the key of the installation makes: whoever can write files cannot write a backup. Written from one snapshot, a
//! page of rows at a time.

mod kept_out;
mod look;
mod over;
mod read;
mod standing;
mod tables;
mod value;

use std::io::Write;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::conn::{Conn, fetch};
use crate::migrations::known_version;
use crate::{InstallationKey, Store, StoreError};

pub use look::{BackupHead, BackupLook};
pub use over::{RestoreOrder, SearchFile};
pub use read::{Replaced, Restored, Unsigned};
use tables::Table;
use value::Value;

/// Rows per page. Files that were imported lie in rows of their own and may be large.
const PAGE: usize = 2_000;
const PAGE_OF_FILES: usize = 4;

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Head {
    dunlin_backup: u32,
    schema: i64,
    taken_at: Timestamp,
    program: String,
    /// Of the installation's key, which is not in the backup.
    key_check: String,
}

/// Before the rows of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct TableHead {
    table: String,
    columns: Vec<String>,
}

/// The last line.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Tail {
    rows: u64,
    sha256: String,
    /// Made with the installation's key; files of earlier versions have none.
    #[serde(default)]
    mark: Option<String>,
}

impl Tail {
    /// Whether it is true of what was read before it, and whether this installation wrote it: `None` when it is not true,
    /// or bears a mark of somebody else.
    fn is_signed(&self, key: &InstallationKey, rows: u64, sha256: &str) -> Option<bool> {
        if self.rows != rows || self.sha256 != sha256 {
            return None;
        }
        match &self.mark {
            None => Some(false),
            Some(mark) => (*mark == key.backup_mark(rows, sha256)).then_some(true),
        }
    }
}

const FORMAT: u32 = 1;

/// Lines on their way out, counted and hashed.
struct Lines<'w> {
    out: &'w mut (dyn Write + Send),
    hash: Sha256,
}

impl Lines<'_> {
    fn put(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        let mut text = serde_json::to_vec(line).map_err(StoreError::corrupt)?;
        text.push(b'\n');
        self.hash.update(&text);
        self.out.write_all(&text).map_err(|error| StoreError::Refused(format!("the backup cannot be written: {error}")))
    }
}

impl Store {
    /// Writes everything, as it is at one moment; others may go on writing meanwhile. Returns the number of rows.
    pub async fn dump(&self, now: Timestamp, out: &mut (dyn Write + Send)) -> Result<u64, StoreError> {
        let mut tx = self.snapshot().await?;
        let mut lines = Lines { out, hash: Sha256::new() };
        let program = env!("CARGO_PKG_VERSION").to_string();
        lines.put(&Head {
            dunlin_backup: FORMAT,
            schema: known_version(),
            taken_at: now,
            program,
            key_check: self.key().check(),
        })?;
        let mut rows = 0;
        for table in tables::tables(&mut tx).await? {
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            lines.put(&TableHead { table: table.name.clone(), columns })?;
            rows += dump_table(&mut tx, &table, &mut lines).await?;
        }
        tx.commit().await?;
        let sha256 = hex(&lines.hash.clone().finalize());
        let mark = Some(self.key().backup_mark(rows, &sha256));
        lines.put(&Tail { rows, sha256, mark })?;
        Ok(rows)
    }
}

async fn dump_table(conn: &mut Conn, table: &Table, lines: &mut Lines<'_>) -> Result<u64, StoreError> {
    let limit = if table.has_bytes() { PAGE_OF_FILES } else { PAGE };
    let mut written = 0;
    let mut last: Vec<Value> = Vec::new();
    loop {
        let sql = table.page(!last.is_empty(), limit);
        let values = last.iter().map(Value::bind).collect();
        let page: Vec<Vec<Value>> = fetch(conn, &sql, values).await?;
        for row in &page {
            lines.put(row)?;
        }
        written += page.len() as u64;
        match page.last() {
            Some(row) if page.len() == limit => last = table.key.iter().map(|at| row[*at].clone()).collect(),
            _ => return Ok(written),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
