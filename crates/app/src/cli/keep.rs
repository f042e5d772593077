//! `dunlin backup|restore|doctor`: a copy of everything, the way back, and whether all is sound.

use std::path::PathBuf;

use anyhow::bail;
use comfy_table::Table;

use dunlin_store::{Store, Unsigned};

use super::open::print_json;
use super::{Common, usage};
use crate::house::Clock;
use crate::use_cases::keep_backup;
use crate::use_cases::restore_backup::{command_for, folder, listed};

#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// The file to write; it must not exist yet
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// A file that `dunlin backup` wrote; `-` reads standard input
    file: PathBuf,
    /// Take a file without the mark of this installation: versions before the mark wrote none. Only one whose way you know
    #[arg(long)]
    unsigned: bool,
    /// The database in whose place this one comes, where it can still be read: who was erased, left or objected there stays so
    #[arg(long, value_name = "DATABASE")]
    replaces: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct BackupsArgs {
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    #[arg(long)]
    json: bool,
}

pub async fn backup(common: &Common, args: BackupArgs) -> anyhow::Result<()> {
    if common.tenant.is_some() {
        return Err(usage("a backup holds all firms of the database; leave --tenant out. Nothing was written"));
    }
    let store = common.store().await?;
    let rows = keep_backup::backup(&store, Clock::Wall.now(), &args.file).await?;
    println!("{} holds {rows} rows of {}", args.file.display(), store.place());
    println!(
        "Personal data in it opens only with the installation's key ({}), which is not in it.",
        common.key_place()
    );
    Ok(())
}

/// What lies in the folder of backups: when each was taken, by which version, whether its key fits, and the command that
/// restores it.
pub async fn backups(common: &Common, args: BackupsArgs) -> anyhow::Result<()> {
    let store = common.store().await?;
    let data_dir = common.data_dir();
    let place = folder(&data_dir);
    let rows = listed(&store, &data_dir);
    let command = |name: &str| command_for(&place.join(name).display().to_string(), None, store.kind());
    if args.json {
        let told = rows.iter().map(|(kept, head)| {
            serde_json::json!({
                "name": kept.name, "bytes": kept.bytes, "written_at": kept.written_at,
                "taken_at": head.as_ref().map(|head| head.taken_at),
                "program": head.as_ref().map(|head| &head.program),
                "schema": head.as_ref().map(|head| head.schema),
                "fits_schema": head.as_ref().map(|head| head.fits_schema),
                "fits_key": head.as_ref().map(|head| head.fits_key),
                "restore": command(&kept.name),
            })
        });
        return print_json(&told.collect::<Vec<_>>());
    }
    if rows.is_empty() {
        println!("no backup lies in {}", place.display());
        return Ok(());
    }
    let mut table = Table::new();
    table.set_header(["file", "taken", "bytes", "version", "key"]);
    for (kept, head) in &rows {
        let (taken, version, key) = match head {
            None => (kept.written_at, "no backup of ours".to_string(), ""),
            Some(head) => {
                let other = if head.fits_schema { "" } else { " (another schema)" };
                let key = if head.fits_key { "fits" } else { "another" };
                (head.taken_at, format!("{}{other}", head.program), key)
            }
        };
        let taken = format!("{taken:.0}");
        table.add_row([kept.name.clone(), taken, kept.bytes.to_string(), version, key.to_string()]);
    }
    println!("{table}");
    println!("They lie in {}. Into a new database: {}", place.display(), command("FILE"));
    Ok(())
}

pub async fn restore(common: &Common, args: RestoreArgs) -> anyhow::Result<()> {
    let place = common.place();
    if !place.contains("://")
        && let Some(folder) = std::path::Path::new(&place).parent()
    {
        std::fs::create_dir_all(folder)?;
    }
    // A new key would open nothing of what is in the backup.
    let key = common.keys().need(&common.data_dir())?;
    let was = match &args.replaces {
        Some(was) if !was.contains("://") && !std::path::Path::new(was).is_file() => {
            return Err(usage(format!("there is no database {was}. Nothing was restored")));
        }
        Some(was) => Some(Store::connect(was, &key).await?),
        None => None,
    };
    let store = Store::open(&place, &key).await?;
    let unsigned = if args.unsigned { Unsigned::Taken } else { Unsigned::Refused };
    let restored = keep_backup::restore_by(&store, Clock::Wall, &args.file, unsigned, was.as_ref()).await?;
    println!("{} rows of {:.0} are in {}", restored.rows, restored.taken_at, store.place());
    println!(
        "What was sent after {:.0} is not known here. Nothing that may have left already is sent again by itself: \
         {} waiting letters, and every further letter about a debt that was known, wait for a person's yes.",
        restored.taken_at, restored.letters_to_look_at
    );
    println!(
        "Where bank statements were read before, nothing presses for money until they reach the day before today: \
         waiting letters that do are cancelled at the next run, and written anew once the statements are in."
    );
    println!("Next: dunlin doctor, then import the statements since that day.");
    Ok(())
}

pub async fn doctor(common: &Common, args: DoctorArgs) -> anyhow::Result<()> {
    let store = common.store().await?;
    let (findings, checks) = store.doctor().await?;
    let mut previews = 0;
    for tenant in store.tenants().await? {
        previews += store.unconfirmed_files(tenant.id, jiff::Timestamp::MAX).await?.len();
    }
    if args.json {
        print_json(&serde_json::json!({"checks": checks, "findings": findings, "files_not_taken_in": previews}))?;
    } else {
        for finding in &findings {
            println!("{} ({}, for instance {}): {}", finding.check, finding.count, finding.example, finding.what);
        }
    }
    if previews > 0 && !args.json {
        println!("Files handed in for a preview and not taken in: {previews}; each is dropped after a day");
    }
    if !findings.is_empty() {
        bail!("{} of {checks} checks found something", findings.len());
    }
    if !args.json {
        println!("{}: {checks} checks, all is well", store.place());
    }
    Ok(())
}
