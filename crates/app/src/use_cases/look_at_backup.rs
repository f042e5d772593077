//! Long work on backups, as jobs that whoever began them may leave: one that is made here, and one that is read to its
//! end before it may take the place of everything.

use std::fs::File;
use std::future::Future;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use dunlin_store::{BackupLook, LogEntry};

use super::keep_backup::backup;
use super::restore_backup::{allowed, folder, fresh_name, head, lines_of, place, room, unreadable};
use crate::house::{Clock, House};
use crate::refused;

/// A backup is made.
pub const KEEP: &str = "backup";
/// A backup is read to its end.
pub const LOOK: &str = "backup_look";

/// Jobs that tell of the data as a whole: only whoever may have it sees them.
pub fn is_about_data(kind: &str) -> bool {
    matches!(kind, KEEP | LOOK)
}

/// Jobs among which a look is sought.
const JOBS: i64 = 200;

const SIGN_OF_LIFE: Duration = Duration::from_secs(2);

/// What a look found, and in which file: another one under the same name was not looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ReadThrough {
    bytes: u64,
    written_at: Timestamp,
    look: BackupLook,
}

/// Size, and when it was written.
fn about(path: &Path) -> anyhow::Result<(u64, Timestamp)> {
    let known = std::fs::metadata(path).with_context(|| format!("cannot look at {}", path.display()))?;
    Ok((known.len(), Timestamp::try_from(known.modified()?)?))
}

/// Begins to make a backup that stays on the server; returns the job at once. One that is under way is that job.
pub async fn begin_keep(house: &House) -> anyhow::Result<String> {
    room(house).await?;
    if let Some(job) = under_way(house, KEEP, None).await? {
        return Ok(job);
    }
    std::fs::create_dir_all(folder(&house.data_dir)).context("the folder for backups cannot be made")?;
    let name = fresh_name(&house.data_dir, "dunlin");
    let mut commit = house.begin().await?;
    commit.log(LogEntry::new("data.backup", "firm", house.tenant.id.to_string()).fact("file", &name));
    commit.finish().await?;
    let (store, file) = (house.store.clone(), folder(&house.data_dir).join(&name));
    begin(house, KEEP, &name, (Arc::default(), 0), async move {
        // One statement after the other: beside the pages, not among them.
        let made = spawn_blocking(move || Handle::current().block_on(backup(&store, Clock::Wall.now(), &file)));
        let rows = made.await??;
        Ok(serde_json::json!({"rows": rows}).to_string())
    })
    .await
}

/// Begins to read a backup to its end; returns the job at once. One that is under way is that job.
pub async fn begin_look(house: &House, name: &str) -> anyhow::Result<String> {
    look_through(house, name, false).await
}

/// A file was put there by somebody: what is no backup is taken away again, at once where the first line says so, else at
/// the end of the job that reads it.
pub async fn begin_handed_in(house: &House, name: &str) -> anyhow::Result<String> {
    let path = place(&house.data_dir, name)?;
    if let Err(error) = head(house, name).await {
        std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        return Err(error);
    }
    let (bytes, _) = about(&path)?;
    let mut commit = house.begin().await?;
    let entry = LogEntry::new("data.handed_in", "firm", house.tenant.id.to_string());
    commit.log(entry.fact("file", name).fact("bytes", bytes));
    commit.finish().await?;
    look_through(house, name, true).await
}

async fn look_through(house: &House, name: &str, is_new: bool) -> anyhow::Result<String> {
    allowed(house).await?;
    if let Some(job) = under_way(house, LOOK, Some(name)).await? {
        return Ok(job);
    }
    let path = place(&house.data_dir, name)?;
    let (bytes, written_at) = about(&path)?;
    let (store, name_of_it, read) = (house.store.clone(), name.to_string(), Arc::<AtomicU64>::default());
    let counted = Arc::clone(&read);
    begin(house, LOOK, name, (read, bytes), async move {
        let file = path.clone();
        let looked = spawn_blocking(move || {
            let mut lines = lines_of(Counted { file: File::open(&file)?, read: counted });
            anyhow::Ok(store.look_at_backup(&mut lines)?)
        });
        match looked.await? {
            Ok(look) => Ok(serde_json::to_string(&ReadThrough { bytes, written_at, look })?),
            Err(error) => {
                if is_new {
                    std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
                }
                Err(unreadable(&name_of_it, &error))
            }
        }
    })
    .await
}

/// What is in a backup that was read to its end and has not changed since; `None` where that is still to be done.
pub async fn read_through(house: &House, name: &str) -> anyhow::Result<Option<BackupLook>> {
    // Version and key are those of the program as it runs now.
    let head = head(house, name).await?;
    let here = about(&place(&house.data_dir, name)?)?;
    let jobs = house.store.jobs(house.tenant.id, JOBS).await?;
    let done = jobs.into_iter().filter(|job| job.kind == LOOK && job.what == name && job.state == "done");
    let mut read = done.filter_map(|job| serde_json::from_str::<ReadThrough>(&job.result?).ok());
    let found = read.find(|read| (read.bytes, read.written_at) == here).map(|read| read.look);
    Ok(found.map(|look| BackupLook { fits_schema: head.fits_schema, fits_key: head.fits_key, ..look }))
}

/// The job that works on it at this moment.
pub async fn under_way(house: &House, kind: &str, what: Option<&str>) -> anyhow::Result<Option<String>> {
    let jobs = house.store.jobs(house.tenant.id, JOBS).await?;
    let mut running = jobs.into_iter().filter(|job| job.state == "running" && !job.is_lost(Timestamp::now()));
    Ok(running.find(|job| job.kind == kind && what.is_none_or(|what| job.what == what)).map(|job| job.id))
}

/// Begins a job of whoever acts; `far` counts how far it is, of so many.
async fn begin(
    house: &House,
    kind: &str,
    what: &str,
    (far, total): (Arc<AtomicU64>, u64),
    work: impl Future<Output = anyhow::Result<String>> + Send + 'static,
) -> anyhow::Result<String> {
    let (store, tenant, language) = (house.store.clone(), house.tenant.id, house.reader_language());
    let job = store.begin_job(tenant, kind, what, house.actor.user_id(), Clock::Wall.now()).await?;
    let id = job.clone();
    tokio::spawn(async move {
        let mut work = std::pin::pin!(work);
        let outcome = loop {
            tokio::select! {
                outcome = &mut work => break outcome,
                () = tokio::time::sleep(SIGN_OF_LIFE) => {
                    let bytes = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
                    let so_far = (bytes(far.load(Ordering::Relaxed)), bytes(total));
                    if let Err(error) = store.job_lives(tenant, &id, so_far, Clock::Wall.now()).await {
                        tracing::warn!("the sign of life of a job was lost: {error}");
                    }
                }
            }
        };
        let (state, result) = match outcome {
            Ok(result) => ("done", result),
            Err(error) => ("failed", refused::sentence(&error, language)),
        };
        if let Err(error) = store.settle_job(tenant, &id, state, &result, Clock::Wall.now()).await {
            tracing::error!("the end of a job was lost: {error}");
        }
    });
    Ok(job)
}

/// A file that tells how much of it was read.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = self.file.read(into)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
