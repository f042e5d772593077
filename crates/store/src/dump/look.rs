//! What a backup is, before anything is done with it: read to its end, so that half a file does not look like a whole one.

use std::io::BufRead;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::read::{CHANGED, Line, Source, unreadable};
use super::value::Value;
use super::{FORMAT, Head, TableHead, Tail};
use crate::migrations::known_version;
use crate::{Store, StoreError};

/// What is remembered of a file stays small, whatever stands in it.
const MOST_NAMES: usize = 10_000;

/// What the first line of a backup says. It is read at once, and is true if the rest of the file is whole.
#[derive(Debug, Clone)]
pub struct BackupHead {
    pub taken_at: Timestamp,
    /// Version of the program that wrote it.
    pub program: String,
    pub schema: i64,
    /// This program reads its schema.
    pub fits_schema: bool,
    /// It was made with the key of this installation.
    pub fits_key: bool,
}

/// A backup that was looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BackupLook {
    pub taken_at: Timestamp,
    /// Version of the program that wrote it.
    pub program: String,
    pub schema: i64,
    /// This program reads its schema.
    pub fits_schema: bool,
    /// It was made with the key of this installation.
    pub fits_key: bool,
    /// It bears the mark of this installation: nobody else wrote it.
    pub is_signed: bool,
    /// Names of the firms in it.
    pub firms: Vec<String>,
    pub rows: u64,
    /// Rows by table.
    pub tables: Vec<(String, u64)>,
}

impl BackupLook {
    pub fn count(&self, table: &str) -> u64 {
        self.tables.iter().find(|(name, _)| name == table).map_or(0, |(_, rows)| *rows)
    }
}

impl Store {
    /// Reads the first line of a backup.
    pub fn head_of_backup(&self, lines: &mut (dyn BufRead + Send)) -> Result<BackupHead, StoreError> {
        Ok(self.judged(Source::new(lines).head()?))
    }

    fn judged(&self, head: Head) -> BackupHead {
        BackupHead {
            fits_schema: head.dunlin_backup == FORMAT && head.schema == known_version(),
            fits_key: head.key_check == self.key().check(),
            taken_at: head.taken_at,
            program: head.program,
            schema: head.schema,
        }
    }

    /// Reads a backup through. One that is not whole, or was changed, is an error.
    pub fn look_at_backup(&self, lines: &mut (dyn BufRead + Send)) -> Result<BackupLook, StoreError> {
        let mut source = Source::new(lines);
        let head = self.judged(source.head()?);
        let mut look = BackupLook {
            taken_at: head.taken_at,
            program: head.program,
            schema: head.schema,
            fits_schema: head.fits_schema,
            fits_key: head.fits_key,
            is_signed: false,
            firms: Vec::new(),
            rows: 0,
            tables: Vec::new(),
        };
        let mut name_at = None;
        loop {
            let Some(line) = source.next::<Line>()? else {
                return Err(unreadable(source.line, "the file ends in the middle; the backup is not complete"));
            };
            match line {
                Line::Table(TableHead { table, columns }) => {
                    name_at = (table == "tenant").then(|| columns.iter().position(|column| column == "name")).flatten();
                    look.tables.push((table, 0));
                    if look.tables.len() > MOST_NAMES {
                        return Err(unreadable(source.line, "more tables than any backup has"));
                    }
                }
                Line::Row(row) => {
                    look.rows += 1;
                    let place = source.line;
                    let (_, rows) =
                        look.tables.last_mut().ok_or_else(|| unreadable(place, "a row before its table"))?;
                    *rows += 1;
                    if let Some(Value::Text(name)) = name_at.and_then(|at| row.into_iter().nth(at)) {
                        look.firms.push(name.chars().take(200).collect());
                        if look.firms.len() > MOST_NAMES {
                            return Err(unreadable(source.line, "more firms than any backup has"));
                        }
                    }
                }
                Line::Tail(tail) => {
                    // A mark made with another key cannot be told from a forged one; that key is wanted first anyway.
                    let tail = if look.fits_key { tail } else { Tail { mark: None, ..tail } };
                    let signed = tail.is_signed(self.key(), look.rows, &source.sha256());
                    look.is_signed = signed.ok_or_else(|| unreadable(source.line, CHANGED))?;
                    return Ok(look);
                }
            }
        }
    }
}
