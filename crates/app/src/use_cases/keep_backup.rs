//! A backup into one file, and back: the same file for SQLite and PostgreSQL.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;

use dunlin_store::{Replaced, Restored, Store, Unsigned};

use super::named_in_file::stand_in_file;
use crate::house::Clock;

/// Writes a backup; others may go on working. The file appears under its name only when it is whole.
pub async fn backup(store: &Store, now: Timestamp, file: &Path) -> anyhow::Result<u64> {
    if file.exists() {
        bail!("{} is there already; a backup never replaces a file. Nothing was written", file.display());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = || format!("cannot write a backup into {}", folder.display());
    let part = tempfile::NamedTempFile::new_in(folder).with_context(cannot)?;
    let mut out = GzEncoder::new(BufWriter::new(part), Compression::fast());
    let rows = store.dump(now, &mut out).await?;
    let mut written = out.finish().with_context(cannot)?;
    written.flush().with_context(cannot)?;
    let part = written.into_inner().map_err(|error| anyhow::anyhow!("{}: {error}", cannot()))?;
    part.as_file().sync_all().with_context(cannot)?;
    part.persist_noclobber(file).map_err(|error| error.error).with_context(cannot)?;
    Ok(rows)
}

/// Reads a backup, from standard input for `-`, into a database that holds no firm yet: all of it, or nothing.
pub async fn restore(store: &Store, now: Timestamp, file: &Path) -> anyhow::Result<Restored> {
    restore_by(store, Clock::Fixed(now), file, Unsigned::Refused, None).await
}

/// The same by a clock, and with files of earlier versions that bear no mark when somebody answers for them. `replaces`: the
/// database of before, where it can still be read: who was erased, left or objected there stays so.
pub async fn restore_by(
    store: &Store,
    clock: Clock,
    file: &Path,
    unsigned: Unsigned,
    replaces: Option<&Store>,
) -> anyhow::Result<Restored> {
    let source: Box<dyn Read + Send> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(file).with_context(|| format!("cannot read {}", file.display()))?)
    };
    let mut lines = BufReader::new(MultiGzDecoder::new(BufReader::new(source)));
    let replaces = replaces.map(|store| Replaced { store, search: stand_in_file });
    let restored = store.restore(&|| clock.now(), &mut lines, unsigned, replaces).await;
    restored.with_context(|| format!("{} was not restored", file.display()))
}
