//! Backups that lie on the server, what is in one, and reading one in place of everything: for the owner, twice confirmed,
//! with a copy of what is here made first. As with `dunlin restore`, nothing that may have left is sent again.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;

use dunlin_core::access::{Right, Role};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{BackupHead, DbKind, RestoreOrder, Store};

use super::keep_backup::backup;
use super::look_at_backup::read_through;
use super::named_in_file::stand_in_file;
use super::own_account::{check_own_password, me};
use crate::building::Building;
use crate::house::{Clock, Forbidden, House};
use crate::restoring::Stage;

const ENDING: &str = ".backup";

/// A backup that lies on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBackup {
    pub name: String,
    pub bytes: u64,
    pub written_at: Timestamp,
}

/// Where they lie.
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("backups")
}

/// The backups that lie there, newest first.
pub fn kept(data_dir: &Path) -> Vec<KeptBackup> {
    let Ok(entries) = std::fs::read_dir(folder(data_dir)) else {
        return Vec::new();
    };
    let one = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().ok().filter(|name| is_name(name))?;
        let about = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        let written_at = Timestamp::try_from(about.modified().ok()?).ok()?;
        Some(KeptBackup { name, bytes: about.len(), written_at })
    };
    let mut found: Vec<KeptBackup> = entries.flatten().filter_map(one).collect();
    found.sort_by(|a, b| b.written_at.cmp(&a.written_at).then_with(|| b.name.cmp(&a.name)));
    found
}

/// A name of ours, without a way out of the folder.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.len() <= 120 && name.ends_with(ENDING) && !name.starts_with('.') && name.chars().all(plain)
}

pub(super) fn place(data_dir: &Path, name: &str) -> Result<PathBuf, Refusal> {
    let path = folder(data_dir).join(name);
    let is_there = is_name(name) && path.is_file();
    if is_there { Ok(path) } else { Err(Refusal::new(RefusalCode::Missing).with("name", name)) }
}

/// A name that no file has yet: `dunlin-20260304-090000.backup`.
pub fn fresh_name(data_dir: &Path, what: &str) -> String {
    let stem = format!("{what}-{}", Clock::Wall.now().strftime("%Y%m%d-%H%M%S"));
    let mut names = (1..100).map(|n| if n == 1 { format!("{stem}{ENDING}") } else { format!("{stem}-{n}{ENDING}") });
    let free = names.find(|name| !folder(data_dir).join(name).exists());
    free.unwrap_or_else(|| format!("{stem}-x{ENDING}"))
}

/// The firm has its database to itself, and an owner asks.
pub(super) async fn allowed(house: &House) -> anyhow::Result<()> {
    let is_owner = house.actor.user.as_ref().is_none_or(|user| user.role == Role::Owner);
    if !house.actor.may(Right::Data) || !is_owner {
        return Err(Forbidden::new(Right::Data).into());
    }
    if house.store.tenants().await?.len() > 1 {
        return Err(Refusal::new(RefusalCode::SeveralFirms).into());
    }
    Ok(())
}

/// So many files lie there at most, and so many bytes of them; copies made before a restore come on top.
const MOST_FILES: usize = 60;
const MOST_BYTES: u64 = 32 << 30;

/// How many bytes still go there, for somebody who may put something there.
pub async fn room(house: &House) -> anyhow::Result<u64> {
    allowed(house).await?;
    let kept = kept(&house.data_dir);
    let bytes: u64 = kept.iter().map(|one| one.bytes).sum();
    match MOST_BYTES.checked_sub(bytes) {
        Some(left) if left > 0 && kept.len() < MOST_FILES => Ok(left),
        _ => Err(full(house).into()),
    }
}

/// That no more goes there.
pub fn full(house: &House) -> Refusal {
    let kept = kept(&house.data_dir);
    let megabytes = kept.iter().map(|one| one.bytes).sum::<u64>().div_ceil(1 << 20);
    Refusal::new(RefusalCode::BackupsFull)
        .with("files", kept.len().to_string())
        .with("megabytes", megabytes.to_string())
}

/// A backup with what its first line says; `None`: the file is no backup of ours.
pub type Listed = (KeptBackup, Option<BackupHead>);

/// The backups that lie there, newest first, with what their first lines say. For whoever runs the machine.
pub fn listed(store: &Store, data_dir: &Path) -> Vec<Listed> {
    let head = |kept: &KeptBackup| {
        let path = place(data_dir, &kept.name).ok()?;
        store.head_of_backup(&mut lines_of(File::open(path).ok()?)).ok()
    };
    kept(data_dir).into_iter().map(|kept| (head(&kept), kept)).map(|(head, kept)| (kept, head)).collect()
}

/// The same for whoever may have the data; nothing where several firms share the database.
pub async fn listed_here(house: &House) -> anyhow::Result<Vec<Listed>> {
    if !house.actor.may(Right::Data) {
        return Err(Forbidden::new(Right::Data).into());
    }
    if house.store.tenants().await?.len() > 1 {
        return Ok(Vec::new());
    }
    let (store, data_dir) = (house.store.clone(), house.data_dir.clone());
    Ok(tokio::task::spawn_blocking(move || listed(&store, &data_dir)).await?)
}

/// The lines that are packed in a file.
pub(super) fn lines_of<R: Read>(packed: R) -> BufReader<MultiGzDecoder<BufReader<R>>> {
    BufReader::new(MultiGzDecoder::new(BufReader::new(packed)))
}

/// What the first line of a backup says that lies there.
pub async fn head(house: &House, name: &str) -> anyhow::Result<BackupHead> {
    allowed(house).await?;
    let (path, store) = (place(&house.data_dir, name)?, house.store.clone());
    let read = tokio::task::spawn_blocking(move || anyhow::Ok(store.head_of_backup(&mut lines_of(File::open(path)?))?));
    read.await?.map_err(|error| unreadable(name, &error))
}

/// Why stands in the log of the program: it may hold words of the file.
pub(super) fn unreadable(name: &str, error: &anyhow::Error) -> anyhow::Error {
    tracing::info!("a backup cannot be read: {error:#}");
    Refusal::new(RefusalCode::BackupUnreadable).with("name", name).into()
}

/// The command that restores a file into a new database; `not` is why a page does not do it.
pub fn command_for(file: &str, not: Option<&str>, kind: DbKind) -> String {
    let target = match kind {
        DbKind::Sqlite => "NEW.db",
        DbKind::Postgres => "postgres://…/NEW_DATABASE",
    };
    let unsigned = if not == Some("unsigned") { " --unsigned" } else { "" };
    format!("dunlin restore {file}{unsigned} --db {target}")
}

/// Whether a backup can be read in place of what is here, on pages.
pub fn is_here(house: &House) -> bool {
    house.store.kind() == DbKind::Sqlite
}

/// What somebody gives who wants everything replaced.
#[derive(Debug, Clone, Copy)]
pub struct Consent<'a> {
    /// Name of the firm.
    pub typed: &'a str,
    pub sure: bool,
    /// Their own: a browser left open must not be enough.
    pub password: &'a str,
}

/// Begins to read a backup in place of everything. How far it is stands in [`Building::restoring`].
pub async fn begin_restore(
    building: &Arc<Building>,
    house: &House,
    name: &str,
    consent: Consent<'_>,
) -> anyhow::Result<()> {
    allowed(house).await?;
    house.by_a_person("restores a backup", "/settings/data")?;
    if !is_here(house) {
        return Err(Refusal::new(RefusalCode::RestoreElsewhere).into());
    }
    let looked = read_through(house, name).await?;
    let looked = looked.ok_or_else(|| Refusal::new(RefusalCode::RestoreUnread).with("name", name))?;
    if !looked.fits_schema {
        return Err(Refusal::new(RefusalCode::RestoreSchema).with("program", looked.program).into());
    }
    if !looked.fits_key {
        return Err(Refusal::new(RefusalCode::RestoreKey).into());
    }
    if !looked.is_signed {
        return Err(Refusal::new(RefusalCode::RestoreUnsigned).into());
    }
    if looked.firms.len() != 1 {
        return Err(Refusal::new(RefusalCode::SeveralFirms).into());
    }
    if consent.typed.trim() != house.tenant.name.trim() {
        return Err(Refusal::new(RefusalCode::TypeRestore).with("name", house.tenant.name.trim()).into());
    }
    if !consent.sure {
        return Err(Refusal::new(RefusalCode::RestoreSure).into());
    }
    check_own_password(house, &me(house).await?, consent.password).await?;
    if !building.restoring.begin(looked.rows) {
        return Err(Refusal::new(RefusalCode::RestoreRuns).into());
    }
    let work = Work {
        store: house.store.clone(),
        path: place(&house.data_dir, name)?,
        data_dir: house.data_dir.clone(),
        name: name.to_string(),
        clock: house.clock,
        who: house.actor.user.as_ref().map_or_else(|| house.actor.from.clone(), |user| user.id.to_string()),
        building: Arc::clone(building),
    };
    // Whoever began it may leave; one statement of SQLite after the other would keep a worker of the pages.
    tokio::task::spawn_blocking(move || {
        let ended = tokio::runtime::Handle::current().block_on(work.done());
        let stage = ended.unwrap_or_else(|error| {
            tracing::error!("the backup was not restored: {error:#}");
            Stage::Failed { why: format!("{error:#}") }
        });
        work.building.restoring.settle(stage);
    });
    Ok(())
}

struct Work {
    store: Store,
    path: PathBuf,
    data_dir: PathBuf,
    /// Of the backup.
    name: String,
    clock: Clock,
    /// Id of the user who began it.
    who: String,
    building: Arc<Building>,
}

impl Work {
    async fn done(&self) -> anyhow::Result<Stage> {
        // What is here now can be had back: a restore of the wrong file must not be the end of it.
        std::fs::create_dir_all(folder(&self.data_dir))?;
        let before = fresh_name(&self.data_dir, "before-restore");
        backup(&self.store, Clock::Wall.now(), &folder(&self.data_dir).join(&before)).await?;
        let mut lines = lines_of(File::open(&self.path)?);
        let (file, user) = (self.name.clone(), self.who.clone());
        let order = RestoreOrder { file, before: before.clone(), user, search: stand_in_file };
        let rows = self.building.restoring.rows();
        let restored = self.store.restore_over(&|| self.clock.now(), &mut lines, &rows, &order).await?;
        Ok(Stage::Done { taken_at: restored.taken_at, letters: restored.letters_to_look_at, before })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for good in ["dunlin-20260304-090000.backup", "a_b.backup"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["../dunlin.backup", "/etc/x.backup", ".backup", "dunlin.db", "a b.backup", "a\\b.backup", ""] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
